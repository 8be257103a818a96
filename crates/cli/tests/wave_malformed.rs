//! Models and options that `hexad wave run` refuses: the line, the key, what is wrong, exit code 1; wrong
//! options exit code 2; nothing on standard output, no file left.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::{Place, f64_bytes, npy};

const MODEL: &str = r#"title = "a model"
[grid]
cells = { x = 40, y = 30 }
spacing_m = 0.1
[medium]
speed_m_s = 340.0
[sides]
x = "rigid"
[time]
duration_s = 0.01
[[sources]]
position_m = { x = 1.0, y = 1.0 }
wavelet = "ricker"
peak_frequency_hz = 100.0
[[receivers]]
name = "ear"
position_m = { x = 2.0, y = 1.0 }
[snapshots]
every_steps = 10
"#;

/// The model with `old` replaced must be refused so.
#[track_caller]
fn refuse(old: &str, new: &str, part: &str) {
    assert!(MODEL.contains(old), "{old}");
    let place = Place::new();
    place.write("a.toml", MODEL.replacen(old, new, 1));
    let told = place.hexad("wave run a.toml --out a.npy --out a.csv").fails(1, part);
    assert!(told.contains("a.toml: line ") || told.contains("a.toml: "), "{told}");
    assert_eq!(place.files(), ["a.toml"]);
}

/// As [`refuse`], after the model.
#[track_caller]
fn refuse_with(more: &str, part: &str) {
    refuse("[snapshots]\nevery_steps = 10\n", more, part);
}

#[test]
fn what_is_no_toml_names_its_line() {
    refuse("spacing_m = 0.1", "spacing_m = ", "a.toml: line 4: ");
    refuse("spacing_m = 0.1", "spacing_m 0.1", "a.toml: line 4: ");
    refuse("spacing_m = 0.1", "spacing_m = 0.1\nspacing_m = 0.2", "a.toml: line 5: ");
    refuse("[medium]", "[medium", "a.toml: line 5: ");
    refuse("title = \"a model\"", "title = \"a model", "a.toml: line 1: ");
}

#[test]
fn unknown_keys_are_named_with_what_there_is() {
    refuse(
        "spacing_m = 0.1",
        "spacing = 0.1",
        "line 2, key \"grid.spacing_m\": is missing; add spacing_m = 0.02",
    );
    refuse(
        "spacing_m = 0.1",
        "spacing_m = 0.1\ndx = 1",
        "line 5, key \"grid.dx\": is not known; there are cells, spacing_m",
    );
    refuse("[sides]", "[walls]", "line 7, key \"walls\": is not known; there are title, grid");
    refuse(
        "wavelet = \"ricker\"",
        "wavelet = \"ricker\"\nsigma_s = 1",
        "line 14, key \"sources[1].sigma_s\": is not known",
    );
    refuse("x = \"rigid\"", "z = \"rigid\"", "line 8, key \"sides.z\": is not known; there are y, x");
    refuse("{ x = 40, y = 30 }", "{ x = 40, r = 30 }", "key \"grid.cells.r\": is not known");
}

#[test]
fn missing_sections_and_keys_are_named() {
    refuse("[grid]\ncells = { x = 40, y = 30 }\nspacing_m = 0.1\n", "", "key \"grid\": is missing");
    refuse("[medium]\nspeed_m_s = 340.0\n", "", "key \"medium\": is missing");
    refuse("[time]\nduration_s = 0.01\n", "", "key \"time\": is missing");
    refuse("duration_s = 0.01", "", "line 9, key \"time.duration_s\": is missing");
    refuse("wavelet = \"ricker\"\n", "", "key \"sources[1].wavelet\": is missing");
    refuse("peak_frequency_hz = 100.0\n", "", "key \"sources[1].peak_frequency_hz\": is missing");
    refuse("[snapshots]\nevery_steps = 10", "[snapshots]", "key \"snapshots.every_s\": is missing");
    let place = Place::new();
    place.write("a.toml", "");
    place.hexad("wave run a.toml").fails(1, "a.toml: line 1, key \"grid\": is missing");
}

