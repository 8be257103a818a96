//! Samples with something wrong, the same for the same seed.

/// Damages samples.
pub(super) struct Damage {
    state: u64,
    /// Sample and length of the next prefix.
    cut: (usize, usize),
}

/// What may be damaged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample<'a> {
    pub bytes: &'a [u8],
    pub structure: Structure,
}

/// How bytes are made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Structure {
    /// Lines of fields.
    Text,
    /// Headers, lengths and numbers.
    Binary,
}

/// What a field of text may turn into.
const WORDS: [&str; 34] = [
    "nan",
    "-inf",
    "inf",
    "1e999",
    "-1e-320",
    "0",
    "-1",
    "-0.0",
    "1e308",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "0x7fffffffffffffff",
    "2026-02-30",
    "-9999-01-01T99:99:99Z",
    "",
    "\"",
    "\"\"\"",
    "'",
    ",",
    ";",
    "\n",
    "\r",
    "\0",
    "\u{feff}",
    "\u{202e}\u{1f980}",
    "[",
    "]",
    "{",
    "}",
    "=",
    "#",
];
const NUMBERS: [f64; 6] = [f64::NAN, f64::INFINITY, f64::MAX, 5e-324, -0.0, -1e300];
/// What a count or a length may turn into.
const LENGTHS: [u64; 10] =
    [0, 1, u64::MAX, 1 << 31, (1 << 31) - 1, (1 << 32) - 1, 1 << 63, (1 << 63) - 1, 1 << 40, 1 << 53];
/// What is written once too often.
const LONG: [usize; 4] = [300, 5_000, 70_000, 1_000_000];

impl Damage {
    pub fn new(seed: u64) -> Self {
        Self { state: seed, cut: (0, 0) }
    }

