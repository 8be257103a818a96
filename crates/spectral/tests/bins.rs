//! Goertzel and chirp-z against the sum that defines the transform.

use hexad_core::Complex64;
use hexad_spectral::{ChirpZ, Goertzel, dtft, goertzel};
use hexad_testkit::Random;

fn worst(got: &[Complex64], wanted: &[Complex64]) -> f64 {
    assert_eq!(got.len(), wanted.len());
    got.iter().zip(wanted).map(|(a, b)| (a - b).norm()).fold(0.0, f64::max)
}

#[test]
fn a_whole_number_of_turns_gives_the_size_of_the_tone() {
    let tone: Vec<f64> =
        (0..1000).map(|n| 3.0 * (0.1 * std::f64::consts::TAU * f64::from(n) + 0.4).cos()).collect();
    let value = goertzel(&tone, 50.0, 5.0).unwrap();
    assert!((value - Complex64::from_polar(1500.0, 0.4)).norm() < 1e-10);
    assert!((goertzel(&[1.0; 999], 2.0, 0.0).unwrap().re - 999.0).abs() < 1e-12);
    let alternating: Vec<f64> = (0..1000).map(|n| if n % 2 == 0 { 1.0 } else { -1.0 }).collect();
    assert!((goertzel(&alternating, 2.0, 1.0).unwrap() - 1000.0).norm() < 1e-9);
}

#[test]
fn goertzel_is_the_sum_at_every_length_and_frequency() {
    let mut random = Random::new(1);
    // The recurrence of the textbook loses all digits at the first and the last of these.
    let frequencies = [1e-9, -0.3, 0.0, 0.1234, 0.25, 0.4999999, 0.5];
    for len in [0, 1, 3, 255, 256, 257, 1000, 20_000] {
        let signal = random.vector(len, -1.0, 1.0);
        let got = Goertzel::new(1.0, &frequencies).unwrap().apply(&signal).unwrap();
        let wanted = dtft(&signal, 1.0, &frequencies).unwrap();
        let size: f64 = signal.iter().map(|x| x.abs()).sum();
        assert!(worst(&got, &wanted) <= 1e-15 * (1.0 + size), "{len}: {:e}", worst(&got, &wanted));
    }
}

#[test]
fn chirp_z_is_the_sum_on_every_band() {
    let mut random = Random::new(2);
    for (len, points) in [(1, 2), (2, 5), (100, 7), (1000, 1000), (257, 3000), (5000, 64)] {
        let signal = random.vector(len, -1.0, 1.0);
        for (low, high) in [(0.0, 4.0), (-4.0, 4.0), (1.2345, 1.2346), (3.99, 4.0)] {
            let zoom = ChirpZ::new(len, 8.0, low, high, points).unwrap();
            let frequencies: Vec<f64> = (0..points).map(|m| zoom.frequency_hz(m)).collect();
            assert!((frequencies[points - 1] - high).abs() < 1e-14);
            let got = zoom.apply(&signal).unwrap();
            let wanted = dtft(&signal, 8.0, &frequencies).unwrap();
            // Rounding of a transform of up to 2^13, in units of the root of the energy, and of the frequency.
            let size = signal.iter().map(|x| x * x).sum::<f64>().sqrt();
            let tolerance = 1e-14 * size + 1e-15 * len as f64 * size;
            assert!(worst(&got, &wanted) < tolerance, "{len} {points} {low}: {:e}", worst(&got, &wanted));
        }
    }
}

#[test]
fn a_used_scratch_changes_nothing() {
    let zoom = ChirpZ::new(100, 1.0, 0.1, 0.2, 30).unwrap();
    let mut scratch = zoom.make_scratch();
    let signals = [Random::new(1).vector(100, -1.0, 1.0), Random::new(2).vector(100, -1e9, 1e9)];
    for signal in signals.iter().rev() {
        let mut out = vec![Complex64::default(); 30];
        zoom.apply_into(signal, &mut out, &mut scratch).unwrap();
        assert_eq!(out, zoom.apply(signal).unwrap());
    }
}

#[test]
fn bad_bands_rates_and_samples_are_refused() {
    for (rate, frequency) in
        [(1.0, 0.6), (1.0, -0.6), (0.0, 0.0), (-1.0, 0.0), (f64::NAN, 0.0), (1.0, f64::NAN)]
    {
        assert!(Goertzel::new(rate, &[frequency]).is_err());
    }
    assert_eq!(
        goertzel(&[0.0, f64::NAN], 1.0, 0.1).unwrap_err().to_string(),
        "signal[1] must be finite, got NaN"
    );
    let message = Goertzel::new(10.0, &[1.0, 5.5]).unwrap_err().to_string();
    assert_eq!(message, "frequencies_hz[1] must be within half the sample rate, got 5.5");
    for (len, rate, low, high, points) in [
        (0, 1.0, 0.1, 0.2, 5),
        (5, 0.0, 0.1, 0.2, 5),
        (5, 1.0, 0.2, 0.2, 5),
        (5, 1.0, 0.1, 0.6, 5),
        (5, 1.0, -0.6, 0.2, 5),
        (5, 1.0, f64::NAN, 0.2, 5),
        (5, 1.0, 0.1, f64::NAN, 5),
        (5, 1.0, 0.1, 0.2, 1),
    ] {
        assert!(ChirpZ::new(len, rate, low, high, points).is_err());
    }
    let zoom = ChirpZ::new(3, 1.0, 0.1, 0.2, 5).unwrap();
    assert!(zoom.apply(&[1.0; 4]).is_err() && zoom.apply(&[1.0, 2.0, f64::INFINITY]).is_err());
}
