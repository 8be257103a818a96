//! Every engine against the definition.

use hexad_testkit::Random;

use super::*;
use crate::direct;
use crate::fit::solve;
use crate::options::SmoothOptions;

struct Case {
    x: Vec<f64>,
    weights: Vec<f64>,
    values: Vec<f64>,
    targets: Vec<f64>,
}

impl Case {
    fn new(mut x: Vec<f64>, seed: u64) -> Self {
        x.sort_by(f64::total_cmp);
        let mut random = Random::new(seed);
        let values = random.vector(x.len(), -1.0, 1.0);
        Self { weights: vec![1.0; x.len()], values, targets: x.clone(), x }
    }

    fn with_targets(mut self, mut targets: Vec<f64>) -> Self {
        targets.sort_by(f64::total_cmp);
        self.targets = targets;
        self
    }

    fn request(&self, sigma: f64, truncation: Truncation, tolerance: f64) -> Request<'_> {
        Request {
            samples: Samples {
                x: &self.x,
                y: &self.values,
                weights: Some(&self.weights),
                order: None,
                offset: 0.0,
            },
            targets: &self.targets,
            kernel: GaussianKernel::new(sigma, truncation).unwrap(),
            side: Side::Both,
            degree: 0,
            derivative: 0,
            squares: false,
            tolerance,
            least_weight: 1e-6,
        }
    }
}

/// Independent, exponentially distributed gaps of mean 1.
fn random_x(count: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let mut at = 0.0;
    (0..count)
        .map(|_| {
            at -= (1.0 - random.unit()).ln();
            at
        })
        .collect()
}

/// In sigmas: 30 % duplicates, gaps log-uniform from 1e-5 to 1e7, clusters, steps of 5 and one of 1000.
fn adversarial_x(count: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    let mut at = 0.0;
    (0..count)
        .map(|i| {
            at += match random.unit() {
                p if p < 0.3 => 0.0,
                p if p < 0.5 => 10.0_f64.powf(random.uniform(-5.0, 7.0)),
                p if p < 0.8 => random.uniform(0.0, 1e-3),
                p if p < 0.83 => 5.0,
                _ => random.unit(),
            };
            at += if i == count / 2 { 1000.0 } else { 0.0 };
            at
        })
        .collect()
}

fn all_sums(request: &Request, engine: Engine) -> (Vec<KernelSums>, f64) {
    let mut all = Vec::new();
    let bound = request.run(engine, &mut |block| {
        assert_eq!(block.range(), all.len()..all.len() + block.len());
        all.extend((0..block.len()).map(|i| block.sums(i)));
    });
    assert_eq!(all.len(), request.targets.len());
    (all, bound)
}

fn fit(request: &Request, sums: &KernelSums) -> f64 {
    if sums.weights[0] < request.least_weight {
        return f64::NAN;
    }
    solve(sums, request.degree, request.derivative)
}

/// Largest difference of the fit from that of the definition, at up to 200 targets.
fn error(request: &Request, sums: &[KernelSums]) -> f64 {
    let Samples { x, y: values, weights, .. } = request.samples;
    let mut options = SmoothOptions::default().with_truncation(request.kernel.truncation());
    options = options.with_side(request.side);
    let stride = sums.len().div_ceil(200);
    let mut worst = 0.0_f64;
    for (target, sums) in request.targets.iter().zip(sums).step_by(stride) {
        let sigma = request.kernel.sigma();
        let direct = direct::kernel_sums(x, values, weights, *target, sigma, &options).unwrap();
        let (wanted, got) = (fit(request, &direct), fit(request, sums));
        assert_eq!(wanted.is_nan(), got.is_nan(), "at {target}: {wanted} and {got}");
        worst = worst.max((wanted - got).abs());
    }
    worst
}

const TRUNCATIONS: [Truncation; 5] = [
    Truncation::Exact,
    Truncation::Sigmas(4.0),
    Truncation::Sigmas(2.5),
    Truncation::Sigmas(6.0),
    Truncation::Reach(0.1),
];

/// Checks that the error is below the bound, and the bound, where `certain`, below the tolerance.
#[track_caller]
fn check(request: &Request, certain: bool) {
    let (sums, bound) = all_sums(request, Engine::Exponentials);
    let error = error(request, &sums);
    let name = format!(
        "{} samples, {:?}, {:?}, degree {}, derivative {}, tolerance {:e}: error {error:e}, bound {bound:e}",
        request.samples.x.len(),
        request.kernel,
        request.side,
        request.degree,
        request.derivative,
        request.tolerance
    );
    // The direct sum rounds too.
    assert!(error <= bound + 1e-14, "{name}");
    assert!(!certain || bound <= request.tolerance, "{name}");
}

