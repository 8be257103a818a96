//! How far a smooth map looks.

use super::level::Level;

/// Standard deviations from a pixel's centre beyond which no point counts at this tolerance, whichever way the
/// points go.
pub(crate) fn reach_in_sigmas(tolerance: f64) -> f64 {
    let reach = |level: &Level| (level.reach + level.degree.div_ceil(2)) as f64 / level.sigma;
    let by_moments = Level::by_moments(tolerance).map_or(0.0, reach);
    reach(Level::for_tolerance(tolerance)).max(by_moments)
}
