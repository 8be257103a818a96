#![doc = include_str!("../README.md")]

mod chirp_z;
mod error;
mod goertzel;
mod lomb_scargle;
mod pulse;
mod rebuild;

pub use chirp_z::{ChirpZ, ChirpZScratch};
pub use error::SpectralError;
pub use goertzel::{Goertzel, dtft, goertzel};
pub use lomb_scargle::{
    FrequencyGrid, LombLine, LombMean, LombMethod, LombMissing, LombNormalization, LombScargle,
    LombScargleOptions, LombScratch,
};
pub use pulse::SkewNormalPulse;
pub use rebuild::{
    Cut, ErrorNorm, Line, LineSelector, Rebuild, RebuildPlan, RebuildScratch, Selection, rebuild,
};
