//! Complex signals, by their real and imaginary parts.

use hexad_core::{Complex64, InputError};

use super::layout::check_pair;
use super::moments::Moments;
use super::normalize::{divisor, needed_overlap, overlap_of_complex};
use super::{CorrelateScratch, Correlation, Correlator, Normalization};
use crate::CorrelateError;

/// Real and imaginary parts of a signal.
struct Parts {
    samples: [Vec<f64>; 2],
    moments: [Moments; 2],
}

impl Correlator {
    /// The correlation of two complex signals: `sum_n a[n + k] conj(b[n])`, by four real correlations. Allocates.
    ///
    /// A coefficient over the overlap is complex too; its size is at most 1.
    ///
    /// # Errors
    ///
    /// As [`Correlator::apply`].
    pub fn apply_complex(
        &self,
        a: &[Complex64],
        b: &[Complex64],
    ) -> Result<Correlation<Complex64>, CorrelateError> {
        check_pair(&self.layout, a.len(), b.len())?;
        let (a, b) = (self.parts("a", a)?, self.parts("b", b)?);
        let mut scratch = CorrelateScratch::default();
        let mut real = |which_a: usize, which_b: usize| {
            let mut sums = vec![0.0; self.layout.lags];
            let signals = [&a.samples[which_a][..], &b.samples[which_b][..]];
            let moments = [a.moments[which_a], b.moments[which_b]];
            self.sums_into(signals, &moments, &mut sums, &mut scratch).map(|()| sums)
        };
        let [rr, ii, ir, ri] = [real(0, 0)?, real(1, 1)?, real(1, 0)?, real(0, 1)?];
        let value = |k: usize| Complex64::new(rr[k] + ii[k], ir[k] - ri[k]);
        let mut values: Vec<_> = (0..self.layout.lags).map(value).collect();
        self.normalize_complex(&a, &b, &mut values)?;
        Ok(Correlation { values, first_lag: self.layout.first })
    }

    fn parts(&self, argument: &'static str, signal: &[Complex64]) -> Result<Parts, CorrelateError> {
        let samples =
            [signal.iter().map(|z| z.re).collect(), signal.iter().map(|z| z.im).collect::<Vec<_>>()];
        let of = |part: &Vec<f64>| Moments::of(argument, part, self.options.removes_mean());
        let moments = [of(&samples[0])?, of(&samples[1])?];
        let needs_energy =
            matches!(self.options.normalization, Normalization::Coefficient | Normalization::Overlap);
        if needs_energy && moments[0].check_varies(argument, &samples[0]).is_err() {
            moments[1].check_varies(argument, &samples[1])?;
        }
        Ok(Parts { samples, moments })
    }

    fn normalize_complex(&self, a: &Parts, b: &Parts, values: &mut [Complex64]) -> Result<(), InputError> {
        if self.options.normalization == Normalization::Overlap {
            let needed = needed_overlap(self.layout.len_a, self.layout.len_b, &self.options)?;
            let (signals, moments) = ([&a.samples, &b.samples], [&a.moments, &b.moments]);
            overlap_of_complex(&self.layout, needed, signals, moments, values);
            return Ok(());
        }
        let energies = [a, b].map(|parts| parts.moments[0].energy + parts.moments[1].energy);
        let divisor = divisor(self.options.normalization, &self.layout, energies);
        for (value, lag) in values.iter_mut().zip(self.layout.first..) {
            *value /= divisor(lag);
        }
        Ok(())
    }
}
