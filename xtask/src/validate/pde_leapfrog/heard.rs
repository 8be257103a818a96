//! What other crates find in what receivers hear.

use std::error::Error;
use std::f64::consts::{PI, TAU};

use hexad_correlate::{DelayOptions, DelayPlan, Verdict};
use hexad_pde_leapfrog::{
    Absorbing, Clock, Dispersion, Functions, Grid, Medium, Model, Order, RigidMode, Side, Simulation,
    Solution, Source, Start, WaveError, Wavelet,
};
use hexad_spectral::{
    FitLinesOptions, FitUntil, LineConstant, Scaling, SpectrumOptions, Window, fit_lines, spectrum,
};
use hexad_testkit::Random;

use super::largest;
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

/// Speed of sound in m/s.
const SPEED: f64 = 343.0;
/// Where receivers are, in m along a tube of 10 m with a source at 1 m.
const RECEIVERS: [f64; 3] = [1.7, 4.213, 8.1307];
/// The source is noise in this band, in Hz.
const BAND_HZ: [f64; 2] = [100.0, 1000.0];
/// Steps of the wave from one sample to the next.
const EVERY: usize = 40;

/// Noise in a band, by tones at all multiples of one over its length.
fn band_noise(end_s: f64, random: &mut Random) -> Wavelet {
    #[expect(clippy::cast_possible_truncation, reason = "some hundreds")]
    let [low, high] = BAND_HZ.map(|frequency| (frequency * end_s) as i32);
    let tones: Vec<(f64, f64)> =
        (low..=high).map(|k| (TAU * f64::from(k) / end_s, random.uniform(0.0, TAU))).collect();
    let step = 2e-5;
    #[expect(clippy::cast_possible_truncation, reason = "some ten thousands")]
    let values = (0..(end_s / step) as i32).map(|n| {
        let t = f64::from(n) * step;
        tones.iter().map(|(w, phase)| (w * t + phase).cos()).sum()
    });
    Wavelet::Table { step, values: values.collect() }
}

/// What the receivers hear.
struct Tube {
    heard: Vec<Vec<f64>>,
    sample_rate_hz: f64,
    /// Of the phase velocity at the highest frequency.
    velocity_error: f64,
}

impl Tube {
    fn new() -> Result<Self, Box<dyn Error>> {
        let (spacing, end_s, courant, order) = (0.02, 0.3, 0.1, Order::Eight);
        let grid = Grid::new(&[500], spacing)?.with_walls_at_zero();
        let open = Side::Absorbing(Absorbing::default());
        let source = Source::point(&[1.0], band_noise(end_s, &mut Random::new(80)))?;
        let model = Model::new(grid, Medium::constant(SPEED, 1.2)?, &[[open; 2]], order)?;
        let mut model = model.with_source(source)?;
        for receiver in RECEIVERS {
            model = model.with_receiver(&[receiver])?;
        }
        let clock = model.clock(end_s, courant)?;
        let mut run = Simulation::<f64>::new(&model, &clock)?;
        run.advance(clock.steps())?;
        let heard = run.traces().iter().map(|trace| trace.iter().copied().step_by(EVERY).collect());
        let advice = Dispersion::new(1, order, courant)?.advice(SPEED / BAND_HZ[1] / spacing)?;
        Ok(Self {
            heard: heard.collect(),
            sample_rate_hz: 1.0 / (EVERY as f64 * run.dt()),
            velocity_error: advice.velocity_error,
        })
    }
}

