//! Averages over segments: what they read, how sure they are, and in pieces.

use std::f64::consts::{SQRT_2, TAU};

use hexad_spectral::{
    Average, Detrend, Scaling, SpectralError, WelchOptions, WelchPlan, WelchStream, Window, welch,
};
use hexad_testkit::Random;

use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

/// Share of 4,000 white noises, of unit density, whose intervals of 95 % hold it at each bin.
fn coverage(average: Average) -> Result<Vec<f64>, SpectralError> {
    let (segment, trials) = (64, 4000);
    let plan = WelchPlan::new(segment, 2.0, &WelchOptions::default().with_average(average))?;
    let mut random = Random::new(7);
    let mut scratch = plan.make_scratch();
    let mut spectrum = plan.apply(&vec![0.0; segment])?;
    let mut held = vec![0; spectrum.len()];
    let mut signal = vec![0.0; 16 * segment];
    for _ in 0..trials {
        signal.iter_mut().for_each(|x| *x = random.normal());
        plan.apply_into(&signal, &mut spectrum, &mut scratch)?;
        for (bin, interval) in spectrum.confidence(Scaling::Density, 0.95)?.iter().enumerate() {
            let density = if bin == 0 || 2 * bin == segment { 0.5 } else { 1.0 };
            held[bin] += i32::from(interval.lower <= density && density <= interval.upper);
        }
    }
    Ok(held.into_iter().map(|held| f64::from(held) / f64::from(trials)).collect())
}

pub(super) fn intervals() -> Outcome {
    let (mean, median) = (coverage(Average::Mean)?, coverage(Average::Median)?);
    let percent = |shares: &[f64]| {
        let [low, inner, half] = [0, 20, 32].map(|bin| 100.0 * shares[bin]);
        format!("{inner:.1} % at an inner bin, {low:.1} % at 0, {half:.1} % at half the sample rate")
    };
    Ok(Claim::new(
        "Intervals of 95 % about a Welch average (white noise, Hann, 31 segments that overlap by half) hold the \
         true density in 95 % of 4,000 trials. Measured: the share at an inner bin.",
        mean[20],
        Bound::Between(0.94, 0.96),
    )
    .formula("[nu P / chi2(0.975; nu), nu P / chi2(0.025; nu)], nu = 2 K / (1 + 2 sum_j (1 - j/K) rho_j^2)")
    .source("Welch 1967; Bendat and Piersol 2010, eq. 8.162")
    .note(format!("mean: {}", percent(&mean)))
    .note(format!("median: {} (where SciPy's bias, which this has, is not meant for)", percent(&median))))
}

/// Sample rate, frequencies and digitizing step of Heinzel's test.
const RATE_HZ: f64 = 10_000.0;
const TONES_HZ: [f64; 2] = [1234.0, 2500.2157];
const TONES_RMS: [f64; 2] = [2.0, 1.0 / SQRT_2];
const STEP: f64 = 1e-3;

/// A million samples of two tones, digitized.
fn two_tones() -> Vec<f64> {
    let sample = |n: usize| {
        let tone = |hz: f64, rms: f64| SQRT_2 * rms * (TAU * (hz * n as f64 / RATE_HZ).fract()).sin();
        let sum = tone(TONES_HZ[0], TONES_RMS[0]) + tone(TONES_HZ[1], TONES_RMS[1]);
        (sum / STEP + 0.5).floor() * STEP
    };
    (0..1_000_000).map(sample).collect()
}

fn heinzel(window: Window) -> Result<hexad_spectral::Spectrum, SpectralError> {
    let segment = 3328;
    let overlap = window.constants(segment)?.recommended_overlap;
    welch(&two_tones(), RATE_HZ, segment, &WelchOptions::default().with_window(window).with_overlap(overlap))
}

