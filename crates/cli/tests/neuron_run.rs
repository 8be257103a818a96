//! `hexad neuron run` keeps its contract.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::process::Stdio;

use common::{Place, run_examples};
use serde_json::Value;

const BARE: &str = "neuron run --excitatory 0 --inhibitory 0";

fn json(place: &Place, line: &str) -> Value {
    let text = place.hexad(&format!("{line} --json")).ok();
    assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
    serde_json::from_str(&text).unwrap()
}

fn spikes(report: &Value) -> Vec<f64> {
    report["spikes"].as_array().unwrap().iter().map(|time| time.as_f64().unwrap()).collect()
}

fn number(report: &Value, key: &str) -> f64 {
    report[key].as_f64().unwrap()
}

/// Rows of CSV text, without the header.
fn rows(csv: &str) -> Vec<Vec<f64>> {
    let row = |line: &str| line.split(',').map(|cell| cell.parse().unwrap()).collect();
    csv.lines().skip(1).map(row).collect()
}

#[track_caller]
fn assert_near(got: f64, expected: f64, tolerance: f64) {
    assert!((got - expected).abs() <= tolerance, "{got} is not {expected}");
}

#[test]
fn json_has_every_promised_key() {
    let report = json(&Place::new(), "neuron run");
    let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"arrivals_excitatory arrivals_inhibitory command current dt_ms duration_ms elapsed_s integrator isi_cv isi_mean_ms jump_excitatory_mv jump_inhibitory_mv model outputs rate_hz seed spikes steps synapse v_max v_min");
    assert_eq!((&report["command"], &report["integrator"]), (&"neuron run".into(), &"staggered".into()));
    assert_eq!((&report["seed"], &report["steps"]), (&0.into(), &30_000.into()));
    assert_eq!((number(&report, "dt_ms"), number(&report, "duration_ms")), (0.01, 300.0));
    assert_near(number(&report, "rate_hz"), spikes(&report).len() as f64 / 0.3, 1e-12);
    assert!(number(&report, "v_min") < -65.0 && number(&report, "v_max") > 30.0);
}

#[test]
fn the_steady_interval_at_10_is_the_known_one() {
    let place = Place::new();
    let interval = |line: &str| {
        let spikes = spikes(&json(&place, line));
        spikes[spikes.len() - 1] - spikes[spikes.len() - 2]
    };
    let driven = format!("{BARE} --current 10");
    assert_near(interval(&format!("{driven} --integrator rk4 --dt 0.005")), 14.636_210, 1e-6);
    // An error of order 2 that is 1e-3 at a step of 0.025.
    assert_near(interval(&driven), 14.636_210, 2e-4);
    assert_near(
        interval(&format!("{driven} --integrator auto --dt 0.02 --tolerance 1e-7")),
        14.636_210,
        1e-6,
    );
    assert_near(interval(&format!("{driven} --integrator strang --dt 0.001")), 14.636_210, 1e-5);
    let from_rest = spikes(&json(&place, &format!("{driven} --rest --integrator rk4 --dt 0.005")));
    assert_near(from_rest[0], 1.901_232, 1e-6);
}

#[test]
fn the_neuron_of_the_question_left_alone_fires_once() {
    let place = Place::new();
    let exact = json(&place, &format!("{BARE} --integrator rk4 --dt 0.005"));
    assert_eq!(spikes(&exact).len(), 1);
    assert_near(spikes(&exact)[0], 4.834_760, 1e-6);
    assert!(exact["isi_cv"].is_null() && exact["isi_mean_ms"].is_null());
    assert_eq!((&exact["arrivals_excitatory"], &exact["arrivals_inhibitory"]), (&0.into(), &0.into()));
    // Order 1 is off by 0.074 ms at this step.
    for scheme in ["euler", "exponential", "staggered"] {
        let spikes = spikes(&json(&place, &format!("{BARE} --integrator {scheme}")));
        assert_eq!(spikes.len(), 1, "{scheme}");
        assert_near(spikes[0], 4.834_760, 0.1);
    }
}

