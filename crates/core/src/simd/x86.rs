//! AVX2 with FMA, and AVX-512.

use std::arch::x86_64::*;
use std::ops::{Add, Mul, Neg, Sub};

use super::{Kernel, MAGIC_F32, MAGIC_F64, Simd, Vector};

/// Bytes of a cache line.
const LINE: usize = 64;

/// Copies between slices of equal length: whole cache lines of `to` are written without being read first.
pub(super) fn copy_past_caches(from: &[u8], to: &mut [u8]) {
    let before = to.as_ptr().align_offset(LINE).min(to.len());
    let whole = before + (to.len() - before) / LINE * LINE;
    to[..before].copy_from_slice(&from[..before]);
    to[whole..].copy_from_slice(&from[whole..]);
    for (from, to) in from[before..whole].chunks_exact(16).zip(to[before..whole].chunks_exact_mut(16)) {
        // SAFETY: SSE2 belongs to x86-64; both chunks have 16 bytes, and those of `to` start at multiples of 16.
        unsafe { _mm_stream_si128(to.as_mut_ptr().cast(), _mm_loadu_si128(from.as_ptr().cast())) };
    }
    // SAFETY: SSE belongs to x86-64. Such stores wait for a fence: without it another thread might still read what
    // was there before.
    unsafe { _mm_sfence() };
}

/// AVX2 and FMA: made only by [`Avx2::detect`], so that whoever holds one, or a vector made by one, runs on a
/// processor that has them. So it is with [`Avx512`]; every `SAFETY:` line below rests on that.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx2(());

/// AVX-512F.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

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

impl Avx512 {
    #[inline]
    pub(super) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx512f") && Avx2::detect().is_some()).then_some(Self(()))
    }

    #[inline]
    pub(super) fn run<T, const L: usize, K: Kernel<T, L>>(self, kernel: K) -> K::Output
    where
        Self: Simd<T, L>,
    {
        #[target_feature(enable = "avx512f,avx2,fma")]
        fn compiled<T, const L: usize, K: Kernel<T, L>>(avx512: Avx512, kernel: K) -> K::Output
        where
            Avx512: Simd<T, L>,
        {
            kernel.run(avx512)
        }
        // SAFETY: `self` proves that the processor has AVX-512F, AVX2 and FMA.
        unsafe { compiled(self, kernel) }
    }
}

/// Every x86-64 processor has this.
#[inline(always)]
pub(super) fn prefetch<T>(values: &[T]) {
    // SAFETY: prefetching reads nothing and faults nowhere.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(values.as_ptr().cast()) }
}

#[inline(always)]
pub(super) fn prefetch_at<T>(values: &[T], index: usize) {
    // SAFETY: prefetching reads nothing and faults nowhere.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(values.as_ptr().wrapping_add(index).cast()) }
}

#[derive(Clone, Copy)]
pub(super) struct F64x4(__m256d);
#[derive(Clone, Copy)]
pub(super) struct F64x8(__m512d);
#[derive(Clone, Copy)]
pub(super) struct F32x8(__m256);
#[derive(Clone, Copy)]
pub(super) struct F32x16(__m512);

macro_rules! vector {
    (
        $isa:ident, $t:ty, $lanes:literal, $v:ident, $magic:expr,
        $set1:ident, $loadu:ident, $storeu:ident, $fmadd:ident, $add:ident, $sub:ident, $mul:ident, $div:ident,
        $max:ident, $min:ident, $permute:ident $pairs:literal $even:literal $odd:literal,
        $transpose:item, $deinterleave:item, $interleave:item, $reverse:item, $sum:item, $exp2:item, $beyond:item,
        $add_bits:item, $abs:item, $pick:item
    ) => {
        impl Simd<$t, $lanes> for $isa {
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
            #[inline(always)]
            $transpose
            #[inline(always)]
            $deinterleave
            #[inline(always)]
            $interleave
        }
        impl Vector<$t, $lanes> for $v {
            #[inline(always)]
            $add_bits
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
            $reverse
            #[inline(always)]
            $sum
            #[inline(always)]
            $exp2
            #[inline(always)]
            $beyond
            #[inline(always)]
            $abs
            #[inline(always)]
            $pick
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
                Self(unsafe { $sub($set1(-0.0), self.0) })
            }
        }
    };
}

