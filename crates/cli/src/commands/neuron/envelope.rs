//! Traces of any length in as many points as a picture can show.

/// Columns of a picture: two points in each are about one for each of its pixels.
const COLUMNS: u64 = 1000;

/// Curves over time, the lowest and the highest value of each in every column of a picture.
pub struct Envelope<const N: usize> {
    per_column: u64,
    seen: u64,
    low: [(f64, f64); N],
    high: [(f64, f64); N],
    curves: [Curve; N],
}

/// Points of one curve.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    pub time_ms: Vec<f64>,
    pub value: Vec<f64>,
}

impl<const N: usize> Envelope<N> {
    /// For so many samples.
    pub fn new(samples: u64) -> Self {
        let (low, high) = ([(0.0, f64::INFINITY); N], [(0.0, f64::NEG_INFINITY); N]);
        let curves = std::array::from_fn(|_| Curve::default());
        Self { per_column: samples.div_ceil(COLUMNS), seen: 0, low, high, curves }
    }

    /// One sample.
    pub fn see(&mut self, time_ms: f64, values: [f64; N]) {
        for (index, value) in values.into_iter().enumerate() {
            if value < self.low[index].1 {
                self.low[index] = (time_ms, value);
            }
            if value > self.high[index].1 {
                self.high[index] = (time_ms, value);
            }
        }
        self.seen += 1;
        if self.seen.is_multiple_of(self.per_column) {
            self.close_column();
        }
    }

    /// The curves.
    pub fn finish(mut self) -> [Curve; N] {
        self.close_column();
        self.curves
    }

    fn close_column(&mut self) {
        for index in 0..N {
            let (low, high) = (self.low[index], self.high[index]);
            let ends = if low.0 <= high.0 { [low, high] } else { [high, low] };
            let points = if low == high { &ends[..1] } else { &ends[..] };
            for (time_ms, value) in points.iter().filter(|point| point.1.is_finite()) {
                self.curves[index].time_ms.push(*time_ms);
                self.curves[index].value.push(*value);
            }
            (self.low[index], self.high[index]) = ((0.0, f64::INFINITY), (0.0, f64::NEG_INFINITY));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_trace_is_kept_and_a_long_one_keeps_its_extremes() {
        let mut short = Envelope::<1>::new(3);
        [1.0, 5.0, 2.0].into_iter().enumerate().for_each(|(i, v)| short.see(i as f64, [v]));
        let [curve] = short.finish();
        assert_eq!((curve.time_ms, curve.value), (vec![0.0, 1.0, 2.0], vec![1.0, 5.0, 2.0]));

        let mut long = Envelope::<1>::new(1_000_000);
        (0..1_000_000).for_each(|i| long.see(f64::from(i), [if i == 123_456 { 9.0 } else { 0.0 }]));
        let [curve] = long.finish();
        assert!(curve.value.len() <= 2000 && curve.time_ms.is_sorted());
        let peak = curve.value.iter().position(|value| *value == 9.0).unwrap();
        assert_eq!(curve.time_ms[peak], 123_456.0);
    }
}
