//! `hexad neuron population`: what it finds, writes and draws, and that nothing but the question changes it.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::{Place, run_examples};
use serde_json::Value;

/// The JSON object that a run prints.
#[track_caller]
fn json(place: &Place, line: &str) -> Value {
    serde_json::from_str(&place.hexad(&format!("{line} --json")).ok()).unwrap()
}

fn columns(csv: &str) -> Vec<Vec<f64>> {
    let rows = csv.lines().skip(1).map(|line| line.split(',').map(|cell| cell.parse::<f64>().unwrap()));
    let rows: Vec<Vec<f64>> = rows.map(Iterator::collect).collect();
    let width = rows.first().map_or(0, Vec::len);
    (0..width).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
}

const SMALL: &str =
    "neuron population --neurons 200 --inputs 128 --weight 2 --inhibitory-scale 1 --duration 250";

#[test]
fn the_summary_counts_what_the_files_hold() {
    let place = Place::new();
    let files = "--spikes s.csv --rates r.csv --out n.csv --bin 5";
    let found = json(&place, &format!("{SMALL} {files}"));
    let [spikes, rates, neurons] = ["s.csv", "r.csv", "n.csv"].map(|name| columns(&place.read(name)));
    let total = found["spikes"].as_u64().unwrap() as f64;
    assert!(total > 200.0, "{found}");
    assert_eq!(place.read("s.csv").lines().next(), Some("neuron,t_ms"));
    assert_eq!(spikes[0].len() as f64, total);
    assert!(spikes[1].is_sorted() && spikes[1].iter().all(|t| (0.0..=250.0).contains(t)));
    assert_eq!(place.read("n.csv").lines().next(), Some("neuron,current,spikes,rate_hz,isi_cv"));
    assert_eq!(neurons[2].iter().sum::<f64>(), total);
    for (neuron, count) in neurons[2].iter().enumerate() {
        let own = spikes[0].iter().filter(|other| **other == neuron as f64).count();
        assert_eq!((own as f64, neurons[3][neuron]), (*count, 4.0 * count));
    }
    // The rate over time integrates to the count: 5 ms bins of 200 neurons.
    assert_eq!(rates[0][..2], [2.5, 7.5]);
    let integral: f64 = rates[1].iter().sum::<f64>() * 0.005 * 200.0;
    assert!((integral - total).abs() < 1e-9 * total, "{integral} {total}");
    assert_eq!(found["rate_hz"].as_f64().unwrap(), total / 200.0 / 0.25);
    for key in ["isi_cv", "fano", "rate_sd_hz", "neuron_steps_per_s", "real_time_factor", "simulation_s"] {
        assert!(found[key].as_f64().unwrap() > 0.0, "{key}: {found}");
    }
    assert_eq!(
        (found["inputs_excitatory"].as_u64(), found["inputs_inhibitory"].as_u64()),
        (Some(102), Some(26))
    );
    assert_eq!(found["steps"].as_u64(), Some(10_000));
    assert_eq!(place.files(), ["n.csv", "r.csv", "s.csv"]);
}

#[test]
fn threads_quiet_and_formats_change_nothing_and_the_seed_changes_everything() {
    let place = Place::new();
    place.hexad(&format!("{SMALL} --spikes a.csv --threads 1")).ok();
    place.hexad(&format!("{SMALL} --spikes b.csv --threads 3 --spikes b.csv")).fails(2, "--spikes");
    place.hexad(&format!("{SMALL} --spikes b.csv --threads 3")).ok();
    assert_eq!(place.read("a.csv"), place.read("b.csv"));
    assert_eq!(place.hexad(&format!("{SMALL} --spikes c.parquet --quiet")).ok(), "");
    place.hexad("smooth c.parquet --y t_ms --sigma 1 --method direct --truncate 0.1 --out c.csv").ok();
    let [direct, read_back] = ["a.csv", "c.csv"].map(|name| columns(&place.read(name)));
    // A kernel of one sample divides by its own weight: the last bit may go.
    assert_eq!(direct[1].len(), read_back[1].len());
    assert!(direct[1].iter().zip(&read_back[1]).all(|(a, b)| (a - b).abs() <= 2.0 * f64::EPSILON * a));
    place.hexad(&format!("{SMALL} --spikes d.csv --seed 1")).ok();
    assert_ne!(place.read("a.csv"), place.read("d.csv"));
}

