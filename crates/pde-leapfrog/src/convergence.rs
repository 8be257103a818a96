//! Convergence studies: does the error fall as it should when the grid gets finer?

mod meter;
mod report;
mod turn;

use std::sync::atomic::{AtomicU64, Ordering};

use hexad_core::InputError;
pub use report::{LogLog, Measured, Norm, Norms, Study, StudyRow, Verdict};

use crate::stop::LOOK_STEPS;
use crate::{Clock, Model, Order, Simulation, Solution, Start, Stop, WaveError};
use meter::Meter;

/// Which error of a run counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ErrorTime {
    /// The largest of all steps. At the end alone, errors can hide: after whole periods a wrong phase of the start
    /// is right again.
    #[default]
    Largest,
    /// That at the end.
    End,
}

/// How the time step goes with the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StepRule {
    /// The same Courant number on all grids: time and space get finer together, and the order is 2.
    #[default]
    Courant,
    /// `dt` goes with `dx^(order / 2)`, from the Courant number on the coarsest grid: the error in time falls as that
    /// in space, and the order of the differences shows.
    Matched,
}

/// Optional settings of a study.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StudyOptions {
    /// Cells of each grid. Default 50, 100, 200, 400.
    pub cells: Vec<usize>,
    /// Largest c dt / dx. Default 0.3.
    pub courant: f64,
    /// End of the runs. Default 2.
    pub end_time: f64,
    /// How the velocity starts. Default [`Start::Taylor2`].
    pub start: Start,
    /// Which error counts. Default: the largest over time.
    pub error_time: ErrorTime,
    /// How the time step goes with the grid. Default: the same Courant number.
    pub step_rule: StepRule,
    /// Which size of an error the orders are those of. Default: L2.
    pub norm: Norm,
    /// Ends the study early. Default: a flag of its own, which nobody raises.
    pub stop: Stop,
}

impl Default for StudyOptions {
    fn default() -> Self {
        Self {
            cells: vec![50, 100, 200, 400],
            courant: 0.3,
            end_time: 2.0,
            start: Start::default(),
            error_time: ErrorTime::default(),
            step_rule: StepRule::default(),
            norm: Norm::default(),
            stop: Stop::default(),
        }
    }
}

impl StudyOptions {
    /// With these grids.
    #[must_use]
    pub fn with_cells(mut self, cells: &[usize]) -> Self {
        self.cells = cells.to_vec();
        self
    }

    /// With this Courant number at most.
    #[must_use]
    pub fn with_courant(mut self, courant: f64) -> Self {
        self.courant = courant;
        self
    }

    /// Until then.
    #[must_use]
    pub fn with_end_time(mut self, end_time: f64) -> Self {
        self.end_time = end_time;
        self
    }

