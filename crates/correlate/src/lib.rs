#![doc = include_str!("../README.md")]

mod align;
mod correlate;
mod delay;
pub mod direct;
mod drift;
mod error;
mod preprocess;
mod templates;
mod tone;

pub use align::align;
pub use correlate::{
    ComplexCorrelator, ComplexScratch, CorrelateOptions, CorrelateScratch, Correlation, Correlator, Lags,
    Mean, Method, Normalization, PairCorrelation, Peak, correlate, correlate_arrays,
    correlate_complex_arrays, correlation_lags,
};
pub use delay::{
    DelayEstimate, DelayOptions, DelayPlan, DelayScratch, Leading, Subsample, Verdict, Weighting,
};
pub use drift::{Drift, WindowDelay, drift};
pub use error::CorrelateError;
pub use preprocess::{
    Missing, Preprocess, PreprocessOptions, Rates, common_rate, remove_harmonics, resample,
};
pub use templates::{TemplatePiece, Templates, TemplatesScratch};
pub use tone::{ToneDelay, tone_delay};
