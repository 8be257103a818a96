//! Rates over time as a table.

use std::path::Path;

use super::recording::{Group, Rates};
use crate::error::Outcome;
use crate::output::{self, Pending};
use crate::table::{self, Column, Format, Table};

/// Writes the rates, if they are asked for.
pub fn write(path: Option<&Path>, groups: &[Group], rates: &Rates) -> Outcome<Option<Pending>> {
    let Some(path) = path else { return Ok(None) };
    let format = Format::of_option("--rates", path)?;
    let table = rate_table(groups, rates);
    output::write(path, |file| table::write(&table, format, file)).map(Some)
}

fn rate_table(groups: &[Group], rates: &Rates) -> Table {
    let column = |name: String, values| Column { name, values, ..Column::default() };
    let mut columns = vec![column("t_ms".to_string(), rates.times_ms())];
    for (index, group) in groups.iter().enumerate() {
        let name = if group.name.is_empty() { "rate_hz".to_string() } else { format!("{}_hz", group.name) };
        columns.push(column(name, rates.rates_hz(index)));
    }
    Table::from(columns)
}