#[test]
fn values_of_another_kind_are_refused() {
    refuse(
        "spacing_m = 0.1",
        "spacing_m = \"wide\"",
        "line 4, key \"grid.spacing_m\": must be a number, got \"wide\"",
    );
    refuse("spacing_m = 0.1", "spacing_m = nan", "must be a finite number");
    refuse("spacing_m = 0.1", "spacing_m = [0.1]", "must be a number, got a list of 1");
    refuse("x = 40", "x = 40.5", "line 3, key \"grid.cells.x\": must be a whole number, got 40.5");
    refuse("x = 40", "x = -4", "must be a whole number from 1 up, got -4");
    refuse("{ x = 40, y = 30 }", "[40, 30]", "key \"grid.cells\": must be a table");
    refuse("{ x = 40, y = 30 }", "{}", "names no axis");
    refuse("title = \"a model\"", "title = 3", "line 1, key \"title\": must be text in quotes, got 3");
    refuse(
        "[[receivers]]",
        "[receivers]",
        "key \"receivers\": must be a list of tables; write [[receivers]]",
    );
    refuse("[grid]", "[[grid]]", "key \"grid\": must be a table");
}

#[test]
fn numbers_out_of_range_are_refused() {
    refuse("spacing_m = 0.1", "spacing_m = 0", "line 4, key \"grid.spacing_m\": must be > 0, got 0");
    refuse(
        "spacing_m = 0.1",
        "spacing_m = 0.1\norder = 3",
        "line 5, key \"grid.order\": must be 2, 4, 6 or 8, got 3",
    );
    refuse(
        "spacing_m = 0.1",
        "spacing_m = 0.1\nprecision = \"f16\"",
        "\"f16\" is not one of \"f32\", \"f64\"",
    );
    refuse("speed_m_s = 340.0", "speed_m_s = -340.0", "line 6, key \"medium.speed_m_s\": must be > 0");
    refuse("speed_m_s = 340.0", "speed_m_s = 1e308", "key \"medium\": bulk modulus");
    refuse(
        "speed_m_s = 340.0",
        "speed_m_s = 340.0\ndensity_kg_m3 = 0",
        "key \"medium.density_kg_m3\": must be > 0",
    );
    refuse("duration_s = 0.01", "duration_s = -1", "line 10, key \"time.duration_s\": must be > 0");
    refuse("duration_s = 0.01", "duration_s = 1e300", "takes 2^53 time steps or more");
    refuse(
        "peak_frequency_hz = 100.0",
        "peak_frequency_hz = 0",
        "line 14, key \"sources[1].peak_frequency_hz\": must be > 0",
    );
    refuse(
        "every_steps = 10",
        "every_steps = 0",
        "line 19, key \"snapshots.every_steps\": must be a whole number from 1 up",
    );
    refuse("every_steps = 10", "every_s = 1e-9", "is less than half a time step");
    refuse("every_steps = 10", "every_steps = 10\nevery_s = 1", "contradicts every_steps");
    refuse("every_steps = 10", "every_steps = 10\nscale_pa = 0", "key \"snapshots.scale_pa\": must be > 0");
}

#[test]
fn a_time_step_past_the_limit_names_the_largest() {
    refuse(
        "duration_s = 0.01",
        "duration_s = 0.01\ndt_s = 0.001",
        "line 11, key \"time.dt_s\": 0.001 is unstable here: use at most 2.0797",
    );
    refuse(
        "duration_s = 0.01",
        "duration_s = 0.01\ncourant = 0.8",
        "line 11, key \"time.courant\": 0.8 is unstable here: use at most 7.07",
    );
    refuse("duration_s = 0.01", "duration_s = 0.01\ncourant = 0.5\ndt_s = 1e-5", "contradicts courant");
}

