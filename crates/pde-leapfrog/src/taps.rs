//! Places between the centres of cells, as weights on cells.

use crate::ends::Ends;
use crate::model::Model;

/// A cell and its weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tap {
    /// Indices on the three axes of the layout.
    pub cell: [isize; 3],
    pub weight: f64,
}

/// The polynomial through the nearest cells of each axis that has a coordinate; every cell of those that have none.
/// Images beyond a side weigh on the cells that they are of.
pub(crate) fn taps(model: &Model, position: &[Option<f64>]) -> Vec<Tap> {
    let absent = 3 - model.grid().dims();
    let mut taps = vec![Tap { cell: [0; 3], weight: 1.0 }];
    for (axis, coordinate) in position.iter().enumerate() {
        let along = match coordinate {
            Some(coordinate) => axis_taps(model, axis, *coordinate),
            None => (0..model.ends(axis).cells).map(|cell| (cell, 1.0)).collect(),
        };
        taps = taps
            .iter()
            .flat_map(|tap| {
                along.iter().map(move |(cell, weight)| {
                    let mut tap = Tap { weight: tap.weight * weight, ..*tap };
                    tap.cell[absent + axis] = *cell;
                    tap
                })
            })
            .collect();
    }
    taps
}

/// Points of the interpolation: at least a cubic, whose error is below that of the differences.
fn points(model: &Model) -> isize {
    model.order().number().max(4).cast_signed()
}

#[expect(clippy::cast_possible_truncation, reason = "the place is inside the grid")]
fn axis_taps(model: &Model, axis: usize, coordinate: f64) -> Vec<(isize, f64)> {
    let grid = model.grid();
    let place = (coordinate - grid.origin()[axis]) / grid.spacing();
    let ends: Ends = model.ends(axis);
    let nearest = place.round();
    if (place - nearest).abs() < 1e-9 {
        return vec![image(ends, nearest as isize, 1.0)];
    }
    let first = place.floor() as isize - points(model) / 2 + 1;
    let nodes = first..first + points(model);
    let mut taps: Vec<(isize, f64)> = Vec::new();
    for node in nodes.clone() {
        let others = nodes.clone().filter(|other| *other != node);
        let weight = others.map(|other| (place - other as f64) / (node - other) as f64).product();
        let (cell, weight) = image(ends, node, weight);
        match taps.iter_mut().find(|(other, _)| *other == cell) {
            Some((_, sum)) => *sum += weight,
            None => taps.push((cell, weight)),
        }
    }
    taps
}

fn image(ends: Ends, cell: isize, weight: f64) -> (isize, f64) {
    let image = ends.cell(cell);
    (image.of, if image.negative { -weight } else { weight })
}
