//! Solutions in closed form: to start from, and to compare with.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use hexad_core::{InputError, check_length};

use crate::dispersion::{Mode, discrete_mode};
use crate::{Model, WaveError};

/// Pressure and velocity as functions of place and time.
///
/// A start other than [`crate::Start::Exact`] and a study by Richardson's method ask for time 0 only.
pub trait Solution: Sync {
    /// Pressure at `x`, one coordinate per axis.
    fn pressure(&self, x: &[f64], t: f64) -> f64;
    /// Velocity along `axis`.
    fn velocity(&self, axis: usize, x: &[f64], t: f64) -> f64;
    /// Parts of one frequency each of which this is the sum, if it is: then a study evaluates it in space once and
    /// not in every step. None by default.
    fn harmonics(&self) -> Vec<Harmonic<'_>> {
        Vec::new()
    }
}

/// A part of a solution that goes as `a(x) cos(angular_frequency t) + b(x) sin(angular_frequency t)`.
#[derive(Clone, Copy)]
pub struct Harmonic<'a> {
    /// In radians per unit of time.
    pub angular_frequency: f64,
    /// The part.
    pub part: &'a dyn Solution,
}

/// Two functions as a [`Solution`]: `pressure(x, t)` and `velocity(axis, x, t)`.
#[derive(Debug, Clone, Copy)]
pub struct Functions<P, U> {
    /// Pressure.
    pub pressure: P,
    /// Velocity along an axis.
    pub velocity: U,
}

impl<P, U> Solution for Functions<P, U>
where
    P: Fn(&[f64], f64) -> f64 + Sync,
    U: Fn(usize, &[f64], f64) -> f64 + Sync,
{
    fn pressure(&self, x: &[f64], t: f64) -> f64 {
        (self.pressure)(x, t)
    }

    fn velocity(&self, axis: usize, x: &[f64], t: f64) -> f64 {
        (self.velocity)(axis, x, t)
    }
}

/// `p = amplitude cos(k x - w t + phase)`, `u_a = velocity_a cos(k x - w t + phase)`.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaneWave {
    amplitude: f64,
    velocity: Vec<f64>,
    wave_vector: Vec<f64>,
    angular_frequency: f64,
    phase: f64,
}

impl PlaneWave {
    /// The wave of the continuous equations in the constant medium of `model`. It runs where `wave_vector` points.
    ///
    /// # Errors
    ///
    /// [`WaveError::Input`] for a wave vector of another length or of zeros; [`WaveError::NotConstant`].
    pub fn continuous(model: &Model, amplitude: f64, wave_vector: &[f64]) -> Result<Self, WaveError> {
        let mode = Mode::continuous(model, wave_vector)?;
        Ok(Self::of(mode, amplitude, wave_vector))
    }

    /// The wave of the discrete equations, which a run follows to rounding.
    ///
    /// # Errors
    ///
    /// As [`PlaneWave::continuous`]; [`WaveError::Unstable`].
    pub fn discrete(model: &Model, dt: f64, amplitude: f64, wave_vector: &[f64]) -> Result<Self, WaveError> {
        let mode = discrete_mode(model, dt, wave_vector)?;
        Ok(Self::of(mode, amplitude, wave_vector))
    }

    /// With this phase, in radians.
    #[must_use]
    pub fn with_phase(mut self, phase: f64) -> Self {
        self.phase = phase;
        self
    }

    fn of(mode: Mode, amplitude: f64, wave_vector: &[f64]) -> Self {
        Self {
            amplitude,
            velocity: mode.velocity.iter().map(|velocity| velocity * amplitude).collect(),
            wave_vector: wave_vector.to_vec(),
            angular_frequency: mode.angular_frequency,
            phase: 0.0,
        }
    }

    fn shape(&self, x: &[f64], t: f64) -> f64 {
        let turn: f64 = self.wave_vector.iter().zip(x).map(|(k, x)| k * x).sum();
        (turn - self.angular_frequency * t + self.phase).cos()
    }
}

impl Solution for PlaneWave {
    fn pressure(&self, x: &[f64], t: f64) -> f64 {
        self.amplitude * self.shape(x, t)
    }

    fn velocity(&self, axis: usize, x: &[f64], t: f64) -> f64 {
        self.velocity[axis] * self.shape(x, t)
    }

    fn harmonics(&self) -> Vec<Harmonic<'_>> {
        vec![Harmonic { angular_frequency: self.angular_frequency, part: self }]
    }
}

/// The sum of some plane waves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlaneWaves(pub Vec<PlaneWave>);

impl PlaneWaves {
    /// `p = cos 2 pi (x + t)`, `u = -p` in a unit cell with speed 1: one wave to the left. In more dimensions it runs
    /// along the diagonal, with one period along each axis.
    #[must_use]
    pub fn question(dims: usize) -> Self {
        Self(vec![unit_wave(dims, -1.0, 1.0, 0.0)])
    }

