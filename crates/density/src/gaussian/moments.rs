//! Points as moments of their cells: one line of the cache a point, whatever the spline.
//!
//! With t and u from -1 to 1 across a cell, each point adds the Legendre products `P_i(t) P_j(u)`, `i + j <= 4`, to
//! its cell; their sums later become the nodes' shares. That is the spline's deposit but for its part beyond degree
//! 4, which the pitch of the grid makes small. The products are rounded to 2^-20 and summed as integers: no order
//! changes them. The first, the number of points, is exact, and it alone is mass.

use std::ops::Range;

use hexad_core::Workspace;
use hexad_core::simd::{
    Fixed, Kernel, Lane, Simd, Vector, dispatch, dispatch_sixteen, dispatch_widest, has_eight_lanes, prefetch,
};

use super::axis::GridAxis;
use super::deposit::Side;
use super::spline::{self, LANES};
use crate::bytes::Words;
use crate::raster::low_bits;
use crate::{DensityError, Points, Tally, View};

/// Points worked on together.
const BLOCK: usize = 128;
/// Points asked for ahead.
const AHEAD: usize = 4 * BLOCK;
/// Points whose cells are asked for ahead of their sums.
const CELLS_AHEAD: usize = 16;
/// Highest degree of a product.
const DEGREE: usize = 4;
/// Products of a cell: the number of points, 14 more, and one that is not used.
const PRODUCTS: usize = 16;
/// Units of a product in 1.
const UNIT: f64 = 1_048_576.0;
/// Points that a cell's 32 bits hold.
const ROOM: i32 = 1 << 10;

/// For each j the place of `P_0(t) P_j(u)`; `P_i(t) P_j(u)` is i further.
const FIRST: [usize; DEGREE + 1] = [0, 5, 9, 12, 14];

/// The products of a cell.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Line([i32; PRODUCTS]);

/// Sums of all cells, and what no longer fits their 32 bits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moments {
    lines: Vec<Line>,
    wide: Vec<[i64; PRODUCTS]>,
    /// Where the cells with points lie.
    used: Range<usize>,
}

/// Where points go, and what becomes of their moments.
#[derive(Debug, Clone)]
pub(crate) struct Cells {
    x: Side,
    y: Side,
    columns: usize,
    count: usize,
    degree: usize,
    stride: usize,
    /// For each degree of a product the nodes' shares.
    shares: [[f64; LANES]; DEGREE + 1],
}

impl Cells {
    pub fn new(view: &View, x: &GridAxis, y: &GridAxis, degree: usize) -> Self {
        let (columns, rows) = (x.nodes - degree, y.nodes - degree);
        Self {
            x: Side::new(x, &view.x, degree),
            y: Side::new(y, &view.y, degree),
            columns,
            count: columns * rows,
            degree,
            stride: x.padded(),
            shares: shares(degree),
        }
    }

    /// Adds points to `moments`; returns what became of them.
    pub fn add(&self, points: &Points<'_>, moments: &mut Moments) -> Tally {
        // One cell more, for points that reach no node.
        moments.lines.resize(self.count + 1, Line([0; PRODUCTS]));
        let mut block = Block {
            cells: [0; BLOCK],
            used: 0..0,
            places: [[0.0; BLOCK]; 2],
            products: [[0.0; PRODUCTS]; BLOCK],
        };
        let mut tally = Tally::default();
        for start in (0..points.len()).step_by(BLOCK) {
            let part = points.part(start..(start + BLOCK).min(points.len()));
            let ahead =
                points.part((start + AHEAD).min(points.len())..(start + AHEAD + BLOCK).min(points.len()));
            tally.add(dispatch_widest(Locate { cells: self, points: part, block: &mut block }));
            moments.use_range(block.used.clone());
            dispatch::<f32, 8, _>(Multiply { block: &mut block });
            let sum = Sum { block: &block, count: part.len(), ahead: [ahead.x, ahead.y], moments };
            if has_eight_lanes() { dispatch_sixteen(sum) } else { dispatch::<f32, 8, _>(sum) }
        }
        if let Some(nowhere) = moments.lines.last_mut() {
            nowhere.0.fill(0);
        }
        moments.use_up_to(self.count);
        tally
    }

