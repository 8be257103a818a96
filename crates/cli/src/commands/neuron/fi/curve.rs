//! Rates over currents, and where they begin.

use hexad_neuro_hh::{FiPoint, Model, NeuroError, fi_curve, rest_loses_stability, rheobase};

use crate::args::neuron::fi::FiArgs;
use crate::commands::neuron::refusal::{moment, refusal};
use crate::error::{Failure, Outcome};
use crate::units::four_digits;

/// Currents to which the rheobase and the stability of rest are sought, in uA/cm2.
const SEARCHED: [f64; 3] = [10.0, 100.0, 1000.0];

/// An f-I curve.
pub struct Curve {
    /// In uA/cm2.
    pub currents: Vec<f64>,
    /// In the steady state.
    pub rates_hz: Vec<f64>,
    /// Spikes in all.
    pub spikes: Vec<usize>,
    /// The least current that makes the neuron spike, switched on at rest.
    pub rheobase: Option<f64>,
    /// The least current in the sweep at which it keeps firing, and its rate there.
    pub onset: Option<(f64, f64)>,
    /// Below this current rest is stable.
    pub rest_stable_below: Option<f64>,
}

impl Curve {
    /// All of it.
    pub fn find(args: &FiArgs) -> Outcome<Self> {
        let (model, currents) = (args.membrane.membrane()?, args.currents());
        let points = rates(args, &model, &currents)?;
        let stable = SEARCHED.iter().find_map(|up_to| rest_loses_stability(&model, *up_to).ok().flatten());
        Ok(Self {
            onset: onset(args, &model, &points)?,
            rheobase: stable.filter(|current| *current == 0.0).or_else(|| least(&model)),
            rest_stable_below: stable,
            rates_hz: points.iter().map(|point| point.rate_hz).collect(),
            spikes: points.iter().map(|point| point.spikes).collect(),
            currents,
        })
    }
}

/// The rheobase; at a rest that is not stable it is 0.
fn least(model: &Model) -> Option<f64> {
    SEARCHED.iter().find_map(|up_to| rheobase(model, *up_to).ok())
}

fn rates(args: &FiArgs, model: &Model, currents: &[f64]) -> Outcome<Vec<FiPoint>> {
    fi_curve(model, currents, args.duration, args.dt).map_err(|error| match error {
        NeuroError::LeftRange { neuron, time_ms, v_mv } => Failure::work(format!(
            "V left the physical range at {} ms with {} mV at {} uA/cm2; sweep less far",
            moment(time_ms),
            four_digits(v_mv),
            currents.get(neuron).copied().unwrap_or(f64::NAN)
        )),
        other => refusal(other),
    })
}

/// Where the rate rises from 0, to a thousandth of the distance between two currents of the sweep.
fn onset(args: &FiArgs, model: &Model, points: &[FiPoint]) -> Outcome<Option<(f64, f64)>> {
    const PARTS: u32 = 32;
    let Some(mut pair) = first_rise(points) else { return Ok(None) };
    for _ in 0..2 {
        let [silent, firing] = pair.map(|point| point.current);
        let at = |part: u32| silent + (firing - silent) * f64::from(part) / f64::from(PARTS);
        let finer = rates(args, model, &(0..=PARTS).map(at).collect::<Vec<_>>())?;
        match first_rise(&finer) {
            Some(closer) => pair = closer,
            None => break,
        }
    }
    Ok(Some((pair[1].current, pair[1].rate_hz)))
}

fn first_rise(points: &[FiPoint]) -> Option<[FiPoint; 2]> {
    let pair = points.windows(2).find(|pair| pair[0].rate_hz == 0.0 && pair[1].rate_hz > 0.0)?;
    Some([pair[0], pair[1]])
}
