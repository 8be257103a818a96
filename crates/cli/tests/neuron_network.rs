//! `hexad neuron network`: its file, what it finds, and what it refuses.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::path::Path;

use common::{Place, run_examples};
use serde_json::Value;

/// The repository's example of this name.
fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/models").join(name);
    path.canonicalize().unwrap().display().to_string()
}

#[track_caller]
fn json(place: &Place, line: &str) -> Value {
    serde_json::from_str(&place.hexad(&format!("{line} --json")).ok()).unwrap()
}

/// Two neurons: the first fires at 10 uA/cm2, the second is kicked 2 ms after each of its spikes.
const PAIR: &str = "\
duration_ms = 100
dt_ms = 0.025
[[population]]
name = \"clock\"
size = 1
current_ua_cm2 = 10
[[population]]
name = \"follower\"
size = 1
[[connection]]
from = \"clock\"
to = \"follower\"
probability = 1
weight = 12
delay_ms = 2
";

fn times(csv: &str, neuron: &str) -> Vec<f64> {
    let rows = csv.lines().skip(1).filter_map(|line| line.split_once(','));
    rows.filter(|(name, _)| *name == neuron).map(|(_, time)| time.parse().unwrap()).collect()
}

#[test]
fn a_kick_arrives_at_the_spike_plus_the_delay() {
    let place = Place::new();
    place.write("pair.toml", PAIR);
    let found = json(&place, "neuron network pair.toml --spikes s.csv");
    let (clock, follower) = (times(&place.read("s.csv"), "0"), times(&place.read("s.csv"), "1"));
    assert_eq!(clock.len(), 7);
    // 12 mV are far above the instantaneous threshold of 6.5: the spike follows within 2 ms.
    for (clock, follower) in clock.iter().zip(&follower) {
        assert!((follower - clock - 2.0) > 0.0 && (follower - clock - 2.0) < 2.0, "{clock} {follower}");
    }
    assert_eq!(found["connections"], 1);
    assert_eq!(found["populations"][1]["first"], 1);
    assert_eq!(found["populations"][0]["spikes"], 7);
    assert_eq!(found["populations"][0]["name"], "clock");
    for key in ["rate_hz", "real_time_factor", "neuron_steps_per_s"] {
        assert!(found[key].as_f64().unwrap() > 0.0, "{key}");
    }
    assert!(found["populations"][0]["isi_cv"].as_f64().unwrap() < 0.1);
}

#[test]
fn a_table_of_connections_is_what_chance_at_one_is() {
    let place = Place::new();
    place.write("pair.toml", PAIR);
    let table = PAIR.replace("probability = 1\nweight = 12\ndelay_ms = 2\n", "table = \"wires/w.csv\"\n");
    place.write("table.toml", table);
    std::fs::create_dir(place.path("wires")).unwrap();
    place.write("wires/w.csv", "# one\nsource,target,weight,delay_ms\n0,0,12,2\n");
    place.hexad("neuron network pair.toml --spikes a.csv").ok();
    place.hexad("neuron network table.toml --spikes b.csv").ok();
    assert_eq!(place.read("a.csv"), place.read("b.csv"));
}

#[test]
fn the_examples_run_and_show_all_that_is_asked_for() {
    let place = Place::new();
    let ring = example("ring_hh.toml");
    let files = "--spikes s.csv --rates r.parquet --traces t.csv --out n.csv --plot p.svg";
    let found = json(&place, &format!("neuron network {ring} {files}"));
    // The volley goes round until the end: every neuron of the ring fires every time.
    let last = times(&place.read("s.csv"), "0");
    assert!(last.len() >= 8 && *last.last().unwrap() > 260.0, "{last:?}");
    assert_eq!(found["neurons"], 220);
    assert_eq!(place.read("t.csv").lines().next(), Some("t_ms,V_0,V_100,V_200"));
    assert_eq!(place.read("t.csv").lines().count(), 3001);
    assert_eq!(place.read("n.csv").lines().next(), Some("neuron,population,current,spikes,rate_hz,isi_cv"));
    let plot = place.read("p.svg");
    for word in ["A volley that runs in a circle", "brake: ", "neuron 200", "rate [Hz]"] {
        assert!(plot.contains(word), "{word}");
    }
    // The benchmark of Brette et al. 2007 keeps going long after its start, irregularly.
    let coba = std::fs::read_to_string(example("coba_hh.toml")).unwrap();
    place.write("coba.toml", coba.replace("duration_ms = 1000", "duration_ms = 250"));
    let found = json(&place, "neuron network coba.toml --spikes c.csv --threads 2");
    let late = place
        .read("c.csv")
        .lines()
        .skip(1)
        .filter(|line| line.split_once(',').unwrap().1.parse::<f64>().unwrap() > 150.0)
        .count();
    assert!(late > 2000, "{late}");
    assert!(found["isi_cv"].as_f64().unwrap() > 0.8, "{found}");
    let connections = found["connections"].as_f64().unwrap();
    assert!((connections - 0.02 * (16e6 - 4e3)).abs() < 2800.0, "{connections}");
}

