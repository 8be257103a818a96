//! What a study found.

use std::fmt;

use super::StepRule;
use crate::{Clock, Model, Order, StudyOptions, WaveError};

/// Size of an error: `dx^dims sum |e|`, `dx^(dims / 2) sqrt(sum e^2)`, `max |e|`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Norms {
    /// L1.
    pub l1: f64,
    /// L2.
    pub l2: f64,
    /// The largest.
    pub max: f64,
}

/// Which size of an error counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Norm {
    /// `dx^dims sum |e|`.
    L1,
    /// `dx^(dims / 2) sqrt(sum e^2)`.
    #[default]
    L2,
    /// `max |e|`.
    Max,
}

impl Norms {
    /// One of them.
    #[must_use]
    pub fn get(&self, norm: Norm) -> f64 {
        match norm {
            Norm::L1 => self.l1,
            Norm::L2 => self.l2,
            Norm::Max => self.max,
        }
    }

    /// Of two fields as one.
    pub(crate) fn together(self, other: Self) -> Self {
        Self { l1: self.l1 + other.l1, l2: self.l2.hypot(other.l2), max: self.max.max(other.max) }
    }
}

/// One grid of a study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StudyRow {
    /// Cells along the first axis.
    pub cells: usize,
    /// Spacing of the grid.
    pub dx: f64,
    /// The time step that was used.
    pub dt: f64,
    /// How many of them.
    pub steps: u64,
    /// Error of the pressure at whole steps.
    pub error_p: Norms,
    /// Error of the velocity at half steps.
    pub error_u: Norms,
    /// Order of the error of the pressure, in the norm of the study, from the grid before to this one.
    pub order_p: Option<f64>,
    /// The same of the velocity.
    pub order_u: Option<f64>,
}

/// What a study says about the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Both fields have the order they should, within 0.25.
    Confirmed,
    /// A field has a lower order.
    Lower,
    /// A field has a higher order: the errors are not yet, or not only, those of the scheme.
    Higher,
    /// C = 1 in 1-D at order 2: the scheme is exact for that step, so no error of it can be seen.
    MagicStep,
    /// The errors are rounding errors.
    Rounding,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Confirmed => "the order is confirmed for both fields",
            Self::Lower => "the order is lower than it should be",
            Self::Higher => "the order is higher than it should be: use finer grids",
            Self::MagicStep => {
                "C = 1 in 1-D is exact and proves nothing about the order: use another Courant number"
            }
            Self::Rounding => "the errors are rounding errors: they prove nothing about the order",
        })
    }
}

/// A convergence study. [`fmt::Display`] gives a table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Study {
    /// The grids, the coarsest first.
    pub rows: Vec<StudyRow>,
    /// Which size of the errors the orders are those of.
    pub norm: Norm,
    /// Slope of the line through the errors of the pressure, log against log.
    pub observed_order_p: f64,
    /// The same of the velocity.
    pub observed_order_u: f64,
    /// The order it should be.
    pub expected_order: f64,
    /// What that says.
    pub verdict: Verdict,
}

/// A study as curves for a log-log plot.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLog {
    /// Spacings.
    pub dx: Vec<f64>,
    /// Errors of the pressure.
    pub error_p: Vec<f64>,
    /// Errors of the velocity.
    pub error_u: Vec<f64>,
    /// The line of the expected slope through the pressure's error on the finest grid.
    pub reference: Vec<f64>,
}

/// What was measured on one grid of a study.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Spacing of the grid.
    pub dx: f64,
    /// Its time steps.
    pub clock: Clock,
    /// Error of the pressure.
    pub pressure: Norms,
    /// Error of the velocity.
    pub velocity: Norms,
    /// Largest value of the pressure.
    pub scale: f64,
}

/// Errors below this many roundings per step are none of the scheme.
const ROUNDINGS: f64 = 64.0;

impl Study {
    /// The study of grids that were measured by [`crate::converge_grid`], in the order of `options.cells`; `coarsest`
    /// is the model of the first.
    ///
    /// # Errors
    ///
    /// [`WaveError::TooFewGrids`] unless there is one for each grid of the options.
    pub fn of_grids(
        coarsest: &Model,
        measured: &[Measured],
        options: &StudyOptions,
    ) -> Result<Self, WaveError> {
        check_grids(measured, options.cells.len())?;
        let magic = options.step_rule == StepRule::Courant
            && measured.first().is_some_and(|first| is_magic(coarsest, first.clock));
        Self::new(options, measured, options.expected_order(coarsest.order()), magic)
    }

    /// As [`Study::of_grids`], of grids that were measured by [`crate::converge_grid_by_richardson`]: all but the
    /// finest.
    ///
    /// # Errors
    ///
    /// As [`Study::of_grids`].
    pub fn of_grids_by_richardson(measured: &[Measured], options: &StudyOptions) -> Result<Self, WaveError> {
        check_grids(measured, options.cells.len().saturating_sub(1))?;
        // Each grid has the courant number of the first: the order is that of time and space together.
        Self::new(options, measured, 2.0, false)
    }

