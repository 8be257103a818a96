//! Welch's averages: the definition, known signals, streams, and bad input.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::f64::consts::{LN_2, TAU};

use hexad_core::InputError;
use hexad_spectral::{
    Average, Detrend, Padding, Scaling, Sides, SpectralError, Spectrum, SpectrumOptions, WelchOptions,
    WelchPlan, WelchStream, Window, direct, spectrum, welch,
};
use hexad_testkit::{Random, assert_close};
use proptest::prelude::*;

fn noise(len: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..len).map(|_| random.normal()).collect()
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, value| value.abs().max(most))
}

fn median() -> WelchOptions {
    WelchOptions::default().with_average(Average::Median)
}

fn streamed<'a>(plan: &WelchPlan, pieces: impl IntoIterator<Item = &'a [f64]>) -> WelchStream {
    let mut stream = plan.stream().unwrap();
    pieces.into_iter().for_each(|piece| stream.push(piece).unwrap());
    stream
}

#[test]
fn averages_are_their_definition() {
    let windows = [Window::Hann, Window::Boxcar, Window::Kaiser { beta: 5.0 }, Window::Hft95];
    let trends = [Detrend::None, Detrend::Constant, Detrend::Linear];
    let overlaps = [0.0, 0.5, 0.75, 0.9, 0.31];
    let mut turn = 0;
    for segment in (2..=40).chain([63, 64, 101]) {
        for extra in [0, 1, segment / 2 + 1, 3 * segment + 2, 5 * segment] {
            let signal: Vec<f64> = noise(segment + extra, turn as u64).iter().map(|x| x + 2.0).collect();
            turn += 1;
            // Two samples less their line are rounding.
            let trend = if segment == 2 { Detrend::None } else { trends[turn % 3] };
            let padding = [Padding::None, Padding::None, Padding::GoodSize, Padding::To(segment + 5)];
            let options = WelchOptions::default()
                .with_window(windows[turn % 4])
                .with_detrend(trend)
                .with_overlap(overlaps[turn % 5])
                .with_sides([Sides::One, Sides::Two][turn % 2])
                .with_padding(padding[turn / 2 % 4]);
            for options in [options, options.with_average(Average::Median)] {
                let found = welch(&signal, 3.0, segment, &options).unwrap();
                for scaling in [Scaling::Density, Scaling::Power, Scaling::Amplitude] {
                    let wanted = direct::welch(&signal, 3.0, segment, &options, scaling).unwrap();
                    assert_close(&found.values(scaling), &wanted, 1e-13 * largest(&wanted));
                }
                assert!(found.parseval_residual() <= 1e-14, "{segment} {options:?}");
            }
        }
    }
}

#[test]
fn one_segment_is_its_spectrum() {
    let signal = noise(100, 1);
    for sides in [Sides::One, Sides::Two] {
        let one = SpectrumOptions::default().with_window(Window::Hann).with_sides(sides);
        let wanted = spectrum(&signal, 5.0, &one).unwrap();
        for options in [WelchOptions::default(), median()] {
            let found = welch(&signal, 5.0, 100, &options.with_sides(sides)).unwrap();
            assert_close(&found.values(Scaling::Density), &wanted.values(Scaling::Density), 1e-14);
            assert_eq!(found.frequencies_hz(), wanted.frequencies_hz());
            assert_eq!((found.segments(), found.effective_segments()), (1, 1.0));
            assert_eq!(found.phases(), None);
        }
    }
}

#[test]
fn the_last_partial_segment_is_left_out() {
    let plan = WelchPlan::new(100, 1.0, &WelchOptions::default().with_overlap(0.3)).unwrap();
    assert_eq!((plan.segment_len(), plan.hop()), (100, 70));
    for (len, segments) in [(0, 0), (99, 0), (100, 1), (169, 1), (170, 2), (310, 4)] {
        assert_eq!(plan.segments(len), segments);
    }
    let signal = noise(309, 2);
    let found = plan.apply(&signal).unwrap();
    assert_eq!(found.segments(), 3);
    assert_eq!(found, plan.apply(&signal[..240]).unwrap());
}