pub(super) fn tones() -> Outcome {
    let (mut worst, mut read) = (0.0_f64, Vec::new());
    for window in [Window::Hft95, Window::Hft248d] {
        let spectrum = heinzel(window)?;
        for (hz, rms) in TONES_HZ.into_iter().zip(TONES_RMS) {
            let near = (0..spectrum.len()).filter(|bin| (spectrum.frequency_hz(*bin) - hz).abs() < 10.0);
            let found = near.map(|bin| spectrum.value(Scaling::Rms, bin)).fold(0.0, f64::max);
            worst = worst.max((found / rms - 1.0).abs());
            read.push(format!("{window}: {found:.5} V rms at {hz} Hz"));
        }
    }
    let claim = Claim::new(
        "The test that Heinzel proposes for a spectrum estimator: tones of 2 V rms and 1 V peak, between the \
         bins of a flat-top spectrum of a million samples in steps of 1 mV, read their amplitudes. Measured: \
         the largest relative error; the wider of the windows allows 0.0044 dB between bins, a part in 1,970.",
        worst,
        Bound::AtMost(5.1e-4),
    )
    .source("Heinzel, Ruediger and Schilling 2002, section 13: 1234 Hz and 2500.2157 Hz at 10 kHz, segments of 3,328");
    Ok(read.into_iter().fold(claim, Claim::note))
}

pub(super) fn noise_floor() -> Outcome {
    let spectrum = heinzel(Window::Hft248d)?;
    let densities = spectrum.values(Scaling::Density);
    let is_quiet = |hz: f64| hz > 50.0 && hz < 4950.0 && TONES_HZ.iter().all(|tone| (hz - tone).abs() > 50.0);
    let quiet: Vec<f64> = (0..spectrum.len())
        .filter(|bin| is_quiet(spectrum.frequency_hz(*bin)))
        .map(|bin| densities[bin])
        .collect();
    let mean = quiet.iter().sum::<f64>() / quiet.len() as f64;
    let wanted = STEP / (6.0 * RATE_HZ).sqrt();
    let root =
        densities.iter().enumerate().map(|(bin, density)| (spectrum.frequency_hz(bin), density.sqrt()));
    let chart = Chart::new("Two tones in steps of 1 mV", "frequency, Hz", "V / sqrt Hz")
        .log_y()
        .line("HFT248D", root)
        .line("noise of the steps", [(0.0, wanted), (0.5 * RATE_HZ, wanted)]);
    Ok(Claim::new(
        "The noise between the tones is that of the digitizing steps. Measured: its root density over that of \
         the formula, 4.08 uV / sqrt Hz.",
        mean.sqrt() / wanted,
        Bound::Between(0.99, 1.01),
    )
    .formula("sqrt(S) = U / sqrt(6 fs), U the step: U^2 / 12 spread over fs / 2")
    .source("Heinzel, Ruediger and Schilling 2002, section 13")
    .note(format!("{} bins, {} segments", quiet.len(), spectrum.segments()))
    .chart(chart))
}

pub(super) fn pieces() -> Outcome {
    let signal = {
        let mut random = Random::new(8);
        random.vector(300_007, -1.0, 3.0)
    };
    let mut differing = 0;
    for (segment, overlap, detrend) in
        [(256, 0.5, Detrend::Constant), (1000, 0.75, Detrend::Linear), (313, 0.2, Detrend::None)]
    {
        let options = WelchOptions::default().with_overlap(overlap).with_detrend(detrend);
        let whole = welch(&signal, 1.0, segment, &options)?.values(Scaling::Density);
        for piece in [1, 97, segment, 4096, 100_000] {
            let mut stream = WelchStream::new(segment, 1.0, &options)?;
            for samples in signal.chunks(piece) {
                stream.push(samples)?;
            }
            let values = stream.spectrum()?.values(Scaling::Density);
            let differ = |(a, b): &(&f64, &f64)| a.to_bits() != b.to_bits();
            differing += values.iter().zip(&whole).filter(differ).count();
        }
    }
    Ok(Claim::new(
        "The Welch average of a signal that comes in pieces, of 1 to 100,000 samples, is that of the whole. \
         Measured: bins that differ in any bit.",
        differing as f64,
        Bound::AtMost(0.0),
    ))
}
