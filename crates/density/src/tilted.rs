//! Smooth maps with kernels tilted against the axes.

use hexad_core::InputError;
use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use rayon::prelude::*;

use crate::between::{Between, FINENESS};
use crate::exact::tally;
use crate::gaussian::check_grid;
use crate::map::{Map, Normalization};
use crate::view::Axis;
use crate::{Covariance, DensityError, GaussianOptions, GaussianPlan, Points, View};

/// The map of `points` with a Gaussian of `covariance` on each, `exp(-d C^-1 d / 2) / (2 pi sqrt(det C))` at
/// every pixel's centre, points beyond the view included.
///
/// # Errors
///
/// As [`TiltedPlan::new`].
///
/// # Examples
///
/// ```
/// use hexad_density::{Covariance, GaussianOptions, Points, View, gaussian_tilted};
/// let view = View::new([-2.0, -2.0, 3.0, 3.0], [5, 5])?;
/// let points = Points::new(&[0.5], &[0.5])?;
/// let kernel = Covariance::new(1.0, 0.5, 1.0)?;
/// let map = gaussian_tilted(&points, &view, &kernel, &GaussianOptions::default())?;
/// // One step up and to the right: d C^-1 d = 4 / 3; up and to the left 4.
/// let ratio = |column, row| map.value(column, row).unwrap() / map.value(2, 2).unwrap();
/// assert!((ratio(3, 3) - (-2.0_f64 / 3.0).exp()).abs() < 2e-5);
/// assert!((ratio(1, 3) - (-2.0_f64).exp()).abs() < 2e-5);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
///
/// # References
///
/// M. P. Wand, M. C. Jones, Kernel Smoothing, 1995, eq. 4.1.
pub fn gaussian_tilted(
    points: &Points<'_>,
    view: &View,
    covariance: &Covariance,
    options: &GaussianOptions,
) -> Result<Map, DensityError> {
    Ok(TiltedPlan::new(*view, covariance, options)?.apply(points))
}

/// A smooth map of one view and tilted kernel, for any points.
///
/// In `x - lean y` and y the kernel is upright: the map is made there, on columns fine enough, and every row is
/// read from it shifted by its own part of a column.
#[derive(Debug, Clone)]
pub struct TiltedPlan {
    view: View,
    lean: f64,
    normalization: Normalization,
    upright: GaussianPlan,
    /// Columns of the upright map in one of the view's.
    columns: usize,
    /// For each row the first column it reads, and with what weights.
    starts: Vec<usize>,
    weights: Vec<f64>,
    error: f64,
}

impl TiltedPlan {
    /// Plans maps of `view` with kernels of `covariance`.
    ///
    /// # Errors
    ///
    /// [`DensityError::BandwidthTooSmall`] if the kernel is below a fifth of a pixel along x (at one y) or y,
    /// [`DensityError::Input`] for a tolerance out of range, [`DensityError::GridTooLarge`] if the kernel leans so much
    /// that its upright map has more than 2^24 pixels and 160 more for each of the view.
    pub fn new(view: View, covariance: &Covariance, options: &GaussianOptions) -> Result<Self, DensityError> {
        if !(2e-10..=1e-3).contains(&options.tolerance) {
            let (value, allowed) = (options.tolerance, "from 2e-10 to 1e-3");
            return Err(InputError::OutOfRange { argument: "tolerance", value, allowed }.into());
        }
        // Half for the upright map, half for what is read between its columns.
        let tolerance = 0.5 * options.tolerance;
        let sigma = covariance.upright();
        let bandwidth_px = sigma[0] / view.x.step;
        if bandwidth_px < 0.2 {
            return Err(DensityError::BandwidthTooSmall { axis: "x", bandwidth_px });
        }
        let lean = covariance.lean();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 15")]
        let columns = if lean == 0.0 { 1 } else { (FINENESS / bandwidth_px).ceil() as usize };
        let between = Between::new(tolerance);
        let rows = Rows::new(&view, lean, columns, &between)?;
        let wide = View { x: rows.axis, y: view.y };
        wide.x.check("x")?;
        let inner =
            GaussianOptions::default().with_tolerance(tolerance).with_normalization(Normalization::Count);
        let upright = GaussianPlan::new(wide, sigma, &inner)?;
        let Rows { starts, weights, .. } = rows;
        let normalization = options.normalization;
        Ok(Self { view, lean, normalization, upright, columns, starts, weights, error: tolerance })
    }

