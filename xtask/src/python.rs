//! Python: environments with pinned packages, and the checks of the package in `crates/python`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::workspace::{root, target};
use crate::{Outcome, step};

/// Sources of the package and its tests.
const PACKAGE: &str = "crates/python";

/// Builds the wheel, installs it into an environment of its own and runs its tests there, away from the sources.
/// Without Python nothing is done, but where `CI` is set that is an error.
pub(crate) fn test() -> Outcome {
    if !is_installed() {
        let absent = "Python 3.11 or newer is not installed";
        if std::env::var_os("CI").is_some() {
            return Err(absent.into());
        }
        println!("--- python: skipped, for {absent}");
        return Ok(());
    }
    let folder = target().join("python");
    let python =
        environment(&folder.join("environment"), &root().join(PACKAGE).join("tests/requirements.txt"))?;
    let wheel = build(&python, &folder.join("wheels"))?;
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--force-reinstall", "--no-deps"];
    step::run("python: install", Command::new(&python).args(pip).arg(&wheel))?;
    let away = |module: &str| {
        let mut command = Command::new(&python);
        command.args(["-m", module]).current_dir(std::env::temp_dir());
        command.env("MYPY_CACHE_DIR", folder.join("mypy"));
        command
    };
    let tests = root().join(PACKAGE).join("tests");
    step::run("python: tests", away("pytest").args(["-q", "-p", "no:cacheprovider"]).arg(&tests))?;
    let examples = ["-q", "-p", "no:cacheprovider", "--doctest-modules", "--pyargs", "hexad"];
    step::run("python: examples in the documentation", away("pytest").args(examples))?;
    let settings = root().join("pyproject.toml");
    step::run(
        "python: types",
        away("mypy").args(["--strict", "--package", "hexad"]).arg("--config-file").arg(&settings),
    )?;
    step::run(
        "python: stubs",
        away("mypy.stubtest").args(["hexad._hexad", "--mypy-config-file"]).arg(&settings),
    )
}

/// The Python in `folder`, made where it is not there, with the packages of the file `requirements`.
pub(crate) fn environment(folder: &Path, requirements: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let name = folder.strip_prefix(root()).unwrap_or(folder).display();
    if !python.is_file() {
        step::run(&format!("make {name}"), Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    step::run(&format!("fill {name}"), Command::new(&python).args(pip).arg(requirements))?;
    Ok(python)
}

fn is_installed() -> bool {
    let recent = "import sys, venv; sys.exit(sys.version_info < (3, 11))";
    let probe =
        Command::new("python3").args(["-c", recent]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    probe.is_ok_and(|status| status.success())
}

/// The wheel, alone in `wheels`.
fn build(python: &Path, wheels: &Path) -> Result<PathBuf, Box<dyn Error>> {
    if wheels.is_dir() {
        std::fs::remove_dir_all(wheels)?;
    }
    let mut maturin = Command::new(python);
    maturin.args(["-m", "maturin", "build", "--release", "--quiet", "--out"]).arg(wheels).current_dir(root());
    step::run("python: wheel", &mut maturin)?;
    let wheel = std::fs::read_dir(wheels)?.next().ok_or("maturin built no wheel")??;
    Ok(wheel.path())
}
