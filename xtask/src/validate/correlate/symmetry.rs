//! What a delay does not depend on.

use hexad_testkit::Random;

use super::trials::Kind;
use crate::validate::claim::{Bound, Claim, Outcome};

/// From strong to lost in noise.
const KINDS: [Kind; 4] = [
    Kind { len: 512, band: [0.0, 1.0], snr: 100.0 },
    Kind { len: 1000, band: [0.0, 0.3], snr: 5.0 },
    Kind { len: 777, band: [0.2, 0.5], snr: 0.5 },
    Kind { len: 300, band: [0.0, 0.5], snr: 0.01 },
];

pub(super) fn exchanged() -> Outcome {
    let mut random = Random::new(38);
    let mut worst = 0.0_f64;
    for kind in KINDS {
        let (plan, fft) = (kind.plan()?, kind.fft()?);
        for _ in 0..250 {
            let delay = random.uniform(-20.0, 20.0);
            let [a, b] = kind.pair(delay, &mut random, &fft)?;
            let (there, back) = (plan.apply(&a, &b)?, plan.apply(&b, &a)?);
            worst = worst.max((there.delay_s + back.delay_s).abs());
            worst = worst.max((there.uncertainty_s - back.uncertainty_s).abs());
        }
    }
    Ok(Claim::new(
        "With the signals exchanged the delay changes its sign, and nothing else. Measured: the largest sum of both \
         delays and difference of both uncertainties, in samples, over 1,000 pairs.",
        worst,
        Bound::AtMost(0.0),
    ))
}

pub(super) fn gain_and_offset() -> Outcome {
    let mut random = Random::new(39);
    let mut worst = 0.0_f64;
    for kind in &KINDS[..3] {
        let (plan, fft) = (kind.plan()?, kind.fft()?);
        for _ in 0..100 {
            let delay = random.uniform(-20.0, 20.0);
            let [a, b] = kind.pair(delay, &mut random, &fft)?;
            // At 1e8 a double has steps of 1.5e-8: whole steps, so that nothing is lost in the offset itself.
            let stepped =
                |x: &[f64]| x.iter().map(|x| (x * 2e7).round() / 2_f64.powi(24)).collect::<Vec<_>>();
            let (a, b) = (stepped(&a), stepped(&b));
            let high = |x: &[f64]| x.iter().map(|x| x + 1e8).collect::<Vec<_>>();
            let louder: Vec<f64> = b.iter().map(|x| 1e-7 * x).collect();
            let plain = plan.apply(&a, &b)?.delay_samples;
            worst = worst.max((plan.apply(&high(&a), &high(&b))?.delay_samples - plain).abs());
            worst = worst.max((plan.apply(&a, &louder)?.delay_samples - plain).abs());
        }
    }
    Ok(Claim::new(
        "An offset of 1e8 on both signals, or a gain of 1e-7 on one, leaves the delay where it is. Measured: the \
         largest change in samples, over 300 pairs.",
        worst,
        Bound::AtMost(1e-9),
    ))
}
