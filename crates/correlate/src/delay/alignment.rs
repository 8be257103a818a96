//! The delay between two lags: from the phase of what overlaps.

use std::f64::consts::{PI, TAU};
use std::ops::Range;

use hexad_core::{InputError, RealFft};

use super::Buffers;
use super::coherence::{Smoothing, Spectra};
use super::kernels::{products, slope_sums, turn_apart};
use super::search::{Peak, bins_of, overlap, transform_len};

/// Samples set to 0 at each end, where a fractional shift does not know what came before, and the ramp beside them.
/// Records shorter than 32 ramps have shorter ends.
const ZEROS: usize = 4;
const RAMP: usize = 16;

/// Rounds of refinement: always, and at most.
const ROUNDS: usize = 2;
const MOST_ROUNDS: usize = 6;

/// What the spectra say of a delay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    /// How much later b is than supposed, in samples.
    pub step: f64,
    /// Of the delay, in squared samples.
    pub variance: f64,
    /// Correlation coefficient in the band, without the polarity.
    pub coefficient: f64,
}

/// Measures how far two records are from a supposed delay.
#[derive(Debug, Clone)]
pub(super) struct Alignment {
    fft: RealFft,
    longest: usize,
    /// Bins used.
    band: Range<usize>,
    /// Share of ramps, if they are longer than they have to be.
    taper: f64,
}

impl Alignment {
    /// For overlaps of at most `longest` samples, in a `band` of cycles per sample, with a share of ramps.
    pub fn new(longest: usize, band: Option<[f64; 2]>, taper: f64) -> Result<Self, InputError> {
        let fft = RealFft::new(transform_len(longest))?;
        let band = bins_of(band.unwrap_or([0.0, 0.5]), fft.len());
        Ok(Self { fft, longest, band, taper })
    }

    pub fn fft(&self) -> &RealFft {
        &self.fft
    }

    pub fn longest(&self) -> usize {
        self.longest
    }

    pub fn band(&self) -> Range<usize> {
        self.band.clone()
    }

    /// From the parabola's top at `peak` to the delay, and what the spectra say there.
    pub fn descend(
        &self,
        peak: &Peak,
        buffers: &mut Buffers,
        by_coherence: bool,
    ) -> Result<(f64, Measured), InputError> {
        let (start, reach) = (peak.lag as f64, peak.reach as f64);
        let mut delay = start + peak.plain_offset;
        let mut measured = self.measure(delay, peak, buffers, by_coherence)?;
        delay = (delay + measured.step).clamp(start - reach, start + reach);
        for round in 1..MOST_ROUNDS {
            measured = self.measure(delay, peak, buffers, by_coherence)?;
            delay = (delay + measured.step).clamp(start - reach, start + reach);
            if round + 1 >= ROUNDS && measured.step * measured.step <= measured.variance {
                break;
            }
        }
        Ok((delay, measured))
    }

    /// How far the records of `buffers` are from `delay`; leaves their spectra there.
    pub fn measure(
        &self,
        delay: f64,
        peak: &Peak,
        buffers: &mut Buffers,
        by_coherence: bool,
    ) -> Result<Measured, InputError> {
        let lengths = [buffers.records[0].len(), buffers.records[1].len()];
        #[expect(clippy::cast_possible_truncation, reason = "a lag")]
        let lag = delay.round() as i64;
        let range = overlap(lengths, lag);
        let overlap = range.len();
        self.cut(range, lag, buffers);
        self.shift(delay - lag as f64, buffers)?;
        let ends = Ends::of(overlap, self.taper);
        for time in &mut buffers.time {
            ends.apply(&mut time[..self.fft.len()], overlap);
        }
        self.transform(buffers)?;

        let dependence = ends.dependence(overlap, self.fft.len());
        self.fill_spectra(Smoothing::new(overlap, dependence), peak.polarity, by_coherence, buffers);
        let mut spectra = buffers.spectra.first(self.fft.spectrum_len());
        Ok(self.read(&spectra.band(self.band()), dependence))
    }

    /// Fills the spectra from the transforms of both records.
    fn fill_spectra(&self, smoothing: Smoothing, polarity: i32, by_coherence: bool, buffers: &mut Buffers) {
        let bins = self.fft.spectrum_len();
        let mut spectra = buffers.spectra.first(bins);
        let [x, y] = &buffers.whole;
        products(&x[..bins], &y[..bins], f64::from(polarity), &mut spectra);
        spectra.smooth(smoothing);
        spectra.weigh(smoothing, by_coherence);
    }