#[test]
fn a_tone_reads_its_power_and_noise_its_density() {
    let (sigma, rate) = (0.5, 1000.0);
    let tone = |n: usize| 2.0 * (TAU * 100.0 / rate * n as f64).sin();
    let signal: Vec<f64> = noise(200_000, 3).iter().enumerate().map(|(n, x)| tone(n) + sigma * x).collect();
    for options in [WelchOptions::default(), median()] {
        let found = welch(&signal, rate, 1000, &options).unwrap();
        let density = sigma * sigma / (0.5 * rate);
        // Noise below the tone adds its own power. That of a tone is the same in all segments, which the
        // median takes for noise of more.
        let bias = if options.average == Average::Mean { 1.0 } else { LN_2 };
        let power = (2.0 + density * found.enbw_hz()) / bias;
        // Noise turns the tone of a segment by 3 %.
        assert!((found.value(Scaling::Power, 100) / power - 1.0).abs() < 0.01);
        let quiet = &found.values(Scaling::Density)[200..500];
        let mean = quiet.iter().sum::<f64>() / 300.0;
        assert!((mean / density - 1.0).abs() < 0.01, "{mean:e} {density:e}");
        // Where powers spread more their median is lower: ln 2 divides that of chi-squared with 1.
        let at_half = found.value(Scaling::Density, 500) / (0.5 * density);
        let wanted = if options.average == Average::Mean { 1.0 } else { 0.4549 / LN_2 };
        assert!((at_half - wanted).abs() < 0.3, "{at_half}");
    }
}

#[test]
fn a_median_does_not_see_a_loud_segment_and_keeps_the_digits_of_a_quiet_one() {
    let mut signal = noise(64 * 11, 4);
    let options = median().with_overlap(0.0);
    let before = welch(&signal, 1.0, 64, &options).unwrap();
    signal[64 * 5..64 * 6].iter_mut().for_each(|x| *x *= 1e12);
    let after = welch(&signal, 1.0, 64, &options).unwrap();
    let wanted = direct::welch(&signal, 1.0, 64, &options, Scaling::Density).unwrap();
    for (bin, wanted) in wanted.iter().enumerate() {
        let [before, after] = [&before, &after].map(|found| found.value(Scaling::Density, bin));
        assert!((after / wanted - 1.0).abs() < 1e-11);
        // One rank of eleven.
        assert!(after < 10.0 * before);
    }
}

#[test]
fn no_digits_are_lost_over_many_segments() {
    // Every segment is the same.
    let one = noise(16, 5);
    let signal: Vec<f64> = one.iter().cycle().take(16 * 40_000).copied().collect();
    let options = WelchOptions::default().with_detrend(Detrend::Constant).with_overlap(0.0);
    let (few, many) = (welch(&signal[..32], 1.0, 16, &options), welch(&signal, 1.0, 16, &options));
    for (few, many) in
        few.unwrap().values(Scaling::Density).iter().zip(many.unwrap().values(Scaling::Density))
    {
        // The sum within a block of 32 pairs.
        assert!((many / few - 1.0).abs() < 32.0 * f64::EPSILON);
    }
}

#[test]
fn a_large_offset_is_taken_off_before_it_rounds() {
    let plain = noise(5000, 6);
    let offset: Vec<f64> = plain.iter().map(|x| x + 1e8).collect();
    for detrend in [Detrend::Constant, Detrend::Linear] {
        let options = WelchOptions::default().with_detrend(detrend);
        let [a, b] =
            [plain.clone(), offset.clone()].map(|signal| welch(&signal, 1.0, 256, &options).unwrap());
        let (a, b) = (a.values(Scaling::Density), b.values(Scaling::Density));
        // Samples near 1e8 stand 1.5e-8 apart.
        assert_close(&a, &b, 1e-7 * largest(&a));
    }
}

