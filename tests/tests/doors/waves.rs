use hexad_core::ndarray::ArrayD;
use hexad_pde_leapfrog::{
    Absorbing, Clock, Dispersion, ErrorTime, Fields, Functions, Grid, Medium, Model, Norm, Order, PlaneWave,
    RigidMode, Side, Simulation, Source, Start, StepRule, StudyOptions, WaveError, Wavelet, converge,
    converge_by_richardson,
};
use proptest::prelude::*;

use crate::awkward::{Draw, draws, few};

const ORDERS: [Order; 4] = [Order::Two, Order::Four, Order::Six, Order::Eight];
const STARTS: [Start; 4] = [Start::Exact, Start::Taylor1, Start::Taylor2, Start::Naive];

fn side(draw: &mut Draw) -> Side {
    let mut absorbing = Absorbing::default().with_cells(draw.pick(&[4, 0, 1, 13, usize::MAX]));
    if draw.once_in(3) {
        absorbing = absorbing.with_reflection(draw.fraction()).with_power(draw.number());
    }
    if draw.once_in(3) {
        absorbing = absorbing.with_stretch(draw.number()).with_shift_frequency(draw.number());
    }
    draw.pick(&[Side::Rigid, Side::PressureRelease, Side::Absorbing(absorbing), Side::Periodic])
}

fn wavelet(draw: &mut Draw) -> Wavelet {
    let len = draw.length();
    match draw.below(3) {
        0 => Wavelet::ricker(draw.number(), draw.number()),
        1 => Wavelet::Gaussian { amplitude: draw.number(), sigma: draw.number(), delay: draw.number() },
        _ => Wavelet::Table { step: draw.number(), values: draw.signal(len) },
    }
}

fn medium(draw: &mut Draw, cells: &[usize]) -> Result<Medium, WaveError> {
    if draw.once_in(2) {
        return Medium::constant(draw.number(), draw.number());
    }
    let len = cells.iter().product();
    let speed: Vec<f64> = draw.signal(len).iter().map(|value| value.abs() + 0.1).collect();
    let array = |values: Vec<f64>| ArrayD::from_shape_vec(cells.to_vec(), values).unwrap();
    Medium::per_cell(array(speed).view(), array(vec![draw.number(); len]).view())
}

fn model(draw: &mut Draw) -> Result<Model, WaveError> {
    let dims = draw.pick(&[1, 2, 3, 0, 4]);
    let cells: Vec<usize> = (0..dims).map(|_| draw.pick(&[7, 13, 3, 8, 16, 1, 2, 0])).collect();
    let mut grid = Grid::new(&cells, draw.number())?;
    if draw.once_in(4) {
        let len = draw.about(dims);
        grid = grid.with_origin(&draw.signal(len))?;
    }
    if draw.once_in(3) {
        grid = grid.with_walls_at_zero();
    }
    let sides: Vec<[Side; 2]> = (0..draw.about(dims))
        .map(|_| if draw.once_in(3) { [Side::Periodic; 2] } else { [side(draw), side(draw)] })
        .collect();
    let mut model = Model::new(grid, medium(draw, &cells)?, &sides, draw.pick(&ORDERS))?;
    if draw.once_in(2) {
        let at: Vec<f64> = (0..dims).map(|_| draw.number()).collect();
        model = model.with_source(Source::point(&at, wavelet(draw))?)?;
    }
    if draw.once_in(3) {
        model = model.with_source(Source::plane(dims, draw.below(4), draw.number(), wavelet(draw))?)?;
    }
    if draw.once_in(2) {
        let at: Vec<f64> = (0..draw.about(dims)).map(|_| draw.number()).collect();
        model = model.with_receiver(&at)?;
    }
    Ok(model)
}