pub(super) fn delay() -> Outcome {
    let Tube { heard, sample_rate_hz, velocity_error } = Tube::new()?;
    let len = heard[0].len();
    let plan = DelayPlan::new(len, len, sample_rate_hz, &DelayOptions::default().with_max_lag_s(0.03))?;
    let (mut scratch, mut random) = (plan.make_scratch(), Random::new(81));
    let (mut worst, mut within, mut count, mut notes) = (0.0_f64, 0, 0, Vec::new());
    for [a, b] in [[0, 1], [1, 2], [0, 2]] {
        let true_s = (RECEIVERS[b] - RECEIVERS[a]) / SPEED;
        let (mut sum, mut claimed) = (0.0, 0.0);
        for _ in 0..100 {
            // Each receiver adds noise of a tenth of the power.
            let noisy = [a, b].map(|receiver| {
                let signal = &heard[receiver];
                let power = signal.iter().map(|value| value * value).sum::<f64>() / len as f64;
                signal
                    .iter()
                    .map(|value| value + (0.1 * power).sqrt() * random.normal())
                    .collect::<Vec<f64>>()
            });
            let found = plan.apply_with(&noisy[0], &noisy[1], &mut scratch)?;
            if found.verdict != Verdict::Clear {
                return Err(format!("a delay of {true_s} s is {:?}", found.verdict).into());
            }
            let error = found.delay_s - true_s;
            worst = worst.max(error.abs() / found.uncertainty_s);
            within += u32::from(error.abs() <= found.uncertainty_s);
            (sum, claimed, count) = (sum + error, claimed + found.uncertainty_s, count + 1);
        }
        let quiet = plan.apply_with(&heard[a], &heard[b], &mut scratch)?.delay_s - true_s;
        notes.push(format!(
            "{:.4} m: {:.3} ms, uncertainty {:.2} us; mean error {:+.2} us, without noise {:+.3} us, dispersion at 1 kHz \
             {:+.3} us",
            RECEIVERS[b] - RECEIVERS[a],
            1e3 * true_s,
            1e4 * claimed,
            1e4 * sum,
            1e6 * quiet,
            -1e6 * velocity_error * true_s
        ));
    }
    let claim = Claim::new(
        "Two crates, one answer: the delay that hexad-correlate finds between two receivers in a tube of air is their \
         distance over the speed of sound, within its own uncertainty. The source is noise from 100 to 1,000 Hz, each \
         receiver adds a tenth of the power, and the grid (order 8, 17 cells in the shortest wave, C = 0.1) is so fine \
         that dispersion stays below the uncertainty. Measured: the largest error of 300 delays over its uncertainty; \
         normal errors pass 4.2 once in a hundred such runs.",
        worst,
        Bound::AtMost(4.2),
    )
    .formula("delay = distance / c")
    .note(format!("{:.1} % of {count} delays within one uncertainty", 100.0 * f64::from(within) / f64::from(count)));
    Ok(notes.into_iter().fold(claim, Claim::note))
}

/// Cells of a room of 4.5 m by 6 m, and half periods of its modes along both axes.
const ROOM: [usize; 2] = [18, 24];
const SPACING: f64 = 0.25;
const MODES: [[usize; 2]; 8] = [[1, 0], [0, 3], [2, 3], [5, 2], [3, 9], [9, 6], [11, 13], [15, 19]];

/// A mode and its frequencies.
struct Mode {
    half_periods: [usize; 2],
    discrete_hz: f64,
    continuous_hz: f64,
}

impl Mode {
    /// All modes, the slowest first.
    fn all(model: &Model, dt: f64) -> Result<Vec<Self>, WaveError> {
        let mode = |half_periods: [usize; 2]| {
            let k = [0, 1].map(|axis| PI * half_periods[axis] as f64 / (SPACING * ROOM[axis] as f64));
            let discrete_hz = model.discrete_angular_frequency(dt, &k)? / TAU;
            Ok(Self { half_periods, discrete_hz, continuous_hz: SPEED * k[0].hypot(k[1]) / TAU })
        };
        let mut modes = MODES.into_iter().map(mode).collect::<Result<Vec<_>, WaveError>>()?;
        modes.sort_by(|a, b| a.discrete_hz.total_cmp(&b.discrete_hz));
        Ok(modes)
    }
}

