//! What a study shows, and what to do where it shows nothing.

use hexad_pde_leapfrog::{Start, StepRule, Study, StudyRow, Verdict};

use super::setting::Setting;
use crate::units::four_digits;

/// How far an order may be off and still be the one expected.
const NEAR: f64 = 0.25;

/// A verdict with its reasons.
pub struct Judgement {
    /// Its name in reports.
    pub verdict: &'static str,
    /// In a sentence.
    pub note: String,
}

impl Judgement {
    /// Of the library's verdict, and of what the library cannot know.
    pub fn new(setting: &Setting, study: &Study) -> Self {
        let of = |verdict, note: String| Self { verdict, note };
        match study.verdict {
            Verdict::MagicStep => of(
                "magic-step",
                "at dt = dx in 1-D the scheme is exact, which proves nothing about its order; use a smaller --cfl"
                    .to_string(),
            ),
            Verdict::Rounding => of(
                "rounding",
                "the errors are at round-off level, which proves nothing about the order; use fewer --cells".to_string(),
            ),
            Verdict::Lower => of("lower", why_lower(setting, study)),
            Verdict::Higher => of("higher", why_higher(setting)),
            _ if hides_differences(setting) => of("time-only", time_only(setting)),
            _ => of("confirmed", confirmed(setting, study)),
        }
    }
}

/// The order of differences is asked for, and most of the error comes from steps.
fn hides_differences(setting: &Setting) -> bool {
    setting.options.step_rule == StepRule::Matched && setting.time_over_space() > 1.0
}

fn confirmed(setting: &Setting, study: &Study) -> String {
    let order = study.expected_order;
    let differences = setting.order.number() as f64;
    if order < differences {
        return format!(
            "both fields are of order {order}, that of the steps: those get finer with dx (--step-rule matched shows order {differences})"
        );
    }
    format!("both fields are of order {order}")
}

fn time_only(setting: &Setting) -> String {
    format!(
        "the error is that of the steps, {} times that of the differences, whose order stays unknown; use --cfl {} or less",
        four_digits(setting.time_over_space()),
        four_digits(setting.balance(setting.options.cells[0]).courant())
    )
}

fn why_lower(setting: &Setting, study: &Study) -> String {
    let what = match setting.options.start {
        Start::Naive if is_off(study.observed_order_p, study) => {
            "the naive start has the velocity half a step late and half a cell off; use --start exact, taylor1 or taylor2"
        }
        Start::Naive => {
            "the naive start has the velocity half a step late and half a cell off, which the pressure hides at the end of whole periods; use --start exact, taylor1 or taylor2"
        }
        _ if is_near(study, study.rows.last()) => {
            "the coarsest grids have too few cells for these waves; leave them out of --cells"
        }
        _ if is_near(study, study.rows.get(1)) => {
            "the errors of the finest grids stop falling near round-off; leave them out of --cells"
        }
        _ => "the grids have too few cells for these waves; use finer --cells, or a shorter --end-time",
    };
    what.to_string()
}

fn why_higher(setting: &Setting) -> String {
    let ratio = setting.time_over_space();
    let what = if (0.5..2.0).contains(&ratio) {
        "the errors of steps and differences cancel; use a smaller --cfl"
    } else {
        "the grids have too few cells for these waves; use finer --cells, or a shorter --end-time"
    };
    what.to_string()
}

/// Whether an order is lower than it should be.
fn is_off(order: f64, study: &Study) -> bool {
    order < study.expected_order - NEAR
}

/// Whether both orders of a row are the one expected.
fn is_near(study: &Study, row: Option<&StudyRow>) -> bool {
    let orders = row.map(|row| [row.order_p, row.order_u]).into_iter().flatten();
    orders.clone().count() > 0 && orders.flatten().all(|order| (order - study.expected_order).abs() < NEAR)
}