vector!(
    Avx2,
    f64,
    4,
    F64x4,
    MAGIC_F64,
    _mm256_set1_pd,
    _mm256_loadu_pd,
    _mm256_storeu_pd,
    _mm256_fmadd_pd,
    _mm256_add_pd,
    _mm256_sub_pd,
    _mm256_mul_pd,
    _mm256_div_pd,
    _mm256_max_pd,
    _mm256_min_pd,
    _mm256_permute_pd 0b0101 0b0000 0b1111,
    fn transpose(self, [a, b, c, d]: [F64x4; 4]) -> [F64x4; 4] {
        // SAFETY: see `Avx2`.
        unsafe {
            let (ab, cd) = (_mm256_unpacklo_pd(a.0, b.0), _mm256_unpacklo_pd(c.0, d.0));
            let (ab_odd, cd_odd) = (_mm256_unpackhi_pd(a.0, b.0), _mm256_unpackhi_pd(c.0, d.0));
            [
                F64x4(_mm256_permute2f128_pd::<0x20>(ab, cd)),
                F64x4(_mm256_permute2f128_pd::<0x20>(ab_odd, cd_odd)),
                F64x4(_mm256_permute2f128_pd::<0x31>(ab, cd)),
                F64x4(_mm256_permute2f128_pd::<0x31>(ab_odd, cd_odd)),
            ]
        }
    },
    fn deinterleave(self, first: F64x4, second: F64x4) -> (F64x4, F64x4) {
        // SAFETY: see `Avx2`.
        unsafe {
            let (re, im) = (_mm256_unpacklo_pd(first.0, second.0), _mm256_unpackhi_pd(first.0, second.0));
            let order = |v| F64x4(_mm256_permute4x64_pd::<0b11_01_10_00>(v));
            (order(re), order(im))
        }
    },
    fn interleave(self, re: F64x4, im: F64x4) -> (F64x4, F64x4) {
        // SAFETY: see `Avx2`.
        unsafe {
            let (even, odd) = (_mm256_unpacklo_pd(re.0, im.0), _mm256_unpackhi_pd(re.0, im.0));
            let first = _mm256_permute2f128_pd::<0x20>(even, odd);
            (F64x4(first), F64x4(_mm256_permute2f128_pd::<0x31>(even, odd)))
        }
    },
    fn reverse_pairs(self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_permute2f128_pd::<1>(self.0, self.0) })
    },
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
    },
    fn beyond(self, limit: Self) -> u32 {
        // SAFETY: see `Avx2`.
        unsafe { _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_NLE_UQ>(self.0, limit.0)).cast_unsigned() }
    },
    fn add_bits(self, bias: Self, sums: &mut [i64; 4]) {
        // SAFETY: see `Avx2`; the array has as many elements as the vector has lanes.
        unsafe {
            let place = sums.as_mut_ptr().cast::<__m256i>();
            let more = _mm256_sub_epi64(_mm256_castpd_si256(self.0), _mm256_castpd_si256(bias.0));
            _mm256_storeu_si256(place, _mm256_add_epi64(_mm256_loadu_si256(place), more));
        }
    },
    fn abs(self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0) })
    },
    fn pick(self, other: Self, places: &[u32; 4]) -> Self {
        let (mut both, mut lanes) = ([0.0; 8], [0.0; 4]);
        let (low, high) = both.split_at_mut(4);
        // SAFETY: see `Avx2`; each half has as many elements as the vector has lanes.
        unsafe {
            _mm256_storeu_pd(low.as_mut_ptr(), self.0);
            _mm256_storeu_pd(high.as_mut_ptr(), other.0);
        }
        for (lane, place) in lanes.iter_mut().zip(places) {
            *lane = both[*place as usize % 8];
        }
        // SAFETY: see `Avx2`; the array has as many elements as the vector has lanes.
        Self(unsafe { _mm256_loadu_pd(lanes.as_ptr()) })
    }
);

