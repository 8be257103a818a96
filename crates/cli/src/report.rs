//! What a command found: one JSON object for programs, or a short summary for people.

use std::fmt::{self, Display};
use std::io::{self, Write};
use std::time::Instant;

use serde::Serialize;

use crate::args::Running;
use crate::error::{Failure, Outcome};

#[derive(Serialize)]
struct Report<'a, T> {
    command: &'a str,
    elapsed_s: f64,
    #[serde(flatten)]
    body: &'a T,
}

/// A file that was written.
#[derive(Debug, Serialize)]
pub struct Written {
    /// Where.
    pub path: String,
    /// In which format: `csv`, `png`.
    pub format: &'static str,
}

/// Prints `body` as JSON or as its own words, as `running` asks.
pub fn print<T: Serialize + Display>(
    command: &str,
    started: Instant,
    running: &Running,
    body: &T,
) -> Outcome<()> {
    let text = if running.json {
        let report = Report { command, elapsed_s: started.elapsed().as_secs_f64(), body };
        serde_json::to_string(&report)
            .map_err(|error| Failure::work(format!("cannot write JSON: {error}")))?
            + "\n"
    } else if running.quiet {
        return Ok(());
    } else {
        body.to_string()
    };
    print_text(&text)
}

/// Writes rows whose first is the heading, each column as wide as its widest cell.
pub fn write_table<const N: usize>(f: &mut fmt::Formatter<'_>, rows: &[[String; N]]) -> fmt::Result {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    for row in rows {
        for (cell, width) in row.iter().zip(widths) {
            write!(f, "  {cell:>width$}")?;
        }
        writeln!(f)?;
    }
    Ok(())
}

/// Prints `text` on standard output.
pub fn print_text(text: &str) -> Outcome<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}
