//! Models.

use hexad_pde_leapfrog::{
    Absorbing, Clock, Grid, Medium, Model, Order, Side, Simulation, Source, WaveError, Wavelet,
};
use numpy::{PyReadonlyArray1, PyReadonlyArrayDyn};
use pyo3::{FromPyObject, PyResult, pyclass, pymethods};

use crate::arrays::column;
use crate::named::{Named, named};
use crate::run::refused;

/// What `hexad.waves.Model` hands over.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked<'py> {
    shape: Vec<usize>,
    spacing: f64,
    origin: Vec<f64>,
    medium: AskedMedium<'py>,
    sides: Vec<[AskedSide; 2]>,
    order: usize,
    sources: Vec<AskedSource<'py>>,
    receivers: Vec<Vec<f64>>,
}

/// Speed and density.
#[derive(FromPyObject)]
enum AskedMedium<'py> {
    Constant(f64, f64),
    PerCell(PyReadonlyArrayDyn<'py, f64>, PyReadonlyArrayDyn<'py, f64>),
}

impl AskedMedium<'_> {
    fn medium(&self) -> Result<Medium, WaveError> {
        match self {
            Self::Constant(speed, density) => Medium::constant(*speed, *density),
            Self::PerCell(speed, density) => Medium::per_cell(speed.as_array(), density.as_array()),
        }
    }
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct AskedSide {
    kind: String,
    cells: usize,
    reflection: f64,
    power: f64,
    stretch: f64,
    shift_frequency: f64,
}

/// None stands for the layer that was asked for.
const SIDES: Named<Option<Side>> = &[
    ("periodic", Some(Side::Periodic)),
    ("rigid", Some(Side::Rigid)),
    ("pressure_release", Some(Side::PressureRelease)),
    ("absorbing", None),
];

impl AskedSide {
    fn side(&self) -> PyResult<Side> {
        let layer = Absorbing::default()
            .with_cells(self.cells)
            .with_reflection(self.reflection)
            .with_power(self.power)
            .with_stretch(self.stretch)
            .with_shift_frequency(self.shift_frequency);
        Ok(named("sides", SIDES, &self.kind)?.unwrap_or(Side::Absorbing(layer)))
    }
}

/// A position, None along the axes that the source goes along, and its wavelet: `width` is a peak frequency, a
/// standard deviation or a time step.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct AskedSource<'py> {
    position: Vec<Option<f64>>,
    wavelet: String,
    amplitude: f64,
    width: f64,
    delay: f64,
    values: Option<PyReadonlyArray1<'py, f64>>,
}

impl AskedSource<'_> {
    fn source(&self) -> PyResult<Source> {
        let Self { amplitude, width, delay, .. } = *self;
        let wavelet = match (&self.values, self.wavelet.as_str()) {
            (Some(values), _) => Wavelet::Table { step: width, values: column(values)?.to_vec() },
            (None, "gaussian") => Wavelet::Gaussian { amplitude, sigma: width, delay },
            (None, _) => Wavelet::Ricker { amplitude, peak_frequency: width, delay },
        };
        Source::through(&self.position, wavelet).map_err(refused)
    }
}

/// A model, checked.
#[pyclass(frozen)]
pub(crate) struct WaveModel {
    pub(crate) model: Model,
}

#[pymethods]
impl WaveModel {
    #[new]
    fn new(asked: Asked<'_>) -> PyResult<Self> {
        let grid = Grid::new(&asked.shape, asked.spacing).and_then(|grid| grid.with_origin(&asked.origin));
        let mut sides = Vec::with_capacity(asked.sides.len());
        for [low, high] in &asked.sides {
            sides.push([low.side()?, high.side()?]);
        }
        let order = Order::try_from(asked.order).map_err(refused)?;
        let medium = asked.medium.medium().map_err(refused)?;
        let mut model = Model::new(grid.map_err(refused)?, medium, &sides, order).map_err(refused)?;
        for source in &asked.sources {
            model = model.with_source(source.source()?).map_err(refused)?;
        }
        for position in &asked.receivers {
            model = model.with_receiver(position).map_err(refused)?;
        }
        Ok(Self { model })
    }

    fn largest_stable_dt(&self) -> f64 {
        self.model.largest_stable_dt()
    }

    fn largest_speed(&self) -> f64 {
        self.model.medium().largest_speed()
    }

    /// Bytes that a run needs.
    fn memory_bytes(&self, single: bool) -> PyResult<u64> {
        let bytes = if single {
            Simulation::<f32>::memory_bytes(&self.model)
        } else {
            Simulation::<f64>::memory_bytes(&self.model)
        };
        bytes.map_err(refused)
    }

    /// The fewest steps of at most `dt` until `duration`, and their length.
    #[staticmethod]
    fn clock(duration: f64, dt: f64) -> PyResult<(f64, u64)> {
        let clock = Clock::until(duration, dt).map_err(refused)?;
        Ok((clock.dt(), clock.steps()))
    }

    /// Angular frequency of a plane wave on the grid.
    fn discrete_angular_frequency(&self, dt: f64, wave_vector: Vec<f64>) -> PyResult<f64> {
        self.model.discrete_angular_frequency(dt, &wave_vector).map_err(refused)
    }
}
