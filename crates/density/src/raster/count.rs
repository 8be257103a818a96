//! Counting: a byte a pixel is hot, and the rare carry goes to the upper digits.

use std::sync::{Mutex, PoisonError};

use hexad_core::simd::prefetch;
use rayon::prelude::*;

use super::Tally;
use super::cells::{BLOCK, CellFinder};
use crate::Points;

/// Points that are asked for ahead of those being counted.
const AHEAD: usize = 4 * BLOCK;
/// Cells of a tile: what 16 bits tell apart, and nearly what the first cache holds.
const TILE: usize = 1 << 16;
/// Rasters that are counted tile by tile: larger than the second cache, and not too large for a queue per tile.
const TILED: std::ops::RangeInclusive<usize> = 1 << 20..=1 << 26;
/// Points that wait in all queues together.
const WAITING: usize = 1 << 20;
/// Queues of a power of two would share the same few places of the cache.
const STAGGER: usize = 96;

/// Whether counting `points` tile by tile is worth its queues.
pub(super) fn is_tiled(points: usize, cells: usize) -> bool {
    TILED.contains(&cells) && points >= cells / 2
}

/// Counts points in their cells; `low` and `high` have one cell more, for those outside.
pub(super) fn count(finder: &CellFinder, points: &Points<'_>, low: &mut [u8], high: &mut [u32]) -> Tally {
    let tally = each_block(finder, points, |cells| {
        cells.iter().for_each(|cell| increment(low, high, *cell as usize));
    });
    clear_outside(low, high);
    tally
}

/// As [`count`]. Points wait in a queue for each tile until there are enough to make its way into the cache worth
/// it. Threads share the tiles, not the points' order: sums of integers do not tell.
pub(super) fn count_tiled(
    finder: &CellFinder,
    points: &Points<'_>,
    low: &mut [u8],
    high: &mut [u32],
) -> Tally {
    let tiles: Vec<Mutex<Tile<'_>>> = low
        .chunks_mut(TILE)
        .zip(high.chunks_mut(TILE))
        .map(|(low, high)| Mutex::new(Tile { low, high }))
        .collect();
    let share = points.len().div_ceil(rayon::current_num_threads()).next_multiple_of(BLOCK);
    let starts: Vec<usize> = (0..points.len()).step_by(share).collect();
    let part = |start: usize| {
        let mut queues = Queues::new(&tiles);
        let part = points.part(start..(start + share).min(points.len()));
        let tally = each_block(finder, &part, |cells| queues.put(cells));
        queues.empty();
        tally
    };
    let tallies: Vec<Tally> = starts.into_par_iter().map(part).collect();
    clear_outside(low, high);
    tallies.into_iter().fold(Tally::default(), |mut sum, tally| {
        sum.add(tally);
        sum
    })
}

/// Hands the cells of all points on, eight at a time, and asks for the memory of points to come in between:
/// otherwise it idles while cells are counted.
fn each_block(finder: &CellFinder, points: &Points<'_>, mut eight: impl FnMut(&[u32])) -> Tally {
    let mut tally = Tally { points: points.len() as u64, ..Tally::default() };
    let mut cells = [0_u32; BLOCK];
    for start in (0..points.len()).step_by(BLOCK) {
        let part = points.part(start..(start + BLOCK).min(points.len()));
        finder.find(&part, &mut cells, &mut tally);
        let ahead = points.part((start + AHEAD).min(points.len())..(start + AHEAD + BLOCK).min(points.len()));
        for (index, cells) in cells[..part.len()].chunks(8).enumerate() {
            prefetch(ahead.x.get(8 * index..).unwrap_or(&[]));
            prefetch(ahead.y.get(8 * index..).unwrap_or(&[]));
            eight(cells);
        }
    }
    tally
}

#[inline(always)]
fn increment(low: &mut [u8], high: &mut [u32], cell: usize) {
    let digit = &mut low[cell];
    *digit = digit.wrapping_add(1);
    if *digit == 0 {
        high[cell] += 1;
    }
}

fn clear_outside(low: &mut [u8], high: &mut [u32]) {
    if let (Some(low), Some(high)) = (low.last_mut(), high.last_mut()) {
        (*low, *high) = (0, 0);
    }
}

/// Some cells in a row.
struct Tile<'a> {
    low: &'a mut [u8],
    high: &'a mut [u32],
}

/// Points on their way to tiles: their place in the tile.
struct Queues<'a> {
    tiles: &'a [Mutex<Tile<'a>>],
    room: usize,
    lengths: Vec<u32>,
    places: Vec<u16>,
}

impl<'a> Queues<'a> {
    fn new(tiles: &'a [Mutex<Tile<'a>>]) -> Self {
        let room = (WAITING / tiles.len()).max(BLOCK);
        Self { tiles, room, lengths: vec![0; tiles.len()], places: vec![0; tiles.len() * (room + STAGGER)] }
    }

    #[inline(always)]
    fn put(&mut self, cells: &[u32]) {
        for cell in cells {
            let tile = (cell >> 16) as usize;
            let length = &mut self.lengths[tile];
            self.places[tile * (self.room + STAGGER) + *length as usize] = place(*cell);
            *length += 1;
            if *length as usize == self.room {
                self.flush(tile);
            }
        }
    }

    fn empty(&mut self) {
        (0..self.tiles.len()).for_each(|tile| self.flush(tile));
    }

    #[inline(never)]
    fn flush(&mut self, tile: usize) {
        let start = tile * (self.room + STAGGER);
        let waiting = &self.places[start..start + self.lengths[tile] as usize];
        self.lengths[tile] = 0;
        let mut tile = self.tiles[tile].lock().unwrap_or_else(PoisonError::into_inner);
        let Tile { low, high } = &mut *tile;
        waiting.iter().for_each(|place| increment(low, high, usize::from(*place)));
    }
}

fn place(cell: u32) -> u16 {
    #[expect(clippy::cast_possible_truncation, reason = "the low half is wanted")]
    let place = cell as u16;
    place
}
