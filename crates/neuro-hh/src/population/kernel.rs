//! The hot loops: gates and potentials of many neurons, one step each.
//!
//! Potentials stand at whole steps and gates at half steps; both are stepped by Crank and Nicolson. With a rate
//! `alpha = A / B` and `beta = b` a gate is
//! `x + (A - S x) / (B + S / 2)`, `S = A + b B`, all times dt: no exponential of dt, and no quotient for the rates.
//! Every operation is written with `mul_add` or alone, so that any vector width gives the same bits.

use hexad_core::simd::{Kernel, Simd, Vector};

use crate::population::constants::{ClassicGates, Gates, GeneralGates, Membranes, PairedRate};
use crate::population::precision::Precision;
use crate::rates::RateForm;

/// Neurons that stand together in memory: one or a few vectors.
pub(crate) const LANES: usize = 16;
/// Potentials are kept as their distance from this, in mV: finer where thresholds are.
pub(crate) const REFERENCE_MV: f64 = -40.0;

/// Sixteen neurons.
#[repr(C, align(64))]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group<T> {
    /// Potential above the reference.
    pub v: [T; LANES],
    pub m: [T; LANES],
    pub h: [T; LANES],
    pub n: [T; LANES],
    /// What the injected current and the leak move V by in a step, in mV.
    pub current: [T; LANES],
    /// 1 while a crossing upward counts, -1 until V was low again.
    pub side: [T; LANES],
    /// Synaptic conductance times dt over the capacitance.
    pub conductance: [T; LANES],
    /// What synapses move V by in a step, in mV.
    pub drive: [T; LANES],
}

/// Neurons of a group that crossed or left the range in a step.
#[derive(Debug, Clone, Copy)]
pub struct Hit<T> {
    pub group: usize,
    pub mask: u32,
    /// Their potentials before the step.
    pub before: [T; LANES],
}

/// One step of all gates.
pub struct GateStep<'a, T> {
    pub gates: &'a Gates<T>,
    pub groups: &'a mut [Group<T>],
}

/// One step of all potentials; groups in which one crosses are listed in `hits`.
pub struct VoltageStep<'a, T> {
    pub membranes: &'a Membranes<T>,
    /// What all neurons' current moves V by in this step, in mV.
    pub shared: T,
    pub has_synapses: bool,
    pub groups: &'a mut [Group<T>],
    pub hits: &'a mut Vec<Hit<T>>,
}

macro_rules! kernels {
    ($($t:ty, $lanes:literal);*) => {$(
        impl Kernel<$t, $lanes> for GateStep<'_, $t> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd<$t, $lanes>>(self, simd: S) {
                match self.gates {
                    Gates::Classic(gates) => classic(simd, gates, self.groups),
                    Gates::General(gates) => general(simd, gates, self.groups),
                }
            }
        }
        impl Kernel<$t, $lanes> for VoltageStep<'_, $t> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd<$t, $lanes>>(self, simd: S) {
                if self.has_synapses {
                    voltage::<$t, S, $lanes, true>(simd, self);
                } else {
                    voltage::<$t, S, $lanes, false>(simd, self);
                }
            }
        }
    )*};
}
kernels!(f64, 4; f64, 8; f32, 8; f32, 16);