    /// From this start.
    #[must_use]
    pub fn with_start(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// With this error.
    #[must_use]
    pub fn with_error_time(mut self, error_time: ErrorTime) -> Self {
        self.error_time = error_time;
        self
    }

    /// With time steps by this rule.
    #[must_use]
    pub fn with_step_rule(mut self, step_rule: StepRule) -> Self {
        self.step_rule = step_rule;
        self
    }

    /// With orders of this size of the errors.
    #[must_use]
    pub fn with_norm(mut self, norm: Norm) -> Self {
        self.norm = norm;
        self
    }

    /// Ended early by this flag.
    #[must_use]
    pub fn with_stop(mut self, stop: &Stop) -> Self {
        self.stop = stop.clone();
        self
    }

    /// The order that a study should observe.
    pub(crate) fn expected_order(&self, order: Order) -> f64 {
        match self.step_rule {
            StepRule::Courant => 2.0,
            StepRule::Matched => order.number() as f64,
        }
    }

    /// The clock of one grid; `coarsest` is the spacing of the coarsest.
    pub(crate) fn clock(&self, model: &Model, coarsest: f64) -> Result<Clock, WaveError> {
        let refined = model.grid().spacing() / coarsest;
        let power = match self.step_rule {
            StepRule::Courant => 0.0,
            StepRule::Matched => model.order().number() as f64 / 2.0 - 1.0,
        };
        model.clock(self.end_time, self.courant * refined.powf(power))
    }
}

/// Runs one model on finer and finer grids and compares each field with `solution` at its own place and time.
///
/// `model` makes the model with so many cells along its first axis. The grids run side by side on the current rayon
/// pool; the result does not depend on it.
///
/// # Examples
///
/// The start decides: with the velocity half a step late the same scheme is of first order.
///
/// ```
/// use hexad_pde_leapfrog::*;
/// let cell = |cells| {
///     let grid = Grid::new(&[cells], 1.0 / cells as f64)?;
///     Model::new(grid, Medium::default(), &[[Side::Periodic; 2]], Order::Two)
/// };
/// let options = StudyOptions::default().with_cells(&[50, 100, 200]);
/// let exact = converge(&PlaneWaves::question(1), cell, &options.clone().with_start(Start::Exact))?;
/// assert_eq!(exact.verdict, Verdict::Confirmed);
/// let naive = converge(&PlaneWaves::question(1), cell, &options.with_start(Start::Naive))?;
/// assert!(naive.observed_order_p < 1.1 && naive.verdict == Verdict::Lower);
/// # Ok::<(), WaveError>(())
/// ```
///
/// # Errors
///
/// [`WaveError::TooFewGrids`] for fewer than two; [`InputError`] for grids that do not get finer or other options out
/// of range; [`WaveError::Stopped`]; what `model` and the runs refuse.
pub fn converge<M>(solution: &dyn Solution, model: M, options: &StudyOptions) -> Result<Study, WaveError>
where
    M: Fn(usize) -> Result<Model, WaveError> + Sync,
{
    converge_watched(solution, model, options, &|_| {})
}

/// As [`converge`], telling `watch` from time to time, from any thread, which share of the work is done.
///
/// # Errors
///
/// As [`converge`].
pub fn converge_watched<M>(
    solution: &dyn Solution,
    model: M,
    options: &StudyOptions,
    watch: &(dyn Fn(f64) + Sync),
) -> Result<Study, WaveError>
where
    M: Fn(usize) -> Result<Model, WaveError> + Sync,
{
    check_cells(&options.cells, 2)?;
    let models = options.cells.iter().map(|cells| model(*cells)).collect::<Result<Vec<_>, _>>()?;
    let coarsest = models[0].grid().spacing();
    let clocks = models.iter().map(|model| options.clock(model, coarsest)).collect::<Result<Vec<_>, _>>()?;
    let watch = Watch::new(&models, &clocks, watch);
    let mut measured: Vec<Option<Result<Measured, WaveError>>> = models.iter().map(|_| None).collect();
    rayon::scope_fifo(|scope| {
        // The finest first: it takes the longest.
        for ((model, clock), measured) in models.iter().zip(&clocks).zip(&mut measured).rev() {
            let watch = &watch;
            scope.spawn_fifo(move |_| *measured = Some(measure(model, clock, solution, options, watch)));
        }
    });
    let measured = measured.into_iter().flatten().collect::<Result<Vec<_>, _>>()?;
    Study::of_grids(&models[0], &measured, options)
}

/// What `converge` measures on the grid `options.cells[index]`, which may run far from the others:
/// [`Study::of_grids`] makes a study of all of them, with the bits of `converge`.
///
/// # Errors
///
/// As [`converge`]; [`InputError`] for an `index` that is not one of the grids.
pub fn converge_grid<M>(
    solution: &dyn Solution,
    model: M,
    options: &StudyOptions,
    index: usize,
) -> Result<Measured, WaveError>
where
    M: Fn(usize) -> Result<Model, WaveError>,
{
    check_cells(&options.cells, 2)?;
    let cells = *grid_of(&options.cells, index)?;
    let coarsest = model(options.cells[0])?.grid().spacing();
    let own = model(cells)?;
    let clock = options.clock(&own, coarsest)?;
    let watch = Watch::new(std::slice::from_ref(&own), &[clock], &|_| {});
    measure(&own, &clock, solution, options, &watch)
}

pub(crate) fn grid_of(cells: &[usize], index: usize) -> Result<&usize, WaveError> {
    let (argument, value, allowed) = ("index", index as f64, "that of a grid of the study");
    cells.get(index).ok_or_else(|| InputError::OutOfRange { argument, value, allowed }.into())
}

fn measure(
    model: &Model,
    clock: &Clock,
    solution: &dyn Solution,
    options: &StudyOptions,
    watch: &Watch<'_>,
) -> Result<Measured, WaveError> {
    let mut run = Simulation::<f64>::new(model, clock)?;
    run.start(solution, options.start)?;
    let mut meter = Meter::new(&run, solution);
    if options.error_time == ErrorTime::Largest {
        meter.compare(&run);
    }
    while run.step() < clock.steps() {
        options.stop.check()?;
        let steps = LOOK_STEPS.min(clock.steps() - run.step());
        match options.error_time {
            ErrorTime::Largest => {
                for _ in 0..steps {
                    run.advance(1)?;
                    meter.compare(&run);
                }
            }
            ErrorTime::End => run.advance(steps)?,
        }
        watch.stepped(model, steps);
    }
    if options.error_time == ErrorTime::End {
        meter.compare(&run);
    }
    run.check()?;
    let dx = model.grid().spacing();
    let [pressure, velocity] = meter.norms(&run);
    Ok(Measured { dx, clock: *clock, pressure, velocity, scale: meter.scale() })
}

/// How much of a study is done, in steps of cells.
pub(crate) struct Watch<'a> {
    tell: &'a (dyn Fn(f64) + Sync),
    done: AtomicU64,
    total: f64,
}

impl<'a> Watch<'a> {
    /// Steps of cells from one word to the next.
    const SPAN: u64 = 1 << 22;

    pub fn new(models: &[Model], clocks: &[Clock], tell: &'a (dyn Fn(f64) + Sync)) -> Self {
        let work =
            models.iter().zip(clocks).map(|(model, clock)| model.grid().total() * clock.steps() as f64);
        Self { tell, done: AtomicU64::new(0), total: work.sum() }
    }

    pub fn stepped(&self, model: &Model, steps: u64) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cells are in memory"
        )]
        let work = model.grid().total() as u64 * steps;
        let before = self.done.fetch_add(work, Ordering::Relaxed);
        if before / Self::SPAN != (before + work) / Self::SPAN {
            (self.tell)((before + work) as f64 / self.total);
        }
    }
}

pub(crate) fn check_cells(cells: &[usize], needed: usize) -> Result<(), WaveError> {
    if cells.len() < needed {
        return Err(WaveError::TooFewGrids { needed, got: cells.len() });
    }
    match cells.windows(2).position(|pair| pair[0] >= pair[1]) {
        Some(index) => {
            let (value, allowed) = (cells[index + 1] as f64, "more than those of the grid before");
            Err(InputError::ElementOutOfRange { argument: "cells", index: index + 1, value, allowed }.into())
        }
        None => Ok(()),
    }
}
