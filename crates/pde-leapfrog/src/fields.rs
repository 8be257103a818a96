//! Fields as arrays, in and out.

use hexad_core::check_finite;
use hexad_core::ndarray::{ArrayD, Dimension, IxDyn};

use crate::arrays::{self, Arrays};
use crate::equations::Equations;
use crate::real::Real;
use crate::start::half_step;
use crate::{Model, Solution, Start, WaveError};

/// Pressure and velocity to start from.
///
/// Pressure has the shape of the grid. The velocity along an axis has as many faces along that axis as there are
/// cells if it is periodic (face j is between cells j and j + 1), and one more between walls (face 0 is the low
/// wall).
#[derive(Debug, Clone, PartialEq)]
pub struct Fields {
    /// Of all cells.
    pub pressure: ArrayD<f64>,
    /// Along each axis, on its faces.
    pub velocity: Vec<ArrayD<f64>>,
}

impl Fields {
    /// Nothing moves.
    #[must_use]
    pub fn at_rest(model: &Model) -> Self {
        let dims = model.grid().dims();
        Self {
            pressure: ArrayD::zeros(shape(model, None)),
            velocity: (0..dims).map(|axis| ArrayD::zeros(shape(model, Some(axis)))).collect(),
        }
    }

    /// What `start` needs of a solution: the pressure at time 0; the velocity at time 0, at dt / 2 for
    /// [`Start::Exact`], and at the centres for [`Start::Naive`].
    #[must_use]
    pub fn sample(model: &Model, dt: f64, solution: &dyn Solution, start: Start) -> Self {
        let time = if start == Start::Exact { 0.5 * dt } else { 0.0 };
        let offset = if start == Start::Naive { 0.0 } else { 0.5 };
        let mut fields = Self::at_rest(model);
        for (cell, value) in fields.pressure.indexed_iter_mut() {
            *value = solution.pressure(&position(model, None, 0.0, cell.slice()), 0.0);
        }
        for (axis, velocity) in fields.velocity.iter_mut().enumerate() {
            for (face, value) in velocity.indexed_iter_mut() {
                let place = position(model, Some(axis), offset, face.slice());
                *value = solution.velocity(axis, &place, time);
            }
        }
        fields
    }
}

/// Coordinates of the cell or face with these indices in an array, `offset` cells on along `axis`.
pub(crate) fn position(model: &Model, axis: Option<usize>, offset: f64, indices: &[usize]) -> Vec<f64> {
    let place = |other: usize, index: usize| {
        let mut place = index as f64;
        if Some(other) == axis {
            place += offset + model.ends(other).faces().start as f64;
        }
        model.grid().coordinate(other, place)
    };
    indices.iter().enumerate().map(|(other, index)| place(other, *index)).collect()
}

/// The fields half a step on in the velocity, as flat arrays on the axes of the layout.
pub(crate) fn at_half_step(
    equations: Equations<'_>,
    fields: &Fields,
    start: Start,
) -> Result<Arrays<f64>, WaveError> {
    let model = equations.model;
    let mut arrays = Arrays::new(equations);
    arrays.pressure = flat("pressure", &fields.pressure, &shape(model, None))?;
    hexad_core::check_length("velocity", fields.velocity.len(), model.grid().dims())?;
    for (axis, velocity) in fields.velocity.iter().enumerate() {
        let layout_axis = layout_axis(model, axis)?;
        arrays.velocity[layout_axis] = flat("velocity", velocity, &shape(model, Some(axis)))?;
        for face in arrays.faces(layout_axis) {
            if !arrays.moves(layout_axis, face) {
                *arrays.velocity_mut(layout_axis, face) = 0.0;
            }
        }
    }
    half_step(equations, start, &mut arrays);
    Ok(arrays)
}

fn flat(argument: &'static str, array: &ArrayD<f64>, shape: &[usize]) -> Result<Vec<f64>, WaveError> {
    if array.shape() != shape {
        let (expected, got) = (shape.to_vec(), array.shape().to_vec());
        return Err(WaveError::Shape { argument, expected, got });
    }
    let values: Vec<f64> = array.iter().copied().collect();
    check_finite(argument, &values)?;
    Ok(values)
}

/// Shape of the pressure, or of the velocity along an axis.
pub(crate) fn shape(model: &Model, axis: Option<usize>) -> Vec<usize> {
    let mut shape = model.grid().cells().to_vec();
    if let Some(axis) = axis {
        shape[axis] = model.ends(axis).faces().len();
    }
    shape
}

/// An array of the pressure, or of the velocity along an axis, from its numbers in row-major order.
pub(crate) fn array<T: Real>(
    model: &Model,
    axis: Option<usize>,
    values: Vec<T>,
) -> Result<ArrayD<T>, WaveError> {
    let (shape, got) = (shape(model, axis), values.len());
    ArrayD::from_shape_vec(IxDyn(&shape), values).map_err(|_| WaveError::Shape {
        argument: "field",
        expected: shape,
        got: vec![got],
    })
}

/// The axis of the layout that axis `axis` of the grid is.
pub(crate) fn layout_axis(model: &Model, axis: usize) -> Result<usize, WaveError> {
    let dims = model.grid().dims();
    if axis >= dims {
        let allowed = "below the number of dimensions";
        return Err(
            hexad_core::InputError::OutOfRange { argument: "axis", value: axis as f64, allowed }.into()
        );
    }
    Ok(3 - dims + axis)
}

pub(crate) use arrays::{cell_ranges, face_ranges};
