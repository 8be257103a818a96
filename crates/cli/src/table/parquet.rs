//! Parquet: flat columns of numbers, dates and times.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{DataType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnDescriptor;

use super::guard::{damaged, guarded};
use super::{CHUNK, Column, Role, Source};
use crate::error::{Failure, Outcome, quoted};

const MICROSECONDS_PER_DAY: f64 = 86_400e6;

struct ParquetSource {
    input: String,
    reader: SerializedFileReader<Bounded>,
    names: Vec<String>,
    rows: u64,
    selection: Vec<(usize, Meaning)>,
    next_group: usize,
    /// Readers of the selected columns of the group in hand, and how many of its rows are left.
    group: Vec<ColumnReader>,
    group_rows: usize,
}

/// A file whose end is an error: in a damaged one the library goes on to skip what is not there.
struct Bounded(File);

impl Length for Bounded {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl ChunkReader for Bounded {
    type T = BoundedRead;

    fn get_read(&self, start: u64) -> parquet::errors::Result<BoundedRead> {
        self.0.get_read(start).map(BoundedRead)
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        self.0.get_bytes(start, length)
    }
}

struct BoundedRead(BufReader<File>);

impl Read for BoundedRead {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self.0.read(bytes)? {
            0 if !bytes.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            count => Ok(count),
        }
    }
}

/// Opens a file at its first row group.
pub fn open(path: &Path) -> Outcome<Box<dyn Source>> {
    let input = path.display().to_string();
    let file = File::open(path).map_err(|error| Failure::io(path, "open", &error))?;
    let reader =
        guarded(&input, || SerializedFileReader::new(Bounded(file)).map_err(|error| damaged(&input, error)))?;
    let metadata = reader.metadata().file_metadata();
    let names = metadata.schema_descr().columns().iter().map(|column| column.path().string()).collect();
    let groups = reader.metadata().row_groups().iter();
    let rows = groups.map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).fold(0, u64::saturating_add);
    Ok(Box::new(ParquetSource {
        input,
        reader,
        names,
        rows,
        selection: Vec::new(),
        next_group: 0,
        group: Vec::new(),
        group_rows: 0,
    }))
}

impl Source for ParquetSource {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn rows(&self) -> Option<u64> {
        Some(self.rows)
    }

    fn select(&mut self, columns: &[(usize, Role)]) -> Outcome<()> {
        let schema = self.reader.metadata().file_metadata().schema_descr_ptr();
        for &(index, role) in columns {
            let descriptor = schema.column(index);
            let name = quoted(self.names[index].as_bytes());
            let meaning = Meaning::of(&descriptor).ok_or_else(|| {
                let kind = descriptor.physical_type();
                Failure::work(format!(
                    "{}: column {name} holds {kind} and not one number a row; convert it to a number, date or timestamp",
                    self.input
                ))
            })?;
            if meaning.is_time() && role != Role::Coordinate {
                return Err(Failure::work(format!(
                    "{}: column {name} holds dates and not numbers; only --x takes dates",
                    self.input
                )));
            }
            self.selection.push((index, meaning));
        }
        Ok(())
    }

    fn next_chunk(&mut self, columns: &mut [Column]) -> Outcome<bool> {
        while self.group_rows == 0 {
            if self.next_group == self.reader.num_row_groups() {
                return Ok(false);
            }
            self.open_group()?;
        }
        let rows = self.group_rows.min(CHUNK);
        let input = &self.input;
        for ((column, reader), &(_, meaning)) in columns.iter_mut().zip(&mut self.group).zip(&self.selection)
        {
            guarded(input, || {
                let before = column.values.len();
                read_column(reader, meaning, rows, &mut column.values)
                    .map_err(|error| damaged(input, error))?;
                match column.values.len() - before == rows {
                    true => Ok(()),
                    false => Err(damaged(input, "its columns differ in length")),
                }
            })?;
            column.dates = meaning.is_time();
        }
        self.group_rows -= rows;
        Ok(true)
    }
}

