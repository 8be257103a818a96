//! Finds the nearest points of a tile of pixels with one walk through the tree.

use hexad_core::simd::{Kernel, Simd, Vector, dispatch, dispatch_eight, has_eight_lanes};
use rayon::prelude::*;

use super::tree::{FAN, Rectangle, Tree};
use crate::{Points, View};

/// Rows of pixels in a tile; its columns are the lanes of a vector over that.
const TILE_ROWS: usize = 2;
/// Nodes that wait at most: one walk leaves `FAN - 1` behind at each of 16 levels.
const DEEPEST: usize = 64;

/// Makes values of squares of distances: those of all pixels to the nearest, then to the second, ...
type Finish<'a> = dyn Fn(&[f64], &mut [f64]) + Sync + 'a;

pub(super) struct Search<'a> {
    tree: &'a Tree,
    count: usize,
}

impl<'a> Search<'a> {
    pub fn new(tree: &'a Tree, count: usize) -> Self {
        Self { tree, count }
    }

    /// What `finish` makes of every pixel, row by row.
    pub fn map(&self, view: &View, finish: &Finish<'_>) -> Vec<f64> {
        let mut values = vec![0.0; view.pixels()];
        let strips = values.par_chunks_mut(TILE_ROWS * view.width()).enumerate();
        strips.for_each(|(strip, out)| {
            let mut squares = vec![0.0; self.count * out.len()];
            self.run(Job::Strip { view, row: strip * TILE_ROWS, pixels: out.len(), squares: &mut squares });
            finish(&squares, out);
        });
        values
    }

    /// The distances of every place.
    pub fn distances(&self, places: &Points<'_>) -> Vec<f64> {
        let mut found = vec![f64::INFINITY; places.len() * self.count];
        let [x, y] = places.columns();
        let chunks = found.par_chunks_mut(self.count * 256).zip(x.par_chunks(256).zip(y.par_chunks(256)));
        chunks.for_each(|(out, (x, y))| self.run(Job::Places { x, y, out }));
        found
    }

    /// With a network for at least `count` neighbours.
    fn run(&self, job: Job<'_>) {
        match self.count {
            0..=1 => self.run_network::<1>(job),
            2 => self.run_network::<2>(job),
            3 => self.run_network::<3>(job),
            4 => self.run_network::<4>(job),
            5 => self.run_network::<5>(job),
            6 => self.run_network::<6>(job),
            7..=8 => self.run_network::<8>(job),
            9..=12 => self.run_network::<12>(job),
            13..=16 => self.run_network::<16>(job),
            _ => self.run_network::<32>(job),
        }
    }

    fn run_network<const K: usize>(&self, job: Job<'_>) {
        let walk = Walk::<K> { tree: self.tree, count: self.count, job };
        if has_eight_lanes() { dispatch_eight(walk) } else { dispatch::<f64, 4, _>(walk) }
    }
}

enum Job<'a> {
    /// Two rows of a view, or one, from `row` on.
    Strip { view: &'a View, row: usize, pixels: usize, squares: &'a mut [f64] },
    /// Places anywhere.
    Places { x: &'a [f64], y: &'a [f64], out: &'a mut [f64] },
}

struct Walk<'a, const K: usize> {
    tree: &'a Tree,
    count: usize,
    job: Job<'a>,
}

macro_rules! walk {
    ($lanes:literal) => {
        impl<const K: usize> Kernel<f64, $lanes> for Walk<'_, K> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd<f64, $lanes>>(self, simd: S) {
                self.all(simd);
            }
        }
    };
}
walk!(4);
walk!(8);

