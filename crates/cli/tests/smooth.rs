//! `hexad smooth` keeps its contract.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::{Place, data};
use serde_json::Value;

fn co2(options: &str) -> String {
    format!("smooth {} --x date --y co2_ppm {options}", data("co2_weekly.csv").display())
}

fn json(text: &str) -> Value {
    assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
    serde_json::from_str(text).unwrap()
}

/// The second column of CSV text.
fn column(csv: &str, index: usize) -> Vec<f64> {
    csv.lines().skip(1).map(|line| line.split(',').nth(index).unwrap().parse().unwrap()).collect()
}

#[test]
fn json_has_every_promised_key() {
    let place = Place::new();
    let report = json(&place.hexad(&co2("--sigma 60 --json --out out.csv")).ok());
    let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"columns command elapsed_s error_bound method missing n outputs sigma spacing step");
    assert_eq!(report["command"], "smooth");
    assert_eq!((&report["n"], &report["missing"]), (&2284.into(), &59.into()));
    assert_eq!((report["sigma"].as_f64(), report["step"].as_f64()), (Some(60.0), Some(7.0)));
    assert_eq!(report["spacing"], "uniform");
    assert!(["direct", "fft", "recursive", "decimate"].contains(&report["method"].as_str().unwrap()));
    assert!(report["error_bound"].as_f64().unwrap() <= 1e-10);
    assert_eq!(report["outputs"][0]["path"], "out.csv");
    assert!(report["elapsed_s"].as_f64().unwrap() > 0.0);
}

#[test]
fn uneven_x_has_no_step() {
    let place = Place::new();
    place.write("a.csv", "x,y\n0,1\n1,2\n5,3\n");
    let report = json(&place.hexad("smooth a.csv --x x --y y --sigma 1 --json").ok());
    assert_eq!((&report["spacing"], &report["step"]), (&"irregular".into(), &Value::Null));
}

#[test]
fn the_co2_record_keeps_its_dates_and_fills_its_gaps() {
    let place = Place::new();
    place.hexad(&co2("--sigma 60 --quiet --out co2_smooth.csv --plot co2.png")).ok();
    assert_eq!(place.files(), ["co2.png", "co2_smooth.csv"]);
    let (source, smooth) =
        (std::fs::read_to_string(data("co2_weekly.csv")).unwrap(), place.read("co2_smooth.csv"));
    assert_eq!(smooth.lines().next(), Some("date,co2_ppm_smooth"));
    let dates = |text: &str| -> Vec<String> {
        text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_string()).collect()
    };
    assert_eq!(dates(&smooth), dates(&source));
    assert!(column(&smooth, 1).iter().all(|value| (310.0..375.0).contains(value)));
}

#[test]
fn widths_are_one_kernel_in_three_units() {
    let place = Place::new();
    let by_sigma = place.hexad(&co2("--sigma 50 --out -")).ok();
    // FWHM = 2 sqrt(2 ln 2) sigma; the gain at the cutoff is 1/sqrt 2. Both are rounded in the last place.
    for width in ["--fwhm 117.74100225154747", "--cutoff 0.0026501036351939686"] {
        let other = place.hexad(&co2(&format!("{width} --out -"))).ok();
        for (a, b) in column(&by_sigma, 1).iter().zip(column(&other, 1)) {
            assert!((a - b).abs() < 1e-9 * 375.0, "{width}: {a} {b}");
        }
    }
}

#[test]
fn scipy_example_is_reproduced() {
    let place = Place::new();
    place.write("a.csv", "y\n1\n2\n3\n4\n5\n");
    let out = place.hexad("smooth a.csv --y y --sigma 1 --boundary reflect --out -").ok();
    let documented = [1.427_040_95, 2.067_822_03, 3.0, 3.932_177_97, 4.572_959_05];
    for (ours, theirs) in column(&out, 1).iter().zip(documented) {
        assert!((ours - theirs).abs() < 5e-9, "{ours} {theirs}");
    }
}

#[test]
fn the_question_s_program_is_reproduced() {
    let place = Place::new();
    let rows: String = (0..60).map(|i| format!("{i}\n")).collect();
    place.write("a.csv", format!("y\n{rows}"));
    let line = "smooth a.csv --y y --sigma 10 --reach 0.1 --method seed";
    let out = place.hexad(&format!("{line} --phi 0.3 --amplitude 2 --out -")).ok();
    let report = json(&place.hexad(&format!("{line} --json")).ok());
    assert_eq!(report["method"], "seed");
    // Its windows leave out their last sample: a ramp is shifted by about -0.096 samples.
    assert!((column(&out, 1)[30] - 30.0 + 0.096).abs() < 1e-3);
}

