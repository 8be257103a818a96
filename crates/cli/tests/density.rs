//! `hexad density` keeps its contract.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::f64::consts::{PI, TAU};

use common::{Place, data, f64_bytes, npy};
use serde_json::Value;

const EARTH_RADIUS_KM: f64 = 6378.137;

fn json(text: &str) -> Value {
    assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
    serde_json::from_str(text).unwrap()
}

#[track_caller]
fn number(report: &Value, key: &str) -> f64 {
    report[key].as_f64().unwrap_or_else(|| panic!("{key} in {report}"))
}

fn cities(options: &str) -> String {
    format!("density {} --x longitude --y latitude {options}", data("cities.csv").display())
}

/// The numbers of a CSV grid, row by row from the bottom.
fn grid(csv: &str) -> Vec<Vec<f64>> {
    csv.lines().map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect()
}

/// Points with two centres, as CSV with a header.
fn two_heaps(count: u32) -> String {
    let share = |i: u32, factor: u32| f64::from(i.wrapping_mul(factor) >> 8) / f64::from(1_u32 << 24);
    let row = |i: u32| {
        let (a, b) = (share(i, 2_654_435_761), share(i, 2_246_822_519));
        let r = 0.4 * (-2.0 * (1.0 - a).ln()).sqrt();
        let x = if i.is_multiple_of(3) { 2.0 } else { 7.0 };
        format!("{},{},{}\n", x + r * (TAU * b).cos(), 4.0 + r * (TAU * b).sin(), i % 5)
    };
    format!("x_km,y_km,w\n{}", (0..count).map(row).collect::<String>())
}

#[test]
fn json_has_every_promised_key() {
    let place = Place::new();
    let report = json(&place.hexad(&cities("--crs lonlat --json --hotspots --out a.png")).ok());
    let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"area_unit bandwidth bandwidth_px bbox beyond command crs elapsed_s error_bound height hotspots inside max max_at method missing normalization outputs points sum unit width");
    let keys: Vec<_> = report["hotspots"][0].as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"area level peak peak_at points share");
    assert_eq!((number(&report, "points"), number(&report, "inside")), (34_006.0, 34_006.0));
    assert_eq!((&report["width"], &report["height"]), (&256.into(), &256.into()));
    assert_eq!((&report["method"], &report["crs"]), (&"gaussian".into(), &"lonlat".into()));
    assert_eq!(report["bandwidth_px"], serde_json::json!([10.0, 10.0]));
    assert_eq!(report["unit"], "points / km\u{b2}");
    assert!(number(&report, "error_bound") <= 1e-5);
}

#[test]
fn grids_begin_at_the_bottom_and_edges_belong_to_the_pixel_above() {
    let place = Place::new();
    // The corner that ends the view counts, what is beyond does not.
    place.write("p.csv", "x,y\n0,0\n0.5,0.5\n1,0\n2,2\n2.5,1\n0,1\n");
    place.hexad("density p.csv --x x --y y --method histogram --normalize count --bbox 0,0,2,2 --size 2x2 --out a.csv").ok();
    assert_eq!(place.read("a.csv"), "2,1\n1,1\n");
    let line = "density p.csv --x x --y y --method histogram --bbox 0,0,2,2 --size 4x2 --out";
    let report = json(&place.hexad(&format!("{line} a.npy --json")).ok());
    let bytes = std::fs::read(place.path("a.npy")).unwrap();
    assert!(String::from_utf8_lossy(&bytes[..128]).contains("'shape': (2, 4"));
    // Per data unit squared: a pixel is half of one.
    assert!(bytes.ends_with(&f64_bytes(&[2.0, 2.0, 2.0, 0.0, 2.0, 0.0, 0.0, 2.0])));
    assert_eq!((number(&report, "points"), number(&report, "inside")), (6.0, 5.0));
    assert_eq!((number(&report, "sum"), number(&report, "max")), (10.0, 2.0));
    assert_eq!(report["max_at"], serde_json::json!([0.25, 0.5]));
}