#[test]
fn threads_change_nothing_and_seeds_draw_other_wires() {
    let place = Place::new();
    let text = std::fs::read_to_string(example("ring_hh.toml")).unwrap();
    let text = text.replace("duration_ms = 300", "duration_ms = 60");
    place.write("a.toml", &text);
    place.write("b.toml", text.replace("seed = 1 ", "seed = 2 "));
    place.write("ring_hh_brake.csv", std::fs::read(example("ring_hh_brake.csv")).unwrap());
    place.hexad("neuron network a.toml --spikes a1.csv --threads 1").ok();
    place.hexad("neuron network a.toml --spikes a2.csv --threads 2").ok();
    place.hexad("neuron network b.toml --spikes b.csv").ok();
    assert_eq!(place.read("a1.csv"), place.read("a2.csv"));
    assert_ne!(place.read("a1.csv"), place.read("b.csv"));
    let piped = place.hexad_with_input("neuron network - --json", text.as_bytes());
    assert!(piped.ok().contains("\"neurons\":220"));
}

/// The file with `from` replaced must be refused so, and nothing be written.
#[track_caller]
fn refuse(from: &str, to: &str, code: i32, part: &str) {
    let place = Place::new();
    assert!(from.is_empty() || PAIR.contains(from), "{from}");
    place.write("n.toml", if from.is_empty() { format!("{to}{PAIR}") } else { PAIR.replace(from, to) });
    place.write("dangling.csv", "source,target\n0,0\n0,1\n");
    place.write("broken.csv", "source,target\n0,0\n0,x\n");
    place.write("short.csv", "source,target,delay_ms\n0,0,1\n0,0,0\n");
    let files = place.files();
    let error = place.hexad("neuron network n.toml --spikes s.csv --plot p.png").fails(code, part);
    assert!(error.contains(".toml: ") || error.contains(".csv: "), "{error}");
    assert_eq!(place.files(), files);
}

