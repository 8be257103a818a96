//! A call with a scratch and a result that have been used before does not allocate.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use hexad_core::Complex64;
use hexad_correlate::{
    ComplexCorrelator, CorrelateOptions, Correlator, DelayOptions, DelayPlan, Lags, Method, Normalization,
    Subsample, Templates, Weighting,
};
use hexad_testkit::{COUNTED, Counting, Random, allocations, assert_allocates_nothing};

#[global_allocator]
static ALLOCATOR: &Counting = &COUNTED;

fn correlators_do_not_allocate(a: &[f64], b: &[f64]) {
    let complex = |x: &[f64]| x.iter().map(|x| Complex64::new(*x, -x)).collect::<Vec<_>>();
    let (complex_a, complex_b) = (complex(a), complex(b));
    for method in [Method::Direct, Method::Fft, Method::Segmented] {
        for normalization in [Normalization::Raw, Normalization::Coefficient, Normalization::Overlap] {
            let options = CorrelateOptions::default().with_method(method).with_normalization(normalization);
            let lags = Lags::Within(40);
            let plan = Correlator::new(a.len(), b.len(), lags, &options).unwrap();
            let (mut out, mut scratch) = (plan.apply(a, b).unwrap(), plan.make_scratch());
            assert_allocates_nothing(&format!("{method:?} {normalization:?}"), || {
                plan.apply_into(a, b, &mut out, &mut scratch).unwrap();
            });
            let plan = ComplexCorrelator::new(a.len(), b.len(), lags, &options).unwrap();
            let (mut out, mut scratch) = (plan.apply(&complex_a, &complex_b).unwrap(), plan.make_scratch());
            assert_allocates_nothing(&format!("complex, {method:?} {normalization:?}"), || {
                plan.apply_into(&complex_a, &complex_b, &mut out, &mut scratch).unwrap();
            });
        }
    }
}

fn delays_do_not_allocate(a: &[f64], b: &[f64]) {
    let options = DelayOptions::default();
    for options in [
        options,
        options.with_band_hz(0.05, 0.4).with_weighting(Weighting::Ml),
        options.with_taper(1.0).with_weighting(Weighting::Phat),
        options.with_subsample(Subsample::Parabolic).with_max_lag_s(30.0),
    ] {
        let plan = DelayPlan::new(a.len(), b.len(), 1.0, &options).unwrap();
        let mut scratch = plan.make_scratch();
        assert_allocates_nothing("delay", || {
            plan.apply_with(a, b, &mut scratch).map(drop).unwrap();
        });
        // With its scratch made beforehand, nor does the first.
        let first = |_| {
            let mut scratch = plan.make_scratch();
            allocations(|| plan.apply_with(a, b, &mut scratch).map(drop).unwrap())
        };
        assert_eq!((0..4).map(first).min(), Some(0), "a first delay");
    }
}

// One test in the file: every thread's allocations count.
#[test]
fn hot_calls_do_not_allocate() {
    for (len_a, len_b) in [(4096, 4096), (3000, 1009)] {
        let a = Random::new(1).vector(len_a, -1.0, 1.0);
        let own = Random::new(2).vector(len_b, -0.1, 0.1);
        let b: Vec<f64> =
            own.iter().enumerate().map(|(n, y)| a[n + 7 * usize::from(n + 7 < len_a)] + y).collect();
        correlators_do_not_allocate(&a, &b);
        delays_do_not_allocate(&a, &b);

        let plan = Templates::new(&[&b[..100], &b[500..600]]).unwrap();
        let (mut out, mut scratch) = (plan.apply(&a).unwrap(), plan.make_scratch());
        assert_allocates_nothing("templates", || {
            plan.apply_into(&a, &mut out, &mut scratch).unwrap();
        });
        assert_allocates_nothing("templates, piece by piece", || {
            plan.scan(&a, &mut scratch, |piece| assert!(piece.template < 2)).unwrap();
        });
    }
}
