//! What of `validate` is asked for.

use std::error::Error;

use super::SYSTEMS;
use super::claim::Effort;

/// The options of one run.
#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    pub effort: Effort,
    /// Renews the record of names and verdicts.
    pub accept: bool,
    /// Measures all twice, and compares.
    pub twice: bool,
    /// Names of systems; empty for all.
    only: Vec<String>,
}

impl Options {
    pub fn parse(arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut options = Self { effort: Effort::Full, accept: false, twice: false, only: Vec::new() };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match *argument {
                "--quick" => options.effort = Effort::Quick,
                "--accept" => options.accept = true,
                "--twice" => options.twice = true,
                "--only" => options.only.push(system(rest.next())?),
                other => {
                    return Err(format!("unknown option {other}; see cargo xtask validate --help").into());
                }
            }
        }
        if options.accept && (options.effort == Effort::Quick || options.twice || !options.only.is_empty()) {
            return Err(
                "--accept takes the verdicts of a whole run: leave out --quick, --twice and --only".into()
            );
        }
        Ok(options)
    }

    pub fn asks_for(&self, system: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == system)
    }
}

fn system(name: Option<&&str>) -> Result<String, Box<dyn Error>> {
    let names = SYSTEMS.map(|system| system.name);
    match name {
        Some(name) if names.contains(name) => Ok((*name).to_owned()),
        Some(name) => Err(format!("there is no system {name:?}; take one of {}", names.join(", ")).into()),
        None => Err(format!("--only wants a system: one of {}", names.join(", ")).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_asked_for_by_name() {
        let options = Options::parse(&["--quick", "--only", "density", "--only", "spectral"]).unwrap();
        assert_eq!(options.effort, Effort::Quick);
        assert!(
            options.asks_for("density") && options.asks_for("spectral") && !options.asks_for("smoothing")
        );
        assert!(Options::parse(&[]).unwrap().asks_for("smoothing"));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for arguments in [
            &["--only"][..],
            &["--only", "waves"],
            &["quick"],
            &["--quick", "--accept"],
            &["--twice", "--accept"],
        ] {
            assert!(Options::parse(arguments).is_err(), "{arguments:?}");
        }
    }
}
