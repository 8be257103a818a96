//! How sure a smooth is: standard errors and effective numbers of samples.

use hexad_core::Boundary;

use crate::SmoothError;
use crate::options::SmoothOptions;

/// How sure a smooth is at each output.
///
/// Samples are taken as independent with the variance `s^2 / m_j`, `m_j` being their weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Standard deviation `s` of a sample of weight 1 about the smooth, in the unit of y:
    /// `s^2 = sum m_j (y_j - smooth_j)^2 / trace((I - S)^T (I - S))`, `S` being the smoothing matrix
    /// (Hastie and Tibshirani 1990, section 3.5). NaN where no degree of freedom is left.
    pub residual_sd: f64,
    /// Standard error of the smooth at each output, in the unit of y: `s sqrt(sum l_j^2 / m_j)`, `l_j`
    /// being the shares of the samples in the output; for a local constant
    /// `s sqrt(sum w_j^2 m_j) / sum w_j m_j`.
    pub standard_error: Vec<f64>,
    /// Effective number of samples at each output: `(sum w_j m_j)^2 / sum w_j^2 m_j` (Kish 1965).
    pub effective_n: Vec<f64>,
}

impl Statistics {
    /// From the weighted sum of squared residuals, the degrees of freedom, and for each output the
    /// standard error per residual standard deviation and the effective number.
    pub(crate) fn new(residual: f64, freedom: f64, spreads: Vec<(f64, f64)>) -> Self {
        let residual_sd = if freedom > 1e-9 { (residual / freedom).sqrt() } else { f64::NAN };
        let (standard_error, effective_n) =
            spreads.into_iter().map(|(per_sd, n)| (per_sd * residual_sd, n)).unzip();
        Self { residual_sd, standard_error, effective_n }
    }
}

/// Refuses what statistics are not defined for: derivatives, and boundaries that repeat samples.
pub(crate) fn check_statistics(options: &SmoothOptions) -> Result<(), SmoothError> {
    if options.derivative > 0 {
        return Err(SmoothError::NoStatistics { what: "a derivative" });
    }
    if options.boundary != Boundary::Renormalize {
        return Err(SmoothError::NoStatistics { what: "a boundary that invents samples" });
    }
    Ok(())
}
