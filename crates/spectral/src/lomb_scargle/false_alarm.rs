//! How probable it is that noise alone has a peak as high.

use hexad_core::{InputError, check_fraction, check_positive};

use super::{LombNormalization, LombScargle};
use crate::SpectralError;

/// Powers are compared as this: `-ln(1 - share)`, which neither end of the range crowds.
type LogPower = f64;

impl LombScargle {
    /// The probability that white noise has a peak of at least `power` somewhere up to `max_frequency_hz`: the
    /// bound of Baluev, close to the truth where it is small. `power` is in the normalization chosen.
    ///
    /// With sigmas given and [`LombNormalization::Psd`] the noise counts as known; otherwise its variance as
    /// estimated from the samples.
    ///
    /// # Errors
    ///
    /// [`SpectralError::NoProbability`] for [`LombNormalization::Amplitude`], [`InputError`] for a power that
    /// cannot be one, a frequency that is not positive and fewer than 5 samples, 6 with a line taken off.
    ///
    /// # Deviation
    ///
    /// Every normalization of one fit has the same probability here, that of Baluev's z1. The expressions of
    /// astropy for `model` and `log` are smaller by about one over the number of samples; averaged over the
    /// noise's size, z1 gives the exact result for known noise and they do not.
    ///
    /// # References
    ///
    /// R. V. Baluev, MNRAS 385, 2008, doi:10.1111/j.1365-2966.2008.12689.x, equations 5 and 6 and table 1.
    pub fn false_alarm_probability(&self, power: f64, max_frequency_hz: f64) -> Result<f64, SpectralError> {
        let noise = self.noise(max_frequency_hz)?;
        let log = self.log_power(power)?;
        Ok(noise.probability(log))
    }

    /// The power that white noise exceeds somewhere up to `max_frequency_hz` with the given probability: the
    /// inverse of [`LombScargle::false_alarm_probability`].
    ///
    /// # Errors
    ///
    /// As there; [`InputError::OutOfRange`] for a probability that is not between 0 and 1.
    pub fn false_alarm_level(&self, probability: f64, max_frequency_hz: f64) -> Result<f64, SpectralError> {
        check_fraction("probability", probability)?;
        let noise = self.noise(max_frequency_hz)?;
        self.log_power(0.0)?;
        // The bound falls wherever it is below 1 for good: find that side, then halve.
        let (mut low, mut high) = (0.0, 1.0);
        while noise.probability(high) > probability {
            (low, high) = (high, 2.0 * high);
        }
        while high - low > 1e-15 * high {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                break;
            }
            if noise.probability(middle) > probability { low = middle } else { high = middle }
        }
        Ok(self.power_of_log(high))
    }

    fn noise(&self, max_frequency_hz: f64) -> Result<Noise, SpectralError> {
        check_positive("max_frequency_hz", max_frequency_hz)?;
        let samples = self.samples();
        let fixed = self.trend.parameters;
        let needed = 4 + fixed;
        if samples < needed {
            return Err(InputError::TooFew { argument: "y", needed, got: samples }.into());
        }
        let moment = |order: i32| -> f64 {
            self.time.iter().zip(&self.weights).map(|(time, weight)| weight * time.powi(order)).sum()
        };
        let mean = moment(1);
        let spread = self.time.iter().zip(&self.weights).map(|(time, weight)| weight * (time - mean).powi(2));
        let bandwidth = max_frequency_hz * (4.0 * std::f64::consts::PI * spread.sum::<f64>()).sqrt();
        let free = (samples - fixed) as f64;
        Ok(Noise { known: self.noise_is_known(), bandwidth, free, free_of_tone: free - 2.0 })
    }

    fn noise_is_known(&self) -> bool {
        self.known_noise && self.options.normalization == LombNormalization::Psd
    }

    /// For known noise the psd power itself.
    fn log_power(&self, power: f64) -> Result<LogPower, SpectralError> {
        let refuse = |allowed| {
            let argument = "power";
            Err(InputError::OutOfRange { argument, value: power, allowed }.into())
        };
        if power.is_nan() || power < 0.0 {
            return refuse(">= 0");
        }
        let whole = 0.5 * self.total_weight * self.solver.variance;
        let share = match self.options.normalization {
            LombNormalization::Amplitude => return Err(SpectralError::NoProbability),
            LombNormalization::Log => return Ok(power),
            LombNormalization::Model => return Ok(power.ln_1p()),
            LombNormalization::Psd if self.noise_is_known() || whole == 0.0 => return Ok(power),
            LombNormalization::Psd => power / whole,
            LombNormalization::Standard => power,
        };
        if share > 1.0 + 1e-12 {
            refuse("at most that of a perfect fit")
        } else {
            Ok(-(-share.min(1.0)).ln_1p())
        }
    }

    fn power_of_log(&self, log: LogPower) -> f64 {
        let share = -(-log).exp_m1();
        match self.options.normalization {
            LombNormalization::Log => log,
            LombNormalization::Model => log.exp_m1(),
            LombNormalization::Psd if self.noise_is_known() => log,
            LombNormalization::Psd => 0.5 * self.total_weight * self.solver.variance * share,
            LombNormalization::Standard | LombNormalization::Amplitude => share,
        }
    }
}

