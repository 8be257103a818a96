//! The rows of hexad-correlate.

use std::error::Error;

use hexad_core::Complex64;
use hexad_correlate::{
    ComplexCorrelator, CorrelateOptions, Correlation, Correlator, DelayOptions, DelayPlan, Lags,
    Normalization, Templates, correlate, direct,
};
use hexad_testkit::{Random, max_difference};
use serde_json::json;

use super::clock::time;
use super::growth::Job;
use super::peers::{Environment, share};
use super::row::{Make, Other, Row, Target, work};

pub(crate) fn rows() -> Vec<(String, Make)> {
    let mut rows: Vec<(String, Make)> = Vec::new();
    let mut add = |name: &str, make: Make| rows.push((name.to_owned(), make));
    add("all lags, 2 x 1e6 samples", Box::new(|| lags_row(1_000_000, Lags::Full, 4.0)));
    add("all lags, 2 x 5e4 samples", Box::new(|| lags_row(50_000, Lags::Full, 2.0)));
    add("lags to 5,000 of 2 x 1e7 samples", Box::new(|| lags_row(10_000_000, Lags::Within(5000), 20.0)));
    add("lags to 5,000 of 2 x 1e7 samples, coefficient over the overlap", Box::new(overlap_row));
    add("all lags, 2 x 5e5 complex samples", Box::new(complex_row));
    add("a delay with its uncertainty and verdict, 2 x 5e4 samples, lags to 5,000", Box::new(delay_row));
    add("100 templates of 1,000 in 1e6 samples", Box::new(templates_row));
    rows
}

pub(crate) const GROWTH: Job = Job {
    what: "lags to 5,000",
    items: "samples of each signal",
    sizes: [100_000, 1_000_000, 10_000_000, 100_000_000],
    run: |len| {
        let (a, b) = (noise(len, 1), noise(len, 2));
        time(|| {
            correlate(&a, &b, Lags::Within(5000), &CorrelateOptions::default())?;
            Ok(())
        })
    },
};

fn noise(len: usize, seed: u64) -> Vec<f64> {
    Random::new(seed).vector(len, -1.0, 1.0)
}

/// Beside SciPy's transform, which computes all lags always.
fn lags_row(len: usize, lags: Lags, goal: f64) -> Result<Row, Box<dyn Error>> {
    let (a, b) = (noise(len, 1), noise(len, 2));
    let input = share(&format!("correlate_a_{len}"), &[len], &a)?;
    let other = share(&format!("correlate_b_{len}"), &[len], &b)?;
    let plan = Correlator::new(len, len, lags, &CorrelateOptions::default())?;
    let mut out = plan.apply(&a, &b)?;
    let error = spot_error(&out, &a, &b)?;
    let mut scratch = plan.make_scratch();
    Ok(Row {
        items: len,
        ours: work(move || plan.apply_into(&a, &b, &mut out, &mut scratch)),
        other: Other::Peer(
            Environment::Common,
            "scipy.signal.correlate, method fft",
            json!({ "call": "correlate", "input": input, "y": other }),
        ),
        target: Target::TimesFaster(goal),
        error,
        flops: None,
    })
}

/// Beside one real correlation: by real and imaginary parts it would be four.
fn complex_row() -> Result<Row, Box<dyn Error>> {
    const LEN: usize = 500_000;
    let parts = [1, 2, 3, 4].map(|seed| noise(LEN, seed));
    let [a, b] = [0, 2].map(|first| {
        let pairs = parts[first].iter().zip(&parts[first + 1]);
        pairs.map(|(re, im)| Complex64::new(*re, *im)).collect::<Vec<_>>()
    });
    let options = CorrelateOptions::default();
    let complex = ComplexCorrelator::new(LEN, LEN, Lags::Full, &options)?;
    let mut out = complex.apply(&a, &b)?;
    let error = {
        let sum = direct::correlate_complex(&a, &b, Lags::Range(-31, -31), &options)?.values[0];
        let energy = |x: &[Complex64]| x.iter().map(Complex64::norm_sqr).sum::<f64>();
        (out.at(-31).ok_or("no such lag")? - sum).norm() / (energy(&a) * energy(&b)).sqrt()
    };
    let real = Correlator::new(LEN, LEN, Lags::Full, &options)?;
    let mut real_out = Correlation::default();
    let (mut scratch, mut real_scratch) = (complex.make_scratch(), real.make_scratch());
    let [re, im, ..] = parts;
    Ok(Row {
        items: LEN,
        ours: work(move || complex.apply_into(&a, &b, &mut out, &mut scratch)),
        other: Other::Ours(
            "one real correlation",
            work(move || real.apply_into(&re, &im, &mut real_out, &mut real_scratch)),
        ),
        target: Target::AtMostTimes(4.0),
        error,
        flops: None,
    })
}

