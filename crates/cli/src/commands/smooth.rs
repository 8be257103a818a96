//! `hexad smooth`.

mod engine;
mod figure;
mod summary;

use std::time::Instant;

use hexad_smoothing::{Boundary, Fit, Method, Missing, SmoothOptions, Truncation};

use crate::args::smooth::{FitKind, MethodKind, Nan, SmoothArgs};
use crate::args::values::Sigma;
use crate::error::{Failure, Outcome};
use crate::output::Pending;
use crate::progress::Progress;
use crate::table::{self, Column, Gaps, ReadOptions, Request, Role, Table};
use crate::targets::Targets;
use crate::threads;
use engine::{Smooth, smooth};
use figure::figure;
use summary::Summary;

/// Reads, smooths, writes, reports.
pub fn run(args: &SmoothArgs) -> Outcome<()> {
    let started = Instant::now();
    let targets = Targets::check(args.out.as_deref(), args.plot.as_deref(), &args.running)?;
    let options = options(args)?;
    threads::set(args.running.threads)?;
    let progress = Progress::new(args.running.quiet);
    let samples = read(args, &targets, &progress)?;
    let smooth = smooth(args, &samples, &options, &progress)?;

    progress.step("writing", 0);
    let summary = Summary::new(&samples, &smooth, targets.written());
    let plot = targets.draw(|| Ok(figure(args, &samples, &smooth)))?;
    let table = targets.write(|| result_table(samples, smooth))?;
    plot.into_iter().chain(table).try_for_each(Pending::commit)?;
    drop(progress);
    targets.report("smooth", started, &args.running, &summary)
}

/// The library's settings, and every contradiction that needs no data.
fn options(args: &SmoothArgs) -> Outcome<SmoothOptions> {
    if args.amplitude == 0.0 || args.phi.cos().abs() <= f64::EPSILON {
        return Err(Failure::usage(format!(
            "cos(phi) * amplitude must not be 0, got --phi {} and --amplitude {}; all weights would be 0",
            args.phi, args.amplitude
        )));
    }
    check_combination(args)?;
    Ok(SmoothOptions::default()
        .with_truncation(match (args.reach.truncate, args.reach.reach) {
            (Some(sigmas), _) => Truncation::Sigmas(sigmas),
            (None, Some(reach)) => Truncation::Reach(reach),
            (None, None) if args.reach.exact_kernel => Truncation::Exact,
            (None, None) => Truncation::default(),
        })
        .with_boundary(args.boundary)
        .with_method(match args.method {
            // The plan then only tells the spacing.
            MethodKind::Auto | MethodKind::Seed => Method::Auto,
            MethodKind::Direct => Method::Direct,
            MethodKind::Fft => Method::Fft,
            MethodKind::Recursive => Method::Recursive,
            MethodKind::Decimate => Method::Decimate,
        })
        .with_tolerance(args.tolerance)
        .with_derivative(usize::from(args.derivative))
        .with_fit(match args.fit {
            FitKind::Constant => Fit::Constant,
            FitKind::Linear => Fit::Linear,
        })
        .with_missing(match args.nan {
            None | Some(Nan::Skip) => Missing::Skip,
            Some(Nan::Propagate) => Missing::Propagate,
            Some(Nan::Error) => Missing::Error,
        }))
}

/// Refuses options that exclude each other.
fn check_combination(args: &SmoothArgs) -> Outcome<()> {
    let has_statistics = args.stderr || args.effective_n;
    if has_statistics && (args.derivative > 0 || args.boundary != Boundary::Renormalize) {
        return Err(Failure::usage(
            "--stderr and --effective-n need --derivative 0 and --boundary renormalize; leave the others out",
        ));
    }
    let mut names: Vec<_> = args.y.iter().collect();
    names.sort();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Failure::usage(format!("--y names {} twice; name each column once", twice[0])));
    }
    if args.width.sigma == Some(Sigma::Auto) && (args.y.len() > 1 || args.boundary != Boundary::Renormalize) {
        return Err(Failure::usage(
            "--sigma auto chooses for one --y column and --boundary renormalize; give a number instead",
        ));
    }
    let is_plain = args.derivative == 0
        && args.fit == FitKind::Constant
        && args.boundary == Boundary::Renormalize
        && args.weights.is_none()
        && !has_statistics;
    if args.method == MethodKind::Seed && !(is_plain && args.reach.reach.is_some()) {
        return Err(Failure::usage(
            "--method seed needs --reach and takes no derivative, fit, boundary, weights or statistics; leave them out",
        ));
    }
    Ok(())
}

/// The columns of the input by their part in the work.
struct Samples {
    /// The coordinates; sample numbers if none were named.
    x: Column,
    /// Whether x are sample numbers.
    is_numbered: bool,
    weights: Option<Column>,
    y: Vec<Column>,
}

impl Samples {
    fn weights(&self) -> Option<&[f64]> {
        self.weights.as_ref().map(|column| column.values.as_slice())
    }
}

fn read(args: &SmoothArgs, targets: &Targets, progress: &Progress) -> Outcome<Samples> {
    let gaps = match args.nan {
        None | Some(Nan::Propagate) => Gaps::Marked,
        Some(Nan::Skip) => Gaps::Anything,
        Some(Nan::Error) => Gaps::Refused,
    };
    let request = |option, column: &String, role| Request { option, column: column.clone(), role };
    let mut requests: Vec<_> =
        args.y.iter().map(|column| request("--y", column, Role::Value(gaps))).collect();
    requests.extend(args.x.iter().map(|column| request("--x", column, Role::Coordinate)));
    requests.extend(args.weights.iter().map(|column| request("--weights", column, Role::Weight)));

    // Beside the input: sample numbers, the library's copies, and up to three results per column.
    let work_bytes_per_row = 8 * (4 + 3 * args.y.len() as u64);
    let options = ReadOptions { keep_text: targets.keeps_text(), work_bytes_per_row };
    let Table { mut columns, rows, .. } = table::read(&args.input, &requests, options, progress)?;
    let weights = args.weights.as_ref().and_then(|_| columns.pop());
    let x = args.x.as_ref().and_then(|_| columns.pop());
    let is_numbered = x.is_none();
    let numbers = || (0..rows).map(|row| row as f64).collect();
    let x = x.unwrap_or_else(|| Column { name: "index".to_string(), values: numbers(), ..Column::default() });
    Ok(Samples { x, is_numbered, weights, y: columns })
}

/// The x column, then what was found per y.
fn result_table(samples: Samples, smooth: Smooth) -> Table {
    let mut columns = vec![samples.x];
    for (y, found) in samples.y.into_iter().zip(smooth.columns) {
        let mut push = |suffix: &str, values| {
            columns.push(Column { name: format!("{}_{suffix}", y.name), values, ..Column::default() });
        };
        push("smooth", found.values);
        found.standard_error.into_iter().for_each(|values| push("stderr", values));
        found.effective_n.into_iter().for_each(|values| push("effective_n", values));
    }
    Table::from(columns)
}
