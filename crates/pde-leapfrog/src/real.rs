//! Numbers that fields are made of.

use std::fmt::Debug;
use std::ops::{Add, Mul, Neg, Sub};

use hexad_core::simd::{dispatch, dispatch_widest};

use crate::damped::{Damped, DampedRow};
use crate::folded::Folded;
use crate::kernel::{Job, Update};

/// `f64` or `f32`: what the fields of a [`crate::Simulation`] are made of. Everything else is in `f64`.
pub trait Real: sealed::Sealed {}

impl Real for f64 {}
impl Real for f32 {}

pub(crate) mod sealed {
    use super::{Add, Damped, Debug, Folded, Job, Mul, Neg, Sub};

    /// What a field needs of its numbers.
    pub trait Sealed:
        Copy
        + Default
        + Debug
        + PartialEq
        + Add<Output = Self>
        + Sub<Output = Self>
        + Mul<Output = Self>
        + Neg<Output = Self>
        + Send
        + Sync
        + 'static
    {
        /// Name in checkpoints: the number of bytes.
        const BYTES: usize;
        /// Rounded from `f64`.
        fn round(value: f64) -> Self;
        /// As `f64`, exactly.
        fn exact(self) -> f64;
        /// Appends the bytes, the lowest first.
        fn write(self, bytes: &mut Vec<u8>);
        /// From [`Sealed::BYTES`] bytes, the lowest first.
        fn read(bytes: &[u8]) -> Self;
        /// Does the job with the widest vectors there are.
        fn update(job: Job<'_, Self>);
        /// As [`Sealed::update`].
        fn update_folded(job: Folded<'_, Self>);
        /// As [`Sealed::update`].
        fn absorb(job: Damped<'_, Self>);
    }
}

macro_rules! real {
    ($t:ty, $bytes:literal, $dispatch:expr) => {
        impl sealed::Sealed for $t {
            const BYTES: usize = $bytes;
            #[inline]
            #[allow(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
            fn round(value: f64) -> Self {
                value as $t
            }
            #[inline]
            fn exact(self) -> f64 {
                f64::from(self)
            }
            fn write(self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }
            fn read(bytes: &[u8]) -> Self {
                let mut own = [0; $bytes];
                own.copy_from_slice(bytes);
                Self::from_le_bytes(own)
            }
            fn update_folded(job: Folded<'_, Self>) {
                $dispatch(job);
            }
            fn absorb(job: Damped<'_, Self>) {
                match job.weights.len() {
                    1 => $dispatch(DampedRow::<$t, 1>::new(job)),
                    2 => $dispatch(DampedRow::<$t, 2>::new(job)),
                    3 => $dispatch(DampedRow::<$t, 3>::new(job)),
                    _ => $dispatch(DampedRow::<$t, 4>::new(job)),
                }
            }
            fn update(job: Job<'_, Self>) {
                match (job.sources.len(), job.weights.len()) {
                    (1, 1) => $dispatch(Update::<$t, 1, 1>::new(job)),
                    (1, 2) => $dispatch(Update::<$t, 1, 2>::new(job)),
                    (1, 3) => $dispatch(Update::<$t, 1, 3>::new(job)),
                    (1, _) => $dispatch(Update::<$t, 1, 4>::new(job)),
                    (2, 1) => $dispatch(Update::<$t, 2, 1>::new(job)),
                    (2, 2) => $dispatch(Update::<$t, 2, 2>::new(job)),
                    (2, 3) => $dispatch(Update::<$t, 2, 3>::new(job)),
                    (2, _) => $dispatch(Update::<$t, 2, 4>::new(job)),
                    (_, 1) => $dispatch(Update::<$t, 3, 1>::new(job)),
                    (_, 2) => $dispatch(Update::<$t, 3, 2>::new(job)),
                    (_, 3) => $dispatch(Update::<$t, 3, 3>::new(job)),
                    (_, _) => $dispatch(Update::<$t, 3, 4>::new(job)),
                }
            }
        }
    };
}

real!(f64, 8, dispatch_widest);
real!(f32, 4, dispatch);
