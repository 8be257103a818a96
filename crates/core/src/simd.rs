//! The vector module that every hot loop is written with.
//!
//! A kernel is a struct of its arguments that implements [`Kernel`]: one generic `run`, written with plain
//! `for` loops over [`Vector`]s. [`dispatch`] runs it compiled for AVX2 and FMA where the processor has
//! them, and otherwise with [`Portable`], which works on arrays and gives **the same bits**:
//! every operation is one IEEE operation per lane, `mul_add` is fused on both, and [`Vector::sum`] adds in
//! one fixed order.
//!
//! Two rules keep kernels fast. Mark `run` and every generic helper `#[inline(always)]`: only inlined code
//! is compiled for the wider instructions. And use `for` loops, not closures or `std::array::from_fn`,
//! inside kernels: a closure that is not inlined turns each operation into a call.
//!
//! ```
//! use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
//!
//! struct Dot<'a>(&'a [f64], &'a [f64]);
//! impl Kernel<f64, 4> for Dot<'_> {
//!     type Output = f64;
//!     #[inline(always)]
//!     fn run<S: Simd<f64, 4>>(self, simd: S) -> f64 {
//!         let (a, a_rest) = self.0.as_chunks::<4>();
//!         let (b, b_rest) = self.1.as_chunks::<4>();
//!         let mut sum = simd.splat(0.0);
//!         for (a, b) in a.iter().zip(b) {
//!             sum = simd.load(a).mul_add(simd.load(b), sum);
//!         }
//!         let mut total = sum.sum();
//!         for (a, b) in a_rest.iter().zip(b_rest) {
//!             total = a.mul_add(*b, total);
//!         }
//!         total
//!     }
//! }
//! assert_eq!(dispatch(Dot(&[1.0; 10], &[2.0; 10])), 20.0);
//! ```

pub mod complex;
mod portable;
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "vector instructions that the compiler does not assume by default")]
mod x86;

pub use portable::{Portable, PortableVector};

use std::ops::{Add, Mul, Neg, Sub};

/// An instruction set: makes vectors of `L` lanes of `T`. A value of this type is the proof that the
/// processor has the instructions.
pub trait Simd<T, const L: usize>: Copy + Send + Sync {
    /// The vector type.
    type V: Vector<T, L>;
    /// All lanes `value`.
    fn splat(self, value: T) -> Self::V;
    /// Lane `i` is `values[i]`.
    fn load(self, values: &[T; L]) -> Self::V;
    /// Lane `j` of row `i` becomes lane `i` of row `j`.
    fn transpose(self, rows: [Self::V; L]) -> [Self::V; L];
    /// From complex numbers, real and imaginary parts in turns, to the real parts and the imaginary parts.
    fn deinterleave(self, first: Self::V, second: Self::V) -> (Self::V, Self::V);
    /// The reverse of [`Simd::deinterleave`].
    fn interleave(self, re: Self::V, im: Self::V) -> (Self::V, Self::V);
}

/// `L` lanes of `T`. Every operation works lane by lane and rounds once.
pub trait Vector<T, const L: usize>:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self>
{
    /// Adds what the bits of `self` are above those of `bias` to `sums`, wrapping. With [`Fixed::BIAS`] as bias
    /// and added to `self` before, these are the lanes rounded to whole numbers: sums that no order changes.
    fn add_bits(self, bias: Self, sums: &mut [T::Integer; L])
    where
        T: Fixed;
    /// `self * factor + term`, rounded once.
    #[must_use]
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// `self / divisor`.
    #[must_use]
    fn div(self, divisor: Self) -> Self;
    /// The larger of the two; `other` where `self` is NaN.
    #[must_use]
    fn max(self, other: Self) -> Self;
    /// The smaller of the two; `other` where `self` is NaN.
    #[must_use]
    fn min(self, other: Self) -> Self;
    /// Without its sign.
    #[must_use]
    fn abs(self) -> Self;
    /// Bit `i` is set where lane `i` is not at most `limit`'s: larger, or NaN.
    #[must_use]
    fn beyond(self, limit: Self) -> u32;
    /// Writes lane `i` to `out[i]`.
    fn store(self, out: &mut [T; L]);
    /// Sum of the lanes: the upper half is added to the lower until one lane is left.
    #[must_use]
    fn sum(self) -> T;
    /// Rounded to the nearest whole number, ties to even. Lanes must be below 2^22 (f32) or 2^51 (f64).
    #[must_use]
    fn round(self) -> Self;
    /// `2^lane` of whole lanes within the normal range of exponents.
    #[must_use]
    fn exp2_of_whole(self) -> Self;
    /// Lanes 1, 0, 3, 2, ...: real and imaginary parts change places.
    #[must_use]
    fn swap_pairs(self) -> Self;
    /// The last two lanes, the two before, ...: complex numbers in reverse order.
    #[must_use]
    fn reverse_pairs(self) -> Self;
    /// Lanes 0, 0, 2, 2, ...: real parts twice.
    #[must_use]
    fn even(self) -> Self;
    /// Lanes 1, 1, 3, 3, ...: imaginary parts twice.
    #[must_use]
    fn odd(self) -> Self;
}

