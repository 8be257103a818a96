//! Rates of the gates as functions of the membrane potential.

use hexad_core::InputError;

use crate::math::{exp, exp_near_zero, linoid, linoid_parts};

/// The form of a [`Rate`], with `x = (V - midpoint) / scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateForm {
    /// `exp(x)`.
    Exponential,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `x / (1 - exp(-x))`, which is 1 at x = 0.
    Linoid,
}

/// A rate of opening or closing: `rate_per_ms` times its form.
///
/// # References
///
/// The three forms are those of Hodgkin and Huxley 1952; in NeuroML2 they are called `HHExpRate`, `HHSigmoidRate`
/// and `HHExpLinearRate`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Its form.
    pub form: RateForm,
    /// Its factor, in 1/ms.
    pub rate_per_ms: f64,
    /// Where x is 0, in mV.
    pub midpoint_mv: f64,
    /// How many mV x takes to grow by one; negative if the rate falls as V rises.
    pub scale_mv: f64,
}

impl Rate {
    /// `rate_per_ms * exp((V - midpoint_mv) / scale_mv)`.
    #[must_use]
    pub const fn exponential(rate_per_ms: f64, midpoint_mv: f64, scale_mv: f64) -> Self {
        Self { form: RateForm::Exponential, rate_per_ms, midpoint_mv, scale_mv }
    }

    /// `rate_per_ms / (1 + exp(-(V - midpoint_mv) / scale_mv))`.
    #[must_use]
    pub const fn sigmoid(rate_per_ms: f64, midpoint_mv: f64, scale_mv: f64) -> Self {
        Self { form: RateForm::Sigmoid, rate_per_ms, midpoint_mv, scale_mv }
    }

    /// `rate_per_ms * x / (1 - exp(-x))`, `x = (V - midpoint_mv) / scale_mv`.
    #[must_use]
    pub const fn linoid(rate_per_ms: f64, midpoint_mv: f64, scale_mv: f64) -> Self {
        Self { form: RateForm::Linoid, rate_per_ms, midpoint_mv, scale_mv }
    }

    /// The rate at `v_mv`, in 1/ms.
    #[must_use]
    pub fn at(&self, v_mv: f64) -> f64 {
        let x = (v_mv - self.midpoint_mv) / self.scale_mv;
        let [e] = exp([if self.form == RateForm::Exponential { x } else { -x }]);
        self.rate_per_ms * self.form.of(x, e)
    }

    pub(crate) fn check(&self) -> Result<(), InputError> {
        hexad_core::check_positive("rate_per_ms", self.rate_per_ms)?;
        hexad_core::check_step("scale_mv", self.scale_mv)?;
        hexad_core::check_finite("midpoint_mv", &[self.midpoint_mv])
    }
}

impl RateForm {
    /// Its value at x, `e` being `exp(x)` for the exponential and `exp(-x)` for the others.
    #[inline]
    fn of(self, x: f64, e: f64) -> f64 {
        match self {
            Self::Exponential => e,
            Self::Sigmoid => 1.0 / (1.0 + e),
            Self::Linoid => linoid(x, e),
        }
    }
}

/// The rates of Hodgkin and Huxley 1952: opening and closing of m, h and n.
pub(crate) const CLASSIC: [Rate; 6] = [
    Rate::linoid(1.0, -40.0, 10.0),
    Rate::exponential(4.0, -65.0, -18.0),
    Rate::exponential(0.07, -65.0, -20.0),
    Rate::sigmoid(1.0, -35.0, 10.0),
    Rate::linoid(0.1, -55.0, 10.0),
    Rate::exponential(0.125, -65.0, -80.0),
];

/// Six rates, ready to be computed together: opening and closing of m, h and n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum SixRates {
    /// Those of 1952 times a factor.
    Classic(f64),
    /// Any others.
    General(GeneralRates),
}

impl SixRates {
    /// Every rate times `factor`.
    pub fn new(rates: &[Rate; 6], factor: f64) -> Self {
        if *rates == CLASSIC {
            Self::Classic(factor)
        } else {
            Self::General(GeneralRates::new(rates, factor))
        }
    }

    /// The rates at `v_mv`, in 1/ms.
    #[inline]
    pub fn at(&self, v_mv: f64) -> [f64; 6] {
        self.parts_at(v_mv).map(|(above, below)| above / below)
    }

    /// The rates at `v_mv`, in 1/ms, as numerators and denominators.
    #[inline(always)]
    pub fn parts_at(&self, v_mv: f64) -> [(f64, f64); 6] {
        match self {
            Self::Classic(factor) => classic(v_mv, *factor),
            Self::General(rates) => rates.at(v_mv).map(|rate| (rate, 1.0)),
        }
    }
}

/// All six exponentials are powers of one: `w = exp(-(V + 40) / 720)`.
#[inline(always)]
fn classic(v_mv: f64, factor: f64) -> [(f64, f64); 6] {
    // exp of -25/18, -25/20, 1/2, -3/2 and -25/80: V + 65, V + 35 and V + 55 against V + 40.
    const SHIFTS: [f64; 5] = [
        0.249_352_208_777_296_22,
        0.286_504_796_860_190_1,
        1.648_721_270_700_128_2,
        0.223_130_160_148_429_82,
        0.731_615_628_946_641_8,
    ];
    let u = v_mv + 40.0;
    let w = exp_near_zero(u * (-1.0 / 720.0));
    let w4 = (w * w) * (w * w);
    let w9 = (w4 * w4) * w;
    let w18 = w9 * w9;
    let w36 = w18 * w18;
    let w72 = w36 * w36;
    let (m_above, m_below) = linoid_parts(0.1 * u, w72);
    let (n_above, n_below) = linoid_parts(0.1 * (u + 15.0), SHIFTS[3] * w72);
    [
        (factor * m_above, m_below),
        ((4.0 * factor * SHIFTS[0]) * (w36 * w4), 1.0),
        ((0.07 * factor * SHIFTS[1]) * w36, 1.0),
        (factor, 1.0 + SHIFTS[2] * w72),
        ((0.1 * factor) * n_above, n_below),
        ((0.125 * factor * SHIFTS[4]) * w9, 1.0),
    ]
}

/// Six rates of any form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct GeneralRates {
    forms: [RateForm; 6],
    factors: [f64; 6],
    midpoints: [f64; 6],
    slopes: [f64; 6],
    signs: [f64; 6],
}

impl GeneralRates {
    fn new(rates: &[Rate; 6], factor: f64) -> Self {
        Self {
            forms: rates.map(|rate| rate.form),
            factors: rates.map(|rate| factor * rate.rate_per_ms),
            midpoints: rates.map(|rate| rate.midpoint_mv),
            slopes: rates.map(|rate| 1.0 / rate.scale_mv),
            signs: rates.map(|rate| if rate.form == RateForm::Exponential { 1.0 } else { -1.0 }),
        }
    }

    #[inline]
    fn at(&self, v_mv: f64) -> [f64; 6] {
        let (mut x, mut signed) = ([0.0; 6], [0.0; 6]);
        for i in 0..6 {
            x[i] = (v_mv - self.midpoints[i]) * self.slopes[i];
            signed[i] = self.signs[i] * x[i];
        }
        let e = exp(signed);
        let mut rates = [0.0; 6];
        for i in 0..6 {
            rates[i] = self.factors[i] * self.forms[i].of(x[i], e[i]);
        }
        rates
    }
}
