//! Exact sums: every point that a kernel reaches, for every pixel.

use hexad_core::check_positive;
use hexad_core::simd::{Kernel as Compiled, Simd, Vector, dispatch, exp};
use rayon::prelude::*;

use crate::map::{Map, Normalization};
use crate::{DensityError, Points, Tally, View};

/// The shape of a kernel. Its width is its standard deviation along each axis, whatever the shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Kernel {
    /// `exp(-q / 2)`, q = `(dx / sx)^2 + (dy / sy)^2`, without end.
    #[default]
    Gaussian,
    /// `1 - q / 6` within `q < 6` (Epanechnikov 1969).
    Epanechnikov,
    /// `(1 - q / 8)^2` within `q < 8`: the biweight.
    Quartic,
    /// 1 within `q <= 4`: a disc.
    Disc,
}

impl Kernel {
    /// The kernel at `q = (dx / sx)^2 + (dy / sy)^2`, per data unit squared times `sx sy`: it integrates to 1.
    #[must_use]
    pub fn value(self, q: f64) -> f64 {
        let pi = std::f64::consts::PI;
        match self {
            Self::Gaussian => (-0.5 * q).exp() / (2.0 * pi),
            Self::Epanechnikov => (1.0 - q / 6.0).max(0.0) / (3.0 * pi),
            Self::Quartic => 3.0 * (1.0 - q / 8.0).max(0.0).powi(2) / (8.0 * pi),
            Self::Disc => f64::from(q <= 4.0) / (4.0 * pi),
        }
    }

    /// Where it ends, in standard deviations; a Gaussian is below the rounding of its sum beyond 38.6.
    #[must_use]
    pub fn reach(self) -> f64 {
        match self {
            Self::Gaussian => 38.6,
            Self::Epanechnikov => 6.0_f64.sqrt(),
            Self::Quartic => 8.0_f64.sqrt(),
            Self::Disc => 2.0,
        }
    }
}

/// The map of `points` with `kernel` of standard deviations `sigma`, in data units: the sum over all points for
/// every pixel, as it is defined.
///
/// The cost is points times the pixels each reaches: for few points, narrow kernels, and as a check.
///
/// # Errors
///
/// [`DensityError::Input`] unless both sigmas are finite and positive.
pub fn exact(
    points: &Points<'_>,
    view: &View,
    kernel: Kernel,
    sigma: [f64; 2],
    normalization: Normalization,
) -> Result<Map, DensityError> {
    check_positive("sigma[0]", sigma[0])?;
    check_positive("sigma[1]", sigma[1])?;
    let mut sorted: Vec<[f64; 3]> = points.present().map(|(x, y, weight)| [y, x, weight]).collect();
    // By y, so that a row finds its points; ties by x and weight: the order given does not matter.
    sorted.sort_unstable_by(|a, b| {
        a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])).then(a[2].total_cmp(&b[2]))
    });
    let reach = kernel.reach();
    let scale = view.pixel_area() / (sigma[0] * sigma[1]);
    let columns: Vec<f64> = (0..view.width()).map(|column| view.centre(column, 0)[0]).collect();
    let mut values = vec![0.0; view.pixels()];
    values.par_chunks_mut(view.width()).enumerate().for_each(|(row, out)| {
        let y = view.centre(0, row)[1];
        let from = sorted.partition_point(|point| (point[0] - y) / sigma[1] < -reach);
        let to = sorted.partition_point(|point| (point[0] - y) / sigma[1] <= reach);
        for [py, px, weight] in &sorted[from..to] {
            let qy = ((y - py) / sigma[1]).powi(2);
            let first = columns.partition_point(|x| (x - px) / sigma[0] < -reach);
            let last = columns.partition_point(|x| (x - px) / sigma[0] <= reach);
            for (out, x) in out[first..last].iter_mut().zip(&columns[first..last]) {
                *out += weight * kernel.value(((x - px) / sigma[0]).powi(2) + qy);
            }
        }
        out.iter_mut().for_each(|value| *value *= scale);
    });
    let done = tally(points, view);
    Ok(Map::from_counts(*view, values, normalization, done, 0.0))
}

