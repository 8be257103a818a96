//! Where a command's results go.

use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use crate::args::Running;
use crate::error::{Failure, Outcome};
use crate::output::{self, Pending};
use crate::plot::{Figure, Picture};
use crate::report::{self, Written};
use crate::table::{self, Format, Stream, Table};

/// What `--out` and `--plot` ask for.
pub struct Targets<'a> {
    out: Option<Out<'a>>,
    plot: Option<(&'a Path, Picture)>,
}

enum Out<'a> {
    Stdout,
    File(&'a Path, Format),
}

impl<'a> Targets<'a> {
    /// Refuses what cannot be written, before any work.
    pub fn check(out: Option<&'a Path>, plot: Option<&'a Path>, running: &Running) -> Outcome<Self> {
        let out = match out {
            None => None,
            Some(path) if path.as_os_str() == "-" => {
                if running.json {
                    return Err(Failure::usage(
                        "--out - and --json both want standard output; give --out a path",
                    ));
                }
                Some(Out::Stdout)
            }
            Some(path) => {
                let format = Format::of(path)?;
                output::check_target("--out", path)?;
                Some(Out::File(path, format))
            }
        };
        let plot = match plot {
            None => None,
            Some(path) => {
                let picture = Picture::of(path)?;
                output::check_target("--plot", path)?;
                Some((path, picture))
            }
        };
        Ok(Self { out, plot })
    }

    /// Whether coordinates are written as they were read.
    pub fn keeps_text(&self) -> bool {
        matches!(self.out, Some(Out::Stdout | Out::File(_, Format::Csv)))
    }

    /// The files that will have been written.
    pub fn written(&self) -> Vec<Written> {
        let out = self.out.iter().filter_map(|out| match out {
            Out::File(path, format) => {
                Some(Written { path: path.display().to_string(), format: format.name() })
            }
            Out::Stdout => None,
        });
        let plot = self.plot.iter();
        let plot =
            plot.map(|(path, picture)| Written { path: path.display().to_string(), format: picture.name() });
        out.chain(plot).collect()
    }

    /// Draws the plot, if it is asked for.
    pub fn draw<'f>(&self, figure: impl FnOnce() -> Outcome<Figure<'f>>) -> Outcome<Option<Pending>> {
        let Some((path, picture)) = self.plot else { return Ok(None) };
        let bytes = figure()?.render(picture)?;
        output::write(path, |out| out.write_all(&bytes)).map(Some)
    }

    /// Writes the table, if it is asked for.
    pub fn write(&self, table: impl FnOnce() -> Table) -> Outcome<Option<Pending>> {
        match self.out {
            None => Ok(None),
            Some(Out::File(path, format)) => {
                let table = table();
                output::write(path, |file| table::write(&table, format, file)).map(Some)
            }
            Some(Out::Stdout) => {
                let written = table::write(&table(), Format::Csv, &mut std::io::stdout());
                written.map(|()| None).map_err(|error| Failure::stdout(&error))
            }
        }
    }

    /// Begins the table of `columns`, if it is asked for: for rows that are not kept.
    pub fn stream(&self, columns: &[&str]) -> Outcome<Option<Stream>> {
        match self.out {
            None => Ok(None),
            Some(Out::File(path, format)) => Stream::to_file(path, format, columns).map(Some),
            Some(Out::Stdout) => Stream::to_stdout(columns).map(Some),
        }
    }

    /// Reports the work, unless the table has taken standard output.
    pub fn report<T: Serialize + std::fmt::Display>(
        &self,
        command: &str,
        started: Instant,
        running: &Running,
        body: &T,
    ) -> Outcome<()> {
        match self.out {
            Some(Out::Stdout) => Ok(()),
            _ => report::print(command, started, running, body),
        }
    }
}
