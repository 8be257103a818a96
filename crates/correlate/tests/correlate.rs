//! Every way of correlating against the definition, and what follows from it.

use hexad_core::{Complex64, InputError};
use hexad_correlate::{
    ComplexCorrelator, CorrelateError, CorrelateOptions, Correlation, Correlator, Lags, Mean, Method,
    Normalization, correlate, correlation_lags, direct,
};
use hexad_testkit::{Random, assert_close};
use proptest::prelude::*;

const METHODS: [Method; 4] = [Method::Auto, Method::Direct, Method::Fft, Method::Segmented];
const NORMALIZATIONS: [Normalization; 5] = [
    Normalization::Raw,
    Normalization::Biased,
    Normalization::Unbiased,
    Normalization::Coefficient,
    Normalization::Overlap,
];

fn noise(len: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..len).map(|_| random.normal()).collect()
}

fn complex_noise(len: usize, seed: u64) -> Vec<Complex64> {
    noise(len, seed).into_iter().zip(noise(len, seed + 1000)).map(|(re, im)| Complex64::new(re, im)).collect()
}

fn energy(signal: &[f64]) -> f64 {
    signal.iter().map(|x| x * x).sum()
}

fn with(normalization: Normalization, method: Method) -> CorrelateOptions {
    CorrelateOptions::default().with_normalization(normalization).with_method(method)
}

/// Rounding of transforms and of sums over a few thousand samples, of the largest value there can be.
fn rounding(a: &[f64], b: &[f64]) -> f64 {
    2e-15 * (energy(a) * energy(b)).sqrt()
}

/// Every kind of range of lags that exists for two lengths.
fn ranges(len_a: usize, len_b: usize) -> Vec<Lags> {
    let (least, most) = (1 - len_b as i64, len_a as i64 - 1);
    let middle = (least + most) / 2;
    let mut ranges = vec![Lags::Full, Lags::Same, Lags::Valid, Lags::Within(0)];
    ranges.extend([1, 7, 20].into_iter().filter(|max| *max < len_a.max(len_b)).map(Lags::Within));
    ranges.extend(
        [(least, least), (most, most), (least, middle), (middle, most)].map(|(a, b)| Lags::Range(a, b)),
    );
    ranges
}

#[test]
fn every_method_gives_the_sums() {
    for (len_a, len_b) in
        [(1, 1), (2, 1), (1, 5), (8, 8), (33, 50), (100, 3), (7, 90), (257, 256), (1000, 1500)]
    {
        let (a, b) = (noise(len_a, 1), noise(len_b, 2));
        for lags in ranges(len_a, len_b) {
            let wanted = direct::correlate(&a, &b, lags, &CorrelateOptions::default()).unwrap();
            for method in METHODS {
                let found = correlate(&a, &b, lags, &with(Normalization::Raw, method)).unwrap();
                assert_eq!(found.lags(), wanted.lags());
                assert_close(&found.values, &wanted.values, rounding(&a, &b));
            }
        }
    }
}

#[test]
fn every_normalization_gives_its_definition_in_every_method() {
    for (len_a, len_b) in [(40, 40), (41, 60), (300, 70)] {
        let (mut a, mut b) = (noise(len_a, 3), noise(len_b, 4));
        a.iter_mut().for_each(|x| *x += 3.0);
        b.iter_mut().for_each(|x| *x -= 50.0);
        for normalization in NORMALIZATIONS {
            for mean in [Mean::Kept, Mean::Removed] {
                for lags in [Lags::Full, Lags::Within(20), Lags::Range(-5, 30)] {
                    let options = with(normalization, Method::Auto).with_mean(mean);
                    let wanted = direct::correlate(&a, &b, lags, &options).unwrap();
                    let size =
                        wanted.values.iter().filter(|x| !x.is_nan()).fold(1.0, |m: f64, x| m.max(x.abs()));
                    for method in METHODS {
                        let found = correlate(&a, &b, lags, &options.with_method(method)).unwrap();
                        // An offset of 50 deviations costs Pearson's definition four digits.
                        assert_close(&found.values, &wanted.values, 1e-12 * size);
                    }
                }
            }
        }
    }
}

