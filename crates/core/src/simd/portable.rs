//! Vectors as arrays: the twin of every instruction set, to the last bit.

use std::ops::{Add, Mul, Neg, Sub};

use super::{Kernel, Lane, MAGIC_F32, MAGIC_F64, Simd, Vector};

/// Arrays and scalar operations: runs everywhere.
#[derive(Debug, Clone, Copy)]
pub struct Portable;

/// A vector of [`Portable`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PortableVector<T, const L: usize>([T; L]);

macro_rules! portable {
    ($t:ty, $bits:ty, $integer:ty, $lanes:literal, $magic:expr, $mantissa:literal, $bias:literal) => {
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
            #[inline(always)]
            fn transpose(self, mut rows: [Self::V; $lanes]) -> [Self::V; $lanes] {
                for i in 0..$lanes {
                    for j in 0..i {
                        (rows[i].0[j], rows[j].0[i]) = (rows[j].0[i], rows[i].0[j]);
                    }
                }
                rows
            }
            #[inline(always)]
            fn deinterleave(self, first: Self::V, second: Self::V) -> (Self::V, Self::V) {
                let (mut re, mut im) = (first, first);
                for lane in 0..$lanes / 2 {
                    (re.0[lane], im.0[lane]) = (first.0[2 * lane], first.0[2 * lane + 1]);
                    re.0[lane + $lanes / 2] = second.0[2 * lane];
                    im.0[lane + $lanes / 2] = second.0[2 * lane + 1];
                }
                (re, im)
            }
            #[inline(always)]
            fn interleave(self, re: Self::V, im: Self::V) -> (Self::V, Self::V) {
                let (mut first, mut second) = (re, re);
                for lane in 0..$lanes / 2 {
                    (first.0[2 * lane], first.0[2 * lane + 1]) = (re.0[lane], im.0[lane]);
                    second.0[2 * lane] = re.0[lane + $lanes / 2];
                    second.0[2 * lane + 1] = im.0[lane + $lanes / 2];
                }
                (first, second)
            }
        }

        impl Vector<$t, $lanes> for PortableVector<$t, $lanes> {
            #[inline(always)]
            fn add_bits(self, bias: Self, sums: &mut [$integer; $lanes]) {
                for lane in 0..$lanes {
                    let more = self.0[lane].to_bits().wrapping_sub(bias.0[lane].to_bits());
                    sums[lane] = sums[lane].wrapping_add(more.cast_signed());
                }
            }
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
            fn abs(mut self) -> Self {
                for lane in 0..$lanes {
                    self.0[lane] = self.0[lane].abs();
                }
                self
            }
            #[inline(always)]
            fn beyond(self, limit: Self) -> u32 {
                let mut mask = 0;
                for lane in 0..$lanes {
                    let within = self.0[lane] <= limit.0[lane];
                    mask |= u32::from(!within) << lane;
                }
                mask
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
            fn reverse_pairs(mut self) -> Self {
                self.0.reverse();
                self.swap_pairs()
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
            #[inline(always)]
            fn pick(self, other: Self, places: &[u32; $lanes]) -> Self {
                let mut lanes = self;
                for lane in 0..$lanes {
                    let place = places[lane] as usize % (2 * $lanes);
                    lanes.0[lane] = if place < $lanes { self.0[place] } else { other.0[place - $lanes] };
                }
                lanes
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
    };
}

macro_rules! lane {
    ($t:ty, $lanes:literal, $isa:ident) => {
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
                if let Some(wide) = super::x86::$isa::detect() {
                    return wide.run::<Self, $lanes, K>(kernel);
                }
                kernel.run(Portable)
            }
        }
    };
}

portable!(f64, u64, i64, 4, MAGIC_F64, 52, 1023);
portable!(f64, u64, i64, 8, MAGIC_F64, 52, 1023);
portable!(f32, u32, i32, 8, MAGIC_F32, 23, 127);
portable!(f32, u32, i32, 16, MAGIC_F32, 23, 127);
lane!(f64, 4, Avx2);
lane!(f64, 8, Avx512);
lane!(f32, 8, Avx2);
