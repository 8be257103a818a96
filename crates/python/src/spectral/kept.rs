//! Plans of transforms kept from call to call: making one takes longer than using it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hexad_core::{Complex64, InputError, RealFft};

/// Lengths whose plans are kept.
const LENGTHS: usize = 8;
/// Longer plans take more memory than they save time.
const LONGEST: usize = 1 << 22;

static KEPT: Mutex<Vec<Planned>> = Mutex::new(Vec::new());

/// A plan and its scratch.
struct Planned {
    fft: RealFft,
    scratch: Vec<Complex64>,
}

/// As `hexad_spectral::rfft`.
pub(super) fn rfft(signal: &[f64]) -> Result<Vec<Complex64>, InputError> {
    let mut planned = Planned::of(signal.len())?;
    let mut spectrum = vec![Complex64::ZERO; planned.fft.spectrum_len()];
    planned.fft.forward(signal, &mut spectrum, &mut planned.scratch)?;
    planned.keep();
    Ok(spectrum)
}

impl Planned {
    /// The one that was kept, or a new one. While it is in use no other call has it.
    fn of(len: usize) -> Result<Self, InputError> {
        let mut kept = kept();
        if let Some(at) = kept.iter().position(|planned| planned.fft.len() == len) {
            return Ok(kept.remove(at));
        }
        drop(kept);
        let fft = RealFft::new(len)?;
        let scratch = vec![Complex64::ZERO; fft.scratch_len()];
        Ok(Self { fft, scratch })
    }

    fn keep(self) {
        if self.fft.len() > LONGEST {
            return;
        }
        let mut kept = kept();
        if kept.len() == LENGTHS {
            // The one that was not used for longest.
            kept.remove(0);
        }
        kept.push(self);
    }
}

fn kept() -> MutexGuard<'static, Vec<Planned>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}
