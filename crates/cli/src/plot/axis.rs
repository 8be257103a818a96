//! What runs along the sides of a panel.

use std::ops::Range;

/// The quantity along one side of a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Its name and unit.
    pub label: String,
    /// How values are placed.
    pub scale: Scale,
    /// Where the axis begins; what is lower is cut off. `None`: at the lowest value.
    pub floor: Option<f64>,
}

/// How values are placed along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// Evenly, in days since 1970-01-01.
    Dates,
    /// By their logarithm; only positive values have a place.
    Log,
}

impl Axis {
    /// A linear axis.
    pub fn linear(label: impl Into<String>) -> Self {
        Self { label: label.into(), scale: Scale::Linear, floor: None }
    }

    /// An axis of dates if `dates`, else a linear one.
    pub fn linear_or_dates(label: impl Into<String>, dates: bool) -> Self {
        let scale = if dates { Scale::Dates } else { Scale::Linear };
        Self { scale, ..Self::linear(label) }
    }

    /// A logarithmic axis from `floor` up.
    pub fn log(label: impl Into<String>, floor: Option<f64>) -> Self {
        Self { scale: Scale::Log, floor, ..Self::linear(label) }
    }

    /// The place of a value: itself, or its logarithm to base 10. 0 has the place of minus infinity on a
    /// logarithmic axis, negative values have none: NaN.
    pub fn place(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear | Scale::Dates => value,
            Scale::Log => value.log10(),
        }
    }

    /// From the smallest to the largest of `places`, and a `margin` of the span on both sides. From the
    /// floor, where something is below it.
    pub fn range(&self, places: impl Iterator<Item = f64>, margin: f64) -> Range<f64> {
        let finite = places.filter(|place| place.is_finite());
        let (low, high) = finite.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            return 0.0..1.0;
        }
        let floor = self.floor.map_or(f64::MIN, |floor| self.place(floor));
        let is_cut = low < floor && floor < high;
        let low = if is_cut { floor } else { low };
        let span = high / 2.0 - low / 2.0;
        let margin = if span > 0.0 { 2.0 * span * margin } else { low.abs().max(1.0) * 0.5 };
        let start = if is_cut { low } else { (low - margin).max(f64::MIN / 4.0) };
        start..(high + margin).min(f64::MAX / 4.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_all_values_and_a_margin() {
        let values = [3.0, f64::NAN, 1.0, f64::INFINITY];
        assert_eq!(Axis::linear("").range(values.into_iter(), 0.1), 0.8..3.2);
        assert_eq!(Axis::linear("").range([7.0].into_iter(), 0.1), 3.5..10.5);
        assert_eq!(Axis::linear("").range(std::iter::empty(), 0.1), 0.0..1.0);
    }

    #[test]
    fn a_floor_cuts_off_what_is_lower() {
        let axis = Axis::log("", Some(1e-3));
        let places = |values: [f64; 3]| values.map(|value| axis.place(value)).into_iter();
        assert_eq!(axis.range(places([0.0, 1e-9, 10.0]), 0.25), -3.0..2.0);
        assert_eq!(axis.range(places([0.1, 1.0, 10.0]), 0.0), -1.0..1.0);
        // Nothing is above the floor: the values are shown all the same.
        assert_eq!(axis.range(places([1e-9, 1e-8, 1e-7]), 0.0), -9.0..-7.0);
    }
}
