//! Files with something wrong, the same for the same seed.

/// Damages samples.
pub(super) struct Damage {
    state: u64,
}

/// What a field of text or an item of bytes may turn into.
const WORDS: [&str; 26] = [
    "nan",
    "-inf",
    "inf",
    "1e999",
    "-1e-320",
    "0",
    "-0.0",
    "1e308",
    "9223372036854775807",
    "18446744073709551616",
    "",
    "\"",
    "'",
    ",",
    ";",
    "\n",
    "\r",
    "\0",
    "\u{feff}",
    "[",
    "]",
    "{",
    "}",
    "=",
    "#",
    "x",
];
const NUMBERS: [f64; 6] = [f64::NAN, f64::INFINITY, f64::MAX, 5e-324, -0.0, -1e300];

impl Damage {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// One of the samples, damaged in one to four places.
    pub fn of(&mut self, samples: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = samples[self.below(samples.len())].clone();
        for _ in 0..=self.below(4) {
            self.once(&mut bytes);
        }
        bytes
    }

    fn once(&mut self, bytes: &mut Vec<u8>) {
        let len = bytes.len();
        let (at, upto) = (self.below(len + 1), self.below(64));
        let end = (at + upto).min(len);
        match self.below(9) {
            0 => bytes.truncate(at),
            1 => _ = bytes.drain(at..end),
            2 => bytes.splice(at..at, bytes[at..end].to_vec()).for_each(drop),
            3 => {
                let word = WORDS[self.below(WORDS.len())];
                bytes.splice(at..end.min(at + self.below(8)), word.bytes()).for_each(drop);
            }
            4 => {
                let number = NUMBERS[self.below(NUMBERS.len())].to_le_bytes();
                let end = (at + 8).min(len);
                bytes.splice(at..end, number).for_each(drop);
            }
            5 => bytes[at..end].iter_mut().for_each(|byte| *byte = 0xff),
            6 => bytes.extend_from_within(at..end),
            // Near either end are the headers.
            7 => self.bit(bytes, len.min(200)),
            _ => self.bit(bytes, len),
        }
    }

    /// Turns a bit among the first or the last `near` bytes.
    fn bit(&mut self, bytes: &mut [u8], near: usize) {
        if near == 0 {
            return;
        }
        let at = self.below(near);
        let at = if self.below(2) == 0 { at } else { bytes.len() - 1 - at };
        bytes[at] ^= 1 << self.below(8);
    }

    /// A number below `count`.
    fn below(&mut self, count: usize) -> usize {
        // SplitMix64 (Steele, Lea and Flood 2014).
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mixed = mixed ^ (mixed >> 31);
        #[expect(clippy::cast_possible_truncation, reason = "less than count")]
        let below = ((u128::from(mixed) * count as u128) >> 64) as usize;
        below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_follows_from_the_seed() {
        let samples = [b"x,y\n0,1\n1,2\n".to_vec(), Vec::new()];
        let many = |seed| {
            let mut damage = Damage::new(seed);
            (0..1000).map(|_| damage.of(&samples)).collect::<Vec<_>>()
        };
        assert_eq!(many(1), many(1));
        assert_ne!(many(1), many(2));
    }
}
