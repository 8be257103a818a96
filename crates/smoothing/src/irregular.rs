//! Kernel sums of unevenly spaced samples at any targets, block by block.
//!
//! Two engines deliver the same sums. [`window`] adds up every pair within reach; its cost grows with the
//! samples in a window. [`exponentials`] walks along x once each way; its cost does not depend on sigma.

mod bound;
mod decay;
mod exponentials;
mod gather;
mod state;
mod sweep;
mod window;

use std::ops::Range;

use hexad_core::{GaussianKernel, Truncation};

use crate::fit::KernelSums;
use crate::options::Side;

/// Targets in a block: the unit of work, whose borders never move, so that results do not depend on
/// threads. The longer, the less the states at the borders cost; the steps of a block take 600 KB.
const BLOCK: usize = 4096;

/// Blocks that are worked on together, then handed out in order.
const GROUP: usize = 16;

/// What a step of the exponentials costs, in pairs of a window: with fewer samples than this in the mean
/// window, adding them up is faster. A kernel that is cut costs more, as every sample has to leave too.
/// Measured on Zen 3 at a tolerance of 1e-10.
const STEP_PAIRS: f64 = 7.0;
const CUT_STEP_PAIRS: f64 = 24.0;

/// Targets whose windows are counted to estimate the mean window.
const PROBES: usize = 1024;

/// Samples as the caller has them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Samples<'a> {
    /// Positions, ascending; duplicates are fine.
    pub x: &'a [f64],
    /// Values in the order of the caller; missing where not finite.
    pub y: &'a [f64],
    /// Weights in the order of the caller, finite and >= 0; ones if there are none.
    pub weights: Option<&'a [f64]>,
    /// Where each x came from, if they were not given in rising order.
    pub order: Option<&'a [usize]>,
    /// Taken off every value.
    pub offset: f64,
}

/// Neighbouring samples ready for summing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clean<'a> {
    /// Positions, ascending.
    pub x: &'a [f64],
    /// Weights `m_j`; 0 where the sample is missing.
    pub weights: &'a [f64],
    /// Values less the offset; 0 where the sample is missing.
    pub values: &'a [f64],
}

impl Clean<'_> {
    #[inline(always)]
    fn part(&self, range: Range<usize>) -> Self {
        let Self { x, weights, values } = self;
        Self { x: &x[range.clone()], weights: &weights[range.clone()], values: &values[range] }
    }
}

/// Where samples are made ready.
#[derive(Debug, Clone, Default)]
pub(crate) struct CleanScratch {
    weights: Vec<f64>,
    values: Vec<f64>,
}

impl<'a> Samples<'a> {
    /// Weight and value of the `place`-th sample in rising order of x.
    #[inline(always)]
    pub fn sample(&self, place: usize) -> (f64, f64) {
        let origin = match self.order {
            Some(order) => order[place],
            None => place,
        };
        let y = self.y[origin];
        if y.is_finite() {
            (self.weights.map_or(1.0, |weights| weights[origin]), y - self.offset)
        } else {
            (0.0, 0.0)
        }
    }

    /// Makes the samples of `range` ready. A block at a time, so that memory does not grow with their number.
    fn clean<'s>(&self, range: Range<usize>, scratch: &'s mut CleanScratch) -> Clean<'s>
    where
        'a: 's,
    {
        let CleanScratch { weights, values } = scratch;
        weights.clear();
        values.clear();
        if let (None, None) = (self.weights, self.order) {
            let y = &self.y[range.clone()];
            values.extend(y.iter().map(|y| y - self.offset));
            weights.resize(y.len(), 1.0);
            for (place, _) in y.iter().enumerate().filter(|(_, y)| !y.is_finite()) {
                (weights[place], values[place]) = (0.0, 0.0);
            }
        } else {
            for (weight, value) in range.clone().map(|place| self.sample(place)) {
                weights.push(weight);
                values.push(value);
            }
        }
        Clean { x: &self.x[range], weights, values }
    }
}

/// What is to be summed, where, and how well.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    /// The samples.
    pub samples: Samples<'a>,
    /// Where the sums are wanted, ascending.
    pub targets: &'a [f64],
    /// The kernel.
    pub kernel: GaussianKernel,
    /// Which samples count.
    pub side: Side,
    /// Degree of the fit, 0 to 3: `M_k` for `k <= 2 degree` and `T_k` for `k <= degree` are delivered.
    pub degree: usize,
    /// Order of the derivative that the fit is wanted for; only the error bound depends on it.
    pub derivative: usize,
    /// Whether `Q_k`, `k <= 2 degree`, are delivered too; degree 0 and 1 only.
    pub squares: bool,
    /// Largest error of the fit, in units of the largest absolute value (per sigma for a derivative).
    pub tolerance: f64,
    /// Targets whose `M_0` is below this are of no interest.
    pub least_weight: f64,
}

