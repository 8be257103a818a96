//! How far a smooth map looks.

use super::level::Level;

/// Standard deviations from a pixel's centre beyond which no point counts at this tolerance.
pub(crate) fn reach_in_sigmas(tolerance: f64) -> f64 {
    let level = Level::for_tolerance(tolerance);
    (level.reach + level.degree.div_ceil(2)) as f64 / level.sigma
}
