//! The definition: loops over cells and faces that are the discrete equations, and nothing else.
//!
//! [`DirectSimulation`] is what [`crate::Simulation`] must equal bit for bit, whatever its tiles and threads.

use hexad_core::ndarray::ArrayD;

use crate::arrays::Arrays;
use crate::equations::{Damping, Equations};
use crate::fields::{self, Fields};
use crate::real::Real;
use crate::taps::taps;
use crate::{Clock, Model, Solution, Start, WaveError};

/// A run by plain loops: slow, and obviously right.
#[derive(Debug, Clone)]
pub struct DirectSimulation<T: Real = f64> {
    model: Model,
    dt: f64,
    step: u64,
    arrays: Arrays<T>,
    /// Of the absorbing layers, of every cell and face.
    pressure_memory: Arrays<T>,
    velocity_memory: Arrays<T>,
    traces: Vec<Vec<f64>>,
}

impl<T: Real> DirectSimulation<T> {
    /// At rest.
    ///
    /// # Errors
    ///
    /// [`WaveError::Unstable`], with the largest stable time step.
    pub fn new(model: &Model, clock: &Clock) -> Result<Self, WaveError> {
        model.check_step(clock.dt())?;
        let arrays = Arrays::new(Equations { model, dt: clock.dt() });
        let mut new = Self {
            model: model.clone(),
            dt: clock.dt(),
            step: 0,
            pressure_memory: arrays.clone(),
            velocity_memory: arrays.clone(),
            arrays,
            traces: vec![Vec::new(); model.receivers().len()],
        };
        new.listen();
        Ok(new)
    }

    /// Starts from `solution` at time 0.
    ///
    /// # Errors
    ///
    /// [`WaveError::Input`] for a value that is not finite.
    pub fn start(&mut self, solution: &dyn Solution, start: Start) -> Result<(), WaveError> {
        let fields = Fields::sample(&self.model, self.dt, solution, start);
        self.start_from(&fields, start)
    }

    /// Starts from arrays, see [`crate::Simulation::start_from`].
    ///
    /// # Errors
    ///
    /// [`WaveError::Shape`], [`WaveError::Input`] for a value that is not finite.
    pub fn start_from(&mut self, fields: &Fields, start: Start) -> Result<(), WaveError> {
        let half = fields::at_half_step(Equations { model: &self.model, dt: self.dt }, fields, start)?;
        self.arrays.pressure = rounded(&half.pressure);
        self.arrays.velocity = half.velocity.each_ref().map(|values| rounded(values));
        self.step = 0;
        self.traces.iter_mut().for_each(Vec::clear);
        self.listen();
        Ok(())
    }

    /// Makes `steps` steps.
    pub fn advance(&mut self, steps: u64) {
        for _ in 0..steps {
            self.add_sources();
            self.step_pressure();
            self.step_velocity();
            self.step += 1;
            self.listen();
        }
    }

    /// Pressure of all cells.
    ///
    /// # Errors
    ///
    /// None for a grid that there is.
    pub fn pressure(&self) -> Result<ArrayD<T>, WaveError> {
        fields::array(&self.model, None, self.arrays.pressure.clone())
    }

    /// Velocity on all faces across `axis`.
    ///
    /// # Errors
    ///
    /// [`WaveError::Input`] if there is no such axis.
    pub fn velocity(&self, axis: usize) -> Result<ArrayD<T>, WaveError> {
        let layout_axis = fields::layout_axis(&self.model, axis)?;
        fields::array(&self.model, Some(axis), self.arrays.velocity[layout_axis].clone())
    }

    /// What each receiver heard, at time 0 and after each step.
    #[must_use]
    pub fn traces(&self) -> &[Vec<f64>] {
        &self.traces
    }

    fn add_sources(&mut self) {
        for (number, source) in self.model.sources().iter().enumerate() {
            let amplitude = T::round(self.equations().source(number, self.step));
            for tap in taps(&self.model, &source.position) {
                let pressure = self.arrays.pressure_mut(tap.cell);
                *pressure = *pressure + T::round(tap.weight) * amplitude;
            }
        }
    }

    fn step_pressure(&mut self) {
        for cell in self.arrays.cells() {
            let rate = T::round(self.equations().pressure_rate(cell));
            for axis in self.arrays.axes.clone() {
                let Some(damping) = self.equations().damping(axis, cell[axis] as f64 + 0.5) else { continue };
                let difference = self.arrays.velocity_difference(axis, cell);
                // One memory for each axis: those of the velocity's arrays, by the cell below the face.
                let memory = self.pressure_memory.velocity_mut(axis, cell);
                let extra = absorb(memory, damping, difference);
                let pressure = self.arrays.pressure_mut(cell);
                *pressure = *pressure - rate * extra;
            }
            let divergence = self.arrays.divergence(cell);
            let pressure = self.arrays.pressure_mut(cell);
            *pressure = *pressure - rate * divergence;
        }
    }

    fn step_velocity(&mut self) {
        for axis in self.arrays.axes.clone() {
            for face in self.arrays.faces(axis) {
                if !self.arrays.moves(axis, face) {
                    continue;
                }
                let rate = T::round(self.equations().velocity_rate(axis, face));
                let difference = self.arrays.pressure_difference(axis, face);
                let velocity = self.arrays.velocity_mut(axis, face);
                *velocity = *velocity - rate * difference;
                if let Some(damping) = self.equations().damping(axis, face[axis] as f64 + 1.0) {
                    let memory = self.velocity_memory.velocity_mut(axis, face);
                    let extra = absorb(memory, damping, difference);
                    let velocity = self.arrays.velocity_mut(axis, face);
                    *velocity = *velocity - rate * extra;
                }
            }
        }
    }

    fn listen(&mut self) {
        for (receiver, trace) in self.model.receivers().iter().zip(&mut self.traces) {
            let position: Vec<_> = receiver.iter().copied().map(Some).collect();
            let taps = taps(&self.model, &position);
            let heard = taps.iter().map(|tap| tap.weight * self.arrays.pressure_mut(tap.cell).exact());
            trace.push(heard.sum());
        }
    }

    fn equations(&self) -> Equations<'_> {
        Equations { model: &self.model, dt: self.dt }
    }
}

/// `psi = b psi + a d`; what is beyond d itself: `(1 / kappa - 1) d + psi`.
fn absorb<T: Real>(memory: &mut T, damping: Damping, difference: T) -> T {
    *memory = T::round(damping.decay) * *memory + T::round(damping.gain) * difference;
    T::round(damping.stretch) * difference + *memory
}

fn rounded<T: Real>(values: &[f64]) -> Vec<T> {
    values.iter().map(|value| T::round(*value)).collect()
}
