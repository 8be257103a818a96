//! Transforms of arrays along some of their axes.

use hexad_core::ndarray::{Array, ArrayView, Axis, Dimension};
use hexad_core::{Complex64, InputError, check_length};
use ndrustfft::{FftHandler, R2cFftHandler, ndfft_inplace, ndfft_r2c, ndifft_inplace, ndifft_r2c};

use super::check_some;
use crate::SpectralError;

/// The transform of a complex array along `axes`, each once, in any order: [`super::fft`] of every line along
/// the first, then of the result along the next.
///
/// The result has the shape of `array`. Unscaled; [`ifftn`] divides by the product of the lengths of `axes`
/// (NumPy's "backward"). NaN and infinity spread to every value that depends on them.
///
/// # Errors
///
/// [`InputError::ElementOutOfRange`] for an axis that the array does not have or that stands twice,
/// [`InputError::TooFew`] for no axes or an array without elements.
pub fn fftn<D: Dimension>(
    array: &ArrayView<'_, Complex64, D>,
    axes: &[usize],
) -> Result<Array<Complex64, D>, SpectralError> {
    check(array.shape(), axes)?;
    let mut out = array.to_owned();
    for &axis in axes {
        ndfft_inplace(&mut out, &FftHandler::new(array.len_of(Axis(axis))), axis);
    }
    Ok(out)
}

/// The complex array whose [`fftn`] along `axes` is `spectrum`.
///
/// # Errors
///
/// As [`fftn`].
pub fn ifftn<D: Dimension>(
    spectrum: &ArrayView<'_, Complex64, D>,
    axes: &[usize],
) -> Result<Array<Complex64, D>, SpectralError> {
    check(spectrum.shape(), axes)?;
    Ok(inverse_along(spectrum, axes))
}

/// The transform of a real array along `axes`: [`super::rfft`] along the last of them, of whose N values
/// `N / 2 + 1` are left, and [`super::fft`] along the others.
///
/// Unscaled; [`irfftn`] divides by the product of the lengths of `axes` (NumPy's "backward"). NaN and
/// infinity spread to every value that depends on them.
///
/// # Examples
///
/// A plane wave is one value of a 2-D transform.
///
/// ```
/// use hexad_core::ndarray::Array2;
/// use hexad_spectral::{irfftn, rfftn};
/// let turns = |(row, column): (usize, usize)| 2.0 * row as f64 / 8.0 + column as f64 / 6.0;
/// let wave = Array2::from_shape_fn((8, 6), |at| (std::f64::consts::TAU * turns(at)).cos());
/// let spectrum = rfftn(&wave.view(), &[0, 1])?;
/// assert_eq!(spectrum.shape(), [8, 4]);
/// assert!((spectrum[[2, 1]].re - 24.0).abs() < 1e-13);
/// let back = irfftn(&spectrum.view(), &[0, 1], 6)?;
/// assert!((back - wave).iter().all(|difference| difference.abs() < 1e-15));
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
///
/// # Errors
///
/// As [`fftn`].
pub fn rfftn<D: Dimension>(
    array: &ArrayView<'_, f64, D>,
    axes: &[usize],
) -> Result<Array<Complex64, D>, SpectralError> {
    let (&last, others) = check(array.shape(), axes)?;
    let len = array.len_of(Axis(last));
    let mut shape = array.raw_dim();
    shape[last] = len / 2 + 1;
    let mut out = Array::zeros(shape);
    ndfft_r2c(array, &mut out, &R2cFftHandler::new(len), last);
    for &axis in others {
        ndfft_inplace(&mut out, &FftHandler::new(array.len_of(Axis(axis))), axis);
    }
    Ok(out)
}

/// The real array whose [`rfftn`] along `axes` is `spectrum`, with `last_len` values along the last of
/// `axes`.
///
/// Where the transform of a real array is real or mirrored by itself, what is not so is not read.
///
/// # Errors
///
/// As [`fftn`]; [`InputError::LengthMismatch`] for a spectrum that has not `last_len / 2 + 1` values along
/// the last of `axes`.
pub fn irfftn<D: Dimension>(
    spectrum: &ArrayView<'_, Complex64, D>,
    axes: &[usize],
    last_len: usize,
) -> Result<Array<f64, D>, SpectralError> {
    let (&last, others) = check(spectrum.shape(), axes)?;
    check_some("last_len", last_len)?;
    check_length("spectrum", spectrum.len_of(Axis(last)), last_len / 2 + 1)?;
    let half = inverse_along(spectrum, others);
    let mut shape = spectrum.raw_dim();
    shape[last] = last_len;
    let mut out = Array::zeros(shape);
    ndifft_r2c(&half, &mut out, &R2cFftHandler::new(last_len), last);
    Ok(out)
}

fn inverse_along<D: Dimension>(
    spectrum: &ArrayView<'_, Complex64, D>,
    axes: &[usize],
) -> Array<Complex64, D> {
    let mut out = spectrum.to_owned();
    for &axis in axes {
        ndifft_inplace(&mut out, &FftHandler::new(spectrum.len_of(Axis(axis))), axis);
    }
    out
}

/// The last axis and those before it.
fn check<'a>(shape: &[usize], axes: &'a [usize]) -> Result<(&'a usize, &'a [usize]), InputError> {
    check_some("array", shape.iter().product())?;
    for (index, &axis) in axes.iter().enumerate() {
        let refuse = |allowed| {
            Err(InputError::ElementOutOfRange { argument: "axes", index, value: axis as f64, allowed })
        };
        if axis >= shape.len() {
            return refuse("below the number of axes");
        }
        if axes[..index].contains(&axis) {
            return refuse("another axis than those before");
        }
    }
    axes.split_last().ok_or(InputError::TooFew { argument: "axes", needed: 1, got: 0 })
}
