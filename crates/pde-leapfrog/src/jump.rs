//! Any number of steps at once, by Fourier transforms.

use std::f64::consts::TAU;

use hexad_core::ndarray::ArrayD;
use hexad_core::{Complex64, ComplexFft, for_each_lane};

use crate::dispersion::constant_medium;
use crate::fields::{self, Fields};
use crate::real::Real;
use crate::{Model, Simulation, WaveError};

impl<T: Real> Simulation<T> {
    /// Makes `steps` steps in the time of some Fourier transforms, whatever their number.
    ///
    /// In a constant medium with periodic sides a step multiplies each mode of the fields by a matrix, whose power
    /// is known in closed form. The result is that of [`Simulation::advance`] to rounding: about 1e-16 times
    /// `steps` at worst.
    ///
    /// # Errors
    ///
    /// [`WaveError::CannotJump`] for media per cell, walls, sources or receivers.
    pub fn jump(&mut self, steps: u64) -> Result<(), WaveError> {
        let dims = self.model.grid().dims();
        let modes = Modes::new(&self.model, self.dt, steps)?;
        let mut pressure = transform(&complex(&self.pressure()?), Direction::Forward)?;
        let mut velocity = Vec::with_capacity(dims);
        for axis in 0..dims {
            velocity.push(transform(&complex(&self.velocity(axis)?), Direction::Forward)?);
        }
        modes.apply(&mut pressure, &mut velocity);
        let mut after = Fields::at_rest(&self.model);
        after.pressure = real(&transform(&pressure, Direction::Inverse)?);
        for (to, from) in after.velocity.iter_mut().zip(&velocity) {
            *to = real(&transform(from, Direction::Inverse)?);
        }
        let mut arrays = [Vec::new(), Vec::new(), Vec::new()];
        for (axis, velocity) in after.velocity.iter().enumerate() {
            arrays[fields::layout_axis(&self.model, axis)?] = velocity.iter().copied().collect();
        }
        self.set(&after.pressure.iter().copied().collect::<Vec<_>>(), &arrays);
        self.step += steps;
        self.watched = self.step;
        self.keep_every(self.keep_every);
        Ok(())
    }
}

/// What some steps do to the modes of a grid.
///
/// The difference along an axis multiplies a mode of phase q a cell by `g = 2 i exp(i q / 2) s(q)`, and the
/// divergence by `-conj g`. With `w = sum_a conj(g_a) u_a` a step is `p += r w`, `w -= f |g|^2 p`: a matrix of
/// determinant 1 and trace `2 cos b`, `sin^2(b / 2) = r f |g|^2 / 4`.
struct Modes {
    /// g of each bin, by axis.
    symbols: Vec<Vec<Complex64>>,
    pressure_rate: f64,
    velocity_rate: f64,
    steps: f64,
    odd: bool,
}

impl Modes {
    fn new(model: &Model, dt: f64, steps: u64) -> Result<Self, WaveError> {
        let needs = |needs| Err(WaveError::CannotJump { needs });
        let Ok((density, bulk_modulus)) = constant_medium(model) else {
            return needs("a medium that is the same everywhere");
        };
        if (0..model.grid().dims()).any(|axis| !model.ends(axis).periodic) {
            return needs("periodic sides");
        }
        if !model.sources().is_empty() || !model.receivers().is_empty() {
            return needs("a model without sources and receivers");
        }
        let spacing = model.grid().spacing();
        let symbol = |bin: usize, cells: usize| {
            let phase = TAU * bin as f64 / cells as f64;
            Complex64::from_polar(2.0 * model.order().symbol(phase), 0.5 * phase) * Complex64::I
        };
        let axis = |cells: &usize| (0..*cells).map(|bin| symbol(bin, *cells)).collect();
        Ok(Self {
            symbols: model.grid().cells().iter().map(axis).collect(),
            pressure_rate: bulk_modulus * dt / spacing,
            velocity_rate: dt / (density * spacing),
            steps: steps as f64,
            odd: !steps.is_multiple_of(2),
        })
    }

    fn apply(&self, pressure: &mut ArrayD<Complex64>, velocity: &mut [ArrayD<Complex64>]) {
        let shape = pressure.shape().to_vec();
        for (number, pressure) in pressure.iter_mut().enumerate() {
            let mut rest = number;
            let mut symbols = [Complex64::default(); 3];
            for axis in (0..shape.len()).rev() {
                symbols[axis] = self.symbols[axis][rest % shape[axis]];
                rest /= shape[axis];
            }
            let square: f64 = symbols.iter().map(Complex64::norm_sqr).sum();
            if square == 0.0 {
                continue;
            }
            let parts =
                velocity.iter_mut().filter_map(|field| field.as_slice_mut()).map(|field| &mut field[number]);
            let mut parts: Vec<&mut Complex64> = parts.collect();
            let along: Complex64 =
                parts.iter().zip(symbols).map(|(part, symbol)| symbol.conj() * **part).sum();
            let (next, next_along) = self.power(square, *pressure, along);
            *pressure = next;
            for (part, symbol) in parts.iter_mut().zip(symbols) {
                **part -= symbol * (along - next_along) / square;
            }
        }
    }

    /// `M^n = (sin(n b) M - sin((n - 1) b) 1) / sin b` of (p, w).
    fn power(&self, square: f64, pressure: Complex64, along: Complex64) -> (Complex64, Complex64) {
        let (r, f) = (self.pressure_rate, self.velocity_rate * square);
        let sine_squared = (0.25 * r * f).min(1.0);
        let (n, n_before) = if sine_squared <= 0.5 {
            let angle = 2.0 * sine_squared.sqrt().asin();
            (sine_ratio(self.steps, angle), sine_ratio(self.steps - 1.0, angle))
        } else {
            // From the other end, where sin b is small again: b = pi - angle.
            let angle = 2.0 * (1.0 - sine_squared).sqrt().asin();
            let sign = if self.odd { 1.0 } else { -1.0 };
            (sign * sine_ratio(self.steps, angle), -sign * sine_ratio(self.steps - 1.0, angle))
        };
        let next = (pressure + along * r) * n - pressure * n_before;
        let next_along = (along * (1.0 - r * f) - pressure * f) * n - along * n_before;
        (next, next_along)
    }
}

/// `sin(n angle) / sin(angle)`.
fn sine_ratio(n: f64, angle: f64) -> f64 {
    if angle == 0.0 { n } else { (n * angle).sin() / angle.sin() }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Inverse,
}

/// Along every axis.
fn transform(field: &ArrayD<Complex64>, direction: Direction) -> Result<ArrayD<Complex64>, WaveError> {
    let mut from = field.clone();
    let mut to = field.clone();
    for axis in 0..field.ndim() {
        let fft = ComplexFft::new(field.shape()[axis])?;
        let mut scratch = vec![Complex64::default(); fft.scratch_len()];
        for_each_lane(&from.view(), to.view_mut(), axis, |line, out| {
            out.copy_from_slice(line);
            match direction {
                Direction::Forward => fft.forward(out, &mut scratch),
                Direction::Inverse => fft.inverse(out, &mut scratch),
            }
        })?;
        std::mem::swap(&mut from, &mut to);
    }
    if direction == Direction::Inverse {
        let scale = 1.0 / field.len() as f64;
        from.mapv_inplace(|value| value * scale);
    }
    Ok(from)
}

fn complex<T: Real>(field: &ArrayD<T>) -> ArrayD<Complex64> {
    field.mapv(|value| Complex64::new(value.exact(), 0.0))
}

fn real(field: &ArrayD<Complex64>) -> ArrayD<f64> {
    field.mapv(|value| value.re)
}