#[test]
fn complex_signals_give_their_sums_in_every_method() {
    for (len_a, len_b) in [(1, 1), (5, 9), (120, 100)] {
        let (a, b) = (complex_noise(len_a, 5), complex_noise(len_b, 6));
        for normalization in NORMALIZATIONS.into_iter().filter(|_| len_a > 1) {
            for lags in [Lags::Full, Lags::Same, Lags::Within(3)] {
                let options = with(normalization, Method::Auto);
                let wanted = direct::correlate_complex(&a, &b, lags, &options).unwrap();
                for method in METHODS {
                    let plan = ComplexCorrelator::new(len_a, len_b, lags, &options.with_method(method));
                    let found = plan.unwrap().apply(&a, &b).unwrap();
                    assert_eq!(found.lags(), wanted.lags());
                    let parts = |values: &Correlation<Complex64>| -> Vec<f64> {
                        values.values.iter().flat_map(|z| [z.re, z.im]).collect()
                    };
                    assert_close(&parts(&found), &parts(&wanted), 1e-13 * (len_a * len_b) as f64);
                }
            }
        }
    }
}

#[test]
fn segments_are_the_whole_to_1e_12() {
    for (len_a, len_b, lags) in [
        (100_000, 100_000, Lags::Within(500)),
        (100_000, 90_000, Lags::Range(2_000, 5_000)),
        (70_001, 100_000, Lags::Range(-40_000, -30_000)),
        (1_000, 200_000, Lags::Valid),
        // Long enough for two circles.
        (1_200_000, 1_150_000, Lags::Within(2_000)),
    ] {
        let (a, mut b) = (noise(len_a, 7), noise(len_b, 8));
        // Of very different size.
        b.iter_mut().for_each(|x| *x *= 1e6);
        let size = (energy(&a) * energy(&b)).sqrt();
        let found = |method| correlate(&a, &b, lags, &with(Normalization::Raw, method)).unwrap().values;
        assert_close(&found(Method::Segmented), &found(Method::Fft), 1e-12 * size);
    }
}

#[test]
fn long_complex_signals_give_the_same_by_every_method() {
    for (len_a, len_b, lags) in [
        (30_000, 30_000, Lags::Within(9)),
        (30_000, 20_000, Lags::Range(300, 800)),
        (3_001, 30_000, Lags::Range(-9_000, -7_000)),
    ] {
        let (a, b) = (complex_noise(len_a, 7), complex_noise(len_b, 8));
        let found = |method| {
            let options = with(Normalization::Raw, method);
            let plan = ComplexCorrelator::new(len_a, len_b, lags, &options).unwrap();
            plan.apply(&a, &b).unwrap().values.iter().flat_map(|z| [z.re, z.im]).collect::<Vec<_>>()
        };
        let whole = found(Method::Fft);
        let size = (len_a as f64 * len_b as f64).sqrt();
        assert_close(&found(Method::Segmented), &whole, 1e-14 * size);
        assert_close(&found(Method::Direct), &whole, 1e-14 * size);
    }
}

#[test]
fn complex_signals_exchanged_give_the_conjugate_turned_round() {
    let (a, b) = (complex_noise(70, 50), complex_noise(110, 51));
    for method in METHODS {
        let options = with(Normalization::Raw, method);
        let of = |a: &[Complex64], b: &[Complex64]| {
            ComplexCorrelator::new(a.len(), b.len(), Lags::Full, &options).unwrap().apply(a, b).unwrap()
        };
        let (ab, ba) = (of(&a, &b), of(&b, &a));
        for (index, value) in ab.values.iter().enumerate() {
            let other = ba.at(-ab.lag(index)).unwrap().conj();
            // Sums of 70 products of about 2.
            assert!((value - other).norm() < 1e-13 * 140.0);
        }
    }
}

#[test]
fn a_long_direct_sum_is_the_transform() {
    let (a, b) = (noise(50_000, 9), noise(50_000, 10));
    let found =
        |method| correlate(&a, &b, Lags::Within(19), &with(Normalization::Raw, method)).unwrap().values;
    assert_close(&found(Method::Direct), &found(Method::Fft), rounding(&a, &b));
}

