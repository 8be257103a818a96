//! Tones between the bins, and how sure their frequencies, amplitudes and phases are.

use std::f64::consts::{PI, TAU};

use hexad_spectral::{
    ErrorNorm, FitLinesOptions, FitUntil, FittedLine, LineConstant, LombScargle, LombScargleOptions,
    Selection, SpectralError, fit_lines, rebuild,
};
use hexad_testkit::Random;

use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};
use crate::validate::data::{self, Record};

/// The tones fitted beside a constant, the lowest frequency first.
fn fitted(signal: &[f64], tones: usize) -> Result<Vec<FittedLine>, SpectralError> {
    let fit = fit_lines(signal, 1.0, FitUntil::Count(tones + 1), &FitLinesOptions::default())?;
    let mut lines: Vec<_> = fit.lines.into_iter().filter(|line| line.frequency_hz > 0.0).collect();
    lines.sort_by(|a, b| a.frequency_hz.total_cmp(&b.frequency_hz));
    Ok(lines)
}

/// The frequency with the least squares, by grids each a hundred times finer than the one before.
fn best_of_grids(record: &Record) -> Result<f64, SpectralError> {
    let fits = LombScargle::new(&record.time, &record.value, None, &LombScargleOptions::default())?;
    let best = |frequencies: &[f64]| -> Result<f64, SpectralError> {
        let power = fits.power_at(frequencies)?;
        let at = (0..power.len()).max_by(|a, b| power[*a].total_cmp(&power[*b])).unwrap_or(0);
        Ok(frequencies[at])
    };
    let whole = fits.auto_grid(10.0, Some(0.5))?;
    let mut top = best(&(0..whole.len()).map(|index| whole.at(index)).collect::<Vec<_>>())?;
    let mut step = whole.step_hz();
    for _ in 0..4 {
        step *= 0.01;
        top = best(&(-120..=120).map(|offset| top + f64::from(offset) * step).collect::<Vec<_>>())?;
    }
    Ok(top)
}

pub(super) fn sunspots() -> Outcome {
    let record = data::sunspots()?;
    let lines = fitted(&record.value, 1)?;
    let line = lines.first().ok_or("no line but the constant")?;
    let period = 1.0 / line.frequency_hz;
    let sd = line.frequency_sd_hz * period * period;
    Ok(Claim::new(
        "The strongest line of the yearly sunspot numbers, fitted beside a constant, has the period at which the \
         squares of all frequencies are least, as found by Lomb-Scargle on ever finer grids. Measured: the \
         difference of the two periods in years.",
        (period - 1.0 / best_of_grids(&record)?).abs(),
        Bound::AtMost(1e-6),
    )
    .note(format!("{period:.4} +- {sd:.4} years, amplitude {:.1} +- {:.1}", line.amplitude, line.amplitude_sd))
    .note(format!("{} years; the nearest bin is 309 / 28 = 11.0357 years", record.value.len()))
    .note("the deviation is that of one tone in white noise; the cycle itself varies by years"))
}

/// Cycles in the record, amplitude, phase at sample 0.
type Tone = (f64, f64, f64);

fn noisy(len: usize, tones: &[Tone], sd: f64, random: &mut Random) -> Vec<f64> {
    let at = |n: usize| {
        let turn = TAU * n as f64 / len as f64;
        tones.iter().map(|(cycles, amplitude, phase)| amplitude * (turn * cycles + phase).cos()).sum::<f64>()
    };
    (0..len).map(|n| at(n) + sd * random.normal()).collect()
}

