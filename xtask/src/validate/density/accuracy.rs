//! Every fast map against its definition.

use std::error::Error;

use hexad_density::{
    Adaptive, AdaptiveOptions, Covariance, EdgeCorrection, GaussianOptions, Map, Neighbours, Normalization,
    Points, Sweep, View, box_map, direct, gaussian, gaussian_tilted, measure_error, measure_error_with,
};

use super::zoomed;
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Effort, Outcome};
use crate::validate::data::cities;

const ZOOMS: [f64; 4] = [1.0, 10.0, 100.0, 1000.0];
const WIDTHS_PX: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
const PIXELS: usize = 256;
/// Pixels of a map that are compared.
const LOOKED_AT: usize = 150;

/// Measures a map for every zoom and width, over its tolerance; and the errors as a chart.
fn every(
    title: &str,
    effort: Effort,
    measure: impl Fn(&View, f64) -> Result<f64, Box<dyn Error>>,
) -> Result<(f64, Chart), Box<dyn Error>> {
    let mut chart = Chart::new(title, "sigma, pixels", "largest error over the peak").log_x().log_y();
    let mut worst = 0.0_f64;
    for zoom in ZOOMS.into_iter().step_by(effort.pick(1, 3)) {
        let view = zoomed(zoom, PIXELS)?;
        let errors: Vec<(f64, f64)> = WIDTHS_PX
            .iter()
            .step_by(effort.pick(1, 3))
            .map(|px| Ok((*px, measure(&view, *px)?)))
            .collect::<Result<_, Box<dyn Error>>>()?;
        worst = errors.iter().map(|error| error.1).fold(worst, f64::max);
        chart = chart.line(&format!("zoom {zoom}"), errors);
    }
    Ok((worst, chart))
}

fn sigma_of(view: &View, px: f64) -> [f64; 2] {
    view.pixel_size().map(|size| px * size)
}

pub(super) fn gaussian_maps(effort: Effort) -> Outcome {
    let [x, y, weights] = cities()?;
    let points = Points::new(&x, &y)?;
    let people = points.with_weights(&weights)?;
    let mut worst = 0.0_f64;
    let mut charts = Vec::new();
    for tolerance in [1e-5, 1e-8] {
        for (points, of) in [(points, "cities"), (people, "people")] {
            let options = GaussianOptions::default().with_tolerance(tolerance);
            let (error, chart) =
                every(&format!("Gaussian maps of {of}, tolerance {tolerance:e}"), effort, |view, px| {
                    let sigma = sigma_of(view, px);
                    let map = gaussian(&points, view, sigma, &options)?;
                    Ok(measure_error(&map, &points, sigma, LOOKED_AT)?.relative)
                })?;
            worst = worst.max(error / tolerance);
            charts.push(chart);
        }
    }
    let claim = Claim::new(
        "Gaussian maps of the cities, and of the people in them, from 1 to 64 pixels wide and 1 to 1000 times \
         near, within tolerances of 1e-5 and 1e-8 of the map's peak. Measured: the largest error against the direct \
         sum, at the peak and 149 other pixels, in units of the tolerance.",
        worst,
        Bound::AtMost(1.0),
    )
    .formula("f(x, y) = sum_i w_i exp(-dx^2 / (2 sx^2) - dy^2 / (2 sy^2)) / (2 pi sx sy)")
    .source("Silverman 1986; Unser 1999 (the grid of splines)");
    Ok(charts.into_iter().fold(claim, Claim::chart))
}