/// Copies as many elements as both have, past the caches: for the parts of a result that no cache holds as a whole.
/// The memory is not read before it is written, and the caches keep what they had.
///
/// ```
/// let mut to = [0.0; 3];
/// hexad_core::simd::copy_past_caches(&[1.0, 2.0, 3.0], &mut to);
/// assert_eq!(to, [1.0, 2.0, 3.0]);
/// ```
pub fn copy_past_caches<T: bytemuck::Pod>(from: &[T], to: &mut [T]) {
    let len = from.len().min(to.len());
    let (from, to) = (&from[..len], &mut to[..len]);
    #[cfg(target_arch = "x86_64")]
    x86::copy_past_caches(bytemuck::cast_slice(from), bytemuck::cast_slice_mut(to));
    #[cfg(not(target_arch = "x86_64"))]
    to.copy_from_slice(from);
}

/// A computation that [`dispatch`] compiles for each instruction set.
pub trait Kernel<T, const L: usize> {
    /// What it returns.
    type Output;
    /// The computation. Mark it `#[inline(always)]`.
    fn run<S: Simd<T, L>>(self, simd: S) -> Self::Output;
}

/// Runs `kernel` with the widest instructions this processor has.
#[inline]
pub fn dispatch<T: Lane<L>, const L: usize, K: Kernel<T, L>>(kernel: K) -> K::Output {
    T::dispatch(kernel)
}

/// Whether [`dispatch_eight`] and [`dispatch_sixteen`] have instructions for their widths.
#[must_use]
pub fn has_eight_lanes() -> bool {
    #[cfg(target_arch = "x86_64")]
    return x86::Avx512::detect().is_some();
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// As [`dispatch`] with vectors of eight `f64`: AVX-512. Ask [`has_eight_lanes`] first, for without them it is
/// slow.
#[inline]
pub fn dispatch_eight<K: Kernel<f64, 8>>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = x86::Avx512::detect() {
        return avx512.run::<f64, 8, K>(kernel);
    }
    kernel.run(Portable)
}

/// As [`dispatch`] with vectors of sixteen `f32`: AVX-512. Ask [`has_eight_lanes`] first, for without them it is
/// slow.
#[inline]
pub fn dispatch_sixteen<K: Kernel<f32, 16>>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = x86::Avx512::detect() {
        return avx512.run::<f32, 16, K>(kernel);
    }
    kernel.run(Portable)
}

/// Runs `kernel`, which is written for both widths, with [`dispatch_eight`] where that has instructions and with
/// [`dispatch`] elsewhere.
#[inline]
pub fn dispatch_widest<K, R>(kernel: K) -> R
where
    K: Kernel<f64, 4, Output = R> + Kernel<f64, 8, Output = R>,
{
    if has_eight_lanes() { dispatch_eight(kernel) } else { dispatch::<f64, 4, K>(kernel) }
}

/// Runs `kernel` with [`Portable`]: the twin that tests compare [`dispatch`] with.
pub fn run_portable<T, const L: usize, K: Kernel<T, L>>(kernel: K) -> K::Output
where
    Portable: Simd<T, L>,
{
    kernel.run(Portable)
}

/// An element type with a vector width of [`dispatch`]: `f64` with 4 lanes, `f32` with 8, and, where
/// [`has_eight_lanes`] says so, `f64` with 8.
pub trait Lane<const L: usize>: Copy + Default + Add<Output = Self> + Send + Sync + 'static {
    /// Rounded from `f64`.
    fn from_f64(value: f64) -> Self;
    /// As `f64`, exactly.
    fn to_f64(self) -> f64;
    /// `self * factor + term`, rounded once: [`Vector::mul_add`] for one lane.
    #[must_use]
    fn mul_add(self, factor: Self, term: Self) -> Self;
    /// See [`dispatch`].
    fn dispatch<K: Kernel<Self, L>>(kernel: K) -> K::Output;
}

