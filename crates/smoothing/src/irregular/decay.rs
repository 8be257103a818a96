//! Decays `exp(-s_k v)` of all exponents of a table, for one distance `v` in sigmas.
//!
//! A row of a table at the nearest multiple of 1/16, times a Taylor polynomial in the rest. The polynomial
//! gives the decay less one; below 1/32 that is what is kept, so that a million small steps round no worse
//! than one large step.

use hexad_core::simd::{Simd, Vector};

use crate::soe_tables::SoeTable;

/// Rows per sigma.
const ROWS: f64 = 16.0;

/// The polynomial's rest is at most this.
pub(super) const HALF_ROW: f64 = 0.5 / ROWS;

/// Exponents are below this by size.
const LARGEST_EXPONENT: f64 = 7.0;

/// Terms of the polynomial: the first one left out is below (7/32)^11 / 12! = 1.2e-16 of the sum.
pub(super) const TERMS: usize = 11;

/// Adding this rounds to a whole number and leaves it in the low bits: 1.5 * 2^52.
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// A row of `V` vectors of exponents.
#[derive(Debug, Clone, Copy)]
pub(super) struct Complex<const V: usize> {
    pub re: [[f64; 4]; V],
    pub im: [[f64; 4]; V],
}

/// The decay over one gap between neighbouring targets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<const V: usize> {
    /// The decay, less one if `small`.
    pub decay: Complex<V>,
    /// Whether the gap is below 1/32.
    pub small: bool,
    /// The gap, in sigmas.
    pub gap: f64,
}

/// A decay in registers, less one if `small`.
#[derive(Clone, Copy)]
pub(super) struct Decay<F, const V: usize> {
    pub re: [F; V],
    pub im: [F; V],
    pub small: bool,
    pub gap: f64,
}

/// Everything that depends on the table of exponentials alone.
#[derive(Debug, Clone)]
pub(super) struct Decays<const V: usize> {
    /// `exp(-s r / 16)`; the last row is zero.
    rows: Vec<Complex<V>>,
    /// `(-s)^n / n!`, `n = 1..`.
    terms: [Complex<V>; TERMS],
    /// Weights `w_k`.
    pub weights: Complex<V>,
    /// Distance from which decays are zero.
    pub limit: f64,
    /// The decay over `radius`.
    edge: Complex<V>,
    /// Half-width of the window, in sigmas.
    radius: f64,
}

impl<const V: usize> Complex<V> {
    pub const ZERO: Self = Self { re: [[0.0; 4]; V], im: [[0.0; 4]; V] };
}

impl<const V: usize> Step<V> {
    pub const NONE: Self = Self { decay: Complex::ZERO, small: true, gap: 0.0 };
}

