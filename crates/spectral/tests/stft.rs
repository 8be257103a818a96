//! Short-time transforms: their sums, their inverse, the conditions for it, and their scalings.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::f64::consts::TAU;

use hexad_core::ndarray::s;
use hexad_core::{Complex64, InputError};
use hexad_spectral::{
    Edges, Padding, Scaling, SpectralError, SpectrumOptions, SpectrumPlan, Stft, StftOptions, StftPlan,
    Window,
};
use hexad_testkit::{Random, assert_close, max_difference};
use proptest::prelude::*;

const WINDOWS: [Window; 7] = [
    Window::Boxcar,
    Window::Hann,
    Window::BlackmanHarris,
    Window::FlatTop,
    Window::Tukey { taper: 0.3 },
    Window::Kaiser { beta: 8.0 },
    Window::Dpss { half_bandwidth: 1.0 },
];

fn options(window: Window, edges: Edges) -> StftOptions {
    StftOptions::default().with_window(window).with_edges(edges)
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| value.abs().max(largest))
}

/// How many complex bins a bin stands for.
fn images(stft: &Stft, bin: usize) -> f64 {
    if bin == 0 || 2 * bin == stft.transform_len() { 1.0 } else { 2.0 }
}

/// Real part of the inner product over all frames and all bins of both signs.
fn product(a: &Stft, b: &Stft) -> f64 {
    let pairs = a.coefficients().iter().zip(b.coefficients()).enumerate();
    pairs.map(|(index, (x, y))| images(a, index % a.bins()) * (x * y.conj()).re).sum()
}

#[test]
fn the_coefficients_are_their_sums() {
    let mut random = Random::new(1);
    for (window, edges) in WINDOWS.into_iter().flat_map(|w| [(w, Edges::Zeros), (w, Edges::Inside)]) {
        for (len, hop, padded) in [(2, 1, 2), (8, 3, 8), (9, 9, 14), (16, 5, 31)] {
            let signal = random.vector(45, -1.0, 1.0);
            let options = options(window, edges).with_padding(Padding::To(padded));
            let plan = StftPlan::new(len, hop, 4.0, &options).unwrap();
            let stft = plan.forward(&signal).unwrap();
            assert_eq!(stft.view().dim(), (plan.frames(45).unwrap(), padded / 2 + 1));
            let w = window.samples(len).unwrap();
            let lead = if edges == Edges::Zeros { len / 2 } else { 0 };
            for ((frame, bin), got) in stft.view().indexed_iter() {
                let sample =
                    |n: usize| (frame * hop + n).checked_sub(lead).and_then(|index| signal.get(index));
                let turns = |n: usize| (bin * n % padded) as f64 / padded as f64;
                let term =
                    |n: usize| Complex64::from_polar(1.0, -TAU * turns(n)) * w[n] * sample(n).unwrap_or(&0.0);
                let wanted: Complex64 = (0..len).map(term).sum();
                let rounding = 1e-15 * (2 * len) as f64 * largest(&w);
                assert!((got - wanted).norm() < rounding, "{window:?} {edges:?} {len} {frame} {bin}");
            }
        }
    }
}

#[test]
fn each_frame_is_scaled_as_the_spectrum_of_its_segment() {
    let signal = Random::new(2).vector(400, -1.0, 1.0);
    let one = SpectrumOptions::default().with_window(Window::Hann).with_padding(Padding::To(73));
    let spectrum = SpectrumPlan::new(50, 30.0, &one).unwrap();
    let options = options(Window::Hann, Edges::Inside).with_padding(Padding::To(73));
    let stft = StftPlan::new(50, 20, 30.0, &options).unwrap().forward(&signal).unwrap();
    for scaling in ["amplitude", "rms", "power", "density", "energy", "transform"] {
        let scaling: Scaling = scaling.parse().unwrap();
        let spectrogram = stft.spectrogram(scaling);
        for (frame, row) in spectrogram.rows().into_iter().enumerate() {
            let wanted = spectrum.apply(&signal[20 * frame..][..50]).unwrap().values(scaling);
            assert_close(row.as_slice().unwrap(), &wanted, 1e-14 * largest(&wanted));
        }
    }
    assert_eq!(stft.frequencies_hz(), spectrum.apply(&signal[..50]).unwrap().frequencies_hz());
}

#[test]
fn white_noise_has_twice_its_variance_over_the_sample_rate_as_density() {
    let mut random = Random::new(3);
    let signal: Vec<f64> = (0..100_000).map(|_| 3.0 * random.normal()).collect();
    let stft = StftPlan::new(128, 64, 20.0, &StftOptions::default()).unwrap().forward(&signal).unwrap();
    let density = stft.spectrogram(Scaling::Density);
    let inner = density.slice(s![1..1560, 2..63]);
    // The mean of 9e4 values, whose neighbours are related, is within 1 %.
    assert!((inner.mean().unwrap() / (2.0 * 9.0 / 20.0) - 1.0).abs() < 0.01);
}