#[test]
fn overlapping_segments_count_as_fewer() {
    let plan = WelchPlan::new(1024, 1.0, &WelchOptions::default()).unwrap();
    let found = plan.apply(&noise(1024 + 99 * 512, 7)).unwrap();
    // rho at half a Hann window is 1/6.
    let wanted = 100.0 / (1.0 + 2.0 * 0.99 / 36.0);
    assert_eq!(found.segments(), 100);
    assert!((found.effective_segments() - wanted).abs() < 1e-9);
    let single = WelchPlan::new(1024, 1.0, &WelchOptions::default().with_overlap(0.0)).unwrap();
    assert_eq!(single.apply(&noise(10_240, 8)).unwrap().effective_segments(), 10.0);
}

#[test]
fn intervals_cover_what_they_say() {
    let plan = |options: WelchOptions| WelchPlan::new(32, 1.0, &options).unwrap();
    let dense = WelchOptions::default().with_overlap(0.75);
    for options in [WelchOptions::default(), dense, median(), median().with_overlap(0.75)] {
        let plan = plan(options);
        let (trials, mut covered) = (2000, 0);
        let mut random = Random::new(9);
        for _ in 0..trials {
            let signal: Vec<f64> = (0..32 * 12).map(|_| random.normal()).collect();
            let found = plan.apply(&signal).unwrap().confidence(Scaling::Density, 0.9).unwrap();
            covered += usize::from((found[7].lower..=found[7].upper).contains(&2.0));
        }
        let share = covered as f64 / f64::from(trials);
        // Three standard errors are 2 %.
        assert!((share - 0.9).abs() < 0.025, "{share} {options:?}");
    }
}

#[test]
fn any_pieces_give_the_bits_of_the_whole() {
    for (segment, overlap) in [(2, 0.5), (5, 0.0), (16, 0.5), (17, 0.75), (64, 0.9), (100, 0.2)] {
        for detrend in [Detrend::None, Detrend::Constant, Detrend::Linear] {
            let options = WelchOptions::default().with_overlap(overlap).with_detrend(detrend);
            let plan = WelchPlan::new(segment, 1.0, &options).unwrap();
            let signal = noise(segment * 90 + 3, 10);
            for piece in [1, 2, segment - 1, segment, segment + 1, 3 * segment, 1000] {
                let mut stream = plan.stream().unwrap();
                for (index, samples) in signal.chunks(piece).enumerate() {
                    stream.push(samples).unwrap();
                    let so_far = index * piece + samples.len();
                    assert_eq!(stream.segments(), plan.segments(so_far) as u64);
                    // At any time, not only at the end.
                    if index % 37 == 0 && so_far >= segment {
                        assert_eq!(stream.spectrum(), plan.apply(&signal[..so_far]));
                    }
                }
                assert_eq!(stream.spectrum(), plan.apply(&signal), "{segment} {overlap} {piece}");
            }
        }
    }
}

#[test]
fn merged_averages_are_those_over_the_segments_of_all() {
    let plan = WelchPlan::new(32, 2.0, &WelchOptions::default()).unwrap();
    let parts = [noise(500, 11), noise(63, 12), noise(1, 13), noise(3200, 14)];
    let streams = [0, 1, 2, 3].map(|index: usize| streamed(&plan, [&parts[index][..]]));
    let mut merged = streams[0].clone();
    streams[1..].iter().for_each(|stream| merged.merge(stream).unwrap());
    let found = merged.spectrum().unwrap();

    let alone = [0, 1, 3].map(|index: usize| plan.apply(&parts[index]).unwrap());
    let segments: u64 = alone.iter().map(Spectrum::segments).sum();
    assert_eq!((found.segments(), merged.segments()), (segments, segments));
    for (bin, value) in found.values(Scaling::Density).iter().enumerate() {
        let sum = |one: &Spectrum| one.segments() as f64 * one.value(Scaling::Density, bin);
        let wanted = alone.iter().map(sum).sum::<f64>() / segments as f64;
        assert!((value / wanted - 1.0).abs() < 1e-14);
    }
    // Variances of sums add up.
    let spread = |one: &Spectrum| (one.segments() as f64).powi(2) / one.effective_segments();
    let wanted = (segments as f64).powi(2) / alone.iter().map(spread).sum::<f64>();
    assert!((found.effective_segments() / wanted - 1.0).abs() < 1e-14);

    let mut reversed = streams[3].clone();
    streams[..3].iter().rev().for_each(|stream| reversed.merge(stream).unwrap());
    let reversed = reversed.spectrum().unwrap();
    assert_close(&reversed.values(Scaling::Density), &found.values(Scaling::Density), 1e-14);
    assert!((reversed.effective_segments() / found.effective_segments() - 1.0).abs() < 1e-14);
}

