//! Whole files of every kind that the program reads.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::workspace::root;

/// A kind of file and the command that reads it from `input.EXTENSION`.
pub(super) struct Target {
    pub name: &'static str,
    pub extension: &'static str,
    /// The command, split at spaces.
    pub line: &'static str,
    pub samples: Vec<Vec<u8>>,
}

/// All of them, their samples being small.
pub(super) fn targets(program: &Path, folder: &Path) -> Result<Vec<Target>, Box<dyn Error>> {
    let table = first_lines("docs/data/sunspots_yearly.csv", 40)?;
    let dates = first_lines("docs/data/co2_weekly.csv", 40)?;
    let points = first_lines("docs/data/cities.csv", 60)?;
    let made = |extension: &str| converted(program, folder, &table, extension);
    let of = |name, extension, line, samples| Target { name, extension, line, samples };
    Ok(vec![
        of(
            "csv",
            "csv",
            "smooth input.csv --x year --y sunspots --sigma 2",
            vec![table.clone(), GAPS.to_vec()],
        ),
        of("dates", "csv", "smooth input.csv --x date --y co2_ppm --sigma 30", vec![dates]),
        of("npy", "npy", "smooth input.npy --x 0 --y 1 --sigma 2", vec![made("npy")?]),
        of(
            "parquet",
            "parquet",
            "smooth input.parquet --x year --y sunspots_smooth --sigma 2",
            vec![made("parquet")?],
        ),
        of("wav", "wav", "spectrum input.wav --y 0", vec![wav(1, 16), wav(2, 24), wav(1, 32)]),
        of("points", "csv", "density input.csv --x longitude --y latitude --size 16", vec![points]),
        of("waves", "toml", "wave run input.toml", vec![WAVES.to_vec()]),
        of("network", "toml", "neuron network input.toml", vec![NETWORK.to_vec()]),
    ])
}

fn first_lines(path: &str, count: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let text = fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))?;
    Ok(text.lines().take(count).flat_map(|line| [line, "\n"]).collect::<String>().into_bytes())
}

/// A table as the program writes it in another format.
fn converted(
    program: &Path,
    folder: &Path,
    table: &[u8],
    extension: &str,
) -> Result<Vec<u8>, Box<dyn Error>> {
    fs::write(folder.join("table.csv"), table)?;
    let out = format!("table.{extension}");
    let mut command = Command::new(program);
    command
        .args([
            "smooth",
            "table.csv",
            "--x",
            "year",
            "--y",
            "sunspots",
            "--sigma",
            "2",
            "--quiet",
            "--out",
            &out,
        ])
        .current_dir(folder);
    if !command.status()?.success() {
        return Err(format!("the program did not write {out}").into());
    }
    Ok(fs::read(folder.join(out))?)
}

/// A ramp of 200 frames as integers.
fn wav(channels: u16, bits: u16) -> Vec<u8> {
    let frame = channels * bits / 8;
    let data: Vec<u8> = (0..200 * u32::from(frame)).map(|index| index.to_le_bytes()[0]).collect();
    let size = 200 * u32::from(frame);
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

const GAPS: &[u8] = b"year,sunspots\r\n\"1.5\",2\r\n2,\r\n3,nan\r\n5,1\r\n";

const WAVES: &[u8] = br#"title = "a model"
[grid]
cells = { x = 16, y = 12 }
spacing_m = 0.1
order = 4
precision = "f32"
[medium]
speed_m_s = 343.0
density_kg_m3 = 1.2
[[medium.regions]]
name = "screen"
x_m = [0.4, 0.6]
speed_m_s = 500.0
[sides]
x = ["rigid", "absorbing"]
y = "periodic"
[absorbing]
cells = 4
[time]
duration_s = 0.005
[[sources]]
position_m = { x = 1.0, y = 1.0 }
wavelet = "ricker"
peak_frequency_hz = 100.0
[[receivers]]
name = "ear"
position_m = { x = 1.2, y = 1.0 }
[snapshots]
every_steps = 10
"#;

const NETWORK: &[u8] = br#"title = "a network"
duration_ms = 5
dt_ms = 0.025
precision = "f64"
seed = 1
[model]
name = "classic"
e_l_mv = -54.387
[record]
neurons = [0, 3]
every_steps = 4
[[population]]
name = "one"
size = 5
input = { sources = 10, rate_hz = 400, weight_mv = 4, release = 1.0, until_ms = 4 }
[[population]]
name = "two"
size = 5
start = { v_mv = -65, m = 0.05, h = 0.6, n = 0.32 }
"#;
