//! Cross-correlation of arrays, along all axes at once.

use std::ops::Range;

use hexad_core::ndarray::{Array, ArrayView, Dimension, Slice};
use hexad_core::{Complex64, InputError, check_length, good_size};
use hexad_spectral::{fftn, ifftn, irfftn, rfftn};

use super::layout::{Layout, resolve};
use super::{Lags, cost};
use crate::CorrelateError;

/// The cross-correlation of two arrays, `c[k] = sum_n a[n + k] b[n]`, n and k having as many indices as the arrays have
/// axes, at the `lags` along each axis: `scipy.signal.correlate` of images and volumes.
///
/// By transforms, whose error is about `1e-16 log2(elements) sqrt(E_a E_b)` everywhere, E being the sums of squares.
///
/// # Examples
///
/// ```
/// use hexad_core::ndarray::{Array2, s};
/// use hexad_correlate::{Lags, correlate_arrays};
/// let image = Array2::from_shape_fn((60, 80), |(row, column)| (((7 * row + 13 * column) % 31) as f64 - 15.0) / 15.0);
/// let patch = image.slice(s![20..30, 50..65]);
/// let found = correlate_arrays(&image.view(), &patch, Lags::Valid)?;
/// assert_eq!(found.shape(), [51, 66]);
/// let energy: f64 = patch.iter().map(|x| x * x).sum();
/// assert!((found[[20, 50]] - energy).abs() < 1e-12 * energy);
/// # Ok::<(), hexad_correlate::CorrelateError>(())
/// ```
///
/// # Errors
///
/// [`InputError::LengthMismatch`] for arrays of different numbers of axes, [`InputError::TooFew`] for one without
/// elements or axes, [`InputError::NotFinite`] for the first NaN or infinity, by its place in rows;
/// [`InputError::OutOfRange`] for lags that do not exist along an axis.
pub fn correlate_arrays<D: Dimension>(
    a: &ArrayView<'_, f64, D>,
    b: &ArrayView<'_, f64, D>,
    lags: Lags,
) -> Result<Array<f64, D>, CorrelateError> {
    let circles = Circles::new(a.shape(), b.shape(), lags)?;
    check_finite("a", a.iter().map(|x| Complex64::from(*x)))?;
    check_finite("b", b.iter().map(|x| Complex64::from(*x)))?;
    let mut spectrum = rfftn(&circles.with_a(a).view(), &circles.axes())?;
    multiply_conj(&mut spectrum, &rfftn(&circles.with_b(b).view(), &circles.axes())?);
    let last = circles.len(a.ndim() - 1);
    Ok(circles.lags(&irfftn(&spectrum.view(), &circles.axes(), last)?))
}

/// As [`correlate_arrays`], of complex arrays: `c[k] = sum_n a[n + k] conj(b[n])`.
///
/// # Errors
///
/// As [`correlate_arrays`].
pub fn correlate_complex_arrays<D: Dimension>(
    a: &ArrayView<'_, Complex64, D>,
    b: &ArrayView<'_, Complex64, D>,
    lags: Lags,
) -> Result<Array<Complex64, D>, CorrelateError> {
    let circles = Circles::new(a.shape(), b.shape(), lags)?;
    check_finite("a", a.iter().copied())?;
    check_finite("b", b.iter().copied())?;
    let mut spectrum = fftn(&circles.with_a(a).view(), &circles.axes())?;
    multiply_conj(&mut spectrum, &fftn(&circles.with_b(b).view(), &circles.axes())?);
    Ok(circles.lags(&ifftn(&spectrum.view(), &circles.axes())?))
}

/// What goes round along each axis: the elements needed of both arrays, one of them moved up so that the first lag
/// stands first.
struct Circles(Vec<Layout>);

impl Circles {
    fn new(a: &[usize], b: &[usize], lags: Lags) -> Result<Self, InputError> {
        check_length("axes of b", b.len(), a.len())?;
        let along = |(&a, &b)| Ok(Layout::new(a, b, resolve(a, b, lags)?));
        a.iter().zip(b).map(along).collect::<Result<_, _>>().map(Self)
    }

    fn axes(&self) -> Vec<usize> {
        (0..self.0.len()).collect()
    }

    /// Elements once round.
    fn len(&self, axis: usize) -> usize {
        good_size(cost::needed_len(&self.0[axis]))
    }

    fn with_a<T: Copy + Default, D: Dimension>(&self, a: &ArrayView<'_, T, D>) -> Array<T, D> {
        self.with(a, |layout| (layout.a.clone(), -layout.inner_first))
    }

    fn with_b<T: Copy + Default, D: Dimension>(&self, b: &ArrayView<'_, T, D>) -> Array<T, D> {
        self.with(b, |layout| (layout.b.clone(), layout.inner_first))
    }

