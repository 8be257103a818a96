//! How much current makes a neuron fire, and how fast.

use hexad_core::{InputError, check_positive};

use crate::current::Current;
use crate::error::NeuroError;
use crate::integrators::Integrator;
use crate::model::Model;
use crate::neuron::{Neuron, NeuronOptions};
use crate::population::{Population, PopulationOptions};
use crate::spikes::Spike;

/// How fast a neuron fires at a constant current.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FiPoint {
    /// The current, in uA/cm2.
    pub current: f64,
    /// Rate in the steady state, in Hz: 0 if it fires at the onset only.
    pub rate_hz: f64,
    /// Spikes in all.
    pub spikes: usize,
}

/// The rate at each of `currents`, switched on at rest and held for `duration_ms`: all at once, as one population.
///
/// The rate is that of the second half. A neuron that pauses there for longer than its longest interval and a half is
/// taken to have stopped.
///
/// # Errors
///
/// As [`Population::new`] and [`Population::run`].
pub fn fi_curve(
    model: &Model,
    currents: &[f64],
    duration_ms: f64,
    dt_ms: f64,
) -> Result<Vec<FiPoint>, NeuroError> {
    let options = PopulationOptions::default().with_currents(currents.to_vec());
    let mut population = Population::<f64>::new(model, currents.len(), dt_ms, &options)?;
    let mut spikes: Vec<Spike> = Vec::new();
    population.run(duration_ms, &mut spikes)?;
    let mut trains = vec![Vec::new(); currents.len()];
    for spike in &spikes {
        trains[spike.neuron].push(spike.time_ms);
    }
    let point = |(current, train): (&f64, &Vec<f64>)| FiPoint {
        current: *current,
        rate_hz: steady_rate_hz(train, duration_ms),
        spikes: train.len(),
    };
    Ok(currents.iter().zip(&trains).map(point).collect())
}

fn steady_rate_hz(times_ms: &[f64], duration_ms: f64) -> f64 {
    let later: Vec<f64> = times_ms.iter().copied().filter(|time| *time >= 0.5 * duration_ms).collect();
    let (Some(first), Some(last)) = (later.first(), later.last()) else { return 0.0 };
    let longest = later.windows(2).map(|pair| pair[1] - pair[0]).fold(0.0, f64::max);
    if later.len() < 2 || duration_ms - last > 1.5 * longest {
        return 0.0;
    }
    1000.0 * (later.len() - 1) as f64 / (last - first)
}

/// The least current, switched on at rest and held, that makes a neuron spike, in uA/cm2.
///
/// # Errors
///
/// [`NeuroError`] for a model that is malformed, or [`InputError::OutOfRange`] for one that `up_to` does not excite.
pub fn rheobase(model: &Model, up_to: f64) -> Result<f64, NeuroError> {
    least("up_to", up_to, |current| {
        fires(model, &NeuronOptions::default().with_current(Current::constant(current)))
    })
}

/// The least jump of V from rest that makes a neuron spike, in mV.
///
/// # Errors
///
/// As [`rheobase`].
pub fn instantaneous_threshold_mv(model: &Model, up_to_mv: f64) -> Result<f64, NeuroError> {
    let rest = model.resting_state();
    least("up_to_mv", up_to_mv, |jump_mv| {
        fires(model, &NeuronOptions::default().with_start(rest.jumped(jump_mv)))
    })
}

fn fires(model: &Model, options: &NeuronOptions) -> Result<bool, NeuroError> {
    let options = options.clone().with_integrator(Integrator::Rk4).with_every(u64::MAX);
    Ok(!Neuron::new(model, 0.01, &options)?.run(100.0)?.firing.spikes.is_empty())
}

fn least(
    argument: &'static str,
    up_to: f64,
    excites: impl Fn(f64) -> Result<bool, NeuroError>,
) -> Result<f64, NeuroError> {
    check_positive(argument, up_to)?;
    if !excites(up_to)? {
        let allowed = "enough to make the neuron spike";
        return Err(InputError::OutOfRange { argument, value: up_to, allowed }.into());
    }
    let (mut low, mut high) = (0.0, up_to);
    while high - low > 1e-7 * up_to {
        let middle = 0.5 * (low + high);
        if excites(middle)? { high = middle } else { low = middle }
    }
    Ok(0.5 * (low + high))
}