impl ParquetSource {
    /// Opens the next row group at its first row.
    fn open_group(&mut self) -> Outcome<()> {
        let damaged = |error: parquet::errors::ParquetError| damaged(&self.input, error);
        (self.group, self.group_rows) = guarded(&self.input, || {
            let group = self.reader.get_row_group(self.next_group).map_err(damaged)?;
            let rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
            let readers = self.selection.iter().map(|&(index, _)| group.get_column_reader(index));
            Ok((readers.collect::<Result<_, _>>().map_err(damaged)?, rows))
        })?;
        self.next_group += 1;
        Ok(())
    }
}

/// What the stored numbers of a column stand for.
#[derive(Clone, Copy, PartialEq)]
enum Meaning {
    Number,
    Unsigned,
    /// To be divided by this: decimals.
    Scaled(f64),
    /// Times since 1970-01-01, this many in a day.
    PerDay(f64),
    /// Julian day and nanoseconds.
    Julian,
}

impl Meaning {
    /// `None` for what is not one number per row.
    fn of(column: &ColumnDescriptor) -> Option<Self> {
        if column.max_rep_level() > 0 {
            return None;
        }
        let is_number = match column.physical_type() {
            Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY => return None,
            Type::INT96 => return Some(Meaning::Julian),
            Type::INT32 | Type::INT64 => false,
            Type::BOOLEAN | Type::FLOAT | Type::DOUBLE => true,
        };
        if is_number {
            return Some(Meaning::Number);
        }
        let decimal = || Meaning::Scaled(10_f64.powi(column.type_scale()));
        match (column.logical_type_ref(), column.converted_type()) {
            (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Some(Meaning::PerDay(1.0)),
            (Some(LogicalType::Timestamp(timestamp)), _) => Some(Meaning::PerDay(match timestamp.unit {
                TimeUnit::MILLIS => 86_400e3,
                TimeUnit::MICROS => 86_400e6,
                TimeUnit::NANOS => 86_400e9,
            })),
            (None, ConvertedType::TIMESTAMP_MILLIS) => Some(Meaning::PerDay(86_400e3)),
            (None, ConvertedType::TIMESTAMP_MICROS) => Some(Meaning::PerDay(86_400e6)),
            (_, ConvertedType::DECIMAL) => Some(decimal()),
            (
                _,
                ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64,
            ) => Some(Meaning::Unsigned),
            _ => Some(Meaning::Number),
        }
    }

    fn is_time(self) -> bool {
        matches!(self, Meaning::PerDay(_) | Meaning::Julian)
    }

    /// The number that a stored integer stands for.
    fn apply(self, stored: i64, unsigned: u64) -> f64 {
        match self {
            Meaning::Unsigned => unsigned as f64,
            Meaning::Scaled(scale) => stored as f64 / scale,
            Meaning::PerDay(per_day) => days(stored, per_day),
            Meaning::Number | Meaning::Julian => stored as f64,
        }
    }
}

/// Days in `count` units, whole days apart from the rest so that nothing is lost in the product.
fn days(count: i64, per_day: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "whole and at most 8.64e13")]
    let per_day_whole = per_day as i64;
    count.div_euclid(per_day_whole) as f64 + count.rem_euclid(per_day_whole) as f64 / per_day
}

fn read_column(
    reader: &mut ColumnReader,
    meaning: Meaning,
    rows: usize,
    out: &mut Vec<f64>,
) -> parquet::errors::Result<()> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => read_typed(reader, rows, out, |&v| f64::from(u8::from(v))),
        ColumnReader::Int32ColumnReader(reader) => {
            read_typed(reader, rows, out, |&v| meaning.apply(i64::from(v), u64::from(v.cast_unsigned())))
        }
        ColumnReader::Int64ColumnReader(reader) => {
            read_typed(reader, rows, out, |&v| meaning.apply(v, v.cast_unsigned()))
        }
        ColumnReader::Int96ColumnReader(reader) => {
            read_typed(reader, rows, out, |v| days(v.to_nanos(), 86_400e9))
        }
        ColumnReader::FloatColumnReader(reader) => read_typed(reader, rows, out, |&v| f64::from(v)),
        ColumnReader::DoubleColumnReader(reader) => read_typed(reader, rows, out, |&v| v),
        ColumnReader::ByteArrayColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => {
            Err(parquet::errors::ParquetError::General("a column changes its type".to_string()))
        }
    }
}

