//! Schemes of stepping in time.

use clap::ValueEnum;
use hexad_neuro_hh::Integrator;

/// `--integrator`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum IntegratorKind {
    Euler,
    Rk4,
    Exponential,
    Staggered,
    Strang,
    Auto,
}

impl IntegratorKind {
    /// As the library names it; `tolerance_ms` is for `auto`.
    pub fn integrator(self, tolerance_ms: f64) -> Integrator {
        match self {
            Self::Euler => Integrator::Euler,
            Self::Rk4 => Integrator::Rk4,
            Self::Exponential => Integrator::Exponential,
            Self::Staggered => Integrator::Staggered,
            Self::Strang => Integrator::Strang,
            Self::Auto => Integrator::Auto { tolerance_ms },
        }
    }
}
