//! The spectrum of one segment.

use hexad_core::{
    Complex64, ComplexFft, InputError, RealFft, Workspace, check_finite, check_length, check_positive,
    good_size,
};

use super::{Averaging, Frame, Sides, Spectrum};
use crate::sum::sum;
use crate::{Detrend, SpectralError, Window};

/// Zeros behind the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Padding {
    /// None: the bins are those of the samples, whatever their number.
    #[default]
    None,
    /// Up to the next length whose transform is fast: `2^a 3^b 5^c 7^d`, even.
    GoodSize,
    /// Up to this length: a finer look at the same spectrum, no better resolution.
    To(usize),
}

/// How a spectrum is made.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct SpectrumOptions {
    /// What the samples are multiplied with. Default [`Window::Boxcar`].
    pub window: Window,
    /// What is taken off before. Default [`Detrend::None`].
    pub detrend: Detrend,
    /// Which frequencies are shown. Default [`Sides::One`].
    pub sides: Sides,
    /// Zeros behind the samples. Default [`Padding::None`].
    pub padding: Padding,
    /// Time of the first sample, to which only [`Spectrum::fourier_transform`] refers. Default 0.
    pub start_s: f64,
}

impl SpectrumOptions {
    /// With another window.
    #[must_use]
    pub fn with_window(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// With another trend taken off.
    #[must_use]
    pub fn with_detrend(mut self, detrend: Detrend) -> Self {
        self.detrend = detrend;
        self
    }

    /// With other frequencies shown.
    #[must_use]
    pub fn with_sides(mut self, sides: Sides) -> Self {
        self.sides = sides;
        self
    }

    /// With other zeros behind the samples.
    #[must_use]
    pub fn with_padding(mut self, padding: Padding) -> Self {
        self.padding = padding;
        self
    }

    /// With another time of the first sample.
    #[must_use]
    pub fn with_start_s(mut self, start_s: f64) -> Self {
        self.start_s = start_s;
        self
    }
}

/// Spectra of real signals of one length.
///
/// # Examples
///
/// ```
/// use hexad_spectral::{Scaling, SpectrumOptions, SpectrumPlan, Window};
/// let tone: Vec<f64> = (0..1000).map(|n| 3.0 * (0.2 * std::f64::consts::PI * f64::from(n)).cos()).collect();
/// let plan = SpectrumPlan::new(1000, 500.0, &SpectrumOptions::default().with_window(Window::Hann))?;
/// let spectrum = plan.apply(&tone)?;
/// let (frequency_hz, amplitude) = spectrum.peak(Scaling::Amplitude).ok_or("no peak")?;
/// assert!((frequency_hz - 50.0).abs() < 1e-12 && (amplitude - 3.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct SpectrumPlan {
    fft: RealFft,
    window: Vec<f64>,
    frame: Frame,
}

/// Buffers of [`SpectrumPlan::apply_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct SpectrumScratch {
    real: Workspace<f64>,
    complex: Workspace<Complex64>,
}

