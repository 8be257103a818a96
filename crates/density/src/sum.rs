//! One Gaussian sum, at one place.

use hexad_core::simd::{Kernel, Simd, Vector, dispatch, exp};

/// Points in columns of whole vectors; what is filled in weighs nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    x: Vec<[f64; 4]>,
    y: Vec<[f64; 4]>,
    weights: Vec<[f64; 4]>,
    pub len: usize,
}

impl Sources {
    pub fn push(&mut self, [x, y, weight]: [f64; 3]) {
        let lane = self.len % 4;
        if lane == 0 {
            self.x.push([x; 4]);
            self.y.push([y; 4]);
            self.weights.push([0.0; 4]);
        }
        let last = self.len / 4;
        (self.x[last][lane], self.y[last][lane], self.weights[last][lane]) = (x, y, weight);
        self.len += 1;
    }

    /// `sum weight exp(-dx^2 / (2 sx^2) - dy^2 / (2 sy^2))`.
    pub fn gaussian_sum(&self, centre: [f64; 2], sigma: [f64; 2]) -> f64 {
        dispatch(GaussianSum { sources: self, centre, per_sigma: sigma.map(|sigma| 1.0 / sigma) })
    }
}

impl FromIterator<[f64; 3]> for Sources {
    fn from_iter<I: IntoIterator<Item = [f64; 3]>>(points: I) -> Self {
        let mut sources = Self::default();
        points.into_iter().for_each(|point| sources.push(point));
        sources
    }
}

struct GaussianSum<'a> {
    sources: &'a Sources,
    centre: [f64; 2],
    per_sigma: [f64; 2],
}

impl Kernel<f64, 4> for GaussianSum<'_> {
    type Output = f64;
    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> f64 {
        let [cx, cy] = self.centre.map(|at| simd.splat(at));
        let [rx, ry] = self.per_sigma.map(|per| simd.splat(per));
        let minus_half = simd.splat(-0.5);
        let mut sum = simd.splat(0.0);
        let Sources { x, y, weights, .. } = self.sources;
        for ((x, y), weights) in x.iter().zip(y).zip(weights) {
            let (dx, dy) = ((simd.load(x) - cx) * rx, (simd.load(y) - cy) * ry);
            let square = dx.mul_add(dx, dy * dy);
            sum = exp(simd, square * minus_half).mul_add(simd.load(weights), sum);
        }
        sum.sum()
    }
}
