//! Uneven x through the public door: order, duplicates, gaps, weights, statistics, automatic sigma.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use hexad_smoothing::{
    Boundary, Fit, Method, Missing, Side, SmoothError, SmoothOptions, Smoother, Truncation, auto_sigma,
    direct, smooth,
};
use hexad_testkit::{Random, assert_close, max_difference};

const TRUNCATIONS: [Truncation; 3] = [Truncation::Sigmas(4.0), Truncation::Reach(0.03), Truncation::Exact];

/// Unsorted, a third of them duplicates, two clusters and a gap of 1,000 sigma between them.
fn adversarial(n: usize, random: &mut Random) -> Vec<f64> {
    let mut x: Vec<f64> = Vec::new();
    for i in 0..n {
        x.push(match i % 6 {
            0 | 1 if i > 6 => x[i - 5],
            2 => 1000.0 + random.uniform(0.0, 1e-3),
            3 => random.uniform(0.0, 3.0),
            _ => random.uniform(0.0, 40.0),
        });
    }
    x
}

fn check(x: &[f64], y: &[f64], weights: Option<&[f64]>, sigma: f64, options: &SmoothOptions) {
    let plan = match Smoother::new(x, sigma, options) {
        Err(SmoothError::MethodCannot { .. }) => return,
        plan => plan.unwrap(),
    };
    let mut out = vec![f64::INFINITY; x.len()];
    let report = plan.apply_into(y, weights, &mut out, &mut plan.make_scratch()).unwrap();
    let wanted = direct::smooth(x, y, weights, x, sigma, options).unwrap();
    let largest = y.iter().filter(|y| y.is_finite()).fold(0.0_f64, |a, y| a.max(y.abs()));
    let scale = largest * sigma.powi(-i32::try_from(options.derivative).unwrap());
    let difference = max_difference(&out, &wanted);
    // Rounding of a fitted line grows with its condition; 1e-12 covers the worst of these data.
    assert!(
        difference <= (options.tolerance + 1e-12) * scale,
        "{difference:e}: n {} sigma {sigma} {:?} {options:?}",
        x.len(),
        plan.method()
    );
    assert!(report.error_bound <= options.tolerance * 1.0001, "{report:?} {options:?}");
    assert_eq!(report.missing, y.iter().filter(|y| !y.is_finite()).count());
}

#[test]
fn every_option_is_the_direct_sum() {
    let mut random = Random::new(41);
    for n in [1, 2, 7, 60, 1200] {
        let x = adversarial(n, &mut random);
        let mut y = random.vector(n, -1.0, 3.0);
        let weights = random.vector(n, 0.1, 2.0);
        for gaps in [false, true] {
            if gaps {
                y.iter_mut().step_by(7).for_each(|y| *y = f64::NAN);
            }
            for sigma in [1e-4, 0.05, 1.0, 30.0, 1e5] {
                for truncation in TRUNCATIONS {
                    for method in [Method::Auto, Method::Direct, Method::Recursive] {
                        let options =
                            SmoothOptions::default().with_truncation(truncation).with_method(method);
                        check(&x, &y, None, sigma, &options);
                        check(&x, &y, Some(&weights), sigma, &options);
                        check(&x, &y, None, sigma, &options.with_side(Side::Past));
                    }
                }
            }
        }
    }
}

#[test]
fn the_tolerance_is_kept_from_1e3_to_1e12() {
    let mut random = Random::new(42);
    let x = adversarial(3000, &mut random);
    let y = random.vector(3000, -1.0, 1.0);
    for exponent in 3..=12 {
        for sigma in [0.01, 0.7, 12.0, 4000.0] {
            let options = SmoothOptions::default()
                .with_truncation(Truncation::Exact)
                .with_tolerance(10.0_f64.powi(-exponent));
            let got = smooth(&x, &y, sigma, &options).unwrap();
            let wanted = direct::smooth(&x, &y, None, &x, sigma, &options).unwrap();
            let difference = max_difference(&got, &wanted);
            assert!(difference <= options.tolerance, "{difference:e} sigma {sigma} {options:?}");
        }
    }
}

#[test]
fn lines_and_derivatives_are_the_direct_fit() {
    let mut random = Random::new(43);
    let x: Vec<f64> = (0..800).map(|i| f64::from(i) * 0.1 + random.uniform(0.0, 0.09)).collect();
    let y: Vec<f64> = x.iter().map(|x| (0.3 * x).sin()).collect();
    for sigma in [0.8, 5.0] {
        for truncation in TRUNCATIONS {
            for (fit, derivative) in [
                (Fit::Linear, 0),
                (Fit::Linear, 1),
                (Fit::Constant, 1),
                (Fit::Constant, 2),
                (Fit::Constant, 3),
            ] {
                let options = SmoothOptions::default()
                    .with_truncation(truncation)
                    .with_fit(fit)
                    .with_derivative(derivative);
                let got = smooth(&x, &y, sigma, &options).unwrap();
                let wanted = direct::smooth(&x, &y, None, &x, sigma, &options).unwrap();
                let scale = sigma.powi(-i32::try_from(derivative).unwrap());
                assert!(max_difference(&got, &wanted) <= 2e-10 * scale, "{sigma} {options:?}");
            }
        }
    }
}

