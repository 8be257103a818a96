//! What is there at time 0: `[start]`.

use std::f64::consts::TAU;

use hexad_pde_leapfrog::{Fields, Functions, Model, PlaneWave, Start, WaveError};

use super::axes::Axes;
use super::medium::shaped;
use crate::error::Outcome;
use crate::keys::Section;

/// Pressure and velocity at time 0, and how the velocity gets to half a step.
pub struct Opening {
    shape: Shape,
    start: Start,
    /// The length of its waves, where it is known.
    pub wavelength: Option<f64>,
}

enum Shape {
    /// `amplitude exp(-d^2 / (2 sigma^2))`, d being the distance from the centre along the axes that it names.
    Gaussian { amplitude: f64, center: Vec<Option<f64>>, sigma: f64 },
    /// The product of `cos(k (x - low))` over the axes, at rest.
    Cosine { amplitude: f64, wave_vector: Vec<f64>, low: Vec<f64> },
    /// A travelling wave.
    Plane(PlaneWave),
    /// From files.
    Arrays(Fields),
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Gaussian,
    Cosine,
    Plane,
    File,
}

impl Opening {
    /// Reads the section.
    pub fn of(mut section: Section<'_>, model: &Model, axes: &Axes) -> Outcome<Self> {
        let shape = section.need("shape", "\"gaussian\", \"cosine\", \"plane wave\" or \"file\"")?;
        let kind = shape.choice(&[
            ("gaussian", Kind::Gaussian),
            ("cosine", Kind::Cosine),
            ("plane wave", Kind::Plane),
            ("file", Kind::File),
        ])?;
        let half_step = section.take("half_step");
        let start = half_step.as_ref().map_or(Ok(Start::default()), |value| {
            value.choice(&[
                ("taylor1", Start::Taylor1),
                ("taylor2", Start::Taylor2),
                ("exact", Start::Exact),
                ("naive", Start::Naive),
            ])
        })?;
        if let (Start::Exact, Kind::Gaussian | Kind::Cosine, Some(value)) = (start, kind, &half_step) {
            return Err(value.fail(
                "\"exact\" is for a plane wave, or for files with the velocity at dt / 2; use taylor2",
            ));
        }
        let (shape, wavelength) = match kind {
            Kind::Gaussian => gaussian(&mut section, axes)?,
            Kind::Cosine => cosine(&mut section, model, axes)?,
            Kind::Plane => plane(&mut section, model, axes)?,
            Kind::File => (arrays(&mut section, model, axes)?, None),
        };
        section.finish()?;
        Ok(Self { shape, start, wavelength })
    }

    /// The arrays to start from.
    pub fn fields(self, model: &Model, dt: f64) -> (Fields, Start) {
        let at_rest = |_: usize, _: &[f64], _: f64| 0.0;
        let fields = match self.shape {
            Shape::Arrays(fields) => fields,
            Shape::Plane(wave) => Fields::sample(model, dt, &wave, self.start),
            Shape::Gaussian { amplitude, center, sigma } => {
                let pressure = |x: &[f64], _: f64| {
                    let along = |(x, center): (&f64, &Option<f64>)| center.map_or(0.0, |c| (x - c).powi(2));
                    let squares: f64 = x.iter().zip(&center).map(along).sum();
                    amplitude * (-0.5 * squares / (sigma * sigma)).exp()
                };
                Fields::sample(model, dt, &Functions { pressure, velocity: at_rest }, self.start)
            }
            Shape::Cosine { amplitude, wave_vector, low } => {
                let pressure = |x: &[f64], _: f64| {
                    let along = |axis: usize| (wave_vector[axis] * (x[axis] - low[axis])).cos();
                    amplitude * (0..x.len()).map(along).product::<f64>()
                };
                Fields::sample(model, dt, &Functions { pressure, velocity: at_rest }, self.start)
            }
        };
        (fields, self.start)
    }
}

type Found = (Shape, Option<f64>);

fn amplitude(section: &mut Section<'_>) -> Outcome<f64> {
    section.take("amplitude_pa").map_or(Ok(1.0), |value| value.number())
}

fn gaussian(section: &mut Section<'_>, axes: &Axes) -> Outcome<Found> {
    let amplitude = amplitude(section)?;
    let center =
        axes.place(&section.need("center_m", "{ x = 1.0 }; where it has none, it goes all along")?)?;
    let sigma = section.need("sigma_m", "0.1")?.positive()?;
    Ok((Shape::Gaussian { amplitude, center, sigma }, Some(TAU * sigma)))
}

fn cosine(section: &mut Section<'_>, model: &Model, axes: &Axes) -> Outcome<Found> {
    let (wave_vector, wavelength) = wave_vector(section, model, axes)?;
    let low = (0..wave_vector.len()).map(|axis| model.grid().extent(axis).0).collect();
    Ok((Shape::Cosine { amplitude: amplitude(section)?, wave_vector, low }, wavelength))
}

fn plane(section: &mut Section<'_>, model: &Model, axes: &Axes) -> Outcome<Found> {
    let amplitude = amplitude(section)?;
    let phase = section.take("phase_rad").map_or(Ok(0.0), |value| value.number())?;
    let (wave_vector, wavelength) = wave_vector(section, model, axes)?;
    let wave = PlaneWave::continuous(model, amplitude, &wave_vector).map_err(|error| match error {
        WaveError::NotConstant => {
            section.fail("shape", "a plane wave needs a medium that is the same everywhere")
        }
        other => section.fail("periods", other),
    })?;
    let turn = |(axis, k): (usize, &f64)| k * model.grid().extent(axis).0;
    let offset: f64 = wave_vector.iter().enumerate().map(turn).sum();
    Ok((Shape::Plane(wave.with_phase(phase - offset)), wavelength))
}

/// From the periods along each axis, counted from the low end of the grid; and the wavelength.
fn wave_vector(section: &mut Section<'_>, model: &Model, axes: &Axes) -> Outcome<(Vec<f64>, Option<f64>)> {
    let periods = axes.place(&section.need("periods", "{ x = 2 }, over the length of the grid")?)?;
    let along = |(axis, periods): (usize, &Option<f64>)| {
        let (low, high) = model.grid().extent(axis);
        TAU * periods.unwrap_or(0.0) / (high - low)
    };
    let wave_vector: Vec<f64> = periods.iter().enumerate().map(along).collect();
    let size = wave_vector.iter().map(|k| k * k).sum::<f64>().sqrt();
    Ok((wave_vector, (size > 0.0).then(|| TAU / size)))
}

fn arrays(section: &mut Section<'_>, model: &Model, axes: &Axes) -> Outcome<Shape> {
    let mut fields = Fields::at_rest(model);
    let pressure = section.need("pressure", "\"pressure.npy\"")?;
    fields.pressure = shaped(&pressure, model.grid().cells(), axes)?;
    if let Some(mut velocity) = section.section("velocity")? {
        let files = axes.take(&mut velocity);
        velocity.finish()?;
        for (field, file) in fields.velocity.iter_mut().zip(files) {
            if let Some(file) = file {
                *field = shaped(&file, field.shape(), axes)?;
            }
        }
    }
    Ok(Shape::Arrays(fields))
}
