//! The order without a solution: each grid against the next finer one.

use hexad_core::InputError;
use hexad_core::ndarray::{ArrayD, Dimension};

use crate::convergence::{Watch, check_cells, grid_of};
use crate::stop::LOOK_STEPS;
use crate::{Clock, Measured, Model, Norms, Simulation, Solution, Study, StudyOptions, WaveError};

/// Runs one model on grids that are each three times finer than the one before, and compares each with the next.
///
/// With a factor of three every centre, every face and every half step of a grid is one of the next, so that nothing
/// is interpolated. If the order is q, the difference of neighbours falls by 3^q as the error does (L. F. Richardson,
/// Phil. Trans. R. Soc. A 210, 1911). Of `initial` only the state at time 0 is used, unless the start is exact.
/// `options.cells` must triple each time, three grids at least; the last one is not a row of the study. The errors
/// are those at the end.
///
/// # Examples
///
/// ```
/// use hexad_pde_leapfrog::*;
/// let box_ = |cells| {
///     let grid = Grid::new(&[cells], 1.0 / cells as f64)?.with_walls_at_zero();
///     Model::new(grid, Medium::default(), &[[Side::Rigid, Side::PressureRelease]], Order::Two)
/// };
/// let bump = Functions {
///     pressure: |x: &[f64], _| (-200.0 * (x[0] - 0.4).powi(2)).exp(),
///     velocity: |_, _: &[f64], _| 0.0,
/// };
/// let options = StudyOptions::default().with_cells(&[150, 450, 1350]).with_end_time(1.3);
/// let study = converge_by_richardson(&bump, box_, &options)?;
/// assert!((study.observed_order_p - 2.0).abs() < 0.05);
/// # Ok::<(), WaveError>(())
/// ```
///
/// # Errors
///
/// [`WaveError::TooFewGrids`] for fewer than three; [`InputError`] for cells that do not triple;
/// [`WaveError::NotNested`] for models that do not cover the same domain; [`WaveError::Stopped`]; what
/// `model` and the runs refuse.
pub fn converge_by_richardson<M>(
    initial: &dyn Solution,
    model: M,
    options: &StudyOptions,
) -> Result<Study, WaveError>
where
    M: Fn(usize) -> Result<Model, WaveError>,
{
    converge_by_richardson_watched(initial, model, options, &|_| {})
}

/// As [`converge_by_richardson`], telling `watch` from time to time which share of the work is done.
///
/// # Errors
///
/// As [`converge_by_richardson`].
pub fn converge_by_richardson_watched<M>(
    initial: &dyn Solution,
    model: M,
    options: &StudyOptions,
    watch: &(dyn Fn(f64) + Sync),
) -> Result<Study, WaveError>
where
    M: Fn(usize) -> Result<Model, WaveError>,
{
    check_options(options)?;
    let models = options.cells.iter().map(|cells| model(*cells)).collect::<Result<Vec<_>, _>>()?;
    let first = options.clock(&models[0], models[0].grid().spacing())?;
    let clocks = (0..models.len()).map(|level| refined(first, level)).collect::<Result<Vec<_>, _>>()?;
    let watch = Watch::new(&models, &clocks, watch);
    let mut finished: Vec<Finished> = Vec::new();
    let mut measured = Vec::new();
    for (model, clock) in models.iter().zip(clocks) {
        let fine = Finished::run(model, clock, initial, options, &watch)?;
        if let Some(coarse) = finished.pop() {
            measured.push(coarse.compare(&fine)?);
        }
        finished.push(fine);
    }
    Study::of_grids_by_richardson(&measured, options)
}

/// What `converge_by_richardson` measures on the grid `options.cells[index]`, not the finest: it runs that grid and the
/// next one. [`Study::of_grids_by_richardson`] makes a study of all of them, with the same bits.
///
/// # Errors
///
/// As [`converge_by_richardson`]; [`InputError`] for an `index` that is not one of the grids but the finest.
pub fn converge_grid_by_richardson<M>(
    initial: &dyn Solution,
    model: M,
    options: &StudyOptions,
    index: usize,
) -> Result<Measured, WaveError>
where
    M: Fn(usize) -> Result<Model, WaveError>,
{
    check_options(options)?;
    grid_of(&options.cells[1..], index)?;
    let coarsest = model(options.cells[0])?;
    let first = options.clock(&coarsest, coarsest.grid().spacing())?;
    let run = |level: usize| {
        let (model, clock) = (model(options.cells[level])?, refined(first, level)?);
        let watch = Watch::new(std::slice::from_ref(&model), &[clock], &|_| {});
        Finished::run(&model, clock, initial, options, &watch)
    };
    run(index)?.compare(&run(index + 1)?)
}

