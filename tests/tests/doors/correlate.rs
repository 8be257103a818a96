use hexad_core::Complex64;
use hexad_core::ndarray::Array2;
use hexad_correlate::{
    ComplexCorrelator, CorrelateOptions, DelayOptions, DelayPlan, Lags, Mean, Method, Missing, Normalization,
    Preprocess, PreprocessOptions, Rates, Subsample, Templates, Weighting, align, common_rate, correlate,
    correlate_arrays, correlate_complex_arrays, correlation_lags, drift, remove_harmonics, resample,
    tone_delay,
};
use hexad_spectral::Detrend;
use proptest::prelude::*;

use crate::awkward::{Draw, draws, few};

fn lags(draw: &mut Draw) -> Lags {
    let ends = [0, -1, 1, 5, -5, 300, -300, i64::MIN, i64::MAX];
    let range = Lags::Range(draw.pick(&ends), draw.pick(&ends));
    let within = Lags::Within(draw.count());
    draw.pick(&[Lags::Full, Lags::Same, Lags::Valid, within, range])
}

fn delay_options(draw: &mut Draw) -> DelayOptions {
    let mut options = DelayOptions::default();
    if draw.once_in(2) {
        options = options.with_max_lag_s(draw.number());
    }
    if draw.once_in(3) {
        options = options.with_band_hz(draw.number(), draw.number());
    }
    if draw.once_in(3) {
        options = options.with_regularization(draw.fraction());
    }
    if draw.once_in(3) {
        options = options.with_min_overlap(draw.fraction());
    }
    if draw.once_in(3) {
        options = options.with_taper(draw.fraction());
    }
    let weightings = [Weighting::None, Weighting::Phat, Weighting::Scot, Weighting::Roth, Weighting::Ml];
    let subsamples = [Subsample::None, Subsample::Parabolic, Subsample::LeastSquares, Subsample::Weighted];
    options.with_weighting(draw.pick(&weightings)).with_subsample(draw.pick(&subsamples))
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn correlations_have_a_value_for_each_lag(mut draw in draws()) {
        let (len_a, len_b) = (draw.length(), draw.length());
        let (a, b, lags) = (draw.signal(len_a), draw.signal(len_b), lags(&mut draw));
        let options = CorrelateOptions::default()
            .with_normalization(draw.pick(&[
                Normalization::Raw,
                Normalization::Biased,
                Normalization::Unbiased,
                Normalization::Coefficient,
                Normalization::Overlap,
            ]))
            .with_mean(draw.pick(&[Mean::Kept, Mean::Removed]))
            .with_method(draw.pick(&[Method::Auto, Method::Direct, Method::Fft, Method::Segmented]))
            .with_min_overlap(draw.fraction());
        let promised = correlation_lags(len_a, len_b, lags);
        if let Ok(made) = correlate(&a, &b, lags, &options) {
            prop_assert_eq!(Some(made.values.len()), promised.ok().map(Iterator::count));
        }
        let z = |values: &[f64]| -> Vec<Complex64> {
            values.iter().map(|&value| Complex64::new(value, 0.5 * value)).collect()
        };
        let _ = ComplexCorrelator::new(len_a, len_b, lags, &options).and_then(|plan| plan.apply(&z(&a), &z(&b)));
    }

    #[test]
    fn arrays_have_a_value_for_each_lag(mut draw in draws()) {
        let lengths = [3, 0, 1, 2, 8];
        let mut array = || {
            let shape = [draw.pick(&lengths), draw.pick(&lengths)];
            (shape, Array2::from_shape_vec(shape, draw.signal(shape[0] * shape[1])).unwrap_or_default())
        };
        let ((shape_a, a), (shape_b, b)) = (array(), array());
        let lags = lags(&mut draw);
        let along = |axis: usize| correlation_lags(shape_a[axis], shape_b[axis], lags).map_or(0, Iterator::count);
        if let Ok(made) = correlate_arrays(&a.view(), &b.view(), lags) {
            prop_assert_eq!(made.dim(), (along(0), along(1)));
        }
        let z = |values: &Array2<f64>| values.map(|value| Complex64::new(*value, 0.5 * value));
        let _ = correlate_complex_arrays(&z(&a).view(), &z(&b).view(), lags);
    }

    #[test]
    fn delays_are_given_or_refused(mut draw in draws()) {
        let len = draw.length();
        let a = draw.signal(len);
        let len_b = draw.about(len);
        let b = if draw.once_in(3) { a.clone() } else { draw.signal(len_b) };
        let (rate, options) = (draw.number(), delay_options(&mut draw));
        let _ = DelayPlan::new(a.len(), b.len(), rate, &options).and_then(|plan| plan.apply(&a, &b));
        let _ = tone_delay(&a, &b, rate);
        let _ = drift(&a, &b, rate, draw.number(), &options);
        if let Ok(moved) = align(&b, draw.number(), rate) {
            prop_assert_eq!(moved.len(), b.len());
        }
    }

    #[test]
    fn templates_have_a_value_for_each_position(mut draw in draws()) {
        let (len, short) = (draw.length(), draw.length());
        let record = draw.signal(len);
        let lengths = [draw.about(short), draw.about(short)];
        let templates = lengths.map(|len| draw.signal(len));
        let some = &[&templates[0][..], &templates[1][..]][..draw.pick(&[2, 0, 1])];
        let Ok(plan) = Templates::new(some) else { return Ok(()) };
        if let Ok(made) = plan.apply(&record) {
            prop_assert!(made.iter().all(|made| made.values.len() == plan.positions(len)));
        }
    }

    #[test]
    fn preparation_keeps_the_length(mut draw in draws()) {
        let len = draw.length();
        let (y, rate) = (draw.signal(len), draw.number());
        let interpolated = Missing::Interpolate { at_most: draw.count() };
        let mut options = PreprocessOptions::default()
            .with_missing(draw.pick(&[Missing::Refuse, Missing::LeftOut, interpolated]))
            .with_detrend(draw.pick(&[Detrend::None, Detrend::Constant, Detrend::Linear]))
            .with_order(draw.pick(&[2, 0, 1, 4, 30, 4000]))
            .with_taper(draw.fraction());
        if draw.once_in(2) {
            options = options.with_band_hz(draw.number(), draw.number());
        }
        if draw.once_in(2) {
            options = options.with_harmonics(draw.number(), draw.count());
        }
        if let Ok(made) = Preprocess::new(rate, &options).and_then(|plan| plan.apply(&y)) {
            prop_assert_eq!(made.len(), len);
        }
        if let Ok(made) = remove_harmonics(&y, rate, draw.number(), draw.count()) {
            prop_assert_eq!(made.len(), len);
        }
    }

    #[test]
    fn rates_are_joined_or_refused(mut draw in draws()) {
        let (len_a, len_b) = (draw.length(), draw.length());
        let (a, b, from, to) = (draw.signal(len_a), draw.signal(len_b), draw.number(), draw.number());
        // Legal ratios that take long.
        if (1e3..=1e6).contains(&(from / to).max(to / from)) {
            return Ok(());
        }
        let _ = resample(&a, from, to);
        let _ = common_rate((&a, from), (&b, to), draw.pick(&[Rates::MustBeEqual, Rates::Resample]));
    }
}

#[test]
fn more_lines_than_numbers_there_are_need_more_samples() {
    assert!(remove_harmonics(&[1.0; 13], 1.0, 1e-308, usize::MAX).is_err());
}

#[test]
fn rates_too_far_apart_are_refused() {
    for (from, to) in [(1e18, 1.0), (1.0, 1e18), (f64::MAX, 5e-324)] {
        assert!(resample(&[1.0, 2.0], from, to).is_err());
    }
}
