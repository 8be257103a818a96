//! Transforms of eight short columns at once, in place.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use super::{LANES, times};
use crate::simd::{Simd, Vector};

/// Real and imaginary parts of eight columns.
pub(super) type Row = [[f64; LANES]; 2];

/// A plan for columns of `2^m` rows, at least 8: passes of radix 8 and at most one, the last, of radix 4 or 2
/// (decimation in frequency).
#[derive(Debug, Clone)]
pub(super) struct Column {
    passes: Vec<Pass>,
    last_radix: usize,
    /// Row in which each bin ends up.
    places: Vec<usize>,
    /// Bin that ends up in each row.
    bins: Vec<usize>,
}

/// Radix 8 over blocks of rows.
#[derive(Debug, Clone)]
struct Pass {
    /// `exp(-2 pi i p k / len)`, 1 <= k < 8, by row p of an eighth of the block.
    turns: Vec<[[f64; 2]; 7]>,
}

impl Column {
    pub fn new(len: usize) -> Self {
        let mut passes = Vec::new();
        let mut places = vec![0; len];
        let (mut rest, mut spacing, mut last_radix) = (len, 1, 1);
        while rest > 1 {
            last_radix = rest.min(8);
            // The digit of k that a pass decides moves a bin by whole sub-blocks.
            for (k, place) in places.iter_mut().enumerate() {
                *place += k / spacing % last_radix * (rest / last_radix);
            }
            if rest > 8 {
                passes.push(Pass::new(rest));
            }
            (rest, spacing) = (rest / last_radix, spacing * last_radix);
        }
        let mut bins = vec![0; len];
        for (bin, &place) in places.iter().enumerate() {
            bins[place] = bin;
        }
        Self { passes, last_radix, places, bins }
    }

    /// The row in which each bin ends up.
    #[inline(always)]
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// Transforms the rows that `source` gives into `rows`.
    #[inline(always)]
    pub fn transform_from<S: Simd<f64, LANES>>(
        &self,
        simd: S,
        source: impl Fn(usize) -> (S::V, S::V),
        rows: &mut [Row],
    ) {
        if let Some((first, passes)) = self.passes.split_first() {
            first.run_from(simd, source, rows);
            passes.iter().for_each(
                #[inline(always)]
                |pass| pass.run(simd, rows),
            );
        } else {
            for (row, to) in rows.iter_mut().enumerate() {
                store::<S>(source(row), to);
            }
        }
        for rows in rows.chunks_exact_mut(self.last_radix) {
            last(
                simd,
                rows,
                #[inline(always)]
                |to, _, value| store::<S>(value, to),
            );
        }
    }

    /// Transforms `rows` and gives each bin to `sink`.
    #[inline(always)]
    pub fn transform_to<S: Simd<f64, LANES>>(
        &self,
        simd: S,
        rows: &mut [Row],
        mut sink: impl FnMut(usize, (S::V, S::V)),
    ) {
        self.passes.iter().for_each(
            #[inline(always)]
            |pass| pass.run(simd, rows),
        );
        let blocks = rows.chunks_exact_mut(self.last_radix).zip(self.bins.chunks_exact(self.last_radix));
        for (rows, bins) in blocks {
            last(
                simd,
                rows,
                #[inline(always)]
                |_, row, value| sink(bins[row], value),
            );
        }
    }
}

impl Pass {
    fn new(len: usize) -> Self {
        let turn = |steps: usize| {
            let (sin, cos) = (-TAU * steps as f64 / len as f64).sin_cos();
            [cos, sin]
        };
        let turns = |p: usize| std::array::from_fn(|k| turn(p * (k + 1)));
        Self { turns: (0..len / 8).map(turns).collect() }
    }

