//! Weekly CO2 with weeks missing: the smooth, its standard error, and how fast it rises.
//!
//! `cargo run -p hexad-smoothing --example co2 [FILE]` reads rows of `YYYY-MM-DD,ppm`, of which the second may be empty;
//! without a file the record of the repository, and outside of it a made one.

use std::error::Error;
use std::path::{Path, PathBuf};

use hexad_smoothing::{Fit, SmoothOptions, Smoother};

/// One standard deviation of the kernel: the seasons are gone, the decades are not.
const SIGMA_DAYS: f64 = 365.25;

fn main() -> Result<(), Box<dyn Error>> {
    let (day, ppm) = match file() {
        Some(path) => read(&path)?,
        None => made(),
    };
    let options = SmoothOptions::default().with_fit(Fit::Linear);
    let plan = Smoother::new(&day, SIGMA_DAYS, &options)?;
    let smooth = plan.apply(&ppm)?;
    let error = plan.statistics(&ppm, None)?.standard_error;
    let slope = Smoother::new(&day, SIGMA_DAYS, &options.with_derivative(1))?.apply(&ppm)?;

    let missing = ppm.iter().filter(|value| value.is_nan()).count();
    println!("{} weeks, {missing} of them missing", ppm.len());
    println!("\n year     CO2 (ppm)         rise (ppm a year)");
    for index in (0..day.len()).step_by(261) {
        let year = 1970.0 + day[index] / 365.25;
        println!("{year:.1} {:9.2} +- {:.2} {:15.2}", smooth[index], error[index], 365.25 * slope[index]);
    }
    Ok(())
}

fn file() -> Option<PathBuf> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/data/co2_weekly.csv");
    std::env::args_os().nth(1).map(PathBuf::from).or_else(|| checkout.is_file().then_some(checkout))
}

/// Days from 1970 and values; NaN where there is none.
fn read(path: &Path) -> Result<(Vec<f64>, Vec<f64>), Box<dyn Error>> {
    let mut columns = (Vec::new(), Vec::new());
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    for line in text.lines().skip(1) {
        let (day, ppm) = row(line).ok_or_else(|| format!("a date and a number are needed, got {line:?}"))?;
        columns.0.push(day);
        columns.1.push(ppm);
    }
    Ok(columns)
}

fn row(line: &str) -> Option<(f64, f64)> {
    let (date, value) = line.split_once(',')?;
    let ppm = if value.is_empty() { f64::NAN } else { value.parse().ok()? };
    Some((days_from_1970(date)?, ppm))
}

/// In the Gregorian calendar, with years that begin in March.
fn days_from_1970(date: &str) -> Option<f64> {
    let parts: Vec<i32> = date.split('-').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let &[year, month, day] = parts.as_slice() else { return None };
    let year = if month < 3 { year - 1 } else { year };
    let leap_days = year / 4 - year / 100 + year / 400;
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(f64::from(365 * year + leap_days + in_year - 719_468))
}

/// Forty years that rise faster and faster, with seasons, noise, and every tenth week missing.
fn made() -> (Vec<f64>, Vec<f64>) {
    let value = |week: u32| {
        let year = f64::from(week) / 52.18;
        let noise = f64::from(week.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 23) - 1.0;
        let season = 3.0 * (std::f64::consts::TAU * year).sin();
        if week % 10 == 7 {
            f64::NAN
        } else {
            315.0 + 0.8 * year + 0.012 * year * year + season + 0.5 * noise
        }
    };
    (0..2080).map(|week| (7.0 * f64::from(week) - 4297.0, value(week))).unzip()
}
