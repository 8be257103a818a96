//! Elementary functions that give the same bits on every machine.

/// `exp` of each, to two units in the last place; arguments are clamped to +-708.
#[inline]
pub(crate) fn exp<const N: usize>(x: [f64; N]) -> [f64; N] {
    // Adding and subtracting 1.5 * 2^52 rounds to a whole number and leaves it in the low bits.
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    let (mut whole, mut rest, mut sum) = ([0.0; N], [0.0; N], [0.0; N]);
    for i in 0..N {
        let x = x[i].clamp(-708.0, 708.0);
        whole[i] = x * std::f64::consts::LOG2_E + MAGIC;
        let k = whole[i] - MAGIC;
        rest[i] = x - k * 6.931_471_803_691_238e-1 - k * 1.908_214_929_270_587_7e-10;
    }
    for i in 0..N {
        // Taylor in pairs: the first term left out, r^14 / 14!, is below 5e-18.
        let r = rest[i];
        let (r2, r4) = (r * r, (r * r) * (r * r));
        let low = (1.0 + r) + r2 * (0.5 + r * (1.0 / 6.0));
        let middle = (1.0 / 24.0 + r * (1.0 / 120.0)) + r2 * (1.0 / 720.0 + r * (1.0 / 5_040.0));
        let high =
            (1.0 / 40_320.0 + r * (1.0 / 362_880.0)) + r2 * (1.0 / 3_628_800.0 + r * (1.0 / 39_916_800.0));
        let top = 1.0 / 479_001_600.0 + r * (1.0 / 6_227_020_800.0);
        sum[i] = low + r4 * (middle + r4 * (high + r4 * top));
    }
    for i in 0..N {
        sum[i] *= f64::from_bits(whole[i].to_bits().wrapping_add(1023) << 52);
    }
    sum
}

/// `exp(x)`, soonest where `x` is at most a quarter by size.
#[inline(always)]
pub(crate) fn exp_near_zero(x: f64) -> f64 {
    if x.abs() > 0.25 {
        return exp([x])[0];
    }
    // Taylor in pairs: the first term left out, x^12 / 12!, is below 2e-16.
    let (x2, x4) = (x * x, (x * x) * (x * x));
    let low = (1.0 + x) + x2 * (0.5 + x * (1.0 / 6.0));
    let middle = (1.0 / 24.0 + x * (1.0 / 120.0)) + x2 * (1.0 / 720.0 + x * (1.0 / 5_040.0));
    let high = (1.0 / 40_320.0 + x * (1.0 / 362_880.0)) + x2 * (1.0 / 3_628_800.0 + x * (1.0 / 39_916_800.0));
    low + x4 * (middle + x4 * high)
}

/// The natural logarithm of a normal positive number, to a few units in the last place.
#[inline]
pub(crate) fn ln(x: f64) -> f64 {
    // x = 2^k m, m from sqrt(1/2) to sqrt(2); ln m = 2 atanh(s), s = (m - 1) / (m + 1), s^2 < 0.0295.
    const ROOT: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
    let bits = x.to_bits();
    let k = (bits.wrapping_sub(ROOT).cast_signed()) >> 52;
    let m = f64::from_bits(bits.wrapping_sub((k << 52).cast_unsigned()));
    let s = (m - 1.0) / (m + 1.0);
    let (z, z2) = (s * s, (s * s) * (s * s));
    // The first term left out, z^11 / 23, is below 6e-19.
    let low = (1.0 / 3.0 + z * (1.0 / 5.0)) + z2 * (1.0 / 7.0 + z * (1.0 / 9.0));
    let high = (1.0 / 11.0 + z * (1.0 / 13.0)) + z2 * (1.0 / 15.0 + z * (1.0 / 17.0));
    let top = 1.0 / 19.0 + z * (1.0 / 21.0);
    let sum = low + (z2 * z2) * (high + (z2 * z2) * top);
    k as f64 * std::f64::consts::LN_2 + 2.0 * (s + s * (z * sum))
}

/// `x / (1 - exp(-x))`, given `exp(-x)`: 1 at 0, by its series where the quotient would lose digits.
#[inline]
pub(crate) fn linoid(x: f64, exp_minus_x: f64) -> f64 {
    let (above, below) = linoid_parts(x, exp_minus_x);
    above / below
}

/// [`linoid`] as numerator and denominator.
#[inline(always)]
pub(crate) fn linoid_parts(x: f64, exp_minus_x: f64) -> (f64, f64) {
    // Bernoulli numbers; the first term left out, x^8 / 1 209 600, is below 9e-15.
    let square = x * x;
    let series = 1.0 + 0.5 * x + square * (1.0 / 12.0 - square * (1.0 / 720.0 - square * (1.0 / 30_240.0)));
    if x.abs() < 0.1 { (series, 1.0) } else { (x, 1.0 - exp_minus_x) }
}

/// `sin(2 pi turns)`.
pub(crate) fn sine_of_turns(turns: f64) -> f64 {
    libm::sin(std::f64::consts::TAU * (turns - turns.floor()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_right_to_a_few_ulp() {
        for step in -70_700..=70_700 {
            let x = f64::from(step) * 0.01 + 1e-4;
            let [a, b] = exp([x, x * 0.01]);
            assert!((a / x.exp() - 1.0).abs() < 4.0 * f64::EPSILON, "exp({x}) = {a}");
            assert!((b / (x * 0.01).exp() - 1.0).abs() < 4.0 * f64::EPSILON);
        }
        assert_eq!(exp([0.0]), [1.0]);
        for step in -3000..=3000 {
            let x = f64::from(step) * 1e-4;
            assert!((exp_near_zero(x) / x.exp() - 1.0).abs() < 4.0 * f64::EPSILON, "exp({x})");
        }
    }

    #[test]
    fn ln_is_right_to_a_few_ulp() {
        for step in 1..100_000_u32 {
            for x in
                [f64::from(step) * 1e-5, f64::from(step) * f64::from(step) * 1e-13, 1.0 / f64::from(step)]
            {
                let error = (ln(x) - x.ln()).abs();
                assert!(error <= 4.0 * f64::EPSILON * x.ln().abs().max(0.1), "ln({x}) = {}", ln(x));
            }
        }
        assert_eq!(ln(1.0), 0.0);
    }

    #[test]
    fn the_linoid_is_x_over_expm1_and_whole_at_zero() {
        assert_eq!(linoid(0.0, 1.0), 1.0);
        for step in -4000..4000 {
            let x = f64::from(step) * 0.01 + 1e-5;
            let wanted = -x / (-x).exp_m1();
            assert!((linoid(x, exp([-x])[0]) / wanted - 1.0).abs() < 2e-14, "at {x}");
        }
    }
}
