//! Jumps of potentials on their way through the steps of a block.
//!
//! The step of the gates reaches from the middle of the last step of V to the middle of this one, so a jump in the
//! latter half of a step is shown to the gates in the next.

use crate::population::calendar::Calendar;

/// A jump of one neuron's potential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Jump {
    pub lane: u32,
    /// Where in its step, from 0 to 1.
    pub offset: f64,
    pub weight_mv: f64,
}

/// All jumps to come.
#[derive(Debug, Clone)]
pub(crate) struct Jumps {
    /// By halves of steps.
    calendar: Calendar<Jump>,
    /// Those in the latter half of the step before, which the gates have yet to see.
    pub passed: Vec<Jump>,
    spare: [Vec<Jump>; 2],
}

/// The jumps that a step has to do with.
#[derive(Debug, Default)]
pub(crate) struct StepJumps {
    pub passed: Vec<Jump>,
    pub early: Vec<Jump>,
    pub late: Vec<Jump>,
}

impl Jumps {
    pub fn new(steps: usize) -> Self {
        Self { calendar: Calendar::new(2 * steps), passed: Vec::new(), spare: Default::default() }
    }

    /// How many steps it holds.
    pub fn steps(&self) -> u64 {
        self.calendar.moments() / 2
    }

    /// Enters a jump in the half `half` of a step: twice the number of the step, and one more for the latter.
    #[inline]
    pub fn enter(&mut self, half: u64, jump: Jump) {
        self.calendar.enter(half, jump);
    }

    /// Those in the step `step`, for each neuron in the order in which they act.
    pub fn at(&self, step: u64) -> impl Iterator<Item = &Jump> {
        self.calendar.at(2 * step).iter().chain(self.calendar.at(2 * step + 1))
    }

    pub fn take(&mut self, step: u64) -> StepJumps {
        let [first, second] = &mut self.spare;
        StepJumps {
            passed: std::mem::take(&mut self.passed),
            early: self.calendar.take(2 * step, std::mem::take(first)),
            late: self.calendar.take(2 * step + 1, std::mem::take(second)),
        }
    }

    /// Ends the step that `taken` was taken for.
    pub fn pass(&mut self, taken: StepJumps) {
        self.passed = taken.late;
        self.spare = [taken.passed, taken.early];
    }

    pub fn clear(&mut self) {
        self.passed.clear();
        self.calendar.clear();
    }
}

impl StepJumps {
    /// Jumps that the gates are shown in this step.
    pub fn shown(&self) -> impl DoubleEndedIterator<Item = &Jump> {
        self.passed.iter().chain(&self.early)
    }

    /// Jumps of the potentials in this step.
    pub fn acting(&self) -> impl Iterator<Item = &Jump> {
        self.early.iter().chain(&self.late)
    }

    /// Offset and height of a neuron's jumps in this step, in order.
    pub fn of(&self, lane: u32) -> Vec<(f64, f64)> {
        let own = self.acting().filter(|jump| jump.lane == lane);
        let mut jumps: Vec<_> = own.map(|jump| (jump.offset, jump.weight_mv)).collect();
        jumps.sort_by(|a, b| a.0.total_cmp(&b.0));
        jumps
    }
}

/// The half of a step in which `steps` falls, as [`Jumps::enter`] counts them, and the offset within the step.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounding down; times are not negative"
)]
pub(crate) fn half_of(steps: f64) -> (u64, f64) {
    let half = (2.0 * steps) as u64;
    (half, steps - (half >> 1) as f64)
}
