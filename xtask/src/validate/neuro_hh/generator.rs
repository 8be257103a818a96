//! The random numbers themselves.

use hexad_neuro_hh::{Stream, StreamKey};

use crate::validate::claim::{Bound, Claim, Outcome};

/// PCG64-DXSM as its author publishes it: a state and an increment.
struct Pcg64Dxsm {
    state: u128,
    increment: u128,
}

impl Pcg64Dxsm {
    const MULTIPLIER: u64 = 0xda94_2042_e4dd_58b5;

    fn advance(&mut self) {
        self.state = self.state.wrapping_mul(u128::from(Self::MULTIPLIER)).wrapping_add(self.increment);
    }

    /// Double xorshift, multiply: of the state before the step.
    #[expect(clippy::cast_possible_truncation, reason = "the halves of the state")]
    fn next(&mut self) -> u64 {
        let (mut high, low) = ((self.state >> 64) as u64, self.state as u64 | 1);
        high ^= high >> 32;
        high = high.wrapping_mul(Self::MULTIPLIER);
        high ^= high >> 48;
        self.advance();
        high.wrapping_mul(low)
    }

    fn seeded(state: u128, stream: u128) -> Self {
        let mut generator = Self { state: 0, increment: (stream << 1) | 1 };
        generator.advance();
        generator.state = generator.state.wrapping_add(state);
        generator.advance();
        generator
    }
}

/// A generator of NumPy: its state and increment after seeding, its first four numbers, and the thousandth.
struct Published {
    state: u128,
    increment: u128,
    first: [u64; 4],
    thousandth: u64,
}

/// `numpy/random/tests/data/pcg64dxsm-testset-1.csv` and `-2.csv`; the states are those that NumPy's SeedSequence makes of
/// their seeds 0xdeadbeaf and 0.
const PUBLISHED: [Published; 2] = [
    Published {
        state: 0xdcbf_51ec_a8a0_6d6d_a11c_0e6f_95be_4591,
        increment: 0x6f01_e045_569d_93c4_40ac_10dd_0493_10b5,
        first: [0xdf1d_dcf1_e225_21fe, 0xc71b_2f9c_706c_f151, 0x6922_a8cc_24ad_96b2, 0x8273_8c54_9bec_cc30],
        thousandth: 0x4955_c92a_aa23_1578,
    },
    Published {
        state: 0x1aa1_b534_5996_452d_0958_5eb7_a695_61e3,
        increment: 0x418d_dadb_3af7_1a82_5881_33bc_4478_73a9,
        first: [0xd97e_4a14_7f78_8a70, 0x8dfa_7bce_56e3_a253, 0x1355_6ed9_f53d_3c10, 0x55db_f1c2_4134_1e98],
        thousandth: 0xc0a2_77e3_b2bf_c3de,
    },
];

pub(super) fn known_answers() -> Outcome {
    let mut wrong = 0;
    for published in &PUBLISHED {
        let mut generator = Pcg64Dxsm { state: published.state, increment: published.increment };
        let numbers: Vec<u64> = (0..1000).map(|_| generator.next()).collect();
        wrong += published.first.iter().zip(&numbers).filter(|(a, b)| a != b).count();
        wrong += usize::from(numbers[999] != published.thousandth);
    }
    let keys = [
        StreamKey::default(),
        StreamKey { seed: 1, run: 2, neuron: 3, source: 4 },
        StreamKey { seed: u64::MAX, run: 0, neuron: 4095, source: 127 },
    ];
    for key in keys {
        let [a, b, c, d] = words(&key);
        let wide = |high, low| (u128::from(high) << 64) | u128::from(low);
        let mut generator = Pcg64Dxsm::seeded(wide(a, b), wide(c, d));
        let mut stream = Stream::new(&key);
        wrong += (0..10_000).filter(|_| stream.bits() != generator.next()).count();
        let mut later = Stream::at(&key, generator.state);
        wrong += (0..1000).filter(|_| later.bits() != generator.next()).count();
    }
    Ok(Claim::new(
        "The generator written down anew from its definition gives the numbers that NumPy publishes for it, and every \
         stream gives those of the generator that its key seeds, from the start and from a position. Measured: numbers \
         of 10 published and 33,000 of streams that differ.",
        wrong as f64,
        Bound::AtMost(0.0),
    )
    .source(
        "M. E. O'Neill, HMC-CS-2014-0905, 2014, and pcg-cpp's DXSM, 2019; \
         numpy/random/tests/data/pcg64dxsm-testset-1.csv and -2.csv; Steele, Lea and Flood 2014, SplitMix64",
    ))
}

/// What a key seeds a generator with: SplitMix64 over its four words.
fn words(key: &StreamKey) -> [u64; 4] {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let absorb =
        |hash: u64, word: u64| split_mix(hash ^ split_mix(word.wrapping_add(GOLDEN))).wrapping_add(GOLDEN);
    let hash = [key.seed, key.run, key.neuron, key.source].into_iter().fold(0, absorb);
    [1_u64, 2, 3, 4].map(|index| split_mix(hash.wrapping_add(index.wrapping_mul(GOLDEN))))
}

/// The output function of SplitMix64.
pub(super) fn split_mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
