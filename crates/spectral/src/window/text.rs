//! Windows as text: `hann`, `kaiser=14`.

use std::fmt;
use std::str::FromStr;

use super::Window;
use crate::SpectralError;

impl Window {
    /// Its name, without the parameter.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Boxcar => "boxcar",
            Self::Hann => "hann",
            Self::Hamming => "hamming",
            Self::Blackman => "blackman",
            Self::BlackmanHarris => "blackmanharris",
            Self::Nuttall => "nuttall",
            Self::FlatTop => "flattop",
            Self::Hft70 => "hft70",
            Self::Hft95 => "hft95",
            Self::Hft248d => "hft248d",
            Self::Tukey { .. } => "tukey",
            Self::Kaiser { .. } => "kaiser",
            Self::Gaussian { .. } => "gaussian",
            Self::Dpss { .. } => "dpss",
        }
    }

    fn parameter(&self) -> Option<f64> {
        match *self {
            Self::Tukey { taper } => Some(taper),
            Self::Kaiser { beta } => Some(beta),
            Self::Gaussian { sigma } => Some(sigma),
            Self::Dpss { half_bandwidth } => Some(half_bandwidth),
            _ => None,
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parameter() {
            Some(parameter) => write!(f, "{}={parameter}", self.name()),
            None => f.write_str(self.name()),
        }
    }
}

impl FromStr for Window {
    type Err = SpectralError;

    fn from_str(text: &str) -> Result<Self, SpectralError> {
        let (name, parameter) = match text.split_once('=') {
            Some((name, number)) => (name, Some(number.parse().map_err(|_| SpectralError::UnknownWindow)?)),
            None => (text, None),
        };
        let window = match (name, parameter) {
            ("boxcar", None) => Self::Boxcar,
            ("hann", None) => Self::Hann,
            ("hamming", None) => Self::Hamming,
            ("blackman", None) => Self::Blackman,
            ("blackmanharris", None) => Self::BlackmanHarris,
            ("nuttall", None) => Self::Nuttall,
            ("flattop", None) => Self::FlatTop,
            ("hft70", None) => Self::Hft70,
            ("hft95", None) => Self::Hft95,
            ("hft248d", None) => Self::Hft248d,
            ("tukey", Some(taper)) => Self::Tukey { taper },
            ("kaiser", Some(beta)) => Self::Kaiser { beta },
            ("gaussian", Some(sigma)) => Self::Gaussian { sigma },
            ("dpss", Some(half_bandwidth)) => Self::Dpss { half_bandwidth },
            _ => return Err(SpectralError::UnknownWindow),
        };
        window.check()?;
        Ok(window)
    }
}
