//! Arguments as nobody means them.

use hexad_testkit::Random;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const TAME: [f64; 8] = [1.0, 0.5, 2.0, 3.7, 0.1, 10.0, 0.25, 50.0];
const AWKWARD: [f64; 22] = [
    0.0,
    -0.0,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    5e-324,
    -5e-324,
    1e-308,
    1e-160,
    1e-18,
    1e-9,
    -1.0,
    -2.5,
    1e6,
    1e18,
    -1e18,
    9.3e18,
    2e19,
    1e160,
    1e308,
    -1e308,
    f64::MAX,
];

/// Arguments that follow from a list of choices; when it is over, the tamest.
#[derive(Debug, Clone)]
pub struct Draw {
    choices: Vec<u64>,
    next: usize,
}

pub fn draws() -> impl Strategy<Value = Draw> {
    prop::collection::vec(any::<u64>(), 0..60).prop_map(|choices| Draw { choices, next: 0 })
}

impl Draw {
    fn choice(&mut self) -> u64 {
        let choice = self.choices.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        choice
    }

    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.choice() % count as u64).unwrap_or(0)
    }

    pub fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())].clone()
    }

    /// Whether the one in `count` cases has come.
    pub fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    /// A small positive number in most cases.
    pub fn number(&mut self) -> f64 {
        if self.once_in(4) { self.pick(&AWKWARD) } else { self.pick(&TAME) }
    }

    /// As [`Draw::number`], but no width so large that the work for it would take long.
    pub fn width(&mut self) -> f64 {
        let width = self.number();
        if (1e3..1e12).contains(&width) { 1.0 } else { width }
    }

    /// Between 0 and 1 in most cases.
    pub fn fraction(&mut self) -> f64 {
        if self.once_in(4) { self.pick(&AWKWARD) } else { self.pick(&[0.5, 0.0, 1.0, 0.1, 0.999]) }
    }

    /// What a tolerance may be.
    pub fn tolerance(&mut self) -> f64 {
        if self.once_in(6) { self.pick(&AWKWARD) } else { self.pick(&[1e-9, 1e-3, 1e-12, 0.1, 1e-15]) }
    }

    /// The length of some data.
    pub fn length(&mut self) -> usize {
        self.pick(&[13, 0, 1, 2, 3, 7, 31, 64, 97, 251])
    }

    /// How often or how far, with no memory behind it.
    pub fn count(&mut self) -> usize {
        if self.once_in(5) { self.pick(&[usize::MAX, usize::MAX / 2 + 1, 1 << 53]) } else { self.length() }
    }

    /// The same length in most cases.
    pub fn about(&mut self, len: usize) -> usize {
        if self.once_in(8) { self.length() } else { len }
    }

    /// `len` measured numbers.
    pub fn signal(&mut self, len: usize) -> Vec<f64> {
        let (kind, mut random) = (self.below(5), Random::new(self.choice()));
        let mut values: Vec<f64> = (0..len)
            .map(|index| match kind {
                0 | 1 => random.normal(),
                2 => 1.0,
                3 => (index as f64).sin(),
                _ => index as f64,
            })
            .collect();
        self.scale(&mut values);
        self.spoil(&mut values);
        values
    }

    /// `len` places, rising in most cases.
    pub fn places(&mut self, len: usize) -> Vec<f64> {
        let (kind, mut random) = (self.below(5), Random::new(self.choice()));
        let mut values: Vec<f64> = match kind {
            0 => (0..len).map(|index| index as f64).collect(),
            1 => vec![1.0; len],
            _ => (0..len).map(|_| random.normal()).collect(),
        };
        if kind != 4 {
            values.sort_by(f64::total_cmp);
        }
        self.scale(&mut values);
        if self.once_in(6) {
            let by = self.pick(&[1e15, -1e15, 1e300]);
            values.iter_mut().for_each(|value| *value += by);
        }
        self.spoil(&mut values);
        values
    }

    fn scale(&mut self, values: &mut [f64]) {
        if self.once_in(5) {
            let by = self.pick(&[1e307, 1e-300, 1e-320, 1e100, 1e-100, -1.0, 0.0]);
            values.iter_mut().for_each(|value| *value *= by);
        }
    }

    fn spoil(&mut self, values: &mut [f64]) {
        if !values.is_empty() && self.once_in(4) {
            for _ in 0..=self.below(3) {
                let at = self.below(values.len());
                values[at] = self.pick(&AWKWARD);
            }
        }
    }

    /// The same bytes with something wrong.
    pub fn damaged(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        for _ in 0..=self.below(3) {
            let len = bytes.len();
            let at = if self.once_in(2) { self.below(len.min(128) + 1) } else { self.below(len + 1) };
            match self.below(5) {
                0 if at < len => bytes[at] ^= 1 << self.below(8),
                1 => bytes.truncate(at),
                2 => {
                    let word = self.pick(&[
                        u64::MAX,
                        0,
                        1 << 63,
                        1,
                        1 << 40,
                        f64::NAN.to_bits(),
                        f64::MAX.to_bits(),
                    ]);
                    let (start, word) = (at / 8 * 8, word.to_le_bytes());
                    bytes.iter_mut().skip(start).zip(word).for_each(|(byte, new)| *byte = new);
                }
                3 => bytes.extend_from_within(at..),
                _ => _ = bytes.drain(at..(at + 8).min(len)),
            }
        }
        bytes
    }
}

/// 64 cases, or a quarter of `PROPTEST_CASES`; what fails becomes a test of its own.
pub fn few() -> ProptestConfig {
    let usual = ProptestConfig::default();
    // The same draws in every run, for what is refused must not depend on luck; other ones by PROPTEST_RNG_SEED.
    let rng_seed = if usual.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { usual.rng_seed };
    ProptestConfig {
        cases: usual.cases / 4,
        rng_seed,
        failure_persistence: None,
        max_shrink_iters: 300,
        ..usual
    }
}
