//! The delays, by the library.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use hexad_correlate::{
    CorrelateError, DelayEstimate, DelayPlan, DelayScratch, Leading, Preprocess, PreprocessOptions, Verdict,
};
use rayon::prelude::*;
use serde::Serialize;

use super::records::Records;
use crate::args::delay::DelayArgs;
use crate::error::Outcome;

/// The delay of b behind a.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// Names of the columns.
    pub a: String,
    pub b: String,
    /// Positive where b is late.
    pub delay_s: f64,
    pub delay_samples: f64,
    /// The whole lag that the delay was refined from.
    pub lag_samples: i64,
    pub leading: &'static str,
    pub coefficient: f64,
    pub polarity: i32,
    /// One standard deviation; none where there was nothing to correlate.
    pub uncertainty_s: Option<f64>,
    pub uncertainty_is_lower_bound: bool,
    pub second_peak_ratio: f64,
    /// Probability that unrelated signals have a peak as high.
    pub chance: f64,
    /// Of signals that share a single tone.
    pub alias_period_s: Option<f64>,
    pub phase_deg: Option<f64>,
    pub verdict: &'static str,
    /// Why there was nothing to correlate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A plan for all pairs of signals.
pub struct Search<'a> {
    records: &'a Records,
    plan: DelayPlan,
}

impl<'a> Search<'a> {
    /// Plans what `args` ask for.
    pub fn new(args: &DelayArgs, records: &'a Records) -> Outcome<Self> {
        let [a, b] = [0, 1].map(|index| records.signals[index].values.len());
        let plan = DelayPlan::new(a, b, records.sample_rate, &args.options());
        let plan = plan.map_err(|error| records.refused(&error))?;
        Ok(Self { records, plan })
    }

    /// The signals of each pair.
    pub fn indices(&self) -> Vec<(usize, usize)> {
        let count = self.records.signals.len();
        (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b))).collect()
    }

    /// The lags searched, in samples.
    pub fn lags(&self) -> RangeInclusive<i64> {
        self.plan.lags()
    }

    /// The delay of every pair, in order.
    pub fn pairs(&self) -> Outcome<Vec<Pair>> {
        let one = |scratch: &mut DelayScratch, pair| self.pair(pair, scratch);
        self.indices().into_par_iter().map_init(DelayScratch::default, one).collect()
    }

    fn pair(&self, (a, b): (usize, usize), scratch: &mut DelayScratch) -> Outcome<Pair> {
        let names = [a, b].map(|index| self.records.name(index).to_string());
        let [first, second] = [a, b].map(|index| self.records.signals[index].values.as_slice());
        match self.plan.apply_with(first, second, scratch) {
            Ok(estimate) => Ok(Pair::new(names, &estimate)),
            Err(CorrelateError::Constant { argument, .. }) => {
                Ok(Pair::nothing(names, argument, "is constant"))
            }
            Err(CorrelateError::NothingInBand { argument }) => {
                Ok(Pair::nothing(names, argument, "has nothing in the band"))
            }
            Err(error) => Err(self.records.refused(&error)),
        }
    }
}

impl Pair {
    fn new([a, b]: [String; 2], estimate: &DelayEstimate) -> Self {
        Self {
            a,
            b,
            delay_s: estimate.delay_s,
            delay_samples: estimate.delay_samples,
            lag_samples: estimate.lag_samples,
            leading: match estimate.leading {
                Leading::A => "a",
                Leading::B => "b",
                Leading::Neither => "none",
            },
            coefficient: estimate.coefficient,
            polarity: estimate.polarity,
            uncertainty_s: Some(estimate.uncertainty_s).filter(|uncertainty| uncertainty.is_finite()),
            uncertainty_is_lower_bound: estimate.uncertainty_is_lower_bound,
            second_peak_ratio: estimate.second_peak_ratio,
            chance: estimate.chance,
            alias_period_s: estimate.alias_period_s,
            phase_deg: estimate.phase_deg(),
            verdict: verdict(estimate),
            note: None,
        }
    }

    /// Of a signal that does not vary.
    fn nothing([a, b]: [String; 2], argument: &str, what: &str) -> Self {
        let note = format!("{} {what}", if argument == "b" { &b } else { &a });
        Self {
            a,
            b,
            delay_s: 0.0,
            delay_samples: 0.0,
            lag_samples: 0,
            leading: "none",
            coefficient: 0.0,
            polarity: 1,
            uncertainty_s: None,
            uncertainty_is_lower_bound: false,
            second_peak_ratio: 0.0,
            chance: 1.0,
            alias_period_s: None,
            phase_deg: None,
            verdict: "none",
            note: Some(note),
        }
    }

    /// Whether anything was found.
    pub fn is_found(&self) -> bool {
        self.verdict != "none"
    }
}

/// The verdict in a word.
pub fn verdict(estimate: &DelayEstimate) -> &'static str {
    match estimate.verdict {
        Verdict::Clear => "clear",
        Verdict::Ambiguous => "ambiguous",
        Verdict::None => "none",
    }
}

/// The signals as the correlation is drawn: in the band, and under the window.
pub fn prepared<'a>(args: &DelayArgs, records: &'a Records) -> Outcome<Vec<Cow<'a, [f64]>>> {
    let signals = records.signals.iter().map(|signal| signal.values.as_slice());
    let taper = args.window.taper();
    if args.band.is_none() && taper == 0.0 {
        return Ok(signals.map(Cow::Borrowed).collect());
    }
    let (low, high) = args.band.unwrap_or((0.0, 0.5 * records.sample_rate));
    let options = PreprocessOptions::default().with_band_hz(low, high).with_taper(taper);
    let refused = |error: CorrelateError| records.refused(&error);
    let prepare = Preprocess::new(records.sample_rate, &options).map_err(refused)?;
    signals.map(|values| prepare.apply(values).map(Cow::Owned).map_err(refused)).collect()
}
