//! Places along an axis as plotters wants them.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use super::axis::Scale;
use super::ticks::Ticks;

/// A range of places with its ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Ruler {
    range: Range<f64>,
    ticks: Ticks,
}

impl Ruler {
    /// A ruler over `range`, in places on `scale`.
    pub fn new(range: Range<f64>, scale: Scale) -> Self {
        Self { ticks: Ticks::new(&range, scale), range }
    }

    /// The places from end to end.
    pub fn span(&self) -> &Range<f64> {
        &self.range
    }

    /// How far along the ruler a place is, from 0 to 1.
    pub fn share(&self, place: f64) -> f64 {
        (place - self.range.start) / (self.range.end - self.range.start)
    }

    /// Length of the longest label, in characters.
    pub fn longest_label(&self) -> usize {
        self.ticks.labelled.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0)
    }
}

impl Ranged for Ruler {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, place: &f64, limit: (i32, i32)) -> i32 {
        let place = f64::from(limit.0) + self.share(*place) * f64::from(limit.1 - limit.0);
        #[expect(clippy::cast_possible_truncation, reason = "places far outside saturate")]
        let pixel = place.round().clamp(-1e9, 1e9) as i32;
        pixel
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return self.ticks.minor.clone();
        }
        self.ticks.labelled.iter().map(|(place, _)| *place).collect()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Ruler {
    fn format_ext(&self, value: &f64) -> String {
        let mut labelled = self.ticks.labelled.iter();
        labelled.find(|(place, _)| place == value).map_or_else(String::new, |(_, label)| label.clone())
    }
}
