//! The rows of hexad-spectral.

use std::error::Error;
use std::f64::consts::TAU;

use hexad_core::{Complex64, RealFft, Workspace};
use hexad_spectral::{
    Detrend, FrequencyGrid, LineSelector, LombMethod, LombScargle, LombScargleOptions, SpectralError,
    WelchOptions, WelchPlan,
};
use hexad_testkit::{Random, max_difference};
use serde_json::{Value, json};

use super::clock::time;
use super::growth::Job;
use super::peers::{Environment, share};
use super::row::{Make, Other, Row, Target, Work, work};

/// Transforms of one call, so that short ones can be timed.
const SAMPLES_A_CALL: usize = 1 << 20;
const PRIME: usize = 1_000_003;

pub(crate) fn rows() -> Vec<(String, Make)> {
    let mut rows: Vec<(String, Make)> = Vec::new();
    let mut add = |name: String, make: Make| rows.push((name, make));
    for bits in 12..=20 {
        let goal = if bits <= 12 { 0.9 } else { 1.1 };
        let name = format!("real FFT of 2^{bits}, beside FFTW with a measured plan");
        add(name, Box::new(move || transform_row(1 << bits, "rfft_fftw", goal)));
    }
    for bits in 12..=20 {
        let goal = if bits <= 16 { 3.0 } else { 1.5 };
        let name = format!("real FFT of 2^{bits}, beside NumPy");
        add(name, Box::new(move || transform_row(1 << bits, "rfft_numpy", goal)));
    }
    let name = format!("real FFT of the prime {PRIME}, beside FFTW with a measured plan");
    add(name, Box::new(|| transform_row(PRIME, "rfft_fftw", 1.5)));
    add("Welch, 4e6 samples, segments of 4096, Hann, half overlapped".to_owned(), Box::new(welch_row));
    add("the fewest lines for 1 % of 2^20 samples, transform excluded".to_owned(), Box::new(lines_row));
    add("Lomb-Scargle, 1e4 samples, 5e4 frequencies".to_owned(), Box::new(lomb_row));
    rows
}

pub(crate) const GROWTH: Job = Job {
    what: "Welch, segments of 4096, Hann, half overlapped",
    items: "samples",
    sizes: [100_000, 1_000_000, 10_000_000, 100_000_000],
    run: |len| {
        let signal = noise(len);
        time(|| welch_plan()?.apply(&signal).map(drop).map_err(Into::into))
    },
};

fn noise(len: usize) -> Vec<f64> {
    Random::new(1).vector(len, -1.0, 1.0)
}

/// A sample of a real transform, as is the custom: half of 5 N log2 N for N complex ones.
fn transform_flops(len: usize) -> f64 {
    2.5 * (len as f64).log2()
}

/// Real transforms whose plan and buffers are kept, ours and the peer's.
fn transform_row(len: usize, call: &'static str, goal: f64) -> Result<Row, Box<dyn Error>> {
    let repeats = (SAMPLES_A_CALL / len).max(1);
    let signal = noise(len);
    let input = share(&format!("noise_{len}"), &[len], &signal)?;
    Ok(Row {
        items: len * repeats,
        error: transform_error(&signal)?,
        ours: transforms(signal, repeats)?,
        other: Other::Peer(
            Environment::Common,
            call,
            json!({ "call": call, "input": input, "repeats": repeats }),
        ),
        target: Target::TimesFaster(goal),
        flops: Some(transform_flops(len)),
    })
}

fn transforms(signal: Vec<f64>, repeats: usize) -> Result<Work, Box<dyn Error>> {
    let fft = RealFft::new(signal.len())?;
    let (mut real, mut complex) = (Workspace::new(), Workspace::new());
    real.fields([signal.len()])[0].copy_from_slice(&signal);
    Ok(work(move || {
        let [buffer] = real.fields([fft.len()]);
        let [spectrum, scratch] = complex.fields([fft.spectrum_len(), fft.scratch_len()]);
        (0..repeats).try_for_each(|_| fft.forward(buffer, spectrum, scratch))
    }))
}

