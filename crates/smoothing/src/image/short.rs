//! Kernels of few pixels: along the rows, then down the columns, tap by tap.

use hexad_core::Boundary;
use rayon::prelude::*;

use super::row_sum::RowSum;
use super::{Pixel, extend_line, first_not_finite, renormalize};
use crate::convert::signed;
use crate::uniform::{Convolve, Shape, Taps};
use crate::{Side, SmoothError};

/// From so many taps on each side on, other engines are faster.
const MOST_TAPS: f64 = 64.0;

/// Share of the tolerance that the end of a kernel may weigh.
const LEFT_OUT: f64 = 1.0 / 16.0;

/// The two kernels.
#[derive(Debug, Clone)]
pub(super) struct Short<T> {
    down: Axis<T>,
    along: Axis<T>,
    error: f64,
}

#[derive(Debug, Clone)]
struct Axis<T> {
    taps: Vec<T>,
    len: usize,
    /// For [`Boundary::Renormalize`]: weights that meet a pixel.
    present: Vec<f64>,
}

impl<T: Pixel> Short<T> {
    /// For the sigmas down and along, if their kernels are short at this tolerance.
    pub fn new([rows, columns]: [usize; 2], [down, along]: [f64; 2], tolerance: f64) -> Option<Self> {
        let (down, along) = (Axis::new(down, rows, tolerance)?, Axis::new(along, columns, tolerance)?);
        Some(Self { down, along, error: 4.0 * LEFT_OUT * tolerance })
    }

    /// Relative to the largest pixel: what either kernel leaves out, and as much again that makes up for it.
    pub fn error(&self) -> f64 {
        self.error
    }

    /// Smooths `image` into `out` by way of `narrow`, all of one size.
    pub fn run(
        &self,
        boundary: Boundary,
        image: &[T],
        out: &mut [T],
        narrow: &mut [T],
    ) -> Result<(), SmoothError> {
        let Self { down, along, .. } = self;
        let (radius, columns) = (along.taps.len() / 2, along.len);
        let offset = image[0];
        let fill = if let Boundary::Constant(value) = boundary { T::from_f64(value) } else { offset };
        let rows = narrow.par_chunks_mut(columns).zip(image.par_chunks(columns));
        let row = |line: &mut Vec<T>, (out, row): (&mut [T], &[T])| {
            let finite = extend_line(row, radius, boundary, [fill, offset], line);
            T::convolve(Convolve { taps: &along.taps, input: line, offset: T::default(), out });
            finite.then_some(())
        };
        let line = || vec![T::default(); columns + 2 * radius];
        if rows.map_init(line, row).while_some().count() < down.len {
            return Err(first_not_finite(image));
        }

        // Where there is no row above or below, a row of fill stands.
        let blank = vec![T::from_f64(fill.to_f64() - offset.to_f64()); columns];
        let row_of = |index: i64| match boundary.source_index(index, down.len) {
            Some(row) => &narrow[row * columns..(row + 1) * columns],
            None => &blank[..],
        };
        let radius = signed(down.taps.len() / 2);
        out.par_chunks_mut(columns).enumerate().for_each(|(row, out)| {
            let rows: Vec<&[T]> = (-radius..=radius).map(|k| row_of(signed(row) + k)).collect();
            T::row_sum(RowSum { taps: &down.taps, rows: &rows, offset, out });
            if boundary == Boundary::Renormalize {
                renormalize(out, offset, down.present[row], &along.present);
            }
        });
        Ok(())
    }
}

impl<T: Pixel> Axis<T> {
    fn new(sigma: f64, len: usize, tolerance: f64) -> Option<Self> {
        // Beyond `u` sigmas stands less than exp(-u^2 / 2) of the whole.
        let reach = (-2.0 * (LEFT_OUT * tolerance).ln()).sqrt();
        let radius = (reach * sigma).ceil().max(1.0);
        if radius > MOST_TAPS {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most MOST_TAPS")]
        let taps = Taps::new(sigma, radius as usize, Side::Both);
        let sums = taps.partial_sums(0);
        let present =
            |i: usize| sums[i.min(taps.radius())] + sums[(len - 1 - i).min(taps.radius())] - sums[0];
        let rounded = taps.of(Shape::Moment(0)).into_iter().map(T::from_f64).collect();
        Some(Self { taps: rounded, len, present: (0..len).map(present).collect() })
    }
}
