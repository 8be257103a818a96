//! From a map's values to places between 0 and 1.

use clap::ValueEnum;

/// `--scale`: a place by the value, by its square root, by `ln(1 + v / f)` with f four decades below the largest
/// value (or the smallest value, if that is more), or by rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScaleKind {
    Linear,
    Sqrt,
    Log,
    Quantile,
}

/// Where a value stands between nothing, at 0, and the largest, at 1. Fitted once, it serves many pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    high: f64,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Linear,
    Sqrt,
    Log { floor: f64, length: f64 },
    Quantile { steps: Vec<f64> },
}

/// What is smaller, relative to the largest value, is drawn out no further.
const LOG_RANGE: f64 = 1e-4;
const QUANTILE_RANGE: f64 = 1e-6;
const QUANTILES: usize = 1024;

impl Scale {
    /// A scale up to the largest of `values`. Negative, missing and infinite ones do not count.
    pub fn fit(kind: ScaleKind, values: impl Iterator<Item = f64> + Clone) -> Self {
        let positive = values.filter(|value| *value > 0.0 && value.is_finite());
        let high = positive.clone().fold(0.0, f64::max);
        let kind = match kind {
            ScaleKind::Linear => Kind::Linear,
            ScaleKind::Sqrt => Kind::Sqrt,
            ScaleKind::Log => log(positive.fold(high, f64::min), high),
            ScaleKind::Quantile => quantiles(positive.filter(|value| *value >= QUANTILE_RANGE * high)),
        };
        Self { high, kind }
    }

    /// The value at 1.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// The place of a value, from 0 to 1. Nothing, less and NaN are at 0.
    #[inline]
    pub fn place(&self, value: f64) -> f64 {
        if value.is_nan() || value <= 0.0 {
            return 0.0;
        }
        if value >= self.high {
            return 1.0;
        }
        match &self.kind {
            Kind::Linear => value / self.high,
            Kind::Sqrt => (value / self.high).sqrt(),
            Kind::Log { floor, length } => (value / floor).ln_1p() / length,
            Kind::Quantile { steps } => rank(steps, value),
        }
    }

    /// The place in 255ths: an index of a palette.
    #[inline]
    pub fn index(&self, value: f64) -> u8 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255.5")]
        let index = (255.0 * self.place(value) + 0.5) as u8;
        index
    }

    /// The value at a place.
    pub fn value(&self, place: f64) -> f64 {
        match &self.kind {
            Kind::Linear => place * self.high,
            Kind::Sqrt => place * place * self.high,
            Kind::Log { floor, length } => floor * (place * length).exp_m1(),
            Kind::Quantile { steps } => {
                let last = steps.len().saturating_sub(1);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
                let step = (place * steps.len() as f64 - 1.0).round().clamp(0.0, last as f64) as usize;
                steps.get(step).copied().unwrap_or(0.0)
            }
        }
    }

    /// What kind it is.
    pub fn kind(&self) -> ScaleKind {
        match self.kind {
            Kind::Linear => ScaleKind::Linear,
            Kind::Sqrt => ScaleKind::Sqrt,
            Kind::Log { .. } => ScaleKind::Log,
            Kind::Quantile { .. } => ScaleKind::Quantile,
        }
    }

    /// The value from which a logarithmic scale is one.
    pub fn floor(&self) -> f64 {
        match self.kind {
            Kind::Log { floor, .. } => floor,
            _ => 0.0,
        }
    }
}

fn log(low: f64, high: f64) -> Kind {
    // The smallest numbers times the range are 0.
    let floor = low.max(LOG_RANGE * high).max(f64::MIN_POSITIVE);
    Kind::Log { floor, length: (high / floor).ln_1p().max(f64::MIN_POSITIVE) }
}

fn quantiles(values: impl Iterator<Item = f64>) -> Kind {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let count = sorted.len().min(QUANTILES);
    let last = sorted.len().saturating_sub(1);
    let steps = (0..count).map(|step| sorted[step * last / (count - 1).max(1)]).collect();
    Kind::Quantile { steps }
}

/// The share of the steps that are not above a value; half of those that equal it.
fn rank(steps: &[f64], value: f64) -> f64 {
    let below = steps.partition_point(|step| *step < value);
    let not_above = below + steps[below..].partition_point(|step| *step <= value);
    let rank = if below < not_above {
        0.5 * (below + 1 + not_above) as f64
    } else {
        match (below.checked_sub(1), steps.get(below)) {
            (Some(before), Some(after)) => {
                let before = steps[before];
                below as f64 + (value - before) / (after - before)
            }
            _ => below as f64,
        }
    };
    rank / steps.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [ScaleKind; 4] = [ScaleKind::Linear, ScaleKind::Sqrt, ScaleKind::Log, ScaleKind::Quantile];

    #[test]
    fn places_rise_from_nothing_at_0_to_the_largest_at_1() {
        let values: Vec<f64> = (0..500).map(|i| f64::from(i * i) * 1e-3).collect();
        for kind in KINDS {
            let scale = Scale::fit(kind, values.iter().copied());
            assert_eq!(
                [scale.place(0.0), scale.place(scale.high()), scale.place(f64::INFINITY)],
                [0.0, 1.0, 1.0]
            );
            assert_eq!([scale.place(-1.0), scale.place(f64::NAN)], [0.0, 0.0]);
            for pair in values.windows(2) {
                assert!(scale.place(pair[1]) >= scale.place(pair[0]), "{kind:?} {pair:?}");
            }
            let middle = scale.value(0.5);
            // A quantile is one of the values: 499 of them.
            assert!((scale.place(middle) - 0.5).abs() < 2.0 / 499.0, "{kind:?} {middle}");
        }
    }

    #[test]
    fn quantiles_share_the_colours_among_the_pixels() {
        let values: Vec<f64> = (0..10_000).map(|i| (f64::from(i) * 1e-3).exp()).collect();
        let scale = Scale::fit(ScaleKind::Quantile, values.iter().copied());
        let low = values.iter().filter(|value| scale.place(**value) < 0.25).count();
        assert!(low.abs_diff(2500) < 20, "{low}");
        // Equal values stand in the middle of the places they fill.
        let ties = Scale::fit(ScaleKind::Quantile, [1.0, 1.0, 1.0, 2.0].into_iter());
        assert_eq!(ties.place(1.0), 0.5);
    }

    #[test]
    fn the_smallest_count_shows_on_a_logarithmic_scale() {
        let scale = Scale::fit(ScaleKind::Log, [0.0, 1.0, 100.0].into_iter());
        assert!((scale.place(1.0) - 2_f64.ln() / 101_f64.ln()).abs() < 1e-15);
        // Far tails do not draw it out.
        let far = Scale::fit(ScaleKind::Log, [1e-200, 1.0].into_iter());
        assert_eq!(far.floor(), 1e-4);
    }

    #[test]
    fn extreme_and_absent_values_have_places() {
        for values in
            [vec![], vec![0.0], vec![5e-324], vec![f64::MAX, 1.0], vec![f64::INFINITY, 3.0], vec![-1.0]]
        {
            for kind in KINDS {
                let scale = Scale::fit(kind, values.iter().copied());
                for value in [0.0, 5e-324, 1.0, f64::MAX, f64::INFINITY] {
                    assert!((0.0..=1.0).contains(&scale.place(value)), "{kind:?} {values:?} {value}");
                }
            }
        }
    }
}
