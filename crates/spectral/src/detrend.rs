//! What is taken off a signal before its spectrum.

/// What is taken off a signal, or each segment of it, before its spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detrend {
    /// Nothing: the constant is a line like any other.
    #[default]
    None,
    /// The mean.
    Constant,
    /// The straight line of least squares.
    Linear,
}

impl Detrend {
    /// The line `mean + slope (n - middle)` to be taken off `signal`, `middle` being `(N - 1) / 2`.
    fn line(self, signal: &[f64]) -> (f64, f64) {
        let mean = match self {
            Self::None => return (0.0, 0.0),
            Self::Constant | Self::Linear => mean(signal),
        };
        if self == Self::Constant {
            return (mean, 0.0);
        }
        let len = signal.len() as f64;
        let middle = 0.5 * (len - 1.0);
        let moment = |(n, x): (usize, &f64)| (n as f64 - middle) * (x - mean);
        let moments: f64 = signal.iter().enumerate().map(moment).sum();
        // sum (n - middle)^2 = N (N^2 - 1) / 12; a single sample has no slope.
        let spread = len * (len * len - 1.0) / 12.0;
        (mean, if spread > 0.0 { moments / spread } else { 0.0 })
    }

    /// Writes `signal` without its trend to `out`.
    pub(crate) fn apply(self, signal: &[f64], out: &mut [f64]) {
        let (mean, slope) = self.line(signal);
        let middle = 0.5 * (signal.len() as f64 - 1.0);
        for ((n, x), out) in signal.iter().enumerate().zip(out) {
            *out = (x - mean) - slope * (n as f64 - middle);
        }
    }
}

/// The mean, exact to rounding of its own size however far the samples are from 0.
fn mean(signal: &[f64]) -> f64 {
    let Some(&first) = signal.first() else { return 0.0 };
    let len = signal.len() as f64;
    first + signal.iter().map(|x| x - first).sum::<f64>() / len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trends_leave_nothing_behind() {
        let ramp: Vec<f64> = (0..101).map(|n| 1e8 + 0.25 * f64::from(n)).collect();
        let mut out = vec![0.0; 101];
        Detrend::Linear.apply(&ramp, &mut out);
        assert!(out.iter().all(|x| x.abs() < 1e-7));
        Detrend::Constant.apply(&ramp, &mut out);
        assert!((out[0] + 12.5).abs() < 1e-7 && out.iter().sum::<f64>().abs() < 1e-5);
        Detrend::None.apply(&ramp, &mut out);
        assert_eq!(out, ramp);
    }

    #[test]
    fn one_sample_has_no_slope() {
        let mut out = [f64::NAN];
        Detrend::Linear.apply(&[3.0], &mut out);
        assert_eq!(out, [0.0]);
    }
}