/// What a corner of the room hears when all modes start at rest with amplitude 1, and the modes.
fn room() -> Result<(Vec<f64>, f64, Vec<Mode>), WaveError> {
    let grid = Grid::new(&ROOM, SPACING)?.with_walls_at_zero();
    let model = Model::new(grid, Medium::constant(SPEED, 1.2)?, &[[Side::Rigid; 2]; 2], Order::Two)?;
    let model = model.with_receiver(&[0.3, 0.4])?;
    let clock = Clock::new(0.9 * model.largest_stable_dt(), 4095)?;
    let parts = MODES.iter().map(|half_periods| RigidMode::continuous(&model, 1.0, half_periods));
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    let start = Functions {
        pressure: |x: &[f64], _| parts.iter().map(|mode| mode.pressure(x, 0.0)).sum(),
        velocity: |_, _: &[f64], _| 0.0,
    };
    let mut run = Simulation::<f64>::new(&model, &clock)?;
    run.start(&start, Start::Taylor2)?;
    run.advance(clock.steps())?;
    Ok((run.traces()[0].clone(), 1.0 / clock.dt(), Mode::all(&model, clock.dt())?))
}

/// The spectrum of what is heard, with the frequencies of the modes.
fn room_chart(heard: &[f64], sample_rate_hz: f64, modes: &[Mode]) -> Result<Chart, Box<dyn Error>> {
    let options = SpectrumOptions::default().with_window(Window::Hann);
    let shown = spectrum(heard, sample_rate_hz, &options)?;
    let values = shown.values(Scaling::Amplitude);
    let top = largest(&values);
    let level = |value: f64| 20.0 * (value / top).log10();
    let bins = shown.frequencies_hz().into_iter().zip(values.iter().map(|value| level(*value)));
    Ok(Chart::new("A room of 18 by 24 cells, heard in a corner", "frequency, Hz", "amplitude, dB")
        .line("spectrum", bins)
        .dots("continuous", modes.iter().map(|mode| (mode.continuous_hz, 0.0)))
        .dots("discrete", modes.iter().map(|mode| (mode.discrete_hz, 0.0))))
}

pub(super) fn modes() -> Outcome {
    let (heard, sample_rate_hz, modes) = room()?;
    let bin = sample_rate_hz / heard.len() as f64;
    let options = FitLinesOptions::default().with_constant(LineConstant::Zero);
    let mut lines = fit_lines(&heard, sample_rate_hz, FitUntil::Count(modes.len()), &options)?.lines;
    if lines.len() != modes.len() {
        return Err(format!("{} lines for {} modes", lines.len(), modes.len()).into());
    }
    lines.sort_by(|a, b| a.frequency_hz.total_cmp(&b.frequency_hz));
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    for (line, mode) in lines.iter().zip(&modes) {
        let [discrete, continuous] =
            [mode.discrete_hz, mode.continuous_hz].map(|known| (line.frequency_hz - known) / bin);
        worst = worst.max(discrete.abs());
        notes.push(format!(
            "{:?} half periods: {:.6} Hz, {discrete:+.1e} bins from the discrete, {continuous:+.1} from the continuous \
             frequency",
            mode.half_periods, line.frequency_hz
        ));
    }
    let claim = Claim::new(
        "Two crates, one answer: the lines that hexad-spectral fits to what a receiver hears in a rigid room are at the \
         frequencies of the discrete dispersion relation, and not at those of the continuous one, which on a grid this \
         coarse are many bins away. Measured: the largest distance to the discrete frequency, in bins of one over the \
         record's length. Ten roundings in each of 4,095 steps are 5e-12 rad of phase, 7e-13 of a bin, and eighty times \
         that where a line is heard with a tenth of its amplitude among eight.",
        worst,
        Bound::AtMost(1e-10),
    )
    .formula("sin^2(w dt / 2) = (c dt / dx)^2 [sin^2(kx dx / 2) + sin^2(ky dx / 2)]");
    Ok(notes.into_iter().fold(claim, Claim::note).chart(room_chart(&heard, sample_rate_hz, &modes)?))
}
