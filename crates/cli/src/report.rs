//! What a command found: one JSON object for programs, or a short summary for people.

use std::fmt::Display;
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

/// Prints `text` on standard output.
pub fn print_text(text: &str) -> Outcome<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Failure::stdout(&error))
}
