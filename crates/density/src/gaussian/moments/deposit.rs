//! Points become sums of their cells.

use std::ops::Range;

use hexad_core::simd::{
    Fixed, Kernel, Lane, Simd, Vector, dispatch, dispatch_sixteen, dispatch_widest, has_eight_lanes,
    prefetch_at,
};

use super::sums::ROOM;
use super::{Cells, DEGREE, Moments, PRODUCTS, UNIT};
use crate::raster::{NEAREST, low_bits};
use crate::{Points, Tally};

/// Points worked on together.
const BLOCK: usize = 128;
/// Points asked for ahead.
const AHEAD: usize = 4 * BLOCK;
/// Points whose cells are asked for ahead of their sums.
const CELLS_AHEAD: usize = 16;
/// Values that the products of a point are made of: `P_1(t)` to `P_4(t)` in units, `P_1(u)` to `P_4(u)`.
const RECORD: usize = 2 * DEGREE;

/// Adds points to `moments`; returns what became of them.
pub(super) fn add(cells: &Cells, points: &Points<'_>, moments: &mut Moments) -> Tally {
    moments.make_lines(cells.count);
    let mut block = Block {
        cells: [0; BLOCK + CELLS_AHEAD],
        used: 0..0,
        places: [[0.0; BLOCK]; 2],
        records: [0.0; (BLOCK + 1) * RECORD],
    };
    let mut tally = Tally::default();
    for start in (0..points.len()).step_by(BLOCK) {
        let part = points.part(start..(start + BLOCK).min(points.len()));
        let ahead = points.part((start + AHEAD).min(points.len())..(start + AHEAD + BLOCK).min(points.len()));
        tally.add(dispatch_widest(Locate { cells, points: part, block: &mut block }));
        moments.use_range(block.used.clone());
        let deposit = Deposit { block: &mut block, count: part.len(), ahead: [ahead.x, ahead.y], moments };
        if has_eight_lanes() { dispatch_sixteen(deposit) } else { dispatch::<f32, 8, _>(deposit) }
    }
    moments.forget_nowhere();
    tally
}

struct Block {
    /// Cells, and some of the block before that are asked for in vain.
    cells: [u32; BLOCK + CELLS_AHEAD],
    /// Where these lie, apart from points that reach no node.
    used: Range<usize>,
    /// Places in the cells, from -1/2 to 1/2.
    places: [[f32; BLOCK]; 2],
    /// The last one is there to be read beyond.
    records: [f32; (BLOCK + 1) * RECORD],
}

/// Finds the cells of a block of points. A plain loop: what matters is that it is compiled for the wide
/// instructions.
struct Locate<'a> {
    cells: &'a Cells,
    points: Points<'a>,
    block: &'a mut Block,
}

macro_rules! locate {
    ($lanes:literal) => {
        impl Kernel<f64, $lanes> for Locate<'_> {
            type Output = Tally;
            #[inline(always)]
            fn run<S: Simd<f64, $lanes>>(self, _: S) -> Tally {
                self.all()
            }
        }
    };
}
locate!(4);
locate!(8);

