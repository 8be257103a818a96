//! The values of a map as they are: row 0 at the bottom.

use std::io::{self, BufWriter, Write};

use npyz::WriterBuilder;

/// A line of text a row.
pub fn write_csv(values: &[f64], width: usize, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    let mut number = zmij::Buffer::new();
    let mut line = Vec::new();
    for row in values.chunks(width) {
        line.clear();
        for (column, value) in row.iter().enumerate() {
            if column > 0 {
                line.push(b',');
            }
            let text = number.format(*value);
            line.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
        }
        line.push(b'\n');
        out.write_all(&line)?;
    }
    out.flush()
}

/// A NumPy array of float64, height by width.
pub fn write_npy(values: &[f64], width: usize, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let shape = [(values.len() / width.max(1)) as u64, width as u64];
    let mut writer =
        npyz::WriteOptions::new().default_dtype().shape(&shape).writer(BufWriter::new(out)).begin_nd()?;
    writer.extend(values.iter().copied())?;
    writer.finish()
}