/// The six rates of Hodgkin and Huxley from one short polynomial, `w = exp(-(V + 40) / 720)`: its powers 9, 36, 40 and
/// 72 are all the exponentials there are. The three gates share a division.
#[inline(always)]
fn classic<T: Precision, S: Simd<T, L>, const L: usize>(
    simd: S,
    gates: &ClassicGates<T>,
    groups: &mut [Group<T>],
) {
    let all = |value: T| simd.splat(value);
    let (one, half) = (all(T::of(1.0)), all(T::of(0.5)));
    let (grid, centre) = (all(T::GRID), all(T::GRID_CENTRE));
    for group in groups {
        let (v, _) = group.v.as_chunks::<L>();
        let (m, _) = group.m.as_chunks_mut::<L>();
        let (h, _) = group.h.as_chunks_mut::<L>();
        let (n, _) = group.n.as_chunks_mut::<L>();
        for chunk in 0..LANES / L {
            // The centre of a cell around V: never one of the two potentials at which a rate is 0 / 0.
            let u = (((simd.load(&v[chunk]) - centre) + grid) - grid) + centre;
            let [w9, w36, w40, m_share, w72] = powers::<T, S, L>(simd, &gates.polynomial, u);

            let m_open = u * all(gates.m_open);
            let m_sum = (w40 * all(gates.m_close)).mul_add(m_share, m_open);
            let h_share = w72.mul_add(all(gates.h_share), one);
            let h_open = (w36 * all(gates.h_open)) * h_share;
            let h_sum = h_open + all(gates.h_close);
            let n_share = one - w72 * all(gates.n_share);
            let n_open = u.mul_add(all(gates.n_open), all(gates.n_offset));
            let n_sum = (w9 * all(gates.n_close)).mul_add(n_share, n_open);

            let (m_now, h_now, n_now) = (simd.load(&m[chunk]), simd.load(&h[chunk]), simd.load(&n[chunk]));
            let m_top = (-m_sum).mul_add(m_now, m_open);
            let h_top = (-h_sum).mul_add(h_now, h_open);
            let n_top = (-n_sum).mul_add(n_now, n_open);
            let m_below = m_sum.mul_add(half, m_share);
            let h_below = h_sum.mul_add(half, h_share);
            let n_below = n_sum.mul_add(half, n_share);
            let hn_below = h_below * n_below;
            let inverse = one.div(m_below * hn_below);
            let hn_inverse = m_below * inverse;
            (m_top * hn_below).mul_add(inverse, m_now).store(&mut m[chunk]);
            (h_top * n_below).mul_add(hn_inverse, h_now).store(&mut h[chunk]);
            (n_top * h_below).mul_add(hn_inverse, n_now).store(&mut n[chunk]);
        }
    }
}

/// Powers 9, 36 and 40 of `w = exp(-u / 720)`, 1 - w^72 and w^72.
///
/// A power 72 magnifies the rounding of w by as much. Where that matters the first powers are of w - 1, which is small
/// where thresholds are: `(1 + a)(1 + b) - 1 = a + b + a b`; a factor of 8 is left.
#[inline(always)]
fn powers<T: Precision, S: Simd<T, L>, const L: usize>(simd: S, polynomial: &[T; 9], u: S::V) -> [S::V; 5] {
    let one = simd.splat(T::of(1.0));
    let mut w = simd.splat(polynomial[T::DEGREE]);
    for power in (1..T::DEGREE).rev() {
        w = w.mul_add(u, simd.splat(polynomial[power]));
    }
    let (w4, w9) = if T::SMALL_POWERS {
        let a = w * u;
        let a2 = a.mul_add(a, a + a);
        let a4 = a2.mul_add(a2, a2 + a2);
        let a8 = a4.mul_add(a4, a4 + a4);
        (one + a4, one + (a8.mul_add(a, a8) + a))
    } else {
        let w = w.mul_add(u, one);
        let w2 = w * w;
        let w4 = w2 * w2;
        (w4, (w4 * w4) * w)
    };
    let w18 = w9 * w9;
    let w36 = w18 * w18;
    let w72 = w36 * w36;
    [w9, w36, w36 * w4, one - w72, w72]
}

/// Any six rates, one exponential each.
#[inline(always)]
fn general<T: Precision, S: Simd<T, L>, const L: usize>(
    simd: S,
    gates: &GeneralGates<T>,
    groups: &mut [Group<T>],
) {
    for group in groups {
        let (v, _) = group.v.as_chunks::<L>();
        let [m, h, n] = [&mut group.m, &mut group.h, &mut group.n].map(|gate| gate.as_chunks_mut::<L>().0);
        for chunk in 0..LANES / L {
            let v = simd.load(&v[chunk]);
            paired(simd, &gates.m, v, &mut m[chunk]);
            paired(simd, &gates.h, v, &mut h[chunk]);
            paired(simd, &gates.n, v, &mut n[chunk]);
        }
    }
}

#[inline(always)]
fn paired<T: Precision, S: Simd<T, L>, const L: usize>(
    simd: S,
    pair: &[PairedRate<T>; 2],
    v: S::V,
    gate: &mut [T; L],
) {
    let (open, open_share) = rate(simd, &pair[0], v);
    let (close, close_share) = rate(simd, &pair[1], v);
    let opening = open * close_share;
    let sum = close.mul_add(open_share, opening);
    let now = simd.load(gate);
    let below = sum.mul_add(simd.splat(T::of(0.5)), open_share * close_share);
    (now + (-sum).mul_add(now, opening).div(below)).store(gate);
}

