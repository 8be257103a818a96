//! The short-time Fourier transform: which frequencies a signal has, and when.

mod inverse;
mod result;
mod segments;

pub use result::Stft;

use hexad_core::{Complex64, InputError, RealFft, Workspace};

use crate::spectrum::{self, Frame, Padding, SpectrumOptions};
use crate::welch::check_all_finite;
use crate::{SpectralError, Window};
use segments::Segments;

/// Where the first and the last segment stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edges {
    /// The first half a segment before the signal, the last beyond its end, with zeros where there are no
    /// samples: every sample is in as many segments as it needs. SciPy's `boundary="zeros", padded=True`.
    #[default]
    Zeros,
    /// Within the signal, the first at its first sample: whole segments of samples only. Samples behind the
    /// last one are in none.
    Inside,
}

/// Optional settings of a short-time transform.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct StftOptions {
    /// What each segment is multiplied with. Default [`Window::Hann`].
    pub window: Window,
    /// Zeros behind the samples of each segment. Default [`Padding::None`].
    pub padding: Padding,
    /// Where the first and the last segment stand. Default [`Edges::Zeros`].
    pub edges: Edges,
    /// Time of the first sample. Default 0.
    pub start_s: f64,
    /// How far from even [`StftPlan::is_cola`] may find the windows' sum, and how near to 0
    /// [`StftPlan::is_invertible`] that of their squares: relative, where SciPy's `check_COLA` and
    /// `check_NOLA` are absolute. Default 1e-10, as theirs.
    pub tolerance: f64,
}

impl Default for StftOptions {
    fn default() -> Self {
        Self {
            window: Window::Hann,
            padding: Padding::None,
            edges: Edges::Zeros,
            start_s: 0.0,
            tolerance: 1e-10,
        }
    }
}

impl StftOptions {
    /// With another window.
    #[must_use]
    pub fn with_window(mut self, window: Window) -> Self {
        self.window = window;
        self
    }

    /// With other zeros behind the samples of each segment.
    #[must_use]
    pub fn with_padding(mut self, padding: Padding) -> Self {
        self.padding = padding;
        self
    }

    /// With other places of the first and the last segment.
    #[must_use]
    pub fn with_edges(mut self, edges: Edges) -> Self {
        self.edges = edges;
        self
    }

    /// With another time of the first sample.
    #[must_use]
    pub fn with_start_s(mut self, start_s: f64) -> Self {
        self.start_s = start_s;
        self
    }

    /// With another tolerance of the two conditions.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }
}

/// Short-time transforms of real signals, and signals from short-time transforms.
///
/// Segment m, whose first sample is `s`, gives `X_mk = sum_n w_n x_(s + n) exp(-2 pi i k n / N)`, N being the
/// length of the transform: unscaled, with phases that are those at the segment's first sample. SciPy's
/// `stft` divides this by `sum w`, or by `sqrt(sample_rate sum w^2)` with `scaling="psd"`, and has the frames
/// as columns; its `ShortTimeFFT.stft` is this, with `phase_shift=None`. [`Stft::spectrogram`] has it in
/// units.
///
/// # Examples
///
/// ```
/// use hexad_spectral::{Scaling, StftOptions, StftPlan};
/// // 50 Hz, then 120 Hz, of amplitude 2.
/// let hz = |n: usize| if n < 2000 { 50.0 } else { 120.0 };
/// let signal: Vec<f64> = (0..4000).map(|n| 2.0 * (6.283185307 * hz(n) * n as f64 / 1000.0).sin()).collect();
/// let plan = StftPlan::new(200, 50, 1000.0, &StftOptions::default())?;
/// let stft = plan.forward(&signal)?;
/// let spectrogram = stft.spectrogram(Scaling::Amplitude);
/// assert_eq!(stft.frequency_hz(10), 50.0);
/// assert_eq!(stft.time_s(20), 1.0);
/// assert!((spectrogram[[20, 10]] - 2.0).abs() < 1e-6 && (spectrogram[[60, 24]] - 2.0).abs() < 1e-6);
///
/// let back = plan.inverse(&stft)?;
/// assert!(signal.iter().zip(&back).all(|(x, y)| (x - y).abs() < 1e-14));
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
///
/// # References
///
/// J. B. Allen and L. R. Rabiner, Proc. IEEE 65(11), 1977, doi:10.1109/PROC.1977.10770; D. W. Griffin and
/// J. S. Lim, IEEE Trans. ASSP 32(2), 1984, doi:10.1109/TASSP.1984.1164317.
#[derive(Debug, Clone)]
pub struct StftPlan {
    fft: RealFft,
    window: Vec<f64>,
    /// Sum of the squares of all windows that reach a sample, by the sample's place in a hop.
    square_sums: Vec<f64>,
    /// The window over that sum and the length of the transform.
    synthesis: Vec<f64>,
    frame: Frame,
    segments: Segments,
    tolerance: f64,
}

/// Buffers of [`StftPlan::forward_into`] and [`StftPlan::inverse_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct StftScratch {
    real: Workspace<f64>,
    complex: Workspace<Complex64>,
}

/// The parts of a scratch.
struct Buffers<'a> {
    samples: &'a mut [f64],
    spectrum: &'a mut [Complex64],
    work: &'a mut [Complex64],
}

