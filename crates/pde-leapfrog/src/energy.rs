//! The energy that the scheme conserves, and the watch over the fields.

use hexad_core::Sum;

use crate::Simulation;
use crate::WaveError;
use crate::arrays::{cell_ranges, face_ranges, places};
use crate::equations::Equations;
use crate::layout::Block;
use crate::real::Real;

impl<T: Real> Simulation<T> {
    /// `dx^dims / 2 [sum p^n p^(n+1) / K + sum rho (u^(n+1/2))^2]`, p^(n+1) being the pressure after a step without
    /// sources and absorbing terms. Faces on walls count half.
    ///
    /// It is conserved exactly between walls and around periodic axes, and falls where layers absorb, once the
    /// sources are silent.
    #[must_use]
    pub fn energy(&self) -> f64 {
        let mut sum = self.potential();
        for axis in self.scheme.axes.clone() {
            sum.merge(self.kinetic(axis));
        }
        let volume: f64 = (0..self.scheme.axes.len()).map(|_| self.model.grid().spacing()).product();
        0.5 * volume * sum.total()
    }

    fn potential(&self) -> Sum {
        let equations = Equations { model: &self.model, dt: self.dt };
        let mut sum = Sum::default();
        for cell in places(&cell_ranges(&self.scheme.ends)) {
            let at = self.scheme.layout.index(cell);
            let rate = equations.pressure_rate(cell);
            let pressure = self.state.pressure[at].exact();
            let next = pressure - rate * self.divergence(at);
            // 1 / K = dt / (dx rate).
            sum.add(pressure * next * self.dt / (self.model.grid().spacing() * rate));
        }
        sum
    }

    /// `sum_k c_k sum_axes (u(+k) - u(-k))` at a cell.
    fn divergence(&self, at: usize) -> f64 {
        let (stride, state) = (self.scheme.layout.stride, &self.state);
        let mut sum = 0.0;
        for (k, weight) in self.model.order().weights().iter().enumerate() {
            for axis in self.scheme.axes.clone() {
                let (ahead, behind) = (at + k * stride[axis], at - (k + 1) * stride[axis]);
                sum += weight * (state.velocity[axis][ahead].exact() - state.velocity[axis][behind].exact());
            }
        }
        sum
    }

    fn kinetic(&self, axis: usize) -> Sum {
        let ends = self.scheme.ends[axis];
        let mut sum = Sum::default();
        for face in places(&face_ranges(&self.scheme.ends, axis)) {
            let on_wall = !ends.periodic && (face[axis] < 0 || face[axis] == ends.cells - 1);
            let share = if on_wall { 0.5 } else { 1.0 };
            let velocity = self.state.velocity[axis][self.scheme.layout.index(face)].exact();
            sum.add(share * self.model.face_density(axis, face) * velocity * velocity);
        }
        sum
    }
}

/// A state to come back to.
#[derive(Debug, Clone)]
pub(crate) struct Kept<T> {
    step: u64,
    fields: Vec<Vec<T>>,
}

impl<T: Real> Simulation<T> {
    /// Keeps a copy of the state every `every` steps, 0 for never. If the field blows up, the run then stands at the
    /// last good copy, and the error names the very step and cell. Without copies it names the step at which the
    /// watch saw it. A copy takes as much memory as the fields.
    pub fn keep_every(&mut self, every: u64) {
        self.keep_every = every;
        self.kept = (every > 0).then(|| self.copy());
    }

    /// Refuses a pressure that is not finite.
    ///
    /// # Errors
    ///
    /// [`WaveError::BlownUp`] with the first such cell.
    pub fn check(&self) -> Result<(), WaveError> {
        let layout = &self.scheme.layout;
        let block = Block::of(layout.places.map(|places| 0..places));
        let bad = block.rows().any(|row| {
            let first = layout.at(row);
            !all_finite(&self.state.pressure[first..first + block.width() * layout.lanes])
        });
        if !bad {
            return Ok(());
        }
        for cell in places(&cell_ranges(&self.scheme.ends)) {
            let value = self.state.pressure[layout.index(cell)].exact();
            if !value.is_finite() {
                let cell = cell[self.scheme.axes.clone()].iter().map(|index| index.cast_unsigned()).collect();
                return Err(WaveError::BlownUp { step: self.step, cell, value, kept: None });
            }
        }
        Ok(())
    }

    /// Looks at the fields now and then, and keeps a copy where it is time to.
    pub(crate) fn watch(&mut self) -> Result<(), WaveError> {
        if let Err(error) = self.check() {
            return Err(self.go_back(error));
        }
        if self.kept.as_ref().is_some_and(|kept| self.step >= kept.step + self.keep_every) {
            self.kept = Some(self.copy());
        }
        self.watched = self.step;
        Ok(())
    }

    /// Finds the step at which it happened, from the copy, and stays at the copy.
    fn go_back(&mut self, seen: WaveError) -> WaveError {
        let Some(kept) = self.kept.take() else { return seen };
        let until = self.step;
        self.restore(&kept);
        let mut error = seen;
        while self.step < until {
            self.block(1);
            if let Err(found) = self.check() {
                error = found;
                break;
            }
        }
        self.restore(&kept);
        if let WaveError::BlownUp { kept: at, .. } = &mut error {
            *at = Some(kept.step);
        }
        self.kept = Some(kept);
        error
    }

    fn copy(&self) -> Kept<T> {
        Kept { step: self.step, fields: self.state.fields().map(|field| field.to_vec()).collect() }
    }

    fn restore(&mut self, kept: &Kept<T>) {
        for (field, values) in self.state.fields_mut().zip(&kept.fields) {
            field.copy_from_slice(values);
        }
        let heard = usize::try_from(kept.step).unwrap_or(usize::MAX).saturating_add(1);
        self.traces.iter_mut().for_each(|trace| trace.truncate(heard));
        (self.step, self.watched) = (kept.step, kept.step);
    }
}

/// Whether 0 times every value is 0. Without a branch in the loop.
fn all_finite<T: Real>(values: &[T]) -> bool {
    let zero = T::default();
    let mut sums = [zero; 8];
    let (chunks, rest) = values.as_chunks::<8>();
    for chunk in chunks {
        for lane in 0..8 {
            sums[lane] = sums[lane] + zero * chunk[lane];
        }
    }
    sums.iter().copied().chain(rest.iter().map(|value| zero * *value)).all(|value| value == zero)
}
