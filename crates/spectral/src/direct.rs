//! The definitions, as the sums they are written as: slow, and obviously right.
//!
//! With N samples `x` at spacing `dt`, a window `w` and M >= N bins (more with padding):
//!
//! - transform: `X_k = sum_n w_n (x_n - trend_n) exp(-2 pi i k n / M)` (A. V. Oppenheim and R. W. Schafer,
//!   Discrete-Time Signal Processing, 3rd ed., 2010, eqs. 8.67 and 10.3);
//! - its scalings: see [`Scaling`] (G. Heinzel, A. Ruediger and R. Schilling, Spectrum and spectral density
//!   estimation by the DFT, 2002, eqs. 23 and 24);
//! - Welch's average: the mean over segments of `|X_k|^2`, or the median over its expectation (P. D. Welch,
//!   1967; B. Allen et al., 2012, appendix B);
//! - cross-spectrum and coherence: the mean over segments of `conj(A_k) B_k`, and the square of its size over
//!   those of `|A_k|^2` and `|B_k|^2` (J. S. Bendat and A. G. Piersol, Random Data, 4th ed., 2010, eqs. 11.118
//!   and 11.122).
//!
//! The rest of the crate computes the same faster, and is compared with this module. Time goes with the square
//! of the length.

use std::f64::consts::TAU;

use hexad_core::{Complex64, check_finite, check_length};

use crate::welch::Layout;
use crate::{Average, Detrend, Scaling, Sides, SpectralError, SpectrumOptions, WelchOptions};

/// The transform of windowed samples without their trend; two-sided ones begin at the lowest negative
/// frequency.
///
/// # Errors
///
/// As [`crate::spectrum()`].
pub fn transform(signal: &[f64], options: &SpectrumOptions) -> Result<Vec<Complex64>, SpectralError> {
    let layout = one_segment(signal.len(), 1.0, options)?;
    check_finite("signal", signal)?;
    Ok(transform_of(&layout, signal))
}

/// The spectrum of one segment, in any scaling.
///
/// # Errors
///
/// As [`crate::spectrum()`].
pub fn spectrum(
    signal: &[f64],
    sample_rate_hz: f64,
    options: &SpectrumOptions,
    scaling: Scaling,
) -> Result<Vec<f64>, SpectralError> {
    let layout = one_segment(signal.len(), sample_rate_hz, options)?;
    check_finite("signal", signal)?;
    let powers = transform_of(&layout, signal).into_iter().map(|value| value.norm_sqr());
    Ok(scaled(&layout, scaling, powers.collect()))
}

/// The average spectrum of segments, in any scaling.
///
/// # Errors
///
/// As [`crate::welch()`].
pub fn welch(
    signal: &[f64],
    sample_rate_hz: f64,
    segment_len: usize,
    options: &WelchOptions,
    scaling: Scaling,
) -> Result<Vec<f64>, SpectralError> {
    let layout = Layout::new(segment_len, sample_rate_hz, options)?;
    let transforms = transforms(&layout, "signal", signal)?;
    let powers = |bin: usize| transforms.iter().map(|one| one[bin].norm_sqr()).collect();
    let averages = (0..transforms[0].len()).map(|bin| average(options.average, powers(bin)));
    Ok(scaled(&layout, scaling, averages.collect()))
}

/// The cross-spectral density of two signals.
///
/// # Errors
///
/// As [`crate::cross_spectrum`].
pub fn cross_spectrum(
    a: &[f64],
    b: &[f64],
    sample_rate_hz: f64,
    segment_len: usize,
    options: &WelchOptions,
) -> Result<Vec<Complex64>, SpectralError> {
    let layout = Layout::new(segment_len, sample_rate_hz, options)?;
    check_length("b", b.len(), a.len())?;
    let unit = scaled(&layout, Scaling::Density, vec![1.0; layout.frame.bins()]);
    let means = mean_product(&transforms(&layout, "a", a)?, &transforms(&layout, "b", b)?);
    Ok(means.into_iter().zip(unit).map(|(mean, unit)| mean * unit).collect())
}

/// The coherence of two signals.
///
/// # Errors
///
/// As [`crate::cross_spectrum`].
pub fn coherence(
    a: &[f64],
    b: &[f64],
    segment_len: usize,
    options: &WelchOptions,
) -> Result<Vec<f64>, SpectralError> {
    let layout = Layout::new(segment_len, 1.0, options)?;
    check_length("b", b.len(), a.len())?;
    let (of_a, of_b) = (transforms(&layout, "a", a)?, transforms(&layout, "b", b)?);
    let [aa, ab, bb] = [(&of_a, &of_a), (&of_a, &of_b), (&of_b, &of_b)].map(|(a, b)| mean_product(a, b));
    Ok((0..ab.len()).map(|bin| ab[bin].norm_sqr() / (aa[bin].re * bb[bin].re)).collect())
}

