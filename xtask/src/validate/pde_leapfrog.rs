//! The claims of hexad-pde-leapfrog.

mod bits;
mod heard;
mod laws;
mod layers;
mod orders;
mod question;
mod resumed;

use std::error::Error;

use hexad_core::ndarray::{ArrayD, IxDyn};
use hexad_pde_leapfrog::{Fields, Grid, Medium, Model, Order, Side, WaveError};
use hexad_testkit::Random;
pub(crate) use resumed::until_killed;

use super::claim::{Effort, Quick, System};

pub(crate) const SYSTEM: System = System {
    name: "pde-leapfrog",
    title: "PDE leapfrog",
    question: "Is a wave equation on a staggered grid stepped right, and how is its second order shown?",
    usual: "The velocity is started at time 0 and at the places of the pressure, half a step and half a cell \
            off. The scheme is then of order one, and nobody sees it: after whole periods the error of the \
            pressure is gone, and it is only looked at then.",
    about: "Acoustic waves on staggered grids in one, two and three dimensions: a start that keeps the order, an order \
            that is measured, energy that is kept, and the bits of a plain loop whatever the tiles, threads and stops.",
    claims: &[
        ("the question's program is of order one", question::order_is_one),
        ("at whole periods it looks like two", question::order_looks_like_two),
        ("errors to their printed digits", orders::printed),
        ("right starts are of order two", orders::starts),
        ("one wave, two waves, diagonals", orders::problems),
        ("orders 2, 4, 6 and 8", orders::of_space),
        ("the discrete plane wave", laws::plane_wave),
        ("the discrete mode of a rigid box", laws::rigid_mode),
        ("energy over 10,000 steps", laws::energy),
        ("time runs backwards", laws::reversed),
        ("a jump is as many steps", laws::jump),
        ("tiles and threads give the plain loop's bits", || bits::tiled(Effort::Full)),
        ("a stop through a file changes no bit", resumed::stopped),
        ("a kill changes no bit", || resumed::killed(Effort::Full)),
        ("absorbing layers", layers::absorbing),
        ("a layer reflects what it was made for", layers::designed),
        ("an interface reflects and transmits", layers::interface),
        ("a delay is distance over speed", heard::delay),
        ("a room has its discrete frequencies", heard::modes),
    ],
    quick: &[
        (
            "tiles and threads give the plain loop's bits",
            Quick::Less("in one dimension", || bits::tiled(Effort::Quick)),
        ),
        ("a kill changes no bit", Quick::Less("6 kills of 30", || resumed::killed(Effort::Quick))),
    ],
};

const ORDERS: [Order; 4] = [Order::Two, Order::Four, Order::Six, Order::Eight];

/// A periodic unit interval of speed and density 1.
fn unit_cell(cells: usize) -> Result<Model, WaveError> {
    periodic(&[cells], 1.0 / cells as f64, Order::Two)
}

/// Speed and density 1, periodic along every axis.
fn periodic(cells: &[usize], spacing: f64, order: Order) -> Result<Model, WaveError> {
    let sides = vec![[Side::Periodic; 2]; cells.len()];
    Model::new(Grid::new(cells, spacing)?, Medium::default(), &sides, order)
}

/// Another speed and density in every cell: bulk moduli from 1/8 to 12.
fn random_medium(cells: &[usize], random: &mut Random) -> Result<Medium, Box<dyn Error>> {
    let (speed, density) = (noise(cells, 0.5, 2.0, random)?, noise(cells, 0.5, 3.0, random)?);
    Ok(Medium::per_cell(speed.view(), density.view())?)
}

/// Numbers from -1 to 1 in all fields of a model.
fn random_fields(model: &Model, random: &mut Random) -> Result<Fields, Box<dyn Error>> {
    let mut fields = Fields::at_rest(model);
    fields.pressure = noise(fields.pressure.shape(), -1.0, 1.0, random)?;
    for velocity in &mut fields.velocity {
        *velocity = noise(velocity.shape(), -1.0, 1.0, random)?;
    }
    Ok(fields)
}

fn noise(shape: &[usize], low: f64, high: f64, random: &mut Random) -> Result<ArrayD<f64>, Box<dyn Error>> {
    let values = random.vector(shape.iter().product(), low, high);
    Ok(ArrayD::from_shape_vec(IxDyn(shape), values)?)
}

/// Largest absolute value.
fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| largest.max(value.abs()))
}

/// Largest difference of two arrays of one shape.
fn distance(a: &ArrayD<f64>, b: &ArrayD<f64>) -> f64 {
    assert_eq!(a.shape(), b.shape(), "fields of different shapes");
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// Slope of the line of least squares through points, log against log.
fn line_slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let (mean_x, mean_y) = (
        logs.iter().map(|log| log.0).sum::<f64>() / count,
        logs.iter().map(|log| log.1).sum::<f64>() / count,
    );
    let products: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    products / logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum::<f64>()
}

/// Reference lines of given slopes through the last of some points, apart from each other.
fn slopes<'a>(of: impl IntoIterator<Item = (&'a Vec<(f64, f64)>, f64)>) -> Vec<(f64, f64)> {
    let mut lines = Vec::new();
    for (points, slope) in of {
        let (x, y) = points[points.len() - 1];
        lines.extend(points.iter().map(|(at, _)| (*at, y * (at / x).powf(slope))));
        lines.push((f64::NAN, f64::NAN));
    }
    lines
}
