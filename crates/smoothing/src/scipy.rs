//! SciPy's Gaussian filters: `scipy.ndimage.gaussian_filter1d` and `gaussian_filter`, to 1e-13.

use hexad_core::ndarray::{ArrayD, ArrayViewD};
use hexad_core::{Boundary, InputError, Truncation, check_length, check_positive, for_each_lane};

use crate::options::{MAX_DERIVATIVE, SmoothOptions};
use crate::uniform::{Source, UniformPlan, UniformScratch};
use crate::{Missing, SmoothError};

/// Settings of [`gaussian_filter1d`] and [`gaussian_filter`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct FilterOptions {
    /// Order of the derivative, 0 to 3: SciPy's `order`. Default 0.
    pub order: usize,
    /// SciPy's `mode`, any but [`Boundary::Renormalize`]. Default [`Boundary::Reflect`].
    pub mode: Boundary,
    /// Taps reach `floor(truncate * sigma + 0.5)` samples each way. Default 4.0.
    pub truncate: f64,
}

impl Default for FilterOptions {
    fn default() -> Self {
        Self { order: 0, mode: Boundary::Reflect, truncate: 4.0 }
    }
}

impl FilterOptions {
    /// Sets [`FilterOptions::order`].
    #[must_use]
    pub fn with_order(mut self, order: usize) -> Self {
        self.order = order;
        self
    }

    /// Sets [`FilterOptions::mode`].
    #[must_use]
    pub fn with_mode(mut self, mode: Boundary) -> Self {
        self.mode = mode;
        self
    }

    /// Sets [`FilterOptions::truncate`].
    #[must_use]
    pub fn with_truncate(mut self, truncate: f64) -> Self {
        self.truncate = truncate;
        self
    }
}

/// Smooths `signal` with a Gaussian of standard deviation `sigma` samples, as
/// `scipy.ndimage.gaussian_filter1d` does for f64.
///
/// The result has the length of `signal` and its unit (per sample to the power of the order). Weights stop
/// `floor(truncate * sigma + 0.5)` samples from the centre and sum to one before the polynomial of the
/// derivative is applied. A NaN spreads to every output within that radius. `sigma` 0 with order 0 returns
/// the signal.
///
/// # Examples
///
/// ```
/// use hexad_smoothing::scipy::{FilterOptions, gaussian_filter1d};
/// let smooth = gaussian_filter1d(&[1.0, 2.0, 3.0, 4.0, 5.0], 1.0, &FilterOptions::default())?;
/// assert!((smooth[0] - 1.427_040_95).abs() < 1e-8);
/// # Ok::<(), hexad_smoothing::SmoothError>(())
/// ```
///
/// # Errors
///
/// [`SmoothError`] for an empty signal, an infinity in it, sigma, order or truncate out of range, a mode
/// that SciPy does not have, or a kernel too long for memory.
///
/// # Deviation
///
/// SciPy documents `round(truncate * sigma)` but its code takes halves up; we follow the code. Infinities
/// spread as NaN.
///
/// # References
///
/// `scipy.ndimage.gaussian_filter1d`; T. Lindeberg, IEEE TPAMI 12(3), 1990, doi:10.1109/34.49051.
pub fn gaussian_filter1d(
    signal: &[f64],
    sigma: f64,
    options: &FilterOptions,
) -> Result<Vec<f64>, SmoothError> {
    let mut out = signal.to_vec();
    if let Some(plan) = plan(sigma, signal.len(), options)? {
        let mut scratch = vec![UniformScratch::default(); rayon::current_num_threads()];
        plan.run(&Source::new(signal, None, options.mode), &mut out, &mut scratch)?;
    }
    Ok(out)
}

/// Smooths `array` along each axis in turn, as `scipy.ndimage.gaussian_filter` does for f64: `sigma` and
/// `order` hold one value for each axis; a sigma of 0 leaves its axis as it is.
///
/// # Errors
///
/// As [`gaussian_filter1d`]; [`InputError::LengthMismatch`] unless there are as many sigmas and orders as
/// axes.
pub fn gaussian_filter(
    array: &ArrayViewD<'_, f64>,
    sigma: &[f64],
    order: &[usize],
    options: &FilterOptions,
) -> Result<ArrayD<f64>, SmoothError> {
    check_length("sigma", sigma.len(), array.ndim())?;
    check_length("order", order.len(), array.ndim())?;
    let mut result = array.to_owned();
    let mut scratch = [UniformScratch::default()];
    for axis in 0..array.ndim() {
        let Some(plan) = plan(sigma[axis], array.shape()[axis], &options.with_order(order[axis]))? else {
            continue;
        };
        let source = result.clone();
        for_each_lane(&source.view(), result.view_mut(), axis, |from, to| {
            plan.run(&Source::new(from, None, options.mode), to, &mut scratch).map(|_| ())
        })?;
    }
    Ok(result)
}

