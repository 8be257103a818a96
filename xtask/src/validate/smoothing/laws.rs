//! What follows from the mathematics, whatever the data.

use std::f64::consts::{PI, TAU};

use hexad_smoothing::{
    Boundary, Fit, SmoothError, SmoothOptions, SmoothStream, Smoother, Truncation, smooth,
};
use hexad_testkit::{Random, max_difference};

use super::{indices, relative_error};
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

/// Asked for wherever a law is exact.
const TOLERANCE: f64 = 1e-12;

fn exact() -> SmoothOptions {
    SmoothOptions::default().with_truncation(Truncation::Exact).with_tolerance(TOLERANCE)
}

pub(super) fn threads() -> Outcome {
    let mut random = Random::new(7);
    let even = indices(100_000);
    let uneven: Vec<f64> = even[..5000].iter().map(|x| x + random.uniform(-0.4, 0.4)).collect();
    let y = random.vector(even.len(), -4.0, 4.0);
    let run = |threads: usize| -> Result<Vec<f64>, Box<dyn std::error::Error>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        let both = || -> Result<Vec<f64>, SmoothError> {
            let mut all = smooth(&even, &y, 12.0, &exact())?;
            all.extend(smooth(&even, &y, 12.0, &SmoothOptions::default().with_boundary(Boundary::Reflect))?);
            all.extend(smooth(&uneven, &y[..uneven.len()], 12.0, &exact())?);
            Ok(all)
        };
        Ok(pool.install(both)?)
    };
    let one = run(1)?;
    let mut differing = 0;
    for threads in [2, 3] {
        let many = run(threads)?;
        differing += one.iter().zip(&many).filter(|(a, b)| a.to_bits() != b.to_bits()).count();
    }
    Ok(Claim::new(
        "With one, two and three threads every output has the same 64 bits: even x exact and truncated, \
         uneven x. Measured: outputs that differ.",
        differing as f64,
        Bound::AtMost(0.0),
    )
    .note(format!("{} outputs compared", 2 * one.len())))
}

pub(super) fn stream() -> Outcome {
    let mut random = Random::new(10);
    let y = random.vector(50_000, -4.0, 4.0);
    let truncated = SmoothOptions::default();
    let (mut differing, mut compared) = (0, 0);
    for options in [exact(), truncated, truncated.with_boundary(Boundary::Reflect)] {
        for sigma in [1.5, 12.0, 300.0] {
            let whole = Smoother::uniform(y.len(), 1.0, sigma, &options)?.apply(&y)?;
            for piece in [1, 97, 4096, 30_000] {
                let mut stream = SmoothStream::new(1.0, sigma, &options)?;
                let mut out = Vec::new();
                for samples in y.chunks(piece) {
                    stream.push(samples, &mut out)?;
                }
                stream.finish(&mut out)?;
                differing += out.len().abs_diff(whole.len());
                differing += out.iter().zip(&whole).filter(|(a, b)| a.to_bits() != b.to_bits()).count();
                compared += whole.len();
            }
        }
    }
    Ok(Claim::new(
        "Samples pushed one by one, in pieces of 97, 4,096 or 30,000, give the same 64 bits as the whole \
         signal at once. Measured: outputs that differ.",
        differing as f64,
        Bound::AtMost(0.0),
    )
    .note(format!("{compared} outputs compared")))
}

pub(super) fn constants() -> Outcome {
    let y = vec![-271.828; 2000];
    let mut worst: f64 = 0.0;
    for boundary in
        [Boundary::Renormalize, Boundary::Reflect, Boundary::Mirror, Boundary::Nearest, Boundary::Wrap]
    {
        for truncation in [Truncation::Exact, Truncation::Sigmas(4.0)] {
            for sigma in [0.4, 9.0, 80.0] {
                let options = exact().with_boundary(boundary).with_truncation(truncation);
                let smooth = Smoother::uniform(y.len(), 1.0, sigma, &options)?.apply(&y)?;
                worst = worst.max(relative_error(&smooth, &y, &y));
            }
        }
    }
    Ok(Claim::new(
        "A constant stays the constant, whatever the boundary, truncation and sigma. Measured: the largest \
         change, relative.",
        worst,
        Bound::AtMost(TOLERANCE),
    )
    .formula("sum_j w_j c / sum_j w_j = c"))
}

