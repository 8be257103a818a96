//! `hexad wave run`: models in TOML, and what comes of them.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::{Place, f64_bytes, npy, run_examples};
use serde_json::Value;

/// One axis, a pulse that starts in the middle, two receivers.
const LINE: &str = r#"
[grid]
cells = { x = 100 }
spacing_m = 0.01
[medium]
speed_m_s = 2.0
[sides]
x = "periodic"
[time]
duration_s = 0.2
courant = 0.5
[start]
shape = "gaussian"
center_m = { x = 0.5 }
sigma_m = 0.05
[[receivers]]
name = "left"
position_m = { x = 0.3 }
[[receivers]]
position_m = { x = 0.755 }
[snapshots]
every_steps = 10
"#;

/// Two axes, every kind of side but one, a source, layers that absorb.
const PLATE: &str = r#"
[grid]
cells = { x = 40, y = 30 }
spacing_m = 0.05
order = 4
[medium]
speed_m_s = 343.0
density_kg_m3 = 1.2
[[medium.regions]]
x_m = [1.0, 1.3]
y_m = [0.5, 1.0]
speed_m_s = 600
[sides]
x = ["rigid", { absorbing = { cells = 8, reflection = 1e-4 } }]
y = ["release", "rigid"]
[time]
duration_s = 0.01
dt_s = 2.5e-5
[[sources]]
position_m = { x = 0.4, y = 0.7 }
wavelet = "ricker"
peak_frequency_hz = 600
amplitude = 100
[[receivers]]
name = "ear"
position_m = { x = 1.4, y = 1.1 }
[snapshots]
every_s = 0.001
"#;

/// Three axes and a source along one of them.
const BLOCK: &str = r#"
[grid]
cells = { x = 12, y = 11, z = 10 }
spacing_m = 0.1
precision = "f32"
[medium]
speed_m_s = 340
[time]
duration_s = 0.004
[[sources]]
position_m = { x = 0.55, z = 0.4 }
wavelet = "gaussian"
sigma_s = 2e-4
[[receivers]]
position_m = { x = 0.3, y = 0.5, z = 0.7 }
[snapshots]
every_steps = 5
slice_m = { y = 0.5 }
"#;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Header and float64 data of an npy file.
fn read_npy(bytes: &[u8]) -> (String, Vec<f64>) {
    let length = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = String::from_utf8(bytes[10..length].to_vec()).unwrap();
    let data = &bytes[length..];
    let values = if header.contains("<f4") {
        data.as_chunks().0.iter().map(|chunk| f64::from(f32::from_le_bytes(*chunk))).collect()
    } else {
        data.as_chunks().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect()
    };
    (header, values)
}

/// Columns of a CSV file.
fn columns(csv: &str) -> Vec<Vec<f64>> {
    let rows: Vec<Vec<f64>> =
        csv.lines().skip(1).map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
    (0..rows[0].len()).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
}

#[test]
fn a_pulse_goes_both_ways_and_comes_back() {
    let place = Place::new();
    place.write("line.toml", LINE);
    let told = json(&place.hexad("wave run line.toml --out line.npy --json").ok());
    assert_eq!(told["command"], "wave run");
    assert_eq!((&told["steps"], &told["cells"][0], &told["axes"][0]), (&80.into(), &100.into(), &"x".into()));
    assert_eq!(told["dt_s"], 0.0025);
    assert_eq!(told["snapshots"]["count"], 9);
    assert_eq!(place.files(), ["line.npy", "line.toml", "line_receivers.csv"]);
    let (header, field) = read_npy(&std::fs::read(place.path("line.npy")).unwrap());
    assert!(header.contains("(9, 100)") && header.contains("<f8"), "{header}");
    // The two halves have gone 0.4 m, around the end; the centre of cell 49 is at 0.495 m.
    let amplitude = |cell: usize| (-0.5 * ((cell as f64 + 0.5) * 0.01 - 0.5_f64).powi(2) / 0.0025).exp();
    assert!((field[49] - amplitude(49)).abs() < 1e-15);
    let halves = |cell: usize| 0.5 * (amplitude((cell + 40) % 100) + amplitude((cell + 60) % 100));
    let largest = field[800..].iter().enumerate().map(|(cell, p)| (p - halves(cell)).abs());
    // The dispersion of order 2 at 31 points per wavelength.
    assert!(largest.fold(0.0, f64::max) < 0.01);
    let energy = told["energy_relative_change"].as_f64().unwrap();
    assert!(energy.abs() < 1e-13, "{energy}");
}

