//! Where a row stands in its file, as a message says it.

/// Where the rows of a table come from.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Places {
    /// A file of rows.
    #[default]
    Rows,
    /// A sound.
    Samples,
    /// A text.
    Lines(RowLines),
}

impl Places {
    /// The place of a row: `line 17`.
    pub fn of(&self, row: usize) -> String {
        match self {
            Places::Rows => format!("row {row} (counting from 0)"),
            Places::Samples => format!("sample {row}"),
            Places::Lines(lines) => format!("line {}", lines.get(row)),
        }
    }
}

/// The line of each row of a text, where most lines are rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RowLines {
    /// First row and its line, of each stretch of rows on neighbouring lines.
    stretches: Vec<(usize, u64)>,
}

impl RowLines {
    /// Adds row `row`, the one after the last, which stands on `line`.
    pub fn push(&mut self, row: usize, line: u64) {
        if self.stretches.is_empty() || self.get(row) != line {
            self.stretches.push((row, line));
        }
    }

    fn get(&self, row: usize) -> u64 {
        let after = self.stretches.partition_point(|(first, _)| *first <= row);
        let (first, line) = self.stretches[after.saturating_sub(1)];
        line + (row - first) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_keeps_its_line() {
        let lines = [2, 3, 4, 9, 10, 12, 20];
        let mut rows = RowLines::default();
        for (row, line) in lines.into_iter().enumerate() {
            rows.push(row, line);
        }
        assert_eq!(rows.stretches.len(), 4);
        for (row, line) in lines.into_iter().enumerate() {
            assert_eq!(Places::Lines(rows.clone()).of(row), format!("line {line}"));
        }
    }
}