#[test]
fn the_tolerance_is_kept_whatever_sigma_is() {
    for (seed, count) in [1, 2, 3, 60, 4096, 4097, 9000].into_iter().enumerate() {
        let case = Case::new(random_x(count, seed as u64), 7);
        for sigma in [1e-3, 0.1, 1.0, 30.0, 1e3, 1e6] {
            for truncation in TRUNCATIONS {
                for tolerance in [1e-3, 1e-6, 1e-9, 1e-11] {
                    check(&case.request(sigma, truncation, tolerance), true);
                }
                check(&case.request(sigma, truncation, 1e-12), false);
            }
        }
    }
}

#[test]
fn the_tolerance_is_kept_on_adversarial_x() {
    for (seed, count) in [40, 3000, 15_000].into_iter().enumerate() {
        let case = Case::new(adversarial_x(count, seed as u64), 8);
        for sigma in [1e-3, 0.1, 1.0, 30.0, 1e3, 1e6] {
            for truncation in TRUNCATIONS {
                for tolerance in [1e-3, 1e-7, 1e-10] {
                    check(&case.request(sigma, truncation, tolerance), true);
                }
                check(&case.request(sigma, truncation, 1e-12), false);
            }
        }
    }
}

#[test]
fn an_isolated_point_beside_a_huge_cluster_keeps_its_value() {
    let mut x = vec![0.0; 20_000];
    x.extend([4.05, 4.6, 5.9, 6.5, 7.1, 8.5, 9.5, 12.0, 20.0]);
    let mut case = Case::new(x, 3);
    for truncation in TRUNCATIONS {
        check(&case.request(1.0, truncation, 1e-10), true);
    }
    case.weights[..10_000].fill(1e9);
    case.weights[10_000..20_000].fill(0.0);
    for truncation in TRUNCATIONS {
        check(&case.request(1.0, truncation, 1e-10), true);
    }
}

#[test]
fn other_targets_are_as_good() {
    let mut random = Random::new(4);
    let x = random_x(9000, 9);
    let mut targets = random.vector(8500, -50.0, 9100.0);
    targets.extend_from_slice(&x[100..400]);
    targets.extend([1e9, -1e9, 17.0, 17.0, 17.0]);
    for case in [
        Case::new(x.clone(), 1).with_targets(targets.clone()),
        Case::new(adversarial_x(9000, 5), 1).with_targets(targets),
        Case::new(x.clone(), 1).with_targets(vec![x[7]]),
        Case::new(vec![5.0], 1).with_targets(x),
    ] {
        for sigma in [0.1, 3.0, 100.0, 1e5] {
            for truncation in TRUNCATIONS {
                for side in [Side::Both, Side::Past] {
                    check(&Request { side, ..case.request(sigma, truncation, 1e-10) }, true);
                }
            }
        }
    }
}

#[test]
fn the_past_includes_all_samples_at_the_target() {
    for case in [Case::new(random_x(9000, 2), 4), Case::new(adversarial_x(9000, 2), 4)] {
        for sigma in [0.1, 10.0, 1e4] {
            for truncation in TRUNCATIONS {
                check(&Request { side: Side::Past, ..case.request(sigma, truncation, 1e-10) }, true);
            }
        }
    }
}

#[test]
fn lines_and_slopes_keep_the_tolerance() {
    for case in [Case::new(random_x(9000, 2), 4), Case::new(adversarial_x(9000, 2), 4)] {
        for sigma in [0.1, 10.0, 1e4] {
            for truncation in TRUNCATIONS {
                for derivative in [0, 1] {
                    for side in [Side::Both, Side::Past] {
                        let request = case.request(sigma, truncation, 1e-8);
                        check(&Request { degree: 1, derivative, side, ..request }, false);
                    }
                }
            }
        }
    }
}

