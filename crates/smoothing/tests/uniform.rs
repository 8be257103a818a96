//! Even x: every engine against the direct sums, over sizes, sigmas, boundaries, fits and tolerances.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use hexad_smoothing::{
    Boundary, Fit, Method, Missing, Side, SmoothError, SmoothOptions, Smoother, Truncation, direct,
};
use hexad_testkit::{Random, assert_close, boundaries, max_difference};

const TRUNCATIONS: [Truncation; 3] = [Truncation::Sigmas(4.0), Truncation::Reach(0.03), Truncation::Exact];

fn fast(
    y: &[f64],
    weights: Option<&[f64]>,
    step: f64,
    sigma: f64,
    options: &SmoothOptions,
) -> Option<Vec<f64>> {
    let plan = match Smoother::uniform(y.len(), step, sigma, options) {
        Ok(plan) => plan,
        Err(SmoothError::MethodCannot { .. }) => return None,
        Err(error) => panic!("{error}"),
    };
    let mut out = vec![f64::INFINITY; y.len()];
    let report = plan.apply_into(y, weights, &mut out, &mut plan.make_scratch()).unwrap();
    assert!(report.error_bound <= options.tolerance.max(1e-14), "{report:?} {options:?}");
    Some(out)
}

/// Largest allowed difference: the tolerance and rounding, in units of the largest |y|, per sigma of the
/// derivative.
fn allowed(y: &[f64], sigma: f64, options: &SmoothOptions) -> f64 {
    let largest = y.iter().filter(|y| y.is_finite()).fold(0.7_f64, |a, y| a.max(y.abs()));
    let order = i32::try_from(options.derivative).unwrap();
    (options.tolerance + 5e-14) * largest / sigma.powi(order)
}

fn check(y: &[f64], weights: Option<&[f64]>, step: f64, sigma: f64, options: &SmoothOptions) {
    let Some(got) = fast(y, weights, step, sigma, options) else { return };
    let wanted = direct::smooth_uniform(y, weights, step, sigma, options).unwrap();
    let difference = max_difference(&got, &wanted);
    let allowed = allowed(y, sigma, options);
    assert!(
        difference <= allowed,
        "{difference:e} > {allowed:e}: n {} step {step} sigma {sigma} {options:?}",
        y.len()
    );
}

#[test]
fn every_engine_is_the_direct_sum_on_every_boundary() {
    let mut random = Random::new(1);
    for n in [1, 2, 3, 17, 100, 1500] {
        let y = random.vector(n, -1.0, 3.0);
        for sigma in [0.2, 1.0, 2.2, 7.0, 13.0, 90.0] {
            for truncation in TRUNCATIONS {
                for boundary in boundaries(0.7) {
                    for method in [Method::Auto, Method::Direct, Method::Fft, Method::Decimate] {
                        let options = SmoothOptions::default()
                            .with_truncation(truncation)
                            .with_boundary(boundary)
                            .with_method(method)
                            .with_tolerance(1e-11);
                        check(&y, None, 1.0, sigma, &options);
                    }
                }
            }
        }
    }
}

#[test]
fn the_tolerance_is_kept_from_1e3_to_1e12() {
    let mut random = Random::new(2);
    let y = random.vector(20_000, -1.0, 1.0);
    let x: Vec<f64> = (0..20_000).map(f64::from).collect();
    for exponent in 3..=12 {
        let tolerance = 10.0_f64.powi(-exponent);
        for sigma in [10.0, 14.9, 40.0, 333.0, 2500.0] {
            for fit in [Fit::Constant, Fit::Linear] {
                let options = SmoothOptions::default()
                    .with_truncation(Truncation::Exact)
                    .with_fit(fit)
                    .with_tolerance(tolerance);
                let got = fast(&y, None, 1.0, sigma, &options).unwrap();
                let places: Vec<usize> =
                    (0..30).chain((30..y.len()).step_by(397)).chain([y.len() - 1]).collect();
                let targets: Vec<f64> = places.iter().map(|&place| place as f64).collect();
                let wanted = direct::smooth(&x, &y, None, &targets, sigma, &options).unwrap();
                let got: Vec<f64> = places.iter().map(|&place| got[place]).collect();
                let difference = max_difference(&got, &wanted);
                assert!(difference <= tolerance, "{difference:e}: sigma {sigma} {options:?}");
            }
        }
    }
}

