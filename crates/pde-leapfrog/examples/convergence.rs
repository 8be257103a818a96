//! The question that this crate answers: is my leapfrog scheme right, and how do I show that it is of second order?

use hexad_pde_leapfrog::{
    ErrorTime, Grid, Medium, Model, Order, PlaneWaves, Side, Start, StudyOptions, WaveError, converge,
};

fn main() -> Result<(), WaveError> {
    let model = |cells: usize| {
        let grid = Grid::new(&[cells], 1.0 / cells as f64)?;
        Model::new(grid, Medium::default(), &[[Side::Periodic; 2]], Order::Two)
    };
    let options =
        StudyOptions::default().with_cells(&[50, 100, 200, 400]).with_courant(0.3).with_end_time(2.0);
    let wave = PlaneWaves::question(1);

    println!("The velocity carried to half a step first:\n\n{}\n", converge(&wave, model, &options)?);
    let naive = options.with_start(Start::Naive);
    println!("The velocity taken at time 0, as programs often do:\n\n{}\n", converge(&wave, model, &naive)?);
    let at_end = naive.with_error_time(ErrorTime::End);
    println!("The same, looked at after two whole periods only:\n\n{}", converge(&wave, model, &at_end)?);
    Ok(())
}
