//! Settings of an estimate.

use hexad_core::InputError;

/// How frequencies are weighted where the whole lag is chosen (generalized cross-correlation).
///
/// The refinement weighs by coherence whatever is chosen here ([`Subsample`]). The coefficients, the second peak and
/// the verdict are those of the plain correlation in the band, so a weighting that prefers another peak than the
/// plain correlation is called ambiguous. `G` are smoothed spectra, `C` is the cross-spectrum as it is; to every
/// denominator a share of its largest value is added ([`DelayOptions::regularization`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Weighting {
    /// All alike: the plain correlation.
    #[default]
    None,
    /// `1 / |C|`: the phase alone. Sharp peaks where there are echoes; poor where noise is wider than the signal.
    Phat,
    /// `1 / sqrt(G_aa G_bb)`.
    Scot,
    /// `1 / G_aa`, a being the first record: the only weighting which is not the same with a and b exchanged.
    Roth,
    /// `g / ((1 - g) sqrt(G_aa G_bb))`, g being the coherence at the plain correlation's peak: maximum likelihood.
    Ml,
}

/// How the delay between two lags is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Subsample {
    /// Not at all: whole lags.
    None,
    /// The top of the parabola through the peak and its neighbours: off by up to 0.12 sample where the signal reaches
    /// to half the sample rate, and pulled towards zero.
    Parabolic,
    /// The slope of the phase, every frequency weighted by the power both have: the least squares between both
    /// records. As good as the default where signal and noise have the same spectrum.
    LeastSquares,
    /// The slope of the phase, weighted for the least variance by the coherence found.
    #[default]
    Weighted,
}

/// Optional settings of [`crate::DelayPlan`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct DelayOptions {
    /// The largest delay searched, of either sign. Default: as far as `min_overlap` allows.
    pub max_lag_s: Option<f64>,
    /// Lowest and highest frequency used, in Hz. Default: all.
    pub band_hz: Option<(f64, f64)>,
    /// How frequencies are weighted where the whole lag is chosen. Default [`Weighting::None`].
    pub weighting: Weighting,
    /// What is added to the denominators of weightings, as a share of the largest. Default 0.01.
    pub regularization: f64,
    /// How the delay between two lags is found. Default [`Subsample::Weighted`].
    pub subsample: Subsample,
    /// Lags at which the records overlap by less than this share of the shorter one are not searched. Default 0.5.
    pub min_overlap: f64,
    /// Share that is cosine ramps, half of it at each end: 1 is a Hann window. Of each record where the whole lag is
    /// chosen, of what overlaps where the delay is refined, and the verdict and the uncertainty allow for what that
    /// leaves. Records that were tapered before ([`crate::PreprocessOptions::taper`]) are taken for more than they are.
    /// Default 0.
    pub taper: f64,
}

impl Default for DelayOptions {
    fn default() -> Self {
        Self {
            max_lag_s: None,
            band_hz: None,
            weighting: Weighting::None,
            regularization: 0.01,
            subsample: Subsample::Weighted,
            min_overlap: 0.5,
            taper: 0.0,
        }
    }
}

impl DelayOptions {
    /// With delays up to `max_lag_s` of either sign.
    #[must_use]
    pub fn with_max_lag_s(mut self, max_lag_s: f64) -> Self {
        self.max_lag_s = Some(max_lag_s);
        self
    }

    /// With frequencies from `low_hz` to `high_hz` only.
    #[must_use]
    pub fn with_band_hz(mut self, low_hz: f64, high_hz: f64) -> Self {
        self.band_hz = Some((low_hz, high_hz));
        self
    }

    /// With another [`Weighting`].
    #[must_use]
    pub fn with_weighting(mut self, weighting: Weighting) -> Self {
        self.weighting = weighting;
        self
    }

    /// With another share added to the denominators of weightings.
    #[must_use]
    pub fn with_regularization(mut self, regularization: f64) -> Self {
        self.regularization = regularization;
        self
    }

    /// With another [`Subsample`].
    #[must_use]
    pub fn with_subsample(mut self, subsample: Subsample) -> Self {
        self.subsample = subsample;
        self
    }

    /// With another smallest overlap.
    #[must_use]
    pub fn with_min_overlap(mut self, min_overlap: f64) -> Self {
        self.min_overlap = min_overlap;
        self
    }

    /// With another share of ramps.
    #[must_use]
    pub fn with_taper(mut self, taper: f64) -> Self {
        self.taper = taper;
        self
    }

    pub(super) fn check(&self, sample_rate_hz: f64) -> Result<(), InputError> {
        let refuse = |argument, value, allowed| Err(InputError::OutOfRange { argument, value, allowed });
        let half = 0.5 * sample_rate_hz;
        if let Some((low, high)) = self.band_hz {
            if !(low >= 0.0 && low < half) {
                return refuse("low_hz", low, ">= 0 and below half the sample rate");
            }
            if !(high > low && high <= half) {
                return refuse("high_hz", high, "above low_hz and at most half the sample rate");
            }
        }
        if !(self.min_overlap > 0.0 && self.min_overlap <= 1.0) {
            return refuse("min_overlap", self.min_overlap, "above 0 and at most 1");
        }
        if !(0.0..=1.0).contains(&self.taper) {
            return refuse("taper", self.taper, "from 0 to 1");
        }
        if !(self.regularization.is_finite() && self.regularization >= 0.0) {
            return refuse("regularization", self.regularization, "finite and >= 0");
        }
        Ok(())
    }
}