/// Whole numbers in the low bits of floating point ones, see [`Vector::add_bits`].
pub trait Fixed {
    /// Integers as wide.
    type Integer;
    /// Whole numbers below 2^51 (f64) or 2^22 (f32) added to it are in its low bits.
    const BIAS: Self;
}

impl Fixed for f64 {
    type Integer = i64;
    const BIAS: Self = MAGIC_F64;
}

impl Fixed for f32 {
    type Integer = i32;
    const BIAS: Self = MAGIC_F32;
}

/// Asks for the cache line of the first of `values`, which will be read soon; does nothing where the processor
/// cannot be asked.
#[inline(always)]
pub fn prefetch<T>(values: &[T]) {
    #[cfg(target_arch = "x86_64")]
    x86::prefetch(values);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = values;
}

/// Largest argument of [`exp`] by size; beyond it the argument is taken as this.
const EXP_RANGE: f64 = 708.0;

/// `exp(v)` to 1.5 units in the last place; arguments are clamped to +-708.
#[inline(always)]
#[expect(clippy::inline_always, reason = "only inlined code is compiled for the wider instructions")]
pub fn exp<S: Simd<f64, 4>>(simd: S, v: S::V) -> S::V {
    // v = k ln 2 + r, |r| <= ln 2 / 2; ln 2 in two parts, the first with 32 zero bits at its end.
    let v = v.max(simd.splat(-EXP_RANGE)).min(simd.splat(EXP_RANGE));
    let k = (v * simd.splat(std::f64::consts::LOG2_E)).round();
    let r = k.mul_add(simd.splat(-6.931_471_803_691_238e-1), v);
    let r = k.mul_add(simd.splat(-1.908_214_929_270_587_7e-10), r);
    // Taylor: the first term left out, r^14/14!, is below 5e-18.
    let mut sum = simd.splat(1.0 / 6_227_020_800.0);
    for coefficient in [
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        sum = sum.mul_add(r, simd.splat(coefficient));
    }
    sum * k.exp2_of_whole()
}