    /// One of the samples, by its index, cut short or damaged in one to four places. All ways to cut one short come
    /// in turn.
    pub fn of(&mut self, samples: &[Sample<'_>]) -> (usize, Vec<u8>) {
        if self.below(4) == 0
            && let (index, length) = self.cut
            && let Some(sample) = samples.get(index)
        {
            self.cut = if length < sample.bytes.len() { (index, length + 1) } else { (index + 1, 0) };
            return (index, sample.bytes[..length].to_vec());
        }
        let index = self.below(samples.len());
        let mut bytes = samples[index].bytes.to_vec();
        for _ in 0..=self.below(4) {
            match (self.below(2), samples[index].structure) {
                (0, _) => self.anything(&mut bytes),
                (_, Structure::Text) => self.text(&mut bytes),
                (_, Structure::Binary) => self.binary(&mut bytes),
            }
        }
        (index, bytes)
    }

    /// As it happens to any file.
    fn anything(&mut self, bytes: &mut Vec<u8>) {
        let len = bytes.len();
        let at = self.below(len + 1);
        let end = (at + self.below(64)).min(len);
        match self.below(8) {
            0 => bytes.truncate(at),
            1 => _ = bytes.drain(at..end),
            2 => bytes.splice(at..at, bytes[at..end].to_vec()).for_each(drop),
            3 => bytes[at..end].iter_mut().for_each(|byte| *byte = 0xff),
            4 => bytes.extend_from_within(at..end),
            5 => self.swap(bytes),
            // Near either end are the headers.
            6 => self.bit(bytes, len.min(200)),
            _ => self.bit(bytes, len),
        }
    }

    /// Fields and lines that are not meant so.
    fn text(&mut self, bytes: &mut Vec<u8>) {
        match self.below(8) {
            0..=3 => {
                let (start, end) = self.field(bytes);
                bytes.splice(start..end, self.word()).for_each(drop);
            }
            4 => {
                let ((start, end), (from, to)) = (self.line(bytes), self.line(bytes));
                let other = bytes[from..to].to_vec();
                bytes.splice(start..end, other).for_each(drop);
            }
            5 => {
                let (start, end) = self.line(bytes);
                let times = self.below(50);
                let line = bytes[start..end].repeat(times);
                bytes.splice(start..end, line).for_each(drop);
            }
            6 => {
                let (start, end) = self.line(bytes);
                bytes.drain(start..end);
            }
            _ => {
                let (start, _) = self.line(bytes);
                let (_, end) = self.field(&bytes[start..]);
                bytes.splice(start..start + end, self.word()).for_each(drop);
            }
        }
    }

    /// Lengths and numbers that cannot be.
    fn binary(&mut self, bytes: &mut Vec<u8>) {
        let number = match self.below(4) {
            0 => NUMBERS[self.below(NUMBERS.len())].to_le_bytes().to_vec(),
            1 => varint(LENGTHS[self.below(LENGTHS.len())]),
            _ => LENGTHS[self.below(LENGTHS.len())].to_le_bytes()[..1 << self.below(4)].to_vec(),
        };
        let near = if self.below(2) == 0 { bytes.len() } else { bytes.len().min(200) };
        let at = self.below(near + 1);
        let at = if self.below(2) == 0 { at } else { bytes.len() - at };
        let end = (at + number.len()).min(bytes.len());
        bytes.splice(at..end, number).for_each(drop);
    }

    /// A word, or what is far too long or too deep.
    fn word(&mut self) -> Vec<u8> {
        if self.below(12) > 0 {
            return WORDS[self.below(WORDS.len())].into();
        }
        let unit = ["9", "x", "[", "{a=", "a.", " ", "\"", "\n", "1,", "\u{1f980}"][self.below(10)];
        unit.repeat(LONG[self.below(LONG.len())] / unit.len()).into_bytes()
    }

    /// Where a run of letters and digits begins and ends.
    fn field(&mut self, bytes: &[u8]) -> (usize, usize) {
        let at = self.below(bytes.len() + 1);
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.+-".contains(byte);
        let before = bytes[..at].iter().rev().take_while(|byte| is_part(byte)).count();
        let after = bytes[at..].iter().take_while(|byte| is_part(byte)).count();
        (at - before, at + after)
    }

    /// Where a line begins and ends, its end included.
    fn line(&mut self, bytes: &[u8]) -> (usize, usize) {
        let at = self.below(bytes.len() + 1);
        let before = bytes[..at].iter().rev().take_while(|byte| **byte != b'\n').count();
        let after = bytes[at..].iter().position(|byte| *byte == b'\n');
        (at - before, after.map_or(bytes.len(), |after| at + after + 1))
    }

    /// Two blocks change places.
    fn swap(&mut self, bytes: &mut [u8]) {
        let length = self.below(64).min(bytes.len() / 2);
        let first = self.below(bytes.len() - 2 * length + 1);
        let second = first + length + self.below(bytes.len() - first - 2 * length + 1);
        let (head, tail) = bytes.split_at_mut(second);
        head[first..first + length].swap_with_slice(&mut tail[..length]);
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
    pub fn below(&mut self, count: usize) -> usize {
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

/// LEB128, as Parquet's headers have their lengths.
fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(0x80 | value.to_le_bytes()[0]);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(structure: Structure) -> [Sample<'static>; 3] {
        [b"x,y\n0,1\n1,2\n".as_slice(), b"", b"12345"].map(|bytes| Sample { bytes, structure })
    }

    #[test]
    fn damage_follows_from_the_seed() {
        for structure in [Structure::Text, Structure::Binary] {
            let many = |seed| {
                let mut damage = Damage::new(seed);
                (0..1000).map(|_| damage.of(&samples(structure))).collect::<Vec<_>>()
            };
            assert_eq!(many(1), many(1));
            assert_ne!(many(1), many(2));
        }
    }

    #[test]
    fn every_prefix_comes() {
        let (mut damage, samples) = (Damage::new(1), samples(Structure::Binary));
        let many: Vec<_> = (0..200).map(|_| damage.of(&samples)).collect();
        for (index, sample) in samples.iter().enumerate() {
            let mut prefixes = (0..=sample.bytes.len()).map(|length| sample.bytes[..length].to_vec());
            assert!(prefixes.all(|prefix| many.contains(&(index, prefix))));
        }
    }

    #[test]
    fn lengths_are_written_as_parquet_has_them() {
        assert_eq!(varint(300), [0xac, 0x02]);
        assert_eq!(varint(u64::MAX).len(), 10);
    }
}
