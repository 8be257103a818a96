//! The question that this crate answers: two devices record related signals at 10 kHz for several seconds, not
//! synchronized. Which one leads, and by how much?

use hexad_correlate::{CorrelateError, DelayOptions, DelayPlan};

const SAMPLE_RATE_HZ: f64 = 10_000.0;
const SAMPLES: u32 = 40_000;

fn main() -> Result<(), CorrelateError> {
    let options = DelayOptions::default().with_max_lag_s(0.5);
    let plan = DelayPlan::new(SAMPLES as usize, SAMPLES as usize, SAMPLE_RATE_HZ, &options)?;
    println!("true delay (ms)    found (ms)                  leading    verdict");
    for true_s in [0.123_456_7, -0.4, 0.000_03] {
        let found = plan.apply(&record(0.0, 1), &record(true_s, 2))?;
        let (delay_ms, uncertainty_ms) = (1e3 * found.delay_s, 1e3 * found.uncertainty_s);
        let who = format!("{:?}", found.leading);
        println!(
            "{:15.5} {delay_ms:13.5} +- {uncertainty_ms:.5} {who:>15}    {:?}",
            1e3 * true_s,
            found.verdict
        );
    }
    let unrelated = plan.apply(&noise(1), &noise(2))?;
    println!("\ntwo records that have nothing in common: {:?}", unrelated.verdict);
    Ok(())
}

/// 400 tones between 100 and 2,000 Hz as a device hears them `late_s` later, with a tenth of noise of its own.
fn record(late_s: f64, device: u32) -> Vec<f64> {
    let tones: Vec<[f64; 2]> = (1..=400)
        .map(|tone| [100.0 + 1900.0 * chance(tone, 7), std::f64::consts::TAU * chance(tone, 8)])
        .collect();
    let heard = |time_s: f64| -> f64 {
        tones.iter().map(|[hz, phase]| (std::f64::consts::TAU * hz * (time_s - late_s) + phase).cos()).sum()
    };
    noise(device).iter().zip(0..).map(|(own, n)| heard(f64::from(n) / SAMPLE_RATE_HZ) + own).collect()
}

/// White, of standard deviation 1.4.
fn noise(device: u32) -> Vec<f64> {
    (0..SAMPLES).map(|n| (0..12).map(|part| chance(12 * n + part, device)).sum::<f64>() * 1.4 - 8.4).collect()
}

/// Something between 0 and 1 that depends on both numbers.
fn chance(index: u32, stream: u32) -> f64 {
    let mut bits = index ^ stream.wrapping_mul(0x9e37_79b9);
    for _ in 0..2 {
        bits = (bits ^ (bits >> 16)).wrapping_mul(0x7feb_352d);
        bits = (bits ^ (bits >> 15)).wrapping_mul(0x846c_a68b);
    }
    f64::from(bits ^ (bits >> 16)) / 4_294_967_296.0
}
