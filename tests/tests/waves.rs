//! What receivers of the wave solver hear, as the other crates see it.

#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::f64::consts::{PI, TAU};

use hexad_correlate::{DelayOptions, DelayPlan, Verdict};
use hexad_pde_leapfrog::{
    Absorbing, Clock, Dispersion, Functions, Grid, Medium, Model, Order, Side, Simulation, Source, Start,
    Wavelet,
};
use hexad_spectral::{FitLinesOptions, FitUntil, LineConstant, fit_lines};
use hexad_testkit::Random;

const SPEED: f64 = 343.0;

#[test]
fn the_delay_between_two_receivers_is_distance_over_speed() {
    let (order, courant, spacing, sigma) = (Order::Eight, 0.1, 0.02, 5e-4);
    let pulse = Wavelet::Gaussian { amplitude: 1.0, sigma, delay: 6.0 * sigma };
    let grid = Grid::new(&[400], spacing).unwrap().with_walls_at_zero();
    let open = Side::Absorbing(Absorbing::default());
    let model = Model::new(grid, Medium::constant(SPEED, 1.2).unwrap(), &[[open; 2]], order).unwrap();
    let model = model.with_source(Source::point(&[1.0], pulse).unwrap()).unwrap();
    let (near, far) = (2.013, 6.7071);
    let model = model.with_receiver(&[near]).unwrap().with_receiver(&[far]).unwrap();
    let clock = model.clock(0.04, courant).unwrap();
    let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
    run.advance(clock.steps()).unwrap();

    let every = 20;
    let mut random = Random::new(1);
    let noisy = |trace: &Vec<f64>, random: &mut Random| -> Vec<f64> {
        let peak = trace.iter().fold(0.0_f64, |peak, value| peak.max(value.abs()));
        trace.iter().step_by(every).map(|value| value + 0.01 * peak * random.normal()).collect()
    };
    let heard = [0, 1].map(|receiver| noisy(&run.traces()[receiver], &mut random));
    let plan = DelayPlan::new(
        heard[0].len(),
        heard[1].len(),
        1.0 / (every as f64 * run.dt()),
        &DelayOptions::default(),
    );
    let found = plan.unwrap().apply(&heard[0], &heard[1]).unwrap();

    let delay = (far - near) / SPEED;
    // At 3 / sigma the spectrum of the pulse is down to a hundredth.
    let points = TAU * SPEED * sigma / (3.0 * spacing);
    let dispersion =
        Dispersion::new(1, order, courant).unwrap().advice(points).unwrap().velocity_error.abs() * delay;
    assert!(dispersion < found.uncertainty_s, "{dispersion:e} {:e}", found.uncertainty_s);
    assert_eq!(found.verdict, Verdict::Clear);
    // Normal errors pass four uncertainties once in 16,000 runs.
    let error = found.delay_s - delay;
    assert!(error.abs() < 4.0 * found.uncertainty_s, "{error:e} {:e}", found.uncertainty_s);
}

#[test]
fn a_rigid_room_sounds_at_its_discrete_frequencies() {
    let (cells, spacing) = ([18_usize, 24], 0.25);
    let grid = Grid::new(&cells, spacing).unwrap().with_walls_at_zero();
    let sides = [[Side::Rigid; 2]; 2];
    let model = Model::new(grid, Medium::constant(SPEED, 1.2).unwrap(), &sides, Order::Two).unwrap();
    let model = model.with_receiver(&[0.3, 0.4]).unwrap();
    let wave_vector = |half: [f64; 2]| [0, 1].map(|axis| PI * half[axis] / (spacing * cells[axis] as f64));
    let modes = [[1.0, 0.0], [2.0, 3.0], [9.0, 6.0]].map(wave_vector);
    let start = Functions {
        pressure: |x: &[f64], _| modes.iter().map(|k| (k[0] * x[0]).cos() * (k[1] * x[1]).cos()).sum(),
        velocity: |_, _: &[f64], _| 0.0,
    };
    let clock = Clock::new(0.9 * model.largest_stable_dt(), 1999).unwrap();
    let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
    run.start(&start, Start::Taylor2).unwrap();
    run.advance(clock.steps()).unwrap();

    let rate = 1.0 / clock.dt();
    let bin = rate / 2000.0;
    let options = FitLinesOptions::default().with_constant(LineConstant::Zero);
    let mut lines = fit_lines(&run.traces()[0], rate, FitUntil::Count(3), &options).unwrap().lines;
    lines.sort_by(|a, b| a.frequency_hz.total_cmp(&b.frequency_hz));
    for (line, k) in lines.iter().zip(modes) {
        let discrete = model.discrete_angular_frequency(clock.dt(), &k).unwrap() / TAU;
        // Ten roundings in each of 2,000 steps are 4e-13 of a bin in phase; a weak line has a tenth of the amplitude.
        assert!((line.frequency_hz - discrete).abs() < 1e-11 * bin, "{line:?} {discrete}");
    }
    let continuous = SPEED * modes[2][0].hypot(modes[2][1]) / TAU;
    assert!((lines[2].frequency_hz - continuous).abs() > 10.0 * bin);
}
