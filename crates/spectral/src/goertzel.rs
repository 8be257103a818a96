//! The transform at a few frequencies that need not be bins.

use std::f64::consts::TAU;

use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use hexad_core::{Complex64, InputError, check_finite, check_length, check_positive};

use crate::SpectralError;

/// Samples between exactly known phases.
const BLOCK: usize = 256;

/// `exp(2 pi i frequency time)` to rounding, however many turns the product has.
pub(crate) fn phasor(frequency: f64, time: f64) -> Complex64 {
    let turns = frequency * time;
    let rest = frequency.mul_add(time, -turns);
    let (sin, cos) = (TAU * ((turns - turns.round()) + rest)).sin_cos();
    Complex64::new(cos, sin)
}

/// The transform at any frequencies, as its definition says:
/// `X(f) = sum_n signal[n] exp(-2 pi i f n / sample_rate)`.
///
/// It takes `len * frequencies` sines and cosines: [`Goertzel`] and [`crate::ChirpZ`] give the same faster.
///
/// # Errors
///
/// [`InputError`] for a signal or frequency that is NaN or infinite and a sample rate that is not positive.
pub fn dtft(
    signal: &[f64],
    sample_rate_hz: f64,
    frequencies_hz: &[f64],
) -> Result<Vec<Complex64>, SpectralError> {
    check_positive("sample_rate_hz", sample_rate_hz)?;
    check_finite("signal", signal)?;
    check_finite("frequencies_hz", frequencies_hz)?;
    let at = |frequency: &f64| {
        let terms = signal.iter().enumerate().map(|(n, x)| phasor(-frequency / sample_rate_hz, n as f64) * x);
        terms.sum()
    };
    Ok(frequencies_hz.iter().map(at).collect())
}

/// The transform at a few frequencies: `X(f) = sum_n signal[n] exp(-2 pi i f n / sample_rate)`, neither
/// scaled nor windowed. For a tone of amplitude A on a bin of N samples it is N A / 2 in size.
///
/// The signal is taken in blocks of 256: each is one pair of dot products with a stored cosine and sine,
/// turned by a phase that is computed anew for every block. Cost and memory are those of Goertzel's
/// recurrence; rounding does not grow with the length, also near 0 and half the sample rate, where the
/// recurrence loses digits.
///
/// # Examples
///
/// ```
/// use hexad_spectral::Goertzel;
/// let tone: Vec<f64> = (0..1000).map(|n| (0.44 * f64::from(n)).cos()).collect();
/// let hz = 0.44 * 8000.0 / std::f64::consts::TAU;
/// let bins = Goertzel::new(8000.0, &[hz])?;
/// assert!((bins.apply(&tone)?[0].norm() - 500.0).abs() < 2.0);
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
///
/// # References
///
/// G. Goertzel, Amer. Math. Monthly 65(1), 1958, doi:10.2307/2310304; W. M. Gentleman, Comput. J. 12, 1969
/// (the error of the recurrence).
#[derive(Debug, Clone)]
pub struct Goertzel {
    /// Cycles per sample.
    frequencies: Vec<f64>,
    /// Per frequency, `BLOCK` cosines and `BLOCK` sines.
    tables: Vec<f64>,
}

impl Goertzel {
    /// Plans for frequencies of at most half the sample rate, of either sign.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] for a sample rate that is not positive,
    /// [`InputError::ElementOutOfRange`] for a frequency beyond half of it.
    pub fn new(sample_rate_hz: f64, frequencies_hz: &[f64]) -> Result<Self, SpectralError> {
        check_positive("sample_rate_hz", sample_rate_hz)?;
        let outside = |hz: &f64| hz.is_nan() || hz.abs() > 0.5 * sample_rate_hz;
        if let Some(index) = frequencies_hz.iter().position(outside) {
            let (argument, value) = ("frequencies_hz", frequencies_hz[index]);
            let allowed = "within half the sample rate";
            return Err(InputError::ElementOutOfRange { argument, index, value, allowed }.into());
        }
        let frequencies: Vec<f64> = frequencies_hz.iter().map(|hz| hz / sample_rate_hz).collect();
        let mut tables = Vec::with_capacity(2 * BLOCK * frequencies.len());
        for &frequency in &frequencies {
            tables.extend((0..BLOCK).map(|n| phasor(frequency, n as f64).re));
            tables.extend((0..BLOCK).map(|n| -phasor(frequency, n as f64).im));
        }
        Ok(Self { frequencies, tables })
    }

    /// Number of frequencies.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frequencies.len()
    }

    /// Whether there is no frequency.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frequencies.is_empty()
    }

    /// The transform of `signal`, of any length, at the planned frequencies.
    ///
    /// # Errors
    ///
    /// [`InputError::NotFinite`] for a sample that is NaN or infinite.
    pub fn apply(&self, signal: &[f64]) -> Result<Vec<Complex64>, SpectralError> {
        let mut out = vec![Complex64::default(); self.len()];
        self.apply_into(signal, &mut out)?;
        Ok(out)
    }

    /// As [`Goertzel::apply`], into `out` of [`Goertzel::len`] values. Does not allocate.
    ///
    /// # Errors
    ///
    /// As [`Goertzel::apply`]; [`InputError::LengthMismatch`] for an `out` of another length.
    pub fn apply_into(&self, signal: &[f64], out: &mut [Complex64]) -> Result<(), SpectralError> {
        check_length("out", out.len(), self.len())?;
        check_finite("signal", signal)?;
        for ((value, frequency), table) in
            out.iter_mut().zip(&self.frequencies).zip(self.tables.chunks_exact(2 * BLOCK))
        {
            let (cosines, sines) = table.split_at(BLOCK);
            *value = Complex64::default();
            for (index, block) in signal.chunks(BLOCK).enumerate() {
                let [re, im] = dispatch(TwoDots { block, cosines, sines });
                *value += Complex64::new(re, im) * phasor(-frequency, (index * BLOCK) as f64);
            }
        }
        Ok(())
    }
}

/// One-off [`Goertzel`] at one frequency.
///
/// # Errors
///
/// As [`Goertzel::new`] and [`Goertzel::apply`].
pub fn goertzel(signal: &[f64], sample_rate_hz: f64, frequency_hz: f64) -> Result<Complex64, SpectralError> {
    let mut out = [Complex64::default()];
    Goertzel::new(sample_rate_hz, &[frequency_hz])?.apply_into(signal, &mut out)?;
    Ok(out[0])
}

/// Dot products of a block with both tables.
struct TwoDots<'a> {
    block: &'a [f64],
    cosines: &'a [f64],
    sines: &'a [f64],
}

impl Kernel<f64, 4> for TwoDots<'_> {
    type Output = [f64; 2];

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> [f64; 2] {
        let len = self.block.len();
        let (x, x_rest) = self.block.as_chunks::<4>();
        let (cosines, cosines_rest) = self.cosines[..len].as_chunks::<4>();
        let (sines, sines_rest) = self.sines[..len].as_chunks::<4>();
        let (mut re, mut im) = (simd.splat(0.0), simd.splat(0.0));
        for ((x, cosines), sines) in x.iter().zip(cosines).zip(sines) {
            let x = simd.load(x);
            re = x.mul_add(simd.load(cosines), re);
            im = x.mul_add(simd.load(sines), im);
        }
        let (mut re, mut im) = (re.sum(), im.sum());
        for ((x, cosine), sine) in x_rest.iter().zip(cosines_rest).zip(sines_rest) {
            re = x.mul_add(*cosine, re);
            im = x.mul_add(*sine, im);
        }
        [re, im]
    }
}
