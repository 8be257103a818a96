//! Beside `scipy.ndimage`.

use std::error::Error;

use hexad_core::ndarray::ArrayView2;
use hexad_smoothing::scipy::{FilterOptions, gaussian_filter, gaussian_filter1d};
use hexad_testkit::max_difference;
use hexad_tests::gaussian::{Case, Table, filter_1d, filter_2d};

use super::relative_error;
use crate::validate::claim::{Bound, Claim, Outcome};

/// Round-off of a kernel's sums and of two libraries' exp, with a decade to spare.
const ROUNDING: f64 = 1e-13;

pub(super) fn documented_examples() -> Outcome {
    let signal = [1.0, 2.0, 3.0, 4.0, 5.0];
    let narrow = gaussian_filter1d(&signal, 1.0, &FilterOptions::default())?;
    let wide = gaussian_filter1d(&signal, 4.0, &FilterOptions::default())?;
    let worst = max_difference(&narrow, &[1.427_040_95, 2.067_822_03, 3.0, 3.932_177_97, 4.572_959_05])
        .max(max_difference(&wide, &[2.919_483_43, 2.950_235_02, 3.0, 3.049_764_98, 3.080_516_57]));
    Ok(Claim::new(
        "[1, 2, 3, 4, 5] with sigma 1 and 4 gives what SciPy's manual prints with eight decimals. Measured: \
         the largest difference.",
        worst,
        Bound::AtMost(5e-9),
    )
    .formula("gaussian_filter1d([1, 2, 3, 4, 5], 1) = 1.42704095 2.06782203 3 3.93217797 4.57295905")
    .source("SciPy manual, scipy.ndimage.gaussian_filter1d"))
}

pub(super) fn table_1d() -> Outcome {
    let table = filter_1d();
    let worst =
        worst(&table, |signal, case| Ok(gaussian_filter1d(signal, case.sigmas[0], &settings(case))?))?;
    Ok(Claim::new(
        "Every mode (reflect, mirror, nearest, wrap, constant), order (0 to 3), truncation and length, \
         kernels wider than the data included, agrees with SciPy's own output. Measured: the largest \
         difference, in units of the largest |y| (times sigma^-order where that is above 1).",
        worst,
        Bound::AtMost(ROUNDING),
    )
    .formula("weights exp(-d^2 / (2 sigma^2)) over their sum, |d| <= floor(truncate sigma + 0.5), times the Hermite polynomial of the order")
    .source("scipy.ndimage.gaussian_filter1d, through tests/reference/gaussian_1d.csv")
    .note(format!("{} cases made by {}", table.cases.len(), table.maker)))
}

pub(super) fn table_2d() -> Outcome {
    let table = filter_2d();
    let filter = |image: &[f64], case: &Case| -> Result<Vec<f64>, Box<dyn Error>> {
        let image = ArrayView2::from_shape((case.shape[0], case.shape[1]), image)?;
        let smooth = gaussian_filter(&image.into_dyn(), &case.sigmas, &[case.order; 2], &settings(case))?;
        Ok(smooth.iter().copied().collect())
    };
    Ok(Claim::new(
        "The same for images: a sigma for each axis, orders 0 to 3 along both. Measured: the largest \
         difference, in units of the largest |y| (times sigma^-order for each axis where that is above 1).",
        worst(&table, filter)?,
        Bound::AtMost(ROUNDING),
    )
    .formula("the 1-D filter along each axis in turn")
    .source("scipy.ndimage.gaussian_filter, through tests/reference/gaussian_2d.csv")
    .note(format!("{} cases made by {}", table.cases.len(), table.maker)))
}

fn settings(case: &Case) -> FilterOptions {
    FilterOptions::default().with_mode(case.boundary).with_order(case.order).with_truncate(case.truncate)
}

/// Largest relative difference between what `filter` and SciPy make of the cases.
fn worst(
    table: &Table,
    filter: impl Fn(&[f64], &Case) -> Result<Vec<f64>, Box<dyn Error>>,
) -> Result<f64, Box<dyn Error>> {
    let mut worst: f64 = 0.0;
    for case in &table.cases {
        let signal = &table.input[..case.shape.iter().product()];
        let smooth = filter(signal, case)?;
        // Derivatives of narrow kernels are larger than y by sigma^-order.
        let order = i32::try_from(case.order)?;
        let factor: f64 = case.sigmas.iter().map(|sigma| sigma.powi(-order).max(1.0)).product();
        worst = worst.max(relative_error(&smooth, &case.output, signal) / factor);
    }
    Ok(worst)
}
