//! Bad input, blown-up fields, checkpoints.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a helper that fails fails its test"
)]

mod common;

use common::{periodic, random_fields, random_medium, with_ears};
use hexad_core::ndarray::{ArrayD, IxDyn};
use hexad_pde_leapfrog::*;
use hexad_testkit::Random;

#[test]
fn a_step_past_the_limit_names_the_largest_stable_one() {
    for (dims, order) in [(1, Order::Two), (2, Order::Four), (3, Order::Eight)] {
        let model = periodic(&vec![16; dims], 0.5, order);
        let limit = 0.5 * order.largest_courant(dims);
        assert!((model.largest_stable_dt() / limit - 1.0).abs() < 1e-12);
        let clock = Clock::new(1.001 * limit, 5).unwrap();
        let refused = Simulation::<f64>::new(&model, &clock).unwrap_err();
        assert!(
            matches!(refused, WaveError::Unstable { largest, .. } if (largest / limit - 1.0).abs() < 1e-12)
        );
        assert!(refused.to_string().contains("use at most"), "{refused}");
        assert!(matches!(
            model.clock(1.0, 1.001 * order.largest_courant(dims)),
            Err(WaveError::Unstable { .. })
        ));
        assert!(model.clock(1.0, order.largest_courant(dims)).is_ok());
    }
}

#[test]
fn the_limit_per_cell_is_safe_and_not_far_below() {
    let mut random = Random::new(8);
    let cells = [24, 24];
    let speed = common::noise(&cells, 0.2, 3.0, &mut random);
    let density = common::noise(&cells, 0.05, 20.0, &mut random);
    let medium = Medium::per_cell(speed.view(), density.view()).unwrap();
    for order in common::ORDERS {
        let grid = Grid::new(&cells, 1.0).unwrap();
        let sides = [[Side::PressureRelease, Side::Rigid], [Side::Periodic; 2]];
        let model = Model::new(grid, medium.clone(), &sides, order).unwrap();
        let clock = Clock::new(model.largest_stable_dt(), 3000).unwrap();
        let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
        run.start_from(&random_fields(&model, &mut random), Start::Exact).unwrap();
        let first = run.energy();
        run.advance(3000).unwrap();
        assert!((run.energy() / first - 1.0).abs() < 1e-11);
        let constant = order.largest_courant(2) / medium.largest_speed();
        assert!(model.largest_stable_dt() > 0.5 * constant);
    }
}

#[test]
fn media_without_sense_name_their_cell() {
    let good = ArrayD::from_elem(IxDyn(&[4, 5]), 1.0);
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let mut bad = good.clone();
        bad[[2, 3]] = value;
        let refused = Medium::per_cell(bad.view(), good.view()).unwrap_err();
        assert!(
            matches!(&refused, WaveError::Medium { quantity: "speed", cell, .. } if *cell == [2, 3]),
            "{refused}"
        );
        let refused = Medium::per_cell(good.view(), bad.view()).unwrap_err();
        assert!(matches!(&refused, WaveError::Medium { quantity: "density", cell, .. } if *cell == [2, 3]));
        assert!(Medium::constant(value, 1.0).is_err() && Medium::constant(1.0, value).is_err());
    }
    let other = ArrayD::from_elem(IxDyn(&[5, 4]), 1.0);
    assert!(matches!(Medium::per_cell(good.view(), other.view()), Err(WaveError::Shape { .. })));
    let medium = Medium::per_cell(other.view(), other.view()).unwrap();
    let grid = Grid::new(&[4, 5], 1.0).unwrap();
    let refused = Model::new(grid, medium, &[[Side::Rigid; 2]; 2], Order::Two);
    assert!(matches!(refused, Err(WaveError::Shape { argument: "medium", .. })));
}

