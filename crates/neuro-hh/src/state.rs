//! What a neuron is in at a moment.

use hexad_core::{InputError, check_finite};

/// The membrane potentials that the models are meant for, in mV: a run that leaves them stops.
pub const PHYSICAL_RANGE_MV: (f64, f64) = (-200.0, 120.0);

/// Membrane potential and gates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// Membrane potential, in mV.
    pub v_mv: f64,
    /// Activation of sodium, 0 to 1.
    pub m: f64,
    /// Inactivation of sodium, 0 (shut) to 1.
    pub h: f64,
    /// Activation of potassium, 0 to 1.
    pub n: f64,
}

impl State {
    /// Where the question's program starts: V -65, m 0.05, h 0.6, n 0.32.
    pub const QUESTION: Self = Self { v_mv: -65.0, m: 0.05, h: 0.6, n: 0.32 };

    /// With the membrane potential moved by `jump_mv`, at once.
    #[must_use]
    pub fn jumped(mut self, jump_mv: f64) -> Self {
        self.v_mv += jump_mv;
        self
    }

    pub(crate) fn in_range(&self) -> bool {
        self.v_mv >= PHYSICAL_RANGE_MV.0 && self.v_mv <= PHYSICAL_RANGE_MV.1
    }

    pub(crate) fn check(&self) -> Result<(), InputError> {
        check_finite("v_mv", &[self.v_mv])?;
        let refuse = |argument, value, allowed| Err(InputError::OutOfRange { argument, value, allowed });
        if !self.in_range() {
            return refuse("v_mv", self.v_mv, "from -200 to 120 mV");
        }
        for (argument, value) in [("m", self.m), ("h", self.h), ("n", self.n)] {
            if !(0.0..=1.0).contains(&value) {
                return refuse(argument, value, "from 0 to 1");
            }
        }
        Ok(())
    }

    /// `self + factor * rate`.
    pub(crate) fn plus(&self, factor: f64, rate: &Self) -> Self {
        Self {
            v_mv: self.v_mv + factor * rate.v_mv,
            m: self.m + factor * rate.m,
            h: self.h + factor * rate.h,
            n: self.n + factor * rate.n,
        }
    }
}
