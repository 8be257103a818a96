//! What `hexad wave converge` says about its work.

use std::fmt;

use hexad_pde_leapfrog::{ErrorTime, StepRule, Study};
use serde::Serialize;

use super::judged::Judgement;
use super::setting::Setting;
use crate::args::wave::converge::ErrorKind;
use crate::report::{Written, write_table};
use crate::units::four_digits;

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary {
    problem: String,
    dims: usize,
    order: usize,
    start: String,
    end_time: f64,
    cfl: f64,
    step_rule: &'static str,
    error_by: &'static str,
    norm: String,
    at: &'static str,
    rows: Vec<Row>,
    observed_order_p: Option<f64>,
    observed_order_u: Option<f64>,
    expected_order: f64,
    /// Error of the steps over that of the differences, on the coarsest grid.
    time_over_space: f64,
    verdict: &'static str,
    note: String,
    outputs: Vec<Written>,
}

/// One grid.
#[derive(Debug, Serialize)]
struct Row {
    cells: usize,
    dx: f64,
    dt: f64,
    steps: u64,
    error_p: f64,
    error_u: f64,
    order_p: Option<f64>,
    order_u: Option<f64>,
}

impl Summary {
    /// What was run and found.
    pub fn new(setting: &Setting, study: &Study, judgement: Judgement, outputs: Vec<Written>) -> Self {
        let rows = study.rows.iter().map(|row| Row {
            cells: row.cells,
            dx: row.dx,
            dt: row.dt,
            steps: row.steps,
            error_p: row.error_p.get(study.norm),
            error_u: row.error_u.get(study.norm),
            order_p: row.order_p.filter(|order| order.is_finite()),
            order_u: row.order_u.filter(|order| order.is_finite()),
        });
        Self {
            problem: setting.problem.clone(),
            dims: setting.dims,
            order: setting.order.number(),
            start: setting.start.clone(),
            end_time: setting.options.end_time,
            cfl: setting.options.courant,
            step_rule: match setting.options.step_rule {
                StepRule::Courant => "courant",
                StepRule::Matched => "matched",
            },
            error_by: match setting.error_by {
                ErrorKind::Exact => "exact",
                ErrorKind::Richardson => "richardson",
            },
            norm: setting.norm.clone(),
            at: at(setting),
            rows: rows.collect(),
            observed_order_p: Some(study.observed_order_p).filter(|order| order.is_finite()),
            observed_order_u: Some(study.observed_order_u).filter(|order| order.is_finite()),
            expected_order: study.expected_order,
            time_over_space: setting.time_over_space(),
            verdict: judgement.verdict,
            note: judgement.note,
            outputs,
        }
    }
}

/// Which errors count, by the words of `--at`.
pub fn at(setting: &Setting) -> &'static str {
    match setting.options.error_time {
        ErrorTime::Largest => "largest",
        ErrorTime::End => "end",
    }
}

impl Row {
    fn cells(&self) -> [String; 8] {
        let order = |order: Option<f64>| order.map_or("-".to_string(), |order| format!("{order:.3}"));
        [
            self.cells.to_string(),
            four_digits(self.dx),
            four_digits(self.dt),
            self.steps.to_string(),
            format!("{:.3e}", self.error_p),
            order(self.order_p),
            format!("{:.3e}", self.error_u),
            order(self.order_u),
        ]
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { problem, dims, order, start, .. } = self;
        writeln!(f, "problem  {problem} in {dims}-D, order {order}, {start} start, until {}", self.end_time)?;
        let per_step =
            if self.step_rule == "matched" { " on the coarsest grid, dt as dx^(order/2)" } else { "" };
        writeln!(f, "steps    dt / dx at most {}{per_step}", four_digits(self.cfl))?;
        let norm = if self.norm == "max" { "largest" } else { &self.norm.to_uppercase() };
        let when = if self.at == "end" { "at the end" } else { "the largest over time" };
        let against = if self.error_by == "exact" { "" } else { ", against the next finer grid" };
        writeln!(f, "errors   {norm} norm, {when}{against}")?;
        let heads =
            ["cells", "dx", "dt", "steps", "error p", "order", "error u", "order"].map(str::to_string);
        let rows: Vec<_> = std::iter::once(heads).chain(self.rows.iter().map(Row::cells)).collect();
        write_table(f, &rows)?;
        let digits = |order: Option<f64>| order.map_or("none".to_string(), |order| format!("{order:.3}"));
        let (p, u) = (digits(self.observed_order_p), digits(self.observed_order_u));
        writeln!(f, "order    {p} of p, {u} of u; {} expected", self.expected_order)?;
        writeln!(f, "verdict  {}: {}", self.verdict, self.note)?;
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote    {}", output.path))
    }
}