#[test]
fn times_are_those_of_the_windows_middles() {
    let times = |edges, len| {
        let options = options(Window::Hann, edges).with_start_s(10.0);
        StftPlan::new(len, 4, 2.0, &options).unwrap().forward(&[1.0; 16]).unwrap().times_s()
    };
    assert_eq!(times(Edges::Zeros, 8), [10.0, 12.0, 14.0, 16.0, 18.0]);
    assert_eq!(times(Edges::Inside, 8), [12.0, 14.0, 16.0]);
    assert_eq!(times(Edges::Inside, 9), [12.25, 14.25]);
    assert_eq!(times(Edges::Zeros, 9)[..2], [10.25, 12.25]);
}

#[test]
fn the_inverse_gives_the_signal_back() {
    let mut random = Random::new(4);
    for (len, hop) in [(2, 1), (7, 2), (16, 4), (101, 25), (1024, 256), (1000, 500)] {
        let signal = random.vector(5 * len + 3, -3.0, 5.0);
        let plan = StftPlan::new(len, hop, 1.0, &StftOptions::default()).unwrap();
        let back = plan.inverse(&plan.forward(&signal).unwrap()).unwrap();
        assert_eq!(plan.covered(signal.len()).unwrap(), 0..signal.len());
        let rounding = 1e-15 * (len as f64).log2().max(1.0) * largest(&signal);
        assert!(max_difference(&back, &signal) <= rounding, "{len} {hop}");
    }
}

#[test]
fn segments_inside_give_back_what_they_reach() {
    // A Hann window is 0 at its first sample; three samples are behind the last whole segment.
    let signal = Random::new(5).vector(43, 1.0, 2.0);
    let plan = StftPlan::new(16, 8, 1.0, &options(Window::Hann, Edges::Inside)).unwrap();
    assert_eq!(plan.covered(43).unwrap(), 1..40);
    let back = plan.inverse(&plan.forward(&signal).unwrap()).unwrap();
    assert!(max_difference(&back[1..40], &signal[1..40]) < 1e-13);
    assert_eq!([back[0], back[40], back[41], back[42]], [0.0; 4]);

    let plan = StftPlan::new(16, 16, 1.0, &options(Window::Boxcar, Edges::Inside)).unwrap();
    assert_eq!(plan.covered(43).unwrap(), 0..32);
}

#[test]
fn a_changed_transform_gives_the_signal_of_least_squares() {
    let mut random = Random::new(6);
    for (window, edges, len, hop, padded) in [
        (Window::Hann, Edges::Zeros, 8, 4, 8),
        (Window::Hann, Edges::Zeros, 9, 2, 15),
        (Window::Hamming, Edges::Inside, 8, 3, 20),
        (Window::Kaiser { beta: 6.0 }, Edges::Zeros, 6, 6, 6),
    ] {
        let options = options(window, edges).with_padding(Padding::To(padded));
        let plan = StftPlan::new(len, hop, 1.0, &options).unwrap();
        let signal = random.vector(37, -1.0, 1.0);
        let mut changed = plan.forward(&signal).unwrap();
        for value in changed.coefficients_mut().iter_mut().step_by(3) {
            *value = Complex64::ZERO;
        }
        changed.view_mut()[[1, 2]] = Complex64::new(3.0, -4.0);
        let nearest = plan.inverse(&changed).unwrap();
        let mut residual = plan.forward(&nearest).unwrap();
        for (value, wanted) in residual.coefficients_mut().iter_mut().zip(changed.coefficients()) {
            *value -= wanted;
        }
        let size = product(&residual, &residual).sqrt();
        assert!(size > 0.1);
        // What is left is orthogonal to the transform of every signal: there is no nearer one.
        for index in 0..37 {
            let mut impulse = vec![0.0; 37];
            impulse[index] = 1.0;
            let slope = product(&plan.forward(&impulse).unwrap(), &residual);
            assert!(slope.abs() < 1e-13 * size, "{window:?} {index}: {slope:e}");
        }
    }
}

