//! Lomb-Scargle beside SciPy and astropy: every mean, weighting and normalization of the table; beside
//! NumPy's straight line.

use hexad_spectral::{Detrend, LombMean, LombNormalization, LombScargle, LombScargleOptions};
use hexad_testkit::max_difference;

/// Sums over 70 samples on both sides, and the phase of frequencies of up to 150 turns.
const ROUNDING: f64 = 1e-12;

fn numbers<'a>(fields: impl Iterator<Item = &'a str>) -> Vec<f64> {
    fields.map(|field| field.parse().expect("a number")).collect()
}

fn normalization(name: &str) -> LombNormalization {
    match name {
        "standard" => LombNormalization::Standard,
        "model" => LombNormalization::Model,
        "log" => LombNormalization::Log,
        "psd" => LombNormalization::Psd,
        "amplitude" => LombNormalization::Amplitude,
        other => panic!("unknown normalization {other}"),
    }
}

fn mean(name: &str) -> LombMean {
    match name {
        "floating" => LombMean::Floating,
        "subtracted" => LombMean::Subtracted,
        "zero" => LombMean::Zero,
        other => panic!("unknown mean {other}"),
    }
}

#[test]
fn every_line_of_the_table_comes_out() {
    let mut lines = include_str!("../reference/lombscargle.csv").lines().skip(1);
    let mut field = || numbers(lines.next().expect("a line").split(','));
    let [time, y, sigma, frequencies] = [field(), field(), field(), field()];
    let periodogram = |mean, weighted: &str, normalization| {
        let options = LombScargleOptions::default().with_mean(mean).with_normalization(normalization);
        LombScargle::new(&time, &y, (weighted == "1").then_some(&sigma), &options).expect("valid samples")
    };
    let rising: Vec<f64> = time.iter().zip(&y).map(|(time, y)| y + 0.3 * time).collect();
    let without_line = |weighted: &str, normalization| {
        let options =
            LombScargleOptions::default().with_detrend(Detrend::Linear).with_normalization(normalization);
        LombScargle::new(&time, &rising, (weighted == "1").then_some(&sigma), &options)
    };
    let mut counts = [0, 0, 0];
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        if fields[0] == "level" {
            let values = numbers(fields[3..].iter().copied());
            let periodogram = periodogram(LombMean::Floating, fields[1], normalization(fields[2]));
            let got = periodogram.false_alarm_probability(values[1], values[0]).expect("a power");
            assert!((got / values[2] - 1.0).abs() < 1e-10, "{line}: {got}");
            counts[0] += 1;
        } else if fields[0] == "line" {
            let wanted = numbers(fields[3..].iter().copied());
            let periodogram = without_line(fields[1], normalization(fields[2])).expect("valid samples");
            let got = periodogram.power_at(&frequencies).expect("finite frequencies");
            // The values rise to 21 and the line of NumPy is as far off as their rounding.
            assert!(max_difference(&got, &wanted) < 20.0 * ROUNDING, "{line}");
            counts[2] += 1;
        } else {
            let wanted = numbers(fields[4..].iter().copied());
            let got =
                periodogram(mean(fields[1]), fields[2], normalization(fields[3])).power_at(&frequencies);
            let difference = max_difference(&got.expect("finite frequencies"), &wanted);
            let scale = wanted.iter().fold(1.0_f64, |largest, value| largest.max(*value));
            assert!(difference < ROUNDING * scale, "{difference:e} in {line}");
            counts[1] += 1;
        }
    }
    assert_eq!(counts, [18, 32, 4]);
}
