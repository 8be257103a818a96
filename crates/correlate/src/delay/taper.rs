//! Windows over whole records, and how many samples count where they meet.

use super::search::{Lags, overlap};
use crate::CorrelateError;
use crate::correlate::{CorrelateOptions, Correlator, Lags as Range};
use crate::preprocess::taper;

/// Share of the most samples that count at a lag below which a lag is treated as if it had that share: where two
/// windows hardly meet, a coefficient of what is left means nothing.
const LEAST: f64 = 0.01;

/// The windows of both records, the shorter first; none without a taper.
#[derive(Debug, Clone)]
pub(super) struct Tapers {
    lengths: [usize; 2],
    windows: Option<[Window; 2]>,
}

#[derive(Debug, Clone)]
pub(super) struct Window {
    pub values: Vec<f64>,
    /// `sum w^2`.
    pub squares: f64,
}

impl Window {
    fn new(len: usize, share: f64) -> Self {
        let mut values = vec![1.0; len];
        taper(&mut values, share);
        let squares = values.iter().map(|w| w * w).sum();
        Self { values, squares }
    }
}

impl Tapers {
    pub fn new(lengths: [usize; 2], share: f64) -> Self {
        let windows = (share > 0.0).then(|| lengths.map(|len| Window::new(len, share)));
        Self { lengths, windows }
    }

    pub fn window(&self, record: usize) -> Option<&Window> {
        self.windows.as_ref().map(|windows| &windows[record])
    }

    /// Per lag `1 / sqrt(N V)`, V being the variance of the sum of products of white noise of variance 1: the overlap,
    /// or `sum_n w[n]^2 v[n + k]^2` of both windows.
    pub fn scales(&self, lags: Lags) -> Result<Vec<f64>, CorrelateError> {
        let samples = self.lengths[0] as f64;
        let Some(windows) = &self.windows else {
            let count = |lag| overlap(self.lengths, lag).len() as f64;
            return Ok((lags.low..=lags.high).map(|lag| 1.0 / (samples * count(lag)).sqrt()).collect());
        };
        let [short, long] =
            windows.each_ref().map(|window| window.values.iter().map(|w| w * w).collect::<Vec<_>>());
        let range = Range::Range(lags.low, lags.high);
        let plan = Correlator::new(long.len(), short.len(), range, &CorrelateOptions::default())?;
        let variances = plan.apply(&long, &short)?.values;
        let least = LEAST * variances.iter().copied().fold(0.0, f64::max);
        Ok(variances.into_iter().map(|variance| 1.0 / (samples * variance.max(least)).sqrt()).collect())
    }

    /// The square that a coefficient of 1 at `lag` comes to with its scale: the share of the samples that count.
    pub fn share(&self, lag: i64, scale: f64) -> f64 {
        let range = overlap(self.lengths, lag);
        let Some([first, second]) = &self.windows else {
            return range.len() as f64 / self.lengths[0] as f64;
        };
        let partner = range.start.saturating_add_signed(isize::try_from(lag).unwrap_or(0));
        let opposite = first.values[range].iter().zip(&second.values[partner..]);
        (opposite.map(|(w, v)| w * v).sum::<f64>() * scale).powi(2)
    }

    /// Bins per independent one in a transform of length `len` of the shorter record.
    pub fn dependence(&self, len: usize) -> f64 {
        match self.window(0) {
            None => len as f64 / self.lengths[0] as f64,
            Some(Window { values, squares }) => {
                len as f64 * values.iter().map(|w| w.powi(4)).sum::<f64>() / (squares * squares)
            }
        }
    }
}

/// Writes a record times its window; the sum of squares of that over the window's.
pub(super) fn apply(record: &[f64], Window { values, squares }: &Window, out: &mut [f64]) -> f64 {
    let mut energy = 0.0;
    for ((out, x), w) in out.iter_mut().zip(record).zip(values) {
        *out = x * w;
        energy += *out * *out;
    }
    energy / squares
}