impl Locate<'_> {
    #[inline(always)]
    fn all(self) -> Tally {
        let Cells { x: side_x, y: side_y, columns, count, .. } = *self.cells;
        let (columns, nowhere) = (columns as f64, low_bits(count as f64));
        let (mut inside, mut on_grid, mut missing) = (0, 0, 0);
        let Points { x, y, .. } = self.points;
        let [place_x, place_y] = &mut self.block.places;
        let places = self.block.cells.iter_mut().zip(place_x).zip(place_y);
        for (((cell, t), u), (x, y)) in places.zip(x.iter().zip(y)) {
            let (column, in_column, on_x, in_x) = side_x.find_nearest(*x);
            let (row, in_row, on_y, in_y) = side_y.find_nearest(*y);
            inside += u64::from(in_x & in_y);
            on_grid += u64::from(on_x & on_y);
            #[expect(clippy::cast_possible_truncation, reason = "from -1/2 to 1/2, and the low half of bits")]
            {
                (*t, *u) = (in_column as f32, in_row as f32);
                let bits = row.mul_add(columns, column + NEAREST).to_bits() as u32;
                *cell = if on_x & on_y { bits } else { nowhere };
            }
        }
        // What is on the grid is not missing.
        if on_grid < x.len() as u64 {
            for (x, y) in x.iter().zip(y) {
                missing += u64::from(x * 0.0 + y * 0.0 != 0.0);
            }
        }
        let (mut first, mut end) = (u32::MAX, 0);
        for cell in &self.block.cells[..x.len()] {
            (first, end) = (first.min(*cell), end.max(if *cell == nowhere { 0 } else { cell + 1 }));
        }
        self.block.used = first as usize..end as usize;
        Tally { points: x.len() as u64, inside, missing }
    }
}

/// Adds the products of `count` points to their cells.
struct Deposit<'a> {
    block: &'a mut Block,
    count: usize,
    ahead: [&'a [f64]; 2],
    moments: &'a mut Moments,
}

macro_rules! deposit {
    ($lanes:literal) => {
        impl Kernel<f32, $lanes> for Deposit<'_> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd<f32, $lanes>>(mut self, simd: S) {
                self.record(simd);
                self.sum(simd);
            }
        }
    };
}
deposit!(8);
deposit!(16);

impl Deposit<'_> {
    /// From a vector of points for each value to the values of each point, one after the other.
    #[inline(always)]
    fn record<S: Simd<f32, L>, const L: usize>(&mut self, simd: S) {
        let Block { places: [t, u], records, .. } = &mut *self.block;
        let (unit, two) = (simd.splat(f32::from_f64(UNIT)), simd.splat(2.0));
        let (t, u) = (t.as_chunks::<L>().0, u.as_chunks::<L>().0);
        for ((t, u), records) in t.iter().zip(u).zip(records.chunks_exact_mut(RECORD * L)) {
            let t = legendre(simd, simd.load(t) * two);
            let u = legendre(simd, simd.load(u) * two);
            let values = [t[0] * unit, t[1] * unit, t[2] * unit, t[3] * unit, u[0], u[1], u[2], u[3]];
            let (mut pairs, mut fours) = (values, values);
            for i in 0..4 {
                (pairs[2 * i], pairs[2 * i + 1]) = simd.interleave(values[i], values[i + 4]);
            }
            for i in 0..4 {
                (fours[2 * i], fours[2 * i + 1]) = simd.interleave(pairs[i], pairs[i + 4]);
            }
            let (records, _) = records.as_chunks_mut::<L>();
            for i in 0..4 {
                let (lower, upper) = simd.interleave(fours[i], fours[i + 4]);
                lower.store(&mut records[2 * i]);
                upper.store(&mut records[2 * i + 1]);
            }
        }
    }

    /// A point's products are two picks from its record, and constants, multiplied.
    #[inline(always)]
    fn sum<S: Simd<f32, L>, const L: usize>(&mut self, simd: S) {
        let Block { cells, records, .. } = &*self.block;
        let bias = simd.splat(f32::BIAS);
        let mut constants = [0.0; L];
        (constants[0], constants[1]) = (1.0, f32::from_f64(UNIT));
        let constants = simd.load(&constants);
        let (along_x, along_y) = const { (places::<L>(ALONG_X), places::<L>(ALONG_Y)) };
        let ((along_x, _), (along_y, _)) = (along_x.as_chunks::<L>(), along_y.as_chunks::<L>());
        // Looked at once for all: a call within the loop would cost every point a tenth.
        let mut most = 0;
        for start in (0..self.count).step_by(8) {
            // Memory would idle meanwhile.
            prefetch_at(self.ahead[0], start);
            prefetch_at(self.ahead[1], start);
            for point in start..(start + 8).min(self.count) {
                self.moments.prefetch(cells[point + CELLS_AHEAD]);
                let (record, _) = records[point * RECORD..][..L].as_chunks::<L>();
                let record = simd.load(&record[0]);
                let sums = self.moments.sums_of(cells[point]);
                for ((sums, x), y) in sums.as_chunks_mut::<L>().0.iter_mut().zip(along_x).zip(along_y) {
                    let factor = record.pick(constants, y);
                    record.pick(constants, x).mul_add(factor, bias).add_bits(bias, sums);
                }
                most = most.max(sums[0]);
            }
        }
        if most >= ROOM {
            self.moments.make_room(&cells[..self.count]);
        }
    }
}

