//! The claims of hexad-correlate.

mod accuracy;
mod lags;
mod question;
mod symmetry;
mod trials;
mod verdicts;

use super::claim::{Effort, Quick, System};

pub(crate) const SYSTEM: System = System {
    name: "correlate",
    title: "Correlate",
    question: "Which of two signals leads, by how much, and how sure is that?",
    usual: "The lag axis made by linspace is off by up to a sample; the mode called same halves the range that is \
            searched; a biased correlation pulls towards zero, so that 50 degrees read 47.86; and the \
            largest peak is believed where there is no delay at all.",
    about: "The delay to a fraction of a sample, with an uncertainty \
            that covers, and a verdict that says when there is no delay to be found or another one is as likely. A \
            positive delay means that the second signal is late.",
    claims: &[
        ("some lags are those of all", lags::some_are_those_of_all),
        ("the question's lag axis", question::lag_axis),
        ("the question's 50 degrees", question::fifty_degrees),
        ("the question's 10 kHz over 5 s", question::ten_kilohertz),
        ("delay: spread over the Cramer-Rao bound", || accuracy::spread(Effort::Full)),
        ("delay: bias", || accuracy::bias(Effort::Full)),
        ("delay: uncertainties cover", || accuracy::coverage(Effort::Full)),
        ("coherence predicts the spread", accuracy::predicted),
        ("a pulse between two samples", accuracy::pulse),
        ("unrelated signals have no delay", || verdicts::none(Effort::Full)),
        ("a delay beyond the search is not clear", verdicts::edge),
        ("a reversed polarity is found", verdicts::polarity),
        ("exchanged signals, exactly opposite", symmetry::exchanged),
        ("gain and offset do not matter", symmetry::gain_and_offset),
    ],
    quick: &[
        (
            "delay: spread over the Cramer-Rao bound",
            Quick::Less("2 cases of 6, 4,000 records each", || accuracy::spread(Effort::Quick)),
        ),
        ("delay: bias", Quick::Less("2 cases of 6, 4,000 records each", || accuracy::bias(Effort::Quick))),
        (
            "delay: uncertainties cover",
            Quick::Less("4 cases of 12, 4,000 records each", || accuracy::coverage(Effort::Quick)),
        ),
        (
            "unrelated signals have no delay",
            Quick::Less("3 kinds of 13, 4,000 pairs each", || verdicts::none(Effort::Quick)),
        ),
    ],
};
