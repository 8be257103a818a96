//! How many taps a kernel has.

use hexad_core::{Boundary, GaussianKernel, InputError, Truncation};

use crate::SmoothError;
use crate::options::SmoothOptions;

/// Longest kernel of a boundary that extends the signal, in taps on each side.
const MOST_TAPS: f64 = 33_554_432.0;

/// Taps on each side of a kernel of `sigma` samples over `len` evenly spaced samples: those within the
/// kernel's reach, SciPy's rounding where the boundary is one of SciPy's, and what is visible in double
/// precision where the kernel is not truncated.
pub(crate) fn uniform_radius(sigma: f64, len: usize, options: &SmoothOptions) -> Result<usize, SmoothError> {
    let kernel = GaussianKernel::new(sigma, options.truncation)?;
    let whole = match (options.boundary, options.truncation) {
        (Boundary::Renormalize, Truncation::Exact) => kernel.visible_radius().ceil(),
        // A reach that is a whole number of steps but for rounding includes the sample at its end.
        (Boundary::Renormalize, _) | (_, Truncation::Reach(_)) => (kernel.radius() * (1.0 + 1e-12)).floor(),
        (_, Truncation::Sigmas(_)) => kernel.scipy_radius().unwrap_or(0.0),
        (_, Truncation::Exact) => kernel.visible_radius().ceil(),
    };
    let taps = if options.boundary == Boundary::Renormalize {
        whole.min(len.saturating_sub(1) as f64)
    } else {
        whole
    };
    if taps > MOST_TAPS {
        return Err(SmoothError::KernelTooLong { sigma, taps });
    }
    if len == 0 {
        return Err(InputError::TooFew { argument: "y", needed: 1, got: 0 }.into());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, >= 0 and below 2^28")]
    Ok(taps as usize)
}
