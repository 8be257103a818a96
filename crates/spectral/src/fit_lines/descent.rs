//! Least squares: tones added one at a time, all of them settled together.

use hexad_core::InputError;

use super::LineConstant;
use super::model::{Model, Tone};
use super::normal::{Normal, step_of_amplitudes};
use super::peaks::PeakFinder;
use super::samples::{Misfit, Samples};

/// Steps tried before a fit is taken as it is. Newton takes three to ten; more only where tones all but merge.
const STEPS: usize = 100;
/// A step that changes the model by less than this part of the residual is the last.
const SETTLED: f64 = 1e-10;
/// Rounding of a sum of squares.
const ROUNDING: f64 = 1e-12;
/// The first damping that is tried where a step does not help, and the last.
const DAMPING: [f64; 2] = [1e-6, 1e8];
/// Farthest a frequency may go in one step, in bins: beyond, the slope of the squares says nothing.
const REACH: f64 = 0.5;

/// A model, and how it fits.
#[derive(Debug, Clone)]
pub(super) struct Fit {
    pub model: Model,
    pub normal: Normal,
    pub misfit: Misfit,
}

impl Fit {
    /// The fit of the constant alone, or of nothing.
    pub fn without_tones(constant: LineConstant, samples: &mut Samples) -> Result<Self, InputError> {
        let constant = (constant == LineConstant::Fitted).then_some(0.0);
        let fit = Self::at(&Model { constant, tones: Vec::new() }, samples);
        // Only tones can be too near to something.
        let impossible = InputError::TooFew { argument: "signal", needed: 1, got: samples.len() };
        fit.map(|fit| fit.settled(samples)).ok_or(impossible)
    }

    /// With one tone more, started at the highest peak of the residual's spectrum that the record tells from
    /// the lines there are. None where there is no such peak, or nothing but rounding is left.
    pub fn with_another_tone(
        &self,
        samples: &mut Samples,
        peaks: &mut PeakFinder,
    ) -> Result<Option<Self>, InputError> {
        if self.misfit.squares <= (4.0 * f64::EPSILON).powi(2) * samples.energy {
            return Ok(None);
        }
        // The last model tried need not be this one.
        samples.misfit(&self.model);
        for frequency in peaks.highest(&samples.residual)? {
            let mut model = self.model.clone();
            model.tones.push(Tone { frequency, cos: 0.0, sin: 0.0 });
            let fit = Self::at(&model, samples).map(|fit| fit.settled(samples));
            let better = fit.filter(|fit| fit.misfit.squares < self.misfit.squares);
            if better.is_some() {
                return Ok(better);
            }
        }
        Ok(None)
    }

    /// The best fit with the frequencies of `model`; none where the record does not tell them apart. Its
    /// amplitudes only have to be near.
    fn at(model: &Model, samples: &mut Samples) -> Option<Self> {
        let gradient = samples.misfit(model).gradient;
        let model = model.moved(&step_of_amplitudes(model, &gradient, samples.len())?, 0.0)?;
        let normal = Normal::new(&model, samples.len())?;
        let misfit = samples.misfit(&model);
        Some(Self { model, normal, misfit })
    }

    /// The minimum of the squares near by, by Newton's steps, damped where one does not help. Amplitudes follow
    /// the frequencies (variable projection), so that steps stay large where tones all but merge.
    fn settled(mut self, samples: &mut Samples) -> Self {
        let reach = REACH / samples.len() as f64;
        let floor = (samples.len() as f64 * f64::EPSILON).powi(2) * samples.energy;
        let mut damping = 0.0;
        for _ in 0..STEPS {
            let Some(step) = self.normal.step(&self.misfit, damping) else { break };
            let gain = step.dot(&self.misfit.gradient);
            let last = gain <= SETTLED * SETTLED * self.misfit.squares + floor;
            let next = self.model.moved(step.as_slice(), reach).and_then(|model| Self::at(&model, samples));
            let highest = self.misfit.squares * (1.0 + ROUNDING);
            match next.filter(|next| last || next.misfit.squares <= highest) {
                Some(next) => {
                    self = next;
                    damping = if damping > DAMPING[0] { 0.1 * damping } else { 0.0 };
                }
                None => damping = (10.0 * damping).max(DAMPING[0]),
            }
            if last || damping > DAMPING[1] {
                break;
            }
        }
        self
    }
}
