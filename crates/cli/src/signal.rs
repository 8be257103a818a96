//! An evenly sampled signal, as the commands on spectra and delays take it.

mod even;
mod pieces;

use hexad_spectral::SpectralError;

use crate::args::signal::SignalArgs;
use crate::dates;
use crate::error::{Failure, Outcome, quoted};
use crate::progress::Progress;
use crate::table::{self, Column, Input, Places, ReadOptions, Request, Role, Table};
use crate::units::{self, Cycle, four_digits};
use even::{EvenTimes, Uneven};

pub use pieces::{Known, read_pieces};

/// Which columns of a file are sampled, and what tells when.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The file.
    pub input: &'a Input,
    /// The option that names the columns.
    pub option: &'static str,
    /// The columns.
    pub columns: &'a [String],
    /// The column of times.
    pub x: Option<&'a String>,
    /// Samples per second, if given.
    pub sample_rate: Option<f64>,
    /// What to do about times that are not even.
    pub advice: &'static str,
}

/// Samples and the times they were taken at.
pub struct Signal {
    /// The samples.
    pub y: Column,
    /// Their times: the column named, or seconds from the first sample.
    pub x: Column,
    /// Quantity and unit along x, as an axis shows it.
    pub x_label: String,
    /// Samples per unit of x.
    pub sample_rate: f64,
    /// Units of frequencies and periods.
    pub cycle: Cycle,
}

/// Several signals of one file, sampled at the same times.
pub struct Signals {
    /// The samples of each.
    pub columns: Vec<Column>,
    /// As of a [`Signal`].
    pub x: Column,
    /// As of a [`Signal`].
    pub x_label: String,
    /// As of a [`Signal`].
    pub sample_rate: f64,
    /// As of a [`Signal`].
    pub cycle: Cycle,
}

impl Signal {
    /// Reads the columns that `args` name. `work_bytes_per_row` is the memory that the work on them takes.
    pub fn read(
        args: &SignalArgs,
        keep_text: bool,
        work_bytes_per_row: u64,
        progress: &Progress,
    ) -> Outcome<Self> {
        let Signals { mut columns, x, x_label, sample_rate, cycle } =
            Signals::read(&args.origin(), keep_text, work_bytes_per_row, progress)?;
        Ok(Self { y: columns.swap_remove(0), x, x_label, sample_rate, cycle })
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.y.values.len()
    }
}

impl Signals {
    /// Reads the columns that `origin` names. `work_bytes_per_row` is the memory that the work on them takes.
    pub fn read(
        origin: &Origin,
        keep_text: bool,
        work_bytes_per_row: u64,
        progress: &Progress,
    ) -> Outcome<Self> {
        check_clock(origin)?;
        let options = ReadOptions { keep_text, work_bytes_per_row: 8 + work_bytes_per_row };
        let requests = requests(origin, Role::Sample);
        let mut table = table::read(origin.input, &requests, options, progress)?;
        check_rows(origin, table.rows)?;
        let x = origin.x.and_then(|_| table.columns.pop());
        match x {
            Some(x) => Self::from_times(origin, table, x),
            None => Self::from_rate(origin, table),
        }
    }

    fn from_times(origin: &Origin, table: Table, x: Column) -> Outcome<Self> {
        let mut even = EvenTimes::default();
        let step = even.push(&x.values).and_then(|()| even.step());
        let sample_rate = 1.0 / step.map_err(|problem| uneven(origin, &table.places, &x, problem))?;
        check_rate(origin, sample_rate, table.rows)?;
        Ok(Self {
            columns: table.columns,
            x_label: if x.dates { x.name.clone() } else { units::label(&x.name) },
            cycle: cycle_along(Some(&x)),
            sample_rate,
            x,
        })
    }

    fn from_rate(origin: &Origin, table: Table) -> Outcome<Self> {
        let sample_rate = sample_rate(origin, table.sample_rate_hz)?;
        check_rate(origin, sample_rate, table.rows)?;
        let seconds = (0..table.rows).map(|row| row as f64 / sample_rate).collect();
        Ok(Self {
            columns: table.columns,
            x: Column { name: "time_s".to_string(), values: seconds, ..Column::default() },
            x_label: units::label("time_s"),
            sample_rate,
            cycle: cycle_along(None),
        })
    }
}

