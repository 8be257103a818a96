//! `hexad rebuild` keeps its contract.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::f64::consts::{PI, TAU};

use common::{Place, data, f64_bytes, npy, wav};
use serde_json::Value;

fn sunspots(options: &str) -> String {
    format!("rebuild {} --x year --y sunspots {options}", data("sunspots_yearly.csv").display())
}

fn json(text: &str) -> Value {
    assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
    serde_json::from_str(text).unwrap()
}

/// A column of CSV text.
fn column(csv: &str, index: usize) -> Vec<f64> {
    csv.lines().skip(1).map(|line| line.split(',').nth(index).unwrap().parse().unwrap()).collect()
}

/// The question's pulse: a Gaussian of sigma 1 in the middle of 10 seconds, 4096 samples.
fn pulse() -> String {
    let time = |i: i32| f64::from(i) * 10.0 / 4096.0;
    let value = |t: f64| (-0.5 * (t - 5.0).powi(2)).exp() / TAU.sqrt();
    let rows: String = (0..4096).map(|i| format!("{},{:e}\n", time(i), value(time(i)))).collect();
    format!("time_s,p\n{rows}")
}

#[test]
fn json_has_every_promised_key() {
    let place = Place::new();
    let report = json(&place.hexad(&sunspots("--error 0.2 --json --out out.csv")).ok());
    let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"command complex_bins elapsed_s energy_fraction frequency_unit lines lines_kept lines_total n outputs relative_l2_error relative_max_error sample_rate");
    let line: Vec<_> = report["lines"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(line, ["amplitude", "frequency", "phase"]);
    assert_eq!(report["command"], "rebuild");
    assert_eq!((&report["n"], &report["lines_total"]), (&309.into(), &155.into()));
    assert_eq!((report["sample_rate"].as_f64(), &report["frequency_unit"]), (Some(1.0), &"1/year".into()));
    assert_eq!(report["lines_kept"], report["lines"].as_array().unwrap().len());
    assert!(report["relative_l2_error"].as_f64().unwrap() <= 0.2);
    // Parseval: what the lines do not have is the residual's.
    let missing = 1.0 - report["energy_fraction"].as_f64().unwrap();
    assert!((missing.sqrt() - report["relative_l2_error"].as_f64().unwrap()).abs() < 1e-12);
    assert_eq!(report["outputs"][0]["path"], "out.csv");
}

#[test]
fn the_question_s_pulse_needs_this_many_frequencies() {
    let place = Place::new();
    place.write("pulse.csv", pulse());
    for (error, lines) in [("0.1", 4), ("0.01", 5), ("0.001", 6), ("1e-6", 9)] {
        let line = format!("rebuild pulse.csv --x time_s --y p --error {error} --json");
        let report = json(&place.hexad(&line).ok());
        assert_eq!(
            (&report["lines_kept"], &report["complex_bins"]),
            (&lines.into(), &(2 * lines - 1).into())
        );
    }
    // The amplitude at frequency f is twice the pulse's transform over its 10 s.
    let report = json(&place.hexad("rebuild pulse.csv --x time_s --y p --error 0.01 --json").ok());
    for line in report["lines"].as_array().unwrap() {
        let [frequency, amplitude] = ["frequency", "amplitude"].map(|key| line[key].as_f64().unwrap());
        let images = if frequency == 0.0 { 1.0 } else { 2.0 };
        let transform = (-2.0 * (PI * frequency).powi(2)).exp();
        // The pulse is cut where it has fallen to 6e-7.
        assert!((amplitude - images * transform / 10.0).abs() < 1e-6, "{frequency}: {amplitude}");
    }
}

#[test]
fn the_lines_listed_add_up_to_the_rebuilt_column() {
    let place = Place::new();
    let report = json(&place.hexad(&sunspots("--error 0.1 --json --out out.csv")).ok());
    let out = place.read("out.csv");
    assert_eq!(out.lines().next(), Some("x,y,rebuilt,residual"));
    assert_eq!(out.lines().nth(1).unwrap().split(',').next(), Some("1700"));
    let [x, y, rebuilt, residual] = [0, 1, 2, 3].map(|index| column(&out, index));
    let lines = report["lines"].as_array().unwrap();
    for (i, x) in x.iter().enumerate() {
        let term = |line: &Value| {
            let [frequency, amplitude, phase] =
                ["frequency", "amplitude", "phase"].map(|key| line[key].as_f64().unwrap());
            amplitude * (TAU * frequency * (x - 1700.0) + phase).cos()
        };
        let sum: f64 = lines.iter().map(term).sum();
        // Rounding of 200 terms below 50.
        assert!((sum - rebuilt[i]).abs() < 1e-9, "year {x}: {sum} {}", rebuilt[i]);
        assert!((y[i] - rebuilt[i] - residual[i]).abs() < 1e-12);
    }
    let amplitudes: Vec<_> = lines.iter().map(|line| line["amplitude"].as_f64().unwrap()).collect();
    assert!(amplitudes.is_sorted_by(|a, b| a >= b));
}

