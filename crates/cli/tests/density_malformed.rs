//! Whatever `hexad density` is fed, it ends with the right exit code, one line on standard error, nothing on
//! standard output, and no file.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::fs;

use common::{Place, f64_bytes, npy};

/// `hexad density <name> <options>` on a file with this content must fail so.
#[track_caller]
fn refuse(name: &str, content: impl AsRef<[u8]>, options: &str, code: i32, part: &str) {
    common::refuse("density", name, content, options, code, part);
}

const XY: &str = "--x x --y y --out out.png --plot out.svg --contours out.json";

#[test]
fn files_without_points_are_refused() {
    refuse("a.csv", "", XY, 1, "a.csv: is empty");
    refuse("a.csv", "x,y\n", XY, 1, "no rows");
    refuse("a.csv", "x,y\n,\nNaN,1\n1,inf\n", XY, 1, "a.csv: holds no point with finite coordinates");
    refuse(
        "a.csv",
        "x,y\n3,1\n3,2\n",
        XY,
        1,
        "a.csv: all points have the same x, 3; give --bbox X0,Y0,X1,Y1",
    );
    refuse("a.csv", "x,y\n1,5\n2,5\n", XY, 1, "all points have the same y, 5");
    let strip = "so far along y that the map would be 16x16000 pixels; give --bbox X0,Y0,X1,Y1 or --size WxH";
    refuse("a.csv", "x,y\n1,5\n2,1005\n", "--x x --y y --size 16", 1, strip);
    refuse(
        "a.npy",
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 2), }", &[]),
        "--x 0 --y 1",
        1,
        "a.npy",
    );
    refuse("a.parquet", "PAR1", XY, 1, "is damaged");
    refuse(
        "a.csv",
        "lon,lat\n0,86\n0,90\n",
        "--x lon --y lat --crs lonlat",
        1,
        "no point with finite coordinates",
    );
}

#[test]
fn views_that_go_around_the_earth_for_ever_are_refused() {
    let points = "lon,lat\n0,10\n1,11\n";
    for view in
        ["0,0,1e12,20", "1e300,0,1.1e300,20", "0,0,20,20 --bandwidth 1e12km", "0,0,20,20 --bandwidth 1e200"]
    {
        for method in ["gaussian", "box", "exact", "adaptive"] {
            let options = format!("--x lon --y lat --crs lonlat --method {method} --bbox {view}");
            refuse("a.csv", points, &options, 2, "");
        }
    }
    let options = "--x lon --y lat --crs lonlat --bbox 0,0,1e12,20 --method knn";
    refuse("a.csv", points, options, 2, "must be up to 100 turns around the Earth");
}

#[test]
fn bad_cells_name_file_line_and_column() {
    let line = r#"a.csv: line 3, column "y": "n/a" is not a number (--nan skip leaves such rows out)"#;
    refuse("a.csv", "x,y\n1,2\n3,n/a\n", XY, 1, line);
    refuse("a.csv", "x,y\n1,2\n3\n", XY, 1, "line 3, column 2");
    refuse("a.csv", "x,y\n1,2\n3,1e999\n", XY, 1, "too large");
    refuse("a.csv", "x,y\n1,2\n,4\n", "--x x --y y --nan error", 1, "line 3, column \"x\": a missing value");
    refuse(
        "a.csv",
        "x,y,w\n1,2,1\n3,4,-1\n",
        "--x x --y y --weight w",
        1,
        "line 3, column \"w\": -1 cannot be used",
    );
    refuse(
        "a.csv",
        "x,y\n1,2\n",
        "--x lon --y y",
        1,
        "--x: no column is named \"lon\"; there are \"x\", \"y\"",
    );
    refuse("a.csv", "x,y\n1,2\n", "--x x --y y --weight w", 1, "--weight: no column is named \"w\"");
    let place = Place::new();
    place.write("a.csv", "x,y\n1,2\n3,4\n");
    place.write("b.csv", "x,y\n1,2\n3,x\n");
    place.hexad("density a.csv b.csv --x x --y y").fails(1, "b.csv: line 3");
    place.hexad("density a.csv c.csv --x x --y y").fails(1, "c.csv: cannot open");
    // Line 200,002 is far beyond the first batch.
    place.write("c.csv", format!("x,y\n{}oops,1\n", "1,2\n".repeat(200_000)));
    place
        .hexad("density c.csv --x x --y y --bbox 0,0,3,3")
        .fails(1, "c.csv: line 200002, column \"x\": \"oops\"");
}

