//! What is fitted: a constant and tones about the middle of the record.

use hexad_core::Complex64;

use crate::goertzel::phasor;

/// Parameters of a tone: cosine, sine, frequency.
pub(super) const PER_TONE: usize = 3;

/// `cos cos(2 pi frequency t) + sin sin(2 pi frequency t)`, t in samples from the middle of the record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tone {
    /// Cycles per sample.
    pub frequency: f64,
    pub cos: f64,
    pub sin: f64,
}

/// The sum of a constant, if there is one, and tones. Parameters stand in that order, three a tone; the
/// frequency as an angle per sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Model {
    pub constant: Option<f64>,
    pub tones: Vec<Tone>,
}

impl Tone {
    /// `amplitude exp(i phase)` at sample 0 of a record whose middle is at sample `middle`.
    pub fn at_start(&self, middle: f64) -> Complex64 {
        Complex64::new(self.cos, -self.sin) * phasor(-self.frequency, middle)
    }
}

impl Model {
    pub fn lines(&self) -> usize {
        usize::from(self.constant.is_some()) + self.tones.len()
    }

    pub fn parameters(&self) -> usize {
        self.first_tone() + PER_TONE * self.tones.len()
    }

    /// Index of the first tone's first parameter.
    pub fn first_tone(&self) -> usize {
        usize::from(self.constant.is_some())
    }

    /// The model a step away; none where a frequency would leave the band or move by more than `reach`.
    pub fn moved(&self, step: &[f64], reach: f64) -> Option<Self> {
        let mut moved = self.clone();
        if let Some(constant) = &mut moved.constant {
            *constant += step[0];
        }
        for (tone, step) in moved.tones.iter_mut().zip(step[self.first_tone()..].chunks_exact(PER_TONE)) {
            let turn = step[2] / std::f64::consts::TAU;
            tone.cos += step[0];
            tone.sin += step[1];
            tone.frequency += turn;
            if !(tone.frequency > 0.0 && tone.frequency < 0.5 && turn.abs() <= reach) {
                return None;
            }
        }
        Some(moved)
    }
}
