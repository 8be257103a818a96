//! Tables: text, arrays, Parquet and sound.

use super::{File, Made, Maker, documented};

/// With a header, and with everything that CSV allows.
pub(super) fn csv() -> Made<Vec<Vec<File>>> {
    const GAPS: &[u8] = b"year,sunspots\r\n\"1.5\",2\r\n2,\r\n3,nan\r\n5,1\r\n";
    Ok(vec![vec![years()?], vec![File::text("input.csv", GAPS)]])
}

pub(super) fn dates() -> Made<File> {
    Ok(File::text("input.csv", first_lines("data/co2_weekly.csv", 40)?))
}

/// Columns between spaces.
pub(super) fn spaced() -> Made<File> {
    Ok(File::text("input.txt", first_lines("data/sunspots_yearly.csv", 40)?.replace(',', " ")))
}

pub(super) fn cities() -> Made<File> {
    Ok(File::text("input.csv", first_lines("data/cities.csv", 60)?))
}

pub(super) fn years() -> Made<File> {
    Ok(File::text("input.csv", first_lines("data/sunspots_yearly.csv", 40)?))
}

pub(super) fn npy(maker: &Maker<'_>) -> Made<File> {
    let line = "smooth input.csv --x year --y sunspots --sigma 2 --out input.npy";
    Ok(File::binary("input.npy", maker.make_one(line, &years()?, "input.npy")?))
}

/// Of numbers, and of dates.
pub(super) fn parquet(maker: &Maker<'_>) -> Made<Vec<Vec<File>>> {
    let made = |line: &str, from: File| -> Made<Vec<File>> {
        let line = format!("smooth input.csv {line} --sigma 2 --out input.parquet");
        Ok(vec![File::binary("input.parquet", maker.make_one(&line, &from, "input.parquet")?)])
    };
    Ok(vec![made("--x year --y sunspots", years()?)?, made("--x date --y co2_ppm", dates()?)?])
}

/// Of one and two channels and integers of every length.
pub(super) fn sounds() -> Vec<Vec<File>> {
    [wav(1, 16), wav(2, 24), wav(1, 32)].map(|sound| vec![File::binary("input.wav", sound)]).to_vec()
}

/// An array of `<f8`.
pub(super) fn array(name: &'static str, shape: &[usize], values: &[f64]) -> File {
    let shape: String = shape.iter().map(|length| format!("{length}, ")).collect();
    let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape}), }}");
    let header = format!("{header:<117}\n");
    let values: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    File::binary(name, [b"\x93NUMPY\x01\x00\x76\x00", header.as_bytes(), &values].concat())
}

fn first_lines(path: &str, count: usize) -> Made<String> {
    Ok(documented(path)?.lines().take(count).flat_map(|line| [line, "\n"]).collect())
}

/// A ramp of 200 frames as integers.
fn wav(channels: u16, bits: u16) -> Vec<u8> {
    let frame = channels * bits / 8;
    let size = 200 * u32::from(frame);
    let data = (0..size).map(|index| index.to_le_bytes()[0]);
    let mut file =
        [b"RIFF".as_slice(), &(36 + size).to_le_bytes(), b"WAVEfmt ", &16_u32.to_le_bytes()].concat();
    file.extend([1_u16, channels].iter().flat_map(|word| word.to_le_bytes()));
    file.extend([8000_u32, 8000 * u32::from(frame)].iter().flat_map(|word| word.to_le_bytes()));
    file.extend([frame, bits].iter().flat_map(|word| word.to_le_bytes()));
    file.extend_from_slice(b"data");
    file.extend(size.to_le_bytes());
    file.extend(data);
    file
}
