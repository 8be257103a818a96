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
}

/// `L` lanes of `T`. Every operation works lane by lane and rounds once.
pub trait Vector<T, const L: usize>:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self>
{
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
    /// The upper half of the lanes, then the lower.
    #[must_use]
    fn swap_halves(self) -> Self;
    /// Lanes 0, 0, 2, 2, ...: real parts twice.
    #[must_use]
    fn even(self) -> Self;
    /// Lanes 1, 1, 3, 3, ...: imaginary parts twice.
    #[must_use]
    fn odd(self) -> Self;
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

/// Runs `kernel` with [`Portable`]: the twin that tests compare [`dispatch`] with.
pub fn run_portable<T: Lane<L>, const L: usize, K: Kernel<T, L>>(kernel: K) -> K::Output
where
    Portable: Simd<T, L>,
{
    kernel.run(Portable)
}

/// An element type with a vector width: `f64` with 4 lanes, `f32` with 8.
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

/// Arrays and scalar operations: runs everywhere.
#[derive(Debug, Clone, Copy)]
pub struct Portable;

/// A vector of [`Portable`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PortableVector<T, const L: usize>([T; L]);

macro_rules! portable {
    ($t:ty, $bits:ty, $lanes:literal, $magic:expr, $mantissa:literal, $bias:literal) => {
        impl Simd<$t, $lanes> for Portable {
            type V = PortableVector<$t, $lanes>;
            #[inline(always)]
            fn splat(self, value: $t) -> Self::V {
                PortableVector([value; $lanes])
            }
            #[inline(always)]
            fn load(self, values: &[$t; $lanes]) -> Self::V {
                PortableVector(*values)
            }
        }

        impl Vector<$t, $lanes> for PortableVector<$t, $lanes> {
            #[inline(always)]
            fn mul_add(mut self, factor: Self, term: Self) -> Self {
                for lane in 0..$lanes {
                    self.0[lane] = self.0[lane].mul_add(factor.0[lane], term.0[lane]);
                }
                self
            }
            #[inline(always)]
            fn div(mut self, divisor: Self) -> Self {
                for lane in 0..$lanes {
                    self.0[lane] /= divisor.0[lane];
                }
                self
            }
            #[inline(always)]
            fn max(mut self, other: Self) -> Self {
                for lane in 0..$lanes {
                    let keep = self.0[lane] > other.0[lane];
                    self.0[lane] = if keep { self.0[lane] } else { other.0[lane] };
                }
                self
            }
            #[inline(always)]
            fn min(mut self, other: Self) -> Self {
                for lane in 0..$lanes {
                    let keep = self.0[lane] < other.0[lane];
                    self.0[lane] = if keep { self.0[lane] } else { other.0[lane] };
                }
                self
            }
            #[inline(always)]
            fn store(self, out: &mut [$t; $lanes]) {
                *out = self.0;
            }
            #[inline(always)]
            fn sum(mut self) -> $t {
                let mut half = $lanes / 2;
                while half > 0 {
                    for lane in 0..half {
                        self.0[lane] += self.0[lane + half];
                    }
                    half /= 2;
                }
                self.0[0]
            }
            #[inline(always)]
            fn round(mut self) -> Self {
                for lane in 0..$lanes {
                    self.0[lane] = (self.0[lane] + $magic) - $magic;
                }
                self
            }
            #[inline(always)]
            fn exp2_of_whole(mut self) -> Self {
                for lane in 0..$lanes {
                    let whole = (self.0[lane] + $magic).to_bits();
                    self.0[lane] = <$t>::from_bits(whole.wrapping_add($bias) << $mantissa);
                }
                self
            }
            #[inline(always)]
            fn swap_pairs(mut self) -> Self {
                for lane in 0..$lanes / 2 {
                    self.0.swap(2 * lane, 2 * lane + 1);
                }
                self
            }
            #[inline(always)]
            fn swap_halves(mut self) -> Self {
                self.0.rotate_left($lanes / 2);
                self
            }
            #[inline(always)]
            fn even(mut self) -> Self {
                for lane in 0..$lanes / 2 {
                    self.0[2 * lane + 1] = self.0[2 * lane];
                }
                self
            }
            #[inline(always)]
            fn odd(mut self) -> Self {
                for lane in 0..$lanes / 2 {
                    self.0[2 * lane] = self.0[2 * lane + 1];
                }
                self
            }
        }

        impl Add for PortableVector<$t, $lanes> {
            type Output = Self;
            #[inline(always)]
            fn add(mut self, other: Self) -> Self {
                for lane in 0..$lanes {
                    self.0[lane] += other.0[lane];
                }
                self
            }
        }
        impl Sub for PortableVector<$t, $lanes> {
            type Output = Self;
            #[inline(always)]
            fn sub(mut self, other: Self) -> Self {
                for lane in 0..$lanes {
                    self.0[lane] -= other.0[lane];
                }
                self
            }
        }
        impl Mul for PortableVector<$t, $lanes> {
            type Output = Self;
            #[inline(always)]
            fn mul(mut self, other: Self) -> Self {
                for lane in 0..$lanes {
                    self.0[lane] *= other.0[lane];
                }
                self
            }
        }
        impl Neg for PortableVector<$t, $lanes> {
            type Output = Self;
            #[inline(always)]
            fn neg(mut self) -> Self {
                for lane in 0..$lanes {
                    self.0[lane] = -self.0[lane];
                }
                self
            }
        }

        impl Lane<$lanes> for $t {
            #[inline(always)]
            #[allow(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
            fn from_f64(value: f64) -> Self {
                value as $t
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                <$t>::mul_add(self, factor, term)
            }
            #[inline]
            fn dispatch<K: Kernel<Self, $lanes>>(kernel: K) -> K::Output {
                #[cfg(target_arch = "x86_64")]
                if let Some(avx2) = avx2::Avx2::detect() {
                    return avx2.run::<Self, $lanes, K>(kernel);
                }
                kernel.run(Portable)
            }
        }
    };
}

/// Adding and subtracting 1.5 * 2^52 rounds to a whole number and leaves it in the low bits; 1.5 * 2^23
/// does so for f32.
const MAGIC_F64: f64 = 6_755_399_441_055_744.0;
const MAGIC_F32: f32 = 12_582_912.0;

portable!(f64, u64, 4, MAGIC_F64, 52, 1023);
portable!(f32, u32, 8, MAGIC_F32, 23, 127);

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "vector instructions that the compiler does not assume by default")]
mod avx2 {
    use std::arch::x86_64::*;

