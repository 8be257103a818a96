//! The hexad program: see the README beside this crate for what it does.

mod args;
mod commands;
mod dates;
mod error;
mod keys;
mod memory;
mod output;
mod picture;
mod plot;
mod progress;
mod report;
mod signal;
mod table;
mod targets;
mod threads;
mod units;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use args::Cli;
use error::{Failure, Outcome};

#[global_allocator]
static ALLOCATOR: hexad_core::LargePages = hexad_core::LargePages;

fn main() -> ExitCode {
    // A panic is reported below like any other failure, in one line and without a backtrace.
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|cause| Err(internal(&*cause)));
    match outcome {
        Ok(()) | Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run() -> Outcome<()> {
    match Cli::try_parse() {
        Ok(cli) => {
            output::stop_cleanly()?;
            commands::run(cli.command)
        }
        Err(error) if error.use_stderr() => Err(args::misuse(&error)),
        Err(help_or_version) => report::print_text(&help_or_version.render().to_string()),
    }
}

fn internal(cause: &(dyn std::any::Any + Send)) -> Failure {
    let words = cause.downcast_ref::<String>().map(String::as_str);
    let words = words.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("unknown cause");
    Failure::work(format!("internal: {words}; please report this with the command and its input"))
}
