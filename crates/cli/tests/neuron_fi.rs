//! `hexad neuron fi` keeps its contract.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::{Place, run_examples};
use serde_json::Value;

fn json(place: &Place, line: &str) -> Value {
    let text = place.hexad(&format!("{line} --json")).ok();
    assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
    serde_json::from_str(&text).unwrap()
}

fn list(report: &Value, key: &str) -> Vec<f64> {
    report[key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

#[track_caller]
fn assert_near(got: f64, expected: f64, tolerance: f64) {
    assert!((got - expected).abs() <= tolerance, "{got} is not {expected}");
}

#[test]
fn the_curve_has_its_rheobase_its_onset_and_the_known_rate() {
    let place = Place::new();
    let report = json(&place, "neuron fi --out fi.csv");
    let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"command current dt_ms duration_ms elapsed_s integrator model onset onset_rate_hz outputs rate_hz rest_stable_below rheobase spike_counts");
    let (current, rate) = (list(&report, "current"), list(&report, "rate_hz"));
    assert_eq!(current, (0..=50).map(f64::from).collect::<Vec<_>>());
    assert_near(report["rheobase"].as_f64().unwrap(), 2.240_33, 1e-5);
    // 14.636210 ms; an interval is off by 1.6e-4 ms at a step of 0.01.
    assert_near(rate[10], 1000.0 / 14.636_210, 2e-3);
    // It begins at once with a high rate, between the currents at which nothing and something fires on.
    let onset = report["onset"].as_f64().unwrap();
    assert!((6.0..7.0).contains(&onset) && report["onset_rate_hz"].as_f64().unwrap() > 45.0, "{report}");
    assert!(rate[..=6].iter().all(|rate| *rate == 0.0) && rate[7..].is_sorted());
    assert_near(report["rest_stable_below"].as_f64().unwrap(), 9.775, 0.01);
    // One spike where the rheobase is passed, though none follows.
    assert_eq!(list(&report, "spike_counts")[2..=3], [0.0, 1.0]);

    let out = place.read("fi.csv");
    assert_eq!(out.lines().next(), Some("current,rate_hz"));
    let written: Vec<Vec<f64>> =
        out.lines().skip(1).map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
    assert_eq!(written, current.iter().zip(&rate).map(|(i, hz)| vec![*i, *hz]).collect::<Vec<_>>());
}

#[test]
fn a_rate_is_that_of_one_neuron_at_that_current() {
    let place = Place::new();
    let fi = json(&place, "neuron fi --from 7 --to 20 --points 2 --dt 0.02");
    for (current, rate_hz) in list(&fi, "current").iter().zip(list(&fi, "rate_hz")) {
        let line =
            format!("neuron run --excitatory 0 --inhibitory 0 --rest --current {current} --duration 1000");
        let spikes = list(&json(&place, &format!("{line} --dt 0.02")), "spikes");
        let interval = spikes[spikes.len() - 1] - spikes[spikes.len() - 2];
        assert_near(rate_hz, 1000.0 / interval, 1e-3);
    }
}

#[test]
fn curves_do_not_depend_on_threads_or_format() {
    let place = Place::new();
    let line = "neuron fi --to 20 --points 21 --duration 400";
    let printed = place.hexad(&format!("{line} --out - --threads 1")).ok();
    for threads in [2, 5] {
        assert!(place.hexad(&format!("{line} --out - --threads {threads}")).ok() == printed);
    }
    place.hexad(&format!("{line} --out fi.npy --plot fi.png")).ok();
    let npy = std::fs::read(place.path("fi.npy")).unwrap();
    let numbers: Vec<f64> = npy[npy.len() - 21 * 16..]
        .chunks_exact(8)
        .map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap()))
        .collect();
    let cells = printed.lines().skip(1).flat_map(|line| line.split(','));
    assert_eq!(numbers, cells.map(|cell| cell.parse::<f64>().unwrap()).collect::<Vec<_>>());
}

#[test]
fn membranes_that_never_or_always_fire_are_told() {
    let place = Place::new();
    let silent = json(&place, "neuron fi --set g_Na=0 --duration 100");
    assert!(silent["rheobase"].is_null() && silent["onset"].is_null());
    assert!(list(&silent, "rate_hz").iter().all(|rate| *rate == 0.0));
    let restless = place.hexad("neuron fi --model traub-miles --to 5 --points 6").ok();
    assert!(restless.contains("fires without current"), "{restless}");
}

#[test]
fn the_picture_marks_the_onset() {
    let place = Place::new();
    place.hexad("neuron fi --plot fi.svg").ok();
    let svg = place.read("fi.svg");
    for part in
        ["rate [Hz]", "steady rate", "one spike from 2.24", "keeps firing from 6.2", "rest stable too"]
    {
        assert!(svg.contains(part), "{part}");
    }
}

#[test]
fn malformed_use_is_refused_in_one_line() {
    for (options, code, part) in [
        ("--from nan", 2, "must be finite"),
        ("--from 60", 2, "--to 50: must be above --from, 60"),
        ("--to 0", 2, "must be above --from"),
        ("--to -5", 2, "must be above --from"),
        ("--from -1e308 --to 1e308", 2, "too far from --from"),
        ("--points 1", 2, "from 2 to 1e6"),
        ("--points 0", 2, "from 2 to 1e6"),
        ("--points 1e3", 2, "from 2 to 1e6"),
        ("--points 2000000", 2, "from 2 to 1e6"),
        ("--points 1000000 --duration 1e12", 1, "bytes of memory"),
        ("--duration 0", 2, "must be > 0"),
        ("--duration 0.001", 2, "shorter than half a step"),
        ("--duration 1e300", 2, "too many to count"),
        ("--dt 0", 2, "must be > 0"),
        ("--dt 0.5", 2, "--dt 0.5: is too long for the staggered integrator; at most 0.2442"),
        ("--set E_Na=500", 2, "must be from -200 to 120"),
        ("--model other", 2, "possible values"),
        ("--to 1e6", 1, "at 20000 uA/cm2; sweep less far"),
        ("--seed 3", 2, "unexpected argument"),
        ("--out fi.txt", 2, "one of .csv .parquet .npy"),
        ("--plot fi.gif", 2, ".png or .svg"),
        ("--out - --json", 2, "both want standard output"),
    ] {
        let place = Place::new();
        place.hexad(&format!("neuron fi {options}")).fails(code, part);
        assert_eq!(place.files(), [""; 0], "{options}");
    }
}

#[test]
fn help_shows_every_option_and_its_examples_work_as_typed() {
    let help = Place::new().hexad("neuron fi --help").ok();
    insta::assert_snapshot!(help);
    run_examples(&help);
}