/// The shares of `trials` in which frequency, amplitude and phase of each line were within one standard deviation.
fn covered(
    signal_to_noise: f64,
    [low, high]: [f64; 2],
    second: Option<[f64; 2]>,
    trials: usize,
) -> Result<Vec<f64>, SpectralError> {
    let len = 256;
    let mut random = Random::new(8);
    let mut counts = vec![0; if second.is_some() { 6 } else { 3 }];
    for _ in 0..trials {
        let first = random.uniform(low, high);
        let mut tones = vec![(first, 1.0, random.uniform(-PI, PI))];
        tones.extend(second.map(|[apart, amplitude]| (first + apart, amplitude, random.uniform(-PI, PI))));
        let signal = noisy(len, &tones, (0.5 / signal_to_noise).sqrt(), &mut random);
        let lines = fitted(&signal, tones.len())?;
        let errors = lines.iter().zip(tones).flat_map(|(line, (cycles, amplitude, phase))| {
            let turned = (line.phase - phase + PI).rem_euclid(TAU) - PI;
            [
                (line.frequency_hz - cycles / len as f64) / line.frequency_sd_hz,
                (line.amplitude - amplitude) / line.amplitude_sd,
                turned / line.phase_sd,
            ]
        });
        for (count, error) in counts.iter_mut().zip(errors) {
            *count += usize::from(error.abs() <= 1.0);
        }
    }
    Ok(counts.into_iter().map(|count| count as f64 / trials as f64).collect())
}

pub(super) fn coverage() -> Outcome {
    let trials = 2000;
    let cases = [
        ("as strong as the noise", 1.0, [20.0, 100.0], None),
        ("power ratio 10", 10.0, [20.0, 100.0], None),
        ("power ratio 100", 100.0, [20.0, 100.0], None),
        ("1.3 cycles, power ratio 10", 10.0, [1.3, 1.3], None),
        ("2.7 cycles, power ratio 10", 10.0, [2.7, 2.7], None),
        ("two, 1.5 bins apart, power ratio 100", 100.0, [20.0, 100.0], Some([1.5, 0.7])),
        ("two, 3 bins apart, power ratio 10", 10.0, [20.0, 100.0], Some([3.0, 0.7])),
    ];
    let expected = 0.6827;
    let mut worst = 0.0_f64;
    let mut notes = Vec::new();
    for (name, signal_to_noise, cycles, second) in cases {
        let shares = covered(signal_to_noise, cycles, second, trials)?;
        worst = shares.iter().fold(worst, |worst, share| worst.max((share - expected).abs()));
        let shares: Vec<String> = shares.iter().map(|share| format!("{share:.3}")).collect();
        notes.push(format!("{name}: {}", shares.join(" ")));
    }
    let claim = Claim::new(
        "One standard deviation of a fitted frequency, amplitude and phase covers the truth in 68.27 % of records of \
         256 samples with white noise. Measured: the largest difference from that share, over 2,000 records a case.",
        worst,
        Bound::AtMost(0.03),
    )
    .formula("s^2 (J^T J)^-1, s^2 = RSS / (N - p)");
    Ok(notes.into_iter().fold(claim, Claim::note))
}

pub(super) fn between_bins() -> Outcome {
    let len = 4096;
    let signal = noisy(len, &[(409.5, 1.0, 0.4)], 0.0, &mut Random::new(9));
    let (relative, norm) = (0.01, ErrorNorm::L2);
    let bins = rebuild(&signal, 1.0, Selection::Error { relative, norm })?.lines.len();
    let until = FitUntil::Error { relative, norm, at_most: 10 };
    let options = FitLinesOptions::default().with_constant(LineConstant::Zero);
    let fit = fit_lines(&signal, 1.0, until, &options)?;
    let error_of = |count: usize| -> Result<(f64, f64), SpectralError> {
        Ok((count as f64, rebuild(&signal, 1.0, Selection::Count(count))?.relative_l2_error))
    };
    let errors: Vec<_> = (0..11).map(|power| error_of(1 << power)).collect::<Result<_, _>>()?;
    let chart = Chart::new("A tone half-way between two bins", "lines kept", "error, L2")
        .log_x()
        .log_y()
        .line("bins", errors)
        .dots("one fitted line", [(1.0, fit.relative_l2_error)]);
    Ok(Claim::new(
        "A tone half-way between two of the bins of 4,096 samples is within 1 % of one fitted line. Measured: \
         the lines fitted.",
        fit.lines.len() as f64,
        Bound::AtMost(1.0),
    )
    .note(format!("{bins} bins for the same"))
    .note(format!("what the fitted line leaves: {:.1e}", fit.relative_l2_error))
    .chart(chart))
}