    /// What the spectra of the band say.
    fn read(&self, band: &Spectra, dependence: f64) -> Measured {
        let step = TAU / self.fft.len() as f64;
        let sums = slope_sums(band, step * self.band.start as f64, step);
        let freedom = sums.information * sums.information / (dependence * sums.information_squared);
        let variance = dependence * sums.noise / (2.0 * sums.information * sums.information);
        let total = |values: &[f64]| values.iter().sum::<f64>();
        let power = (total(band.xx) * total(band.yy)).sqrt();
        let coefficient = if power > 0.0 { total(band.re) / power } else { 0.0 };
        // A cross-spectrum that is out of phase on the whole has no slope to follow.
        let found = sums.straight > 0.0 && sums.information > 0.0;
        Measured {
            step: if found { -sums.turned / sums.straight } else { 0.0 },
            variance: if found { variance * (1.0 + 4.0 / freedom) } else { f64::INFINITY },
            coefficient: coefficient.clamp(-1.0, 1.0),
        }
    }

    /// Copies what overlaps, without its mean, and zeros behind it.
    fn cut(&self, range: Range<usize>, lag: i64, buffers: &mut Buffers) {
        let partner = range.start.saturating_add_signed(isize::try_from(lag).unwrap_or(0));
        let ranges = [range.clone(), partner..partner + range.len()];
        for ((time, record), range) in buffers.time.iter_mut().zip(&buffers.records).zip(ranges) {
            let (start, padding) = time[..self.fft.len()].split_at_mut(range.len());
            let mean = record[range.clone()].iter().sum::<f64>() / range.len() as f64;
            for (out, x) in start.iter_mut().zip(&record[range]) {
                *out = x - mean;
            }
            padding.fill(0.0);
        }
    }

    /// Moves the first record later and the second earlier, by half of `samples` each.
    fn shift(&self, samples: f64, buffers: &mut Buffers) -> Result<(), InputError> {
        if samples == 0.0 {
            return Ok(());
        }
        self.transform(buffers)?;
        let (len, bins) = (self.fft.len(), self.fft.spectrum_len());
        let Buffers { whole: [x, y], turned: [turned_x, turned_y], time: [time_x, time_y], work, .. } =
            buffers;
        let out = [&mut turned_x[..bins], &mut turned_y[..bins]];
        turn_apart([&x[..bins], &y[..bins]], PI * samples / len as f64, out);
        for (turned, time) in [(turned_x, time_x), (turned_y, time_y)] {
            self.fft.inverse(&mut turned[..bins], &mut time[..len], work)?;
            let scale = 1.0 / len as f64;
            for x in &mut time[..len] {
                *x *= scale;
            }
        }
        Ok(())
    }

    fn transform(&self, buffers: &mut Buffers) -> Result<(), InputError> {
        let (len, bins) = (self.fft.len(), self.fft.spectrum_len());
        for (time, whole) in buffers.time.iter().zip(&mut buffers.whole) {
            self.fft.forward(&time[..len], &mut whole[..bins], buffers.work)?;
        }
        Ok(())
    }
}

/// How a cut ends.
#[derive(Debug, Clone, Copy)]
struct Ends {
    zeros: usize,
    ramp: usize,
}

impl Ends {
    /// With `share` of the samples in ramps, or the least there must be.
    fn of(samples: usize, share: f64) -> Self {
        let least = RAMP.min(samples / 32);
        let zeros = least * ZEROS / RAMP;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "half the samples")]
        let wanted = (0.5 * share * samples as f64) as usize;
        Self { zeros, ramp: wanted.saturating_sub(zeros).max(least) }
    }

    /// The ramp's values, rising.
    fn values(self) -> impl Iterator<Item = f64> {
        let step = PI / (self.ramp + 1) as f64;
        (1..=self.ramp).map(move |n| 0.5 - 0.5 * (n as f64 * step).cos())
    }

    fn apply(self, time: &mut [f64], samples: usize) {
        let Self { zeros, ramp } = self;
        time[samples - zeros..].fill(0.0);
        time[..zeros].fill(0.0);
        for (n, value) in self.values().enumerate() {
            time[zeros + n] *= value;
            time[samples - 1 - zeros - n] *= value;
        }
        debug_assert!(2 * (zeros + ramp) <= samples);
    }

    /// Bins per independent one in a transform of length `len`: `F sum w^4 / (sum w^2)^2`.
    fn dependence(self, samples: usize, len: usize) -> f64 {
        let flat = (samples - 2 * (self.zeros + self.ramp)) as f64;
        let [squares, fourths] =
            [2, 4].map(|power| flat + 2.0 * self.values().map(|w| w.powi(power)).sum::<f64>());
        len as f64 * fourths / (squares * squares)
    }
}
