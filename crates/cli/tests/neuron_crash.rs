//! Runs of many neurons that are killed, and go on: no completed block is lost, and the results are those of a run
//! that never stopped.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use common::Place;
use hexad_testkit::Random;

const RUN: &str =
    "neuron population --neurons 512 --weight 2 --duration 1200 --record 3,500 --record-every 20";
const KEEP: &str = "--checkpoint run.hexad --every 15";

fn start(place: &Place, line: &str) -> Child {
    let mut command = place.command(line.split_whitespace());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// What a checkpoint says is whole of the journals of spikes and of potentials, in bytes.
fn saved(place: &Place) -> Option<[usize; 2]> {
    let bytes = std::fs::read(place.path("run.hexad")).ok()?;
    let number = |start: usize| u64::from_le_bytes(bytes[start..start + 8].try_into().unwrap());
    Some([8, 16].map(|start| usize::try_from(number(start)).unwrap()))
}

/// Every block that was completed is in the journals; there is nothing under the final names.
fn check_after_kill(place: &Place, whole: &[Vec<u8>; 2]) -> usize {
    assert!(!place.path("s.csv").exists() && !place.path("t.csv").exists());
    let Some(saved) = saved(place) else { return 0 };
    for ((name, saved), whole) in ["spikes", "traces"].into_iter().zip(saved).zip(whole) {
        let journal = std::fs::read(place.path(&format!("run.hexad.{name}.csv"))).unwrap();
        assert!(journal.len() >= saved && journal[..saved] == whole[..saved], "{name}");
        assert!(saved == 0 || journal[saved - 1] == b'\n');
    }
    saved[0]
}

#[test]
fn kills_at_any_moment_lose_no_completed_block_and_change_nothing() {
    let place = Place::new();
    place.hexad(&format!("{RUN} --spikes whole_s.csv --traces whole_t.csv")).ok();
    let whole = ["whole_s.csv", "whole_t.csv"].map(|name| std::fs::read(place.path(name)).unwrap());
    let mut random = Random::new(7);
    let (mut kills, mut furthest) = (0, 0);
    let mut resume = "";
    for _ in 0..60 {
        let mut child = start(&place, &format!("{RUN} {KEEP} {resume} --spikes s.csv --traces t.csv"));
        sleep(Duration::from_secs_f64(random.uniform(0.005, 0.065)));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            break;
        }
        kills += 1;
        let reached = check_after_kill(&place, &whole);
        assert!(reached >= furthest, "what was there before is there still");
        furthest = reached;
        if saved(&place).is_some() {
            resume = "--resume run.hexad";
        } else {
            // Killed before the first checkpoint: journals without one are begun anew.
            assert_eq!(resume, "");
        }
    }
    assert!(kills > 0);
    if !place.path("s.csv").exists() {
        place.hexad(&format!("{RUN} {KEEP} {resume} --spikes s.csv --traces t.csv")).ok();
    }
    assert!(std::fs::read(place.path("s.csv")).unwrap() == whole[0], "spikes after {kills} kills");
    assert!(std::fs::read(place.path("t.csv")).unwrap() == whole[1], "potentials after {kills} kills");
}

#[test]
fn an_interrupted_run_leaves_its_checkpoint_and_nothing_half_written() {
    let place = Place::new();
    let mut child = start(
        &place,
        &format!("{RUN} {KEEP} --duration 1e7 --spikes s.csv --plot p.png").replace("--duration 1200 ", ""),
    );
    while saved(&place).is_none_or(|[spikes, _]| spikes < 20_000) {
        sleep(Duration::from_millis(5));
    }
    let interrupted = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(place.files(), ["run.hexad", "run.hexad.spikes.csv", "run.hexad.traces.csv"]);
}

#[test]
fn a_run_can_be_made_longer_and_its_results_drawn_again() {
    let place = Place::new();
    let line = |ms: u32| format!("neuron population --neurons 100 --weight 2 --duration {ms}");
    place.hexad(&format!("{} --spikes whole.csv --rates whole_r.csv --bin 4", line(90))).ok();
    place.hexad(&format!("{} --checkpoint deep/c --every 20", line(50))).ok();
    // From one file to another, and on in the same; once more without anything left to do.
    place.hexad(&format!("{} --resume deep/c --checkpoint d --every 7", line(71))).ok();
    place.hexad(&format!("{} --resume d --checkpoint d --every 100", line(90))).ok();
    let found =
        place.hexad(&format!("{} --resume d --spikes s.csv --rates r.csv --bin 4 --json", line(90))).ok();
    assert!(found.contains("\"real_time_factor\":null"), "{found}");
    assert_eq!(place.read("s.csv"), place.read("whole.csv"));
    assert_eq!(place.read("r.csv"), place.read("whole_r.csv"));
    // A resumed run that keeps no checkpoint leaves the old one as it is.
    let before = std::fs::read(place.path("deep/c")).unwrap();
    place.hexad(&format!("{} --resume deep/c --spikes s.csv", line(90))).ok();
    assert_eq!(place.read("s.csv"), place.read("whole.csv"));
    assert!(std::fs::read(place.path("deep/c")).unwrap() == before);
}

