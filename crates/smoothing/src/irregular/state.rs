//! The sums of exponentials behind a place, in memory and in registers. Lanes are exponents.
//!
//! With `v` the distance of a sample from the place, in sigmas, they are `S_k = sum a v^k exp(-s v)`; a step
//! of length `g` away from the samples makes them `S_k' = exp(-s g) sum_i C(k, i) g^(k-i) S_i`.

use hexad_core::simd::{Kernel, Simd, Vector};

use super::decay::{Complex, Decay, Decays};

/// `K` moments, each with what was rounded off it (Kahan 1965): in dense data a state takes in millions of
/// samples, and its rounding errors are multiplied by weights of up to several hundred.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments<const V: usize, const K: usize> {
    sum: [Complex<V>; K],
    low: [Complex<V>; K],
}

/// The sums behind a target: `T` moments of weighted values, `M` of weights.
#[derive(Debug, Clone, Copy)]
pub(super) struct State<const V: usize, const T: usize, const M: usize> {
    pub values: Moments<V, T>,
    pub weights: Moments<V, M>,
}

impl<const V: usize, const T: usize, const M: usize> State<V, T, M> {
    pub const ZERO: Self = Self {
        values: Moments { sum: [Complex::ZERO; T], low: [Complex::ZERO; T] },
        weights: Moments { sum: [Complex::ZERO; M], low: [Complex::ZERO; M] },
    };
}

/// A state carried over one long step and added to another.
pub(super) struct Carry<'a, const V: usize, const T: usize, const M: usize> {
    pub decays: &'a Decays<V>,
    pub from: &'a State<V, T, M>,
    pub gap: f64,
    pub to: &'a State<V, T, M>,
}

impl<const V: usize, const T: usize, const M: usize> Kernel<f64, 4> for Carry<'_, V, T, M> {
    type Output = State<V, T, M>;

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> State<V, T, M> {
        let step = self.decays.at(simd, self.gap);
        let mut values = Ladder::load(simd, &self.from.values);
        let mut weights = Ladder::load(simd, &self.from.weights);
        values.advance(simd, &step, 0.0, &Arrivals::new(simd));
        weights.advance(simd, &step, 0.0, &Arrivals::new(simd));
        values.add(&Ladder::load(simd, &self.to.values));
        weights.add(&Ladder::load(simd, &self.to.weights));
        State { values: values.store(), weights: weights.store() }
    }
}

/// Moments in registers.
#[derive(Clone, Copy)]
pub(super) struct Ladder<F, const V: usize, const K: usize> {
    re: [[F; V]; K],
    im: [[F; V]; K],
    re_low: [[F; V]; K],
    im_low: [[F; V]; K],
}

#[inline(always)]
pub(super) fn load_complex<S: Simd<f64, 4>, const V: usize>(
    simd: S,
    from: &Complex<V>,
) -> ([S::V; V], [S::V; V]) {
    let (mut re, mut im) = ([simd.splat(0.0); V], [simd.splat(0.0); V]);
    for v in 0..V {
        re[v] = simd.load(&from.re[v]);
        im[v] = simd.load(&from.im[v]);
    }
    (re, im)
}

/// Adds `term` to `sum`, keeping in `low` what was rounded off.
#[inline(always)]
fn add_compensated<F: Vector<f64, 4>>(sum: &mut F, low: &mut F, term: F) {
    let term = term - *low;
    let total = *sum + term;
    *low = (total - *sum) - term;
    *sum = total;
}

/// What samples add to the moments at a place, before it is summed up with the rest.
pub(super) struct Arrivals<F, const V: usize, const K: usize> {
    re: [[F; V]; K],
    im: [[F; V]; K],
}

impl<F: Vector<f64, 4>, const V: usize, const K: usize> Arrivals<F, V, K> {
    #[inline(always)]
    pub fn new<S: Simd<f64, 4, V = F>>(simd: S) -> Self {
        Self { re: [[simd.splat(0.0); V]; K], im: [[simd.splat(0.0); V]; K] }
    }

    /// Adds a cluster about the distance of `decay` to moment `k`: `inner` holds the decays of its samples
    /// relative to that, summed.
    #[inline(always)]
    pub fn add_cluster<S: Simd<f64, 4, V = F>>(
        &mut self,
        simd: S,
        k: usize,
        decay: &Decay<F, V>,
        (inner_re, inner_im): ([F; V], [F; V]),
    ) {
        let whole = simd.splat(if decay.small { 1.0 } else { 0.0 });
        for v in 0..V {
            let (re, im) = (decay.re[v] + whole, decay.im[v]);
            self.re[k][v] = re.mul_add(inner_re[v], (-im).mul_add(inner_im[v], self.re[k][v]));
            self.im[k][v] = re.mul_add(inner_im[v], im.mul_add(inner_re[v], self.im[k][v]));
        }
    }

    /// Adds `amount` at the distance of `decay`.
    #[inline(always)]
    pub fn add<S: Simd<f64, 4, V = F>>(&mut self, simd: S, decay: &Decay<F, V>, amount: f64) {
        let mut power = amount;
        for k in 0..K {
            let whole = simd.splat(if decay.small { power } else { 0.0 });
            for v in 0..V {
                self.re[k][v] = decay.re[v].mul_add(simd.splat(power), self.re[k][v] + whole);
                self.im[k][v] = decay.im[v].mul_add(simd.splat(power), self.im[k][v]);
            }
            power *= decay.gap;
        }
    }
}