fn one_segment(len: usize, sample_rate_hz: f64, options: &SpectrumOptions) -> Result<Layout, SpectralError> {
    let one = WelchOptions::default()
        .with_window(options.window)
        .with_detrend(options.detrend)
        .with_sides(options.sides)
        .with_padding(options.padding);
    Layout::new(len, sample_rate_hz, &one)
}

fn transforms(
    layout: &Layout,
    argument: &'static str,
    signal: &[f64],
) -> Result<Vec<Vec<Complex64>>, SpectralError> {
    layout.check_long_enough(argument, signal)?;
    check_finite(argument, signal)?;
    let segments = signal.windows(layout.frame.len).step_by(layout.hop);
    Ok(segments.map(|segment| transform_of(layout, segment)).collect())
}

fn transform_of(layout: &Layout, segment: &[f64]) -> Vec<Complex64> {
    let bins = layout.frame.transform_len;
    let trend = trend(segment, layout.frame.detrend);
    let term = |n: usize, k: usize| {
        // The phase from whole turns, which are exact.
        let turns = (n * k % bins) as f64 / bins as f64;
        Complex64::from_polar(layout.window[n] * (segment[n] - trend[n]), -TAU * turns)
    };
    let value = |k: usize| (0..segment.len()).map(|n| term(n, k)).sum();
    match layout.frame.sides {
        Sides::One => (0..=bins / 2).map(value).collect(),
        // Bin k + M is bin k.
        Sides::Two => (0..bins).map(|index| value((index + bins.div_ceil(2)) % bins)).collect(),
    }
}

/// What is taken off each sample: 0, the mean, or the line of least squares.
fn trend(segment: &[f64], detrend: Detrend) -> Vec<f64> {
    let len = segment.len() as f64;
    let mean = segment.iter().sum::<f64>() / len;
    let from_middle = |n: usize| n as f64 - 0.5 * (len - 1.0);
    let moments = segment.iter().enumerate().map(|(n, x)| from_middle(n) * (x - mean));
    let squares = (0..segment.len()).map(|n| from_middle(n) * from_middle(n));
    let slope = moments.sum::<f64>() / squares.sum::<f64>();
    let value = |n: usize| match detrend {
        Detrend::None => 0.0,
        Detrend::Constant => mean,
        Detrend::Linear => mean + slope * from_middle(n),
    };
    (0..segment.len()).map(value).collect()
}

fn average(average: Average, mut powers: Vec<f64>) -> f64 {
    let count = powers.len();
    if average == Average::Mean {
        return powers.iter().sum::<f64>() / count as f64;
    }
    powers.sort_by(f64::total_cmp);
    let median = 0.5 * (powers[(count - 1) / 2] + powers[count / 2]);
    // 1 - 1/2 + 1/3 - ... to the last odd number: what the median of as many unit exponentials is on average.
    let bias: f64 = (1..=(count - 1) / 2).map(|i| 1.0 / (2 * i + 1) as f64 - 1.0 / (2 * i) as f64).sum();
    median / (1.0 + bias)
}

/// Mean over segments of `conj(A) B`, by bin.
fn mean_product(a: &[Vec<Complex64>], b: &[Vec<Complex64>]) -> Vec<Complex64> {
    let product = |bin: usize| -> Complex64 { a.iter().zip(b).map(|(a, b)| a[bin].conj() * b[bin]).sum() };
    (0..a[0].len()).map(|bin| product(bin) / a.len() as f64).collect()
}

/// Values in a scaling, from squares.
fn scaled(layout: &Layout, scaling: Scaling, squares: Vec<f64>) -> Vec<f64> {
    let frame = &layout.frame;
    let (dt, bins) = (1.0 / frame.sample_rate_hz, frame.transform_len);
    let s1: f64 = layout.window.iter().sum();
    let s2: f64 = layout.window.iter().map(|w| w * w).sum();
    let value = |(bin, square): (usize, f64)| {
        let is_single = frame.sides == Sides::Two || bin == 0 || 2 * bin == bins;
        let c = if is_single { 1.0 } else { 2.0 };
        let power = c * square / (s1 * s1);
        let density = c * square * dt / s2;
        match scaling {
            Scaling::Amplitude => c * square.sqrt() / s1.abs(),
            Scaling::Rms => power.sqrt(),
            Scaling::Power => power,
            Scaling::Density => density,
            Scaling::Energy => density * frame.len as f64 * dt,
            Scaling::Transform => dt * square.sqrt(),
        }
    };
    squares.into_iter().enumerate().map(value).collect()
}
