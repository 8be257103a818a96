//! Hot spots as GeoJSON (RFC 7946).

use std::io::{self, Write};

use serde_json::{Value, json};

use super::spots::Spot;
use hexad_density::Plane;

/// Digits of a degree that are kept: a centimetre.
const DEGREE_DIGITS: f64 = 1e7;

/// Writes a feature for each spot. Rings are closed, the outer ones counter-clockwise; places on the Earth are
/// in degrees of WGS84.
pub fn write(
    plane: Plane,
    spots: &[Vec<Spot>],
    unit: &str,
    area_unit: &str,
    out: &mut (dyn Write + Send),
) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    let head = json!({ "unit": unit, "area_unit": area_unit });
    let head = head.to_string();
    write!(out, r#"{{"type":"FeatureCollection",{},"features":["#, &head[1..head.len() - 1])?;
    for (index, spot) in spots.iter().flatten().enumerate() {
        writeln!(out, "{}", if index == 0 { "" } else { "," })?;
        serde_json::to_writer(&mut out, &feature(plane, spot))?;
    }
    writeln!(out, "\n]}}")?;
    out.flush()
}

fn feature(plane: Plane, spot: &Spot) -> Value {
    let rings = std::iter::once(&spot.polygon.outer).chain(&spot.polygon.holes);
    let rings: Vec<Vec<[f64; 2]>> =
        rings.map(|ring| ring.iter().map(|place| rounded(plane, plane.wgs84(*place))).collect()).collect();
    json!({
        "type": "Feature",
        "properties": spot,
        "geometry": { "type": "Polygon", "coordinates": rings },
    })
}

fn rounded(plane: Plane, place: [f64; 2]) -> [f64; 2] {
    if plane.is_earth() {
        place.map(|degrees| (degrees * DEGREE_DIGITS).round() / DEGREE_DIGITS)
    } else {
        place
    }
}
