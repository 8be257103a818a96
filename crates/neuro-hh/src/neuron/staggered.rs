//! The staggered scheme: V at whole steps, gates at half steps.

use std::ops::ControlFlow;

use crate::error::NeuroError;
use crate::integrators::{Jumps, crank_nicolson_gates, crank_nicolson_gates_among, crank_nicolson_v};
use crate::neuron::{Event, Neuron, Sample, Stage, Synapse};
use crate::spikes::{CrossedStep, Detector, Spike};
use crate::state::State;

impl Neuron {
    pub(super) fn staggered<F: FnMut(&Sample) -> ControlFlow<()>>(
        &self,
        duration_ms: f64,
        stage: &mut Stage<F>,
    ) -> Result<(), NeuroError> {
        let (steps, dt_ms, membrane) = (stage.steps(duration_ms), stage.dt_ms, &self.membrane);
        let mut score = self.score(dt_ms)?;
        let mut detector = Detector::new(self.options.threshold, self.start.v_mv);
        let (mut events, mut before, mut synaptic_mv) = (Vec::new(), Vec::new(), 0.0);
        let (mut state, mut gates_ms) = (self.start, 0.5 * dt_ms);
        for step in 0..steps {
            std::mem::swap(&mut events, &mut before);
            score.take(step, &mut events, &mut stage.firing.arrivals);
            let jumped: f64 = events.iter().map(|event| event.weight_mv).sum();
            let mut current = self.options.current.mean(step as f64 * dt_ms, (step + 1) as f64 * dt_ms);
            if self.options.synapse == Synapse::Seed {
                current += jumped * membrane.model.capacitance_uf_cm2;
                events.clear();
            }
            let middle = self.gates_among(&state, gates_ms, &before, &events);
            gates_ms = dt_ms;
            if stage.is_sampled(step) {
                let now = if step == 0 { state } else { halfway(&state, &middle) };
                if stage.sample(membrane, step, now, synaptic_mv).is_break() {
                    break;
                }
                synaptic_mv = 0.0;
            }
            synaptic_mv += jumped;
            let end_mv = crank_nicolson_v(membrane, &middle, dt_ms, current, &Jumps::of(&events));
            if detector.crosses(end_mv) {
                let jumps: Vec<_> = events.iter().map(|event| (event.offset, event.weight_mv)).collect();
                let crossed = CrossedStep { middle, end_mv, current, dt_ms };
                let offset = crossed.offset(membrane, self.options.threshold.level_mv, &jumps);
                #[expect(clippy::cast_possible_truncation, reason = "an index")]
                stage.firing.spikes.push(Spike::new(self.options.neuron as usize, step, offset, dt_ms));
            }
            state = State { v_mv: end_mv, ..middle };
            stage.check(self.options.neuron, step, &state)?;
        }
        let end = crank_nicolson_gates(membrane, &state, state.v_mv, 0.5 * dt_ms);
        if stage.is_sampled(steps) {
            let _ = stage.sample(membrane, steps, end, synaptic_mv);
        }
        stage.firing.end = Some(end);
        Ok(())
    }
}

impl Neuron {
    /// The gates from the middle of one step of V, with the jumps `before`, to the middle of the next, with `events`.
    fn gates_among(&self, state: &State, gates_ms: f64, before: &[Event], events: &[Event]) -> State {
        let late = before.iter().map(|event| (event.offset - 0.5, event.weight_mv));
        let early = events.iter().map(|event| (event.offset + 0.5, event.weight_mv));
        let jumps = late.chain(early).filter(|(place, _)| (0.0..1.0).contains(place));
        crank_nicolson_gates_among(&self.membrane, state, state.v_mv, gates_ms, jumps)
    }
}

impl Jumps {
    fn of(events: &[Event]) -> Self {
        let total = events.iter().map(|event| event.weight_mv).sum();
        let late = events.iter().map(|event| event.weight_mv * (event.offset - 0.5)).sum();
        Self { total, late }
    }
}

/// The gates at the whole step between two half steps, with V there.
fn halfway(before: &State, after: &State) -> State {
    let mean = |a: f64, b: f64| 0.5 * (a + b);
    State {
        v_mv: before.v_mv,
        m: mean(before.m, after.m),
        h: mean(before.h, after.h),
        n: mean(before.n, after.n),
    }
}