#[test]
fn a_lone_point_is_a_gaussian() {
    let place = Place::new();
    place.write("p.csv", "x,y\n1.25,0.75\n");
    let line = "density p.csv --x x --y y --bbox -3,-3,5,5 --size 80x80 --bandwidth 0.5 --out a.csv --json";
    let report = json(&place.hexad(line).ok());
    let bound = number(&report, "error_bound");
    let values = grid(&place.read("a.csv"));
    let peak = 1.0 / (TAU * 0.25);
    for (row, line) in values.iter().enumerate() {
        for (column, value) in line.iter().enumerate() {
            let centre = |index: usize| -3.0 + 0.1 * (index as f64 + 0.5);
            let (dx, dy) = (centre(column) - 1.25, centre(row) - 0.75);
            let wanted = peak * (-2.0 * (dx * dx + dy * dy)).exp();
            assert!((value - wanted).abs() <= bound * peak, "{column} {row}: {value} is not {wanted}");
        }
    }
    // The view holds all of it but 1e-14.
    assert!((number(&report, "sum") * 0.01 - 1.0).abs() < 1e-12);
}

#[test]
fn every_method_finds_the_mass_or_its_definition() {
    let place = Place::new();
    place.write("p.csv", two_heaps(3000));
    let line = |options: &str| {
        format!("density p.csv --x x_km --y y_km --bbox 0,0,10,8 --size 100x80 --json {options}")
    };
    for (method, lost) in [
        ("gaussian", 1e-4),
        ("box", 1e-4),
        ("histogram", 1e-4),
        ("exact", 1e-4),
        ("gaussian --edge diggle", 1e-4),
        ("adaptive", 3e-3),
    ] {
        let report = json(&place.hexad(&line(&format!("--method {method} --bandwidth 0.3"))).ok());
        // Kernels at 2 and 7 end in the view but for 1e-5 of them, wide ones of lone points for more.
        assert!((number(&report, "sum") * 0.01 / 3000.0 - 1.0).abs() < lost, "{method}: {report}");
        assert_eq!(report["unit"], "points / km\u{b2}");
    }
    for (normalize, wanted) in [("count", 3000.0), ("probability", 100.0)] {
        let report = json(&place.hexad(&line(&format!("--bandwidth 0.3 --normalize {normalize}"))).ok());
        assert!((number(&report, "sum") / wanted - 1.0).abs() < 1e-4, "{normalize}");
    }
    let report = json(&place.hexad(&line("--normalize max")).ok());
    assert_eq!(number(&report, "max"), 1.0);
    let report = json(&place.hexad(&line("--weight w --method histogram --normalize count")).ok());
    // Weights 0 1 2 3 4, over and over.
    assert_eq!(number(&report, "sum"), 6000.0);
    assert_eq!(report["unit"], "w / pixel");
    let report = json(&place.hexad(&line("--method box --bandwidth 17.8885px --passes 4")).ok());
    assert!((report["bandwidth_px"][0].as_f64().unwrap() - 17.888_543_8).abs() < 1e-6);
}

#[test]
fn exact_sums_and_fast_ones_agree_to_the_bound() {
    let place = Place::new();
    place.write("p.csv", two_heaps(500));
    let line = "density p.csv --x 0 --y 1 --bbox 0,0,10,8 --size 60x50 --bandwidth 0.4 --json";
    let report = json(&place.hexad(&format!("{line} --method exact --out exact.csv")).ok());
    assert_eq!(number(&report, "error_bound"), 0.0);
    for tolerance in [1e-3, 1e-6, 1e-9] {
        place.hexad(&format!("{line} --tolerance {tolerance} --out fast.csv")).ok();
        let (exact, fast) = (grid(&place.read("exact.csv")), grid(&place.read("fast.csv")));
        let largest = exact.iter().flatten().copied().fold(0.0, f64::max);
        let off = exact.iter().flatten().zip(fast.iter().flatten()).map(|(a, b)| (a - b).abs());
        assert!(off.fold(0.0, f64::max) <= tolerance * largest, "{tolerance}");
    }
}

#[test]
fn neighbours_are_the_questions_score() {
    let place = Place::new();
    place.write("p.csv", "x,y\n0,0\n0.1,0\n0,0.2\n3,3\n");
    let line = "density p.csv --x x --y y --method knn --neighbours 2 --decay 7 --bbox -1,-1,1,1 --size 1x1";
    let report = json(&place.hexad(&format!("{line} --json")).ok());
    // From the centre: at 0 and at 0.1.
    assert!((number(&report, "max") - (1.0 + (-0.07_f64).exp()) / 2.0).abs() < 1e-15);
    assert_eq!((&report["normalization"], &report["bandwidth"]), (&"score".into(), &Value::Null));
    let report = json(&place.hexad(&format!("{line} --normalize density --json")).ok());
    assert!((number(&report, "max") * PI * 0.01 - 1.0).abs() < 1e-12);
}