    /// Number of cells.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds what `moments` holds to the nodes of `grid`.
    pub fn spread(&self, moments: &Moments, workspace: &mut Workspace<f64>, grid: &mut [f64]) {
        if moments.used.is_empty() {
            return;
        }
        let [shifted] = workspace.fields([(DEGREE + 1) * (self.degree + 1) * self.stride]);
        shifted.fill(0.0);
        dispatch_widest(Spread { cells: self, moments, shifted, grid });
    }
}

impl Moments {
    pub fn clear(&mut self) {
        self.lines[self.used.clone()].fill(Line([0; PRODUCTS]));
        self.wide.clear();
        self.used = 0..0;
    }

    /// Widens [`Moments::used`].
    fn use_range(&mut self, range: Range<usize>) {
        let is_first = self.used.is_empty();
        self.used.start = if is_first { range.start } else { self.used.start.min(range.start) };
        self.used.end = self.used.end.max(range.end);
    }

    fn use_up_to(&mut self, count: usize) {
        self.used = self.used.start.min(count)..self.used.end.min(count);
    }

    pub fn merge(&mut self, other: &Self) {
        if other.lines.is_empty() {
            return;
        }
        self.lines.resize(other.lines.len(), Line([0; PRODUCTS]));
        self.use_range(other.used.clone());
        self.wide.reserve_exact(self.lines.len());
        (0..self.lines.len()).for_each(|cell| self.empty(cell));
        for (cell, wide) in self.wide.iter_mut().enumerate() {
            other.add_to(cell, wide);
        }
    }

    /// The sums of each cell as bytes, or one 0 for no sums.
    pub fn put(&self, bytes: &mut Vec<u8>) {
        let cells = self.lines.len().saturating_sub(1);
        if !(0..cells).any(|cell| self.has_points(cell)) {
            return bytes.extend(u64::to_le_bytes(0));
        }
        bytes.extend(u64::to_le_bytes(cells as u64));
        for cell in 0..cells {
            let mut sums = [0; PRODUCTS];
            self.add_to(cell, &mut sums);
            bytes.extend(sums.into_iter().flat_map(i64::to_le_bytes));
        }
    }

    /// Takes the sums of `cells` cells from bytes, into nothing.
    pub fn get(&mut self, words: &mut Words<'_>, cells: usize) -> Result<(), DensityError> {
        match words.count()? {
            0 => return Ok(()),
            count if count == cells as u64 && words.0.len() / (8 * PRODUCTS) >= cells => {}
            _ => return Err(DensityError::NotARaster { reason: "their grid is not the kernel's" }),
        }
        self.lines = vec![Line([0; PRODUCTS]); cells + 1];
        self.used = 0..cells;
        for _ in 0..cells {
            let mut sums = [0; PRODUCTS];
            for sum in &mut sums {
                *sum = words.integer()?;
            }
            self.wide.push(sums);
        }
        Ok(())
    }

    /// Makes room in a cell.
    #[cold]
    #[inline(never)]
    fn empty(&mut self, cell: usize) {
        self.wide.resize(self.lines.len() - 1, [0; PRODUCTS]);
        let line = &mut self.lines[cell].0;
        if let Some(wide) = self.wide.get_mut(cell) {
            wide.iter_mut().zip(line.iter()).for_each(|(wide, part)| *wide += i64::from(*part));
        }
        line.fill(0);
    }

    #[inline(always)]
    fn has_points(&self, cell: usize) -> bool {
        self.lines[cell].0[0] > 0 || self.wide.get(cell).is_some_and(|wide| wide[0] > 0)
    }

    fn add_to(&self, cell: usize, sums: &mut [i64; PRODUCTS]) {
        sums.iter_mut().zip(&self.lines[cell].0).for_each(|(sum, part)| *sum += i64::from(*part));
        if let Some(wide) = self.wide.get(cell) {
            sums.iter_mut().zip(wide).for_each(|(sum, part)| *sum += part);
        }
    }

