//! Spectra of one segment: what a known signal reads in every scaling, against the definition, and bad input.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::f64::consts::{PI, SQRT_2, TAU};

use hexad_core::{Complex64, InputError};
use hexad_spectral::{
    Detrend, Padding, Scaling, Sides, SpectralError, Spectrum, SpectrumOptions, SpectrumPlan, Window, direct,
    spectrum, spectrum_of_complex,
};
use hexad_testkit::{Random, assert_close};
use proptest::prelude::*;

const SCALINGS: [Scaling; 6] =
    [Scaling::Amplitude, Scaling::Rms, Scaling::Power, Scaling::Density, Scaling::Energy, Scaling::Transform];
/// Those whose transform is exactly 0 but at a few bins.
const COSINE_SUMS: [Window; 10] = [
    Window::Boxcar,
    Window::Hann,
    Window::Hamming,
    Window::Blackman,
    Window::BlackmanHarris,
    Window::Nuttall,
    Window::FlatTop,
    Window::Hft70,
    Window::Hft95,
    Window::Hft248d,
];
const OTHERS: [Window; 4] = [
    Window::Tukey { taper: 0.3 },
    Window::Kaiser { beta: 8.6 },
    Window::Gaussian { sigma: 20.0 },
    Window::Dpss { half_bandwidth: 0.9 },
];

fn options(window: Window) -> SpectrumOptions {
    SpectrumOptions::default().with_window(window)
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, value| value.abs().max(most))
}

/// 0.5 V of direct voltage, 3 V at bin 30, 1 V at half the sample rate, on 120 samples at 60 Hz.
fn tones() -> Vec<f64> {
    let at = |n: i32| {
        let n = f64::from(n);
        0.5 + 3.0 * (TAU * 30.0 / 120.0 * n + 0.7).cos() + (PI * n).cos()
    };
    (0..120).map(at).collect()
}

#[test]
fn tones_on_bins_read_their_size_in_every_scaling() {
    for window in COSINE_SUMS {
        let found = spectrum(&tones(), 60.0, &options(window)).unwrap();
        let enbw = found.enbw_hz();
        for (bin, amplitude, rms) in [(0, 0.5, 0.5), (30, 3.0, 3.0 / SQRT_2), (60, 1.0, 1.0)] {
            let power = rms * rms;
            let read = |scaling| found.value(scaling, bin);
            assert!((read(Scaling::Amplitude) - amplitude).abs() < 1e-12, "{window}");
            assert!((read(Scaling::Rms) - rms).abs() < 1e-12);
            assert!((read(Scaling::Power) - power).abs() < 1e-12);
            assert!((read(Scaling::Density) * enbw - power).abs() < 1e-12);
            assert!((read(Scaling::Energy) * enbw - power * 2.0).abs() < 1e-12);
        }
        assert_eq!(found.frequency_hz(30), 15.0);
        assert!((found.phases().unwrap()[30] - 0.7).abs() < 1e-13);
        let (hz, amplitude) = found.peak(Scaling::Amplitude).unwrap();
        assert!(hz == 15.0 && (amplitude - 3.0).abs() < 1e-12);
    }
}

#[test]
fn a_tone_between_bins_reads_less_by_the_scalloping_loss() {
    let tone: Vec<f64> = (0..1000).map(|n| (TAU * 200.5 / 1000.0 * f64::from(n)).cos()).collect();
    for window in COSINE_SUMS.into_iter().chain(OTHERS) {
        let found = spectrum(&tone, 1.0, &options(window)).unwrap();
        let loss_db = 20.0 * found.value(Scaling::Amplitude, 200).log10();
        let wanted = window.constants(1000).unwrap().scalloping_db;
        // The image at -200.5 leaks by 1/(2 pi 400) at most, that of the boxcar.
        assert!((loss_db - wanted).abs() < 5e-3, "{window}: {loss_db} {wanted}");
    }
}

#[test]
fn windows_have_the_published_constants() {
    for (window, enbw, scalloping, overlap) in [
        (Window::Hann, 1.5, -1.4236, 0.5),
        (Window::BlackmanHarris, 2.0044, -0.8256, 0.661),
        (Window::Nuttall, 1.9761, -0.8506, 0.656),
        (Window::Hft70, 3.4129, -0.0065, 0.722),
        (Window::Hft95, 3.8112, -0.0039, 0.756),
        (Window::Hft248d, 5.6512, -0.0009, 0.841),
    ] {
        let found = window.constants(1000).unwrap();
        assert!((found.enbw_bins - enbw).abs() < 6e-5, "{window}: {found:?}");
        assert!((found.scalloping_db - scalloping).abs() < 6e-5);
        assert!((found.recommended_overlap - overlap).abs() < 2e-3);
    }
    let hann = Window::Hann.constants(1024).unwrap();
    assert!((hann.coherent_gain - 0.5).abs() < 1e-15 && (hann.enbw_bins - 1.5).abs() < 1e-14);
}

