//! How a periodogram is made.

use crate::Detrend;

/// What is fitted beside the sine and cosine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LombMean {
    /// A constant of its own at every frequency ("generalized", Zechmeister and Kürster 2009).
    #[default]
    Floating,
    /// The weighted mean, taken off once: as [`LombMean::Zero`] with [`Detrend::Constant`].
    Subtracted,
    /// Nothing: the values, or what a trend leaves of them, are meant to vary about 0.
    Zero,
}

/// Unit of a power. With the weighted sums of squares chi0 about the constant, or of what a trend leaves, and
/// chi of the fit:
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LombNormalization {
    /// `(chi0 - chi) / chi0`, from 0 to 1.
    #[default]
    Standard,
    /// `(chi0 - chi) / chi`.
    Model,
    /// `ln(chi0 / chi)`.
    Log,
    /// `(chi0 - chi) / 2`: in the unit of y squared without `sigma`, without unit with it.
    Psd,
    /// Amplitude of the fitted tone, in the unit of y.
    Amplitude,
}

/// What to do with samples whose time, value or sigma is NaN or infinite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LombMissing {
    /// An error naming the first one.
    #[default]
    Refuse,
    /// Leave them out.
    Omit,
}

/// How powers on a grid are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LombMethod {
    /// Whichever takes less time.
    #[default]
    Auto,
    /// Sums over the samples; phases by angle addition, computed anew every 64 frequencies.
    Direct,
    /// Non-uniform FFT: within 1e-9 of the sums, relative to the largest power possible.
    Fast,
}

/// Optional settings of [`LombScargle`](super::LombScargle).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LombScargleOptions {
    /// What is taken off beforehand, by weighted least squares over the times. Default [`Detrend::None`].
    pub detrend: Detrend,
    /// What is fitted beside the tone. Default [`LombMean::Floating`].
    pub mean: LombMean,
    /// Unit of the powers. Default [`LombNormalization::Standard`].
    pub normalization: LombNormalization,
    /// What to do with missing samples. Default [`LombMissing::Refuse`].
    pub missing: LombMissing,
    /// How powers on a grid are computed. Default [`LombMethod::Auto`].
    pub method: LombMethod,
}

impl LombScargleOptions {
    /// With another [`Detrend`].
    #[must_use]
    pub fn with_detrend(mut self, detrend: Detrend) -> Self {
        self.detrend = detrend;
        self
    }

    /// With another [`LombMean`].
    #[must_use]
    pub fn with_mean(mut self, mean: LombMean) -> Self {
        self.mean = mean;
        self
    }

    /// With another [`LombNormalization`].
    #[must_use]
    pub fn with_normalization(mut self, normalization: LombNormalization) -> Self {
        self.normalization = normalization;
        self
    }

    /// With another [`LombMissing`].
    #[must_use]
    pub fn with_missing(mut self, missing: LombMissing) -> Self {
        self.missing = missing;
        self
    }

    /// With another [`LombMethod`].
    #[must_use]
    pub fn with_method(mut self, method: LombMethod) -> Self {
        self.method = method;
        self
    }
}