#[test]
fn sides_must_fit_the_grid_and_each_other() {
    refuse(
        "x = \"rigid\"",
        "x = \"soft\"",
        "line 8, key \"sides.x\": \"soft\" is not one of \"rigid\", \"release\"",
    );
    refuse("x = \"rigid\"", "x = [\"rigid\"]", "must be a side, or two");
    refuse("x = \"rigid\"", "x = [\"rigid\", \"periodic\"]", "x is periodic at one end only");
    refuse("x = \"rigid\"", "y = \"absorbing\"", "y has 30 cells, but its sides and the order need 44");
    refuse("x = \"rigid\"", "x = { cells = 3 }", "must be a word, or { absorbing = { cells = 30 } }");
    refuse(
        "x = \"rigid\"",
        "x = { absorbing = { depth = 3 } }",
        "key \"sides.x.absorbing.depth\": is not known",
    );
    refuse(
        "[time]",
        "[absorbing]\nreflection = 2\n[time]",
        "line 10, key \"absorbing.reflection\": must be between 0 and 1",
    );
    refuse("[time]", "[absorbing]\nstretch = 0.5\n[time]", "must be at least 1");
    refuse("[time]", "[absorbing]\nshift_frequency_hz = -1\n[time]", "must be at least 0");
    refuse("x = 40", "x = 3", "x has 3 cells");
}

#[test]
fn places_must_be_inside() {
    refuse(
        "{ x = 1.0, y = 1.0 }",
        "{ x = 4.2, y = 1.0 }",
        "line 12, key \"sources[1].position_m\": is outside the grid: x runs from 0 to 4",
    );
    refuse(
        "{ x = 2.0, y = 1.0 }",
        "{ x = 2.0, y = -1 }",
        "line 17, key \"receivers[1].position_m\": is outside the grid: y runs from 0 to 3",
    );
    refuse("{ x = 2.0, y = 1.0 }", "{ x = 2.0 }", "has no y; name every axis");
    refuse(
        "{ x = 2.0, y = 1.0 }",
        "{ x = 2.0, y = 1, z = 1 }",
        "key \"receivers[1].position_m.z\": is not known",
    );
    refuse("{ x = 1.0, y = 1.0 }", "{}", "names no axis");
    refuse("name = \"ear\"", "name = \"t_s\"", "\"t_s\" cannot name a column");
    let twin = "[[receivers]]\nname = \"ear\"\nposition_m = { x = 1, y = 1 }\n";
    refuse_with(twin, "line 19, key \"receivers[2].name\": \"ear\" cannot name a column");
    refuse_with("[snapshots]\nevery_steps = 1\nslice_m = { x = 1 }\n", "is for grids of three axes");
}

#[test]
fn regions_must_hold_something() {
    let region = |body: &str| format!("[[medium.regions]]\n{body}\n[sides]");
    refuse("[sides]", &region("x_m = [1, 2]"), "line 7, key \"medium.regions[1]\": changes nothing");
    refuse(
        "[sides]",
        &region("x_m = [2, 1]\nspeed_m_s = 1"),
        "line 8, key \"medium.regions[1].x_m\": runs from 2 to 1",
    );
    refuse("[sides]", &region("x_m = [2]\nspeed_m_s = 1"), "must be two numbers, [from, to]");
    refuse("[sides]", &region("x_m = [1.01, 1.02]\nspeed_m_s = 1"), "holds the centre of no cell");
    refuse("[sides]", &region("x_m = [10, 11]\nspeed_m_s = 1"), "holds the centre of no cell");
    refuse("[sides]", &region("z_m = [1, 2]\nspeed_m_s = 1"), "key \"medium.regions[1].z_m\": is not known");
}

#[test]
fn starts_must_be_whole() {
    let start = |body: &str| format!("[start]\n{body}\n[snapshots]\nevery_steps = 10\n");
    refuse_with(&start(""), "key \"start.shape\": is missing");
    refuse_with(
        &start("shape = \"square\""),
        "line 19, key \"start.shape\": \"square\" is not one of \"gaussian\"",
    );
    refuse_with(&start("shape = \"gaussian\"\nsigma_m = 1"), "key \"start.center_m\": is missing");
    refuse_with(&start("shape = \"gaussian\"\ncenter_m = { x = 1 }\nsigma_m = 0"), "must be > 0");
    refuse_with(&start("shape = \"plane wave\"\nperiods = { x = 0 }"), "key \"start.periods\": ");
    refuse_with(
        &start("shape = \"cosine\"\nperiods = { x = 1 }\nhalf_step = \"exact\""),
        "\"exact\" is for a plane wave",
    );
    refuse_with(&start("shape = \"file\"\npressure = \"none.npy\""), "none.npy: cannot open");
}

