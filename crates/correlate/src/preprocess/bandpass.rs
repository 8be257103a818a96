//! Butterworth filters in second-order sections, without delay.

use std::f64::consts::PI;

use hexad_core::{Complex64, InputError};

/// The highest order.
const HIGHEST: usize = 12;

/// A filter: sections one after the other.
#[derive(Debug, Clone)]
pub(super) struct Butterworth {
    sections: Vec<Section>,
}

/// `(b0 + b1 / z + b2 / z^2) / (1 + a1 / z + a2 / z^2)`.
#[derive(Debug, Clone, Copy)]
struct Section {
    b: [f64; 3],
    a: [f64; 2],
}

/// What a filter lets through, as angular frequencies of its analogue twin.
enum Kind {
    Low(f64),
    High(f64),
    Band(f64, f64),
}

impl Butterworth {
    /// That of `scipy.signal.butter(order, [low, high], "bandpass")`; low-pass for a `low_hz` of 0, high-pass for a
    /// `high_hz` of half the sample rate. `None` if both are so.
    pub fn new(
        order: usize,
        low_hz: f64,
        high_hz: f64,
        sample_rate_hz: f64,
    ) -> Result<Option<Self>, InputError> {
        let refuse = |argument, value, allowed| Err(InputError::OutOfRange { argument, value, allowed });
        let half = 0.5 * sample_rate_hz;
        if !(low_hz >= 0.0 && low_hz < half) {
            return refuse("low_hz", low_hz, ">= 0 and below half the sample rate");
        }
        if !(high_hz > low_hz && high_hz <= half) {
            return refuse("high_hz", high_hz, "above low_hz and at most half the sample rate");
        }
        if order == 0 || order > HIGHEST {
            return refuse("order", order as f64, "from 1 to 12");
        }
        // The bilinear transform s = 4 (z - 1) / (z + 1) takes the analogue frequency 4 tan(pi f) to f.
        let warped = |hz: f64| 4.0 * (PI * hz / sample_rate_hz).tan();
        let kind = match (low_hz > 0.0, high_hz < half) {
            (false, false) => return Ok(None),
            (false, true) => Kind::Low(warped(high_hz)),
            (true, false) => Kind::High(warped(low_hz)),
            (true, true) => Kind::Band(warped(low_hz), warped(high_hz)),
        };
        if let Some(filter) = Self::of(order, &kind) {
            return Ok(Some(filter));
        }
        let allowed = "farther from 0 and from half the sample rate: rounding leaves no filter so close";
        if low_hz > 0.0 { refuse("low_hz", low_hz, allowed) } else { refuse("high_hz", high_hz, allowed) }
    }

    /// None where rounding puts a pole onto the unit circle, as it does at edges beside 0 and half the sample rate.
    fn of(order: usize, kind: &Kind) -> Option<Self> {
        let prototype = (0..order).map(|k| {
            let turn = PI * (2 * k + 1) as f64 / (2 * order) as f64;
            Complex64::new(-turn.sin(), turn.cos())
        });
        // Poles, and the value of the analogue filter's numerator at s = 4 without its zeros at infinity.
        let (poles, numerator): (Vec<Complex64>, f64) = match *kind {
            Kind::Low(edge) => (prototype.map(|pole| pole * edge).collect(), edge.powi(whole(order))),
            Kind::High(edge) => (prototype.map(|pole| edge / pole).collect(), 4_f64.powi(whole(order))),
            Kind::Band(low, high) => {
                let split = |pole: Complex64| {
                    let middle = 0.5 * (high - low) * pole;
                    let root = (middle * middle - low * high).sqrt();
                    // The sum that does not cancel; the product of both poles is known.
                    let along = middle.re * root.re + middle.im * root.im >= 0.0;
                    let far = if along { middle + root } else { middle - root };
                    [far, low * high / far]
                };
                (prototype.flat_map(split).collect(), (4.0 * (high - low)).powi(whole(order)))
            }
        };
        let denominator: Complex64 = poles.iter().map(|pole| 4.0 - pole).product();
        let gain = numerator / denominator.re;
        let digital: Vec<_> = poles.into_iter().map(|pole| (4.0 + pole) / (4.0 - pole)).collect();
        let mut sections = sections(&digital, kind);
        for b in sections.iter_mut().take(1).flat_map(|section| &mut section.b) {
            *b *= gain;
        }
        let is_stable = |Section { b, a: [a1, a2] }: &Section| b[0].is_finite() && 1.0 + a1 + a2 > 0.0;
        let are_inside = digital.iter().all(|pole| pole.norm() < 1.0);
        (are_inside && sections.iter().all(is_stable)).then_some(Self { sections })
    }

