//! The staggered scheme: V at whole steps, gates at half steps.

use std::ops::ControlFlow;

use crate::error::NeuroError;
use crate::gate_table::GateTable;
use crate::integrators::{
    Jumps, LARGE_JUMP_MV, crank_nicolson_gates, crank_nicolson_gates_among, crank_nicolson_v,
};
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
        let mut table = GateTable::new(membrane, dt_ms);
        let (mut beat, mut before, mut synaptic_mv) = (Beat::default(), Beat::default(), 0.0);
        let (mut state, mut left_mv, mut near_mv) = (self.start, self.start.v_mv, self.start.v_mv);
        for step in 0..steps {
            std::mem::swap(&mut beat, &mut before);
            score.take(step, &mut beat.events, &mut stage.firing.arrivals);
            beat.sum();
            let jumped = beat.jumps.total;
            let mut current = self.options.current.mean(step as f64 * dt_ms, (step + 1) as f64 * dt_ms);
            if self.options.synapse == Synapse::Seed {
                current += jumped * membrane.model.capacitance_uf_cm2;
                beat.events.clear();
                beat.sum();
            }
            let drift_mv = state.v_mv - left_mv;
            let middle = if step == 0 || before.large[1] || beat.large[0] {
                let gates_ms = if step == 0 { 0.5 * dt_ms } else { dt_ms };
                self.gates_among(state, gates_ms, &before, &beat)
            } else {
                let shift_mv = before.shifts_mv[1] + beat.shifts_mv[0];
                table.step(&state, state.v_mv + shift_mv, near_mv + shift_mv)
            };
            if stage.is_sampled(step) {
                let now = if step == 0 { state } else { halfway(&state, &middle) };
                if stage.sample(membrane, step, now, synaptic_mv).is_break() {
                    break;
                }
                synaptic_mv = 0.0;
            }
            synaptic_mv += jumped;
            let end_mv = crank_nicolson_v(membrane, &middle, dt_ms, current, &beat.jumps);
            if detector.crosses(end_mv) {
                let crossed = CrossedStep { middle, end_mv, current, dt_ms };
                stage.firing.spikes.push(self.spike(step, &crossed, &beat));
            }
            // Where V would be had it only jumped; where it comes if it goes on as in the step before.
            left_mv = state.v_mv + beat.jumps.total;
            near_mv = left_mv + drift_mv;
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

    /// The gates from the middle of one step of V, with the jumps of `before`, to the middle of the next, with those of
    /// `beat`.
    #[cold]
    fn gates_among(&self, state: State, gates_ms: f64, before: &Beat, beat: &Beat) -> State {
        let late = before.events.iter().map(|event| (event.offset - 0.5, event.weight_mv));
        let early = beat.events.iter().map(|event| (event.offset + 0.5, event.weight_mv));
        let jumps = late.chain(early).filter(|(place, _)| (0.0..1.0).contains(place));
        crank_nicolson_gates_among(&self.membrane, &state, state.v_mv, gates_ms, jumps)
    }

    #[cold]
    fn spike(&self, step: u64, crossed: &CrossedStep, beat: &Beat) -> Spike {
        let jumps: Vec<_> = beat.events.iter().map(|event| (event.offset, event.weight_mv)).collect();
        let offset = crossed.offset(&self.membrane, self.options.threshold.level_mv, &jumps);
        #[expect(clippy::cast_possible_truncation, reason = "an index")]
        Spike::new(self.options.neuron as usize, step, offset, crossed.dt_ms)
    }
}

/// What arrives in a step of V.
#[derive(Debug, Default)]
struct Beat {
    events: Vec<Event>,
    jumps: Jumps,
    /// How far the mean of V over a step of the gates lies from V in its middle, in mV: by the jumps in the first half,
    /// where one step of the gates ends, and by those in the second, where the next begins.
    shifts_mv: [f64; 2],
    /// Whether a jump in that half is too large for the rates of a mean V.
    large: [bool; 2],
}

impl Beat {
    /// Sums its events up.
    fn sum(&mut self) {
        (self.jumps, self.shifts_mv, self.large) = (Jumps::default(), [0.0; 2], [false; 2]);
        for event in &self.events {
            let early_mv = (0.5 - event.offset) * event.weight_mv;
            let half = usize::from(event.offset >= 0.5);
            self.jumps.total += event.weight_mv;
            self.jumps.late -= early_mv;
            self.shifts_mv[half] += early_mv;
            self.large[half] |= event.weight_mv.abs() >= LARGE_JUMP_MV;
        }
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
