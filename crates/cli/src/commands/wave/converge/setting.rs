//! What a study computes, from what the command line says.

use std::f64::consts::TAU;

use clap::ValueEnum;
use hexad_pde_leapfrog::{
    ErrorTime, Grid, Medium, Model, Norm, Order, PlaneWaves, Side, Simulation, Start, StepRule, StudyOptions,
    WaveError,
};

use super::balance::Balance;
use crate::args::wave::converge::{
    AtKind, ConvergeArgs, DimsKind, ErrorKind, NormKind, OrderKind, ProblemKind, StartKind, StepRuleKind,
};
use crate::error::{Failure, Outcome};
use crate::memory;

/// dt / dx where nothing asks for less.
const CFL: f64 = 0.3;

/// A study, ready to run.
pub struct Setting {
    /// Names of the choices on the command line.
    pub problem: String,
    pub start: String,
    pub norm: String,
    pub dims: usize,
    pub order: Order,
    pub error_by: ErrorKind,
    pub solution: PlaneWaves,
    pub options: StudyOptions,
}

impl Setting {
    /// Refuses what excludes each other, and time steps that are not stable.
    pub fn new(args: &ConvergeArgs) -> Outcome<Self> {
        check_combination(args)?;
        let dims = dims(args.problem.dims);
        let order = order(args.problem.order);
        let step_rule = step_rule(args);
        let cells = args.study.cells.clone().unwrap_or_else(|| default_cells(args, dims, order));
        let solution = match args.problem.problem {
            ProblemKind::Question => PlaneWaves::question(dims),
            ProblemKind::TwoWaves => PlaneWaves::two_waves(dims),
        };
        let options = StudyOptions::default()
            .with_cells(&cells)
            .with_end_time(args.problem.end_time)
            .with_start(start(args.problem.start))
            .with_error_time(error_time(args))
            .with_norm(norm(args.study.norm))
            .with_step_rule(step_rule);
        let mut setting = Self {
            problem: name(&args.problem.problem),
            start: name(&args.problem.start),
            norm: name(&args.study.norm),
            dims,
            order,
            error_by: args.study.error_by,
            solution,
            options,
        };
        let shows_order = || setting.balance(cells[0]).courant().min(CFL);
        let default = if step_rule == StepRule::Matched { shows_order() } else { CFL };
        setting.options = setting.options.clone().with_courant(args.study.cfl.unwrap_or(default));
        setting.check_steps()?;
        Ok(setting)
    }

    /// The periodic unit cell.
    pub fn model(&self, cells: usize) -> Result<Model, WaveError> {
        let grid = Grid::new(&vec![cells; self.dims], 1.0 / cells as f64)?;
        Model::new(grid, Medium::default(), &vec![[Side::Periodic; 2]; self.dims], self.order)
    }

    /// The shortest wave of the solution on a grid.
    pub fn balance(&self, cells: usize) -> Balance {
        Balance { dims: self.dims, order: self.order, phase: TAU * self.periods() / cells as f64 }
    }

    /// Error of the steps over that of the differences, for that wave on the coarsest grid.
    pub fn time_over_space(&self) -> f64 {
        self.balance(self.options.cells[0]).time_over_space(self.options.courant)
    }

    /// Refuses what needs more memory than there is.
    pub fn check_memory(&self) -> Outcome<()> {
        let mut bytes = 0_u64;
        for cells in &self.options.cells {
            let model = self.model(*cells).map_err(|error| self.refused(&error))?;
            let fields = Simulation::<f64>::memory_bytes(&model);
            // Beside the fields that step: their start, the solution's waves, and the places of one field.
            let per_cell = (self.dims + 1) * (24 + 16 * self.solution.0.len()) + 72;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
            let beside = (model.grid().total() * per_cell as f64) as u64;
            let needed = fields.map_err(|error| self.refused(&error))?.saturating_add(beside);
            // Those that are exact run side by side.
            bytes = match self.error_by {
                ErrorKind::Exact => bytes.saturating_add(needed),
                ErrorKind::Richardson => bytes.max(needed),
            };
        }
        memory::check_for("a study on these --cells", bytes, "use fewer cells")
    }

