//! Injected currents.

use hexad_core::{InputError, check_finite, check_positive};

use crate::math::sine_of_turns;
use crate::random::{Stream, StreamKey};

/// The longest noise: 2^28 values.
const MOST_VALUES: f64 = 268_435_456.0;

/// One function of time. As a current its values are in uA/cm2.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Waveform {
    /// Always the same.
    Constant(f64),
    /// `value` from `from_ms` until just before `until_ms`, 0 elsewhere.
    Step {
        /// Start, in ms.
        from_ms: f64,
        /// End, in ms; may be infinite.
        until_ms: f64,
        /// The value.
        value: f64,
    },
    /// 0 before `from_ms`, `value` from `until_ms` on, a straight line between.
    Ramp {
        /// Start of the line, in ms.
        from_ms: f64,
        /// End of the line, in ms.
        until_ms: f64,
        /// The value at its end.
        value: f64,
    },
    /// `amplitude * sin(2 pi (frequency t + phase))`.
    Sine {
        /// Largest value.
        amplitude: f64,
        /// Frequency, in Hz.
        frequency_hz: f64,
        /// Phase at time 0, in turns.
        phase_turns: f64,
    },
    /// Values at `start_ms`, `start_ms + step_ms`, ...; 0 before the first and after the last.
    Table {
        /// Time of the first value, in ms.
        start_ms: f64,
        /// Time between values, in ms.
        step_ms: f64,
        /// The values.
        values: Vec<f64>,
        /// How it goes on between values.
        between: Between,
    },
}

/// How a table goes on between its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Each value is held for `step_ms`, the last one too.
    Hold,
    /// Straight lines.
    Line,
}

impl Waveform {
    /// Frozen white noise: normal values of standard deviation `sd`, each held for `interval_ms`.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] unless `interval_ms` and `duration_ms` are finite and positive and `sd` is finite,
    /// and for more than 2^28 values.
    pub fn noise(sd: f64, interval_ms: f64, duration_ms: f64, seed: u64) -> Result<Self, InputError> {
        Self::correlated_noise(sd, 0.0, interval_ms, duration_ms, seed)
    }

    /// Frozen Ornstein-Uhlenbeck noise: standard deviation `sd`, correlation time `tau_ms`, drawn exactly every
    /// `interval_ms` and held.
    ///
    /// # Errors
    ///
    /// As [`Waveform::noise`]; `tau_ms` must be finite and not negative.
    pub fn correlated_noise(
        sd: f64,
        tau_ms: f64,
        interval_ms: f64,
        duration_ms: f64,
        seed: u64,
    ) -> Result<Self, InputError> {
        check_finite("sd", &[sd])?;
        check_positive("interval_ms", interval_ms)?;
        check_positive("duration_ms", duration_ms)?;
        if !(tau_ms.is_finite() && tau_ms >= 0.0) {
            return Err(InputError::OutOfRange {
                argument: "tau_ms",
                value: tau_ms,
                allowed: "finite and >= 0",
            });
        }
        if duration_ms / interval_ms > MOST_VALUES {
            let allowed = "at least duration_ms / 2^28";
            return Err(InputError::OutOfRange { argument: "interval_ms", value: interval_ms, allowed });
        }
        let kept = if tau_ms > 0.0 { libm::exp(-interval_ms / tau_ms) } else { 0.0 };
        let fresh = (1.0 - kept * kept).sqrt();
        let mut stream = Stream::new(&StreamKey { seed, ..StreamKey::default() });
        let mut value = stream.normal();
        let count = whole((duration_ms / interval_ms).ceil()).max(1);
        let values = (0..count).map(|_| {
            let now = sd * value;
            value = kept * value + fresh * stream.normal();
            now
        });
        let values = values.collect();
        Ok(Self::Table { start_ms: 0.0, step_ms: interval_ms, values, between: Between::Hold })
    }

    /// Its value at `time_ms`.
    #[must_use]
    pub fn at(&self, time_ms: f64) -> f64 {
        self.continued(time_ms, time_ms)
    }

