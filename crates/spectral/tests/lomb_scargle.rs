//! Lomb-Scargle: closed forms, the fast path against the sums, and what noise does.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::f64::consts::TAU;

use hexad_spectral::{
    Detrend, FrequencyGrid, LombMean, LombMethod, LombMissing, LombNormalization, LombScargle,
    LombScargleOptions, LombScratch, Selection, SpectralError, rebuild,
};
use hexad_testkit::{Random, assert_close, max_difference};

const MEANS: [LombMean; 3] = [LombMean::Floating, LombMean::Subtracted, LombMean::Zero];
/// Promised for the fast path, relative to the largest power possible.
const FAST: f64 = 1e-9;

struct Samples {
    time: Vec<f64>,
    y: Vec<f64>,
    sigma: Vec<f64>,
}

fn samples(count: usize, seed: u64) -> Samples {
    let mut random = Random::new(seed);
    let time = random.vector(count, 0.0, count as f64);
    let y = time.iter().map(|t| 5.0 + (TAU * 0.17 * t + 0.3).cos() + random.normal()).collect();
    Samples { time, y, sigma: random.vector(count, 0.5, 2.0) }
}

fn periodogram(samples: &Samples, options: &LombScargleOptions) -> LombScargle {
    LombScargle::new(&samples.time, &samples.y, Some(&samples.sigma), options).unwrap()
}

/// Weighted least squares by elimination: the definition without any of the trigonometry.
fn fitted_share(samples: &Samples, hz: f64, mean: LombMean) -> f64 {
    let weight = |i: usize| samples.sigma[i].powi(-2);
    let total: f64 = (0..samples.y.len()).map(weight).sum();
    let average = (0..samples.y.len()).map(|i| weight(i) * samples.y[i]).sum::<f64>() / total;
    let offset = if mean == LombMean::Zero { 0.0 } else { average };
    let columns = if mean == LombMean::Floating { 3 } else { 2 };
    let mut rows = [[0.0; 4]; 3];
    let mut chi0 = 0.0;
    for i in 0..samples.y.len() {
        let (sin, cos) = (TAU * hz * samples.time[i]).sin_cos();
        let terms = [cos, sin, 1.0, samples.y[i] - offset];
        for row in 0..3 {
            for column in 0..4 {
                rows[row][column] += weight(i) * terms[row] * terms[column];
            }
        }
        chi0 += weight(i) * terms[3] * terms[3];
    }
    let right = [rows[0][3], rows[1][3], rows[2][3]];
    for pivot in 0..columns {
        let by = rows[pivot];
        for (_, row) in rows.iter_mut().take(columns).enumerate().filter(|(index, _)| *index != pivot) {
            let factor = row[pivot] / by[pivot];
            row.iter_mut().zip(by).for_each(|(value, by)| *value -= factor * by);
        }
    }
    (0..columns).map(|row| rows[row][3] / rows[row][row] * right[row]).sum::<f64>() / chi0
}

#[test]
fn the_power_is_what_least_squares_explains() {
    let samples = samples(60, 1);
    for mean in MEANS {
        let periodogram = periodogram(&samples, &LombScargleOptions::default().with_mean(mean));
        let frequencies = [0.01, 0.05, 0.17, 0.3, 0.77, 12.5];
        let wanted: Vec<f64> = frequencies.iter().map(|hz| fitted_share(&samples, *hz, mean)).collect();
        assert_close(&periodogram.power_at(&frequencies).unwrap(), &wanted, 1e-12);
    }
}

#[test]
fn a_tone_on_a_line_comes_out_beside_it() {
    // At times that mirror each other a cosine about their middle has no slope.
    let mut random = Random::new(5);
    let half = random.vector(40, 0.0, 30.0);
    let time: Vec<f64> = half.iter().map(|t| 50.0 - t).chain(half.iter().map(|t| 50.0 + t)).collect();
    let tone = |t: f64| 1.5 * (TAU * 0.21 * (t - 50.0)).cos();
    let y: Vec<f64> = time.iter().map(|t| 7.0 - 0.8 * (t - 50.0) + tone(*t)).collect();
    let options = LombScargleOptions::default().with_detrend(Detrend::Linear);
    let periodogram = LombScargle::new(&time, &y, None, &options).unwrap();
    let fit = periodogram.fit(0.21).unwrap();
    let first = periodogram.first_time_s();
    // Some roundings of values up to 33.
    assert!((fit.slope + 0.8).abs() < 1e-13 && (fit.amplitude - 1.5).abs() < 1e-12, "{fit:?}");
    assert!((fit.offset - (7.0 - 0.8 * (first - 50.0))).abs() < 1e-12, "{fit:?}");
    assert!((fit.power - 1.0).abs() < 1e-12, "{fit:?}");
    let of_line = |t: f64| fit.offset + fit.slope * (t - first);
    let of_tone = |t: f64| fit.amplitude * (TAU * 0.21 * (t - first) + fit.phase).cos();
    assert!(time.iter().zip(&y).all(|(t, y)| (of_line(*t) + of_tone(*t) - y).abs() < 1e-11));
}

