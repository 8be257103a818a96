//! Many correlations with one plan.

use hexad_core::{Complex64, InputError, check_length};
use rayon::prelude::*;

use super::moments::Moments;
use super::normalize::normalize;
use super::{CorrelateScratch, Correlation, Correlator, Engine};
use crate::CorrelateError;

/// The correlation of two channels.
#[derive(Debug, Clone, PartialEq)]
pub struct PairCorrelation {
    /// Index of the channel that is a.
    pub first: usize,
    /// Index of the channel that is b.
    pub second: usize,
    /// Their correlation.
    pub correlation: Correlation,
}

/// A channel and what is needed of it for every pair.
struct Channel<'a> {
    signal: &'a [f64],
    moments: Moments,
    /// Empty where the method has no use for it.
    transform: Vec<Complex64>,
}

impl Correlator {
    /// [`Correlator::apply`] to many pairs `[a, b]`, side by side on the threads of rayon. The bits do not depend
    /// on their number.
    ///
    /// # Errors
    ///
    /// As [`Correlator::apply`], for the first pair that has one.
    pub fn apply_batch(&self, pairs: &[[&[f64]; 2]]) -> Result<Vec<Correlation>, CorrelateError> {
        let one = |scratch: &mut CorrelateScratch, [a, b]: &[&[f64]; 2]| {
            let mut out = Correlation::default();
            self.apply_into(a, b, &mut out, scratch).map(|()| out)
        };
        let done: Vec<_> = pairs.par_iter().map_init(CorrelateScratch::default, one).collect();
        done.into_iter().collect()
    }

    /// The correlation of each channel with each later one: (0, 1), (0, 2), ..., (1, 2), ... With [`super::Method::Fft`]
    /// each channel is transformed once, and the transforms stay in memory: 16 bytes or a little more for each
    /// sample and each lag.
    ///
    /// The bits do not depend on the number of threads.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] unless the plan is for two signals of one length and every channel has it;
    /// [`InputError::NotFinite`] with the index of the first channel that holds NaN or infinity;
    /// [`InputError::ElementOutOfRange`] with the index of the first channel whose coefficient is not defined.
    pub fn all_pairs(&self, channels: &[&[f64]]) -> Result<Vec<PairCorrelation>, CorrelateError> {
        let count = channels.len();
        let pairs: Vec<_> =
            (0..count).flat_map(|first| (first + 1..count).map(move |other| [first, other])).collect();
        self.pairs(channels, &pairs)
    }

    /// As [`Correlator::all_pairs`], of some pairs `[first, second]` of the channels: each as among all.
    ///
    /// # Errors
    ///
    /// As [`Correlator::all_pairs`]; [`InputError::ElementOutOfRange`] for the first pair with a channel that is not
    /// there.
    pub fn pairs(
        &self,
        channels: &[&[f64]],
        pairs: &[[usize; 2]],
    ) -> Result<Vec<PairCorrelation>, CorrelateError> {
        if let Some(index) = pairs.iter().position(|pair| pair.iter().any(|one| *one >= channels.len())) {
            let value = pairs[index].into_iter().fold(0, usize::max) as f64;
            let (argument, allowed) = ("pairs", "an index of a channel");
            return Err(InputError::ElementOutOfRange { argument, index, value, allowed }.into());
        }
        check_length("b", self.layout.len_b, self.layout.len_a)?;
        let prepared: Vec<_> = channels
            .par_iter()
            .enumerate()
            .map_init(CorrelateScratch::default, |scratch, (index, signal)| {
                self.channel(index, signal, scratch)
            })
            .collect();
        let prepared = prepared.into_iter().collect::<Result<Vec<_>, _>>()?;
        let one = |scratch: &mut CorrelateScratch, [first, second]: &[usize; 2]| {
            let correlation = self.of_channels([&prepared[*first], &prepared[*second]], scratch)?;
            Ok(PairCorrelation { first: *first, second: *second, correlation })
        };
        let done: Vec<_> = pairs.par_iter().map_init(CorrelateScratch::default, one).collect();
        done.into_iter().collect()
    }

    fn channel<'a>(
        &self,
        index: usize,
        signal: &'a [f64],
        scratch: &mut CorrelateScratch,
    ) -> Result<Channel<'a>, CorrelateError> {
        check_length("channel", signal.len(), self.layout.len_a)?;
        let moments = self.moments("channels", signal).map_err(|error| of_channel(index, error))?;
        let transform = match &self.engine {
            // Both sides of a pair need the same samples.
            Engine::Fft(spectra) if self.layout.a == self.layout.b => {
                spectra.transformed(moments.part(&signal[self.layout.a.clone()]), &mut scratch.spectra)?
            }
            _ => Vec::new(),
        };
        Ok(Channel { signal, moments, transform })
    }

    fn of_channels(
        &self,
        [a, b]: [&Channel; 2],
        scratch: &mut CorrelateScratch,
    ) -> Result<Correlation, CorrelateError> {
        let mut out = Correlation::default();
        self.reset(&mut out);
        let (signals, moments) = ([a.signal, b.signal], [a.moments, b.moments]);
        match &self.engine {
            Engine::Fft(spectra) if !a.transform.is_empty() => {
                let transforms = [&a.transform[..], &b.transform[..]];
                spectra.run_transformed(transforms, &mut out.values, &mut scratch.spectra)?;
            }
            _ => self.sums_into(signals, &moments, &mut out.values, scratch)?,
        }
        normalize(&self.layout, &self.options, signals, &moments, &mut out.values);
        Ok(out)
    }
}

/// The error with the index of the channel.
pub(crate) fn of_channel(channel: usize, error: CorrelateError) -> CorrelateError {
    match error {
        CorrelateError::Input(InputError::NotFinite { argument, value, .. }) => {
            InputError::NotFinite { argument, index: channel, value }.into()
        }
        CorrelateError::Constant { argument, value } => {
            let allowed = "a signal that is not constant";
            InputError::ElementOutOfRange { argument, index: channel, value, allowed }.into()
        }
        other => other,
    }
}