#[test]
fn a_spike_moves_v_by_its_weight_and_in_seed_mode_by_its_weight_times_the_step() {
    let place = Place::new();
    let line =
        "neuron run --rest --current 0 --excitatory 1 --inhibitory 0 --rate 3 --release 1 --weight 0.1";
    // A seed with which just one spike arrives.
    let arrivals = |seed: &u32| json(&place, &format!("{line} --seed {seed}"))["arrivals_excitatory"] == 1;
    let seed = (0..100).find(arrivals).unwrap();
    let rise = |options: &str| {
        let report = json(&place, &format!("{line} --seed {seed} {options}"));
        let expected = if options.contains("synapse") { number(&report, "dt_ms") * 0.1 } else { 0.1 };
        assert_near(number(&report, "jump_excitatory_mv"), expected, 1e-15);
        number(&report, "v_max") + 64.996_379_331_2
    };
    for dt in ["0.02", "0.01", "0.005"] {
        let (delta, seed) = (rise(&format!("--dt {dt}")), rise(&format!("--dt {dt} --synapse seed")));
        assert_near(delta, 0.1, 0.001);
        // V relaxes by a part in a thousand in a step, and the trace sees whole steps.
        assert_near(seed / delta, dt.parse().unwrap(), 0.03 * dt.parse::<f64>().unwrap());
    }
}

#[test]
fn arrivals_are_as_many_as_the_rates_say_and_do_not_depend_on_the_step() {
    let place = Place::new();
    let counts = |options: &str| {
        let report = json(&place, &format!("neuron run --excitatory 4000 --inhibitory 1000 {options}"));
        ["arrivals_excitatory", "arrivals_inhibitory"].map(|key| number(&report, key))
    };
    let [excitatory, inhibitory] = counts("");
    // 4000 and 1000 trains of 10 Hz for 0.3 s, half of which arrive; five standard deviations.
    assert_near(excitatory, 6000.0, 5.0 * 6000_f64.sqrt());
    assert_near(inhibitory, 1500.0, 5.0 * 1500_f64.sqrt());
    assert_eq!(counts("--dt 0.02"), [excitatory, inhibitory]);
    assert_eq!(counts("--integrator rk4"), [excitatory, inhibitory]);
    assert_ne!(counts("--seed 1"), [excitatory, inhibitory]);
    assert_eq!(counts("--release 0"), [0.0, 0.0]);
}

#[test]
fn runs_repeat_and_do_not_depend_on_threads() {
    let place = Place::new();
    for (name, options) in [("a", ""), ("b", "--threads 1"), ("c", "--threads 3"), ("d", "--seed 1")] {
        place.hexad(&format!("neuron run --out {name}.csv --spikes {name}-spikes.csv {options}")).ok();
    }
    for suffix in [".csv", "-spikes.csv"] {
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| place.read(&format!("{name}{suffix}")));
        assert!(a == b && a == c && a != d, "{suffix}");
    }
}

#[test]
fn the_trace_holds_what_the_equations_say() {
    let place = Place::new();
    let report = json(&place, "neuron run --out t.csv --duration 50");
    let text = place.read("t.csv");
    assert_eq!(text.lines().next(), Some("t,V,m,h,n,I_Na,I_K,I_L"));
    let rows = rows(&text);
    assert_eq!((rows.len(), &rows[0][..5]), (5001, [0.0, -65.0, 0.05, 0.6, 0.32].as_slice()));
    assert_eq!(rows[5000][0], 50.0);
    for row in &rows {
        let &[_, v, m, h, n, i_na, i_k, i_l] = row.as_slice() else { panic!("{row:?}") };
        let near = |got: f64, expected: f64| (got - expected).abs() <= 1e-12 * expected.abs().max(1.0);
        assert!(near(i_na, 120.0 * m.powi(3) * h * (v - 50.0)), "{row:?}");
        assert!(near(i_k, 36.0 * n.powi(4) * (v + 77.0)) && near(i_l, 0.3 * (v + 54.387)), "{row:?}");
    }
    let v = rows.iter().map(|row| row[1]);
    assert_eq!(v.clone().fold(f64::INFINITY, f64::min), number(&report, "v_min"));
    assert_eq!(v.fold(f64::NEG_INFINITY, f64::max), number(&report, "v_max"));
}