/// Kernel sums at consecutive targets: `weights[k][i]` is `M_k` at target `start + i`, likewise `values`
/// (`T_k`) and `squares` (`Q_k`, empty unless asked for).
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Index of the first target.
    pub start: usize,
    /// `M_k`.
    pub weights: Vec<Vec<f64>>,
    /// `T_k`.
    pub values: Vec<Vec<f64>>,
    /// `Q_k`.
    pub squares: Vec<Vec<f64>>,
}

/// How the sums are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Every pair within reach.
    Window,
    /// Sums of exponentials.
    Exponentials,
}

impl Block {
    fn zeros(request: &Request, range: Range<usize>) -> Self {
        let moments = |count: usize| vec![vec![0.0; range.len()]; count];
        let highest = 2 * request.degree + 1;
        Self {
            start: range.start,
            weights: moments(highest),
            values: moments(request.degree + 1),
            squares: moments(if request.squares { highest } else { 0 }),
        }
    }

    /// Number of targets.
    pub fn len(&self) -> usize {
        self.weights[0].len()
    }

    /// The targets, by index.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.len()
    }

    /// The sums at target `start + i`.
    pub fn sums(&self, i: usize) -> KernelSums {
        let mut sums = KernelSums::default();
        for (sum, moment) in sums.weights.iter_mut().zip(&self.weights) {
            *sum = moment[i];
        }
        for (sum, moment) in sums.values.iter_mut().zip(&self.values) {
            *sum = moment[i];
        }
        for (sum, moment) in sums.squares.iter_mut().zip(&self.squares) {
            *sum = moment[i];
        }
        sums
    }

    fn set(&mut self, i: usize, sums: &KernelSums) {
        for (sum, moment) in sums.weights.iter().zip(&mut self.weights) {
            moment[i] = *sum;
        }
        for (sum, moment) in sums.values.iter().zip(&mut self.values) {
            moment[i] = *sum;
        }
        for (sum, moment) in sums.squares.iter().zip(&mut self.squares) {
            moment[i] = *sum;
        }
    }
}

impl Request<'_> {
    /// The engine that is faster here.
    pub fn engine(&self) -> Engine {
        if self.degree > 1 {
            return Engine::Window;
        }
        // A recursion steps over the targets and, where these are other places, over the samples too.
        let steps = self.targets.len().max(self.samples.x.len()) as f64;
        let pairs = self.mean_window() * self.targets.len() as f64;
        let cut = self.kernel.truncation() != Truncation::Exact;
        if pairs <= if cut { CUT_STEP_PAIRS } else { STEP_PAIRS } * steps {
            Engine::Window
        } else {
            Engine::Exponentials
        }
    }

    /// Calls `sink` with the blocks in order, and returns the bound on the error of the fit, in the unit of
    /// [`Request::tolerance`]; it is above the tolerance only where keeping that would have cost too much.
    ///
    /// Runs on the current rayon pool; the sums do not depend on its size.
    pub fn run(&self, engine: Engine, sink: &mut dyn FnMut(&Block)) -> f64 {
        match engine {
            Engine::Window => window::run(self, sink),
            Engine::Exponentials => exponentials::run(self, sink),
        }
    }

    /// Estimate of the mean number of samples in a window, from evenly picked targets.
    fn mean_window(&self) -> f64 {
        let stride = self.targets.len().div_ceil(PROBES).max(1);
        let probes = self.targets.iter().step_by(stride);
        let count = probes.len().max(1);
        let pairs: usize = probes.map(|&target| self.window(target).len()).sum();
        pairs as f64 / count as f64
    }

    /// The samples that the kernel sees from `target`, by index.
    fn window(&self, target: f64) -> Range<usize> {
        self.window_of(target, self.kernel.visible_radius())
    }

    /// The samples within `radius` of `target`, by index.
    fn window_of(&self, target: f64, radius: f64) -> Range<usize> {
        let x = self.samples.x;
        let start = x.partition_point(|&x| x < target && (x - target).abs() > radius);
        let end = match self.side {
            Side::Both => x.partition_point(|&x| x <= target || (x - target).abs() <= radius),
            Side::Past => x.partition_point(|&x| x <= target),
        };
        start..end
    }

    /// Largest absolute value; never 0.
    fn largest_value(&self) -> f64 {
        let Samples { y, offset, .. } = self.samples;
        let sizes = y.iter().map(|y| (y - offset).abs()).filter(|size| size.is_finite());
        sizes.fold(f64::MIN_POSITIVE, f64::max)
    }

    fn blocks(&self) -> usize {
        self.targets.len().div_ceil(BLOCK)
    }

    fn block_range(&self, block: usize) -> Range<usize> {
        block * BLOCK..((block + 1) * BLOCK).min(self.targets.len())
    }
}

#[cfg(test)]
mod tests {
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
                            direct::kernel_sums(&case.x, &case.values, None, *target, 20.0, &options)
                                .unwrap();
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
}
