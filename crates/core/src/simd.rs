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

mod caches;
pub mod complex;
mod portable;
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "vector instructions that the compiler does not assume by default")]
mod x86;

pub use caches::{Plain, copy_past_caches, prefetch, prefetch_at};
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
    /// Lane `i` is lane `places[i]` of `self` and `other` one after the other; places count modulo `2 L`.
    #[must_use]
    fn pick(self, other: Self, places: &[u32; L]) -> Self;
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
mod tests;
