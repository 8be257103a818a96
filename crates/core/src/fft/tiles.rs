//! Complex transforms of `2^m` samples, eight at a time, for processors with vectors of eight.
//!
//! The samples stand in rows and columns, `n = columns n1 + n2`. Each column is transformed and turned by
//! `exp(-2 pi i n2 k1 / len)`, then each row; the bins are `k = k1 + rows k2` (the four-step algorithm: Gentleman
//! and Sande, 1966; Bailey, J. Supercomput. 4, 1990). Eight columns, later eight rows, go side by side through the
//! lanes, in a buffer that stays in the first cache; in between they change places eight by eight.

mod column;

use std::f64::consts::TAU;

use num_complex::Complex64;

use super::turns;
use crate::simd::{Kernel, Simd, Vector, dispatch_eight, has_eight_lanes};
use column::{Column, Row};

/// Lengths for which this is the faster way.
const SMALLEST: usize = 512;
const LARGEST: usize = 1 << 20;

/// Eight columns or rows beside each other.
const LANES: usize = 8;

#[derive(Debug, Clone)]
pub(super) struct Tiles {
    rows: usize,
    columns: usize,
    down: Column,
    across: Column,
    /// `exp(-2 pi i lane k1 / len)`, lanes together, by k1.
    near: Vec<Row>,
    /// `exp(-2 pi i 8 block k1 / len)`, by block of columns and k1.
    far: Vec<[f64; 2]>,
}

impl Tiles {
    /// A plan, where it is faster than others.
    pub fn new(len: usize) -> Option<Self> {
        if !len.is_power_of_two() || !(SMALLEST..=LARGEST).contains(&len) || !has_eight_lanes() {
            return None;
        }
        Some(Self::planned(len))
    }

    /// A plan for `len`, a power of two of at least 64.
    fn planned(len: usize) -> Self {
        let bits = len.trailing_zeros();
        let (rows, columns) = (1 << bits.div_ceil(2), 1 << (bits / 2));
        let turn = |steps: usize| {
            let (sin, cos) = (-TAU * (steps % len) as f64 / len as f64).sin_cos();
            [cos, sin]
        };
        let lanes = |k1: usize| {
            let turns: [[f64; 2]; LANES] = std::array::from_fn(|lane| turn(lane * k1));
            [turns.map(|turn| turn[0]), turns.map(|turn| turn[1])]
        };
        let circle = turns(len / LANES, len / LANES);
        let turn_far = |block: usize, k1: usize| {
            let turn = circle[block * k1 % circle.len()];
            [turn.re, -turn.im]
        };
        let blocks = 0..columns / LANES;
        let far = blocks.flat_map(|block| (0..rows).map(move |k1| turn_far(block, k1)));
        Self {
            rows,
            columns,
            down: Column::new(rows),
            across: Column::new(columns),
            near: (0..rows).map(lanes).collect(),
            far: far.collect(),
        }
    }

    /// Complex numbers of scratch.
    pub fn scratch_len(&self) -> usize {
        self.rows * (self.columns + LANES)
    }

    /// Writes the transform of `input`, with the opposite sign of i where `INVERSE`.
    pub fn transform<const INVERSE: bool>(
        &self,
        input: &[Complex64],
        output: &mut [Complex64],
        scratch: &mut [Complex64],
    ) {
        let (between, buffer) = self.fields(scratch);
        dispatch_eight(Down::<INVERSE> { plan: self, input: bytemuck::cast_slice(input), between, buffer });
        dispatch_eight(Across::<INVERSE> { plan: self, between, output: bytemuck::cast_slice_mut(output) });
    }

    /// As [`Tiles::transform`], over its input.
    pub fn transform_in_place<const INVERSE: bool>(&self, data: &mut [Complex64], scratch: &mut [Complex64]) {
        let (between, buffer) = self.fields(scratch);
        dispatch_eight(Down::<INVERSE> { plan: self, input: bytemuck::cast_slice(data), between, buffer });
        dispatch_eight(Across::<INVERSE> { plan: self, between, output: bytemuck::cast_slice_mut(data) });
    }

    /// Turned columns, in tiles of eight k1; and room for eight columns.
    fn fields<'a>(&self, scratch: &'a mut [Complex64]) -> (&'a mut [Row], &'a mut [Row]) {
        let rows = bytemuck::cast_slice_mut::<_, Row>(&mut scratch[..self.scratch_len()]);
        rows.split_at_mut(self.rows * self.columns / LANES)
    }
}

/// Transforms the columns.
struct Down<'a, const INVERSE: bool> {
    plan: &'a Tiles,
    input: &'a [[f64; LANES]],
    between: &'a mut [Row],
    buffer: &'a mut [Row],
}

