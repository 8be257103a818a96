//! The smoothers beside SciPy: every mode, order, truncation and length of the reference tables.

use hexad_core::ndarray::ArrayView2;
use hexad_smoothing::scipy::{FilterOptions, gaussian_filter, gaussian_filter1d};
use hexad_smoothing::{Boundary, Method, SmoothOptions, Smoother, Truncation};
use hexad_testkit::max_difference;
use hexad_tests::gaussian::{Case, Table, filter_1d, filter_2d};

/// Both sides round each of the products and sums of a kernel, and their exp differs in the last place.
const ROUNDING: f64 = 1e-13;

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| value.abs().max(largest))
}

fn settings(case: &Case) -> FilterOptions {
    FilterOptions::default().with_mode(case.boundary).with_order(case.order).with_truncate(case.truncate)
}

/// Compares what `filter` makes of each case with what SciPy made of it.
fn check(table: &Table, filter: impl Fn(&[f64], &Case) -> Vec<f64>) {
    for case in &table.cases {
        let signal = &table.input[..case.shape.iter().product()];
        let difference = max_difference(&filter(signal, case), &case.output);
        let fill = if let Boundary::Constant(fill) = case.boundary { fill } else { 0.0 };
        let scale = largest(signal).max(fill) * largest_weight(case);
        assert!(difference <= ROUNDING * scale, "{difference:e} of {scale:e} in {case:?}");
    }
}

/// Size of the largest weight of a derivative of order k, sigma^-k, with which round-off scales; at least 1.
fn largest_weight(case: &Case) -> f64 {
    let order = i32::try_from(case.order).expect("an order of 0 to 3");
    case.sigmas.iter().map(|sigma| sigma.powi(-order).max(1.0)).product()
}

#[test]
fn one_dimension_agrees_with_every_case_of_the_table() {
    let table = filter_1d();
    assert_eq!(table.input.len(), 200);
    assert!(table.cases.len() > 2000);
    check(&table, |signal, case| gaussian_filter1d(signal, case.sigmas[0], &settings(case)).unwrap());
}

#[test]
fn every_method_for_scipy_kernels_agrees_with_the_table() {
    for method in [Method::Auto, Method::Direct, Method::Fft] {
        check(&filter_1d(), |signal, case| {
            let options = SmoothOptions::default()
                .with_boundary(case.boundary)
                .with_truncation(Truncation::Sigmas(case.truncate))
                .with_derivative(case.order)
                .with_tolerance(1e-13)
                .with_method(method);
            Smoother::uniform(signal.len(), 1.0, case.sigmas[0], &options).unwrap().apply(signal).unwrap()
        });
    }
}

#[test]
fn an_image_agrees_with_every_case_of_the_table() {
    let table = filter_2d();
    assert_eq!(table.cases.len(), 40);
    check(&table, |image, case| {
        let image = ArrayView2::from_shape((case.shape[0], case.shape[1]), image).unwrap();
        let orders = [case.order; 2];
        let smooth = gaussian_filter(&image.into_dyn(), &case.sigmas, &orders, &settings(case)).unwrap();
        smooth.iter().copied().collect()
    });
}

#[test]
fn documented_examples_come_out_as_printed() {
    let signal = [1.0, 2.0, 3.0, 4.0, 5.0];
    let printed_to = 5e-9;
    let narrow = gaussian_filter1d(&signal, 1.0, &FilterOptions::default()).unwrap();
    assert!(max_difference(&narrow, &[1.42704095, 2.06782203, 3.0, 3.93217797, 4.57295905]) < printed_to);
    let wide = gaussian_filter1d(&signal, 4.0, &FilterOptions::default()).unwrap();
    assert!(max_difference(&wide, &[2.91948343, 2.95023502, 3.0, 3.04976498, 3.08051657]) < printed_to);
}