#[test]
fn grids_and_sides_without_sense_are_refused() {
    assert!(Grid::new(&[], 1.0).is_err() && Grid::new(&[4; 4], 1.0).is_err());
    assert!(
        Grid::new(&[4, 0], 1.0).is_err()
            && Grid::new(&[4], 0.0).is_err()
            && Grid::new(&[4], f64::NAN).is_err()
    );
    assert!(Grid::new(&[4], 1.0).unwrap().with_origin(&[f64::NAN]).is_err());
    let model = |cells: usize, sides: &[[Side; 2]], order| {
        Model::new(Grid::new(&[cells], 1.0).unwrap(), Medium::default(), sides, order)
    };
    assert!(matches!(
        model(50, &[[Side::Periodic, Side::Rigid]], Order::Two),
        Err(WaveError::HalfPeriodic { axis: 0 })
    ));
    assert!(matches!(
        model(7, &[[Side::Rigid; 2]], Order::Eight),
        Err(WaveError::TooFewCells { needed: 8, .. })
    ));
    let layer = Side::Absorbing(Absorbing::default());
    assert!(matches!(model(43, &[[layer; 2]], Order::Two), Err(WaveError::TooFewCells { needed: 44, .. })));
    assert!(matches!(model(43, &[], Order::Two), Err(WaveError::Input(_))));
    for bad in [
        Absorbing::default().with_cells(0),
        Absorbing::default().with_reflection(1.0),
        Absorbing::default().with_power(0.0),
        Absorbing::default().with_stretch(0.5),
        Absorbing::default().with_shift_frequency(f64::NAN),
    ] {
        assert!(model(100, &[[Side::Absorbing(bad); 2]], Order::Two).is_err(), "{bad:?}");
    }
}

#[test]
fn sources_and_receivers_outside_are_named() {
    let model = || periodic(&[10, 20], 0.1, Order::Two);
    let wavelet = || Wavelet::ricker(1.0, 1.0);
    let refused = model().with_receiver(&[0.5, 1.951]).unwrap_err();
    assert!(matches!(refused, WaveError::Outside { what: "receiver", axis: 1, .. }), "{refused}");
    assert!(refused.to_string().contains("[0.5, 1.951]"), "{refused}");
    assert!(model().with_receiver(&[-0.05, 1.95]).is_ok());
    let refused = model().with_source(Source::point(&[-0.1, 0.0], wavelet()).unwrap()).unwrap_err();
    assert!(matches!(refused, WaveError::Outside { what: "source", axis: 0, .. }));
    assert!(model().with_source(Source::plane(2, 1, 5.0, wavelet()).unwrap()).is_err());
    assert!(model().with_source(Source::point(&[0.1], wavelet()).unwrap()).is_err());
    assert!(model().with_receiver(&[f64::NAN, 0.0]).is_err());
}

#[test]
fn a_grid_that_does_not_fit_names_its_bytes_and_takes_none() {
    for cells in [&[1_000_000, 1_000_000][..], &[1 << 40, 1 << 40, 1 << 40], &[usize::MAX / 2]] {
        let model = periodic(cells, 1e-3, Order::Two);
        let refused = Simulation::<f64>::new(&model, &Clock::new(1e-6, 1).unwrap()).unwrap_err();
        let WaveError::Memory { bytes } = refused else { panic!("{refused}") };
        let fields = (cells.len() + 1) as f64 * 8.0;
        assert!(bytes as f64 >= (model.grid().total() * fields).min(1.8e19), "{bytes}");
    }
    let small = periodic(&[1000], 1.0, Order::Two);
    let (double, single) = (Simulation::<f64>::memory_bytes(&small), Simulation::<f32>::memory_bytes(&small));
    assert!(double.clone().unwrap() >= 16_000 && double.unwrap() == 2 * single.unwrap());
}

#[test]
fn fields_of_another_shape_or_not_finite_are_refused() {
    let model = periodic(&[10], 1.0, Order::Two);
    let mut run = Simulation::<f64>::new(&model, &Clock::new(0.5, 1).unwrap()).unwrap();
    let mut fields = Fields::at_rest(&model);
    fields.pressure[[3]] = f64::NAN;
    assert!(run.start_from(&fields, Start::Exact).unwrap_err().to_string().contains("pressure[3]"));
    fields.pressure = ArrayD::zeros(IxDyn(&[11]));
    assert!(matches!(
        run.start_from(&fields, Start::Exact),
        Err(WaveError::Shape { argument: "pressure", .. })
    ));
    fields.pressure = ArrayD::zeros(IxDyn(&[10]));
    fields.velocity.clear();
    assert!(run.start_from(&fields, Start::Exact).is_err());
    assert!(run.velocity(1).is_err());
}