#[test]
fn each_selection_keeps_what_it_says() {
    let place = Place::new();
    let kept = |options: &str| json(&place.hexad(&sunspots(&format!("{options} --json"))).ok());
    assert_eq!(kept("--keep 7")["lines_kept"], 7);
    assert_eq!(kept("--keep 155")["complex_bins"], 309);
    let largest = kept("--threshold 10");
    let amplitudes: Vec<_> =
        largest["lines"].as_array().unwrap().iter().map(|line| line["amplitude"].as_f64().unwrap()).collect();
    assert!(!amplitudes.is_empty() && amplitudes.iter().all(|amplitude| *amplitude >= 10.0));
    // Multiples of 1/309 from 28 to 33.
    let band = kept("--band 0.09,0.11");
    assert_eq!(band["lines_kept"], 6);
    let [l2, max] = ["l2", "max"].map(|norm| kept(&format!("--error 0.1 --norm {norm}")));
    assert!(l2["relative_l2_error"].as_f64().unwrap() <= 0.1);
    assert!(max["relative_max_error"].as_f64().unwrap() <= 0.1);
    assert_ne!(max["lines_kept"], l2["lines_kept"]);
}

#[test]
fn at_most_a_thousand_lines_are_listed() {
    let place = Place::new();
    let rows: String = (0..4000).map(|i| format!("{}\n", i * i % 977)).collect();
    place.write("a.csv", format!("y\n{rows}"));
    let report = json(&place.hexad("rebuild a.csv --y y --sample-rate 10 --keep 1500 --json").ok());
    assert_eq!(report["lines_kept"], 1500);
    assert_eq!(report["lines"].as_array().unwrap().len(), 1000);
}

#[test]
fn a_sample_rate_stands_in_for_times() {
    let place = Place::new();
    let by_rate = sunspots("--keep 9 --json").replace("--x year", "--sample-rate 1");
    let [mut by_rate, mut by_time] =
        [by_rate, sunspots("--keep 9 --json")].map(|line| json(&place.hexad(&line).ok()));
    assert_eq!(by_rate["frequency_unit"], "Hz");
    for report in [&mut by_rate, &mut by_time] {
        report["frequency_unit"].take();
        report["elapsed_s"].take();
    }
    assert_eq!(by_rate, by_time);
    let out = place.hexad(&sunspots("--keep 9 --out -").replace("--x year", "--sample-rate 4")).ok();
    assert_eq!(column(&out, 0)[..3], [0.0, 0.25, 0.5]);
}

#[test]
fn a_sound_tells_its_own_rate() {
    let place = Place::new();
    wav(&place.path("a.wav"), 100);
    let report = json(&place.hexad("rebuild a.wav --y 1 --keep 3 --json").ok());
    assert_eq!((report["sample_rate"].as_f64(), &report["frequency_unit"]), (Some(8000.0), &"Hz".into()));
    let same = json(&place.hexad("rebuild a.wav --y 1 --keep 3 --sample-rate 8000 --json").ok());
    assert_eq!(same["lines"], report["lines"]);
}

#[test]
fn dates_count_in_days_and_keep_their_text() {
    let place = Place::new();
    let rows: String =
        (1..29).map(|day| format!("2024-02-{day:02},{}\n", (TAU * f64::from(day) / 7.0).cos())).collect();
    place.write("a.csv", format!("day,t\n{rows}"));
    let report = json(&place.hexad("rebuild a.csv --x day --y t --keep 1 --json --out out.csv").ok());
    assert_eq!(report["frequency_unit"], "1/day");
    assert!((report["lines"][0]["frequency"].as_f64().unwrap() - 1.0 / 7.0).abs() < 1e-15);
    assert!(place.read("out.csv").contains("\n2024-02-28,"));
}

#[test]
fn a_tone_between_bins_is_one_fitted_line() {
    let place = Place::new();
    let tone = |i: i32| 2.0 + 3.0 * (TAU * 0.1234 * f64::from(i) + 0.5).cos();
    let rows: String = (0..500).map(|i| format!("{}\n", tone(i))).collect();
    place.write("a.csv", format!("y\n{rows}"));
    let line = "rebuild a.csv --y y --sample-rate 100 --error 1e-6 --json";
    let report = json(&place.hexad(&format!("{line} --lines fitted")).ok());
    assert_eq!((&report["lines_kept"], &report["complex_bins"]), (&2.into(), &3.into()));
    assert!(report.get("lines_total").is_none());
    for (key, value) in [("frequency", 12.34), ("amplitude", 3.0), ("phase", 0.5)] {
        let found = &report["lines"][0];
        assert!((found[key].as_f64().unwrap() - value).abs() < 1e-9, "{found}");
        assert!(found[format!("{key}_sd")].as_f64().unwrap() < 1e-9, "{found}");
    }
    // The same error takes more than half of all bins.
    let bins = json(&place.hexad(line).ok());
    assert!(bins["lines_kept"].as_u64().unwrap() > 125, "{}", bins["lines_kept"]);
}

