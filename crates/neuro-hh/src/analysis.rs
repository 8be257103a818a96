//! What spike trains and membranes tell.

mod firing;
mod intervals;
mod phase;
mod stability;
mod triggered;

pub use firing::{FiPoint, fi_curve, instantaneous_threshold_mv, rheobase};
pub use intervals::{IntervalStatistics, fano_factor, interval_histogram, interval_statistics, intervals_ms};
pub use phase::PhasePlane;
pub use stability::rest_loses_stability;
pub use triggered::{TriggeredAverage, spike_triggered_average};