#[test]
fn options_out_of_range_are_wrong_use() {
    for (options, part) in [
        ("", "--x <COL> --y <COL>"),
        ("--x x --y y --size 0x5", "WIDTHxHEIGHT"),
        ("--x x --y y --size 5x-5", "WIDTHxHEIGHT"),
        ("--x x --y y --size 99999x99999", "--size: 99999 x 99999 cells are too many"),
        ("--x x --y y --size 1000000000000000000000x1", "WIDTHxHEIGHT"),
        ("--x x --y y --bbox 0,0,0,5", "--bbox: must end above where it starts along x, got 0 to 0"),
        ("--x x --y y --bbox 0,5,5,0", "along y, got 5 to 0"),
        ("--x x --y y --bbox 1,2,3", "X0,Y0,X1,Y1"),
        ("--x x --y y --bbox 0,0,inf,5", "must be finite"),
        ("--x x --y y --bandwidth 0", "must be > 0"),
        ("--x x --y y --bandwidth -3px", "must be > 0"),
        ("--x x --y y --bandwidth 0.1px", "below a fifth of one; zoom in with --bbox or --size"),
        ("--x x --y y --bandwidth 1e-300", "below a fifth of one"),
        ("--x x --y y --bandwidth wide", "must be a number, 10px, 500m, 5km, scott, silverman or isj"),
        ("--x x --y y --bandwidth 500m", "add --crs lonlat or mercator"),
        ("--x x --y y --kernel disc", "--kernel: only --method exact"),
        ("--x x --y y --method box --edge uniform", "--edge: only --method gaussian"),
        ("--x x --y y --method knn --weight w", "nearest neighbours are counted"),
        ("--x x --y y --method knn --neighbours 0", "from 1 to 32"),
        ("--x x --y y --method knn --neighbours 33", "from 1 to 32"),
        ("--x x --y y --method knn --neighbours 1 --normalize density", "a density needs at least 2"),
        ("--x x --y y --method knn --decay -1", "must be >= 0"),
        ("--x x --y y --method kde", "possible values"),
        ("--x x --y y --method box --passes 0", "from 1 to 16"),
        ("--x x --y y --tolerance 0", "must be from 1e-9 to 1e-3"),
        ("--x x --y y --tolerance 1", "must be from 1e-9"),
        ("--x x --y y --colormap jet", "possible values"),
        ("--x x --y y --scale cube", "possible values"),
        ("--x x --y y --alpha=0", "must be > 0"),
        ("--x x --y y --alpha=2", "must be <= 1"),
        ("--x x --y y --points=0", "must be from 0.3 to 50"),
        ("--x x --y y --levels 0%", "must be > 0"),
        ("--x x --y y --levels 120%", "at most 100%"),
        ("--x x --y y --levels most", "a share of the map such as 50%"),
        ("--x x --y y --normalize area", "possible values"),
        ("--x x --y y --crs utm", "possible values"),
        ("--x x --y y --out a.gif", "one of .png .npy .csv"),
        ("--x x --y y --out a", "one of .png .npy .csv"),
        ("--x x --y y --plot a.jpg", ".png or .svg"),
        ("--x x --y y --contours a.csv", "end the name in .geojson or .json"),
        ("--x x --y y --out b.png --plot b.png", "b.png: is to be written twice"),
        ("--x x --y y --crs lonlat --bbox 0,0,10,89", "--bbox"),
        ("--x x --y y --threads 0", "from 1 to 1024"),
        ("- - --x x --y y", "give - once"),
    ] {
        refuse("a.csv", "x,y,w\n1,2,1\n2,1,1\n3,5,1\n4,4,1\n", options, 2, part);
    }
}