#[test]
fn every_format_holds_the_same_trace() {
    let place = Place::new();
    for out in ["t.csv", "t.npy", "t.parquet"] {
        place.hexad(&format!("neuron run --quiet --duration 900 --out {out}")).ok();
    }
    let printed = place.hexad("neuron run --duration 900 --out -").ok();
    let csv = place.read("t.csv");
    assert!(printed == csv);
    let npy = std::fs::read(place.path("t.npy")).unwrap();
    assert!(String::from_utf8_lossy(&npy[..128]).contains("'shape': (90001, 8)"));
    let values: Vec<f64> =
        npy[128..].chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect();
    assert!(values == rows(&csv).concat());
    // A second opinion on Parquet: the program's own reader, over more than one group of rows.
    let smooth = |input: &str, columns: &str| {
        place.hexad(&format!("smooth {input} {columns} --sigma 0.5 --out -")).ok()
    };
    assert!(smooth("t.parquet", "--x t --y V,I_L") == smooth("t.csv", "--x t --y V,I_L"));
}

#[test]
fn every_kth_step_is_written_on_request() {
    let place = Place::new();
    let all = place.hexad("neuron run --duration 20 --out -").ok();
    let few = place.hexad("neuron run --duration 20 --out - --every 7").ok();
    let expected: Vec<_> = rows(&all).into_iter().step_by(7).collect();
    assert_eq!(rows(&few), expected);
}

#[test]
fn spikes_are_written_as_they_are_reported() {
    let place = Place::new();
    let report = json(&place, "neuron run --spikes s.csv");
    let text = place.read("s.csv");
    assert_eq!(text.lines().next(), Some("time_ms"));
    assert_eq!(rows(&text).concat(), spikes(&report));
    assert!(spikes(&report).is_sorted() && spikes(&report).len() > 1);
    // An interval's mean and spread are those of the list.
    let intervals: Vec<f64> = spikes(&report).windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mean = intervals.iter().sum::<f64>() / intervals.len() as f64;
    let squares: f64 = intervals.iter().map(|interval| (interval - mean).powi(2)).sum();
    assert_near(number(&report, "isi_mean_ms"), mean, 1e-9);
    assert_near(number(&report, "isi_cv"), (squares / (intervals.len() - 1) as f64).sqrt() / mean, 1e-9);
}

#[test]
fn thresholds_currents_and_membranes_do_what_they_say() {
    let place = Place::new();
    let run = |options: &str| spikes(&json(&place, &format!("{BARE} --rest --current 10 {options}")));
    let usual = run("");
    assert!(run("--threshold -20")[0] < usual[0] && run("--threshold 20")[0] > usual[0]);
    // Armed again only below a level that V never reaches: one spike.
    assert_eq!(run("--rearm -90").len(), 1);
    // The current begins later, and so do the spikes.
    let later = spikes(&json(&place, &format!("{BARE} --rest --current step=10,50,150")));
    assert_near(later[0], 50.0 + usual[0], 1e-3);
    assert!(later.iter().all(|time| (50.0..160.0).contains(time)));
    assert_eq!(spikes(&json(&place, &format!("{BARE} --rest --current ramp=2,0,300"))).len(), 0);
    // Two cycles of 20 Hz, and at most a spike or two in each.
    let sine =
        spikes(&json(&place, &format!("{BARE} --rest --duration 100 --current 3 --current sine=7,20")));
    assert!((2..=6).contains(&sine.len()), "{sine:?}");
    // Without sodium nothing fires; in warmth spikes are faster.
    assert_eq!(run("--set g_Na=0").len(), 0);
    assert!(run("--temperature 12")[0] < usual[0]);
    assert_ne!(run("--set E_L=-54.4"), usual);
    assert!(run("--model traub-miles").len() > usual.len());
}

