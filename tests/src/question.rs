//! What the question's own program returns: the table `tests/reference/question.csv`, made by
//! `make_question.py`.

/// One call of the program and what it returned.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Coordinates, rising.
    pub x: Vec<f64>,
    /// Values.
    pub y: Vec<f64>,
    /// Share of the peak at which the kernel ends.
    pub reach: f64,
    /// Standard deviation.
    pub sigma: f64,
    /// Phase, in radians.
    pub phi: f64,
    /// Peak.
    pub amplitude: f64,
    /// What the program returned.
    pub output: Vec<f64>,
}

/// The calls of the table.
///
/// # Panics
///
/// If the table is not of the form that the script writes.
#[must_use]
pub fn cases() -> Vec<Case> {
    let lines: Vec<Vec<f64>> =
        include_str!("../reference/question.csv").lines().skip(1).map(numbers).collect();
    let case = |pair: &[Vec<f64>]| {
        let [x, rest] = pair else { panic!("an odd number of lines") };
        let [reach, sigma, phi, amplitude, values @ ..] = rest.as_slice() else { panic!("a short line") };
        let (y, output) = values.split_at(x.len());
        Case {
            x: x.clone(),
            y: y.to_vec(),
            reach: *reach,
            sigma: *sigma,
            phi: *phi,
            amplitude: *amplitude,
            output: output.to_vec(),
        }
    };
    lines.chunks(2).map(case).collect()
}

fn numbers(line: &str) -> Vec<f64> {
    line.split(',').map(|field| field.parse().unwrap_or_else(|_| panic!("not a number: {field}"))).collect()
}