#[test]
fn lags_stand_where_the_words_say() {
    let of = |a, b, lags| correlation_lags(a, b, lags).unwrap();
    assert_eq!(of(4, 3, Lags::Full), -2..=3);
    assert_eq!(of(4, 4, Lags::Same), -2..=1);
    assert_eq!(of(3, 4, Lags::Same), -2..=0);
    assert_eq!(of(9, 4, Lags::Valid), 0..=5);
    assert_eq!(of(4, 9, Lags::Valid), -5..=0);
    assert_eq!(of(4, 9, Lags::Within(5)), -5..=3);
    assert_eq!(of(4, 9, Lags::Range(-8, 3)), -8..=3);
    let found =
        correlate(&[0.0, 0.0, 1.0], &[1.0, 0.0, 0.0], Lags::Full, &CorrelateOptions::default()).unwrap();
    assert_eq!(found.lag_s(4, 100.0), 0.02);
    assert_eq!((found.lag(0), found.at(2), found.at(3)), (-2, Some(1.0), None));
    let peak = found.peak().unwrap();
    assert_eq!((peak.lag, peak.index, peak.value), (2, 4, 1.0));
}

#[test]
fn equal_peaks_go_to_the_lag_nearest_zero_then_to_the_positive_one() {
    let peaks = |values: &[f64], first_lag: i64| Correlation { values: values.to_vec(), first_lag };
    assert_eq!(peaks(&[2.0, 0.0, 1.0, 2.0], -2).peak().unwrap().lag, 1);
    assert_eq!(peaks(&[2.0, 1.0, 2.0], -1).peak().unwrap().lag, 1);
    assert_eq!(peaks(&[2.0, 1.0, 2.0 + 1e-13], -1).peak().unwrap().lag, 1);
    assert_eq!(peaks(&[f64::NAN, 1.0, -3.0], -1).peak().unwrap().lag, 0);
    assert_eq!(peaks(&[f64::NAN, 1.0, -3.0], -1).peak_of_size().unwrap().value, -3.0);
    assert_eq!(peaks(&[f64::NAN], 0).peak(), None);
    assert_eq!(peaks(&[], 0).peak(), None);
    // A periodic signal agrees with itself at every period.
    let tone: Vec<f64> = (0..400).map(|n| (0.1 * std::f64::consts::PI * f64::from(n)).sin()).collect();
    let late: Vec<f64> = (0..400).map(|n| (0.1 * std::f64::consts::PI * f64::from(n - 7)).sin()).collect();
    let options = with(Normalization::Overlap, Method::Fft);
    assert_eq!(correlate(&tone, &late, Lags::Full, &options).unwrap().peak().unwrap().lag, -7);
}

#[test]
fn the_overlap_keeps_its_coefficient_on_an_offset_of_1e8() {
    let (a, b) = (noise(3000, 11), noise(3000, 12));
    let raised = |signal: &[f64]| signal.iter().map(|x| x + 1e8).collect::<Vec<_>>();
    for method in METHODS {
        let options = with(Normalization::Overlap, method);
        let plain = correlate(&a, &b, Lags::Within(100), &options).unwrap();
        let offset = correlate(&raised(&a), &raised(&b), Lags::Within(100), &options).unwrap();
        // Samples themselves are rounded to 1.5e-8 on that offset.
        assert_close(&offset.values, &plain.values, 1e-9);
    }
}

#[test]
fn a_burst_that_left_the_overlap_does_no_harm() {
    let (mut a, b) = (noise(2000, 13), noise(2000, 14));
    a[0] = 1e6;
    let options = with(Normalization::Overlap, Method::Fft);
    let found = correlate(&a, &b, Lags::Range(1, 500), &options).unwrap();
    let wanted = direct::correlate(&a, &b, Lags::Range(1, 500), &options).unwrap();
    // Transforms round to the energy of the burst: 1e-15 of 1e6 over the deviation of the rest, sqrt(2000).
    assert_close(&found.values, &wanted.values, 1e-10);
}