#[test]
fn receivers_hear_with_the_delay_of_their_distance() {
    let place = Place::new();
    let model = LINE.replace("\"periodic\"", "\"absorbing\"").replace("shape = \"gaussian\"\n", "")
        + "[[sources]]\nposition_m = { x = 0.25 }\nwavelet = \"gaussian\"\nsigma_s = 0.03\namplitude = 3\n";
    let model = model.replace("[start]\ncenter_m = { x = 0.5 }\nsigma_m = 0.05\n", "");
    place.write("line.toml", model.replace("0.2\ncourant", "0.5\ncourant"));
    let told = json(&place.hexad("wave run line.toml --out heard.csv --json").ok());
    let csv = place.read("heard.csv");
    assert!(csv.starts_with("t_s,left,receiver_2\n0,0,0\n"), "{csv}");
    let heard = columns(&csv);
    assert_eq!(heard[0].len(), 201);
    // p = S(t - |x| / c) / (2 c): peaks after five sigma and the way.
    for (receiver, distance) in told["receivers"].as_array().unwrap().iter().zip([0.05, 0.505]) {
        assert!((receiver["peak_s"].as_f64().unwrap() - (0.15 + distance / 2.0)).abs() <= 0.0025);
        assert!((receiver["peak_pa"].as_f64().unwrap() - 0.75).abs() < 0.01);
    }
}

#[test]
fn every_output_is_the_same_on_any_number_of_threads() {
    let place = Place::new();
    place.write("plate.toml", PLATE);
    for threads in [1, 3] {
        let outs =
            format!("--out {threads}.npy --out {threads}.gif --out {threads}.csv --plot {threads}.svg");
        place.hexad(&format!("wave run plate.toml {outs} --threads {threads}")).ok();
    }
    for kind in ["npy", "gif", "csv", "svg"] {
        let [one, three] = [1, 3].map(|n| std::fs::read(place.path(&format!("{n}.{kind}"))).unwrap());
        assert!(one == three, "{kind}");
    }
    let (header, field) = read_npy(&std::fs::read(place.path("1.npy")).unwrap());
    assert!(header.contains("(11, 30, 40)"), "{header}");
    assert!(
        field[..1200].iter().all(|value| *value == 0.0) && field[1200..].iter().any(|value| *value != 0.0)
    );
    let gif = std::fs::read(place.path("1.gif")).unwrap();
    let mut decoder = gif::DecodeOptions::new().read_info(gif.as_slice()).unwrap();
    let mut frames = 0;
    while decoder.read_next_frame().unwrap().is_some() {
        frames += 1;
    }
    assert_eq!(frames, 11);
}

#[test]
fn a_resumed_run_is_the_run_that_never_stopped() {
    for (name, model, short) in [
        ("line", LINE.replace("courant = 0.5", "dt_s = 0.0025"), ("duration_s = 0.2", "duration_s = 0.08")),
        ("plate", PLATE.to_string(), ("duration_s = 0.01", "duration_s = 0.004")),
    ] {
        let place = Place::new();
        place.write("whole.toml", &model);
        place.write("short.toml", model.replace(short.0, short.1));
        let outs = |to: &str| format!("--out {to}.npy --out {to}.gif --out {to}.csv --plot {to}.png");
        place.hexad(&format!("wave run whole.toml {}", outs("whole"))).ok();
        place.hexad("wave run short.toml --checkpoint a.ck --every 11").ok();
        assert!(place.path("a.ck").exists() && place.path("a.ck.frames").exists());
        let told = place.hexad(&format!("wave run whole.toml --resume a.ck {} --json", outs("again"))).ok();
        assert!(json(&told)["first_step"].as_u64().unwrap() > 0);
        // Once more into another file, and from there.
        let more = "--checkpoint b.ck --every 25";
        place.hexad(&format!("wave run whole.toml --resume a.ck {more} {}", outs("more"))).ok();
        place.hexad(&format!("wave run whole.toml --resume b.ck {}", outs("last"))).ok();
        for kind in ["npy", "gif", "csv", "png"] {
            let whole = std::fs::read(place.path(&format!("whole.{kind}"))).unwrap();
            for other in ["again", "more", "last"] {
                let same = std::fs::read(place.path(&format!("{other}.{kind}"))).unwrap();
                assert!(whole == same, "{name}: {other}.{kind}");
            }
        }
    }
}

