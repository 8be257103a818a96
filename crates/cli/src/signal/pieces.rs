//! A signal of any length, a piece at a time.

use super::even::EvenTimes;
use super::{check_clock, check_rate, check_rows, cycle_along, requests, sample_rate, uneven};
use crate::args::signal::SignalArgs;
use crate::error::Outcome;
use crate::progress::Progress;
use crate::table::{Chunks, Role};
use crate::units::Cycle;

/// What is known of a signal once all of it has passed.
#[derive(Debug, Clone)]
pub struct Known {
    /// Name of the signal's column.
    pub name: String,
    /// Number of samples.
    pub len: usize,
    /// Samples per unit of x.
    pub sample_rate: f64,
    /// The first x.
    pub start: f64,
    /// Units of frequencies and periods.
    pub cycle: Cycle,
}

/// Passes the samples to `take` in pieces, and keeps none.
pub fn read_pieces(
    args: &SignalArgs,
    progress: &Progress,
    mut take: impl FnMut(&[f64]) -> Outcome<()>,
) -> Outcome<Known> {
    let origin = &args.origin();
    check_clock(origin)?;
    let mut chunks = Chunks::open(origin.input, &requests(origin, Role::Sample), false)?;
    progress.step("reading", chunks.expected_rows().unwrap_or(0));
    let mut even = EvenTimes::default();
    while chunks.read_more()? {
        if let [y, rest @ ..] = chunks.columns() {
            for x in rest {
                even.push(&x.values).map_err(|problem| uneven(origin, &chunks.places(), x, problem))?;
            }
            take(&y.values)?;
        }
        chunks.forget();
        progress.at(chunks.rows() as u64);
    }
    let len = chunks.rows();
    check_rows(origin, len)?;
    let (sample_rate, start, x) = match chunks.columns().get(1) {
        None => (sample_rate(origin, chunks.sample_rate_hz())?, 0.0, None),
        Some(x) => {
            let step = even.step().map_err(|problem| uneven(origin, &chunks.places(), x, problem))?;
            (1.0 / step, even.first(), Some(x))
        }
    };
    check_rate(origin, sample_rate, len)?;
    let name = chunks.columns().first().map_or_else(String::new, |y| y.name.clone());
    Ok(Known { name, len, sample_rate, start, cycle: cycle_along(x) })
}
