use hexad_core::ndarray::ArrayView;
use hexad_smoothing::scipy::{FilterOptions, gaussian_filter, gaussian_filter1d};
use hexad_smoothing::{
    Boundary, BoxKernel, Fit, GaussianFilter2d, ImageOptions, Method, Missing, Side, SmoothOptions,
    SmoothStream, Smoother, Truncation, auto_sigma, box_filter, direct, seed, smooth,
};
use hexad_testkit::assert_close;
use proptest::prelude::*;

use crate::awkward::{Draw, draws, few};

fn boundary(draw: &mut Draw) -> Boundary {
    let constant = Boundary::Constant(draw.number());
    draw.pick(&[
        Boundary::Renormalize,
        Boundary::Reflect,
        Boundary::Mirror,
        Boundary::Nearest,
        Boundary::Wrap,
        constant,
    ])
}

fn options(draw: &mut Draw) -> SmoothOptions {
    let truncation = match draw.below(4) {
        0 => Truncation::default(),
        1 => Truncation::Exact,
        2 => Truncation::Sigmas(draw.number()),
        _ => Truncation::Reach(draw.fraction()),
    };
    let methods = [Method::Auto, Method::Direct, Method::Fft, Method::Recursive, Method::Decimate];
    let mut options = SmoothOptions::default()
        .with_truncation(truncation)
        .with_method(draw.pick(&methods))
        .with_tolerance(draw.tolerance())
        .with_missing(draw.pick(&[Missing::Skip, Missing::Propagate, Missing::Error]));
    if draw.once_in(2) {
        options = options.with_boundary(boundary(draw));
    }
    if draw.once_in(3) {
        options = options.with_derivative(draw.pick(&[1, 2, 3, usize::MAX]));
    }
    if draw.once_in(3) {
        options = options.with_fit(Fit::Linear);
    }
    if draw.once_in(3) {
        options = options.with_min_weight(draw.fraction());
    }
    if draw.once_in(3) {
        options = options.with_side(Side::Past);
    }
    options
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn smooth_gives_one_value_for_each_sample(mut draw in draws()) {
        let len = draw.length();
        let x = draw.places(len);
        let len_y = draw.about(len);
        let (y, sigma, options) = (draw.signal(len_y), draw.number(), options(&mut draw));
        if let Ok(smoothed) = smooth(&x, &y, sigma, &options) {
            prop_assert_eq!(smoothed.len(), y.len());
        }
    }

    #[test]
    fn smoothers_answer_every_question(mut draw in draws()) {
        let len = draw.length();
        let (x, y, sigma, options) = (draw.places(len), draw.signal(len), draw.number(), options(&mut draw));
        let len_targets = draw.length();
        let targets = draw.places(len_targets);
        let len_weights = draw.about(len);
        let weights: Vec<f64> = draw.signal(len_weights).iter().map(|weight| weight.abs()).collect();
        let plans = [
            Smoother::new(&x, sigma, &options),
            Smoother::uniform(len, draw.number(), sigma, &options),
            Smoother::at(&x, &targets, sigma, &options),
        ];
        for plan in plans.iter().flatten() {
            for smoothed in [plan.apply(&y), plan.apply_weighted(&y, &weights)].iter().flatten() {
                prop_assert_eq!(smoothed.len(), plan.output_len());
            }
            let _ = plan.statistics(&y, Some(&weights));
            let _ = plan.leave_one_out(&y, None);
            let _ = plan.part_layout();
        }
    }

    #[test]
    fn the_sigma_is_chosen_or_refused(mut draw in draws()) {
        let len = draw.length();
        let (x, y, options) = (draw.places(len), draw.signal(len), options(&mut draw));
        if let Ok(chosen) = auto_sigma(&x, &y, None, &options) {
            prop_assert!(chosen.sigma > 0.0);
        }
    }

    #[test]
    fn streams_give_back_as_many_as_they_take(mut draw in draws()) {
        let len = draw.length();
        let (y, options) = (draw.signal(len), options(&mut draw));
        let Ok(mut stream) = SmoothStream::new(1.0, draw.width(), &options) else { return Ok(()) };
        let mut out = Vec::new();
        let cut = draw.below(len + 1);
        let told = y[..cut].chunks(7).chain([&y[cut..], &[]]).try_for_each(|part| stream.push(part, &mut out).map(drop));
        if told.is_ok() && stream.finish(&mut out).is_ok() {
            prop_assert_eq!(out.len(), y.len());
        }
    }

    #[test]
    fn boxes_give_one_value_for_each_sample(mut draw in draws()) {
        let len = draw.length();
        let (y, boundary) = (draw.signal(len), boundary(&mut draw));
        let passes = draw.pick(&[1, 0, 2, 4]);
        let kernels = [
            BoxKernel::with_width(draw.number()).ok(),
            BoxKernel::with_sigma(draw.number(), passes).ok(),
            Some(BoxKernel { radius: draw.count(), edge: draw.fraction() }),
        ];
        for kernel in kernels.iter().flatten() {
            if let Ok(smoothed) = box_filter(&y, kernel, passes, boundary) {
                prop_assert_eq!(smoothed.len(), len);
            }
        }
    }

    #[test]
    fn images_keep_their_size(mut draw in draws()) {
        let (rows, columns) = (draw.length().min(31), draw.length().min(31));
        let sigma = [draw.width(), draw.width()];
        let options = ImageOptions::default().with_boundary(boundary(&mut draw)).with_tolerance(draw.tolerance());
        let len = draw.about(rows * columns);
        let image = draw.signal(len);
        if let Ok(filtered) = GaussianFilter2d::<f64>::new(rows, columns, sigma, &options).and_then(|plan| plan.apply(&image)) {
            prop_assert_eq!(filtered.len(), image.len());
        }
        #[expect(clippy::cast_possible_truncation, reason = "infinity is awkward too")]
        let image: Vec<f32> = image.iter().map(|value| *value as f32).collect();
        if let Ok(filtered) = GaussianFilter2d::<f32>::new(rows, columns, sigma, &options).and_then(|plan| plan.apply(&image)) {
            prop_assert_eq!(filtered.len(), image.len());
        }
    }

    #[test]
    fn scipy_filters_keep_the_shape(mut draw in draws()) {
        let (rows, columns) = (draw.length().min(31), draw.length().min(31));
        let (values, sigma) = (draw.signal(rows * columns), draw.width());
        let options = FilterOptions::default()
            .with_order(draw.pick(&[0, 1, 2, 3, 9]))
            .with_mode(boundary(&mut draw))
            .with_truncate(draw.width());
        if let Ok(filtered) = gaussian_filter1d(&values, sigma, &options) {
            prop_assert_eq!(filtered.len(), values.len());
        }
        let array = ArrayView::from_shape((rows, columns), &values).unwrap().into_dyn();
        let orders = [draw.below(4), draw.below(4), 0];
        if let Ok(filtered) = gaussian_filter(&array, &[sigma, draw.width()], &orders[..draw.pick(&[2, 0, 1, 3])], &options) {
            prop_assert_eq!(filtered.shape(), array.shape());
        }
    }

    #[test]
    fn the_posted_function_gives_one_value_for_each_sample(mut draw in draws()) {
        let len = draw.length();
        let (x, y) = (draw.places(len), draw.signal(len));
        let [reach, sigma, phi, amplitude] = [draw.number(), draw.number(), draw.number(), draw.number()];
        if let Ok(flat) = seed::flatten(&x, &y, reach, sigma, phi, amplitude) {
            prop_assert_eq!(flat.len(), len);
        }
    }
}