#[test]
fn sums_of_squared_kernels_agree_with_the_definition() {
    let case = Case::new(random_x(9500, 2), 4);
    for engine in [Engine::Window, Engine::Exponentials] {
        for degree in [0, 1] {
            for truncation in TRUNCATIONS {
                let request = Request { squares: true, degree, ..case.request(20.0, truncation, 1e-10) };
                let (sums, _) = all_sums(&request, engine);
                let options = SmoothOptions::default().with_truncation(truncation);
                for (sums, target) in sums.iter().zip(&case.targets).step_by(97) {
                    let direct =
                        direct::kernel_sums(&case.x, &case.values, None, *target, 20.0, &options).unwrap();
                    for k in 0..=2 * degree {
                        // The table's error, over a hundred samples.
                        let difference = (sums.squares[k] - direct.squares[k]).abs();
                        assert!(difference < 1e-10, "{difference:e}");
                    }
                }
            }
        }
    }
}

#[test]
fn windows_agree_with_the_definition_at_any_degree() {
    let x = random_x(400, 2);
    let case = Case::new(x, 4).with_targets(random_x(300, 6));
    for truncation in TRUNCATIONS {
        for sigma in [0.3, 5.0, 1000.0] {
            for side in [Side::Both, Side::Past] {
                for degree in 0..4 {
                    let request = Request { degree, side, ..case.request(sigma, truncation, 1e-10) };
                    let (sums, _) = all_sums(&request, Engine::Window);
                    let options = SmoothOptions::default().with_truncation(truncation).with_side(side);
                    for (sums, target) in sums.iter().zip(&case.targets) {
                        let direct =
                            direct::kernel_sums(&case.x, &case.values, None, *target, sigma, &options)
                                .unwrap();
                        for k in 0..=2 * degree {
                            // A sum of 400 terms of up to 8.6^k, in another order.
                            let reach = 8.6_f64.powi(i32::try_from(k).unwrap());
                            let scale = 400.0 * 400.0 * f64::EPSILON * reach;
                            let difference = (sums.weights[k] - direct.weights[k]).abs();
                            assert!(difference <= scale, "M_{k} at {target}: {difference:e}");
                            assert!(k > degree || (sums.values[k] - direct.values[k]).abs() <= scale);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn the_window_is_closed_as_in_the_definition() {
    let x: Vec<f64> = (0..9000).map(|i| f64::from(i) * 0.1).collect();
    let case = Case::new(x, 4);
    for engine in [Engine::Window, Engine::Exponentials] {
        // Four sigmas are a whole number of steps but for rounding, which decides.
        let request = case.request(0.5, Truncation::Sigmas(4.0), 1e-10);
        let (sums, _) = all_sums(&request, engine);
        assert!(error(&request, &sums) < 1e-12);
    }
}

#[test]
fn an_empty_window_leaves_exactly_nothing() {
    let mut x = random_x(5000, 1);
    x.extend((0..1500).map(|i| 1e4 + 10.0 * f64::from(i)));
    let targets = x.iter().map(|x| x + 4.5).collect();
    let case = Case::new(x, 4).with_targets(targets);
    let request = case.request(1.0, Truncation::Sigmas(4.0), 1e-10);
    let (sums, _) = all_sums(&request, Engine::Exponentials);
    assert!(sums[5100..].iter().all(|sums| sums.weights[0] == 0.0 && sums.values[0] == 0.0));
}

#[test]
fn results_do_not_depend_on_threads() {
    let case = Case::new(adversarial_x(100_000, 1), 4);
    for truncation in [Truncation::Exact, Truncation::Sigmas(4.0)] {
        for sigma in [0.5, 300.0] {
            let request = case.request(sigma, truncation, 1e-10);
            let with = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| all_sums(&request, Engine::Exponentials))
            };
            assert_eq!(with(1), with(3));
        }
    }
}

#[test]
fn nothing_at_all_gives_nothing() {
    let none = Case::new(Vec::new(), 1);
    for engine in [Engine::Window, Engine::Exponentials] {
        let (sums, bound) = all_sums(&none.request(1.0, Truncation::Exact, 1e-10), engine);
        assert!(sums.is_empty() && bound < 1e-10);
        let nowhere = Case::new(Vec::new(), 1).with_targets(vec![1.0, 2.0]);
        let (sums, _) = all_sums(&nowhere.request(1.0, Truncation::Exact, 1e-10), engine);
        assert_eq!(sums, [KernelSums::default(); 2]);
    }
}

#[test]
fn a_fit_of_lines_is_only_asked_of_engines_that_can() {
    let case = Case::new(random_x(9000, 2), 4);
    let request = case.request(1000.0, Truncation::Exact, 1e-10);
    assert_eq!(request.engine(), Engine::Exponentials);
    assert_eq!(Request { degree: 2, ..request }.engine(), Engine::Window);
}