#[test]
fn arrays_must_be_numbers_of_the_shape_of_the_grid() {
    let place = Place::new();
    let refuse = |header: &str, data: &[u8], part: &str| {
        place.write("speed.npy", npy(header, data));
        place.write("a.toml", MODEL.replace("340.0", "\"speed.npy\""));
        place.hexad("wave run a.toml").fails(1, part);
    };
    let header = |shape: &str| format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}");
    refuse(
        &header("(40, 30)"),
        &f64_bytes(&[340.0; 1200]),
        "the array has the shape [40, 30], but the grid needs [30, 40], in the order y, x",
    );
    refuse(
        &header("(30, 40)"),
        &f64_bytes(&[340.0; 100]),
        "its shape [30, 40] needs more than the 800 bytes",
    );
    refuse(&header("(30, 99999999999)"), &[], "needs more than");
    let mut speeds = vec![340.0; 1200];
    speeds[85] = -1.0;
    refuse(
        &header("(30, 40)"),
        &f64_bytes(&speeds),
        "speed must be finite and > 0, got -1 in cell (y = 2, x = 5)",
    );
    speeds[85] = f64::NAN;
    refuse(&header("(30, 40)"), &f64_bytes(&speeds), "got NaN in cell (y = 2, x = 5)");
    refuse("{'descr': '<U4', 'fortran_order': False, 'shape': (2,)}", &[0; 32], "and not numbers");
    place.write("speed.npy", "not an array");
    place.hexad("wave run a.toml").fails(1, "is damaged or of another format");
    place.write("speed.npy", "");
    place.hexad("wave run a.toml").fails(1, "speed.npy");
}

#[test]
fn tables_of_wavelets_must_be_whole() {
    let place = Place::new();
    let table = |more: &str| {
        let source = format!("wavelet = \"table\"\nfile = \"w.csv\"\n{more}\n");
        MODEL.replace("wavelet = \"ricker\"\npeak_frequency_hz = 100.0\n", &source)
    };
    place.write("a.toml", table("step_s = 0.001"));
    place.hexad("wave run a.toml").fails(1, "line 14, key \"sources[1].file\": w.csv: cannot open");
    place.write("w.csv", "s\n1\nn/a\n");
    place.hexad("wave run a.toml").fails(1, "w.csv: line 3, column \"s\"");
    place.write("w.csv", "s\n1\n2\n");
    place.write("a.toml", table(""));
    place.hexad("wave run a.toml").fails(1, "key \"sources[1].step_s\": is missing");
    place.write("a.toml", table("step_s = 0.001\ncolumn = \"z\""));
    place.hexad("wave run a.toml").fails(1, "no column is named \"z\"");
}

#[test]
fn files_that_are_no_models_are_refused() {
    let place = Place::new();
    place
        .hexad("wave run none.toml")
        .fails(1, "none.toml: cannot open: no such file or directory; check the path");
    place.hexad("wave run .").fails(1, "is a folder; name a .toml file in it");
    place.write("a.toml", b"title = \"\xff\"\n");
    place.hexad("wave run a.toml").fails(1, "line 1: is not text in UTF-8");
    place.write("a.toml", [0_u8; 5000]);
    place.hexad("wave run a.toml").fails(1, "a.toml: line 1: ");
    place.write("a.toml", "a=".to_string() + &"[".repeat(100_000));
    place.hexad("wave run a.toml").fails(1, "a.toml: line 1: ");
    place.write("a.toml", vec![b'#'; 17 << 20]);
    place.hexad("wave run a.toml").fails(1, "is no model");
}

