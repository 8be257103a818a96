//! Images: the Gaussian without truncation on two axes, in f64 or f32.
//!
//! Rows are decimated, then the columns of what is left, an array narrower by the size of a cell; the
//! coarse array is filtered along both axes, and each output row is interpolated down, then along. The
//! full-size image is read once and written once, and never transposed.

mod axis;
mod options;
mod pixel;
mod row_sum;
mod short;

pub use options::ImageOptions;
pub use pixel::Pixel;

use hexad_core::{Boundary, InputError, Truncation, check_length, check_positive, extend_into};
use rayon::prelude::*;

use crate::SmoothError;
use crate::convert::signed;
use crate::options::SmoothOptions;
use crate::uniform::{Convolve, Decimate, Grid, Interpolate, Source, Subtract, UniformPlan, UniformScratch};
use axis::Axis;
use row_sum::RowSum;
use short::Short;

/// Cells that a sample reaches, at most.
const WIDEST: usize = 16;

/// Bytes of an image that few caches hold as a whole.
const FAR: usize = 1 << 22;

/// A Gaussian filter of row-major images of one shape, without truncation.
///
/// # Examples
///
/// ```
/// use hexad_smoothing::{GaussianFilter2d, ImageOptions};
/// let plan = GaussianFilter2d::<f32>::new(64, 48, [10.0, 6.0], &ImageOptions::default())?;
/// let mut scratch = plan.make_scratch();
/// let (image, mut smooth) = (vec![1.0; 64 * 48], vec![0.0; 64 * 48]);
/// plan.apply_into(&image, &mut smooth, &mut scratch)?;
/// assert_eq!(smooth, image);
/// # Ok::<(), hexad_smoothing::SmoothError>(())
/// ```
#[derive(Debug, Clone)]
pub struct GaussianFilter2d<T> {
    options: ImageOptions,
    rows: usize,
    columns: usize,
    engine: Engine<T>,
}

#[derive(Debug, Clone)]
enum Engine<T> {
    /// Both sigmas are wide enough for cells.
    Decimate { down: Box<Axis<T>>, along: Box<Axis<T>> },
    /// Both kernels are short.
    Short(Short<T>),
    /// One axis after the other.
    Lines { down: Box<UniformPlan>, along: Box<UniformPlan> },
}

/// Buffers of [`GaussianFilter2d::apply_into`]; their contents never matter.
#[derive(Debug, Clone)]
pub struct ImageScratch<T> {
    narrow: Vec<T>,
    cells: Vec<T>,
    half: Vec<T>,
    smooth: Vec<T>,
}

impl<T: Pixel> GaussianFilter2d<T> {
    /// Plans for images of `rows` times `columns`; `sigma` is in pixels, down and along.
    ///
    /// # Errors
    ///
    /// [`SmoothError`] for an empty shape, a sigma or tolerance out of range, or a kernel too long for
    /// memory.
    pub fn new(
        rows: usize,
        columns: usize,
        sigma: [f64; 2],
        options: &ImageOptions,
    ) -> Result<Self, SmoothError> {
        for (argument, len) in [("rows", rows), ("columns", columns)] {
            if len == 0 {
                return Err(InputError::TooFew { argument, needed: 1, got: 0 }.into());
            }
        }
        let smooth = SmoothOptions::default()
            .with_truncation(Truncation::Exact)
            .with_boundary(options.boundary)
            .with_tolerance(options.tolerance);
        smooth.check()?;
        let [down, along] = sigma;
        check_positive("sigma[0]", down)?;
        check_positive("sigma[1]", along)?;
        let tolerance = (options.tolerance / 4.0).max(T::ROUNDING / 8.0);
        let grids = [down, along].map(|sigma| Grid::choose(sigma, tolerance, T::widths()));
        let engine = if let [Some(down_grid), Some(along_grid)] = grids {
            let down = Box::new(Axis::new(down_grid, down, rows, &smooth)?);
            Engine::Decimate { down, along: Box::new(Axis::new(along_grid, along, columns, &smooth)?) }
        } else if let Some(short) = Short::new([rows, columns], sigma, tolerance) {
            Engine::Short(short)
        } else {
            let line = smooth.with_tolerance(options.tolerance.min(1e-6) / 2.0);
            let down = Box::new(UniformPlan::new(down, rows, &line)?);
            Engine::Lines { down, along: Box::new(UniformPlan::new(along, columns, &line)?) }
        };
        Ok(Self { options: *options, rows, columns, engine })
    }