#[test]
fn single_precision_fires_like_double() {
    let place = Place::new();
    let [double, single] = ["f64", "f32"].map(|bits| json(&place, &format!("{SMALL} --precision {bits}")));
    assert_eq!(single["precision"], "f32");
    let [double, single] = [double, single].map(|found| found["spikes"].as_f64().unwrap());
    // Few spikes stand so near the threshold that 24 bits decide over them.
    assert!((double - single).abs() <= 0.01 * double, "{double} {single}");
}

#[test]
fn a_sweep_finds_the_rates_of_the_f_i_curve() {
    let place = Place::new();
    let sweep = "neuron population --neurons 3 --inputs 0 --current 0 --sweep 0..20 --duration 1000";
    place.hexad(&format!("{sweep} --out n.csv --spikes s.csv")).ok();
    let neurons = columns(&place.read("n.csv"));
    assert_eq!(neurons[1], [0.0, 10.0, 20.0]);
    assert_eq!(neurons[2][0], 0.0);
    // 69 spikes a second at 10 uA/cm2: the steady interval is 14.636210 ms.
    assert_eq!(neurons[2][1], 69.0);
    assert!(neurons[2][2] > 80.0 && neurons[4][1] < 0.01);
    // Of a neuron that never fires there is no interval.
    assert!(place.read("n.csv").lines().nth(1).unwrap().ends_with(",NaN"));
    // The first spike from rest at 10 uA/cm2 is at 1.901232 ms, by a fourth-order run at a hundredth of the step.
    let spikes = columns(&place.read("s.csv"));
    let first = spikes[0].iter().position(|neuron| *neuron == 1.0).unwrap();
    assert!((spikes[1][first] - 1.901_232).abs() < 2e-3, "{}", spikes[1][first]);
}

