//! The transform on a narrow band, finely sampled.

use hexad_core::{Complex64, ComplexFft, InputError, Workspace, check_finite, check_length, check_positive};

use crate::SpectralError;
use crate::goertzel::phasor;

/// The transform at evenly spaced frequencies of a band ("zoom"), by the chirp-z algorithm:
/// `X(f) = sum_n signal[n] exp(-2 pi i f n / sample_rate)`, neither scaled nor windowed.
///
/// # Examples
///
/// ```
/// use hexad_spectral::ChirpZ;
/// let tone: Vec<f64> = (0..1000).map(|n| (0.44 * f64::from(n)).cos()).collect();
/// let zoom = ChirpZ::new(1000, std::f64::consts::TAU, 0.43, 0.45, 201)?;
/// let band = zoom.apply(&tone)?;
/// let peak = (0..201).max_by(|a, b| band[*a].norm().total_cmp(&band[*b].norm())).unwrap_or(0);
/// assert!((zoom.frequency_hz(peak) - 0.44).abs() < 1e-4);
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
///
/// # References
///
/// L. R. Rabiner, R. W. Schafer and C. M. Rader, Bell Syst. Tech. J. 48(5), 1969,
/// doi:10.1002/j.1538-7305.1969.tb04268.x; L. I. Bluestein, IEEE Trans. Audio Electroacoust. 18(4), 1970.
#[derive(Debug, Clone)]
pub struct ChirpZ {
    fft: ComplexFft,
    low_hz: f64,
    step_hz: f64,
    /// What sample n is multiplied with: `exp(-2 pi i (low n + step n^2 / 2))`.
    entry: Vec<Complex64>,
    /// Transform of the chirp, over the transform length.
    transfer: Vec<Complex64>,
    /// What output m is multiplied with: `exp(-pi i step m^2)`.
    exit: Vec<Complex64>,
}

/// Buffers of [`ChirpZ::apply_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct ChirpZScratch {
    work: Workspace<Complex64>,
}

impl ChirpZ {
    /// Plans for signals of `len` samples and `points` frequencies from `low_hz` to `high_hz`, both
    /// included.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for an empty signal or fewer than 2 points, [`InputError::OutOfRange`] for a
    /// sample rate that is not positive or a band that does not rise within half the sample rate.
    pub fn new(
        len: usize,
        sample_rate_hz: f64,
        low_hz: f64,
        high_hz: f64,
        points: usize,
    ) -> Result<Self, SpectralError> {
        check_positive("sample_rate_hz", sample_rate_hz)?;
        for (argument, needed, got) in [("len", 1, len), ("points", 2, points)] {
            if got < needed {
                return Err(InputError::TooFew { argument, needed, got }.into());
            }
        }
        if low_hz.is_nan() || low_hz.abs() > 0.5 * sample_rate_hz {
            let allowed = "within half the sample rate";
            return Err(InputError::OutOfRange { argument: "low_hz", value: low_hz, allowed }.into());
        }
        if !(high_hz > low_hz && high_hz <= 0.5 * sample_rate_hz) {
            let allowed = "above low_hz and within half the sample rate";
            return Err(InputError::OutOfRange { argument: "high_hz", value: high_hz, allowed }.into());
        }
        let step_hz = (high_hz - low_hz) / (points - 1) as f64;
        Self::planned(len, points, low_hz, step_hz, sample_rate_hz)
    }

    /// `m n = (m^2 + n^2 - (m - n)^2) / 2` makes the sum over n a convolution with a chirp (Bluestein 1970).
    fn planned(
        len: usize,
        points: usize,
        low_hz: f64,
        step_hz: f64,
        sample_rate_hz: f64,
    ) -> Result<Self, SpectralError> {
        let size = (len + points - 1).next_power_of_two();
        let fft = ComplexFft::new(size)?;
        let (low, half_step) = (low_hz / sample_rate_hz, 0.5 * step_hz / sample_rate_hz);
        let chirp = |n: usize| phasor(half_step, n as f64 * n as f64);
        let mut transfer = vec![Complex64::default(); size];
        for (n, value) in transfer.iter_mut().enumerate().take(points) {
            *value = chirp(n) / size as f64;
        }
        for n in 1..len {
            transfer[size - n] = chirp(n) / size as f64;
        }
        fft.forward(&mut transfer, &mut vec![Complex64::ZERO; fft.scratch_len()])?;
        let entry = (0..len).map(|n| phasor(-low, n as f64) * chirp(n).conj()).collect();
        let exit = (0..points).map(|m| chirp(m).conj()).collect();
        Ok(Self { fft, low_hz, step_hz, entry, transfer, exit })
    }

    /// Number of frequencies.
    #[must_use]
    pub fn points(&self) -> usize {
        self.exit.len()
    }

    /// The frequency of output `index`.
    #[must_use]
    pub fn frequency_hz(&self, index: usize) -> f64 {
        self.low_hz + self.step_hz * index as f64
    }

    /// Buffers for [`ChirpZ::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> ChirpZScratch {
        let mut scratch = ChirpZScratch::default();
        scratch.work.fields([self.transfer.len(), self.fft.scratch_len()]);
        scratch
    }

    /// The transform of `signal` at the planned frequencies.
    ///
    /// # Errors
    ///
    /// [`InputError`] for a signal of another length than planned or with a NaN or infinity.
    pub fn apply(&self, signal: &[f64]) -> Result<Vec<Complex64>, SpectralError> {
        let mut out = vec![Complex64::default(); self.points()];
        self.apply_into(signal, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// As [`ChirpZ::apply`], into `out` of [`ChirpZ::points`] values. Does not allocate.
    ///
    /// # Errors
    ///
    /// As [`ChirpZ::apply`]; [`InputError::LengthMismatch`] for an `out` of another length.
    pub fn apply_into(
        &self,
        signal: &[f64],
        out: &mut [Complex64],
        scratch: &mut ChirpZScratch,
    ) -> Result<(), SpectralError> {
        check_length("signal", signal.len(), self.entry.len())?;
        check_length("out", out.len(), self.points())?;
        check_finite("signal", signal)?;
        let [data, work] = scratch.work.fields([self.transfer.len(), self.fft.scratch_len()]);
        for ((value, x), entry) in data.iter_mut().zip(signal).zip(&self.entry) {
            *value = entry * x;
        }
        data[signal.len()..].fill(Complex64::default());
        self.fft.forward(data, work)?;
        for (value, transfer) in data.iter_mut().zip(&self.transfer) {
            *value *= transfer;
        }
        self.fft.inverse(data, work)?;
        for ((out, value), exit) in out.iter_mut().zip(&*data).zip(&self.exit) {
            *out = value * exit;
        }
        Ok(())
    }
}