    use super::{Add, Kernel, MAGIC_F32, MAGIC_F64, Mul, Neg, Simd, Sub, Vector};

    /// AVX2 and FMA: made only by [`Avx2::detect`], so that whoever holds one, or a vector made by one,
    /// runs on a processor that has them. Every `SAFETY:` line below rests on that.
    #[derive(Debug, Clone, Copy)]
    pub(super) struct Avx2(());

    impl Avx2 {
        #[inline]
        pub(super) fn detect() -> Option<Self> {
            (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
        }

        #[inline]
        pub(super) fn run<T, const L: usize, K: Kernel<T, L>>(self, kernel: K) -> K::Output
        where
            Self: Simd<T, L>,
        {
            #[target_feature(enable = "avx2,fma")]
            fn compiled<T, const L: usize, K: Kernel<T, L>>(avx2: Avx2, kernel: K) -> K::Output
            where
                Avx2: Simd<T, L>,
            {
                kernel.run(avx2)
            }
            // SAFETY: `self` proves that the processor has AVX2 and FMA.
            unsafe { compiled(self, kernel) }
        }
    }

    #[derive(Clone, Copy)]
    pub(super) struct F64x4(__m256d);
    #[derive(Clone, Copy)]
    pub(super) struct F32x8(__m256);

    macro_rules! vector {
        (
            $t:ty, $lanes:literal, $v:ident, $set1:ident, $loadu:ident, $storeu:ident, $fmadd:ident, $add:ident,
            $sub:ident, $mul:ident, $div:ident, $xor:ident, $max:ident, $min:ident, $magic:expr,
            $permute:ident $pairs:literal $even:literal $odd:literal, $halves:ident,
            $sum:item, $exp2:item
        ) => {
            impl Simd<$t, $lanes> for Avx2 {
                type V = $v;
                #[inline(always)]
                fn splat(self, value: $t) -> $v {
                    // SAFETY: see `Avx2`.
                    $v(unsafe { $set1(value) })
                }
                #[inline(always)]
                fn load(self, values: &[$t; $lanes]) -> $v {
                    // SAFETY: see `Avx2`; the array has as many elements as the vector has lanes.
                    $v(unsafe { $loadu(values.as_ptr()) })
                }
            }
            impl Vector<$t, $lanes> for $v {
                #[inline(always)]
                fn mul_add(self, factor: Self, term: Self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $fmadd(self.0, factor.0, term.0) })
                }
                #[inline(always)]
                fn div(self, divisor: Self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $div(self.0, divisor.0) })
                }
                #[inline(always)]
                fn max(self, other: Self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $max(self.0, other.0) })
                }
                #[inline(always)]
                fn min(self, other: Self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $min(self.0, other.0) })
                }
                #[inline(always)]
                fn store(self, out: &mut [$t; $lanes]) {
                    // SAFETY: see `Avx2`; the array has as many elements as the vector has lanes.
                    unsafe { $storeu(out.as_mut_ptr(), self.0) }
                }
                #[inline(always)]
                fn round(self) -> Self {
                    // SAFETY: see `Avx2`.
                    let magic = Self(unsafe { $set1($magic) });
                    (self + magic) - magic
                }
                #[inline(always)]
                fn swap_pairs(self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $permute::<$pairs>(self.0) })
                }
                #[inline(always)]
                fn swap_halves(self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $halves::<1>(self.0, self.0) })
                }
                #[inline(always)]
                fn even(self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $permute::<$even>(self.0) })
                }
                #[inline(always)]
                fn odd(self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $permute::<$odd>(self.0) })
                }
                #[inline(always)]
                $sum
                #[inline(always)]
                $exp2
            }
            impl Add for $v {
                type Output = Self;
                #[inline(always)]
                fn add(self, other: Self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $add(self.0, other.0) })
                }
            }
            impl Sub for $v {
                type Output = Self;
                #[inline(always)]
                fn sub(self, other: Self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $sub(self.0, other.0) })
                }
            }
            impl Mul for $v {
                type Output = Self;
                #[inline(always)]
                fn mul(self, other: Self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $mul(self.0, other.0) })
                }
            }
            impl Neg for $v {
                type Output = Self;
                #[inline(always)]
                fn neg(self) -> Self {
                    // SAFETY: see `Avx2`.
                    Self(unsafe { $xor(self.0, $set1(-0.0)) })
                }
            }
        };
    }

    vector!(
        f64,
        4,
        F64x4,
        _mm256_set1_pd,
        _mm256_loadu_pd,
        _mm256_storeu_pd,
        _mm256_fmadd_pd,
        _mm256_add_pd,
        _mm256_sub_pd,
        _mm256_mul_pd,
        _mm256_div_pd,
        _mm256_xor_pd,
        _mm256_max_pd,
        _mm256_min_pd,
        MAGIC_F64,
        _mm256_permute_pd 0b0101 0b0000 0b1111,
        _mm256_permute2f128_pd,
        fn sum(self) -> f64 {
            // SAFETY: see `Avx2`.
            unsafe {
                let pair = _mm_add_pd(_mm256_castpd256_pd128(self.0), _mm256_extractf128_pd::<1>(self.0));
                _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)))
            }
        },
        fn exp2_of_whole(self) -> Self {
            // SAFETY: see `Avx2`.
            unsafe {
                let whole = _mm256_castpd_si256(_mm256_add_pd(self.0, _mm256_set1_pd(MAGIC_F64)));
                let biased = _mm256_add_epi64(whole, _mm256_set1_epi64x(1023));
                Self(_mm256_castsi256_pd(_mm256_slli_epi64::<52>(biased)))
            }
        }
    );
    vector!(
        f32,
        8,
        F32x8,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_fmadd_ps,
        _mm256_add_ps,
        _mm256_sub_ps,
        _mm256_mul_ps,
        _mm256_div_ps,
        _mm256_xor_ps,
        _mm256_max_ps,
        _mm256_min_ps,
        MAGIC_F32,
        _mm256_permute_ps 0b10_11_00_01 0b10_10_00_00 0b11_11_01_01,
        _mm256_permute2f128_ps,
        fn sum(self) -> f32 {
            // SAFETY: see `Avx2`.
            unsafe {
                let four = _mm_add_ps(_mm256_castps256_ps128(self.0), _mm256_extractf128_ps::<1>(self.0));
                let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
                _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps::<1>(two, two)))
            }
        },
        fn exp2_of_whole(self) -> Self {
            // SAFETY: see `Avx2`.
            unsafe {
                let whole = _mm256_castps_si256(_mm256_add_ps(self.0, _mm256_set1_ps(MAGIC_F32)));
                let biased = _mm256_add_epi32(whole, _mm256_set1_epi32(127));
                Self(_mm256_castsi256_ps(_mm256_slli_epi32::<23>(biased)))
            }
        }
    );
}

