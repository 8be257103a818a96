//! Pictures of maps: colours, scales, pixels, dots and legends.

mod colors;
mod dots;
mod framed;
mod gif;
mod image;
mod legend;
mod scale;

pub use colors::{Colormap, Colors};
pub use dots::Dots;
pub use framed::{Area, Framed, pixels, text};
pub use gif::Animation;
pub use image::Image;
pub use legend::{Legend, ticks};
pub use scale::{Scale, ScaleKind};
