//! Counts and box sums: the maps that are exact in integers.

use hexad_core::InputError;

use crate::exact::tally;
use crate::map::{Map, Normalization};
use crate::{DensityError, Points, Raster, View};

/// The number of points, or their weight, in every pixel.
///
/// # Errors
///
/// As [`Raster::add`].
///
/// # Examples
///
/// ```
/// use hexad_density::{Normalization, Points, View, histogram};
/// let view = View::new([0.0, 0.0, 2.0, 2.0], [2, 2])?;
/// let map = histogram(&Points::new(&[0.5, 0.7, 1.5], &[0.5, 0.5, 2.0])?, &view, Normalization::Count)?;
/// assert_eq!(map.values(), [2.0, 0.0, 0.0, 1.0]);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
pub fn histogram(
    points: &Points<'_>,
    view: &View,
    normalization: Normalization,
) -> Result<Map, DensityError> {
    Ok(filled(points, *view)?.map(normalization))
}

/// The mean number of points per pixel over a box of `2 radius + 1` pixels each way, averaged `passes` times
/// over: close to a Gaussian of [`box_sigma`] pixels. Points as far outside the view as the boxes reach count.
///
/// Sums are integers, so that neither the order of the points nor what else the view shows changes a bit.
///
/// # Errors
///
/// [`DensityError`] for no passes, or boxes so wide that their sums exceed 127 bits, or the view with its halo
/// the limits of [`View`]; else as [`Raster::add`].
///
/// # Examples
///
/// ```
/// use hexad_density::{Normalization, Points, View, box_map};
/// let view = View::new([0.0, 0.0, 5.0, 5.0], [5, 5])?;
/// let map = box_map(&Points::new(&[2.5], &[-0.5])?, &view, [1, 1], 1, Normalization::Count)?;
/// assert_eq!(map.values()[..5], [0.0, 1.0 / 9.0, 1.0 / 9.0, 1.0 / 9.0, 0.0]);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
///
/// # References
///
/// F. C. Crow, SIGGRAPH 1984 (sums over boxes); W. M. Wells, IEEE TPAMI 8(2), 1986 (repeated boxes).
pub fn box_map(
    points: &Points<'_>,
    view: &View,
    radius: [usize; 2],
    passes: usize,
    normalization: Normalization,
) -> Result<Map, DensityError> {
    if passes == 0 {
        return Err(InputError::OutOfRange { argument: "passes", value: 0.0, allowed: ">= 1" }.into());
    }
    let width = |radius: usize| 2.0 * radius as f64 + 1.0;
    let weight = (width(radius[0]) * width(radius[1])).powf(passes as f64);
    let halo = radius.map(|radius| radius.saturating_mul(passes));
    let raster = filled(points, view.with_halo(halo[0], halo[1])?)?;
    let largest = raster.integers().map(|sum| u128::from(sum.unsigned_abs())).sum::<u128>() as f64;
    let sums: Vec<f64> = if largest * weight < i64::MAX as f64 * 0.5 {
        sums(raster.integers(), raster.view(), radius, passes)
            .into_iter()
            .map(|sum: i64| sum as f64)
            .collect()
    } else if largest * weight < i128::MAX as f64 * 0.5 {
        sums(raster.integers().map(i128::from), raster.view(), radius, passes)
            .into_iter()
            .map(|sum: i128| sum as f64)
            .collect()
    } else {
        return Err(DensityError::Overflow);
    };
    let values = sums.into_iter().map(|sum| sum * raster.unit() / weight).collect();
    Ok(Map::from_counts(*view, values, normalization, tally(points, view), 0.0))
}

/// Standard deviation in pixels of `passes` boxes of `2 radius + 1` pixels: `sqrt(k ((2 r + 1)^2 - 1) / 12)`.
#[must_use]
pub fn box_sigma(radius: usize, passes: usize) -> f64 {
    let width = 2.0 * radius as f64 + 1.0;
    (passes as f64 * (width * width - 1.0) / 12.0).sqrt()
}

/// The radius whose [`box_sigma`] comes nearest to `sigma_px` pixels.
#[must_use]
pub fn box_radius(sigma_px: f64, passes: usize) -> usize {
    let real = 0.5 * ((12.0 * sigma_px * sigma_px / passes.max(1) as f64 + 1.0).sqrt() - 1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates where it must")]
    let below = real.max(0.0) as usize;
    let off = |radius: usize| (box_sigma(radius, passes) - sigma_px).abs();
    let above = below.saturating_add(1);
    if off(above) < off(below) { above } else { below }
}

fn filled(points: &Points<'_>, view: View) -> Result<Raster, DensityError> {
    let mut raster = match points.weights {
        None => Raster::new(view),
        Some(_) => {
            let largest = points.present().fold(0.0, |most: f64, (_, _, weight)| most.max(weight.abs()));
            Raster::weighted(view, if largest > 0.0 { largest } else { 1.0 })?
        }
    };
    raster.add(points)?;
    Ok(raster)
}

/// Box sums of the whole raster; what is left when the halo is gone.
fn sums<T>(values: impl Iterator<Item = T>, view: &View, radius: [usize; 2], passes: usize) -> Vec<T>
where
    T: Copy + Default + std::ops::AddAssign + std::ops::SubAssign,
{
    let (mut width, mut height) = (view.width(), view.height());
    let mut values: Vec<T> = values.collect();
    for _ in 0..passes {
        let box_width = 2 * radius[0] + 1;
        let mut narrow = Vec::with_capacity(values.len());
        for row in values.chunks_exact(width) {
            let mut sum = T::default();
            row[..box_width - 1].iter().for_each(|value| sum += *value);
            for (last, first) in row[box_width - 1..].iter().zip(row) {
                sum += *last;
                narrow.push(sum);
                sum -= *first;
            }
        }
        (values, width) = (narrow, width - 2 * radius[0]);
    }
    for _ in 0..passes {
        let box_height = 2 * radius[1] + 1;
        let mut low = Vec::with_capacity(values.len());
        let mut sums = vec![T::default(); width];
        let rows: Vec<&[T]> = values.chunks_exact(width).collect();
        for (index, row) in rows.iter().enumerate() {
            sums.iter_mut().zip(*row).for_each(|(sum, value)| *sum += *value);
            if let Some(first) = (index + 1).checked_sub(box_height) {
                low.extend_from_slice(&sums);
                sums.iter_mut().zip(rows[first]).for_each(|(sum, value)| *sum -= *value);
            }
        }
        (values, height) = (low, height - 2 * radius[1]);
    }
    debug_assert_eq!(values.len(), width * height);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_questions_boxes_are_a_gaussian_of_18_pixels() {
        assert!((box_sigma(15, 4) - 17.8885).abs() < 1e-4);
        assert_eq!(box_radius(17.8885, 4), 15);
        assert_eq!([box_radius(0.0, 4), box_radius(f64::NAN, 4)], [0, 0]);
    }
}
