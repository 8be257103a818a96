//! A model at a step, as the kernels want it.

use crate::model::Model;
use crate::population::kernel::REFERENCE_MV;
use crate::population::precision::Sealed;
use crate::rates::{CLASSIC, Rate, RateForm};
use crate::spikes::Threshold;
use crate::state::PHYSICAL_RANGE_MV;

/// How the gates are stepped.
#[derive(Debug, Clone)]
pub enum Gates<T> {
    /// The rates of 1952.
    Classic(ClassicGates<T>),
    /// Any others.
    General(GeneralGates<T>),
}

/// The rates of 1952 times dt, in powers of `w = exp(-u / 720)`, u being V + 40.
#[derive(Debug, Clone)]
pub struct ClassicGates<T> {
    pub polynomial: [T; 9],
    pub m_open: T,
    pub m_close: T,
    pub h_open: T,
    pub h_close: T,
    pub h_share: T,
    pub n_open: T,
    pub n_offset: T,
    pub n_close: T,
    pub n_share: T,
}

/// Opening and closing rates of each gate.
#[derive(Debug, Clone)]
pub struct GeneralGates<T> {
    pub m: [PairedRate<T>; 2],
    pub h: [PairedRate<T>; 2],
    pub n: [PairedRate<T>; 2],
}

/// A rate times dt, of `x = slope u + offset`.
#[derive(Debug, Clone, Copy)]
pub struct PairedRate<T> {
    pub form: RateForm,
    pub factor: T,
    pub slope: T,
    pub offset: T,
}

impl<T: Sealed> Gates<T> {
    pub fn new(model: &Model, dt_ms: f64) -> Self {
        let dt_ms = dt_ms * model.rate_factor;
        if model.rates == CLASSIC {
            return Self::Classic(ClassicGates::new(dt_ms));
        }
        let [am, bm, ah, bh, an, bn] = model.rates.map(|rate| PairedRate::new(&rate, dt_ms));
        Self::General(GeneralGates { m: [am, bm], h: [ah, bh], n: [an, bn] })
    }
}

impl<T: Sealed> ClassicGates<T> {
    fn new(dt_ms: f64) -> Self {
        // The paper's rates are in V + 65: 25 mV further.
        let times = |factor: f64, exponent: f64| T::of(dt_ms * factor * libm::exp(exponent));
        Self {
            polynomial: T::POLYNOMIAL.map(T::of),
            m_open: T::of(0.1 * dt_ms),
            m_close: times(4.0, -25.0 / 18.0),
            h_open: times(0.07, -25.0 / 20.0),
            h_close: T::of(dt_ms),
            h_share: T::of(libm::exp(0.5)),
            n_open: T::of(0.01 * dt_ms),
            n_offset: T::of(0.15 * dt_ms),
            n_close: times(0.125, -25.0 / 80.0),
            n_share: T::of(libm::exp(-1.5)),
        }
    }
}

impl<T: Sealed> PairedRate<T> {
    fn new(rate: &Rate, dt_ms: f64) -> Self {
        let offset = (REFERENCE_MV - rate.midpoint_mv) / rate.scale_mv;
        Self {
            form: rate.form,
            factor: T::of(dt_ms * rate.rate_per_ms),
            slope: T::of(1.0 / rate.scale_mv),
            offset: T::of(offset),
        }
    }
}

/// Conductances and their reversals for a step of V.
#[derive(Debug, Clone)]
pub struct Membranes<T> {
    /// Conductances times dt over the capacitance.
    pub sodium: T,
    pub potassium: T,
    pub leak: T,
    /// Reversals above the reference, in mV.
    pub e_sodium: T,
    pub e_potassium: T,
    /// Between threshold and re-arming, above the reference.
    pub middle: T,
    /// `side * (V - middle)` is quiet within the square root of `quiet_square` around `quiet_centre`.
    pub quiet_centre: T,
    pub quiet_square: T,
}

impl<T: Sealed> Membranes<T> {
    pub fn new(model: &Model, dt_ms: f64, threshold: &Threshold) -> Self {
        let scaled = |conductance: f64| T::of(conductance * dt_ms / model.capacitance_uf_cm2);
        let middle_mv = 0.5 * (threshold.level_mv + threshold.rearm_mv);
        let half_mv = 0.5 * (threshold.level_mv - threshold.rearm_mv);
        let far_mv = (middle_mv - PHYSICAL_RANGE_MV.0).min(PHYSICAL_RANGE_MV.1 - middle_mv);
        // A hair less than the half: what is listed is looked at again, exactly.
        let (low, high) = (-far_mv.max(half_mv + 1.0), half_mv - 1e-3);
        let radius = 0.5 * (high - low);
        Self {
            sodium: scaled(model.g_na_ms_cm2),
            potassium: scaled(model.g_k_ms_cm2),
            leak: scaled(model.g_l_ms_cm2),
            e_sodium: T::of(model.e_na_mv - REFERENCE_MV),
            e_potassium: T::of(model.e_k_mv - REFERENCE_MV),
            middle: T::of(middle_mv - REFERENCE_MV),
            quiet_centre: T::of(0.5 * (low + high)),
            quiet_square: T::of(radius * radius),
        }
    }
}