    /// The products of up to `L` cells, those of one degree in a vector.
    #[inline(always)]
    fn products<S: Simd<f64, L>, const L: usize>(&self, simd: S, cells: Range<usize>) -> [S::V; PRODUCTS] {
        let mut values = [[0.0; PRODUCTS]; L];
        for (values, cell) in values.iter_mut().zip(cells) {
            if self.wide.is_empty() {
                for (value, part) in values.iter_mut().zip(&self.lines[cell].0) {
                    *value = f64::from(*part) * (1.0 / UNIT);
                }
            } else {
                let mut sums = [0; PRODUCTS];
                self.add_to(cell, &mut sums);
                for (value, sum) in values.iter_mut().zip(&sums) {
                    *value = *sum as f64 * (1.0 / UNIT);
                }
            }
        }
        let mut products = [simd.splat(0.0); PRODUCTS];
        for part in 0..PRODUCTS / L {
            let mut rows = [simd.splat(0.0); L];
            for (row, values) in rows.iter_mut().zip(&values) {
                *row = simd.load(&values.as_chunks::<L>().0[part]);
            }
            products[part * L..(part + 1) * L].copy_from_slice(&simd.transpose(rows));
        }
        products[0] = products[0] * simd.splat(UNIT);
        products
    }
}

/// For each degree of a Legendre polynomial across a cell its part of the spline's weights.
fn shares(degree: usize) -> [[f64; LANES]; DEGREE + 1] {
    let weights = spline::weights(degree);
    let mut shares = [[0.0; LANES]; DEGREE + 1];
    // P_i(2 f - 1) = sum_k (-1)^(i+k) binomial(i, k) binomial(i + k, k) f^k
    let mut factors = [[0.0; DEGREE + 1]; DEGREE + 1];
    for (i, factors) in factors.iter_mut().enumerate() {
        factors[0] = if i % 2 == 0 { 1.0 } else { -1.0 };
        for k in 0..i {
            factors[k + 1] = -factors[k] * ((i - k) * (i + k + 1)) as f64 / ((k + 1) * (k + 1)) as f64;
        }
    }
    for (i, share) in shares.iter_mut().enumerate() {
        for (power, weights) in weights.iter().enumerate().take(degree + 1) {
            let overlap: f64 = (0..=i).map(|k| factors[i][k] / (power + k + 1) as f64).sum();
            let scale = (2 * i + 1) as f64 * overlap;
            share.iter_mut().zip(weights).for_each(|(share, weight)| *share += scale * weight);
        }
    }
    shares
}

struct Block {
    cells: [u32; BLOCK],
    /// Where these lie.
    used: Range<usize>,
    /// Places in the cells, from -1 to 1.
    places: [[f32; BLOCK]; 2],
    products: [[f32; PRODUCTS]; BLOCK],
}

/// Finds the cells of a block of points. A plain loop: what matters is that it is compiled for the wide
/// instructions.
struct Locate<'a> {
    cells: &'a Cells,
    points: Points<'a>,
    block: &'a mut Block,
}

macro_rules! kernel {
    ($name:ident, $output:ty, $lanes:literal) => {
        impl Kernel<f64, $lanes> for $name<'_> {
            type Output = $output;
            #[inline(always)]
            fn run<S: Simd<f64, $lanes>>(self, simd: S) -> $output {
                self.all(simd)
            }
        }
    };
}
kernel!(Locate, Tally, 4);
kernel!(Locate, Tally, 8);
kernel!(Spread, (), 4);
kernel!(Spread, (), 8);