/// A run whose source becomes too large for its numbers at step 300.
fn exploding() -> Simulation<f32> {
    let mut values = vec![0.0; 299];
    values.extend([1e38, 3e38, 3e38, 3e38, 3e38, 3e38]);
    let wavelet = Wavelet::Table { step: 0.5, values };
    let grid = Grid::new(&[90], 1.0).unwrap();
    let model = Model::new(grid, Medium::default(), &[[Side::Rigid; 2]], Order::Two).unwrap();
    let model =
        model.with_source(Source::point(&[40.0], wavelet).unwrap()).unwrap().with_receiver(&[41.0]).unwrap();
    Simulation::new(&model, &Clock::new(0.5, 1000).unwrap()).unwrap()
}

#[test]
fn a_field_that_blows_up_stops_the_run_and_the_last_good_state_stays() {
    let mut run = exploding();
    let seen = run.advance(1000).unwrap_err();
    let WaveError::BlownUp { step, kept: None, .. } = seen else { panic!("{seen}") };
    assert!((300..300 + 256).contains(&step), "{seen}");
    assert!(matches!(run.checkpoint(), Err(WaveError::BlownUp { .. })));

    let mut run = exploding();
    run.keep_every(100);
    let seen = run.advance(1000).unwrap_err();
    let WaveError::BlownUp { step, ref cell, kept: Some(kept), .. } = seen else { panic!("{seen}") };
    assert!((300..306).contains(&step) && cell[0].abs_diff(40) < 8, "{seen}");
    assert!(kept < step && run.step() == kept && run.traces()[0].len() == usize::try_from(kept).unwrap() + 1);
    assert!(run.check().is_ok() && run.checkpoint().is_ok());
    // The very step: one less is good.
    run.advance(step - 1 - kept).unwrap();
    assert!(run.check().is_ok());
    run.advance(1).unwrap();
    assert!(run.check().is_err());
}

fn models() -> Vec<Model> {
    let mut random = Random::new(21);
    let layer = Side::Absorbing(Absorbing::default().with_cells(6).with_stretch(3.0));
    let model = |cells: &[usize], sides: &[[Side; 2]], random: &mut Random| {
        let medium = random_medium(cells, random);
        let model = Model::new(Grid::new(cells, 0.1).unwrap(), medium, sides, Order::Four).unwrap();
        with_ears(model, random)
    };
    vec![
        model(&[256], &[[layer, Side::PressureRelease]], &mut random),
        model(&[40, 30], &[[layer; 2], [Side::Rigid, layer]], &mut random),
        model(&[20, 18, 16], &[[layer; 2], [Side::Periodic; 2], [layer; 2]], &mut random),
    ]
}

#[test]
fn a_resumed_run_has_the_bits_of_one_that_was_never_stopped() {
    let mut random = Random::new(31);
    for model in models() {
        let clock = Clock::new(0.9 * model.largest_stable_dt(), 60).unwrap();
        let fields = random_fields(&model, &mut random);
        let mut whole = Simulation::<f64>::new(&model, &clock).unwrap();
        whole.start_from(&fields, Start::Taylor2).unwrap();
        whole.advance(60).unwrap();
        for stop in [0, 1, 17, 59] {
            let mut first = Simulation::<f64>::new(&model, &clock).unwrap();
            first.start_from(&fields, Start::Taylor2).unwrap();
            first.advance(stop).unwrap();
            let bytes = first.checkpoint().unwrap();
            let tiling = Tiling::default().with_depth(3).with_slabs(2);
            let mut second = Simulation::<f64>::with_tiling(&model, &clock, tiling).unwrap();
            second.resume(&bytes).unwrap();
            assert_eq!(second.step(), stop);
            assert_eq!(second.checkpoint().unwrap(), bytes);
            second.advance(60 - stop).unwrap();
            assert_eq!(second.pressure(), whole.pressure());
            assert_eq!(second.velocity(0), whole.velocity(0));
            assert_eq!(second.traces(), whole.traces());
            assert_eq!(second.checkpoint(), whole.checkpoint());
        }
    }
}

