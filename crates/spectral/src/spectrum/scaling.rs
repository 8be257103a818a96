//! What the values of a spectrum are, and in which unit.

use std::fmt;
use std::str::FromStr;

use crate::SpectralError;

/// What the values of a spectrum are. `X` is the windowed transform, `w` the window, `dt` the sample
/// spacing; `c` is 2 but 1 at 0 and at half the sample rate, and 1 everywhere in a two-sided spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Scaling {
    /// `c |X| / sum w`: the peak amplitude of a tone; in V if the signal is.
    #[default]
    Amplitude,
    /// The root of the power: the amplitude over the root of 2 but at 0 and at half the sample rate; in V rms.
    Rms,
    /// `c |X|^2 / (sum w)^2`: the power of a tone; in V^2.
    Power,
    /// `c |X|^2 dt / sum w^2`: power per frequency, for noise; in V^2/Hz.
    Density,
    /// The density times the length in time: energy per frequency, for a pulse; in V^2 s/Hz.
    Energy,
    /// `dt |X|`: the size of the Fourier transform, for a pulse, never doubled; in V/Hz.
    Transform,
}

impl Scaling {
    /// Its name as text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Amplitude => "amplitude",
            Self::Rms => "rms",
            Self::Power => "power",
            Self::Density => "density",
            Self::Energy => "energy",
            Self::Transform => "transform",
        }
    }

    /// The unit of the values of a signal in `unit`; `V` if that is empty.
    #[must_use]
    pub fn unit(self, unit: &str) -> String {
        let unit = if unit.is_empty() { "V" } else { unit };
        match self {
            Self::Amplitude => unit.to_string(),
            Self::Rms => format!("{unit} rms"),
            Self::Power => format!("{unit}^2"),
            Self::Density => format!("{unit}^2/Hz"),
            Self::Energy => format!("{unit}^2 s/Hz"),
            Self::Transform => format!("{unit}/Hz"),
        }
    }

    /// Whether the values go with the square of the signal.
    #[must_use]
    pub fn is_square(self) -> bool {
        matches!(self, Self::Power | Self::Density | Self::Energy)
    }
}

impl fmt::Display for Scaling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scaling {
    type Err = SpectralError;

    fn from_str(text: &str) -> Result<Self, SpectralError> {
        use Scaling::{Amplitude, Density, Energy, Power, Rms, Transform};
        let all = [Amplitude, Rms, Power, Density, Energy, Transform];
        all.into_iter().find(|scaling| scaling.name() == text).ok_or(SpectralError::UnknownScaling)
    }
}
