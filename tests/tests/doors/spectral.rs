use hexad_core::Complex64;
use hexad_core::ndarray::ArrayView;
use hexad_spectral::{
    Average, ChirpZ, Detrend, Edges, ErrorNorm, FitLinesOptions, FitUntil, FrequencyGrid, Goertzel,
    LineConstant, LombMean, LombMethod, LombMissing, LombNormalization, LombScargle, LombScargleOptions,
    Padding, Scaling, SegmentSums, Selection, Sides, SpectrumOptions, StftOptions, StftPlan, WelchOptions,
    WelchStream, Window, cross_spectrum, dtft, fft, fftn, fit_lines, goertzel, ifft, irfft, rebuild, rfft,
    rfft_frequencies, rfftn, spectrum, spectrum_of_complex, uniform_time_axis, welch,
};
use proptest::prelude::*;

use crate::awkward::{Draw, draws, few};

fn window(draw: &mut Draw) -> Window {
    match draw.below(8) {
        0 => Window::Tukey { taper: draw.fraction() },
        1 => Window::Kaiser { beta: draw.number() },
        2 => Window::Gaussian { sigma: draw.number() },
        3 => Window::Dpss { half_bandwidth: draw.number() },
        _ => draw.pick(&[Window::Hann, Window::Boxcar, Window::FlatTop, Window::Hft248d]),
    }
}

fn padding(draw: &mut Draw) -> Padding {
    let to = Padding::To(draw.length());
    draw.pick(&[Padding::None, Padding::GoodSize, to])
}

fn detrend(draw: &mut Draw) -> Detrend {
    draw.pick(&[Detrend::None, Detrend::Constant, Detrend::Linear])
}

fn complex(values: &[f64]) -> Vec<Complex64> {
    values.iter().zip(values.iter().rev()).map(|(&re, &im)| Complex64::new(re, im)).collect()
}

const SCALINGS: [Scaling; 6] =
    [Scaling::Amplitude, Scaling::Rms, Scaling::Power, Scaling::Density, Scaling::Energy, Scaling::Transform];