#[test]
fn too_short_and_constant_overlaps_are_not_numbers() {
    let (a, b) = (noise(10, 15), noise(10, 16));
    let numbers = |share: f64| {
        let options = with(Normalization::Overlap, Method::Direct).with_min_overlap(share);
        let found = correlate(&a, &b, Lags::Full, &options).unwrap();
        found.values.iter().map(|value| !value.is_nan()).collect::<Vec<_>>()
    };
    let of_size = |least: i64| (-9..=9).map(|lag: i64| 10 - lag.abs() >= least).collect::<Vec<_>>();
    assert_eq!(numbers(0.5), of_size(5));
    assert_eq!(numbers(0.7), of_size(7));
    assert_eq!(numbers(1.0), of_size(10));
    assert_eq!(numbers(0.0), of_size(2));
    let mut step = vec![0.1; 30];
    step[29] = 5.0;
    for method in METHODS {
        let options = with(Normalization::Overlap, method);
        let found = correlate(&step, &noise(30, 17), Lags::Range(-2, 1), &options).unwrap();
        assert_eq!(found.values.map_nan(), [true, true, false, false]);
    }
}

trait MapNan {
    fn map_nan(&self) -> Vec<bool>;
}

impl MapNan for Vec<f64> {
    fn map_nan(&self) -> Vec<bool> {
        self.iter().map(|value| value.is_nan()).collect()
    }
}

#[test]
fn scratch_contents_and_earlier_results_do_not_matter() {
    let (a, b) = (noise(500, 18), noise(400, 19));
    for method in METHODS {
        let plan = Correlator::new(500, 400, Lags::Full, &with(Normalization::Overlap, method)).unwrap();
        let wanted = plan.apply(&a, &b).unwrap();
        let (mut out, mut scratch) = (Correlation::default(), plan.make_scratch());
        let other = Correlator::new(90, 7, Lags::Full, &with(Normalization::Raw, method)).unwrap();
        other.apply_into(&noise(90, 1), &noise(7, 1), &mut out, &mut scratch).unwrap();
        plan.apply_into(&noise(500, 1), &noise(400, 1), &mut out, &mut scratch).unwrap();
        plan.apply_into(&a, &b, &mut out, &mut scratch).unwrap();
        let bits = |found: &Correlation| found.values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&out), bits(&wanted));
    }
}

#[test]
fn many_at_once_give_the_bits_of_each_alone_on_any_number_of_threads() {
    let channels: Vec<_> = (0..5).map(|seed| noise(700, 20 + seed)).collect();
    let channels: Vec<&[f64]> = channels.iter().map(Vec::as_slice).collect();
    for method in METHODS {
        for lags in [Lags::Full, Lags::Range(3, 90)] {
            let plan = Correlator::new(700, 700, lags, &with(Normalization::Coefficient, method)).unwrap();
            let pairs: Vec<_> = channels.windows(2).map(|pair| [pair[0], pair[1]]).collect();
            for threads in [1, 2, 3] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let (batch, all) =
                    pool.install(|| (plan.apply_batch(&pairs).unwrap(), plan.all_pairs(&channels).unwrap()));
                let some = plan.pairs(&channels[1..], &[[0, 3], [2, 1], [0, 1]]).unwrap();
                assert_eq!(
                    (some[0].first, some[0].second, &some[0].correlation),
                    (0, 3, &all[6].correlation)
                );
                assert_eq!(some[1].correlation, plan.apply(channels[3], channels[2]).unwrap());
                assert_eq!(some[2].correlation, all[4].correlation);
                for ([a, b], found) in pairs.iter().zip(&batch) {
                    assert_eq!(*found, plan.apply(a, b).unwrap());
                }
                let order: Vec<_> = all.iter().map(|pair| (pair.first, pair.second)).collect();
                assert_eq!(order[..5], [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2)]);
                assert_eq!(order.len(), 10);
                for pair in all {
                    assert_eq!(
                        pair.correlation,
                        plan.apply(channels[pair.first], channels[pair.second]).unwrap()
                    );
                }
            }
        }
    }
}