/// `P_1` to `P_4`.
#[inline(always)]
fn legendre<S: Simd<f32, L>, const L: usize>(simd: S, t: S::V) -> [S::V; DEGREE] {
    let square = t * t;
    let second = square.mul_add(simd.splat(1.5), simd.splat(-0.5));
    let third = square.mul_add(simd.splat(2.5), simd.splat(-1.5)) * t;
    let fourth = square.mul_add(simd.splat(35.0 / 8.0), simd.splat(-30.0 / 8.0));
    [t, second, third, fourth.mul_add(square, simd.splat(3.0 / 8.0))]
}

/// Constants that products are made of, beside the record: 1, 1 in units, and 0.
const ONE: u32 = 100;
const UNITS: u32 = 101;
const NOTHING: u32 = 102;
/// The factors of each product. The first, the number of points, is not in units.
const ALONG_X: [u32; PRODUCTS] = [ONE, 0, 1, 2, 3, UNITS, 0, 1, 2, UNITS, 0, 1, UNITS, 0, UNITS, NOTHING];
const ALONG_Y: [u32; PRODUCTS] = [ONE, ONE, ONE, ONE, ONE, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7, NOTHING];

/// Where to pick the factors from a vector that begins with the record and another with the constants.
const fn places<const L: usize>(mut factors: [u32; PRODUCTS]) -> [u32; PRODUCTS] {
    let mut product = 0;
    while product < PRODUCTS {
        if factors[product] >= ONE {
            factors[product] = factors[product] - ONE + if L == 8 { 8 } else { 16 };
        }
        product += 1;
    }
    factors
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_core::simd::run_portable;
    use hexad_testkit::Random;

    /// The sums of points in a few cells after `deposit`.
    fn sums(deposit: impl Fn(Deposit<'_>)) -> Vec<[i32; PRODUCTS]> {
        let mut random = Random::new(5);
        let mut block = Block {
            cells: [0; BLOCK + CELLS_AHEAD],
            used: 0..0,
            places: [[0.0; BLOCK]; 2],
            records: [0.0; (BLOCK + 1) * RECORD],
        };
        #[expect(clippy::cast_possible_truncation, reason = "rounded")]
        for point in 0..BLOCK {
            block.cells[point] = point as u32 * 5 % 7;
            block.places[0][point] = random.uniform(-0.5, 0.5) as f32;
            block.places[1][point] = random.uniform(-0.5, 0.5) as f32;
        }
        let mut moments = Moments::default();
        moments.make_lines(7);
        deposit(Deposit { block: &mut block, count: BLOCK - 3, ahead: [&[], &[]], moments: &mut moments });
        (0..7).map(|cell| *moments.sums_of(cell)).collect()
    }

    #[test]
    fn every_width_gives_the_same_sums() {
        let wanted = sums(|deposit| run_portable::<f32, 8, _>(deposit));
        assert_eq!(wanted.iter().map(|sums| sums[0]).sum::<i32>(), 125);
        assert_eq!(wanted, sums(|deposit| dispatch::<f32, 8, _>(deposit)));
        assert_eq!(wanted, sums(|deposit| run_portable::<f32, 16, _>(deposit)));
        assert_eq!(wanted, sums(|deposit| dispatch_sixteen(deposit)));
    }
}