    /// `u = f(x + t) + g(x - t)`, `p = -f(x + t) + g(x - t)` with `f = cos 2 pi x` and `g = 2 sin 6 pi x`: two waves
    /// that meet. In more dimensions along the diagonal.
    #[must_use]
    pub fn two_waves(dims: usize) -> Self {
        Self(vec![unit_wave(dims, -1.0, -1.0, 0.0), unit_wave(dims, 3.0, 2.0, -FRAC_PI_2)])
    }
}

/// A wave with `periods` in a unit cell along each axis, with speed and density 1.
fn unit_wave(dims: usize, periods: f64, amplitude: f64, phase: f64) -> PlaneWave {
    let diagonal = (dims as f64).sqrt();
    PlaneWave {
        amplitude,
        velocity: vec![amplitude * periods.signum() / diagonal; dims],
        wave_vector: vec![TAU * periods; dims],
        angular_frequency: TAU * periods.abs() * diagonal,
        phase,
    }
}

impl Solution for PlaneWaves {
    fn pressure(&self, x: &[f64], t: f64) -> f64 {
        self.0.iter().map(|wave| wave.pressure(x, t)).sum()
    }

    fn velocity(&self, axis: usize, x: &[f64], t: f64) -> f64 {
        self.0.iter().map(|wave| wave.velocity(axis, x, t)).sum()
    }

    fn harmonics(&self) -> Vec<Harmonic<'_>> {
        self.0.iter().flat_map(Solution::harmonics).collect()
    }
}

/// A standing wave between rigid walls: `p = amplitude cos(w t) prod_a cos(k_a d_a)`, d being the distance from the
/// low walls.
#[derive(Debug, Clone, PartialEq)]
pub struct RigidMode {
    amplitude: f64,
    velocity: Vec<f64>,
    wave_vector: Vec<f64>,
    low: Vec<f64>,
    angular_frequency: f64,
}

impl RigidMode {
    /// The mode of the continuous equations with `half_periods` along each axis of the grid of `model`.
    ///
    /// # Errors
    ///
    /// As [`PlaneWave::continuous`].
    pub fn continuous(model: &Model, amplitude: f64, half_periods: &[usize]) -> Result<Self, WaveError> {
        let wave_vector = wave_vector(model, half_periods)?;
        Ok(Self::of(model, Mode::continuous(model, &wave_vector)?, amplitude, wave_vector))
    }

    /// The mode of the discrete equations, which a run follows to rounding.
    ///
    /// # Errors
    ///
    /// As [`PlaneWave::discrete`].
    pub fn discrete(
        model: &Model,
        dt: f64,
        amplitude: f64,
        half_periods: &[usize],
    ) -> Result<Self, WaveError> {
        let wave_vector = wave_vector(model, half_periods)?;
        Ok(Self::of(model, discrete_mode(model, dt, &wave_vector)?, amplitude, wave_vector))
    }

    fn of(model: &Model, mode: Mode, amplitude: f64, wave_vector: Vec<f64>) -> Self {
        Self {
            amplitude,
            velocity: mode.velocity.iter().map(|velocity| velocity * amplitude).collect(),
            low: (0..wave_vector.len()).map(|axis| model.grid().extent(axis).0).collect(),
            wave_vector,
            angular_frequency: mode.angular_frequency,
        }
    }

    /// Product of the cosines, with the sine along `axis`.
    fn shape(&self, x: &[f64], sine: Option<usize>) -> f64 {
        let factor = |axis: usize, x: f64| {
            let turn = self.wave_vector[axis] * (x - self.low[axis]);
            if sine == Some(axis) { turn.sin() } else { turn.cos() }
        };
        x.iter().enumerate().map(|(axis, x)| factor(axis, *x)).product()
    }
}

impl Solution for RigidMode {
    fn pressure(&self, x: &[f64], t: f64) -> f64 {
        self.amplitude * (self.angular_frequency * t).cos() * self.shape(x, None)
    }

    fn velocity(&self, axis: usize, x: &[f64], t: f64) -> f64 {
        self.velocity[axis] * (self.angular_frequency * t).sin() * self.shape(x, Some(axis))
    }

    fn harmonics(&self) -> Vec<Harmonic<'_>> {
        vec![Harmonic { angular_frequency: self.angular_frequency, part: self }]
    }
}

fn wave_vector(model: &Model, half_periods: &[usize]) -> Result<Vec<f64>, WaveError> {
    let grid = model.grid();
    check_length("half_periods", half_periods.len(), grid.dims())?;
    let length = |axis: usize| grid.cells()[axis] as f64 * grid.spacing();
    Ok(half_periods.iter().enumerate().map(|(axis, half)| PI * *half as f64 / length(axis)).collect())
}

/// Refuses a wave vector that does not fit the grid.
pub(crate) fn check_wave_vector(model: &Model, wave_vector: &[f64]) -> Result<(), WaveError> {
    check_length("wave_vector", wave_vector.len(), model.grid().dims())?;
    hexad_core::check_finite("wave_vector", wave_vector)?;
    if wave_vector.iter().all(|k| *k == 0.0) {
        let allowed = "of a length > 0";
        return Err(InputError::OutOfRange { argument: "wave_vector", value: 0.0, allowed }.into());
    }
    Ok(())
}
