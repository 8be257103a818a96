//! Short-time transforms beside SciPy's, transforms of arrays beside NumPy's: every line of the table.

use hexad_core::Complex64;
use hexad_core::ndarray::{Array3, ArrayD};
use hexad_spectral::{Edges, Padding, Stft, StftOptions, StftPlan, Window, fftn, ifftn, irfftn, rfftn};
use hexad_testkit::max_difference;

/// Both sides round sums of at most 60 products of numbers of about 1.
const ROUNDING: f64 = 1e-14;
const RATE_HZ: f64 = 50.0;

fn number<T: std::str::FromStr>(field: &str) -> T {
    field.parse().unwrap_or_else(|_| panic!("not a number: {field}"))
}

fn numbers(fields: &[&str]) -> Vec<f64> {
    fields.iter().map(|field| number(field)).collect()
}

fn parts<'a>(values: impl IntoIterator<Item = &'a Complex64>) -> Vec<f64> {
    values.into_iter().flat_map(|value| [value.re, value.im]).collect()
}

fn window(name: &str) -> Window {
    name.parse().unwrap_or_else(|_| panic!("unknown window {name}"))
}

/// Of the fields window, segment, hop, transform length, edges.
fn plan(fields: &[&str]) -> StftPlan {
    let edges = if fields[4] == "zeros" { Edges::Zeros } else { Edges::Inside };
    let options = StftOptions::default()
        .with_window(window(fields[0]))
        .with_padding(Padding::To(number(fields[3])))
        .with_edges(edges);
    StftPlan::new(number(fields[1]), number(fields[2]), RATE_HZ, &options).expect("a valid plan")
}

/// What SciPy divides by.
fn divisor(window: Window, len: usize, scaling: &str) -> f64 {
    let w = window.samples(len).expect("a window");
    match scaling {
        "spectrum" => w.iter().sum(),
        "psd" => (RATE_HZ * w.iter().map(|w| w * w).sum::<f64>()).sqrt(),
        other => panic!("unknown scaling {other}"),
    }
}

fn check_stft(fields: &[&str], stft: &Stft) {
    let (times, values) = fields[6..].split_at(stft.frames());
    let len: usize = number(fields[1]);
    // SciPy leaves out the half sample by which the middle of odd segments is off.
    let shift = if fields[4] == "zeros" && len % 2 == 1 { 0.5 / RATE_HZ } else { 0.0 };
    let times: Vec<f64> = numbers(times).iter().map(|time| time + shift).collect();
    assert!(max_difference(&stft.times_s(), &times) < ROUNDING);
    let divisor = divisor(stft.window(), len, fields[5]);
    let got: Vec<f64> = parts(stft.coefficients()).iter().map(|value| value / divisor).collect();
    assert_eq!(got.len(), values.len());
    assert!(max_difference(&got, &numbers(values)) < ROUNDING);
}

fn check_istft(fields: &[&str], plan: &StftPlan, mut stft: Stft) {
    for value in stft.coefficients_mut().iter_mut().step_by(3) {
        *value = Complex64::ZERO;
    }
    let got = plan.inverse(&stft).expect("an invertible plan");
    assert_eq!(got.len(), fields.len() - 5);
    assert!(max_difference(&got, &numbers(&fields[5..])) < ROUNDING);
}

fn check_conditions(fields: &[&str]) {
    let options = StftOptions::default().with_window(window(fields[0]));
    let plan = StftPlan::new(number(fields[1]), number(fields[2]), 1.0, &options).expect("a valid plan");
    assert_eq!([plan.is_cola(), plan.is_invertible()], [fields[3] == "1", fields[4] == "1"], "{fields:?}");
}

fn check_array(transform: &str, fields: &[&str], array: &Array3<Complex64>) {
    let axes: Vec<usize> = fields[1].split('+').map(number).collect();
    let got = match transform {
        "fftn" => parts(&fftn(&array.view(), &axes).expect("axes")),
        "ifftn" => parts(&ifftn(&array.view(), &axes).expect("axes")),
        "rfftn" => parts(&rfftn(&array.map(|x| x.re).view(), &axes).expect("axes")),
        "irfftn" => irfft_of(array, &axes, number(fields[0])).iter().copied().collect(),
        other => panic!("unknown line {other}"),
    };
    let wanted = numbers(&fields[2..]);
    assert_eq!(got.len(), wanted.len(), "{transform} {axes:?}");
    assert!(max_difference(&got, &wanted) < 10.0 * ROUNDING, "{transform} {axes:?}");
}

fn irfft_of(array: &Array3<Complex64>, axes: &[usize], last_len: usize) -> ArrayD<f64> {
    irfftn(&array.view().into_dyn(), axes, last_len).expect("axes")
}

#[test]
fn every_line_of_the_table_comes_out() {
    let mut signal = Vec::new();
    let mut array = Array3::zeros((3, 4, 5));
    let mut counts = [0; 4];
    for line in include_str!("../reference/stft.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let (name, fields) = (fields[0], &fields[1..]);
        match name {
            "signal" => signal = numbers(fields),
            "stft" => check_stft(fields, &plan(fields).forward(&signal).expect("a signal")),
            "istft" => {
                let plan = plan(fields);
                check_istft(fields, &plan, plan.forward(&signal).expect("a signal"));
            }
            "conditions" => check_conditions(fields),
            "array" => {
                for (value, parts) in array.iter_mut().zip(numbers(fields).chunks_exact(2)) {
                    *value = Complex64::new(parts[0], parts[1]);
                }
            }
            _ => check_array(name, fields, &array),
        }
        let kind = ["stft", "istft", "conditions"].iter().position(|&kind| kind == name).unwrap_or(3);
        counts[kind] += 1;
    }
    assert_eq!(counts, [18, 6, 420, 37]);
}
