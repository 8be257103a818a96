//! Why a density call was refused.

use hexad_core::InputError;

/// Why a density call was refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DensityError {
    /// An argument has the wrong length, is out of range or holds a value that cannot be used.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A view has no extent, or runs backwards.
    #[error("the view must end above where it starts along {axis}, got {low} to {high}")]
    EmptyView {
        /// `"x"` or `"y"`.
        axis: &'static str,
        /// Where it starts.
        low: f64,
        /// Where it ends.
        high: f64,
    },
    /// Neighbouring pixels are so near each other that their edges round to the same number.
    #[error("pixels of {pixel:e} along {axis} cannot be told apart at coordinates of {coordinate:e}")]
    PixelsTooSmall {
        /// `"x"` or `"y"`.
        axis: &'static str,
        /// Width of a pixel.
        pixel: f64,
        /// The largest coordinate of the view.
        coordinate: f64,
    },
    /// More pixels or grid cells than this crate works with.
    #[error("{width} x {height} cells are too many: {bytes:e} bytes, the limit is 2^31 cells")]
    TooLarge {
        /// Cells along x.
        width: u64,
        /// Cells along y.
        height: u64,
        /// Bytes that they would take as `f64`.
        bytes: f64,
    },
    /// The grid that a kernel is summed on is far larger than the map.
    #[error(
        "this kernel asks for a grid of {width} x {height} nodes, {bytes:e} bytes: take a wider bandwidth that leans \
         less, a coarser tolerance, or a part of the view"
    )]
    GridTooLarge {
        /// Nodes along x.
        width: u64,
        /// Nodes along y.
        height: u64,
        /// Bytes that they would take as `f64`.
        bytes: f64,
    },
    /// A view cut out of another reaches beyond it.
    #[error("a cut of {size} pixels from pixel {from} along {axis} reaches beyond the {have} that are there")]
    CutOutside {
        /// `"x"` or `"y"`.
        axis: &'static str,
        /// First pixel.
        from: usize,
        /// Pixels wanted.
        size: usize,
        /// Pixels there are.
        have: usize,
    },
    /// No point has finite coordinates.
    #[error("there is no point with finite coordinates")]
    NoPoints,
    /// A rule for the bandwidth found nothing to measure.
    #[error("the points do not spread along {axis}, so no rule can give a bandwidth: name one")]
    NoSpread {
        /// `"x"` or `"y"`.
        axis: &'static str,
    },
    /// The iteration for a bandwidth has no solution for these points.
    #[error("the ISJ rule finds no bandwidth for these points; use Scott's or name one")]
    NoBandwidth,
    /// A bandwidth along the axes was asked of a kernel tilted against them.
    #[error("this bandwidth is tilted against the axes: use it with gaussian_tilted")]
    TiltedBandwidth,
    /// The kernel is too narrow for values at the pixels' centres to stand for the map.
    #[error(
        "a bandwidth of {bandwidth_px:.3e} pixels along {axis} is below a fifth of a pixel: \
         zoom in, use a wider one, or the exact method"
    )]
    BandwidthTooSmall {
        /// `"x"` or `"y"`.
        axis: &'static str,
        /// Sigma in pixels.
        bandwidth_px: f64,
    },
    /// Nearest neighbours have no weights.
    #[error("nearest neighbours are counted, not weighed: leave the weights out")]
    WeightsUnknown,
    /// A map normalized to its peak has lost its unit.
    #[error("a map normalized to its peak, or a score, cannot be compared with the exact sums")]
    NotComparable,
    /// A pyramid of more tiles than are wanted.
    #[error(
        "down to zoom {zoom} these points reach {tiles} tiles or more, and {most} are allowed: stop at a lower zoom"
    )]
    TooManyTiles {
        /// Tiles counted so far.
        tiles: u64,
        /// Zoom at which the counting stopped.
        zoom: u8,
        /// [`crate::TileOptions::most_tiles`].
        most: u64,
    },
    /// A map normalized to its peak, or a score, has no unit.
    #[error("a map normalized to its peak, or a score, has no density per square kilometre")]
    NoUnit,
    /// Rasters of different views, or counts and weights.
    #[error("only rasters of the same view, kernel and unit of weight can be merged")]
    DifferentRasters,
    /// More points, or a larger sum of weights, than the integers of a raster hold.
    #[error("the sum exceeds what the raster's integers hold")]
    Overflow,
    /// Bytes that are not a raster.
    #[error("these bytes are not a raster: {reason}")]
    NotARaster {
        /// What is wrong with them.
        reason: &'static str,
    },
}
