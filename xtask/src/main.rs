//! `cargo xtask`: the one door for automation.

#[cfg(feature = "measure")]
mod bench;
mod fuzz;
mod links;
mod manifests;
#[cfg(not(feature = "measure"))]
mod measured;
mod package;
mod python;
mod sanitize;
mod step;
mod test;
mod usage;
#[cfg(feature = "measure")]
mod validate;
mod workspace;

use std::process::ExitCode;

/// What a task ends with.
type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Large arrays lie on large pages, as those of the peers in Python do.
#[cfg(feature = "measure")]
#[global_allocator]
static ALLOCATOR: hexad_core::LargePages = hexad_core::LargePages;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["help" | "--help" | "-h"] => show(Some(usage::all())),
        ["help", task] => show(usage::of(task)),
        [task, options @ ..] if options.iter().any(|option| ["--help", "-h"].contains(option)) => {
            show(usage::of(task))
        }
        ["test"] => test::run(),
        ["package"] => package::run(),
        ["package", "--interface"] => package::interface(),
        ["python"] => python::test(),
        ["sanitize"] => sanitize::run(),
        ["fuzz", options @ ..] => fuzz::run(options),
        #[cfg(feature = "measure")]
        ["validate", options @ ..] => validate::run(options),
        #[cfg(feature = "measure")]
        ["bench", options @ ..] => bench::run(options),
        #[cfg(not(feature = "measure"))]
        ["validate" | "bench", ..] => measured::run(&arguments),
        // What a claim about kills starts and kills.
        #[cfg(feature = "measure")]
        ["until-killed", folder] => validate::until_killed(folder.as_ref()),
        [] => Err(usage::all().into()),
        [task, options @ ..] => Err(misunderstood(task, options).into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a usage, or says that there is no such task.
fn show(usage: Option<String>) -> Outcome {
    print!("{}", usage.ok_or_else(|| format!("there is no such task\n\n{}", usage::all()))?);
    Ok(())
}

fn misunderstood(task: &str, options: &[&str]) -> String {
    match usage::of(task) {
        Some(usage) => format!("{task} does not take {}\n\n{usage}", options.join(" ")),
        None => format!("unknown task {task:?}\n\n{}", usage::all()),
    }
}
