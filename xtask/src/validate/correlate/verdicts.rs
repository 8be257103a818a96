//! When a delay is believed, and when not.

use std::error::Error;

use hexad_core::{InputError, RealFft};
use hexad_correlate::{DelayOptions, DelayPlan, Verdict, Weighting};
use hexad_testkit::Random;
use rayon::prelude::*;

use super::trials::Kind;
use crate::validate::claim::{Bound, Claim, Effort, Outcome};

/// Noise of one kind.
type Noise = Box<dyn Fn(usize, &mut Random) -> Result<Vec<f64>, InputError> + Sync>;

fn autoregressive(memory: f64) -> Noise {
    Box::new(move |len, random| {
        let mut last = 0.0;
        let mut next = || {
            last = memory * last + random.normal();
            last
        };
        // The memory of 0.99 is gone after 1,000 samples.
        let settled: Vec<f64> = (0..1000 + len).map(|_| next()).collect();
        Ok(settled[1000..].to_vec())
    })
}

fn band(band: [f64; 2], fft: RealFft) -> Noise {
    Box::new(move |len, random| {
        let [record, _] = Kind { len, band, snr: f64::INFINITY }.pair(0.0, random, &fft)?;
        Ok(record)
    })
}

/// Pairs of unrelated records of one kind, and how their delay is sought.
struct Unrelated {
    name: &'static str,
    len: usize,
    noise: Noise,
    options: DelayOptions,
}

impl Unrelated {
    /// With lags up to a quarter of the record.
    fn new(name: &'static str, len: usize, noise: Noise) -> Self {
        let options = DelayOptions::default().with_max_lag_s(0.25 * len as f64);
        Self { name, len, noise, options }
    }

    fn with(mut self, options: impl Fn(DelayOptions) -> DelayOptions) -> Self {
        self.options = options(self.options);
        self
    }

    /// The share of trials in which a delay was found, and what there is to say.
    fn share_found(&self, effort: Effort) -> Result<(f64, String), Box<dyn Error + Send + Sync>> {
        let Self { name, len, noise, options } = self;
        let plan = DelayPlan::new(*len, *len, 1.0, options)?;
        let (mut scratch, mut random) = (plan.make_scratch(), Random::new(35));
        let trials = if *len > 1000 { 4000 } else { effort.pick(10_000, 4000) };
        let (mut found, mut clear) = (0, 0);
        for _ in 0..trials {
            let (a, b) = (noise(*len, &mut random)?, noise(*len, &mut random)?);
            let verdict = plan.apply_with(&a, &b, &mut scratch)?.verdict;
            found += usize::from(verdict != Verdict::None);
            clear += usize::from(verdict == Verdict::Clear);
        }
        let share = found as f64 / f64::from(trials);
        Ok((share, format!("{name}, {len} samples: {share:.4}, {clear} of {trials} clear")))
    }
}

pub(super) fn none(effort: Effort) -> Outcome {
    let fft = RealFft::new(1024)?;
    let in_band = |low: f64, high: f64| band([low, high], fft.clone());
    let kinds = [
        Unrelated::new("white", 512, autoregressive(0.0)),
        Unrelated::new("white", 64, autoregressive(0.0)),
        Unrelated::new("autoregressive, 0.8", 512, autoregressive(0.8)),
        Unrelated::new("white", 4096, autoregressive(0.0)),
        Unrelated::new("autoregressive, 0.95", 512, autoregressive(0.95)),
        Unrelated::new("autoregressive, 0.99", 512, autoregressive(0.99)),
        Unrelated::new("autoregressive, 0.99", 4096, autoregressive(0.99)),
        Unrelated::new("a fifth of the band", 512, in_band(0.0, 0.2)),
        Unrelated::new("a twentieth of the band", 512, in_band(0.0, 0.05)),
        Unrelated::new("0.3 to 0.35 of the band", 512, in_band(0.3, 0.35)),
        Unrelated::new("white, in a Hann window", 512, autoregressive(0.0)).with(|all| all.with_taper(1.0)),
        Unrelated::new("white, in a band of it", 512, autoregressive(0.0))
            .with(|all| all.with_band_hz(0.1, 0.2)),
        Unrelated::new("white, phases alone", 512, autoregressive(0.0))
            .with(|all| all.with_weighting(Weighting::Phat)),
    ];
    let kinds = &kinds[..effort.pick(kinds.len(), 3)];
    let found: Result<Vec<_>, _> = kinds.par_iter().map(|kind| kind.share_found(effort)).collect();
    let found = found.map_err(|error| error.to_string())?;
    let worst = found.iter().map(|(share, _)| *share).fold(0.0, f64::max);
    let claim = Claim::new(
        "Signals that have nothing to do with each other are told to have no delay, whatever their spectrum. \
         Measured: the largest share in which one was found, of 10,000 pairs a case (4,000 of more than 1,000 samples); \
         the standard error of a share of 0.003 is 0.0005.",
        worst,
        Bound::AtMost(0.005),
    );
    Ok(found.into_iter().map(|(_, note)| note).fold(claim, Claim::note))
}

pub(super) fn edge() -> Outcome {
    let kind = Kind { len: 2048, band: [0.0, 0.02], snr: 100.0 };
    let options = DelayOptions::default().with_max_lag_s(30.0);
    let plan = DelayPlan::new(kind.len, kind.len, 1.0, &options)?;
    let (fft, mut random) = (kind.fft()?, Random::new(36));
    let mut clear = 0;
    for _ in 0..500 {
        let delay = random.uniform(32.0, 45.0);
        let [a, b] = kind.pair(delay, &mut random, &fft)?;
        clear += u32::from(plan.apply(&a, &b)?.verdict == Verdict::Clear);
    }
    Ok(Claim::new(
        "Where the delay is just outside the lags searched, the correlation rises up to the last of them, and the \
         verdict is never clear. Measured: the clear ones among 500.",
        f64::from(clear),
        Bound::AtMost(0.0),
    ))
}

pub(super) fn polarity() -> Outcome {
    let kind = Kind { len: 512, band: [0.0, 0.5], snr: 1.0 };
    let (plan, fft, mut random) = (kind.plan()?, kind.fft()?, Random::new(37));
    let mut wrong = 0;
    for trial in 0..1000 {
        let delay = random.uniform(-20.0, 20.0);
        let [a, mut b] = kind.pair(delay, &mut random, &fft)?;
        let polarity = if trial % 2 == 0 { 1 } else { -1 };
        b.iter_mut().for_each(|x| *x *= f64::from(polarity));
        wrong += u32::from(plan.apply(&a, &b)?.polarity != polarity);
    }
    Ok(Claim::new(
        "A signal turned upside down is found with its polarity, also in noise as strong as itself. Measured: the \
         wrong ones among 1,000.",
        f64::from(wrong),
        Bound::AtMost(0.0),
    ))
}