vector!(
    Avx512,
    f64,
    8,
    F64x8,
    MAGIC_F64,
    _mm512_set1_pd,
    _mm512_loadu_pd,
    _mm512_storeu_pd,
    _mm512_fmadd_pd,
    _mm512_add_pd,
    _mm512_sub_pd,
    _mm512_mul_pd,
    _mm512_div_pd,
    _mm512_max_pd,
    _mm512_min_pd,
    _mm512_permute_pd 0b0101_0101 0 0b1111_1111,
    fn transpose(self, rows: [F64x8; 8]) -> [F64x8; 8] {
        // SAFETY: see `Avx2`.
        unsafe {
            let low = |i: usize| _mm512_unpacklo_pd(rows[i].0, rows[i + 1].0);
            let high = |i: usize| _mm512_unpackhi_pd(rows[i].0, rows[i + 1].0);
            let (even, odd) = ([low(0), low(2), low(4), low(6)], [high(0), high(2), high(4), high(6)]);
            let upper = |t: [__m512d; 4]| {
                let (a, b) = (_mm512_shuffle_f64x2::<0x88>(t[0], t[1]), _mm512_shuffle_f64x2::<0x88>(t[2], t[3]));
                (F64x8(_mm512_shuffle_f64x2::<0x88>(a, b)), F64x8(_mm512_shuffle_f64x2::<0xDD>(a, b)))
            };
            let lower = |t: [__m512d; 4]| {
                let (a, b) = (_mm512_shuffle_f64x2::<0xDD>(t[0], t[1]), _mm512_shuffle_f64x2::<0xDD>(t[2], t[3]));
                (F64x8(_mm512_shuffle_f64x2::<0x88>(a, b)), F64x8(_mm512_shuffle_f64x2::<0xDD>(a, b)))
            };
            let ((r0, r4), (r1, r5), (r2, r6), (r3, r7)) = (upper(even), upper(odd), lower(even), lower(odd));
            [r0, r1, r2, r3, r4, r5, r6, r7]
        }
    },
    fn deinterleave(self, first: F64x8, second: F64x8) -> (F64x8, F64x8) {
        // SAFETY: see `Avx2`.
        unsafe {
            let even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
            let odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
            let re = _mm512_permutex2var_pd(first.0, even, second.0);
            (F64x8(re), F64x8(_mm512_permutex2var_pd(first.0, odd, second.0)))
        }
    },
    fn interleave(self, re: F64x8, im: F64x8) -> (F64x8, F64x8) {
        // SAFETY: see `Avx2`.
        unsafe {
            let lower = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
            let upper = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
            let first = _mm512_permutex2var_pd(re.0, lower, im.0);
            (F64x8(first), F64x8(_mm512_permutex2var_pd(re.0, upper, im.0)))
        }
    },
    fn reverse_pairs(self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm512_shuffle_f64x2::<0b00_01_10_11>(self.0, self.0) })
    },
    fn sum(self) -> f64 {
        // SAFETY: see `Avx2`.
        unsafe {
            let four = _mm256_add_pd(_mm512_castpd512_pd256(self.0), _mm512_extractf64x4_pd::<1>(self.0));
            F64x4(four).sum()
        }
    },
    fn exp2_of_whole(self) -> Self {
        // SAFETY: see `Avx2`.
        unsafe {
            let whole = _mm512_castpd_si512(_mm512_add_pd(self.0, _mm512_set1_pd(MAGIC_F64)));
            let biased = _mm512_add_epi64(whole, _mm512_set1_epi64(1023));
            Self(_mm512_castsi512_pd(_mm512_slli_epi64::<52>(biased)))
        }
    },
    fn beyond(self, limit: Self) -> u32 {
        // SAFETY: see `Avx2`.
        unsafe { u32::from(_mm512_cmp_pd_mask::<_CMP_NLE_UQ>(self.0, limit.0)) }
    },
    fn add_bits(self, bias: Self, sums: &mut [i64; 8]) {
        // SAFETY: see `Avx2`; the array has as many elements as the vector has lanes.
        unsafe {
            let place = sums.as_mut_ptr().cast::<__m512i>();
            let more = _mm512_sub_epi64(_mm512_castpd_si512(self.0), _mm512_castpd_si512(bias.0));
            _mm512_storeu_si512(place, _mm512_add_epi64(_mm512_loadu_si512(place), more));
        }
    },
    fn abs(self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm512_abs_pd(self.0) })
    },
    fn pick(self, other: Self, places: &[u32; 8]) -> Self {
        // SAFETY: see `Avx2`; the array has as many elements as the vector has lanes.
        unsafe {
            let places = _mm512_cvtepu32_epi64(_mm256_loadu_si256(places.as_ptr().cast()));
            Self(_mm512_permutex2var_pd(self.0, places, other.0))
        }
    }
);

