//! The real records of `docs/data`.

use std::error::Error;

use crate::workspace::root;

/// A series with its time axis; missing values are NaN.
pub(crate) struct Record {
    pub time: Vec<f64>,
    pub value: Vec<f64>,
}

/// Weekly CO2 at Mauna Loa, 1958 to 2001, ppm over days since 1970-01-01; 59 weeks are missing.
pub(crate) fn co2() -> Result<Record, Box<dyn Error>> {
    read("co2_weekly.csv", days)
}

/// Quarterly NINO3 sea-surface temperature anomaly, degrees C over years.
pub(crate) fn nino3() -> Result<Record, Box<dyn Error>> {
    read("nino3_sst.csv", |year| year.parse().ok())
}

/// Yearly sunspot numbers, 1700 to 2008, over years.
pub(crate) fn sunspots() -> Result<Record, Box<dyn Error>> {
    read("sunspots_yearly.csv", |year| year.parse().ok())
}

/// Longitude, latitude and population of cities of 15,000 people and more (GeoNames, CC BY 4.0).
pub(crate) fn cities() -> Result<[Vec<f64>; 3], Box<dyn Error>> {
    let path = root().join("docs/data/cities.csv");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut columns = [Vec::new(), Vec::new(), Vec::new()];
    for line in text.lines().skip(1) {
        let fields = line.split(',').chain(std::iter::repeat(""));
        for (column, field) in columns.iter_mut().zip(fields) {
            column
                .push(field.parse().map_err(|_| format!("cities.csv: {field:?} in {line:?} is no number"))?);
        }
    }
    Ok(columns)
}

fn read(name: &str, time: impl Fn(&str) -> Option<f64>) -> Result<Record, Box<dyn Error>> {
    let path = root().join("docs/data").join(name);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut record = Record { time: Vec::new(), value: Vec::new() };
    for line in text.lines().skip(1) {
        let (first, second) = line.split_once(',').ok_or_else(|| format!("{name}: no comma in {line:?}"))?;
        record.time.push(time(first).ok_or_else(|| format!("{name}: {first:?} is not a time"))?);
        record.value.push(if second.is_empty() { f64::NAN } else { second.parse()? });
    }
    Ok(record)
}

/// Days from 1970-01-01 to an ISO date of the Gregorian calendar (H. Hinnant 2013, `days_from_civil`):
/// years run from March, so that the leap day comes last.
fn days(date: &str) -> Option<f64> {
    let mut parts = date.split('-').map(str::parse::<i32>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(f64::from(365 * year + leap_days + day_of_year - 719_468))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(days("1970-01-01"), Some(0.0));
        assert_eq!(days("2000-03-01"), Some(11_017.0));
        assert_eq!(days("1958-03-29"), Some(-4296.0));
        assert_eq!(days("1958-03"), None);
    }

    #[test]
    fn records_are_whole() {
        let (co2, nino3) = (co2().unwrap(), nino3().unwrap());
        assert_eq!(co2.value.iter().filter(|value| value.is_nan()).count(), 59);
        assert!(co2.time.windows(2).all(|pair| pair[1] - pair[0] == 7.0));
        assert_eq!(nino3.time.len(), 264);
        assert_eq!(cities().unwrap().map(|column| column.len()), [34_006; 3]);
    }
}
