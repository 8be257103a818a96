//! The correlation of signals over the lags searched.

use std::borrow::Cow;

use hexad_correlate::{CorrelateError, CorrelateOptions, Correlator, Lags, Normalization};
use rayon::prelude::*;

use super::found::{Search, prepared};
use super::records::Records;
use crate::args::delay::DelayArgs;
use crate::error::Outcome;

/// Correlation coefficients by lag.
#[derive(Debug, Default)]
pub struct Curves<'a> {
    /// In the unit of x: positive where b is late.
    pub lag_s: Vec<f64>,
    /// Of every pair, in order; NaN where a signal is constant.
    pub coefficients: Vec<Vec<f64>>,
    /// The signals that were correlated.
    pub signals: Vec<Cow<'a, [f64]>>,
}

impl<'a> Curves<'a> {
    /// Correlates all pairs.
    pub fn new(args: &DelayArgs, records: &'a Records, search: &Search) -> Outcome<Self> {
        let signals = prepared(args, records)?;
        let lags = search.lags();
        let options = CorrelateOptions::default()
            .with_normalization(Normalization::Overlap)
            .with_min_overlap(args.min_overlap);
        // b before a: the correlation's lag is positive where its first signal is late.
        let asked = Lags::Range(*lags.start(), *lags.end());
        let plan = Correlator::new(signals[1].len(), signals[0].len(), asked, &options);
        let plan = plan.map_err(|error| records.refused(&error))?;
        let one = |(a, b): (usize, usize)| match plan.apply(&signals[b], &signals[a]) {
            Ok(found) => Ok(found.values),
            Err(CorrelateError::Constant { .. }) => Ok(vec![f64::NAN; lags.clone().count()]),
            Err(error) => Err(records.refused(&error)),
        };
        let coefficients = search.indices().into_par_iter().map(one).collect::<Outcome<_>>()?;
        let lag_s = lags.clone().map(|lag| lag as f64 / records.sample_rate).collect();
        Ok(Self { lag_s, coefficients, signals })
    }
}
