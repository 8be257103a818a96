//! Closed forms: what the scheme must give to rounding, and what it must converge to.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a helper that fails fails its test"
)]

mod common;

use std::f64::consts::TAU;

use common::{ORDERS, noise, periodic, random_fields, random_medium};
use hexad_core::ndarray::ArrayD;
use hexad_pde_leapfrog::*;
use hexad_testkit::Random;

fn largest_error(run: &Simulation<f64>, solution: &dyn Solution) -> f64 {
    let exact =
        Fields::sample(run.model(), run.dt(), &At(solution, run.time(), 0.5 * run.dt()), Start::Naive);
    let mut worst = distance(&run.pressure().unwrap(), &exact.pressure);
    for axis in 0..run.model().grid().dims() {
        // Faces are half a cell on.
        let moved =
            At(&Shifted(solution, axis, 0.5 * run.model().grid().spacing()), run.time(), 0.5 * run.dt());
        let exact = Fields::sample(run.model(), run.dt(), &moved, Start::Naive);
        worst = worst.max(distance(&run.velocity(axis).unwrap(), &exact.velocity[axis]));
    }
    worst
}

fn distance(a: &ArrayD<f64>, b: &ArrayD<f64>) -> f64 {
    assert_eq!(a.shape(), b.shape());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// A solution seen from a later time: the pressure from the second number, the velocity from so much later.
struct At<'a>(&'a dyn Solution, f64, f64);
impl Solution for At<'_> {
    fn pressure(&self, x: &[f64], t: f64) -> f64 {
        self.0.pressure(x, self.1 + t)
    }
    fn velocity(&self, axis: usize, x: &[f64], t: f64) -> f64 {
        self.0.velocity(axis, x, self.1 + self.2 + t)
    }
}

/// A solution seen from further along an axis.
struct Shifted<'a>(&'a dyn Solution, usize, f64);
impl Solution for Shifted<'_> {
    fn pressure(&self, x: &[f64], t: f64) -> f64 {
        self.0.pressure(x, t)
    }
    fn velocity(&self, axis: usize, x: &[f64], t: f64) -> f64 {
        let mut x = x.to_vec();
        x[self.1] += self.2;
        self.0.velocity(axis, &x, t)
    }
}

fn unit_cell(cells: usize) -> Result<Model, WaveError> {
    Model::new(
        Grid::new(&[cells], 1.0 / cells as f64)?,
        Medium::default(),
        &[[Side::Periodic; 2]],
        Order::Two,
    )
}

#[test]
fn the_program_of_the_question_is_of_order_one_and_a_right_start_of_order_two() {
    // Errors of the definition: N = 50, 100, 200, CFL 0.3, T = 2, largest L2 error of p.
    let options = StudyOptions::default().with_cells(&[50, 100, 200]);
    let study =
        |start| converge(&PlaneWaves::question(1), unit_cell, &options.clone().with_start(start)).unwrap();
    let errors = |study: &Study| study.rows.iter().map(|row| row.error_p.l2).collect::<Vec<_>>();
    for (start, wanted) in
        [(Start::Exact, [5.322e-3, 1.330e-3, 3.326e-4]), (Start::Naive, [6.237e-2, 3.004e-2, 1.473e-2])]
    {
        for (got, wanted) in errors(&study(start)).iter().zip(wanted) {
            assert!((got / wanted - 1.0).abs() < 2e-4, "{start:?}: {got:e}, {wanted:e}");
        }
    }
    for start in [Start::Exact, Start::Taylor1, Start::Taylor2] {
        let study = study(start);
        assert_eq!(study.verdict, Verdict::Confirmed, "{study}");
        assert!((study.observed_order_u - 2.0).abs() < 0.02);
    }
    let naive = study(Start::Naive);
    assert!((naive.observed_order_p - 1.04).abs() < 0.02, "{naive}");
    assert_eq!(naive.verdict, Verdict::Lower);
}