    /// Buffers for [`GaussianFilter2d::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> ImageScratch<T> {
        let buffer = |len: usize| vec![T::default(); len];
        match &self.engine {
            Engine::Decimate { down, along } => ImageScratch {
                narrow: buffer(self.rows * along.gathered()),
                cells: buffer(down.gathered() * along.gathered()),
                half: buffer(down.filtered() * along.gathered()),
                smooth: buffer(down.filtered() * along.filtered()),
            },
            Engine::Short(_) | Engine::Lines { .. } => ImageScratch {
                narrow: buffer(self.rows * self.columns),
                cells: buffer(0),
                half: buffer(0),
                smooth: buffer(0),
            },
        }
    }

    /// Bound of the error against the direct sum, in units of the largest |pixel|.
    #[must_use]
    pub fn error_bound(&self) -> f64 {
        // Errors are relative to the largest pixel after one of them is taken off: at most twice it.
        let of_kernels = match &self.engine {
            Engine::Decimate { down, along } => 2.0 * (down.error + along.error),
            Engine::Short(short) => 2.0 * short.error(),
            Engine::Lines { .. } => self.options.tolerance.min(1e-6),
        };
        of_kernels + T::ROUNDING
    }

    /// Smooths `image` into `out`, both row-major. Runs on the current rayon pool; results do not depend on
    /// its size.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] for buffers of another size, [`InputError::NotFinite`] for NaN or
    /// infinity in the image.
    pub fn apply_into(
        &self,
        image: &[T],
        out: &mut [T],
        scratch: &mut ImageScratch<T>,
    ) -> Result<(), SmoothError> {
        check_length("image", image.len(), self.rows * self.columns)?;
        check_length("out", out.len(), self.rows * self.columns)?;
        match &self.engine {
            Engine::Decimate { down, along } => self.decimate(down, along, image, out, scratch),
            Engine::Short(short) => short.run(self.options.boundary, image, out, &mut scratch.narrow),
            Engine::Lines { down, along } => self.lines(down, along, image, out, scratch),
        }
    }

    /// [`GaussianFilter2d::apply_into`] with fresh buffers.
    ///
    /// # Errors
    ///
    /// As [`GaussianFilter2d::apply_into`].
    pub fn apply(&self, image: &[T]) -> Result<Vec<T>, SmoothError> {
        let mut out = vec![T::default(); image.len()];
        self.apply_into(image, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    fn decimate(
        &self,
        down: &Axis<T>,
        along: &Axis<T>,
        image: &[T],
        out: &mut [T],
        scratch: &mut ImageScratch<T>,
    ) -> Result<(), SmoothError> {
        let ImageScratch { narrow, cells, half, smooth } = scratch;
        let boundary = self.options.boundary;
        let offset = image[0];
        let fill = if let Boundary::Constant(value) = boundary { T::from_f64(value) } else { offset };
        let (gathered, filtered) = (along.gathered(), along.filtered());

        let rows = narrow.par_chunks_mut(gathered).zip(image.par_chunks(self.columns));
        let row = |line: &mut Vec<T>, (cells, row): (&mut [T], &[T])| {
            let finite = extend_line(row, along.before(), boundary, [fill, offset], line);
            let Axis { gather: window, block, stride, .. } = along;
            let (block, stride, offset) = (*block, *stride, T::default());
            T::decimate(along.lanes, Decimate { window, block, stride, input: line, offset, cells });
            finite.then_some(())
        };
        if rows.map_init(|| vec![T::default(); along.samples()], row).while_some().count() < self.rows {
            return Err(first_not_finite(image));
        }

        // Where there is no row above or below, a row of fill cells stands.
        let outside = T::from_f64(
            (fill.to_f64() - offset.to_f64()) * along.window.iter().map(|tap| tap.to_f64()).sum::<f64>(),
        );
        let blank = vec![outside; gathered];
        let row_of = |index: i64| match boundary.source_index(index, self.rows) {
            Some(row) => &narrow[row * gathered..(row + 1) * gathered],
            None => &blank[..],
        };
        cells.par_chunks_mut(gathered).enumerate().for_each(|(cell, out)| {
            let first = down.first_sample() + signed(cell * down.block);
            let rows: Vec<&[T]> = (0..down.window.len()).map(|k| row_of(first + signed(k))).collect();
            T::row_sum(RowSum { taps: &down.window, rows: &rows, offset: T::default(), out });
        });
        half.par_chunks_mut(gathered).zip(smooth.par_chunks_mut(filtered)).enumerate().for_each(
            |(cell, (half, smooth))| {
                let rows: Vec<&[T]> =
                    cells[cell * gathered..].chunks_exact(gathered).take(down.coarse.len()).collect();
                T::row_sum(RowSum { taps: &down.coarse, rows: &rows, offset: T::default(), out: half });
                let (taps, offset) = (&along.coarse[..], T::default());
                let input = &half[..filtered + taps.len() - 1];
                T::convolve(Convolve { taps, input, offset, out: smooth });
            },
        );

        let (block, stride, width) = (along.block, along.stride, along.spread_width);
        let group = block * stride;
        let is_far = size_of_val(out) >= FAR;
        out.par_chunks_mut(self.columns).enumerate().for_each_init(
            || (vec![T::default(); filtered], vec![T::default(); self.columns.next_multiple_of(group)]),
            |(cells, line), (row, out)| {
                let k = row % down.block;
                let mut rows: [&[T]; WIDEST] = [&[]; WIDEST];
                for (row, cells) in
                    rows.iter_mut().zip(smooth[row / down.block * filtered..].chunks_exact(filtered))
                {
                    *row = cells;
                }
                T::row_sum(RowSum {
                    taps: &down.sample_weights[k * down.width..][..down.width],
                    rows: &rows[..down.width],
                    offset: T::default(),
                    out: cells,
                });
                let spread = &along.spread[..];
                T::interpolate(
                    along.lanes,
                    Interpolate { spread, width, block, stride, cells, offset, out: line },
                );
                let line = &mut line[..out.len()];
                if boundary == Boundary::Renormalize {
                    renormalize(line, offset, down.present[row], &along.present);
                }
                if is_far {
                    T::copy_past_caches(line, out);
                } else {
                    out.copy_from_slice(line);
                }
            },
        );
        Ok(())
    }

    fn lines(
        &self,
        down: &UniformPlan,
        along: &UniformPlan,
        image: &[T],
        out: &mut [T],
        scratch: &mut ImageScratch<T>,
    ) -> Result<(), SmoothError> {
        if image.iter().any(|pixel| !pixel.to_f64().is_finite()) {
            return Err(first_not_finite(image));
        }
        let narrow = &mut scratch.narrow;
        let rows = narrow.par_chunks_mut(self.columns).zip(image.par_chunks(self.columns));
        rows.try_for_each_init(UniformScratch::default, |scratch, (to, from)| {
            smooth_line(along, self.options.boundary, from.iter(), to.iter_mut(), scratch)
        })?;
        // Columns are gathered a cache line of them at a time.
        let band = T::widths()[0];
        let bands = (0..self.columns).step_by(band);
        let mut scratch = UniformScratch::default();
        for column in bands.flat_map(|first| first..(first + band).min(self.columns)) {
            let from = narrow[column..].iter().step_by(self.columns);
            let to = out[column..].iter_mut().step_by(self.columns);
            smooth_line(down, self.options.boundary, from, to, &mut scratch)?;
        }
        Ok(())
    }
}

/// Writes the row and what extends it, `before` pixels on the left, less the offset; tells whether the row is
/// finite.
fn extend_line<T: Pixel>(
    row: &[T],
    before: usize,
    boundary: Boundary,
    [fill, offset]: [T; 2],
    line: &mut [T],
) -> bool {
    let (left, rest) = line.split_at_mut(before);
    let (inside, right) = rest.split_at_mut(row.len());
    // The row comes from memory, in order; what extends it is then in the cache.
    let finite = T::subtract(Subtract { source: row, offset, out: inside });
    let fill = T::from_f64(fill.to_f64() - offset.to_f64());
    extend_into(inside, boundary, fill, -signed(before), left);
    extend_into(inside, boundary, fill, signed(row.len()), right);
    finite
}

fn smooth_line<'a, T: Pixel>(
    plan: &UniformPlan,
    boundary: Boundary,
    from: impl Iterator<Item = &'a T>,
    to: impl Iterator<Item = &'a mut T>,
    scratch: &mut UniformScratch,
) -> Result<(), SmoothError> {
    let line: Vec<f64> = from.map(|pixel| pixel.to_f64()).collect();
    let mut smooth = vec![0.0; line.len()];
    plan.run(&Source::new(&line, None, boundary), &mut smooth, std::slice::from_mut(scratch))?;
    to.zip(smooth).for_each(|(to, value)| *to = T::from_f64(value));
    Ok(())
}

fn first_not_finite<T: Pixel>(image: &[T]) -> SmoothError {
    let index = image.iter().position(|pixel| !pixel.to_f64().is_finite()).unwrap_or(0);
    InputError::NotFinite { argument: "image", index, value: image[index].to_f64() }.into()
}

/// Divides by the weights that meet a pixel.
fn renormalize<T: Pixel>(out: &mut [T], offset: T, down: f64, along: &[f64]) {
    let offset = offset.to_f64();
    for (pixel, along) in out.iter_mut().zip(along) {
        let present = down * along;
        if present < 1.0 {
            *pixel = T::from_f64(offset + (pixel.to_f64() - offset) / present);
        }
    }
}
