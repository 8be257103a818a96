//! Everything that a run does not change.

use std::ops::Range;

use hexad_core::{check_finite, check_length};

use crate::ends::Ends;
use crate::medium::Kind;
use crate::{Clock, Grid, Medium, Order, Side, Source, WaveError};

/// The acoustic equations `p_t = -K div u + s`, `rho u_t = -grad p` on a grid, with sides, sources and receivers.
///
/// # Examples
///
/// A room of 4 m by 3 m with one open side, a source and a receiver:
///
/// ```
/// use hexad_pde_leapfrog::{Absorbing, Grid, Medium, Model, Order, Side, Source, Wavelet};
/// let grid = Grid::new(&[60, 80], 0.05)?.with_walls_at_zero();
/// let sides = [[Side::Rigid, Side::Rigid], [Side::Rigid, Side::Absorbing(Absorbing::default())]];
/// let model = Model::new(grid, Medium::constant(343.0, 1.2)?, &sides, Order::Four)?
///     .with_source(Source::point(&[1.5, 0.7], Wavelet::ricker(1.0, 400.0))?)?
///     .with_receiver(&[2.2, 1.913])?;
/// assert!(model.largest_stable_dt() < 0.05 / 343.0);
/// # Ok::<(), hexad_pde_leapfrog::WaveError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    grid: Grid,
    medium: Medium,
    sides: Vec<[Side; 2]>,
    order: Order,
    sources: Vec<Source>,
    receivers: Vec<Vec<f64>>,
    largest_stable_dt: f64,
}

impl Model {
    /// A grid filled with a medium; the low and the high side of each axis; the order of the differences in space.
    ///
    /// # Errors
    ///
    /// [`WaveError::Input`] for another number of sides than axes or for an absorbing layer out of range;
    /// [`WaveError::HalfPeriodic`], [`WaveError::TooFewCells`]; [`WaveError::Shape`] for a medium of another shape.
    pub fn new(grid: Grid, medium: Medium, sides: &[[Side; 2]], order: Order) -> Result<Self, WaveError> {
        check_length("sides", sides.len(), grid.dims())?;
        for (axis, sides) in sides.iter().enumerate() {
            check_sides(axis, grid.cells()[axis], *sides, order)?;
        }
        medium.check_shape(&grid)?;
        let mut model = Self {
            grid,
            medium,
            sides: sides.to_vec(),
            order,
            sources: Vec::new(),
            receivers: Vec::new(),
            largest_stable_dt: 0.0,
        };
        model.largest_stable_dt = 2.0 / model.largest_rate().sqrt();
        Ok(model)
    }

    /// With one source more.
    ///
    /// # Errors
    ///
    /// [`WaveError::Input`] for another number of coordinates than axes, [`WaveError::Outside`].
    pub fn with_source(mut self, source: Source) -> Result<Self, WaveError> {
        self.check_inside("source", &source.position)?;
        self.sources.push(source);
        Ok(self)
    }

    /// With one receiver more: it hears the pressure at `position`, between cells by interpolation.
    ///
    /// # Errors
    ///
    /// As [`Model::with_source`].
    pub fn with_receiver(mut self, position: &[f64]) -> Result<Self, WaveError> {
        self.check_inside("receiver", &position.iter().copied().map(Some).collect::<Vec<_>>())?;
        self.receivers.push(position.to_vec());
        Ok(self)
    }