#[test]
fn at_the_end_of_whole_periods_the_naive_start_hides() {
    let options = StudyOptions::default().with_start(Start::Naive).with_error_time(ErrorTime::End);
    let study = converge(&PlaneWaves::question(1), unit_cell, &options).unwrap();
    assert!(study.observed_order_p > 1.9, "{study}");
    // A little earlier it does not.
    let study = converge(&PlaneWaves::question(1), unit_cell, &options.with_end_time(1.9)).unwrap();
    assert!(study.observed_order_p < 1.3, "{study}");
}

#[test]
fn two_waves_and_diagonals_are_of_order_two() {
    let options = StudyOptions::default().with_cells(&[100, 200, 400]);
    let study = converge(&PlaneWaves::two_waves(1), unit_cell, &options).unwrap();
    assert_eq!(study.verdict, Verdict::Confirmed, "{study}");
    for (dims, cells) in [(2, &[20, 40, 80][..]), (3, &[12, 24, 36])] {
        let cell = |cells: usize| Ok(periodic(&vec![cells; dims], 1.0 / cells as f64, Order::Two));
        let options = StudyOptions::default().with_cells(cells).with_end_time(0.5);
        let study = converge(&PlaneWaves::question(dims), cell, &options).unwrap();
        assert_eq!(study.verdict, Verdict::Confirmed, "{dims}: {study}");
    }
}

#[test]
fn every_order_is_observed() {
    // Courant numbers at which steps add a tenth to the error of the differences: else it is their order that shows.
    let grids = [
        (Order::Two, [20, 40, 80], 0.3),
        (Order::Four, [16, 32, 64], 0.04),
        (Order::Six, [12, 18, 27], 0.011),
        (Order::Eight, [10, 14, 20], 0.004),
    ];
    for (order, cells, courant) in grids {
        let cell = |cells: usize| Ok(periodic(&[cells], 1.0 / cells as f64, order));
        let options = StudyOptions::default().with_cells(&cells).with_step_rule(StepRule::Matched);
        let options = options.with_end_time(0.3).with_courant(courant).with_start(Start::Exact);
        let study = converge(&PlaneWaves::question(1), cell, &options).unwrap();
        assert_eq!(study.verdict, Verdict::Confirmed, "{order:?}: {study}");
        assert_eq!(study.expected_order, order.number() as f64);
    }
}

#[test]
fn the_order_is_that_of_the_norm_asked_for() {
    let options = StudyOptions::default().with_cells(&[50, 100]);
    for (norm, share) in
        [(Norm::L1, 2.0_f64.sqrt() * 2.0 / std::f64::consts::PI), (Norm::Max, 2.0_f64.sqrt())]
    {
        let study = converge(&PlaneWaves::question(1), unit_cell, &options.clone().with_norm(norm)).unwrap();
        assert_eq!(study.log_log().error_p[0], study.rows[0].error_p.get(norm));
        assert!((study.observed_order_p - 2.0).abs() < 0.01, "{norm:?}: {study}");
        // The error of a sine is a sine, on 50 cells.
        let got = study.rows[0].error_p.get(norm) / study.rows[0].error_p.l2;
        assert!((got / share - 1.0).abs() < 5e-3, "{norm:?}: {got}");
    }
}

#[test]
fn a_watched_study_is_the_same_and_tells_rising_shares() {
    let cell = |cells: usize| Ok(periodic(&[cells, cells], 1.0 / cells as f64, Order::Two));
    let options = StudyOptions::default().with_cells(&[100, 200]).with_end_time(1.0);
    let waves = PlaneWaves::question(2);
    for error_time in [ErrorTime::Largest, ErrorTime::End] {
        let options = options.clone().with_error_time(error_time);
        let heard = std::sync::Mutex::new(Vec::new());
        let watched =
            converge_watched(&waves, cell, &options, &|share| heard.lock().unwrap().push(share)).unwrap();
        assert_eq!(watched, converge(&waves, cell, &options).unwrap());
        let heard = heard.into_inner().unwrap();
        assert!(heard.len() > 3 && heard.iter().all(|share| (0.0..=1.0).contains(share)), "{heard:?}");
    }
}

