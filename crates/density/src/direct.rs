//! The definitions as plain sums: slow, and obviously right. Every fast path is tested against its twin here.

use crate::edge::Support;
use crate::{AdaptiveOptions, Covariance, EdgeCorrection, Points, View};

/// Weight in each pixel, by a search through the edges: [`crate::Raster`].
#[must_use]
pub fn histogram(points: &Points<'_>, view: &View) -> Vec<f64> {
    let mut sums = vec![0.0; view.pixels()];
    let (x_edges, y_edges) = (view.x_edges(), view.y_edges());
    for (x, y, weight) in points.present() {
        if let (Some(column), Some(row)) = (bin(&x_edges, x), bin(&y_edges, y)) {
            sums[row * view.width() + column] += weight;
        }
    }
    sums
}

/// The bin whose lower edge is the last one not above `value`; the last bin is closed.
fn bin(edges: &[f64], value: f64) -> Option<usize> {
    let bins = edges.len() - 1;
    let below = edges.partition_point(|edge| *edge <= value);
    if value == edges[bins] { Some(bins - 1) } else { below.checked_sub(1).filter(|bin| *bin < bins) }
}

/// Gaussians of standard deviations `sigma` on all points, summed at every pixel's centre, per data unit
/// squared: [`crate::gaussian()`], [`crate::exact()`].
#[must_use]
pub fn gaussian(points: &Points<'_>, view: &View, sigma: [f64; 2]) -> Vec<f64> {
    let peak = 1.0 / (std::f64::consts::TAU * sigma[0] * sigma[1]);
    each_pixel(view, |[cx, cy]| {
        let term = |(x, y, weight): (f64, f64, f64)| {
            weight * (-0.5 * (((x - cx) / sigma[0]).powi(2) + ((y - cy) / sigma[1]).powi(2))).exp()
        };
        peak * points.present().map(term).sum::<f64>()
    })
}

/// Gaussians of `covariance` on all points, summed at every pixel's centre, per data unit squared:
/// [`crate::gaussian_tilted`].
#[must_use]
pub fn tilted(points: &Points<'_>, view: &View, covariance: &Covariance) -> Vec<f64> {
    let [xx, xy, yy] = covariance.entries();
    let determinant = xx * yy - xy * xy;
    let peak = 1.0 / (std::f64::consts::TAU * determinant.sqrt());
    each_pixel(view, |[cx, cy]| {
        let term = |(x, y, weight): (f64, f64, f64)| {
            let (dx, dy) = (x - cx, y - cy);
            weight * (-0.5 * (yy * dx * dx - 2.0 * xy * dx * dy + xx * dy * dy) / determinant).exp()
        };
        peak * points.present().map(term).sum::<f64>()
    })
}

/// Gaussians of standard deviations `sigma` on the points in the rectangle `support`, summed at the centres of
/// the pixels in it and corrected, per data unit squared: [`EdgeCorrection::map`]. Nothing for an empty rectangle.
#[must_use]
pub fn within(
    points: &Points<'_>,
    view: &View,
    sigma: [f64; 2],
    support: [f64; 4],
    correction: EdgeCorrection,
) -> Vec<f64> {
    let Ok(support) = Support::new(support, sigma) else { return Vec::new() };
    let peak = 1.0 / (std::f64::consts::TAU * sigma[0] * sigma[1]);
    each_pixel(view, |[cx, cy]| {
        let term = |(x, y, weight): (f64, f64, f64)| {
            let share = support.share(if correction == EdgeCorrection::Diggle { [x, y] } else { [cx, cy] });
            weight / share * (-0.5 * (((x - cx) / sigma[0]).powi(2) + ((y - cy) / sigma[1]).powi(2))).exp()
        };
        let inside = points.present().filter(|(x, y, _)| support.contains([*x, *y]));
        if support.contains([cx, cy]) { peak * inside.map(term).sum::<f64>() } else { 0.0 }
    })
}

