//! What images are made of.

use hexad_core::simd::{Lane, copy_past_caches, dispatch, dispatch_widest};

use super::row_sum::RowSum;
use crate::uniform::{Convolve, Decimate, Interpolate, Subtract, run_with, widths};

/// An element of an image: `f64` or `f32`.
pub trait Pixel: private::Lanes {}
impl Pixel for f64 {}
impl Pixel for f32 {}

mod private {
    use super::{Convolve, Decimate, Interpolate, RowSum, Subtract};

    /// The kernels at the vector width of the element.
    pub trait Lanes: Copy + Default + Send + Sync + std::fmt::Debug + 'static {
        /// What rounding alone costs, relative to the largest pixel.
        const ROUNDING: f64;
        /// Pixels of the vectors that this machine has, widest first.
        fn widths() -> &'static [usize];
        fn from_f64(value: f64) -> Self;
        fn to_f64(self) -> f64;
        fn convolve(kernel: Convolve<'_, Self>);
        fn decimate(lanes: usize, kernel: Decimate<'_, Self>) -> bool;
        fn interpolate(lanes: usize, kernel: Interpolate<'_, Self>);
        fn row_sum(kernel: RowSum<'_, Self>);
        fn subtract(kernel: Subtract<'_, Self>) -> bool;
        fn copy_past_caches(from: &[Self], to: &mut [Self]);
    }
}

macro_rules! lanes {
    ($t:ty, $narrowest:literal, $widths:expr, $rounding:literal, $run_with:expr, $dispatch:path) => {
        impl private::Lanes for $t {
            const ROUNDING: f64 = $rounding;
            fn widths() -> &'static [usize] {
                $widths
            }
            fn from_f64(value: f64) -> Self {
                <$t as Lane<$narrowest>>::from_f64(value)
            }
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            fn convolve(kernel: Convolve<'_, Self>) {
                $dispatch(kernel);
            }
            fn decimate(lanes: usize, kernel: Decimate<'_, Self>) -> bool {
                $run_with(lanes, kernel)
            }
            fn interpolate(lanes: usize, kernel: Interpolate<'_, Self>) {
                $run_with(lanes, kernel);
            }
            fn row_sum(kernel: RowSum<'_, Self>) {
                $dispatch(kernel);
            }
            fn subtract(kernel: Subtract<'_, Self>) -> bool {
                $dispatch(kernel)
            }
            fn copy_past_caches(from: &[Self], to: &mut [Self]) {
                copy_past_caches(from, to);
            }
        }
    };
}
lanes!(f64, 4, widths(), 1e-14, run_with, dispatch_widest);
lanes!(f32, 8, &[8], 2e-6, |_, kernel| dispatch::<f32, 8, _>(kernel), dispatch::<f32, 8, _>);
