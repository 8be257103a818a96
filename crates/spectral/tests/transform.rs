//! Transforms of whole signals and arrays: their sums, their inverse, and what they keep.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::f64::consts::TAU;

use hexad_core::Complex64;
use hexad_core::ndarray::{Array, Array1, Array3, ArrayD, Axis, IxDyn, Zip, s};
use hexad_spectral::{
    SpectralError, fft, fft_frequencies, fftn, ifft, ifftn, irfft, irfftn, rfft, rfft_frequencies, rfftn,
};
use hexad_testkit::{Random, max_difference};
use proptest::prelude::*;

/// Even, odd, prime, of many small factors, of a large one.
const LENGTHS: [usize; 16] = [1, 2, 3, 4, 5, 7, 12, 97, 100, 101, 1000, 1009, 1024, 2310, 4096, 10_007];

fn rounding(len: usize) -> f64 {
    1e-15 * (len as f64).log2().max(1.0)
}

fn complex(random: &mut Random, len: usize) -> Vec<Complex64> {
    (0..len).map(|_| Complex64::new(random.uniform(-1.0, 1.0), random.uniform(-1.0, 1.0))).collect()
}

fn array(random: &mut Random, shape: &[usize]) -> ArrayD<Complex64> {
    Array::from_shape_vec(IxDyn(shape), complex(random, shape.iter().product())).unwrap()
}

fn farthest<'a>(
    a: impl IntoIterator<Item = &'a Complex64>,
    b: impl IntoIterator<Item = &'a Complex64>,
) -> f64 {
    a.into_iter().zip(b).map(|(a, b)| (a - b).norm()).fold(0.0, f64::max)
}

#[test]
fn every_value_is_its_sum() {
    let mut random = Random::new(1);
    for len in (1..=30).chain([97, 100]) {
        let signal = complex(&mut random, len);
        let sum = |k: usize| -> Complex64 {
            let turn = |n: usize| -TAU * (n * k % len) as f64 / len as f64;
            signal.iter().enumerate().map(|(n, x)| x * Complex64::from_polar(1.0, turn(n))).sum()
        };
        let wanted: Vec<Complex64> = (0..len).map(sum).collect();
        assert!(farthest(&fft(&signal).unwrap(), &wanted) < 2e-15 * len as f64);

        let real: Vec<f64> = signal.iter().map(|x| x.re).collect();
        let as_complex: Vec<Complex64> = real.iter().map(|&x| x.into()).collect();
        let spectrum = rfft(&real).unwrap();
        assert_eq!(spectrum.len(), len / 2 + 1);
        assert!(farthest(&spectrum, &fft(&as_complex).unwrap()) < 2e-15 * len as f64);
    }
}

#[test]
fn forward_and_inverse_change_nothing() {
    let mut random = Random::new(2);
    for len in LENGTHS {
        let signal = complex(&mut random, len);
        let real: Vec<f64> = signal.iter().map(|x| x.re).collect();
        let back = irfft(&rfft(&real).unwrap(), len).unwrap();
        assert!(max_difference(&back, &real) <= rounding(len), "{len}");
        assert!(farthest(&ifft(&fft(&signal).unwrap()).unwrap(), &signal) <= rounding(len), "{len}");
    }
}

#[test]
fn energy_is_kept() {
    let mut random = Random::new(3);
    for len in LENGTHS {
        let signal = complex(&mut random, len);
        let energy: f64 = signal.iter().map(|x| x.norm_sqr()).sum();
        let of_bins: f64 = fft(&signal).unwrap().iter().map(|x| x.norm_sqr()).sum();
        assert!((of_bins / (len as f64 * energy) - 1.0).abs() <= 1e-14, "{len}");
    }
}