#[test]
fn other_places_can_be_asked_for() {
    let x = [0.0, 1.0, 2.0, 5.0, 5.0, 6.0];
    let y = [1.0, 2.0, 3.0, 6.0, 8.0, 7.0];
    let targets = [5.5, -1.0, 3.5, 100.0, 2.0];
    let options = SmoothOptions::default();
    let got = Smoother::at(&x, &targets, 1.0, &options).unwrap().apply(&y).unwrap();
    assert_close(&got, &direct::smooth(&x, &y, None, &targets, 1.0, &options).unwrap(), 1e-10);
    assert!(got[3].is_nan());
    assert!(Smoother::at(&x, &[f64::NAN], 1.0, &options).is_err());
}

#[test]
fn a_missing_sample_poisons_its_reach_and_no_more() {
    let x: Vec<f64> = (0..60).map(|i| f64::from(i * i) / 60.0).collect();
    let mut y = vec![2.0; 60];
    y[30] = f64::NAN;
    let options = SmoothOptions::default().with_missing(Missing::Propagate);
    let got = smooth(&x, &y, 0.7, &options).unwrap();
    for (x, value) in x.iter().zip(&got) {
        assert_eq!(value.is_nan(), (x - 15.0).abs() <= 2.8, "{x}");
    }
}

#[test]
fn statistics_are_those_of_the_definition() {
    let mut random = Random::new(44);
    let uneven: Vec<f64> = (0..400).map(|i| f64::from(i) * 0.1 + random.uniform(0.0, 0.09)).collect();
    let even: Vec<f64> = (0..400).map(|i| 3.0 + 0.25 * f64::from(i)).collect();
    let mut y: Vec<f64> = uneven.iter().map(|x| (0.3 * x).sin() + 0.2 * random.normal()).collect();
    y[17] = f64::NAN;
    let weights = random.vector(400, 0.5, 2.0);
    for x in [&uneven, &even] {
        for truncation in TRUNCATIONS {
            for fit in [Fit::Constant, Fit::Linear] {
                for weights in [None, Some(&weights[..])] {
                    let options = SmoothOptions::default().with_truncation(truncation).with_fit(fit);
                    let plan = Smoother::new(x, 1.5, &options).unwrap();
                    let got = plan.statistics(&y, weights).unwrap();
                    let wanted = direct::statistics(x, &y, weights, 1.5, &options).unwrap();
                    assert!((got.residual_sd / wanted.residual_sd - 1.0).abs() < 1e-8);
                    assert_close(&got.standard_error, &wanted.standard_error, 1e-8);
                    assert_close(&got.effective_n, &wanted.effective_n, 1e-6);
                    let loo = plan.leave_one_out(&y, weights).unwrap();
                    let wanted = direct::leave_one_out(x, &y, weights, 1.5, &options).unwrap();
                    assert!((loo / wanted - 1.0).abs() < 1e-7, "{loo} {wanted}");
                }
            }
        }
    }
    let derivative = SmoothOptions::default().with_derivative(1);
    assert!(Smoother::new(&even, 1.0, &derivative).unwrap().statistics(&y, None).is_err());
}

#[test]
fn standard_errors_cover_as_they_should() {
    // A flat truth has no bias, so about 68.3 % of the smooths lie within one standard error.
    let mut random = Random::new(45);
    let x: Vec<f64> = (0..300).map(f64::from).collect();
    let (mut inside, mut total) = (0.0, 0.0);
    for _ in 0..200 {
        let y: Vec<f64> = x.iter().map(|_| 5.0 + 0.3 * random.normal()).collect();
        let plan = Smoother::new(&x, 4.0, &SmoothOptions::default()).unwrap();
        let (smooth, found) = (plan.apply(&y).unwrap(), plan.statistics(&y, None).unwrap());
        assert!((found.residual_sd - 0.3).abs() < 0.07);
        for (smooth, error) in smooth.iter().zip(&found.standard_error).step_by(20) {
            inside += f64::from(u8::from((smooth - 5.0).abs() <= *error));
            total += 1.0;
        }
    }
    let share: f64 = inside / total;
    // Three binomial standard deviations of 3,000 trials are 0.026.
    assert!((share - 0.683).abs() < 0.03, "{share}");
}

