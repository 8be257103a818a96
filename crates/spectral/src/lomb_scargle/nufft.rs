//! Sums on a grid of frequencies by the non-uniform FFT: samples are spread onto an even grid, transformed,
//! and the spreading is divided out.
//!
//! Source: A. H. Barnett, J. Magland and L. af Klinteberg, SIAM J. Sci. Comput. 41(5), 2019 (type 1,
//! piecewise polynomials for the kernel); P. J. Beatty, D. G. Nishimura and J. M. Pauly, IEEE Trans. Med.
//! Imaging 24(6), 2005 (the Kaiser-Bessel kernel and its width).

use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use hexad_core::{Complex64, ComplexFft, InputError, Workspace};

use super::sums::Sums;
use super::{FrequencyGrid, LombScargle};
use crate::bessel::bessel_i0;
use crate::goertzel::phasor;

/// Grid points that a sample is spread over.
const WIDTH: usize = 16;
/// Terms of the polynomials in the distance to the next grid point: see the test for their error.
const TERMS: usize = 20;
/// Grid points per frequency, at least. The error is about `exp(-pi WIDTH sqrt(1 - 1 / OVERSAMPLING))`
/// (Barnett, Magland and af Klinteberg 2019, theorem 7, whose kernel has the same rate): 3e-13.
const OVERSAMPLING: f64 = 1.5;

/// Buffers of [`LombScargle::power_into`] with the plan of the last grid; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct LombScratch {
    plan: Option<Nufft>,
    pub(super) real: Workspace<f64>,
    complex: Workspace<Complex64>,
}

/// The plan for one number of frequencies.
#[derive(Debug, Clone)]
pub(super) struct Nufft {
    fft: ComplexFft,
    kernel: SpreadKernel,
    /// What the spreading multiplied each mode with, inverted; from mode 0 to `modes / 2`.
    correction: Vec<f64>,
    modes: usize,
}

impl Nufft {
    fn new(modes: usize) -> Result<Self, InputError> {
        let size = good_size(modes);
        let ratio = size as f64 / modes as f64;
        let width = WIDTH as f64;
        // Beatty, Nishimura and Pauly 2005, equation 5.
        let shape = std::f64::consts::PI * ((width / ratio * (ratio - 0.5)).powi(2) - 0.8).sqrt();
        let correction = (0..=modes / 2).map(|mode| {
            let angle = std::f64::consts::PI * width * mode as f64 / size as f64;
            let root = (shape * shape - angle * angle).sqrt();
            bessel_i0(shape) * root / (width * root.sinh())
        });
        Ok(Self {
            fft: ComplexFft::new(size)?,
            kernel: SpreadKernel::new(shape),
            correction: correction.collect(),
            modes,
        })
    }

    /// Hands out the sums at every frequency of `grid`.
    pub fn sums(
        samples: &LombScargle,
        grid: &FrequencyGrid,
        scratch: &mut LombScratch,
        mut each: impl FnMut(usize, Sums),
    ) -> Result<(), InputError> {
        let plan = match scratch.plan.take() {
            Some(plan) if plan.modes == grid.len() => plan,
            _ => Self::new(grid.len())?,
        };
        let (count, size) = (samples.samples(), plan.fft.len());
        let padded = size + WIDTH;
        let [places, a, b, c, d, grid_a, grid_b, grid_c, grid_d] =
            scratch.real.fields([count, count, count, count, count, padded, padded, padded, padded]);
        let [of_y, of_one, of_double, work] =
            scratch.complex.fields([size, size, size, plan.fft.scratch_len()]);

        // Modes are counted from the middle of the band.
        let middle_hz = grid.at(plan.modes / 2);
        for (index, &time) in samples.time.iter().enumerate() {
            let z = phasor(middle_hz, time);
            places[index] = place(grid.step_hz(), time, size);
            (a[index], b[index]) = (samples.weighted[index] * z.re, samples.weighted[index] * z.im);
            (c[index], d[index]) = (samples.weights[index] * z.re, samples.weights[index] * z.im);
        }
        plan.kernel.spread(places, [a, b, c, d], [grid_a, grid_b, grid_c, grid_d]);
        plan.transform([grid_a, grid_b], of_y, work)?;
        plan.transform([grid_c, grid_d], of_one, work)?;

        for (index, &time) in samples.time.iter().enumerate() {
            let z = phasor(2.0 * middle_hz, time);
            places[index] = place(2.0 * grid.step_hz(), time, size);
            (a[index], b[index]) = (samples.weights[index] * z.re, samples.weights[index] * z.im);
        }
        plan.kernel.spread(places, [a, b], [grid_a, grid_b]);
        plan.transform([grid_a, grid_b], of_double, work)?;

        let half = plan.modes / 2;
        for index in 0..plan.modes {
            let bin = if index >= half { index - half } else { size + index - half };
            let correction = plan.correction[index.abs_diff(half)];
            let [y, one, double] = [of_y[bin], of_one[bin], of_double[bin]].map(|value| value * correction);
            each(index, Sums { y, one, double });
        }
        scratch.plan = Some(plan);
        Ok(())
    }

