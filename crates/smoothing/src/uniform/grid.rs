//! The coarse grid of the decimating engine: its windows and its filter.
//!
//! Samples `y_k` are gathered into cells, `c_m = sum_k phi(t_k - m) y_k`, filtered there, and spread back by
//! the same window, `out_k = sum_m phi(t_k - m) g_m`, with `t_k` the place of sample `k` in cells. For a wave
//! of frequency `theta` per cell the window has the gain `p(theta)`, and what comes back has the images
//! `theta + 2 pi l`; the filter that brings it closest to the Gaussian `G` in the least-squares sense is
//! `sum_l G p^2 / (sum_l p^2)^2` (as in particle-mesh sums: Hockney and Eastwood 1981, section 8-3-3).

mod filter;

use super::windows::{WINDOWS, Window};

/// Cells are at most this many samples: the windows of more would leave the first-level cache.
const LARGEST_BLOCK: usize = 256;
/// Beyond this sigma, in samples, the filter of the cells would be too long.
const WIDEST_SIGMA: f64 = 1e7;
/// A choice of cell size and window for one sigma.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Grid {
    /// Samples a cell.
    pub block: usize,
    /// Samples of a vector.
    pub lanes: usize,
    /// Sigma in cells.
    q: f64,
    window: Window,
    /// `I0(beta)`.
    peak: f64,
}

impl Grid {
    /// The cheapest grid with an error of at most `tolerance`, for vectors of one of `widths`, widest first; `None`
    /// if sigma (in samples) is too small.
    pub fn choose(sigma: f64, tolerance: f64, widths: &[usize]) -> Option<Self> {
        if sigma > WIDEST_SIGMA {
            return None;
        }
        let mut grids = widths.iter().filter_map(|lanes| Self::cheapest(sigma, tolerance, *lanes));
        let first = grids.next()?;
        let Some(narrow) = grids.next_back() else { return Some(first) };
        // Wide vectors lose only where blocks are whole vectors if these are narrow.
        Some(if first.block >= first.lanes || narrow.group() > 1 { first } else { narrow })
    }

