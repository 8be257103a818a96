//! Pieces give the bits of the whole.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test that fails may panic"
)]

use hexad_smoothing::{Boundary, Fit, Missing, Side, SmoothOptions, SmoothStream, Smoother, Truncation};
use hexad_testkit::Random;

fn same_bits(y: &[f64], step: f64, sigma: f64, options: &SmoothOptions, random: &mut Random) {
    let whole = Smoother::uniform(y.len(), step, sigma, options).unwrap().apply(y).unwrap();
    let mut stream = SmoothStream::new(step, sigma, options).unwrap();
    for pass in 0..2 {
        let (mut out, mut at) = (Vec::new(), 0);
        while at < y.len() {
            let most = [1, 100, 40_000][(random.unit() * 3.0) as usize];
            let piece = (1 + (random.unit() * f64::from(most)) as usize).min(y.len() - at);
            stream.push(&y[at..at + piece], &mut out).unwrap();
            at += piece;
        }
        stream.finish(&mut out).unwrap();
        assert_eq!(out.len(), whole.len());
        let differs = out.iter().zip(&whole).position(|(a, b)| a.to_bits() != b.to_bits());
        assert_eq!(differs, None, "n {} sigma {sigma} pass {pass} {options:?}", y.len());
    }
}

#[test]
fn chunked_is_whole_bit_for_bit() {
    let mut random = Random::new(21);
    for n in [1, 7, 1000, 90_000] {
        let complete = random.vector(n, -1.0, 1.0);
        let mut gappy = complete.clone();
        gappy.iter_mut().skip(5).step_by(17).for_each(|y| *y = f64::NAN);
        for y in [&complete, &gappy] {
            for truncation in [Truncation::Sigmas(4.0), Truncation::Exact] {
                for sigma in [2.0, 30.0, 400.0] {
                    let options = SmoothOptions::default().with_truncation(truncation);
                    for boundary in
                        [Boundary::Renormalize, Boundary::Reflect, Boundary::Mirror, Boundary::Nearest]
                    {
                        same_bits(y, 1.0, sigma, &options.with_boundary(boundary), &mut random);
                    }
                    same_bits(y, 0.5, sigma, &options.with_derivative(1), &mut random);
                    same_bits(y, 1.0, sigma, &options.with_fit(Fit::Linear), &mut random);
                    same_bits(y, 1.0, sigma, &options.with_side(Side::Past), &mut random);
                    same_bits(y, 1.0, sigma, &options.with_missing(Missing::Propagate), &mut random);
                }
            }
        }
    }
}

#[test]
fn what_needs_the_whole_is_refused() {
    let options = SmoothOptions::default();
    let error = SmoothStream::new(1.0, 2.0, &options.with_boundary(Boundary::Wrap)).unwrap_err();
    assert_eq!(error.to_string(), "boundary wrap cannot be streamed: it needs the whole signal");
    assert!(SmoothStream::new(-1.0, 2.0, &options.with_side(Side::Past)).is_err());
    assert!(SmoothStream::new(0.0, 2.0, &options).is_err());
    let mut strict = SmoothStream::new(1.0, 2.0, &options.with_missing(Missing::Error)).unwrap();
    let mut out = Vec::new();
    strict.push(&[1.0, 2.0], &mut out).unwrap();
    let error = strict.push(&[3.0, f64::NAN], &mut out).unwrap_err();
    assert_eq!(error.to_string(), "y[3] must be finite, got NaN");
}
