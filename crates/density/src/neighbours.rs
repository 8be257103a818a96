//! Maps from the nearest neighbours of every pixel.

mod hilbert;
mod search;
mod tree;

use hexad_core::InputError;
use hexad_core::simd::{Kernel, Simd, Vector, dispatch, exp};

use crate::exact::tally;
use crate::map::{Map, Normalization};
use crate::{DensityError, Points, View};
use search::Search;
use tree::Tree;

/// Points arranged to find the nearest of any place, by the distance in data units.
///
/// # Examples
///
/// ```
/// use hexad_density::{Neighbours, Points, View};
/// let points = Points::new(&[0.0, 3.0, 0.0], &[0.0, 0.0, 4.0])?;
/// let neighbours = Neighbours::new(&points)?;
/// assert_eq!(neighbours.distances(&Points::new(&[0.0], &[0.0])?, 3)?, [0.0, 3.0, 4.0]);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Neighbours<'a> {
    points: Points<'a>,
    tree: Tree,
}

/// Most neighbours that can be asked for.
const MOST_NEIGHBOURS: usize = 32;

impl<'a> Neighbours<'a> {
    /// Arranges the points that are not missing.
    ///
    /// # Errors
    ///
    /// [`DensityError::WeightsUnknown`] if they have weights; [`DensityError::TooLarge`] for more than 2^31.
    pub fn new(points: &Points<'a>) -> Result<Self, DensityError> {
        if points.weights.is_some() {
            return Err(DensityError::WeightsUnknown);
        }
        let count = points.len() as u64;
        if count > 1 << 31 {
            return Err(DensityError::TooLarge { width: count, height: 1, bytes: count as f64 * 32.0 });
        }
        Ok(Self { points: *points, tree: Tree::new(points) })
    }

    /// How close points are, from 0 to 1: `sum_k exp(-decay d_k^2) / count` over the `count` nearest of each
    /// pixel's centre, d in data units. A score, not a density: it saturates at 1.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] for no neighbours or more than 32, or a negative or infinite decay.
    pub fn score(&self, view: &View, count: usize, decay: f64) -> Result<Map, DensityError> {
        check_count(count, 1)?;
        if !(decay.is_finite() && decay >= 0.0) {
            return Err(InputError::OutOfRange {
                argument: "decay",
                value: decay,
                allowed: "finite and >= 0",
            }
            .into());
        }
        let values = Search::new(&self.tree, count).map(view, &|squares, out| {
            dispatch(Score { squares, decay, share: 1.0 / count as f64, out });
        });
        let (tally, weight) = tally(&self.points, view);
        Ok(Map { view: *view, values, normalization: Normalization::Score, tally, weight, error_bound: 0.0 })
    }

    /// The density from the distance r of the neighbour number `count`: `(count - 1) / (n pi r^2)`, n the number
    /// of points, as a probability; times n as a density. Infinite where `count` points are at the very pixel's
    /// centre, and its integral over the plane diverges: scaled, it is no [`crate::gaussian()`].
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] for fewer than 2 neighbours or more than 32.
    ///
    /// # References
    ///
    /// D. O. Loftsgaarden, C. P. Quesenberry, Annals of Mathematical Statistics 36(3), 1965.
    pub fn density(
        &self,
        view: &View,
        count: usize,
        normalization: Normalization,
    ) -> Result<Map, DensityError> {
        check_count(count, 2)?;
        let scale = (count - 1) as f64 * view.pixel_area() / std::f64::consts::PI;
        let values = Search::new(&self.tree, count).map(view, &|squares, out| {
            let farthest = &squares[(count - 1) * out.len()..];
            out.iter_mut().zip(farthest).for_each(|(out, square)| *out = scale / square);
        });
        Ok(Map::from_counts(*view, values, normalization, tally(&self.points, view), 0.0))
    }

    /// Distances from each of `places` to its `count` nearest points, nearest first, place after place; infinite
    /// where there are fewer points, or for a missing place.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] for no neighbours or more than 32.
    pub fn distances(&self, places: &Points<'_>, count: usize) -> Result<Vec<f64>, DensityError> {
        check_count(count, 1)?;
        Ok(Search::new(&self.tree, count).distances(places))
    }
}

/// `share * sum_k exp(-decay squares_k)` for every pixel.
struct Score<'a> {
    squares: &'a [f64],
    decay: f64,
    share: f64,
    out: &'a mut [f64],
}

impl Kernel<f64, 4> for Score<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) {
        let pixels = self.out.len();
        // The largest square that counts; it also stands for infinity, which times a decay of 0 is no number.
        let farthest = simd.splat(f64::MAX.sqrt());
        for (first, out) in (0..).step_by(4).zip(self.out.chunks_mut(4)) {
            let mut sum = simd.splat(0.0);
            for squares in self.squares.chunks_exact(pixels) {
                let mut four = [f64::INFINITY; 4];
                four[..out.len()].copy_from_slice(&squares[first..first + out.len()]);
                let exponent = simd.load(&four).min(farthest) * simd.splat(-self.decay);
                sum = sum + exp(simd, exponent);
            }
            let mut four = [0.0; 4];
            (sum * simd.splat(self.share)).store(&mut four);
            out.copy_from_slice(&four[..out.len()]);
        }
    }
}

fn check_count(count: usize, least: usize) -> Result<(), DensityError> {
    if (least..=MOST_NEIGHBOURS).contains(&count) {
        return Ok(());
    }
    let allowed = if least == 1 { "from 1 to 32" } else { "from 2 to 32" };
    Err(InputError::OutOfRange { argument: "count", value: count as f64, allowed }.into())
}
