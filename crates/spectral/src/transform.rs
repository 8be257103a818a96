//! Transforms of whole signals and arrays.

mod array;

pub use array::{fftn, ifftn, irfftn, rfftn};

use hexad_core::{Complex64, ComplexFft, InputError, RealFft, check_length, check_positive};

use crate::SpectralError;

/// The transform of a real signal: `X_k = sum_n x_n exp(-2 pi i k n / N)` for `k <= N / 2`, the other half
/// being its mirror image.
///
/// Any length. Unscaled; [`irfft`] divides by N, so that the two in a row change nothing. This is NumPy's
/// convention ("backward"); [`crate::Spectrum`] has the values in units. NaN and infinity spread to every
/// value. For many signals of one length plan once: [`hexad_core::RealFft`].
///
/// # Examples
///
/// ```
/// use hexad_spectral::{irfft, rfft, rfft_frequencies};
/// let signal: Vec<f64> = (0..10).map(|n| (std::f64::consts::TAU * 0.3 * f64::from(n)).cos()).collect();
/// let spectrum = rfft(&signal)?;
/// assert!((spectrum[3].re - 5.0).abs() < 1e-14);
/// assert_eq!(rfft_frequencies(10, 1000.0)?[3], 300.0);
/// assert!((irfft(&spectrum, 10)?[7] - signal[7]).abs() < 1e-15);
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
///
/// # Errors
///
/// [`InputError::TooFew`] for no samples.
pub fn rfft(signal: &[f64]) -> Result<Vec<Complex64>, SpectralError> {
    check_some("signal", signal.len())?;
    let fft = RealFft::new(signal.len())?;
    let mut spectrum = vec![Complex64::ZERO; fft.spectrum_len()];
    fft.forward(signal, &mut spectrum, &mut vec![Complex64::ZERO; fft.scratch_len()])?;
    Ok(spectrum)
}

/// The real signal of `len` samples whose [`rfft`] is `spectrum`: the sum over all `k` of both signs, divided
/// by `len`.
///
/// Even and odd lengths have spectra of one length, so it must be told. Imaginary parts at 0 and at half the
/// sample rate are not read.
///
/// # Errors
///
/// [`InputError::TooFew`] for no samples, [`InputError::LengthMismatch`] for a spectrum that is not of
/// `len / 2 + 1` values.
pub fn irfft(spectrum: &[Complex64], len: usize) -> Result<Vec<f64>, SpectralError> {
    check_some("signal", len)?;
    let fft = RealFft::new(len)?;
    check_length("spectrum", spectrum.len(), fft.spectrum_len())?;
    let mut signal = vec![0.0; len];
    fft.inverse(&mut spectrum.to_vec(), &mut signal, &mut vec![Complex64::ZERO; fft.scratch_len()])?;
    for x in &mut signal {
        *x /= len as f64;
    }
    Ok(signal)
}

/// The transform of a complex signal: `X_k = sum_n x_n exp(-2 pi i k n / N)` for all `k < N`; the upper half
/// are the negative frequencies, see [`fft_frequencies`].
///
/// Any length. Unscaled; [`ifft`] divides by N. NaN and infinity spread to every value. For many signals of
/// one length plan once: [`hexad_core::ComplexFft`].
///
/// # Errors
///
/// [`InputError::TooFew`] for no samples.
pub fn fft(signal: &[Complex64]) -> Result<Vec<Complex64>, SpectralError> {
    check_some("signal", signal.len())?;
    let fft = ComplexFft::new(signal.len())?;
    let mut values = signal.to_vec();
    fft.forward(&mut values, &mut vec![Complex64::ZERO; fft.scratch_len()])?;
    Ok(values)
}

/// The complex signal whose [`fft`] is `spectrum`: `x_n = sum_k X_k exp(2 pi i k n / N) / N`.
///
/// # Errors
///
/// [`InputError::TooFew`] for no values.
pub fn ifft(spectrum: &[Complex64]) -> Result<Vec<Complex64>, SpectralError> {
    check_some("spectrum", spectrum.len())?;
    let fft = ComplexFft::new(spectrum.len())?;
    let mut values = spectrum.to_vec();
    fft.inverse(&mut values, &mut vec![Complex64::ZERO; fft.scratch_len()])?;
    for value in &mut values {
        *value /= spectrum.len() as f64;
    }
    Ok(values)
}

/// The frequencies of an [`rfft`] of `len` samples: `k sample_rate_hz / len` up to half the sample rate.
///
/// # Errors
///
/// [`InputError::TooFew`] for no samples, [`InputError::OutOfRange`] for a sample rate that is not positive.
pub fn rfft_frequencies(len: usize, sample_rate_hz: f64) -> Result<Vec<f64>, SpectralError> {
    check_some("signal", len)?;
    check_positive("sample_rate_hz", sample_rate_hz)?;
    Ok((0..=len / 2).map(|bin| bin as f64 * sample_rate_hz / len as f64).collect())
}

/// The frequencies of an [`fft`] of `len` samples: from 0 up, then the negative ones from the lowest up. An
/// even number has half the sample rate once, as negative.
///
/// # Errors
///
/// [`InputError::TooFew`] for no samples, [`InputError::OutOfRange`] for a sample rate that is not positive.
pub fn fft_frequencies(len: usize, sample_rate_hz: f64) -> Result<Vec<f64>, SpectralError> {
    check_some("signal", len)?;
    check_positive("sample_rate_hz", sample_rate_hz)?;
    let positive = (0..len.div_ceil(2)).map(|bin| bin as f64);
    let negative = (1..=len / 2).rev().map(|bin| -(bin as f64));
    Ok(positive.chain(negative).map(|bin| bin * sample_rate_hz / len as f64).collect())
}

fn check_some(argument: &'static str, got: usize) -> Result<(), InputError> {
    if got == 0 { Err(InputError::TooFew { argument, needed: 1, got }) } else { Ok(()) }
}