    fn cheapest(sigma: f64, tolerance: f64, lanes: usize) -> Option<Self> {
        let fine = WINDOWS.iter().filter(|window| window.error <= tolerance);
        let grids = fine.flat_map(|window| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "bounded by the largest block"
            )]
            let most = (sigma / window.q).min(LARGEST_BLOCK as f64) as usize;
            // Whole vectors, halves, quarters, ..., if they fit.
            let units = (0..=lanes.ilog2()).map(move |halvings| lanes >> halvings);
            let blocks = units.map(move |unit| most / unit * unit).filter(|block| *block > 1);
            blocks.map(move |block| Self::new(sigma, block, *window, lanes))
        });
        grids.min_by(|a, b| a.cost().total_cmp(&b.cost()))
    }

    fn new(sigma: f64, block: usize, window: Window, lanes: usize) -> Self {
        Grid { block, lanes, q: sigma / block as f64, window, peak: bessel_i0(window.beta) }
    }

    /// Multiply-adds a sample.
    pub fn cost(&self) -> f64 {
        let (block, gather) = (self.block as f64, (self.gather_width() * self.lanes) as f64);
        self.spread_width() as f64 + (gather + 15.0 * self.q) / block
    }

    /// Cells that a sample reaches.
    pub fn width(&self) -> usize {
        self.window.width
    }

    /// Bound of the error, relative to the largest |y|.
    pub fn error(&self) -> f64 {
        self.window.error
    }

    /// Where the samples that a cell gathers stand, in cells from its centre.
    fn place(&self, sample: usize) -> f64 {
        (sample as f64 + 0.5) / self.block as f64 - self.window.width as f64 / 2.0
    }

    fn at(&self, place: f64) -> f64 {
        let inside = 1.0 - (2.0 * place / self.window.width as f64).powi(2);
        if inside < 0.0 { 0.0 } else { bessel_i0(self.window.beta * inside.sqrt()) / self.peak }
    }

    /// The window over the `width * block` samples that a cell gathers.
    pub fn window(&self) -> Vec<f64> {
        let len = self.window.width * self.block;
        let mut window: Vec<f64> = (0..len.div_ceil(2)).map(|sample| self.at(self.place(sample))).collect();
        window.extend_from_within(..len / 2);
        window[len.div_ceil(2)..].reverse();
        window
    }

    /// The weight in `window` of sample `k` of a block on the `t`-th cell that it reaches.
    fn weight(&self, window: &[f64], t: usize, k: usize) -> f64 {
        window[(self.window.width - 1 - t) * self.block + k]
    }

    /// Vectors that a cell gathers, from that in which its window begins: as many for each vector of a group.
    fn gather_width(&self) -> usize {
        let group = self.group();
        let vectors = |block: usize| {
            (block * self.block % self.lanes + self.window.width * self.block).div_ceil(self.lanes)
        };
        let most = (0..group).map(vectors).max().unwrap_or(0);
        let step = group * self.block / self.lanes;
        if most < step { most } else { most.next_multiple_of(step) }
    }

    /// Samples from the first of a group to the last that its cells gather.
    pub fn gather_reach(&self) -> usize {
        ((self.group() - 1) * self.block / self.lanes + self.gather_width()) * self.lanes
    }

    /// The window as the decimating kernel wants it: see [`super::kernels::Decimate`].
    pub fn gather(&self, window: &[f64]) -> Vec<f64> {
        let (group, width) = (self.group(), self.gather_width());
        let step = group * self.block / self.lanes;
        let mut gather = Vec::with_capacity(group * width * self.lanes);
        for block in 0..group {
            let before = block * self.block % self.lanes;
            let weight = |sample: usize| sample.checked_sub(before).and_then(|k| window.get(k)).copied();
            let vectors = (0..step.min(width)).flat_map(|first| (first..width).step_by(step));
            for vector in vectors {
                gather.extend(
                    (vector * self.lanes..(vector + 1) * self.lanes).map(|k| weight(k).unwrap_or(0.0)),
                );
            }
        }
        gather
    }

    /// Blocks that are worked on together: the fewest that are whole vectors.
    pub fn group(&self) -> usize {
        (1..=self.lanes).find(|group| (group * self.block).is_multiple_of(self.lanes)).unwrap_or(self.lanes)
    }

    /// Cells that a vector of samples reaches.
    pub fn spread_width(&self) -> usize {
        let vectors = (0..self.group() * self.block).step_by(self.lanes);
        let crossed = vectors.map(|first| (first + self.lanes - 1) / self.block - first / self.block).max();
        self.window.width + crossed.unwrap_or(0)
    }

    /// Cells that the vectors of a group of blocks reach.
    pub fn group_width(&self) -> usize {
        (self.group() * self.block - self.lanes) / self.block + self.spread_width()
    }

    /// The window as the interpolating kernel wants it: for each vector of a group of blocks, one vector
    /// for each of the [`Grid::spread_width`] cells that it reaches.
    pub fn spread(&self, window: &[f64]) -> Vec<f64> {
        let (group, width) = (self.group(), self.spread_width());
        let weight = |cell: usize, sample: usize| match cell.checked_sub(sample / self.block) {
            Some(t) if t < self.window.width => self.weight(window, t, sample % self.block),
            _ => 0.0,
        };
        let mut spread = Vec::with_capacity(group * self.block * width);
        for first in (0..group * self.block).step_by(self.lanes) {
            for cell in 0..width {
                spread.extend(
                    (first..first + self.lanes).map(|sample| weight(first / self.block + cell, sample)),
                );
            }
        }
        spread
    }

    /// For each sample of a block, its weights on the `width` cells it reaches.
    pub fn sample_weights(&self, window: &[f64]) -> Vec<f64> {
        let places = (0..self.block).flat_map(|k| (0..self.window.width).map(move |t| (t, k)));
        places.map(|(t, k)| self.weight(window, t, k)).collect()
    }
}

/// Modified Bessel function of order 0 by its power series, all terms positive.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut term, mut sum) = (1.0, 1.0);
    for inverse_square in INVERSE_SQUARES {
        term *= quarter * inverse_square;
        sum += term;
        if term < f64::EPSILON / 4.0 * sum {
            break;
        }
    }
    sum
}

