//! Sources, layers, interfaces and symmetries.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a helper that fails fails its test"
)]

mod common;

use common::{ORDERS, periodic, random_fields, random_medium};
use hexad_core::ndarray::{ArrayD, IxDyn};
use hexad_pde_leapfrog::*;
use hexad_testkit::Random;
use proptest::prelude::*;

fn gaussian(sigma: f64, delay: f64) -> Wavelet {
    Wavelet::Gaussian { amplitude: 1.0, sigma, delay }
}

fn run_until(model: &Model, courant: f64, end: f64) -> Simulation<f64> {
    let clock = model.clock(end, courant).unwrap();
    let mut run = Simulation::new(model, &clock).unwrap();
    run.advance(clock.steps()).unwrap();
    run
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}

#[test]
fn a_source_in_one_dimension_radiates_half_of_itself_over_c() {
    for order in ORDERS {
        let grid = Grid::new(&[400], 0.01).unwrap();
        let medium = Medium::constant(2.0, 1.5).unwrap();
        let model = Model::new(grid, medium, &[[Side::Periodic; 2]], order).unwrap();
        let wavelet = gaussian(0.05, 0.3);
        // Both between cells.
        let model = model.with_source(Source::point(&[2.0034], wavelet.clone()).unwrap()).unwrap();
        let model = model.with_receiver(&[2.6071]).unwrap();
        let run = run_until(&model, 0.7 * order.largest_courant(1), 0.9);
        for (step, heard) in run.traces()[0].iter().enumerate() {
            let wanted = wavelet.at(step as f64 * run.dt() - (2.6071 - 2.0034) / 2.0) / 4.0;
            // Dispersion at order 2 with ten cells in a standard deviation.
            assert!((heard - wanted).abs() < 4e-3 * 0.25, "{order:?} {step}: {heard} {wanted}");
        }
    }
}

#[test]
fn a_point_source_in_space_radiates_its_derivative() {
    let side = Side::Absorbing(Absorbing::default().with_cells(10));
    let grid = Grid::new(&[60, 60, 60], 0.02).unwrap();
    let model = Model::new(grid, Medium::default(), &[[side; 2]; 3], Order::Four).unwrap();
    let (from, to) = ([0.6, 0.6, 0.6], [0.6, 0.78, 0.84]);
    let model = model.with_source(Source::point(&from, gaussian(0.07, 0.35)).unwrap()).unwrap();
    let run = run_until(&model.with_receiver(&to).unwrap(), 0.15, 1.0);
    let distance = 0.3_f64;
    let peak = (-0.5_f64).exp() / 0.07 / (4.0 * std::f64::consts::PI * distance);
    for (step, heard) in run.traces()[0].iter().enumerate() {
        let a = (step as f64 * run.dt() - 0.35 - distance) / 0.07;
        let wanted = -a / 0.07 * (-0.5 * a * a).exp() / (4.0 * std::f64::consts::PI * distance);
        assert!((heard - wanted).abs() < 0.01 * peak, "{step}: {heard} {wanted}");
    }
}

#[test]
fn waves_arrive_after_distance_over_speed() {
    let model = Model::new(
        Grid::new(&[2000], 0.005).unwrap(),
        Medium::constant(1.25, 1.0).unwrap(),
        &[[Side::Rigid; 2]],
        Order::Four,
    );
    let source = Source::point(&[2.0], gaussian(0.1, 0.5)).unwrap();
    let model = model.unwrap().with_source(source).unwrap();
    let model = model.with_receiver(&[3.0]).unwrap().with_receiver(&[6.0]).unwrap();
    let run = run_until(&model, 0.5, 5.0);
    let peak = |trace: &Vec<f64>| {
        let top = trace.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
        let (before, at, after) = (trace[top - 1], trace[top], trace[top + 1]);
        (top as f64 + 0.5 * (before - after) / (before - 2.0 * at + after)) * run.dt()
    };
    let delay = peak(&run.traces()[1]) - peak(&run.traces()[0]);
    // Dispersion in time: (w dt)^2 / 24 of it, with w a few times 1 / sigma.
    assert!((delay - 3.0 / 1.25).abs() < 2e-4, "{delay}");
}

