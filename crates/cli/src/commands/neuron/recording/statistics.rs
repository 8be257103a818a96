//! How neurons fire, counted as they do.

use std::ops::Range;

use serde::Serialize;

/// Windows in which spikes are counted for the Fano factor, in ms.
pub const WINDOW_MS: f64 = 100.0;

/// Counts and intervals of every neuron.
pub struct Statistics {
    duration_ms: f64,
    /// Whole windows of the run.
    windows: f64,
    neurons: Vec<Tally>,
}

/// One neuron.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    spikes: u64,
    last_ms: f64,
    mean_interval_ms: f64,
    /// Sum of squared deviations from it.
    squares: f64,
    /// The window in hand, and its spikes.
    window: f64,
    in_window: f64,
    /// Of the windows before.
    counted: f64,
    counted_squares: f64,
}

/// How some neurons fire; `None` where there are too few spikes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Firing {
    pub spikes: u64,
    pub rate_hz: f64,
    pub rate_sd_hz: Option<f64>,
    pub silent: usize,
    pub isi_cv: Option<f64>,
    pub fano: Option<f64>,
}

impl Statistics {
    /// Of `neurons` over `duration_ms`.
    pub fn new(neurons: usize, duration_ms: f64) -> Self {
        let windows = (duration_ms / WINDOW_MS * (1.0 + 1e-12)).floor();
        Self { duration_ms, windows, neurons: vec![Tally::default(); neurons] }
    }

    /// A spike; those of a neuron come in order.
    pub fn add(&mut self, neuron: usize, time_ms: f64) {
        let windows = self.windows;
        if let Some(tally) = self.neurons.get_mut(neuron) {
            tally.add(time_ms, windows);
        }
    }

    /// Spikes, rate in Hz and coefficient of variation (or NaN) of each neuron.
    pub fn rows(&self) -> impl Iterator<Item = [f64; 3]> {
        let rate = |tally: &Tally| 1000.0 * tally.spikes as f64 / self.duration_ms;
        self.neurons
            .iter()
            .map(move |tally| [tally.spikes as f64, rate(tally), tally.cv().unwrap_or(f64::NAN)])
    }

    /// How these neurons fire, each counting alike.
    pub fn firing(&self, neurons: Range<usize>) -> Firing {
        let neurons = &self.neurons[neurons];
        let spikes: u64 = neurons.iter().map(|tally| tally.spikes).sum();
        let mean = spikes as f64 / neurons.len() as f64;
        let squares: f64 = neurons.iter().map(|tally| (tally.spikes as f64 - mean).powi(2)).sum();
        let hz = 1000.0 / self.duration_ms;
        let sd = (squares / (neurons.len() as f64 - 1.0)).sqrt();
        Firing {
            spikes,
            rate_hz: hz * mean,
            rate_sd_hz: (neurons.len() > 1).then_some(hz * sd),
            silent: neurons.iter().filter(|tally| tally.spikes == 0).count(),
            isi_cv: average(neurons.iter().filter_map(Tally::cv)),
            fano: average(neurons.iter().filter_map(|tally| tally.fano(self.windows))),
        }
    }
}

impl Tally {
    fn add(&mut self, time_ms: f64, windows: f64) {
        if self.spikes > 0 {
            let (interval, count) = (time_ms - self.last_ms, self.spikes as f64);
            let above = interval - self.mean_interval_ms;
            self.mean_interval_ms += above / count;
            self.squares += above * (interval - self.mean_interval_ms);
        }
        self.spikes += 1;
        self.last_ms = time_ms;
        let window = (time_ms / WINDOW_MS).floor();
        if window >= windows {
            return;
        }
        if window > self.window {
            self.counted_squares += self.in_window * self.in_window;
            (self.window, self.in_window) = (window, 0.0);
        }
        self.in_window += 1.0;
        self.counted += 1.0;
    }

    /// Standard deviation over mean of the intervals; needs two.
    fn cv(&self) -> Option<f64> {
        let intervals = self.spikes.saturating_sub(1) as f64;
        (intervals > 1.0).then(|| (self.squares / (intervals - 1.0)).sqrt() / self.mean_interval_ms)
    }

    /// Variance over mean of the counts in `windows` windows; needs two of them and a spike.
    fn fano(&self, windows: f64) -> Option<f64> {
        let squares = self.counted_squares + self.in_window * self.in_window;
        let mean = self.counted / windows;
        let variance = (squares - self.counted * mean) / (windows - 1.0);
        (windows > 1.0 && mean > 0.0).then(|| variance / mean)
    }
}

fn average(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_neuro_hh::{Stream, StreamKey, fano_factor, interval_statistics};

    #[test]
    fn one_pass_finds_what_the_library_finds_of_a_train_at_once() {
        let mut stream = Stream::new(&StreamKey::default());
        let (mut now_ms, mut times) = (0.0, Vec::new());
        while now_ms < 5000.0 {
            now_ms += 30.0 * stream.exponential();
            times.push(now_ms);
        }
        times.pop();
        let mut statistics = Statistics::new(2, 5050.0);
        times.iter().for_each(|time_ms| statistics.add(1, *time_ms));
        let firing = statistics.firing(1..2);
        let cv = interval_statistics(&times).cv;
        let fano = fano_factor(&times, WINDOW_MS, 5000.0).unwrap();
        assert!((firing.isi_cv.unwrap() - cv).abs() < 1e-12);
        assert!((firing.fano.unwrap() - fano).abs() < 1e-12);
        assert_eq!(firing.spikes, times.len() as u64);
        let both = statistics.firing(0..2);
        assert_eq!((both.silent, both.rate_hz), (1, 0.5 * firing.rate_hz));
        assert_eq!((both.isi_cv, both.fano), (firing.isi_cv, firing.fano));
    }

    #[test]
    fn what_too_few_spikes_do_not_tell_is_not_told() {
        let mut statistics = Statistics::new(1, 150.0);
        let silent = statistics.firing(0..1);
        assert_eq!((silent.rate_hz, silent.rate_sd_hz, silent.isi_cv, silent.fano), (0.0, None, None, None));
        [10.0, 20.0].into_iter().for_each(|time_ms| statistics.add(0, time_ms));
        assert_eq!((statistics.firing(0..1).isi_cv, statistics.firing(0..1).fano), (None, None));
        statistics.add(0, 30.0);
        assert!(statistics.firing(0..1).isi_cv.unwrap() < 1e-12);
    }
}