#[test]
fn frequencies_stand_where_their_tones_come_out() {
    for len in [1, 2, 7, 8, 13] {
        let frequencies = fft_frequencies(len, 50.0).unwrap();
        for (bin, hz) in frequencies.iter().enumerate() {
            let tone: Vec<_> =
                (0..len).map(|n| Complex64::from_polar(1.0, TAU * hz * n as f64 / 50.0)).collect();
            assert!((fft(&tone).unwrap()[bin] - len as f64).norm() < 1e-12);
        }
        let half: Vec<f64> = frequencies[..len / 2 + 1].iter().map(|hz| hz.abs()).collect();
        assert_eq!(rfft_frequencies(len, 50.0).unwrap(), half);
    }
    assert_eq!(fft_frequencies(4, 8.0).unwrap(), [0.0, 2.0, -4.0, -2.0]);
    assert_eq!(rfft_frequencies(5, 10.0).unwrap(), [0.0, 2.0, 4.0]);
}

/// One axis after the other, line by line.
fn line_by_line(array: &ArrayD<Complex64>, axes: &[usize]) -> ArrayD<Complex64> {
    let mut out = array.clone();
    for &axis in axes {
        for mut lane in out.lanes_mut(Axis(axis)) {
            let line = fft(&lane.to_vec()).unwrap();
            lane.assign(&Array1::from(line));
        }
    }
    out
}

#[test]
fn arrays_are_transformed_line_by_line() {
    let mut random = Random::new(4);
    for (shape, axes) in [
        (vec![7], vec![0]),
        (vec![3, 8], vec![0]),
        (vec![3, 8], vec![1]),
        (vec![11, 5], vec![1, 0]),
        (vec![4, 1, 6], vec![2, 0]),
        (vec![2, 3, 4, 5], vec![3, 1, 0, 2]),
    ] {
        let array = array(&mut random, &shape);
        let len: usize = axes.iter().map(|&axis| shape[axis]).product();
        let spectrum = fftn(&array.view(), &axes).unwrap();
        assert!(farthest(&spectrum, &line_by_line(&array, &axes)) < 1e-14 * len as f64);
        let back = ifftn(&spectrum.view(), &axes).unwrap();
        assert!(farthest(&back, &array) <= rounding(len));

        let real = array.map(|x| x.re);
        let last = *axes.last().unwrap();
        let half = rfftn(&real.view(), &axes).unwrap();
        let whole = fftn(&real.map(|&x| x.into()).view(), &axes).unwrap();
        assert_eq!(half.shape()[last], shape[last] / 2 + 1);
        let lower = whole.slice_axis(Axis(last), (0..shape[last] / 2 + 1).into());
        assert!(farthest(&half, &lower) < 1e-14 * len as f64);
        let back = irfftn(&half.view(), &axes, shape[last]).unwrap();
        assert_eq!(back.shape(), shape);
        assert!((&back - &real).iter().all(|difference| difference.abs() <= rounding(len)));
    }
}

#[test]
fn views_in_any_layout_give_the_same() {
    let mut random = Random::new(5);
    let whole = Array3::from_shape_vec((6, 7, 8), complex(&mut random, 336)).unwrap();
    let views = [
        whole.view(),
        whole.view().reversed_axes(),
        whole.slice(s![..;-1, 1..;2, ..5]),
        whole.slice(s![2..5, .., ..;3]),
    ];
    for view in views {
        let standard = view.as_standard_layout().into_owned();
        for axes in [&[0][..], &[2, 1], &[0, 1, 2]] {
            let pairs = [
                (fftn(&view, axes).unwrap(), fftn(&standard.view(), axes).unwrap()),
                (ifftn(&view, axes).unwrap(), ifftn(&standard.view(), axes).unwrap()),
            ];
            for (a, b) in pairs {
                assert!(farthest(&a, &b) < 1e-12);
            }
            let (real, standard) = (view.map(|x| x.re), standard.map(|x| x.re));
            assert!(
                farthest(&rfftn(&real.view(), axes).unwrap(), &rfftn(&standard.view(), axes).unwrap())
                    < 1e-12
            );
        }
    }
}

#[test]
fn nan_spreads_along_its_lines_only() {
    let mut array = Array::zeros((3, 4));
    array[[1, 2]] = f64::NAN;
    let spectrum = rfftn(&array.view(), &[1]).unwrap();
    Zip::indexed(&spectrum).for_each(|(row, _), value| assert_eq!(value.is_nan(), row == 1));
    assert!(rfft(&[1.0, f64::NAN]).unwrap().iter().all(|value| value.is_nan()));
}