    /// Where the cells are.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.grid
    }

    /// What the waves go through.
    #[must_use]
    pub fn medium(&self) -> &Medium {
        &self.medium
    }

    /// The low and the high side of each axis.
    #[must_use]
    pub fn sides(&self) -> &[[Side; 2]] {
        &self.sides
    }

    /// Order of the differences in space.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order
    }

    /// The sources.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Positions of the receivers.
    #[must_use]
    pub fn receivers(&self) -> &[Vec<f64>] {
        &self.receivers
    }

    /// The largest time step that is stable: `dx / (c sqrt(dims) sum |c_k|)` in a constant medium. With media per
    /// cell it comes from a bound of the largest eigenvalue (Gershgorin), which is safe for any contrast and a
    /// little low at strong ones.
    #[must_use]
    pub fn largest_stable_dt(&self) -> f64 {
        self.largest_stable_dt
    }

    /// The fewest steps until `end_time` with a Courant number `c dt / dx` of at most `courant`, c being the largest
    /// speed.
    ///
    /// # Errors
    ///
    /// [`WaveError::Input`] unless both are positive; [`WaveError::Unstable`], with the largest stable step.
    pub fn clock(&self, end_time: f64, courant: f64) -> Result<Clock, WaveError> {
        let dt = courant * self.grid.spacing() / self.medium.largest_speed();
        hexad_core::check_positive("courant", courant)?;
        self.check_step(dt)?;
        Clock::until(end_time, dt)
    }

    pub(crate) fn check_step(&self, dt: f64) -> Result<(), WaveError> {
        // The limit itself is stable; what is above it by rounding is the limit.
        if dt > self.largest_stable_dt * (1.0 + 1e-12) {
            return Err(WaveError::Unstable { dt, largest: self.largest_stable_dt });
        }
        Ok(())
    }

    /// How axis `axis` of the grid ends.
    pub(crate) fn ends(&self, axis: usize) -> Ends {
        Ends::new(self.grid.cells()[axis], self.sides[axis])
    }

    /// How the three axes of the layout end; those the grid does not have come first.
    pub(crate) fn layout_ends(&self) -> [Ends; 3] {
        let absent = 3 - self.grid.dims();
        std::array::from_fn(|axis| match axis.checked_sub(absent) {
            Some(axis) => self.ends(axis),
            None => Ends::new(1, [Side::Periodic; 2]),
        })
    }

    /// The axes of the layout that the grid has.
    pub(crate) fn layout_axes(&self) -> Range<usize> {
        3 - self.grid.dims()..3
    }

    /// Number of a cell in row-major order.
    pub(crate) fn number(&self, cell: [isize; 3]) -> usize {
        let [_, rows, columns] = self.layout_ends().map(|ends| ends.cells);
        ((cell[0] * rows + cell[1]) * columns + cell[2]).cast_unsigned()
    }

    /// Density on the face between `cell` and the next one along `axis` of the layout: their mean.
    pub(crate) fn face_density(&self, axis: usize, cell: [isize; 3]) -> f64 {
        if let Kind::Constant { density, .. } = self.medium.0 {
            return density;
        }
        let ends = self.layout_ends()[axis];
        let side = |offset| {
            let mut cell = cell;
            cell[axis] = ends.cell(cell[axis] + offset).of;
            self.medium.density(self.number(cell))
        };
        0.5 * (side(0) + side(1))
    }

    /// A bound of the largest eigenvalue of `-K div (1 / rho) grad`: the largest sum of the sizes of a row.
    fn largest_rate(&self) -> f64 {
        let sum = self.order.weight_sum();
        let scale = 2.0 * sum / (self.grid.spacing() * self.grid.spacing());
        if let Kind::Constant { density, bulk_modulus } = self.medium.0 {
            return scale * 2.0 * sum * self.grid.dims() as f64 * bulk_modulus / density;
        }
        let shape = self.layout_ends().map(|ends| ends.cells);
        let mut largest = 0.0_f64;
        for z in 0..shape[0] {
            for y in 0..shape[1] {
                for x in 0..shape[2] {
                    let cell = [z, y, x];
                    let rows: f64 = self.layout_axes().map(|axis| self.row_sum(axis, cell)).sum();
                    largest = largest.max(rows * self.medium.bulk_modulus(self.number(cell)));
                }
            }
        }
        scale * largest
    }

    /// Sum of `|c_k| / rho` over the faces of a divergence.
    fn row_sum(&self, axis: usize, cell: [isize; 3]) -> f64 {
        let ends = self.layout_ends()[axis];
        let inverse = |offset: isize| {
            let mut face = cell;
            face[axis] = ends.face(cell[axis] + offset).of;
            1.0 / self.face_density(axis, face)
        };
        let weights = self.order.weights().iter().zip(0_isize..);
        weights.map(|(weight, k)| weight.abs() * (inverse(k) + inverse(-1 - k))).sum()
    }

    fn check_inside(&self, what: &'static str, position: &[Option<f64>]) -> Result<(), WaveError> {
        check_length(what, position.len(), self.grid.dims())?;
        let known: Vec<f64> = position.iter().copied().flatten().collect();
        check_finite(what, &known)?;
        for (axis, coordinate) in position.iter().enumerate() {
            let (low, high) = self.grid.extent(axis);
            let Some(coordinate) = coordinate else { continue };
            if !(low..=high).contains(coordinate) {
                return Err(WaveError::Outside { what, position: known, axis, low, high });
            }
        }
        Ok(())
    }
}

fn check_sides(axis: usize, cells: usize, sides: [Side; 2], order: Order) -> Result<(), WaveError> {
    if (sides[0] == Side::Periodic) != (sides[1] == Side::Periodic) {
        return Err(WaveError::HalfPeriodic { axis });
    }
    for side in sides {
        if let Side::Absorbing(layer) = side {
            layer.check()?;
        }
    }
    let layers = sides[0].layer().saturating_add(sides[1].layer());
    // Interpolation reaches as far as the differences, or two cells.
    let needed = layers.saturating_add(order.number().max(4));
    if cells < needed {
        return Err(WaveError::TooFewCells { axis, cells, needed });
    }
    Ok(())
}