/// Adding and subtracting 1.5 * 2^52 rounds to a whole number and leaves it in the low bits; 1.5 * 2^23
/// does so for f32.
const MAGIC_F64: f64 = 6_755_399_441_055_744.0;
const MAGIC_F32: f32 = 12_582_912.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_past_the_caches_are_whole_wherever_they_start_and_end() {
        let from: Vec<f32> = (0..300).map(|i| i as f32).collect();
        for start in 0..20 {
            for len in (0..40).chain([63, 64, 65, 200, 256]) {
                let mut to = vec![-1.0; 300];
                copy_past_caches(&from[..len], &mut to[start..]);
                let right = |i: usize| if (start..start + len).contains(&i) { from[i - start] } else { -1.0 };
                assert!((0..300).all(|i| to[i] == right(i)), "{start} {len}");
            }
        }
    }

    struct Everything<T, const L: usize>([[T; L]; 3]);

    macro_rules! everything {
        ($t:ty, $lanes:literal) => {
            impl Kernel<$t, $lanes> for Everything<$t, $lanes> {
                type Output = Vec<$t>;
                #[inline(always)]
                fn run<S: Simd<$t, $lanes>>(self, simd: S) -> Vec<$t> {
                    let [a, b, c] = [simd.load(&self.0[0]), simd.load(&self.0[1]), simd.load(&self.0[2])];
                    let whole = (a * simd.splat(10.0)).round();
                    let results = [
                        a + b,
                        a - b,
                        a * b,
                        -a,
                        a.mul_add(b, c),
                        a.div(b),
                        a.max(b),
                        a.min(b),
                        whole,
                        whole.exp2_of_whole(),
                        a.swap_pairs(),
                        a.reverse_pairs(),
                        a.even(),
                        a.odd(),
                    ];
                    let ((re, im), (first, second)) = (simd.deinterleave(a, b), simd.interleave(a, b));
                    let mut rows = [a; $lanes];
                    for (index, row) in rows.iter_mut().enumerate() {
                        *row =
                            a + simd.splat([0.0, 100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0][index % 8]);
                    }
                    let moved =
                        [re, im, first, second].into_iter().chain(simd.transpose(rows)).chain([a.abs()]);
                    let mut sums = [1; $lanes];
                    let bias = simd.splat(<$t>::BIAS);
                    a.mul_add(b, bias).add_bits(bias, &mut sums);
                    let mut out = vec![a.sum(), b.sum()];
                    for result in results.into_iter().chain(moved) {
                        let mut lanes = [0.0; $lanes];
                        result.store(&mut lanes);
                        out.extend(lanes);
                    }
                    let missing = simd.splat(<$t>::NAN);
                    for mask in [a.beyond(b), b.beyond(a), a.beyond(a), missing.beyond(a), a.beyond(missing)]
                    {
                        for lane in 0..$lanes {
                            out.push(if (mask >> lane) & 1 == 1 { 1.0 } else { 0.0 });
                        }
                    }
                    for sum in sums {
                        out.push(sum as $t);
                    }
                    out
                }
            }
        };
    }
    everything!(f64, 4);
    everything!(f64, 8);
    everything!(f32, 8);
    everything!(f32, 16);

    /// What both give, if that is the same.
    macro_rules! the_same {
        ($wide:expr, $portable:expr) => {{
            let (wide, portable) = ($wide, $portable);
            let bits =
                |values: &[_]| values.iter().map(|value: &_| f64::from(*value).to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&wide), bits(&portable));
            portable
        }};
    }

    #[test]
    fn wide_and_portable_give_the_same_bits() {
        let four = [[1.1, -2.2, 3.3, 0.4], [0.7, 5.0, -0.3, 9.9], [1e-9, 3.0, -1.0, 0.0]];
        let out: Vec<f64> = the_same!(dispatch(Everything(four)), run_portable(Everything(four)));
        assert_eq!(out[0], (1.1 + 3.3) + (-2.2 + 0.4));
        let powers = [2048.0, 2.0_f64.powi(-22), 2.0_f64.powi(33), 16.0];
        assert_eq!(out[34..38], [11.0, -22.0, 33.0, 4.0]);
        assert_eq!(out[38..42], powers);
        // Complex numbers turned about, taken apart and put together; rows as columns.
        assert_eq!(out[42..50], [-2.2, 1.1, 0.4, 3.3, 3.3, 0.4, 1.1, -2.2]);
        assert_eq!(out[50..58], [1.1, 1.1, 3.3, 3.3, -2.2, -2.2, 0.4, 0.4]);
        assert_eq!(out[58..66], [1.1, 3.3, 0.7, -0.3, -2.2, 0.4, 5.0, 9.9]);
        assert_eq!(out[66..74], [1.1, 0.7, -2.2, 5.0, 3.3, -0.3, 0.4, 9.9]);
        assert_eq!(out[74..78], [1.1, 101.1, 201.1, 301.1]);
        assert_eq!(out[90..94], [1.1, 2.2, 3.3, 0.4]);

        assert_eq!(out[out.len() - 4..], [2.0, -10.0, 0.0, 5.0]);

        let eight: [[f32; 8]; 3] = [
            [1.1, -2.2, 3.3, 0.4, 0.5, -1.5, 2.5, 9.0],
            [0.7, 5.0, -0.3, 9.9, 1.0, 2.0, 3.0, 4.0],
            [1e-9, 3.0, -1.0, 0.0, 7.0, -7.0, 0.1, 0.2],
        ];
        let _: Vec<f32> = the_same!(dispatch(Everything(eight)), run_portable(Everything(eight)));
        let sixteen: [[f32; 16]; 3] =
            [0, 1, 2].map(|row| std::array::from_fn(|lane| eight[(row + lane / 8) % 3][lane % 8]));
        let _: Vec<f32> = the_same!(dispatch_sixteen(Everything(sixteen)), run_portable(Everything(sixteen)));
        let eight = eight.map(|values| values.map(f64::from));
        let _: Vec<f64> = the_same!(dispatch_eight(Everything(eight)), run_portable(Everything(eight)));
    }

    struct Exp([f64; 4]);
    impl Kernel<f64, 4> for Exp {
        type Output = [f64; 4];
        #[inline(always)]
        fn run<S: Simd<f64, 4>>(self, simd: S) -> [f64; 4] {
            let mut out = [0.0; 4];
            exp(simd, simd.load(&self.0)).store(&mut out);
            out
        }
    }

    #[test]
    fn exp_is_right_to_a_few_ulp_and_the_same_everywhere() {
        for step in -70_000..=70_000 {
            let x = f64::from(step) * 0.01 + 1e-4;
            let values = [x, x * 0.1, x * 0.001, -x];
            let got = dispatch(Exp(values));
            assert_eq!(got.map(f64::to_bits), run_portable(Exp(values)).map(f64::to_bits));
            for (value, got) in values.into_iter().zip(got) {
                assert!((got / value.exp() - 1.0).abs() < 4.0 * f64::EPSILON, "exp({value}) = {got}");
            }
        }
        assert_eq!(dispatch(Exp([0.0; 4])), [1.0; 4]);
        assert!(dispatch(Exp([-1e9; 4]))[0] < 1e-300);
    }
}
