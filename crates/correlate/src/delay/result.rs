//! What an estimate says.

/// Whether a delay can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There is a delay, and the right peak was taken.
    Clear,
    /// The records have something in common, but another peak may be the right one: the second highest is within
    /// three standard errors or one percent, or the peak stands at the end of the lags searched, or a single tone has several
    /// places in them.
    Ambiguous,
    /// Nothing that two unrelated records with these spectra would not show too, once in 250.
    None,
}

/// Which record comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leading {
    /// a: b is late, the delay is positive.
    A,
    /// b: a is late, the delay is negative.
    B,
    /// Neither: the delay is exactly zero, or there is none.
    Neither,
}

impl Leading {
    pub(super) fn of(delay: f64, verdict: Verdict) -> Self {
        if verdict == Verdict::None || delay == 0.0 {
            Self::Neither
        } else if delay > 0.0 {
            Self::A
        } else {
            Self::B
        }
    }
}

/// The delay of b behind a: `b(t) = a(t - delay)`, with how sure it is.
///
/// All numbers are given whatever the verdict; where it is [`Verdict::None`] they mean nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct DelayEstimate {
    /// The delay: positive where b is late.
    pub delay_s: f64,
    /// The same in samples.
    pub delay_samples: f64,
    /// The whole lag from which it was refined.
    pub lag_samples: i64,
    /// Correlation coefficient of what overlaps, at the delay and in the band; negative for a reversed polarity.
    pub coefficient: f64,
    /// 1, or -1 where b is a turned upside down.
    pub polarity: i32,
    /// One standard deviation of `delay_s`, if the right peak was taken.
    pub uncertainty_s: f64,
    /// Whether the signal is less than three times the noise in power, where `uncertainty_s` is too small: it then
    /// covers 57 % to 66 % instead of 68 %.
    pub uncertainty_is_lower_bound: bool,
    /// Probability that unrelated records with these spectra have a peak as high.
    pub chance: f64,
    /// Coefficient of the second highest peak over that of the highest; 0 if there is no other.
    pub second_peak_ratio: f64,
    /// Whether the delay can be relied on.
    pub verdict: Verdict,
    /// Which record comes first.
    pub leading: Leading,
    /// For records that share a single tone: its period. Whole multiples of it can be added to the delay.
    pub alias_period_s: Option<f64>,
}

impl DelayEstimate {
    /// The phase by which b is behind a, in degrees, for records that share a single tone.
    #[must_use]
    pub fn phase_deg(&self) -> Option<f64> {
        self.alias_period_s.map(|period| 360.0 * self.delay_s / period)
    }

    /// Of records of which b was moved earlier by `lag` samples before.
    pub(crate) fn later_by(self, lag: i64, sample_rate_hz: f64) -> Self {
        let delay_samples = self.delay_samples + lag as f64;
        Self {
            delay_s: delay_samples / sample_rate_hz,
            delay_samples,
            lag_samples: self.lag_samples + lag,
            leading: Leading::of(delay_samples, self.verdict),
            ..self
        }
    }

    /// With a and b exchanged.
    pub(super) fn reversed(self) -> Self {
        let leading = match self.leading {
            Leading::A => Leading::B,
            Leading::B => Leading::A,
            Leading::Neither => Leading::Neither,
        };
        Self {
            // 0 stays 0, not -0.
            delay_s: 0.0 - self.delay_s,
            delay_samples: 0.0 - self.delay_samples,
            lag_samples: -self.lag_samples,
            leading,
            ..self
        }
    }
}
