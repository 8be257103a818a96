//! The one pass over the samples: the residual of a model, and its products with the model's derivatives.

use hexad_core::Complex64;
use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use nalgebra::DVector;

use super::model::{Model, Tone};
use crate::goertzel::phasor;

/// Samples between exactly known phases.
const BLOCK: usize = 256;

/// A record and what the model tried last leaves of it.
#[derive(Debug)]
pub(super) struct Samples {
    signal: Vec<f64>,
    /// Sum of the squares of the signal.
    pub energy: f64,
    /// Signal minus model.
    pub residual: Vec<f64>,
    tables: Vec<Table>,
}

/// What a model leaves.
#[derive(Debug, Clone)]
pub(super) struct Misfit {
    /// Sum of the squares of the residual.
    pub squares: f64,
    /// Its largest size.
    pub largest: f64,
    /// Its products with the derivatives of the model, parameter by parameter.
    pub gradient: DVector<f64>,
    /// Its products with the second derivatives of each tone: frequency and cosine, sine, frequency.
    pub bends: Vec<[f64; 3]>,
}

/// Cosines and sines of a tone's phase over a block, from its first sample.
#[derive(Debug, Clone)]
struct Table {
    cosines: [f64; BLOCK],
    sines: [f64; BLOCK],
}

/// Of a residual r: `sum r exp(i w t)`, `sum t r exp(i w t)` and `sum t^2 r exp(i w t)`.
#[derive(Debug, Clone, Copy, Default)]
struct Moments([Complex64; 3]);

impl Samples {
    pub fn new(signal: Vec<f64>) -> Self {
        let energy = signal.iter().map(|x| x * x).sum();
        Self { residual: signal.clone(), signal, energy, tables: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.signal.len()
    }

    /// The model tried last, sample by sample.
    pub fn modelled(&self) -> impl Iterator<Item = f64> {
        self.signal.iter().zip(&self.residual).map(|(x, residual)| x - residual)
    }

    /// Takes `model` off the signal.
    pub fn misfit(&mut self, model: &Model) -> Misfit {
        let longest = self.len().min(BLOCK);
        self.tables.clear();
        self.tables.extend(model.tones.iter().map(|tone| Table::new(tone, longest)));
        let middle = 0.5 * (self.len() - 1) as f64;
        let mut moments = vec![Moments::default(); model.tones.len()];
        let (mut squares, mut largest, mut sum) = (0.0, 0.0_f64, 0.0);

        let blocks = self.signal.chunks(BLOCK).zip(self.residual.chunks_mut(BLOCK));
        for (index, (signal, residual)) in blocks.enumerate() {
            let start = (index * BLOCK) as f64 - middle;
            let mut whole = [0.0; BLOCK];
            let block = &mut whole[..signal.len().next_multiple_of(4)];
            for (left, x) in block.iter_mut().zip(signal) {
                *left = x - model.constant.unwrap_or(0.0);
            }
            for (tone, table) in model.tones.iter().zip(&self.tables) {
                let factor = Complex64::new(tone.cos, -tone.sin) * phasor(tone.frequency, start);
                dispatch(Subtract { block, table, factor });
            }
            block[signal.len()..].fill(0.0);
            for ((tone, table), moments) in model.tones.iter().zip(&self.tables).zip(&mut moments) {
                let local = dispatch(Correlate { block, table });
                moments.add(local, start, phasor(tone.frequency, start));
            }
            residual.copy_from_slice(&block[..signal.len()]);
            squares += residual.iter().map(|r| r * r).sum::<f64>();
            largest = residual.iter().fold(largest, |largest, r| largest.max(r.abs()));
            sum += residual.iter().sum::<f64>();
        }

        let mut gradient = Vec::with_capacity(model.parameters());
        gradient.extend(model.constant.map(|_| sum));
        let mut bends = Vec::with_capacity(model.tones.len());
        for (tone, Moments([r, tr, ttr])) in model.tones.iter().zip(moments) {
            gradient.extend([r.re, r.im, tone.sin * tr.re - tone.cos * tr.im]);
            bends.push([-tr.im, tr.re, -tone.cos * ttr.re - tone.sin * ttr.im]);
        }
        Misfit { squares, largest, gradient: gradient.into(), bends }
    }
}

impl Moments {
    /// Adds those of a block that are counted from its first sample: at time `start`, where the phase is that of
    /// `turn`.
    fn add(&mut self, block: Self, start: f64, turn: Complex64) {
        let [r, tr, ttr] = block.0;
        self.0[0] += r * turn;
        self.0[1] += (tr + start * r) * turn;
        self.0[2] += (ttr + 2.0 * start * tr + start * start * r) * turn;
    }
}

impl Table {
    fn new(tone: &Tone, len: usize) -> Self {
        let mut table = Self { cosines: [0.0; BLOCK], sines: [0.0; BLOCK] };
        for (n, (cosine, sine)) in table.cosines.iter_mut().zip(&mut table.sines).take(len).enumerate() {
            let value = phasor(tone.frequency, n as f64);
            (*cosine, *sine) = (value.re, value.im);
        }
        table
    }
}

/// Takes the real part of `factor` times the table off a block of whole vectors.
struct Subtract<'a> {
    block: &'a mut [f64],
    table: &'a Table,
    factor: Complex64,
}

impl Kernel<f64, 4> for Subtract<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) {
        let (minus_re, im) = (simd.splat(-self.factor.re), simd.splat(self.factor.im));
        let (cosines, _) = self.table.cosines.as_chunks::<4>();
        let (sines, _) = self.table.sines.as_chunks::<4>();
        let (block, _) = self.block.as_chunks_mut::<4>();
        for ((block, cosines), sines) in block.iter_mut().zip(cosines).zip(sines) {
            let less = minus_re.mul_add(simd.load(cosines), simd.load(block));
            im.mul_add(simd.load(sines), less).store(block);
        }
    }
}

/// The moments of a block of whole vectors, counted from its first sample.
struct Correlate<'a> {
    block: &'a [f64],
    table: &'a Table,
}

impl Kernel<f64, 4> for Correlate<'_> {
    type Output = Moments;

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> Moments {
        let (cosines, _) = self.table.cosines.as_chunks::<4>();
        let (sines, _) = self.table.sines.as_chunks::<4>();
        let (block, _) = self.block.as_chunks::<4>();
        let (mut re, mut im) = ([simd.splat(0.0); 3], [simd.splat(0.0); 3]);
        let (mut t, four) = (simd.load(&[0.0, 1.0, 2.0, 3.0]), simd.splat(4.0));
        for ((block, cosines), sines) in block.iter().zip(cosines).zip(sines) {
            let (cosines, sines) = (simd.load(cosines), simd.load(sines));
            let mut weighted = simd.load(block);
            for power in 0..3 {
                re[power] = weighted.mul_add(cosines, re[power]);
                im[power] = weighted.mul_add(sines, im[power]);
                weighted = weighted * t;
            }
            t = t + four;
        }
        let mut moments = Moments::default();
        for power in 0..3 {
            moments.0[power] = Complex64::new(re[power].sum(), im[power].sum());
        }
        moments
    }
}
