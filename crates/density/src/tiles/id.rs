//! Names of tiles.

use hexad_core::InputError;

use crate::projection::{HALF_WORLD_M, WORLD_M};
use crate::view::Axis;
use crate::{DensityError, View};

/// Pixels along each side of a tile.
pub const TILE_PIXELS: usize = 256;
/// The deepest zoom: a pixel of 4 centimetres.
pub const DEEPEST_ZOOM: u8 = 22;

/// A tile of the world in Web Mercator: `2^zoom` of them along each axis, columns from 180 degrees west, rows from
/// the north (XYZ, as web maps count; TMS counts rows from the south).
///
/// # Examples
///
/// ```
/// use hexad_density::{LonLat, TileId};
/// let berlin = LonLat { lon_deg: 13.40, lat_deg: 52.52 };
/// let tile = TileId::of(berlin, 10).unwrap();
/// assert_eq!((tile.zoom(), tile.column(), tile.row()), (10, 550, 335));
/// assert_eq!(tile.parent(), Some(TileId::new(9, 275, 167)?));
/// let [west, south, east, north] = tile.bounds_deg();
/// assert!(west < 13.40 && 13.40 < east && south < 52.52 && 52.52 < north);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    zoom: u8,
    row: u32,
    column: u32,
}

impl TileId {
    /// The tile in `column` and `row` of a zoom.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] for a zoom above [`DEEPEST_ZOOM`], or a column or row that it does not have.
    pub fn new(zoom: u8, column: u32, row: u32) -> Result<Self, DensityError> {
        check_zoom(zoom)?;
        for (argument, value) in [("column", column), ("row", row)] {
            if value >= 1 << zoom {
                let allowed = "less than 2 to the power of the zoom";
                return Err(InputError::OutOfRange { argument, value: value.into(), allowed }.into());
            }
        }
        Ok(Self { zoom, row, column })
    }

    /// The tile of a zoom that holds a place; none beyond the map, or below [`DEEPEST_ZOOM`].
    #[must_use]
    pub fn of(place: crate::LonLat, zoom: u8) -> Option<Self> {
        check_zoom(zoom).ok()?;
        let [x, y] = place.to_mercator_m()?;
        let [column, row] = cell_of(&world_axis(zoom), [x, y], zoom)?;
        Some(Self { zoom, row, column })
    }

    /// From 0, the world in one tile.
    #[must_use]
    pub fn zoom(self) -> u8 {
        self.zoom
    }

    /// Counted from 180 degrees west.
    #[must_use]
    pub fn column(self) -> u32 {
        self.column
    }

    /// Counted from the north.
    #[must_use]
    pub fn row(self) -> u32 {
        self.row
    }

    /// The tile one zoom up that this one is a quarter of.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        let zoom = self.zoom.checked_sub(1)?;
        Some(Self { zoom, row: self.row / 2, column: self.column / 2 })
    }

    /// Its quarters one zoom down, even below [`DEEPEST_ZOOM`]: north-west, north-east, south-west, south-east.
    #[must_use]
    pub(crate) fn children(self) -> [Self; 4] {
        [[0, 0], [1, 0], [0, 1], [1, 1]].map(|[east, south]| Self {
            zoom: self.zoom + 1,
            row: 2 * self.row + south,
            column: 2 * self.column + east,
        })
    }

    /// The tile's pixels, in metres of EPSG:3857. Tiles of a zoom share their edges, and pixels of all zooms
    /// nest, to the last bit.
    #[must_use]
    pub fn view(self) -> View {
        let axis = world_axis(self.zoom);
        let south = (1_u32 << self.zoom) - 1 - self.row;
        let part = |tile: u32| Axis { first: i64::from(tile) * TILE_PIXELS as i64, len: TILE_PIXELS, ..axis };
        View { x: part(self.column), y: part(south) }
    }

    /// `[west, south, east, north]` in degrees.
    #[must_use]
    pub fn bounds_deg(self) -> [f64; 4] {
        let [x0, y0, x1, y1] = self.view().bounds();
        let [west, east] = [[x0, y0], [x1, y1]].map(crate::LonLat::from_mercator_m);
        [west.lon_deg, west.lat_deg, east.lon_deg, east.lat_deg]
    }

    /// Column and row with their bits in turns: tiles within a tile follow each other.
    pub(crate) fn code(self) -> u64 {
        spread(self.column) | spread(self.row) << 1
    }

    pub(crate) fn from_code(zoom: u8, code: u64) -> Self {
        Self { zoom, row: gather(code >> 1), column: gather(code) }
    }
}

/// Width of a pixel in metres of EPSG:3857.
pub(crate) fn pixel_m(zoom: u8) -> f64 {
    world_axis(zoom).step
}

pub(crate) fn check_zoom(zoom: u8) -> Result<(), DensityError> {
    if zoom <= DEEPEST_ZOOM {
        return Ok(());
    }
    Err(InputError::OutOfRange { argument: "zoom", value: zoom.into(), allowed: "from 0 to 22" }.into())
}

/// All pixels of a zoom, the same along both axes.
pub(crate) fn world_axis(zoom: u8) -> Axis {
    let len = TILE_PIXELS << zoom;
    // Powers of two of the world: halves and sums of neighbours are exact.
    let step = WORLD_M / len as f64;
    Axis { origin: -HALF_WORLD_M, end: HALF_WORLD_M, cells: len as i64, step, first: 0, len }
}

/// Column and row of the tile that holds a point, if it is on the map.
pub(crate) fn cell_of(world: &Axis, [x, y]: [f64; 2], zoom: u8) -> Option<[u32; 2]> {
    let tile = |pixel: usize| u32::try_from(pixel / TILE_PIXELS).ok();
    let (column, south) = (tile(world.pixel_of(x)?)?, tile(world.pixel_of(y)?)?);
    Some([column, (1 << zoom) - 1 - south])
}

/// A zero before every bit.
fn spread(value: u32) -> u64 {
    let mut bits = u64::from(value);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        bits = (bits | bits << shift) & mask;
    }
    bits
}

/// Every second bit.
fn gather(code: u64) -> u32 {
    let mut bits = code & 0x5555_5555_5555_5555;
    for (shift, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0f0f_0f0f_0f0f_0f0f),
        (4, 0x00ff_00ff_00ff_00ff),
        (8, 0x0000_ffff_0000_ffff),
        (16, 0xffff_ffff_u64),
    ] {
        bits = (bits | bits >> shift) & mask;
    }
    #[expect(clippy::cast_possible_truncation, reason = "32 bits are left")]
    let value = bits as u32;
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_turned_back() {
        for (zoom, column, row) in [(0, 0, 0), (3, 5, 2), (22, (1 << 22) - 1, 0), (22, 1_234_567, 4_000_000)]
        {
            let tile = TileId::new(zoom, column, row).unwrap();
            assert_eq!(TileId::from_code(zoom, tile.code()), tile);
            for child in tile.children() {
                assert_eq!(child.code() >> 2, tile.code());
                assert_eq!(child.parent(), Some(tile));
            }
        }
    }
}