    /// The record filtered forwards, then backwards: `scipy.signal.sosfiltfilt`.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a record that is not longer than the odd continuation at each end.
    pub fn both_ways(&self, signal: &[f64]) -> Result<Vec<f64>, InputError> {
        let single = self.sections.iter().filter(|section| section.a[1] == 0.0).count();
        let pad = 3 * (2 * self.sections.len() + 1 - single);
        let len = signal.len();
        if len <= pad {
            return Err(InputError::TooFew { argument: "signal", needed: pad + 1, got: len });
        }
        let before = (1..=pad).rev().map(|n| 2.0 * signal[0] - signal[n]);
        let after = (1..=pad).map(|n| 2.0 * signal[len - 1] - signal[len - 1 - n]);
        let mut values: Vec<f64> = before.chain(signal.iter().copied()).chain(after).collect();
        for _ in 0..2 {
            self.run(&mut values);
            values.reverse();
        }
        Ok(values[pad..pad + len].to_vec())
    }

    /// Filters in place, as if the first value had been there forever.
    fn run(&self, values: &mut [f64]) {
        let mut settled = values[0];
        for section in &self.sections {
            let Section { b: [b0, b1, b2], a: [a1, a2] } = *section;
            let gain = (b0 + b1 + b2) / (1.0 + a1 + a2);
            let mut second = (b2 - a2 * gain) * settled;
            let mut first = (b1 - a1 * gain) * settled + second;
            settled *= gain;
            for value in values.iter_mut() {
                let x = *value;
                let y = b0 * x + first;
                first = b1 * x - a1 * y + second;
                second = b2 * x - a2 * y;
                *value = y;
            }
        }
    }
}

/// Pairs of poles as sections, each with the zeros that its kind has.
fn sections(poles: &[Complex64], kind: &Kind) -> Vec<Section> {
    let is_real = |pole: &&Complex64| pole.im.abs() <= 1e-12 * pole.norm();
    let complex = poles.iter().filter(|pole| !is_real(pole) && pole.im > 0.0);
    let mut denominators: Vec<[f64; 2]> = complex.map(|pole| [-2.0 * pole.re, pole.norm_sqr()]).collect();
    let real: Vec<f64> = poles.iter().filter(is_real).map(|pole| pole.re).collect();
    let mut single = None;
    for pair in real.chunks(2) {
        match *pair {
            [first, second] => denominators.push([-(first + second), first * second]),
            [last] => single = Some(last),
            _ => {}
        }
    }
    let (both, one) = match kind {
        Kind::Low(_) => ([1.0, 2.0, 1.0], [1.0, 1.0, 0.0]),
        Kind::High(_) => ([1.0, -2.0, 1.0], [1.0, -1.0, 0.0]),
        Kind::Band(..) => ([1.0, 0.0, -1.0], [1.0, 0.0, 0.0]),
    };
    let pairs = denominators.into_iter().map(|a| Section { b: both, a });
    pairs.chain(single.map(|pole| Section { b: one, a: [-pole, 0.0] })).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "at most 12")]
fn whole(order: usize) -> i32 {
    order as i32
}
