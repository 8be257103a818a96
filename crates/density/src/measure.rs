//! How wrong a map is, where it is looked at.

use hexad_core::check_positive;

use crate::map::{Map, Normalization};
use crate::sum::Sources;
use crate::{DensityError, Points, View};

/// What a map is off by, where it was looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MeasuredError {
    /// Pixels looked at.
    pub pixels: usize,
    /// Largest difference from the exact value, in the map's unit.
    pub largest: f64,
    /// The same relative to the largest value of the map.
    pub relative: f64,
}

/// Compares a map of Gaussians with the exact sums at `pixels` of its pixels, the peak first, the rest spread
/// evenly: what the map is off by, measured, beside [`Map::error_bound`], which is promised.
///
/// # Errors
///
/// As [`measure_error_with`]; [`DensityError::Input`] for a sigma out of range.
pub fn measure_error(
    map: &Map,
    points: &Points<'_>,
    sigma: [f64; 2],
    pixels: usize,
) -> Result<MeasuredError, DensityError> {
    check_positive("sigma[0]", sigma[0])?;
    check_positive("sigma[1]", sigma[1])?;
    let sources: Sources = points.present().map(|(x, y, weight)| [x, y, weight]).collect();
    let scale = 1.0 / (std::f64::consts::TAU * sigma[0] * sigma[1]);
    measure_error_with(map, pixels, |pixel| scale * sources.gaussian_sum(pixel.centre(0, 0), sigma))
}

/// Compares any map with `density`, the exact value per data unit squared for a view of one pixel, at `pixels` of
/// its pixels, the peak first, the rest spread evenly.
///
/// # Errors
///
/// [`DensityError::NotComparable`] if the map is normalized to its peak or a score.
///
/// # Examples
///
/// ```
/// use hexad_density::{Covariance, GaussianOptions, Points, View, direct, gaussian_tilted, measure_error_with};
/// let view = View::new([0.0, 0.0, 10.0, 10.0], [100, 100])?;
/// let points = Points::new(&[2.0, 7.0, 7.5], &[3.0, 4.0, 5.0])?;
/// let kernel = Covariance::new(1.0, 0.5, 1.0)?;
/// let map = gaussian_tilted(&points, &view, &kernel, &GaussianOptions::default())?;
/// let measured = measure_error_with(&map, 50, |pixel| direct::tilted(&points, pixel, &kernel)[0])?;
/// assert!(measured.relative <= map.error_bound());
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
pub fn measure_error_with(
    map: &Map,
    pixels: usize,
    density: impl Fn(&View) -> f64,
) -> Result<MeasuredError, DensityError> {
    let view = map.view();
    let unit = match map.normalization() {
        Normalization::Count => view.pixel_area(),
        Normalization::Density => 1.0,
        Normalization::Probability => 1.0 / map.weight(),
        Normalization::Max | Normalization::Score => return Err(DensityError::NotComparable),
    };
    let (peak, [column, row]) = map.max();
    let count = pixels.clamp(1, view.pixels());
    // Steps of the golden section come near every place without repeating.
    let spread = |index: usize| (index as f64 * 0.618_033_988_749_894_9).fract() * view.pixels() as f64;
    let mut largest = 0.0_f64;
    for index in 0..count {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the pixels")]
        let place = (spread(index) as usize).min(view.pixels() - 1);
        let place = if index == 0 { row * view.width() + column } else { place };
        let pixel = view.cut([place % view.width(), place / view.width()], [1, 1])?;
        largest = largest.max((map.values()[place] - density(&pixel) * unit).abs());
    }
    let relative = if peak > 0.0 { largest / peak } else { 0.0 };
    Ok(MeasuredError { pixels: count, largest, relative })
}
