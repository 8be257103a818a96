//! The columns asked for, some rows at a time.

use super::{Column, Gaps, Input, Places, Request, Role, SAMPLE_ADVICE, Source, TextColumn, find, open};
use crate::error::{Failure, Outcome, quoted};

/// A table that is read a piece at a time; what was read can be forgotten.
pub struct Chunks {
    input: String,
    source: Box<dyn Source>,
    roles: Vec<Role>,
    columns: Vec<Column>,
    rows: usize,
}

impl Chunks {
    /// Opens a table at its first row.
    pub fn open(input: &Input, requests: &[Request], keep_text: bool) -> Outcome<Self> {
        let name = input.name();
        let mut source = open(input)?;
        let find = |request: &Request| Ok((find(&name, source.names(), request)?, request.role));
        let selection = requests.iter().map(find).collect::<Outcome<Vec<_>>>()?;
        source.select(&selection)?;
        let keep_text = keep_text && source.is_text();
        let column = |&(index, role): &(usize, Role)| Column {
            name: source.names()[index].clone(),
            text: (keep_text && role == Role::Coordinate).then(TextColumn::default),
            ..Column::default()
        };
        let columns = selection.iter().map(column).collect();
        let roles = requests.iter().map(|request| request.role).collect();
        Ok(Self { input: name, source, roles, columns, rows: 0 })
    }

    /// Number of rows, or a guess; `None` where the end is unknown.
    pub fn expected_rows(&self) -> Option<u64> {
        self.source.rows()
    }

    /// Rows read so far.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Appends the next rows to the columns; `false` at the end, an error where there were none at all.
    pub fn read_more(&mut self) -> Outcome<bool> {
        let before = self.held();
        if !self.source.next_chunk(&mut self.columns)? {
            return match self.rows {
                0 => Err(Failure::work(format!(
                    "{}: holds no rows of data; check that it is the right file",
                    self.input
                ))),
                _ => Ok(false),
            };
        }
        for (column, &role) in self.columns.iter().zip(&self.roles) {
            self.check_values(column, role, before)?;
        }
        self.rows += self.held() - before;
        Ok(true)
    }

    /// The columns of the rows read and not forgotten.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The same, for those who take the values with them.
    pub fn columns_mut(&mut self) -> &mut [Column] {
        &mut self.columns
    }

    /// Forgets the values read so far.
    pub fn forget(&mut self) {
        self.columns.iter_mut().for_each(|column| column.values.clear());
    }

    /// The columns of the rows not forgotten, for good.
    pub fn into_columns(self) -> Vec<Column> {
        self.columns
    }

    /// Where the rows read so far stand.
    pub fn places(&self) -> Places {
        self.source.places()
    }

    /// Samples a second, if the file tells.
    pub fn sample_rate_hz(&self) -> Option<f64> {
        self.source.sample_rate_hz()
    }

    fn held(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }

    /// Refuses the first value that the role does not allow, from the `start`th held on.
    fn check_values(&self, column: &Column, role: Role, start: usize) -> Outcome<()> {
        let allowed = |value: &f64| match role {
            Role::Coordinate | Role::Sample | Role::Value(Gaps::Refused) => value.is_finite(),
            Role::Value(_) => true,
            Role::Weight => value.is_finite() && *value >= 0.0,
        };
        let new = &column.values[start..];
        let Some(row) = new.iter().position(|value| !allowed(value)) else { return Ok(()) };
        let value = if new[row].is_nan() { "a missing value".to_string() } else { new[row].to_string() };
        let advice = match role {
            Role::Coordinate => "every row needs a finite coordinate",
            Role::Value(_) => "--nan skip leaves such rows out",
            Role::Sample => SAMPLE_ADVICE,
            Role::Weight => "a weight must be finite and >= 0",
        };
        let place = self.places().of(self.rows + row);
        Err(Failure::work(format!(
            "{}: {place}, column {}: {value} cannot be used ({advice})",
            self.input,
            quoted(column.name.as_bytes())
        )))
    }
}