#[test]
fn white_noise_has_the_density_of_its_variance_over_the_band() {
    let (len, rate, sigma) = (1 << 16, 50.0, 3.0);
    let mut random = Random::new(1);
    let noise: Vec<f64> = (0..len).map(|_| sigma * random.normal()).collect();
    for window in [Window::Boxcar, Window::Hann, Window::Hft95] {
        let densities = spectrum(&noise, rate, &options(window)).unwrap().values(Scaling::Density);
        let inner = &densities[1..len / 2];
        let mean = inner.iter().sum::<f64>() / inner.len() as f64;
        // Each bin spreads by as much as its mean; neighbours share up to the noise bandwidth.
        let bins = inner.len() as f64 / window.constants(len).unwrap().enbw_bins;
        assert!((mean / (sigma * sigma / (0.5 * rate)) - 1.0).abs() < 4.0 / bins.sqrt(), "{window}");
    }
}

#[test]
fn a_pulse_has_the_transform_and_energy_of_its_formula() {
    let (sigma, dt) = (0.05, 1.0 / 256.0);
    let pulse: Vec<f64> =
        (0..512).map(|n| f64::from(n - 256) * dt).map(|t| 3.0 * (-0.5 * (t / sigma).powi(2)).exp()).collect();
    for padding in [Padding::None, Padding::To(1023)] {
        let base = SpectrumOptions::default().with_start_s(-256.0 * dt).with_padding(padding);
        let found = spectrum(&pulse, 256.0, &base).unwrap();
        let transform = found.fourier_transform().unwrap();
        for (bin, value) in transform.iter().enumerate() {
            let hz = found.frequency_hz(bin);
            let wanted = 3.0 * sigma * TAU.sqrt() * (-2.0 * (PI * sigma * hz).powi(2)).exp();
            assert!((value - wanted).norm() < 1e-14, "{hz}: {value} {wanted}");
            assert!((found.value(Scaling::Transform, bin) - wanted).abs() < 1e-14);
        }
        let energy: f64 = found.values(Scaling::Energy).iter().sum::<f64>() * found.resolution_hz();
        // Two seconds; 1e-13 of the pulse is cut off.
        assert!((energy / (9.0 * sigma * PI.sqrt()) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn parseval_holds_to_rounding() {
    let mut random = Random::new(2);
    for len in (2..100).chain([1009, 4096, 100_003, 1 << 18]) {
        let signal: Vec<f64> = random.vector(len, 2.0, 5.0);
        for window in [Window::Boxcar, Window::Hann, Window::Hft248d] {
            let residual = |sides, padding| {
                let options = options(window).with_sides(sides).with_padding(padding);
                spectrum(&signal, 1.0, &options).unwrap().parseval_residual()
            };
            for sides in [Sides::One, Sides::Two] {
                assert!(residual(sides, Padding::None) <= 1e-14, "{len} {window}");
                assert!(residual(sides, Padding::GoodSize) <= 1e-14, "{len} {window}");
            }
        }
    }
}

fn check_against_the_definition(signal: &[f64], options: &SpectrumOptions) {
    let found = spectrum(signal, 7.0, options).unwrap();
    for scaling in SCALINGS {
        let wanted = direct::spectrum(signal, 7.0, options, scaling).unwrap();
        // Rounding of the transform's terms.
        let rounding = 1e-13 * largest(&wanted);
        assert_close(&found.values(scaling), &wanted, rounding);
    }
}

#[test]
fn every_length_window_trend_and_side_is_its_definition() {
    let mut random = Random::new(3);
    let windows: Vec<Window> = COSINE_SUMS.into_iter().chain(OTHERS).collect();
    let trends = [Detrend::None, Detrend::Constant, Detrend::Linear];
    for len in 2..=200 {
        let signal = random.vector(len, -1.0, 3.0);
        for (index, window) in windows.iter().enumerate() {
            let turn = len + index;
            let padding = [Padding::None, Padding::None, Padding::GoodSize, Padding::To(len + 3)][turn % 4];
            let options = options(*window)
                .with_detrend(trends[turn % 3])
                .with_sides([Sides::One, Sides::Two][turn / 4 % 2])
                .with_padding(padding);
            check_against_the_definition(&signal, &options);
        }
    }
}

#[test]
fn the_transform_is_the_sum_and_a_two_sided_one_is_hermitian() {
    let mut random = Random::new(4);
    for len in [2, 3, 10, 11] {
        let signal = random.vector(len, -1.0, 1.0);
        let two = options(Window::Hann).with_sides(Sides::Two);
        let found = spectrum(&signal, 1.0, &two).unwrap().fourier_transform().unwrap();
        let wanted = direct::transform(&signal, &two).unwrap();
        let zero = len / 2;
        for bin in 0..len {
            assert!((found[bin] - wanted[bin]).norm() < 1e-14);
            // The lowest of an even number is half the sample rate, which is its own image.
            let image = if len % 2 == 0 && bin == 0 { 0 } else { 2 * zero - bin };
            assert_eq!(found[image], found[bin].conj());
        }
    }
}

#[test]
fn two_sides_share_what_one_side_has() {
    let signal = Random::new(5).vector(31, -1.0, 1.0);
    let one = spectrum(&signal, 31.0, &options(Window::Hann)).unwrap();
    let two = spectrum(&signal, 31.0, &options(Window::Hann).with_sides(Sides::Two)).unwrap();
    assert_eq!(two.frequencies_hz(), (-15..=15).map(f64::from).collect::<Vec<_>>());
    for bin in 1..=15 {
        let halves = [15 - bin, 15 + bin].map(|bin| two.value(Scaling::Power, bin));
        assert!(halves[0] == halves[1] && (halves[0] + halves[1]) == one.value(Scaling::Power, bin));
    }
    assert_eq!(two.value(Scaling::Power, 15), one.value(Scaling::Power, 0));
}

#[test]
fn a_turning_phase_is_one_frequency_of_one_sign() {
    for (len, bin) in [(12, -5), (13, -6), (12, 3), (13, 0)] {
        let turn = |n: i32| Complex64::from_polar(2.5, TAU * f64::from(bin * n) / f64::from(len) + 0.3);
        let signal: Vec<Complex64> = (0..len).map(turn).collect();
        let found = spectrum_of_complex(&signal, f64::from(len), &SpectrumOptions::default()).unwrap();
        for index in 0..found.len() {
            let wanted = if found.frequency_hz(index) == f64::from(bin) { 2.5 } else { 0.0 };
            assert!((found.value(Scaling::Amplitude, index) - wanted).abs() < 1e-14);
        }
        assert!(found.parseval_residual() < 1e-14);
    }
    let signal = Random::new(6).vector(21, -1.0, 1.0);
    let complex: Vec<Complex64> = signal.iter().map(|x| Complex64::new(*x, 0.0)).collect();
    let options = options(Window::Blackman).with_detrend(Detrend::Linear).with_sides(Sides::Two);
    let (a, b) = (spectrum(&signal, 1.0, &options), spectrum_of_complex(&complex, 1.0, &options));
    assert_close(&a.unwrap().values(Scaling::Density), &b.unwrap().values(Scaling::Density), 1e-14);
}

#[test]
fn zeros_behind_keep_densities_and_show_more_bins() {
    let signal = Random::new(7).vector(50, -1.0, 1.0);
    let plain = spectrum(&signal, 10.0, &options(Window::Hann)).unwrap();
    let padded = options(Window::Hann).with_padding(Padding::To(150));
    let padded = spectrum(&signal, 10.0, &padded).unwrap();
    for bin in 0..25 {
        for scaling in [Scaling::Amplitude, Scaling::Density, Scaling::Transform] {
            assert!((plain.value(scaling, bin) - padded.value(scaling, 3 * bin)).abs() < 1e-14);
        }
    }
    assert_eq!((padded.len(), padded.segment_len(), plain.enbw_hz()), (76, 50, padded.enbw_hz()));
}

#[test]
fn the_power_of_a_band_is_the_mean_square_within_it() {
    let signal = tones();
    let found = spectrum(&signal, 60.0, &SpectrumOptions::default()).unwrap();
    let mean_square = signal.iter().map(|x| x * x).sum::<f64>() / 120.0;
    assert!((found.band_power(0.0, 30.0).unwrap() / mean_square - 1.0).abs() < 1e-14);
    assert!((found.band_power(14.0, 16.0).unwrap() - 4.5).abs() < 1e-12);
    // Half of a bin.
    assert!((found.band_power(10.0, 15.0).unwrap() - 2.25).abs() < 1e-12);
    assert!((found.band_power(0.0, 1.0).unwrap() - 0.25).abs() < 1e-12);
    for (low, high) in [(-1.0, 5.0), (5.0, 5.0), (5.0, 31.0), (f64::NAN, 5.0), (5.0, f64::NAN)] {
        assert!(found.band_power(low, high).is_err());
    }
}

#[test]
fn the_interval_of_one_segment_is_that_of_two_degrees_of_freedom() {
    let signal = Random::new(8).vector(16, -1.0, 1.0);
    let found = spectrum(&signal, 1.0, &SpectrumOptions::default()).unwrap();
    let intervals = found.confidence(Scaling::Power, 0.95).unwrap();
    for (bin, lower, upper) in [(3, 0.271_085, 39.4979), (0, 0.199_050, 1018.258), (8, 0.199_050, 1018.258)] {
        let power = found.value(Scaling::Power, bin);
        assert!((intervals[bin].lower / power / lower - 1.0).abs() < 1e-5);
        assert!((intervals[bin].upper / power / upper - 1.0).abs() < 1e-5);
        let amplitude = found.confidence(Scaling::Amplitude, 0.95).unwrap()[bin];
        let ratio = amplitude.upper / found.value(Scaling::Amplitude, bin);
        assert!((ratio * ratio / upper - 1.0).abs() < 1e-5);
    }
    assert!(found.confidence(Scaling::Power, 1.0).is_err());
}

#[test]
fn what_a_scratch_and_an_old_spectrum_hold_never_matters() {
    let mut random = Random::new(9);
    let mut out = spectrum(&random.vector(300, 0.0, 1.0), 3.0, &options(Window::Hann)).unwrap();
    let big = SpectrumPlan::new(301, 3.0, &SpectrumOptions::default()).unwrap();
    let mut scratch = big.make_scratch();
    big.apply_into(&random.vector(301, -1e9, 1e9), &mut out, &mut scratch).unwrap();
    for sides in [Sides::One, Sides::Two] {
        let signal = random.vector(40, -1.0, 1.0);
        let plan = SpectrumPlan::new(40, 5.0, &options(Window::Nuttall).with_sides(sides)).unwrap();
        plan.apply_into(&signal, &mut out, &mut scratch).unwrap();
        assert_eq!(out, plan.apply(&signal).unwrap());
    }
}

#[test]
fn names_are_read_as_they_are_written() {
    for window in COSINE_SUMS.into_iter().chain(OTHERS) {
        assert_eq!(window.to_string().parse::<Window>().unwrap(), window);
    }
    for scaling in SCALINGS {
        assert_eq!(scaling.to_string().parse::<Scaling>().unwrap(), scaling);
    }
    assert_eq!(Scaling::Energy.unit("m"), "m^2 s/Hz");
    for text in ["", "Hann", "hann=1", "kaiser", "kaiser=x", "tukey=", "hamming "] {
        assert_eq!(text.parse::<Window>(), Err(SpectralError::UnknownWindow), "{text}");
    }
    assert_eq!("psd".parse::<Scaling>(), Err(SpectralError::UnknownScaling));
    assert!("tukey=1.5".parse::<Window>().is_err() && "dpss=nan".parse::<Window>().is_err());
}

#[test]
fn bad_input_is_refused_with_its_place() {
    let base = SpectrumOptions::default();
    let plan = |len, rate, options: &SpectrumOptions| SpectrumPlan::new(len, rate, options).map(drop);
    for len in [0, 1] {
        let refused = plan(len, 1.0, &base).unwrap_err();
        assert!(matches!(refused, SpectralError::Input(InputError::TooFew { .. })), "{refused}");
    }
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(plan(10, rate, &base).is_err());
    }
    for window in [
        Window::Tukey { taper: -0.1 },
        Window::Tukey { taper: f64::NAN },
        Window::Kaiser { beta: 701.0 },
        Window::Gaussian { sigma: 0.0 },
        Window::Gaussian { sigma: 1e-3 },
        Window::Dpss { half_bandwidth: 0.0 },
        Window::Dpss { half_bandwidth: 6.0 },
    ] {
        assert!(plan(11, 1.0, &options(window)).is_err(), "{window}");
    }
    assert!(plan(10, 1.0, &base.with_padding(Padding::To(9))).is_err());
    assert!(plan(10, 1.0, &base.with_start_s(f64::NAN)).is_err());
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut signal = vec![1.0; 10];
        signal[7] = value;
        let refused = spectrum(&signal, 1.0, &base).unwrap_err();
        assert!(matches!(refused, SpectralError::Input(InputError::NotFinite { index: 7, .. })));
        let complex: Vec<_> = signal.iter().map(|x| Complex64::new(0.0, *x)).collect();
        assert!(spectrum_of_complex(&complex, 1.0, &base).is_err());
    }
    let plan = SpectrumPlan::new(10, 1.0, &base).unwrap();
    assert!(plan.apply(&[1.0; 9]).is_err());
    assert!(spectrum_of_complex(&[Complex64::default()], 1.0, &base).is_err());
}

fn transform(signal: &[f64]) -> Vec<Complex64> {
    let options = SpectrumOptions::default().with_sides(Sides::Two);
    spectrum(signal, 1.0, &options).unwrap().fourier_transform().unwrap()
}

fn two_signals() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (2..80_usize).prop_flat_map(|len| {
        let values = || prop::collection::vec(-1e3..1e3, len);
        (values(), values())
    })
}

proptest! {
    #[test]
    fn the_transform_is_linear((a, b) in two_signals(), factor in -10.0..10.0_f64) {
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + factor * b).collect();
        let rounding = 1e-13 * 11.0 * 1e3 * a.len() as f64;
        for ((sum, a), b) in transform(&sum).iter().zip(transform(&a)).zip(transform(&b)) {
            let wanted = a + b * factor;
            prop_assert!((sum - wanted).norm() <= rounding);
        }
    }

    #[test]
    fn a_shift_around_the_circle_turns_phases(signal in prop::collection::vec(-1e3..1e3, 2..80), by in 0..80_usize) {
        let (len, by) = (signal.len(), by % signal.len());
        let mut shifted = signal.clone();
        shifted.rotate_right(by);
        let turn = |bin: usize| {
            let place = (bin + len.div_ceil(2)) % len;
            Complex64::from_polar(1.0, -TAU * (place * by % len) as f64 / len as f64)
        };
        for (bin, (shifted, plain)) in transform(&shifted).iter().zip(transform(&signal)).enumerate() {
            prop_assert!((shifted - plain * turn(bin)).norm() <= 1e-13 * 1e3 * len as f64);
        }
    }

    #[test]
    fn values_go_with_the_unit_and_the_sample_rate((signal, _) in two_signals(), unit in 0.01..100.0_f64, rate in 0.1..1e4_f64) {
        let scaled: Vec<f64> = signal.iter().map(|x| unit * x).collect();
        let read = |signal: &[f64], rate| -> Spectrum { spectrum(signal, rate, &options(Window::Hann)).unwrap() };
        let (one, other) = (read(&signal, 1.0), read(&scaled, rate));
        for scaling in SCALINGS {
            let in_time = match scaling {
                Scaling::Amplitude | Scaling::Rms | Scaling::Power => 1.0,
                Scaling::Density | Scaling::Transform => 1.0 / rate,
                _ => 1.0 / (rate * rate),
            };
            let factor = in_time * if scaling.is_square() { unit * unit } else { unit };
            for (a, b) in one.values(scaling).iter().zip(other.values(scaling)) {
                let rounding = 1e-12 * largest(&other.values(scaling));
                let wanted: f64 = factor * a;
                prop_assert!((b - wanted).abs() <= rounding, "{scaling} {b} {wanted}");
            }
        }
    }
}