#[test]
fn a_line_leaves_nothing_and_changes_nothing() {
    let mut samples = samples(70, 6);
    let frequencies = [0.01, 0.05, 0.17, 0.3, 0.77];
    for normalization in [LombNormalization::Standard, LombNormalization::Amplitude] {
        let options =
            LombScargleOptions::default().with_detrend(Detrend::Linear).with_normalization(normalization);
        for mean in MEANS {
            let options = options.with_mean(mean);
            let before = periodogram(&samples, &options).power_at(&frequencies).unwrap();
            samples.y.iter_mut().zip(&samples.time).for_each(|(y, t)| *y += 40.0 - 3.0 * t);
            // Roundings of values up to 200.
            assert_close(&periodogram(&samples, &options).power_at(&frequencies).unwrap(), &before, 1e-11);
        }
    }
    let line: Vec<f64> = samples.time.iter().map(|t| 1e3 + 0.25 * t).collect();
    let options = LombScargleOptions::default()
        .with_detrend(Detrend::Linear)
        .with_normalization(LombNormalization::Amplitude);
    let left =
        LombScargle::new(&samples.time, &line, None, &options).unwrap().power_at(&frequencies).unwrap();
    assert!(left.iter().all(|amplitude| *amplitude < 1e-11), "{left:?}");
}

#[test]
fn a_line_of_one_time_is_level() {
    let options = LombScargleOptions::default().with_detrend(Detrend::Linear);
    let periodogram = LombScargle::new(&[2.0; 4], &[1.0, 2.0, 3.0, 6.0], None, &options).unwrap();
    let fit = periodogram.fit(0.1).unwrap();
    assert_eq!((fit.offset, fit.slope), (3.0, 0.0));
}

#[test]
fn the_constant_taken_off_is_the_mean_subtracted() {
    let samples = samples(50, 7);
    let options = LombScargleOptions::default();
    let constant = options.with_mean(LombMean::Zero).with_detrend(Detrend::Constant);
    let [a, b] = [options.with_mean(LombMean::Subtracted), constant].map(|options| {
        let periodogram = periodogram(&samples, &options);
        (periodogram.power_at(&[0.03, 0.17]).unwrap(), periodogram.false_alarm_probability(0.3, 1.0).unwrap())
    });
    assert_eq!(a, b);
}

#[test]
fn on_even_samples_the_amplitudes_are_those_of_the_bins() {
    let y = Random::new(2).vector(101, -1.0, 1.0);
    let time: Vec<f64> = (0..101).map(|n| f64::from(n) * 0.1).collect();
    let options = LombScargleOptions::default().with_normalization(LombNormalization::Amplitude);
    let periodogram = LombScargle::new(&time, &y, None, &options).unwrap();
    let lines = rebuild(&y, 10.0, Selection::Threshold(0.0)).unwrap().lines;
    for line in lines.iter().filter(|line| line.bin > 0) {
        let fit = periodogram.fit(line.frequency_hz).unwrap();
        assert!((fit.amplitude - line.amplitude).abs() < 1e-12 && fit.power == fit.amplitude);
        assert!((fit.phase - line.phase).abs() < 1e-11 / line.amplitude);
        assert!((fit.offset - y.iter().sum::<f64>() / 101.0).abs() < 1e-13);
    }
}