    /// The value at `time_ms` of the piece in which `inside_ms` lies.
    pub(crate) fn continued(&self, time_ms: f64, inside_ms: f64) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Step { from_ms, until_ms, value } => {
                if inside_ms >= *from_ms && inside_ms < *until_ms {
                    *value
                } else {
                    0.0
                }
            }
            Self::Ramp { from_ms, until_ms, value } => {
                if inside_ms < *from_ms {
                    0.0
                } else if inside_ms >= *until_ms {
                    *value
                } else {
                    value * (time_ms - from_ms) / (until_ms - from_ms)
                }
            }
            Self::Sine { amplitude, frequency_hz, phase_turns } => {
                amplitude * sine_of_turns(frequency_hz * 1e-3 * time_ms + phase_turns)
            }
            Self::Table { start_ms, step_ms, values, between } => {
                let cell = ((inside_ms - start_ms) / step_ms).floor();
                if cell < 0.0 || cell >= values.len() as f64 {
                    return 0.0;
                }
                let (index, cell_ms) = (whole(cell), start_ms + cell * step_ms);
                match (between, values.get(index + 1)) {
                    (Between::Hold, _) => values[index],
                    (Between::Line, Some(next)) => {
                        values[index] + (next - values[index]) * (time_ms - cell_ms) / step_ms
                    }
                    (Between::Line, None) => 0.0,
                }
            }
        }
    }

    /// The next moment after `time_ms` at which it is not smooth, or infinity.
    fn next_break(&self, time_ms: f64) -> f64 {
        match self {
            Self::Constant(_) | Self::Sine { .. } => f64::INFINITY,
            Self::Step { from_ms, until_ms, .. } | Self::Ramp { from_ms, until_ms, .. } => {
                if time_ms < *from_ms {
                    *from_ms
                } else if time_ms < *until_ms {
                    *until_ms
                } else {
                    f64::INFINITY
                }
            }
            Self::Table { start_ms, step_ms, values, .. } => {
                let mut cell = (((time_ms - start_ms) / step_ms).floor() + 1.0).max(0.0);
                if start_ms + cell * step_ms <= time_ms {
                    cell += 1.0;
                }
                if cell <= values.len() as f64 { start_ms + cell * step_ms } else { f64::INFINITY }
            }
        }
    }

    /// Its least and largest value; wider for sums.
    pub(crate) fn bounds(&self) -> (f64, f64) {
        match self {
            Self::Constant(value) => (*value, *value),
            Self::Step { value, .. } | Self::Ramp { value, .. } => (value.min(0.0), value.max(0.0)),
            Self::Sine { amplitude, .. } => (-amplitude.abs(), amplitude.abs()),
            Self::Table { values, .. } => {
                values.iter().fold((0.0, 0.0), |(low, high), value| (value.min(low), value.max(high)))
            }
        }
    }

    pub(crate) fn check(&self) -> Result<(), InputError> {
        match self {
            Self::Constant(value) => check_finite("current", &[*value]),
            Self::Step { from_ms, until_ms, value } | Self::Ramp { from_ms, until_ms, value } => {
                check_finite("current", &[*value])?;
                check_finite("from_ms", &[*from_ms])?;
                let ramp_without_end = matches!(self, Self::Ramp { .. }) && !until_ms.is_finite();
                if until_ms > from_ms && !ramp_without_end {
                    return Ok(());
                }
                let allowed = "above from_ms, and finite for a ramp";
                Err(InputError::OutOfRange { argument: "until_ms", value: *until_ms, allowed })
            }
            Self::Sine { amplitude, frequency_hz, phase_turns } => {
                check_finite("current", &[*amplitude, *frequency_hz, *phase_turns])
            }
            Self::Table { start_ms, step_ms, values, .. } => {
                check_finite("start_ms", &[*start_ms])?;
                check_positive("step_ms", *step_ms)?;
                check_finite("values", values)
            }
        }
    }
}

/// An injected current: a sum of [`Waveform`]s in uA/cm2.
///
/// ```
/// use hexad_neuro_hh::{Current, Waveform};
/// let current = Current::constant(3.0).plus(Waveform::Step { from_ms: 10.0, until_ms: 20.0, value: 4.0 });
/// assert_eq!([5.0, 10.0, 20.0].map(|time_ms| current.at(time_ms)), [3.0, 7.0, 3.0]);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Current {
    terms: Vec<Waveform>,
}

impl Current {
    /// `current` uA/cm2 at all times.
    #[must_use]
    pub fn constant(current: f64) -> Self {
        Self { terms: vec![Waveform::Constant(current)] }
    }

    /// With one more term.
    #[must_use]
    pub fn plus(mut self, waveform: Waveform) -> Self {
        self.terms.push(waveform);
        self
    }

