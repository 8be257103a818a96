//! A claim: a sentence, its formula and source, what was measured, and the bound it must keep.

use std::error::Error;
use std::fmt;

use super::chart::Chart;
use super::picture::Picture;

/// What a measurement ends with.
pub(crate) type Outcome = Result<Claim, Box<dyn Error>>;

/// Measures one claim.
pub(crate) type Measure = fn() -> Outcome;

/// The claims about one crate.
#[derive(Clone, Copy)]
pub(crate) struct System {
    pub title: &'static str,
    /// What it is for, in a sentence or two.
    pub about: &'static str,
    /// Name and measurement of each.
    pub claims: &'static [(&'static str, Measure)],
}

/// A system and what was found.
pub(crate) struct Findings {
    pub system: System,
    pub claims: Vec<Measured>,
}

/// What a measured number must keep to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Bound {
    AtMost(f64),
    Between(f64, f64),
}

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            Bound::AtMost(most) => value <= most,
            Bound::Between(low, high) => (low..=high).contains(&value),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Bound::AtMost(most) => write!(f, "<= {}", Number(most)),
            Bound::Between(low, high) => write!(f, "{} to {}", Number(low), Number(high)),
        }
    }
}

/// A number in four digits, as short as it can be read.
#[derive(Clone, Copy)]
pub(crate) struct Number(pub f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0.abs() {
            size if size != 0.0 && !(1e-3..1e5).contains(&size) => format!("{:.2e}", self.0),
            _ if self.0.fract() == 0.0 => format!("{:.0}", self.0),
            _ => format!("{:.4}", self.0),
        };
        f.pad(&text)
    }
}

/// One statement and the measurement that decides it.
pub(crate) struct Claim {
    /// What is stated, in words, and what the number measured is.
    pub says: &'static str,
    pub formula: &'static str,
    pub source: &'static str,
    pub measured: f64,
    pub bound: Bound,
    /// What else was seen: times and counts, which decide nothing.
    pub notes: Vec<String>,
    pub charts: Vec<Chart>,
    pub pictures: Vec<Picture>,
}

impl Claim {
    pub fn new(says: &'static str, measured: f64, bound: Bound) -> Self {
        Self {
            says,
            formula: "",
            source: "",
            measured,
            bound,
            notes: Vec::new(),
            charts: Vec::new(),
            pictures: Vec::new(),
        }
    }

    pub fn formula(mut self, formula: &'static str) -> Self {
        self.formula = formula;
        self
    }

    pub fn source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub fn chart(mut self, chart: Chart) -> Self {
        self.charts.push(chart);
        self
    }

    pub fn picture(mut self, picture: Picture) -> Self {
        self.pictures.push(picture);
        self
    }
}

/// A claim, or why it could not be measured.
pub(crate) struct Measured {
    pub name: &'static str,
    pub outcome: Outcome,
    pub elapsed_s: f64,
}

impl Measured {
    pub fn holds(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|claim| claim.bound.holds(claim.measured))
    }

    pub fn verdict(&self) -> &'static str {
        if self.holds() { "holds" } else { "FAILS" }
    }

    /// One line of the printed table.
    pub fn line(&self) -> String {
        let (measured, bound) = match &self.outcome {
            Ok(claim) => (Number(claim.measured).to_string(), claim.bound.to_string()),
            Err(error) => (String::new(), error.to_string()),
        };
        format!(
            "{:<7} {:<44} {measured:>11}  {bound:<24} {:>5.2} s",
            self.verdict(),
            self.name,
            self.elapsed_s
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_refuses_nan_and_keeps_its_ends() {
        assert!(Bound::AtMost(1.0).holds(1.0) && !Bound::AtMost(1.0).holds(1.1));
        assert!(Bound::Between(1.0, 2.0).holds(2.0) && !Bound::Between(1.0, 2.0).holds(0.9));
        assert!(!Bound::AtMost(1.0).holds(f64::NAN));
        assert!(!Bound::Between(1.0, 2.0).holds(f64::NAN));
    }

    #[test]
    fn numbers_are_short() {
        let shown = [0.0, 3.0, 0.25, 1e-13, 1.5e9].map(|number| Number(number).to_string());
        assert_eq!(shown, ["0", "3", "0.2500", "1.00e-13", "1.50e9"]);
    }
}
