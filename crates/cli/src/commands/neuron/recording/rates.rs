//! The rate of populations over time.

use super::Group;

/// Most bins of a picture.
const MOST_BINS: f64 = 500.0;

/// Spikes of every group in bins of time.
pub struct Rates {
    pub bin_ms: f64,
    duration_ms: f64,
    /// One row for each group.
    counts: Vec<Vec<u64>>,
    sizes: Vec<f64>,
}

impl Rates {
    /// Of these groups over `duration_ms`.
    pub fn new(groups: &[Group], duration_ms: f64, bin_ms: f64) -> Self {
        let sizes = groups.iter().map(|group| group.neurons.len() as f64).collect();
        Self { bin_ms, duration_ms, counts: vec![vec![0; bins(duration_ms, bin_ms)]; groups.len()], sizes }
    }

    /// A spike of a neuron in group `group`.
    pub fn add(&mut self, group: usize, time_ms: f64) {
        let bins = &mut self.counts[group];
        let last = bins.len() - 1;
        bins[whole(time_ms / self.bin_ms).min(last)] += 1;
    }

    /// The middle of every bin, in ms.
    pub fn times_ms(&self) -> Vec<f64> {
        (0..self.counts[0].len()).map(|bin| 0.5 * (self.start_ms(bin) + self.start_ms(bin + 1))).collect()
    }

    /// Spikes per neuron and second of group `group`, in Hz.
    pub fn rates_hz(&self, group: usize) -> Vec<f64> {
        let width_s = |bin: usize| 1e-3 * (self.start_ms(bin + 1) - self.start_ms(bin));
        let rate = |(bin, count): (usize, &u64)| *count as f64 / (self.sizes[group] * width_s(bin));
        self.counts[group].iter().enumerate().map(rate).collect()
    }

    /// Where a bin begins; the last may be shorter than the others.
    fn start_ms(&self, bin: usize) -> f64 {
        (bin as f64 * self.bin_ms).min(self.duration_ms)
    }
}

/// Bins of `bin_ms` in `duration_ms`: a sliver that rounding leaves over is none.
pub fn bins(duration_ms: f64, bin_ms: f64) -> usize {
    whole((duration_ms / bin_ms * (1.0 - 1e-12)).ceil()).max(1)
}

/// Round bins that a picture has room for.
pub fn fitting_bin_ms(duration_ms: f64) -> f64 {
    let mut bin_ms = if duration_ms >= 20.0 { 1.0 } else { 0.1 };
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if duration_ms / bin_ms <= MOST_BINS {
            break;
        }
        bin_ms *= factor;
    }
    bin_ms
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, saturates")]
fn whole(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_integrate_to_the_count_whatever_the_last_bin() {
        let groups = [Group { name: String::new(), neurons: 0..4 }];
        let mut rates = Rates::new(&groups, 10.5, 2.0);
        [0.0, 1.9, 2.0, 10.4, 10.5].into_iter().for_each(|time_ms| rates.add(0, time_ms));
        assert_eq!(rates.times_ms(), [1.0, 3.0, 5.0, 7.0, 9.0, 10.25]);
        assert_eq!(rates.rates_hz(0), [250.0, 125.0, 0.0, 0.0, 0.0, 1000.0]);
        assert_eq!(Rates::new(&groups, 30.0, 0.1).times_ms().len(), 300);
    }

    #[test]
    fn bins_are_round() {
        for (duration_ms, bin_ms) in [(10.0, 0.1), (300.0, 1.0), (1000.0, 2.0), (2500.0, 5.0), (1e5, 200.0)] {
            assert!((fitting_bin_ms(duration_ms) - bin_ms).abs() < 1e-12, "{duration_ms}");
        }
    }
}