pub(crate) fn tally(points: &Points<'_>, view: &View) -> (Tally, f64) {
    let (mut inside, mut present, mut sum) = (0, 0, 0.0);
    for (x, y, weight) in points.present() {
        inside += u64::from(view.pixel_of(x, y).is_some());
        present += 1;
        sum += weight;
    }
    let count = points.len() as u64;
    (Tally { points: count, inside, missing: count - present }, sum)
}

/// What a map of Gaussians is off by, where it was looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MeasuredError {
    /// Pixels looked at.
    pub pixels: usize,
    /// Largest difference from the exact sum, in the map's unit.
    pub largest: f64,
    /// The same relative to the largest value of the map.
    pub relative: f64,
}

/// Compares a map of Gaussians with the exact sums at `pixels` of its pixels, the peak first, the rest spread
/// evenly: what the map is off by, measured, beside [`Map::error_bound`], which is promised.
///
/// # Errors
///
/// [`DensityError::NotComparable`] if the map is normalised to its peak or a score; [`DensityError::Input`] for a
/// sigma out of range.
pub fn measure_error(
    map: &Map,
    points: &Points<'_>,
    sigma: [f64; 2],
    pixels: usize,
) -> Result<MeasuredError, DensityError> {
    check_positive("sigma[0]", sigma[0])?;
    check_positive("sigma[1]", sigma[1])?;
    let view = map.view();
    let unit = match map.normalization() {
        Normalization::Count => view.pixel_area(),
        Normalization::Density => 1.0,
        Normalization::Probability => 1.0 / map.weight(),
        Normalization::Max | Normalization::Score => return Err(DensityError::NotComparable),
    };
    let (peak, [column, row]) = map.max();
    let present: Vec<[f64; 3]> = points.present().map(|(x, y, weight)| [x, y, weight]).collect();
    let count = pixels.clamp(1, view.pixels());
    // Steps of the golden section come near every place without repeating.
    let spread = |index: usize| (index as f64 * 0.618_033_988_749_894_9).fract() * view.pixels() as f64;
    let places = (0..count).map(|index| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below the number of pixels"
        )]
        let place = spread(index) as usize;
        if index == 0 { row * view.width() + column } else { place.min(view.pixels() - 1) }
    });
    let mut largest = 0.0_f64;
    for place in places {
        let centre = view.centre(place % view.width(), place / view.width());
        let sum = dispatch(GaussianSum { points: &present, centre, sigma });
        let wanted = sum * unit / (2.0 * std::f64::consts::PI * sigma[0] * sigma[1]);
        largest = largest.max((map.values()[place] - wanted).abs());
    }
    let relative = if peak > 0.0 { largest / peak } else { 0.0 };
    Ok(MeasuredError { pixels: count, largest, relative })
}

struct GaussianSum<'a> {
    points: &'a [[f64; 3]],
    centre: [f64; 2],
    sigma: [f64; 2],
}

impl Compiled<f64, 4> for GaussianSum<'_> {
    type Output = f64;
    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> f64 {
        let mut sum = simd.splat(0.0);
        for four in self.points.chunks(4) {
            let (mut exponents, mut weights) = ([0.0; 4], [0.0; 4]);
            for ((exponent, weight), [x, y, w]) in exponents.iter_mut().zip(&mut weights).zip(four) {
                let (dx, dy) = ((x - self.centre[0]) / self.sigma[0], (y - self.centre[1]) / self.sigma[1]);
                *exponent = -0.5 * (dx * dx + dy * dy);
                *weight = *w;
            }
            sum = exp(simd, simd.load(&exponents)).mul_add(simd.load(&weights), sum);
        }
        sum.sum()
    }
}
