//! Models and fields that tests share.
#![allow(dead_code, reason = "each test file uses some")]

use hexad_core::ndarray::{ArrayD, IxDyn};
use hexad_pde_leapfrog::{Fields, Grid, Medium, Model, Order, Side, Source, Wavelet};
use hexad_testkit::Random;

pub const ORDERS: [Order; 4] = [Order::Two, Order::Four, Order::Six, Order::Eight];

/// Random numbers in a shape.
pub fn noise(shape: &[usize], low: f64, high: f64, random: &mut Random) -> ArrayD<f64> {
    let count = shape.iter().product();
    ArrayD::from_shape_vec(IxDyn(shape), random.vector(count, low, high)).unwrap()
}

/// Random numbers in all fields of a model.
pub fn random_fields(model: &Model, random: &mut Random) -> Fields {
    let mut fields = Fields::at_rest(model);
    fields.pressure = noise(fields.pressure.shape(), -1.0, 1.0, random);
    for velocity in &mut fields.velocity {
        *velocity = noise(velocity.shape(), -1.0, 1.0, random);
    }
    fields
}

/// A medium with another speed and density in every cell.
pub fn random_medium(cells: &[usize], random: &mut Random) -> Medium {
    let speed = noise(cells, 0.5, 2.0, random);
    let density = noise(cells, 0.5, 3.0, random);
    Medium::per_cell(speed.view(), density.view()).unwrap()
}

/// A periodic model with a constant medium.
pub fn periodic(cells: &[usize], spacing: f64, order: Order) -> Model {
    let sides = vec![[Side::Periodic; 2]; cells.len()];
    Model::new(Grid::new(cells, spacing).unwrap(), Medium::default(), &sides, order).unwrap()
}

/// With sources and receivers at random places.
pub fn with_ears(mut model: Model, random: &mut Random) -> Model {
    let place = |axis: usize, model: &Model, random: &mut Random| {
        let (low, high) = model.grid().extent(axis);
        random.uniform(low, high)
    };
    for number in 0..2 {
        let wavelet = Wavelet::Gaussian { amplitude: 1.0, sigma: 0.05, delay: 0.1 * f64::from(number) };
        let dims = model.grid().dims();
        let position: Vec<f64> = (0..dims).map(|axis| place(axis, &model, random)).collect();
        model = model.with_source(Source::point(&position, wavelet.clone()).unwrap()).unwrap();
        model = model.with_source(Source::plane(dims, 0, position[0], wavelet).unwrap()).unwrap();
        for _ in 0..2 {
            let position: Vec<f64> = (0..dims).map(|axis| place(axis, &model, random)).collect();
            model = model.with_receiver(&position).unwrap();
        }
    }
    model
}
