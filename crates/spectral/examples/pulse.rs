//! The question that this crate answers: "how many frequencies do I need to reproduce the signal, and what are their
//! amplitudes?", asked of a normal and a skew-normal pulse of 4,096 samples in 10 s.

use hexad_spectral::{
    ErrorNorm, Scaling, Selection, SkewNormalPulse, SpectralError, SpectrumOptions, rebuild, spectrum,
};

const SAMPLES: u32 = 4096;
const DURATION_S: f64 = 10.0;

fn main() -> Result<(), SpectralError> {
    let sample_rate_hz = f64::from(SAMPLES) / DURATION_S;
    for (name, shape) in [("normal", 0.0), ("skew-normal, shape 5", 5.0)] {
        let pulse = SkewNormalPulse::new(0.5 * DURATION_S, 1.0, shape)?;
        let signal: Vec<f64> = (0..SAMPLES).map(|n| pulse.at(f64::from(n) / sample_rate_hz)).collect();
        println!("{name} pulse");
        for relative in [0.1, 0.01, 1e-3, 1e-6] {
            let few = rebuild(&signal, sample_rate_hz, Selection::Error { relative, norm: ErrorNorm::L2 })?;
            println!("  error {relative:7.0e}: {:3} lines of {}", few.lines.len(), SAMPLES / 2 + 1);
        }
        let few = rebuild(&signal, sample_rate_hz, Selection::Error { relative: 0.01, norm: ErrorNorm::L2 })?;
        println!("  those of the second:");
        for line in &few.lines {
            // No phase is printed as -0.0000.
            let (hz, amplitude, phase) =
                (line.frequency_hz, line.amplitude, (1e4 * line.phase).round() / 1e4 + 0.0);
            println!("    {hz:.1} Hz   amplitude {amplitude:.5} 1/s   phase {phase:+.4} rad");
        }
        // A pulse's amplitudes fall as one over the length of its record; its transform does not.
        let transform =
            spectrum(&signal, sample_rate_hz, &SpectrumOptions::default())?.value(Scaling::Transform, 0);
        println!("  area of the pulse, which is its transform at 0 Hz: {transform:.9}\n");
    }
    Ok(())
}
