//! Files that a map is written to.

use std::path::Path;

use crate::args::density::OutputArgs;
use crate::error::{Failure, Outcome};
use crate::output;
use crate::plot::Picture;
use crate::report::Written;

/// What `--out`, `--plot` and `--contours` ask for.
pub struct Outputs<'a> {
    /// The map.
    pub out: Option<(&'a Path, Format)>,
    /// The map in a frame.
    pub plot: Option<(&'a Path, Picture)>,
    /// Hot spots.
    pub contours: Option<&'a Path>,
}

/// A format of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A picture.
    Png,
    /// Values.
    Npy,
    /// Values.
    Csv,
}

impl<'a> Outputs<'a> {
    /// Refuses what cannot be written, before any work.
    pub fn check(args: &'a OutputArgs) -> Outcome<Self> {
        let out = match args.out.as_deref() {
            None => None,
            Some(path) => {
                let format = Format::of(path)?;
                output::check_target("--out", path)?;
                Some((path, format))
            }
        };
        let plot = match args.plot.as_deref() {
            None => None,
            Some(path) => {
                let picture = Picture::of(path)?;
                output::check_target("--plot", path)?;
                Some((path, picture))
            }
        };
        let contours = match args.contours.as_deref() {
            None => None,
            Some(path) => {
                let extension = path.extension().and_then(|extension| extension.to_str());
                let extension = extension.map(str::to_ascii_lowercase);
                if !matches!(extension.as_deref(), Some("geojson" | "json")) {
                    return Err(Failure::usage(format!(
                        "--contours {}: the format is GeoJSON; end the name in .geojson or .json",
                        path.display()
                    )));
                }
                output::check_target("--contours", path)?;
                Some(path)
            }
        };
        let outputs = Self { out, plot, contours };
        outputs.check_apart()?;
        Ok(outputs)
    }

    /// The files that will have been written.
    pub fn written(&self) -> Vec<Written> {
        let written = |path: &Path, format| Written { path: path.display().to_string(), format };
        let out = self.out.map(|(path, format)| written(path, format.name()));
        let plot = self.plot.map(|(path, picture)| written(path, picture.name()));
        let contours = self.contours.map(|path| written(path, "geojson"));
        out.into_iter().chain(plot).chain(contours).collect()
    }

    fn check_apart(&self) -> Outcome<()> {
        let paths = [self.out.map(|(path, _)| path), self.plot.map(|(path, _)| path), self.contours];
        let paths: Vec<&Path> = paths.into_iter().flatten().collect();
        match paths.iter().enumerate().find(|(index, path)| paths[..*index].contains(path)) {
            Some((_, path)) => {
                Err(Failure::usage(format!("{}: is to be written twice; give two paths", path.display())))
            }
            None => Ok(()),
        }
    }
}

impl Format {
    fn of(path: &Path) -> Outcome<Self> {
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("png") => Ok(Self::Png),
            Some("npy") => Ok(Self::Npy),
            Some("csv") => Ok(Self::Csv),
            _ => Err(Failure::usage(format!(
                "--out {}: the format follows from the extension, one of .png .npy .csv",
                path.display()
            ))),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Npy => "npy",
            Self::Csv => "csv",
        }
    }
}