impl SpectrumPlan {
    /// Plans for `len` samples at `sample_rate_hz`.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for fewer than 2 samples, [`InputError::OutOfRange`] for a sample rate that is not
    /// positive, a padded length below `len`, a window's parameter outside its range.
    pub fn new(len: usize, sample_rate_hz: f64, options: &SpectrumOptions) -> Result<Self, SpectralError> {
        let window = options.window.samples(len)?;
        let frame = frame(&window, sample_rate_hz, options)?;
        Ok(Self { fft: RealFft::new(frame.transform_len)?, window, frame })
    }

    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frame.len
    }

    /// Never: a plan has at least two samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Buffers for [`SpectrumPlan::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> SpectrumScratch {
        let mut scratch = SpectrumScratch::default();
        scratch.real.fields([self.frame.transform_len]);
        scratch.complex.fields([self.fft.spectrum_len(), self.fft.scratch_len()]);
        scratch
    }

    /// The spectrum of `signal`.
    ///
    /// # Errors
    ///
    /// [`InputError`] for a signal of another length than planned or with a NaN or infinity.
    pub fn apply(&self, signal: &[f64]) -> Result<Spectrum, SpectralError> {
        let mut out = empty(self.frame);
        self.apply_into(signal, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// As [`SpectrumPlan::apply`], into a spectrum made by [`SpectrumPlan::apply`], whose vectors are reused.
    ///
    /// # Errors
    ///
    /// As [`SpectrumPlan::apply`].
    pub fn apply_into(
        &self,
        signal: &[f64],
        out: &mut Spectrum,
        scratch: &mut SpectrumScratch,
    ) -> Result<(), SpectralError> {
        check_length("signal", signal.len(), self.frame.len)?;
        check_finite("signal", signal)?;
        let [samples] = scratch.real.fields([self.frame.transform_len]);
        let [spectrum, work] = scratch.complex.fields([self.fft.spectrum_len(), self.fft.scratch_len()]);
        let square_sum = windowed(signal, &self.window, self.frame.detrend, samples);
        self.fft.forward(samples, spectrum, work)?;

        out.frame = self.frame;
        out.averaging = Averaging::ONE;
        out.power.clear();
        let transform = out.transform.get_or_insert_default();
        transform.clear();
        match self.frame.sides {
            Sides::One => transform.extend_from_slice(spectrum),
            Sides::Two => transform.extend(mirrored(spectrum, self.frame.transform_len)),
        }
        out.power.extend(transform.iter().map(|value| value.norm_sqr()));
        out.parseval_residual = residual(&out.frame, out.bin_squares(), square_sum);
        Ok(())
    }
}

/// One-off [`SpectrumPlan::apply`].
///
/// # Errors
///
/// As [`SpectrumPlan::new`] and [`SpectrumPlan::apply`].
pub fn spectrum(
    signal: &[f64],
    sample_rate_hz: f64,
    options: &SpectrumOptions,
) -> Result<Spectrum, SpectralError> {
    SpectrumPlan::new(signal.len(), sample_rate_hz, options)?.apply(signal)
}

/// The two-sided spectrum of a complex signal, whose frequencies of both signs differ. The trend is taken off
/// the real and the imaginary part.
///
/// # Errors
///
/// As [`SpectrumPlan::new`] and [`SpectrumPlan::apply`].
pub fn spectrum_of_complex(
    signal: &[Complex64],
    sample_rate_hz: f64,
    options: &SpectrumOptions,
) -> Result<Spectrum, SpectralError> {
    let window = options.window.samples(signal.len())?;
    let frame =
        Frame { is_complex: true, ..frame(&window, sample_rate_hz, &options.with_sides(Sides::Two))? };
    let parts = [signal.iter().map(|z| z.re).collect(), signal.iter().map(|z| z.im).collect::<Vec<f64>>()];
    let mut padded = [vec![0.0; frame.transform_len], vec![0.0; frame.transform_len]];
    let mut square_sum = 0.0;
    for (part, padded) in parts.iter().zip(&mut padded) {
        check_finite("signal", part)?;
        square_sum += windowed(part, &window, frame.detrend, padded);
    }
    let [re, im] = padded;
    let mut transform: Vec<_> = re.into_iter().zip(im).map(|(re, im)| Complex64::new(re, im)).collect();
    let fft = ComplexFft::new(frame.transform_len)?;
    fft.forward(&mut transform, &mut vec![Complex64::default(); fft.scratch_len()])?;
    // From the lowest negative frequency up.
    transform.rotate_left(frame.transform_len.div_ceil(2));
    let power = transform.iter().map(|value| value.norm_sqr()).collect();
    let mut out = Spectrum { power, transform: Some(transform), ..empty(frame) };
    out.parseval_residual = residual(&out.frame, out.bin_squares(), square_sum);
    Ok(out)
}

/// What follows from the options, checked.
pub(crate) fn frame(
    window: &[f64],
    sample_rate_hz: f64,
    options: &SpectrumOptions,
) -> Result<Frame, SpectralError> {
    check_positive("sample_rate_hz", sample_rate_hz)?;
    check_finite("start_s", &[options.start_s])?;
    let len = window.len();
    if len < 2 {
        return Err(InputError::TooFew { argument: "signal", needed: 2, got: len }.into());
    }
    let transform_len = match options.padding {
        Padding::None => len,
        Padding::GoodSize => good_size(len),
        Padding::To(padded) if padded < len => {
            let (argument, value) = ("padding", padded as f64);
            return Err(InputError::OutOfRange { argument, value, allowed: "at least the samples" }.into());
        }
        Padding::To(padded) => padded,
    };
    let window_sum: f64 = window.iter().sum();
    if window_sum == 0.0 {
        // A Gaussian much narrower than a sample may miss all of them.
        let allowed = "wide enough for one sample";
        return Err(InputError::OutOfRange { argument: "window", value: window_sum, allowed }.into());
    }
    Ok(Frame {
        len,
        transform_len,
        sample_rate_hz,
        start_s: options.start_s,
        sides: options.sides,
        is_complex: false,
        window: options.window,
        detrend: options.detrend,
        window_sum,
        window_square_sum: window.iter().map(|w| w * w).sum(),
    })
}

fn empty(frame: Frame) -> Spectrum {
    Spectrum { power: Vec::new(), transform: None, frame, averaging: Averaging::ONE, parseval_residual: 0.0 }
}

/// Writes the windowed samples without their trend, and zeros behind them; returns the sum of their squares.
pub(crate) fn windowed(signal: &[f64], window: &[f64], detrend: Detrend, out: &mut [f64]) -> f64 {
    let (samples, padding) = out.split_at_mut(signal.len());
    detrend.apply(signal, samples);
    padding.fill(0.0);
    for (sample, w) in samples.iter_mut().zip(window) {
        *sample *= w;
    }
    sum(samples.iter().map(|sample| sample * sample))
}

/// All bins of a real signal of `len` samples from its lower half, from the lowest negative frequency up.
pub(crate) fn mirrored(half: &[Complex64], len: usize) -> impl Iterator<Item = Complex64> {
    let negative = (1..=len / 2).rev().map(|bin| half[bin].conj());
    negative.chain(half[..len.div_ceil(2)].iter().copied())
}

/// See [`Spectrum::parseval_residual`]; `bin_squares` is the sum of the squares of all complex bins.
pub(crate) fn residual(frame: &Frame, bin_squares: f64, square_sum: f64) -> f64 {
    let sum = bin_squares / frame.transform_len as f64;
    if square_sum > 0.0 { (sum / square_sum - 1.0).abs() } else { sum }
}
