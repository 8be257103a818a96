//! What spectra of even samples must keep.

use std::f64::consts::PI;

use hexad_smoothing::{Boundary, SmoothOptions, Smoother, Truncation};
use hexad_spectral::{ChirpZ, Goertzel, Line, Selection, dtft, rebuild};
use hexad_testkit::Random;

use crate::validate::claim::{Bound, Claim, Outcome};
use crate::validate::data;

pub(super) fn parseval() -> Outcome {
    let mut random = Random::new(2);
    let mut worst = 0.0_f64;
    for len in [2, 3, 100, 309, 1009, 4096] {
        let signal = random.vector(len, -1.0, 2.0);
        let energy = |line: &Line| {
            let share = if line.bin == 0 || 2 * line.bin == len { 1.0 } else { 0.5 };
            share * line.amplitude * line.amplitude
        };
        let lines = rebuild(&signal, 1.0, Selection::Count(len / 2 + 1))?.lines;
        let of_lines: f64 = lines.iter().map(energy).sum();
        let mean_square = signal.iter().map(|x| x * x).sum::<f64>() / len as f64;
        worst = worst.max((of_lines / mean_square - 1.0).abs());
    }
    Ok(Claim::new(
        "Half the squared amplitudes, whole at 0 and at half the sample rate, sum to the mean square of the \
         signal. Measured: the largest relative difference.",
        worst,
        Bound::AtMost(1e-14),
    )
    .formula("sum_k c_k |X_k|^2 / N^2 = mean x^2"))
}

pub(super) fn sunspots() -> Outcome {
    let record = data::sunspots()?;
    let lines = rebuild(&record.value, 1.0, Selection::Count(10))?.lines;
    let strongest = lines.iter().find(|line| line.bin > 0).ok_or("no line but the constant")?;
    Ok(Claim::new(
        "The strongest line of the yearly sunspot numbers, as a bin of the record. Measured: its period in years.",
        1.0 / strongest.frequency_hz,
        Bound::Between(11.0356, 11.0358),
    )
    .note(format!("{} years, bin {}, amplitude {:.1}", record.value.len(), strongest.bin, strongest.amplitude)))
}

/// One crate's answer by another's.
pub(super) fn smoothed() -> Outcome {
    let (len, sigma) = (3000, 12.0);
    let signal = Random::new(3).vector(len, -1.0, 1.0);
    let options = SmoothOptions::default()
        .with_truncation(Truncation::Exact)
        .with_boundary(Boundary::Wrap)
        .with_tolerance(1e-13);
    let smooth = Smoother::uniform(len, 1.0, sigma, &options)?.apply(&signal)?;
    let by_bin = |signal: &[f64]| -> Result<Vec<Line>, hexad_spectral::SpectralError> {
        let mut lines = rebuild(signal, 1.0, Selection::Count(len / 2 + 1))?.lines;
        lines.sort_by_key(|line| line.bin);
        Ok(lines)
    };
    let mut worst = 0.0_f64;
    for (before, after) in by_bin(&signal)?.iter().zip(&by_bin(&smooth)?) {
        let gain = (-2.0 * (PI * before.frequency_hz * sigma).powi(2)).exp();
        worst = worst.max((after.amplitude - gain * before.amplitude).abs());
    }
    Ok(Claim::new(
        "The amplitudes of a signal smoothed by hexad-smoothing are those of the signal times the Gaussian's \
         transfer function, at every line. Measured: the largest difference, the signal being within 1.",
        worst,
        Bound::AtMost(1e-13),
    )
    .formula("A_smooth(f) = exp(-2 pi^2 f^2 sigma^2) A(f)"))
}

pub(super) fn few_bins() -> Outcome {
    let (len, rate) = (5000, 1000.0);
    let signal = Random::new(4).vector(len, -1.0, 1.0);
    let zoom = ChirpZ::new(len, rate, 10.0, 10.5, 64)?;
    let frequencies: Vec<f64> = (0..zoom.points()).map(|index| zoom.frequency_hz(index)).collect();
    let wanted = dtft(&signal, rate, &frequencies)?;
    let mut worst = 0.0_f64;
    for got in [zoom.apply(&signal)?, Goertzel::new(rate, &frequencies)?.apply(&signal)?] {
        let differences = got.iter().zip(&wanted).map(|(a, b)| (a - b).norm());
        worst = differences.fold(worst, f64::max);
    }
    Ok(Claim::new(
        "Chirp-z and Goertzel give the transform between the bins as its sum over the samples does. Measured: \
         the largest difference over the number of samples.",
        worst / len as f64,
        Bound::AtMost(1e-15),
    )
    .formula("X(f) = sum_n x_n exp(-2 pi i f n / fs)"))
}