fn clock(draw: &mut Draw, model: &Model) -> Result<Clock, WaveError> {
    match draw.below(3) {
        0 => model.clock(draw.number(), draw.fraction()),
        1 => Clock::new(draw.number(), draw.pick(&[9, 0, 1, u64::MAX])),
        _ => Clock::new(0.5 * model.largest_stable_dt(), 9),
    }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn runs_have_a_value_for_each_cell_and_each_step(mut draw in draws()) {
        let Ok(model) = model(&mut draw) else { return Ok(()) };
        let _ = Simulation::<f64>::memory_bytes(&model);
        let Ok(clock) = clock(&mut draw, &model) else { return Ok(()) };
        let Ok(mut run) = Simulation::<f64>::new(&model, &clock) else { return Ok(()) };
        let wind = draw.number();
        let bump = Functions { pressure: |x: &[f64], t: f64| x[0] + t, velocity: |_: usize, _: &[f64], _: f64| wind };
        let _ = run.start(&bump, draw.pick(&STARTS));
        let _ = run.start_from(&Fields::at_rest(&model), draw.pick(&STARTS));
        let steps = clock.steps().min(5);
        prop_assert!(run.advance(steps).is_err() || run.traces().iter().all(|trace| !trace.is_empty()));
        if let Ok(pressure) = run.pressure() {
            prop_assert_eq!(pressure.shape(), model.grid().cells());
        }
        let _ = (run.velocity(draw.below(4)), run.energy(), run.check());
        let _ = run.jump(draw.pick(&[3, 0, 1 << 40, u64::MAX]));
        if let Ok(bytes) = run.checkpoint()
            && run.resume(&draw.damaged(bytes)).is_ok()
        {
            let _ = (run.advance(1), run.pressure());
        }
    }

    #[test]
    fn runs_in_single_precision_are_made_or_refused(mut draw in draws()) {
        let Ok(model) = model(&mut draw) else { return Ok(()) };
        let Ok(clock) = clock(&mut draw, &model) else { return Ok(()) };
        let Ok(mut run) = Simulation::<f32>::new(&model, &clock) else { return Ok(()) };
        let _ = (run.advance(clock.steps().min(5)), run.check());
        if let Ok(bytes) = run.checkpoint() {
            let _ = run.resume(&draw.damaged(bytes));
        }
    }

    #[test]
    fn studies_are_made_or_refused(mut draw in draws()) {
        let order = draw.pick(&ORDERS);
        let (length, speed) = (draw.number(), draw.number());
        let model = |cells: usize| {
            Model::new(Grid::new(&[cells], length / cells as f64)?, Medium::constant(speed, 1.0)?, &[[Side::Periodic; 2]], order)
        };
        let cells = draw.pick(&[vec![8, 16, 32], vec![], vec![8], vec![0, 1], vec![32, 16], vec![8, 8, 8], vec![1, 2, 3]]);
        let options = StudyOptions::default()
            .with_cells(&cells)
            .with_courant(draw.pick(&[0.5, 0.1, 1.0, 2.0, 0.0, f64::NAN, -1.0, f64::INFINITY]))
            .with_end_time(draw.pick(&[length / speed, 0.0, -1.0, f64::NAN, f64::INFINITY, 0.1 * length / speed]))
            .with_start(draw.pick(&STARTS))
            .with_error_time(draw.pick(&[ErrorTime::Largest, ErrorTime::End]))
            .with_step_rule(draw.pick(&[StepRule::Courant, StepRule::Matched]))
            .with_norm(draw.pick(&[Norm::L2, Norm::Max]));
        let wave = model(16).and_then(|model| PlaneWave::continuous(&model, draw.number(), &[draw.number()]));
        if let Ok(wave) = wave {
            for study in [converge(&wave, model, &options), converge_by_richardson(&wave, model, &options)].iter().flatten() {
                prop_assert!(!study.to_string().is_empty());
            }
        }
    }

    #[test]
    fn solutions_are_made_or_refused(mut draw in draws()) {
        let Ok(model) = model(&mut draw) else { return Ok(()) };
        let len = model.grid().dims();
        let len = draw.about(len);
        let (vector, dt) = (draw.signal(len), draw.number());
        let periods: Vec<usize> = (0..len).map(|_| draw.count()).collect();
        let _ = PlaneWave::discrete(&model, dt, 1.0, &vector);
        let _ = RigidMode::continuous(&model, 1.0, &periods);
        let _ = RigidMode::discrete(&model, dt, 1.0, &periods);
        let _ = model.discrete_angular_frequency(dt, &vector);
        if let Ok(dispersion) = Dispersion::new(draw.pick(&[1, 2, 3, 0, usize::MAX]), draw.pick(&ORDERS), draw.fraction()) {
            let _ = dispersion.phase_velocity(draw.number(), &vector);
            let _ = (dispersion.advice(draw.number()), dispersion.points_for(draw.fraction()));
        }
    }
}

#[test]
fn a_jump_beyond_what_steps_can_count_is_refused() {
    let grid = Grid::new(&[8], 1.0).unwrap();
    let model =
        Model::new(grid, Medium::constant(1.0, 1.0).unwrap(), &[[Side::Periodic; 2]], Order::Two).unwrap();
    let mut run = Simulation::<f64>::new(&model, &Clock::new(0.5, 9).unwrap()).unwrap();
    run.advance(1).unwrap();
    assert!(run.jump(u64::MAX).is_err());
    assert_eq!(run.step(), 1);
}