impl<const INVERSE: bool> Kernel<f64, LANES> for Down<'_, INVERSE> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, LANES>>(self, simd: S) {
        let Self { plan, input, between, buffer } = self;
        let per_row = plan.columns / LANES;
        for block in 0..per_row {
            plan.down.transform_from(
                simd,
                #[inline(always)]
                |n1| {
                    let from = 2 * (n1 * per_row + block);
                    let (re, im) = simd.deinterleave(simd.load(&input[from]), simd.load(&input[from + 1]));
                    if INVERSE { (im, re) } else { (re, im) }
                },
                buffer,
            );
            let far = &plan.far[block * plan.rows..][..plan.rows];
            let turns = plan.near.chunks_exact(LANES).zip(far.chunks_exact(LANES));
            let places = plan.down.places().chunks_exact(LANES);
            for ((tile, (near, far)), places) in between.chunks_exact_mut(plan.columns).zip(turns).zip(places)
            {
                let mut re = [simd.splat(0.0); LANES];
                let mut im = re;
                for k in 0..LANES {
                    let [x, y] = buffer[places[k]];
                    let (near_re, near_im) = (simd.load(&near[k][0]), simd.load(&near[k][1]));
                    let turn = times((near_re, near_im), (simd.splat(far[k][0]), simd.splat(far[k][1])));
                    (re[k], im[k]) = times((simd.load(&x), simd.load(&y)), turn);
                }
                let (re, im) = (simd.transpose(re), simd.transpose(im));
                let tile = &mut tile[block * LANES..][..LANES];
                for n2 in 0..LANES {
                    re[n2].store(&mut tile[n2][0]);
                    im[n2].store(&mut tile[n2][1]);
                }
            }
        }
    }
}

/// Transforms the rows.
struct Across<'a, const INVERSE: bool> {
    plan: &'a Tiles,
    between: &'a mut [Row],
    output: &'a mut [[f64; LANES]],
}

impl<const INVERSE: bool> Kernel<f64, LANES> for Across<'_, INVERSE> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, LANES>>(self, simd: S) {
        let Self { plan, between, output } = self;
        let per_row = plan.rows / LANES;
        for (block, tile) in between.chunks_exact_mut(plan.columns).enumerate() {
            plan.across.transform_to(
                simd,
                tile,
                #[inline(always)]
                |k2, (re, im)| {
                    let (re, im) = if INVERSE { (im, re) } else { (re, im) };
                    let (first, second) = simd.interleave(re, im);
                    let to = 2 * (k2 * per_row + block);
                    first.store(&mut output[to]);
                    second.store(&mut output[to + 1]);
                },
            );
        }
    }
}

/// A complex product.
#[inline(always)]
fn times<V: Vector<f64, LANES>>(a: (V, V), b: (V, V)) -> (V, V) {
    ((-a.1).mul_add(b.1, a.0 * b.0), a.0.mul_add(b.1, a.1 * b.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustfft::FftPlanner;

    #[test]
    fn it_is_chosen_where_there_are_vectors_of_eight() {
        for (len, is_fit) in [(256, false), (512, true), (1000, false), (LARGEST, true), (2 * LARGEST, false)]
        {
            assert_eq!(Tiles::new(len).is_some(), is_fit && has_eight_lanes(), "{len}");
        }
    }

    #[test]
    fn it_is_the_transform() {
        // Also where it would not be chosen: arrays give the same bits as vectors of eight.
        for bits in 6..=17 {
            let len = 1_usize << bits;
            let plan = Tiles::planned(len);
            let noise = |i: usize| ((i * 7919 + 13) % 1009) as f64 / 504.5 - 1.0;
            let input: Vec<_> = (0..len).map(|i| Complex64::new(noise(i), noise(3 * i + 1))).collect();
            let mut output = vec![Complex64::new(f64::NAN, 0.0); len];
            let mut scratch = vec![Complex64::new(f64::NAN, 0.0); plan.scratch_len()];
            let mut wanted = input.clone();
            FftPlanner::new().plan_fft_forward(len).process(&mut wanted);
            plan.transform::<false>(&input, &mut output, &mut scratch);
            let largest = wanted.iter().fold(0.0_f64, |largest, value| largest.max(value.norm()));
            for (got, wanted) in output.iter().zip(&wanted) {
                assert!((got - wanted).norm() < 1e-15 * f64::from(bits) * largest, "{len}: {got} {wanted}");
            }
            plan.transform_in_place::<true>(&mut output, &mut scratch);
            for (got, wanted) in output.iter().zip(&input) {
                assert!((got / len as f64 - wanted).norm() < 1e-15 * f64::from(bits), "{len}");
            }
        }
    }
}
