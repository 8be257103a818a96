//! Missing samples.

use hexad_core::{InputError, check_finite};

use crate::CorrelateError;

/// What becomes of missing samples: NaN or infinity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Missing {
    /// An error.
    #[default]
    Refuse,
    /// They are left out: the mean, the trend and every sum of a correlation are those of the samples present. In
    /// the result they are 0, which adds nothing to any product. The band-pass sees a straight line across them.
    LeftOut,
    /// A straight line takes their place, at the ends the nearest sample, in gaps of at most so many samples. Of long
    /// gaps a line makes low frequencies that nobody measured: leave those out.
    Interpolate {
        /// Samples of the longest gap.
        at_most: usize,
    },
}

/// The record with straight lines across its gaps.
pub(super) fn filled(signal: &[f64], missing: Missing) -> Result<Vec<f64>, CorrelateError> {
    if signal.is_empty() {
        return Err(InputError::TooFew { argument: "signal", needed: 1, got: 0 }.into());
    }
    if missing == Missing::Refuse {
        check_finite("signal", signal)?;
    }
    let present: Vec<usize> = (0..signal.len()).filter(|n| signal[*n].is_finite()).collect();
    let (Some(&first), Some(&last)) = (present.first(), present.last()) else {
        return Err(
            InputError::TooFew { argument: "signal without missing samples", needed: 1, got: 0 }.into()
        );
    };
    let mut values = signal.to_vec();
    let longest = if let Missing::Interpolate { at_most } = missing { at_most } else { signal.len() };
    let inner = present.windows(2).map(|pair| (Some(pair[0]), Some(pair[1])));
    for (before, after) in [(None, Some(first))].into_iter().chain(inner).chain([(Some(last), None)]) {
        let start = before.map_or(0, |before| before + 1);
        let end = after.unwrap_or(signal.len());
        if end - start > longest {
            return Err(CorrelateError::Gap { index: start, samples: end - start, at_most: longest });
        }
        for (n, value) in values.iter_mut().enumerate().take(end).skip(start) {
            *value = match (before, after) {
                (Some(before), Some(after)) => {
                    let share = (n - before) as f64 / (after - before) as f64;
                    signal[before] + share * (signal[after] - signal[before])
                }
                (None, Some(place)) | (Some(place), None) => signal[place],
                (None, None) => 0.0,
            };
        }
    }
    Ok(values)
}