#[test]
fn energy_is_kept() {
    // Silent near the ends, where fewer windows meet.
    let mut signal = Random::new(7).vector(300, -1.0, 1.0);
    signal[..32].fill(0.0);
    signal[268..].fill(0.0);
    let energy: f64 = signal.iter().map(|x| x * x).sum();
    // The squares of four Hann windows add up to 4 times 3/8 everywhere.
    for (len, hop, window, share) in [(20, 20, Window::Boxcar, 1.0), (32, 8, Window::Hann, 1.5)] {
        for padded in [len, 2 * len + 1] {
            let options = options(window, Edges::Zeros).with_padding(Padding::To(padded));
            let stft = StftPlan::new(len, hop, 1.0, &options).unwrap().forward(&signal).unwrap();
            let of_bins = product(&stft, &stft) / padded as f64;
            assert!((of_bins / (share * energy) - 1.0).abs() < 1e-14);
        }
    }
}

#[test]
fn coefficients_from_elsewhere_are_a_transform() {
    let signal = Random::new(9).vector(100, -1.0, 1.0);
    let plan = StftPlan::new(16, 5, 1.0, &StftOptions::default()).unwrap();
    let stft = plan.forward(&signal).unwrap();
    assert_eq!(plan.stft_of(stft.coefficients().to_vec(), 100).unwrap(), stft);
    let mut few = stft.clone().into_coefficients();
    let needed = few.len();
    few.pop();
    let wanted = InputError::LengthMismatch { argument: "coefficients", expected: needed, got: needed - 1 };
    assert_eq!(plan.stft_of(few, 100).unwrap_err(), wanted.into());
    assert!(plan.stft_of(Vec::new(), 15).is_err());
}

#[test]
fn the_transform_is_linear() {
    let mut random = Random::new(8);
    let (a, b) = (random.vector(100, -1.0, 1.0), random.vector(100, -1.0, 1.0));
    let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 2.0 * a - 3.0 * b).collect();
    let plan = StftPlan::new(16, 5, 1.0, &StftOptions::default()).unwrap();
    let [a, b, sum] = [a, b, sum].map(|signal| plan.forward(&signal).unwrap());
    for ((a, b), sum) in a.coefficients().iter().zip(b.coefficients()).zip(sum.coefficients()) {
        assert!((2.0 * a - 3.0 * b - sum).norm() < 1e-13);
    }
}

#[test]
fn the_place_that_no_window_reaches_is_named() {
    let signal = vec![1.0; 40];
    let refused = |window, len, hop| {
        let plan = StftPlan::new(len, hop, 1.0, &options(window, Edges::Zeros)).unwrap();
        assert!(!plan.is_invertible());
        let error = plan.inverse(&plan.forward(&signal).unwrap()).unwrap_err();
        assert_eq!(plan.covered(40).unwrap_err(), error);
        error
    };
    // A Hann window is 0 at its first sample, a narrow Gaussian everywhere but in its middle, sample 4 of 8.
    for (window, hop, place) in [(Window::Hann, 8, 0), (Window::Gaussian { sigma: 0.2 }, 4, 1)] {
        assert_eq!(refused(window, 8, hop), SpectralError::NotInvertible { hop, place });
    }
    let text = refused(Window::Hann, 8, 8).to_string();
    let wanted =
        "sample 0 of every 8 is reached by no window, so frames cannot be inverted; take a smaller hop";
    assert_eq!(text, wanted);
}

#[test]
fn the_conditions_follow_the_tolerance() {
    let plan = |window, len, hop, tolerance| {
        let options = options(window, Edges::Zeros).with_tolerance(tolerance);
        StftPlan::new(len, hop, 1.0, &options).unwrap()
    };
    assert!(plan(Window::Hann, 12, 6, 1e-10).is_cola());
    assert!(!plan(Window::Hamming, 12, 12, 1e-10).is_cola());
    assert!(plan(Window::Hamming, 12, 12, 0.9).is_cola());
    // The smallest sample of a Hamming window is 0.08, the largest 1.
    assert!(plan(Window::Hamming, 12, 12, 0.006).is_invertible());
    assert!(!plan(Window::Hamming, 12, 12, 0.007).is_invertible());
}

#[test]
fn results_and_scratch_of_other_plans_are_reused() {
    let mut random = Random::new(9);
    let (long, short) = (random.vector(500, -1.0, 1.0), random.vector(90, -1.0, 1.0));
    let one = StftPlan::new(64, 16, 1.0, &StftOptions::default()).unwrap();
    let other =
        StftPlan::new(31, 10, 2.0, &options(Window::Hamming, Edges::Inside).with_padding(Padding::GoodSize));
    let other = other.unwrap();
    let (mut out, mut scratch) = (one.forward(&long).unwrap(), one.make_scratch());
    one.inverse_into(&out, &mut vec![0.0; 500], &mut scratch).unwrap();
    other.forward_into(&short, &mut out, &mut scratch).unwrap();
    assert_eq!(out, other.forward(&short).unwrap());
    let mut back = vec![f64::NAN; 90];
    other.inverse_into(&out, &mut back, &mut scratch).unwrap();
    assert_eq!(back, other.inverse(&out).unwrap());
}