impl<const V: usize> Decays<V> {
    /// For up to `4 V` pairs of exponentials, distances up to `limit` sigmas, and a window of half-width
    /// `radius` sigmas (or infinity).
    pub fn new(table: &SoeTable, limit: f64, radius: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "limit is at most a few dozen"
        )]
        let count = (limit * ROWS).ceil() as usize;
        let mut rows = vec![Complex::ZERO; count + 1];
        let (mut terms, mut edge) = ([Complex::ZERO; TERMS], Complex::ZERO);
        let mut weights = Complex::ZERO;
        for lane in 0..4 * V {
            let (v, l) = (lane / 4, lane % 4);
            // Lanes to spare repeat the first exponent with the weight 0.
            let pole = if lane < table.decay.len() { lane } else { 0 };
            let (decay, frequency) = (table.decay[pole], table.frequency[pole]);
            if pole == lane {
                weights.re[v][l] = table.weight_re[pole];
                weights.im[v][l] = table.weight_im[pole];
            }
            for (r, row) in rows[..count].iter_mut().enumerate() {
                (row.re[v][l], row.im[v][l]) = decay_over(r as f64 / ROWS, decay, frequency);
            }
            if radius.is_finite() {
                (edge.re[v][l], edge.im[v][l]) = decay_over(radius, decay, frequency);
            }
            let (mut re, mut im) = (1.0, 0.0);
            for (n, term) in terms.iter_mut().enumerate() {
                let divisor = (n + 1) as f64;
                (re, im) =
                    ((im * frequency - re * decay) / divisor, -(re * frequency + im * decay) / divisor);
                term.re[v][l] = re;
                term.im[v][l] = im;
            }
        }
        Self { rows, terms, weights, limit: count as f64 / ROWS, edge, radius }
    }

    /// Terms of the polynomial that gaps up to `longest` sigmas need.
    pub fn terms_for(&self, longest: f64) -> usize {
        let size = LARGEST_EXPONENT * longest.min(HALF_ROW);
        let (mut left_out, mut terms) = (size / 2.0, 1);
        while terms < TERMS && left_out > 0.25 * f64::EPSILON {
            terms += 1;
            left_out *= size / (terms + 1) as f64;
        }
        terms
    }

    /// The decay over `gap` sigmas, a little more than the radius.
    #[inline(always)]
    pub fn beyond<S: Simd<f64, 4>>(&self, simd: S, gap: f64, terms: usize) -> Decay<S::V, V> {
        let rest = gap - self.radius;
        if rest > HALF_ROW || terms == TERMS {
            return self.at(simd, gap);
        }
        let (less_re, less_im) = self.polynomial(simd, simd.splat(rest), terms);
        let (mut re, mut im) = (less_re, less_im);
        for v in 0..V {
            let (edge_re, edge_im) = (simd.load(&self.edge.re[v]), simd.load(&self.edge.im[v]));
            re[v] = edge_re.mul_add(less_re[v], (-edge_im).mul_add(less_im[v], edge_re));
            im[v] = edge_re.mul_add(less_im[v], edge_im.mul_add(less_re[v], edge_im));
        }
        Decay { re, im, small: false, gap }
    }

    /// The decay over `gap >= 0` sigmas.
    #[inline(always)]
    pub fn at<S: Simd<f64, 4>>(&self, simd: S, gap: f64) -> Decay<S::V, V> {
        self.with_terms(simd, gap, TERMS)
    }

    /// [`Decays::at`] with the number of terms that [`Decays::terms_for`] gave.
    #[inline(always)]
    pub fn with_terms<S: Simd<f64, 4>>(&self, simd: S, gap: f64, terms: usize) -> Decay<S::V, V> {
        let gap = gap.min(self.limit);
        let shifted = gap.mul_add(ROWS, MAGIC);
        let row = (shifted.to_bits() & 0xffff) as usize;
        let rest = simd.splat(gap - (shifted - MAGIC) * (1.0 / ROWS));
        let (mut re, mut im) = self.polynomial(simd, rest, terms);
        let small = row == 0;
        let whole = simd.splat(if small { 0.0 } else { 1.0 });
        let row = &self.rows[row];
        for v in 0..V {
            let (less_re, less_im) = (re[v], im[v]);
            let (row_re, row_im) = (simd.load(&row.re[v]), simd.load(&row.im[v]));
            re[v] = row_re.mul_add(less_re, (-row_im).mul_add(less_im, row_re * whole));
            im[v] = row_re.mul_add(less_im, row_im.mul_add(less_re, row_im));
        }
        Decay { re, im, small, gap }
    }

    /// `sum_j exp(-s r_j)` over small rests, from `moments[n] = sum_j r_j^n`.
    #[inline(always)]
    pub fn expand<S: Simd<f64, 4>>(
        &self,
        simd: S,
        moments: &[f64; TERMS + 1],
        terms: usize,
    ) -> ([S::V; V], [S::V; V]) {
        let (mut re, mut im) = ([simd.splat(moments[0]); V], [simd.splat(0.0); V]);
        for n in (0..terms).rev() {
            let moment = simd.splat(moments[n + 1]);
            for v in 0..V {
                re[v] = moment.mul_add(simd.load(&self.terms[n].re[v]), re[v]);
                im[v] = moment.mul_add(simd.load(&self.terms[n].im[v]), im[v]);
            }
        }
        (re, im)
    }

    /// The decay over a small `rest`, less one.
    #[inline(always)]
    fn polynomial<S: Simd<f64, 4>>(&self, simd: S, rest: S::V, terms: usize) -> ([S::V; V], [S::V; V]) {
        let (mut re, mut im) = ([simd.splat(0.0); V], [simd.splat(0.0); V]);
        for term in self.terms[..terms].iter().rev() {
            for v in 0..V {
                re[v] = re[v].mul_add(rest, simd.load(&term.re[v]));
                im[v] = im[v].mul_add(rest, simd.load(&term.im[v]));
            }
        }
        for v in 0..V {
            re[v] = re[v] * rest;
            im[v] = im[v] * rest;
        }
        (re, im)
    }
}

/// Real and imaginary part of `exp(-(decay + i frequency) distance)`.
fn decay_over(distance: f64, decay: f64, frequency: f64) -> (f64, f64) {
    let size = (-decay * distance).exp();
    (size * (frequency * distance).cos(), -size * (frequency * distance).sin())
}
