//! `hexad density tiles` keeps its contract.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use common::{Place, data, run_examples};
use serde_json::Value;

/// Zoom, column, row.
type Name = (u8, u32, u32);

fn cities(options: &str) -> String {
    format!("density tiles {} --x longitude --y latitude {options}", data("cities.csv").display())
}

fn json(text: &str) -> Value {
    assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
    serde_json::from_str(text).unwrap()
}

/// The tiles of a folder.
fn folder(path: &Path) -> BTreeMap<Name, Vec<u8>> {
    let mut tiles = BTreeMap::new();
    let inside = |path: &Path| {
        let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    let number = |path: &Path| path.file_stem().unwrap().to_str().unwrap().parse::<u32>().unwrap();
    for zoom in inside(path) {
        for column in inside(&zoom) {
            for tile in std::fs::read_dir(&column).unwrap() {
                let tile = tile.unwrap().path();
                assert_eq!(tile.extension().unwrap(), "png");
                let name = (u8::try_from(number(&zoom)).unwrap(), number(&column), number(&tile));
                tiles.insert(name, std::fs::read(&tile).unwrap());
            }
        }
    }
    tiles
}

/// A PMTiles file, read by the words of its specification, version 3.
struct Archive {
    bytes: Vec<u8>,
}

impl Archive {
    fn open(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(&bytes[..8], b"PMTiles\x03");
        Self { bytes }
    }

    fn u64(&self, at: usize) -> usize {
        usize::try_from(u64::from_le_bytes(self.bytes[at..at + 8].try_into().unwrap())).unwrap()
    }

    /// Degrees, kept as ten-millionths.
    fn degrees(&self, at: usize) -> f64 {
        f64::from(i32::from_le_bytes(self.bytes[at..at + 4].try_into().unwrap())) * 1e-7
    }

    fn unpacked(&self, at: usize, length: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(&self.bytes[at..at + length]).read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn metadata(&self) -> Value {
        serde_json::from_slice(&self.unpacked(self.u64(24), self.u64(32))).unwrap()
    }

    fn tiles(&self) -> BTreeMap<Name, Vec<u8>> {
        let mut tiles = BTreeMap::new();
        self.directory(self.u64(8), self.u64(16), &mut tiles);
        tiles
    }

    fn directory(&self, at: usize, length: usize, tiles: &mut BTreeMap<Name, Vec<u8>>) {
        let bytes = self.unpacked(at, length);
        let mut rest = bytes.as_slice();
        let count = number(&mut rest);
        let mut column = || (0..count).map(|_| number(&mut rest)).collect::<Vec<_>>();
        let [steps, runs, lengths, offsets] = [column(), column(), column(), column()];
        let (mut id, mut end) = (0, 0);
        for index in 0..usize::try_from(count).unwrap() {
            id += steps[index];
            let offset = if offsets[index] == 0 { end } else { usize::try_from(offsets[index]).unwrap() - 1 };
            let length = usize::try_from(lengths[index]).unwrap();
            end = offset + length;
            if runs[index] == 0 {
                self.directory(self.u64(40) + offset, length, tiles);
            }
            for run in 0..runs[index] {
                let start = self.u64(56) + offset;
                tiles.insert(place(id + run), self.bytes[start..start + length].to_vec());
            }
        }
    }
}

/// A number in groups of 7 bits, low ones first.
fn number(bytes: &mut &[u8]) -> u64 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = bytes[0];
        *bytes = &bytes[1..];
        value |= u64::from(byte & 127) << shift;
        shift += 7;
        if byte < 128 {
            return value;
        }
    }
}

/// Zoom, column and row of a tile's number: zoom by zoom, along Hilbert's curve.
fn place(mut id: u64) -> Name {
    let mut zoom = 0;
    while id >= 1 << (2 * zoom) {
        id -= 1 << (2 * zoom);
        zoom += 1;
    }
    let (mut x, mut y) = (0, 0);
    for level in 0..zoom {
        let side = 1 << level;
        let (rx, ry) = (1 & (id >> 1), 1 & (id ^ (id >> 1)));
        if ry == 0 {
            if rx == 1 {
                (x, y) = (side - 1 - x, side - 1 - y);
            }
            (x, y) = (y, x);
        }
        x += side * rx;
        y += side * ry;
        id >>= 2;
    }
    (u8::try_from(zoom).unwrap(), u32::try_from(x).unwrap(), u32::try_from(y).unwrap())
}

/// Red, green, blue and opacity of a PNG.
fn pixels(bytes: &[u8]) -> (usize, Vec<[u8; 4]>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    (reader.info().width as usize, pixels.as_chunks::<4>().0.to_vec())
}

#[test]
fn help_shows_every_option_and_its_examples_work_as_typed() {
    let help = Place::new().hexad("density tiles --help").ok();
    insta::assert_snapshot!(help);
    run_examples(&help);
}