/// `1 / k^2` from 1 on: as many terms as the series needs up to `x = 50`.
const INVERSE_SQUARES: [f64; 96] = {
    let (mut squares, mut k) = ([0.0; 96], 0);
    while k < 96 {
        squares[k] = 1.0 / ((k + 1) * (k + 1)) as f64;
        k += 1;
    }
    squares
};

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "small counts")]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::uniform::shape::Shape;

    /// What gathering, filtering and spreading apply to sample `j` for output `i`, both in samples from
    /// the start of a block, against the shape itself.
    fn measured_error(grid: &Grid, shape: Shape) -> f64 {
        let sigma = grid.q * grid.block as f64;
        let coarse = grid.coarse_taps(shape, 1.0).unwrap();
        let reach = coarse.len() / 2;
        let window = grid.window();
        let far = (reach + grid.window.width) as f64 * grid.block as f64;
        let blocks = (far / grid.block as f64).ceil() as i64 + 2;
        let h = ((grid.window.width - 1) / 2) as i64;
        let width = grid.window.width as i64;
        let mut worst = 0.0_f64;
        for i in [0, grid.block / 3, grid.block - 1] {
            // Response of each cell to the output's weights, then of each sample.
            let mut cells = vec![0.0; (2 * (blocks + width) + 1) as usize + 2 * reach];
            let middle = (blocks + width) + reach as i64;
            for t in 0..grid.window.width {
                for (tap, coefficient) in coarse.iter().enumerate() {
                    let cell = t as i64 - h + tap as i64 - reach as i64 + middle;
                    if (0..cells.len() as i64).contains(&cell) {
                        cells[cell as usize] += grid.weight(&window, t, i) * coefficient;
                    }
                }
            }
            let (mut difference, mut total) = (0.0, 0.0);
            for block in -blocks..=blocks {
                for k in 0..grid.block {
                    let applied: f64 = (0..grid.window.width)
                        .map(|t| cells[(block + t as i64 - h + middle) as usize] * grid.weight(&window, t, k))
                        .sum();
                    let d = (block * grid.block as i64 + k as i64 - i as i64) as f64;
                    let wanted = shape.weight(d, sigma) / (sigma * TAU.sqrt());
                    difference += (applied - wanted).abs();
                    total += (-0.5 * (d / sigma).powi(2)).exp() / (sigma * TAU.sqrt());
                }
            }
            worst = worst.max(difference / total);
        }
        worst
    }

    #[test]
    fn every_window_keeps_its_error_for_every_cell_size() {
        for window in WINDOWS {
            for (block, stretch) in
                [(2, 1.0), (3, 1.1), (4, 1.0), (4, 1.9), (8, 1.2), (16, 1.0), (40, 1.0), (40, 4.0)]
            {
                let grid = Grid::new(window.q * stretch * block as f64, block, window, 4);
                let error = measured_error(&grid, Shape::Moment(0));
                assert!(error <= 1.3 * window.error + 4e-15, "{grid:?}: {error:e}");
            }
        }
    }

    #[test]
    fn moments_and_derivatives_keep_a_multiple_of_it() {
        for window in WINDOWS {
            for block in [4, 24] {
                let grid = Grid::new(window.q * block as f64, block, window, 4);
                for (shape, factor) in [(Shape::Moment(1), 8.0), (Shape::Moment(2), 64.0)] {
                    let error = measured_error(&grid, shape);
                    assert!(error <= factor * window.error + 1e-14, "{grid:?} {shape:?}: {error:e}");
                }
            }
        }
    }

    #[test]
    fn the_choice_grows_with_sigma() {
        assert_eq!(Grid::choose(4.9, 1e-6, &[4]), None);
        assert_eq!(Grid::choose(9.9, 1e-6, &[4]).map(|grid| grid.block), Some(3));
        assert_eq!(Grid::choose(10.0, 1e-6, &[4]).map(|grid| (grid.block, grid.width())), Some((4, 7)));
        assert!(Grid::choose(10.0, 5e-13, &[4]).is_some_and(|grid| grid.block == 3));
        assert!(Grid::choose(1e4, 1e-6, &[4]).is_some_and(|grid| grid.block == 256));
        assert_eq!(Grid::choose(1e4, 1e-17, &[4]), None);
    }

    #[test]
    fn vectors_are_wide_unless_only_narrow_ones_fill_a_block() {
        for (sigma, tolerance, lanes) in
            [(10.0, 1e-6, 4), (10.0, 5e-13, 8), (16.0, 5e-13, 4), (50.0, 1e-6, 8)]
        {
            assert_eq!(Grid::choose(sigma, tolerance, &[8, 4]).map(|grid| grid.lanes), Some(lanes));
        }
    }

    #[test]
    fn bessel_matches_tabulated_values() {
        // Abramowitz and Stegun 1964, table 9.8: e^-x I0(x).
        for (x, scaled) in
            [(0.0, 1.0), (1.0, 0.465_759_607_6), (5.0, 0.183_540_812_6), (10.0, 0.127_833_337_2)]
        {
            assert!((bessel_i0(x) * (-x).exp() - scaled).abs() < 1e-10);
        }
    }
}
