//! What fills the grid: `[medium]` and `[[medium.regions]]`.

use std::ops::Range;

use hexad_core::ndarray::{ArrayD, Slice};
use hexad_pde_leapfrog::{Grid, Medium};

use super::axes::Axes;
use crate::error::Outcome;
use crate::keys::{Section, Value};
use crate::table::read_array;

/// A box with another medium; later ones lie over earlier ones.
pub struct Region<'a> {
    whole: Section<'a>,
    /// Its name in pictures.
    pub name: Option<String>,
    /// From where to where along each axis; `None`: all along it.
    pub ranges: Vec<Option<Range<f64>>>,
    speed: Option<f64>,
    density: Option<f64>,
}

/// Speed and density before they are cells.
pub struct Filling<'a> {
    speed: Quantity<'a>,
    density: Quantity<'a>,
    /// What lies over them.
    pub regions: Vec<Region<'a>>,
}

/// A medium, and the speed of the shortest waves.
pub struct Filled {
    /// For the library.
    pub medium: Medium,
    /// Of any cell.
    pub slowest: f64,
}

enum Quantity<'a> {
    Same(f64),
    File(Value<'a>),
}

impl<'a> Filling<'a> {
    /// Reads the section; files are not opened yet.
    pub fn of(mut section: Section<'a>, axes: &Axes) -> Outcome<Self> {
        let speed = Quantity::of(section.need("speed_m_s", "343.0, or \"speed.npy\"")?)?;
        let density = section.take("density_kg_m3").map_or(Ok(Quantity::Same(1.0)), Quantity::of)?;
        let regions = section
            .sections("regions")?
            .into_iter()
            .map(|region| Region::of(region, axes))
            .collect::<Outcome<_>>()?;
        section.finish()?;
        Ok(Self { speed, density, regions })
    }

    /// Whether each cell has numbers of its own.
    pub fn is_per_cell(&self) -> bool {
        let is_file = |quantity: &Quantity<'_>| matches!(quantity, Quantity::File(_));
        is_file(&self.speed) || is_file(&self.density) || !self.regions.is_empty()
    }

    /// The medium of `grid`.
    pub fn fill(&self, grid: &Grid, axes: &Axes, section: &Value<'_>) -> Outcome<Filled> {
        let refused = |error| section.fail(axes.explain(&error));
        if let (Quantity::Same(speed), Quantity::Same(density), []) =
            (&self.speed, &self.density, self.regions.as_slice())
        {
            let medium = Medium::constant(*speed, *density).map_err(refused)?;
            return Ok(Filled { medium, slowest: *speed });
        }
        let mut speed = self.speed.cells(grid, axes)?;
        let mut density = self.density.cells(grid, axes)?;
        for region in &self.regions {
            region.fill(grid, &mut speed, &mut density)?;
        }
        let medium = Medium::per_cell(speed.view(), density.view()).map_err(refused)?;
        Ok(Filled { medium, slowest: speed.iter().copied().fold(f64::MAX, f64::min) })
    }
}

impl<'a> Quantity<'a> {
    fn of(value: Value<'a>) -> Outcome<Self> {
        if value.is_text() { Ok(Self::File(value)) } else { Ok(Self::Same(value.positive()?)) }
    }

    fn cells(&self, grid: &Grid, axes: &Axes) -> Outcome<ArrayD<f64>> {
        match self {
            Self::Same(number) => Ok(ArrayD::from_elem(grid.cells(), *number)),
            Self::File(value) => shaped(value, grid.cells(), axes),
        }
    }
}

/// The array in the file that `value` names, if it has this shape.
pub fn shaped(value: &Value<'_>, shape: &[usize], axes: &Axes) -> Outcome<ArrayD<f64>> {
    let array = read_array(&value.path()?).map_err(|error| value.fail(error))?;
    if array.shape() == shape {
        return Ok(array);
    }
    let order = axes.names().join(", ");
    Err(value.fail(format!(
        "the array has the shape {:?}, but the grid needs {shape:?}, in the order {order}",
        array.shape()
    )))
}

impl<'a> Region<'a> {
    fn of(mut section: Section<'a>, axes: &Axes) -> Outcome<Self> {
        let name = section.take("name").map(|value| value.text().map(str::to_string)).transpose()?;
        let range = |axis: &&str| {
            let key = match *axis {
                "x" => "x_m",
                "y" => "y_m",
                _ => "z_m",
            };
            section.take(key).map(|value| value.range()).transpose()
        };
        let ranges: Vec<_> = axes.names().iter().map(range).collect::<Outcome<_>>()?;
        let speed = section.take("speed_m_s").map(|value| value.positive()).transpose()?;
        let density = section.take("density_kg_m3").map(|value| value.positive()).transpose()?;
        if speed.is_none() && density.is_none() {
            return Err(section.wrong("changes nothing; give it speed_m_s, density_kg_m3 or both"));
        }
        section.finish()?;
        Ok(Self { whole: section, name, ranges, speed, density })
    }

    /// Cells whose centres are inside get the region's numbers.
    fn fill(&self, grid: &Grid, speed: &mut ArrayD<f64>, density: &mut ArrayD<f64>) -> Outcome<()> {
        let slices: Vec<Slice> = (0..grid.dims()).map(|axis| self.cells(grid, axis)).collect();
        for (value, array) in [(self.speed, speed), (self.density, density)] {
            let mut inside = array.slice_each_axis_mut(|description| slices[description.axis.index()]);
            if inside.is_empty() {
                return Err(self
                    .whole
                    .wrong("holds the centre of no cell; make it wider, or the cells smaller"));
            }
            if let Some(value) = value {
                inside.fill(value);
            }
        }
        Ok(())
    }

    fn cells(&self, grid: &Grid, axis: usize) -> Slice {
        let Some(range) = &self.ranges[axis] else { return Slice::from(..) };
        let (origin, spacing, cells) = (grid.origin()[axis], grid.spacing(), grid.cells()[axis]);
        // The first cell whose centre is not below `place`, to the rounding of a product.
        let first = |place: f64| {
            let cell = ((place - origin) / spacing - 1e-9).ceil().clamp(0.0, cells as f64);
            #[expect(clippy::cast_possible_truncation, reason = "0 to the number of cells")]
            let cell = cell as isize;
            cell
        };
        Slice::from(first(range.start)..first(range.end))
    }
}