#[test]
fn json_has_every_promised_key() {
    let place = Place::new();
    let report = json(&place.hexad(&cities("--zoom 0-3 --json --out tiles")).ok());
    let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"bandwidth bandwidth_is_ground bandwidth_px bbox beyond bytes command crs elapsed_s height inside max max_at max_zoom method missing normalization outputs points scale_max sum tiles unit width zoom");
    assert_eq!((&report["command"], &report["points"]), (&"density tiles".into(), &34_006.into()));
    let tiles = folder(&place.path("tiles"));
    assert_eq!(report["tiles"].as_u64().unwrap(), tiles.len() as u64);
    let told = std::fs::metadata(place.path("tiles/tiles.json")).unwrap().len();
    assert_eq!(
        report["bytes"].as_u64().unwrap(),
        tiles.values().map(|png| png.len() as u64).sum::<u64>() + told
    );
    assert_eq!((&report["scale_max"], &report["unit"]), (&report["max"], &"points / km\u{b2}".into()));
    assert_eq!((&report["zoom"][0], &report["zoom"][1]), (&0.into(), &3.into()));
    // The densest place of cities is in Europe.
    let at = |axis: usize| report["max_at"][axis].as_f64().unwrap();
    assert!((-10.0..30.0).contains(&at(0)) && (35.0..60.0).contains(&at(1)), "{}", report["max_at"]);
}

#[test]
fn an_archive_holds_what_a_folder_does() {
    let place = Place::new();
    let options = "--zoom 0-5 --bandwidth 4px --attribution Credit";
    place.hexad(&cities(&format!("{options} --out tiles"))).ok();
    let report = json(&place.hexad(&cities(&format!("{options} --json --out tiles.pmtiles"))).ok());
    let archive = Archive::open(&place.path("tiles.pmtiles"));
    let (tiles, files) = (archive.tiles(), folder(&place.path("tiles")));
    assert!(tiles.len() > 300 && tiles.keys().eq(files.keys()));
    assert!(tiles == files, "the same pictures");
    assert_eq!(report["bytes"].as_u64().unwrap(), archive.bytes.len() as u64);
    assert_eq!(archive.u64(72), tiles.len(), "addressed tiles");
    // Clustered; directories packed by gzip, tiles as they are; PNG; zooms.
    assert_eq!(archive.bytes[96..102], [1, 2, 1, 2, 0, 5]);
    let told: Value = serde_json::from_str(&place.read("tiles/tiles.json")).unwrap();
    let metadata = archive.metadata();
    for key in
        ["attribution", "bounds", "minzoom", "maxzoom", "scale_max", "unit", "format", "name", "description"]
    {
        assert!(
            !metadata[key].is_null() && metadata[key] == told[key],
            "{key}: {} {}",
            metadata[key],
            told[key]
        );
    }
    assert_eq!((&metadata["attribution"], &metadata["maxzoom"]), (&"Credit".into(), &5.into()));
    for (index, at) in [102, 106, 110, 114].into_iter().enumerate() {
        let bound = metadata["bounds"][index].as_f64().unwrap();
        assert!((archive.degrees(at) - bound).abs() < 1e-7, "{bound}");
    }
}

#[test]
fn tiles_are_the_crops_of_one_picture() {
    let place = Place::new();
    for (method, name) in [("gaussian", "smooth"), ("box", "boxes"), ("histogram", "counts")] {
        let options = format!("--method {method} --zoom 2 --colormap heat --scale log --out {name}");
        place.hexad(&cities(&options)).ok();
        let world = "-180,-85.05112878,180,85.05112878";
        let line = format!(
            "density {} --x longitude --y latitude --crs lonlat --bbox {world} --size 1024x1024 --method {method} \
             --colormap heat --scale log --alpha=0.8 --out {name}.png",
            data("cities.csv").display()
        );
        place.hexad(&line).ok();
        let (width, whole) = pixels(&std::fs::read(place.path(&format!("{name}.png"))).unwrap());
        assert_eq!(width, 1024);
        let tiles = folder(&place.path(name));
        let mut different = 0;
        for row in 0..4 {
            for column in 0..4 {
                let tile = tiles.get(&(2, column, row)).map(|png| pixels(png).1);
                for (index, pixel) in tile.unwrap_or(vec![[0; 4]; 65_536]).iter().enumerate() {
                    let (x, y) = (column as usize * 256 + index % 256, row as usize * 256 + index / 256);
                    let same = *pixel == whole[y * 1024 + x] || pixel[3] == 0 && whole[y * 1024 + x][3] == 0;
                    different += usize::from(!same);
                }
            }
        }
        assert_eq!(different, 0, "{name}");
    }
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let place = Place::new();
    for bandwidth in ["6px", "300km", "2"] {
        let made = |threads: usize| {
            let options = format!("--zoom 0-3 --bandwidth {bandwidth} --threads {threads} --out t.pmtiles");
            place.hexad(&cities(&options)).ok();
            std::fs::read(place.path("t.pmtiles")).unwrap()
        };
        let one = made(1);
        assert!(one == made(2) && one == made(3), "{bandwidth}");
    }
}

