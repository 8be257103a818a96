//! An evenly sampled signal, as the commands on spectra and delays take it.

use hexad_spectral::{SpectralError, uniform_time_axis};

use crate::args::signal::SignalArgs;
use crate::dates;
use crate::error::{Failure, Outcome, quoted};
use crate::progress::Progress;
use crate::table::{self, Column, ReadOptions, Request, Role, Table};
use crate::units::{self, Cycle, four_digits};

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
        let request = |option, column: &String, role| Request { option, column: column.clone(), role };
        let mut requests = vec![request("--y", &args.y, Role::Sample)];
        requests.extend(args.x.iter().map(|column| request("--x", column, Role::Coordinate)));
        let options = ReadOptions { keep_text, work_bytes_per_row: 8 + work_bytes_per_row };
        let mut table = table::read(&args.input, &requests, options, progress)?;
        if table.rows < 2 {
            return Err(Failure::work(format!(
                "{}: holds one row; a signal needs at least two",
                args.input.name()
            )));
        }
        let x = args.x.as_ref().and_then(|_| table.columns.pop());
        match x {
            Some(x) => Self::from_times(args, table, x),
            None => Self::from_rate(args, table),
        }
    }

    fn from_times(args: &SignalArgs, mut table: Table, x: Column) -> Outcome<Self> {
        let axis = uniform_time_axis(&x.values).map_err(|error| uneven(args, &table, &x, &error))?;
        let sample_rate = 1.0 / axis.step;
        check_rate(args, sample_rate, table.rows)?;
        Ok(Self {
            y: table.columns.swap_remove(0),
            x_label: if x.dates { x.name.clone() } else { units::label(&x.name) },
            cycle: if x.dates { Cycle::per("day") } else { Cycle::of(&x.name) },
            sample_rate,
            x,
        })
    }

    fn from_rate(args: &SignalArgs, mut table: Table) -> Outcome<Self> {
        let sample_rate = match (args.sample_rate, table.sample_rate_hz) {
            (Some(given), Some(own)) if given != own => {
                return Err(Failure::usage(format!(
                    "--sample-rate {given} contradicts {}, which was sampled at {own} Hz; leave it out",
                    args.input.name()
                )));
            }
            (given, own) => given.or(own).unwrap_or(f64::NAN),
        };
        check_rate(args, sample_rate, table.rows)?;
        let seconds = (0..table.rows).map(|row| row as f64 / sample_rate).collect();
        Ok(Self {
            y: table.columns.swap_remove(0),
            x: Column { name: "time_s".to_string(), values: seconds, ..Column::default() },
            x_label: units::label("time_s"),
            sample_rate,
            cycle: Cycle::per("s"),
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

/// Refuses a signal without times, and one with two of them.
fn check_clock(args: &SignalArgs) -> Outcome<()> {
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
fn check_rate(args: &SignalArgs, sample_rate: f64, rows: usize) -> Outcome<()> {
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
fn uneven(args: &SignalArgs, table: &Table, x: &Column, error: &SpectralError) -> Failure {
    let place = |row| {
        format!("{}: {}, column {}", args.input.name(), table.places.of(row), quoted(x.name.as_bytes()))
    };
    if let Some(row) = (1..x.values.len()).find(|&row| x.values[row] <= x.values[row - 1]) {
        let [time, before] = [row, row - 1].map(|row| match x.dates {
            true => dates::format(x.values[row]),
            false => x.values[row].to_string(),
        });
        return Failure::work(format!(
            "{}: {time} does not come after {before} of the row before; sort the rows, or give --sample-rate if only the printed times are rounded",
            place(row)
        ));
    }
    let SpectralError::NeedsUniformX { worst_deviation, .. } = *error else { return refused(args, error) };
    let mean = (x.values[x.values.len() - 1] - x.values[0]) / (x.values.len() - 1) as f64;
    let (row, step) = worst_step(&x.values, mean);
    let longer = if step > mean { "longer" } else { "shorter" };
    Failure::work(format!(
        "{}: uneven times: the step to this row is {}, {} % {longer} than the mean of {}, and times stand up to {} steps off an even spacing; use hexad spectrum --lombscargle, or --sample-rate if only the printed times are rounded",
        place(row),
        four_digits(step),
        four_digits(100.0 * (step / mean - 1.0).abs()),
        four_digits(mean),
        four_digits(worst_deviation),
    ))
}

/// The step farthest from the mean, the first of equal ones, and the row it leads to.
fn worst_step(times: &[f64], mean: f64) -> (usize, f64) {
    let steps = times.windows(2).enumerate().map(|(before, pair)| (before + 1, pair[1] - pair[0]));
    let distance = |step: f64| (step - mean).abs();
    steps.rev().max_by(|a, b| distance(a.1).total_cmp(&distance(b.1))).unwrap_or((0, mean))
}
