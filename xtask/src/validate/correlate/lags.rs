//! Some lags and all of them.

use hexad_correlate::{CorrelateOptions, Correlation, Lags, Method, Normalization, correlate};
use hexad_testkit::Random;

use crate::validate::claim::{Bound, Claim, Outcome};

pub(super) fn some_are_those_of_all() -> Outcome {
    let mut random = Random::new(42);
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    for (len_a, len_b, most) in
        [(2_000_000, 2_000_000, 5000), (300_000, 1_000_000, 20_000), (50_000, 50_000, 12)]
    {
        let (a, b) = (random.vector(len_a, -1.0, 1.0), random.vector(len_b, -1.0, 1.0));
        let with = |normalization: Normalization, method: Method| {
            CorrelateOptions::default().with_normalization(normalization).with_method(method)
        };
        for normalization in [Normalization::Coefficient, Normalization::Overlap] {
            let all = correlate(&a, &b, Lags::Full, &with(normalization, Method::Fft))?;
            for method in [Method::Segmented, Method::Direct] {
                // 2e10 products and more would take minutes.
                if method == Method::Direct && most > 12 {
                    continue;
                }
                let some = correlate(&a, &b, Lags::Within(most), &with(normalization, method))?;
                let difference = largest_difference(&some, &all);
                worst = worst.max(difference);
                notes.push(format!(
                    "{len_a} and {len_b} samples, lags to {most}, {normalization:?}, {method:?}: {difference:.1e}"
                ));
            }
        }
    }
    let claim = Claim::new(
        "Only the lags asked for, in memory of their number, are those of the whole correlation. Measured: the \
         largest difference of coefficients.",
        worst,
        Bound::AtMost(1e-12),
    );
    Ok(notes.into_iter().fold(claim, Claim::note))
}

/// Infinite where a lag is missing on one side.
fn largest_difference(some: &Correlation, all: &Correlation) -> f64 {
    let apart = |(index, value): (usize, &f64)| {
        let difference = all.at(some.lag(index)).map_or(f64::NAN, |other| (value - other).abs());
        if difference.is_nan() { f64::INFINITY } else { difference }
    };
    some.values.iter().enumerate().map(apart).fold(0.0, f64::max)
}
