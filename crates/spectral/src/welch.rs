//! Averages of the spectra of overlapping segments.

mod effective;
mod kernels;
mod layout;
mod median;
mod pairs;
mod stream;

pub(crate) use kernels::{add_cross, check_all_finite, windowed_into};
pub(crate) use layout::Layout;
pub use stream::WelchStream;

use hexad_core::{ComplexFft, RealFft, check_finite};

use crate::spectrum::{Averaging, Padding, Sides, Spectrum};
use crate::sum::sum;
use crate::sums::SegmentSums;
use crate::{Detrend, SpectralError, Window};
use median::{MedianScratch, Medians};
use pairs::{PairScratch, PairSums, Pairs, width, write_means};

/// What is taken over the segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Average {
    /// The mean.
    #[default]
    Mean,
    /// The median over its expectation for noise: a few loud segments do not move it. Needs the powers of all
    /// segments at once, `segments * (segment_len / 2 + 1)` numbers. As SciPy's it is for noise between 0 and
    /// half the sample rate: at these two it reads as little as 0.656 of noise, and intervals do not cover;
    /// anywhere it reads a steady tone up to 1.443 times too strong.
    Median,
}

/// How a signal is cut into segments, and what is done with them.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct WelchOptions {
    /// What each segment is multiplied with. Default [`Window::Hann`].
    pub window: Window,
    /// Share of a segment that it has in common with the next, from 0 to below 1. Default 0.5.
    pub overlap: f64,
    /// What is taken off each segment before. Default [`Detrend::None`].
    pub detrend: Detrend,
    /// What is taken over the segments. Default [`Average::Mean`].
    pub average: Average,
    /// Which frequencies are shown. Default [`Sides::One`].
    pub sides: Sides,
    /// Zeros behind each segment. Default [`Padding::None`].
    pub padding: Padding,
}

impl Default for WelchOptions {
    fn default() -> Self {
        Self {
            window: Window::Hann,
            overlap: 0.5,
            detrend: Detrend::None,
            average: Average::Mean,
            sides: Sides::One,
            padding: Padding::None,
        }
    }
}

impl WelchOptions {
    /// With another window.
    #[must_use]
    pub fn with_window(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// With another overlap.
    #[must_use]
    pub fn with_overlap(mut self, overlap: f64) -> Self {
        self.overlap = overlap;
        self
    }

    /// With another trend taken off.
    #[must_use]
    pub fn with_detrend(mut self, detrend: Detrend) -> Self {
        self.detrend = detrend;
        self
    }

    /// With another average.
    #[must_use]
    pub fn with_average(mut self, average: Average) -> Self {
        self.average = average;
        self
    }

    /// With other frequencies shown.
    #[must_use]
    pub fn with_sides(mut self, sides: Sides) -> Self {
        self.sides = sides;
        self
    }

    /// With other zeros behind each segment.
    #[must_use]
    pub fn with_padding(mut self, padding: Padding) -> Self {
        self.padding = padding;
        self
    }
}

/// The average spectrum of overlapping segments of a signal: less scatter for less resolution.
///
/// A segment begins every `segment_len - floor(overlap * segment_len)` samples (SciPy's
/// `noverlap = nperseg // 2` is an overlap of 0.5); a share that is a whole number of samples but for the
/// rounding of the product counts as that number. Samples behind the last whole segment are left out.
///
/// For a mean, two neighbouring segments go through one complex transform, so that they share its rounding:
/// an error of about 1e-16 of the larger one, which a mean cannot show. Sums are compensated: no digits are
/// lost over any number of segments. A signal in pieces through [`WelchStream`] gives the same bits.
///
/// # Examples
///
/// ```
/// use hexad_spectral::{Scaling, WelchOptions, WelchPlan};
/// let tone: Vec<f64> = (0..10_000).map(|n| 3.0 * (0.2 * std::f64::consts::PI * f64::from(n)).cos()).collect();
/// let average = WelchPlan::new(500, 1000.0, &WelchOptions::default())?.apply(&tone)?;
/// let (frequency_hz, power) = average.peak(Scaling::Power).ok_or("no peak")?;
/// assert!((frequency_hz - 100.0).abs() < 1e-12 && (power - 4.5).abs() < 1e-12);
/// assert_eq!(average.segments(), 39);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Deviation
///
/// `scipy.signal.welch` takes off the mean of each segment unless told otherwise, and shortens a segment that
/// is longer than the signal. Here nothing is taken off unless asked, and a short signal is an error.
///
/// # References
///
/// P. D. Welch, IEEE Trans. Audio Electroacoust. 15(2), 1967, doi:10.1109/TAU.1967.1161901; the median:
/// B. Allen et al., Phys. Rev. D 85, 122006, 2012, appendix B; `scipy.signal.welch`.
#[derive(Debug, Clone)]
pub struct WelchPlan {
    layout: Layout,
    method: Method,
}

/// An average and its transform.
#[derive(Debug, Clone)]
enum Method {
    Mean(Pairs),
    Median(Medians),
}

/// Buffers of [`WelchPlan::apply_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct WelchScratch {
    sums: PairSums,
    pair: PairScratch,
    median: MedianScratch,
}