    /// Folds the margin back, joins both parts and transforms.
    fn transform(
        &self,
        [re, im]: [&mut [f64]; 2],
        out: &mut [Complex64],
        work: &mut [Complex64],
    ) -> Result<(), InputError> {
        let size = self.fft.len();
        for part in [&mut *re, &mut *im] {
            let (body, margin) = part.split_at_mut(size);
            for (body, margin) in body.iter_mut().zip(&*margin) {
                *body += margin;
            }
        }
        for ((out, re), im) in out.iter_mut().zip(&*re).zip(&*im) {
            *out = Complex64::new(*re, *im);
        }
        self.fft.inverse(out, work)
    }
}

/// Where a sample stands on the grid, in grid points: `size * frac(step time)`.
fn place(step_hz: f64, time: f64, size: usize) -> f64 {
    let turns = step_hz * time;
    let rest = step_hz.mul_add(time, -turns);
    let part = (turns - turns.floor()) + rest;
    (part - part.floor()) * size as f64
}

/// The smallest size of factors 2 and 3 that oversamples enough.
fn good_size(modes: usize) -> usize {
    let needed = (OVERSAMPLING * modes as f64).max(2.0 * WIDTH as f64);
    let smooth =
        std::iter::successors(Some(1_usize), |threes| threes.checked_mul(3)).take(12).map(|threes| {
            let mut size = threes;
            while (size as f64) < needed {
                size *= 2;
            }
            size
        });
    smooth.min().unwrap_or(1)
}

/// The Kaiser-Bessel kernel `I0(shape sqrt(1 - u^2)) / I0(shape)`, u from -1 to 1 over [`WIDTH`] grid points,
/// as one polynomial for each of them.
#[derive(Debug, Clone)]
struct SpreadKernel {
    /// From the highest power down; the argument runs from -1 to 1 over one grid step.
    coefficients: [[f64; WIDTH]; TERMS],
}

impl SpreadKernel {
    fn new(shape: f64) -> Self {
        let mut coefficients = [[0.0; WIDTH]; TERMS];
        for point in 0..WIDTH {
            let at = |s: f64| {
                let u = (2.0 * point as f64 + 1.0 + s) / WIDTH as f64 - 1.0;
                bessel_i0(shape * (1.0 - u * u).max(0.0).sqrt()) / bessel_i0(shape)
            };
            for (row, value) in coefficients.iter_mut().zip(interpolate(at).into_iter().rev()) {
                row[point] = value;
            }
        }
        Self { coefficients }
    }

    /// Spreads samples with the given parts onto the grids, which are cleared first.
    fn spread<const P: usize>(&self, places: &[f64], parts: [&mut [f64]; P], mut grids: [&mut [f64]; P]) {
        for grid in &mut grids {
            grid.fill(0.0);
        }
        dispatch(Spread { kernel: self, places, parts: parts.map(|part| &*part), grids });
    }
}

