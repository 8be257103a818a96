//! The sums over samples that a power is made of, and the power from them.

use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use hexad_core::{Complex64, Workspace};

use super::{FrequencyGrid, LombScargle};
use crate::goertzel::phasor;

/// Frequencies between exactly known phases.
const BLOCK: usize = 64;
/// Sums a frequency: three complex ones.
const SUMS: usize = 6;

/// Weighted sums over the samples with `z = exp(2 pi i f t)`; weights sum to 1.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    /// `sum w y z`.
    pub y: Complex64,
    /// `sum w z`.
    pub one: Complex64,
    /// `sum w z^2`.
    pub double: Complex64,
}

/// From sums to the fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Solver {
    pub floating: bool,
    /// `sum w y^2`.
    pub variance: f64,
}

/// Coefficients of cosine and sine, and the variance they explain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    pub cos: f64,
    pub sin: f64,
    pub explained: f64,
}

/// The 2 x 2 matrix of the normal equations.
struct Normal {
    cc: f64,
    ss: f64,
    cs: f64,
    large: f64,
    small: f64,
}

/// Smallest eigenvalue of the normal equations that counts: beyond rounding of the sums.
const NEGLIGIBLE: f64 = 1e-10;

impl Solver {
    /// Zechmeister and Kürster 2009, equations 4-15; a direction that the samples do not tell counts nothing.
    pub fn solve(&self, sums: &Sums) -> Fit {
        let Normal { cc, ss, cs, large, small } = self.normal(sums);
        let (yc, ys) = (sums.y.re, sums.y.im);
        if large <= NEGLIGIBLE {
            return Fit { cos: 0.0, sin: 0.0, explained: 0.0 };
        }
        let (cos, sin) = if small > NEGLIGIBLE {
            let determinant = large * small;
            ((yc * ss - ys * cs) / determinant, (ys * cc - yc * cs) / determinant)
        } else {
            // The eigenvector of the large eigenvalue, by the better conditioned of its two forms.
            let (a, b) = if cc >= ss { (large - ss, cs) } else { (cs, large - cc) };
            let along = (yc * a + ys * b) / (large * (a * a + b * b));
            (along * a, along * b)
        };
        Fit { cos, sin, explained: cos * yc + sin * ys }
    }

    /// The part of the variance explained.
    pub fn share(&self, fit: &Fit) -> f64 {
        if self.variance > 0.0 { (fit.explained / self.variance).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Whether the equations enlarge errors of the sums more than a thousandfold.
    pub fn is_delicate(&self, sums: &Sums) -> bool {
        self.normal(sums).small < 1e-3
    }

    fn normal(&self, sums: &Sums) -> Normal {
        let mean = if self.floating { sums.one } else { Complex64::default() };
        let cc = 0.5 * (1.0 + sums.double.re) - mean.re * mean.re;
        let ss = 0.5 * (1.0 - sums.double.re) - mean.im * mean.im;
        let cs = 0.5 * sums.double.im - mean.re * mean.im;
        let large = 0.5 * (cc + ss) + (0.25 * (cc - ss) * (cc - ss) + cs * cs).sqrt();
        let small = if large > 0.0 { (cc * ss - cs * cs) / large } else { 0.0 };
        Normal { cc, ss, cs, large, small }
    }
}

/// The sums at one frequency, term by term.
pub(super) fn at(samples: &LombScargle, frequency_hz: f64) -> Sums {
    let mut sums = Sums::default();
    for ((&time, &weight), &weighted) in samples.time.iter().zip(&samples.weights).zip(&samples.weighted) {
        let z = phasor(frequency_hz, time);
        sums.y += z * weighted;
        sums.one += z * weight;
        sums.double += z * z * weight;
    }
    sums
}

/// Whether the transform takes less time than [`on_grid`].
pub(super) fn fast_pays(samples: usize, frequencies: usize) -> bool {
    samples as f64 * frequencies as f64 > 100.0 * (frequencies as f64 + 4.0 * samples as f64)
}

/// The sums on a grid: a sample's phase moves on by angle addition.
pub(super) fn on_grid(
    samples: &LombScargle,
    grid: &FrequencyGrid,
    work: &mut Workspace<f64>,
    mut each: impl FnMut(usize, Sums),
) {
    let [step_cos, step_sin, cos, sin] = work.fields([samples.samples(); 4]);
    let steps = Phases::fill(samples, grid.step_hz(), step_cos, step_sin);
    for start in (0..grid.len()).step_by(BLOCK) {
        let sums = dispatch(BlockSums {
            phases: Phases::fill(samples, grid.at(start), cos, sin),
            steps,
            weights: &samples.weights,
            weighted: &samples.weighted,
        });
        for (offset, sums) in sums.into_iter().take(grid.len() - start).enumerate() {
            each(start + offset, sums);
        }
    }
}

/// Cosine and sine of every sample at one frequency.
#[derive(Clone, Copy)]
struct Phases<'a> {
    cos: &'a [f64],
    sin: &'a [f64],
}

impl<'a> Phases<'a> {
    fn fill(samples: &LombScargle, frequency_hz: f64, cos: &'a mut [f64], sin: &'a mut [f64]) -> Self {
        for ((&time, cos), sin) in samples.time.iter().zip(&mut *cos).zip(&mut *sin) {
            let z = phasor(frequency_hz, time);
            (*cos, *sin) = (z.re, z.im);
        }
        Self { cos, sin }
    }
}

struct BlockSums<'a> {
    phases: Phases<'a>,
    steps: Phases<'a>,
    weights: &'a [f64],
    weighted: &'a [f64],
}

impl Kernel<f64, 4> for BlockSums<'_> {
    type Output = [Sums; BLOCK];

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> [Sums; BLOCK] {
        let mut totals = [[simd.splat(0.0); SUMS]; BLOCK];
        let zero = [0.0; 4];
        for start in (0..self.weights.len()).step_by(4) {
            let end = self.weights.len().min(start + 4);
            let mut lanes = [zero; 6];
            let fields = [
                self.phases.cos,
                self.phases.sin,
                self.steps.cos,
                self.steps.sin,
                self.weights,
                self.weighted,
            ];
            for (lanes, field) in lanes.iter_mut().zip(fields) {
                lanes[..end - start].copy_from_slice(&field[start..end]);
            }
            let (mut cos, mut sin) = (simd.load(&lanes[0]), simd.load(&lanes[1]));
            let (step_cos, step_sin) = (simd.load(&lanes[2]), simd.load(&lanes[3]));
            let (weight, weighted) = (simd.load(&lanes[4]), simd.load(&lanes[5]));
            for total in &mut totals {
                let (weight_cos, weight_sin) = (weight * cos, weight * sin);
                total[0] = weighted.mul_add(cos, total[0]);
                total[1] = weighted.mul_add(sin, total[1]);
                total[2] = total[2] + weight_cos;
                total[3] = total[3] + weight_sin;
                total[4] = (-weight_sin).mul_add(sin, weight_cos.mul_add(cos, total[4]));
                total[5] = (weight_sin + weight_sin).mul_add(cos, total[5]);
                let turned = (-sin).mul_add(step_sin, cos * step_cos);
                sin = sin.mul_add(step_cos, cos * step_sin);
                cos = turned;
            }
        }
        let mut out = [Sums::default(); BLOCK];
        for (out, total) in out.iter_mut().zip(totals) {
            out.y = Complex64::new(total[0].sum(), total[1].sum());
            out.one = Complex64::new(total[2].sum(), total[3].sum());
            out.double = Complex64::new(total[4].sum(), total[5].sum());
        }
        out
    }
}
