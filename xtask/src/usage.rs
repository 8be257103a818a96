//! What `--help` says of each task.

/// A task, how it is called, and what it does.
struct Task {
    name: &'static str,
    options: &'static str,
    does: &'static str,
    /// A line for each option.
    details: &'static [&'static str],
}

const TASKS: [Task; 7] = [
    Task {
        name: "test",
        options: "",
        does: "check format, lints, manifests, links, tests, doctests, docs and the Python package",
        details: &[],
    },
    Task {
        name: "validate",
        options: "[--only SYSTEM]... [--quick] [--twice] [--accept]",
        does: "measure every claim; write target/validation/index.html and report.json; exit 1 if any fails",
        details: &[
            "--only SYSTEM  smoothing, spectral, correlate, pde-leapfrog, neuro-hh or density; may be repeated",
            "--quick        a minute: fewer trials and sizes; claims that cannot be shortened are listed as not run",
            "--twice        measure all twice; exit 1 unless both runs give the same page and JSON, but for times",
            "--accept       take the names and verdicts of this run as the record, xtask/src/validate/verdicts.txt,",
            "               which every run is compared with",
        ],
    },
    Task {
        name: "bench",
        options: "[--peers] [--write] [TEXT]...",
        does: "time every crate; write target/bench/report.md and report.json",
        details: &[
            "--peers        also time what people use today, pinned and installed into target, on the same arrays; and the",
            "               Python package beside it in one process",
            "--write        also put the tables of whole crates into docs/benchmarks.md",
            "TEXT           only the crate of that name (smoothing, or python for the package), or the rows whose name",
            "               contains it; may be repeated",
        ],
    },
    Task {
        name: "fuzz",
        options: "[--seconds S] [--seed N] [--at-once N] [--release] [TARGET]...",
        does: "feed the program damaged files, commands and requests; keep in target/fuzz what is neither taken nor refused",
        details: &[
            "--seconds S    for each target; 60 where it is left out",
            "--seed N       of the damage, which follows from it alone; 1 where it is left out",
            "--at-once N    targets side by side; 1 where it is left out",
            "--release      the program without the checks of overflow and the like that it is developed with",
            "TARGET         csv, dates, text, npy, parquet, wav, points, waves, network, stopped-waves, stopped-neurons,",
            "               arguments or requests; all where none is given",
        ],
    },
    Task {
        name: "python",
        options: "",
        does: "the Python package alone: build it, install it beside pinned packages, test it there",
        details: &[],
    },
    Task {
        name: "sanitize",
        options: "",
        does: "run the tests of the crates with or upon unsafe code under the address sanitizer of a nightly toolchain",
        details: &[],
    },
    Task {
        name: "package",
        options: "[--interface]",
        does: "package every published crate, build it from its package, and test it alone; find breaks of its interface",
        details: &[
            "--interface    only compare the interface of each crate with the last release, the newest tag v*; exit 1 where",
            "               one breaks and its version does not say so; needs cargo-semver-checks",
        ],
    },
];

/// All tasks.
pub(crate) fn all() -> String {
    let tasks = TASKS.iter().map(|task| format!("  {:<10} {}\n", task.name, task.does));
    let tasks: String = tasks.collect();
    format!("usage: cargo xtask TASK [OPTIONS]\n\n{tasks}\ncargo xtask TASK --help says more of a task\n")
}

/// One task, if there is one of that name.
pub(crate) fn of(name: &str) -> Option<String> {
    let task = TASKS.iter().find(|task| task.name == name)?;
    let mut text = format!("usage: cargo xtask {name} {}", task.options).trim_end().to_owned();
    text += &format!("\n\n{}\n", task.does);
    if !task.details.is_empty() {
        text += &format!("\n  {}\n", task.details.join("\n  "));
    }
    Some(text)
}