/// Largest error of a few bins against their sums, over the largest bin.
fn transform_error(signal: &[f64]) -> Result<f64, Box<dyn Error>> {
    let len = signal.len();
    let fft = RealFft::new(len)?;
    let mut spectrum = vec![Complex64::default(); fft.spectrum_len()];
    let mut scratch = vec![Complex64::default(); fft.scratch_len()];
    fft.forward(signal, &mut spectrum, &mut scratch)?;
    let largest = spectrum.iter().fold(0.0_f64, |largest, value| largest.max(value.norm()));
    let sum = |bin: usize| -> Complex64 {
        let turn = |n: usize| -TAU * (bin * n % len) as f64 / len as f64;
        signal.iter().enumerate().map(|(n, x)| Complex64::from_polar(*x, turn(n))).sum()
    };
    let errors = [0, 1, len / 7, len / 3, len / 2].map(|bin| (spectrum[bin] - sum(bin)).norm() / largest);
    Ok(errors.into_iter().fold(0.0, f64::max))
}

const SEGMENT: usize = 4096;

fn welch_plan() -> Result<WelchPlan, SpectralError> {
    WelchPlan::new(SEGMENT, 1.0, &WelchOptions::default().with_detrend(Detrend::Constant))
}

fn welch_row() -> Result<Row, Box<dyn Error>> {
    const LEN: usize = 4_000_000;
    let signal = noise(LEN);
    let input = share("welch", &[LEN], &signal)?;
    let plan = welch_plan()?;
    let mut spectrum = plan.apply(&signal)?;
    let error = spectrum.parseval_residual();
    let mut scratch = plan.make_scratch();
    Ok(Row {
        items: LEN,
        ours: work(move || plan.apply_into(&signal, &mut spectrum, &mut scratch)),
        other: Other::Peer(
            Environment::Common,
            "scipy.signal.welch",
            json!({ "call": "welch", "input": input, "segment": SEGMENT }),
        ),
        target: Target::TimesFaster(8.0),
        error,
        // Each sample is in two segments.
        flops: Some(2.0 * transform_flops(SEGMENT)),
    })
}

/// Weights of a decaying spectrum in random order of size, beside one transform of the samples.
fn lines_row() -> Result<Row, Box<dyn Error>> {
    let mut random = Random::new(4);
    let weights: Vec<f64> =
        (0..=SAMPLES_A_CALL / 2).map(|k| random.unit().powi(4) / (1.0 + k as f64)).collect();
    let mut selector = LineSelector::default();
    Ok(Row {
        items: weights.len(),
        error: f64::NAN,
        ours: work(move || selector.fewest(&weights, 0.01).map(drop)),
        other: Other::Ours("one real FFT", transforms(noise(SAMPLES_A_CALL), 1)?),
        target: Target::AtMostTimes(1.0),
        flops: None,
    })
}

fn lomb_row() -> Result<Row, Box<dyn Error>> {
    const LEN: usize = 10_000;
    const FREQUENCIES: usize = 50_000;
    let mut random = Random::new(2);
    let mut time = random.vector(LEN, 0.0, LEN as f64);
    time.sort_by(f64::total_cmp);
    let y: Vec<f64> = time.iter().map(|t| (0.3 * t).sin() + random.normal()).collect();
    let grid = FrequencyGrid::new(1e-5, 1e-5, FREQUENCIES)?;
    let power = |method: LombMethod| {
        let options = LombScargleOptions::default().with_method(method);
        LombScargle::new(&time, &y, None, &options)?.power(&grid)
    };
    let error = max_difference(&power(LombMethod::Fast)?, &power(LombMethod::Direct)?);
    let call: Value = json!({
        "call": "lomb_scargle", "input": share("lomb_t", &[LEN], &time)?, "y": share("lomb_y", &[LEN], &y)?,
        "start": 1e-5, "step": 1e-5, "frequencies": FREQUENCIES,
    });
    Ok(Row {
        items: FREQUENCIES,
        ours: work(move || {
            LombScargle::new(&time, &y, None, &LombScargleOptions::default())?.power(&grid).map(drop)
        }),
        other: Other::Peer(Environment::Common, "astropy, method fast", call),
        target: Target::TimesFaster(5.0),
        error,
        flops: None,
    })
}