impl<const K: usize> Walk<'_, K> {
    #[inline(always)]
    fn all<S: Simd<f64, L>, const L: usize>(self, simd: S) {
        let Self { tree, count, job } = self;
        let mut found = [[f64::INFINITY; L]; K];
        match job {
            Job::Strip { view, row, pixels, squares } => {
                let rows = pixels / view.width();
                let columns = L / TILE_ROWS;
                // A tile's neighbours are no farther than the last one's and the way from there.
                let step = columns as f64 * view.pixel_size()[0] * (1.0 + 1e-9);
                let mut bound = f64::INFINITY;
                for first in (0..view.width()).step_by(columns) {
                    let (mut x, mut y) = ([0.0; L], [0.0; L]);
                    for lane in 0..L {
                        // Lanes beyond the view do the last pixel again.
                        let column = (first + lane % columns).min(view.width() - 1);
                        [x[lane], y[lane]] = view.centre(column, row + (lane / columns).min(rows - 1));
                    }
                    let worst = nearest::<S, K, L>(simd, tree, &x, &y, count, bound, &mut found);
                    bound = (worst.sqrt() + step).powi(2) * (1.0 + 1e-9);
                    for lane in 0..L {
                        let (column, down) = (first + lane % columns, lane / columns);
                        if column < view.width() && down < rows {
                            let all = squares[down * view.width() + column..].iter_mut().step_by(pixels);
                            all.zip(&found).for_each(|(square, found)| *square = found[lane]);
                        }
                    }
                }
            }
            Job::Places { x, y, out } => {
                for ((x, y), out) in x.iter().zip(y).zip(out.chunks_exact_mut(count)) {
                    if x.is_finite() && y.is_finite() {
                        nearest::<S, K, L>(simd, tree, &[*x; L], &[*y; L], count, f64::INFINITY, &mut found);
                        out.iter_mut().zip(&found).for_each(|(out, found)| *out = found[0].sqrt());
                    }
                }
            }
        }
    }
}

/// Writes the squares of the distances to the `K` nearest points of each lane, of which `count` are sure; returns
/// the largest of these. `bound` is known not to be below it.
#[inline(always)]
fn nearest<S: Simd<f64, L>, const K: usize, const L: usize>(
    simd: S,
    tree: &Tree,
    x: &[f64; L],
    y: &[f64; L],
    count: usize,
    bound: f64,
    found: &mut [[f64; L]; K],
) -> f64 {
    let (px, py) = (simd.load(x), simd.load(y));
    let mut best = [simd.splat(f64::INFINITY); K];
    let mut worst = f64::INFINITY;
    let tile = around(x, y);
    let mut waiting = [(0.0, 0, 0); DEEPEST];
    let mut depth = 0;
    if !tree.leaves.is_empty() {
        waiting[0] = (0.0, tree.levels.len() - 1, 0);
        depth = 1;
    }
    while depth > 0 {
        depth -= 1;
        let (distance, level, node) = waiting[depth];
        if distance > worst.min(bound) {
            continue;
        }
        if level == 0 {
            let [xs, ys] = &tree.leaves[node];
            for (x, y) in xs.iter().zip(ys) {
                let (dx, dy) = (px - simd.splat(*x), py - simd.splat(*y));
                let mut square = dx.mul_add(dx, dy * dy);
                for best in &mut best {
                    let nearer = best.min(square);
                    square = best.max(square);
                    *best = nearer;
                }
            }
            let mut lanes = [0.0; L];
            best[count - 1].store(&mut lanes);
            worst = lanes.iter().fold(0.0, |most: f64, lane| most.max(*lane));
            continue;
        }
        let below = &tree.levels[level - 1];
        let children = node * FAN..below.len().min(node * FAN + FAN);
        let start = depth;
        for child in children {
            let distance = below[child].distance_squared(&tile);
            if distance <= worst.min(bound) {
                // The nearest goes last, to be taken first.
                let mut place = depth;
                while place > start && waiting[place - 1].0 < distance {
                    waiting[place] = waiting[place - 1];
                    place -= 1;
                }
                waiting[place] = (distance, level - 1, child);
                depth += 1;
            }
        }
    }
    found.iter_mut().zip(best).for_each(|(found, best)| best.store(found));
    worst
}

#[inline(always)]
fn around<const L: usize>(x: &[f64; L], y: &[f64; L]) -> Rectangle {
    let mut tile = Rectangle { low: [x[0], y[0]], high: [x[0], y[0]] };
    for (x, y) in x.iter().zip(y) {
        tile.low = [tile.low[0].min(*x), tile.low[1].min(*y)];
        tile.high = [tile.high[0].max(*x), tile.high[1].max(*y)];
    }
    tile
}