#[test]
fn a_run_that_leaves_the_physical_range_keeps_what_it_wrote() {
    let place = Place::new();
    let line = "neuron run --weight 400 --spikes s.csv --plot p.svg";
    let mut left_ms = 0.0;
    for out in ["t.csv", "t.npy", "t.parquet"] {
        let error = place.hexad(&format!("{line} --out {out}")).fails(1, "left the physical range at ");
        assert!(error.contains("lower the drive"));
        let time = error.split("range at ").nth(1).unwrap().split(" ms").next().unwrap();
        left_ms = time.parse().unwrap();
    }
    let rows = rows(&place.read("t.csv"));
    assert_near(rows[rows.len() - 1][0], left_ms - 0.01, 1e-9);
    assert!(rows.concat().iter().all(|value| value.is_finite()));
    let spikes = match place.read("s.csv").lines().count() - 1 {
        1 => "1 spike".to_owned(),
        count => format!("{count} spikes"),
    };
    let last_ms = (100.0 * left_ms - 1.0).round() / 100.0;
    assert!(place.read("p.svg").contains(&format!("{spikes} in {last_ms} ms")));
    assert_eq!(place.files(), ["p.svg", "s.csv", "t.csv", "t.npy", "t.parquet"]);
    // What goes to standard output is whole or not at all.
    place.hexad("neuron run --weight 400 --out -").fails(1, "left the physical range");
}

#[test]
fn a_step_that_is_too_long_is_refused_with_the_longest_safe_one() {
    let place = Place::new();
    for (scheme, dt) in [("euler", 0.1), ("rk4", 0.2), ("staggered", 0.5), ("auto", 0.2)] {
        let line = format!("{BARE} --integrator {scheme} --dt");
        let error = place
            .hexad(&format!("{line} {dt}"))
            .fails(2, &format!("--dt {dt}: is too long for the {scheme}"));
        let safe = error.split("at most ").nth(1).unwrap().split(' ').next().unwrap().to_string();
        let report = json(&place, &format!("{line} {safe} --current 10 --duration 100"));
        assert_near(number(&report, "v_max"), 40.0, 20.0);
    }
    // Those that are stable for any step take any.
    for scheme in ["strang", "exponential"] {
        json(&place, &format!("{BARE} --integrator {scheme} --dt 1"));
    }
}