#[test]
fn checkpoints_of_something_else_are_refused() {
    let model = models().remove(1);
    let clock = Clock::new(0.5 * model.largest_stable_dt(), 10).unwrap();
    let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
    run.advance(5).unwrap();
    let bytes = run.checkpoint().unwrap();
    let problem = |model: &Model, clock: &Clock, bytes: &[u8]| {
        let mut run = Simulation::<f64>::new(model, clock).unwrap();
        run.advance(2).unwrap();
        let before = run.checkpoint();
        let refused = run.resume(bytes);
        assert_eq!(run.checkpoint(), before);
        match refused {
            Err(WaveError::Checkpoint { reason }) => reason,
            other => panic!("{other:?}"),
        }
    };
    let slower = Clock::new(0.4 * model.largest_stable_dt(), 10).unwrap();
    assert_eq!(problem(&model, &slower, &bytes), CheckpointProblem::OtherModel);
    let louder = model.clone().with_receiver(&[1.0, 1.0]).unwrap();
    assert_eq!(problem(&louder, &clock, &bytes), CheckpointProblem::OtherModel);
    let single = Simulation::<f32>::new(&model, &clock).unwrap().resume(&bytes);
    assert!(matches!(single, Err(WaveError::Checkpoint { reason: CheckpointProblem::OtherModel })));
    // More steps of the same model are no other model.
    let longer = Clock::new(clock.dt(), 1000).unwrap();
    assert!(Simulation::<f64>::new(&model, &longer).unwrap().resume(&bytes).is_ok());

    assert_eq!(problem(&model, &clock, b"PK"), CheckpointProblem::NotACheckpoint);
    assert_eq!(problem(&model, &clock, &[]), CheckpointProblem::NotACheckpoint);
    let mut newer = bytes.clone();
    newer[8] = 77;
    assert_eq!(problem(&model, &clock, &newer), CheckpointProblem::Version { expected: 1, got: 77 });
    let short = &bytes[..bytes.len() - 1];
    assert!(matches!(problem(&model, &clock, short), CheckpointProblem::Length { .. }));
    for place in (28..bytes.len()).step_by(997) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 4;
        let refused = run.resume(&damaged);
        assert!(matches!(refused, Err(WaveError::Checkpoint { .. })), "byte {place}");
    }
    for length in (0..bytes.len()).step_by(1009) {
        assert!(run.resume(&bytes[..length]).is_err());
    }
}

#[test]
fn studies_without_sense_are_refused() {
    let cell = |cells: usize| Ok(periodic(&[cells], 1.0 / cells as f64, Order::Two));
    let study = |options: StudyOptions| converge(&PlaneWaves::question(1), cell, &options);
    assert_eq!(
        study(StudyOptions::default().with_cells(&[50])).unwrap_err(),
        WaveError::TooFewGrids { needed: 2, got: 1 }
    );
    assert!(study(StudyOptions::default().with_cells(&[50, 50])).is_err());
    assert!(matches!(study(StudyOptions::default().with_courant(1.1)), Err(WaveError::Unstable { .. })));
    assert!(study(StudyOptions::default().with_courant(-0.3)).is_err());
    assert!(study(StudyOptions::default().with_end_time(0.0)).is_err());
    let nan = Functions { pressure: |_: &[f64], _| f64::NAN, velocity: |_, _: &[f64], _| 0.0 };
    assert!(converge(&nan, cell, &StudyOptions::default()).is_err());
    let options = StudyOptions::default().with_cells(&[20, 40, 80]);
    assert!(converge_by_richardson(&PlaneWaves::question(1), cell, &options).is_err());
    let other = |cells: usize| {
        Model::new(
            Grid::new(&[cells], 1.0 / cells as f64)?.with_origin(&[0.3 / cells as f64])?,
            Medium::default(),
            &[[Side::Periodic; 2]],
            Order::Two,
        )
    };
    let options = StudyOptions::default().with_cells(&[20, 60, 180]);
    let refused = converge_by_richardson(&PlaneWaves::question(1), other, &options);
    assert!(matches!(refused, Err(WaveError::NotNested { .. })));
}

#[test]
fn a_stopped_study_says_so() {
    let stop = Stop::default();
    let cell = |cells: usize| {
        // Grids are made before any of them runs.
        stop.stop();
        Ok(periodic(&[cells], 1.0 / cells as f64, Order::Two))
    };
    let options = StudyOptions::default().with_cells(&[27, 81, 243]).with_stop(&stop);
    for error_time in [ErrorTime::Largest, ErrorTime::End] {
        let options = options.clone().with_error_time(error_time);
        assert_eq!(converge(&PlaneWaves::question(1), cell, &options), Err(WaveError::Stopped));
    }
    assert_eq!(converge_by_richardson(&PlaneWaves::question(1), cell, &options), Err(WaveError::Stopped));
}
