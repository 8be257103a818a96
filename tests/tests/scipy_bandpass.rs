//! Band-passes beside SciPy's: every line of the table.

use hexad_correlate::{Preprocess, PreprocessOptions};
use hexad_spectral::Detrend;
use hexad_testkit::max_difference;

const RATE_HZ: f64 = 100.0;

/// Eight pairs of poles in a row, those at 1 Hz within 0.01 of the unit circle. SciPy's are roots of differences in
/// the widest band, where the last digits of its table are lost; in the others both agree to 1e-13.
const ROUNDING: f64 = 1e-8;

fn numbers(fields: &[&str]) -> Vec<f64> {
    let number = |field: &&str| field.parse().unwrap_or_else(|_| panic!("not a number: {field}"));
    fields.iter().map(number).collect()
}

#[test]
fn filters_are_scipys() {
    let mut lines = include_str!("../reference/bandpass.csv").lines().skip(1);
    let signal: Vec<&str> = lines.next().expect("a signal").split(',').skip(1).collect();
    let signal = numbers(&signal);
    let mut filters = 0;
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let (order, band) = (fields[1].parse().expect("an order"), numbers(&fields[2..4]));
        let options = PreprocessOptions::default()
            .with_detrend(Detrend::None)
            .with_band_hz(band[0], band[1])
            .with_order(order);
        let got = Preprocess::new(RATE_HZ, &options).and_then(|plan| plan.apply(&signal)).expect("a record");
        assert!(max_difference(&got, &numbers(&fields[4..])) < ROUNDING, "order {order}, {band:?} Hz");
        filters += 1;
    }
    assert_eq!(filters, 48);
}