/// The plan, or `None` where the filter changes nothing.
fn plan(sigma: f64, len: usize, options: &FilterOptions) -> Result<Option<UniformPlan>, SmoothError> {
    if options.mode == Boundary::Renormalize {
        return Err(SmoothError::NotScipyMode);
    }
    if options.order > MAX_DERIVATIVE {
        let value = options.order as f64;
        return Err(InputError::OutOfRange { argument: "order", value, allowed: "0, 1, 2 or 3" }.into());
    }
    if len == 0 {
        return Err(InputError::TooFew { argument: "signal", needed: 1, got: 0 }.into());
    }
    if sigma == 0.0 && options.order == 0 {
        return Ok(None);
    }
    check_positive("sigma", sigma)?;
    let smooth = SmoothOptions::default()
        .with_truncation(Truncation::Sigmas(options.truncate))
        .with_boundary(options.mode)
        .with_derivative(options.order)
        .with_missing(Missing::Propagate)
        .with_tolerance(1e-13);
    UniformPlan::new(sigma, len, &smooth).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_testkit::assert_close;

    #[test]
    fn the_documented_examples_come_out() {
        let signal = [1.0, 2.0, 3.0, 4.0, 5.0];
        let options = FilterOptions::default();
        let one = gaussian_filter1d(&signal, 1.0, &options).unwrap();
        assert_close(&one, &[1.42704095, 2.06782203, 3.0, 3.93217797, 4.57295905], 5e-9);
        let four = gaussian_filter1d(&signal, 4.0, &options).unwrap();
        assert_close(&four, &[2.91948343, 2.95023502, 3.0, 3.04976498, 3.08051657], 5e-9);
    }

    #[test]
    fn sigma_zero_is_the_identity_and_nothing_else_is_let_through() {
        let signal = [1.0, 5.0, 2.0];
        let options = FilterOptions::default();
        assert_eq!(gaussian_filter1d(&signal, 0.0, &options).unwrap(), signal);
        for sigma in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(gaussian_filter1d(&signal, sigma, &options).is_err());
        }
        assert!(gaussian_filter1d(&signal, 0.0, &options.with_order(1)).is_err());
        assert!(gaussian_filter1d(&signal, 1.0, &options.with_order(4)).is_err());
        assert!(gaussian_filter1d(&signal, 1.0, &options.with_truncate(-1.0)).is_err());
        assert!(gaussian_filter1d(&signal, 1.0, &options.with_mode(Boundary::Renormalize)).is_err());
        assert!(gaussian_filter1d(&[], 1.0, &options).is_err());
    }

    #[test]
    fn a_nan_spreads_as_far_as_the_kernel() {
        let mut signal = vec![1.0; 40];
        signal[20] = f64::NAN;
        let smooth = gaussian_filter1d(&signal, 2.0, &FilterOptions::default()).unwrap();
        for (index, value) in smooth.iter().enumerate() {
            assert_eq!(value.is_nan(), index.abs_diff(20) <= 8);
        }
    }

    #[test]
    fn axes_are_smoothed_in_turn() {
        let array = ArrayD::from_shape_fn(vec![7, 5], |index| (index[0] * 5 + index[1] * index[1]) as f64);
        let options = FilterOptions::default();
        let both = gaussian_filter(&array.view(), &[1.5, 0.8], &[0, 1], &options).unwrap();
        let rows: Vec<Vec<f64>> = (0..5)
            .map(|column| gaussian_filter1d(&array.column_of(column), 1.5, &options).unwrap())
            .collect();
        for row in 0..7 {
            let line: Vec<f64> = (0..5).map(|column| rows[column][row]).collect();
            let wanted = gaussian_filter1d(&line, 0.8, &options.with_order(1)).unwrap();
            let got: Vec<f64> = (0..5).map(|column| both[[row, column]]).collect();
            assert_close(&got, &wanted, 1e-13);
        }
        assert!(gaussian_filter(&array.view(), &[1.0], &[0, 0], &options).is_err());
    }

    trait ColumnOf {
        fn column_of(&self, column: usize) -> Vec<f64>;
    }

    impl ColumnOf for ArrayD<f64> {
        fn column_of(&self, column: usize) -> Vec<f64> {
            (0..self.shape()[0]).map(|row| self[[row, column]]).collect()
        }
    }
}