impl WelchPlan {
    /// Plans for segments of `segment_len` samples at `sample_rate_hz`.
    ///
    /// # Errors
    ///
    /// [`hexad_core::InputError::OutOfRange`] for a segment of fewer than 2 samples, an overlap below 0 or not
    /// below 1, a sample rate that is not positive, a padded length below that of a segment, a window's
    /// parameter outside its range.
    pub fn new(
        segment_len: usize,
        sample_rate_hz: f64,
        options: &WelchOptions,
    ) -> Result<Self, SpectralError> {
        let layout = Layout::new(segment_len, sample_rate_hz, options)?;
        let transform_len = layout.frame.transform_len;
        let method = match options.average {
            Average::Mean => Method::Mean(Pairs::new(ComplexFft::new(transform_len)?)),
            Average::Median => Method::Median(Medians::new(RealFft::new(transform_len)?)),
        };
        Ok(Self { layout, method })
    }

    /// Samples of a segment.
    #[must_use]
    pub fn segment_len(&self) -> usize {
        self.layout.frame.len
    }

    /// Samples from the beginning of a segment to that of the next.
    #[must_use]
    pub fn hop(&self) -> usize {
        self.layout.hop
    }

    /// Number of whole segments of a signal of `len` samples.
    #[must_use]
    pub fn segments(&self, len: usize) -> usize {
        self.layout.segments(len)
    }

