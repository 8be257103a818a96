//! Correlations and their lags beside SciPy: every line of the table.

use hexad_core::Complex64;
use hexad_correlate::{ComplexCorrelator, CorrelateOptions, Correlator, Lags, Method, correlation_lags};
use hexad_testkit::max_difference;

/// Both sides round sums over up to 60 products; relative to the largest value of a table of normal numbers.
const ROUNDING: f64 = 1e-14;

fn numbers<'a>(fields: impl Iterator<Item = &'a str>) -> Vec<f64> {
    fields.map(|field| field.parse().expect("a number")).collect()
}

fn complex(values: &[f64]) -> Vec<Complex64> {
    values.chunks_exact(2).map(|pair| Complex64::new(pair[0], pair[1])).collect()
}

#[test]
fn every_line_of_the_table_comes_out() {
    let mut lines = include_str!("../reference/correlate.csv").lines().skip(1);
    let mut signal = || numbers(lines.next().expect("a signal").split(','));
    let [a, b] = [signal(), signal()];
    let [complex_a, complex_b] = [complex(&signal()), complex(&signal())];
    let mut count = 0;
    for line in lines {
        let fields: Vec<&str> = line.splitn(5, ',').collect();
        let (len_a, len_b): (usize, usize) =
            (fields[1].parse().expect("samples"), fields[2].parse().expect("samples"));
        let lags = match fields[3] {
            "full" => Lags::Full,
            "same" => Lags::Same,
            "valid" => Lags::Valid,
            other => panic!("unknown mode {other}"),
        };
        let wanted = numbers(fields[4].split(','));
        if fields[0] == "lags" {
            check_lags(len_a, len_b, lags, &wanted);
            count += 1;
            continue;
        }
        for method in [Method::Auto, Method::Direct, Method::Fft, Method::Segmented] {
            let options = CorrelateOptions::default().with_method(method);
            let found = if fields[0] == "real" {
                let plan = Correlator::new(len_a, len_b, lags, &options).expect("valid parameters");
                plan.apply(&a[..len_a], &b[..len_b]).expect("finite samples").values
            } else {
                let plan = ComplexCorrelator::new(len_a, len_b, lags, &options).expect("valid parameters");
                let found = plan.apply(&complex_a[..len_a], &complex_b[..len_b]).expect("finite samples");
                found.values.iter().flat_map(|z| [z.re, z.im]).collect()
            };
            let energy = |values: &[f64]| values.iter().map(|x| x * x).sum::<f64>();
            // What transforms round to: sqrt(E_a E_b), here at most that of the whole real signals and more.
            let size = (energy(&a) * energy(&b)).sqrt();
            let difference = max_difference(&found, &wanted);
            assert_eq!(found.len(), wanted.len(), "{fields:?}");
            assert!(difference <= ROUNDING * size, "{difference:e} of {size:e}: {method:?} {fields:?}");
        }
        count += 1;
    }
    assert_eq!(count, 108);
}

/// Lags of `same` are SciPy's but for an odd and an even length, where SciPy's are one above those of its values.
fn check_lags(len_a: usize, len_b: usize, lags: Lags, scipy: &[f64]) {
    let is_off = lags == Lags::Same && len_a % 2 == 1 && len_b.is_multiple_of(2);
    let fault = if is_off { 1.0 } else { 0.0 };
    let ours = correlation_lags(len_a, len_b, lags).expect("valid parameters");
    let ours: Vec<f64> = ours.map(|lag| lag as f64 + fault).collect();
    assert_eq!(ours, scipy, "{len_a} {len_b} {lags:?}");
}