#[test]
fn a_pure_tone_is_explained_whole() {
    let time = Random::new(3).vector(50, -20.0, 30.0);
    let y: Vec<f64> = time.iter().map(|t| 4.0 + 2.5 * (TAU * 0.21 * (t - time[7]) + 0.4).cos()).collect();
    let periodogram = LombScargle::new(&time, &y, None, &LombScargleOptions::default()).unwrap();
    let fit = periodogram.fit(0.21).unwrap();
    assert!(
        (fit.power - 1.0).abs() < 1e-12
            && (fit.offset - 4.0).abs() < 1e-12
            && (fit.amplitude - 2.5).abs() < 1e-12
    );
    let phase = TAU * 0.21 * (periodogram.first_time_s() - time[7]) + 0.4 - fit.phase;
    assert!((phase / TAU - (phase / TAU).round()).abs() < 1e-12);
}

#[test]
fn both_fast_paths_are_the_sums_everywhere() {
    for (count, len, start, step) in [
        (3, 1, 0.1, 0.1),
        (3, 10, 0.0, 0.01),
        (40, 2, 0.3, 0.02),
        (40, 777, 0.0, 0.0013),
        (500, 63, 0.0, 0.5),
        (500, 1000, 0.001, 0.003),
        (1001, 4000, 2.5, 1e-4),
        (2000, 1025, 0.0001, 0.0071),
    ] {
        let samples = samples(count, count as u64);
        let grid = FrequencyGrid::new(start, step, len).unwrap();
        let frequencies: Vec<f64> = (0..len).map(|index| grid.at(index)).collect();
        for mean in MEANS {
            for method in [LombMethod::Direct, LombMethod::Fast, LombMethod::Auto] {
                let options = LombScargleOptions::default().with_mean(mean).with_method(method);
                let periodogram = periodogram(&samples, &options);
                let got = periodogram.power(&grid).unwrap();
                let wanted = periodogram.power_at(&frequencies).unwrap();
                let difference = max_difference(&got, &wanted);
                assert!(difference <= FAST, "{count} {len} {mean:?} {method:?}: {difference:e}");
            }
        }
    }
}

#[test]
fn nothing_is_lost_where_little_can_be_told() {
    // Even samples: at multiples of the sample rate and of half of it sine and cosine are not independent.
    let time: Vec<f64> = (0..200).map(f64::from).collect();
    let y: Vec<f64> = time.iter().map(|t| (TAU * 0.2 * t).sin() + 1.0).collect();
    let options = LombScargleOptions::default();
    let grid = FrequencyGrid::new(0.0, 1e-3, 2001).unwrap();
    let [direct, fast] = [LombMethod::Direct, LombMethod::Fast].map(|method| {
        LombScargle::new(&time, &y, None, &options.with_method(method)).unwrap().power(&grid).unwrap()
    });
    assert!(max_difference(&direct, &fast) < FAST);
    assert!(direct.iter().all(|power| (0.0..=1.0).contains(power)));
    assert_eq!((direct[0], fast[0]), (0.0, 0.0));
    assert!((direct[200] - 1.0).abs() < 1e-12 && (direct[1200] - 1.0).abs() < 1e-9);
}

#[test]
fn normalizations_are_functions_of_the_standard_one() {
    let samples = samples(80, 4);
    let grid = FrequencyGrid::new(0.05, 0.01, 30).unwrap();
    let power = |normalization| {
        periodogram(&samples, &LombScargleOptions::default().with_normalization(normalization))
            .power(&grid)
            .unwrap()
    };
    let weight: Vec<f64> = samples.sigma.iter().map(|sigma| sigma.powi(-2)).collect();
    let total: f64 = weight.iter().sum();
    let mean = samples.y.iter().zip(&weight).map(|(y, w)| y * w).sum::<f64>() / total;
    let chi0: f64 = samples.y.iter().zip(&weight).map(|(y, w)| w * (y - mean).powi(2)).sum();
    for (index, p) in power(LombNormalization::Standard).into_iter().enumerate() {
        assert!((power(LombNormalization::Model)[index] - p / (1.0 - p)).abs() < 1e-12);
        assert!((power(LombNormalization::Log)[index] + (1.0 - p).ln()).abs() < 1e-12);
        assert!((power(LombNormalization::Psd)[index] - 0.5 * chi0 * p).abs() < 1e-11 * chi0);
    }
}

