//! The same bits for any number of threads, any block, any division of a run, and after a stop.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "indices and counts")]

use std::ops::ControlFlow;

use hexad_neuro_hh::{
    Connections, Model, NeuroError, Population, PopulationOptions, Precision, Projection, Recorder, Spike,
    SynapseKind, bombardment,
};

#[derive(Debug, Default, PartialEq)]
struct Everything {
    spikes: Vec<Spike>,
    potentials: Vec<(f64, Vec<f64>)>,
}

impl Recorder for Everything {
    fn spikes(&mut self, spikes: &[Spike]) -> ControlFlow<()> {
        self.spikes.extend_from_slice(spikes);
        ControlFlow::Continue(())
    }

    fn potentials(&mut self, time_ms: f64, v_mv: &[f64]) -> ControlFlow<()> {
        self.potentials.push((time_ms, v_mv.to_vec()));
        ControlFlow::Continue(())
    }
}

const NEURONS: usize = 300;

fn population<T: Precision>(block: usize, wired: bool) -> Population<T> {
    let currents = (0..NEURONS).map(|neuron| neuron as f64 * 0.02).collect();
    let options = PopulationOptions::default()
        .with_poisson(bombardment(102, 26, 5.0, 0.9, 3.0, 1.0))
        .with_currents(currents)
        .with_seed(3)
        .with_record(vec![299, 0, 17, 150], 7)
        .with_block(block);
    let population = Population::new(&Model::classic(), NEURONS, 0.025, &options).unwrap();
    if !wired {
        return population;
    }
    let kinds = [
        SynapseKind::Delta,
        SynapseKind::ExponentialCurrent { tau_ms: 2.0 },
        SynapseKind::AlphaCurrent { tau_ms: 1.5 },
        SynapseKind::Conductance { tau_ms: 5.0, reversal_mv: -80.0 },
    ];
    let projections: Vec<_> = (kinds.into_iter().zip([0.3, 0.8, 0.5, 0.02]).enumerate())
        .map(|(seed, (synapse, weight))| {
            let mut connections =
                Connections::random(0..NEURONS, 0..NEURONS, 0.05, weight, 1.5, seed as u64).unwrap();
            let count = connections.sources.len();
            connections.delays_ms = (0..count).map(|index| 0.31 + (index % 50) as f64 * 0.0713).collect();
            Projection { synapse, connections }
        })
        .collect();
    population.connected(&projections).unwrap()
}

fn run<T: Precision>(population: &mut Population<T>, pieces: &[f64]) -> Everything {
    let mut everything = Everything::default();
    for duration_ms in pieces {
        population.run(*duration_ms, &mut everything).unwrap();
    }
    everything
}

fn assert_the_same<T: Precision>(wired: bool) {
    let mut whole = population::<T>(256, wired);
    let wanted = run(&mut whole, &[60.0]);
    assert!(wanted.spikes.len() > 300, "{}", wanted.spikes.len());
    assert_eq!(wanted.potentials.len(), 343);
    for block in [64, 128, 512, 4096] {
        let mut other = population::<T>(block, wired);
        assert!(run(&mut other, &[60.0]) == wanted, "block {block}");
        assert!(other.states() == whole.states());
    }
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let got = pool.install(|| run(&mut population::<T>(64, wired), &[60.0]));
        assert!(got == wanted, "{threads} threads");
    }
    assert!(run(&mut population::<T>(64, wired), &[0.025, 12.0, 1.6, 0.05, 46.325]) == wanted, "pieces");
    for stop_ms in [0.4, 1.6, 7.025, 33.3] {
        let mut first = population::<T>(256, wired);
        let mut got = run(&mut first, &[stop_ms]);
        let bytes = first.checkpoint();
        let mut second = population::<T>(64, wired);
        second.resume(&bytes).unwrap();
        let rest = run(&mut second, &[60.0 - stop_ms]);
        got.spikes.extend(rest.spikes);
        got.potentials.extend(rest.potentials);
        assert!(got == wanted, "stopped at {stop_ms}");
        assert!(second.states() == whole.states());
        assert_eq!(second.checkpoint(), {
            let mut third = population::<T>(4096, wired);
            run(&mut third, &[60.0]);
            third.checkpoint()
        });
    }
}

#[test]
fn uncoupled_neurons_in_f64() {
    assert_the_same::<f64>(false);
}

#[test]
fn uncoupled_neurons_in_f32() {
    assert_the_same::<f32>(false);
}

#[test]
fn a_network_in_f64() {
    assert_the_same::<f64>(true);
}

#[test]
fn a_network_in_f32() {
    assert_the_same::<f32>(true);
}

#[test]
fn damaged_and_foreign_checkpoints_are_refused_and_change_nothing() {
    let mut simulated = population::<f64>(64, true);
    run(&mut simulated, &[5.0]);
    let bytes = simulated.checkpoint();
    let states = simulated.states();
    for length in [0, 7, 8, 20, 100, bytes.len() / 2, bytes.len() - 1] {
        assert_eq!(simulated.resume(&bytes[..length]), Err(NeuroError::NotACheckpoint), "{length} bytes");
    }
    let mut long = bytes.clone();
    long.push(0);
    assert_eq!(simulated.resume(&long), Err(NeuroError::NotACheckpoint));
    for place in (0..bytes.len()).step_by(97) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1;
        assert_eq!(simulated.resume(&damaged), Err(NeuroError::NotACheckpoint), "byte {place}");
    }
    assert!(simulated.states() == states);
    assert!(matches!(population::<f32>(64, true).resume(&bytes), Err(NeuroError::CheckpointMismatch { .. })));
    assert!(matches!(
        population::<f64>(64, false).resume(&bytes),
        Err(NeuroError::CheckpointMismatch { .. })
    ));
}

#[test]
fn a_recorder_that_breaks_ends_the_run_and_what_was_simulated_stays() {
    struct Stop(usize);
    impl Recorder for Stop {
        fn spikes(&mut self, spikes: &[Spike]) -> ControlFlow<()> {
            self.0 += spikes.len();
            ControlFlow::Break(())
        }
    }
    let mut stopped = population::<f64>(64, false);
    stopped.run(500.0, &mut Stop(0)).unwrap();
    assert!(stopped.time_ms() > 0.0 && stopped.time_ms() < 100.0);
    let mut straight = population::<f64>(64, false);
    run(&mut straight, &[stopped.time_ms()]);
    assert!(stopped.states() == straight.states());
}

#[test]
fn a_part_of_a_population_does_what_it_does_in_the_whole() {
    let whole = |first: usize, last: usize| {
        let currents = (first..last).map(|neuron| neuron as f64 * 0.02).collect();
        let options = PopulationOptions::default()
            .with_poisson(bombardment(102, 26, 5.0, 0.9, 3.0, 1.0))
            .with_currents(currents)
            .with_seed(3)
            .with_first(first as u64);
        let mut population =
            Population::<f64>::new(&Model::classic(), last - first, 0.025, &options).unwrap();
        let mut spikes: Vec<Spike> = Vec::new();
        population.run(120.0, &mut spikes).unwrap();
        spikes.iter_mut().for_each(|spike| spike.neuron += first);
        spikes
    };
    let mut parts: Vec<Spike> =
        [(0, 77), (77, 200), (200, NEURONS)].map(|(from, to)| whole(from, to)).concat();
    parts.sort_by(|a, b| {
        a.step.cmp(&b.step).then(a.offset.total_cmp(&b.offset)).then(a.neuron.cmp(&b.neuron))
    });
    assert_eq!(parts, whole(0, NEURONS));
}
