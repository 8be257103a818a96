//! When a delay is believed, and when not.

use hexad_core::RealFft;
use hexad_correlate::{DelayOptions, DelayPlan, Verdict};
use hexad_testkit::Random;

use super::trials::Kind;
use crate::validate::claim::{Bound, Claim, Outcome};

/// Noise of one kind.
type Noise = Box<dyn Fn(usize, &mut Random) -> Result<Vec<f64>, Box<dyn std::error::Error>>>;

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

pub(super) fn none() -> Outcome {
    let fft = RealFft::new(1024)?;
    let kinds: [(&str, usize, Noise); 10] = [
        ("white", 512, autoregressive(0.0)),
        ("white", 4096, autoregressive(0.0)),
        ("white", 64, autoregressive(0.0)),
        ("autoregressive, 0.8", 512, autoregressive(0.8)),
        ("autoregressive, 0.95", 512, autoregressive(0.95)),
        ("autoregressive, 0.99", 512, autoregressive(0.99)),
        ("autoregressive, 0.99", 4096, autoregressive(0.99)),
        ("a fifth of the band", 512, band([0.0, 0.2], fft.clone())),
        ("a twentieth of the band", 512, band([0.0, 0.05], fft.clone())),
        ("0.3 to 0.35 of the band", 512, band([0.3, 0.35], fft)),
    ];
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    for (name, len, noise) in kinds {
        let plan: DelayPlan = Kind { len, band: [0.0, 1.0], snr: 1.0 }.plan()?;
        let (mut scratch, mut random) = (plan.make_scratch(), Random::new(35));
        let trials = if len > 1000 { 2000 } else { 4000 };
        let (mut found, mut clear) = (0, 0);
        for _ in 0..trials {
            let (a, b) = (noise(len, &mut random)?, noise(len, &mut random)?);
            let verdict = plan.estimate_with(&a, &b, &mut scratch)?.verdict;
            found += usize::from(verdict != Verdict::None);
            clear += usize::from(verdict == Verdict::Clear);
        }
        let share = found as f64 / f64::from(trials);
        worst = worst.max(share);
        notes.push(format!("{name}, {len} samples: {share:.4}, {clear} of {trials} clear"));
    }
    let claim = Claim::new(
        "Signals that have nothing to do with each other are told to have no delay, whatever their spectrum. \
         Measured: the largest share in which one was found.",
        worst,
        Bound::AtMost(0.005),
    );
    Ok(notes.into_iter().fold(claim, Claim::note))
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
        clear += u32::from(plan.estimate(&a, &b)?.verdict == Verdict::Clear);
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
        wrong += u32::from(plan.estimate(&a, &b)?.polarity != polarity);
    }
    Ok(Claim::new(
        "A signal turned upside down is found with its polarity, also in noise as strong as itself. Measured: the \
         wrong ones among 1,000.",
        f64::from(wrong),
        Bound::AtMost(0.0),
    ))
}
