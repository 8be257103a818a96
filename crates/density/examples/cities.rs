//! Where the cities of Europe are dense: a map per square kilometre, its hot spots, and a grey picture.
//!
//! `cargo run -p hexad-density --example cities [FILE [PICTURE.pgm]]` reads rows that begin `longitude,latitude` in
//! degrees; without a file the cities of the repository (GeoNames, CC BY 4.0), and outside of it made ones.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use hexad_density::{
    GaussianOptions, Level, LonLat, Map, MercatorPoints, Points, ground_gaussian, hot_spots, mercator_view,
    per_km2,
};

const EUROPE_DEG: [f64; 4] = [-10.0, 35.0, 30.0, 60.0];
const WIDTH_M: f64 = 40_000.0;

fn main() -> Result<(), Box<dyn Error>> {
    let (longitudes, latitudes) = match file() {
        Some(path) => read(&path)?,
        None => made(),
    };
    let begun = Instant::now();
    let projected = MercatorPoints::project(&Points::new(&longitudes, &latitudes)?);
    let view = mercator_view(EUROPE_DEG, [360, 340])?;
    let map = ground_gaussian(&projected.points(), &view, WIDTH_M, &GaussianOptions::default())?;
    let took_ms = 1e3 * begun.elapsed().as_secs_f64();

    let tally = map.tally();
    println!("{} cities, {} of them in view, in {took_ms:.1} ms", tally.points, tally.inside);
    let densest = per_km2(&map)?.into_iter().fold(0.0, f64::max);
    println!("at most {:.2} cities per 1,000 km^2, as seen with a Gaussian of 40 km\n", 1e3 * densest);
    println!("hot spots, of half the highest peak\n    longitude    latitude    cities    share of all");
    for spot in hot_spots(&map, Level::Peak(0.5), &projected.points())?.iter().take(5) {
        let LonLat { lon_deg, lat_deg } = LonLat::from_mercator_m(spot.peak_at);
        println!("{lon_deg:13.2} {lat_deg:11.2} {:9} {:13.1} %", spot.points, 100.0 * spot.share);
    }
    let picture =
        std::env::args_os().nth(2).map_or_else(|| std::env::temp_dir().join("cities.pgm"), PathBuf::from);
    std::fs::write(&picture, grey(&map)?).map_err(|error| format!("{}: {error}", picture.display()))?;
    println!("\npicture: {}", picture.display());
    Ok(())
}

fn file() -> Option<PathBuf> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/data/cities.csv");
    std::env::args_os().nth(1).map(PathBuf::from).or_else(|| checkout.is_file().then_some(checkout))
}

fn read(path: &Path) -> Result<(Vec<f64>, Vec<f64>), Box<dyn Error>> {
    let mut columns = (Vec::new(), Vec::new());
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    for line in text.lines().skip(1) {
        let mut cells = line.split(',').map(str::parse);
        let (Some(Ok(longitude)), Some(Ok(latitude))) = (cells.next(), cells.next()) else {
            return Err(format!("a longitude and a latitude are needed, got {line:?}").into());
        };
        columns.0.push(longitude);
        columns.1.push(latitude);
    }
    Ok(columns)
}

/// Thirty thousand places around thirty centres.
fn made() -> (Vec<f64>, Vec<f64>) {
    let chance = |index: u32, step: u32| f64::from(index.wrapping_mul(step) >> 8) / f64::from(1 << 24);
    let place = |index: u32| {
        let centre = index % 30 + 1;
        let angle = std::f64::consts::TAU * chance(index, 2_654_435_761);
        let radius = 3.0 * chance(index, 2_246_822_519);
        let (east, north) = (chance(centre, 3_266_489_917), chance(centre, 668_265_263));
        (-10.0 + 40.0 * east + radius * angle.cos(), 35.0 + 25.0 * north + 0.6 * radius * angle.sin())
    };
    (0..30_000).map(place).unzip()
}

/// As a portable graymap, the square root of the density from black to white, north up.
fn grey(map: &Map) -> Result<String, std::fmt::Error> {
    let (width, height) = (map.view().width(), map.view().height());
    let (peak, _) = map.max();
    let mut text = format!("P2 {width} {height} 255\n");
    for row in map.values().chunks(width).rev() {
        for value in row {
            write!(text, "{:.0} ", 255.0 * (value / peak).max(0.0).sqrt())?;
        }
        text.push('\n');
    }
    Ok(text)
}
