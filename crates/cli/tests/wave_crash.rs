//! A run that is killed while it writes checkpoints always goes on, and ends with the bytes of one that was not.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::process::Stdio;
use std::time::Duration;

use common::Place;
use hexad_testkit::Random;

/// Absorbing layers on both axes, a source, snapshots: all that has a memory.
const MODEL: &str = r#"
[grid]
cells = { x = 150, y = 120 }
spacing_m = 0.02
[medium]
speed_m_s = 343
[sides]
x = "absorbing"
y = ["absorbing", "rigid"]
[absorbing]
cells = 10
[time]
duration_s = 0.012
[[sources]]
position_m = { x = 1.0, y = 1.1 }
wavelet = "ricker"
peak_frequency_hz = 900
[[receivers]]
position_m = { x = 2.0, y = 0.6 }
[snapshots]
every_steps = 13
"#;

#[test]
fn a_killed_run_always_goes_on_and_ends_the_same() {
    let place = Place::new();
    place.write("model.toml", MODEL);
    place.hexad("wave run model.toml --out whole.npy --out whole.csv").ok();

    let mut random = Random::new(6);
    let outs = "--out killed.npy --out killed.csv --checkpoint run.ck --every 3 --quiet";
    let (mut kills, mut resumed) = (0, 0);
    loop {
        let resume = if place.path("run.ck").exists() { "--resume run.ck" } else { "" };
        let line = format!("wave run model.toml {outs} {resume}");
        let mut command = place.command(line.split_whitespace());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // Later and later, so that the test ends on any machine.
        let patience = random.unit() * f64::from(20 + 2 * kills) * 1e-3;
        std::thread::sleep(Duration::from_secs_f64(patience));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.code().is_some() {
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success(), "after {kills} kills: {told}");
            break;
        }
        kills += 1;
        resumed += i32::from(!resume.is_empty());
        let files: Vec<_> = place.files().into_iter().filter(|name| !name.starts_with(".hexad-")).collect();
        // The results come last of all and together; a kill in between may leave some of them, but whole.
        for (killed, whole) in [("killed.npy", "whole.npy"), ("killed.csv", "whole.csv")] {
            if files.iter().any(|name| name == killed) {
                assert!(
                    std::fs::read(place.path(killed)).unwrap() == std::fs::read(place.path(whole)).unwrap()
                );
            }
        }
    }
    for kind in ["npy", "csv"] {
        let [whole, killed] =
            ["whole", "killed"].map(|name| std::fs::read(place.path(&format!("{name}.{kind}"))).unwrap());
        assert!(whole == killed, "{kind} after {kills} kills");
    }
    assert!(resumed >= 5, "{kills} kills, {resumed} of them of resumed runs");
}
