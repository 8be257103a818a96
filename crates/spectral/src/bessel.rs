//! The modified Bessel function of order 0.

/// The modified Bessel function I0 of 0 to 700 by its power series, all of whose terms are positive
/// (Abramowitz and Stegun 9.6.12).
pub(crate) fn bessel_i0(x: f64) -> f64 {
    let quarter = 0.25 * x * x;
    let (mut term, mut sum) = (1.0, 1.0);
    let mut order = 1.0;
    while term > 1e-17 * sum {
        term *= quarter / (order * order);
        sum += term;
        order += 1.0;
    }
    sum
}