    #[inline(always)]
    fn run<S: Simd<f64, LANES>>(&self, simd: S, rows: &mut [Row]) {
        for block in rows.chunks_exact_mut(8 * self.turns.len()) {
            let [x0, x1, x2, x3, x4, x5, x6, x7] = eighths(block, self.turns.len());
            for (p, turns) in self.turns.iter().enumerate() {
                let x = [&x0[p], &x1[p], &x2[p], &x3[p], &x4[p], &x5[p], &x6[p], &x7[p]];
                let x = [
                    load(simd, x[0]),
                    load(simd, x[1]),
                    load(simd, x[2]),
                    load(simd, x[3]),
                    load(simd, x[4]),
                    load(simd, x[5]),
                    load(simd, x[6]),
                    load(simd, x[7]),
                ];
                let to = [
                    &mut x0[p], &mut x1[p], &mut x2[p], &mut x3[p], &mut x4[p], &mut x5[p], &mut x6[p],
                    &mut x7[p],
                ];
                turn_and_store(simd, butterfly(simd, x), turns, to);
            }
        }
    }

    /// The first pass, over one block, from elsewhere.
    #[inline(always)]
    fn run_from<S: Simd<f64, LANES>>(
        &self,
        simd: S,
        source: impl Fn(usize) -> (S::V, S::V),
        rows: &mut [Row],
    ) {
        let eighth = self.turns.len();
        let [x0, x1, x2, x3, x4, x5, x6, x7] = eighths(rows, eighth);
        for (p, turns) in self.turns.iter().enumerate() {
            let x = [
                source(p),
                source(p + eighth),
                source(p + 2 * eighth),
                source(p + 3 * eighth),
                source(p + 4 * eighth),
                source(p + 5 * eighth),
                source(p + 6 * eighth),
                source(p + 7 * eighth),
            ];
            let to = [
                &mut x0[p], &mut x1[p], &mut x2[p], &mut x3[p], &mut x4[p], &mut x5[p], &mut x6[p],
                &mut x7[p],
            ];
            turn_and_store(simd, butterfly(simd, x), turns, to);
        }
    }
}

#[inline(always)]
fn turn_and_store<S: Simd<f64, LANES>>(
    simd: S,
    y: [(S::V, S::V); 8],
    turns: &[[f64; 2]; 7],
    to: [&mut Row; 8],
) {
    let [to0, to1, to2, to3, to4, to5, to6, to7] = to;
    store::<S>(y[0], to0);
    store::<S>(turned(simd, y[1], turns[0]), to1);
    store::<S>(turned(simd, y[2], turns[1]), to2);
    store::<S>(turned(simd, y[3], turns[2]), to3);
    store::<S>(turned(simd, y[4], turns[3]), to4);
    store::<S>(turned(simd, y[5], turns[4]), to5);
    store::<S>(turned(simd, y[6], turns[5]), to6);
    store::<S>(turned(simd, y[7], turns[6]), to7);
}

#[inline(always)]
fn turned<S: Simd<f64, LANES>>(simd: S, value: (S::V, S::V), turn: [f64; 2]) -> (S::V, S::V) {
    times(value, (simd.splat(turn[0]), simd.splat(turn[1])))
}

/// The last pass over 8, 4 or 2 rows, without turns; `each` has the row, its index and its value.
#[inline(always)]
fn last<S: Simd<f64, LANES>>(simd: S, rows: &mut [Row], mut each: impl FnMut(&mut Row, usize, (S::V, S::V))) {
    match rows {
        [x0, x1, x2, x3, x4, x5, x6, x7] => {
            let y = butterfly(
                simd,
                [
                    load(simd, x0),
                    load(simd, x1),
                    load(simd, x2),
                    load(simd, x3),
                    load(simd, x4),
                    load(simd, x5),
                    load(simd, x6),
                    load(simd, x7),
                ],
            );
            each(x0, 0, y[0]);
            each(x1, 1, y[1]);
            each(x2, 2, y[2]);
            each(x3, 3, y[3]);
            each(x4, 4, y[4]);
            each(x5, 5, y[5]);
            each(x6, 6, y[6]);
            each(x7, 7, y[7]);
        }
        [x0, x1, x2, x3] => {
            let y = butterfly_of_four(load(simd, x0), load(simd, x1), load(simd, x2), load(simd, x3));
            each(x0, 0, y[0]);
            each(x1, 1, y[1]);
            each(x2, 2, y[2]);
            each(x3, 3, y[3]);
        }
        [x0, x1] => {
            let (a, b) = (load(simd, x0), load(simd, x1));
            each(x0, 0, sum(a, b));
            each(x1, 1, difference(a, b));
        }
        _ => {}
    }
}