#[test]
fn sigma_can_be_chosen_from_the_data() {
    let place = Place::new();
    let wave = |i: i32| (f64::from(i) / 15.0).sin() + 0.2 * f64::from(i * 7919 % 101 - 50) / 50.0;
    let rows: String = (0..300).map(|i| format!("{}\n", wave(i))).collect();
    place.write("a.csv", format!("y\n{rows}"));
    let report = json(&place.hexad("smooth a.csv --y y --sigma auto --json").ok());
    assert!((1.0..10.0).contains(&report["sigma"].as_f64().unwrap()), "{report}");
}

#[test]
fn phase_and_amplitude_cancel() {
    let place = Place::new();
    let plain = place.hexad(&co2("--sigma 50 --out -")).ok();
    assert_eq!(place.hexad(&co2("--sigma 50 --phi 2.5 --amplitude -7 --out -")).ok(), plain);
}

#[test]
fn threads_do_not_change_a_bit() {
    let place = Place::new();
    let one = place.hexad(&co2("--sigma 60 --stderr --effective-n --threads 1 --out -")).ok();
    for threads in [2, 3, 8] {
        let line = co2(&format!("--sigma 60 --stderr --effective-n --threads {threads} --out -"));
        assert_eq!(place.hexad(&line).ok(), one);
    }
}

#[test]
fn columns_come_in_the_order_asked_for_with_their_statistics() {
    let place = Place::new();
    place.write("a.csv", "t,b,a\n0,1,9\n1,3,8\n2,2,9\n3,4,7\n");
    let out = place.hexad("smooth a.csv --x t --y a,b --sigma 1 --stderr --effective-n --out -").ok();
    insta::assert_snapshot!(out.lines().next().unwrap(), @"t,a_smooth,a_stderr,a_effective_n,b_smooth,b_stderr,b_effective_n");
    assert!(column(&out, 3).iter().all(|n| (1.0..=4.0).contains(n)));
}

#[test]
fn the_derivative_of_a_ramp_is_its_slope() {
    let place = Place::new();
    let rows: String = (0..50).map(|i| format!("{},{}\n", f64::from(i) * 0.5, f64::from(i) * 1.5)).collect();
    place.write("a.csv", format!("x,y\n{rows}"));
    let out = place.hexad("smooth a.csv --x x --y y --sigma 2 --derivative 1 --out -").ok();
    assert!(column(&out, 1).iter().all(|slope| (slope - 3.0).abs() < 1e-9));
}

#[test]
fn propagated_gaps_poison_their_reach_only() {
    let place = Place::new();
    place.write("a.csv", "y\n1\n1\n1\n\n1\n1\n1\n1\n1\nNaN\n1\n1\n1\n1\n1\n");
    let out = place.hexad("smooth a.csv --y y --sigma 1 --truncate 2 --nan propagate --out -").ok();
    let poisoned: Vec<_> = column(&out, 1).iter().map(|value| value.is_nan()).collect();
    assert_eq!(poisoned.iter().filter(|is| **is).count(), 5);
}

#[test]
fn equal_weights_change_nothing_and_zero_weight_removes() {
    let place = Place::new();
    place.write("a.csv", "x,y,w,v\n0,1,2,1\n1,3,2,0\n2,2,2,1\n");
    let plain = column(&place.hexad("smooth a.csv --x x --y y --sigma 1 --out -").ok(), 1);
    let equal = column(&place.hexad("smooth a.csv --x x --y y --sigma 1 --weights w --out -").ok(), 1);
    assert!(plain.iter().zip(&equal).all(|(a, b)| (a - b).abs() < 1e-12));
    let removed = column(&place.hexad("smooth a.csv --x x --y y --sigma 1 --weights v --out -").ok(), 1);
    assert!((removed[1] - 1.5).abs() < 1e-12);
}

#[test]
fn the_summary_says_what_was_done() {
    let place = Place::new();
    let summary = place.hexad(&co2("--sigma 60 --method direct --out a.csv --plot a.svg")).ok();
    insta::assert_snapshot!(summary, @r"
    samples  2284 (uniform spacing, step 7)
    sigma    60
    method   direct, the sums themselves
    column   co2_ppm: 59 missing
    wrote    a.csv
    wrote    a.svg
    ");
    place.write("even.csv", (0..4000).map(|i| format!("{}\n", i % 7)).collect::<String>());
    let summary = place.hexad("smooth even.csv --y 0 --sigma 60 --exact-kernel").ok();
    let bound = summary.split("at most ").nth(1).unwrap().split(' ').next().unwrap();
    assert!(bound.parse::<f64>().unwrap() <= 1e-10, "{summary}");
    let nothing = place.hexad(&co2("--sigma 60")).ok();
    insta::assert_snapshot!(
        nothing.lines().last().unwrap(),
        @"nothing written; --out PATH or --out - writes the table, --plot PATH draws it"
    );
    assert_eq!(place.hexad(&co2("--sigma 60 --quiet")).ok(), "");
}

#[test]
fn no_progress_bar_is_drawn_off_a_terminal() {
    let place = Place::new();
    let run = place.hexad(&co2("--sigma 60 --out a.csv"));
    assert_eq!(run.stderr, "");
}