#[test]
fn the_magic_step_proves_nothing_and_says_so() {
    let options = StudyOptions::default().with_courant(1.0).with_start(Start::Exact);
    let study = converge(&PlaneWaves::question(1), unit_cell, &options).unwrap();
    assert_eq!(study.verdict, Verdict::MagicStep);
    assert!(study.rows.iter().all(|row| row.error_p.max < 1e-12), "{study}");
    assert!(study.to_string().contains("proves nothing"));
}

#[test]
fn discrete_plane_waves_are_followed_to_rounding() {
    for dims in 1..=3 {
        for order in ORDERS {
            let model = periodic(&[[40, 1, 1], [24, 30, 1], [12, 10, 16]][dims - 1][..dims], 0.1, order);
            let clock = Clock::new(0.8 * model.largest_stable_dt(), 200).unwrap();
            let periods = [1.0, 2.0, -3.0];
            let k: Vec<f64> = (0..dims)
                .map(|axis| TAU * periods[axis] / (0.1 * model.grid().cells()[axis] as f64))
                .collect();
            let wave = PlaneWave::discrete(&model, clock.dt(), 1.0, &k).unwrap().with_phase(0.3);
            let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
            run.start(&wave, Start::Exact).unwrap();
            run.advance(200).unwrap();
            let error = largest_error(&run, &wave);
            assert!(error < 1e-12, "{dims} {order:?}: {error:e}");
        }
    }
}

#[test]
fn modes_of_a_rigid_box_are_followed_to_rounding() {
    for (cells, half_periods) in [(&[50][..], &[3][..]), (&[20, 33], &[2, 1]), (&[12, 9, 14], &[1, 0, 2])] {
        for order in ORDERS {
            let sides = vec![[Side::Rigid; 2]; cells.len()];
            let grid = Grid::new(cells, 0.05).unwrap().with_walls_at_zero();
            let model = Model::new(grid, Medium::constant(343.0, 1.2).unwrap(), &sides, order).unwrap();
            let clock = Clock::new(model.largest_stable_dt(), 300).unwrap();
            let mode = RigidMode::discrete(&model, clock.dt(), 1.0, half_periods).unwrap();
            let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
            run.start(&mode, Start::Exact).unwrap();
            run.advance(300).unwrap();
            let error = largest_error(&run, &mode);
            assert!(error < 1e-12, "{cells:?} {order:?}: {error:e}");
        }
    }
}

#[test]
fn energy_is_conserved_in_closed_domains() {
    let mut random = Random::new(5);
    let sides = [Side::Periodic, Side::Rigid, Side::PressureRelease];
    for side in sides {
        for order in ORDERS {
            let cells = [24, 18];
            let medium = random_medium(&cells, &mut random);
            let model =
                Model::new(Grid::new(&cells, 0.1).unwrap(), medium, &[[side; 2], [side; 2]], order).unwrap();
            let clock = Clock::new(0.9 * model.largest_stable_dt(), 10_000).unwrap();
            let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
            run.start_from(&random_fields(&model, &mut random), Start::Exact).unwrap();
            let first = run.energy();
            let mut drift = 0.0_f64;
            for _ in 0..20 {
                run.advance(500).unwrap();
                drift = drift.max((run.energy() / first - 1.0).abs());
            }
            assert!(first > 0.0 && drift < 1e-13, "{side:?} {order:?}: {drift:e}");
        }
    }
}

