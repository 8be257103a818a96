//! Exponentially distributed numbers by the ziggurat: a layer, a place in it, and nearly always done.

use std::sync::LazyLock;

use crate::math::{exp, ln};
use crate::random::Stream;

const LAYERS: usize = 256;
/// Where the tail begins, and the area of every layer: that of the lowest with the tail.
const TAIL: f64 = 7.697_117_470_131_05;
const AREA: f64 = 3.949_659_822_581_572e-3;

static ZIGGURAT: LazyLock<Ziggurat> = LazyLock::new(Ziggurat::new);

/// Layers of one area under `exp(-x)`, the lowest first.
struct Ziggurat {
    /// How wide each is; the last is 0.
    widths: [f64; LAYERS + 1],
    /// Where each begins: `exp(-width)`.
    heights: [f64; LAYERS + 1],
}

impl Ziggurat {
    fn new() -> Self {
        let density = |x: f64| exp([-x])[0];
        let (mut widths, mut heights) = ([0.0; LAYERS + 1], [1.0; LAYERS + 1]);
        // The lowest is as wide as if its tail were folded into it.
        (widths[0], heights[0]) = (AREA / density(TAIL), 0.0);
        (widths[1], heights[1]) = (TAIL, density(TAIL));
        for layer in 2..LAYERS {
            heights[layer] = heights[layer - 1] + AREA / widths[layer - 1];
            widths[layer] = -ln(heights[layer]);
        }
        Self { widths, heights }
    }
}

impl Stream {
    /// Exponentially distributed with mean 1.
    ///
    /// # References
    ///
    /// G. Marsaglia and W. W. Tsang, The ziggurat method, J. Stat. Softw. 5:8 (2000).
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        let ziggurat = &*ZIGGURAT;
        let bits = self.bits();
        // The layer is of the lowest 8 bits, the place of the upper 53.
        let layer = usize::from(bits.to_le_bytes()[0]);
        let x = super::unit_of(bits) * ziggurat.widths[layer];
        if x < ziggurat.widths[layer + 1] { x } else { self.beyond(ziggurat, layer, x) }
    }

    /// Where a layer is wider than the one above it.
    #[cold]
    fn beyond(&mut self, ziggurat: &Ziggurat, layer: usize, x: f64) -> f64 {
        if layer == 0 {
            return TAIL + self.exponential();
        }
        let [low, high] = [ziggurat.heights[layer], ziggurat.heights[layer + 1]];
        if low + self.unit() * (high - low) < exp([-x])[0] { x } else { self.exponential() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamKey;

    #[test]
    fn the_layers_end_at_the_top_of_the_density() {
        let ziggurat = Ziggurat::new();
        // The area is given to 16 digits, of which 256 layers keep 12.
        let area = ziggurat.widths[LAYERS - 1] * (1.0 - ziggurat.heights[LAYERS - 1]);
        assert!((area / AREA - 1.0).abs() < 1e-10, "{area}");
        assert!((ziggurat.widths[0] * ziggurat.heights[1] / AREA - 1.0).abs() < 1e-14);
        assert!(ziggurat.widths.windows(2).all(|pair| pair[0] > pair[1]));
    }

    #[test]
    fn the_distribution_is_exponential_near_zero_and_in_the_tail() {
        let mut stream = Stream::new(&StreamKey { seed: 9, ..StreamKey::default() });
        let count = 4_000_000;
        let mut sorted: Vec<f64> = (0..count).map(|_| stream.exponential()).collect();
        sorted.sort_by(f64::total_cmp);
        let distance = sorted.iter().enumerate().map(|(rank, x)| {
            let wanted = -(-x).exp_m1();
            (wanted - rank as f64 / f64::from(count)).abs()
        });
        // Kolmogorov: 1.95 / sqrt(n) is exceeded once in a thousand times.
        assert!(distance.fold(0.0, f64::max) < 1.95 / f64::from(count).sqrt());
        // 4e6 exp(-TAIL) = 1816 and 4e6 exp(-12) = 25 of them: within four standard errors.
        let above = |x: f64| sorted.iter().filter(|other| **other > x).count() as f64;
        for x in [1e-4, TAIL, 12.0] {
            let wanted = f64::from(count) * (-x).exp();
            let sd = (wanted * (1.0 - (-x).exp())).sqrt();
            assert!((above(x) - wanted).abs() < 4.0 * sd, "{x}: {} {wanted}", above(x));
        }
    }
}
