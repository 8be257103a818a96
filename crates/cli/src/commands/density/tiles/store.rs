//! Where tiles go.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use hexad_density::TileId;
use serde_json::{Value, json};

use super::archive::Archive;
use crate::args::density::tiles::TilesArgs;
use crate::error::{Failure, Outcome};
use crate::output::{self, Pending, PendingFolder};
use crate::picture::{Scale, ScaleKind};

/// The file in a folder of tiles that tells of them.
const TOLD: &str = "tiles.json";

/// What `--out` asks for.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// A folder.
    Folder(&'a Path),
    /// A PMTiles file.
    Archive(&'a Path),
}

/// Tiles that have been drawn, and how many.
pub struct Store {
    kind: Kind,
    tiles: AtomicU64,
    bytes: AtomicU64,
}

enum Kind {
    Folder(PendingFolder),
    Archive(Archive),
}

/// Tiles that wait to take their place.
pub struct Done {
    /// Their number.
    pub tiles: u64,
    /// Bytes of the file, or of the pictures.
    pub bytes: u64,
    /// `folder` or `pmtiles`.
    pub format: &'static str,
    pending: PendingKind,
}

enum PendingKind {
    Folder(PendingFolder),
    File(Pending),
}

/// What stands beside the tiles.
pub struct Description<'a> {
    /// The command's options.
    pub args: &'a TilesArgs,
    /// Of values.
    pub unit: &'a str,
    /// West, south, east, north.
    pub bounds: [f64; 4],
    /// One for all.
    pub scale: &'a Scale,
}

impl<'a> Target<'a> {
    /// Refuses what cannot be written, before any work.
    pub fn check(path: &'a Path) -> Outcome<Self> {
        let extension =
            path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        match extension.as_deref() {
            Some("pmtiles") => {
                output::check_target("--out", path)?;
                return Ok(Self::Archive(path));
            }
            Some("png" | "mbtiles" | "json" | "geojson" | "zip" | "npy" | "csv" | "svg" | "gif") => {
                return Err(Failure::usage(format!(
                    "--out {}: tiles go to a folder, or to one file whose name ends in .pmtiles",
                    path.display()
                )));
            }
            _ => {}
        }
        if path.is_dir() {
            check_replaceable(path)?;
        } else {
            output::check_target("--out", &path.join(TOLD))?;
        }
        Ok(Self::Folder(path))
    }
}

/// Refuses to replace a folder that holds anything but tiles.
fn check_replaceable(folder: &Path) -> Outcome<()> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::io(folder, "read", &error))?;
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    let is_zoom = |name: &std::ffi::OsString| name.to_str().is_some_and(|name| name.parse::<u8>().is_ok());
    let is_ours =
        names.iter().any(|name| name == TOLD) && names.iter().all(|name| name == TOLD || is_zoom(name));
    if names.is_empty() || is_ours {
        return Ok(());
    }
    Err(Failure::work(format!(
        "--out {}: is a folder of other things, which would be lost; name a new one",
        folder.display()
    )))
}

impl Store {
    /// An empty store beside its target.
    pub fn create(target: Target<'_>) -> Outcome<Self> {
        let kind = match target {
            Target::Folder(path) => Kind::Folder(PendingFolder::create(path)?),
            Target::Archive(path) => Kind::Archive(Archive::create(path)?),
        };
        Ok(Self { kind, tiles: AtomicU64::new(0), bytes: AtomicU64::new(0) })
    }

    /// Keeps a tile; returns how many there are. From any threads in any order.
    pub fn put(&self, tile: TileId, png: &[u8]) -> Outcome<u64> {
        match &self.kind {
            Kind::Folder(folder) => {
                folder.write(&format!("{}/{}/{}.png", tile.zoom(), tile.column(), tile.row()), png)?;
            }
            Kind::Archive(archive) => archive.put(tile, png)?,
        }
        self.bytes.fetch_add(png.len() as u64, Ordering::Relaxed);
        Ok(self.tiles.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Adds what tells of the tiles.
    pub fn finish(self, description: &Description<'_>) -> Outcome<Done> {
        let tiles = self.tiles.into_inner();
        match self.kind {
            Kind::Folder(folder) => {
                let told = format!("{:#}\n", description.tile_json());
                folder.write(TOLD, told.as_bytes())?;
                let bytes = self.bytes.into_inner() + told.len() as u64;
                Ok(Done { tiles, bytes, format: "folder", pending: PendingKind::Folder(folder) })
            }
            Kind::Archive(archive) => {
                let (pending, bytes) = archive.finish(description)?;
                Ok(Done { tiles, bytes, format: "pmtiles", pending: PendingKind::File(pending) })
            }
        }
    }
}

impl Done {
    /// Puts the tiles in their place.
    pub fn commit(self) -> Outcome<()> {
        match self.pending {
            PendingKind::Folder(folder) => folder.commit(),
            PendingKind::File(file) => file.commit(),
        }
    }
}

impl Description<'_> {
    /// Longitude, latitude and zoom to begin at.
    pub fn centre(&self) -> ([f64; 2], u8) {
        let [west, south, east, north] = self.bounds;
        ([0.5 * (west + east), 0.5 * (south + north)], self.args.zoom[0])
    }

    /// What every kind of tiles says of itself.
    pub fn metadata(&self) -> Value {
        let scale = match self.scale.kind() {
            ScaleKind::Linear => "linear",
            ScaleKind::Sqrt => "sqrt",
            ScaleKind::Log => "log",
            ScaleKind::Quantile => "quantile",
        };
        let name = self.args.out.file_stem().map(|name| name.to_string_lossy().into_owned());
        json!({
            "name": name.unwrap_or_default(),
            "description": format!("Density of points: {}", self.unit),
            "attribution": self.args.attribution,
            "type": "overlay",
            "format": "png",
            "minzoom": self.args.zoom[0],
            "maxzoom": self.args.zoom[1],
            "bounds": self.bounds,
            "generator": concat!("hexad ", env!("CARGO_PKG_VERSION")),
            "unit": self.unit,
            "scale": scale,
            "scale_max": self.scale_max(),
        })
    }

    /// The value at the end of the scale, in its unit.
    pub fn scale_max(&self) -> f64 {
        match self.args.normalize {
            crate::args::density::NormalizeKind::Max => 1.0,
            _ => self.scale.high(),
        }
    }

    fn tile_json(&self) -> Value {
        let mut told = self.metadata();
        let ([lon, lat], zoom) = self.centre();
        told["tilejson"] = json!("3.0.0");
        told["scheme"] = json!("xyz");
        told["tiles"] = json!(["{z}/{x}/{y}.png"]);
        told["center"] = json!([lon, lat, zoom]);
        told
    }
}
