//! Why a model or a run was refused, or stopped.

use hexad_core::InputError;

/// Why a model or a run was refused, or stopped.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WaveError {
    /// An argument has the wrong length, is out of range or holds a value that cannot be used.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The time step is past the limit of stability.
    #[error("a time step of {dt:e} is unstable here: use at most {largest:e}")]
    Unstable {
        /// The time step asked for.
        dt: f64,
        /// The largest stable one.
        largest: f64,
    },
    /// A medium has a value that no material has.
    #[error("{quantity} must be finite and > 0, got {value} in cell {cell:?}")]
    Medium {
        /// `"density"` or `"bulk modulus"`.
        quantity: &'static str,
        /// The cell, one index per axis.
        cell: Vec<usize>,
        /// Its value.
        value: f64,
    },
    /// Arrays of another shape than the grid.
    #[error("{argument} must have the shape {expected:?}, got {got:?}")]
    Shape {
        /// Name of the argument.
        argument: &'static str,
        /// Shape asked for.
        expected: Vec<usize>,
        /// Shape given.
        got: Vec<usize>,
    },
    /// One side of an axis is periodic and the other is not.
    #[error("axis {axis} is periodic on one side only: make both sides periodic, or neither")]
    HalfPeriodic {
        /// The axis.
        axis: usize,
    },
    /// An axis has too few cells for its sides and the order of the stencil.
    #[error("axis {axis} has {cells} cells: its sides and the order need at least {needed}")]
    TooFewCells {
        /// The axis.
        axis: usize,
        /// Its cells.
        cells: usize,
        /// Cells needed.
        needed: usize,
    },
    /// A source or a receiver lies outside the domain.
    #[error("the {what} at {position:?} is outside the domain: axis {axis} runs from {low} to {high}")]
    Outside {
        /// `"source"` or `"receiver"`.
        what: &'static str,
        /// Where it is.
        position: Vec<f64>,
        /// The axis along which it is outside.
        axis: usize,
        /// Where that axis starts.
        low: f64,
        /// Where it ends.
        high: f64,
    },
    /// The fields do not fit in memory.
    #[error("the grid needs {bytes} bytes of memory, more than there are: use fewer cells or f32")]
    Memory {
        /// Bytes needed; `u64::MAX` if they cannot be counted.
        bytes: u64,
    },
    /// The pressure stopped being finite.
    #[error("the field blew up: pressure {value} at step {step}, cell {cell:?}{}", stands(*kept))]
    BlownUp {
        /// The step after which it was seen.
        step: u64,
        /// The first such cell, one index per axis.
        cell: Vec<usize>,
        /// Its value.
        value: f64,
        /// The step of the last good state, if one was kept: there the run stands again.
        kept: Option<u64>,
    },
    /// A wave in closed form was asked of a medium that is not the same everywhere.
    #[error("the medium varies from cell to cell: a wave in closed form needs a constant one")]
    NotConstant,
    /// A jump was asked of a model that has no Fourier modes.
    #[error("a jump needs {needs}: step instead")]
    CannotJump {
        /// What it needs.
        needs: &'static str,
    },
    /// Bytes that are no checkpoint, or one of another model or version.
    #[error("this checkpoint cannot be resumed: {reason}")]
    Checkpoint {
        /// What is wrong with it.
        reason: CheckpointProblem,
    },
    /// The cells of a grid are not among those of the next finer one.
    #[error("the grids of {coarse} and {fine} cells do not nest: both must cover the same domain")]
    NotNested {
        /// Cells along the first axis of the coarser grid.
        coarse: usize,
        /// And of the finer one.
        fine: usize,
    },
    /// A study was ended by its [`crate::Stop`].
    #[error("the study was stopped")]
    Stopped,
    /// A study has too few grids for an order.
    #[error("an order needs at least {needed} grids, got {got}")]
    TooFewGrids {
        /// Grids needed.
        needed: usize,
        /// Grids given.
        got: usize,
    },
}

fn stands(kept: Option<u64>) -> String {
    kept.map_or(String::new(), |step| format!("; the run stands at step {step} again"))
}

/// What is wrong with a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointProblem {
    /// The bytes do not begin as a checkpoint does.
    #[error("it is no checkpoint of hexad-pde-leapfrog")]
    NotACheckpoint,
    /// Another version of the format.
    #[error("its format is version {got}, this program reads {expected}")]
    Version {
        /// The version read here.
        expected: u32,
        /// That of the checkpoint.
        got: u32,
    },
    /// Another model, time step or precision.
    #[error("it was made by another model, time step or precision")]
    OtherModel,
    /// Bytes are missing, or too many.
    #[error("it has {got} bytes instead of {expected}")]
    Length {
        /// Bytes that it should have.
        expected: u64,
        /// Bytes that it has.
        got: u64,
    },
    /// The checksum does not match.
    #[error("its checksum does not match: it is damaged")]
    Damaged,
}