#[test]
fn a_merged_stream_goes_on() {
    let plan = WelchPlan::new(16, 1.0, &WelchOptions::default()).unwrap();
    let (a, b) = (noise(300, 15), noise(200, 16));
    let mut late = streamed(&plan, [&a[..]]);
    late.merge(&streamed(&plan, [&b[..]])).unwrap();
    let mut early = streamed(&plan, [&a[..77]]);
    early.merge(&streamed(&plan, [&b[..]])).unwrap();
    early.push(&a[77..]).unwrap();
    let (late, early) = (late.spectrum().unwrap(), early.spectrum().unwrap());
    assert_close(&late.values(Scaling::Density), &early.values(Scaling::Density), 1e-14);
    assert_eq!((late.segments(), late.effective_segments()), (early.segments(), early.effective_segments()));
}

#[test]
fn only_averages_of_the_same_plan_merge() {
    let base = WelchOptions::default();
    let mut stream = WelchStream::new(16, 1.0, &base).unwrap();
    for other in [
        WelchStream::new(18, 1.0, &base),
        WelchStream::new(16, 2.0, &base),
        WelchStream::new(16, 1.0, &base.with_overlap(0.75)),
        WelchStream::new(16, 1.0, &base.with_window(Window::Hamming)),
        WelchStream::new(16, 1.0, &base.with_detrend(Detrend::Linear)),
        WelchStream::new(16, 1.0, &base.with_sides(Sides::Two)),
        WelchStream::new(16, 1.0, &base.with_padding(Padding::To(20))),
    ] {
        assert_eq!(stream.merge(&other.unwrap()), Err(SpectralError::DifferentPlans));
    }
    let same = WelchStream::new(16, 1.0, &base).unwrap();
    assert_eq!(stream.merge(&same), Ok(()));
    assert_eq!(stream.spectrum(), Err(SpectralError::NoAverage));
}

#[test]
fn what_a_scratch_and_an_old_spectrum_hold_never_matters() {
    let options = WelchOptions::default().with_detrend(Detrend::Linear);
    let other = WelchPlan::new(99, 1.0, &options.with_sides(Sides::Two)).unwrap();
    let mut scratch = other.make_scratch();
    let mut out = other.apply(&noise(1000, 17)).unwrap();
    other.apply_into(&noise(1500, 18), &mut out, &mut scratch).unwrap();
    // An error half way leaves sums behind.
    assert!(other.apply_into(&[vec![1.0; 400], vec![f64::NAN]].concat(), &mut out, &mut scratch).is_err());
    for options in [options, median()] {
        let plan = WelchPlan::new(32, 1.0, &options).unwrap();
        let signal = noise(700, 19);
        plan.apply_into(&signal, &mut out, &mut scratch).unwrap();
        assert_eq!(out, plan.apply(&signal).unwrap());
    }
}

#[test]
fn parameters_out_of_range_are_refused() {
    let base = WelchOptions::default();
    let refused = |segment, rate, options: &WelchOptions| WelchPlan::new(segment, rate, options).unwrap_err();
    for overlap in [1.0, 1.5, -0.1, f64::NAN] {
        let error = refused(16, 1.0, &base.with_overlap(overlap));
        assert!(matches!(error, SpectralError::Input(InputError::OutOfRange { argument: "overlap", .. })));
    }
    for segment in [0, 1] {
        let error = refused(segment, 1.0, &base);
        assert_eq!(error.to_string(), format!("segment_len must be at least 2 samples, got {segment}"));
    }
    for rate in [0.0, -1.0, f64::NAN] {
        refused(16, rate, &base);
    }
    refused(16, 1.0, &base.with_padding(Padding::To(15)));
    refused(16, 1.0, &base.with_window(Window::Kaiser { beta: -1.0 }));
    assert_eq!(WelchStream::new(16, 1.0, &median()).unwrap_err(), SpectralError::MeanOnly);
}

