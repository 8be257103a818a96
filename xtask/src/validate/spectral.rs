//! The claims of hexad-spectral.

mod averages;
mod lines;
mod question;
mod scattered;
mod spectra;

use super::claim::System;

pub(crate) const SYSTEM: System = System {
    name: "spectral",
    title: "Spectral",
    question: "Which frequencies is a signal made of, how strong is each, and how few of them rebuild it?",
    usual: "The FFT is scaled by hand until a factor seems to fit (0.16 is 1 / (2 pi)); peaks are picked \
            where a pulse has none; a tone between two bins is read off the nearest, too low; and averages \
            come without an interval.",
    about: "Every line has an amplitude \
            in the unit of the signal, all of them give the signal back, and the fewest lines for an error are \
            found in one call. Samples at uneven times have their spectrum by least squares.",
    claims: &[
        ("the question's factor", question::factor),
        ("all lines give the signal back", question::exact),
        ("lines the question's pulse needs", question::lines_needed),
        ("no smaller set of lines would do", question::smallest_set),
        ("Parseval, even and odd lengths", spectra::parseval),
        ("sunspots: the 11-year line as a bin", spectra::sunspots),
        ("a tone between bins is one fitted line", lines::between_bins),
        ("fitted lines: uncertainties cover", lines::coverage),
        ("sunspots: the 11-year line, fitted", lines::sunspots),
        ("Heinzel's test: two tones", averages::tones),
        ("Heinzel's test: the noise floor", averages::noise_floor),
        ("Welch: intervals cover", averages::intervals),
        ("Welch: in pieces as a whole", averages::pieces),
        ("spectrum of a smoothed signal", spectra::smoothed),
        ("zoomed and single bins", spectra::few_bins),
        ("Lomb-Scargle, fast and direct", scattered::fast),
        ("Lomb-Scargle finds a tone in gaps", scattered::tone),
    ],
    quick: &[],
};
