//! How fast waves run on the grid, and what that means for how fine it must be.

use std::f64::consts::TAU;
use std::fmt;

use hexad_core::{InputError, check_positive};

use crate::medium::Kind;
use crate::solution::check_wave_vector;
use crate::{Model, Order, WaveError};

/// Frequency and velocity of a wave of pressure 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mode {
    pub angular_frequency: f64,
    /// Along each axis.
    pub velocity: Vec<f64>,
}

impl Mode {
    pub fn continuous(model: &Model, wave_vector: &[f64]) -> Result<Self, WaveError> {
        let (density, bulk_modulus) = constant_medium(model)?;
        check_wave_vector(model, wave_vector)?;
        let length = wave_vector.iter().map(|k| k * k).sum::<f64>().sqrt();
        let impedance = (density * bulk_modulus).sqrt();
        Ok(Self {
            angular_frequency: (bulk_modulus / density).sqrt() * length,
            velocity: wave_vector.iter().map(|k| k / (length * impedance)).collect(),
        })
    }
}

/// The mode of the discrete equations: `sin^2(w dt / 2) = (c dt / dx)^2 sum_a s_a^2`, with
/// `s_a = sum_k c_k sin((k - 1/2) k_a dx)`.
pub(crate) fn discrete_mode(model: &Model, dt: f64, wave_vector: &[f64]) -> Result<Mode, WaveError> {
    let (density, bulk_modulus) = constant_medium(model)?;
    check_wave_vector(model, wave_vector)?;
    model.check_step(dt)?;
    let dx = model.grid().spacing();
    let symbols: Vec<f64> = wave_vector.iter().map(|k| model.order().symbol(k * dx)).collect();
    let squares: f64 = symbols.iter().map(|symbol| symbol * symbol).sum();
    let sine = (dt / dx) * (bulk_modulus / density * squares).sqrt();
    let velocity = symbols.iter().map(|symbol| dt / (density * dx) * symbol / sine);
    Ok(Mode { angular_frequency: 2.0 * sine.min(1.0).asin() / dt, velocity: velocity.collect() })
}

/// Density and bulk modulus of a medium that is the same everywhere.
pub(crate) fn constant_medium(model: &Model) -> Result<(f64, f64), WaveError> {
    match model.medium().0 {
        Kind::Constant { density, bulk_modulus } => Ok((density, bulk_modulus)),
        Kind::PerCell { .. } => Err(WaveError::NotConstant),
    }
}

/// The dispersion of a grid: how much slower or faster than c a wave runs, by its points per wavelength and
/// direction.
///
/// # Examples
///
/// ```
/// use hexad_pde_leapfrog::{Dispersion, Order};
/// let dispersion = Dispersion::new(1, Order::Two, 0.5)?;
/// assert_eq!(dispersion.advice(12.0)?.to_string(), "12 points per wavelength: 0.9 % velocity error");
/// assert!(dispersion.points_for(0.001)? > 30.0);
/// # Ok::<(), hexad_pde_leapfrog::WaveError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    dims: usize,
    order: Order,
    courant: f64,
}

/// What a resolution costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Advice {
    /// Cells per wavelength.
    pub points_per_wavelength: f64,
    /// Phase velocity over c, minus 1, where it is largest in size: along an axis or the diagonal.
    pub velocity_error: f64,
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = 100.0 * self.velocity_error.abs();
        let digits = if percent >= 0.05 || percent == 0.0 { 1 } else { 1 + decimals(percent) };
        write!(f, "{} points per wavelength: {percent:.digits$} % velocity error", self.points_per_wavelength)
    }
}

/// Zeros after the point.
fn decimals(value: f64) -> usize {
    (0..300).find(|zeros| value * 10.0_f64.powi(*zeros) >= 0.1).map_or(0, i32::unsigned_abs) as usize
}

impl Dispersion {
    /// Of a grid with `dims` axes, differences of this order and a Courant number `c dt / dx`.
    ///
    /// # Errors
    ///
    /// [`InputError`] for other dims than 1 to 3; [`WaveError::Unstable`] for a Courant number past the limit.
    pub fn new(dims: usize, order: Order, courant: f64) -> Result<Self, WaveError> {
        if !(1..=3).contains(&dims) {
            let allowed = "1, 2 or 3";
            return Err(InputError::OutOfRange { argument: "dims", value: dims as f64, allowed }.into());
        }
        check_positive("courant", courant)?;
        let largest = order.largest_courant(dims);
        if courant > largest * (1.0 + 1e-12) {
            return Err(WaveError::Unstable { dt: courant, largest });
        }
        Ok(Self { dims, order, courant })
    }

    /// Phase velocity over c of a wave with `points` cells per wavelength along `direction`, one number per axis.
    ///
    /// # Errors
    ///
    /// [`InputError`] for fewer than 2 points or another number of components than axes, or none but zeros.
    pub fn phase_velocity(&self, points: f64, direction: &[f64]) -> Result<f64, WaveError> {
        hexad_core::check_length("direction", direction.len(), self.dims)?;
        let length = direction.iter().map(|part| part * part).sum::<f64>().sqrt();
        check_positive("length of direction", length)?;
        if !(points.is_finite() && points >= 2.0) {
            let allowed = "at least 2: shorter waves cannot be told apart";
            return Err(InputError::OutOfRange { argument: "points", value: points, allowed }.into());
        }
        let phase = TAU / points;
        let squares: f64 =
            direction.iter().map(|part| self.order.symbol(phase * part / length).powi(2)).sum();
        Ok(2.0 * (self.courant * squares.sqrt()).min(1.0).asin() / (phase * self.courant))
    }