pub(super) fn tilted(effort: Effort) -> Outcome {
    let [x, y, _] = cities()?;
    let points = Points::new(&x, &y)?;
    let options = GaussianOptions::default();
    let (error, chart) = every("Kernels with a correlation of 0.8", effort, |view, px| {
        let [sx, sy] = sigma_of(view, px);
        let kernel = Covariance::new(sx * sx, 0.8 * sx * sy, sy * sy)?;
        let map = gaussian_tilted(&points, view, &kernel, &options)?;
        Ok(measure_error_with(&map, LOOKED_AT, |pixel| direct::tilted(&points, pixel, &kernel)[0])?.relative)
    })?;
    Ok(Claim::new(
        "Kernels tilted against the axes, as Scott's rule with the covariance of the points asks for. Measured: \
         the largest error against the direct sum, in units of the tolerance.",
        error / options.tolerance,
        Bound::AtMost(1.0),
    )
    .formula("exp(-d C^-1 d / 2) / (2 pi sqrt(det C)): upright in x - y C_xy / C_yy and y")
    .source("Wand and Jones 1995, eq. 4.1")
    .chart(chart))
}

pub(super) fn adaptive_maps(effort: Effort) -> Outcome {
    let [x, y, weights] = cities()?;
    // The density at every point, summed directly, takes the square of their number: one city in eight.
    let eighth = |column: &[f64]| -> Vec<f64> { column.iter().step_by(8).copied().collect() };
    let (x, y, weights) = (eighth(&x), eighth(&y), eighth(&weights));
    let points = Points::new(&x, &y)?.with_weights(&weights)?;
    let options = AdaptiveOptions::default().with_limits([0.3, 10.0]);
    let (error, chart) = every("Adaptive kernels", effort, |view, px| {
        let sigma = sigma_of(view, px);
        let map = Adaptive::new(&points, sigma, &options)?.map(view)?;
        let factors = direct::factors(&points, sigma, &options);
        let exact = |pixel: &View| direct::adaptive(&points, pixel, sigma, &factors)[0];
        Ok(measure_error_with(&map, LOOKED_AT, exact)?.relative)
    })?;
    Ok(Claim::new(
        "Kernels on every eighth city, weighed by its people, whose widths follow the density around it, from 0.3 to \
         10 times sigma. Measured: the largest error against direct sums for density and map, in units of the \
         tolerance.",
        error / options.tolerance,
        Bound::AtMost(1.0),
    )
    .formula("sigma_i = sigma (p(x_i) / g)^(-1/2), p the map with sigma, g its geometric mean over the points")
    .source("Abramson 1982; Silverman 1986, section 5.3")
    .chart(chart))
}

pub(super) fn edges(effort: Effort) -> Outcome {
    let [x, y, _] = cities()?;
    let points = Points::new(&x, &y)?;
    let options = GaussianOptions::default();
    let mut worst = 0.0_f64;
    let mut charts = Vec::new();
    for correction in [EdgeCorrection::Uniform, EdgeCorrection::Diggle] {
        let (error, chart) = every(&format!("{correction:?}"), effort, |view, px| {
            let sigma = sigma_of(view, px);
            // Nine tenths of the view.
            let [x0, y0, x1, y1] = view.bounds();
            let (wide, high) = (0.05 * (x1 - x0), 0.05 * (y1 - y0));
            let support = [x0 + wide, y0 + high, x1 - wide, y1 - high];
            let map = correction.map(&points, view, sigma, support, &options)?;
            let exact = |pixel: &View| direct::within(&points, pixel, sigma, support, correction)[0];
            Ok(measure_error_with(&map, LOOKED_AT, exact)?.relative)
        })?;
        worst = worst.max(error / options.tolerance);
        charts.push(chart);
    }
    let claim = Claim::new(
        "Points taken to be bounded by a rectangle, and what kernels carry beyond it made good, at every pixel or \
         for every point. Measured: the largest error against the direct sum, in units of the tolerance.",
        worst,
        Bound::AtMost(1.0),
    )
    .formula("the share of a kernel inside: (erf((x1 - x) / (sqrt 2 s)) - erf((x0 - x) / (sqrt 2 s))) / 2 along both axes")
    .source("Diggle 1985; Jones 1993");
    Ok(charts.into_iter().fold(claim, Claim::chart))
}

