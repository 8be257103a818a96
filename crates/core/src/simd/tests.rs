//! Every operation, wide and portable.

use super::*;

struct Everything<T, const L: usize>([[T; L]; 3]);

macro_rules! everything {
    ($t:ty, $lanes:literal) => {
        impl Kernel<$t, $lanes> for Everything<$t, $lanes> {
            type Output = Vec<$t>;
            #[inline(always)]
            fn run<S: Simd<$t, $lanes>>(self, simd: S) -> Vec<$t> {
                let [a, b, c] = [simd.load(&self.0[0]), simd.load(&self.0[1]), simd.load(&self.0[2])];
                let whole = (a * simd.splat(10.0)).round();
                let results = [
                    a + b,
                    a - b,
                    a * b,
                    -a,
                    a.mul_add(b, c),
                    a.div(b),
                    a.max(b),
                    a.min(b),
                    whole,
                    whole.exp2_of_whole(),
                    a.swap_pairs(),
                    a.reverse_pairs(),
                    a.even(),
                    a.odd(),
                ];
                let ((re, im), (first, second)) = (simd.deinterleave(a, b), simd.interleave(a, b));
                let mut rows = [a; $lanes];
                for (index, row) in rows.iter_mut().enumerate() {
                    *row = a + simd.splat([0.0, 100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0][index % 8]);
                }
                let mut places = [3; $lanes];
                for (place, more) in places.iter_mut().zip((0..).step_by(5)) {
                    *place += more;
                }
                let moved = [re, im, first, second]
                    .into_iter()
                    .chain(simd.transpose(rows))
                    .chain([a.abs(), a.pick(b, &places)]);
                let mut sums = [1; $lanes];
                let bias = simd.splat(<$t>::BIAS);
                a.mul_add(b, bias).add_bits(bias, &mut sums);
                let mut out = vec![a.sum(), b.sum()];
                for result in results.into_iter().chain(moved) {
                    let mut lanes = [0.0; $lanes];
                    result.store(&mut lanes);
                    out.extend(lanes);
                }
                let missing = simd.splat(<$t>::NAN);
                for mask in [a.beyond(b), b.beyond(a), a.beyond(a), missing.beyond(a), a.beyond(missing)] {
                    for lane in 0..$lanes {
                        out.push(if (mask >> lane) & 1 == 1 { 1.0 } else { 0.0 });
                    }
                }
                for sum in sums {
                    out.push(sum as $t);
                }
                out
            }
        }
    };
}
everything!(f64, 4);
everything!(f64, 8);
everything!(f32, 8);
everything!(f32, 16);

/// What both give, if that is the same.
macro_rules! the_same {
    ($wide:expr, $portable:expr) => {{
        let (wide, portable) = ($wide, $portable);
        let bits =
            |values: &[_]| values.iter().map(|value: &_| f64::from(*value).to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&wide), bits(&portable));
        portable
    }};
}

#[test]
fn wide_and_portable_give_the_same_bits() {
    let four = [[1.1, -2.2, 3.3, 0.4], [0.7, 5.0, -0.3, 9.9], [1e-9, 3.0, -1.0, 0.0]];
    let out: Vec<f64> = the_same!(dispatch(Everything(four)), run_portable(Everything(four)));
    assert_eq!(out[0], (1.1 + 3.3) + (-2.2 + 0.4));
    let powers = [2048.0, 2.0_f64.powi(-22), 2.0_f64.powi(33), 16.0];
    assert_eq!(out[34..38], [11.0, -22.0, 33.0, 4.0]);
    assert_eq!(out[38..42], powers);
    // Complex numbers turned about, taken apart and put together; rows as columns.
    assert_eq!(out[42..50], [-2.2, 1.1, 0.4, 3.3, 3.3, 0.4, 1.1, -2.2]);
    assert_eq!(out[50..58], [1.1, 1.1, 3.3, 3.3, -2.2, -2.2, 0.4, 0.4]);
    assert_eq!(out[58..66], [1.1, 3.3, 0.7, -0.3, -2.2, 0.4, 5.0, 9.9]);
    assert_eq!(out[66..74], [1.1, 0.7, -2.2, 5.0, 3.3, -0.3, 0.4, 9.9]);
    assert_eq!(out[74..78], [1.1, 101.1, 201.1, 301.1]);
    assert_eq!(out[90..94], [1.1, 2.2, 3.3, 0.4]);
    assert_eq!(out[94..98], [0.4, 1.1, 5.0, 3.3]);

    assert_eq!(out[out.len() - 4..], [2.0, -10.0, 0.0, 5.0]);

    let eight: [[f32; 8]; 3] = [
        [1.1, -2.2, 3.3, 0.4, 0.5, -1.5, 2.5, 9.0],
        [0.7, 5.0, -0.3, 9.9, 1.0, 2.0, 3.0, 4.0],
        [1e-9, 3.0, -1.0, 0.0, 7.0, -7.0, 0.1, 0.2],
    ];
    let _: Vec<f32> = the_same!(dispatch(Everything(eight)), run_portable(Everything(eight)));
    let sixteen: [[f32; 16]; 3] =
        [0, 1, 2].map(|row| std::array::from_fn(|lane| eight[(row + lane / 8) % 3][lane % 8]));
    let _: Vec<f32> = the_same!(dispatch_sixteen(Everything(sixteen)), run_portable(Everything(sixteen)));
    let eight = eight.map(|values| values.map(f64::from));
    let _: Vec<f64> = the_same!(dispatch_eight(Everything(eight)), run_portable(Everything(eight)));
}

struct Exp([f64; 4]);
impl Kernel<f64, 4> for Exp {
    type Output = [f64; 4];
    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> [f64; 4] {
        let mut out = [0.0; 4];
        exp(simd, simd.load(&self.0)).store(&mut out);
        out
    }
}

#[test]
fn exp_is_right_to_a_few_ulp_and_the_same_everywhere() {
    for step in -70_000..=70_000 {
        let x = f64::from(step) * 0.01 + 1e-4;
        let values = [x, x * 0.1, x * 0.001, -x];
        let got = dispatch(Exp(values));
        assert_eq!(got.map(f64::to_bits), run_portable(Exp(values)).map(f64::to_bits));
        for (value, got) in values.into_iter().zip(got) {
            assert!((got / value.exp() - 1.0).abs() < 4.0 * f64::EPSILON, "exp({value}) = {got}");
        }
    }
    assert_eq!(dispatch(Exp([0.0; 4])), [1.0; 4]);
    assert!(dispatch(Exp([-1e9; 4]))[0] < 1e-300);
}
