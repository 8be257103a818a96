//! Properties of smoothing that follow from its definition, over random data and settings.

use hexad_smoothing::{Boundary, Fit, Missing, SmoothOptions, SmoothStream, Smoother, Truncation, smooth};
use hexad_testkit::max_difference;
use proptest::prelude::*;

/// Asked for everywhere: comparisons of two smooths allow it twice.
const TOLERANCE: f64 = 1e-12;

fn exact() -> SmoothOptions {
    SmoothOptions::default().with_truncation(Truncation::Exact).with_tolerance(TOLERANCE)
}

fn values(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-100.0..100.0, len)
}

/// Uneven places with duplicates: steps of 0 to 3, one in five of them 0.
fn places(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    let step = prop_oneof![1 => Just(0.0), 4 => 0.01..3.0];
    prop::collection::vec(step, len).prop_map(|steps| {
        let mut place = -5.0;
        steps
            .iter()
            .map(|step| {
                place += step;
                place
            })
            .collect()
    })
}

fn points() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    places(3..120).prop_flat_map(|x| {
        let len = x.len();
        (Just(x), values(len..len + 1))
    })
}

fn boundaries() -> impl Strategy<Value = Boundary> {
    prop_oneof![
        Just(Boundary::Renormalize),
        Just(Boundary::Reflect),
        Just(Boundary::Mirror),
        Just(Boundary::Nearest),
        Just(Boundary::Wrap),
    ]
}

fn truncations() -> impl Strategy<Value = Truncation> {
    prop_oneof![
        Just(Truncation::Exact),
        (1.0..6.0).prop_map(Truncation::Sigmas),
        (0.001..0.5).prop_map(Truncation::Reach),
    ]
}

fn even(y: &[f64], sigma: f64, options: &SmoothOptions) -> Vec<f64> {
    Smoother::uniform(y.len(), 1.0, sigma, options).and_then(|plan| plan.apply(y)).expect("valid settings")
}

