//! NumPy arrays: a 1-D array is one column, a 2-D array one column per index of axis 1.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use npyz::{DType, Endianness, NpyHeader, Order, TypeChar, WriterBuilder};

use super::guard::{damaged, guarded};
use super::{CHUNK, Column, Role, Source};
use crate::error::{Failure, Outcome};

struct NpySource {
    input: String,
    file: BufReader<File>,
    element: Element,
    order: Order,
    names: Vec<String>,
    rows: usize,
    /// Byte at which the array begins.
    start: u64,
    selection: Vec<usize>,
    rows_read: usize,
}

/// Opens an array at its first row.
pub fn open(path: &Path) -> Outcome<Box<dyn Source>> {
    let input = path.display().to_string();
    let cannot = |doing, error| Failure::io(path, doing, &error);
    let mut file = BufReader::new(File::open(path).map_err(|error| cannot("open", error))?);
    let header =
        guarded(&input, || NpyHeader::from_reader(&mut file).map_err(|error| damaged(&input, error)))?;
    let start = file.stream_position().map_err(|error| cannot("read", error))?;
    let size = file.get_ref().metadata().map_err(|error| cannot("read", error))?.len();
    let element = Element::of_header(&input, &header)?;
    let (rows, columns) = match *header.shape() {
        [rows] => (rows, 1),
        [rows, columns] => (rows, columns),
        ref shape => {
            let axes = shape.len();
            return Err(Failure::work(format!("{input}: has {axes} axes; save a 1-D or 2-D array")));
        }
    };
    let needed = u128::from(rows) * u128::from(columns) * element.size as u128;
    if needed > u128::from(size - start.min(size)) {
        return Err(damaged(
            &input,
            format!("{rows} rows of {columns} need {needed} bytes, but {} follow the header", size - start),
        ));
    }
    let (Ok(rows), Ok(columns)) = (usize::try_from(rows), usize::try_from(columns)) else {
        return Err(damaged(&input, "its shape is too large"));
    };
    // An array without rows may claim any number of columns.
    let columns = if rows == 0 { 0 } else { columns };
    Ok(Box::new(NpySource {
        input,
        file,
        element,
        order: header.order(),
        names: (0..columns).map(|column| column.to_string()).collect(),
        rows,
        start,
        selection: Vec::new(),
        rows_read: 0,
    }))
}

impl NpySource {
    fn read_rows(&mut self, rows: usize, columns: &mut [Column]) -> std::io::Result<()> {
        let size = self.element.size;
        if self.order == Order::Fortran || self.names.len() == 1 {
            let mut bytes = vec![0; rows * size];
            for (column, &index) in columns.iter_mut().zip(&self.selection) {
                let offset = (index * self.rows + self.rows_read) * size;
                self.file.seek(SeekFrom::Start(self.start + offset as u64))?;
                self.file.read_exact(&mut bytes)?;
                column.values.extend(bytes.chunks_exact(size).map(|bytes| self.element.decode(bytes)));
            }
            return Ok(());
        }
        let row_size = self.names.len() * size;
        let mut bytes = vec![0; rows * row_size];
        self.file.read_exact(&mut bytes)?;
        for (column, &index) in columns.iter_mut().zip(&self.selection) {
            let fields = bytes.chunks_exact(row_size).map(|row| &row[index * size..][..size]);
            column.values.extend(fields.map(|bytes| self.element.decode(bytes)));
        }
        Ok(())
    }
}

impl Source for NpySource {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn rows(&self) -> Option<u64> {
        Some(self.rows as u64)
    }

    fn select(&mut self, columns: &[(usize, Role)]) -> Outcome<()> {
        self.selection = columns.iter().map(|&(index, _)| index).collect();
        Ok(())
    }

    fn next_chunk(&mut self, columns: &mut [Column]) -> Outcome<bool> {
        let rows = CHUNK.div_ceil(self.names.len().max(1)).min(self.rows - self.rows_read);
        self.read_rows(rows, columns)
            .map_err(|error| Failure::work(format!("{}: cannot read: {error}", self.input)))?;
        self.rows_read += rows;
        Ok(rows > 0)
    }
}

/// Writes the columns as a 2-D array of float64, one row per row.
pub fn write(columns: &[&[f64]], out: &mut dyn Write) -> std::io::Result<()> {
    let rows = columns.first().map_or(0, |column| column.len());
    let mut writer = npyz::WriteOptions::new()
        .default_dtype()
        .shape(&[rows as u64, columns.len() as u64])
        .writer(BufWriter::new(out))
        .begin_nd()?;
    for row in 0..rows {
        for column in columns {
            writer.push(&column[row])?;
        }
    }
    writer.finish()
}

/// How one number is stored.
#[derive(Clone, Copy)]
pub struct Element {
    kind: TypeChar,
    size: usize,
    is_big: bool,
}

impl Element {
    /// That of an array's header.
    pub fn of_header(input: &str, header: &NpyHeader) -> Outcome<Self> {
        Self::of(&header.dtype()).ok_or_else(|| {
            let kind = header.dtype().descr();
            Failure::work(format!(
                "{input}: holds {kind} and not numbers; save it as float64, float32 or integers"
            ))
        })
    }

    /// In bytes.
    pub fn size(self) -> usize {
        self.size
    }

    /// `None` where the elements are not real numbers of a known size.
    fn of(dtype: &DType) -> Option<Self> {
        let DType::Plain(plain) = dtype else { return None };
        let size = usize::try_from(plain.size_field()).ok()?;
        let is_known = match plain.type_char() {
            TypeChar::Float => matches!(size, 4 | 8),
            TypeChar::Int | TypeChar::Uint => matches!(size, 1 | 2 | 4 | 8),
            TypeChar::Bool => size == 1,
            _ => false,
        };
        let is_big = plain.endianness() == Endianness::Big;
        is_known.then_some(Self { kind: plain.type_char(), size, is_big })
    }

    /// The number that bytes are.
    pub fn decode(self, bytes: &[u8]) -> f64 {
        // The bytes from the most significant one on, as an integer.
        let fold = |bits: u64, &byte: &u8| bits << 8 | u64::from(byte);
        let bits = if self.is_big { bytes.iter().fold(0, fold) } else { bytes.iter().rev().fold(0, fold) };
        #[expect(clippy::cast_possible_truncation, reason = "the bits of 4 bytes")]
        let low = bits as u32;
        match (self.kind, self.size) {
            (TypeChar::Float, 4) => f64::from(f32::from_bits(low)),
            (TypeChar::Float, _) => f64::from_bits(bits),
            (TypeChar::Int, size) => {
                let unused = 64 - 8 * size;
                ((bits << unused) as i64 >> unused) as f64
            }
            _ => bits as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_kind_are_decoded() {
        let element = |kind, size, is_big| Element { kind, size, is_big };
        assert_eq!(element(TypeChar::Float, 8, false).decode(&1.5_f64.to_le_bytes()), 1.5);
        assert_eq!(element(TypeChar::Float, 8, true).decode(&1.5_f64.to_be_bytes()), 1.5);
        assert_eq!(element(TypeChar::Float, 4, true).decode(&0.1_f32.to_be_bytes()), f64::from(0.1_f32));
        assert_eq!(element(TypeChar::Int, 2, false).decode(&(-3_i16).to_le_bytes()), -3.0);
        assert_eq!(element(TypeChar::Int, 8, true).decode(&i64::MIN.to_be_bytes()), i64::MIN as f64);
        assert_eq!(element(TypeChar::Uint, 1, false).decode(&[200]), 200.0);
        assert_eq!(element(TypeChar::Bool, 1, false).decode(&[1]), 1.0);
    }
}