#[test]
fn media_from_files_are_those_of_regions() {
    let place = Place::new();
    place.write("regions.toml", PLATE);
    let speed: Vec<f64> = (0..30)
        .flat_map(|y| (0..40).map(move |x| ((10..20).contains(&y) && (20..26).contains(&x), x)))
        .map(|(inside, _)| if inside { 600.0 } else { 343.0 })
        .collect();
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (30, 40)}";
    place.write("speed.npy", npy(header, &f64_bytes(&speed)));
    let start = PLATE.find("[[medium.regions]]").unwrap();
    let end = PLATE.find("[sides]").unwrap();
    let model = format!("{}{}", &PLATE[..start], &PLATE[end..]);
    place.write("files.toml", model.replace("speed_m_s = 343.0", "speed_m_s = \"speed.npy\""));
    for name in ["regions", "files"] {
        place.hexad(&format!("wave run {name}.toml --out {name}.csv")).ok();
    }
    assert_eq!(place.read("regions.csv"), place.read("files.csv"));
}

#[test]
fn fields_from_files_start_as_they_are() {
    let place = Place::new();
    let values: Vec<f64> = (0..100).map(|cell| (f64::from(cell) * 0.3).sin()).collect();
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (100,)}";
    place.write("p.npy", npy(header, &f64_bytes(&values)));
    place.write("u.npy", npy(header, &f64_bytes(&values)));
    let files = "shape = \"file\"\npressure = \"p.npy\"\nvelocity = { x = \"u.npy\" }\n";
    let model = LINE.replace("shape = \"gaussian\"\ncenter_m = { x = 0.5 }\nsigma_m = 0.05\n", files);
    place.write("line.toml", model);
    place.hexad("wave run line.toml --out line.npy").ok();
    let (_, field) = read_npy(&std::fs::read(place.path("line.npy")).unwrap());
    assert_eq!(field[..100], values);
    assert_ne!(field[100..200], values);
}

#[test]
fn a_plane_wave_returns_after_its_period_and_a_naive_start_shows() {
    let place = Place::new();
    let wave = "shape = \"plane wave\"\nperiods = { x = -2 }\namplitude_pa = 0.5\n";
    let model = LINE.replace("shape = \"gaussian\"\ncenter_m = { x = 0.5 }\nsigma_m = 0.05\n", wave);
    let model = model.replace("duration_s = 0.2", "duration_s = 0.5");
    let error = |half_step: &str| {
        let start = format!("[start]\nhalf_step = \"{half_step}\"\n");
        place.write("line.toml", model.replace("[start]\n", &start));
        place.hexad("wave run line.toml --out line.npy").ok();
        let (_, field) = read_npy(&std::fs::read(place.path("line.npy")).unwrap());
        // A tenth of the way, where nothing has come back yet.
        let exact = |cell: usize, t: f64| {
            0.5 * (4.0 * std::f64::consts::PI * ((cell as f64 + 0.5) * 0.01 + 2.0 * t)).cos()
        };
        let first = (0..100).map(|cell| (field[cell] - exact(cell, 0.0)).abs()).fold(0.0, f64::max);
        assert!(first < 1e-14, "{first}");
        (0..100).map(|cell| (field[200 + cell] - exact(cell, 0.05)).abs()).fold(0.0, f64::max)
    };
    let [exact, taylor, naive] = ["exact", "taylor2", "naive"].map(error);
    assert!(exact < 1e-3 && taylor < 1e-3 && naive > 5.0 * exact, "{exact} {taylor} {naive}");
    let cosine = model
        .replace("shape = \"plane wave\"\nperiods = { x = -2 }", "shape = \"cosine\"\nperiods = { x = 0.5 }");
    place.write("line.toml", cosine.replace("\"periodic\"", "\"rigid\""));
    assert!(place.hexad("wave run line.toml").ok().contains("200 points each"));
}

#[test]
fn three_axes_are_drawn_as_a_slice() {
    let place = Place::new();
    place.write("block.toml", BLOCK);
    let told = place.hexad("wave run block.toml --out block.npy --out frames/ --plot block.svg").ok();
    assert!(told.contains("x 12, y 11, z 10"), "{told}");
    let (header, _) = read_npy(&std::fs::read(place.path("block.npy")).unwrap());
    assert!(header.contains("10, 11, 12)") && header.contains("<f4"), "{header}");
    let frames = std::fs::read_dir(place.path("frames")).unwrap().count();
    assert!(place.path("frames/frame_0000.png").exists() && header.contains(&format!("({frames}, ")));
    let svg = place.read("block.svg");
    assert!(svg.contains("at y = 0.55 m") && svg.contains("z [m]") && svg.contains("pressure [Pa]"));
    // Again over the older folder, but not over other things.
    place.hexad("wave run block.toml --out frames").ok();
    place.write("frames/mine.txt", "");
    place.hexad("wave run block.toml --out frames").fails(1, "would be lost");
}