pub(super) fn sweep(effort: Effort) -> Outcome {
    let [x, y, _] = cities()?;
    let options = GaussianOptions::default();
    // Enough copies of the cities that a sweep does not keep the points.
    let copies =
        |values: &[f64]| -> Vec<f64> { values.iter().cycle().take(8 * values.len()).copied().collect() };
    let (x8, y8) = (copies(&x), copies(&y));
    let (points, eightfold) = (Points::new(&x, &y)?, Points::new(&x8, &y8)?);
    let (error, chart) = every("One sweep from 1 to 64 pixels for each zoom", effort, |view, px| {
        let sweep = Sweep::new(&eightfold, view, view.pixel_size(), [1.0, 64.0], &options)?;
        let map = sweep.map(px)?;
        let sigma = sigma_of(view, px);
        // Eight times the points, an eighth of each: the sums are those of the cities.
        let exact = |pixel: &View| 8.0 * direct::gaussian(&points, pixel, sigma)[0];
        Ok(measure_error_with(&map, LOOKED_AT, exact)?.relative)
    })?;
    Ok(Claim::new(
        "Maps of any width from a pass through the points for each doubling of it: 272,048 points, each city eight \
         times. Measured: the largest error against the direct sum, in units of the tolerance.",
        error / options.tolerance,
        Bound::AtMost(1.0),
    )
    .formula("a Gaussian of a Gaussian is a Gaussian: sigma^2 = sigma_1^2 + sigma_2^2")
    .chart(chart))
}

pub(super) fn boxes() -> Outcome {
    let [x, y, _] = cities()?;
    let points = Points::new(&x, &y)?;
    let mut worst = 0.0_f64;
    for zoom in ZOOMS {
        let view = zoomed(zoom, PIXELS)?;
        for (radius, passes) in [(1, 4), (2, 4), (5, 3)] {
            let map = box_map(&points, &view, [radius; 2], passes, Normalization::Density)?;
            let area = view.pixel_area();
            let exact = |pixel: &View| direct::box_map(&points, pixel, [radius; 2], passes)[0] / area;
            worst = worst.max(measure_error_with(&map, 20, exact)?.relative);
        }
    }
    Ok(Claim::new(
        "The box sums of the question's answer, without its loss at the edges: means over boxes of 3, 5 and 11 \
         pixels, three or four times over. Measured: the largest difference from the definition over the peak, whose \
         own sums are rounded.",
        worst,
        Bound::AtMost(1e-13),
    )
    .source("Crow 1984; Wells 1986"))
}

pub(super) fn neighbours() -> Outcome {
    let [x, y, _] = cities()?;
    let points = Points::new(&x, &y)?;
    let neighbours = Neighbours::new(&points)?;
    let mut worst = 0.0_f64;
    for zoom in ZOOMS {
        let view = zoomed(zoom, PIXELS)?;
        let decay = 70.0 * (zoom / 360.0).powi(2);
        let score = neighbours.score(&view, 5, decay)?;
        let density = neighbours.density(&view, 5, Normalization::Density)?;
        for place in (0..PIXELS).map(|index| [index * 7 % PIXELS, index]).step_by(8) {
            let nearest = &direct::nearest(&points, &view.cut(place, [1, 1])?, 5)[0];
            let sum: f64 = nearest.iter().map(|d| (-decay * d * d).exp()).sum();
            let wanted = [sum / 5.0, 4.0 / (std::f64::consts::PI * nearest[4].powi(2))];
            let at = |map: &Map| map.value(place[0], place[1]).unwrap_or(f64::NAN);
            worst = worst.max((at(&score) - wanted[0]).abs()).max((at(&density) / wanted[1] - 1.0).abs());
        }
    }
    Ok(Claim::new(
        "The five nearest of every pixel's centre are those that sorting all distances finds, in the question's \
         score and in the density from the fifth. Measured: the largest difference of the score, or of the density \
         over itself, at 32 pixels of each zoom; distances are rounded.",
        worst,
        Bound::AtMost(1e-13),
    )
    .formula("sum_k exp(-D d_k^2) / 5; (5 - 1) / (pi d_5^2)")
    .source("Loftsgaarden and Quesenberry 1965"))
}
