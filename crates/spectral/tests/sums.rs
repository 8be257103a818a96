//! Stretches of a signal, summed apart and joined, give the bits of the whole.

use hexad_spectral::{
    Average, CrossPlan, Detrend, Padding, SegmentSums, SpectralError, WelchOptions, WelchPlan, Window,
};
use hexad_testkit::Random;

/// The samples of blocks `first..next`, of the last `next` as many as there are.
fn stretch(signal: &[f64], segment_len: usize, hop: usize, first: usize, next: usize) -> &[f64] {
    let block = SegmentSums::BLOCK * hop;
    let end = (next * block + segment_len - hop).min(signal.len());
    &signal[first * block..end]
}

#[test]
fn stretches_joined_are_the_whole_bit_for_bit() {
    let signal = Random::new(1).vector(60_000, -1.0, 1.0);
    for (segment_len, overlap, detrend, padding) in [
        (64, 0.5, Detrend::Constant, Padding::None),
        (65, 0.0, Detrend::None, Padding::To(128)),
        (50, 0.9, Detrend::Linear, Padding::None),
    ] {
        let options =
            WelchOptions::default().with_overlap(overlap).with_detrend(detrend).with_padding(padding);
        let plan = WelchPlan::new(segment_len, 3.0, &options).unwrap();
        let cross = CrossPlan::new(segment_len, 3.0, &options).unwrap();
        let hop = plan.hop();
        // The last one has a segment of its own, a pair, some blocks.
        for len in [60_000, 59_990, 64 * hop * 7 + segment_len, 64 * hop * 7 + segment_len + hop] {
            let (a, b) = (&signal[..len], &signal[60_000 - len..]);
            let blocks = plan.segments(len).div_ceil(SegmentSums::BLOCK);
            for cut in [1, 4, blocks - 1] {
                let part = |signal, first, next| stretch(signal, segment_len, hop, first, next);
                let mut sums = plan.sums(part(a, 0, cut), 0).unwrap();
                sums.append(&plan.sums(part(a, cut, blocks), cut as u64).unwrap()).unwrap();
                assert_eq!(plan.finish(&sums).unwrap(), plan.apply(a).unwrap());

                let mut sums = cross.sums(part(a, 0, cut), part(b, 0, cut), 0).unwrap();
                let rest = cross.sums(part(a, cut, blocks), part(b, cut, blocks), cut as u64).unwrap();
                sums.append(&SegmentSums::from_numbers(&rest.to_numbers()).unwrap()).unwrap();
                assert_eq!(cross.finish(&sums).unwrap(), cross.apply(a, b).unwrap());
            }
        }
    }
}

#[test]
fn what_cannot_be_joined_is_refused() {
    let signal = Random::new(2).vector(5_000, -1.0, 1.0);
    let options = WelchOptions::default();
    let plan = WelchPlan::new(32, 1.0, &options).unwrap();
    let block = SegmentSums::BLOCK * plan.hop();
    let mut first = plan.sums(&signal[..block + 16], 0).unwrap();
    assert_eq!(first.segments(), 64);
    let far = plan.sums(&signal[2 * block..], 2).unwrap();
    let error = first.append(&far).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the sums to append must begin with block 1, behind whole blocks, but begin with block 2"
    );
    let mut too_long = plan.sums(&signal[..block + 32], 0).unwrap();
    assert!(too_long.append(&plan.sums(&signal[block..], 1).unwrap()).is_err());

    let other = WelchPlan::new(40, 1.0, &options).unwrap();
    assert!(matches!(other.finish(&first), Err(SpectralError::DifferentPlans)));
    let cross = CrossPlan::new(32, 1.0, &options.with_window(Window::Boxcar)).unwrap();
    assert!(matches!(cross.finish(&first), Err(SpectralError::DifferentPlans)));
    let median = WelchPlan::new(32, 1.0, &options.with_average(Average::Median)).unwrap();
    assert!(matches!(median.sums(&signal, 0), Err(SpectralError::MeanOnly)));
}

#[test]
fn a_missing_sample_is_named_by_its_place_in_the_whole() {
    let mut signal = Random::new(3).vector(5_000, -1.0, 1.0);
    signal[3_000] = f64::NAN;
    let plan = WelchPlan::new(32, 1.0, &WelchOptions::default()).unwrap();
    let error = plan.sums(&signal[2_048..], 2).unwrap_err();
    assert_eq!(error.to_string(), "signal[3000] must be finite, got NaN");
}