impl Locate<'_> {
    #[inline(always)]
    fn all<S: Simd<f64, L>, const L: usize>(self, _: S) -> Tally {
        let Cells { x: side_x, y: side_y, .. } = *self.cells;
        let (columns, nowhere) = (self.cells.columns as f64, self.cells.count as f64);
        let (mut inside, mut missing) = (0, 0);
        let Points { x, y, .. } = self.points;
        let [place_x, place_y] = &mut self.block.places;
        let places = self.block.cells.iter_mut().zip(place_x).zip(place_y);
        for (((cell, t), u), (x, y)) in places.zip(x.iter().zip(y)) {
            let (column, in_column, on_x, in_x) = side_x.find(*x);
            let (row, in_row, on_y, in_y) = side_y.find(*y);
            inside += u64::from(in_x & in_y);
            missing += u64::from(x * 0.0 + y * 0.0 != 0.0);
            #[expect(clippy::cast_possible_truncation, reason = "from -1 to 1")]
            {
                *t = (2.0 * in_column - 1.0) as f32;
                *u = (2.0 * in_row - 1.0) as f32;
            }
            *cell = low_bits(if on_x & on_y { row * columns + column } else { nowhere });
        }
        let (mut first, mut last) = (u32::MAX, 0);
        for cell in &self.block.cells[..x.len()] {
            (first, last) = (first.min(*cell), last.max(*cell));
        }
        self.block.used = first as usize..last as usize + 1;
        Tally { points: x.len() as u64, inside, missing }
    }
}

/// Makes the products of a block of points, as floating point numbers whose low bits are integers.
struct Multiply<'a> {
    block: &'a mut Block,
}

impl Kernel<f32, 8> for Multiply<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f32, 8>>(self, simd: S) {
        let [t, u] = &self.block.places;
        let ((t, _), (u, _)) = (t.as_chunks::<8>(), u.as_chunks::<8>());
        let (products, _) = self.block.products.as_chunks_mut::<8>();
        let (bias, unit) = (simd.splat(f32::BIAS), simd.splat(f32::from_f64(UNIT)));
        let one = simd.splat(f32::BIAS + 1.0);
        for ((t, u), products) in t.iter().zip(u).zip(products) {
            let t = legendre(simd, simd.load(t));
            let u = legendre(simd, simd.load(u));
            let (t1, t2) = (t[0] * unit, t[1] * unit);
            let lower = [
                one,
                t1 + bias,
                t2 + bias,
                t[2].mul_add(unit, bias),
                t[3].mul_add(unit, bias),
                u[0].mul_add(unit, bias),
                t1.mul_add(u[0], bias),
                t2.mul_add(u[0], bias),
            ];
            let upper = [
                (t[2] * unit).mul_add(u[0], bias),
                u[1].mul_add(unit, bias),
                t1.mul_add(u[1], bias),
                t2.mul_add(u[1], bias),
                u[2].mul_add(unit, bias),
                t1.mul_add(u[2], bias),
                u[3].mul_add(unit, bias),
                bias,
            ];
            let (lower, upper) = (simd.transpose(lower), simd.transpose(upper));
            for (point, products) in products.iter_mut().enumerate() {
                let (halves, _) = products.as_chunks_mut::<8>();
                lower[point].store(&mut halves[0]);
                upper[point].store(&mut halves[1]);
            }
        }
    }
}

/// `P_1` to `P_4`.
#[inline(always)]
fn legendre<S: Simd<f32, 8>>(simd: S, t: S::V) -> [S::V; 4] {
    let square = t * t;
    let second = square.mul_add(simd.splat(1.5), simd.splat(-0.5));
    let third = square.mul_add(simd.splat(2.5), simd.splat(-1.5)) * t;
    let fourth = square.mul_add(simd.splat(35.0 / 8.0), simd.splat(-30.0 / 8.0));
    [t, second, third, fourth.mul_add(square, simd.splat(3.0 / 8.0))]
}

/// Adds the products of `count` points to their cells.
struct Sum<'a> {
    block: &'a Block,
    count: usize,
    ahead: [&'a [f64]; 2],
    moments: &'a mut Moments,
}

macro_rules! sum {
    ($lanes:literal) => {
        impl Kernel<f32, $lanes> for Sum<'_> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd<f32, $lanes>>(self, simd: S) {
                self.all(simd);
            }
        }
    };
}
sum!(8);
sum!(16);