/// A rate times dt, as numerator and denominator.
#[inline(always)]
fn rate<T: Precision, S: Simd<T, L>, const L: usize>(simd: S, rate: &PairedRate<T>, v: S::V) -> (S::V, S::V) {
    let all = |value: T| simd.splat(value);
    let one = all(T::of(1.0));
    let x =
        v.mul_add(all(rate.slope), all(rate.offset)).max(all(T::of(-T::WIDEST))).min(all(T::of(T::WIDEST)));
    match rate.form {
        RateForm::Exponential => (all(rate.factor) * exp(simd, x), one),
        RateForm::Sigmoid => (all(rate.factor), one + exp(simd, -x)),
        RateForm::Linoid => {
            let centre = all(T::FINE_CENTRE);
            let x = (((x - centre) + all(T::FINE_GRID)) - all(T::FINE_GRID)) + centre;
            (all(rate.factor) * x, one - exp(simd, -x))
        }
    }
}

/// `exp(x)` of at most `WIDEST` by size: by its series after taking out powers of two.
#[inline(always)]
fn exp<T: Precision, S: Simd<T, L>, const L: usize>(simd: S, x: S::V) -> S::V {
    let whole = (x * simd.splat(T::of(std::f64::consts::LOG2_E))).round();
    let rest = whole.mul_add(simd.splat(-T::LN_2[0]), x);
    let rest = whole.mul_add(simd.splat(-T::LN_2[1]), rest);
    let mut sum = simd.splat(T::INVERSE_FACTORIALS[T::EXP_DEGREE]);
    for power in (0..T::EXP_DEGREE).rev() {
        sum = sum.mul_add(rest, simd.splat(T::INVERSE_FACTORIALS[power]));
    }
    sum * whole.exp2_of_whole()
}

