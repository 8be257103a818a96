//! The question's program, its slices and its start.

use std::f64::consts::{PI, SQRT_2, TAU};

use hexad_pde_leapfrog::{PlaneWaves, Start, StudyOptions, converge};

use super::{line_slope, slopes, unit_cell};
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

/// Time step over spacing.
const COURANT: f64 = 0.3;
/// Its grids have 50 to 950 places.
const PLACES: [usize; 19] = {
    let mut places = [0; 19];
    let mut index = 0;
    while index < 19 {
        places[index] = 50 * (index + 1);
        index += 1;
    }
    places
};

/// `p_t + u_x = 0`, `u_t + p_x = 0` on a unit interval whose end is there twice, with `p = cos 2 pi (x + t)` and
/// `u = -p`.
struct Program {
    dx: f64,
    /// cos and sin of 2 pi x.
    waves: [Vec<f64>; 2],
    p: Vec<f64>,
    u: Vec<f64>,
}

impl Program {
    /// p and u both at the places x and at time 0.
    fn new(places: usize) -> Self {
        let dx = 1.0 / (places - 1) as f64;
        let turn = |j: usize| TAU * (j as f64 * dx);
        let waves = [f64::cos, f64::sin].map(|wave| (0..places).map(|j| wave(turn(j))).collect::<Vec<f64>>());
        let p = waves[0].clone();
        let u = p.iter().map(|p| -p).collect();
        Self { dx, waves, p, u }
    }

    /// `p[1:] += C (u[:-1] - u[1:])`, `p[0] = p[-1]`, `u[:-1] += C (p[:-1] - p[1:])`, `u[-1] = u[0]`.
    fn step(&mut self) {
        let Self { p, u, .. } = self;
        let last = p.len() - 1;
        for j in 1..=last {
            p[j] += COURANT * (u[j - 1] - u[j]);
        }
        p[0] = p[last];
        for j in 0..last {
            u[j] += COURANT * (p[j] - p[j + 1]);
        }
        u[last] = u[0];
    }

    /// `sqrt(dx)` times the Euclidean norm of the error of p at time t.
    fn error(&self, t: f64) -> f64 {
        let (sine, cosine) = (TAU * t).sin_cos();
        let [cosines, sines] = &self.waves;
        let exact = cosines.iter().zip(sines).map(|(a, b)| a * cosine - b * sine);
        let squares: f64 = self.p.iter().zip(exact).map(|(p, exact)| (p - exact).powi(2)).sum();
        (self.dx * squares).sqrt()
    }

    /// Time and error of p, at the times `numpy.arange(0, end, dt)`.
    fn run(mut self, end: f64) -> Vec<(f64, f64)> {
        let dt = COURANT * self.dx;
        let at = |n: u32| f64::from(n) * dt;
        let times = (0..).map(at).take_while(|t| *t < end);
        let mut errors = Vec::new();
        for t in times {
            if t > 0.0 {
                self.step();
            }
            errors.push((t, self.error(t)));
        }
        errors
    }
}

/// Spacing and error of each grid, the largest over time and that at the end.
fn errors(end: f64) -> [Vec<(f64, f64)>; 2] {
    let mut both = [Vec::new(), Vec::new()];
    for places in PLACES {
        let program = Program::new(places);
        let dx = program.dx;
        let errors = program.run(end);
        let largest = errors.iter().map(|point| point.1).fold(0.0, f64::max);
        both[0].push((dx, largest));
        both[1].extend(errors.last().map(|point| (dx, point.1)));
    }
    both
}

pub(super) fn order_is_one() -> Outcome {
    let [largest, at_end] = errors(2.0);
    let options = StudyOptions::default().with_cells(&PLACES).with_start(Start::Exact);
    let right = converge(&PlaneWaves::question(1), unit_cell, &options)?;
    let right: Vec<(f64, f64)> = right.rows.iter().map(|row| (row.dx, row.error_p.l2)).collect();
    let (dx, error) = largest[PLACES.len() - 1];
    let leading = PI * (1.0 + COURANT) * dx / SQRT_2;
    let chart = Chart::new("The question's program", "dx", "L2 error of p")
        .log_x()
        .log_y()
        .line("slopes 1 and 2", slopes([(&largest, 1.0), (&right, 2.0)]))
        .dots("largest", largest.iter().copied())
        .line("at the end, T = 2", at_end)
        .dots("a right start, largest", right.iter().copied());
    Ok(Claim::new(
        "The question's program, its grids of 50 to 950 places and its start, is of order 1: it takes the velocity at \
         time 0 and at the pressure's places, half a step and half a cell too early. Measured: the order of the \
         largest error over time; a quarter on both sides tells a whole order from the next.",
        line_slope(&largest),
        Bound::Between(0.75, 1.25),
    )
    .formula("error = pi (dx + dt) |sin 2 pi t| / sqrt 2 + O(dx^2)")
    .note(format!("950 places: {error:.3e}, of which the start is {leading:.3e}"))
    .note(format!("50, 100, 200 places: {:.3e}, {:.3e}, {:.3e}", largest[0].1, largest[1].1, largest[3].1))
    .chart(chart))
}

pub(super) fn order_looks_like_two() -> Outcome {
    let [_, at_end] = errors(2.0);
    let elsewhere = [1.75, 1.9, 2.1].map(|end| (end, line_slope(&errors(end)[1])));
    let over_time = Program::new(100).run(2.0);
    let start = PI * (1.0 + COURANT) / (99.0 * SQRT_2);
    let of_start = over_time.iter().map(|(t, _)| (*t, start * (TAU * t).sin().abs())).collect::<Vec<_>>();
    let chart = Chart::new("100 places: the error comes and goes", "time", "L2 error of p")
        .line("of the start alone", of_start)
        .line("the question's program", over_time);
    let claim = Claim::new(
        "At the end of whole periods the first-order error of the start is zero, and the program looks as if it were \
         of order 2, which is what the question saw. Measured: the order of its error at T = 2; a quarter on both \
         sides tells a whole order from the next.",
        line_slope(&at_end),
        Bound::Between(1.75, 2.25),
    );
    let note =
        |claim: Claim, (end, order): (f64, f64)| claim.note(format!("end at T = {end}: order {order:.2}"));
    Ok(elsewhere.into_iter().fold(claim, note).chart(chart))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_those_of_numpy() {
        // numpy 2, the question's own lines, 50 and 100 places, T = 2.
        for (places, largest, at_end) in
            [(50, 6.50579159e-2, 5.89819078e-3), (100, 3.06610958e-2, 1.49421502e-3)]
        {
            let errors = Program::new(places).run(2.0);
            let found = errors.iter().map(|point| point.1).fold(0.0, f64::max);
            assert!((found - largest).abs() < 1e-10, "{found:e}");
            let found = errors[errors.len() - 1].1;
            assert!((found - at_end).abs() < 1e-10, "{found:e}");
        }
    }
}