fn refined(first: Clock, level: usize) -> Result<Clock, WaveError> {
    let factor = 3_u64.pow(u32::try_from(level).unwrap_or(u32::MAX));
    Clock::new(first.dt() / factor as f64, first.steps() * factor)
}

fn check_options(options: &StudyOptions) -> Result<(), WaveError> {
    check_cells(&options.cells, 3)?;
    if let Some(index) = options.cells.windows(2).position(|pair| pair[1] != 3 * pair[0]) {
        let (value, allowed) = (options.cells[index + 1] as f64, "three times those of the grid before");
        return Err(
            InputError::ElementOutOfRange { argument: "cells", index: index + 1, value, allowed }.into()
        );
    }
    Ok(())
}

/// The fields of a grid at the end.
struct Finished {
    model: Model,
    clock: Clock,
    pressure: ArrayD<f64>,
    velocity: Vec<ArrayD<f64>>,
    /// A step later.
    next_velocity: Vec<ArrayD<f64>>,
}

impl Finished {
    fn run(
        model: &Model,
        clock: Clock,
        initial: &dyn Solution,
        options: &StudyOptions,
        watch: &Watch<'_>,
    ) -> Result<Self, WaveError> {
        let mut run = Simulation::<f64>::new(model, &clock)?;
        run.start(initial, options.start)?;
        while run.step() < clock.steps() {
            options.stop.check()?;
            let steps = LOOK_STEPS.min(clock.steps() - run.step());
            run.advance(steps)?;
            watch.stepped(model, steps);
        }
        let velocity = velocities(&run)?;
        let pressure = run.pressure()?;
        run.advance(1)?;
        run.check()?;
        Ok(Self { model: model.clone(), clock, pressure, velocity, next_velocity: velocities(&run)? })
    }

    /// Half a coarse step after the end is a step and a half of the finer grid.
    fn compare(&self, fine: &Self) -> Result<Measured, WaveError> {
        let mut velocity = Norms::default();
        for (axis, field) in self.velocity.iter().enumerate() {
            velocity =
                velocity.together(self.difference(fine, Some(axis), field, &fine.next_velocity[axis])?);
        }
        Ok(Measured {
            dx: self.model.grid().spacing(),
            clock: self.clock,
            pressure: self.difference(fine, None, &self.pressure, &fine.pressure)?,
            velocity,
            scale: self.pressure.iter().fold(0.0, |largest: f64, value| largest.max(value.abs())),
        })
    }

    fn difference(
        &self,
        fine: &Self,
        axis: Option<usize>,
        field: &ArrayD<f64>,
        fine_field: &ArrayD<f64>,
    ) -> Result<Norms, WaveError> {
        let (grid, fine_grid) = (self.model.grid(), fine.model.grid());
        let nested = WaveError::NotNested { coarse: grid.cells()[0], fine: fine_grid.cells()[0] };
        let volume: f64 = (0..grid.dims()).map(|_| grid.spacing()).product();
        let (mut sum, mut squares, mut largest) = (0.0, 0.0, 0.0_f64);
        for (place, value) in field.indexed_iter() {
            let x = crate::fields::position(&self.model, axis, 0.5, place.slice());
            let found = nearest(&fine.model, axis, &x).ok_or_else(|| nested.clone())?;
            let Some(fine_value) = fine_field.get(found.as_slice()) else { return Err(nested) };
            let error = (value - fine_value).abs();
            (sum, squares, largest) = (sum + error, squares + error * error, largest.max(error));
        }
        Ok(Norms { l1: volume * sum, l2: (volume * squares).sqrt(), max: largest })
    }
}

fn velocities(run: &Simulation<f64>) -> Result<Vec<ArrayD<f64>>, WaveError> {
    (0..run.model().grid().dims()).map(|axis| run.velocity(axis)).collect()
}

/// Indices of the cell or face at `x`, if there is one.
fn nearest(model: &Model, axis: Option<usize>, x: &[f64]) -> Option<Vec<usize>> {
    let grid = model.grid();
    let along = |(other, x): (usize, &f64)| {
        let on_face = axis == Some(other);
        let first = if on_face { 0.5 + model.ends(other).faces().start as f64 } else { 0.0 };
        let place = (x - grid.origin()[other]) / grid.spacing() - first;
        let index = place.round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and not negative")]
        let index_whole = index as usize;
        ((place - index).abs() < 1e-6 && index >= 0.0).then_some(index_whole)
    };
    x.iter().enumerate().map(along).collect()
}