    fn new(
        options: &StudyOptions,
        measured: &[Measured],
        expected_order: f64,
        magic: bool,
    ) -> Result<Self, WaveError> {
        let mut rows: Vec<StudyRow> = Vec::with_capacity(measured.len());
        let norm = options.norm;
        for (cells, measured) in options.cells.iter().zip(measured) {
            let Measured { dx, clock, pressure, velocity, .. } = *measured;
            let order = |now: Norms, before: fn(&StudyRow) -> Norms| {
                let ratio = |last: &StudyRow| before(last).get(norm) / now.get(norm);
                rows.last().map(|last| ratio(last).ln() / (last.dx / dx).ln())
            };
            rows.push(StudyRow {
                cells: *cells,
                dx,
                dt: clock.dt(),
                steps: clock.steps(),
                error_p: pressure,
                error_u: velocity,
                order_p: order(pressure, |row| row.error_p),
                order_u: order(velocity, |row| row.error_u),
            });
        }
        let observed_order_p = slope(&rows, |row| row.error_p.get(norm));
        let observed_order_u = slope(&rows, |row| row.error_u.get(norm));
        let rounding = measured.iter().all(|grid| {
            let noise = ROUNDINGS * f64::EPSILON * grid.scale * (grid.clock.steps() as f64).sqrt();
            grid.pressure.max <= noise
        });
        let worst = |verdict: fn(f64, f64) -> bool| {
            [observed_order_p, observed_order_u].into_iter().any(|observed| verdict(observed, expected_order))
        };
        let verdict = match () {
            () if magic => Verdict::MagicStep,
            () if rounding => Verdict::Rounding,
            () if worst(|observed, expected| observed.is_nan() || observed < expected - 0.25) => {
                Verdict::Lower
            }
            () if worst(|observed, expected| observed > expected + 0.25) => Verdict::Higher,
            () => Verdict::Confirmed,
        };
        Ok(Self { rows, norm, observed_order_p, observed_order_u, expected_order, verdict })
    }

    /// The curves of a log-log plot.
    #[must_use]
    pub fn log_log(&self) -> LogLog {
        let errors = |field: fn(&StudyRow) -> Norms| -> Vec<f64> {
            self.rows.iter().map(|row| field(row).get(self.norm)).collect()
        };
        let dx: Vec<f64> = self.rows.iter().map(|row| row.dx).collect();
        let error_p = errors(|row| row.error_p);
        let (finest, least) = (dx.last().copied().unwrap_or(1.0), error_p.last().copied().unwrap_or(0.0));
        let reference = dx.iter().map(|dx| least * (dx / finest).powf(self.expected_order)).collect();
        LogLog { dx, error_p, error_u: errors(|row| row.error_u), reference }
    }
}

fn check_grids(measured: &[Measured], needed: usize) -> Result<(), WaveError> {
    if measured.len() == needed {
        Ok(())
    } else {
        Err(WaveError::TooFewGrids { needed, got: measured.len() })
    }
}

/// Slope of the line of least squares through the logarithms.
fn slope(rows: &[StudyRow], error: impl Fn(&StudyRow) -> f64) -> f64 {
    let points: Vec<(f64, f64)> = rows.iter().map(|row| (row.dx.ln(), error(row).ln())).collect();
    let mean = |part: fn(&(f64, f64)) -> f64| points.iter().map(part).sum::<f64>() / points.len() as f64;
    let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
    let products: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let squares: f64 = points.iter().map(|(x, _)| (x - mean_x) * (x - mean_x)).sum();
    products / squares
}

/// Whether the step is the one that is exact.
pub(crate) fn is_magic(model: &Model, clock: Clock) -> bool {
    let courant = model.medium().largest_speed() * clock.dt() / model.grid().spacing();
    let plain = model.grid().dims() == 1 && model.order() == Order::Two && model.medium().is_constant();
    plain && (courant - 1.0).abs() < 1e-9
}

impl fmt::Display for Study {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:>8} {:>11} {:>11} {:>8} {:>11} {:>6} {:>11} {:>6}",
            "cells", "dx", "dt", "steps", "error p", "order", "error u", "order"
        )?;
        for row in &self.rows {
            let order = |order: Option<f64>| order.map_or(String::from("-"), |order| format!("{order:.3}"));
            let (order_p, order_u) = (order(row.order_p), order(row.order_u));
            writeln!(
                f,
                "{:>8} {:>11.4e} {:>11.4e} {:>8} {:>11.4e} {order_p:>6} {:>11.4e} {order_u:>6}",
                row.cells,
                row.dx,
                row.dt,
                row.steps,
                row.error_p.get(self.norm),
                row.error_u.get(self.norm)
            )?;
        }
        let (p, u) = (self.observed_order_p, self.observed_order_u);
        write!(f, "order {p:.3} (p), {u:.3} (u), expected {}: {}", self.expected_order, self.verdict)
    }
}
