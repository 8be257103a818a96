//! By transforms of whole signals.

use hexad_core::{Complex64, ComplexFft, InputError, Workspace};

use super::super::cost;
use super::super::layout::Layout;
use super::super::negacyclic::multiply_conj;
use super::super::spectra::write_lags;
use super::Part;

#[derive(Debug, Clone)]
pub(super) struct Spectra {
    fft: ComplexFft,
    first: i64,
}

impl Spectra {
    pub fn new(layout: &Layout) -> Result<Self, InputError> {
        Ok(Self { fft: ComplexFft::new(cost::complex_spectra_len(layout))?, first: layout.inner_first })
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
        let [of_a, of_b, work] = scratch.fields([len, len, self.fft.scratch_len()]);
        a.write(0..a.samples.len(), 0, of_a);
        b.write(0..b.samples.len(), 0, of_b);
        self.fft.forward(of_a, work)?;
        self.fft.forward(of_b, work)?;
        multiply_conj(of_a, of_b);
        self.fft.inverse(of_a, work)?;
        let unit = 1.0 / len as f64;
        write_lags(out, self.first, len, |out, from| {
            for (value, sum) in out.iter_mut().zip(&of_a[from..]) {
                *value = sum * unit;
            }
        });
        Ok(())
    }
}
