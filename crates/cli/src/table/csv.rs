//! CSV out: numbers as the shortest text that reads back to the same f64.

use std::io::{BufWriter, Write};

use super::Table;
use crate::dates;

/// Writes a header and one line per row; coordinates as they were written in the input, dates as ISO text.
pub fn write(table: &Table, out: &mut dyn Write) -> std::io::Result<()> {
    write_header(table, out)?;
    write_rows(table, out)
}

/// Writes the names of the columns.
pub fn write_header(table: &Table, out: &mut dyn Write) -> std::io::Result<()> {
    let mut line = Vec::new();
    for (i, column) in table.columns.iter().enumerate() {
        separate(i, &mut line);
        push_field(column.name.as_bytes(), &mut line);
    }
    line.push(b'\n');
    out.write_all(&line)
}

/// Writes one line per row.
pub fn write_rows(table: &Table, out: &mut dyn Write) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut line = Vec::new();
    let mut number = zmij::Buffer::new();
    for row in 0..table.rows {
        line.clear();
        for (i, column) in table.columns.iter().enumerate() {
            separate(i, &mut line);
            let value = column.values[row];
            match &column.text {
                Some(text) => push_field(text.get(row), &mut line),
                None if column.dates => line.extend_from_slice(dates::format(value).as_bytes()),
                None => {
                    let text = number.format(value);
                    line.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
                }
            }
        }
        line.push(b'\n');
        out.write_all(&line)?;
    }
    out.flush()
}

fn separate(index: usize, line: &mut Vec<u8>) {
    if index > 0 {
        line.push(b',');
    }
}

/// In quotes where it must be.
fn push_field(field: &[u8], line: &mut Vec<u8>) {
    if !field.iter().any(|byte| b",\"\r\n#".contains(byte)) {
        return line.extend_from_slice(field);
    }
    line.push(b'"');
    for &byte in field {
        if byte == b'"' {
            line.push(b'"');
        }
        line.push(byte);
    }
    line.push(b'"');
}