#[test]
fn without_snapshots_the_last_field_is_written() {
    let place = Place::new();
    place.write("line.toml", LINE.replace("[snapshots]\nevery_steps = 10\n", ""));
    place.hexad("wave run line.toml --out line.npy --plot line.svg").ok();
    let (header, field) = read_npy(&std::fs::read(place.path("line.npy")).unwrap());
    assert!(header.contains("(100,)") && field.len() == 100);
    assert!(place.read("line.svg").contains("last pressure [Pa]"));
    place.hexad("wave run line.toml --out line.gif").fails(1, "add [snapshots] with every_s = 0.002");
}

#[test]
fn a_wavelet_may_come_from_a_table() {
    let place = Place::new();
    let source = |more: &str| format!("[[sources]]\nposition_m = {{ x = 0.5 }}\nwavelet = {more}\n");
    let at_rest = LINE.replace("[start]\nshape = \"gaussian\"\ncenter_m = { x = 0.5 }\nsigma_m = 0.05\n", "");
    // Straight lines between samples at every time step are the wavelet itself.
    let table: String = (0..=80)
        .map(|step| {
            let a = (std::f64::consts::PI * 20.0 * (f64::from(step) * 0.0025 - 0.075)).powi(2);
            format!("{},{}\n", step, 2.0 * (1.0 - 2.0 * a) * (-a).exp())
        })
        .collect();
    place.write("wavelet.csv", format!("n,s\n{table}"));
    place.write("a.toml", at_rest.clone() + &source("\"ricker\"\npeak_frequency_hz = 20\namplitude = 2"));
    place.write(
        "b.toml",
        at_rest + &source("\"table\"\nfile = \"wavelet.csv\"\ncolumn = \"s\"\nstep_s = 0.0025"),
    );
    let heard = ["a", "b"].map(|name| columns(&place.hexad(&format!("wave run {name}.toml --out -")).ok()));
    let largest = heard[0][1].iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let off = heard[0][1].iter().zip(&heard[1][1]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // A source acts at half steps, where the lines are off by (dt^2 / 8) S'' at most: S'' = 6 (pi f)^2 S.
    assert!(largest > 0.1 && off < 0.02 * largest, "{off} {largest}");
}

#[test]
fn the_model_may_come_from_standard_input() {
    let place = Place::new();
    let told = place.hexad_with_input("wave run - --json", LINE.as_bytes()).ok();
    assert_eq!(json(&told)["receivers"][0]["name"], "left");
    let broken = LINE.replace("spacing_m = 0.01", "spacing_m = -1");
    place
        .hexad_with_input("wave run -", broken.as_bytes())
        .fails(1, "standard input: line 4, key \"grid.spacing_m\"");
}

#[test]
fn a_field_that_blows_up_stops_the_run_and_keeps_the_last_good_state() {
    let place = Place::new();
    let model = LINE.replace("cells = { x = 100 }", "cells = { x = 100 }\nprecision = \"f32\"");
    let model = model.replace("duration_s = 0.2", "duration_s = 2.0")
        + "[[sources]]\nposition_m = { x = 0.505 }\nwavelet = \"gaussian\"\nsigma_s = 0.05\namplitude = 1e39\n";
    place.write("line.toml", model);
    let told =
        place.hexad("wave run line.toml --checkpoint a.ck --every 10 --out line.npy").fails(1, "blew up");
    assert!(told.contains("at step") && told.contains("cell (x = ") && told.contains("a.ck holds"), "{told}");
    assert_eq!(place.files(), ["a.ck", "a.ck.frames", "line.toml"]);
    place.hexad("wave run line.toml --resume a.ck").fails(1, "blew up");
}

#[test]
fn what_does_not_fit_in_memory_is_refused_with_its_size() {
    let place = Place::new();
    place.write("big.toml", BLOCK.replace("x = 12, y = 11, z = 10", "x = 40_000, y = 30_000, z = 20_000"));
    let told = place.hexad("wave run big.toml").fails(1, "bytes of memory");
    // Four fields of four bytes for 2.4e13 cells, at least.
    let bytes: f64 = told.split(" bytes").next().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    assert!(bytes > 3.8e14, "{told}");
    place.write("big.toml", BLOCK.replace("x = 12", "x = 9223372036854775807"));
    place.hexad("wave run big.toml").fails(1, "bytes of memory");
}

#[test]
fn help_shows_every_option() {
    insta::assert_snapshot!(Place::new().hexad("wave run --help").ok());
}

#[test]
fn the_examples_in_the_help_work_as_typed() {
    let places = run_examples(&Place::new().hexad("wave run --help").ok());
    assert!(places.iter().all(|place| place.files().len() >= 2));
}
