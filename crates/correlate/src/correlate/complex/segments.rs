//! By transforms of blocks whose products are summed: for a short range of lags, in memory of its length.

use hexad_core::simd::complex::{conjugate, times_conj};
use hexad_core::simd::{Kernel, Simd, Vector, dispatch_widest};
use hexad_core::{Complex64, ComplexFft, InputError, Workspace};

use super::super::blocks::blocks;
use super::super::cost;
use super::super::layout::Layout;
use super::Part;

#[derive(Debug, Clone)]
pub(super) struct Segments {
    fft: ComplexFft,
    /// Samples of b in a block.
    block: usize,
    first: i64,
    lags: usize,
}

impl Segments {
    pub fn new(layout: &Layout) -> Result<Self, InputError> {
        let len = cost::segment_len(layout.b.len(), layout.lags);
        let fft = ComplexFft::new(len)?;
        Ok(Self { fft, block: len + 1 - layout.lags, first: layout.inner_first, lags: layout.lags })
    }

    /// Writes the sums to `out`.
    pub fn run(
        &self,
        a: Part,
        b: Part,
        out: &mut [Complex64],
        scratch: &mut Workspace<Complex64>,
    ) -> Result<(), InputError> {
        let len = self.fft.len();
        let [of_a, of_b, sums, work] = scratch.fields([len, len, len, self.fft.scratch_len()]);
        sums.fill(Complex64::ZERO);
        for block in blocks(a.samples.len(), b.samples.len(), self.first, self.lags, self.block) {
            a.write(block.a, block.a_at, of_a);
            b.write(block.b, 0, of_b);
            self.fft.forward(of_a, work)?;
            self.fft.forward(of_b, work)?;
            dispatch_widest(AddProducts { a: of_a, b: of_b, sums });
        }
        self.fft.inverse(sums, work)?;
        let unit = 1.0 / len as f64;
        for (value, sum) in out.iter_mut().zip(&*sums) {
            *value = sum * unit;
        }
        Ok(())
    }
}

/// Adds products with the conjugates of `b`.
struct AddProducts<'a> {
    a: &'a [Complex64],
    b: &'a [Complex64],
    sums: &'a mut [Complex64],
}

impl<const L: usize> Kernel<f64, L> for AddProducts<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        // A power of two of at least 64: there is no rest.
        let signs = simd.load(&conjugate());
        let (a, _) = bytemuck::cast_slice::<_, f64>(self.a).as_chunks::<L>();
        let (b, _) = bytemuck::cast_slice::<_, f64>(self.b).as_chunks::<L>();
        let (sums, _) = bytemuck::cast_slice_mut::<_, f64>(self.sums).as_chunks_mut::<L>();
        for ((a, b), sum) in a.iter().zip(b).zip(sums) {
            (simd.load(sum) + times_conj(simd.load(a), simd.load(b), signs)).store(sum);
        }
    }
}