#[test]
fn bad_input_is_named() {
    let options = CorrelateOptions::default();
    let refused = |a, b, lags| Correlator::new(a, b, lags, &options).unwrap_err().to_string();
    assert_eq!(refused(0, 3, Lags::Full), "a needs at least 1 elements, got 0");
    assert_eq!(refused(3, 0, Lags::Full), "b needs at least 1 elements, got 0");
    assert_eq!(
        refused(5, 3, Lags::Within(5)),
        "max_lag must be below the samples of the longer signal, got 5"
    );
    assert_eq!(refused(5, 5, Lags::Range(2, 1)), "last lag must be at least the first lag, got 1");
    let exists = "must be from -(samples of b - 1) to samples of a - 1";
    assert_eq!(refused(5, 3, Lags::Range(-3, 1)), format!("first lag {exists}, got -3"));
    assert_eq!(refused(5, 3, Lags::Range(0, 5)), format!("last lag {exists}, got 5"));
    for share in [-0.1, 1.1, f64::NAN] {
        assert!(Correlator::new(5, 5, Lags::Full, &options.with_min_overlap(share)).is_err());
    }
    let plan = Correlator::new(4, 4, Lags::Full, &options).unwrap();
    let good = [1.0, 2.0, 3.0, 5.0];
    let message = |a: &[f64], b: &[f64]| plan.apply(a, b).unwrap_err().to_string();
    assert_eq!(message(&good[..3], &good), "a must have 4 elements, got 3");
    assert_eq!(message(&good, &[0.0, 1.0, f64::NAN, f64::INFINITY]), "b[2] must be finite, got NaN");
    let bad = [
        Complex64::new(1.0, 2.0),
        Complex64::new(1.0, f64::INFINITY),
        Complex64::default(),
        Complex64::default(),
    ];
    let complex = ComplexCorrelator::new(4, 4, Lags::Full, &options).unwrap();
    assert_eq!(complex.apply(&bad, &bad).unwrap_err().to_string(), "a[1] must be finite, got inf");
    assert_eq!(
        plan.pairs(&[&good, &good], &[[0, 1], [0, 2]]).unwrap_err().to_string(),
        "pairs[1] must be an index of a channel, got 2"
    );
    assert_eq!(
        plan.all_pairs(&[&good, &[0.0, f64::NAN, 0.0, 0.0]]).unwrap_err().to_string(),
        "channels[1] must be finite, got NaN"
    );
}

#[test]
fn the_first_sample_that_is_no_number_is_named_by_every_method() {
    for (len, index) in [(1, 0), (50, 31), (3000, 2999)] {
        let good = noise(len, 40);
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut bad = good.clone();
            bad[index] = value;
            for method in METHODS {
                for lags in [Lags::Full, Lags::Within(0)] {
                    let options = with(Normalization::Raw, method);
                    let refused =
                        |a: &[f64], b: &[f64]| correlate(a, b, lags, &options).unwrap_err().to_string();
                    assert_eq!(refused(&bad, &good), format!("a[{index}] must be finite, got {value}"));
                    assert_eq!(
                        refused(&vec![0.0; len], &bad),
                        format!("b[{index}] must be finite, got {value}")
                    );
                }
            }
        }
    }
}

#[test]
fn constant_signals_have_no_coefficient() {
    let (varies, constant) = (noise(50, 30), vec![0.1; 50]);
    let refused =
        |a: &[f64], b: &[f64], options: CorrelateOptions| correlate(a, b, Lags::Full, &options).unwrap_err();
    for method in METHODS {
        let overlap = with(Normalization::Overlap, method);
        let wanted = CorrelateError::Constant { argument: "b", value: 0.1 };
        assert_eq!(refused(&varies, &constant, overlap), wanted);
        let coefficient = with(Normalization::Coefficient, method);
        assert_eq!(refused(&varies, &constant, coefficient.with_mean(Mean::Removed)), wanted);
        assert!(correlate(&varies, &constant, Lags::Full, &coefficient).is_ok());
        assert!(correlate(&varies, &[0.0; 50], Lags::Full, &coefficient).is_err());
        let raw = correlate(&varies, &[0.0; 50], Lags::Full, &with(Normalization::Raw, method)).unwrap();
        assert!(raw.values.iter().all(|value| *value == 0.0));
        let plan = Correlator::new(50, 50, Lags::Full, &overlap).unwrap();
        let error = plan.all_pairs(&[&varies, &constant]).unwrap_err();
        assert!(matches!(error, CorrelateError::Input(InputError::ElementOutOfRange { index: 1, .. })));
    }
}

