//! hexad-correlate.

mod delays;
mod lags;
mod patterns;
mod prepare;

pub(crate) use delays::{DelaySettings, delay, drift, tone_delay};
pub(crate) use lags::{
    all_pairs, correlate, correlate_arrays, correlate_complex, correlate_complex_arrays, correlation_lags,
    some_pairs,
};
pub(crate) use patterns::templates;
pub(crate) use prepare::{align, preprocess, remove_harmonics, resample};
