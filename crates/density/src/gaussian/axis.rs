//! One axis of the grid, and the weights that lead from its nodes to the pixels.

use crate::DensityError;
use crate::view::Axis;

use super::level::{Level, Table};
use super::spline::LANES;

/// Widest kernel, in pixels, for which every node's weights are made to sum to one exactly.
const WIDEST_BALANCED: f64 = 512.0;

/// Nodes at whole multiples of the pitch from the origin of the view's pixels.
#[derive(Debug, Clone)]
pub(crate) struct GridAxis {
    pub origin: f64,
    pub pitch_inverse: f64,
    /// The first node stored, and how many are.
    pub base: f64,
    pub nodes: usize,
    /// Smooths the nodes, if pixels are read from smoothed ones.
    pub on_nodes: Option<Sums>,
    pub pixels: Sums,
}

/// Values that are sums over neighbours.
#[derive(Debug, Clone)]
pub(crate) struct Sums {
    /// For each value the first of those that it is a sum of.
    pub starts: Vec<usize>,
    pub taps: usize,
    /// For each value its weights.
    pub weights: Vec<f64>,
}

/// The nodes that an axis of pixels is read from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    bandwidth_px: f64,
    base: f64,
    pub nodes: f64,
}

impl Extent {
    pub fn new(name: &'static str, axis: &Axis, sigma: f64, level: &Level) -> Result<Self, DensityError> {
        let bandwidth_px = sigma / axis.step;
        if bandwidth_px < 0.2 {
            return Err(DensityError::BandwidthTooSmall { axis: name, bandwidth_px });
        }
        let place = |pixel: i64| (pixel as f64 + 0.5) * (level.sigma / bandwidth_px);
        let margin = (level.reach - 1 + level.degree) as f64;
        let base = place(axis.first).floor() - margin;
        Ok(Self { bandwidth_px, base, nodes: place(last_of(axis)).floor() + margin + 2.0 - base })
    }
}

fn last_of(axis: &Axis) -> i64 {
    axis.first + i64::try_from(axis.len).unwrap_or(i64::MAX) - 1
}

impl GridAxis {
    /// Of no more than 2^31 nodes.
    pub fn new(axis: &Axis, sigma: f64, extent: Extent, level: &Level, tolerance: f64) -> Self {
        let Extent { bandwidth_px, base, nodes } = extent;
        // Nodes per pixel. Pixel k of the row is at (k + 1/2) times that, wherever the origin is.
        let pace = level.sigma / bandwidth_px;
        let place = |pixel: i64| (pixel as f64 + 0.5) * pace;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 2^31")]
        let nodes = nodes as usize;
        let row = axis.first..=last_of(axis);
        let table = level.table();
        let on_nodes = table.on_nodes.as_ref().map(|weights| {
            let len = nodes - 2 * level.degree - weights.len() + 1;
            Sums {
                starts: (level.degree..level.degree + len).collect(),
                taps: weights.len(),
                weights: weights.repeat(len),
            }
        });
        // The first node that pixels are sums of.
        let first =
            if on_nodes.is_some() { place(axis.first).floor() - (table.reach - 1) as f64 } else { base };
        let starts = row.clone().map(|pixel| start(place(pixel), first, table)).collect();
        let fractions: Vec<f64> = row.map(|pixel| above_floor(place(pixel))).collect();
        let mut weights = vec![0.0; axis.len * table.taps()];
        table.weights_into(&fractions, pace, &mut weights);
        let pixels = Sums { starts, taps: table.taps(), weights };
        let pitch_inverse = level.sigma / sigma;
        let mut made = Self { origin: axis.origin, pitch_inverse, base, nodes, on_nodes, pixels };
        // What a sum over pixels makes of a Gaussian of this width, by Poisson's formula.
        let ripple = 2.0 * (-2.0 * (std::f64::consts::PI * bandwidth_px).powi(2)).exp();
        if ripple <= 0.25 * tolerance && bandwidth_px <= WIDEST_BALANCED {
            made.balance(axis, table, first, pace);
        }
        made
    }

    /// Nodes stored, in whole vectors with one to spare.
    pub fn padded(&self) -> usize {
        (self.nodes + LANES).next_multiple_of(LANES)
    }

    /// Scales the weights so that each node gives all that it holds to the pixels, those beyond the view
    /// included: the mass of the map is that of the points.
    fn balance(&mut self, axis: &Axis, table: &Table, first: f64, pace: f64) {
        let place = |pixel: i64| (pixel as f64 + 0.5) * pace;
        #[expect(clippy::cast_possible_truncation, reason = "at most 60 sigmas of 512 pixels")]
        let beyond = (2.0 * table.reach as f64 / pace).ceil() as i64 + 1;
        let end = axis.first + i64::try_from(axis.len).unwrap_or(i64::MAX);
        let mut given = vec![0.0; self.nodes];
        let mut side = |pixels: std::ops::Range<i64>| {
            let fractions: Vec<f64> = pixels.clone().map(|pixel| above_floor(place(pixel))).collect();
            let mut weights = vec![0.0; fractions.len() * table.taps()];
            table.weights_into(&fractions, pace, &mut weights);
            let skip = (table.reach - 1) as f64 + first;
            for (pixel, weights) in pixels.zip(weights.chunks_exact(table.taps())) {
                add_at(&mut given, place(pixel).floor() - skip, weights);
            }
        };
        // Always from left to right, so that a node's sum is the same in every view.
        side(axis.first - beyond..axis.first);
        side(axis.first..end);
        side(end..end + beyond);
        for (start, weights) in
            self.pixels.starts.iter().zip(self.pixels.weights.chunks_exact_mut(table.taps()))
        {
            weights.iter_mut().zip(&given[*start..]).for_each(|(weight, given)| *weight /= given);
        }
    }
}

fn start(place: f64, base: f64, table: &Table) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a node that is stored")]
    let start = (place.floor() - (table.reach - 1) as f64 - base) as usize;
    start
}

/// What is above the floor, also for negative numbers.
fn above_floor(place: f64) -> f64 {
    place - place.floor()
}

/// Adds `weights` to nodes from `start` on, as far as they are there.
fn add_at(nodes: &mut [f64], start: f64, weights: &[f64]) {
    #[expect(clippy::cast_possible_truncation, reason = "some nodes beyond those stored at most")]
    let start = start as i64;
    let skipped = usize::try_from(-start).unwrap_or(0).min(weights.len());
    let first = usize::try_from(start).unwrap_or(0).min(nodes.len());
    nodes[first..].iter_mut().zip(&weights[skipped..]).for_each(|(node, weight)| *node += weight);
}
