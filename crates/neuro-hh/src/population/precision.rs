//! Single and double precision.

use hexad_core::simd::{Lane, dispatch, dispatch_sixteen, dispatch_widest, has_eight_lanes};

use crate::population::kernel::{GateStep, VoltageStep};
use crate::population::synapses::SynapseStep;

/// `f64` or `f32`: what a population computes in.
pub trait Precision: sealed::Sealed {}

impl Precision for f64 {}
impl Precision for f32 {}

pub(crate) use sealed::Sealed;

mod sealed {
    use super::{GateStep, SynapseStep, VoltageStep};

    pub trait Sealed:
        Copy + Default + Send + Sync + PartialEq + std::ops::Neg<Output = Self> + 'static
    {
        const NAME: &'static str;
        /// Degree of the polynomial of the classic rates.
        const DEGREE: usize;
        /// Whether powers are taken of what is left of 1.
        const SMALL_POWERS: bool;
        /// `exp(-x / 720)` for |x| up to 160, lowest power first: near minimax, to 2e-14 and 1e-10 of its value, and 1
        /// at 0.
        const POLYNOMIAL: [f64; 9];
        /// Adding and subtracting this rounds mV to cells; their centres lie half a cell further.
        const GRID: Self;
        const GRID_CENTRE: Self;
        /// The same for the argument of one exponential.
        const FINE_GRID: Self;
        const FINE_CENTRE: Self;
        /// Largest argument of an exponential: products of two must not overflow.
        const WIDEST: f64;
        const EXP_DEGREE: usize;
        const INVERSE_FACTORIALS: [Self; 14];
        /// ln 2 in two parts.
        const LN_2: [Self; 2];
        fn of(value: f64) -> Self;
        fn wide(self) -> f64;
        fn gates(step: GateStep<'_, Self>);
        fn voltage(step: VoltageStep<'_, Self>);
        fn synapses(step: SynapseStep<'_, Self>);
    }
}

impl Sealed for f64 {
    const NAME: &'static str = "f64";
    const DEGREE: usize = 8;
    const SMALL_POWERS: bool = false;
    const POLYNOMIAL: [f64; 9] = [
        1.0,
        -0.001_388_888_888_888_088,
        9.645_061_728_393_95e-7,
        -4.465_306_359_910_314_4e-10,
        1.550_453_596_321_849_7e-13,
        -4.306_809_677_585_009e-17,
        9.969_472_279_078_74e-21,
        -1.981_126_148_883_219_6e-24,
        3.438_394_005_952_339_5e-28,
    ];
    // Cells of 2^-20 mV.
    const GRID: f64 = 1.5 * (1_u64 << 32) as f64;
    const GRID_CENTRE: f64 = 0.5 / (1 << 20) as f64;
    const FINE_GRID: f64 = 1.5 * (1 << 26) as f64;
    const FINE_CENTRE: f64 = 0.5 / (1 << 26) as f64;
    const WIDEST: f64 = 300.0;
    const EXP_DEGREE: usize = 13;
    const INVERSE_FACTORIALS: [f64; 14] = INVERSE_FACTORIALS;
    // The first part ends in 32 zero bits.
    const LN_2: [f64; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];

    #[inline(always)]
    fn of(value: f64) -> f64 {
        value
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }
    fn gates(step: GateStep<'_, f64>) {
        dispatch_widest(step);
    }
    fn voltage(step: VoltageStep<'_, f64>) {
        dispatch_widest(step);
    }
    fn synapses(step: SynapseStep<'_, f64>) {
        dispatch_widest(step);
    }
}

impl Sealed for f32 {
    const NAME: &'static str = "f32";
    const DEGREE: usize = 6;
    const SMALL_POWERS: bool = true;
    const POLYNOMIAL: [f64; 9] = [
        1.0,
        -0.001_388_888_892_523_025_1,
        9.645_061_734_702_813e-7,
        -4.465_295_000_036e-10,
        1.550_451_624_705_765e-13,
        -4.315_684_905_391_547e-17,
        9.984_875_982_425_753e-21,
        0.0,
        0.0,
    ];
    // Cells of 2^-12 mV.
    const GRID: f32 = 1.5 * (1 << 11) as f32;
    const GRID_CENTRE: f32 = 0.5 / (1 << 12) as f32;
    const FINE_GRID: f32 = 1.5 * (1 << 10) as f32;
    const FINE_CENTRE: f32 = 0.5 / (1 << 13) as f32;
    const WIDEST: f64 = 40.0;
    const EXP_DEGREE: usize = 7;
    #[expect(clippy::cast_possible_truncation, reason = "rounding is what it is for")]
    const INVERSE_FACTORIALS: [f32; 14] = {
        let mut rounded = [0.0; 14];
        let mut index = 0;
        while index < 14 {
            rounded[index] = INVERSE_FACTORIALS[index] as f32;
            index += 1;
        }
        rounded
    };
    // The first part ends in 12 zero bits.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];

    #[inline(always)]
    fn of(value: f64) -> f32 {
        <f32 as Lane<8>>::from_f64(value)
    }
    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }
    fn gates(step: GateStep<'_, f32>) {
        if has_eight_lanes() { dispatch_sixteen(step) } else { dispatch::<f32, 8, _>(step) }
    }
    fn voltage(step: VoltageStep<'_, f32>) {
        if has_eight_lanes() { dispatch_sixteen(step) } else { dispatch::<f32, 8, _>(step) }
    }
    fn synapses(step: SynapseStep<'_, f32>) {
        if has_eight_lanes() { dispatch_sixteen(step) } else { dispatch::<f32, 8, _>(step) }
    }
}

const INVERSE_FACTORIALS: [f64; 14] = [
    1.0,
    1.0,
    0.5,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
    1.0 / 5_040.0,
    1.0 / 40_320.0,
    1.0 / 362_880.0,
    1.0 / 3_628_800.0,
    1.0 / 39_916_800.0,
    1.0 / 479_001_600.0,
    1.0 / 6_227_020_800.0,
];