    /// The map of `points`. Runs on the current rayon pool.
    #[must_use]
    pub fn apply(&self, points: &Points<'_>) -> Map {
        let origin = self.view.y.origin;
        let x: Vec<f64> = points.x.iter().zip(points.y).map(|(x, y)| x - self.lean * (y - origin)).collect();
        let upright = self.upright.apply(&Points { x: &x, ..*points });
        let (width, wide) = (self.view.width(), upright.view().width());
        let taps = self.weights.len() / self.starts.len();
        let mut values = vec![0.0; self.view.pixels()];
        let rows = values.par_chunks_mut(width).zip(upright.values().par_chunks(wide));
        rows.zip(self.starts.par_iter().zip(self.weights.par_chunks(taps))).for_each(
            |((out, source), (start, weights))| {
                dispatch(Shift { source: &source[*start..], step: self.columns, weights, out });
            },
        );
        // A pixel of the view is several columns of the upright map.
        values.iter_mut().for_each(|value| *value *= self.columns as f64);
        let error = upright.error_bound() + self.error;
        Map::from_counts(self.view, values, self.normalization, tally(points, &self.view), error)
    }
}

/// Where each row reads the upright map.
struct Rows {
    axis: Axis,
    starts: Vec<usize>,
    weights: Vec<f64>,
}

impl Rows {
    fn new(view: &View, lean: f64, columns: usize, between: &Between) -> Result<Self, DensityError> {
        let step = view.x.step / columns as f64;
        // How far right of its first column's first part a row's pixel is read, in columns: the same whatever
        // else the view shows.
        let shift = |row: usize| {
            let y = (view.y.first as f64 + row as f64 + 0.5) * view.y.step;
            0.5 * (columns as f64 - 1.0) - lean * y / step
        };
        let ends = [shift(0), shift(view.height() - 1)];
        let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        let width = high - low + (view.width() * columns + between.taps()) as f64;
        check_grid(view, [width, view.height() as f64])?;
        if !(low.abs() < 1e15 && high.abs() < 1e15) {
            return Err(DensityError::TooLarge { width: 1 << 32, height: 1, bytes: width * 8.0 });
        }
        #[expect(clippy::cast_possible_truncation, reason = "checked to be below 1e15")]
        let whole = |shift: f64| shift.floor() as i64;
        let (count, reach) = (columns as i64, between.reach as i64);
        let before = whole(low) - (reach - 1);
        let first = view.x.first * count + before;
        let last = (view.x.first + view.width() as i64 - 1) * count + whole(high) + reach;
        let mut weights = vec![0.0; view.height() * between.taps()];
        let mut starts = Vec::with_capacity(view.height());
        for (row, weights) in weights.chunks_exact_mut(between.taps()).enumerate() {
            let shift = shift(row);
            starts.push(usize::try_from(whole(shift) - whole(low)).unwrap_or(0));
            between.weights_into(shift - shift.floor(), weights);
        }
        let len = usize::try_from(last - first + 1).unwrap_or(0);
        let axis = Axis { step, first, len, cells: view.x.cells * count, ..view.x };
        Ok(Self { axis, starts, weights })
    }
}

/// `out[i] = sum_t weights[t] source[i step + t]`.
struct Shift<'a> {
    source: &'a [f64],
    step: usize,
    weights: &'a [f64],
    out: &'a mut [f64],
}

impl Kernel<f64, 4> for Shift<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) {
        let whole = if self.step == 1 { self.out.len() / 4 * 4 } else { 0 };
        let (vectors, rest) = self.out.split_at_mut(whole);
        let (vectors, _) = vectors.as_chunks_mut::<4>();
        for (index, out) in vectors.iter_mut().enumerate() {
            let (mut even, mut odd) = (simd.splat(0.0), simd.splat(0.0));
            let source = &self.source[4 * index..];
            for (tap, pair) in self.weights.as_chunks::<2>().0.iter().enumerate() {
                let (first, _) = source[2 * tap..][..4].as_chunks::<4>();
                let (second, _) = source[2 * tap + 1..][..4].as_chunks::<4>();
                even = simd.load(&first[0]).mul_add(simd.splat(pair[0]), even);
                odd = simd.load(&second[0]).mul_add(simd.splat(pair[1]), odd);
            }
            (even + odd).store(out);
        }
        for (index, out) in rest.iter_mut().enumerate() {
            let source = &self.source[(whole + index) * self.step..];
            let (mut even, mut odd) = (0.0_f64, 0.0_f64);
            for (weights, source) in self.weights.as_chunks::<2>().0.iter().zip(source.as_chunks::<2>().0) {
                even = source[0].mul_add(weights[0], even);
                odd = source[1].mul_add(weights[1], odd);
            }
            *out = even + odd;
        }
    }
}