#[test]
fn the_peak_is_not_the_leak_of_the_constant() {
    let len = 1000;
    for window in [Window::Hann, Window::BlackmanHarris, Window::Hft248d, Window::Kaiser { beta: 14.0 }] {
        for sides in [Sides::One, Sides::Two] {
            let tone = |n: usize| 100.0 + 0.5 * (TAU * 50.0 * n as f64 / len as f64).cos();
            let signal: Vec<f64> = (0..len).map(tone).collect();
            let options = SpectrumOptions::default().with_window(window).with_sides(sides);
            let found = spectrum(&signal, 1.0, &options).unwrap();
            let (frequency_hz, _) = found.peak(Scaling::Amplitude).unwrap();
            assert!((frequency_hz.abs() - 0.05).abs() < 1e-12, "{window} {sides:?}: {frequency_hz}");
        }
    }
    // Without a window nothing leaks: one cycle in the record is a peak, however small.
    let slow: Vec<f64> = (0..len).map(|n| 100.0 + 1e-3 * (TAU * n as f64 / len as f64).cos()).collect();
    let found = spectrum(&slow, 1.0, &SpectrumOptions::default()).unwrap();
    assert!((found.peak(Scaling::Amplitude).unwrap().1 - 1e-3).abs() < 1e-12);
}
