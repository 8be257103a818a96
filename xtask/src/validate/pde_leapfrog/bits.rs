//! Tiles and slabs give the bits of the plain loops.

use std::error::Error;

use hexad_pde_leapfrog::direct::DirectSimulation;
use hexad_pde_leapfrog::{
    Absorbing, Clock, Fields, Grid, Medium, Model, Real, Side, Simulation, Source, Start, Tiling, Wavelet,
};
use hexad_testkit::Random;
use rayon::prelude::*;

use super::{ORDERS, random_fields, random_medium};
use crate::validate::claim::{Bound, Claim, Effort, Outcome};

/// Depth, width and slabs of a tiling; 0 leaves a choice to the library.
type Sizes = (usize, usize, usize);

/// What is run in so many dimensions.
struct Case {
    cells: &'static [usize],
    steps: u64,
    tilings: &'static [Sizes],
}

/// 301 cells are walked as they are, 488 folded in eight stretches.
const CASES: [Case; 4] = [
    Case {
        cells: &[301],
        steps: 20,
        tilings: &[(1, 8, 1), (7, 32, 1), (5, 13, 1), (4, 40, 2), (3, 17, 3), (0, 0, 0)],
    },
    Case { cells: &[488], steps: 20, tilings: &[(1, 8, 1), (16, 24, 1), (8, 8, 2), (3, 17, 3), (0, 0, 0)] },
    Case {
        cells: &[61, 21],
        steps: 11,
        tilings: &[(1, 1, 1), (5, 1, 1), (16, 1, 1), (2, 1, 2), (3, 1, 3), (0, 0, 0)],
    },
    Case { cells: &[29, 20, 18], steps: 4, tilings: &[(2, 3, 1), (4, 8, 1), (2, 5, 2), (0, 0, 0)] },
];

/// What a comparison found.
#[derive(Default, Clone, Copy)]
struct Found {
    runs: usize,
    values: usize,
    different: usize,
}

impl Found {
    fn and(self, other: Self) -> Self {
        Self {
            runs: self.runs + other.runs,
            values: self.values + other.values,
            different: self.different + other.different,
        }
    }

    fn compare<T: PartialEq>(&mut self, a: impl IntoIterator<Item = T>, b: impl IntoIterator<Item = T>) {
        for (a, b) in a.into_iter().zip(b) {
            self.values += 1;
            self.different += usize::from(a != b);
        }
    }
}

pub(super) fn tiled(effort: Effort) -> Outcome {
    let mut notes = Vec::new();
    let mut all = Found::default();
    for case in &CASES[..effort.pick(CASES.len(), 2)] {
        let found = compare_case(case)?;
        notes.push(format!("{:?} cells: {} runs, {} values", case.cells, found.runs, found.values));
        all = all.and(found);
    }
    let claim = Claim::new(
        "Runs in tiles of many depths and widths, in one, two and three slabs, in blocks of different lengths, equal \
         the plain loops over cells and faces with ==: 1-D, 2-D, 3-D, orders 2 to 8, constant media and another speed \
         and density in every cell, all kinds of sides side by side, sources and receivers between cells, f64 and f32. \
         Measured: values of p, u or a receiver that differ.",
        all.different as f64,
        Bound::AtMost(0.0),
    );
    Ok(notes.into_iter().fold(claim, Claim::note))
}

/// All orders, sides and media; in f32 as well.
fn compare_case(case: &Case) -> Result<Found, Box<dyn Error>> {
    let mut sides = all_sides(case.cells.len());
    if case.cells.len() == 3 {
        // Every other one has each pair along some axis.
        sides = sides.into_iter().step_by(2).collect();
    }
    let models: Vec<_> =
        ORDERS.into_iter().flat_map(|order| sides.iter().map(move |sides| (order, sides))).collect();
    let compared = models.par_iter().enumerate().map(|(number, (order, sides))| {
        let mut random = Random::new(60 + number as u64);
        let mut found = Found::default();
        let made = || -> Result<Found, Box<dyn Error>> {
            for medium in [Medium::constant(1.5, 1.1)?, random_medium(case.cells, &mut random)?] {
                let grid = Grid::new(case.cells, 0.02)?.with_walls_at_zero();
                let model = with_ears(Model::new(grid, medium, sides, *order)?, &mut random)?;
                let fields = random_fields(&model, &mut random)?;
                found = found.and(compare::<f64>(&model, &fields, case)?);
                found = found.and(compare::<f32>(&model, &fields, case)?);
            }
            Ok(found)
        };
        made_or_text(made)
    });
    let found: Result<Vec<Found>, String> = compared.collect();
    Ok(found?.into_iter().fold(Found::default(), Found::and))
}

/// An error that may go from one thread to another.
fn made_or_text<R>(made: impl FnOnce() -> Result<R, Box<dyn Error>>) -> Result<R, String> {
    made().map_err(|error| error.to_string())
}

fn compare<T: Real>(model: &Model, fields: &Fields, case: &Case) -> Result<Found, Box<dyn Error>> {
    let clock = Clock::new(0.9 * model.largest_stable_dt(), case.steps)?;
    let mut direct = DirectSimulation::<T>::new(model, &clock)?;
    direct.start_from(fields, Start::Taylor2)?;
    direct.advance(case.steps);
    let mut found = Found::default();
    for (depth, width, slabs) in case.tilings {
        let tiling = Tiling::default().with_depth(*depth).with_width(*width).with_slabs(*slabs);
        let mut run = Simulation::<T>::with_tiling(model, &clock, tiling)?;
        run.start_from(fields, Start::Taylor2)?;
        run.advance(case.steps / 3)?;
        run.advance(case.steps - case.steps / 3)?;
        found.runs += 1;
        found.compare(run.pressure()?, direct.pressure()?);
        for axis in 0..model.grid().dims() {
            found.compare(run.velocity(axis)?, direct.velocity(axis)?);
        }
        found.compare(run.traces().iter().flatten(), direct.traces().iter().flatten());
    }
    Ok(found)
}

/// All kinds of sides along the first axis, the others in turn.
fn all_sides(dims: usize) -> Vec<Vec<[Side; 2]>> {
    use Side::{Periodic, PressureRelease, Rigid};
    let layer = Absorbing::default().with_cells(5).with_stretch(2.0).with_shift_frequency(1.0);
    let absorbing = Side::Absorbing(layer);
    let pairs = [
        [Periodic, Periodic],
        [Rigid, Rigid],
        [PressureRelease, Rigid],
        [Rigid, PressureRelease],
        [absorbing, absorbing],
        [absorbing, PressureRelease],
    ];
    let turned = |first: usize| (0..dims).map(|axis| pairs[(first + axis) % pairs.len()]).collect();
    (0..pairs.len()).map(turned).collect()
}

/// With two sources at points, two through planes, and four receivers, none at a cell.
fn with_ears(mut model: Model, random: &mut Random) -> Result<Model, Box<dyn Error>> {
    let dims = model.grid().dims();
    let extents: Vec<(f64, f64)> = (0..dims).map(|axis| model.grid().extent(axis)).collect();
    let mut place = || extents.iter().map(|(low, high)| random.uniform(*low, *high)).collect::<Vec<f64>>();
    for delay in [0.0, 0.1] {
        let (wavelet, position) = (Wavelet::Gaussian { amplitude: 1.0, sigma: 0.05, delay }, place());
        model = model.with_source(Source::point(&position, wavelet.clone())?)?;
        model = model.with_source(Source::plane(dims, 0, position[0], wavelet)?)?;
        model = model.with_receiver(&place())?.with_receiver(&place())?;
    }
    Ok(model)
}
