//! Errors over the spacing, and over time.

use hexad_pde_leapfrog::Study;

use super::history::History;
use super::judged::Judgement;
use super::setting::Setting;
use super::summary::at;
use crate::plot::{Axis, Figure, Panel, Series, Style};

/// Where the reference line runs, as a share of the error of the pressure on the finest grid: apart from it.
const BELOW: f64 = 0.5;

/// Errors over dx with the slope that they should have; the error on the coarsest grid over time.
pub fn figure(
    setting: &Setting,
    study: &Study,
    judgement: &Judgement,
    history: Option<History>,
) -> Figure<'static> {
    let mut panels = vec![errors(setting, study)];
    panels.extend(history.map(|history| over_time(setting, history)));
    let (dims, order) = (setting.dims, setting.order.number());
    let observed = format!("{:.2} of p, {:.2} of u", study.observed_order_p, study.observed_order_u);
    Figure {
        title: format!(
            "{} in {dims}-D, differences of order {order}, {} start: order {observed} ({})",
            setting.problem, setting.start, judgement.verdict
        ),
        x: Axis::log("dx", None),
        panels,
    }
}

fn errors(setting: &Setting, study: &Study) -> Panel<'static> {
    let curves = study.log_log();
    let reference: Vec<f64> = curves.reference.iter().map(|error| BELOW * error).collect();
    let slope = format!("slope {}", study.expected_order);
    let when = if at(setting) == "end" { "at the end" } else { "largest over time" };
    let series = vec![
        Series::new(slope, curves.dx.clone(), reference, Style::Reference),
        Series::new("pressure", curves.dx.clone(), curves.error_p, Style::Joined),
        Series::new("velocity", curves.dx, curves.error_u, Style::Data),
    ];
    Panel::new(Axis::log(format!("{} error, {when}", norm(setting)), None), series)
}

fn over_time(setting: &Setting, history: History) -> Panel<'static> {
    let label = format!("{} error on {} cells", norm(setting), history.cells);
    let series = vec![
        Series::new("velocity", history.time.clone(), history.error_u, Style::Curve),
        Series::new("pressure", history.time, history.error_p, Style::Result),
    ];
    Panel {
        x: Some(Axis::linear("time")),
        height: 260,
        has_headroom: true,
        ..Panel::new(Axis::linear(label), series)
    }
}

fn norm(setting: &Setting) -> String {
    if setting.norm == "max" { "largest".to_string() } else { setting.norm.to_uppercase() }
}