vector!(
    Avx2,
    f32,
    8,
    F32x8,
    MAGIC_F32,
    _mm256_set1_ps,
    _mm256_loadu_ps,
    _mm256_storeu_ps,
    _mm256_fmadd_ps,
    _mm256_add_ps,
    _mm256_sub_ps,
    _mm256_mul_ps,
    _mm256_div_ps,
    _mm256_max_ps,
    _mm256_min_ps,
    _mm256_permute_ps 0b10_11_00_01 0b10_10_00_00 0b11_11_01_01,
    fn transpose(self, rows: [F32x8; 8]) -> [F32x8; 8] {
        // SAFETY: see `Avx2`.
        unsafe {
            // Pairs of rows, then four, then all eight; no closures, which are compiled for fewer instructions.
            let mut pairs = [_mm256_setzero_pd(); 8];
            for i in 0..4 {
                let (a, b) = (rows[2 * i].0, rows[2 * i + 1].0);
                pairs[2 * i] = _mm256_castps_pd(_mm256_unpacklo_ps(a, b));
                pairs[2 * i + 1] = _mm256_castps_pd(_mm256_unpackhi_ps(a, b));
            }
            let mut fours = [_mm256_setzero_pd(); 8];
            for half in [0, 4] {
                for i in 0..2 {
                    let (a, b) = (pairs[half + i], pairs[half + i + 2]);
                    fours[half + 2 * i] = _mm256_unpacklo_pd(a, b);
                    fours[half + 2 * i + 1] = _mm256_unpackhi_pd(a, b);
                }
            }
            let mut columns = rows;
            for i in 0..4 {
                let (a, b) = (fours[i], fours[i + 4]);
                columns[i].0 = _mm256_castpd_ps(_mm256_permute2f128_pd::<0x20>(a, b));
                columns[i + 4].0 = _mm256_castpd_ps(_mm256_permute2f128_pd::<0x31>(a, b));
            }
            columns
        }
    },
    fn deinterleave(self, first: F32x8, second: F32x8) -> (F32x8, F32x8) {
        // SAFETY: see `Avx2`.
        unsafe {
            let re = _mm256_shuffle_ps::<0b10_00_10_00>(first.0, second.0);
            let im = _mm256_shuffle_ps::<0b11_01_11_01>(first.0, second.0);
            let order = |v| F32x8(_mm256_castpd_ps(_mm256_permute4x64_pd::<0b11_01_10_00>(_mm256_castps_pd(v))));
            (order(re), order(im))
        }
    },
    fn interleave(self, re: F32x8, im: F32x8) -> (F32x8, F32x8) {
        // SAFETY: see `Avx2`.
        unsafe {
            let (even, odd) = (_mm256_unpacklo_ps(re.0, im.0), _mm256_unpackhi_ps(re.0, im.0));
            let first = _mm256_permute2f128_ps::<0x20>(even, odd);
            (F32x8(first), F32x8(_mm256_permute2f128_ps::<0x31>(even, odd)))
        }
    },
    fn reverse_pairs(self) -> Self {
        // SAFETY: see `Avx2`.
        unsafe {
            let pairs = _mm256_permute4x64_pd::<0b00_01_10_11>(_mm256_castps_pd(self.0));
            Self(_mm256_castpd_ps(pairs))
        }
    },
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
    },
    fn beyond(self, limit: Self) -> u32 {
        // SAFETY: see `Avx2`.
        unsafe { _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_NLE_UQ>(self.0, limit.0)).cast_unsigned() }
    },
    fn add_bits(self, bias: Self, sums: &mut [i32; 8]) {
        // SAFETY: see `Avx2`; the array has as many elements as the vector has lanes.
        unsafe {
            let place = sums.as_mut_ptr().cast::<__m256i>();
            let more = _mm256_sub_epi32(_mm256_castps_si256(self.0), _mm256_castps_si256(bias.0));
            _mm256_storeu_si256(place, _mm256_add_epi32(_mm256_loadu_si256(place), more));
        }
    },
    fn abs(self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm256_andnot_ps(_mm256_set1_ps(-0.0), self.0) })
    },
    fn pick(self, other: Self, places: &[u32; 8]) -> Self {
        // SAFETY: see `Avx2`; the array has as many elements as the vector has lanes.
        unsafe {
            let places = _mm256_loadu_si256(places.as_ptr().cast());
            let (low, high) =
                (_mm256_permutevar8x32_ps(self.0, places), _mm256_permutevar8x32_ps(other.0, places));
            // The sign tells which of the two: the bit worth 8.
            let which = _mm256_castsi256_ps(_mm256_slli_epi32::<28>(places));
            Self(_mm256_blendv_ps(low, high, which))
        }
    }
);