pub(super) fn lines() -> Outcome {
    let mut random = Random::new(8);
    let even = indices(1500);
    let uneven: Vec<f64> = (0..1500).map(|_| 1500.0 * random.unit().powi(2)).collect();
    let mut worst: f64 = 0.0;
    for x in [&even, &uneven] {
        let y: Vec<f64> = x.iter().map(|x| 3.0 - 0.02 * x).collect();
        for sigma in [2.0, 40.0] {
            let smooth = smooth(x, &y, sigma, &exact().with_fit(Fit::Linear))?;
            worst = worst.max(relative_error(&smooth, &y, &y));
        }
    }
    Ok(Claim::new(
        "The local linear fit gives back a straight line, at the ends, in gaps and where points crowd. \
         Measured: the largest change, in units of the largest |y|.",
        worst,
        Bound::AtMost(10.0 * TOLERANCE),
    )
    .formula("minimize sum_j w_j (y_j - a - b (x_j - x))^2;  s(x) = a")
    .source("Cleveland 1979; Fan and Gijbels 1996, section 3.1"))
}

pub(super) fn semigroup() -> Outcome {
    let y = Random::new(9).vector(4096, -1.0, 1.0);
    let pass = |y: &[f64], sigma: f64| {
        Smoother::uniform(y.len(), 1.0, sigma, &exact().with_boundary(Boundary::Wrap))?.apply(y)
    };
    let mut worst: f64 = 0.0;
    for (first, second, both) in [(3.0, 4.0, 5.0), (5.0, 12.0, 13.0), (80.0, 60.0, 100.0)] {
        worst = worst.max(relative_error(&pass(&pass(&y, first)?, second)?, &pass(&y, both)?, &y));
    }
    Ok(Claim::new(
        "Smoothing with sigma 3 and then 4 is smoothing with 5; likewise 5, 12, 13 and 80, 60, 100. \
         Measured: the largest difference, in units of the largest |y|; the bound is the tolerance of \
         three smooths.",
        worst,
        Bound::AtMost(3.0 * TOLERANCE),
    )
    .formula("G(s1) * G(s2) = G(sqrt(s1^2 + s2^2))")
    .source("Lindeberg 1990, doi:10.1109/34.49051"))
}

pub(super) fn transfer() -> Outcome {
    const LEN: usize = 5000;
    const SIGMA: f64 = 5.0;
    let options = exact().with_boundary(Boundary::Wrap);
    let plan = Smoother::uniform(LEN, 1.0, SIGMA, &options)?;
    let (mut worst, mut gains) = (0.0_f64, Vec::new());
    for cycles in (0..=600).step_by(25) {
        let frequency = f64::from(cycles) / LEN as f64;
        let wave: Vec<f64> = indices(LEN).iter().map(|i| (TAU * frequency * i).cos()).collect();
        let gain = (-2.0 * (PI * frequency * SIGMA).powi(2)).exp();
        let wanted: Vec<f64> = wave.iter().map(|y| gain * y).collect();
        let got = plan.apply(&wave)?;
        worst = worst.max(max_difference(&got, &wanted));
        gains.push((frequency, got[0]));
    }
    let curve = (0..=240).map(|k| f64::from(k) / 2000.0);
    let chart = Chart::new("Gain of the smooth, sigma = 5 samples", "cycles a sample", "gain")
        .line("formula", curve.map(|f| (f, (-2.0 * (PI * f * SIGMA).powi(2)).exp())))
        .dots("measured on sinusoids", gains);
    Ok(Claim::new(
        "A sinusoid comes out as the same sinusoid, smaller by the Gaussian's transfer function. Measured: \
         the largest difference over 25 frequencies, of an amplitude of 1.",
        worst,
        // The phase of the last sample, 2 pi f N, is rounded to about 4e-13.
        Bound::AtMost(2.0 * TOLERANCE),
    )
    .formula("H(f) = exp(-2 pi^2 f^2 sigma^2)")
    .source("Fourier transform of the Gaussian")
    .chart(chart))
}
