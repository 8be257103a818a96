//! Choosing sigma from the data.

use crate::options::{Method, SmoothOptions};
use crate::smoother::Smoother;
use crate::{InputError, SmoothError};

/// Sigmas tried before the search narrows, evenly spaced in their logarithm.
const COARSE: usize = 24;
/// Steps of the golden-section search: each shortens the interval to 0.618.
const FINE: usize = 24;

/// The sigma with the smallest leave-one-out error.
#[derive(Debug, Clone, PartialEq)]
pub struct AutoSigma {
    /// In the unit of x.
    pub sigma: f64,
    /// Mean squared leave-one-out error there, in the unit of y squared.
    pub score: f64,
    /// Every sigma tried, with its score, in rising order of sigma.
    pub tried: Vec<(f64, f64)>,
}

/// Chooses sigma by leave-one-out cross-validation: the one whose smooth best predicts each sample from the
/// others (Stone 1974), between the median spacing of x over 3 and half its range.
///
/// Each sigma costs one pass, since leaving out sample `i` of a linear smooth with the share `S_ii` of the
/// sample in its own output makes the residual `r_i / (1 - S_ii)`. The options' derivative is ignored;
/// the boundary must be [`crate::Boundary::Renormalize`].
///
/// # Errors
///
/// As [`Smoother::new`]; [`InputError::TooFew`] for fewer than three finite samples or a single x;
/// [`SmoothError::NoSigma`] where no sigma lets every sample be predicted.
pub fn auto_sigma(
    x: &[f64],
    y: &[f64],
    weights: Option<&[f64]>,
    options: &SmoothOptions,
) -> Result<AutoSigma, SmoothError> {
    let (low, high) = search_range(x, y)?;
    let options = options.with_derivative(0);
    let mut tried = Vec::new();
    let mut score = |log_sigma: f64| -> Result<f64, SmoothError> {
        let sigma = log_sigma.exp();
        let options = if options.method == Method::Fft { options.with_method(Method::Auto) } else { options };
        let found = Smoother::new(x, sigma, &options)?.leave_one_out(y, weights)?;
        let found = if found.is_nan() { f64::INFINITY } else { found };
        tried.push((sigma, found));
        Ok(found)
    };
    let step = (high.ln() - low.ln()) / (COARSE - 1) as f64;
    let grid: Vec<f64> = (0..COARSE).map(|k| low.ln() + k as f64 * step).collect();
    let scores = grid.iter().map(|&log_sigma| score(log_sigma)).collect::<Result<Vec<_>, _>>()?;
    let best = (0..COARSE).min_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
    golden_section(grid[best.saturating_sub(1)], grid[(best + 1).min(COARSE - 1)], &mut score)?;
    tried.sort_by(|a, b| a.0.total_cmp(&b.0));
    let best = tried.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
    match best {
        Some((sigma, score)) if score.is_finite() => Ok(AutoSigma { sigma, score, tried }),
        _ => Err(SmoothError::NoSigma),
    }
}

/// The sigmas worth trying.
fn search_range(x: &[f64], y: &[f64]) -> Result<(f64, f64), SmoothError> {
    hexad_core::check_finite("x", x)?;
    hexad_core::check_length("y", y.len(), x.len())?;
    let mut present: Vec<f64> = x.iter().zip(y).filter(|(_, y)| y.is_finite()).map(|(x, _)| *x).collect();
    present.sort_by(f64::total_cmp);
    let mut gaps: Vec<f64> =
        present.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0.0).collect();
    if present.len() < 3 || gaps.is_empty() {
        let got = gaps.len().min(present.len());
        return Err(InputError::TooFew { argument: "samples at different x", needed: 3, got }.into());
    }
    gaps.sort_by(f64::total_cmp);
    let range = present[present.len() - 1] - present[0];
    let low = gaps[gaps.len() / 2] / 3.0;
    Ok((low, (range / 2.0).max(2.0 * low)))
}

/// Kiefer's search (1953) for the minimum of `score` between `low` and `high`; `score` keeps what it finds.
fn golden_section(
    mut low: f64,
    mut high: f64,
    score: &mut impl FnMut(f64) -> Result<f64, SmoothError>,
) -> Result<(), SmoothError> {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_a, mut at_b) = (score(a)?, score(b)?);
    for _ in 0..FINE {
        if at_a <= at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - ratio * (high - low);
            at_a = score(a)?;
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + ratio * (high - low);
            at_b = score(b)?;
        }
    }
    Ok(())
}
