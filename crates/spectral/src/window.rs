//! Windows: what a stretch of signal is multiplied with before its transform.

mod constants;
mod dpss;
mod text;

pub use constants::WindowConstants;

use std::f64::consts::TAU;

use hexad_core::{InputError, check_positive};

use crate::SpectralError;
use crate::bessel::bessel_i0;

/// A window, periodic ("DFT-even"): `N` samples of a shape that would be symmetric with one more, as
/// spectra need it.
///
/// Cosine sums are `w_n = sum_j (-1)^j a_j cos(2 pi j n / N)`. As text, a window is its name in small
/// letters; a parameter follows an equals sign: `hann`, `kaiser=14`.
///
/// # References
///
/// F. J. Harris, Proc. IEEE 66(1), 1978, doi:10.1109/PROC.1978.10837 (Blackman-Harris, Tukey, Kaiser);
/// A. H. Nuttall, IEEE Trans. ASSP 29(1), 1981; G. Heinzel, A. Ruediger and R. Schilling, Spectrum and
/// spectral density estimation by the DFT, 2002 (HFT70, HFT95, HFT248D); D. Slepian, Bell Syst. Tech. J.
/// 57(5), 1978 (DPSS). Names and coefficients are those of `scipy.signal.windows`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Window {
    /// Ones: every line falls on its bin or leaks far; exact amplitudes only of whole numbers of cycles.
    #[default]
    Boxcar,
    /// `0.5 - 0.5 cos`: the usual choice for noise and unknown signals.
    Hann,
    /// `0.54 - 0.46 cos`: a lower first side lobe, slower decay.
    Hamming,
    /// Three terms: side lobes below -58 dB.
    Blackman,
    /// Four terms: side lobes below -92 dB.
    BlackmanHarris,
    /// Four terms, Nuttall's minimum: side lobes below -93 dB.
    Nuttall,
    /// SciPy's flat top, five terms: amplitudes between bins to 0.0098 dB.
    FlatTop,
    /// Heinzel's flat top with side lobes below -70.4 dB.
    Hft70,
    /// Heinzel's flat top with side lobes below -95 dB.
    Hft95,
    /// Heinzel's flat top with side lobes below -248 dB: amplitudes between bins to 0.0009 dB.
    Hft248d,
    /// Cosine ramps over a share `taper` of the window, 0 (boxcar) to 1 (Hann), half of it at each end.
    Tukey {
        /// Share of the window that is ramps.
        taper: f64,
    },
    /// `I0(beta sqrt(1 - u^2)) / I0(beta)`: 0 is the boxcar, 14 has side lobes below -100 dB.
    Kaiser {
        /// Trade of width for side lobes, 0 to 700.
        beta: f64,
    },
    /// A Gaussian cut at the ends of the window.
    Gaussian {
        /// Standard deviation in samples.
        sigma: f64,
    },
    /// The first discrete prolate spheroidal sequence: the largest share of its energy within the band
    /// `half_bandwidth` bins to both sides.
    Dpss {
        /// Half the bandwidth in bins ("NW"), above 0.
        half_bandwidth: f64,
    },
}

impl Window {
    /// The window's `len` samples. Heinzel's windows have a mean of 1, all others a peak of 1.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a `len` of 0, [`InputError::OutOfRange`] for a parameter outside its range.
    pub fn samples(&self, len: usize) -> Result<Vec<f64>, SpectralError> {
        self.check()?;
        if len == 0 {
            return Err(InputError::TooFew { argument: "window", needed: 1, got: 0 }.into());
        }
        if let Self::Dpss { half_bandwidth: value } = *self
            && 2.0 * value > len as f64
        {
            let (argument, allowed) = ("half_bandwidth", "at most half the samples");
            return Err(InputError::OutOfRange { argument, value, allowed }.into());
        }
        Ok(match *self {
            Self::Tukey { taper } => from_shape(len, |u| tukey(u, taper)),
            Self::Kaiser { beta } => from_shape(len, |u| kaiser(u, beta)),
            Self::Gaussian { sigma } => {
                let widths = 0.5 * len as f64 / sigma;
                from_shape(len, |u| (-0.5 * (u * widths).powi(2)).exp())
            }
            Self::Dpss { half_bandwidth } => dpss::samples(len, half_bandwidth),
            _ => cosine_sum(len, self.coefficients()),
        })
    }

    /// Refuses a parameter outside its range.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`].
    pub fn check(&self) -> Result<(), InputError> {
        let refuse = |argument, value, allowed| Err(InputError::OutOfRange { argument, value, allowed });
        match *self {
            Self::Tukey { taper } if !(0.0..=1.0).contains(&taper) => refuse("taper", taper, "from 0 to 1"),
            Self::Kaiser { beta } if !(0.0..=700.0).contains(&beta) => refuse("beta", beta, "from 0 to 700"),
            Self::Gaussian { sigma } => check_positive("sigma", sigma).map(drop),
            Self::Dpss { half_bandwidth } => check_positive("half_bandwidth", half_bandwidth).map(drop),
            _ => Ok(()),
        }
    }

    /// `a_j` of a cosine sum.
    fn coefficients(&self) -> &'static [f64] {
        match self {
            Self::Hann => &[0.5, 0.5],
            Self::Hamming => &[0.54, 0.46],
            Self::Blackman => &[0.42, 0.5, 0.08],
            Self::BlackmanHarris => &[0.358_75, 0.488_29, 0.141_28, 0.011_68],
            Self::Nuttall => &[0.363_581_9, 0.489_177_5, 0.136_599_5, 0.010_641_1],
            Self::FlatTop => &[0.215_578_95, 0.416_631_58, 0.277_263_158, 0.083_578_947, 0.006_947_368],
            Self::Hft70 => &[1.0, 1.907_96, 1.073_49, 0.181_99],
            Self::Hft95 => &[1.0, 1.938_337_9, 1.304_520_2, 0.402_827_0, 0.035_066_5],
            Self::Hft248d => &[
                1.0,
                1.985_844_164_102,
                1.791_176_438_506,
                1.282_075_284_005,
                0.667_777_530_266,
                0.240_160_796_576,
                0.056_656_381_764,
                0.008_134_974_479,
                0.000_624_544_650,
                0.000_019_808_998,
                0.000_000_132_974,
            ],
            _ => &[1.0],
        }
    }
}

fn cosine_sum(len: usize, coefficients: &[f64]) -> Vec<f64> {
    let sample = |n: usize| {
        let terms = coefficients.iter().enumerate().map(|(order, coefficient)| {
            let sign = if order % 2 == 0 { 1.0 } else { -1.0 };
            sign * coefficient * (TAU * (order * n % len) as f64 / len as f64).cos()
        });
        // The small terms first: at the ends they cancel the large ones.
        terms.rev().sum()
    };
    (0..len).map(sample).collect()
}

/// Samples of a shape over -1 (sample 0) to 1 (one past the last).
fn from_shape(len: usize, shape: impl Fn(f64) -> f64) -> Vec<f64> {
    let middle = 0.5 * len as f64;
    (0..len).map(|n| shape((n as f64 - middle) / middle)).collect()
}

fn tukey(u: f64, taper: f64) -> f64 {
    let into_ramp = u.abs() - (1.0 - taper);
    if into_ramp <= 0.0 { 1.0 } else { 0.5 + 0.5 * (0.5 * TAU * into_ramp / taper).cos() }
}

fn kaiser(u: f64, beta: f64) -> f64 {
    bessel_i0(beta * (1.0 - u * u).max(0.0).sqrt()) / bessel_i0(beta)
}