#[test]
fn what_is_empty_is_clear_and_is_not_written() {
    let place = Place::new();
    place.write("p.csv", "lon,lat\n-179.999,10\nnan,0\n0,88\n");
    let line = "density tiles p.csv --x lon --y lat --zoom 3 --scale linear --json --out tiles";
    let report = json(&place.hexad(line).ok());
    let numbers = ["points", "inside", "missing", "beyond"].map(|key| report[key].as_u64().unwrap());
    assert_eq!(numbers, [3, 1, 2, 1]);
    // 10 degrees are 228 pixels above the equator: one row of tiles, on both sides of 180 degrees.
    let tiles = folder(&place.path("tiles"));
    assert_eq!(tiles.keys().copied().collect::<Vec<_>>(), [(3, 0, 3), (3, 7, 3)]);
    let (_, east) = pixels(&tiles[&(3, 7, 3)]);
    assert_eq!(east[0][3], 0);
    assert!(east.iter().any(|pixel| pixel[3] == 204));
}

#[test]
fn a_fixed_scale_saves_a_pass_and_gives_the_same_pictures() {
    let place = Place::new();
    let report = json(&place.hexad(&cities("--zoom 0-2 --scale sqrt --json --out a")).ok());
    let high = report["scale_max"].as_f64().unwrap();
    let again = cities(&format!("--zoom 0-2 --scale sqrt --scale-max {high:e} --json --out b"));
    let again = json(&place.hexad(&again).ok());
    assert!(folder(&place.path("a")) == folder(&place.path("b")));
    for key in ["max", "max_at", "tiles", "scale_max"] {
        assert_eq!(report[key], again[key], "{key}");
    }
}

#[test]
fn a_folder_of_tiles_is_replaced_and_no_other() {
    let place = Place::new();
    place.hexad(&cities("--zoom 0-2 --out tiles")).ok();
    place.hexad(&cities("--zoom 0-1 --out tiles")).ok();
    assert!(folder(&place.path("tiles")).keys().all(|tile| tile.0 < 2));
    place.write("tiles/notes.txt", "mine");
    place.hexad(&cities("--zoom 0-1 --out tiles")).fails(1, "which would be lost");
    place.hexad(&cities("--zoom 0-1 --out tiles/notes.txt/deep")).fails(1, "is a file and not a folder");
    assert_eq!(place.files(), ["tiles"]);
}

#[test]
fn what_cannot_be_is_refused_in_one_line() {
    let place = Place::new();
    place.write("p.csv", "lon,lat\n1,2\n3,4\n");
    place.write("pole.csv", "lon,lat\n1,90\n");
    let refuse = |file: &str, options: &str, code: i32, part: &str| {
        place.hexad(&format!("density tiles {file} --x lon --y lat {options}")).fails(code, part);
        assert_eq!(place.files(), ["p.csv", "pole.csv"], "{options}");
    };
    refuse("p.csv", "--zoom 0-23 --out t", 2, "from 0 to 22");
    refuse("p.csv", "--zoom 8-0 --out t", 2, "must not end before it starts");
    refuse("p.csv", "--out t", 2, "--zoom");
    refuse("p.csv", "--zoom 0-3", 2, "--out");
    refuse("p.csv", "--zoom 0-3 --out t.png", 2, "ends in .pmtiles");
    refuse("p.csv", "--zoom 0-3 --crs planar --out t", 2, "tiles are of the Earth");
    refuse("p.csv", "--zoom 0-3 --bandwidth scott --out t", 2, "tiles need a width");
    refuse("p.csv", "--zoom 0-3 --bandwidth 5km --method box --out t", 2, "whole pixels");
    refuse("p.csv", "--zoom 0-3 --bandwidth 0.1px --out t", 2, "below a fifth");
    refuse("p.csv", "--zoom 0-3 --bandwidth 1km --out t", 2, "below a fifth");
    refuse("p.csv", "--zoom 0-3 --bandwidth 0 --out t", 2, "must be > 0");
    refuse("p.csv", "--zoom 0-3 --scale-max 0 --out t", 2, "must be > 0");
    refuse("p.csv", "--zoom 0-3 --scale-max 1 --scale quantile --out t", 2, "by rank");
    refuse("p.csv", "--zoom 0-3 --scale-max 1 --normalize max --out t", 2, "ends at 1");
    refuse(
        "p.csv",
        "--zoom 0-22 --max-tiles 20 --out t",
        2,
        "about 105,000 bytes, and --max-tiles allows 20",
    );
    refuse("p.csv", "--zoom 0-14 --bandwidth 500km --out t.pmtiles", 2, "stop at a lower zoom");
    refuse("pole.csv", "--zoom 0-3 --out t", 1, "pole.csv: holds no point");
    refuse("p.csv", "--zoom 0-3 --out p.csv/t", 1, "is a file and not a folder");
    place.hexad("density tiles p.csv --x lon --y none --zoom 0-3 --out t").fails(1, "no column is named");
}
