//! What `hexad delay` says about its work.

use std::fmt;

use serde::Serialize;

use super::found::{Pair, Search};
use super::records::Records;
use super::skew::{FEWEST_WINDOWS, Skew};
use crate::report::{Written, write_table};
use crate::units::{four_digits, with_deviation};

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary<'a> {
    n_a: usize,
    n_b: usize,
    sample_rate: f64,
    time_unit: &'a str,
    lag_min_s: f64,
    lag_max_s: f64,
    #[serde(flatten)]
    pair: Option<&'a Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pairs: Option<&'a [Pair]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drift: Option<&'a Skew>,
    outputs: Vec<Written>,
    #[serde(skip)]
    titles: Vec<String>,
}

impl<'a> Summary<'a> {
    /// Of one pair, or of all of them.
    pub fn new(
        records: &'a Records,
        search: &Search,
        pairs: &'a [Pair],
        all_pairs: bool,
        drift: Option<&'a Skew>,
        outputs: Vec<Written>,
    ) -> Self {
        let [n_a, n_b] = [0, 1].map(|index| records.signals[index].values.len());
        let lags = search.lags();
        Self {
            n_a,
            n_b,
            sample_rate: records.sample_rate,
            time_unit: &records.cycle.period,
            lag_min_s: *lags.start() as f64 / records.sample_rate,
            lag_max_s: *lags.end() as f64 / records.sample_rate,
            pair: pairs.first().filter(|_| !all_pairs),
            pairs: all_pairs.then_some(pairs),
            drift,
            outputs,
            titles: (0..records.signals.len()).map(|index| records.title(index)).collect(),
        }
    }

    fn write_pair(&self, f: &mut fmt::Formatter<'_>, pair: &Pair) -> fmt::Result {
        let unit = self.time_unit;
        if let Some(note) = &pair.note {
            return writeln!(f, "delay    none: {note}");
        }
        if !pair.is_found() {
            return writeln!(
                f,
                "delay    none: unrelated signals have a peak as high with probability {}",
                four_digits(pair.chance)
            );
        }
        let samples = four_digits(pair.delay_samples);
        writeln!(f, "delay    {} {unit} ({samples} samples){}", pair.delay(), self.who_is_late(pair))?;
        if let (Some(period), Some(phase)) = (pair.alias_period_s, pair.phase_deg) {
            let (period, phase) = (four_digits(period), four_digits(phase));
            writeln!(
                f,
                "tone     of period {period} {unit}: {phase} degrees late, or any number of periods more"
            )?;
        }
        let upside_down = if pair.polarity < 0 { ", b upside down" } else { "" };
        let noisy =
            if pair.uncertainty_is_lower_bound { "; noisy: the uncertainty is a lower bound" } else { "" };
        writeln!(
            f,
            "likeness {} correlation coefficient{upside_down}{noisy}",
            four_digits(pair.coefficient)
        )?;
        let second = match pair.second_peak_ratio {
            0.0 => "no other peak".to_string(),
            ratio => format!("the second highest peak is {} of the highest", four_digits(ratio)),
        };
        writeln!(f, "verdict  {}: {second}", pair.verdict)
    }

    fn who_is_late(&self, pair: &Pair) -> String {
        let late = match pair.leading {
            "a" => 1,
            "b" => 0,
            _ => return String::new(),
        };
        format!(": {} is late", self.titles[late])
    }

    fn write_pairs(&self, f: &mut fmt::Formatter<'_>, pairs: &[Pair]) -> fmt::Result {
        let heads =
            ["a", "b", &format!("delay [{}]", self.time_unit), "coefficient", "verdict"].map(str::to_string);
        let cells = |pair: &Pair| {
            let delay = if pair.is_found() { pair.delay() } else { "-".to_string() };
            [
                crate::units::title(&pair.a),
                crate::units::title(&pair.b),
                delay,
                four_digits(pair.coefficient),
                pair.verdict.to_string(),
            ]
        };
        let rows: Vec<_> = std::iter::once(heads).chain(pairs.iter().map(cells)).collect();
        write_table(f, &rows)
    }
}

impl Pair {
    /// The delay and its standard deviation.
    pub fn delay(&self) -> String {
        match self.uncertainty_s {
            Some(uncertainty) if uncertainty > 0.0 => with_deviation(self.delay_s, uncertainty),
            _ => four_digits(self.delay_s),
        }
    }
}

impl Skew {
    /// The skew and its interval, or why there is none.
    pub fn words(&self) -> String {
        match &self.line {
            Some(line) => format!(
                "{} ppm (95 %: {} to {}), from {} windows",
                four_digits(line.skew_ppm),
                four_digits(line.skew_low_ppm),
                four_digits(line.skew_high_ppm),
                self.clear
            ),
            None => {
                format!("none: {} windows have a clear delay, a line needs {FEWEST_WINDOWS}", self.clear)
            }
        }
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.time_unit;
        let samples = match (self.n_a, self.n_b) {
            (a, b) if a == b => a.to_string(),
            (a, b) => format!("{a} and {b}"),
        };
        let [low, high] = [self.lag_min_s, self.lag_max_s].map(four_digits);
        writeln!(
            f,
            "samples  {samples}, {} per {unit}; delays from {low} to {high} {unit}",
            four_digits(self.sample_rate)
        )?;
        self.pair.map_or(Ok(()), |pair| self.write_pair(f, pair))?;
        self.pairs.map_or(Ok(()), |pairs| self.write_pairs(f, pairs))?;
        self.drift.map_or(Ok(()), |skew| writeln!(f, "drift    {}", skew.words()))?;
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote    {}", output.path))
    }
}
