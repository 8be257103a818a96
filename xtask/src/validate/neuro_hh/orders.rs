//! By what power of the step errors fall.

use std::error::Error;

use hexad_neuro_hh::{Arrival, Current, Integrator, Model, NeuronOptions, Waveform};

use super::train_ms;
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

const DURATION_MS: f64 = 40.0;
/// Each and its longest step: where its errors begin to fall as they do in the limit.
const INTEGRATORS: [(Integrator, f64); 5] = [
    (Integrator::Euler, 0.01),
    (Integrator::Exponential, 0.01),
    (Integrator::Strang, 0.02),
    (Integrator::Staggered, 0.04),
    (Integrator::Rk4, 0.04),
];
const HALVINGS: i32 = 5;

pub(super) fn constant() -> Outcome {
    let options = NeuronOptions::default().with_current(Current::constant(10.0));
    let claim = Claim::new(
        "The error of spike times falls with the step by the power that each integrator promises: forward and \
         exponential Euler 1, Strang and staggered 2, Runge-Kutta 4. The slope of the line through the logarithms of \
         the largest error in 40 ms at 10 uA/cm2, at five steps that halve. Measured: the largest distance from the \
         promise; a half would be another whole order.",
        0.0,
        Bound::AtMost(0.5),
    );
    measured(claim, &options, "Largest error of a spike time at 10 uA/cm2")
}

pub(super) fn bombarded() -> Outcome {
    let arrival = |(time_ms, weight_mv)| Arrival { time_ms, weight_mv, group: 0, source: None };
    // Nowhere near a whole or half step.
    let arrivals = [(1.234_567, 7.0), (3.718_281, 2.0), (9.331_313, -3.0), (12.777_77, 4.0), (20.123_4, 9.0)];
    let step = Waveform::Step { from_ms: 8.111_1, until_ms: 21.937_5, value: 7.0 };
    let options = NeuronOptions::default()
        .with_arrivals(arrivals.map(arrival).to_vec())
        .with_current(Current::constant(2.0).plus(step));
    let claim = Claim::new(
        "The same among five jumps of V and two of the current at odd moments within a step. Measured: the largest \
         distance from the promise; a half would be another whole order.",
        0.0,
        Bound::AtMost(0.5),
    );
    measured(claim, &options, "Largest error of a spike time among jumps")
}

fn measured(mut claim: Claim, options: &NeuronOptions, title: &str) -> Outcome {
    // An error of 1e-13 of itself: fourth order at a sixteenth of the shortest step.
    let truth = spikes(Integrator::Rk4, options, 0.04 / f64::from(1 << (HALVINGS + 3)))?;
    let mut chart = Chart::new(title, "step in ms", "error in ms").log_x().log_y();
    for (integrator, longest_ms) in INTEGRATORS {
        let mut points = Vec::new();
        for halving in 0..HALVINGS {
            let dt_ms = longest_ms / f64::from(1 << halving);
            points.push((dt_ms, largest_error(&spikes(integrator, options, dt_ms)?, &truth)?));
        }
        let order = slope(&points);
        claim.measured = claim.measured.max((order - f64::from(integrator.order())).abs());
        claim = claim.note(format!("{}: {order:.3}", integrator.name()));
        chart = chart.line(integrator.name(), points);
    }
    Ok(claim.chart(chart))
}

fn spikes(integrator: Integrator, options: &NeuronOptions, dt_ms: f64) -> Result<Vec<f64>, Box<dyn Error>> {
    let options = options.clone().with_integrator(integrator);
    Ok(train_ms(&Model::classic(), dt_ms, DURATION_MS, &options)?)
}

fn largest_error(got: &[f64], truth: &[f64]) -> Result<f64, Box<dyn Error>> {
    if got.len() != truth.len() {
        return Err(format!("{} spikes instead of {}", got.len(), truth.len()).into());
    }
    Ok(hexad_testkit::max_difference(got, truth))
}

/// Of the straight line through the logarithms, by least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|(x, y)| (x.ln(), y.ln())).unzip();
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / count, y.iter().sum::<f64>() / count);
    let along: f64 = x.iter().zip(&y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    along / x.iter().map(|x| (x - mean_x).powi(2)).sum::<f64>()
}