#[test]
fn moving_pictures_out_of_range_are_wrong_use() {
    for (options, part) in [
        ("", "--radius <A..B>"),
        ("--radius 5", "such as 2..40"),
        ("--radius 0..5", "must be > 0"),
        ("--radius 0.01..5", "below a fifth of one"),
        ("--radius 2..5 --frames 1", "from 2 to 1000"),
        ("--radius 2..5 --pause 0", "from 0.02 to 60"),
        ("--radius 2..5 --out a.png", "end the name in .gif"),
        ("--radius 2..5 --size 70000x2", "a GIF has at most 65535"),
    ] {
        let place = Place::new();
        place.write("a.csv", "x,y\n1,2\n2,1\n");
        let out = if options.contains("--out") { "" } else { "--out a.gif" };
        place.hexad(&format!("density animate a.csv --x x --y y {out} {options}")).fails(2, part);
        assert_eq!(place.files(), ["a.csv"]);
    }
}

#[test]
fn rules_need_points_that_spread() {
    let xy = "--x x --y y --bbox 0,0,9,9 --bandwidth";
    refuse("a.csv", "x,y\n3,1\n3,2\n", &format!("{xy} scott"), 1, "the points do not spread along x");
    refuse("a.csv", "x,y\n3,3\n3,3\n", &format!("{xy} isj"), 1, "do not spread");
    refuse("a.csv", "x,y\nNA,1\n", &format!("{xy} silverman"), 1, "no point with finite coordinates");
}

#[test]
fn what_does_not_fit_is_refused_with_its_size() {
    let line = "--x x --y y --bbox 0,0,9,9 --bandwidth 1 --size 46000x46000";
    refuse("a.csv", "x,y\n3,1\n3,2\n", line, 1, "bytes of memory");
}

/// The largest and the smallest numbers come through every method and every picture, or are refused.
#[test]
fn extreme_maps_never_crash() {
    for (values, weight) in [
        ([1.7e308, -1.7e308], "1"),
        ([5e-324, 0.0], "1"),
        ([1e15, 1e15 + 1.0], "1"),
        ([-3.0, 7.0], "1e308"),
        ([-3.0, 7.0], "5e-324"),
        ([-3.0, 7.0], "0"),
        ([1e300, 1e-300], "3"),
    ] {
        let place = Place::new();
        let rows: String =
            (0..24).map(|i| format!("{:e},{:e},{weight}\n", values[i % 2], values[i / 2 % 2])).collect();
        place.write("a.csv", format!("x,y,w\n{rows}"));
        for options in [
            "",
            "--weight w",
            "--weight w --method histogram --scale log",
            "--weight w --method box --scale quantile",
            "--method exact --size 20x20",
            "--method knn",
            "--method knn --normalize density --scale log",
            "--method adaptive --bandwidth scott",
            "--bandwidth isj --scale sqrt",
            "--edge diggle",
            "--crs lonlat",
            "--crs mercator",
            "--normalize probability",
        ] {
            let line = format!(
                "density a.csv --x x --y y --size 40x30 {options} --json --out b.png --plot b.svg --contours b.json --hotspots"
            );
            let run = place.hexad(&line);
            match run.code {
                Some(0) => drop(run.ok()),
                Some(2) => drop(run.fails(2, "")),
                _ => drop(run.fails(1, "a.csv")),
            }
        }
    }
}

/// A file whose every byte may be wrong is refused or mapped, but never crashes the program.
#[test]
fn flipped_bytes_never_crash_a_map() {
    let place = Place::new();
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2), }";
    let whole = npy(header, &f64_bytes(&[1.0, 2.0, 3.0, 4.0, 2.0, 2.0, 5.0, 1.0]));
    for i in (0..whole.len()).step_by(3) {
        let mut broken = whole.clone();
        broken[i] ^= 0xff;
        fs::write(place.path("a.npy"), broken).unwrap();
        let run = place.hexad("density a.npy --x 0 --y 1 --size 20x20 --quiet --out b.png");
        match run.code {
            Some(0) => drop(run.ok()),
            _ => drop(run.fails(1, "a.npy")),
        }
    }
}
