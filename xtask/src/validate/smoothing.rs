//! The claims of hexad-smoothing.

mod accuracy;
mod laws;
mod question;
mod records;
mod scipy;

use hexad_testkit::max_difference;

use super::claim::System;

pub(crate) const SYSTEM: System = System {
    name: "smoothing",
    title: "Smoothing",
    question: "How are samples, evenly spaced or not, smoothed with a Gaussian, right and at once?",
    usual: "A loop over all pairs takes minutes for 10,000 points. The window ends one sample early on one \
            side, which shifts a ramp; the last sample is never used; distances are counted in samples, \
            whatever x is.",
    about: "Gaussian smoothing of samples, evenly spaced or not: each output is the mean of its neighbours, \
            weighted with a Gaussian of their distance in x. The direct sum is the definition; the fast \
            paths keep to it within the tolerance that the caller sets.",
    claims: &[
        ("the question's example", question::right_definition),
        ("the question's program, its table", question::seed_table),
        ("the question's program, fast and literal", question::seed_fast),
        ("the question's program shifts a ramp", question::seed_shift),
        ("the question's program drops the last sample", question::seed_last),
        ("SciPy's documented examples", scipy::documented_examples),
        ("SciPy's reference table, 1-D", scipy::table_1d),
        ("SciPy's reference table, 2-D", scipy::table_2d),
        ("tolerance on even x", accuracy::even),
        ("tolerance on uneven x", accuracy::uneven),
        ("tolerance between and beyond the samples", accuracy::elsewhere),
        ("tolerance on images", accuracy::image),
        ("error and time at a million samples", accuracy::growth),
        ("same bits for any number of threads", laws::threads),
        ("same bits for any pieces of a stream", laws::stream),
        ("constants are kept", laws::constants),
        ("lines are kept", laws::lines),
        ("two smooths are one", laws::semigroup),
        ("transfer function", laws::transfer),
        ("CO2: the record with its gaps", records::co2_direct),
        ("CO2: hidden weeks are filled", records::co2_filled),
        ("CO2: standard errors cover", records::co2_coverage),
        ("NINO3: sigma chosen from the data", records::nino3_sigma),
    ],
    quick: &[],
};

/// Largest difference in units of the largest |y| that is not missing.
fn relative_error(got: &[f64], wanted: &[f64], y: &[f64]) -> f64 {
    let largest = y.iter().filter(|y| y.is_finite()).fold(0.0, |largest: f64, y| largest.max(y.abs()));
    max_difference(got, wanted) / largest
}

/// `0, 1, 2, ...` as coordinates.
fn indices(len: usize) -> Vec<f64> {
    (0..len).map(|i| i as f64).collect()
}
