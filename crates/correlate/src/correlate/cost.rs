//! What each way costs, in nanoseconds on one processor; only the comparison matters.

use hexad_core::good_size;
use hexad_core::simd::has_eight_lanes;

use super::Method;
use super::layout::Layout;

/// A product added to a sum.
const SUM_NS: f64 = 0.06;
/// Packing, multiplying and adding, for each complex number transformed.
const PASS_NS: f64 = 0.8;
/// The shortest circle that is cut in two.
const HALVED: usize = 1 << 21;
/// The lengths of powers of two with transforms of their own.
const POWERS: std::ops::RangeInclusive<usize> = 512..=1 << 20;

/// The method that costs least.
pub(super) fn cheapest(layout: &Layout) -> Method {
    let (lags, samples) = (layout.lags, layout.b.len());
    let fft = 3.0 * spectra_ns(spectra_len(layout));
    let segment = segment_len(samples, lags);
    let segmented = segments_ns(segment, samples, lags) + transform_ns(segment / 2);
    cheapest_of(direct_ns(samples, lags), fft, segmented)
}

/// As [`cheapest`], for complex signals.
pub(super) fn cheapest_of_complex(layout: &Layout) -> Method {
    let (lags, samples) = (layout.lags, layout.b.len());
    let fft = 3.0 * transform_ns(complex_spectra_len(layout));
    let segment = segment_len(samples, lags);
    let segmented = 2.0 * segments_ns(segment, samples, lags) + transform_ns(segment);
    cheapest_of(4.0 * direct_ns(samples, lags), fft, segmented)
}

fn cheapest_of(direct: f64, fft: f64, segmented: f64) -> Method {
    if direct <= fft.min(segmented) {
        Method::Direct
    } else if segmented < fft {
        Method::Segmented
    } else {
        Method::Fft
    }
}

/// The even length that costs least of those in which no lag wraps onto one asked for.
pub(super) fn spectra_len(layout: &Layout) -> usize {
    let needed = needed_len(layout);
    let (good, power) = (good_size(needed), needed.max(2).next_power_of_two());
    if spectra_ns(power) <= spectra_ns(good) { power } else { good }
}

/// As [`spectra_len`], for complex signals.
pub(super) fn complex_spectra_len(layout: &Layout) -> usize {
    let needed = needed_len(layout);
    let (good, power) = (good_size(needed), needed.next_power_of_two());
    if transform_ns(power) <= transform_ns(good) { power } else { good }
}

/// The shortest circle on which no lag wraps onto one asked for.
pub(super) fn needed_len(layout: &Layout) -> usize {
    let (a, b) = (layout.a.len() as i64, layout.b.len() as i64);
    let needed = (a - layout.inner_first).max(b + layout.inner_last()).max(a).max(b);
    usize::try_from(needed).unwrap_or(0)
}

/// Whether two circles of half the length cost less than one.
pub(super) fn is_halved(len: usize) -> bool {
    len.is_power_of_two() && len >= HALVED
}

/// One signal of real samples.
fn spectra_ns(len: usize) -> f64 {
    if is_halved(len) { 2.0 * transform_ns(len / 4) } else { transform_ns(len / 2) }
}

/// The power of two that costs least for blocks of `samples` of one signal.
pub(super) fn segment_len(samples: usize, lags: usize) -> usize {
    let smallest = (lags + 1).next_power_of_two().max(64);
    let largest = (samples + lags - 1).next_power_of_two().max(smallest);
    let lengths = (smallest.trailing_zeros()..=largest.trailing_zeros()).map(|bits| 1 << bits);
    let cost = |len: &usize| segments_ns(*len, samples, lags);
    lengths.min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(largest)
}

fn direct_ns(samples: usize, lags: usize) -> f64 {
    SUM_NS * lags.next_multiple_of(8) as f64 * samples as f64
}

fn segments_ns(len: usize, samples: usize, lags: usize) -> f64 {
    samples.div_ceil(len + 1 - lags) as f64 * transform_ns(len)
}

/// A complex transform and what goes with it.
pub(crate) fn transform_ns(len: usize) -> f64 {
    let own = has_eight_lanes() && len.is_power_of_two() && POWERS.contains(&len);
    let per_level = match (own, len) {
        (true, ..=32_768) => 0.15,
        (true, ..=65_536) => 0.18,
        (true, ..=262_144) => 0.27,
        (true, _) => 0.32,
        (false, ..=16_384) => 0.21,
        (false, ..=131_072) => 0.32,
        (false, ..=524_288) => 0.46,
        (false, ..=1_048_576) => 0.55,
        (false, _) => 0.65,
    };
    let len = len.max(2) as f64;
    len * (per_level * len.log2() + PASS_NS)
}