#[test]
fn automatic_sigma_finds_the_best_prediction() {
    let mut random = Random::new(46);
    let x: Vec<f64> = (0..500).map(|i| f64::from(i) * 0.1).collect();
    let y: Vec<f64> = x.iter().map(|x| (0.5 * x).sin() + 0.3 * random.normal()).collect();
    for fit in [Fit::Constant, Fit::Linear] {
        let options = SmoothOptions::default().with_fit(fit);
        let found = auto_sigma(&x, &y, None, &options).unwrap();
        assert!((0.2..1.5).contains(&found.sigma), "{}", found.sigma);
        for factor in [0.5, 0.8, 1.25, 2.0] {
            let other = direct::leave_one_out(&x, &y, None, found.sigma * factor, &options).unwrap();
            assert!(other >= found.score, "{factor}: {other} < {}", found.score);
        }
        assert!(found.tried.is_sorted_by(|a, b| a.0 <= b.0));
    }
    assert!(auto_sigma(&[1.0, 1.0, 1.0], &[0.0, 1.0, 2.0], None, &SmoothOptions::default()).is_err());
    assert!(auto_sigma(&[1.0, 2.0], &[0.0, 1.0], None, &SmoothOptions::default()).is_err());
}

#[test]
fn even_x_is_seen_as_even_and_the_rest_is_not() {
    let noisy: Vec<f64> = (0..1000).map(|i| 1.7e9 + 0.1 * f64::from(i)).collect();
    let options = SmoothOptions::default();
    assert!(Smoother::new(&noisy, 1.0, &options).unwrap().axis().is_some());
    let mut jittered: Vec<f64> = (0..1000).map(f64::from).collect();
    jittered[500] += 1e-5;
    assert!(Smoother::new(&jittered, 3.0, &options).unwrap().axis().is_none());
    let error = Smoother::new(&jittered, 3.0, &options.with_boundary(Boundary::Reflect)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a boundary other than renormalize needs evenly spaced x, but x[500] is 1.000e-5 steps off; \
         use boundary renormalize and method auto, direct or recursive"
    );
    assert!(matches!(
        Smoother::new(&jittered, 3.0, &options.with_method(Method::Fft)),
        Err(SmoothError::NeedsUniformX { what: "method fft", .. })
    ));
}

#[test]
fn bad_input_names_argument_index_and_value() {
    let options = SmoothOptions::default();
    let message = |x: &[f64], sigma: f64, options: &SmoothOptions| {
        Smoother::new(x, sigma, options).unwrap_err().to_string()
    };
    assert_eq!(message(&[], 1.0, &options), "x needs at least 1 elements, got 0");
    assert_eq!(message(&[0.0, f64::NAN], 1.0, &options), "x[1] must be finite, got NaN");
    assert_eq!(message(&[0.0], 0.0, &options), "sigma must be finite and > 0, got 0");
    let reach = options.with_truncation(Truncation::Reach(1.5));
    assert_eq!(message(&[0.0], 1.0, &reach), "reach must be between 0 and 1, both excluded, got 1.5");
    assert_eq!(message(&[0.0], 1.0, &options.with_derivative(4)), "derivative must be 0, 1, 2 or 3, got 4");
    let plan = Smoother::new(&[0.0, 1.0, 5.0], 1.0, &options).unwrap();
    assert_eq!(plan.apply(&[1.0]).unwrap_err().to_string(), "y must have 3 elements, got 1");
    let error = plan.apply_weighted(&[1.0; 3], &[1.0, -2.0, 1.0]).unwrap_err();
    assert_eq!(error.to_string(), "weights[1] must be finite and >= 0, got -2");
}

#[test]
fn extremes_are_defined() {
    let options = SmoothOptions::default();
    let x = [0.0, 1.0, 2.5];
    let y = [1.0, 2.0, 4.0];
    for sigma in [5e-324, 1e-300, 1e-3] {
        assert_eq!(smooth(&x, &y, sigma, &options).unwrap(), y);
    }
    for sigma in [1e9, 1e300] {
        assert_close(&smooth(&x, &y, sigma, &options).unwrap(), &[7.0 / 3.0; 3], 1e-12);
    }
    assert!(smooth(&x, &[f64::NAN; 3], 1.0, &options).unwrap().iter().all(|value| value.is_nan()));
    // Multiples of 2^-12 stay exact beside the offset.
    let large: Vec<f64> = y.iter().map(|y| y + 1e12).collect();
    let got: Vec<f64> = smooth(&x, &large, 1.0, &options).unwrap().iter().map(|y| y - 1e12).collect();
    assert_close(&got, &smooth(&x, &y, 1.0, &options).unwrap(), 2.5e-4);
    assert_eq!(smooth(&[3.0, 3.0, 3.0], &[1.0, 2.0, 6.0], 1.0, &options).unwrap(), [3.0; 3]);
}
