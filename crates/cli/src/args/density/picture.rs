//! How a map is coloured.

use clap::Args;

use super::values;
use crate::picture::{Colormap, Colors, ScaleKind};

/// Colours of a map.
#[derive(Debug, Args)]
#[command(next_help_heading = "Picture")]
pub struct PictureArgs {
    /// Colours from nothing to the largest value: lightness rises, but in heat, for light maps, where it
    /// falls, and in turbo, which tells more apart
    #[arg(long, value_enum, value_name = "NAME", default_value_t = Colormap::Viridis)]
    pub colormap: Colormap,
    /// How values v are placed between them: log is ln(1 + v / f) with f 1e-4 of the largest or the smallest
    /// value, quantile by rank
    #[arg(long, value_enum, value_name = "SCALE", default_value_t = ScaleKind::Linear)]
    pub scale: ScaleKind,
    /// A transparent overlay: clear where nothing is, of opacity A from the middle of the scale on [default
    /// without =A: 0.8]
    #[arg(long, value_name = "A", num_args = 0..=1, require_equals = true, default_missing_value = "0.8", value_parser = values::opacity)]
    pub alpha: Option<f64>,
    /// Draw the points, as dots of R pixels [default without =R: 1.2]
    #[arg(long, value_name = "R", num_args = 0..=1, require_equals = true, default_missing_value = "1.2", value_parser = values::dot)]
    pub points: Option<f64>,
    /// Add a bar beside the picture that tells what its colours mean
    #[arg(long)]
    pub legend: bool,
}

impl PictureArgs {
    /// The colours.
    pub fn colors(&self) -> Colors {
        Colors::new(self.colormap, self.alpha)
    }
}