fn largest(y: &[f64]) -> f64 {
    y.iter().fold(0.0, |largest, y| y.abs().max(largest))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn constants_are_kept(
        len in 1_usize..300, value in -1e6..1e6, sigma in 0.1..50.0,
        boundary in boundaries(), truncation in truncations(),
    ) {
        let y = vec![value; len];
        let out = even(&y, sigma, &exact().with_boundary(boundary).with_truncation(truncation));
        prop_assert!(max_difference(&out, &y) <= TOLERANCE * value.abs());
    }

    #[test]
    fn a_linear_fit_keeps_lines(x in places(3..120), slope in -3.0..3.0, sigma in 0.5..20.0) {
        let y: Vec<f64> = x.iter().map(|x| 2.0 + slope * x).collect();
        let out = smooth(&x, &y, sigma, &exact().with_fit(Fit::Linear)).unwrap();
        // A line needs neighbours that stand apart: three of them between 0.1 and 3 sigma away.
        let apart = |index: usize, other: f64| (0.1..3.0).contains(&((x[index] - other).abs() / sigma));
        let is_kept = |index: usize| x.iter().filter(|&&other| apart(index, other)).count() > 2;
        for index in (0..x.len()).filter(|&index| is_kept(index)) {
            prop_assert!((out[index] - y[index]).abs() <= 1e-9 * largest(&y), "at {index}");
        }
    }

    #[test]
    fn a_mirrored_signal_gives_the_mirrored_smooth(
        y in values(1..300), sigma in 0.3..40.0, boundary in boundaries(), truncation in truncations(),
    ) {
        let options = exact().with_boundary(boundary).with_truncation(truncation);
        let mut mirrored = y.clone();
        mirrored.reverse();
        let mut back = even(&mirrored, sigma, &options);
        back.reverse();
        prop_assert!(max_difference(&even(&y, sigma, &options), &back) <= 2.0 * TOLERANCE * largest(&y));
    }

    #[test]
    fn two_smooths_are_one_with_the_root_of_squares(
        y in values(100..400), first in 2.0..12.0, second in 2.0..12.0,
    ) {
        let options = exact().with_boundary(Boundary::Wrap);
        let twice = even(&even(&y, first, &options), second, &options);
        let once = even(&y, f64::hypot(first, second), &options);
        prop_assert!(max_difference(&twice, &once) <= 3.0 * TOLERANCE * largest(&y));
    }

    #[test]
    fn an_impulse_gives_back_the_kernel(sigma in 0.5..20.0, place in 0_usize..400) {
        let mut y = vec![0.0; 400];
        y[place] = 1.0;
        let out = even(&y, sigma, &exact().with_boundary(Boundary::Constant(0.0)));
        let weight = |d: f64| (-0.5 * (d / sigma).powi(2)).exp();
        let sum: f64 = (-400..=400).map(|d| weight(f64::from(d))).sum();
        let kernel: Vec<f64> = (0..400).map(|i| weight(f64::from(i) - place as f64) / sum).collect();
        prop_assert!(max_difference(&out, &kernel) <= 2.0 * TOLERANCE);
    }

    #[test]
    fn the_order_of_the_points_does_not_matter(
        (x, y) in points(), seed in any::<u64>(), sigma in 0.2..20.0, truncation in truncations(),
    ) {
        let options = exact().with_truncation(truncation);
        let mut order: Vec<usize> = (0..x.len()).collect();
        let mut random = hexad_testkit::Random::new(seed);
        order.sort_by_cached_key(|_| (random.unit() * 1e9).to_bits());
        let pick = |values: &[f64]| order.iter().map(|&index| values[index]).collect::<Vec<f64>>();
        let out = smooth(&x, &y, sigma, &options).unwrap();
        let shuffled = smooth(&pick(&x), &pick(&y), sigma, &options).unwrap();
        prop_assert!(max_difference(&pick(&out), &shuffled) <= 2.0 * TOLERANCE * largest(&y));
    }

    #[test]
    fn the_unit_of_x_does_not_matter((x, y) in points(), power in -20..20, sigma in 0.2..20.0) {
        // A power of two scales without rounding, so that even a truncated window is the same.
        let scale = 2.0_f64.powi(power);
        let scaled: Vec<f64> = x.iter().map(|x| scale * x).collect();
        let out = smooth(&x, &y, sigma, &SmoothOptions::default()).unwrap();
        let same = smooth(&scaled, &y, scale * sigma, &SmoothOptions::default()).unwrap();
        prop_assert!(max_difference(&out, &same) <= 2e-10 * largest(&y));
    }

    #[test]
    fn a_duplicate_counts_as_a_weight_of_two((x, y) in points(), sigma in 0.2..20.0, fit in prop_oneof![Just(Fit::Constant), Just(Fit::Linear)]) {
        let options = exact().with_fit(fit);
        let twice = x.len() / 2;
        let mut weights = vec![1.0; x.len()];
        weights[twice] = 2.0;
        let plan = Smoother::new(&x, sigma, &options).unwrap();
        let weighted = plan.apply_weighted(&y, &weights).unwrap();
        let (mut longer_x, mut longer_y) = (x.clone(), y.clone());
        longer_x.push(x[twice]);
        longer_y.push(y[twice]);
        let doubled = smooth(&longer_x, &longer_y, sigma, &options).unwrap();
        let tolerance = if fit == Fit::Constant { 2.0 * TOLERANCE } else { 1e-9 };
        prop_assert!(max_difference(&weighted, &doubled[..x.len()]) <= tolerance * largest(&y));
    }

    #[test]
    fn a_missing_value_counts_as_a_weight_of_zero((x, mut y) in points(), sigma in 0.2..20.0) {
        let plan = Smoother::new(&x, sigma, &exact()).unwrap();
        let middle = x.len() / 2;
        let mut weights = vec![1.0; x.len()];
        weights[middle] = 0.0;
        let weighted = plan.apply_weighted(&y, &weights).unwrap();
        y[middle] = f64::NAN;
        prop_assert!(max_difference(&plan.apply(&y).unwrap(), &weighted) <= 2.0 * TOLERANCE * 100.0);
    }

    #[test]
    fn a_propagated_nan_poisons_its_reach_and_nothing_else(
        y in values(50..200), sigma in 0.5..8.0, truncate in 1.0..5.0,
    ) {
        let place = y.len() / 3;
        let mut broken = y.clone();
        broken[place] = f64::NAN;
        let options = exact().with_truncation(Truncation::Sigmas(truncate));
        let out = even(&broken, sigma, &options.with_missing(Missing::Propagate));
        let whole = even(&y, sigma, &options);
        for index in 0..y.len() {
            let distance = index.abs_diff(place) as f64;
            prop_assert_eq!(out[index].is_nan(), distance <= truncate * sigma, "at {}", index);
            if !out[index].is_nan() {
                prop_assert!((out[index] - whole[index]).abs() <= 2.0 * TOLERANCE * largest(&y));
            }
        }
    }

    #[test]
    fn pieces_of_any_size_give_the_same_bits_as_the_whole(
        y in values(1..3000), cuts in prop::collection::vec(1_usize..700, 1..8), sigma in 0.3..60.0,
        truncation in truncations(),
        boundary in boundaries().prop_filter("a stream has no end to wrap to", |b| *b != Boundary::Wrap),
    ) {
        let options = SmoothOptions::default().with_boundary(boundary).with_truncation(truncation);
        let mut stream = SmoothStream::new(1.0, sigma, &options).unwrap();
        let (mut out, mut rest) = (Vec::new(), y.as_slice());
        for cut in cuts.iter().cycle() {
            let (piece, later) = rest.split_at((*cut).min(rest.len()));
            stream.push(piece, &mut out).unwrap();
            rest = later;
            if rest.is_empty() {
                break;
            }
        }
        stream.finish(&mut out).unwrap();
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&out), bits(&even(&y, sigma, &options)));
    }
}