impl Sum<'_> {
    #[inline(always)]
    fn all<S: Simd<f32, L>, const L: usize>(self, simd: S) {
        let bias = simd.splat(f32::BIAS);
        let block = self.block.cells[..self.count].iter().zip(&self.block.products);
        for (point, (cell, products)) in block.enumerate() {
            // Memory would idle meanwhile.
            if point % 4 == 0 {
                prefetch(self.ahead[point / 4 % 2].get(point / 8 * 8..).unwrap_or(&[]));
            }
            if let Some(cell) = self.block.cells.get(point + CELLS_AHEAD) {
                prefetch(self.moments.lines.get(*cell as usize..).unwrap_or(&[]));
            }
            let line = &mut self.moments.lines[*cell as usize].0;
            let ((sums, _), (products, _)) = (line.as_chunks_mut::<L>(), products.as_chunks::<L>());
            for (sums, products) in sums.iter_mut().zip(products) {
                simd.load(products).add_bits(bias, sums);
            }
            if line[0] >= ROOM {
                self.moments.empty(*cell as usize);
            }
        }
    }
}

/// Moments become the nodes' sums, row by row of cells: first along x, then along y.
struct Spread<'a> {
    cells: &'a Cells,
    moments: &'a Moments,
    /// For each degree along y, and each node of a spline, what the nodes get from the cells that it starts in.
    shifted: &'a mut [f64],
    grid: &'a mut [f64],
}

impl Spread<'_> {
    #[inline(always)]
    fn all<S: Simd<f64, L>, const L: usize>(mut self, simd: S) {
        let columns = self.cells.columns;
        for row in self.moments.used.start / columns..self.moments.used.end.div_ceil(columns) {
            let cells = row * columns..(row + 1) * columns;
            if cells.clone().any(|cell| self.moments.has_points(cell)) {
                self.along_x(simd, cells);
                self.along_y(simd, row);
            }
        }
    }

    #[inline(always)]
    fn along_x<S: Simd<f64, L>, const L: usize>(&mut self, simd: S, cells: Range<usize>) {
        let Cells { degree, stride, shares, .. } = self.cells;
        for (first, start) in (0..).step_by(L).zip(cells.clone().step_by(L)) {
            let group = start..(start + L).min(cells.end);
            if !group.clone().any(|cell| self.moments.has_points(cell)) {
                self.nothing_along_x::<L>(first);
                continue;
            }
            let products = self.moments.products(simd, group);
            for node in (0..).take(degree + 1) {
                for j in 0..DEGREE + 1 {
                    let mut sum = simd.splat(0.0);
                    for i in 0..DEGREE + 1 - j {
                        sum = products[FIRST[j] + i].mul_add(simd.splat(shares[i][node]), sum);
                    }
                    let place = (j * (degree + 1) + node) * stride + first + node;
                    let (out, _) = self.shifted[place..][..L].as_chunks_mut::<L>();
                    sum.store(&mut out[0]);
                }
            }
        }
    }

    #[inline(always)]
    fn nothing_along_x<const L: usize>(&mut self, first: usize) {
        let Cells { degree, stride, .. } = self.cells;
        for (index, row) in self.shifted.chunks_exact_mut(*stride).enumerate() {
            row[first + index % (degree + 1)..][..L].fill(0.0);
        }
    }

    #[inline(always)]
    fn along_y<S: Simd<f64, L>, const L: usize>(&mut self, simd: S, row: usize) {
        let Cells { degree, stride, shares, .. } = self.cells;
        for column in (0..*stride).step_by(L) {
            let mut sums = [simd.splat(0.0); DEGREE + 1];
            let rows = self.shifted.chunks_exact((degree + 1) * stride);
            for (sum, rows) in sums.iter_mut().zip(rows) {
                for values in rows.chunks_exact(*stride) {
                    let (values, _) = values[column..][..L].as_chunks::<L>();
                    *sum = *sum + simd.load(&values[0]);
                }
            }
            let nodes = self.grid[row * stride..].chunks_exact_mut(*stride);
            for (node, nodes) in nodes.take(degree + 1).enumerate() {
                let (nodes, _) = nodes[column..][..L].as_chunks_mut::<L>();
                let mut total = simd.load(&nodes[0]);
                for j in 0..DEGREE + 1 {
                    total = sums[j].mul_add(simd.splat(shares[j][node]), total);
                }
                total.store(&mut nodes[0]);
            }
        }
    }
}