impl StftPlan {
    /// Plans for segments of `segment_len` samples that begin `hop` samples one after the other.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a segment of fewer than 2 samples; [`InputError::OutOfRange`] for a hop of
    /// 0 or longer than the segment, a sample rate that is not positive, a padded length below the segment's,
    /// a tolerance that is not in `0..1`, a window's parameter outside its range; [`InputError::NotFinite`]
    /// for a `start_s` that is not a number.
    pub fn new(
        segment_len: usize,
        hop: usize,
        sample_rate_hz: f64,
        options: &StftOptions,
    ) -> Result<Self, SpectralError> {
        check(segment_len, hop, options.tolerance)?;
        let window = options.window.samples(segment_len)?;
        let of_one = SpectrumOptions::default()
            .with_window(options.window)
            .with_padding(options.padding)
            .with_start_s(options.start_s);
        let frame = spectrum::frame(&window, sample_rate_hz, &of_one)?;
        let segments = Segments { len: segment_len, hop, edges: options.edges };
        let square_sums = segments.overlapped(|n| window[n] * window[n]);
        let synthesis = (0..segment_len).map(|n| match square_sums[n % hop] {
            0.0 => 0.0,
            sum => window[n] / (sum * frame.transform_len as f64),
        });
        Ok(Self {
            fft: RealFft::new(frame.transform_len)?,
            synthesis: synthesis.collect(),
            window,
            square_sums,
            frame,
            segments,
            tolerance: options.tolerance,
        })
    }

    /// Samples of a segment.
    #[must_use]
    pub fn segment_len(&self) -> usize {
        self.segments.len
    }

    /// Samples from the start of one segment to that of the next.
    #[must_use]
    pub fn hop(&self) -> usize {
        self.segments.hop
    }

    /// Samples of a segment's transform: more than the segment's if it is padded.
    #[must_use]
    pub fn transform_len(&self) -> usize {
        self.frame.transform_len
    }

    /// Number of frequencies.
    #[must_use]
    pub fn bins(&self) -> usize {
        self.frame.bins()
    }

    /// Sum of the window: [`Stft`] over it is SciPy's with `scaling="spectrum"`.
    #[must_use]
    pub fn window_sum(&self) -> f64 {
        self.frame.window_sum
    }

    /// Sum of the squares of the window: [`Stft`] over the root of it and of the sample rate is SciPy's with
    /// `scaling="psd"`.
    #[must_use]
    pub fn window_square_sum(&self) -> f64 {
        self.frame.window_square_sum
    }

    /// Number of segments of a signal of `signal_len` samples.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a signal shorter than a segment.
    pub fn frames(&self, signal_len: usize) -> Result<usize, SpectralError> {
        Ok(self.segments.count(signal_len)?)
    }

    /// Buffers for [`StftPlan::forward_into`] and [`StftPlan::inverse_into`].
    #[must_use]
    pub fn make_scratch(&self) -> StftScratch {
        let mut scratch = StftScratch::default();
        self.buffers(&mut scratch);
        scratch
    }

    /// The short-time transform of `signal`.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a signal shorter than a segment, [`InputError::NotFinite`] for one with a
    /// NaN or infinity.
    pub fn forward(&self, signal: &[f64]) -> Result<Stft, SpectralError> {
        let mut out = Stft::new(self.frame, self.segments);
        self.forward_into(signal, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// As [`StftPlan::forward`], into the result of an earlier call, whose memory is reused: a second call
    /// with a signal of the same length does not allocate.
    ///
    /// # Errors
    ///
    /// As [`StftPlan::forward`].
    pub fn forward_into(
        &self,
        signal: &[f64],
        out: &mut Stft,
        scratch: &mut StftScratch,
    ) -> Result<(), SpectralError> {
        let frames = self.frames(signal.len())?;
        check_all_finite("signal", signal)?;
        let Buffers { samples, spectrum, work } = self.buffers(scratch);
        let coefficients = out.restart(self.frame, self.segments, signal.len(), frames);
        for frame in 0..frames {
            self.windowed(signal, frame, samples);
            self.fft.forward(samples, spectrum, work)?;
            coefficients.extend_from_slice(spectrum);
        }
        Ok(())
    }

    /// Writes the windowed samples of a segment, and zeros where there are none.
    fn windowed(&self, signal: &[f64], frame: usize, out: &mut [f64]) {
        let (within, start) = self.segments.overlap(frame, signal.len());
        let samples = &signal[start..start + within.len()];
        out[..within.start].fill(0.0);
        out[within.end..].fill(0.0);
        for ((out, x), w) in out[within.clone()].iter_mut().zip(samples).zip(&self.window[within]) {
            *out = x * w;
        }
    }

    fn buffers<'a>(&self, scratch: &'a mut StftScratch) -> Buffers<'a> {
        let [spectrum, work] = scratch.complex.fields([self.bins(), self.fft.scratch_len()]);
        // The third field, so that it is staggered against both of the other workspace.
        let [_, _, samples] = scratch.real.fields([0, 0, self.transform_len()]);
        Buffers { samples, spectrum, work }
    }
}

fn check(segment_len: usize, hop: usize, tolerance: f64) -> Result<(), InputError> {
    if segment_len < 2 {
        return Err(InputError::TooFew { argument: "segment", needed: 2, got: segment_len });
    }
    if hop == 0 || hop > segment_len {
        let allowed = "from 1 to the samples of a segment";
        return Err(InputError::OutOfRange { argument: "hop", value: hop as f64, allowed });
    }
    if !(0.0..1.0).contains(&tolerance) {
        return Err(InputError::OutOfRange {
            argument: "tolerance",
            value: tolerance,
            allowed: ">= 0 and < 1",
        });
    }
    Ok(())
}