#[test]
fn an_interface_reflects_and_transmits_what_the_impedances_say() {
    let cells = 1600;
    let left = |place: usize| place < cells / 2;
    let (c1, rho1, c2, rho2) = (1.0, 1.0, 2.0, 3.0);
    let speed = ArrayD::from_shape_fn(IxDyn(&[cells]), |place| if left(place[0]) { c1 } else { c2 });
    let density = ArrayD::from_shape_fn(IxDyn(&[cells]), |place| if left(place[0]) { rho1 } else { rho2 });
    let medium = Medium::per_cell(speed.view(), density.view()).unwrap();
    let grid = Grid::new(&[cells], 0.005).unwrap();
    let model = Model::new(grid, medium, &[[Side::Rigid; 2]], Order::Two).unwrap();
    let model = model.with_source(Source::point(&[2.5], gaussian(0.08, 0.4)).unwrap()).unwrap();
    // Heard before the interface at 4, both ways, and behind it.
    let model = model.with_receiver(&[3.3]).unwrap().with_receiver(&[5.0]).unwrap();
    let run = run_until(&model, 0.8, 2.9);
    let split = ((0.4 + 1.5) / run.dt()) as usize;
    let incident = largest(&run.traces()[0][..split]);
    let (z1, z2) = (rho1 * c1, rho2 * c2);
    let reflected = largest(&run.traces()[0][split..]) / incident;
    let transmitted = largest(&run.traces()[1]) / incident;
    assert!((reflected - (z2 - z1) / (z2 + z1)).abs() < 2e-3, "{reflected}");
    assert!((transmitted - 2.0 * z2 / (z2 + z1)).abs() < 2e-3, "{transmitted}");
}

#[test]
fn walls_reflect_with_their_signs() {
    for (side, sign) in [(Side::Rigid, 1.0), (Side::PressureRelease, -1.0)] {
        for order in ORDERS {
            let grid = Grid::new(&[500], 0.01).unwrap().with_walls_at_zero();
            let model = Model::new(grid, Medium::default(), &[[Side::Rigid, side]], order).unwrap();
            let model = model.with_source(Source::point(&[2.5], gaussian(0.1, 0.5)).unwrap()).unwrap();
            let run = run_until(&model.with_receiver(&[4.0]).unwrap(), 0.5, 5.0);
            // The image source stands at 7.5, 3.5 from the receiver.
            let at = (4.0 / run.dt()).round() as usize;
            let heard = run.traces()[0][at];
            assert!((heard - sign * 0.5).abs() < 2e-3, "{side:?} {order:?}: {heard}");
        }
    }
}

/// Reflection of an absorbing layer in dB: a pulse that meets it against one in a domain too large to meet anything.
fn reflection_db(dims: usize, layer: Absorbing, order: Order) -> f64 {
    let (near, far): (usize, usize) = if dims == 1 { (200, 1600) } else { (120, 360) };
    let trace = |cells: usize, sides: [Side; 2]| {
        let shape = vec![cells; dims];
        let centre = 0.01 * (cells / 2) as f64;
        let grid = Grid::new(&shape, 0.01).unwrap();
        let origin = vec![-centre; dims];
        let model =
            Model::new(grid.with_origin(&origin).unwrap(), Medium::default(), &vec![sides; dims], order);
        let source = Source::point(&vec![0.0; dims], Wavelet::ricker(1.0, 8.0)).unwrap();
        // Near the layer, so that grazing waves count too.
        let mut place = vec![0.0; dims];
        place[0] = 0.3;
        let model = model.unwrap().with_source(source).unwrap().with_receiver(&place).unwrap();
        run_until(&model, 0.5, if dims == 1 { 4.0 } else { 1.4 }).traces()[0].clone()
    };
    let with = trace(near, [Side::Absorbing(layer); 2]);
    let without = trace(far, [Side::Rigid; 2]);
    let difference: Vec<f64> = with.iter().zip(&without).map(|(with, without)| with - without).collect();
    20.0 * (largest(&difference) / largest(&without)).log10()
}

#[test]
fn absorbing_layers_reflect_little() {
    let layer = Absorbing::default();
    for order in ORDERS {
        let db = reflection_db(1, layer, order);
        assert!(db < -85.0, "1-D {order:?}: {db:.1} dB");
    }
    let db = reflection_db(2, layer, Order::Two);
    assert!(db < -70.0, "2-D: {db:.1} dB");
    let thin = reflection_db(1, layer.with_cells(10).with_reflection(1e-4), Order::Two);
    assert!(thin < -60.0, "thin: {thin:.1} dB");
}