/// Appends the next values of a row group, NaN where null.
fn read_typed<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    out: &mut Vec<f64>,
    number: impl Fn(&T::T) -> f64,
) -> parquet::errors::Result<()> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let mut left = rows;
    while left > 0 {
        values.clear();
        levels.clear();
        let (records, _, _) = reader.read_records(left, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            break;
        }
        if levels.is_empty() || values.len() == records {
            out.extend(values.iter().map(&number));
        } else {
            // Nested optional groups count upwards: the value is there at the highest level only.
            let present = levels.iter().copied().max().unwrap_or(0);
            let mut present_values = values.iter();
            out.extend(levels.iter().map(|&level| {
                let value = if level == present { present_values.next() } else { None };
                value.map_or(f64::NAN, &number)
            }));
        }
        left -= records;
    }
    Ok(())
}

/// Writes the columns as required DOUBLE, dates as timestamps in microseconds, UTC.
pub fn write(columns: &[(&str, &[f64], bool)], out: &mut (dyn Write + Send)) -> parquet::errors::Result<()> {
    let mut groups = Groups::begin(columns, out)?;
    const GROUP: usize = 1 << 20;
    let rows = columns.first().map_or(0, |(_, values, _)| values.len());
    for start in (0..rows).step_by(GROUP) {
        let end = rows.min(start + GROUP);
        let part: Vec<_> =
            columns.iter().map(|(name, values, dates)| (*name, &values[start..end], *dates)).collect();
        groups.write(&part)?;
    }
    groups.finish()
}

/// A file that is written a group of rows at a time.
pub struct Groups<W: Write + Send> {
    writer: SerializedFileWriter<W>,
}

impl<W: Write + Send> Groups<W> {
    /// A file with the names and kinds of `columns`.
    pub fn begin(columns: &[(&str, &[f64], bool)], out: W) -> parquet::errors::Result<Self> {
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(out, schema(columns)?, Arc::new(properties))?;
        Ok(Self { writer })
    }

    /// Writes rows.
    pub fn write(&mut self, columns: &[(&str, &[f64], bool)]) -> parquet::errors::Result<()> {
        let mut group = self.writer.next_row_group()?;
        for (_, values, dates) in columns {
            let Some(mut column) = group.next_column()? else { break };
            if *dates {
                let moments: Vec<i64> = values.iter().map(|days| microseconds(*days)).collect();
                column.typed::<Int64Type>().write_batch(&moments, None, None)?;
            } else {
                column.typed::<DoubleType>().write_batch(values, None, None)?;
            }
            column.close()?;
        }
        group.close()?;
        Ok(())
    }

    /// Writes the end of the file.
    pub fn finish(self) -> parquet::errors::Result<()> {
        self.writer.close()?;
        Ok(())
    }
}

fn microseconds(days: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "saturates far outside any calendar")]
    let whole = (days * MICROSECONDS_PER_DAY).round() as i64;
    whole
}

fn schema(columns: &[(&str, &[f64], bool)]) -> parquet::errors::Result<Arc<parquet::schema::types::Type>> {
    use parquet::schema::types::Type as SchemaType;
    let fields = columns
        .iter()
        .map(|(name, _, dates)| {
            let physical = if *dates { Type::INT64 } else { Type::DOUBLE };
            let logical = dates.then(|| LogicalType::timestamp(true, TimeUnit::MICROS));
            let field = SchemaType::primitive_type_builder(name, physical)
                .with_repetition(parquet::basic::Repetition::REQUIRED)
                .with_logical_type(logical)
                .build()?;
            Ok(Arc::new(field))
        })
        .collect::<parquet::errors::Result<Vec<_>>>()?;
    Ok(Arc::new(SchemaType::group_type_builder("table").with_fields(fields).build()?))
}