    /// Buffers for [`WelchPlan::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> WelchScratch {
        WelchScratch::default()
    }

    /// The average spectrum of `signal`.
    ///
    /// # Errors
    ///
    /// [`hexad_core::InputError::TooFew`] for a signal shorter than a segment,
    /// [`hexad_core::InputError::NotFinite`] for the first NaN or infinity, also behind the last segment.
    pub fn apply(&self, signal: &[f64]) -> Result<Spectrum, SpectralError> {
        let mut out = self.layout.empty();
        self.apply_into(signal, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// As [`WelchPlan::apply`], into any spectrum, whose vectors are reused. Does not allocate in a second call
    /// with the same buffers; for a median, of a signal of the same length.
    ///
    /// # Errors
    ///
    /// As [`WelchPlan::apply`].
    pub fn apply_into(
        &self,
        signal: &[f64],
        out: &mut Spectrum,
        scratch: &mut WelchScratch,
    ) -> Result<(), SpectralError> {
        self.layout.check_long_enough("signal", signal)?;
        let segments = self.segments(signal.len());
        match &self.method {
            Method::Mean(pairs) => {
                let WelchScratch { sums, pair, .. } = scratch;
                sums.clear(&self.layout);
                let done = pairs.add_pairs(&self.layout, signal, sums, pair)?;
                if check_finite("signal", &signal[done..]).is_err() {
                    check_finite("signal", signal)?;
                }
                pairs.finish(&self.layout, &signal[done..], sums, pair)?;
                sums.write(&self.layout, out);
                out.averaging = self.layout.correlations.of_mean(segments as u64);
            }
            Method::Median(medians) => {
                medians.apply(&self.layout, signal, out, &mut scratch.median)?;
                out.averaging = self.layout.correlations.of_median(segments);
            }
        }
        Ok(())
    }

    /// Sums over the segments of a stretch of a signal, which begins with segment
    /// `first_block * SegmentSums::BLOCK` of the whole, at sample `hop` times that. All whole segments in `samples` are
    /// summed: `n` blocks are `segment_len + (n * SegmentSums::BLOCK - 1) * hop` samples.
    ///
    /// # Examples
    ///
    /// ```
    /// use hexad_spectral::{SegmentSums, WelchOptions, WelchPlan};
    /// let signal: Vec<f64> = (0..50_000).map(|n| f64::from(n % 101 * n % 97)).collect();
    /// let plan = WelchPlan::new(256, 1000.0, &WelchOptions::default())?;
    /// let block = SegmentSums::BLOCK * plan.hop();
    /// let mut sums = plan.sums(&signal[..3 * block + 256 - plan.hop()], 0)?;
    /// sums.append(&plan.sums(&signal[3 * block..], 3)?)?;
    /// assert_eq!(plan.finish(&sums)?, plan.apply(&signal)?);
    /// # Ok::<(), hexad_spectral::SpectralError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`WelchPlan::apply`], with indices in the whole signal; [`SpectralError::MeanOnly`] for a median.
    pub fn sums(&self, samples: &[f64], first_block: u64) -> Result<SegmentSums, SpectralError> {
        let Method::Mean(pairs) = &self.method else { return Err(SpectralError::MeanOnly) };
        self.layout.check_long_enough("signal", samples)?;
        check_all_finite("signal", samples).map_err(|error| self.layout.in_whole(error, first_block))?;
        let (mut sums, mut scratch) = (PairSums::default(), PairScratch::default());
        sums.begin(&self.layout, first_block);
        let done = pairs.add_pairs(&self.layout, samples, &mut sums, &mut scratch)?;
        pairs.finish(&self.layout, &samples[done..], &mut sums, &mut scratch)?;
        Ok(sums.into_segment_sums())
    }

    /// The average over the segments of `sums`.
    ///
    /// # Errors
    ///
    /// [`SpectralError::DifferentPlans`] for sums over another number of bins.
    pub fn finish(&self, sums: &SegmentSums) -> Result<Spectrum, SpectralError> {
        if sums.tree.width() != width(&self.layout) {
            return Err(SpectralError::DifferentPlans);
        }
        let (mut out, mut totals) = (self.layout.empty(), Vec::new());
        sums.tree.total_into(&mut totals);
        write_means(&self.layout, &totals, sums.segments, &mut out);
        out.averaging = self.layout.correlations.of_mean(sums.segments);
        Ok(out)
    }

    /// An average of a signal that comes in pieces.
    ///
    /// # Errors
    ///
    /// [`SpectralError::MeanOnly`] for a median.
    pub fn stream(&self) -> Result<WelchStream, SpectralError> {
        match &self.method {
            Method::Mean(pairs) => Ok(WelchStream::of_plan(self.layout.clone(), pairs.clone())),
            Method::Median(_) => Err(SpectralError::MeanOnly),
        }
    }
}

/// One-off [`WelchPlan::apply`].
///
/// # Errors
///
/// As [`WelchPlan::new`] and [`WelchPlan::apply`].
pub fn welch(
    signal: &[f64],
    sample_rate_hz: f64,
    segment_len: usize,
    options: &WelchOptions,
) -> Result<Spectrum, SpectralError> {
    WelchPlan::new(segment_len, sample_rate_hz, options)?.apply(signal)
}

impl Layout {
    /// A spectrum without bins.
    fn empty(&self) -> Spectrum {
        Spectrum {
            power: Vec::new(),
            transform: None,
            frame: self.frame,
            averaging: Averaging::ONE,
            parseval_residual: 0.0,
        }
    }

    /// Writes powers of the lower half of the bins to `out`, as its sides ask.
    fn write(&self, lower: impl Fn(usize) -> f64, out: &mut Spectrum) {
        out.frame = self.frame;
        out.transform = None;
        out.power.clear();
        out.power.extend((0..self.frame.bins()).map(|bin| lower(self.frame.lower_bin(bin))));
    }

    /// Sum of the squares of all complex bins, from powers of the lower half of them.
    pub(crate) fn bin_squares(&self, lower: impl Fn(usize) -> f64) -> f64 {
        let len = self.frame.transform_len;
        let images = |bin: usize| if bin == 0 || 2 * bin == len { 1.0 } else { 2.0 };
        sum((0..=len / 2).map(|bin| images(bin) * lower(bin)))
    }
}
