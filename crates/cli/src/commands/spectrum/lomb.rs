//! Spectra of samples at any times, by fits of tones.

use hexad_spectral::{
    Detrend, LombMissing, LombNormalization, LombScargle, LombScargleOptions, SpectralError,
};

use super::found::{Found, Kind};
use crate::args::spectrum::{Missing, ScalingKind, SpectrumArgs};
use crate::error::{Failure, Outcome};
use crate::progress::Progress;
use crate::signal::{check_clock, check_rate, cycle_along, requests, sample_rate};
use crate::table::{self, Gaps, ReadOptions, Role};

/// 12.5 frequencies a sample, with their transforms and results.
const WORK_BYTES_PER_ROW: u64 = 3200;

/// Frequencies to a peak.
const SAMPLES_PER_PEAK: f64 = 5.0;

/// Farthest that times on a grid may stand from it, in steps.
const GRID_TOLERANCE: f64 = 1e-3;

/// Probabilities of false alarm that are drawn.
const LEVELS: [f64; 2] = [0.01, 0.001];

/// The periodogram that `args` ask for.
pub fn find(args: &SpectrumArgs, progress: &Progress) -> Outcome<Found> {
    let origin = &args.signal.origin();
    check_clock(origin)?;
    let skips = args.nan == Some(Missing::Skip);
    let role = Role::Value(if skips { Gaps::Anything } else { Gaps::Refused });
    let options = ReadOptions { keep_text: false, work_bytes_per_row: WORK_BYTES_PER_ROW };
    let table = table::read(origin.input, &requests(origin, role), options, progress)?;
    let rate = sample_rate(origin, table.sample_rate_hz)?;
    let seconds: Vec<f64>;
    let (y, x) = (&table.columns[0], table.columns.get(1));
    let times = match x {
        Some(x) => &x.values,
        None => {
            check_rate(origin, rate, table.rows)?;
            seconds = (0..table.rows).map(|row| row as f64 / rate).collect();
            &seconds
        }
    };
    progress.step("fitting", 0);
    let is_power = args.scaling == ScalingKind::Power;
    let search = Search { times, y: &y.values, detrend: args.detrend(), is_power };
    search.check().map_err(|problem| Failure::work(format!("{}: {problem}", args.signal.input.name())))?;
    let found = search.run().map_err(|error| refused(args, &error))?;
    Ok(Found { name: y.name.clone(), cycle: cycle_along(x), ..found })
}

struct Search<'a> {
    times: &'a [f64],
    y: &'a [f64],
    detrend: Detrend,
    is_power: bool,
}

impl Search<'_> {
    fn check(&self) -> Result<(), String> {
        let used = self.used().count();
        if used < 3 {
            let few = "a tone and a constant need at least 3";
            return Err(format!("holds {used} samples that are not missing; {few}"));
        }
        let first = self.used().next();
        match self.used().any(|time| Some(time) != first) {
            true => Ok(()),
            false => Err("all samples are of one time; check that --x is the right column".to_string()),
        }
    }

    fn run(&self) -> Result<Found, SpectralError> {
        let standard = self.periodogram(LombNormalization::Standard)?;
        let grid = standard.auto_grid(SAMPLES_PER_PEAK, self.highest())?;
        let power = standard.power(&grid)?;
        // By power: amplitudes grow without meaning where there is less than a cycle.
        let larger = |best: usize, index: usize| if power[index] > power[best] { index } else { best };
        let best = (0..grid.len()).reduce(larger).unwrap_or(0);
        let highest = grid.at(grid.len() - 1);
        let level =
            |&probability: &f64| Some((probability, standard.false_alarm_level(probability, highest).ok()?));
        let span = 1.0 / (grid.step_hz() * SAMPLES_PER_PEAK);
        let kind = Kind::Lomb {
            missing: standard.omitted(),
            span,
            // Too few samples have none.
            false_alarm: standard.false_alarm_probability(power[best], highest).ok(),
            levels: LEVELS.iter().filter_map(level).collect(),
        };
        let value = match self.is_power {
            true => power,
            false => self.periodogram(LombNormalization::Amplitude)?.power(&grid)?,
        };
        Ok(Found {
            name: String::new(),
            cycle: cycle_along(None),
            len: standard.samples(),
            frequency: (0..grid.len()).map(|index| grid.at(index)).collect(),
            phase: None,
            band: None,
            peak: Some((grid.at(best), value[best])),
            resolution: 1.0 / span,
            kind,
            value,
        })
    }

    /// Half the rate of the even grid that the times stand on, if they do and it is not too fine: above, all
    /// peaks are images of those below.
    fn highest(&self) -> Option<f64> {
        let mut times: Vec<f64> = self.used().collect();
        times.sort_by(f64::total_cmp);
        let steps = times.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > 0.0);
        let smallest = steps.fold(f64::INFINITY, f64::min);
        let (first, last) = (*times.first()?, *times.last()?);
        let steps = ((last - first) / smallest).round();
        let step = (last - first) / steps;
        let off = |time: &f64| {
            let place = (time - first) / step;
            (place - place.round()).abs()
        };
        let is_fine = 0.5 / step > 2.5 * times.len() as f64 / (last - first);
        (!is_fine && times.iter().all(|time| off(time) <= GRID_TOLERANCE)).then_some(0.5 / step)
    }

    /// Times of the samples that are not missing.
    fn used(&self) -> impl Iterator<Item = f64> {
        let samples = self.times.iter().zip(self.y);
        samples.filter(|(_, y)| y.is_finite()).map(|(time, _)| *time)
    }

    fn periodogram(&self, normalization: LombNormalization) -> Result<LombScargle, SpectralError> {
        // What was to be refused has been, with its line.
        let options = LombScargleOptions::default()
            .with_detrend(self.detrend)
            .with_normalization(normalization)
            .with_missing(LombMissing::Omit);
        LombScargle::new(self.times, self.y, None, &options)
    }
}

fn refused(args: &SpectrumArgs, error: &SpectralError) -> Failure {
    Failure::work(format!("{}: {error}", args.signal.input.name()))
}
