//! Sums of cosines over the record in closed form: the Dirichlet kernel and its derivatives.

use std::f64::consts::PI;

/// Sums over t, the samples counted from the middle of the record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sums {
    /// `sum cos(w t)`.
    pub cos: f64,
    /// `sum t sin(w t)`.
    pub t_sin: f64,
    /// `sum t^2 cos(w t)`.
    pub t2_cos: f64,
}

/// The sums over `len` samples for `frequency` cycles per sample: `D = sin(len w / 2) / sin(w / 2)`, minus its
/// first and minus its second derivative. D is taken as the product of `sin z / z` at `z = len w / 2` and
/// `x / sin x` at `x = w / 2`, times `len`: neither loses digits near 0.
pub(super) fn sums(frequency: f64, len: usize) -> Sums {
    let whole = frequency.round();
    let x = PI * (frequency - whole);
    let n = len as f64;
    let [s, s1, s2] = sinc(n * x);
    let [g, g1, g2] = x_over_sin(x);
    // A whole turn a sample changes the sign where the samples stand at halves.
    let size = if len.is_multiple_of(2) && whole % 2.0 != 0.0 { -n } else { n };
    Sums {
        cos: size * s * g,
        t_sin: -0.5 * size * (n * s1 * g + s * g1),
        t2_cos: -0.25 * size * (n * n * s2 * g + 2.0 * n * s1 * g1 + s * g2),
    }
}

/// `sin z / z` and two derivatives. It solves `z s'' + 2 s' + z s = 0`.
fn sinc(z: f64) -> [f64; 3] {
    if z.abs() >= 1.0 {
        let s = z.sin() / z;
        let first = (z.cos() - s) / z;
        return [s, first, -s - 2.0 * first / z];
    }
    // (-1)^m z^(2 m - 2) / (2 m + 1)!, down to the last bit at 1.
    let mut term = -1.0 / 6.0;
    let mut out = [1.0, 0.0, 0.0];
    for m in 1..=10 {
        let twice = f64::from(2 * m);
        out[0] += z * z * term;
        out[1] += z * twice * term;
        out[2] += twice * (twice - 1.0) * term;
        term *= -z * z / ((twice + 2.0) * (twice + 3.0));
    }
    out
}

/// `x / sin x` and two derivatives, from -pi / 2 to pi / 2.
fn x_over_sin(x: f64) -> [f64; 3] {
    let square = x * x;
    if square < 0.0025 {
        // Abramowitz and Stegun 1964, 4.3.68; what is left out is below rounding next to `len` times as much.
        return [
            1.0 + square * (1.0 / 6.0 + square * (7.0 / 360.0 + square * (31.0 / 15_120.0 + square * C8))),
            x * (1.0 / 3.0 + square * (7.0 / 90.0 + square * (31.0 / 2520.0 + square * 8.0 * C8))),
            1.0 / 3.0 + square * (7.0 / 30.0 + square * (31.0 / 504.0 + square * 56.0 * C8)),
        ];
    }
    let (sin, cos) = x.sin_cos();
    let (csc, cot) = (1.0 / sin, cos / sin);
    [x * csc, csc * (1.0 - x * cot), csc * (x * (cot * cot + csc * csc) - 2.0 * cot)]
}

/// Coefficient of `x^8` in `x / sin x`.
const C8: f64 = 127.0 / 604_800.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms_are_the_sums() {
        for len in [7_usize, 8, 31, 64, 1000, 1001] {
            let n = len as f64;
            for frequency in [
                0.0,
                1e-12,
                1e-5,
                3e-4,
                0.99 / n,
                0.02,
                0.031,
                0.0319,
                0.1234,
                0.4999,
                0.5,
                0.51,
                0.77,
                0.999,
                1.0,
            ] {
                for frequency in [frequency, -frequency] {
                    let at = |t: f64| 2.0 * PI * frequency * t;
                    let times = || (0..len).map(|i| i as f64 - 0.5 * (n - 1.0));
                    let got = sums(frequency, len);
                    let sum: f64 = times().map(|t| at(t).cos()).sum();
                    // Rounding of the phases of the sums here.
                    let rounding = 1e-15 * n * n;
                    assert!((got.cos - sum).abs() <= rounding, "{len} {frequency}");
                    let sum: f64 = times().map(|t| t * at(t).sin()).sum();
                    assert!((got.t_sin - sum).abs() <= rounding * n, "{len} {frequency}");
                    let sum: f64 = times().map(|t| t * t * at(t).cos()).sum();
                    assert!((got.t2_cos - sum).abs() <= rounding * n * n, "{len} {frequency}");
                }
            }
        }
    }
}