#[test]
fn widths_mean_the_same_in_every_unit() {
    let place = Place::new();
    place.write("p.csv", two_heaps(400));
    let map = |options: &str| {
        place
            .hexad(&format!(
                "density p.csv --x x_km --y y_km --bbox 0,0,10,10 --size 50x50 --out a.npy {options}"
            ))
            .ok();
        std::fs::read(place.path("a.npy")).unwrap()
    };
    assert_eq!(map("--bandwidth 0.5"), map("--bandwidth 2.5px"));
    // Scott's rule: standard deviations times n^(-1/6).
    let report = json(&place.hexad("density p.csv --x x_km --y y_km --bandwidth scott --json").ok());
    let points: Vec<Vec<f64>> = two_heaps(400).lines().skip(1).map(|line| grid(line).remove(0)).collect();
    for axis in 0..2 {
        let mean = points.iter().map(|point| point[axis]).sum::<f64>() / 400.0;
        let variance = points.iter().map(|point| (point[axis] - mean).powi(2)).sum::<f64>() / 399.0;
        let wanted = variance.sqrt() * 400_f64.powf(-1.0 / 6.0);
        assert!((report["bandwidth"][axis].as_f64().unwrap() / wanted - 1.0).abs() < 1e-12);
    }
}

#[test]
fn degrees_are_drawn_in_mercator_and_counted_per_square_kilometre() {
    let place = Place::new();
    place.write("p.csv", "lon,lat\n0.5,60\n0.5,89\n");
    let line = "density p.csv --x lon --y lat --crs lonlat --bbox 0,59.5,1,60.5 --size 1x1 --json";
    let report = json(&place.hexad(&format!("{line} --method histogram")).ok());
    let sine = |degrees: f64| degrees.to_radians().sin();
    let area = EARTH_RADIUS_KM.powi(2) * 1_f64.to_radians() * (sine(60.5) - sine(59.5));
    assert!((number(&report, "max") * area - 1.0).abs() < 1e-9, "{report}");
    assert_eq!((number(&report, "missing"), number(&report, "beyond")), (1.0, 1.0));
    assert!((report["max_at"][1].as_f64().unwrap() - 60.0).abs() < 0.01);
}

#[test]
fn points_beyond_the_date_line_count() {
    let place = Place::new();
    place.write("p.csv", "lon,lat\n179.5,0\n-179.5,0\n0,0\n");
    let line = "density p.csv --x lon --y lat --crs lonlat --bbox 178,-2,-178,2 --size 40x40 --json";
    let report = json(&place.hexad(&format!("{line} --bandwidth 20km --normalize count")).ok());
    assert_eq!((number(&report, "inside"), number(&report, "points")), (2.0, 3.0));
    assert!((number(&report, "sum") - 2.0).abs() < 1e-4, "{report}");
    let report = json(&place.hexad(&format!("{line} --method histogram --normalize count")).ok());
    assert_eq!(number(&report, "sum"), 2.0);
}

#[test]
fn however_points_come_the_map_is_the_same() {
    let place = Place::new();
    // More than a batch of 2^18.
    let all = two_heaps(300_000);
    place.write("all.csv", &all);
    let rows: Vec<&str> = all.lines().skip(1).collect();
    let part = |rows: &[&str]| format!("x_km,y_km,w\n{}\n", rows.join("\n"));
    place.write("one.csv", part(&rows[..100_001]));
    place.write("two.csv", part(&rows[100_001..]));
    let columns: Vec<f64> = rows.iter().flat_map(|row| grid(row).remove(0)).collect();
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (300000, 3), }";
    place.write("all.npy", npy(header, &f64_bytes(&columns)));
    for options in ["", "--weight 2", "--method histogram --weight 2", "--method histogram"] {
        let map = |files: &str, more: &str| {
            let line = format!("density {files} --x 0 --y 1 {options} {more} --out a.npy --quiet");
            place.hexad(&line).ok();
            std::fs::read(place.path("a.npy")).unwrap()
        };
        let wanted = map("all.csv", "");
        assert_eq!(map("one.csv two.csv", ""), wanted, "{options}");
        assert_eq!(map("all.npy", ""), wanted, "{options}");
        assert_eq!(map("all.csv", "--threads 1"), wanted, "{options}");
        // With all known beforehand there is one pass, and nothing is kept.
        let report = json(&place.hexad(&format!("density all.csv --x 0 --y 1 --json {options}")).ok());
        let bbox: Vec<String> = report["bbox"]
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| edge.as_f64().unwrap().to_string())
            .collect();
        assert_eq!(map("all.csv", &format!("--bbox {}", bbox.join(","))), wanted, "{options}");
        let line = format!("density - --x 0 --y 1 {options} --out b.npy --quiet");
        place.hexad_with_input(&line, all.as_bytes()).ok();
        assert_eq!(std::fs::read(place.path("b.npy")).unwrap(), wanted, "{options}");
    }
}

