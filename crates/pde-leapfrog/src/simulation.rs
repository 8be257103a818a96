//! A run of a model.

use std::ops::Range;

use hexad_core::ndarray::ArrayD;

use crate::arrays::places;
use crate::energy::Kept;
use crate::equations::Equations;
use crate::fields::{self, Fields};
use crate::plan::{Plan, Tiling};
use crate::real::Real;
use crate::run::run_block;
use crate::scheme::Scheme;
use crate::state::{Field, State};
use crate::work::Work;
use crate::{Clock, Model, Solution, Start, WaveError};

/// The state of a [`Model`] in time, and how it goes on.
///
/// Pressure is known at whole steps, `t = n dt`, velocity half a step later. The state does not depend on how many
/// steps are made in one call, on tiles or on threads, to the last bit: it is that of
/// [`crate::direct::DirectSimulation`].
///
/// Runs on the current rayon pool.
///
/// # Examples
///
/// ```
/// use hexad_pde_leapfrog::{Grid, Medium, Model, Order, PlaneWaves, Side, Simulation, Solution, Start};
/// let grid = Grid::new(&[100], 0.01)?;
/// let model = Model::new(grid, Medium::default(), &[[Side::Periodic; 2]], Order::Two)?;
/// let clock = model.clock(2.0, 0.3)?;
/// let wave = PlaneWaves::question(1);
/// let mut run = Simulation::<f64>::new(&model, &clock)?;
/// run.start(&wave, Start::Taylor2)?;
/// run.advance(clock.steps())?;
/// let error = run.pressure()?[0] - wave.pressure(&[0.0], run.time());
/// assert!(error.abs() < 2e-3);
/// # Ok::<(), hexad_pde_leapfrog::WaveError>(())
/// ```
#[derive(Debug)]
pub struct Simulation<T: Real = f64> {
    pub(crate) model: Model,
    pub(crate) dt: f64,
    pub(crate) step: u64,
    pub(crate) scheme: Scheme<T>,
    pub(crate) state: State<T>,
    plan: Plan,
    amplitudes: Vec<T>,
    pub(crate) traces: Vec<Vec<f64>>,
    pub(crate) keep_every: u64,
    pub(crate) kept: Option<Kept<T>>,
    /// When the fields were last looked at.
    pub(crate) watched: u64,
}

/// Steps from one look at the fields to the next, at least.
const WATCH_STEPS: u64 = 128;

impl<T: Real> Simulation<T> {
    /// At rest at time 0.
    ///
    /// # Errors
    ///
    /// [`WaveError::Unstable`], with the largest stable time step; [`WaveError::Memory`], with the bytes needed,
    /// before anything is allocated.
    pub fn new(model: &Model, clock: &Clock) -> Result<Self, WaveError> {
        Self::with_tiling(model, clock, Tiling::default())
    }

    /// As [`Simulation::new`], going through memory as told.
    ///
    /// # Errors
    ///
    /// As [`Simulation::new`].
    pub fn with_tiling(model: &Model, clock: &Clock, tiling: Tiling) -> Result<Self, WaveError> {
        model.check_step(clock.dt())?;
        let scheme = Scheme::new(Equations { model, dt: clock.dt() })?;
        let plan = Plan::new(&scheme, tiling);
        let mut new = Self {
            model: model.clone(),
            dt: clock.dt(),
            step: 0,
            state: State::new(&scheme, plan.depth),
            scheme,
            plan,
            amplitudes: Vec::new(),
            traces: vec![Vec::new(); model.receivers().len()],
            keep_every: 0,
            kept: None,
            watched: 0,
        };
        new.listen_now();
        Ok(new)
    }

    /// Bytes that a run of `model` needs.
    ///
    /// # Errors
    ///
    /// [`WaveError::Memory`] if the system says that there are not so many.
    pub fn memory_bytes(model: &Model) -> Result<u64, WaveError> {
        Ok(Scheme::<T>::memory(model)?.1)
    }

    /// Starts again at time 0, from `solution`.
    ///
    /// # Errors
    ///
    /// [`WaveError::Input`] for a value that is not finite.
    pub fn start(&mut self, solution: &dyn Solution, start: Start) -> Result<(), WaveError> {
        let fields = Fields::sample(&self.model, self.dt, solution, start);
        self.start_from(&fields, start)
    }

    /// Starts again at time 0, from arrays: the pressure at time 0, and the velocity at time 0, or at dt / 2 with
    /// [`Start::Exact`].
    ///
    /// # Errors
    ///
    /// [`WaveError::Shape`], [`WaveError::Input`] for a value that is not finite.
    pub fn start_from(&mut self, fields: &Fields, start: Start) -> Result<(), WaveError> {
        let half = fields::at_half_step(Equations { model: &self.model, dt: self.dt }, fields, start)?;
        self.set(&half.pressure, &half.velocity);
        (self.step, self.watched) = (0, 0);
        self.traces.iter_mut().for_each(Vec::clear);
        self.listen_now();
        self.keep_every(self.keep_every);
        Ok(())
    }

