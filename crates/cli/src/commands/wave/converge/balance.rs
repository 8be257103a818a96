//! How much of a wave's error comes from the differences in space and how much from the steps in time.

use hexad_pde_leapfrog::Order;

/// What steps in time may add to the error of differences in space for the order of the latter to show.
const SHARE: f64 = 0.1;

/// A wave along the diagonal of a grid, `phase` radians a cell along each axis.
#[derive(Debug, Clone, Copy)]
pub struct Balance {
    pub dims: usize,
    pub order: Order,
    pub phase: f64,
}

impl Balance {
    /// Relative error of its velocity by differences alone.
    fn space(self) -> f64 {
        (2.0 * self.order.symbol(self.phase) / self.phase - 1.0).abs()
    }

    /// `(w dt)^2 / 24`: the same by steps alone, with w dt as small as it must be.
    fn time(self, courant: f64) -> f64 {
        self.dims as f64 * (courant * self.phase).powi(2) / 24.0
    }

    /// Error of steps over that of differences.
    pub fn time_over_space(self, courant: f64) -> f64 {
        self.time(courant) / self.space()
    }

    /// Largest dt / dx at which the order of the differences shows.
    pub fn courant(self) -> f64 {
        (SHARE * self.space() / self.time(1.0)).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_order_two_both_errors_cancel_at_the_magic_step() {
        let wave = Balance { dims: 1, order: Order::Two, phase: 0.01 };
        assert!((wave.time_over_space(1.0) - 1.0).abs() < 1e-5);
        let diagonal = Balance { dims: 3, ..wave };
        assert!((diagonal.time_over_space(1.0 / 3.0_f64.sqrt()) - 1.0).abs() < 1e-5);
        assert!((wave.time_over_space(wave.courant()) - SHARE).abs() < 1e-12);
    }
}