#[test]
fn derivatives_and_lines_are_the_direct_fit() {
    let mut random = Random::new(3);
    for n in [1, 2, 5, 60, 700] {
        let y = random.vector(n, -1.0, 3.0);
        for (step, sigma) in [(1.0, 3.0), (0.25, 4.0), (-2.0, 5.0), (1.0, 40.0)] {
            for truncation in TRUNCATIONS {
                for boundary in boundaries(0.7) {
                    for derivative in 0..=3 {
                        for fit in [Fit::Constant, Fit::Linear] {
                            let options = SmoothOptions::default()
                                .with_truncation(truncation)
                                .with_boundary(boundary)
                                .with_fit(fit)
                                .with_derivative(derivative);
                            if derivative >= 2 && (n < 60 || boundary == Boundary::Renormalize) {
                                continue; // near-singular fits: their own test below
                            }
                            check(&y, None, step, sigma, &options);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn polynomials_come_back_with_their_derivatives() {
    let (step, sigma) = (0.5, 3.0);
    let x: Vec<f64> = (0..400).map(|i| step * f64::from(i) - 100.0).collect();
    let cubic = |x: f64| 1.0 + 0.2 * x - 0.03 * x * x + 0.001 * x * x * x;
    let derivatives: [fn(f64) -> f64; 4] = [
        |x| 1.0 + 0.2 * x - 0.03 * x * x + 0.001 * x * x * x,
        |x| 0.2 - 0.06 * x + 0.003 * x * x,
        |x| -0.06 + 0.006 * x,
        |_| 0.006,
    ];
    let y: Vec<f64> = x.iter().map(|x| cubic(*x)).collect();
    let options = SmoothOptions::default().with_derivative(3);
    let got = Smoother::uniform(400, step, sigma, &options).unwrap().apply(&y).unwrap();
    assert_close(&got, &vec![0.006; 400], 1e-8);
    let quadratic: Vec<f64> = x.iter().map(|x| 1.0 + 0.2 * x - 0.03 * x * x).collect();
    let second = Smoother::uniform(400, step, sigma, &options.with_derivative(2)).unwrap();
    assert_close(&second.apply(&quadratic).unwrap(), &vec![-0.06; 400], 1e-9);
    let line: Vec<f64> = x.iter().map(|x| 1.0 + 0.2 * x).collect();
    let slope = Smoother::uniform(400, step, sigma, &options.with_derivative(1)).unwrap();
    assert_close(&slope.apply(&line).unwrap(), &vec![0.2; 400], 1e-12);
    let fitted = options.with_derivative(0).with_fit(Fit::Linear);
    let same = Smoother::uniform(400, step, sigma, &fitted).unwrap().apply(&line).unwrap();
    assert_close(&same, &line, 1e-12);
    assert_eq!(derivatives[0](2.0), cubic(2.0));
}

#[test]
fn missing_samples_and_weights_are_the_direct_fit() {
    let mut random = Random::new(4);
    for n in [1, 9, 300, 1500] {
        let mut y = random.vector(n, -1.0, 3.0);
        for index in 0..n {
            let in_gap = n > 100 && (n / 3..n / 3 + n / 5).contains(&index);
            if in_gap || random.unit() < 0.2 {
                y[index] = [f64::NAN, f64::INFINITY][index % 2];
            }
        }
        let weights = random.vector(n, 0.0, 2.0);
        for sigma in [1.5, 12.0, 60.0] {
            for truncation in TRUNCATIONS {
                for boundary in boundaries(0.7) {
                    for fit in [Fit::Constant, Fit::Linear] {
                        for weights in [None, Some(&weights[..])] {
                            let options = SmoothOptions::default()
                                .with_truncation(truncation)
                                .with_boundary(boundary)
                                .with_fit(fit)
                                .with_tolerance(1e-9);
                            check(&y, weights, 1.0, sigma, &options);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_missing_sample_poisons_its_reach_and_no_more() {
    let mut y = vec![1.0; 200];
    y[100] = f64::NAN;
    for (truncation, reach) in
        [(Truncation::Sigmas(4.0), 12), (Truncation::Reach(0.5), 3), (Truncation::Exact, 26)]
    {
        for method in [Method::Auto, Method::Direct, Method::Fft] {
            let options = SmoothOptions::default()
                .with_truncation(truncation)
                .with_missing(Missing::Propagate)
                .with_method(method);
            let smooth = Smoother::uniform(200, 1.0, 3.0, &options).unwrap().apply(&y).unwrap();
            for (index, value) in smooth.iter().enumerate() {
                assert_eq!(value.is_nan(), index.abs_diff(100) <= reach, "{index} {truncation:?} {method:?}");
            }
        }
    }
    let strict = SmoothOptions::default().with_missing(Missing::Error);
    let error = Smoother::uniform(200, 1.0, 3.0, &strict).unwrap().apply(&y).unwrap_err();
    assert_eq!(error.to_string(), "y[100] must be finite, got NaN");
}

#[test]
fn the_causal_kernel_looks_back_only() {
    let mut random = Random::new(5);
    let y = random.vector(500, -1.0, 1.0);
    for truncation in TRUNCATIONS {
        for sigma in [2.0, 30.0] {
            for fit in [Fit::Constant, Fit::Linear] {
                let options =
                    SmoothOptions::default().with_truncation(truncation).with_side(Side::Past).with_fit(fit);
                check(&y, None, 1.0, sigma, &options);
                check(&y, None, -1.0, sigma, &options);
                let mut future = y.clone();
                future[300..].fill(1e6);
                let (a, b) =
                    (fast(&y, None, 1.0, sigma, &options), fast(&future, None, 1.0, sigma, &options));
                let size = 1e6 * 1e-10;
                assert!(max_difference(&a.unwrap()[..300], &b.unwrap()[..300]) <= size);
            }
        }
    }
}

#[test]
fn constants_and_offsets_cost_no_digits() {
    for truncation in TRUNCATIONS {
        for boundary in boundaries(0.7) {
            if matches!(boundary, Boundary::Constant(_)) {
                continue;
            }
            let options = SmoothOptions::default().with_truncation(truncation).with_boundary(boundary);
            let constant = vec![0.1; 3000];
            for sigma in [1.0, 30.0] {
                let smooth = fast(&constant, None, 1.0, sigma, &options).unwrap();
                assert_eq!(smooth, constant);
            }
            let mut random = Random::new(6);
            // Multiples of 2^-12 keep every sample exact beside the offset.
            let small: Vec<f64> =
                (0..3000).map(|_| (random.uniform(-1.0, 1.0) * 4096.0).round() / 4096.0).collect();
            let large: Vec<f64> = small.iter().map(|y| y + 1e12).collect();
            let plan = Smoother::uniform(3000, 1.0, 20.0, &options).unwrap();
            let (low, high) = (plan.apply(&small).unwrap(), plan.apply(&large).unwrap());
            let back: Vec<f64> = high.iter().map(|y| y - 1e12).collect();
            assert_close(&back, &low, 2.5e-4); // two roundings to the spacing of doubles at 1e12
        }
    }
}

#[test]
fn extremes_are_defined() {
    let options = SmoothOptions::default();
    let y = [1.0, 2.0, 4.0];
    // A sigma far below the spacing leaves the samples, one far above gives their mean.
    for sigma in [5e-324, 1e-300, 1e-3] {
        assert_eq!(fast(&y, None, 1.0, sigma, &options).unwrap(), y);
    }
    for sigma in [1e9, 1e300] {
        assert_close(&fast(&y, None, 1.0, sigma, &options).unwrap(), &[7.0 / 3.0; 3], 1e-15);
    }
    let nothing = fast(&[f64::NAN; 4], None, 1.0, 2.0, &options).unwrap();
    assert!(nothing.iter().all(|value| value.is_nan()));
    assert_eq!(fast(&[5.0], None, 1.0, 2.0, &options).unwrap(), [5.0]);
    let weightless = Smoother::uniform(3, 1.0, 1.0, &options).unwrap().apply_weighted(&y, &[0.0; 3]).unwrap();
    assert!(weightless.iter().all(|value| value.is_nan()));
    let padded = options.with_boundary(Boundary::Reflect);
    assert!(matches!(Smoother::uniform(3, 1.0, 1e12, &padded), Err(SmoothError::KernelTooLong { .. })));
}

#[test]
fn bits_do_not_depend_on_threads() {
    let mut random = Random::new(7);
    let mut y = random.vector(150_000, -1.0, 1.0);
    let complete = y.clone();
    y[70_000..71_000].fill(f64::NAN);
    for truncation in TRUNCATIONS {
        for sigma in [3.0, 45.0, 700.0] {
            for y in [&y, &complete] {
                let options = SmoothOptions::default().with_truncation(truncation);
                let on = |threads: usize| {
                    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                    pool.install(|| fast(y, None, 1.0, sigma, &options).unwrap())
                };
                let one = on(1);
                for threads in [2, 3, 8] {
                    let more = on(threads);
                    assert!(one.iter().zip(&more).all(|(a, b)| a.to_bits() == b.to_bits()));
                }
            }
        }
    }
}
