//! The claims of hexad-correlate.

mod accuracy;
mod lags;
mod question;
mod symmetry;
mod trials;
mod verdicts;

use super::claim::System;

pub(crate) const SYSTEM: System = System {
    title: "Correlate",
    about: "Which of two signals leads, and by how much: the delay to a fraction of a sample, with an uncertainty \
            that covers, and a verdict that says when there is no delay to be found or another one is as likely. A \
            positive delay means that the second signal is late.",
    claims: &[
        ("some lags are those of all", lags::some_are_those_of_all),
        ("the question's lag axis", question::lag_axis),
        ("the question's 50 degrees", question::fifty_degrees),
        ("the question's 10 kHz over 5 s", question::ten_kilohertz),
        ("delay: spread over the Cramer-Rao bound", accuracy::spread),
        ("delay: bias", accuracy::bias),
        ("delay: uncertainties cover", accuracy::coverage),
        ("coherence predicts the spread", accuracy::predicted),
        ("a pulse between two samples", accuracy::pulse),
        ("unrelated signals have no delay", verdicts::none),
        ("a delay beyond the search is not clear", verdicts::edge),
        ("a reversed polarity is found", verdicts::polarity),
        ("exchanged signals, exactly opposite", symmetry::exchanged),
        ("gain and offset do not matter", symmetry::gain_and_offset),
    ],
};
