//! How fast this machine reads and writes memory.

use std::hint::black_box;

/// Numbers of each array: all arrays of a wave on as many cells, and far more than a cache of one's own holds.
const LEN: usize = 10_000_000;

/// Two arrays that are read and written in place, without anything to wait for.
pub(crate) struct Traffic {
    arrays: [Vec<f64>; 2],
}

impl Traffic {
    /// Bytes of one pass.
    pub const BYTES: f64 = 32.0 * LEN as f64;

    pub fn new() -> Self {
        Self { arrays: [vec![1.0; LEN], vec![2.0; LEN]] }
    }

    /// Reads and writes every number once.
    pub fn pass(&mut self) {
        let [a, b] = &mut self.arrays;
        for (a, b) in a.iter_mut().zip(b) {
            (*a, *b) = (1.0 - *a, 1.0 - *b);
        }
        black_box(&mut self.arrays);
    }
}
