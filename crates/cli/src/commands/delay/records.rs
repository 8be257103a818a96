//! The signals whose delay is sought.

use hexad_correlate::CorrelateError;

use crate::args::delay::DelayArgs;
use crate::dates;
use crate::error::{Failure, Outcome, quoted};
use crate::progress::Progress;
use crate::signal::{Origin, Signals};
use crate::table::{self, Column, Input};
use crate::units::Cycle;

/// Transforms, spectra and lags of a search, its correlation and the curves of a plot: 420 at most, as measured.
pub const WORK_BYTES_PER_SAMPLE: u64 = 480;

/// By how much of a step two clocks may part over the shorter record.
const RATE_TOLERANCE: f64 = 0.01;

/// Sizes whose squares and products no number holds are brought down or up: a gain is no matter to delays.
const LARGEST: f64 = 1e100;

/// Two signals or more, sampled alike.
pub struct Records {
    /// The names of the files.
    pub files: String,
    /// The samples of each signal.
    pub signals: Vec<Column>,
    /// The times of the first signal's samples.
    pub x: Column,
    /// Quantity and unit along x, as an axis shows it.
    pub x_label: String,
    /// Samples per unit of x.
    pub sample_rate: f64,
    /// Units of frequencies and periods.
    pub cycle: Cycle,
    /// Whether each signal is of a file of its own.
    two_files: bool,
}

impl Records {
    /// Reads the signals that `args` name.
    pub fn read(args: &DelayArgs, progress: &Progress) -> Outcome<Self> {
        if args.input == Input::Stdin && args.other == Some(Input::Stdin) {
            return Err(Failure::usage("standard input holds one table; give one of both signals as a file"));
        }
        let columns = chosen(args)?;
        let Some(other) = &args.other else {
            return Ok(Self::of(read(args, &args.input, &columns, progress)?, args.input.name(), false));
        };
        let first = read(args, &args.input, &columns[..1], progress)?;
        let second = read(args, other, &columns[1..], progress)?;
        check_alike(args, other, &first, &second)?;
        let files = format!("{} and {}", args.input.name(), other.name());
        let mut signals = first;
        signals.columns.extend(second.columns);
        Ok(Self::of(signals, files, true))
    }

    fn of(signals: Signals, files: String, two_files: bool) -> Self {
        let Signals { columns: mut signals, x, x_label, sample_rate, cycle } = signals;
        signals.iter_mut().for_each(|signal| tame(&mut signal.values));
        Self { files, signals, x, x_label, sample_rate, cycle, two_files }
    }

    /// Samples of the shortest and of the longest signal.
    pub fn lengths(&self) -> [usize; 2] {
        let lengths = || self.signals.iter().map(|signal| signal.values.len());
        [lengths().min().unwrap_or(0), lengths().max().unwrap_or(0)]
    }

    /// The name of a signal: its column's.
    pub fn name(&self, index: usize) -> &str {
        &self.signals[index].name
    }

    /// The name of a signal in a sentence; columns of the same name are `a` and `b`.
    pub fn title(&self, index: usize) -> String {
        if self.two_files && self.name(0) == self.name(1) {
            return ["a", "b"][index].to_string();
        }
        crate::units::title(self.name(index))
    }

    /// The library's refusal: the data's fault, or the command line's.
    pub fn refused(&self, error: &CorrelateError) -> Failure {
        match error {
            CorrelateError::Input(input) if !input.is_about_data() => Failure::usage(error.to_string()),
            _ => Failure::work(format!("{}: {error}", self.files)),
        }
    }
}

/// The columns named, or all that are there if they leave no choice.
fn chosen(args: &DelayArgs) -> Outcome<Vec<String>> {
    let named = &args.columns;
    if named.is_empty() {
        return found(args);
    }
    if args.all_pairs && named.len() >= 2 || named.len() == 2 {
        return Ok(named.clone());
    }
    let advice = if args.all_pairs { "two or more" } else { "two, or --all-pairs" };
    Err(Failure::usage(format!("--columns {}: names {}; give {advice}", named.join(","), named.len())))
}

/// The columns of the files, without that of times.
fn found(args: &DelayArgs) -> Outcome<Vec<String>> {
    let of = |input: &Input, needed: usize| {
        if *input == Input::Stdin {
            return Err(Failure::usage(format!("{}: give --columns A,B", input.name())));
        }
        let names = table::names(input)?;
        let is_x = |index: usize, name: &String| {
            args.x.as_ref().is_some_and(|x| x == name || !names.contains(x) && *x == index.to_string())
        };
        let others = names.iter().enumerate().filter(|(index, name)| !is_x(*index, name));
        let others: Vec<String> = others.map(|(index, _)| index.to_string()).collect();
        if others.len() == needed || args.all_pairs && others.len() > needed {
            return Ok(others);
        }
        let beside = if args.x.is_some() { " beside --x" } else { "" };
        let count = others.len();
        Err(Failure::usage(format!(
            "{}: which columns? it has {count}{beside} where {needed} would leave no choice; give --columns A,B",
            input.name()
        )))
    };
    match &args.other {
        None => of(&args.input, 2),
        Some(other) => Ok([of(&args.input, 1)?, of(other, 1)?].concat()),
    }
}

fn read(args: &DelayArgs, input: &Input, columns: &[String], progress: &Progress) -> Outcome<Signals> {
    let origin = Origin {
        input,
        option: "--columns",
        columns,
        x: args.x.as_ref(),
        sample_rate: args.sample_rate,
        advice: "use even times",
    };
    Signals::read(&origin, false, WORK_BYTES_PER_SAMPLE, progress)
}

/// Refuses signals of different clocks.
fn check_alike(args: &DelayArgs, other: &Input, first: &Signals, second: &Signals) -> Outcome<()> {
    let (name, other) = (args.input.name(), other.name());
    let length = |signals: &Signals| signals.x.values.len();
    let shorter = length(first).min(length(second)) as f64;
    let (rate, of_other) = (first.sample_rate, second.sample_rate);
    if first.x.dates != second.x.dates || (of_other / rate - 1.0).abs() * shorter > RATE_TOLERANCE {
        return Err(Failure::work(format!(
            "{other}: has {of_other} samples per {}, but {name} has {rate} per {}; bring both to one rate",
            second.cycle.period, first.cycle.period
        )));
    }
    let start = |signals: &Signals| signals.x.values.first().copied().unwrap_or(0.0);
    let (begins, of_other) = (start(first), start(second));
    if ((of_other - begins) * rate).abs() > RATE_TOLERANCE {
        let shown = |time: f64| if first.x.dates { dates::format(time) } else { time.to_string() };
        return Err(Failure::work(format!(
            "{other}: column {} begins at {}, but that of {name} at {}; cut both to begin together, or give --sample-rate to count each from its own first sample",
            quoted(second.x.name.as_bytes()),
            shown(of_other),
            shown(begins)
        )));
    }
    Ok(())
}

/// Scales what is extreme by a power of two.
fn tame(values: &mut [f64]) {
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if largest == 0.0 || (1.0 / LARGEST..LARGEST).contains(&largest) {
        return;
    }
    // In two steps: the power of the smallest numbers is itself too large for a number.
    let half = (-0.5 * largest.log2()).round().exp2();
    values.iter_mut().for_each(|value| *value = *value * half * half);
}