/// Monomial coefficients of the polynomial that equals `function` at the Chebyshev points of -1..1.
fn interpolate(function: impl Fn(f64) -> f64) -> [f64; TERMS] {
    let count = TERMS as f64;
    let angle = |node: usize| std::f64::consts::PI * (node as f64 + 0.5) / count;
    let values: Vec<f64> = (0..TERMS).map(|node| function(angle(node).cos())).collect();
    let mut out = [0.0; TERMS];
    let (mut previous, mut current) = ([0.0; TERMS], [0.0; TERMS]);
    current[0] = 1.0;
    for order in 0..TERMS {
        let sum: f64 = (0..TERMS).map(|node| values[node] * (order as f64 * angle(node)).cos()).sum();
        let weight = if order == 0 { sum / count } else { 2.0 * sum / count };
        for (out, chebyshev) in out.iter_mut().zip(current) {
            *out += weight * chebyshev;
        }
        // T1 = x, then T(n+1) = 2 x T(n) - T(n-1).
        let factor = if order == 0 { 1.0 } else { 2.0 };
        let mut next = [0.0; TERMS];
        for power in 0..TERMS {
            let shifted = if power > 0 { current[power - 1] } else { 0.0 };
            next[power] = factor * shifted - previous[power];
        }
        (previous, current) = (current, next);
    }
    out
}

struct Spread<'a, const P: usize> {
    kernel: &'a SpreadKernel,
    places: &'a [f64],
    parts: [&'a [f64]; P],
    grids: [&'a mut [f64]; P],
}

impl<const P: usize> Kernel<f64, 4> for Spread<'_, P> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(mut self, simd: S) {
        let size = self.grids[0].len() - WIDTH;
        for (sample, &place) in self.places.iter().enumerate() {
            // The first grid point within half a width, and its distance from the start of its step.
            let first = (place - 0.5 * WIDTH as f64).ceil();
            let argument = simd.splat(2.0 * (first - (place - 0.5 * WIDTH as f64)) - 1.0);
            #[expect(clippy::cast_possible_truncation, reason = "within the grid: places are checked finite")]
            let start = (first + if first < 0.0 { size as f64 } else { 0.0 }) as usize;
            let mut values = [simd.splat(0.0); WIDTH / 4];
            for row in &self.kernel.coefficients {
                for (value, coefficients) in values.iter_mut().zip(row.as_chunks::<4>().0) {
                    *value = value.mul_add(argument, simd.load(coefficients));
                }
            }
            for (grid, part) in self.grids.iter_mut().zip(self.parts) {
                let amount = simd.splat(part[sample]);
                let (cells, _) = grid[start..start + WIDTH].as_chunks_mut::<4>();
                for (cells, value) in cells.iter_mut().zip(values) {
                    value.mul_add(amount, simd.load(cells)).store(cells);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_oversample_and_have_no_large_factor() {
        for modes in 1..3000 {
            let size = good_size(modes);
            assert!(size as f64 >= OVERSAMPLING * modes as f64 && size >= 2 * WIDTH);
            assert!(size <= 2 * modes.max(WIDTH));
            let odd = size >> size.trailing_zeros();
            assert_eq!(3_usize.pow(odd.ilog(3)), odd);
        }
    }

    #[test]
    fn the_polynomials_are_the_kernel() {
        for shape in [29.0, 33.0, 40.0] {
            let kernel = SpreadKernel::new(shape);
            for step in 0..=50 {
                let s = f64::from(step) / 25.0 - 1.0;
                for point in 0..WIDTH {
                    let u: f64 = (2.0 * point as f64 + 1.0 + s) / WIDTH as f64 - 1.0;
                    let wanted = bessel_i0(shape * (1.0 - u * u).max(0.0).sqrt()) / bessel_i0(shape);
                    let got = kernel.coefficients.iter().fold(0.0, |sum, row| sum * s + row[point]);
                    assert!((got - wanted).abs() < 4e-14, "{point} {s}: {got} {wanted}");
                }
            }
        }
    }
}
