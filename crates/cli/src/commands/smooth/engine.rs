//! From samples to smooth, by the library.

use hexad_smoothing::{
    SmoothError, SmoothOptions, Smoother, auto_sigma, seed, sigma_from_cutoff, sigma_from_fwhm,
};

use super::Samples;
use crate::args::smooth::{MethodKind, SmoothArgs};
use crate::args::values::Sigma;
use crate::error::{Failure, Outcome};
use crate::progress::Progress;
use crate::table::Column;

/// All that was found.
pub struct Smooth {
    /// Standard deviation of the kernel, in x units.
    pub sigma: f64,
    /// Distance between neighbours, where even.
    pub step: Option<f64>,
    /// Name of the engine that was used.
    pub method: &'static str,
    /// In the order of `--y`.
    pub columns: Vec<Smoothed>,
}

/// One column smoothed.
pub struct Smoothed {
    /// The smooth or its derivative.
    pub values: Vec<f64>,
    /// Standard error of the smooth, if asked for.
    pub standard_error: Option<Vec<f64>>,
    /// Effective number of samples, if asked for.
    pub effective_n: Option<Vec<f64>>,
    /// Samples that were missing.
    pub missing: usize,
    /// Bound on the error against the direct sum, in units of max |y|.
    pub error_bound: f64,
}

/// Smooths every y column as `args` ask.
pub fn smooth(
    args: &SmoothArgs,
    samples: &Samples,
    options: &SmoothOptions,
    progress: &Progress,
) -> Outcome<Smooth> {
    let failed = |error| refused(args, &error);
    let sigma = sigma(args, samples, options)?;
    let smoother = if samples.is_numbered {
        Smoother::uniform(samples.x.values.len(), 1.0, sigma, options)
    } else {
        Smoother::new(&samples.x.values, sigma, options)
    };
    let smoother = smoother.map_err(failed)?;
    progress.step("smoothing", samples.y.len() as u64);
    let mut columns = Vec::new();
    for y in &samples.y {
        let smoothed = match args.method {
            MethodKind::Seed => flatten(args, samples, y, sigma),
            _ => smooth_column(args, &smoother, y, samples.weights()),
        };
        columns.push(smoothed.map_err(failed)?);
        progress.at(columns.len() as u64);
    }
    let method = if args.method == MethodKind::Seed { "seed" } else { smoother.method().name() };
    Ok(Smooth { sigma, step: smoother.axis().map(|axis| axis.step), method, columns })
}

fn smooth_column(
    args: &SmoothArgs,
    smoother: &Smoother,
    y: &Column,
    weights: Option<&[f64]>,
) -> Result<Smoothed, SmoothError> {
    let mut values = vec![0.0; smoother.output_len()];
    let report = smoother.apply_into(&y.values, weights, &mut values, &mut smoother.make_scratch())?;
    let (mut standard_error, mut effective_n) = (None, None);
    if args.stderr || args.effective_n {
        let statistics = smoother.statistics(&y.values, weights)?;
        standard_error = args.stderr.then_some(statistics.standard_error);
        effective_n = args.effective_n.then_some(statistics.effective_n);
    }
    Ok(Smoothed {
        values,
        standard_error,
        effective_n,
        missing: report.missing,
        error_bound: report.error_bound,
    })
}

/// The question's own program.
fn flatten(args: &SmoothArgs, samples: &Samples, y: &Column, sigma: f64) -> Result<Smoothed, SmoothError> {
    let reach = args.reach.reach.unwrap_or(f64::NAN);
    let values = seed::flatten(&samples.x.values, &y.values, reach, sigma, args.phi, args.amplitude)?;
    let missing = y.values.iter().filter(|value| !value.is_finite()).count();
    Ok(Smoothed { values, standard_error: None, effective_n: None, missing, error_bound: 0.0 })
}

/// The kernel's standard deviation in x units.
fn sigma(args: &SmoothArgs, samples: &Samples, options: &SmoothOptions) -> Outcome<f64> {
    let width = &args.width;
    let sigma = match (width.sigma, width.fwhm, width.cutoff) {
        (Some(Sigma::Auto), _, _) => {
            let chosen = auto_sigma(&samples.x.values, &samples.y[0].values, samples.weights(), options);
            chosen.map_err(|error| refused(args, &error))?.sigma
        }
        (Some(Sigma::Fixed(sigma)), _, _) => sigma,
        (None, Some(fwhm), _) => sigma_from_fwhm(fwhm),
        (None, None, cutoff) => sigma_from_cutoff(cutoff.unwrap_or(f64::NAN)),
    };
    if sigma.is_finite() && sigma > 0.0 {
        return Ok(sigma);
    }
    Err(Failure::usage("the width asked for gives no finite sigma > 0; choose another"))
}

/// The library's refusal: the data's fault, or the command line's.
fn refused(args: &SmoothArgs, error: &SmoothError) -> Failure {
    let is_about_data = match error {
        SmoothError::Input(input) => input.is_about_data(),
        SmoothError::NeedsUniformX { .. } | SmoothError::NoSigma => true,
        _ => false,
    };
    if is_about_data {
        return Failure::work(format!("{}: {error}", args.input.name()));
    }
    Failure::usage(error.to_string())
}