    /// Makes `steps` steps.
    ///
    /// # Errors
    ///
    /// [`WaveError::BlownUp`] if the pressure is not finite any more. It is looked at every 128 steps or so; see
    /// [`Simulation::check`] and [`Simulation::keep_every`].
    pub fn advance(&mut self, steps: u64) -> Result<(), WaveError> {
        let end = self.step.saturating_add(steps);
        while self.step < end {
            let depth = usize::try_from(end - self.step).unwrap_or(usize::MAX).min(self.plan.depth);
            self.block(depth);
            if self.step - self.watched >= WATCH_STEPS {
                self.watch()?;
            }
        }
        Ok(())
    }

    /// Makes `depth` steps, at most as many as the plan allows.
    pub(crate) fn block(&mut self, depth: usize) {
        self.prepare_sources(depth);
        let work = Work {
            scheme: &self.scheme,
            amplitudes: &self.amplitudes,
            sources: self.model.sources().len(),
            depth,
        };
        run_block(&work, &self.plan, &mut self.state);
        self.note_heard(depth);
        self.step += depth as u64;
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The time step.
    #[must_use]
    pub fn dt(&self) -> f64 {
        self.dt
    }

    /// Steps made since the start.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Time of the pressure. The velocity is half a step on.
    #[must_use]
    pub fn time(&self) -> f64 {
        self.step as f64 * self.dt
    }

    /// Pressure of all cells.
    ///
    /// # Errors
    ///
    /// None for a grid that there is.
    pub fn pressure(&self) -> Result<ArrayD<T>, WaveError> {
        let values = self.gather(&self.state.pressure, fields::cell_ranges(&self.scheme.ends));
        fields::array(&self.model, None, values)
    }

    /// Velocity on all faces across `axis`, in the shape that [`Fields`] says.
    ///
    /// # Errors
    ///
    /// [`WaveError::Input`] if there is no such axis.
    pub fn velocity(&self, axis: usize) -> Result<ArrayD<T>, WaveError> {
        let layout_axis = fields::layout_axis(&self.model, axis)?;
        let ranges = fields::face_ranges(&self.scheme.ends, layout_axis);
        fields::array(&self.model, Some(axis), self.gather(&self.state.velocity[layout_axis], ranges))
    }

    /// What each receiver heard: the pressure at time 0 and after each step.
    #[must_use]
    pub fn traces(&self) -> &[Vec<f64>] {
        &self.traces
    }

    /// Sets the fields, images included.
    pub(crate) fn set(&mut self, pressure: &[f64], velocity: &[Vec<f64>; 3]) {
        let Self { scheme, state, .. } = self;
        state.fields_mut().for_each(|field| field.fill(T::default()));
        scatter(scheme, &mut state.pressure, fields::cell_ranges(&scheme.ends), pressure);
        for axis in scheme.axes.clone() {
            let ranges = fields::face_ranges(&scheme.ends, axis);
            scatter(scheme, &mut state.velocity[axis], ranges, &velocity[axis]);
        }
        Work { scheme, amplitudes: &[], sources: 0, depth: 0 }.mirror_all(&mut state.view());
    }

    fn prepare_sources(&mut self, depth: usize) {
        let equations = Equations { model: &self.model, dt: self.dt };
        self.amplitudes.clear();
        for step in self.step..self.step + depth as u64 {
            let sources = 0..self.model.sources().len();
            self.amplitudes.extend(sources.map(|source| T::round(equations.source(source, step))));
        }
    }

    /// Adds up what the taps heard in a block of `depth` steps.
    fn note_heard(&mut self, depth: usize) {
        for trace in &mut self.traces {
            trace.resize(trace.len() + depth, 0.0);
        }
        for &number in &self.scheme.receiver_order {
            let tap = self.scheme.receiver_taps[number];
            let trace = &mut self.traces[tap.receiver];
            let from = trace.len() - depth;
            let heard = &self.state.heard[number * depth..(number + 1) * depth];
            for (sum, pressure) in trace[from..].iter_mut().zip(heard) {
                *sum += tap.weight * pressure.exact();
            }
        }
    }

    /// Adds to the traces what is there now.
    fn listen_now(&mut self) {
        for trace in &mut self.traces {
            trace.push(0.0);
        }
        for &number in &self.scheme.receiver_order {
            let tap = self.scheme.receiver_taps[number];
            let pressure = self.state.pressure[tap.index].exact();
            if let Some(last) = self.traces[tap.receiver].last_mut() {
                *last += tap.weight * pressure;
            }
        }
    }

    fn gather(&self, field: &Field<T>, ranges: [Range<isize>; 3]) -> Vec<T> {
        places(&ranges).map(|cell| field[self.scheme.layout.index(cell)]).collect()
    }
}

fn scatter<T: Real>(scheme: &Scheme<T>, field: &mut Field<T>, ranges: [Range<isize>; 3], values: &[f64]) {
    for (cell, value) in places(&ranges).zip(values) {
        field[scheme.layout.index(cell)] = T::round(*value);
    }
}