/// The eight parts of a block.
#[inline(always)]
fn eighths(rows: &mut [Row], eighth: usize) -> [&mut [Row]; 8] {
    let (lower, upper) = rows.split_at_mut(4 * eighth);
    let ((a, b), (c, d)) = (halves(lower), halves(upper));
    let ((x0, x1), (x2, x3)) = (halves(a), halves(b));
    let ((x4, x5), (x6, x7)) = (halves(c), halves(d));
    [
        &mut x0[..eighth],
        &mut x1[..eighth],
        &mut x2[..eighth],
        &mut x3[..eighth],
        &mut x4[..eighth],
        &mut x5[..eighth],
        &mut x6[..eighth],
        &mut x7[..eighth],
    ]
}

#[inline(always)]
fn halves(rows: &mut [Row]) -> (&mut [Row], &mut [Row]) {
    rows.split_at_mut(rows.len() / 2)
}

#[inline(always)]
fn load<S: Simd<f64, LANES>>(simd: S, row: &Row) -> (S::V, S::V) {
    (simd.load(&row[0]), simd.load(&row[1]))
}

#[inline(always)]
fn store<S: Simd<f64, LANES>>(value: (S::V, S::V), row: &mut Row) {
    value.0.store(&mut row[0]);
    value.1.store(&mut row[1]);
}

#[inline(always)]
fn sum<V: Vector<f64, LANES>>(a: (V, V), b: (V, V)) -> (V, V) {
    (a.0 + b.0, a.1 + b.1)
}

#[inline(always)]
fn difference<V: Vector<f64, LANES>>(a: (V, V), b: (V, V)) -> (V, V) {
    (a.0 - b.0, a.1 - b.1)
}

/// `a + i b`.
#[inline(always)]
fn sum_turned<V: Vector<f64, LANES>>(a: (V, V), b: (V, V)) -> (V, V) {
    (a.0 - b.1, a.1 + b.0)
}

/// `a - i b`.
#[inline(always)]
fn difference_turned<V: Vector<f64, LANES>>(a: (V, V), b: (V, V)) -> (V, V) {
    (a.0 + b.1, a.1 - b.0)
}

/// The transform of four.
#[inline(always)]
fn butterfly_of_four<V: Vector<f64, LANES>>(a: (V, V), b: (V, V), c: (V, V), d: (V, V)) -> [(V, V); 4] {
    let (ac, bd) = (sum(a, c), sum(b, d));
    let (ac_odd, bd_odd) = (difference(a, c), difference(b, d));
    [sum(ac, bd), difference_turned(ac_odd, bd_odd), difference(ac, bd), sum_turned(ac_odd, bd_odd)]
}

/// The transform of eight: of the sums four apart, and of the differences, the k-th of which is turned by
/// k eighths first.
#[inline(always)]
fn butterfly<S: Simd<f64, LANES>>(simd: S, x: [(S::V, S::V); 8]) -> [(S::V, S::V); 8] {
    let [y0, y2, y4, y6] =
        butterfly_of_four(sum(x[0], x[4]), sum(x[1], x[5]), sum(x[2], x[6]), sum(x[3], x[7]));
    let (a, b) = (difference(x[0], x[4]), difference(x[1], x[5]));
    let (c, d) = (difference(x[2], x[6]), difference(x[3], x[7]));
    let (even, odd) = (difference_turned(a, c), sum_turned(a, c));
    // b (1 - i) and d (-1 - i), to be scaled by the root of 1/2.
    let (b, d) = ((b.0 + b.1, b.1 - b.0), (d.1 - d.0, -(d.0 + d.1)));
    let (bd, bd_odd) = (sum(b, d), difference(b, d));
    let root = simd.splat(FRAC_1_SQRT_2);
    let plus = |a: (S::V, S::V), b: (S::V, S::V)| (b.0.mul_add(root, a.0), b.1.mul_add(root, a.1));
    let minus = |a: (S::V, S::V), b: (S::V, S::V)| (b.0.mul_add(-root, a.0), b.1.mul_add(-root, a.1));
    // -i times it.
    let turned = (bd_odd.1, -bd_odd.0);
    [y0, plus(even, bd), y2, plus(odd, turned), y4, minus(even, bd), y6, minus(odd, turned)]
}
