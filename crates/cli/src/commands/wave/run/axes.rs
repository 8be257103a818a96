//! The axes of a model by name, in the order of its arrays.

use hexad_pde_leapfrog::WaveError;

use crate::error::{Failure, Outcome};
use crate::keys::{Section, Value};

/// Names of the axes, the slowest of an array first.
const ORDER: [&str; 3] = ["z", "y", "x"];

/// The axes that a model has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axes(Vec<&'static str>);

impl Axes {
    /// Those that a table such as `{ x = 300, y = 200 }` names, with their values.
    pub fn of<'a>(value: &Value<'a>) -> Outcome<(Self, Vec<Value<'a>>)> {
        let mut section = value.section()?;
        let named = ORDER.into_iter().filter_map(|name| Some((name, section.take(name)?)));
        let (names, values): (Vec<_>, Vec<_>) = named.unzip();
        section.finish()?;
        if names.is_empty() {
            return Err(value.fail("names no axis; one to three of x, y, z, such as { x = 300, y = 200 }"));
        }
        Ok((Self(names), values))
    }

    /// Their names.
    pub fn names(&self) -> &[&'static str] {
        &self.0
    }

    /// Values of a section by axis, where it has them.
    pub fn take<'a>(&self, section: &mut Section<'a>) -> Vec<Option<Value<'a>>> {
        self.0.iter().map(|name| section.take(name)).collect()
    }

    /// A place such as `{ x = 1.5, y = 0.7 }`; `None` along axes that it does not name.
    pub fn place(&self, value: &Value<'_>) -> Outcome<Vec<Option<f64>>> {
        let mut section = value.section()?;
        let values = self.take(&mut section);
        section.finish()?;
        let place: Vec<_> = values
            .iter()
            .map(|value| value.as_ref().map(Value::number).transpose())
            .collect::<Outcome<_>>()?;
        if place.iter().all(Option::is_none) {
            return Err(value.fail(format!("names no axis; there are {}", self.0.join(", "))));
        }
        Ok(place)
    }

    /// A place that names every axis.
    pub fn point(&self, value: &Value<'_>) -> Outcome<Vec<f64>> {
        let place = self.place(value)?;
        let missing = place.iter().zip(&self.0).find(|(coordinate, _)| coordinate.is_none());
        if let Some((_, name)) = missing {
            return Err(value.fail(format!("has no {name}; name every axis")));
        }
        Ok(place.into_iter().flatten().collect())
    }

    /// The library's refusal in the words of the file.
    pub fn explain(&self, error: &WaveError) -> String {
        let name = |axis: usize| self.0.get(axis).copied().unwrap_or("?");
        match error {
            WaveError::Outside { axis, low, high, .. } => {
                format!("is outside the grid: {} runs from {low} to {high}", name(*axis))
            }
            WaveError::TooFewCells { axis, cells, needed } => format!(
                "{} has {cells} cells, but its sides and the order need {needed}; use more cells, or thinner absorbing layers",
                name(*axis)
            ),
            WaveError::HalfPeriodic { axis } => {
                format!("{} is periodic at one end only; make both ends periodic, or neither", name(*axis))
            }
            WaveError::BlownUp { step, cell, value, .. } => {
                format!("the field blew up: the pressure is {value} at step {step}, cell {}", self.cell(cell))
            }
            WaveError::Medium { quantity, cell, value } => {
                format!("{quantity} must be finite and > 0, got {value} in cell {}", self.cell(cell))
            }
            other => other.to_string(),
        }
    }

    /// A cell by its indices, which count from 0.
    fn cell(&self, cell: &[usize]) -> String {
        let indices = self.0.iter().zip(cell).map(|(name, index)| format!("{name} = {index}"));
        format!("({})", indices.collect::<Vec<_>>().join(", "))
    }

    /// As [`Axes::explain`], with the file's name.
    pub fn refused(&self, file: &str, error: &WaveError) -> Failure {
        Failure::work(format!("{file}: {}", self.explain(error)))
    }
}
