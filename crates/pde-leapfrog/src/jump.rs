//! Any number of steps at once, by Fourier transforms.

use std::f64::consts::TAU;

use hexad_core::ndarray::ArrayD;
use hexad_core::{Complex64, ComplexFft, InputError, RealFft, for_each_lane};

use crate::dispersion::constant_medium;
use crate::fields::{self, Fields};
use crate::real::Real;
use crate::{Model, Simulation, WaveError};

/// Up to here steps are exact as f64.
const MOST_STEPS: u64 = 1 << 53;

impl<T: Real> Simulation<T> {
    /// Makes `steps` steps in the time of some Fourier transforms, whatever their number.
    ///
    /// In a constant medium with periodic sides a step multiplies each mode of the fields by a matrix, whose power
    /// is known in closed form. The result is that of [`Simulation::advance`] to rounding: about 1e-16 times
    /// `steps` at worst.
    ///
    /// # Errors
    ///
    /// [`WaveError::CannotJump`] for media per cell, walls, sources or receivers; [`WaveError::Input`] for more than 2^53
    /// steps in all.
    pub fn jump(&mut self, steps: u64) -> Result<(), WaveError> {
        let dims = self.model.grid().dims();
        let step = self.step.checked_add(steps).filter(|step| *step <= MOST_STEPS).ok_or_else(|| {
            let allowed = "such that the step's number stays below 2^53";
            InputError::OutOfRange { argument: "steps", value: steps as f64, allowed }
        })?;
        let modes = Modes::new(&self.model, self.dt, steps)?;
        let mut pressure = spectrum(&self.pressure()?)?;
        let mut velocity = Vec::with_capacity(dims);
        for axis in 0..dims {
            velocity.push(spectrum(&self.velocity(axis)?)?);
        }
        modes.apply(&mut pressure, &mut velocity);
        let mut after = Fields::at_rest(&self.model);
        field(pressure, &mut after.pressure)?;
        for (to, from) in after.velocity.iter_mut().zip(velocity) {
            field(from, to)?;
        }
        let mut arrays = [Vec::new(), Vec::new(), Vec::new()];
        for (axis, velocity) in after.velocity.iter().enumerate() {
            arrays[fields::layout_axis(&self.model, axis)?] = velocity.iter().copied().collect();
        }
        self.set(&after.pressure.iter().copied().collect::<Vec<_>>(), &arrays);
        self.step = step;
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
        let mut velocity: Vec<_> = velocity.iter_mut().filter_map(|field| field.as_slice_mut()).collect();
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
            let parts = velocity.iter().zip(symbols);
            let along: Complex64 = parts.map(|(field, symbol)| symbol.conj() * field[number]).sum();
            let (next, next_along) = self.power(square, *pressure, along);
            *pressure = next;
            let change = (along - next_along) / square;
            for (field, symbol) in velocity.iter_mut().zip(symbols) {
                field[number] -= symbol * change;
            }
        }
    }

    /// `M^n = (sin(n b) M - sin((n - 1) b) 1) / sin b` of (p, w).
    fn power(&self, square: f64, pressure: Complex64, along: Complex64) -> (Complex64, Complex64) {
        let (r, f) = (self.pressure_rate, self.velocity_rate * square);
        let sine_squared = (0.25 * r * f).min(1.0);
        let (n, n_before) = if sine_squared <= 0.5 {
            sine_ratios(self.steps, sine_squared)
        } else {
            // From the other end, where sin b is small again: b = pi - angle.
            let (n, n_before) = sine_ratios(self.steps, 1.0 - sine_squared);
            if self.odd { (n, -n_before) } else { (-n, n_before) }
        };
        let next = (pressure + along * r) * n - pressure * n_before;
        let next_along = (along * (1.0 - r * f) - pressure * f) * n - along * n_before;
        (next, next_along)
    }
}

/// `sin(n b) / sin b` and `sin((n - 1) b) / sin b`, of `sin^2(b / 2)`.
fn sine_ratios(n: f64, sine_squared: f64) -> (f64, f64) {
    if sine_squared == 0.0 {
        return (n, n - 1.0);
    }
    let (sine, cosine) = (2.0 * n * sine_squared.sqrt().asin()).sin_cos();
    let ratio = sine / (2.0 * (sine_squared * (1.0 - sine_squared)).sqrt());
    (ratio, ratio * (1.0 - 2.0 * sine_squared) - cosine)
}

/// The transform of a real field: along the last axis only the bins up to half its cells.
fn spectrum<T: Real>(field: &ArrayD<T>) -> Result<ArrayD<Complex64>, WaveError> {
    let cells = field.shape()[field.ndim() - 1];
    let fft = RealFft::new(cells)?;
    let mut shape = field.shape().to_vec();
    shape[field.ndim() - 1] = fft.spectrum_len();
    let mut row = vec![0.0; cells];
    let mut scratch = vec![Complex64::default(); fft.scratch_len()];
    let mut bins = ArrayD::zeros(shape);
    for (values, mut bins) in field.rows().into_iter().zip(bins.rows_mut()) {
        for (value, from) in row.iter_mut().zip(values) {
            *value = from.exact();
        }
        if let Some(bins) = bins.as_slice_mut() {
            fft.forward(&row, bins, &mut scratch)?;
        }
    }
    along_the_others(bins, ComplexFft::forward)
}

/// Back: overwrites `field`.
fn field(bins: ArrayD<Complex64>, field: &mut ArrayD<f64>) -> Result<(), WaveError> {
    let scale = 1.0 / field.len() as f64;
    let fft = RealFft::new(field.shape()[field.ndim() - 1])?;
    let mut scratch = vec![Complex64::default(); fft.scratch_len()];
    let mut bins = along_the_others(bins, ComplexFft::inverse)?;
    for (mut values, mut bins) in field.rows_mut().into_iter().zip(bins.rows_mut()) {
        if let (Some(values), Some(bins)) = (values.as_slice_mut(), bins.as_slice_mut()) {
            fft.inverse(bins, values, &mut scratch)?;
            values.iter_mut().for_each(|value| *value *= scale);
        }
    }
    Ok(())
}

/// A direction of [`ComplexFft`].
type Transform = fn(&ComplexFft, &mut [Complex64], &mut [Complex64]) -> Result<(), InputError>;

/// Complex transforms along every axis but the last.
fn along_the_others(
    mut bins: ArrayD<Complex64>,
    transform: Transform,
) -> Result<ArrayD<Complex64>, WaveError> {
    for axis in 0..bins.ndim() - 1 {
        let fft = ComplexFft::new(bins.shape()[axis])?;
        let mut scratch = vec![Complex64::default(); fft.scratch_len()];
        let mut done = ArrayD::zeros(bins.raw_dim());
        for_each_lane(&bins.view(), done.view_mut(), axis, |line, out| {
            out.copy_from_slice(line);
            transform(&fft, out, &mut scratch)
        })?;
        bins = done;
    }
    Ok(bins)
}
