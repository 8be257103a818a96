//! The hot loop of a folded row at order 2: pressure and velocity in one pass.
//!
//! The velocity of a place is updated as soon as the pressure of the next place is, while both are in registers. Each
//! number comes from the same operations as in the separate passes.

use std::cell::Cell;

use hexad_core::simd::{Kernel, Simd, Vector};

use crate::kernel::Rate;
use crate::real::sealed::Sealed;
use crate::scheme::LANES;

/// Places of a folded row: the pressure of each but the first, the velocity of each but the last.
#[derive(Debug)]
pub struct Folded<'a, T> {
    /// Pressure, whole places.
    pub pressure: &'a mut [T],
    /// Velocity of the same places.
    pub velocity: &'a mut [T],
    /// From the same place on.
    pub pressure_rate: Rate<'a, T>,
    /// From the same place on.
    pub velocity_rate: Rate<'a, T>,
}

impl<T: Sealed, const L: usize> Kernel<T, L> for Folded<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T, L>>(self, simd: S) {
        match (self.pressure_rate, self.velocity_rate) {
            (Rate::PerCell(pressure), Rate::PerCell(velocity)) => {
                let rates = (pressure.as_chunks().0, velocity.as_chunks().0);
                sweep::<T, S, L, true>(
                    simd,
                    self.pressure,
                    self.velocity,
                    (T::default(), T::default()),
                    rates,
                );
            }
            (Rate::Same(pressure), Rate::Same(velocity)) => {
                let rates = (pressure, velocity);
                sweep::<T, S, L, false>(simd, self.pressure, self.velocity, rates, (&[], &[]));
            }
            // A medium is constant in both or in none.
            _ => {}
        }
    }
}

#[inline(always)]
fn sweep<T: Sealed, S: Simd<T, L>, const L: usize, const PER_CELL: bool>(
    simd: S,
    pressure: &mut [T],
    velocity: &mut [T],
    same: (T, T),
    per_cell: (&[[T; L]], &[[T; L]]),
) {
    // Vectors of a place: so far is its neighbour.
    let apart = LANES / L;
    let pressure = Cell::from_mut(pressure.as_chunks_mut::<L>().0).as_slice_of_cells();
    let velocity = Cell::from_mut(velocity.as_chunks_mut::<L>().0).as_slice_of_cells();
    let (pressure_same, velocity_same) = (simd.splat(same.0), simd.splat(same.1));
    for (index, (p, u)) in pressure.windows(apart + 1).zip(velocity.windows(apart + 1)).enumerate() {
        let (p_behind, p_here) = (&p[0], &p[apart]);
        let (u_behind, u_here) = (&u[0], &u[apart]);
        let (pressure_rate, velocity_rate) = if PER_CELL {
            (simd.load(&per_cell.0[index + apart]), simd.load(&per_cell.1[index]))
        } else {
            (pressure_same, velocity_same)
        };
        let before = simd.load(&u_behind.get());
        let p = simd.load(&p_here.get()) - pressure_rate * (simd.load(&u_here.get()) - before);
        let u = before - velocity_rate * (p - simd.load(&p_behind.get()));
        put(p, p_here);
        put(u, u_behind);
    }
}

#[inline(always)]
fn put<T: Sealed, V: Vector<T, L>, const L: usize>(vector: V, to: &Cell<[T; L]>) {
    let mut lanes = [T::default(); L];
    vector.store(&mut lanes);
    to.set(lanes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_core::simd::{dispatch, dispatch_eight, run_portable};

    fn number(index: usize) -> f64 {
        ((index * 7919 + 13) % 1009) as f64 / 504.5 - 1.0
    }

    fn after(run: impl Fn(Folded<'_, f64>), per_cell: bool) -> [Vec<f64>; 2] {
        let field = |place: usize| (0..88).map(|index| number(index + 88 * place)).collect::<Vec<_>>();
        let [mut pressure, mut velocity, first, second] = [0, 1, 2, 3].map(field);
        let rate = |rates, same| if per_cell { Rate::PerCell(rates) } else { Rate::Same(same) };
        run(Folded {
            pressure: &mut pressure,
            velocity: &mut velocity,
            pressure_rate: rate(&first, 0.3),
            velocity_rate: rate(&second, 0.7),
        });
        [pressure, velocity]
    }

    #[test]
    fn one_pass_is_two_with_every_width_of_vectors() {
        for per_cell in [false, true] {
            let wanted = {
                let field =
                    |place: usize| (0..88).map(|index| number(index + 88 * place)).collect::<Vec<_>>();
                let [mut pressure, mut velocity, first, second] = [0, 1, 2, 3].map(field);
                for index in LANES..88 {
                    let rate = if per_cell { first[index] } else { 0.3 };
                    pressure[index] -= rate * (velocity[index] - velocity[index - LANES]);
                }
                for index in 0..88 - LANES {
                    let rate = if per_cell { second[index] } else { 0.7 };
                    velocity[index] -= rate * (pressure[index + LANES] - pressure[index]);
                }
                [pressure, velocity]
            };
            assert_eq!(after(|job| run_portable::<f64, 4, _>(job), per_cell), wanted);
            assert_eq!(after(|job| dispatch::<f64, 4, _>(job), per_cell), wanted);
            assert_eq!(after(|job| run_portable::<f64, 8, _>(job), per_cell), wanted);
            assert_eq!(after(|job| dispatch_eight(job), per_cell), wanted);
        }
    }
}
