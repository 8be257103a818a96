//! `hexad delay`.

mod curve;
mod figure;
mod found;
mod records;
mod skew;
mod summary;

use std::time::Instant;

use crate::args::delay::DelayArgs;
use crate::error::{Failure, Outcome};
use crate::memory;
use crate::output::Pending;
use crate::progress::Progress;
use crate::table::{Column, Table};
use crate::targets::Targets;
use crate::threads;
use crate::units::four_digits;
use curve::Curves;
use figure::figure;
use found::Search;
use records::{Records, WORK_BYTES_PER_SAMPLE};
use skew::Skew;
use summary::Summary;

/// Fewest samples that tell a delay.
const FEWEST_SAMPLES: usize = 8;

/// Reads, searches, writes, reports.
pub fn run(args: &DelayArgs) -> Outcome<()> {
    let started = Instant::now();
    let targets = Targets::check(args.out.as_deref(), args.plot.as_deref(), &args.running)?;
    threads::set(args.running.threads)?;
    let progress = Progress::new(args.running.quiet);
    let records = Records::read(args, &progress)?;
    check_against(args, &records)?;
    let search = Search::new(args, &records)?;
    check_memory(args, &records, &search)?;

    progress.step("searching", 0);
    let pairs = search.pairs()?;
    let skew = args.drift.map(|window| Skew::find(args, &records, window)).transpose()?;

    progress.step("writing", 0);
    let summary = Summary::new(&records, &search, &pairs, args.all_pairs, skew.as_ref(), targets.written());
    let is_drawn = args.out.is_some() || args.plot.is_some();
    let curves = is_drawn.then(|| Curves::new(args, &records, &search)).transpose()?.unwrap_or_default();
    let plot = targets.draw(|| figure(&records, &curves, &pairs[0], skew.as_ref()))?;
    let table = targets.write(|| result_table(args, &records, &search, curves))?;
    plot.into_iter().chain(table).try_for_each(Pending::commit)?;
    drop(progress);
    targets.report("delay", started, &args.running, &summary)
}

/// Refuses options that do not suit the signals' rate and lengths.
fn check_against(args: &DelayArgs, records: &Records) -> Outcome<()> {
    let rate = records.sample_rate;
    let (unit, cycles) = (&records.cycle.period, &records.cycle.frequency);
    if let Some((low, high)) = args.band {
        let highest = 0.5 * rate;
        if high > highest {
            return Err(Failure::usage(format!(
                "--band {low},{high}: frequencies end at half the sample rate, {highest} {cycles}; stay below"
            )));
        }
        if low == high {
            return Err(Failure::usage(format!(
                "--band {low},{high}: one frequency does not tell a delay; make the band wider"
            )));
        }
    }
    let [shorter, longer] = records.lengths();
    if shorter < FEWEST_SAMPLES {
        return Err(Failure::work(format!(
            "{}: {shorter} samples do not tell a delay; it needs at least {FEWEST_SAMPLES} of each signal",
            records.files
        )));
    }
    let step = four_digits(1.0 / rate);
    if let Some(largest) = args.max_lag {
        let samples = largest * rate * (1.0 + 1e-12);
        if samples < 1.0 || samples.floor() >= longer as f64 {
            let lasts = four_digits(longer as f64 / rate);
            return Err(Failure::usage(format!(
                "--max-lag {largest}: must be at least one sample, {step} {unit}, and less than the longer signal lasts, {lasts} {unit}"
            )));
        }
    }
    if let Some(window) = args.drift {
        let samples = (window * rate).round();
        let (least, most) = (FEWEST_SAMPLES as f64, (shorter / skew::FEWEST_WINDOWS) as f64);
        if !(least..=most).contains(&samples) {
            return Err(Failure::usage(format!(
                "--drift {window}: windows must hold at least {least} samples, and {} of them fit into the signals: from {} to {} {unit}",
                skew::FEWEST_WINDOWS,
                four_digits(least / rate),
                four_digits(most / rate)
            )));
        }
    }
    Ok(())
}

/// Refuses what all pairs at once take.
fn check_memory(args: &DelayArgs, records: &Records, search: &Search) -> Outcome<()> {
    if !args.all_pairs {
        return Ok(());
    }
    let pairs = search.indices().len() as u64;
    let at_once = pairs.min(rayon::current_num_threads() as u64);
    let curves = if args.out.is_some() { 8 * pairs * search.lags().count() as u64 } else { 0 };
    let [_, samples] = records.lengths();
    memory::check(&records.files, at_once * samples as u64 * WORK_BYTES_PER_SAMPLE + curves)
}

fn result_table(args: &DelayArgs, records: &Records, search: &Search, curves: Curves) -> Table {
    let column = |name: String, values| Column { name, values, ..Column::default() };
    let name = |(a, b): (usize, usize)| {
        if args.all_pairs {
            format!("{}:{}", records.name(a), records.name(b))
        } else {
            "coefficient".to_string()
        }
    };
    let mut columns = vec![column("lag_s".to_string(), curves.lag_s)];
    columns.extend(
        search
            .indices()
            .into_iter()
            .zip(curves.coefficients)
            .map(|(pair, values)| column(name(pair), values)),
    );
    Table::from(columns)
}