#[test]
fn a_past_kernel_over_a_continued_signal_is_the_direct_sum() {
    let y: Vec<f64> = (0..40).map(|index| f64::from(index % 7)).collect();
    let options = SmoothOptions::default().with_side(Side::Past).with_boundary(Boundary::Reflect);
    let got = Smoother::uniform(y.len(), 1.0, 2.0, &options).unwrap().apply(&y).unwrap();
    let want = direct::smooth_uniform(&y, None, 1.0, 2.0, &options).unwrap();
    assert_close(&got, &want, 1e-12);
}

#[test]
fn a_truncation_behind_the_last_weight_is_none() {
    let x: Vec<f64> = (0..300).map(|index| f64::from(index * index)).collect();
    let plain = SmoothOptions::default().with_truncation(Truncation::Exact).with_method(Method::Recursive);
    let far = plain.with_truncation(Truncation::Sigmas(1e18));
    assert_close(&smooth(&x, &x, 1e4, &far).unwrap(), &smooth(&x, &x, 1e4, &plain).unwrap(), 1e-5);
}

#[test]
fn kernels_too_wide_for_memory_are_refused_or_cut_to_the_signal() {
    let y = [1.0, 2.0, 4.0];
    let huge = BoxKernel { radius: usize::MAX, edge: 0.5 };
    assert!(box_filter(&y, &huge, 1, Boundary::Wrap).is_err());
    assert_close(&box_filter(&y, &huge, 1, Boundary::Renormalize).unwrap(), &[7.0 / 3.0; 3], 1e-15);
    let exact = SmoothOptions::default().with_truncation(Truncation::Exact);
    let even = Smoother::uniform(3, 1.0, 1e18, &exact).unwrap();
    assert_close(&even.apply(&y).unwrap(), &[7.0 / 3.0; 3], 1e-9);
    let image = GaussianFilter2d::<f64>::new(1, 3, [1e18, 1e18], &ImageOptions::default());
    assert!(image.is_err() || image.is_ok_and(|plan| plan.apply(&y).is_ok()));
}