    /// Its value at `time_ms`, in uA/cm2.
    #[must_use]
    pub fn at(&self, time_ms: f64) -> f64 {
        self.continued(time_ms, time_ms)
    }

    pub(crate) fn continued(&self, time_ms: f64, inside_ms: f64) -> f64 {
        self.terms.iter().map(|term| term.continued(time_ms, inside_ms)).sum()
    }

    pub(crate) fn next_break(&self, time_ms: f64) -> f64 {
        self.terms.iter().map(|term| term.next_break(time_ms)).fold(f64::INFINITY, f64::min)
    }

    /// Its mean from `start_ms` to `end_ms`: exact for all but the sine, which is taken as a parabola between breaks.
    #[inline]
    pub(crate) fn mean(&self, start_ms: f64, end_ms: f64) -> f64 {
        match self.terms[..] {
            [Waveform::Constant(value)] => value,
            _ => self.mean_of_pieces(start_ms, end_ms),
        }
    }

    #[cold]
    fn mean_of_pieces(&self, start_ms: f64, end_ms: f64) -> f64 {
        let (mut at, mut integral) = (start_ms, 0.0);
        while at < end_ms {
            let next = self.next_break(at).min(end_ms);
            let middle = 0.5 * (at + next);
            let value = |time| self.continued(time, middle);
            integral += (next - at) * (value(at) + 4.0 * value(middle) + value(next)) / 6.0;
            at = next;
        }
        integral / (end_ms - start_ms)
    }

    pub(crate) fn check(&self) -> Result<(), InputError> {
        self.terms.iter().try_for_each(Waveform::check)
    }
}

/// A number that is whole and not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole and not negative by contract"
)]
fn whole(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_the_integrals() {
        let current = Current::constant(1.0)
            .plus(Waveform::Step { from_ms: 1.0, until_ms: 2.0, value: 6.0 })
            .plus(Waveform::Ramp { from_ms: 0.0, until_ms: 4.0, value: 8.0 });
        // 1, a sixth of the time 6, and a ramp that reaches 8 two thirds of the way.
        assert!((current.mean(0.0, 6.0) - (1.0 + 1.0 + (16.0 + 16.0) / 6.0)).abs() < 1e-12);
        let table = Waveform::Table {
            start_ms: 1.0,
            step_ms: 0.5,
            values: vec![2.0, 4.0, 0.0],
            between: Between::Line,
        };
        assert_eq!([0.9, 1.25, 1.5, 1.75, 2.6].map(|time| table.at(time)), [0.0, 3.0, 4.0, 2.0, 0.0]);
        assert!((Current::default().plus(table).mean(0.0, 4.0) - 2.5 / 4.0).abs() < 1e-12);
        let sine = Waveform::Sine { amplitude: 2.0, frequency_hz: 50.0, phase_turns: 0.25 };
        assert!((sine.at(5.0)).abs() < 1e-12 && (sine.at(20.0) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn noise_has_its_spread_and_its_memory() {
        let Waveform::Table { values, .. } = Waveform::correlated_noise(3.0, 5.0, 1.0, 1e5, 7).unwrap()
        else {
            unreachable!()
        };
        let count = values.len() as f64;
        let variance = values.iter().map(|x| x * x).sum::<f64>() / count;
        let product = values.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / count;
        // About 1e4 independent values: five standard errors are 7 %.
        assert!((variance / 9.0 - 1.0).abs() < 0.07, "{variance}");
        assert!((product / variance - (-0.2_f64).exp()).abs() < 0.01, "{product}");
        assert!(Waveform::noise(1.0, 0.0, 1.0, 0).is_err());
    }

    #[test]
    fn malformed_currents_are_refused() {
        let refused = [
            Waveform::Constant(f64::NAN),
            Waveform::Step { from_ms: 2.0, until_ms: 1.0, value: 1.0 },
            Waveform::Ramp { from_ms: 0.0, until_ms: f64::INFINITY, value: 1.0 },
            Waveform::Table { start_ms: 0.0, step_ms: 0.0, values: vec![], between: Between::Hold },
            Waveform::Table { start_ms: 0.0, step_ms: 1.0, values: vec![f64::NAN], between: Between::Hold },
        ];
        for waveform in refused {
            assert!(waveform.check().is_err(), "{waveform:?}");
        }
    }
}