#[test]
fn a_signal_shorter_than_a_segment_is_refused() {
    for options in [WelchOptions::default(), median()] {
        let refused = welch(&[0.0; 15], 1.0, 16, &options).unwrap_err();
        assert_eq!(refused.to_string(), "signal needs at least 16 elements, got 15");
    }
}

#[test]
fn nan_anywhere_is_named() {
    let refused = |result: Result<Spectrum, SpectralError>| match result {
        Err(SpectralError::Input(InputError::NotFinite { index, .. })) => index,
        other => panic!("passed: {other:?}"),
    };
    for options in [
        WelchOptions::default(),
        WelchOptions::default().with_detrend(Detrend::Constant).with_overlap(0.0),
        WelchOptions::default().with_detrend(Detrend::Linear),
        median(),
    ] {
        for value in [f64::NAN, f64::INFINITY] {
            // In the first pair, where the window is 0, in a later one, in the segment left over, behind it.
            for index in [0, 3, 16, 100, 143, 150, 158] {
                let mut signal = vec![1.0; 159];
                signal[index] = value;
                signal[158] = value;
                assert_eq!(refused(welch(&signal, 1.0, 16, &options)), index);
            }
        }
    }
}

#[test]
fn a_refused_piece_leaves_a_stream_as_it_was() {
    let plan = WelchPlan::new(16, 1.0, &WelchOptions::default()).unwrap();
    let signal = noise(200, 20);
    let mut stream = plan.stream().unwrap();
    assert_eq!(stream.spectrum(), Err(SpectralError::NoAverage));
    stream.push(&signal[..61]).unwrap();
    let mut broken = signal[61..].to_vec();
    broken[99] = f64::NAN;
    let refused = stream.push(&broken).unwrap_err();
    assert_eq!(refused.to_string(), "samples[99] must be finite, got NaN");
    stream.push(&signal[61..]).unwrap();
    stream.push(&[]).unwrap();
    assert_eq!(stream.spectrum(), plan.apply(&signal));
}

proptest! {
    #[test]
    fn a_stream_in_random_pieces_is_the_whole(
        segment in 2..40_usize,
        overlap in 0.0..0.95,
        pieces in prop::collection::vec(0..120_usize, 1..40),
        seed in 0..1000_u64,
    ) {
        let options = WelchOptions::default().with_overlap(overlap).with_detrend(Detrend::Constant);
        let plan = WelchPlan::new(segment, 1.0, &options).unwrap();
        let signal = noise(pieces.iter().sum(), seed);
        let mut rest = &signal[..];
        let mut stream = plan.stream().unwrap();
        for piece in pieces {
            let (now, later) = rest.split_at(piece);
            stream.push(now).unwrap();
            rest = later;
        }
        prop_assert_eq!(stream.spectrum().ok(), plan.apply(&signal).ok());
    }

    #[test]
    fn the_mean_is_within_its_segments(signal in prop::collection::vec(-1e3..1e3, 20..200), segment in 2..20_usize) {
        let options = WelchOptions::default().with_window(Window::Hamming);
        let found = welch(&signal, 1.0, segment, &options).unwrap();
        let plan = WelchPlan::new(segment, 1.0, &options).unwrap();
        let segments: Vec<Spectrum> = signal.windows(segment).step_by(plan.hop())
            .map(|one| plan.apply(one).unwrap()).collect();
        for (bin, value) in found.values(Scaling::Power).into_iter().enumerate() {
            let powers = || segments.iter().map(|one| one.value(Scaling::Power, bin));
            let rounding = 1e-14 * 1e6 * segment as f64;
            prop_assert!(value <= powers().fold(0.0, f64::max) + rounding);
            prop_assert!(value >= powers().fold(f64::MAX, f64::min) - rounding);
        }
    }
}