/// White noise seen at the times of the samples.
struct Noise {
    known: bool,
    /// W of Baluev: the band times the effective length.
    bandwidth: f64,
    /// Degrees of freedom without and with the tone: N_H and N_K.
    free: f64,
    free_of_tone: f64,
}

impl Noise {
    fn probability(&self, log: LogPower) -> f64 {
        // A perfect fit: large, but not so that 0 times it is NaN.
        let log = log.min(f64::MAX);
        let (single, peaks) = if self.known {
            ((-log).exp(), self.bandwidth * (-log).exp() * log.sqrt())
        } else {
            let share = -(-log).exp_m1();
            let tail = |exponent: f64| (-exponent * log).exp();
            let height = (0.5 * self.free * share).sqrt();
            let factor = (2.0 / self.free).sqrt() * half_step_of_gamma(0.5 * (self.free - 1.0));
            (
                tail(0.5 * self.free_of_tone),
                factor * self.bandwidth * tail(0.5 * (self.free_of_tone - 1.0)) * height,
            )
        };
        // 1 - (1 - single) exp(-peaks), without cancellation.
        single * (-peaks).exp() - (-peaks).exp_m1()
    }
}

/// `Gamma(x + 1/2) / Gamma(x)`: its series in 1/x from 100 on, and `Gamma(x + 1) = x Gamma(x)` below.
fn half_step_of_gamma(x: f64) -> f64 {
    let (mut x, mut factor) = (x, 1.0);
    while x < 100.0 {
        factor *= x / (x + 0.5);
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let series = [-399.0 / 262_144.0, -21.0 / 32768.0, 5.0 / 1024.0, 1.0 / 128.0, -1.0 / 8.0, 1.0];
    factor * x.sqrt() * series.iter().fold(0.0, |sum, coefficient| sum * inverse + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_steps_of_gamma_are_those_of_pi() {
        let root = std::f64::consts::PI.sqrt();
        // Gamma(1/2) = sqrt(pi), Gamma(1) = 1, Gamma(3/2) = sqrt(pi) / 2; two half steps are one of x.
        for (x, wanted) in [(0.5, 1.0 / root), (1.0, 0.5 * root), (2.0, 0.75 * root)] {
            assert!((half_step_of_gamma(x) / wanted - 1.0).abs() < 1e-13);
        }
        for x in [3.0, 17.5, 99.7, 1e3, 1e6] {
            let both = half_step_of_gamma(x) * half_step_of_gamma(x + 0.5);
            assert!((both / x - 1.0).abs() < 1e-12, "{x}");
        }
    }
}
