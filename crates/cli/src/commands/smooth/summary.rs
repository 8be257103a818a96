//! What `hexad smooth` says about its work.

use std::fmt;

use serde::Serialize;

use super::{Samples, Smooth};
use crate::report::Written;
use crate::units::four_digits;

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary {
    n: usize,
    sigma: f64,
    spacing: &'static str,
    step: Option<f64>,
    method: &'static str,
    error_bound: f64,
    missing: usize,
    columns: Vec<ColumnSummary>,
    outputs: Vec<Written>,
}

#[derive(Debug, Serialize)]
struct ColumnSummary {
    name: String,
    missing: usize,
    error_bound: f64,
}

impl Summary {
    /// Totals over all columns: missing values add up, the worst error bound counts.
    pub fn new(samples: &Samples, smooth: &Smooth, outputs: Vec<Written>) -> Self {
        let found = samples.y.iter().zip(&smooth.columns);
        let columns: Vec<_> = found
            .map(|(y, found)| ColumnSummary {
                name: y.name.clone(),
                missing: found.missing,
                error_bound: found.error_bound,
            })
            .collect();
        Self {
            n: samples.x.values.len(),
            sigma: smooth.sigma,
            spacing: if smooth.step.is_some() { "uniform" } else { "irregular" },
            step: smooth.step,
            method: smooth.method,
            error_bound: columns.iter().map(|column| column.error_bound).fold(0.0, f64::max),
            missing: columns.iter().map(|column| column.missing).sum(),
            columns,
            outputs,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = self.step.map_or(String::new(), |step| format!(", step {}", four_digits(step)));
        writeln!(f, "samples  {} ({} spacing{step})", self.n, self.spacing)?;
        writeln!(f, "sigma    {}", four_digits(self.sigma))?;
        match self.error_bound {
            0.0 => writeln!(f, "method   {}, the sums themselves", self.method)?,
            bound => writeln!(f, "method   {}, error at most {bound:.0e} of max |y|", self.method)?,
        }
        for column in &self.columns {
            writeln!(f, "column   {}: {} missing", column.name, column.missing)?;
        }
        for output in &self.outputs {
            writeln!(f, "wrote    {}", output.path)?;
        }
        if self.outputs.is_empty() {
            writeln!(f, "nothing written; --out PATH or --out - writes the table, --plot PATH draws it")?;
        }
        Ok(())
    }
}