#[test]
fn malformed_files_are_refused_with_line_and_key() {
    let end = "delay_ms = 2\n";
    for (from, to, part) in [
        ("", "x\n", "n.toml: line 1: "),
        ("", "[\n", "n.toml: line "),
        ("", "speed = 3\n", "line 1, key \"speed\": is not known; there are title, duration_ms"),
        ("", "seed = 1\nseed = 2\n", "line 2: duplicate key"),
        ("", "seed = -1\n", "key \"seed\": must be a whole number from 0 up, got -1"),
        ("", "seed = 1.5\n", "must be a whole number, got 1.5"),
        ("", "precision = \"f16\"\n", "key \"precision\": \"f16\" is not one of \"f64\", \"f32\""),
        ("", "title = 3\n", "key \"title\": must be text in quotes, got 3"),
        ("", "model = \"squid\"\n", "is not one of \"classic\", \"traub-miles\""),
        ("", "model = { name = \"classic\", g_x = 1 }\n", "key \"model.g_x\": is not known"),
        ("", "model = { capacitance_uf_cm2 = 0 }\n", "must be > 0"),
        ("", "model = { g_na_ms_cm2 = -1 }\n", "key \"model.g_na_ms_cm2\": must be >= 0, got -1"),
        ("", "model = { e_k_mv = 999 }\n", "must be from -200 to 120"),
        ("", "model = { name = \"traub-miles\", temperature_c = 20 }\n", "only the classic model"),
        ("", "threshold = { level_mv = -40, rearm_mv = -20 }\n", "must not be above level_mv, -40"),
        ("", "current = 3\n", "must be a list of tables; write [[current]]"),
        ("", "current = [{ kind = \"noise\" }]\n", "\"noise\" is not one of"),
        (
            "",
            "current = [{ kind = \"step\", ua_cm2 = 1, from_ms = 5, until_ms = 5 }]\n",
            "must be after from_ms, 5",
        ),
        ("", "record = { neurons = [0, 2] }\n", "key \"record.neurons[2]\": is neuron 2, but there are 2"),
        ("", "record = { neurons = [] }\n", "must name 1 to 10000 neurons, got 0"),
        ("", "record = { neurons = [0], every_steps = 0 }\n", "must be a whole number from 1 up, got 0"),
        ("duration_ms = 100\n", "", "key \"duration_ms\": is missing; add duration_ms = 1000"),
        ("duration_ms = 100\n", "duration_ms = 0\n", "line 1, key \"duration_ms\": must be > 0, got 0"),
        ("duration_ms = 100\n", "duration_ms = \"long\"\n", "must be a number, got \"long\""),
        ("duration_ms = 100\n", "duration_ms = inf\n", "must be a finite number"),
        ("duration_ms = 100\n", "duration_ms = 0.01\n", "shorter than half a step"),
        ("dt_ms = 0.025\n", "dt_ms = -1\n", "line 2, key \"dt_ms\": must be > 0, got -1"),
        ("name = \"clock\"\n", "", "line 3, key \"population[1].name\": is missing"),
        ("name = \"follower\"\n", "name = \"clock\"\n", "\"clock\" is empty or taken"),
        (
            "size = 1\ncurrent",
            "size = 0\ncurrent",
            "line 5, key \"population[1].size\": must be a whole number",
        ),
        ("size = 1\ncurrent", "size = 5000000000\ncurrent", "cannot be numbered"),
        ("current_ua_cm2 = 10", "current_ua_cm2 = [1]", "must be a number, or [first, last]"),
        (
            "current_ua_cm2 = 10",
            "current = 10",
            "key \"population[1].current\": is not known; there are name, size",
        ),
        (
            "current_ua_cm2 = 10",
            "input = { rate_hz = -1, weight_mv = 1 }",
            "input.rate_hz\": must be >= 0, got -1",
        ),
        (
            "current_ua_cm2 = 10",
            "input = { rate_hz = 1, weight_mv = 1, release = 2 }",
            "must be from 0 to 1, got 2",
        ),
        ("current_ua_cm2 = 10", "input = { rate_hz = 1e15, weight_mv = 1 }", "would arrive in every step"),
        ("current_ua_cm2 = 10", "start = { v_mv = 500 }", "must be from -200 to 120, got 500"),
        ("current_ua_cm2 = 10", "start = { v_mv = -65, m = 2 }", "start.m\": must be from 0 to 1, got 2"),
        ("current_ua_cm2 = 10", "start = { v_mv = [-50, -60] }", "the first must be the lower one"),
        (
            "from = \"clock\"",
            "from = \"watch\"",
            "no population is named \"watch\"; there are \"clock\", \"follower\"",
        ),
        ("to = \"follower\"", "to = [\"follower\", \"follower\"]", "is named twice"),
        ("to = \"follower\"", "to = []", "must name a population"),
        ("to = \"follower\"\n", "", "key \"connection[1].to\": is missing"),
        ("probability = 1\n", "", "is missing; add probability = 0.02, or a table"),
        (
            "probability = 1\n",
            "probability = 1.5\n",
            "connection[1].probability\": must be from 0 to 1, got 1.5",
        ),
        ("probability = 1\n", "probability = 1\ntable = \"a.csv\"\n", "there is a probability too"),
        ("probability = 1\n", "table = \"none.csv\"\n", "none.csv does not exist"),
        (
            "probability = 1\n",
            "table = \"dangling.csv\"\n",
            "dangling.csv: line 3, column \"target\": 1 is no neuron",
        ),
        (
            "probability = 1\n",
            "table = \"broken.csv\"\n",
            "broken.csv: line 3, column \"target\": \"x\" is not a number",
        ),
        ("weight = 12\n", "", "connection[1].weight\": is missing; add weight = 0.5"),
        (end, "", "connection[1].delay_ms\": is missing"),
        (end, "delay_ms = 0\n", "line 15, key \"connection[1].delay_ms\": must be > 0, got 0"),
        (end, "delay_ms = 30000\n", "a delay takes at most 2^20 steps, 26214.4 ms"),
        (end, "delay_ms = 2147483648\n", "n.toml: a delay of 85899345920 steps needs"),
        (
            end,
            "delay_ms = 0.01\n",
            "line 15, key \"connection[1].delay_ms\": a delay takes at least one step, 0.025 ms",
        ),
        (end, "delay_ms = 2\nsynapse = { kind = \"gap\" }\n", "\"gap\" is not one of \"delta\""),
        (end, "delay_ms = 2\nsynapse = { kind = \"alpha\" }\n", "synapse.tau_ms\": is missing"),
        (end, "delay_ms = 2\nsynapse = { kind = \"alpha\", tau_ms = 0 }\n", "synapse.tau_ms\": must be > 0"),
        (
            end,
            "delay_ms = 2\nsynapse = { kind = \"conductance\", tau_ms = 1 }\n",
            "reversal_mv\": is missing",
        ),
        (end, "delay_ms = 2\nsynapse = { kind = \"delta\", tau_ms = 1 }\n", "synapse.tau_ms\": is not known"),
        (end, "delay_ms = 2\n[extra]\n", "key \"extra\": is not known"),
        ("weight = 12\ndelay_ms = 2\n", "weight = inf\ndelay_ms = 2\n", "must be a finite number"),
    ] {
        refuse(from, to, 1, part);
    }
    refuse(
        "probability = 1\nweight = 12\ndelay_ms = 2\n",
        "table = \"short.csv\"\nweight = 1\n",
        1,
        "short.csv: line 3, column \"delay_ms\": a delay takes",
    );
    refuse("dt_ms = 0.025\n", "dt_ms = 5\n", 2, "key \"dt_ms\": 5 is too long a step; at most");
    refuse("size = 1\ncurrent", "size = 4000000000\ncurrent", 1, "bytes of memory");
}

