//! Integrators whose steps are split where something happens.

use std::ops::ControlFlow;

use crate::error::NeuroError;
use crate::integrators::{Integrator, StepCurrent, advance};
use crate::neuron::{Event, Neuron, Sample, Stage, Synapse};
use crate::spikes::{Detector, Spike, crossing};
use crate::state::State;

impl Neuron {
    pub(super) fn split<F: FnMut(&Sample) -> ControlFlow<()>>(
        &self,
        integrator: Integrator,
        duration_ms: f64,
        stage: &mut Stage<F>,
    ) -> Result<(), NeuroError> {
        let steps = stage.steps(duration_ms);
        let mut score = self.score(stage.dt_ms)?;
        let mut player = Player {
            neuron: self,
            integrator,
            state: self.start,
            detector: Detector::new(self.options.threshold, self.start.v_mv),
            dt_ms: stage.dt_ms,
            seed_current: 0.0,
        };
        let (mut events, mut cuts, mut synaptic_mv) = (Vec::new(), Vec::new(), 0.0);
        for step in 0..steps {
            if stage.is_sampled(step) {
                if stage.sample(&self.membrane, step, player.state, synaptic_mv).is_break() {
                    break;
                }
                synaptic_mv = 0.0;
            }
            score.take(step, &mut events, &mut stage.firing.arrivals);
            let jumped: f64 = events.iter().map(|event| event.weight_mv).sum();
            synaptic_mv += jumped;
            self.options.current.cuts(step, stage.dt_ms, &mut cuts);
            player.seed_current = 0.0;
            if self.options.synapse == Synapse::Seed {
                player.seed_current = jumped * self.membrane.model.capacitance_uf_cm2;
                events.clear();
            }
            let spike = player.play(step, &events, &cuts);
            let neuron = self.options.neuron;
            #[expect(clippy::cast_possible_truncation, reason = "an index")]
            stage
                .firing
                .spikes
                .extend(spike.map(|offset| Spike::new(neuron as usize, step, offset, stage.dt_ms)));
            stage.check(neuron, step, &player.state)?;
        }
        if stage.is_sampled(steps) {
            let _ = stage.sample(&self.membrane, steps, player.state, synaptic_mv);
        }
        stage.firing.end = Some(player.state);
        Ok(())
    }
}

/// A neuron in the middle of a step.
struct Player<'a> {
    neuron: &'a Neuron,
    integrator: Integrator,
    state: State,
    detector: Detector,
    dt_ms: f64,
    seed_current: f64,
}

impl Player<'_> {
    /// One step; the offset of a spike in it.
    fn play(&mut self, step: u64, events: &[Event], cuts: &[f64]) -> Option<f64> {
        let (mut spike, mut at) = (None, 0.0);
        let (mut events, mut cuts) = (events.iter().peekable(), cuts.iter().copied().peekable());
        loop {
            let event = events.peek().map_or(2.0, |event| event.offset);
            let cut = cuts.peek().copied().unwrap_or(2.0);
            let until = event.min(cut).min(1.0);
            spike = spike.or(self.piece(step, at, until));
            at = until;
            if event <= cut && event <= 1.0 {
                let jump_mv = events.next().map_or(0.0, |event| event.weight_mv);
                self.state = self.state.jumped(jump_mv);
                spike = spike.or(self.detector.crosses(self.state.v_mv).then_some(at));
            } else if cut <= 1.0 {
                cuts.next();
            } else {
                return spike;
            }
        }
    }

    /// From the offset `start` of a step to `end`, where nothing happens.
    fn piece(&mut self, step: u64, start: f64, end: f64) -> Option<f64> {
        if end <= start {
            return None;
        }
        let time_ms = |offset: f64| (step as f64 + offset) * self.dt_ms;
        let middle_ms = time_ms(0.5 * (start + end));
        let at = |time_ms| self.neuron.options.current.continued(time_ms, middle_ms) + self.seed_current;
        let current = StepCurrent { start: at(time_ms(start)), middle: at(middle_ms), end: at(time_ms(end)) };
        let (length_ms, membrane) = ((end - start) * self.dt_ms, &self.neuron.membrane);
        let before = self.state;
        self.state = advance(self.integrator, membrane, &before, length_ms, &current);
        if !self.detector.crosses(self.state.v_mv) {
            return None;
        }
        let slopes = [(&before, current.start), (&self.state, current.end)]
            .map(|(state, current)| length_ms * membrane.slope_mv(state, current));
        let level_mv = self.neuron.options.threshold.level_mv;
        let within = crossing(level_mv, [before.v_mv, self.state.v_mv], slopes);
        Some(start + (end - start) * within)
    }
}