fn text<T: std::fmt::Debug>(result: Result<T, SpectralError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn bad_signals_are_refused() {
    assert_eq!(text(rfft(&[])), "signal needs at least 1 elements, got 0");
    assert_eq!(text(fft(&[])), "signal needs at least 1 elements, got 0");
    assert_eq!(text(ifft(&[])), "spectrum needs at least 1 elements, got 0");
    assert_eq!(text(irfft(&[], 0)), "signal needs at least 1 elements, got 0");
    assert_eq!(text(irfft(&[Complex64::ONE; 3], 6)), "spectrum must have 4 elements, got 3");
    assert_eq!(text(fft_frequencies(0, 1.0)), "signal needs at least 1 elements, got 0");
    assert_eq!(text(rfft_frequencies(4, -1.0)), "sample_rate_hz must be finite and > 0, got -1");
}

#[test]
fn bad_axes_and_shapes_are_refused() {
    let array = Array3::<f64>::zeros((2, 3, 4));
    let axes = |axes: &[usize]| text(rfftn(&array.view(), axes));
    assert_eq!(axes(&[0, 3]), "axes[1] must be below the number of axes, got 3");
    assert_eq!(axes(&[1, 0, 1]), "axes[2] must be another axis than those before, got 1");
    assert_eq!(axes(&[]), "axes needs at least 1 elements, got 0");
    let complex = array.map(|&x| Complex64::from(x));
    assert_eq!(text(fftn(&complex.view(), &[3])), "axes[0] must be below the number of axes, got 3");
    assert_eq!(text(ifftn(&complex.view(), &[])), "axes needs at least 1 elements, got 0");
    assert_eq!(text(irfftn(&complex.view(), &[0, 1], 6)), "spectrum must have 4 elements, got 3");
    assert_eq!(text(irfftn(&complex.view(), &[0, 1], 0)), "last_len needs at least 1 elements, got 0");
    let empty = Array3::<f64>::zeros((2, 0, 4));
    assert_eq!(text(rfftn(&empty.view(), &[0])), "array needs at least 1 elements, got 0");
    let scalar = Array::from_elem((), 1.0);
    assert_eq!(text(rfftn(&scalar.view(), &[0])), "axes[0] must be below the number of axes, got 0");
}

proptest! {
    #[test]
    fn transforms_are_linear_and_come_back(len in 1_usize..300, seed in any::<u64>(), factor in -3.0..3.0) {
        let mut random = Random::new(seed);
        let (a, b) = (complex(&mut random, len), complex(&mut random, len));
        let sum: Vec<Complex64> = a.iter().zip(&b).map(|(a, b)| a + b * factor).collect();
        let [a, b, sums] = [&a, &b, &sum].map(|signal| fft(signal).unwrap());
        let wanted: Vec<Complex64> = a.iter().zip(&b).map(|(a, b)| a + b * factor).collect();
        prop_assert!(farthest(&sums, &wanted) < 1e-14 * len as f64);
        prop_assert!(farthest(&ifft(&sums).unwrap(), &sum) < 5.0 * rounding(len));
    }

    #[test]
    fn real_arrays_come_back(
        shape in prop::collection::vec(1_usize..9, 1..4),
        turn in 0_usize..4,
        count in 1_usize..4,
        seed in any::<u64>(),
    ) {
        let mut axes: Vec<usize> = (0..shape.len()).collect();
        axes.rotate_left(turn % shape.len());
        axes.truncate(count);
        let real = array(&mut Random::new(seed), &shape).map(|x| x.re);
        let len = shape[*axes.last().unwrap()];
        let back = irfftn(&rfftn(&real.view(), &axes).unwrap().view(), &axes, len).unwrap();
        prop_assert!((&back - &real).iter().all(|difference| difference.abs() <= rounding(512)));
    }
}