#[test]
fn time_runs_backwards() {
    let mut random = Random::new(9);
    let sides = [[Side::Rigid, Side::PressureRelease], [Side::Periodic; 2]];
    let model = Model::new(
        Grid::new(&[40, 30], 0.1).unwrap(),
        random_medium(&[40, 30], &mut random),
        &sides,
        Order::Six,
    )
    .unwrap();
    let clock = Clock::new(0.9 * model.largest_stable_dt(), 0).unwrap();
    let fields = random_fields(&model, &mut random);
    let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
    run.start_from(&fields, Start::Exact).unwrap();
    let before = run.pressure().unwrap();
    run.advance(400).unwrap();
    // p^n and u^(n+1/2), with u turned round, are p and u of the run backwards after one step of p.
    let mut back = Fields { pressure: run.pressure().unwrap(), velocity: vec![] };
    // One step of the velocity too far: take it back by hand, as p^n and -u^(n-1/2).
    let mut last = Simulation::<f64>::new(&model, &clock).unwrap();
    last.start_from(&fields, Start::Exact).unwrap();
    last.advance(399).unwrap();
    back.velocity = (0..2).map(|axis| last.velocity(axis).unwrap().mapv(|value| -value)).collect();
    let mut reversed = Simulation::<f64>::new(&model, &clock).unwrap();
    reversed.start_from(&back, Start::Exact).unwrap();
    reversed.advance(400).unwrap();
    let error = distance(&reversed.pressure().unwrap(), &before);
    assert!(error < 1e-11, "{error:e}");
}

#[test]
fn a_jump_is_as_many_steps() {
    let mut random = Random::new(2);
    for (cells, order) in [(&[101][..], Order::Two), (&[30, 36], Order::Four), (&[8, 11, 10], Order::Eight)] {
        let model = periodic(cells, 0.1, order);
        let clock = Clock::new(0.7 * model.largest_stable_dt(), 1000).unwrap();
        let fields = random_fields(&model, &mut random);
        let [mut stepped, mut jumped] = [0, 1].map(|_| {
            let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
            run.start_from(&fields, Start::Exact).unwrap();
            run
        });
        for steps in [1, 2, 997] {
            stepped.advance(steps).unwrap();
            jumped.jump(steps).unwrap();
            assert_eq!(jumped.step(), stepped.step());
            let mut error = distance(&jumped.pressure().unwrap(), &stepped.pressure().unwrap());
            for axis in 0..cells.len() {
                error =
                    error.max(distance(&jumped.velocity(axis).unwrap(), &stepped.velocity(axis).unwrap()));
            }
            assert!(error < 1e-12, "{cells:?} {steps}: {error:e}");
        }
    }
    // The magic step, whose shortest wave is at the limit of stability.
    let model = periodic(&[16], 1.0, Order::Two);
    let clock = Clock::new(1.0, 48).unwrap();
    let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
    run.start(&PlaneWave::discrete(&model, 1.0, 1.0, &[TAU / 8.0]).unwrap(), Start::Exact).unwrap();
    let before = run.pressure().unwrap();
    run.jump(48).unwrap();
    assert!(distance(&run.pressure().unwrap(), &before) < 1e-12);
}

#[test]
fn a_jump_refuses_what_has_no_modes() {
    let mut random = Random::new(2);
    let walls =
        Model::new(Grid::new(&[20], 1.0).unwrap(), Medium::default(), &[[Side::Rigid; 2]], Order::Two);
    let media = Model::new(
        Grid::new(&[20], 1.0).unwrap(),
        random_medium(&[20], &mut random),
        &[[Side::Periodic; 2]],
        Order::Two,
    );
    let heard = periodic(&[20], 1.0, Order::Two).with_receiver(&[3.5]);
    for model in [walls, media, heard] {
        let model = model.unwrap();
        let clock = Clock::new(0.1, 5).unwrap();
        let refused = Simulation::<f64>::new(&model, &clock).unwrap().jump(5);
        assert!(matches!(refused, Err(WaveError::CannotJump { .. })));
    }
}

