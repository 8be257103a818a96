//! No argument makes a library panic: every call gives an error or the promised number of values.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss, reason = "a helper that fails fails its test")]

mod awkward;
mod correlate;
mod density;
mod neurons;
mod smoothing;
mod spectral;
mod waves;
