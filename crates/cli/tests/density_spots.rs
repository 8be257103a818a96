//! Hot spots of `hexad density`, and their GeoJSON.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::f64::consts::PI;

use common::{Place, data};
use serde_json::Value;

fn read(place: &Place, name: &str) -> Value {
    serde_json::from_str(&place.read(name)).unwrap()
}

fn ring(value: &Value) -> Vec<[f64; 2]> {
    serde_json::from_value(value.clone()).unwrap()
}

fn signed_area(ring: &[[f64; 2]]) -> f64 {
    ring.windows(2).map(|pair| 0.5 * (pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1])).sum()
}

/// Asserts what RFC 7946 asks of rings, and gives them.
#[track_caller]
fn checked_rings(feature: &Value) -> Vec<Vec<[f64; 2]>> {
    assert_eq!((&feature["type"], &feature["geometry"]["type"]), (&"Feature".into(), &"Polygon".into()));
    let rings: Vec<_> = feature["geometry"]["coordinates"].as_array().unwrap().iter().map(ring).collect();
    for (index, ring) in rings.iter().enumerate() {
        assert!(ring.len() >= 4 && ring.first() == ring.last());
        assert_eq!(signed_area(ring) > 0.0, index == 0, "outer rings are counter-clockwise, holes are not");
    }
    rings
}

#[test]
fn a_lone_points_contours_are_circles() {
    let place = Place::new();
    place.write("p.csv", "x,y\n5,5\n");
    let line = "density p.csv --x x --y y --bbox 0,0,10,10 --bandwidth 1 --tolerance 1e-9 --hotspots --json";
    let out = place.hexad(&format!("{line} --levels 0.5max,50%,0.05 --contours c.geojson")).ok();
    let collection = read(&place, "c.geojson");
    assert_eq!(collection["type"], "FeatureCollection");
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    let peak = 1.0 / (2.0 * PI);
    // A Gaussian holds the share s within r^2 = -2 ln(1 - s), where it is 1 - s of its peak.
    for (feature, level) in features.iter().zip([0.5 * peak, 0.5 * peak, 0.05]) {
        let rings = checked_rings(feature);
        let wanted = -2.0 * (level / peak).ln() * PI;
        let area = feature["properties"]["area"].as_f64().unwrap();
        // A pixel is 0.04 wide; a mass is known to one of them.
        assert!((area - wanted).abs() < 0.02, "{area} is not {wanted}");
        assert!((signed_area(&rings[0]) - area).abs() < 1e-12);
        assert!((feature["properties"]["level"].as_f64().unwrap() / level - 1.0).abs() < 5e-3);
        assert_eq!(feature["properties"]["points"], 1);
        assert_eq!(feature["properties"]["share"], 1.0);
    }
    let report: Value = serde_json::from_str(&out).unwrap();
    let spot = &report["hotspots"][0];
    assert_eq!(report["hotspots"].as_array().unwrap().len(), 1);
    assert!((spot["peak"].as_f64().unwrap() / peak - 1.0).abs() < 1e-3);
}

#[test]
fn spots_of_the_earth_are_in_degrees_and_square_kilometres() {
    let place = Place::new();
    let cities = data("cities.csv");
    let line = format!(
        "density {} --x longitude --y latitude --crs lonlat --bbox -10,35,30,60 --size 300 --bandwidth 40km",
        cities.display()
    );
    let out = place.hexad(&format!("{line} --hotspots --contours c.json --levels 50%,90% --json")).ok();
    let report: Value = serde_json::from_str(&out).unwrap();
    let collection = read(&place, "c.json");
    assert_eq!(
        (&collection["unit"], &collection["area_unit"]),
        (&"points / km\u{b2}".into(), &"km\u{b2}".into())
    );
    let features = collection["features"].as_array().unwrap();
    let mut holes = 0;
    for feature in features {
        let rings = checked_rings(feature);
        holes += rings.len() - 1;
        for [lon, lat] in rings.into_iter().flatten() {
            assert!((-10.0..=30.0).contains(&lon) && (35.0..=60.0).contains(&lat), "{lon} {lat}");
        }
    }
    assert!(holes > 0);
    let spots = report["hotspots"].as_array().unwrap();
    let of_first_level = features.iter().filter(|f| f["properties"]["level"] == spots[0]["level"]);
    assert_eq!(of_first_level.count(), spots.len());
    // Paris is the highest peak of Europe west of 30 degrees, Madrid and London are others.
    let at = &spots[0]["peak_at"];
    assert!((at[0].as_f64().unwrap() - 2.35).abs() < 0.2 && (at[1].as_f64().unwrap() - 48.86).abs() < 0.2);
    assert!(spots.windows(2).all(|pair| pair[0]["peak"].as_f64() >= pair[1]["peak"].as_f64()));
    // Half of the map holds about half of the points in it: 7,023 of 34,006.
    let share: f64 = spots.iter().map(|spot| spot["share"].as_f64().unwrap()).sum();
    let points: u64 = spots.iter().map(|spot| spot["points"].as_u64().unwrap()).sum();
    assert!((share - points as f64 / 34_006.0).abs() < 1e-12);
    assert!((points as f64 / 7023.0 - 0.5).abs() < 0.1, "{points}");
}

#[test]
fn people_read_a_list() {
    let place = Place::new();
    place.write("p.csv", "x,y\n1,1\n1.1,1\n1,1.1\n8,8\n8.1,8\n");
    let out = place
        .hexad("density p.csv --x x --y y --bbox 0,0,10,10 --bandwidth 0.3 --hotspots --levels 0.3max")
        .ok();
    let lines: Vec<&str> = out.lines().skip_while(|line| !line.starts_with("spots")).collect();
    assert_eq!(lines[0], "spots    2");
    assert!(lines[1].contains("area [data unit\u{b2}]") && lines[2].ends_with("60.0 %"), "{out}");
    assert_eq!(lines.len(), 4);
}

#[test]
fn where_nothing_is_there_are_no_spots() {
    let place = Place::new();
    place.write("p.csv", "x,y\n1,1\n2,2\n");
    let out =
        place.hexad("density p.csv --x x --y y --bbox 50,50,60,60 --hotspots --contours c.json --json").ok();
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["hotspots"], Value::Array(Vec::new()));
    assert_eq!(read(&place, "c.json")["features"], Value::Array(Vec::new()));
}