/// Widths of the points over `sigma`, from the density at each by the sum over all, missing points left out:
/// [`crate::Adaptive::factors`].
#[must_use]
pub fn factors(points: &Points<'_>, sigma: [f64; 2], options: &AdaptiveOptions) -> Vec<f64> {
    let present: Vec<[f64; 3]> = points.present().map(|(x, y, weight)| [x, y, weight]).collect();
    let density = |[cx, cy, _]: &[f64; 3]| {
        let term = |[x, y, weight]: &[f64; 3]| {
            weight * (-0.5 * (((x - cx) / sigma[0]).powi(2) + ((y - cy) / sigma[1]).powi(2))).exp()
        };
        present.iter().map(term).sum()
    };
    let densities: Vec<f64> = present.iter().map(density).collect();
    crate::adaptive::factors(&present, &densities, options)
}

/// Gaussians of `factors` times `sigma` on the points that are not missing, summed at every pixel's centre, per
/// data unit squared: [`crate::adaptive()`] with [`factors`].
#[must_use]
pub fn adaptive(points: &Points<'_>, view: &View, sigma: [f64; 2], factors: &[f64]) -> Vec<f64> {
    let peak = 1.0 / (std::f64::consts::TAU * sigma[0] * sigma[1]);
    each_pixel(view, |[cx, cy]| {
        let term = |((x, y, weight), factor): ((f64, f64, f64), &f64)| {
            let square = ((x - cx) / sigma[0]).powi(2) + ((y - cy) / sigma[1]).powi(2);
            weight / (factor * factor) * (-0.5 * square / (factor * factor)).exp()
        };
        peak * points.present().zip(factors).map(term).sum::<f64>()
    })
}

/// The mean over boxes of the counts, averaged `passes` times over: [`crate::box_map`].
#[must_use]
pub fn box_map(points: &Points<'_>, view: &View, radius: [usize; 2], passes: usize) -> Vec<f64> {
    let Ok(wide) = view.with_halo(radius[0] * passes, radius[1] * passes) else { return Vec::new() };
    let (width, height) = (wide.width(), wide.height());
    let mut values = histogram(points, &wide);
    for _ in 0..passes {
        let mean = |index: usize| {
            let (column, row) = (index % width, index / width);
            let mut sum = 0.0;
            for j in row.saturating_sub(radius[1])..(row + radius[1] + 1).min(height) {
                let line = &values[j * width..(j + 1) * width];
                sum += line[column.saturating_sub(radius[0])..(column + radius[0] + 1).min(width)]
                    .iter()
                    .sum::<f64>();
            }
            sum / ((2 * radius[0] + 1) * (2 * radius[1] + 1)) as f64
        };
        values = (0..values.len()).map(mean).collect();
    }
    let kept = |index: usize| {
        let (column, row) = (index % view.width(), index / view.width());
        values[(row + radius[1] * passes) * width + column + radius[0] * passes]
    };
    (0..view.pixels()).map(kept).collect()
}

/// `f` at every pixel's centre, row by row from the bottom.
fn each_pixel(view: &View, f: impl Fn([f64; 2]) -> f64) -> Vec<f64> {
    let centre = |index: usize| view.centre(index % view.width(), index / view.width());
    (0..view.pixels()).map(|index| f(centre(index))).collect()
}

/// Distances from each pixel's centre to its `count` nearest points, nearest first; infinite where there are
/// fewer: [`crate::Neighbours`].
#[must_use]
pub fn nearest(points: &Points<'_>, view: &View, count: usize) -> Vec<Vec<f64>> {
    let distances = |index: usize| {
        let [cx, cy] = view.centre(index % view.width(), index / view.width());
        let mut all: Vec<f64> = points.present().map(|(x, y, _)| (x - cx).hypot(y - cy)).collect();
        all.sort_unstable_by(f64::total_cmp);
        all.resize(all.len().max(count), f64::INFINITY);
        all.truncate(count);
        all
    };
    (0..view.pixels()).map(distances).collect()
}
