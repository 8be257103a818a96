//! Numbers that are known.

use hexad_neuro_hh::{
    Current, Integrator, Model, NeuronOptions, State, instantaneous_threshold_mv, rheobase,
};

use super::train_ms;
use crate::validate::claim::{Bound, Claim, Outcome};

pub(super) fn known_numbers() -> Outcome {
    let model = Model::classic();
    let exact = |current| {
        NeuronOptions::default().with_current(Current::constant(current)).with_integrator(Integrator::Rk4)
    };
    let train = train_ms(&model, 0.001, 300.0, &exact(10.0))?;
    let [.., before, last] = train[..] else { return Err("too few spikes".into()) };
    let alone = train_ms(&model, 0.001, 300.0, &exact(3.0).with_start(State::QUESTION))?;
    if alone.len() != 1 {
        return Err(format!("the question's neuron fires {} times", alone.len()).into());
    }
    let numbers = [
        ("steady interval at 10 uA/cm2, ms", last - before, "14.636210"),
        ("first spike at 10 uA/cm2 from rest, ms", train[0], "1.901232"),
        ("the question's neuron at 3 uA/cm2 fires once, ms", alone[0], "4.834760"),
        ("least step of current for a spike, uA/cm2", rheobase(&model, 10.0)?, "2.24033"),
        ("least jump for a spike, mV", instantaneous_threshold_mv(&model, 20.0)?, "6.505"),
        ("rest, mV", model.resting_state().v_mv, "-64.9963793312"),
    ];
    let decimals = |known: &str| known.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let mut worst = 0.0_f64;
    for (_, value, known) in numbers {
        let unit = 0.1_f64.powi(i32::try_from(decimals(known))?);
        worst = worst.max((value - known.parse::<f64>()?).abs() / unit);
    }
    let claim = Claim::new(
        "Six numbers of the classic neuron that do not depend on how it is computed. Measured: the largest difference, \
         in units of a number's last digit; half a unit is rounding.",
        worst,
        Bound::AtMost(0.5),
    )
    .source("tests/reference/make_neuron.py: SciPy 1.17.1, DOP853 at 3e-14");
    Ok(numbers.iter().fold(claim, |claim, (name, value, known)| {
        claim.note(format!("{name}: {value:.*}, known as {known}", decimals(known) + 2))
    }))
}