    /// The largest error of the velocity of waves with `points` cells per wavelength.
    ///
    /// # Errors
    ///
    /// As [`Dispersion::phase_velocity`].
    pub fn advice(&self, points: f64) -> Result<Advice, WaveError> {
        let mut worst = 0.0_f64;
        for axes in 1..=self.dims {
            let direction: Vec<f64> =
                (0..self.dims).map(|axis| if axis < axes { 1.0 } else { 0.0 }).collect();
            let error = self.phase_velocity(points, &direction)? - 1.0;
            if error.abs() > worst.abs() {
                worst = error;
            }
        }
        Ok(Advice { points_per_wavelength: points, velocity_error: worst })
    }

    /// The fewest points per wavelength from which on the velocity error stays within `error`.
    ///
    /// # Errors
    ///
    /// [`InputError`] unless `0 < error < 1`.
    pub fn points_for(&self, error: f64) -> Result<f64, WaveError> {
        hexad_core::check_fraction("error", error)?;
        let fine = |points: f64| Ok::<bool, WaveError>(self.advice(points)?.velocity_error.abs() <= error);
        // Errors of space and time have opposite signs, so coarser grids may be right by chance: from the fine side.
        let mut enough = TAU / (6.0 * error).sqrt() + 4.0;
        let mut coarse = enough;
        while coarse > 2.0 && fine(coarse)? {
            (enough, coarse) = (coarse, (0.99 * coarse).max(2.0));
        }
        if coarse <= 2.0 && fine(2.0)? {
            return Ok(2.0);
        }
        for _ in 0..60 {
            let middle = 0.5 * (coarse + enough);
            if fine(middle)? { enough = middle } else { coarse = middle }
        }
        Ok(enough)
    }
}

impl Model {
    /// Angular frequency of the wave with `wave_vector` in the discrete equations with a time step `dt`.
    ///
    /// # Errors
    ///
    /// [`WaveError::Input`] for a wave vector of another length or of zeros; [`WaveError::NotConstant`];
    /// [`WaveError::Unstable`].
    pub fn discrete_angular_frequency(&self, dt: f64, wave_vector: &[f64]) -> Result<f64, WaveError> {
        Ok(discrete_mode(self, dt, wave_vector)?.angular_frequency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_magic_step_has_no_dispersion_and_others_have_their_leading_term() {
        let magic = Dispersion::new(1, Order::Two, 1.0).unwrap();
        assert!((magic.phase_velocity(5.0, &[1.0]).unwrap() - 1.0).abs() < 1e-15);
        // c_p / c - 1 = -(k dx)^2 (1 - C^2) / 24 + ...
        let half = Dispersion::new(1, Order::Two, 0.5).unwrap();
        let leading = -(TAU / 100.0).powi(2) * 0.75 / 24.0;
        let error = half.phase_velocity(100.0, &[1.0]).unwrap() - 1.0;
        assert!((error / leading - 1.0).abs() < 1e-3);
        // The same on the diagonal of a square with C = 1 / sqrt 2.
        let square = Dispersion::new(2, Order::Two, 0.5_f64.sqrt()).unwrap();
        assert!((square.phase_velocity(7.0, &[1.0, 1.0]).unwrap() - 1.0).abs() < 1e-15);
        assert!(square.advice(7.0).unwrap().velocity_error < -0.01);
    }

    #[test]
    fn advice_reads_well_and_can_be_inverted() {
        let dispersion = Dispersion::new(3, Order::Eight, 0.1).unwrap();
        let points = dispersion.points_for(1e-3).unwrap();
        let back = dispersion.advice(points).unwrap();
        assert!((back.velocity_error.abs() - 1e-3).abs() < 1e-9, "{back:?}");
        let fine = Advice { points_per_wavelength: 40.0, velocity_error: -3.14e-5 };
        assert_eq!(fine.to_string(), "40 points per wavelength: 0.003 % velocity error");
    }

    #[test]
    fn more_points_than_enough_are_enough_where_errors_change_their_sign() {
        for (order, courant) in
            [(Order::Two, 0.9), (Order::Four, 0.5), (Order::Six, 0.3), (Order::Eight, 0.05)]
        {
            let dispersion = Dispersion::new(1, order, courant).unwrap();
            for error in [0.05, 1e-3, 1e-6] {
                let points = dispersion.points_for(error).unwrap();
                let size = |points| dispersion.advice(points).unwrap().velocity_error.abs();
                assert!((0..2000).all(|k| size(points * 1.005_f64.powi(k)) <= error), "{order:?} {error}");
                assert!(points == 2.0 || size(points * 0.999) > error, "{order:?} {error}: {points}");
            }
        }
    }

    #[test]
    fn senseless_questions_are_refused() {
        assert!(Dispersion::new(4, Order::Two, 0.1).is_err());
        assert!(matches!(Dispersion::new(2, Order::Two, 0.8), Err(WaveError::Unstable { .. })));
        let dispersion = Dispersion::new(1, Order::Two, 0.5).unwrap();
        assert!(dispersion.advice(1.9).is_err());
        assert!(dispersion.phase_velocity(10.0, &[0.0]).is_err());
        assert!(dispersion.points_for(0.0).is_err());
    }
}