    /// What the library refuses is wrong use, but for what only shows in the run.
    pub fn refused(&self, error: &WaveError) -> Failure {
        match error {
            WaveError::Memory { bytes } => Failure::work(format!(
                "a study on these --cells needs {bytes} bytes of memory, more than there are; use fewer cells"
            )),
            WaveError::BlownUp { .. } => Failure::work(error.to_string()),
            _ => Failure::usage(error.to_string()),
        }
    }

    fn periods(&self) -> f64 {
        if self.solution.0.len() > 1 { 3.0 } else { 1.0 }
    }

    fn check_steps(&self) -> Outcome<()> {
        let (courant, largest) = (self.options.courant, self.order.largest_courant(self.dims));
        if courant <= largest * (1.0 + 1e-12) {
            return Ok(());
        }
        let cells = self.options.cells[0];
        let [dt, stable] = [courant, largest].map(|courant| courant / cells as f64);
        Err(Failure::usage(format!(
            "--cfl {courant}: on {cells} cells a time step of {dt} is unstable; the largest stable one is {stable}, --cfl {largest}"
        )))
    }
}

fn check_combination(args: &ConvergeArgs) -> Outcome<()> {
    if args.study.error_by == ErrorKind::Exact {
        return Ok(());
    }
    if args.study.at == Some(AtKind::Largest) {
        return Err(Failure::usage(
            "--error-by richardson compares grids at the end; leave --at largest out, or use --error-by exact",
        ));
    }
    if args.study.step_rule == Some(StepRuleKind::Matched) {
        return Err(Failure::usage(
            "--error-by richardson needs steps that nest, and has the same dt / dx on all grids; leave --step-rule matched out",
        ));
    }
    Ok(())
}

/// Grids on which the order shows, within seconds.
fn default_cells(args: &ConvergeArgs, dims: usize, order: Order) -> Vec<usize> {
    if args.study.error_by == ErrorKind::Richardson {
        let coarsest = if dims == 3 { 12 } else { 50 };
        return vec![coarsest, 3 * coarsest, 9 * coarsest];
    }
    let shortest = if args.problem.problem == ProblemKind::TwoWaves { 3 } else { 1 };
    let scaled = |cells: [usize; 4]| cells.map(|cells| shortest * cells).to_vec();
    match (dims, order) {
        (1 | 2, Order::Two) | (1, Order::Four) => vec![50, 100, 200, 400],
        (_, Order::Two) => [[16, 20, 24, 32], [40, 48, 56, 64]][shortest / 3].to_vec(),
        (1, Order::Six) => scaled([12, 16, 20, 24]),
        (1, Order::Eight) => scaled([10, 12, 16, 20]),
        (2, Order::Four) => scaled([10, 12, 14, 16]),
        (2, _) => scaled([8, 10, 12, 14]),
        _ if shortest == 3 => vec![24, 26, 28],
        _ => vec![8, 9, 10, 12],
    }
}

fn step_rule(args: &ConvergeArgs) -> StepRule {
    match (args.study.step_rule, args.problem.order, args.study.error_by) {
        (Some(StepRuleKind::Courant), ..) | (None, OrderKind::Two, _) | (None, _, ErrorKind::Richardson) => {
            StepRule::Courant
        }
        _ => StepRule::Matched,
    }
}

fn error_time(args: &ConvergeArgs) -> ErrorTime {
    match (args.study.at, args.study.error_by) {
        (Some(AtKind::End), _) | (_, ErrorKind::Richardson) => ErrorTime::End,
        _ => ErrorTime::Largest,
    }
}

fn dims(kind: DimsKind) -> usize {
    match kind {
        DimsKind::One => 1,
        DimsKind::Two => 2,
        DimsKind::Three => 3,
    }
}

fn order(kind: OrderKind) -> Order {
    match kind {
        OrderKind::Two => Order::Two,
        OrderKind::Four => Order::Four,
        OrderKind::Six => Order::Six,
        OrderKind::Eight => Order::Eight,
    }
}

fn start(kind: StartKind) -> Start {
    match kind {
        StartKind::Exact => Start::Exact,
        StartKind::Taylor1 => Start::Taylor1,
        StartKind::Taylor2 => Start::Taylor2,
        StartKind::Naive => Start::Naive,
    }
}

fn norm(kind: NormKind) -> Norm {
    match kind {
        NormKind::L1 => Norm::L1,
        NormKind::L2 => Norm::L2,
        NormKind::Max => Norm::Max,
    }
}

/// As on the command line.
fn name(choice: &impl ValueEnum) -> String {
    choice.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
}
