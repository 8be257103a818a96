//! A finished map: one value per pixel, and what the numbers mean.

use hexad_core::check_length;

use crate::{DensityError, Tally, View};

/// What the values of a map mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Normalization {
    /// Points (or weight) per pixel.
    Count,
    /// Points (or weight) per data unit squared.
    #[default]
    Density,
    /// The integral over the whole plane is 1.
    Probability,
    /// The largest pixel is 1.
    Max,
    /// From 0 to 1, of [`crate::Neighbours::score`]: no density, and not to be turned into one.
    Score,
}

/// Values at the centres of a view's pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    pub(crate) view: View,
    pub(crate) values: Vec<f64>,
    pub(crate) normalization: Normalization,
    pub(crate) tally: Tally,
    pub(crate) weight: f64,
    pub(crate) error_bound: f64,
}

impl Map {
    /// A map of values from elsewhere, one a pixel, row by row from the bottom: put together from parts, or to find
    /// its contours. `tally` and `weight` are those of its points, as far as they are known.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] unless there are as many values as pixels.
    pub fn from_values(
        view: View,
        values: Vec<f64>,
        normalization: Normalization,
        tally: Tally,
        weight: f64,
    ) -> Result<Self, DensityError> {
        check_length("values", values.len(), view.pixels())?;
        Ok(Self { view, values, normalization, tally, weight, error_bound: 0.0 })
    }

    /// From points per pixel; `weight` is that of all points, in the view or not.
    pub(crate) fn from_counts(
        view: View,
        values: Vec<f64>,
        normalization: Normalization,
        (tally, weight): (Tally, f64),
        error_bound: f64,
    ) -> Self {
        let counted = Normalization::Count;
        let mut map = Self { view, values, normalization: counted, tally, weight, error_bound };
        map.set_counted(normalization, (tally, weight));
        map
    }

    /// Makes `normalization` of values that are points per pixel.
    fn set_counted(&mut self, normalization: Normalization, counted: (Tally, f64)) {
        self.write_counted(normalization, counted, |factor, values| {
            values.iter_mut().for_each(|value| *value *= factor);
        });
    }

    /// Makes `normalization` of what `write` writes: points per pixel times the factor that it is given.
    pub(crate) fn write_counted(
        &mut self,
        normalization: Normalization,
        (tally, weight): (Tally, f64),
        write: impl FnOnce(f64, &mut [f64]),
    ) {
        (self.tally, self.weight, self.normalization) = (tally, weight, Normalization::Count);
        if normalization == Normalization::Max {
            write(1.0, &mut self.values);
            self.scale(self.factor(normalization));
        } else {
            write(self.factor(normalization), &mut self.values);
        }
        self.normalization = normalization;
    }

    /// The view.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// The values, row by row from the bottom, `y0`.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values themselves, as [`Map::values`].
    #[must_use]
    pub fn into_values(self) -> Vec<f64> {
        self.values
    }

    /// The value of a pixel, if the view has it.
    #[must_use]
    pub fn value(&self, column: usize, row: usize) -> Option<f64> {
        let there = column < self.view.width() && row < self.view.height();
        there.then(|| self.values[row * self.view.width() + column])
    }

    /// What the values mean.
    #[must_use]
    pub fn normalization(&self) -> Normalization {
        self.normalization
    }

    /// How many points came, and where they went.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Weight of all points that are not missing, in the view or not.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// Bound on the error of a value, relative to the largest that one point could make: the peak of the map
    /// if all points were in one place. 0 for counts and exact sums.
    #[must_use]
    pub fn error_bound(&self) -> f64 {
        self.error_bound
    }

    /// Sum of the values.
    #[must_use]
    pub fn sum(&self) -> f64 {
        // Row by row: the rounding errors of millions of pixels do not pile up.
        self.values.chunks(self.view.width()).map(|row| row.iter().sum::<f64>()).sum()
    }

    /// The largest value, and the column and row where it stands (the first of equals).
    #[must_use]
    pub fn max(&self) -> (f64, [usize; 2]) {
        let mut best = (0, self.values[0]);
        for (index, value) in self.values.iter().enumerate() {
            if *value > best.1 {
                best = (index, *value);
            }
        }
        (best.1, [best.0 % self.view.width(), best.0 / self.view.width()])
    }

    /// The same map in another normalization. From [`Normalization::Max`] and to or from [`Normalization::Score`]
    /// there is no way: the map stays as it is.
    #[must_use]
    pub fn normalized(mut self, normalization: Normalization) -> Self {
        let stays = [Normalization::Max, Normalization::Score];
        if !stays.contains(&self.normalization) && normalization != Normalization::Score {
            let factor = self.factor(normalization) / self.factor(self.normalization);
            self.scale(factor);
            self.normalization = normalization;
        }
        self
    }

    /// From counts per pixel to `normalization`. A map of nothing stays 0.
    fn factor(&self, normalization: Normalization) -> f64 {
        let per = match normalization {
            Normalization::Count | Normalization::Score => 1.0,
            Normalization::Density => self.view.pixel_area(),
            Normalization::Probability => self.view.pixel_area() * self.weight,
            Normalization::Max => self.max().0 * self.factor(self.normalization).recip(),
        };
        if per == 0.0 { 1.0 } else { 1.0 / per }
    }

    fn scale(&mut self, factor: f64) {
        if factor != 1.0 {
            self.values.iter_mut().for_each(|value| *value *= factor);
        }
    }
}