proptest! {
    #[test]
    fn a_shift_moves_the_correlation(seed in 0_u64..1000, len in 20_usize..200, shift in 0_usize..15) {
        let (short, b) = (noise(len, seed), noise(len, seed + 1));
        let mut a = vec![0.0; shift];
        a.extend(&short);
        for method in METHODS {
            let options = with(Normalization::Raw, method);
            let still = correlate(&short, &b, Lags::Full, &options).unwrap();
            let moved = correlate(&a, &b, Lags::Full, &options).unwrap();
            let tolerance = rounding(&a, &b);
            for (index, value) in still.values.iter().enumerate() {
                let there = moved.at(still.lag(index) + shift as i64).unwrap();
                prop_assert!((there - value).abs() <= tolerance);
            }
        }
    }

    #[test]
    fn the_coefficient_does_not_see_gain_and_offset_but_turns_with_polarity(
        seed in 0_u64..1000, gain in 1e-3_f64..1e3, offset in -10.0_f64..10.0,
    ) {
        let (a, b) = (noise(120, seed), noise(100, seed + 1));
        let changed: Vec<f64> = b.iter().map(|x| offset - gain * x).collect();
        for method in METHODS {
            let options = with(Normalization::Overlap, method);
            let plain = correlate(&a, &b, Lags::Full, &options).unwrap();
            let turned = correlate(&a, &changed, Lags::Full, &options).unwrap();
            let turned: Vec<f64> = turned.values.iter().map(|value| -value).collect();
            // The offset is up to 1e4 deviations.
            for (plain, turned) in plain.values.iter().zip(&turned) {
                prop_assert!((plain - turned).abs() < 1e-10 || plain.is_nan() && turned.is_nan());
                prop_assert!(plain.is_nan() || plain.abs() <= 1.0);
            }
        }
    }

    #[test]
    fn its_sum_is_the_product_of_sums_and_changed_places_turn_it_round(
        seed in 0_u64..1000, len_a in 1_usize..300, len_b in 1_usize..300,
    ) {
        let (a, b) = (noise(len_a, seed), noise(len_b, seed + 1));
        for method in METHODS {
            let options = with(Normalization::Raw, method);
            let ab = correlate(&a, &b, Lags::Full, &options).unwrap();
            let ba = correlate(&b, &a, Lags::Full, &options).unwrap();
            let product = a.iter().sum::<f64>() * b.iter().sum::<f64>();
            let tolerance = rounding(&a, &b) * ab.values.len() as f64;
            prop_assert!((ab.values.iter().sum::<f64>() - product).abs() <= tolerance);
            for (index, value) in ab.values.iter().enumerate() {
                let other = ba.at(-ab.lag(index)).unwrap();
                prop_assert!((value - other).abs() <= rounding(&a, &b));
            }
        }
    }

    #[test]
    fn squares_sum_to_those_of_the_autocorrelations_product(seed in 0_u64..1000, len in 2_usize..200) {
        // Parseval: sum |c_ab|^2 = sum c_aa c_bb, for both are the integral of |A|^2 |B|^2.
        let (a, b) = (noise(len, seed), noise(len, seed + 1));
        let full = |a: &[f64], b: &[f64]| correlate(a, b, Lags::Full, &CorrelateOptions::default()).unwrap().values;
        let squares = energy(&full(&a, &b));
        let products: f64 = full(&a, &a).iter().zip(full(&b, &b)).map(|(aa, bb)| aa * bb).sum();
        prop_assert!((squares - products).abs() <= 1e-12 * squares.max(energy(&a) * energy(&b)));
    }
}
