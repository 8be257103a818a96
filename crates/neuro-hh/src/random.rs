//! Streams of random numbers that depend on whose they are, never on the order of execution.

mod exponential;

use rand_pcg::Pcg64Dxsm;
use rand_pcg::rand_core::Rng;

/// Whose stream it is: the same key gives the same numbers on any machine, in any order of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct StreamKey {
    /// The experiment.
    pub seed: u64,
    /// Its repetition.
    pub run: u64,
    /// The neuron that receives.
    pub neuron: u64,
    /// The source that sends, or 0 for all of them together.
    pub source: u64,
}

/// A stream of random numbers: PCG64-DXSM, seeded with a hash of its [`StreamKey`].
///
/// # References
///
/// M. E. O'Neill, PCG (2014), HMC-CS-2014-0905; the hash is SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
#[derive(Debug, Clone)]
pub struct Stream {
    generator: Pcg64Dxsm,
}

impl Stream {
    /// The stream of `key`, from its beginning.
    #[must_use]
    pub fn new(key: &StreamKey) -> Self {
        let [a, b, c, d] = words(key);
        Self { generator: Pcg64Dxsm::new(wide(a, b), wide(c, d)) }
    }

    /// The stream of `key` where [`Stream::position`] was taken.
    #[must_use]
    pub fn at(key: &StreamKey, position: u128) -> Self {
        let [_, _, c, d] = words(key);
        Self { generator: Pcg64Dxsm::from_state(position, wide(c, d)) }
    }

    /// Where the stream stands.
    #[must_use]
    pub fn position(&self) -> u128 {
        self.generator.state()
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// Evenly distributed in `[0, 1)`.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        unit_of(self.bits())
    }

    /// Normally distributed with mean 0 and standard deviation 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (2.0 * self.exponential()).sqrt();
        radius * crate::math::sine_of_turns(self.unit())
    }
}

/// The upper 53 bits as a number in `[0, 1)`.
#[inline]
fn unit_of(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

fn wide(high: u64, low: u64) -> u128 {
    (u128::from(high) << 64) | u128::from(low)
}

fn words(key: &StreamKey) -> [u64; 4] {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = 0;
    for word in [key.seed, key.run, key.neuron, key.source] {
        hash = mix(hash ^ mix(word.wrapping_add(GOLDEN))).wrapping_add(GOLDEN);
    }
    [1_u64, 2, 3, 4].map(|index| mix(hash.wrapping_add(index.wrapping_mul(GOLDEN))))
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_that_of_numpy() {
        // numpy 2.4.6: PCG64DXSM with state and increment of pcg's (42, 54), random_raw(4).
        let mut generator = Pcg64Dxsm::new(42, 54);
        let wanted =
            [0xf084_7c95_18bd_db90, 0x8e7d_5f55_14ba_8aaa, 0x86fb_d36f_8028_f6fd, 0x8d14_b6ed_be9f_740a];
        assert_eq!([0; 4].map(|_| generator.next_u64()), wanted);
    }

    #[test]
    fn splitmix_is_that_of_its_authors() {
        // The first outputs of splitmix64.c (Vigna 2015) with seed 1234567.
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        let outputs = [1_u64, 2, 3].map(|i| mix(1_234_567_u64.wrapping_add(i.wrapping_mul(GOLDEN))));
        assert_eq!(
            outputs,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn a_stream_goes_on_where_it_stopped_and_every_key_has_its_own() {
        let key = StreamKey { seed: 1, run: 2, neuron: 3, source: 4 };
        let mut stream = Stream::new(&key);
        let first = stream.bits();
        let mut again = Stream::at(&key, stream.position());
        assert_eq!(stream.bits(), again.bits());
        for other in [
            StreamKey { seed: 2, run: 1, ..key },
            StreamKey { neuron: 4, source: 3, ..key },
            StreamKey { seed: 1, run: 2, neuron: 3, source: 5 },
        ] {
            assert_ne!(Stream::new(&other).bits(), first);
        }
    }

    #[test]
    fn the_first_moments_are_right() {
        let mut stream = Stream::new(&StreamKey::default());
        let count = 200_000;
        let (mut unit, mut gap, mut normal) = ([0.0; 2], [0.0; 2], [0.0; 2]);
        for _ in 0..count {
            for (sums, x) in
                [(&mut unit, stream.unit()), (&mut gap, stream.exponential()), (&mut normal, stream.normal())]
            {
                sums[0] += x / f64::from(count);
                sums[1] += x * x / f64::from(count);
            }
        }
        // Five standard errors of each mean.
        let close =
            |got: f64, wanted: f64, sd: f64| (got - wanted).abs() < 5.0 * sd / f64::from(count).sqrt();
        assert!(close(unit[0], 0.5, 0.29) && close(unit[1], 1.0 / 3.0, 0.3), "{unit:?}");
        assert!(close(gap[0], 1.0, 1.0) && close(gap[1], 2.0, 4.5), "{gap:?}");
        assert!(close(normal[0], 0.0, 1.0) && close(normal[1], 1.0, 1.42), "{normal:?}");
    }
}
