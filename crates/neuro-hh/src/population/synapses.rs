//! Synapses with a memory: conductances and currents that decay.

use hexad_core::simd::{Kernel, Simd, Vector};
use hexad_core::{InputError, check_finite, check_positive};

use crate::math::exp;
use crate::population::kernel::{Group, LANES, REFERENCE_MV};
use crate::population::precision::{Precision, Sealed};

/// What a spike does to the neuron it reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum SynapseKind {
    /// V jumps by the weight, in mV.
    Delta,
    /// A current that jumps by the weight, in uA/cm2, and decays.
    ExponentialCurrent {
        /// Time constant of the decay, in ms.
        tau_ms: f64,
    },
    /// A current `weight (t / tau) exp(1 - t / tau)`, the weight being its peak, in uA/cm2.
    AlphaCurrent {
        /// Time from arrival to peak, in ms.
        tau_ms: f64,
    },
    /// A conductance that jumps by the weight, in mS/cm2, and decays; its current is `g (reversal - V)`.
    Conductance {
        /// Time constant of the decay, in ms.
        tau_ms: f64,
        /// Potential at which it does nothing, in mV.
        reversal_mv: f64,
    },
}

impl SynapseKind {
    pub(crate) fn check(&self) -> Result<(), InputError> {
        match self {
            Self::Delta => Ok(()),
            Self::ExponentialCurrent { tau_ms } | Self::AlphaCurrent { tau_ms } => {
                check_positive("tau_ms", *tau_ms).map(|_| ())
            }
            Self::Conductance { tau_ms, reversal_mv } => {
                check_positive("tau_ms", *tau_ms)?;
                check_finite("reversal_mv", &[*reversal_mv])
            }
        }
    }

    /// What a spike of weight 1 adds that arrives at the fraction `offset` of a step of `dt_ms`.
    pub(crate) fn response(&self, offset: f64, dt_ms: f64) -> Response {
        let rest_ms = (1.0 - offset) * dt_ms;
        match *self {
            Self::Delta => Response { mean: 0.0, value: 0.0, feed: 0.0 },
            Self::ExponentialCurrent { tau_ms } | Self::Conductance { tau_ms, .. } => {
                let [left] = exp([-rest_ms / tau_ms]);
                Response { mean: tau_ms / dt_ms * (1.0 - left), value: left, feed: 0.0 }
            }
            Self::AlphaCurrent { tau_ms } => {
                let [left] = exp([-rest_ms / tau_ms]);
                let height = std::f64::consts::E / tau_ms;
                let integral = tau_ms * (tau_ms * (1.0 - left) - rest_ms * left);
                Response {
                    mean: height * integral / dt_ms,
                    value: height * rest_ms * left,
                    feed: height * left,
                }
            }
        }
    }
}

/// What is added to the mean over the step, to the value at its end, and to what feeds that value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Response {
    pub mean: f64,
    pub value: f64,
    pub feed: f64,
}

/// A spike that reaches a channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Arrival {
    pub lane: u32,
    pub channel: u32,
    pub response: Response,
}

/// All synapses of one kind onto a block of neurons: they add up.
#[derive(Debug, Clone)]
pub struct Channel<T> {
    pub groups: Vec<ChannelGroup<T>>,
    /// Share left after a step.
    decay: T,
    dt: T,
    /// Mean over a step of a value 1 and of a feed 1.
    mean: [T; 2],
    /// What a mean of 1 adds to conductance and drive.
    to_conductance: T,
    to_drive: T,
}

/// The value that acts, what feeds it, and what arrivals of this step add to its mean.
#[repr(C, align(64))]
#[derive(Debug, Clone, Copy)]
pub struct ChannelGroup<T> {
    pub value: [T; LANES],
    pub feed: [T; LANES],
    pub fresh: [T; LANES],
}

impl Response {
    pub fn times(self, weight: f64) -> Self {
        Self { mean: weight * self.mean, value: weight * self.value, feed: weight * self.feed }
    }
}

impl<T: Sealed> Channel<T> {
    pub fn new(kind: SynapseKind, groups: usize, dt_ms: f64, capacitance_uf_cm2: f64) -> Self {
        let (tau_ms, conductance, drive) = match kind {
            SynapseKind::Delta => (1.0, 0.0, 0.0),
            SynapseKind::ExponentialCurrent { tau_ms } | SynapseKind::AlphaCurrent { tau_ms } => {
                (tau_ms, 0.0, 1.0)
            }
            SynapseKind::Conductance { tau_ms, reversal_mv } => (tau_ms, 1.0, reversal_mv - REFERENCE_MV),
        };
        let [decay] = exp([-dt_ms / tau_ms]);
        let mean = tau_ms / dt_ms * (1.0 - decay);
        let scale = dt_ms / capacitance_uf_cm2;
        let none = [T::default(); LANES];
        Self {
            groups: vec![ChannelGroup { value: none, feed: none, fresh: none }; groups],
            decay: T::of(decay),
            dt: T::of(dt_ms),
            mean: [T::of(mean), T::of(tau_ms * (mean - decay))],
            to_conductance: T::of(conductance * scale),
            to_drive: T::of(drive * scale),
        }
    }
}

/// One step of all channels of a block: leaves conductance and drive in its groups.
pub struct SynapseStep<'a, T> {
    pub channels: &'a mut [Channel<T>],
    pub groups: &'a mut [Group<T>],
}

macro_rules! kernels {
    ($($t:ty, $lanes:literal);*) => {$(
        impl Kernel<$t, $lanes> for SynapseStep<'_, $t> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd<$t, $lanes>>(self, simd: S) {
                synapses(simd, self);
            }
        }
    )*};
}
kernels!(f64, 4; f64, 8; f32, 8; f32, 16);

#[inline(always)]
fn synapses<T: Precision, S: Simd<T, L>, const L: usize>(simd: S, step: SynapseStep<'_, T>) {
    for group in &mut *step.groups {
        group.conductance = [T::default(); LANES];
        group.drive = [T::default(); LANES];
    }
    for channel in step.channels {
        let [decay, dt] = [simd.splat(channel.decay), simd.splat(channel.dt)];
        let mean = [simd.splat(channel.mean[0]), simd.splat(channel.mean[1])];
        let (to_conductance, to_drive) = (simd.splat(channel.to_conductance), simd.splat(channel.to_drive));
        for (own, group) in channel.groups.iter_mut().zip(&mut *step.groups) {
            let (values, _) = own.value.as_chunks_mut::<L>();
            let (feeds, _) = own.feed.as_chunks_mut::<L>();
            let (fresh, _) = own.fresh.as_chunks_mut::<L>();
            let (conductances, _) = group.conductance.as_chunks_mut::<L>();
            let (drives, _) = group.drive.as_chunks_mut::<L>();
            for chunk in 0..LANES / L {
                let (value, feed) = (simd.load(&values[chunk]), simd.load(&feeds[chunk]));
                let acting = value.mul_add(mean[0], feed.mul_add(mean[1], simd.load(&fresh[chunk])));
                (feed.mul_add(dt, value) * decay).store(&mut values[chunk]);
                (feed * decay).store(&mut feeds[chunk]);
                simd.splat(T::default()).store(&mut fresh[chunk]);
                acting
                    .mul_add(to_conductance, simd.load(&conductances[chunk]))
                    .store(&mut conductances[chunk]);
                acting.mul_add(to_drive, simd.load(&drives[chunk])).store(&mut drives[chunk]);
            }
        }
    }
}