proptest! {
    #![proptest_config(few())]

    #[test]
    fn spectra_have_a_value_for_each_frequency(mut draw in draws()) {
        let len = draw.length();
        let (y, rate) = (draw.signal(len), draw.number());
        let mut options = SpectrumOptions::default()
            .with_window(window(&mut draw))
            .with_detrend(detrend(&mut draw))
            .with_sides(draw.pick(&[Sides::One, Sides::Two]))
            .with_padding(padding(&mut draw));
        options.start_s = draw.number();
        let made = [spectrum(&y, rate, &options), spectrum_of_complex(&complex(&y), rate, &options)];
        for made in made.iter().flatten() {
            for scaling in SCALINGS {
                prop_assert_eq!(made.values(scaling).len(), made.len());
                let _ = made.peak(scaling);
            }
            prop_assert_eq!(made.frequencies_hz().len(), made.len());
            prop_assert_eq!(made.fourier_transform().map_or(made.len(), |transform| transform.len()), made.len());
            let _ = made.phases();
        }
    }

    #[test]
    fn averaged_spectra_have_a_value_for_each_frequency(mut draw in draws()) {
        let len = draw.length();
        let (a, rate, segment) = (draw.signal(len), draw.number(), draw.length());
        let len_b = draw.about(len);
        let b = draw.signal(len_b);
        let options = WelchOptions::default()
            .with_window(window(&mut draw))
            .with_overlap(draw.fraction())
            .with_detrend(detrend(&mut draw))
            .with_average(draw.pick(&[Average::Mean, Average::Median]))
            .with_sides(draw.pick(&[Sides::One, Sides::Two]))
            .with_padding(padding(&mut draw));
        if let Ok(made) = welch(&a, rate, segment, &options) {
            prop_assert_eq!(made.values(Scaling::Density).len(), made.len());
        }
        let _ = cross_spectrum(&a, &b, rate, segment, &options);
        if let Ok(mut stream) = WelchStream::new(segment, rate, &options) {
            let _ = stream.push(&a);
            let _ = stream.push(&b);
            let _ = stream.spectrum();
        }
        let _ = SegmentSums::from_numbers(&a);
    }

    #[test]
    fn frames_go_back_to_as_many_samples(mut draw in draws()) {
        let len = draw.length();
        let (y, rate, segment) = (draw.signal(len), draw.number(), draw.length());
        let hop = draw.pick(&[(segment / 2).max(1), 0, 1, segment, segment + 1, usize::MAX]);
        let options = StftOptions::default()
            .with_window(window(&mut draw))
            .with_padding(padding(&mut draw))
            .with_edges(draw.pick(&[Edges::Zeros, Edges::Inside]))
            .with_start_s(draw.number())
            .with_tolerance(draw.tolerance());
        let Ok(plan) = StftPlan::new(segment, hop, rate, &options) else { return Ok(()) };
        let _ = plan.is_cola();
        let _ = plan.covered(len);
        if let Ok(frames) = plan.forward(&y) {
            prop_assert_eq!(frames.bins(), plan.bins());
            if let Ok(back) = plan.inverse(&frames) {
                prop_assert_eq!(back.len(), len);
            }
        }
    }

    #[test]
    fn rebuilds_have_all_samples(mut draw in draws()) {
        let len = draw.length();
        let (y, rate) = (draw.signal(len), draw.number());
        let norm = draw.pick(&[ErrorNorm::L2, ErrorNorm::Max]);
        let selection = match draw.below(4) {
            0 => Selection::Count(draw.count()),
            1 => Selection::Threshold(draw.number()),
            2 => Selection::Band { low_hz: draw.number(), high_hz: draw.number() },
            _ => Selection::Error { relative: draw.fraction(), norm },
        };
        if let Ok(made) = rebuild(&y, rate, selection) {
            prop_assert_eq!(made.samples.len(), len);
            prop_assert_eq!(made.residual.len(), len);
        }
    }

    #[test]
    fn fitted_lines_have_all_samples(mut draw in draws()) {
        let len = draw.length().min(64);
        let (y, rate) = (draw.signal(len), draw.number());
        let norm = draw.pick(&[ErrorNorm::L2, ErrorNorm::Max]);
        let until = match draw.below(2) {
            0 => FitUntil::Count(draw.pick(&[1, 0, 2, 5, 97, usize::MAX])),
            _ => FitUntil::Error { relative: draw.fraction(), norm, at_most: draw.pick(&[1, 0, 5, usize::MAX]) },
        };
        let options = FitLinesOptions::default()
            .with_constant(draw.pick(&[LineConstant::Fitted, LineConstant::Zero]));
        if let Ok(made) = fit_lines(&y, rate, until, &options) {
            prop_assert_eq!(made.samples.len(), len);
        }
    }

    #[test]
    fn periodograms_have_a_value_for_each_frequency(mut draw in draws()) {
        let len = draw.length();
        let x = draw.places(len);
        let len_y = draw.about(len);
        let (y, sigma) = (draw.signal(len_y), draw.signal(len_y));
        let sigma: Vec<f64> = sigma.iter().map(|sigma| sigma.abs()).collect();
        let options = LombScargleOptions::default()
            .with_detrend(draw.pick(&[Detrend::None, Detrend::Constant, Detrend::Linear]))
            .with_mean(draw.pick(&[LombMean::Floating, LombMean::Subtracted, LombMean::Zero]))
            .with_normalization(draw.pick(&[
                LombNormalization::Standard,
                LombNormalization::Model,
                LombNormalization::Log,
                LombNormalization::Psd,
                LombNormalization::Amplitude,
            ]))
            .with_missing(draw.pick(&[LombMissing::Refuse, LombMissing::Omit]))
            .with_method(draw.pick(&[LombMethod::Auto, LombMethod::Direct, LombMethod::Fast]));
        let sigma = if draw.once_in(2) { Some(&sigma[..]) } else { None };
        let Ok(made) = LombScargle::new(&x, &y, sigma, &options) else { return Ok(()) };
        let most = if draw.once_in(2) { Some(draw.number()) } else { None };
        let grids = [
            made.auto_grid(draw.number(), most),
            FrequencyGrid::new(draw.number(), draw.number(), draw.length()),
        ];
        for grid in grids.iter().flatten().filter(|grid| grid.len() < 5000) {
            if let Ok(power) = made.power(grid) {
                prop_assert_eq!(power.len(), grid.len());
            }
        }
        let _ = made.power_at(&[draw.number()]);
        let _ = made.fit(draw.number());
        let _ = made.false_alarm_probability(draw.fraction(), draw.number());
        let _ = made.false_alarm_level(draw.fraction(), draw.number());
    }

    #[test]
    fn transforms_have_the_promised_length(mut draw in draws()) {
        let (len, points) = (draw.length(), draw.length());
        let (y, rate, frequencies) = (draw.signal(len), draw.number(), draw.signal(points));
        if let Ok(bins) = ChirpZ::new(len, rate, draw.number(), draw.number(), points).and_then(|plan| plan.apply(&y)) {
            prop_assert_eq!(bins.len(), points);
        }
        let _ = goertzel(&y, rate, draw.number());
        let _ = dtft(&y, rate, &frequencies);
        if let Ok(bins) = Goertzel::new(rate, &frequencies).and_then(|plan| plan.apply(&y)) {
            prop_assert_eq!(bins.len(), points);
        }
        if let Ok(bins) = rfft(&y) {
            prop_assert_eq!(bins.len(), len / 2 + 1);
            if let Ok(back) = irfft(&bins, draw.about(len)) {
                prop_assert!(back.len() / 2 + 1 == bins.len());
            }
        }
        for bins in [fft(&complex(&y)), ifft(&complex(&y))].iter().flatten() {
            prop_assert_eq!(bins.len(), len);
        }
        let _ = rfft_frequencies(len, rate);
        let _ = uniform_time_axis(&y);
    }

    #[test]
    fn transforms_of_arrays_keep_the_shape(mut draw in draws()) {
        let (rows, columns) = (draw.length().min(13), draw.length().min(13));
        let y = draw.signal(rows * columns);
        let axes = draw.pick(&[vec![0, 1], vec![1], vec![], vec![0, 0], vec![2], vec![usize::MAX]]);
        let _ = rfftn(&ArrayView::from_shape((rows, columns), &y).unwrap(), &axes);
        let z = complex(&y);
        let array = ArrayView::from_shape((rows, columns), &z).unwrap();
        if let Ok(bins) = fftn(&array, &axes) {
            prop_assert_eq!(bins.shape(), array.shape());
        }
    }
}
