//! The claims of hexad-neuro-hh.

mod across;
mod extremes;
mod firing;
mod generator;
mod input;
mod kernels;
mod network;
mod orders;
mod question;
mod sameness;
mod truths;

use hexad_neuro_hh::{Model, NeuroError, Neuron, NeuronOptions, Spike, spike_times_ms};

use super::claim::{Effort, Quick, System};

pub(crate) const SYSTEM: System = System {
    name: "neuro-hh",
    title: "Hodgkin-Huxley neurons",
    question: "When does a Hodgkin-Huxley neuron, or a network of thousands, fire under the spikes of thousands \
            of others?",
    usual: "A spike is added to dV/dt for one step, so that its effect shrinks with the step: a hundredth of \
            a mV where one was meant. An adaptive solver never meets the spike's own time. The rates are 0 / \
            0 at -40 and -55 mV.",
    about: "One neuron under synaptic bombardment, thousands of them, or a network: an arriving spike moves V by its \
            weight whatever the step, spikes come at the times that the equations give them, and they are the same \
            for any number of threads and after a stop.",
    claims: &[
        ("the question's input is a hundredth", question::input),
        ("known numbers of the neuron", truths::known_numbers),
        ("every integrator has its order", orders::constant),
        ("orders hold under bombardment", orders::bombarded),
        ("the fast kernels at constant currents", || kernels::constant(Effort::Full)),
        ("the fast kernels under Poisson input", || kernels::poisson(Effort::Full)),
        ("spikes missed or too many", || kernels::lost(Effort::Full)),
        ("superposed input as per source", input::distribution),
        ("summed jumps: mean 0, 600 mV^2", input::summed_jumps),
        ("the random streams are PCG64-DXSM", generator::known_answers),
        ("firing begins with a jump to 50 Hz", firing::onset),
        ("rest and firing between 6.26 and 9.78", firing::bistable),
        ("0 / 0 of the rates at -40 and -55 mV", extremes::removable),
        ("kernels far outside -100 to 60 mV", extremes::far_out),
        ("what leaves the range is stopped", extremes::stopped),
        ("the same spikes, whoever computes", sameness::spikes),
        ("COBA-HH fires as Brian 2's does", network::coba_hh),
        ("a smoothed spike train keeps its count", across::smoothed),
        ("the spectrum peaks at the f-I rate", across::spectrum),
    ],
    quick: &[
        (
            "the fast kernels at constant currents",
            Quick::Less("4 currents of 13", || kernels::constant(Effort::Quick)),
        ),
        (
            "the fast kernels under Poisson input",
            Quick::Less("3 neurons of 12", || kernels::poisson(Effort::Quick)),
        ),
        ("spikes missed or too many", Quick::Less("3 neurons of 12", || kernels::lost(Effort::Quick))),
        ("COBA-HH fires as Brian 2's does", Quick::NotRun),
    ],
};

/// Spike times of one neuron.
fn train_ms(
    model: &Model,
    dt_ms: f64,
    duration_ms: f64,
    options: &NeuronOptions,
) -> Result<Vec<f64>, NeuroError> {
    let options = options.clone().with_every(u64::MAX);
    let run = Neuron::new(model, dt_ms, &options)?.run(duration_ms)?;
    Ok(spike_times_ms(&run.firing.spikes))
}

/// Spike times of each of `neurons`.
fn by_neuron(neurons: usize, spikes: &[Spike]) -> Vec<Vec<f64>> {
    let mut trains = vec![Vec::new(); neurons];
    for spike in spikes {
        trains[spike.neuron].push(spike.time_ms);
    }
    trains
}