#[test]
fn energy_falls_where_layers_absorb() {
    let side = Side::Absorbing(Absorbing::default().with_cells(12));
    for (cells, sides) in [(&[300][..], vec![[side; 2]]), (&[80, 70], vec![[side; 2], [side, Side::Rigid]])] {
        let model =
            Model::new(Grid::new(cells, 0.01).unwrap(), Medium::default(), &sides, Order::Two).unwrap();
        let middle: Vec<f64> = cells.iter().map(|cells| 0.005 * *cells as f64).collect();
        let bump = Functions {
            pressure: |x: &[f64], _| {
                let square: f64 = x.iter().zip(&middle).map(|(x, middle)| (x - middle).powi(2)).sum();
                (-square / (2.0 * 0.05 * 0.05)).exp()
            },
            velocity: |_, _: &[f64], _| 0.0,
        };
        let clock = model.clock(6.0, 0.5).unwrap();
        let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
        run.start(&bump, Start::Taylor2).unwrap();
        let first = run.energy();
        let mut before = first;
        for _ in 0..clock.steps() / 4 {
            run.advance(4).unwrap();
            let now = run.energy();
            assert!(now <= before + 1e-12 * first, "{before:e} to {now:e} at step {}", run.step());
            before = now;
        }
        assert!(before < 1e-5 * first, "{before:e} of {first:e} is left");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The field of a sum is the sum of the fields.
    #[test]
    fn runs_are_linear(seed in 0_u64..1000, a in -2.0..2.0, b in -2.0..2.0) {
        let mut random = Random::new(seed);
        let model = Model::new(
            Grid::new(&[40, 30], 0.1).unwrap(),
            random_medium(&[40, 30], &mut random),
            &[[Side::Rigid, Side::Absorbing(Absorbing::default().with_cells(6))], [Side::Periodic; 2]],
            Order::Four,
        ).unwrap();
        let clock = Clock::new(0.9 * model.largest_stable_dt(), 60).unwrap();
        let (first, second) = (random_fields(&model, &mut random), random_fields(&model, &mut random));
        let mut both = first.clone();
        both.pressure = &first.pressure * a + &second.pressure * b;
        for (axis, velocity) in both.velocity.iter_mut().enumerate() {
            *velocity = &first.velocity[axis] * a + &second.velocity[axis] * b;
        }
        let after = |fields: &Fields| {
            let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
            run.start_from(fields, Start::Taylor2).unwrap();
            run.advance(60).unwrap();
            run.pressure().unwrap()
        };
        let wanted = after(&first) * a + after(&second) * b;
        let difference: ArrayD<f64> = after(&both) - wanted;
        let error = largest(difference.as_slice().unwrap());
        prop_assert!(error < 1e-12, "{error:e}");
    }

    /// What a source says here is heard there as what it says there is heard here, over the bulk moduli.
    #[test]
    fn source_and_receiver_change_places(seed in 0_u64..1000) {
        let mut random = Random::new(seed);
        let cells = [36, 28];
        let sides = [[Side::Rigid, Side::PressureRelease], [Side::Rigid; 2]];
        let medium = random_medium(&cells, &mut random);
        // At cells: between them, K is not that of one cell.
        let place = |random: &mut Random| {
            let cell = cells.map(|cells| (random.uniform(0.0, cells as f64) as usize).min(cells - 1));
            cell.map(|index| 0.1 * index as f64)
        };
        let (here, there) = (place(&mut random), place(&mut random));
        let heard = |from: &[f64], to: &[f64]| {
            let grid = Grid::new(&cells, 0.1).unwrap();
            let model = Model::new(grid, medium.clone(), &sides, Order::Two).unwrap();
            let model = model.with_source(Source::point(from, Wavelet::ricker(1.0, 0.8)).unwrap()).unwrap();
            let model = model.with_receiver(to).unwrap();
            let clock = Clock::new(0.9 * model.largest_stable_dt(), 200).unwrap();
            let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
            run.advance(200).unwrap();
            run.traces()[0].clone()
        };
        let modulus = |place: [f64; 2]| medium.bulk_modulus_at(&place.map(|x| (x / 0.1).round() as usize));
        let (forth, back) = (heard(&here, &there), heard(&there, &here));
        let scale = largest(&forth);
        for (forth, back) in forth.iter().zip(&back) {
            let (forth, back) = (forth / modulus(there), back / modulus(here));
            prop_assert!((forth - back).abs() < 1e-11 * scale.max(1.0), "{forth:e} {back:e}");
        }
    }

    /// Fields moved around a periodic axis stay moved, bit for bit.
    #[test]
    fn periodic_domains_have_no_special_place(seed in 0_u64..1000, by in 1_usize..80, folded: bool) {
        let mut random = Random::new(seed);
        let cells = if folded { 160 } else { 83 };
        let model = periodic(&[cells], 0.1, Order::Six);
        let clock = Clock::new(0.9 * model.largest_stable_dt(), 50).unwrap();
        let fields = random_fields(&model, &mut random);
        let moved = |field: &ArrayD<f64>| {
            ArrayD::from_shape_fn(IxDyn(&[cells]), |place| field[[(place[0] + cells - by) % cells]])
        };
        let other = Fields { pressure: moved(&fields.pressure), velocity: vec![moved(&fields.velocity[0])] };
        let after = |fields: &Fields| {
            let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
            run.start_from(fields, Start::Exact).unwrap();
            run.advance(50).unwrap();
            run.pressure().unwrap()
        };
        prop_assert_eq!(moved(&after(&fields)), after(&other));
    }
}