/// Refined, with uncertainty and verdict, beside SciPy's correlation alone.
fn delay_row() -> Result<Row, Box<dyn Error>> {
    const LEN: usize = 50_000;
    const LATE: usize = 1234;
    let source = noise(LEN + LATE, 3);
    let own = [noise(LEN, 4), noise(LEN, 5)];
    let heard = |from: usize, own: &[f64]| -> Vec<f64> {
        source[from..].iter().zip(own).map(|(source, own)| source + 0.3 * own).collect()
    };
    let (a, b) = (heard(LATE, &own[0]), heard(0, &own[1]));
    let call = json!({
        "call": "correlate", "input": share("delay_a", &[LEN], &a)?, "y": share("delay_b", &[LEN], &b)?,
    });
    let plan = DelayPlan::new(LEN, LEN, 1.0, &DelayOptions::default().with_max_lag_s(5000.0))?;
    let mut scratch = plan.make_scratch();
    let error = (plan.apply(&a, &b)?.delay_samples - LATE as f64).abs();
    Ok(Row {
        items: LEN,
        ours: work(move || plan.apply_with(&a, &b, &mut scratch).map(drop)),
        other: Other::Peer(Environment::Common, "scipy.signal.correlate alone", call),
        target: Target::AtMostTimes(1.5),
        error,
        flops: None,
    })
}

/// Largest error at a few lags against their sums, over the largest value there can be.
fn spot_error(found: &Correlation, a: &[f64], b: &[f64]) -> Result<f64, Box<dyn Error>> {
    let energy = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>();
    let size = (energy(a) * energy(b)).sqrt();
    let mut largest = 0.0_f64;
    for lag in [-4999, -31, 0, 1, 4000] {
        let sum = direct::correlate(a, b, Lags::Range(lag, lag), &CorrelateOptions::default())?.values[0];
        let value = found.at(lag).ok_or("no such lag")?;
        largest = largest.max((value - sum).abs() / size);
    }
    Ok(largest)
}

/// The coefficient over the overlap beside plain sums.
fn overlap_row() -> Result<Row, Box<dyn Error>> {
    const LEN: usize = 10_000_000;
    let (a, b) = (noise(LEN, 1), noise(LEN, 2));
    let options = CorrelateOptions::default().with_normalization(Normalization::Overlap);
    let lags = Lags::Within(5000);
    let error = {
        let some = |signal: &[f64]| signal[..20_000].to_vec();
        let found = correlate(&some(&a), &some(&b), Lags::Within(20), &options)?;
        let wanted = direct::correlate(&some(&a), &some(&b), Lags::Within(20), &options)?;
        max_difference(&found.values, &wanted.values)
    };
    let [plan, plain] = [
        Correlator::new(LEN, LEN, lags, &options)?,
        Correlator::new(LEN, LEN, lags, &CorrelateOptions::default())?,
    ];
    let [mut out, mut plain_out] = [Correlation::default(), Correlation::default()];
    let [mut scratch, mut plain_scratch] = [plan.make_scratch(), plain.make_scratch()];
    let (same_a, same_b) = (a.clone(), b.clone());
    Ok(Row {
        items: LEN,
        ours: work(move || plan.apply_into(&a, &b, &mut out, &mut scratch)),
        other: Other::Ours(
            "the sums alone",
            work(move || plain.apply_into(&same_a, &same_b, &mut plain_out, &mut plain_scratch)),
        ),
        target: Target::AtMostTimes(2.0),
        error,
        flops: None,
    })
}

/// All coefficients of all templates, kept.
fn templates_row() -> Result<Row, Box<dyn Error>> {
    const LEN: usize = 1_000_000;
    const COUNT: usize = 100;
    const TEMPLATE: usize = 1000;
    let record = noise(LEN, 3);
    let all = noise(COUNT * TEMPLATE, 4);
    let templates: Vec<&[f64]> = all.chunks(TEMPLATE).collect();
    let call = json!({
        "call": "templates",
        "input": share("record", &[LEN], &record)?,
        "y": share("templates", &[COUNT, TEMPLATE], &all)?,
    });
    let plan = Templates::new(&templates)?;
    let mut out = plan.apply(&record)?;
    let start = &record[..20 * TEMPLATE];
    let wanted = direct::template(start, templates[0])?;
    let error = max_difference(&out[0].values[..wanted.len()], &wanted);
    let mut scratch = plan.make_scratch();
    Ok(Row {
        items: LEN,
        ours: work(move || plan.apply_into(&record, &mut out, &mut scratch)),
        other: Other::Peer(Environment::Common, "obspy correlate_template", call),
        target: Target::TimesFaster(5.0),
        error,
        flops: None,
    })
}
