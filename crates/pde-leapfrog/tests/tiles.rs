//! Tiles, threads and chunks give the bits of the plain loops.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a helper that fails fails its test"
)]

mod common;

use common::{ORDERS, random_fields, random_medium, with_ears};
use hexad_pde_leapfrog::direct::DirectSimulation;
use hexad_pde_leapfrog::{
    Absorbing, Clock, Grid, Medium, Model, Order, Real, Side, Simulation, Start, Tiling,
};
use hexad_testkit::Random;

fn absorbing() -> Side {
    let layer = Absorbing::default().with_cells(5).with_stretch(2.0).with_shift_frequency(1.0);
    Side::Absorbing(layer)
}

/// Runs both ways and compares everything there is, bit for bit.
fn compare<T: Real>(model: &Model, tilings: &[Tiling], steps: u64, random: &mut Random) {
    let clock = Clock::new(0.9 * model.largest_stable_dt(), steps).unwrap();
    let fields = random_fields(model, random);
    let mut direct = DirectSimulation::<T>::new(model, &clock).unwrap();
    direct.start_from(&fields, Start::Taylor2).unwrap();
    direct.advance(steps);
    for tiling in tilings {
        let mut run = Simulation::<T>::with_tiling(model, &clock, *tiling).unwrap();
        run.start_from(&fields, Start::Taylor2).unwrap();
        // Blocks of different lengths.
        run.advance(steps / 3).unwrap();
        run.advance(steps - steps / 3).unwrap();
        let name = format!("{tiling:?} {:?} {:?} {:?}", model.order(), model.grid(), model.sides());
        assert_eq!(run.pressure(), direct.pressure(), "{name}");
        for axis in 0..model.grid().dims() {
            assert_eq!(run.velocity(axis), direct.velocity(axis), "axis {axis} {name}");
        }
        assert_eq!(run.traces(), direct.traces(), "{name}");
    }
}

fn tilings(sizes: &[(usize, usize, usize)]) -> Vec<Tiling> {
    let tiling =
        |(depth, width, slabs)| Tiling::default().with_depth(depth).with_width(width).with_slabs(slabs);
    sizes.iter().copied().map(tiling).chain([Tiling::default()]).collect()
}

/// All pairs of sides for the first axis, with the others in turn.
fn all_sides(dims: usize) -> Vec<Vec<[Side; 2]>> {
    use Side::{Periodic, PressureRelease, Rigid};
    let pairs = [
        [Periodic, Periodic],
        [Rigid, Rigid],
        [PressureRelease, Rigid],
        [Rigid, PressureRelease],
        [absorbing(), absorbing()],
        [absorbing(), PressureRelease],
    ];
    (0..pairs.len())
        .map(|first| (0..dims).map(|axis| pairs[(first + axis) % pairs.len()]).collect())
        .collect()
}

fn compare_all(cells: &[usize], tilings: &[Tiling], steps: u64, orders: &[Order]) {
    let mut random = Random::new(7);
    for order in orders {
        for sides in all_sides(cells.len()) {
            for medium in [Medium::constant(1.5, 1.1).unwrap(), random_medium(cells, &mut random)] {
                let grid = Grid::new(cells, 0.02).unwrap().with_walls_at_zero();
                let model = with_ears(Model::new(grid, medium, &sides, *order).unwrap(), &mut random);
                compare::<f64>(&model, tilings, steps, &mut random);
            }
        }
    }
}

#[test]
fn one_dimension() {
    let tilings =
        tilings(&[(1, 8, 1), (7, 32, 1), (16, 24, 1), (5, 13, 1), (4, 40, 2), (3, 17, 3), (8, 8, 2)]);
    // 488 and 968 are folded: stretches of 61 and 121.
    for cells in [301, 200, 488, 968] {
        compare_all(&[cells], &tilings, 20, &ORDERS);
    }
}

#[test]
fn two_dimensions() {
    let tilings = tilings(&[(1, 1, 1), (2, 1, 1), (5, 1, 1), (16, 1, 1), (2, 1, 2), (3, 1, 3)]);
    compare_all(&[61, 21], &tilings, 11, &ORDERS);
}

#[test]
fn three_dimensions() {
    let tilings = tilings(&[(1, 4, 1), (2, 3, 1), (4, 8, 1), (2, 5, 2), (1, 7, 2)]);
    compare_all(&[29, 20, 18], &tilings, 4, &ORDERS);
}

#[test]
fn single_precision() {
    let mut random = Random::new(11);
    for cells in [&[301][..], &[488], &[61, 21], &[29, 20, 18]] {
        for sides in all_sides(cells.len()) {
            let medium = random_medium(cells, &mut random);
            let model = Model::new(Grid::new(cells, 0.02).unwrap(), medium, &sides, Order::Four).unwrap();
            let model = with_ears(model, &mut random);
            compare::<f32>(&model, &tilings(&[(3, 8, 1), (2, 4, 2)]), 7, &mut random);
        }
    }
}

#[test]
fn any_number_of_rayon_threads_gives_the_same_bits() {
    let mut random = Random::new(3);
    let sides = [[Side::Periodic; 2], [Side::Rigid; 2]];
    let model =
        Model::new(Grid::new(&[500, 120], 0.1).unwrap(), Medium::default(), &sides, Order::Four).unwrap();
    let clock = Clock::new(model.largest_stable_dt(), 50).unwrap();
    let fields = random_fields(&model, &mut random);
    let fields_after = [1, 2, 3, 5].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut run = Simulation::<f64>::new(&model, &clock).unwrap();
            run.start_from(&fields, Start::Exact).unwrap();
            run.advance(50).unwrap();
            run.pressure().unwrap()
        })
    });
    assert!(fields_after.iter().all(|field| *field == fields_after[0]));
}
