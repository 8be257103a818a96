//! The error on one grid from step to step.

use hexad_pde_leapfrog::{Clock, Norms, Simulation, Solution, Study, WaveError};

use super::setting::Setting;
use crate::error::Outcome;

/// Most steps that are looked at.
const MOST_LOOKS: u64 = 4000;
/// Most values of a field that are looked at in all.
const MOST_VALUES: f64 = 4e7;

/// Errors on the coarsest grid over time.
pub struct History {
    pub cells: usize,
    pub time: Vec<f64>,
    pub error_p: Vec<f64>,
    pub error_u: Vec<f64>,
}

impl History {
    /// Runs the coarsest grid of `study` once more.
    pub fn new(setting: &Setting, study: &Study) -> Outcome<Self> {
        let row = study.rows[0];
        let refused = |error| setting.refused(&error);
        let model = setting.model(row.cells).map_err(refused)?;
        let clock = Clock::new(row.dt, row.steps).map_err(refused)?;
        let mut run = Simulation::<f64>::new(&model, &clock).map_err(refused)?;
        run.start(&setting.solution, setting.options.start).map_err(refused)?;
        let mut history = Self { cells: row.cells, time: vec![], error_p: vec![], error_u: vec![] };
        let hop = hop(clock.steps(), model.grid().total());
        loop {
            history.look(setting, &run).map_err(refused)?;
            let left = clock.steps() - run.step();
            if left == 0 {
                return Ok(history);
            }
            run.advance(hop.min(left)).map_err(refused)?;
        }
    }

    fn look(&mut self, setting: &Setting, run: &Simulation) -> Result<(), WaveError> {
        let (solution, norm) = (&setting.solution, setting.options.norm);
        let places = |face| Places { cells: self.cells, dims: setting.dims, face };
        let half_step = run.time() + 0.5 * run.dt();
        let error_p = size(run.pressure()?.iter(), &places(None), |x| solution.pressure(x, run.time()));
        let mut error_u = Norms::default();
        for axis in 0..setting.dims {
            let exact = |x: &[f64]| solution.velocity(axis, x, half_step);
            let along = size(run.velocity(axis)?.iter(), &places(Some(axis)), exact);
            error_u = Norms {
                l1: error_u.l1 + along.l1,
                l2: error_u.l2.hypot(along.l2),
                max: error_u.max.max(along.max),
            };
        }
        self.time.push(run.time());
        self.error_p.push(error_p.get(norm));
        self.error_u.push(error_u.get(norm));
        Ok(())
    }
}

/// Steps from one look to the next.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to the most looks")]
fn hop(steps: u64, cells: f64) -> u64 {
    let looks = MOST_LOOKS.min((MOST_VALUES / cells).max(1.0) as u64);
    steps.div_ceil(looks).max(1)
}

/// Where a field has its values, row by row.
struct Places {
    cells: usize,
    dims: usize,
    /// The axis along which they are half a cell on.
    face: Option<usize>,
}

/// Norms of what the values of a field are off.
fn size<'v>(values: impl Iterator<Item = &'v f64>, places: &Places, exact: impl Fn(&[f64]) -> f64) -> Norms {
    let dx = 1.0 / places.cells as f64;
    let mut sums = Norms::default();
    let mut x = vec![0.0; places.dims];
    for (index, value) in values.enumerate() {
        let mut rest = index;
        for axis in (0..places.dims).rev() {
            let half = if places.face == Some(axis) { 0.5 } else { 0.0 };
            x[axis] = dx * ((rest % places.cells) as f64 + half);
            rest /= places.cells;
        }
        let error = (value - exact(&x)).abs();
        sums.l1 += error;
        sums.l2 += error * error;
        sums.max = sums.max.max(error);
    }
    let volume = (0..places.dims).map(|_| dx).product::<f64>();
    Norms { l1: volume * sums.l1, l2: (volume * sums.l2).sqrt(), max: sums.max }
}