vector!(
    Avx512,
    f32,
    16,
    F32x16,
    MAGIC_F32,
    _mm512_set1_ps,
    _mm512_loadu_ps,
    _mm512_storeu_ps,
    _mm512_fmadd_ps,
    _mm512_add_ps,
    _mm512_sub_ps,
    _mm512_mul_ps,
    _mm512_div_ps,
    _mm512_max_ps,
    _mm512_min_ps,
    _mm512_permute_ps 0b10_11_00_01 0b10_10_00_00 0b11_11_01_01,
    fn transpose(self, rows: [F32x16; 16]) -> [F32x16; 16] {
        let mut table = [[0.0; 16]; 16];
        for (row, out) in rows.into_iter().zip(&mut table) {
            row.store(out);
        }
        let mut columns = rows;
        for (lane, column) in columns.iter_mut().enumerate() {
            let mut values = [0.0; 16];
            for (value, row) in values.iter_mut().zip(&table) {
                *value = row[lane];
            }
            *column = self.load(&values);
        }
        columns
    },
    fn deinterleave(self, first: F32x16, second: F32x16) -> (F32x16, F32x16) {
        // SAFETY: see `Avx2`.
        unsafe {
            let even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            let odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
            let re = _mm512_permutex2var_ps(first.0, even, second.0);
            (F32x16(re), F32x16(_mm512_permutex2var_ps(first.0, odd, second.0)))
        }
    },
    fn interleave(self, re: F32x16, im: F32x16) -> (F32x16, F32x16) {
        // SAFETY: see `Avx2`.
        unsafe {
            let lower = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            let upper = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
            let first = _mm512_permutex2var_ps(re.0, lower, im.0);
            (F32x16(first), F32x16(_mm512_permutex2var_ps(re.0, upper, im.0)))
        }
    },
    fn reverse_pairs(self) -> Self {
        // SAFETY: see `Avx2`.
        unsafe {
            let order = _mm512_setr_epi32(14, 15, 12, 13, 10, 11, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1);
            Self(_mm512_permutexvar_ps(order, self.0))
        }
    },
    fn sum(self) -> f32 {
        // SAFETY: see `Avx2`.
        unsafe {
            let upper = _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(self.0)));
            F32x8(_mm256_add_ps(_mm512_castps512_ps256(self.0), upper)).sum()
        }
    },
    fn exp2_of_whole(self) -> Self {
        // SAFETY: see `Avx2`.
        unsafe {
            let whole = _mm512_castps_si512(_mm512_add_ps(self.0, _mm512_set1_ps(MAGIC_F32)));
            let biased = _mm512_add_epi32(whole, _mm512_set1_epi32(127));
            Self(_mm512_castsi512_ps(_mm512_slli_epi32::<23>(biased)))
        }
    },
    fn beyond(self, limit: Self) -> u32 {
        // SAFETY: see `Avx2`.
        unsafe { u32::from(_mm512_cmp_ps_mask::<_CMP_NLE_UQ>(self.0, limit.0)) }
    },
    fn add_bits(self, bias: Self, sums: &mut [i32; 16]) {
        // SAFETY: see `Avx2`; the array has as many elements as the vector has lanes.
        unsafe {
            let place = sums.as_mut_ptr().cast::<__m512i>();
            let more = _mm512_sub_epi32(_mm512_castps_si512(self.0), _mm512_castps_si512(bias.0));
            _mm512_storeu_si512(place, _mm512_add_epi32(_mm512_loadu_si512(place), more));
        }
    },
    fn abs(self) -> Self {
        // SAFETY: see `Avx2`.
        Self(unsafe { _mm512_abs_ps(self.0) })
    },
    fn pick(self, other: Self, places: &[u32; 16]) -> Self {
        // SAFETY: see `Avx2`; the array has as many elements as the vector has lanes.
        unsafe {
            let places = _mm512_loadu_si512(places.as_ptr().cast());
            Self(_mm512_permutex2var_ps(self.0, places, other.0))
        }
    }
);
