//! Parts, each with no more samples than it asks for, give the bits of the whole line.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a test that fails may panic"
)]

use hexad_smoothing::{
    Boundary, Fit, Method, Missing, Part, PartLayout, Side, SmoothError, SmoothOptions, Smoother, Truncation,
};
use hexad_testkit::{Random, boundaries};

/// Samples `from..until` of the line, which goes on with its other end.
fn wrapped(line: &[f64], from: i64, until: i64) -> Vec<f64> {
    (from..until).map(|index| line[index.rem_euclid(line.len() as i64) as usize]).collect()
}

fn in_parts(plan: &Smoother<'_>, boundary: Boundary, y: &[f64], weights: Option<&[f64]>) -> Vec<f64> {
    let PartLayout { chunk, before, after } = plan.part_layout().unwrap();
    let len = y.len();
    let mut out = vec![0.0; len];
    let offset = y.iter().copied().find(|y| y.is_finite()).unwrap_or(0.0);
    let largest_weight = weights.map_or(1.0, |weights| weights.iter().copied().fold(0.0, f64::max));
    // Parts of one chunk and of two.
    let (mut start, mut chunks) = (0, 1);
    while start < len {
        let end = (start + chunks * chunk).min(len);
        let (mut from, mut until) = (start as i64 - before as i64, (end + after) as i64);
        if boundary != Boundary::Wrap || until - from >= len as i64 {
            (from, until) = (from.max(0), until.min(len as i64));
        }
        if boundary == Boundary::Wrap && until - from >= len as i64 {
            (from, until) = (0, len as i64);
        }
        let own = wrapped(y, from, until);
        let own_weights = weights.map(|weights| wrapped(weights, from, until));
        let part = Part { y: &own, weights: own_weights.as_deref(), first: from, offset, largest_weight };
        plan.apply_part_into(&part, start, &mut out[start..end], &mut plan.make_scratch()).unwrap();
        (start, chunks) = (end, 3 - chunks);
    }
    out
}

fn same_bits(y: &[f64], weights: Option<&[f64]>, sigma: f64, options: &SmoothOptions) {
    let plan = Smoother::uniform(y.len(), 0.5, sigma, options).unwrap();
    let mut whole = vec![0.0; y.len()];
    plan.apply_into(y, weights, &mut whole, &mut plan.make_scratch()).unwrap();
    let parts = in_parts(&plan, options.boundary, y, weights);
    let differs = parts.iter().zip(&whole).position(|(a, b)| a.to_bits() != b.to_bits());
    assert_eq!(differs, None, "n {} sigma {sigma} {options:?}", y.len());
}

#[test]
fn parts_are_the_whole_bit_for_bit() {
    let mut random = Random::new(5);
    for n in [1, 7, 1000, 50_000] {
        let complete: Vec<f64> = random.vector(n, -1.0, 1.0).iter().map(|y| 1e3 + y).collect();
        let mut gappy = complete.clone();
        gappy.iter_mut().step_by(16_384).for_each(|y| *y = f64::NAN);
        let weights = random.vector(n, 0.0, 2.0);
        for y in [&complete, &gappy] {
            for truncation in [Truncation::Sigmas(4.0), Truncation::Exact] {
                for sigma in [1.0, 15.0, 120.0] {
                    let options = SmoothOptions::default().with_truncation(truncation);
                    for boundary in boundaries(7.0) {
                        same_bits(y, None, sigma, &options.with_boundary(boundary));
                    }
                    for options in [
                        options.with_derivative(1),
                        options.with_boundary(Boundary::Reflect).with_derivative(2),
                        options.with_fit(Fit::Linear),
                        options.with_side(Side::Past),
                        options.with_missing(Missing::Propagate),
                    ] {
                        same_bits(y, None, sigma, &options);
                    }
                    same_bits(y, Some(&weights), sigma, &options);
                    same_bits(y, Some(&weights), sigma, &options.with_boundary(Boundary::Wrap));
                }
            }
        }
    }
}

#[test]
fn every_method_gives_the_bits_of_the_whole() {
    let y = Random::new(6).vector(60_000, -1.0, 1.0);
    for method in [Method::Direct, Method::Fft, Method::Decimate] {
        let options = SmoothOptions::default().with_method(method).with_truncation(Truncation::Exact);
        same_bits(&y, None, 15.0, &options);
        same_bits(&y, None, 15.0, &options.with_boundary(Boundary::Mirror));
    }
}

#[test]
fn parts_that_cannot_be_are_refused() {
    let options = SmoothOptions::default().with_truncation(Truncation::Sigmas(4.0));
    let y = Random::new(7).vector(40_000, -1.0, 1.0);
    let plan = Smoother::uniform(y.len(), 1.0, 5.0, &options).unwrap();
    let PartLayout { chunk, before, after } = plan.part_layout().unwrap();
    let mut out = vec![0.0; chunk];
    let mut tried = |first: usize, last: usize, start: usize, len: usize| {
        let y = &y[first..last];
        let part = Part { y, weights: None, first: first as i64, offset: 0.0, largest_weight: 1.0 };
        plan.apply_part_into(&part, start, &mut out[..len], &mut plan.make_scratch()).map(|_| ())
    };
    tried(chunk - before, 2 * chunk + after, chunk, chunk).unwrap();
    assert!(tried(chunk - before + 1, 2 * chunk + after, chunk, chunk).is_err());
    assert!(tried(chunk - before, 2 * chunk + after - 1, chunk, chunk).is_err());
    assert!(tried(0, 40_000, 1, chunk).is_err());
    assert!(tried(0, 40_000, 0, chunk - 1).is_err());

    let recursive = SmoothOptions::default().with_method(Method::Recursive);
    let error = Smoother::uniform(100, 1.0, 5.0, &recursive).unwrap().part_layout().unwrap_err();
    assert!(matches!(error, SmoothError::MethodCannot { .. }));
    let uneven = [0.0, 1.0, 5.0];
    let error = Smoother::new(&uneven, 1.0, &SmoothOptions::default()).unwrap().part_layout().unwrap_err();
    assert!(matches!(error, SmoothError::NotStreamable { .. }));

    let strict = Smoother::uniform(40_000, 1.0, 5.0, &options.with_missing(Missing::Error)).unwrap();
    let gap = vec![f64::NAN; chunk + before];
    let first = 40_000 / chunk * chunk - before;
    let part = Part {
        y: &gap[..40_000 - first],
        weights: None,
        first: first as i64,
        offset: 0.0,
        largest_weight: 1.0,
    };
    let mut rest = vec![0.0; 40_000 - first - before];
    let error = strict.apply_part_into(&part, first + before, &mut rest, &mut strict.make_scratch());
    assert_eq!(error.unwrap_err().to_string(), format!("y[{first}] must be finite, got NaN"));
}
