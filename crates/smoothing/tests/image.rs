//! Images against sums over every pixel in reach.
#![expect(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test that fails may panic")]

use hexad_smoothing::{Boundary, GaussianFilter2d, ImageOptions, Pixel, SmoothOptions, Truncation, direct};
use hexad_testkit::{Random, boundaries, max_difference};

/// One axis after the other by the direct sums.
fn separable(image: &[f64], rows: usize, columns: usize, sigma: [f64; 2], boundary: Boundary) -> Vec<f64> {
    let options = SmoothOptions::default().with_truncation(Truncation::Exact).with_boundary(boundary);
    let mut along: Vec<f64> = Vec::new();
    for row in image.chunks(columns) {
        along.extend(direct::smooth_uniform(row, None, 1.0, sigma[1], &options).unwrap());
    }
    let mut out = vec![0.0; image.len()];
    for column in 0..columns {
        let line: Vec<f64> = (0..rows).map(|row| along[row * columns + column]).collect();
        let smooth = direct::smooth_uniform(&line, None, 1.0, sigma[0], &options).unwrap();
        for (row, value) in smooth.into_iter().enumerate() {
            out[row * columns + column] = value;
        }
    }
    out
}

#[test]
fn every_boundary_and_shape_keeps_the_tolerance() {
    let mut random = Random::new(31);
    for (rows, columns, sigma) in [
        (1, 1, [10.0, 12.0]),
        (3, 130, [10.0, 25.0]),
        (97, 64, [11.0, 10.0]),
        (130, 131, [30.0, 17.3]),
        (60, 50, [1.3, 3.0]),
        (33, 70, [0.2, 4.0]),
        (3, 2, [2.0, 1.0]),
        (20, 60, [2.0, 150.0]),
        (40, 45, [0.4, 12.0]),
    ] {
        let image = random.vector(rows * columns, -1.0, 3.0);
        let single: Vec<f32> = image.iter().map(|pixel| *pixel as f32).collect();
        for boundary in boundaries(0.4) {
            let wanted = separable(&image, rows, columns, sigma, boundary);
            for tolerance in [1e-3, 1e-6, 1e-9] {
                let options = ImageOptions::default().with_boundary(boundary).with_tolerance(tolerance);
                let plan = GaussianFilter2d::<f64>::new(rows, columns, sigma, &options).unwrap();
                let error = max_difference(&plan.apply(&image).unwrap(), &wanted);
                assert!(error <= 3.0 * tolerance, "{rows} x {columns} {sigma:?} {options:?}: {error:e}");
                assert!(error <= 3.0 * plan.error_bound() && plan.error_bound() <= tolerance + 1e-13);
                let plan = GaussianFilter2d::<f32>::new(rows, columns, sigma, &options).unwrap();
                let got: Vec<f64> = plan.apply(&single).unwrap().into_iter().map(f64::from).collect();
                let error = max_difference(&got, &wanted);
                assert!(
                    error <= 3.0 * tolerance.max(2e-6),
                    "f32 {rows} x {columns} {sigma:?} {options:?}: {error:e}"
                );
            }
        }
    }
}

#[test]
fn images_larger_than_caches_keep_the_tolerance() {
    let (rows, columns, sigma) = (4_500, 131, [11.0, 13.0]);
    let mut random = Random::new(33);
    let (down, along) = (random.vector(rows, -1.0, 1.0), random.vector(columns, -1.0, 1.0));
    let image: Vec<f64> = down.iter().flat_map(|a| along.iter().map(move |b| a * b)).collect();
    for boundary in [Boundary::Reflect, Boundary::Renormalize] {
        let line = SmoothOptions::default().with_truncation(Truncation::Exact).with_boundary(boundary);
        let smooth = |y: &[f64], sigma| direct::smooth_uniform(y, None, 1.0, sigma, &line).unwrap();
        let [down, along] = [smooth(&down, sigma[0]), smooth(&along, sigma[1])];
        let wanted: Vec<f64> = down.iter().flat_map(|a| along.iter().map(move |b| a * b)).collect();
        let options = ImageOptions::default().with_boundary(boundary);
        let plan = GaussianFilter2d::<f64>::new(rows, columns, sigma, &options).unwrap();
        let error = max_difference(&plan.apply(&image).unwrap(), &wanted);
        assert!(error <= plan.error_bound(), "{boundary:?}: {error:e}");
    }
}

#[test]
fn threads_and_old_scratch_do_not_matter() {
    let mut random = Random::new(32);
    let image = random.vector(200 * 150, -1.0, 1.0);
    let plan = GaussianFilter2d::<f64>::new(200, 150, [12.0, 20.0], &ImageOptions::default()).unwrap();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| plan.apply(&image).unwrap())
    };
    let one = run(1);
    assert_eq!(one, run(3));
    let mut scratch = plan.make_scratch();
    let mut out = vec![f64::NAN; image.len()];
    plan.apply_into(&vec![1e300; image.len()], &mut out, &mut scratch).unwrap();
    plan.apply_into(&image, &mut out, &mut scratch).unwrap();
    assert_eq!(out, one);
}

#[test]
fn constants_come_back_and_bad_input_is_named() {
    fn constant<T: Pixel + PartialEq>(value: T) {
        let plan = GaussianFilter2d::<T>::new(50, 70, [13.0, 2.0], &ImageOptions::default()).unwrap();
        assert!(plan.apply(&[value; 3500]).unwrap() == [value; 3500]);
    }
    constant(0.1_f64);
    constant(0.1_f32);
    let options = ImageOptions::default();
    assert!(GaussianFilter2d::<f64>::new(0, 3, [1.0, 1.0], &options).is_err());
    assert!(GaussianFilter2d::<f64>::new(3, 3, [1.0, -1.0], &options).is_err());
    assert!(GaussianFilter2d::<f64>::new(3, 3, [1.0, 1.0], &options.with_tolerance(0.0)).is_err());
    let plan = GaussianFilter2d::<f64>::new(2, 2, [1.0, 1.0], &options).unwrap();
    assert_eq!(plan.apply(&[0.0; 3]).unwrap_err().to_string(), "image must have 4 elements, got 3");
    let error = plan.apply(&[0.0, f64::NAN, 0.0, 0.0]).unwrap_err();
    assert_eq!(error.to_string(), "image[1] must be finite, got NaN");
}
