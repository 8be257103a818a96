//! Smoothed spectra of two records and their coherence.

use std::ops::Range;

use hexad_core::simd::{Kernel, Simd, dispatch};

/// Width of the smoothing, in independent bins over the root of their number.
const WIDTH: f64 = 0.33;

/// Noise assumed besides what is measured, as a share of the largest smoothed power. Without noise the weights
/// would follow the weakest frequencies, where nothing is but what the taper leaks: that stands still while the
/// records move.
const LEAKAGE: f64 = 1e-6;

/// Per bin, of records x and y: powers, cross-spectrum `conj(x) y`, and what follows from them.
pub(super) struct Spectra<'a> {
    pub xx: &'a mut [f64],
    pub yy: &'a mut [f64],
    pub re: &'a mut [f64],
    pub im: &'a mut [f64],
    pub smooth_xx: &'a mut [f64],
    pub smooth_yy: &'a mut [f64],
    pub smooth_re: &'a mut [f64],
    pub weights: &'a mut [f64],
    /// What a bin tells of the delay, over its squared frequency.
    pub information: &'a mut [f64],
    /// What its noise adds to the squared error of the delay, over the same.
    pub noise: &'a mut [f64],
}

impl Spectra<'_> {
    /// The first `bins` bins.
    pub fn first(&mut self, bins: usize) -> Spectra<'_> {
        self.band(0..bins)
    }

    /// The bins of a band.
    pub fn band(&mut self, bins: Range<usize>) -> Spectra<'_> {
        Spectra {
            xx: &mut self.xx[bins.clone()],
            yy: &mut self.yy[bins.clone()],
            re: &mut self.re[bins.clone()],
            im: &mut self.im[bins.clone()],
            smooth_xx: &mut self.smooth_xx[bins.clone()],
            smooth_yy: &mut self.smooth_yy[bins.clone()],
            smooth_re: &mut self.smooth_re[bins.clone()],
            weights: &mut self.weights[bins.clone()],
            information: &mut self.information[bins.clone()],
            noise: &mut self.noise[bins],
        }
    }

    /// Fills the smoothed powers and the smoothed real part of the cross-spectrum.
    pub fn smooth(&mut self, smoothing: Smoothing) {
        smoothing.apply(self.xx, self.smooth_xx);
        smoothing.apply(self.yy, self.smooth_yy);
        smoothing.apply(self.re, self.smooth_re);
    }

    /// Fills weights, information and noise from the smoothed spectra: those of maximum likelihood, or, if not
    /// `by_coherence`, of plain least squares.
    pub fn weigh(&mut self, smoothing: Smoothing, by_coherence: bool) {
        let largest = |values: &[f64]| values.iter().fold(0.0_f64, |largest, value| largest.max(*value));
        let leakage = [LEAKAGE * largest(self.smooth_xx), LEAKAGE * largest(self.smooth_yy)];
        let bins = self.xx.len();
        let edge = smoothing.half.min(bins / 2);
        let whole = smoothing.independent(edge, bins);
        for bin in (0..edge).chain(bins - edge..bins) {
            self.weigh_range(bin..bin + 1, smoothing.independent(bin, bins), leakage, by_coherence);
        }
        self.weigh_range(edge..bins - edge, whole, leakage, by_coherence);
    }

    fn weigh_range(&mut self, bins: Range<usize>, independent: f64, leakage: [f64; 2], by_coherence: bool) {
        let chance = (1.0 / independent).min(0.5);
        dispatch(Weigh { spectra: self.band(bins), chance, leakage, by_coherence });
    }
}

/// A running mean over `2 half + 1` bins, fewer at both ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Smoothing {
    half: usize,
    /// Bins per independent one.
    dependence: f64,
}

impl Smoothing {
    /// For spectra of `samples` samples whose neighbouring bins are `dependence` to an independent one.
    pub fn new(samples: usize, dependence: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the samples")]
        let half = (WIDTH * (samples as f64).sqrt() * dependence).round() as usize;
        Self { half: half.max(1), dependence }
    }

    /// Independent bins in the mean at `bin` of `bins`.
    fn independent(self, bin: usize, bins: usize) -> f64 {
        let last = (bin + self.half).min(bins - 1);
        (last + 1 - bin.saturating_sub(self.half)) as f64 / self.dependence
    }

    pub fn apply(self, values: &[f64], out: &mut [f64]) {
        let (bins, half) = (values.len(), self.half.min(values.len() - 1));
        let mut sum: f64 = values[..half].iter().sum();
        for (bin, out) in out.iter_mut().enumerate() {
            let (enters, leaves) = (bin + half, bin.checked_sub(half + 1));
            sum += values.get(enters).copied().unwrap_or(0.0);
            sum -= leaves.map_or(0.0, |leaves| values[leaves]);
            let count = enters.min(bins - 1) + 1 - bin.saturating_sub(half);
            *out = sum / count as f64;
        }
    }
}

struct Weigh<'a> {
    spectra: Spectra<'a>,
    /// The coherence that chance has on average.
    chance: f64,
    /// Noise assumed in x and in y.
    leakage: [f64; 2],
    by_coherence: bool,
}

impl Kernel<f64, 4> for Weigh<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, _: S) {
        let Self { spectra, chance, leakage, by_coherence } = self;
        let Spectra { smooth_xx, smooth_yy, smooth_re, weights, information, noise, .. } = spectra;
        let ins = smooth_xx.iter().zip(smooth_yy).zip(smooth_re);
        let outs = weights.iter_mut().zip(information).zip(noise);
        for (((xx, yy), re), ((weight, information), noise)) in ins.zip(outs) {
            let powers = (xx.max(0.0) + leakage[0]) * (yy.max(0.0) + leakage[1]);
            // Out of phase is out of place: such a bin is noise.
            let raw = re.max(0.0) * re.max(0.0) / powers;
            let coherence = ((raw - chance) / (1.0 - chance)).max(0.0);
            let rest = 1.0 - coherence;
            if by_coherence {
                *weight = (coherence / powers).sqrt() / rest;
                *information = coherence / rest;
                *noise = coherence / rest;
            } else {
                *weight = 1.0;
                *information = (coherence * powers).sqrt();
                *noise = powers * rest;
            }
        }
    }
}