#[test]
fn richardson_sees_the_order_without_a_solution() {
    let room = |cells: usize| {
        let grid = Grid::new(&[cells, cells], 1.0 / cells as f64)?.with_walls_at_zero();
        let sides = [[Side::Rigid, Side::PressureRelease], [Side::Rigid; 2]];
        let shape = [cells, cells];
        let at = |place: &[usize]| (place[0] as f64 + 0.5) / cells as f64;
        let speed = ArrayD::from_shape_fn(&shape[..], |place| 1.0 + 0.3 * (TAU * at(&[place[0]])).sin());
        let density = ArrayD::from_elem(&shape[..], 1.0);
        Model::new(grid, Medium::per_cell(speed.view(), density.view())?, &sides, Order::Two)
    };
    let bump = Functions {
        pressure: |x: &[f64], _| (-40.0 * ((x[0] - 0.4).powi(2) + (x[1] - 0.5).powi(2))).exp(),
        velocity: |_, _: &[f64], _| 0.0,
    };
    let options = StudyOptions::default().with_cells(&[30, 90, 270]).with_end_time(0.4);
    let study = converge_by_richardson(&bump, room, &options).unwrap();
    assert!((study.observed_order_p - 2.0).abs() < 0.1, "{study}");
    assert!((study.observed_order_u - 2.0).abs() < 0.1, "{study}");

    let heard = std::sync::Mutex::new(Vec::new());
    let watch = |share| heard.lock().unwrap().push(share);
    assert_eq!(study, converge_by_richardson_watched(&bump, room, &options, &watch).unwrap());
    let heard = heard.into_inner().unwrap();
    assert!(heard.len() > 3 && heard.is_sorted() && *heard.last().unwrap() <= 1.0, "{heard:?}");
}

#[test]
fn single_precision_is_as_good_as_its_rounding() {
    let model = periodic(&[64], 0.1, Order::Four);
    let clock = Clock::new(0.5 * model.largest_stable_dt(), 500).unwrap();
    let wave = PlaneWave::discrete(&model, clock.dt(), 1.0, &[TAU / 3.2]).unwrap();
    let mut run = Simulation::<f32>::new(&model, &clock).unwrap();
    run.start(&wave, Start::Exact).unwrap();
    run.advance(500).unwrap();
    let pressure = run.pressure().unwrap();
    for (cell, value) in pressure.iter().enumerate() {
        let exact = wave.pressure(&[cell as f64 * 0.1], run.time());
        assert!((f64::from(*value) - exact).abs() < 500.0 * f64::from(f32::EPSILON));
    }
}

#[test]
fn noise_is_noise() {
    // The helper above must not repeat itself.
    let mut random = Random::new(1);
    assert_ne!(noise(&[4], 0.0, 1.0, &mut random), noise(&[4], 0.0, 1.0, &mut random));
}

#[test]
fn grids_measured_apart_make_the_same_study() {
    let waves = PlaneWaves::two_waves(1);
    for step_rule in [StepRule::Courant, StepRule::Matched] {
        let options = StudyOptions::default().with_cells(&[20, 40, 60]).with_step_rule(step_rule);
        let measured: Vec<_> =
            (0..3).map(|index| converge_grid(&waves, unit_cell, &options, index).unwrap()).collect();
        let study = Study::of_grids(&unit_cell(20).unwrap(), &measured, &options).unwrap();
        assert_eq!(study, converge(&waves, unit_cell, &options).unwrap());
        assert!(converge_grid(&waves, unit_cell, &options, 3).is_err());
        assert!(Study::of_grids(&unit_cell(20).unwrap(), &measured[1..], &options).is_err());
    }
    let walls = |cells: usize| {
        let grid = Grid::new(&[cells], 1.0 / cells as f64)?.with_walls_at_zero();
        Model::new(grid, Medium::default(), &[[Side::Rigid, Side::PressureRelease]], Order::Two)
    };
    let bump = Functions {
        pressure: |x: &[f64], _| (-200.0 * (x[0] - 0.4).powi(2)).exp(),
        velocity: |_, _: &[f64], _| 0.0,
    };
    let options = StudyOptions::default().with_cells(&[20, 60, 180]).with_end_time(1.3);
    let measured: Vec<_> =
        (0..2).map(|index| converge_grid_by_richardson(&bump, walls, &options, index).unwrap()).collect();
    let study = Study::of_grids_by_richardson(&measured, &options).unwrap();
    assert_eq!(study, converge_by_richardson(&bump, walls, &options).unwrap());
    assert!(converge_grid_by_richardson(&bump, walls, &options, 2).is_err());
}