#[test]
fn fitted_lines_have_honest_deviations_in_words() {
    let place = Place::new();
    let summary = place.hexad(&sunspots("--keep 3 --lines fitted")).ok();
    assert!(summary.contains("lines    3, fitted\n") && summary.contains(" \u{b1} "), "{summary}");
    let report = json(&place.hexad(&sunspots("--keep 3 --lines fitted --json")).ok());
    let cycle = report["lines"][1].as_object().unwrap();
    let [frequency, sd] = ["frequency", "frequency_sd"].map(|key| cycle[key].as_f64().unwrap());
    // The solar cycle: about 11 years.
    assert!((10.0..12.0).contains(&(1.0 / frequency)) && sd < 1e-3, "{frequency} {sd}");
}

#[test]
fn times_may_jitter_by_a_thousandth_of_a_step() {
    let place = Place::new();
    let table = |jitter: f64| {
        let time = |i: i32| f64::from(i) + if i == 7 { jitter } else { 0.0 };
        let rows: String = (0..20).map(|i| format!("{},{}\n", time(i), i % 5)).collect();
        format!("# taken by hand\n\nt,y\n{rows}")
    };
    place.write("a.csv", table(9e-4));
    place.hexad("rebuild a.csv --x t --y y --keep 3").ok();
    place.write("a.csv", table(0.25));
    let refused =
        place.hexad("rebuild a.csv --x t --y y --keep 3").fails(1, "a.csv: line 11, column \"t\": ");
    insta::assert_snapshot!(refused, @r#"error: a.csv: line 11, column "t": uneven times: the step to this row is 1.25, 25 % longer than the mean of 1, and times stand up to 0.25 steps off an even spacing; use hexad spectrum --lombscargle, or --sample-rate if only the printed times are rounded"#);
}

#[test]
fn threads_and_formats_do_not_change_a_bit() {
    let place = Place::new();
    let [one, eight] =
        [1, 8].map(|n| place.hexad(&sunspots(&format!("--error 0.1 --threads {n} --out -"))).ok());
    assert_eq!(one, eight);
    let values = column(&one, 1);
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({},)}}", values.len());
    place.write("a.npy", npy(&header, &f64_bytes(&values)));
    let out = place.hexad("rebuild a.npy --y 0 --sample-rate 1 --error 0.1 --out -").ok();
    assert_eq!(column(&out, 2), column(&one, 2));
}

#[test]
fn the_summary_shows_the_largest_lines() {
    let place = Place::new();
    let summary = place.hexad(&sunspots("--error 0.3 --out a.csv --plot a.svg")).ok();
    insta::assert_snapshot!(summary, @r"
    samples  309, 1 per year
    lines    11 of 155: 21 complex bins
    error    0.2957 in L2, 0.3185 in max norm
      frequency [1/year]  period [year]  amplitude  phase [rad]
                       0              -      49.75            0
                 0.09061          11.04      29.56       -2.864
                  0.1003          9.968      21.56       0.4164
                 0.09385          10.66      17.18       -1.815
                0.009709            103      16.84        2.591
                 0.08414          11.88      14.59        -2.97
                 0.01942           51.5      11.27        2.151
                0.006472          154.5      9.404        1.856
      and 3 more; --json lists 1000
    wrote    a.csv
    wrote    a.svg
    ");
    place.write("zeros.csv", "y\n0\n0\n0\n");
    let summary = place.hexad("rebuild zeros.csv --y y --sample-rate 1 --error 0.1").ok();
    insta::assert_snapshot!(summary, @r"
    samples  3, 1 per s
    lines    0 of 2: 0 complex bins
    error    0 in L2, 0 in max norm
    ");
    assert_eq!(place.hexad(&sunspots("--keep 3 --quiet")).ok(), "");
}

#[test]
fn the_plot_shows_signal_lines_and_residual() {
    let place = Place::new();
    place.hexad(&sunspots("--error 0.2 --quiet --plot a.svg")).ok();
    place.hexad(&sunspots("--error 0.2 --quiet --plot b.png")).ok();
    assert_eq!(place.files(), ["a.svg", "b.png"]);
    let svg = place.read("a.svg");
    for text in [
        "sunspots rebuilt from 25 of 155 lines",
        "frequency [1/year]",
        "amplitude",
        "residual",
        "period 11.04 year",
    ] {
        assert!(svg.contains(text), "{text}");
    }
}

#[test]
fn a_plot_of_many_cycles_shows_an_excerpt() {
    let place = Place::new();
    let rows: String = (0..9000).map(|i| format!("{}\n", (0.3 * f64::from(i)).sin())).collect();
    place.write("a.csv", format!("y\n{rows}"));
    place.hexad("rebuild a.csv --y y --sample-rate 1000 --keep 40 --quiet --plot a.svg").ok();
    assert!(place.read("a.svg").contains("time [s], an excerpt"));
    place.write("pulse.csv", pulse());
    place.hexad("rebuild pulse.csv --y p --x time_s --keep 4 --quiet --plot b.svg").ok();
    let svg = place.read("b.svg");
    assert!(!svg.contains("excerpt") && svg.contains("the lowest 20 of 2049 lines"));
}