#[test]
fn order_origin_and_scale_of_time_and_y_do_not_matter() {
    let samples = samples(300, 5);
    let grid = FrequencyGrid::new(0.0, 0.002, 400).unwrap();
    let options = LombScargleOptions::default().with_method(LombMethod::Fast);
    let wanted = periodogram(&samples, &options).power(&grid).unwrap();
    let mut turned = samples;
    turned.time.reverse();
    turned.y.reverse();
    turned.sigma.reverse();
    assert_close(&periodogram(&turned, &options).power(&grid).unwrap(), &wanted, 1e-12);
    // Quarter seconds stay exact beside 2e9 s.
    for time in &mut turned.time {
        *time = (*time * 4.0).round() / 4.0;
    }
    let exact = periodogram(&turned, &options).power(&grid).unwrap();
    for (shift, scale, offset) in [(2e9, 1.0, 0.0), (-2e9, 1e150, 0.0), (0.0, 1e-150, 0.0), (0.0, -1.0, 1e6)]
    {
        let moved = Samples {
            time: turned.time.iter().map(|t| t + shift).collect(),
            y: turned.y.iter().map(|y| scale * (y + offset)).collect(),
            sigma: turned.sigma.clone(),
        };
        // An offset of 1e6 leaves 10 digits of y.
        assert_close(&periodogram(&moved, &options).power(&grid).unwrap(), &exact, 1e-9);
    }
}

#[test]
fn missing_samples_are_left_out_when_asked() {
    let Samples { mut time, mut y, mut sigma } = samples(100, 6);
    let options = LombScargleOptions::default();
    let grid = FrequencyGrid::new(0.01, 0.01, 50).unwrap();
    let whole = LombScargle::new(&time, &y, Some(&sigma), &options).unwrap().power(&grid).unwrap();
    for (index, bad) in [(0, 0), (40, 1), (102, 2)] {
        time.insert(index, if bad == 0 { f64::NAN } else { 3.0 });
        y.insert(index, if bad == 1 { f64::INFINITY } else { 3.0 });
        sigma.insert(index, if bad == 2 { f64::NAN } else { 1.0 });
    }
    let refused =
        |time: &[f64], y: &[f64]| LombScargle::new(time, y, None, &options).unwrap_err().to_string();
    assert_eq!(refused(&time, &y), "time_s[0] must be finite, got NaN");
    time[0] = 0.0;
    assert_eq!(refused(&time, &y), "y[40] must be finite, got inf");
    time[0] = f64::NAN;
    let omit = options.with_missing(LombMissing::Omit);
    let periodogram = LombScargle::new(&time, &y, Some(&sigma), &omit).unwrap();
    assert_eq!((periodogram.samples(), periodogram.omitted()), (100, 3));
    assert_eq!(periodogram.power(&grid).unwrap(), whole);
}

#[test]
fn a_used_scratch_changes_nothing() {
    let options = LombScargleOptions::default().with_method(LombMethod::Fast);
    let mut scratch = LombScratch::default();
    for (count, len) in [(400, 300), (50, 301), (800, 301), (30, 20)] {
        let periodogram = periodogram(&samples(count, 7), &options);
        let grid = FrequencyGrid::new(0.0, 0.003, len).unwrap();
        let mut out = vec![f64::NAN; len];
        periodogram.power_into(&grid, &mut out, &mut scratch).unwrap();
        assert_eq!(out, periodogram.power(&grid).unwrap());
    }
}

#[test]
fn levels_are_the_inverse_of_probabilities() {
    for normalization in [
        LombNormalization::Standard,
        LombNormalization::Model,
        LombNormalization::Log,
        LombNormalization::Psd,
    ] {
        // Powers of a few samples crowd below 1; only the logarithm tells them apart.
        let counts: &[usize] =
            if normalization == LombNormalization::Log { &[5, 6, 30, 3000] } else { &[30, 3000] };
        for &count in counts {
            let options = LombScargleOptions::default().with_normalization(normalization);
            let periodogram = periodogram(&samples(count, 8), &options);
            for probability in [0.9, 0.1, 1e-3, 1e-12] {
                let level = periodogram.false_alarm_level(probability, 0.5).unwrap();
                let back = periodogram.false_alarm_probability(level, 0.5).unwrap();
                assert!(
                    (back / probability - 1.0).abs() < 1e-9,
                    "{normalization:?} {count} {probability} {back}"
                );
            }
            assert_eq!(periodogram.false_alarm_probability(0.0, 0.5).unwrap(), 1.0);
        }
    }
}