impl<F: Vector<f64, 4>, const V: usize, const K: usize> Ladder<F, V, K> {
    #[inline(always)]
    pub fn zero<S: Simd<f64, 4, V = F>>(simd: S) -> Self {
        Self {
            re: [[simd.splat(0.0); V]; K],
            im: [[simd.splat(0.0); V]; K],
            re_low: [[simd.splat(0.0); V]; K],
            im_low: [[simd.splat(0.0); V]; K],
        }
    }

    #[inline(always)]
    pub fn load<S: Simd<f64, 4, V = F>>(simd: S, from: &Moments<V, K>) -> Self {
        let mut ladder = Self::zero(simd);
        for k in 0..K {
            (ladder.re[k], ladder.im[k]) = load_complex(simd, &from.sum[k]);
            (ladder.re_low[k], ladder.im_low[k]) = load_complex(simd, &from.low[k]);
        }
        ladder
    }

    #[inline(always)]
    pub fn store(&self) -> Moments<V, K> {
        let mut to = Moments { sum: [Complex::ZERO; K], low: [Complex::ZERO; K] };
        for k in 0..K {
            for v in 0..V {
                self.re[k][v].store(&mut to.sum[k].re[v]);
                self.im[k][v].store(&mut to.sum[k].im[v]);
                self.re_low[k][v].store(&mut to.low[k].re[v]);
                self.im_low[k][v].store(&mut to.low[k].im[v]);
            }
        }
        to
    }

    /// Adds what arrived at this place.
    #[inline(always)]
    pub fn take(&mut self, arrivals: &Arrivals<F, V, K>) {
        for k in 0..K {
            for v in 0..V {
                add_compensated(&mut self.re[k][v], &mut self.re_low[k][v], arrivals.re[k][v]);
                add_compensated(&mut self.im[k][v], &mut self.im_low[k][v], arrivals.im[k][v]);
            }
        }
    }

    #[inline(always)]
    fn add(&mut self, other: &Self) {
        for k in 0..K {
            for v in 0..V {
                add_compensated(&mut self.re[k][v], &mut self.re_low[k][v], other.re[k][v]);
                add_compensated(&mut self.im[k][v], &mut self.im_low[k][v], other.im[k][v]);
            }
        }
    }

    /// Adds `here` at the place that is left, moves on by one step, and adds `arrivals` at the new place.
    #[inline(always)]
    pub fn advance<S: Simd<f64, 4, V = F>>(
        &mut self,
        simd: S,
        step: &Decay<F, V>,
        here: f64,
        arrivals: &Arrivals<F, V, K>,
    ) {
        let (here, gap, two) = (simd.splat(here), simd.splat(step.gap), simd.splat(2.0));
        for v in 0..V {
            let (re, im) = (step.re[v], step.im[v]);
            let first = self.re[0][v] + here;
            for k in (0..K).rev() {
                let (new_re, new_im) = (arrivals.re[k][v], arrivals.im[k][v]);
                // What the shift of the origin adds to the moment, before it decays.
                let (mut more_re, mut more_im) = (here, simd.splat(0.0));
                if k == 1 {
                    (more_re, more_im) = (first * gap, self.im[0][v] * gap);
                }
                if k == 2 {
                    more_re = first.mul_add(gap, self.re[1][v] * two) * gap;
                    more_im = self.im[0][v].mul_add(gap, self.im[1][v] * two) * gap;
                }
                let shifted_re = self.re[k][v] + more_re;
                let shifted_im = if k == 0 { self.im[0][v] } else { self.im[k][v] + more_im };
                if step.small {
                    let by_re = re.mul_add(shifted_re, (-im).mul_add(shifted_im, more_re + new_re));
                    let by_im = re.mul_add(shifted_im, im.mul_add(shifted_re, more_im + new_im));
                    add_compensated(&mut self.re[k][v], &mut self.re_low[k][v], by_re);
                    add_compensated(&mut self.im[k][v], &mut self.im_low[k][v], by_im);
                } else {
                    self.re[k][v] = re.mul_add(shifted_re, (-im).mul_add(shifted_im, new_re));
                    self.im[k][v] = re.mul_add(shifted_im, im.mul_add(shifted_re, new_im));
                    self.re_low[k][v] = simd.splat(0.0);
                    self.im_low[k][v] = simd.splat(0.0);
                }
            }
        }
    }

    /// `Re sum w S_k`.
    #[inline(always)]
    pub fn evaluate<S: Simd<f64, 4, V = F>>(&self, simd: S, pole_re: &[F; V], pole_im: &[F; V]) -> [f64; K] {
        let mut out = [0.0; K];
        for (k, out) in out.iter_mut().enumerate() {
            let mut sum = simd.splat(0.0);
            for v in 0..V {
                sum = pole_re[v].mul_add(self.re[k][v], (-pole_im[v]).mul_add(self.im[k][v], sum));
            }
            *out = sum.sum();
        }
        out
    }
}