#[test]
fn options_that_contradict_each_other_are_wrong_use() {
    let place = Place::new();
    place.write("a.toml", MODEL);
    for (options, part) in [
        ("--every 10", "--checkpoint"),
        ("--checkpoint a.ck", "--every"),
        ("--checkpoint a.ck --every 0", "must be a whole number from 1 up"),
        ("--out a.xyz", "the extension tells what is written"),
        ("--out a", "the extension tells what is written"),
        ("--out a.csv --out b.parquet", "there is another of its kind"),
        ("--out - --json", "both want standard output"),
        ("--plot a.gif", ".png or .svg"),
        ("--threads 0", "must be a whole number from 1 to 1024"),
        ("--orders 4", "unexpected argument"),
    ] {
        place.hexad(&format!("wave run a.toml {options}")).fails(2, part);
    }
    place.hexad("wave run").fails(2, "CONFIG");
    assert_eq!(place.files(), ["a.toml"]);
    let deaf = MODEL.replace("[[receivers]]\nname = \"ear\"\nposition_m = { x = 2.0, y = 1.0 }\n", "");
    place.write("a.toml", deaf);
    place.hexad("wave run a.toml --out a.csv").fails(1, "has no [[receivers]]");
}

#[test]
fn checkpoints_of_other_runs_are_refused() {
    let place = Place::new();
    place.write("a.toml", MODEL);
    place.hexad("wave run a.toml --checkpoint a.ck --every 10").ok();
    let resume =
        |code: i32, part: &str| place.hexad("wave run b.toml --resume a.ck --out b.npy").fails(code, part);
    place.write("b.toml", MODEL.replace("340.0", "341.0"));
    resume(
        1,
        "--resume a.ck: it was made by another model, time step or precision; go on with the model that made it",
    );
    place.write("b.toml", MODEL.replace("every_steps = 10", "every_steps = 11"));
    resume(1, "leave [snapshots] as it was");
    place.write("b.toml", MODEL);
    let (checkpoint, frames) =
        (std::fs::read(place.path("a.ck")).unwrap(), std::fs::read(place.path("a.ck.frames")).unwrap());
    let mut damaged = frames.clone();
    damaged[17] ^= 1;
    place.write("a.ck.frames", &damaged);
    resume(1, "a.ck.frames: does not hold the");
    place.write("a.ck.frames", &frames[..5000]);
    resume(1, "a.ck.frames: does not hold the");
    std::fs::remove_file(place.path("a.ck.frames")).unwrap();
    resume(1, "a.ck.frames: cannot open");
    place.write("a.ck.frames", &frames);
    for (at, part) in [
        (3, "is no checkpoint"),
        (9, "is damaged"),
        (30, "is damaged"),
        (60, "cannot be resumed"),
        (2000, "damaged"),
    ] {
        let mut damaged = checkpoint.clone();
        damaged[at] ^= 1;
        place.write("a.ck", damaged);
        let told = place.hexad("wave run b.toml --resume a.ck").fails(1, "--resume a.ck: ");
        assert!(told.contains(part) || told.contains("it "), "{at}: {told}");
    }
    // A count of snapshots that the steps contradict, with its checksum made right.
    for count in [0, 1, u64::MAX] {
        let mut counted = checkpoint.clone();
        counted[20..28].copy_from_slice(&u64::to_le_bytes(count));
        let check = crc32fast::hash(&counted[..40]).to_le_bytes();
        counted[40..44].copy_from_slice(&check);
        place.write("a.ck", counted);
        resume(1, "it is damaged: by step");
    }
    place.write("a.ck", &checkpoint[..checkpoint.len() - 1]);
    resume(1, "bytes instead of");
    place.write("a.ck", "");
    resume(1, "is no checkpoint");
    place.hexad("wave run b.toml --resume none.ck").fails(1, "none.ck: cannot open");
    place.hexad("wave run b.toml --resume .").fails(1, "is a folder");
    assert!(!place.path("b.npy").exists());
}
