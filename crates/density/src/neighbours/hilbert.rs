//! Places along Hilbert's curve: near on the curve is near in the plane.

/// Bits of a coordinate.
pub(super) const BITS: u32 = 16;

/// Key of a cell of a `2^16 x 2^16` grid: four bits of each coordinate at a time.
pub(super) fn key(x: u16, y: u16) -> u32 {
    let (mut key, mut state) = (0, 0);
    for shift in [12, 8, 4, 0] {
        let digit = ((x >> shift) & 15) << 4 | ((y >> shift) & 15);
        let entry = STEPS[state][usize::from(digit)];
        key = key << 8 | u32::from(entry & 255);
        state = usize::from(entry >> 8);
    }
    key
}

/// For each orientation of the curve, and four bits of x and y: eight bits of the key, and the next orientation.
static STEPS: [[u16; 256]; 4] = steps();

const fn steps() -> [[u16; 256]; 4] {
    let mut steps = [[0; 256]; 4];
    let mut start = 0;
    while start < 4 {
        let mut digit = 0;
        while digit < 256 {
            let (mut key, mut state) = (0, start);
            let mut bit = 4;
            while bit > 0 {
                bit -= 1;
                let (x, y) = (digit >> (4 + bit) & 1, digit >> bit & 1);
                // The lower bit of the state exchanges x and y, the upper one turns both round.
                let (x, y) = if state & 1 == 1 { (y, x) } else { (x, y) };
                let (x, y) = (x ^ (state >> 1), y ^ (state >> 1));
                key = key << 2 | ((3 * x) ^ y);
                if y == 0 {
                    state ^= 1 | x << 1;
                }
            }
            steps[start as usize][digit as usize] = state << 8 | key;
            digit += 1;
        }
        start += 1;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_on_the_curve_are_neighbours_in_the_plane() {
        let mut cells: Vec<(u32, i32, i32)> =
            (0..4096).map(|i| (key(i >> 6, i & 63), i32::from(i >> 6), i32::from(i & 63))).collect();
        cells.sort_unstable();
        for (index, pair) in cells.windows(2).enumerate() {
            assert_eq!(pair[0].0 as usize, index);
            assert_eq!((pair[0].1 - pair[1].1).abs() + (pair[0].2 - pair[1].2).abs(), 1);
        }
    }
}
