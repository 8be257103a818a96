//! A claim: a sentence, its formula and source, what was measured, and the bound it must keep.

use std::error::Error;
use std::fmt;

use super::chart::Chart;
use super::picture::Picture;

/// What a measurement ends with.
pub(crate) type Outcome = Result<Claim, Box<dyn Error>>;

/// Measures one claim.
pub(crate) type Measure = fn() -> Outcome;

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// All that the claims say.
    Full,
    /// About a minute: fewer trials and sizes.
    Quick,
}

impl Effort {
    pub fn pick<T>(self, full: T, quick: T) -> T {
        if self == Effort::Full { full } else { quick }
    }
}

/// What becomes of a long claim in a quick run.
#[derive(Clone, Copy)]
pub(crate) enum Quick {
    /// Measured on less: on what, in words.
    Less(&'static str, Measure),
    NotRun,
}

/// The claims about one crate.
#[derive(Clone, Copy)]
pub(crate) struct System {
    /// As the command line calls it.
    pub name: &'static str,
    pub title: &'static str,
    /// The question it answers, in a sentence.
    pub question: &'static str,
    /// What the usual answer gets wrong.
    pub usual: &'static str,
    /// What it does instead, in a sentence or two.
    pub about: &'static str,
    /// Name and measurement of each.
    pub claims: &'static [(&'static str, Measure)],
    /// Those of them that are too long for a quick run.
    pub quick: &'static [(&'static str, Quick)],
}

impl System {
    /// What a quick run does with a claim, if not all of it.
    pub fn in_quick(&self, name: &str) -> Option<Quick> {
        self.quick.iter().find(|(long, _)| *long == name).map(|(_, quick)| *quick)
    }
}

/// What was measured of all there is.
pub(crate) struct Findings {
    pub effort: Effort,
    pub systems: Vec<Part>,
    /// Names of the systems that were not asked for.
    pub left_out: Vec<&'static str>,
}

impl Findings {
    pub fn claims(&self) -> impl Iterator<Item = &Measured> {
        self.systems.iter().flat_map(|part| &part.claims)
    }

    pub fn count(&self, verdict: Verdict) -> usize {
        self.claims().filter(|measured| measured.verdict() == verdict).count()
    }

    /// Without what differs from run to run.
    pub fn without_times(mut self) -> Self {
        for measured in self.systems.iter_mut().flat_map(|part| &mut part.claims) {
            measured.elapsed_s = 0.0;
            if let Some(Ok(claim)) = &mut measured.outcome {
                claim.times.clear();
                claim.time_charts.clear();
            }
        }
        self
    }
}

/// A system and what was found.
pub(crate) struct Part {
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
    /// What is stated, in words, and after "Measured: " what the number is.
    pub says: &'static str,
    pub formula: &'static str,
    pub source: &'static str,
    pub measured: f64,
    pub bound: Bound,
    /// What else was seen, which decides nothing.
    pub notes: Vec<String>,
    pub charts: Vec<Chart>,
    pub pictures: Vec<Picture>,
    /// What differs from run to run: times, and charts of them.
    pub times: Vec<String>,
    pub time_charts: Vec<Chart>,
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
            times: Vec::new(),
            time_charts: Vec::new(),
        }
    }

    /// What the number measured is.
    pub fn definition(&self) -> &'static str {
        self.says.split_once("Measured: ").map_or(self.says, |(_, definition)| definition)
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

    pub fn time(mut self, time: impl Into<String>) -> Self {
        self.times.push(time.into());
        self
    }

    pub fn time_chart(mut self, chart: Chart) -> Self {
        self.time_charts.push(chart);
        self
    }

    pub fn picture(mut self, picture: Picture) -> Self {
        self.pictures.push(picture);
        self
    }
}

/// How a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Holds,
    Fails,
    NotRun,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Fails => "FAILS",
            Verdict::NotRun => "not run",
        }
    }

    /// Its class on the page.
    pub fn class(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::NotRun => "idle",
        }
    }
}

/// A claim, or why it could not be measured.
pub(crate) struct Measured {
    pub name: &'static str,
    /// On what, if not on all that the claim says.
    pub less: Option<&'static str>,
    /// Absent if it was not run.
    pub outcome: Option<Outcome>,
    pub elapsed_s: f64,
}

impl Measured {
    pub fn verdict(&self) -> Verdict {
        match &self.outcome {
            Some(Ok(claim)) if claim.bound.holds(claim.measured) => Verdict::Holds,
            Some(_) => Verdict::Fails,
            None => Verdict::NotRun,
        }
    }

    /// The number and its bound as text; what went wrong, if anything, in place of the bound.
    pub fn shown(&self) -> [String; 2] {
        match &self.outcome {
            Some(Ok(claim)) => [Number(claim.measured).to_string(), claim.bound.to_string()],
            Some(Err(error)) => [String::new(), error.to_string()],
            None => Default::default(),
        }
    }

    /// One line of the printed table.
    pub fn line(&self) -> String {
        let [measured, bound] = self.shown();
        let (verdict, name, less) = (self.verdict().name(), self.name, self.less.map_or("", |_| "  on less"));
        format!("{verdict:<7} {name:<46} {measured:>11}  {bound:<24} {:>6.2} s{less}", self.elapsed_s)
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
