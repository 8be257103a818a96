//! One neuron, with everything that can be seen of it.

mod options;
mod recording;
mod split;
mod staggered;

pub use options::{NeuronOptions, Synapse, SynapticInput};
pub use recording::{Firing, Recording, Sample, Traces};

use std::ops::ControlFlow;

use hexad_core::{InputError, check_positive};

use crate::current::Current;
use crate::error::NeuroError;
use crate::input::{Arrival, Arrivals};
use crate::integrators::Integrator;
use crate::model::{Membrane, Model};
use crate::random::StreamKey;
use crate::state::State;
use crate::time::{locate, steps_in};

/// One neuron with its current and its input: a plan that [`Neuron::run`] plays from the start.
///
/// # Examples
///
/// The question's neuron at 3 uA/cm2, left alone: it fires once.
///
/// ```
/// use hexad_neuro_hh::{Current, Model, Neuron, NeuronOptions, State};
/// let options = NeuronOptions::default().with_start(State::QUESTION).with_current(Current::constant(3.0));
/// let recording = Neuron::new(&Model::classic(), 0.01, &options)?.run(300.0)?;
/// assert_eq!(recording.firing.spikes.len(), 1);
/// assert!((recording.firing.spikes[0].time_ms - 4.83476).abs() < 1e-3);
/// # Ok::<(), hexad_neuro_hh::NeuroError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Neuron {
    membrane: Membrane,
    dt_ms: f64,
    options: NeuronOptions,
    start: State,
}

impl Neuron {
    /// A neuron of `model`, stepped by `dt_ms`.
    ///
    /// # Errors
    ///
    /// [`NeuroError::UnstableStep`], with the longest safe one, where `dt_ms` is too long for the integrator;
    /// [`InputError`] for anything that is not finite or out of range.
    pub fn new(model: &Model, dt_ms: f64, options: &NeuronOptions) -> Result<Self, NeuroError> {
        let membrane = Membrane::new(model)?;
        check_positive("dt_ms", dt_ms)?;
        options.check()?;
        options.integrator.check_step(&membrane, dt_ms)?;
        let start = options.start.unwrap_or_else(|| model.resting_state());
        Ok(Self { membrane, dt_ms, options: options.clone(), start })
    }

    /// Plays `duration_ms`, to the nearest step, and records every [`NeuronOptions::every`]-th step.
    ///
    /// # Errors
    ///
    /// As [`Neuron::run_with`]; what was recorded until then is lost, [`Neuron::run_into`] keeps it.
    pub fn run(&self, duration_ms: f64) -> Result<Recording, NeuroError> {
        let mut recording = Recording::default();
        self.run_into(duration_ms, &mut recording)?;
        Ok(recording)
    }

    /// As [`Neuron::run`], into `recording`, which is emptied first and keeps what came before an error.
    ///
    /// # Errors
    ///
    /// As [`Neuron::run_with`].
    pub fn run_into(&self, duration_ms: f64, recording: &mut Recording) -> Result<(), NeuroError> {
        // A run may end early: only so much room is made at once.
        const MOST_ROOM: u64 = 1 << 16;
        let samples = steps_in(duration_ms, self.dt_ms) / self.options.every.max(1);
        recording.clear(usize::try_from(samples.min(MOST_ROOM)).unwrap_or(0) + 1);
        let Recording { samples, firing } = recording;
        self.run_with(duration_ms, firing, |sample| {
            samples.push(sample);
            ControlFlow::Continue(())
        })
    }

    /// Plays `duration_ms`: each sample is handed to `on_sample`, which may end the run; spikes and arrivals are
    /// collected in `firing`. With [`Integrator::Auto`] only the last of several runs is handed out.
    ///
    /// # Errors
    ///
    /// [`NeuroError::LeftRange`] when V leaves the physical range; [`NeuroError::ToleranceNotMet`]; [`InputError`]
    /// unless `duration_ms` is finite and positive.
    pub fn run_with(
        &self,
        duration_ms: f64,
        firing: &mut Firing,
        on_sample: impl FnMut(&Sample) -> ControlFlow<()>,
    ) -> Result<(), NeuroError> {
        check_positive("duration_ms", duration_ms)?;
        let mut stage = Stage { firing, on_sample, every: self.options.every, dt_ms: self.dt_ms };
        match self.options.integrator {
            Integrator::Staggered => self.staggered(duration_ms, &mut stage),
            Integrator::Auto { tolerance_ms } => self.automatic(duration_ms, tolerance_ms, &mut stage),
            integrator => self.split(integrator, duration_ms, &mut stage),
        }
    }

    /// Runge-Kutta at ever shorter steps; the error is what Richardson's rule leaves of the last change.
    fn automatic<F: FnMut(&Sample) -> ControlFlow<()>>(
        &self,
        duration_ms: f64,
        tolerance_ms: f64,
        stage: &mut Stage<F>,
    ) -> Result<(), NeuroError> {
        const HALVINGS: u32 = 12;
        let mut error_ms = f64::INFINITY;
        let mut coarse = self.quietly(duration_ms, self.dt_ms)?;
        for halving in 1..=HALVINGS {
            let dt_ms = self.dt_ms / f64::from(1 << halving);
            let fine = self.quietly(duration_ms, dt_ms)?;
            error_ms = largest_shift_ms(&coarse, &fine) / 15.0;
            if error_ms <= tolerance_ms {
                stage.every = self.options.every << halving;
                stage.dt_ms = dt_ms;
                return self.split(Integrator::Rk4, duration_ms, stage);
            }
            coarse = fine;
        }
        let dt_ms = self.dt_ms / f64::from(1 << HALVINGS);
        Err(NeuroError::ToleranceNotMet { tolerance_ms, error_ms, dt_ms })
    }

