//! The numbers that describe a window.

use std::f64::consts::PI;

use hexad_core::Complex64;

use super::Window;
use crate::SpectralError;

/// What a window does to lines and noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WindowConstants {
    /// Mean of the window: what a line on a bin is multiplied with.
    pub coherent_gain: f64,
    /// Equivalent noise bandwidth `N sum w^2 / (sum w)^2`, in bins.
    pub enbw_bins: f64,
    /// What a line half way between two bins shows of its amplitude, in dB: 0 or less.
    pub scalloping_db: f64,
    /// Share by which segments should overlap: where the evenness of the summed windows exceeds the
    /// correlation of neighbouring segments by most (Heinzel 2002, section 10), in steps of 1/1000.
    pub recommended_overlap: f64,
}

/// Samples of the shape from which the overlap is found.
const SHAPE: usize = 1000;

impl Window {
    /// The constants for `len` samples.
    ///
    /// # Errors
    ///
    /// As [`Window::samples`].
    pub fn constants(&self, len: usize) -> Result<WindowConstants, SpectralError> {
        let w = self.samples(len)?;
        let sum: f64 = w.iter().sum();
        let square_sum: f64 = w.iter().map(|w| w * w).sum();
        let half_a_bin = |(n, w): (usize, &f64)| Complex64::from_polar(*w, -PI * n as f64 / len as f64);
        let between: Complex64 = w.iter().enumerate().map(half_a_bin).sum();
        Ok(WindowConstants {
            coherent_gain: sum / len as f64,
            enbw_bins: len as f64 * square_sum / (sum * sum),
            scalloping_db: 20.0 * (between.norm() / sum).log10(),
            recommended_overlap: best_overlap(&self.scaled(len).samples(SHAPE)?),
        })
    }

    /// The window of the same shape on [`SHAPE`] samples.
    fn scaled(self, len: usize) -> Self {
        match self {
            Self::Gaussian { sigma } => Self::Gaussian { sigma: sigma * SHAPE as f64 / len as f64 },
            other => other,
        }
    }
}

fn best_overlap(w: &[f64]) -> f64 {
    let gain = |hop: usize| flatness(w, hop) - correlation(w, hop);
    // Of equal ones the smallest overlap, which costs least.
    let best =
        (50..=w.len()).rev().reduce(|best, hop| if gain(hop) > gain(best) + 1e-9 { hop } else { best });
    1.0 - best.unwrap_or(w.len()) as f64 / w.len() as f64
}

/// Smallest over largest sum of windows that follow each other every `hop` samples.
fn flatness(w: &[f64], hop: usize) -> f64 {
    let sums = (0..hop).map(|start| w[start..].iter().step_by(hop).sum::<f64>());
    let (low, high) = sums.fold((f64::MAX, f64::MIN), |(low, high), sum| (low.min(sum), high.max(sum)));
    low / high
}

/// Correlation of windows `hop` samples apart.
fn correlation(w: &[f64], hop: usize) -> f64 {
    let shared: f64 = w.iter().zip(&w[hop..]).map(|(a, b)| a * b).sum();
    shared / w.iter().map(|w| w * w).sum::<f64>()
}
