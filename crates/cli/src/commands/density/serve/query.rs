//! What a request wants drawn.

use clap::ValueEnum;

use crate::args::density::values::{self, Size, Width};
use crate::args::density::{EstimateArgs, MethodKind};
use crate::error::{Failure, Outcome};
use crate::picture::{Colormap, ScaleKind};

/// Methods that are quick enough to be watched.
pub const METHODS: [MethodKind; 4] =
    [MethodKind::Gaussian, MethodKind::Box, MethodKind::Histogram, MethodKind::Knn];
/// Most pixels along a side.
const LARGEST: usize = 2048;
/// Widest kernel, in pixels.
const WIDEST: f64 = 1000.0;

/// A map, on the plane, and how it is coloured.
#[derive(Debug)]
pub struct Asked {
    /// Corners, on the plane.
    pub bbox: [f64; 4],
    /// Pixels.
    pub size: [usize; 2],
    /// Method and bandwidth.
    pub estimate: EstimateArgs,
    /// Colours.
    pub colormap: Colormap,
    /// Their scale.
    pub scale: ScaleKind,
    /// Where the scale ends, if not at the largest value.
    pub top: Option<f64>,
    /// The pixel whose value is wanted.
    pub pixel: [usize; 2],
}

impl Asked {
    /// Begins with `self` and takes what the query says.
    pub fn take(&mut self, query: &[(String, String)]) -> Outcome<()> {
        for (name, text) in query {
            let bad = |problem: String| Failure::usage(format!("{name}: {problem}"));
            match name.as_str() {
                "bbox" => self.bbox = values::bbox(text).map_err(bad)?,
                "size" => self.size = size(text).map_err(bad)?,
                "method" => self.estimate.method = method(text).map_err(bad)?,
                "bandwidth" => self.estimate.bandwidth = bandwidth(text).map_err(bad)?,
                "colormap" => self.colormap = Colormap::from_str(text, false).map_err(bad)?,
                "scale" => self.scale = ScaleKind::from_str(text, false).map_err(bad)?,
                "top" => self.top = Some(crate::args::values::positive(text).map_err(bad)?),
                "column" => self.pixel[0] = place(text).map_err(bad)?,
                "row" => self.pixel[1] = place(text).map_err(bad)?,
                _ => return Err(Failure::usage("there is no such parameter")),
            }
        }
        Ok(())
    }
}

fn size(text: &str) -> Result<[usize; 2], String> {
    match values::size(text)? {
        Size { width, height: Some(height) } if width <= LARGEST && height <= LARGEST => Ok([width, height]),
        _ => Err(format!("must be WIDTHxHEIGHT, up to {LARGEST} each")),
    }
}

fn method(text: &str) -> Result<MethodKind, String> {
    let method = MethodKind::from_str(text, false)?;
    if METHODS.contains(&method) { Ok(method) } else { Err("is not for a live page".to_string()) }
}

fn bandwidth(text: &str) -> Result<Width, String> {
    let pixels = crate::args::values::positive(text)?;
    if pixels <= WIDEST { Ok(Width::Pixels(pixels)) } else { Err(format!("must be at most {WIDEST} pixels")) }
}

fn place(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|place| *place < LARGEST).ok_or_else(|| "is not a pixel".to_string())
}