#[cfg(test)]
mod tests {
    use super::*;

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
                        a.swap_halves(),
                        a.even(),
                        a.odd(),
                    ];
                    let mut out = vec![a.sum(), b.sum()];
                    for result in results {
                        let mut lanes = [0.0; $lanes];
                        result.store(&mut lanes);
                        out.extend(lanes);
                    }
                    out
                }
            }
        };
    }
    everything!(f64, 4);
    everything!(f32, 8);

    #[test]
    fn wide_and_portable_give_the_same_bits() {
        let f64s = [[1.1, -2.2, 3.3, 0.4], [0.7, 5.0, -0.3, 9.9], [1e-9, 3.0, -1.0, 0.0]];
        let (wide, portable) = (dispatch(Everything(f64s)), run_portable(Everything(f64s)));
        assert_eq!(
            wide.iter().map(|v| v.to_bits()).collect::<Vec<_>>(),
            portable.iter().map(|v| v.to_bits()).collect::<Vec<_>>()
        );
        assert_eq!(portable[0], (1.1 + 3.3) + (-2.2 + 0.4));
        assert_eq!(
            portable[34..42],
            [11.0, -22.0, 33.0, 4.0, 2048.0, 2.0_f64.powi(-22), 2.0_f64.powi(33), 16.0]
        );
        assert_eq!(portable[42..50], [-2.2, 1.1, 0.4, 3.3, 3.3, 0.4, 1.1, -2.2]);
        assert_eq!(portable[50..58], [1.1, 1.1, 3.3, 3.3, -2.2, -2.2, 0.4, 0.4]);
        let f32s = [
            [1.1, -2.2, 3.3, 0.4, 0.5, -1.5, 2.5, 9.0],
            [0.7, 5.0, -0.3, 9.9, 1.0, 2.0, 3.0, 4.0],
            [1e-9, 3.0, -1.0, 0.0, 7.0, -7.0, 0.1, 0.2],
        ];
        let (wide, portable) = (dispatch(Everything(f32s)), run_portable(Everything(f32s)));
        assert_eq!(
            wide.iter().map(|v| v.to_bits()).collect::<Vec<_>>(),
            portable.iter().map(|v| v.to_bits()).collect::<Vec<_>>()
        );
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