#[test]
fn noise_exceeds_the_levels_as_often_as_they_say() {
    let mut random = Random::new(9);
    let trials = 2000;
    let mut above = [0; 2];
    for _ in 0..trials {
        let time = random.vector(40, 0.0, 100.0);
        let y: Vec<f64> = time.iter().map(|_| random.normal()).collect();
        let periodogram = LombScargle::new(&time, &y, None, &LombScargleOptions::default()).unwrap();
        let grid = periodogram.auto_grid(8.0, Some(0.5)).unwrap();
        let peak = periodogram.power(&grid).unwrap().into_iter().fold(0.0, f64::max);
        for (above, probability) in above.iter_mut().zip([0.1, 0.02]) {
            *above += usize::from(peak > periodogram.false_alarm_level(probability, 0.5).unwrap());
        }
    }
    // A bound from above, good where it is small: three standard errors of the count, and a tenth for what
    // it gives away.
    let [often, seldom] = above.map(|count| count as f64 / f64::from(trials));
    assert!((0.065..0.12).contains(&often), "{often}");
    assert!((0.01..0.03).contains(&seldom), "{seldom}");
}

#[test]
fn what_has_no_periodogram_is_refused() {
    let options = LombScargleOptions::default();
    let refused = |time: &[f64], y: &[f64], sigma: Option<&[f64]>| {
        LombScargle::new(time, y, sigma, &options).unwrap_err().to_string()
    };
    assert_eq!(refused(&[0.0, 1.0], &[0.0, 1.0], None), "y needs at least 3 elements, got 2");
    assert_eq!(refused(&[0.0, 1.0, 2.0], &[0.0; 4], None), "y must have 3 elements, got 4");
    assert_eq!(refused(&[0.0, 1.0, 2.0], &[0.0; 3], Some(&[1.0])), "sigma must have 3 elements, got 1");
    let message = refused(&[0.0, 1.0, 2.0], &[0.0; 3], Some(&[1.0, 0.0, 1.0]));
    assert_eq!(message, "sigma[1] must be > 0, got 0");
    for (start, step, len) in [
        (-1.0, 1.0, 5),
        (0.0, 0.0, 5),
        (f64::NAN, 1.0, 5),
        (0.0, f64::NAN, 5),
        (0.0, 1.0, 0),
        (0.0, 1e308, 9),
    ] {
        assert!(FrequencyGrid::new(start, step, len).is_err());
    }
    let once = LombScargle::new(&[5.0; 4], &[1.0, 2.0, 3.0, 4.0], None, &options).unwrap();
    assert!(once.auto_grid(5.0, None).is_err());
    let few = LombScargle::new(&[0.0, 1.0, 2.5, 4.0], &[1.0, 2.0, 3.0, 4.0], None, &options).unwrap();
    assert!(few.false_alarm_probability(0.5, 1.0).is_err());
    assert!(few.auto_grid(0.0, None).is_err() && few.auto_grid(5.0, Some(f64::NAN)).is_err());
    assert!(few.auto_grid(5.0, Some(1e300)).is_err());
    let grid = FrequencyGrid::new(0.0, 0.1, 5).unwrap();
    assert!(few.power_into(&grid, &mut [0.0; 4], &mut LombScratch::default()).is_err());
    assert!(few.power_at(&[0.1, f64::NAN]).is_err() && few.fit(f64::INFINITY).is_err());
    let samples = samples(20, 1);
    let standard = periodogram(&samples, &options);
    for (power, hz) in [(1.1, 1.0), (-0.1, 1.0), (f64::NAN, 1.0), (0.5, 0.0), (0.5, f64::NAN)] {
        assert!(standard.false_alarm_probability(power, hz).is_err());
    }
    assert!(standard.false_alarm_level(0.0, 1.0).is_err() && standard.false_alarm_level(1.0, 1.0).is_err());
    let amplitude = periodogram(&samples, &options.with_normalization(LombNormalization::Amplitude));
    assert_eq!(amplitude.false_alarm_probability(0.5, 1.0), Err(SpectralError::NoProbability));
    let constant = LombScargle::new(&[0.0, 1.0, 2.5, 4.0], &[7.0; 4], None, &options).unwrap();
    assert_eq!(constant.power(&grid).unwrap(), [0.0; 5]);
}