fn error(plan: Result<StftPlan, SpectralError>) -> String {
    plan.unwrap_err().to_string()
}

#[test]
fn bad_plans_are_refused() {
    let default = StftOptions::default();
    let new = |len, hop, options: &StftOptions| error(StftPlan::new(len, hop, 1.0, options));
    assert_eq!(new(1, 1, &default), "segment needs at least 2 elements, got 1");
    assert_eq!(new(8, 0, &default), "hop must be from 1 to the samples of a segment, got 0");
    assert_eq!(new(8, 9, &default), "hop must be from 1 to the samples of a segment, got 9");
    let short = default.with_padding(Padding::To(7));
    assert_eq!(new(8, 4, &short), "padding must be at least the samples, got 7");
    assert!(new(8, 4, &default.with_tolerance(f64::NAN)).starts_with("tolerance must be"));
    assert!(new(8, 4, &default.with_start_s(f64::INFINITY)).starts_with("start_s[0] must be finite"));
    assert!(new(8, 4, &default.with_window(Window::Tukey { taper: 2.0 })).starts_with("taper must be"));
    assert!(error(StftPlan::new(8, 4, 0.0, &default)).starts_with("sample_rate_hz must be"));
}

#[test]
fn bad_signals_and_transforms_are_refused() {
    let plan = StftPlan::new(8, 4, 1.0, &StftOptions::default()).unwrap();
    let error = |signal: &[f64]| plan.forward(signal).unwrap_err().to_string();
    assert_eq!(error(&[1.0; 7]), "signal needs at least 8 elements, got 7");
    assert_eq!(error(&[]), "signal needs at least 8 elements, got 0");
    let mut signal = vec![1.0; 30];
    signal[17] = f64::NAN;
    assert_eq!(error(&signal), "signal[17] must be finite, got NaN");

    let mut stft = plan.forward(&[1.0; 30]).unwrap();
    let short = plan.inverse_into(&stft, &mut [0.0; 29], &mut plan.make_scratch());
    assert_eq!(short.unwrap_err().to_string(), "out must have 30 elements, got 29");
    let other = StftPlan::new(9, 4, 1.0, &StftOptions::default()).unwrap();
    assert!(other.inverse(&stft).unwrap_err().to_string().starts_with("transform of stft must have 9"));
    let other = StftPlan::new(8, 3, 1.0, &StftOptions::default()).unwrap();
    assert_eq!(other.inverse(&stft).unwrap_err().to_string(), "frames of stft must have 11 elements, got 9");
    for (bin, value) in [(0, Complex64::new(f64::NAN, 0.0)), (3, Complex64::new(0.0, f64::INFINITY))] {
        let kept = stft.coefficients()[10 + bin];
        stft.coefficients_mut()[10 + bin] = value;
        let text = plan.inverse(&stft).unwrap_err().to_string();
        assert!(text.starts_with(&format!("stft[{}] must be finite", 10 + bin)), "{text}");
        stft.coefficients_mut()[10 + bin] = kept;
    }
}

proptest! {
    #[test]
    fn every_invertible_plan_gives_the_signal_back(
        window in prop::sample::select(WINDOWS.to_vec()),
        len in 2_usize..80,
        turn in 0_usize..80,
        padding in 0_usize..40,
        more in 0_usize..200,
        edges in prop::sample::select(vec![Edges::Zeros, Edges::Inside]),
        seed in any::<u64>(),
    ) {
        let hop = 1 + turn % len;
        // The error of an inverse grows as one over the root of the tolerance.
        let tolerance = 1e-4;
        let options =
            options(window, edges).with_padding(Padding::To(len + padding)).with_tolerance(tolerance);
        let plan = StftPlan::new(len, hop, 3.0, &options).unwrap();
        let signal = Random::new(seed).vector(len + more, -1.0, 1.0);
        let stft = plan.forward(&signal).unwrap();
        prop_assert_eq!(stft.frames(), plan.frames(signal.len()).unwrap());
        if !plan.is_invertible() {
            prop_assert!(plan.inverse(&stft).is_err());
            return Ok(());
        }
        let covered = plan.covered(signal.len()).unwrap();
        prop_assert!(edges == Edges::Inside || covered == (0..signal.len()));
        let back = plan.inverse(&stft).unwrap();
        let difference = max_difference(&back[covered.clone()], &signal[covered]);
        let rounding = 1e-15 * ((len + padding) as f64).log2() / f64::sqrt(tolerance);
        prop_assert!(difference <= rounding, "{:e}", difference);
    }
}