#[test]
fn parquet_holds_the_same_points() {
    let place = Place::new();
    place.write("p.csv", two_heaps(5000));
    // A Gaussian this narrow copies its columns.
    for out in ["q.csv", "q.parquet"] {
        place.hexad(&format!("smooth p.csv --y x_km,y_km --sigma 1e-3 --out {out} --quiet")).ok();
    }
    let map = |file: &str| {
        let line = format!("density {file} --x x_km_smooth --y y_km_smooth --out a.npy --quiet");
        place.hexad(&line).ok();
        std::fs::read(place.path("a.npy")).unwrap()
    };
    assert_eq!(map("q.parquet"), map("q.csv"));
}

#[test]
fn missing_points_are_counted_and_nowhere() {
    let place = Place::new();
    place.write("p.csv", "x,y,w\n1,1,1\n,1,1\n1,NaN,1\n1,inf,1\n1,1,\n3,3,2\nNA,1,1\n");
    let line = "density p.csv --x x --y y --weight w --method histogram --normalize count --json";
    let report = json(&place.hexad(&format!("{line} --bbox 0,0,4,4 --size 2x2")).ok());
    assert_eq!((number(&report, "points"), number(&report, "missing")), (7.0, 5.0));
    assert_eq!((number(&report, "inside"), number(&report, "sum")), (2.0, 3.0));
    let words = place.hexad("density p.csv --x x --y y --bbox 0,0,4,4").ok();
    assert!(words.starts_with("points   7, 3 inside, 4 missing\n"), "{words}");
    place.write("q.csv", "x,y\n1,1\n2,oops\n3,3\n");
    let report = json(&place.hexad("density q.csv --x x --y y --nan skip --json").ok());
    assert_eq!((number(&report, "points"), number(&report, "missing")), (3.0, 1.0));
}

#[test]
fn threads_change_no_byte_of_any_file() {
    let place = Place::new();
    for (index, options) in [
        "--scale sqrt --legend --points --plot P.svg --contours C.geojson --levels 50%,0.2max",
        "--crs lonlat --scale log --alpha --plot P.png --method box",
        "--crs lonlat --bbox 150,-50,-150,50 --scale quantile --method adaptive --bandwidth 2 --plot P.svg",
        "--bbox -10,35,30,60 --method knn --plot P.svg --contours C.json",
        "--bbox -10,35,30,60 --size 64x64 --method exact --bandwidth 1 --kernel quartic --plot P.svg",
        "--bbox -10,35,30,60 --edge uniform --weight population --plot P.svg",
    ]
    .into_iter()
    .enumerate()
    {
        for threads in [1, 2] {
            let options = options
                .replace("P.", &format!("p{index}{threads}."))
                .replace("C.", &format!("c{index}{threads}."));
            for out in ["png", "npy"] {
                place
                    .hexad(&cities(&format!(
                        "{options} --threads {threads} --out m{index}{threads}.{out} --quiet"
                    )))
                    .ok();
            }
        }
    }
    place
        .hexad(&cities("--radius 2..20 --frames 3 --out m91.gif --quiet --threads 1").replacen(
            "density",
            "density animate",
            1,
        ))
        .ok();
    place
        .hexad(&cities("--radius 2..20 --frames 3 --out m92.gif --quiet --threads 2").replacen(
            "density",
            "density animate",
            1,
        ))
        .ok();
    let files = place.files();
    let ones: Vec<&String> = files.iter().filter(|name| name.as_bytes()[2] == b'1').collect();
    assert_eq!(ones.len(), 6 * 3 + 2 + 1);
    for one in ones {
        let two = format!("{}2{}", &one[..2], &one[3..]);
        assert_eq!(
            std::fs::read(place.path(one)).unwrap(),
            std::fs::read(place.path(&two)).unwrap(),
            "{one}"
        );
    }
}