    /// A stretch of an array along each axis, moved up, with zeros around.
    fn with<T: Copy + Default, D: Dimension>(
        &self,
        array: &ArrayView<'_, T, D>,
        part: impl Fn(&Layout) -> (Range<usize>, i64),
    ) -> Array<T, D> {
        let mut shape = array.raw_dim();
        self.axes().into_iter().for_each(|axis| shape[axis] = self.len(axis));
        let mut circle = Array::default(shape);
        let mut inside = circle.slice_each_axis_mut(|along| {
            let (range, up) = part(&self.0[along.axis.index()]);
            let start = usize::try_from(up).unwrap_or(0);
            Slice::from(start..start + range.len())
        });
        inside.assign(&array.slice_each_axis(|along| Slice::from(part(&self.0[along.axis.index()]).0)));
        circle
    }

    fn lags<T: Copy, D: Dimension>(&self, circle: &Array<T, D>) -> Array<T, D> {
        circle.slice_each_axis(|along| Slice::from(..self.0[along.axis.index()].lags)).to_owned()
    }
}

fn multiply_conj<D: Dimension>(a: &mut Array<Complex64, D>, b: &Array<Complex64, D>) {
    a.zip_mut_with(b, |a, b| *a *= b.conj());
}

fn check_finite(argument: &'static str, values: impl Iterator<Item = Complex64>) -> Result<(), InputError> {
    let mut values = values.enumerate();
    match values.find(|(_, value)| !value.is_finite()) {
        Some((index, Complex64 { re, im })) => {
            Err(InputError::NotFinite { argument, index, value: if re.is_finite() { im } else { re } })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_core::ndarray::{ArrayD, IxDyn, arr0, indices};
    use hexad_testkit::Random;

    fn noise(shape: &[usize], seed: u64) -> ArrayD<Complex64> {
        let mut random = Random::new(seed);
        let mut draw = || random.vector(1, -1.0, 1.0)[0];
        ArrayD::from_shape_simple_fn(shape, || Complex64::new(draw(), draw()))
    }

    /// The definition.
    fn sum_at(a: &ArrayD<Complex64>, b: &ArrayD<Complex64>, lag: &[i64]) -> Complex64 {
        let at = |n: &IxDyn| {
            let place = |axis: usize| usize::try_from(n[axis] as i64 + lag[axis]).ok();
            let index = (0..a.ndim()).map(place).collect::<Option<Vec<_>>>()?;
            a.get(&index[..])
        };
        indices(b.shape()).into_iter().filter_map(|n| Some(at(&n)? * b[&n].conj())).sum()
    }

    #[test]
    fn correlations_of_arrays_are_the_definition() {
        for (a, b) in [
            (vec![7], vec![4]),
            (vec![5, 6], vec![3, 2]),
            (vec![2, 3], vec![4, 9]),
            (vec![4, 1], vec![1, 5]),
            (vec![3, 4, 5], vec![2, 4, 3]),
            (vec![2, 3, 2, 3], vec![2, 1, 2, 2]),
        ] {
            let (first, second) = (noise(&a, 1), noise(&b, 2));
            for lags in [Lags::Full, Lags::Same, Lags::Valid, Lags::Within(0)] {
                let ranges: Vec<_> = a.iter().zip(&b).map(|(a, b)| resolve(*a, *b, lags).unwrap()).collect();
                let found = correlate_complex_arrays(&first.view(), &second.view(), lags).unwrap();
                let (reals, others) = (first.map(|z| z.re), second.map(|z| z.re));
                let real = correlate_arrays(&reals.view(), &others.view(), lags).unwrap();
                let shape: Vec<_> = ranges.iter().map(|range| range.clone().count()).collect();
                assert_eq!((found.shape(), real.shape()), (&shape[..], &shape[..]));
                for index in indices(shape) {
                    let lag: Vec<_> = (0..a.len()).map(|at| ranges[at].start() + index[at] as i64).collect();
                    assert!(
                        (found[&index] - sum_at(&first, &second, &lag)).norm() < 1e-13,
                        "{a:?} {b:?} {lag:?}"
                    );
                    let wanted = sum_at(&reals.map(Complex64::from), &others.map(Complex64::from), &lag);
                    assert!((real[&index] - wanted.re).abs() < 1e-13, "{a:?} {b:?} {lag:?}");
                }
            }
        }
    }

    #[test]
    fn what_has_no_correlation_is_refused() {
        let refused = |a: &ArrayD<f64>, b: &ArrayD<f64>, lags| {
            correlate_arrays(&a.view(), &b.view(), lags).unwrap_err().to_string()
        };
        let table = ArrayD::<f64>::ones(vec![3, 4]);
        let mut holed = table.clone();
        holed[[1, 2]] = f64::NAN;
        assert_eq!(
            refused(&table, &ArrayD::ones(vec![3]), Lags::Full),
            "axes of b must have 2 elements, got 1"
        );
        assert_eq!(refused(&table, &holed, Lags::Full), "b[6] must be finite, got NaN");
        assert!(refused(&table, &ArrayD::ones(vec![3, 0]), Lags::Full).starts_with("b needs at least 1"));
        assert!(refused(&table, &table, Lags::Within(4)).starts_with("max_lag must be"));
        assert!(refused(&arr0(1.0).into_dyn(), &arr0(1.0).into_dyn(), Lags::Full).contains("at least 1"));
    }
}
