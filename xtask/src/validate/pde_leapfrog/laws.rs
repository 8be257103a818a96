//! What the discrete equations keep exactly.

use std::error::Error;
use std::f64::consts::TAU;

use hexad_pde_leapfrog::{
    Clock, Fields, Grid, Medium, Model, Order, PlaneWave, RigidMode, Side, Simulation, Solution, Start,
};
use hexad_testkit::Random;

use super::{ORDERS, distance, periodic, random_fields, random_medium};
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

/// A solution with another zero of time.
struct Later<'a>(&'a dyn Solution, f64);

impl Solution for Later<'_> {
    fn pressure(&self, x: &[f64], t: f64) -> f64 {
        self.0.pressure(x, self.1 + t)
    }

    fn velocity(&self, axis: usize, x: &[f64], t: f64) -> f64 {
        self.0.velocity(axis, x, self.1 + t)
    }
}

/// Pressure and velocity of a run.
fn fields(run: &Simulation<f64>) -> Result<Fields, Box<dyn Error>> {
    let axes = 0..run.model().grid().dims();
    let velocity = axes.map(|axis| run.velocity(axis)).collect::<Result<_, _>>()?;
    Ok(Fields { pressure: run.pressure()?, velocity })
}

/// The largest difference of any value.
fn difference(a: &Fields, b: &Fields) -> f64 {
    let velocity = a.velocity.iter().zip(&b.velocity).map(|(a, b)| distance(a, b));
    velocity.fold(distance(&a.pressure, &b.pressure), f64::max)
}

/// The largest error after `steps` steps from `solution`.
fn error_after(steps: u64, model: &Model, dt: f64, solution: &dyn Solution) -> Result<f64, Box<dyn Error>> {
    let mut run = Simulation::<f64>::new(model, &Clock::new(dt, steps)?)?;
    run.start(solution, Start::Exact)?;
    run.advance(steps)?;
    let wanted = Fields::sample(model, dt, &Later(solution, run.time()), Start::Exact);
    Ok(difference(&fields(&run)?, &wanted))
}

/// Steps after which a closed form is compared.
const STEPS: u64 = 500;
/// Ten roundings of 1.1e-16 a step are 6e-13 after 500 of them.
const ROUNDING: f64 = 1e-12;

pub(super) fn plane_wave() -> Outcome {
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    for (cells, turns) in
        [(&[96][..], &[5.0][..]), (&[40, 24], &[3.0, -2.0]), (&[16, 12, 20], &[1.0, 2.0, -3.0])]
    {
        let mut largest = 0.0_f64;
        for order in ORDERS {
            let model = periodic(cells, 0.25, order)?;
            let dt = 0.9 * model.largest_stable_dt();
            let wave_vector: Vec<f64> =
                cells.iter().zip(turns).map(|(cells, turns)| TAU * turns / (0.25 * *cells as f64)).collect();
            let wave = PlaneWave::discrete(&model, dt, 1.0, &wave_vector)?.with_phase(0.3);
            largest = largest.max(error_after(STEPS, &model, dt, &wave)?);
        }
        notes.push(format!("{}-D: {largest:.1e}", cells.len()));
        worst = worst.max(largest);
    }
    let claim = Claim::new(
        "A plane wave with the frequency of the discrete equations is followed to rounding, in one to three dimensions \
         and orders 2 to 8. Measured: the largest error of p or u after 500 steps, with amplitude 1; ten roundings a \
         step are 6e-13.",
        worst,
        Bound::AtMost(ROUNDING),
    )
    .formula("sin^2(w dt / 2) = (c dt / dx)^2 sum_a s_a^2, s_a = sum_k c_k sin((k - 1/2) k_a dx)");
    Ok(notes.into_iter().fold(claim, Claim::note))
}

pub(super) fn rigid_mode() -> Outcome {
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    for (cells, half_periods) in [(&[48][..], &[7][..]), (&[30, 22], &[4, 5]), (&[14, 12, 16], &[3, 0, 2])] {
        let mut largest = 0.0_f64;
        for order in ORDERS {
            let grid = Grid::new(cells, 0.05)?.with_walls_at_zero();
            let sides = vec![[Side::Rigid; 2]; cells.len()];
            let model = Model::new(grid, Medium::default(), &sides, order)?;
            let dt = 0.9 * model.largest_stable_dt();
            let mode = RigidMode::discrete(&model, dt, 1.0, half_periods)?;
            largest = largest.max(error_after(STEPS, &model, dt, &mode)?);
        }
        notes.push(format!("{}-D: {largest:.1e}", cells.len()));
        worst = worst.max(largest);
    }
    let claim = Claim::new(
        "A standing wave between rigid walls with the frequency of the discrete equations is followed to rounding, in \
         one to three dimensions and orders 2 to 8. Measured: the largest error of p or u after 500 steps, with \
         amplitude 1; ten roundings a step are 6e-13.",
        worst,
        Bound::AtMost(ROUNDING),
    )
    .formula("p = cos(w t) prod_a cos(k_a d_a)");
    Ok(notes.into_iter().fold(claim, Claim::note))
}

