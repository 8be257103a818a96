//! An evenly sampled signal, as the commands on spectra and delays take it.

mod even;
mod pieces;

use hexad_spectral::SpectralError;

use crate::args::signal::SignalArgs;
use crate::dates;
use crate::error::{Failure, Outcome, quoted};
use crate::progress::Progress;
use crate::table::{self, Column, Places, ReadOptions, Request, Role, Table};
use crate::units::{self, Cycle, four_digits};
use even::{EvenTimes, Uneven};

pub use pieces::{Known, read_pieces};

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

impl Signal {
    /// Reads the columns that `args` name. `work_bytes_per_row` is the memory that the work on them takes.
    pub fn read(
        args: &SignalArgs,
        keep_text: bool,
        work_bytes_per_row: u64,
        progress: &Progress,
    ) -> Outcome<Self> {
        check_clock(args)?;
        let options = ReadOptions { keep_text, work_bytes_per_row: 8 + work_bytes_per_row };
        let requests = requests(args, Role::Sample);
        let mut table = table::read(&args.input, &requests, options, progress)?;
        check_rows(args, table.rows)?;
        let x = args.x.as_ref().and_then(|_| table.columns.pop());
        match x {
            Some(x) => Self::from_times(args, table, x),
            None => Self::from_rate(args, table),
        }
    }

    fn from_times(args: &SignalArgs, mut table: Table, x: Column) -> Outcome<Self> {
        let mut even = EvenTimes::default();
        let step = even.push(&x.values).and_then(|()| even.step());
        let sample_rate = 1.0 / step.map_err(|problem| uneven(args, &table.places, &x, problem))?;
        check_rate(args, sample_rate, table.rows)?;
        Ok(Self {
            y: table.columns.swap_remove(0),
            x_label: if x.dates { x.name.clone() } else { units::label(&x.name) },
            cycle: cycle_along(Some(&x)),
            sample_rate,
            x,
        })
    }

    fn from_rate(args: &SignalArgs, mut table: Table) -> Outcome<Self> {
        let sample_rate = sample_rate(args, table.sample_rate_hz)?;
        check_rate(args, sample_rate, table.rows)?;
        let seconds = (0..table.rows).map(|row| row as f64 / sample_rate).collect();
        Ok(Self {
            y: table.columns.swap_remove(0),
            x: Column { name: "time_s".to_string(), values: seconds, ..Column::default() },
            x_label: units::label("time_s"),
            sample_rate,
            cycle: cycle_along(None),
        })
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.y.values.len()
    }
}

/// The library's refusal: the data's fault, or the command line's.
pub fn refused(args: &SignalArgs, error: &SpectralError) -> Failure {
    match error {
        SpectralError::Input(input) if !input.is_about_data() => Failure::usage(error.to_string()),
        _ => Failure::work(format!("{}: {error}", args.input.name())),
    }
}

/// The signal's column, and its times' where they are given.
pub fn requests(args: &SignalArgs, role: Role) -> Vec<Request> {
    let request = |option, column: &String, role| Request { option, column: column.clone(), role };
    let x = args.x.iter().map(|column| request("--x", column, Role::Coordinate));
    std::iter::once(request("--y", &args.y, role)).chain(x).collect()
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
pub fn sample_rate(args: &SignalArgs, own: Option<f64>) -> Outcome<f64> {
    match (args.sample_rate, own) {
        (Some(given), Some(own)) if given != own => Err(Failure::usage(format!(
            "--sample-rate {given} contradicts {}, which was sampled at {own} Hz; leave it out",
            args.input.name()
        ))),
        (given, own) => Ok(given.or(own).unwrap_or(f64::NAN)),
    }
}

fn check_rows(args: &SignalArgs, rows: usize) -> Outcome<()> {
    if rows >= 2 {
        return Ok(());
    }
    Err(Failure::work(format!("{}: holds one row; a signal needs at least two", args.input.name())))
}

/// Refuses a signal without times, and one with two of them.
pub fn check_clock(args: &SignalArgs) -> Outcome<()> {
    let tells_rate = args.input.tells_sample_rate();
    match (&args.x, args.sample_rate) {
        (Some(_), _) if tells_rate => Err(Failure::usage(format!(
            "--x: {} tells its own sample rate; leave --x out",
            args.input.name()
        ))),
        (None, None) if !tells_rate => Err(Failure::usage(format!(
            "{}: when were the samples taken? give --x COL (times) or --sample-rate HZ",
            args.input.name()
        ))),
        _ => Ok(()),
    }
}

/// Refuses rates whose times or frequencies no number holds.
pub fn check_rate(args: &SignalArgs, sample_rate: f64, rows: usize) -> Outcome<()> {
    let extremes = [rows as f64 * sample_rate, rows as f64 / sample_rate];
    if extremes.iter().all(|value| value.is_finite()) {
        return Ok(());
    }
    let message = format!(
        "{}: {rows} samples at {sample_rate:e} a unit of time are beyond what numbers hold; use another unit",
        args.input.name()
    );
    Err(if args.sample_rate.is_some() { Failure::usage(message) } else { Failure::work(message) })
}

/// Names the row where the times stop being even.
fn uneven(args: &SignalArgs, places: &Places, x: &Column, problem: Uneven) -> Failure {
    let place =
        |row| format!("{}: {}, column {}", args.input.name(), places.of(row), quoted(x.name.as_bytes()));
    let shown = |time: f64| if x.dates { dates::format(time) } else { time.to_string() };
    Failure::work(match problem {
        Uneven::Falls { row, time, before } => format!(
            "{}: {} does not come after {} of the row before; sort the rows, or give --sample-rate if only the printed times are rounded",
            place(row),
            shown(time),
            shown(before)
        ),
        Uneven::Off { row, step, mean, worst_deviation } => format!(
            "{}: uneven times: the step to this row is {}, {} % {} than the mean of {}, and times stand up to {} steps off an even spacing; use hexad spectrum --lombscargle, or --sample-rate if only the printed times are rounded",
            place(row),
            four_digits(step),
            four_digits(100.0 * (step / mean - 1.0).abs()),
            if step > mean { "longer" } else { "shorter" },
            four_digits(mean),
            four_digits(worst_deviation),
        ),
    })
}
