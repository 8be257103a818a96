//! A task is a list of steps: each is named, timed, and stops the task where it fails.

use std::error::Error;
use std::process::Command;
use std::time::Instant;

use crate::Outcome;
use crate::workspace::root;

/// Runs `command`; its output is the reader's.
pub(crate) fn run(name: &str, command: &mut Command) -> Outcome {
    let shown = display(command);
    check(name, || {
        println!("    {shown}");
        let status = command.status().map_err(|error| format!("{shown}: {error}"))?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{name} failed; run again with\n    {shown}").into())
        }
    })
}

/// Runs `work` under a heading and prints how long it took.
pub(crate) fn check(name: &str, work: impl FnOnce() -> Outcome) -> Outcome {
    println!("--- {name}");
    let start = Instant::now();
    work()?;
    println!("--- {name}: ok, {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// The command as it is typed, settings first.
fn display(command: &Command) -> String {
    let settings = command.get_envs().filter_map(|(key, value)| {
        value.map(|value| format!("{}='{}' ", key.to_string_lossy(), value.to_string_lossy()))
    });
    let folder = command.get_current_dir().filter(|folder| *folder != root());
    let folder = folder.map(|folder| format!("cd '{}' && ", folder.display()));
    let program = std::path::Path::new(command.get_program());
    let program = program.file_stem().unwrap_or(program.as_os_str()).to_string_lossy();
    let arguments = command.get_args().map(|argument| format!(" {}", argument.to_string_lossy()));
    folder.into_iter().chain(settings).chain([program.into_owned()]).chain(arguments).collect()
}

/// Joins what is wrong into one error, or is content.
pub(crate) fn all_well(complaints: &[String]) -> Result<(), Box<dyn Error>> {
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n       ").into()) }
}