    fn quietly(&self, duration_ms: f64, dt_ms: f64) -> Result<Firing, NeuroError> {
        let mut firing = Firing::default();
        let on_sample = |_: &Sample| ControlFlow::Continue(());
        let mut stage = Stage { firing: &mut firing, on_sample, every: u64::MAX, dt_ms };
        self.split(Integrator::Rk4, duration_ms, &mut stage)?;
        Ok(firing)
    }

    fn score(&self, dt_ms: f64) -> Result<Score, InputError> {
        Score::new(&self.options, dt_ms)
    }
}

fn largest_shift_ms(a: &Firing, b: &Firing) -> f64 {
    if a.spikes.len() != b.spikes.len() {
        return f64::INFINITY;
    }
    a.spikes.iter().zip(&b.spikes).map(|(a, b)| (a.time_ms - b.time_ms).abs()).fold(0.0, f64::max)
}

/// Where a run puts what it finds.
struct Stage<'a, F> {
    firing: &'a mut Firing,
    on_sample: F,
    every: u64,
    dt_ms: f64,
}

impl<F: FnMut(&Sample) -> ControlFlow<()>> Stage<'_, F> {
    fn is_sampled(&self, step: u64) -> bool {
        step.is_multiple_of(self.every)
    }

    fn steps(&self, duration_ms: f64) -> u64 {
        steps_in(duration_ms, self.dt_ms)
    }

    fn sample(&mut self, membrane: &Membrane, step: u64, state: State, synaptic_mv: f64) -> ControlFlow<()> {
        let [i_na, i_k, i_l] = membrane.model.currents(&state);
        let time_ms = step as f64 * self.dt_ms;
        (self.on_sample)(&Sample { time_ms, state, i_na, i_k, i_l, synaptic_mv })
    }

    fn check(&self, neuron: u64, step: u64, state: &State) -> Result<(), NeuroError> {
        if state.in_range() {
            return Ok(());
        }
        #[expect(clippy::cast_possible_truncation, reason = "an index")]
        let neuron = neuron as usize;
        Err(NeuroError::LeftRange { neuron, time_ms: (step + 1) as f64 * self.dt_ms, v_mv: state.v_mv })
    }
}

/// The arrivals of a run, step by step.
struct Score {
    arrivals: Box<dyn Iterator<Item = Arrival>>,
    next: Option<(u64, Event)>,
    steps_per_ms: f64,
}

/// An arrival within its step.
#[derive(Debug, Clone, Copy)]
struct Event {
    offset: f64,
    weight_mv: f64,
    group: usize,
}

impl Score {
    fn new(options: &NeuronOptions, dt_ms: f64) -> Result<Self, InputError> {
        let key = StreamKey { seed: options.seed, run: options.run, neuron: options.neuron, source: 0 };
        let arrivals: Box<dyn Iterator<Item = Arrival>> = match &options.input {
            SynapticInput::None => Box::new(std::iter::empty()),
            SynapticInput::Poisson(groups) => Box::new(Arrivals::new(groups, &key)?),
            SynapticInput::Given(arrivals) => Box::new(arrivals.clone().into_iter()),
        };
        let mut score = Self { arrivals, next: None, steps_per_ms: 1.0 / dt_ms };
        score.draw();
        Ok(score)
    }

    fn draw(&mut self) {
        self.next = self.arrivals.next().map(|Arrival { time_ms, weight_mv, group, .. }| {
            let (step, offset) = locate(time_ms, self.steps_per_ms);
            (step, Event { offset, weight_mv, group })
        });
    }

    /// The arrivals of `step`, in order.
    #[inline]
    fn take(&mut self, step: u64, events: &mut Vec<Event>, counts: &mut Vec<u64>) {
        events.clear();
        if self.next.is_some_and(|(at, _)| at <= step) {
            self.take_some(step, events, counts);
        }
    }

    #[inline(never)]
    fn take_some(&mut self, step: u64, events: &mut Vec<Event>, counts: &mut Vec<u64>) {
        while let Some((at, event)) = self.next {
            if at > step {
                break;
            }
            if counts.len() <= event.group {
                counts.resize(event.group + 1, 0);
            }
            counts[event.group] += 1;
            events.push(event);
            self.draw();
        }
    }
}

impl Current {
    /// The moments within `step` at which it is not smooth, as offsets.
    fn cuts(&self, step: u64, dt_ms: f64, cuts: &mut Vec<f64>) {
        cuts.clear();
        let (start, end) = (step as f64 * dt_ms, (step + 1) as f64 * dt_ms);
        let mut at = self.next_break(start);
        while at < end {
            cuts.push(((at - start) / dt_ms).min(1.0));
            at = self.next_break(at);
        }
    }
}
