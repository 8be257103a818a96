//! What is taken off samples at any times before tones are fitted.

use super::{LombMean, LombScargleOptions};
use crate::Detrend;

/// The line of weighted least squares `constant + rise (time - middle) / span`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trend {
    constant: f64,
    rise: f64,
    middle: f64,
    span: f64,
    /// Numbers that were fitted: 0, 1 or 2.
    pub parameters: usize,
}

impl Trend {
    /// Of values at times from 0 up; `weights` sum to 1.
    pub fn of(options: &LombScargleOptions, time: &[f64], y: &[f64], weights: &[f64]) -> Self {
        let parameters = match (options.detrend, options.mean) {
            (Detrend::Linear, _) => 2,
            (Detrend::None, LombMean::Zero) => 0,
            // A constant that is fitted with each tone is taken off as well: values far from 0 lose nothing then.
            (Detrend::Constant, _) | (Detrend::None, LombMean::Floating | LombMean::Subtracted) => 1,
        };
        let constant = if parameters == 0 { 0.0 } else { weighted(y, weights) };
        let level = Self { constant, rise: 0.0, middle: 0.0, span: 1.0, parameters };
        if parameters < 2 { level } else { level.tilted(time, y, weights) }
    }

    fn tilted(mut self, time: &[f64], y: &[f64], weights: &[f64]) -> Self {
        let span = time.iter().fold(0.0_f64, |span, time| span.max(*time));
        if span == 0.0 {
            // At one time only there is no slope.
            return self;
        }
        (self.middle, self.span) = (weighted(time, weights), span);
        let (mut moments, mut spread) = (0.0, 0.0);
        for ((time, y), weight) in time.iter().zip(y).zip(weights) {
            let place = (time - self.middle) / span;
            moments += weight * place * (y - self.constant);
            spread += weight * place * place;
        }
        self.rise = if spread > 0.0 { moments / spread } else { 0.0 };
        self
    }

    /// `y` at `time` without the trend.
    pub fn off(&self, time: f64, y: f64) -> f64 {
        (y - self.constant) - self.rise * ((time - self.middle) / self.span)
    }

    /// The line at time 0.
    pub fn at_zero(&self) -> f64 {
        self.constant - self.rise * (self.middle / self.span)
    }

    /// Per second.
    pub fn slope(&self) -> f64 {
        self.rise / self.span
    }
}

fn weighted(values: &[f64], weights: &[f64]) -> f64 {
    values.iter().zip(weights).map(|(value, weight)| weight * value).sum()
}