#[inline(always)]
fn voltage<T: Precision, S: Simd<T, L>, const L: usize, const SYNAPSES: bool>(
    simd: S,
    step: VoltageStep<'_, T>,
) {
    let all = |value: T| simd.splat(value);
    let c = step.membranes;
    let (one, half, shared) = (all(T::of(1.0)), all(T::of(0.5)), all(step.shared));
    for (index, group) in step.groups.iter_mut().enumerate() {
        let (v, _) = group.v.as_chunks_mut::<L>();
        let (m, _) = group.m.as_chunks::<L>();
        let (h, _) = group.h.as_chunks::<L>();
        let (n, _) = group.n.as_chunks::<L>();
        let (current, _) = group.current.as_chunks::<L>();
        let (side, _) = group.side.as_chunks::<L>();
        let (conductance, _) = group.conductance.as_chunks::<L>();
        let (drive, _) = group.drive.as_chunks::<L>();
        for chunk in 0..LANES / L {
            let (m, h, n) = (simd.load(&m[chunk]), simd.load(&h[chunk]), simd.load(&n[chunk]));
            let now = simd.load(&v[chunk]);
            let sodium = ((m * m) * (m * h)) * all(c.sodium);
            let n_squared = n * n;
            let potassium = (n_squared * n_squared) * all(c.potassium);
            let mut total = (sodium + potassium) + all(c.leak);
            let mut top = simd.load(&current[chunk]) + shared;
            if SYNAPSES {
                total = total + simd.load(&conductance[chunk]);
                top = top + simd.load(&drive[chunk]);
            }
            top = sodium.mul_add(all(c.e_sodium), top);
            top = potassium.mul_add(all(c.e_potassium), top);
            top = (-total).mul_add(now, top);
            let next = now + top.div(total.mul_add(half, one));
            next.store(&mut v[chunk]);
            // Crossing upward while armed, downward while not, or far out: all of them far from the quiet middle.
            let aside = simd.load(&side[chunk]).mul_add(next - all(c.middle), -all(c.quiet_centre));
            let mask = (aside * aside).beyond(all(c.quiet_square));
            if mask != 0 {
                let mut before = [T::default(); LANES];
                now.store(&mut before.as_chunks_mut::<L>().0[chunk]);
                step.hits.push(Hit { group: index, mask: mask << (chunk * L), before });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use hexad_core::simd::{Portable, run_portable};

    use super::*;
    use crate::model::Model;
    use crate::spikes::Threshold;

    /// Neurons with potentials over the whole range and gates over theirs.
    fn groups<T: Precision>() -> Vec<Group<T>> {
        let lanes = |group: usize, low: f64, high: f64| {
            std::array::from_fn(|lane| {
                let share = ((group * LANES + lane) * 37 % 331) as f64 / 330.0;
                T::of(low + (high - low) * share)
            })
        };
        let group = |index| Group {
            v: lanes(index, -160.0, 160.0),
            m: lanes(index + 3, 0.0, 1.0),
            h: lanes(index + 7, 1.0, 0.0),
            n: lanes(index + 11, 0.0, 1.0),
            current: lanes(index + 13, -1.0, 1.0),
            side: [T::of(if index % 2 == 0 { 1.0 } else { -1.0 }); LANES],
            conductance: lanes(index + 17, 0.0, 0.5),
            drive: lanes(index + 19, -1.0, 1.0),
        };
        (0..20).map(group).collect()
    }

    /// What one step makes of them, by `gates` and `voltage`.
    fn stepped<T: Precision>(
        model: &Model,
        has_synapses: bool,
        gates: impl Fn(GateStep<'_, T>),
        voltage: impl Fn(VoltageStep<'_, T>),
    ) -> (Vec<Group<T>>, Vec<u32>) {
        let (mut groups, mut hits) = (groups(), Vec::new());
        let membranes = Membranes::new(model, 0.025, &Threshold::default());
        gates(GateStep { gates: &Gates::new(model, 0.025), groups: &mut groups });
        let shared = T::of(0.01);
        voltage(VoltageStep {
            membranes: &membranes,
            shared,
            has_synapses,
            groups: &mut groups,
            hits: &mut hits,
        });
        let mut masks = vec![0; groups.len()];
        hits.iter().for_each(|hit| masks[hit.group] |= hit.mask);
        (groups, masks)
    }

    fn portable<T: Precision, const L: usize>(model: &Model, has_synapses: bool) -> (Vec<Group<T>>, Vec<u32>)
    where
        Portable: Simd<T, L>,
        for<'a> GateStep<'a, T>: Kernel<T, L>,
        for<'a> VoltageStep<'a, T>: Kernel<T, L>,
    {
        stepped(
            model,
            has_synapses,
            |step| {
                run_portable::<T, L, _>(step);
            },
            |step| {
                run_portable::<T, L, _>(step);
            },
        )
    }

    #[test]
    fn every_width_gives_the_same_bits() {
        for model in [Model::classic(), Model::traub_miles()] {
            for has_synapses in [false, true] {
                let double = stepped::<f64>(
                    &model,
                    has_synapses,
                    crate::population::Sealed::gates,
                    crate::population::Sealed::voltage,
                );
                assert!(double.1.iter().any(|mask| *mask != 0));
                assert!(double == portable::<f64, 4>(&model, has_synapses));
                assert!(double == portable::<f64, 8>(&model, has_synapses));
                let single = stepped::<f32>(
                    &model,
                    has_synapses,
                    crate::population::Sealed::gates,
                    crate::population::Sealed::voltage,
                );
                assert!(single == portable::<f32, 8>(&model, has_synapses));
                assert!(single == portable::<f32, 16>(&model, has_synapses));
            }
        }
    }

    #[test]
    fn one_step_of_the_gates_is_that_of_the_definition_over_the_whole_range() {
        let model = Model::classic();
        let membrane = crate::model::Membrane::new(&model).unwrap();
        let (double, _) = stepped::<f64>(&model, false, <f64 as crate::population::Sealed>::gates, |_| ());
        let (single, _) = stepped::<f32>(&model, false, <f32 as crate::population::Sealed>::gates, |_| ());
        for (index, start) in groups::<f64>().iter().enumerate() {
            for lane in 0..LANES {
                let (m, h, n) = (start.m[lane], start.h[lane], start.n[lane]);
                let state = crate::State { v_mv: start.v[lane] + REFERENCE_MV, m, h, n };
                let wanted = crate::integrators::crank_nicolson_gates(&membrane, &state, state.v_mv, 0.025);
                let got = [double[index].m[lane], double[index].h[lane], double[index].n[lane]];
                let narrow = [single[index].m[lane], single[index].h[lane], single[index].n[lane]];
                for ((got, narrow), wanted) in got.into_iter().zip(narrow).zip([wanted.m, wanted.h, wanted.n])
                {
                    // Half a cell of V, 2^-21 and 2^-13 mV, over the shortest scale of 10 mV, and rounding; on 0 / 0,
                    // at -40 mV, a quotient of two roundings in f32.
                    assert!((got - wanted).abs() < 1e-7, "{state:?}: {got} {wanted}");
                    assert!((f64::from(narrow) - wanted).abs() < 1e-4, "{state:?}: {narrow} {wanted}");
                }
            }
        }
    }
}
