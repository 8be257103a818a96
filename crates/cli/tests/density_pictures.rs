//! Pictures of `hexad density`, compared with ones that were looked at. After a change that is meant to be seen,
//! `HEXAD_BLESS=1 cargo test -p hexad --test density_pictures` writes them anew: look at them again.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::path::{Path, PathBuf};

use common::{Place, data};
use lab::Lab;

/// A picture as red, green, blue and opacity.
struct Pixels {
    width: usize,
    height: usize,
    rgba: Vec<[u8; 4]>,
}

impl Pixels {
    fn read(path: &Path) -> Self {
        let mut decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path).unwrap()));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        assert_eq!(info.color_type, png::ColorType::Rgba);
        Self { width: info.width as usize, height: info.height as usize, rgba: bytes.as_chunks().0.to_vec() }
    }

    /// Every pixel in CIELAB, over white and over black.
    fn seen(&self) -> impl Iterator<Item = Lab> {
        self.rgba.iter().flat_map(|[red, green, blue, alpha]| {
            [0_u16, 255].map(|paper| {
                let alpha = u16::from(*alpha);
                let on =
                    |part: u8| u8::try_from((u16::from(part) * alpha + paper * (255 - alpha)) / 255).unwrap();
                Lab::from_rgb(&[on(*red), on(*green), on(*blue)])
            })
        })
    }
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures").join(name)
}

/// Asserts that a picture looks as it did: a difference of 2.3 is just noticeable (M. Mahy et al., Color
/// Research and Application 19, 1994).
#[track_caller]
fn assert_looks_like(place: &Place, name: &str) {
    if std::env::var_os("HEXAD_BLESS").is_some() {
        std::fs::create_dir_all(golden("")).unwrap();
        std::fs::copy(place.path(name), golden(name)).unwrap();
    }
    let (got, wanted) = (Pixels::read(&place.path(name)), Pixels::read(&golden(name)));
    assert_eq!((got.width, got.height), (wanted.width, wanted.height), "{name}");
    let off: Vec<f32> = got.seen().zip(wanted.seen()).map(|(a, b)| a.squared_distance(&b).sqrt()).collect();
    let (mean, most) = (off.iter().sum::<f32>() / off.len() as f32, off.iter().copied().fold(0.0, f32::max));
    assert!(mean < 0.2 && most < 2.3, "{name}: {mean} on average, {most} at most");
}

fn europe(options: &str) -> String {
    let cities = data("cities.csv");
    format!(
        "density {} --x longitude --y latitude --bbox -10,35,30,60 --size 96x72 --quiet {options}",
        cities.display()
    )
}

#[test]
fn maps_look_as_they_did() {
    let place = Place::new();
    for (name, options) in [
        ("gaussian.png", "--bandwidth 3px"),
        ("counts.png", "--method histogram --scale log --colormap magma"),
        ("overlay.png", "--bandwidth 3px --scale sqrt --colormap heat --alpha=0.9"),
        ("dots.png", "--bandwidth 5px --colormap inferno --points=1"),
        ("legend.png", "--bandwidth 4px --scale quantile --colormap turbo --legend"),
        ("neighbours.png", "--method knn --decay 5"),
        ("earth.png", "--crs lonlat --bandwidth 60km --scale sqrt --legend --normalize max"),
    ] {
        place.hexad(&europe(&format!("{options} --out {name}"))).ok();
        assert_looks_like(&place, name);
    }
}

#[test]
fn an_overlay_is_clear_where_nothing_is() {
    let place = Place::new();
    place.write("p.csv", "x,y\n2,2\n");
    place
        .hexad("density p.csv --x x --y y --bbox 0,0,10,10 --size 10x10 --bandwidth 0.5 --alpha --out a.png")
        .ok();
    let pixels = Pixels::read(&place.path("a.png"));
    // The top right corner, and the point: rows run from the top.
    assert_eq!(pixels.rgba[9][3], 0);
    assert_eq!(pixels.rgba[8 * 10 + 2][3], 204);
}

#[test]
fn a_plot_has_axes_a_title_and_a_legend() {
    let place = Place::new();
    let line = "--weight population --bandwidth 1 --plot a.svg --contours c.json --levels 50%";
    place.hexad(&europe(line)).ok();
    let svg = place.read("a.svg");
    let texts: Vec<&str> =
        svg.split("<text").skip(1).map(|rest| rest.split(['>', '<']).nth(1).unwrap()).collect();
    let seen = texts.join("|").replace('\u{2212}', "-").replace('\u{b2}', "2");
    insta::assert_snapshot!(seen, @"7,023 points: Gaussians, sigma 1|-10|-5|0|5|10|15|20|25|30|35|40|45|50|55|60|longitude|latitude|0|4000000|1000000|2000000|3000000|population / data unit2");
    assert!(svg.contains("href=\"data:image/png;base64,") && svg.contains("stroke-linejoin"));
    place.hexad(&europe("--bandwidth 1 --plot b.png")).ok();
    let pixels = Pixels::read(&place.path("b.png"));
    assert!(pixels.width > 1500 && pixels.rgba.iter().all(|pixel| pixel[3] == 255));
}

#[test]
fn a_plot_of_the_earth_has_degrees_along_its_sides() {
    let place = Place::new();
    place.hexad(&europe("--crs lonlat --plot a.svg --method histogram")).ok();
    let svg = place.read("a.svg");
    for part in ["longitude [\u{b0}]", "latitude [\u{b0}]", "points / km\u{b2}", "image-rendering:pixelated"]
    {
        assert!(svg.contains(part), "{part}");
    }
}

/// Frames of a GIF as they are shown: width, height, pause in hundredths of a second, pixels.
fn frames(path: &Path) -> Vec<(u16, u16, u16, Vec<u8>)> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(std::fs::File::open(path).unwrap()).unwrap();
    assert_eq!(decoder.repeat(), gif::Repeat::Infinite);
    let mut frames = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        frames.push((frame.width, frame.height, frame.delay, frame.buffer.to_vec()));
    }
    frames
}

#[test]
fn a_moving_picture_grows_its_bandwidth() {
    let place = Place::new();
    let line = |options: &str| {
        let line = europe(&format!("--radius 2..8 --frames 3 {options}"));
        line.replacen("density", "density animate", 1).replace("--quiet", "--json")
    };
    let report: serde_json::Value =
        serde_json::from_str(&place.hexad(&line("--out a.gif --pause 0.5")).ok()).unwrap();
    assert_eq!(report["command"], "density animate");
    let peaks: Vec<f64> = serde_json::from_value(report["max"].clone()).unwrap();
    assert!(peaks.len() == 3 && peaks.windows(2).all(|pair| pair[1] < pair[0]), "{peaks:?}");
    let shown = frames(&place.path("a.gif"));
    assert!(shown.len() == 3 && shown.iter().all(|frame| frame.1 == 120 && frame.2 == 50));
    assert_ne!(shown[0].3, shown[2].3);
    // With its own scale the last frame is as bright as the first.
    place.hexad(&line("--out b.gif --per-frame")).ok();
    let brightest = |frames: &[(u16, u16, u16, Vec<u8>)], frame: usize| {
        let (width, _, _, rgba) = &frames[frame];
        let pixels = rgba.chunks(4 * usize::from(*width)).flat_map(|row| row[..4 * 96].chunks(4));
        pixels.take(96 * 72).map(|pixel| u32::from(pixel[0]) + u32::from(pixel[1])).max()
    };
    let own = frames(&place.path("b.gif"));
    assert_eq!(brightest(&own, 2), brightest(&own, 0));
    assert!(brightest(&shown, 2) < brightest(&shown, 0));
}
