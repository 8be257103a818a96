//! Staggered differences of orders 2 to 8.

use hexad_core::InputError;

use crate::WaveError;

/// Order of the differences in space. Time is of order 2 always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Two points (Yee 1966; Virieux 1986).
    #[default]
    Two,
    /// Four points (Levander 1988).
    Four,
    /// Six points.
    Six,
    /// Eight points.
    Eight,
}

impl Order {
    /// The order as a number: 2, 4, 6 or 8.
    #[must_use]
    pub fn number(self) -> usize {
        2 * self.radius()
    }

    /// Half the points: how many cells a difference reaches to each side.
    #[must_use]
    pub fn radius(self) -> usize {
        match self {
            Self::Two => 1,
            Self::Four => 2,
            Self::Six => 3,
            Self::Eight => 4,
        }
    }

    /// Weights `c_k` of `f'(x) dx = sum_k c_k (f(x + (k - 1/2) dx) - f(x - (k - 1/2) dx))`, k from 1
    /// (B. Fornberg, Math. Comp. 51, 1988, table 2).
    #[must_use]
    pub fn weights(self) -> &'static [f64] {
        match self {
            Self::Two => &[1.0],
            Self::Four => &[9.0 / 8.0, -1.0 / 24.0],
            Self::Six => &[75.0 / 64.0, -25.0 / 384.0, 3.0 / 640.0],
            Self::Eight => &[1225.0 / 1024.0, -245.0 / 3072.0, 49.0 / 5120.0, -5.0 / 7168.0],
        }
    }

    /// Sum of the sizes of the weights: the largest C = c dt / dx is `1 / (sum sqrt(dims))`.
    #[must_use]
    pub fn weight_sum(self) -> f64 {
        self.weights().iter().map(|weight| weight.abs()).sum()
    }

    /// The largest stable C = c dt / dx in a constant medium.
    #[must_use]
    pub fn largest_courant(self, dims: usize) -> f64 {
        1.0 / (self.weight_sum() * (dims as f64).sqrt())
    }

    /// `sum_k c_k sin((k - 1/2) phase)`: half the symbol of the difference, for a wave of `phase` radians a cell.
    #[must_use]
    pub fn symbol(self, phase: f64) -> f64 {
        let terms = self.weights().iter().enumerate();
        terms.map(|(k, weight)| weight * ((k as f64 + 0.5) * phase).sin()).sum()
    }
}

impl TryFrom<usize> for Order {
    type Error = WaveError;

    fn try_from(number: usize) -> Result<Self, WaveError> {
        match number {
            2 => Ok(Self::Two),
            4 => Ok(Self::Four),
            6 => Ok(Self::Six),
            8 => Ok(Self::Eight),
            _ => {
                let allowed = "2, 4, 6 or 8";
                Err(InputError::OutOfRange { argument: "order", value: number as f64, allowed }.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_differentiate_polynomials_up_to_their_order() {
        for order in [Order::Two, Order::Four, Order::Six, Order::Eight] {
            for power in (1..order.number()).step_by(2) {
                let sum: f64 = order
                    .weights()
                    .iter()
                    .enumerate()
                    .map(|(k, weight)| {
                        2.0 * weight * (k as f64 + 0.5).powi(i32::try_from(power).expect("small"))
                    })
                    .sum();
                let wanted = if power == 1 { 1.0 } else { 0.0 };
                assert!((sum - wanted).abs() < 1e-13, "{order:?} {power}: {sum}");
            }
        }
    }

    #[test]
    fn limits_of_stability_are_those_of_the_literature() {
        // Levander 1988: 0.606 in 2-D for order 4; Yee: 1 / sqrt(dims).
        assert!((Order::Four.largest_courant(2) - 0.606_091_526_731_326).abs() < 1e-12);
        assert_eq!(Order::Two.largest_courant(1), 1.0);
        assert!((Order::Eight.largest_courant(1) - 1680.0 / 2161.0).abs() < 1e-15);
    }

    #[test]
    fn other_orders_are_refused() {
        assert_eq!(Order::try_from(6), Ok(Order::Six));
        assert!(Order::try_from(3).is_err());
    }
}
