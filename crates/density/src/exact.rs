//! Exact sums: every point that a kernel reaches, for every pixel.

use hexad_core::check_positive;
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