/// The library's refusal: the data's fault, or the command line's.
pub fn refused(args: &SignalArgs, error: &SpectralError) -> Failure {
    match error {
        SpectralError::Input(input) if !input.is_about_data() => Failure::usage(error.to_string()),
        _ => Failure::work(format!("{}: {error}", args.input.name())),
    }
}

/// The signals' columns, and their times' where they are given.
pub fn requests(origin: &Origin, role: Role) -> Vec<Request> {
    let request = |option, column: &String, role| Request { option, column: column.clone(), role };
    let x = origin.x.map(|column| request("--x", column, Role::Coordinate));
    origin.columns.iter().map(|column| request(origin.option, column, role)).chain(x).collect()
}

/// Units of frequencies and periods along a column; without one, of seconds.
pub fn cycle_along(x: Option<&Column>) -> Cycle {
    match x {
        Some(x) if !x.dates => Cycle::of(&x.name),
        Some(_) => Cycle::per("day"),
        None => Cycle::per("s"),
    }
}

/// The rate given or told by the file; NaN if neither is there.
pub fn sample_rate(origin: &Origin, own: Option<f64>) -> Outcome<f64> {
    match (origin.sample_rate, own) {
        (Some(given), Some(own)) if given != own => Err(Failure::usage(format!(
            "--sample-rate {given} contradicts {}, which was sampled at {own} Hz; leave it out",
            origin.input.name()
        ))),
        (given, own) => Ok(given.or(own).unwrap_or(f64::NAN)),
    }
}

fn check_rows(origin: &Origin, rows: usize) -> Outcome<()> {
    if rows >= 2 {
        return Ok(());
    }
    Err(Failure::work(format!("{}: holds one row; a signal needs at least two", origin.input.name())))
}

/// Refuses a signal without times, and one with two of them.
pub fn check_clock(origin: &Origin) -> Outcome<()> {
    let tells_rate = origin.input.tells_sample_rate();
    match (origin.x, origin.sample_rate) {
        (Some(_), _) if tells_rate => Err(Failure::usage(format!(
            "--x: {} tells its own sample rate; leave --x out",
            origin.input.name()
        ))),
        (None, None) if !tells_rate => Err(Failure::usage(format!(
            "{}: when were the samples taken? give --x COL (times) or --sample-rate HZ",
            origin.input.name()
        ))),
        _ => Ok(()),
    }
}

/// Refuses rates whose times or frequencies no number holds.
pub fn check_rate(origin: &Origin, sample_rate: f64, rows: usize) -> Outcome<()> {
    let extremes = [rows as f64 * sample_rate, rows as f64 / sample_rate];
    if extremes.iter().all(|value| value.is_finite()) {
        return Ok(());
    }
    let message = format!(
        "{}: {rows} samples at {sample_rate:e} a unit of time are beyond what numbers hold; use another unit",
        origin.input.name()
    );
    Err(if origin.sample_rate.is_some() { Failure::usage(message) } else { Failure::work(message) })
}

/// Names the row where the times stop being even.
fn uneven(origin: &Origin, places: &Places, x: &Column, problem: Uneven) -> Failure {
    let place =
        |row| format!("{}: {}, column {}", origin.input.name(), places.of(row), quoted(x.name.as_bytes()));
    let shown = |time: f64| if x.dates { dates::format(time) } else { time.to_string() };
    Failure::work(match problem {
        Uneven::Falls { row, time, before } => format!(
            "{}: {} does not come after {} of the row before; sort the rows, or give --sample-rate if only the printed times are rounded",
            place(row),
            shown(time),
            shown(before)
        ),
        Uneven::Off { row, step, mean, worst_deviation } => format!(
            "{}: uneven times: the step to this row is {}, {} % {} than the mean of {}, and times stand up to {} steps off an even spacing; {}, or --sample-rate if only the printed times are rounded",
            place(row),
            four_digits(step),
            four_digits(100.0 * (step / mean - 1.0).abs()),
            if step > mean { "longer" } else { "shorter" },
            four_digits(mean),
            four_digits(worst_deviation),
            origin.advice,
        ),
    })
}