#[test]
fn the_picture_shows_what_the_question_draws() {
    let place = Place::new();
    let plot = |options: &str| {
        place.hexad(&format!("neuron run --plot p.svg {options}")).ok();
        place.read("p.svg")
    };
    let parts =
        ["membrane potential [mV]", "threshold", "spike", "I_Na", "I_K", "I_L", "gating value", "time [ms]"];
    let default = plot("");
    for part in parts.iter().chain(&["jumps [mV]", "excitatory: ", "80 + 20 Poisson inputs of 10 Hz"]) {
        assert!(default.contains(part), "{part}");
    }
    let bare = plot("--excitatory 0 --inhibitory 0 --current 10");
    assert!(parts.iter().all(|part| bare.contains(part)) && !bare.contains("jumps"));
    assert!(plot("--excitatory 4000 --inhibitory 1000").contains("drive [mV/ms]"));
    assert!(plot("--current step=5,20,40").contains("a changing current and 80 + 20"));
    // However long the run, the picture has as many points as can be seen.
    assert!(plot("--duration 20000 --dt 0.05 --rate 0").len() < 4_000_000);
    place.hexad("neuron run --plot p.png").ok();
    assert!(std::fs::read(place.path("p.png")).unwrap().starts_with(b"\x89PNG"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_leaves_the_old_file() {
    let place = Place::new();
    place.write("t.csv", "old");
    let mut command = place.command("neuron run --duration 1e9 --quiet --out t.csv".split(' '));
    let mut child = command.stdin(Stdio::null()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(200));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((place.files(), place.read("t.csv")), (vec!["t.csv".to_string()], "old".to_string()));
}

#[test]
fn malformed_use_is_refused_in_one_line() {
    for (options, part) in [
        ("--duration 0", "must be > 0"),
        ("--duration -5", "must be > 0"),
        ("--duration nan", "must be finite"),
        ("--duration inf", "must be finite"),
        ("--duration long", "is not a number"),
        ("--duration 0.001", "shorter than half a step"),
        ("--duration 1e300", "too many to count"),
        ("--dt 0", "must be > 0"),
        ("--dt -0.01", "must be > 0"),
        ("--dt 1e-320", "too many to count"),
        ("--dt nan", "must be finite"),
        ("--dt 1", "at most 0.2442 ms is safe"),
        ("--integrator runge", "possible values"),
        ("--integrator auto --tolerance 0", "must be > 0"),
        ("--tolerance 1e-3", "--tolerance is about --integrator auto"),
        ("--model squid", "possible values"),
        ("--model traub-miles --temperature 20", "only --model classic"),
        ("--temperature 100", "must be from -10 to 60"),
        ("--temperature hot", "is not a number"),
        ("--set g_Ca=1", "the names are C_m, g_Na"),
        ("--set g_Na", "use NAME=VALUE"),
        ("--set g_Na=-1", "must be >= 0"),
        ("--set C_m=0", "must be > 0"),
        ("--set E_K=-500", "must be from -200 to 120"),
        ("--current three", "is not a number"),
        ("--current nan", "must be finite"),
        ("--current step=1", "use a number, step="),
        ("--current step=1,20,10", "UNTIL must be after FROM"),
        ("--current ramp=1,5", "use a number, step="),
        ("--current ramp=1,5,inf", "must be finite"),
        ("--current sine=1,0", "must be > 0"),
        ("--current noise=1,2", "use a number, step="),
        ("--excitatory -1", "whole number from 0 to 1e9"),
        ("--excitatory 1.5", "whole number from 0 to 1e9"),
        ("--inhibitory 1e3", "whole number from 0 to 1e9"),
        ("--rate -1", "must be >= 0"),
        ("--rate nan", "must be finite"),
        ("--rate 1e300", "would arrive in every step"),
        ("--release 1.5", "must be <= 1"),
        ("--release -0.1", "must be >= 0"),
        ("--weight -1", "must be >= 0"),
        ("--weight heavy", "is not a number"),
        ("--inhibitory-scale -4", "must be >= 0"),
        ("--inhibitory-scale 1e200 --weight 1e200", "too large for this --weight"),
        ("--synapse alpha", "possible values"),
        ("--seed -1", "whole number from 0"),
        ("--seed 18446744073709551616", "whole number from 0"),
        ("--threshold nan", "must be finite"),
        ("--rearm 10", "above the threshold"),
        ("--every 0", "from 1 up"),
        ("--every 2.5", "from 1 up"),
        ("--out trace.xlsx", "one of .csv .parquet .npy"),
        ("--out trace", "one of .csv .parquet .npy"),
        ("--out - --json", "both want standard output"),
        ("--spikes spikes.txt", "--spikes spikes.txt: the format follows"),
        ("--plot p.pdf", ".png or .svg"),
        ("--threads 0", "from 1 to 1024"),
        ("--steps 5", "unexpected argument"),
        ("trace.csv", "unexpected argument"),
    ] {
        let place = Place::new();
        place.hexad(&format!("neuron run {options}")).fails(2, part);
        assert_eq!(place.files(), [""; 0], "{options}");
    }
    let place = Place::new();
    place.hexad("neuron").fails(2, "no command given");
    place.hexad("neuron runn").fails(2, "similar subcommand");
    std::fs::create_dir(place.path("folder.csv")).unwrap();
    place.hexad("neuron run --out folder.csv").fails(1, "is a folder");
    place.hexad("neuron run --spikes folder.csv").fails(1, "is a folder");
}

#[test]
fn help_shows_every_option_and_its_examples_work_as_typed() {
    let help = Place::new().hexad("neuron run --help").ok();
    insta::assert_snapshot!(help);
    run_examples(&help);
}

#[test]
fn the_commands_of_the_readme_work_as_typed() {
    let readme = include_str!("../README.md").replace("\\\n", " ");
    let is_ours =
        |line: &&str| ["hexad neuron run", "hexad neuron fi"].iter().any(|start| line.starts_with(start));
    let lines: Vec<&str> = readme.lines().filter(is_ours).collect();
    assert!(lines.len() >= 4, "{lines:?}");
    for line in lines {
        let place = Place::new();
        assert_ne!(place.hexad(line.strip_prefix("hexad ").unwrap()).ok(), "", "{line}");
    }
}