#[test]
fn a_network_goes_on_where_it_stopped() {
    let place = Place::new();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/models");
    let text = std::fs::read_to_string(example.join("ring_hh.toml")).unwrap();
    place.write("ring_hh_brake.csv", std::fs::read(example.join("ring_hh_brake.csv")).unwrap());
    place.write("long.toml", text.replace("duration_ms = 300", "duration_ms = 150"));
    place.write("short.toml", text.replace("duration_ms = 300", "duration_ms = 61"));
    place.hexad("neuron network long.toml --spikes whole.csv --traces whole_t.csv --plot whole.svg").ok();
    place.hexad("neuron network short.toml --checkpoint c --every 10").ok();
    place.hexad("neuron network long.toml --resume c --spikes s.csv --traces t.csv --plot p.svg").ok();
    for (resumed, whole) in [("s.csv", "whole.csv"), ("t.csv", "whole_t.csv"), ("p.svg", "whole.svg")] {
        assert!(place.read(resumed) == place.read(whole), "{resumed}");
    }
}

#[test]
fn checkpoints_of_other_runs_and_damaged_ones_are_refused() {
    let place = Place::new();
    let line = "neuron population --neurons 50 --weight 2 --duration 40";
    place.hexad(&format!("{line} --checkpoint c --every 10")).ok();
    let files = place.files();
    for (options, code, part) in [
        ("--resume c --seed 1", 1, "is a checkpoint of another run: the model, its input"),
        ("--resume c --precision f32", 1, "the precision differs"),
        ("--resume c --weight 3", 1, "differs"),
        ("--resume c --dt 0.02", 1, "differs"),
        ("--resume c --neurons 51", 1, "the number of neurons differs"),
        ("--resume c --record 4", 1, "recorded other potentials"),
        ("--resume c --duration 20", 2, "is at 40 ms already, the run would end at 20 ms; run for longer"),
        ("--checkpoint c --every 10", 1, "exists; go on from it with --resume c"),
        ("--resume none", 1, "none: cannot open"),
    ] {
        let replaced = options.split_whitespace().filter(|word| word.starts_with("--"));
        let mut kept = line.to_string();
        for option in replaced {
            if let Some(start) = kept.find(&format!("{option} ")) {
                let end = kept[start + option.len() + 1..]
                    .find(' ')
                    .map_or(kept.len(), |end| start + option.len() + 1 + end);
                kept.replace_range(start..end, "");
            }
        }
        place.hexad(&format!("{kept} {options} --spikes s.csv")).fails(code, part);
        assert_eq!(place.files(), files, "{options}");
    }
    let journal = std::fs::read(place.path("c.spikes.csv")).unwrap();
    place.write("c.spikes.csv", &journal[..journal.len() - 5]);
    place.hexad(&format!("{line} --resume c")).fails(1, "c.spikes.csv: is not the journal of its checkpoint");
    place.write("c.spikes.csv", [&journal[..12], b"999,1\n", &journal[18..]].concat());
    place.hexad(&format!("{line} --resume c")).fails(1, "c.spikes.csv: is");
    std::fs::remove_file(place.path("c.spikes.csv")).unwrap();
    place.hexad(&format!("{line} --resume c")).fails(1, "c.spikes.csv: cannot read");
    let state = std::fs::read(place.path("c")).unwrap();
    place.write("c", &state[..state.len() / 2]);
    place
        .hexad(&format!("{line} --resume c"))
        .fails(1, "c: is not a checkpoint of hexad neuron, or is damaged");
    let state = std::fs::OpenOptions::new().write(true).open(place.path("c")).unwrap();
    // A sparse file of 4 TB takes no space.
    if cfg!(target_os = "linux") && state.set_len(4_000_000_000_000).is_ok() {
        place.hexad(&format!("{line} --resume c")).fails(1, "bytes of memory");
    }
}