#[test]
fn other_wrong_use_is_refused() {
    let place = Place::new();
    place.write("n.toml", PAIR);
    place.write("empty.toml", "duration_ms = 1\n");
    place.write("bytes.toml", [b'a', 0xff, b'\n']);
    for (line, code, part) in [
        ("", 2, "<CONFIG.toml>"),
        ("none.toml", 1, "none.toml: cannot open"),
        (".", 1, "is a folder"),
        ("empty.toml", 1, "add a section [[population]]"),
        ("bytes.toml", 1, "line 1: is not text in UTF-8"),
        ("n.toml --traces t.csv", 1, "add a section [record]"),
        ("n.toml --spikes s.doc", 2, "--spikes s.doc"),
        ("n.toml --plot p.gif", 2, ".png or .svg"),
        ("n.toml --every 5", 2, "--checkpoint <FILE>"),
        ("n.toml --resume n.toml", 1, "n.toml: is not a checkpoint"),
        ("n.toml --duration 5", 2, "unexpected argument"),
        ("n.toml --checkpoint n.toml --every 5", 1, "exists; go on from it with --resume"),
    ] {
        place.hexad(&format!("neuron network {line}")).fails(code, part);
        assert_eq!(place.files(), ["bytes.toml", "empty.toml", "n.toml"], "{line}");
    }
}

#[test]
fn help_shows_every_option_and_its_examples_work_as_typed() {
    let help = Place::new().hexad("neuron network --help").ok();
    insta::assert_snapshot!(help);
    assert!(run_examples(&help).iter().all(|place| !place.files().is_empty()));
}
