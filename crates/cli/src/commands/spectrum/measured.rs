//! Spectra of even samples, by transforms.

use hexad_spectral::{
    Average, Scaling, SpectralError, Spectrum, SpectrumOptions, SpectrumPlan, WelchOptions, WelchPlan,
    WelchStream,
};

use super::found::{Found, Interval, Kind};
use crate::args::spectrum::SpectrumArgs;
use crate::error::{Failure, Outcome};
use crate::memory;
use crate::progress::Progress;
use crate::signal::{Known, Signal, read_pieces, refused};

/// Window, samples, transform, scratch and results, per sample; a prime number of samples takes the most,
/// others a third of it.
const WORK_BYTES_PER_ROW: u64 = 48 * 8;

/// The spectrum that `args` ask for.
///
/// The rate of a signal that comes in pieces is known when all of it has passed. So every spectrum is made
/// at one sample per unit of x, and scaled in the end.
pub fn find(args: &SpectrumArgs, progress: &Progress) -> Outcome<Found> {
    let (known, spectrum) = match (args.segment, args.average()) {
        (None, _) => whole(args, progress)?,
        (Some(segment), Average::Mean) => mean(args, segment, progress)?,
        (Some(segment), Average::Median) => median(args, segment, progress)?,
    };
    scaled(args, known, &spectrum).map_err(|error| not_done(args, &error))
}

fn whole(args: &SpectrumArgs, progress: &Progress) -> Outcome<(Known, Spectrum)> {
    let signal = Signal::read(&args.signal, false, WORK_BYTES_PER_ROW, progress)?;
    let known = known(&signal);
    progress.step("transforming", 0);
    let options = SpectrumOptions::default()
        .with_window(args.window())
        .with_detrend(args.detrend())
        .with_start_s(known.start * known.sample_rate);
    let spectrum =
        SpectrumPlan::new(signal.len(), 1.0, &options).and_then(|plan| plan.apply(&signal.y.values));
    Ok((known, spectrum.map_err(|error| not_done(args, &error))?))
}

/// In memory for a few segments, whatever the length of the signal.
fn mean(args: &SpectrumArgs, segment: usize, progress: &Progress) -> Outcome<(Known, Spectrum)> {
    // A segment's worth of samples is waited for: what is longer than the data is never planned.
    let mut held = Vec::new();
    let mut stream: Option<WelchStream> = None;
    let name = args.signal.input.name();
    let known = read_pieces(&args.signal, progress, |samples| {
        if let Some(stream) = &mut stream {
            return stream.push(samples).map_err(|error| not_done(args, &error));
        }
        held.extend_from_slice(samples);
        memory::check(&name, held.len() as u64 * WORK_BYTES_PER_ROW)?;
        if held.len() < segment {
            return Ok(());
        }
        let begun = plan(args, segment).and_then(|plan| {
            let mut begun = plan.stream()?;
            begun.push(&std::mem::take(&mut held))?;
            Ok(begun)
        });
        stream = Some(begun.map_err(|error| not_done(args, &error))?);
        Ok(())
    })?;
    let Some(stream) = stream else { return Err(too_short(args, segment, known.len)) };
    let spectrum = stream.spectrum().map_err(|error| not_done(args, &error))?;
    Ok((known, spectrum))
}

fn median(args: &SpectrumArgs, segment: usize, progress: &Progress) -> Outcome<(Known, Spectrum)> {
    let signal = Signal::read(&args.signal, false, 0, progress)?;
    let known = known(&signal);
    if segment > known.len {
        return Err(too_short(args, segment, known.len));
    }
    let name = args.signal.input.name();
    memory::check(&name, segment as u64 * WORK_BYTES_PER_ROW)?;
    let plan = plan(args, segment).map_err(|error| not_done(args, &error))?;
    memory::check(&name, 8 * (plan.segments(known.len) as u64).saturating_mul(segment as u64 / 2 + 1))?;
    progress.step("transforming", 0);
    let spectrum = plan.apply(&signal.y.values).map_err(|error| not_done(args, &error))?;
    Ok((known, spectrum))
}

fn plan(args: &SpectrumArgs, segment: usize) -> Result<WelchPlan, SpectralError> {
    let default = WelchOptions::default();
    let options = default
        .with_window(args.window())
        .with_detrend(args.detrend())
        .with_overlap(args.overlap.unwrap_or(default.overlap))
        .with_average(args.average());
    WelchPlan::new(segment, 1.0, &options)
}

fn known(signal: &Signal) -> Known {
    Known {
        name: signal.y.name.clone(),
        len: signal.len(),
        sample_rate: signal.sample_rate,
        start: signal.x.values.first().copied().unwrap_or(0.0),
        cycle: signal.cycle.clone(),
    }
}

/// The library's refusal. Of options, only the window has not been checked before.
fn not_done(args: &SpectrumArgs, error: &SpectralError) -> Failure {
    match refused(&args.signal, error) {
        Failure::Usage(problem) => Failure::usage(format!("--window {}: {problem}", args.window())),
        failure => failure,
    }
}

fn too_short(args: &SpectrumArgs, segment: usize, len: usize) -> Failure {
    let name = args.signal.input.name();
    Failure::usage(format!("--segment {segment}: {name} holds {len} samples; give at most those"))
}

/// A spectrum at one sample per unit, as one at the signal's rate.
fn scaled(args: &SpectrumArgs, known: Known, spectrum: &Spectrum) -> Result<Found, SpectralError> {
    let (scaling, rate) = (args.scaling(), known.sample_rate);
    let segment_len = spectrum.segment_len();
    let factor = match scaling {
        Scaling::Density | Scaling::Transform => 1.0 / rate,
        Scaling::Energy => 1.0 / (rate * rate),
        _ => 1.0,
    };
    let frequency: Vec<f64> = (0..spectrum.len()).map(|bin| bin as f64 * rate / segment_len as f64).collect();
    let value: Vec<f64> = (0..spectrum.len()).map(|bin| factor * spectrum.value(scaling, bin)).collect();
    let phase = match scaling {
        Scaling::Transform => {
            spectrum.fourier_transform().map(|transform| transform.iter().map(|value| value.arg()).collect())
        }
        _ => spectrum.phases(),
    };
    let band = match args.confidence {
        None => None,
        Some(level) => {
            let intervals = spectrum.confidence(scaling, level)?;
            Some(Interval {
                lower: intervals.iter().map(|interval| factor * interval.lower).collect(),
                upper: intervals.iter().map(|interval| factor * interval.upper).collect(),
            })
        }
    };
    let peak = spectrum.peak_bin(scaling).map(|bin| (frequency[bin], value[bin]));
    Ok(Found {
        name: known.name,
        cycle: known.cycle,
        len: known.len,
        phase,
        band,
        peak,
        resolution: rate / segment_len as f64,
        kind: Kind::Transform {
            sample_rate: rate,
            enbw: spectrum.enbw_hz() * rate,
            segment_len,
            segments: spectrum.segments(),
            effective_segments: spectrum.effective_segments(),
            parseval_residual: spectrum.parseval_residual(),
        },
        frequency,
        value,
    })
}