pub(super) fn energy() -> Outcome {
    let mut random = Random::new(50);
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    let mut chart = Chart::new("Energy of closed 2-D domains", "step", "relative change, 1e-15");
    for (name, side) in
        [("periodic", Side::Periodic), ("rigid", Side::Rigid), ("pressure-release", Side::PressureRelease)]
    {
        let (mut largest, mut shown) = (0.0_f64, Vec::new());
        for (cells, order) in
            [(&[400][..], Order::Eight), (&[24, 18], Order::Two), (&[10, 12, 9], Order::Four)]
        {
            let medium = random_medium(cells, &mut random)?;
            let model = Model::new(Grid::new(cells, 0.1)?, medium, &vec![[side; 2]; cells.len()], order)?;
            let clock = Clock::new(0.9 * model.largest_stable_dt(), 10_000)?;
            let mut run = Simulation::<f64>::new(&model, &clock)?;
            run.start_from(&random_fields(&model, &mut random)?, Start::Exact)?;
            let first = run.energy();
            for _ in 0..100 {
                run.advance(100)?;
                let drift = run.energy() / first - 1.0;
                largest = largest.max(drift.abs());
                if cells.len() == 2 {
                    shown.push((run.step() as f64, 1e15 * drift));
                }
            }
        }
        chart = chart.line(name, shown);
        notes.push(format!("{name}: {largest:.1e}"));
        worst = worst.max(largest);
    }
    let claim = Claim::new(
        "Energy is kept in closed domains, with random fields and another speed and density in every cell. Measured: the \
         largest relative change in 10,000 steps; ten roundings a step of 1.1e-16 and either sign add up to 3.5e-14, and \
         seldom to three times that.",
        worst,
        Bound::AtMost(1e-13),
    )
    .formula("E = dx^d / 2 [sum p^n p^(n+1) / K + sum rho (u^(n+1/2))^2]");
    Ok(notes.into_iter().fold(claim, Claim::note).chart(chart))
}

pub(super) fn reversed() -> Outcome {
    let mut random = Random::new(51);
    let steps = 400;
    let cells = [40, 30];
    let sides = [[Side::Rigid, Side::PressureRelease], [Side::Periodic; 2]];
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    for order in ORDERS {
        let model = Model::new(Grid::new(&cells, 0.1)?, random_medium(&cells, &mut random)?, &sides, order)?;
        let clock = Clock::new(0.9 * model.largest_stable_dt(), steps)?;
        let mut run = Simulation::<f64>::new(&model, &clock)?;
        run.start_from(&random_fields(&model, &mut random)?, Start::Exact)?;
        let before = fields(&run)?;
        run.advance(steps - 1)?;
        // The pressure of the next step, and the velocity on the way to it, turned round.
        let velocity = fields(&run)?.velocity.into_iter().map(|velocity| -velocity).collect();
        run.advance(1)?;
        run.start_from(&Fields { pressure: run.pressure()?, velocity }, Start::Exact)?;
        run.advance(steps - 1)?;
        let mut after = fields(&run)?;
        after.velocity.iter_mut().for_each(|velocity| velocity.mapv_inplace(|value| -value));
        run.advance(1)?;
        after.pressure = run.pressure()?;
        let error = difference(&after, &before);
        notes.push(format!("order {}: {error:.1e}", order.number()));
        worst = worst.max(error);
    }
    let claim = Claim::new(
        "With the velocity turned round, 400 steps lead back to where 400 steps came from. Measured: the largest \
         difference of p or u, for random fields between -1 and 1 and random media; ten roundings of 1.1e-16 in each of \
         800 steps, times 10, the root of the contrast of the bulk moduli, are 1e-11.",
        worst,
        Bound::AtMost(1e-11),
    );
    Ok(notes.into_iter().fold(claim, Claim::note))
}

pub(super) fn jump() -> Outcome {
    let mut random = Random::new(52);
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    for (cells, order) in [
        (&[101][..], Order::Two),
        (&[4096], Order::Six),
        (&[30, 36], Order::Four),
        (&[64, 81], Order::Two),
        (&[8, 11, 10], Order::Eight),
    ] {
        let model = periodic(cells, 0.1, order)?;
        let clock = Clock::new(0.7 * model.largest_stable_dt(), 1000)?;
        let start = random_fields(&model, &mut random)?;
        let mut runs = [Simulation::<f64>::new(&model, &clock)?, Simulation::new(&model, &clock)?];
        runs.iter_mut().try_for_each(|run| run.start_from(&start, Start::Exact))?;
        let [stepped, jumped] = &mut runs;
        let mut largest = 0.0_f64;
        for steps in [1, 2, 997] {
            stepped.advance(steps)?;
            jumped.jump(steps)?;
            largest = largest.max(difference(&fields(stepped)?, &fields(jumped)?));
        }
        notes.push(format!("{cells:?}, order {}: {largest:.1e}", order.number()));
        worst = worst.max(largest);
    }
    let claim = Claim::new(
        "A jump by Fourier transforms ends where steps end. Measured: the largest difference of p or u after 1, 3 and \
         1,000 steps, for random fields between -1 and 1; ten roundings of 1.1e-16 a step are 1.1e-12.",
        worst,
        Bound::AtMost(1e-12),
    );
    Ok(notes.into_iter().fold(claim, Claim::note))
}