#[test]
fn traces_hold_every_kth_step_of_the_neurons_named() {
    let place = Place::new();
    let line =
        "neuron population --neurons 70 --inputs 500 --duration 10 --record 0,64..65 --record-every 40";
    place.hexad(&format!("{line} --traces t.csv --plot p.svg")).ok();
    let text = place.read("t.csv");
    assert_eq!(text.lines().next(), Some("t_ms,V_0,V_64,V_65"));
    let traces = columns(&text);
    assert_eq!(traces[0], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    assert!(traces[1..].iter().all(|v| (v[0] + 64.996_379_331_2).abs() < 1e-6));
    assert_ne!(traces[1][9], traces[2][9]);
    let plot = place.read("p.svg");
    assert!(plot.contains("\nneuron 64\n") && plot.contains("V [mV]"));
    for name in ["t.parquet", "t.npy"] {
        place.hexad(&format!("{line} --traces {name}")).ok();
    }
}

#[test]
fn the_picture_has_spikes_and_rates_even_where_there_are_none() {
    let place = Place::new();
    place.hexad(&format!("{SMALL} --plot deep/p.png")).ok();
    assert!(std::fs::read(place.path("deep/p.png")).unwrap().starts_with(b"\x89PNG"));
    place
        .hexad("neuron population --neurons 2 --inputs 0 --current 0 --duration 5 --plot p.svg --out n.npy")
        .ok();
    let plot = place.read("p.svg");
    for word in ["2 neurons without synaptic input", "time [ms]", "neuron", "rate [Hz]", "all: 0.0 Hz"] {
        assert!(plot.contains(word), "{word}");
    }
}

#[test]
fn neurons_that_leave_the_physical_range_are_named_and_the_files_hold_what_came_before() {
    let place = Place::new();
    let line = "neuron population --neurons 40 --inputs 0 --current step=3000,50 --duration 100 --record 7";
    let error = place
        .hexad(&format!("{line} --spikes s.csv --traces t.csv"))
        .fails(1, "neuron 0 left the physical range at 50.");
    assert!(error.contains("50."), "{error}");
    let traces = columns(&place.read("t.csv"));
    assert!(traces[0].len() > 1900 && traces[0].iter().all(|t| *t < 60.0));
    assert!(place.read("s.csv").starts_with("neuron,t_ms\n"));
}

#[test]
fn wrong_use_ends_with_two_and_one_line() {
    let place = Place::new();
    place.write("file", "");
    for (options, part) in [
        ("--neurons 0", "must be a whole number from 1 up"),
        ("--neurons -3", "must be a whole number from 1 up"),
        ("--neurons 1.5", "must be a whole number from 1 up"),
        ("--neurons 99999999999", "too many to number"),
        ("--inputs -1", "must be a whole number from 0"),
        ("--inputs 5 --excitatory 3", "cannot be used with"),
        ("--excitatory x", "must be a whole number from 0"),
        ("--duration 0", "must be > 0"),
        ("--duration 0.001", "shorter than half a step of 0.025 ms"),
        ("--duration nan", "must be finite"),
        ("--duration 1e300", "too many to count"),
        ("--dt 0", "must be > 0"),
        ("--dt 5", "too long for the staggered integrator; at most"),
        ("--precision f16", "possible values"),
        ("--model squid", "possible values"),
        ("--set g_X=1", "the names are C_m"),
        ("--rate -1", "must be >= 0"),
        ("--rate 1e15", "would arrive in every step"),
        ("--release 1.5", "must be <= 1"),
        ("--weight inf", "must be finite"),
        ("--current two", "is not a number"),
        ("--current step=1", "use a number, step=I,FROM"),
        ("--sweep 5", "use FROM..TO"),
        ("--sweep 0..x", "is not a number"),
        ("--threshold nan", "must be finite"),
        ("--threshold -40 --rearm -20", "is above the threshold"),
        ("--spikes s.txt", "--spikes s.txt: the format follows from the extension"),
        ("--rates r", "--rates r: the format follows"),
        ("--traces t.csv", "whose? add --record"),
        ("--record 0..", "use indices and ranges"),
        ("--record 5..1", "must not end before it starts"),
        ("--record 64", "--record 64: there are 64 neurons"),
        ("--record 0 --record-every 0", "must be a whole number from 1 up"),
        ("--record-every 3", "--record <LIST>"),
        ("--bin 0", "must be > 0"),
        ("--bin 1e-9", "bins are too many"),
        ("--plot p.pdf", ".png or .svg"),
        ("--out n.xlsx", "--out n.xlsx: the format follows"),
        ("--out - --json", "both want standard output"),
        ("--checkpoint c", "--every <MS>"),
        ("--every 10", "--checkpoint <FILE>"),
        ("--checkpoint c --every 0", "must be > 0"),
        ("--threads 0", "must be a whole number from 1"),
        ("--seed -1", "-1"),
        ("--integrator euler", "unexpected argument"),
    ] {
        let size = if options.contains("--neurons") { "" } else { "--neurons 64" };
        let time = if options.contains("--duration") { "" } else { "--duration 20" };
        place.hexad(&format!("neuron population {size} {time} {options}")).fails(2, part);
        assert_eq!(place.files(), ["file"], "{options}");
    }
    for (options, part) in [
        ("--neurons 4000000000", "bytes of memory"),
        ("--neurons 64 --spikes .", "extension"),
        ("--neurons 64 --spikes file/s.csv", "is a file and not a folder"),
        ("--neurons 64 --resume none", "none: cannot open"),
        ("--neurons 64 --resume file", "is not a checkpoint of hexad neuron"),
    ] {
        let run = place.hexad(&format!("neuron population --duration 20 {options}"));
        let code = if part == "extension" { 2 } else { 1 };
        run.fails(code, part);
        assert_eq!(place.files(), ["file"], "{options}");
    }
}

#[test]
fn help_shows_every_option_and_its_examples_work_as_typed() {
    let help = Place::new().hexad("neuron population --help").ok();
    insta::assert_snapshot!(help);
    assert!(run_examples(&help).iter().all(|place| !place.files().is_empty()));
}
