//! All tiles in one PMTiles file.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use hexad_density::TileId;
use pmtiles::{PmTilesWriter, TileCoord, TileType};

use super::store::Description;
use crate::error::{Failure, Outcome};
use crate::output::{self, Pending};

/// Tiles in the order they come, in a nameless file, until they can be put into the order of the format.
pub struct Archive {
    path: PathBuf,
    spool: Mutex<Spool>,
}

struct Spool {
    file: BufWriter<File>,
    length: u64,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    /// The format's own number: along a Hilbert curve, zoom by zoom.
    id: u64,
    coordinates: TileCoord,
    offset: u64,
    length: usize,
}

impl Archive {
    /// An empty archive, to be written to `path`.
    pub fn create(path: &Path) -> Outcome<Self> {
        let cannot = |error: io::Error| Failure::io(path, "write", &error);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(cannot)?;
        let file = BufWriter::new(tempfile::tempfile_in(folder).map_err(cannot)?);
        let spool = Mutex::new(Spool { file, length: 0, entries: Vec::new() });
        Ok(Self { path: path.to_path_buf(), spool })
    }

    /// Keeps a tile.
    pub fn put(&self, tile: TileId, png: &[u8]) -> Outcome<()> {
        let coordinates = TileCoord::new(tile.zoom(), tile.column(), tile.row());
        let coordinates = coordinates.map_err(|error| Failure::work(format!("tiles: {error}")))?;
        let mut spool = self.spool.lock().unwrap_or_else(PoisonError::into_inner);
        spool.file.write_all(png).map_err(|error| Failure::io(&self.path, "write", &error))?;
        let id = pmtiles::TileId::from(coordinates).value();
        let offset = spool.length;
        spool.entries.push(Entry { id, coordinates, offset, length: png.len() });
        spool.length += png.len() as u64;
        Ok(())
    }

    /// The archive and its length in bytes.
    pub fn finish(self, description: &Description<'_>) -> Outcome<(Pending, u64)> {
        let Spool { file, mut entries, .. } = self.spool.into_inner().unwrap_or_else(PoisonError::into_inner);
        entries.sort_unstable_by_key(|entry| entry.id);
        let mut length = 0;
        let pending = output::write_seekable(&self.path, |out| {
            let spool = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            write(spool, &entries, description, out).map_err(io::Error::other)?;
            length = out.seek(SeekFrom::End(0))?;
            Ok(())
        })?;
        Ok((pending, length))
    }
}

/// Tiles that look alike are kept once.
fn write(
    mut spool: File,
    entries: &[Entry],
    description: &Description<'_>,
    out: &mut File,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let [west, south, east, north] = description.bounds;
    let ([lon, lat], zoom) = description.centre();
    let [first, last] = description.args.zoom;
    let mut archive = PmTilesWriter::new(TileType::Png)
        .min_zoom(first)
        .max_zoom(last)
        .bounds(west, south, east, north)
        .center(lon, lat)
        .center_zoom(zoom)
        .metadata(description.metadata().to_string())
        .create(&mut *out)?;
    let mut png = Vec::new();
    for entry in entries {
        png.resize(entry.length, 0);
        spool.seek(SeekFrom::Start(entry.offset))?;
        spool.read_exact(&mut png)?;
        archive.add_tile(entry.coordinates, &png)?;
    }
    Ok(archive.finalize()?)
}
