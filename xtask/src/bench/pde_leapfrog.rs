//! The rows of hexad-pde-leapfrog. An item is a step of a cell.

use std::error::Error;

use hexad_core::ndarray::ArrayD;
use hexad_pde_leapfrog::direct::DirectSimulation;
use hexad_pde_leapfrog::{
    Clock, Fields, Grid, Medium, Model, Order, PlaneWaves, Side, Simulation, Start, StudyOptions, WaveError,
    converge,
};
use hexad_testkit::{Random, max_difference};
use serde_json::json;

use super::clock::time;
use super::growth::Job;
use super::peers::{Environment, share};
use super::row::{Make, Other, Row, Target, pool, work};

/// Steps after which our fields are compared with those of the plain loops.
const CHECKED_STEPS: u64 = 8;
/// Of a step of 1-D grids: the time step over the spacing.
const COURANT: f64 = 0.3;

pub(crate) fn rows() -> Vec<(String, Make)> {
    let mut rows: Vec<(String, Make)> = Vec::new();
    let mut add = |name: String, make: Make| rows.push((name, make));
    for (cells, steps, goal) in [(1000, 10_000, 15.0), (100_000, 512, 4.0), (10_000_000, 64, 20.0)] {
        let name = format!("leapfrog 1-D, {cells:e} cells");
        add(name, Box::new(move || slices_row(cells, steps, goal)));
    }
    let name = "leapfrog 1-D, 1e7 cells, beside the memory a plain loop reads and writes";
    add(name.to_owned(), Box::new(memory_row));
    for (shape, order, per_cell, goal) in [
        (&SQUARE[..], Order::Two, false, 3.0),
        (&SQUARE, Order::Two, true, 2.0),
        (&SQUARE, Order::Four, false, 2.0),
        (&CUBE, Order::Two, false, 2.5),
        (&CUBE, Order::Four, false, 1.8),
    ] {
        let medium = if per_cell { "medium per cell" } else { "constant medium" };
        let name = format!("leapfrog {}, {}, {medium}", named(shape), order_name(order));
        add(name, Box::new(move || devito_row(shape, order, per_cell, goal)));
    }
    for (shape, order) in [(&SQUARE[..], Order::Two), (&CUBE, Order::Two)] {
        let name = format!("leapfrog {}, {}, two cores", named(shape), order_name(order));
        add(name, Box::new(move || cores_row(shape, order)));
    }
    let study = "leapfrog, the question's study on 19 grids to N = 950";
    add(format!("{study}, two cores"), Box::new(|| study_row(2, Target::OnTwoCores(50.0))));
    add(study.to_owned(), Box::new(|| study_row(1, Target::TimesFaster(25.0))));
    rows
}

pub(crate) const GROWTH: Job = Job {
    what: "leapfrog 2-D, order 2, constant medium, 64 steps",
    items: "cells",
    sizes: [250_000, 1_000_000, 4_000_000, 16_000_000],
    run: |cells| {
        let problem = Problem::walls(&[cells.isqrt(); 2], Order::Two, Medium::default())?;
        time(|| problem.run()?.advance(problem.clock.steps()).map_err(Into::into))
    },
};

/// Of a step of a cell. A difference of order 2 R is R subtractions, R - 1 multiply-adds and, beyond order 2, a
/// product; in every dimension there is one for the pressure and one for a velocity, and each field takes a multiply-add.
fn flops(dims: usize, order: Order) -> f64 {
    let difference = 3 * order.radius() - 1 - usize::from(order == Order::Two);
    (2 * dims * difference + (dims - 1) + 2 * (1 + dims)) as f64
}

const SQUARE: [usize; 2] = [2000; 2];
const CUBE: [usize; 3] = [256; 3];

fn named(shape: &[usize]) -> String {
    format!("{}-D, {}^{} cells", shape.len(), shape[0], shape.len())
}

fn order_name(order: Order) -> String {
    format!("order {}", order.number())
}

/// Steps of a call.
fn steps(shape: &[usize]) -> u64 {
    if shape.len() == 2 { 64 } else { 16 }
}

/// Cells one apart, with something to start from.
struct Problem {
    model: Model,
    clock: Clock,
    start: Fields,
}

impl Problem {
    /// Noise on a ring.
    fn ring(cells: usize, steps: u64) -> Result<Self, Box<dyn Error>> {
        let sides = [[Side::Periodic; 2]];
        let model = Model::new(Grid::new(&[cells], 1.0)?, Medium::default(), &sides, Order::Two)?;
        let mut start = Fields::at_rest(&model);
        let noise = |seed| ArrayD::from_shape_vec(vec![cells], Random::new(seed).vector(cells, -1.0, 1.0));
        (start.pressure, start.velocity) = (noise(1)?, vec![noise(2)?]);
        Ok(Self { model, clock: Clock::new(COURANT, steps)?, start })
    }

    /// Noise in a box of rigid walls, so far from them that none is met within a call: all programs agree there.
    fn walls(shape: &[usize], order: Order, medium: Medium) -> Result<Self, Box<dyn Error>> {
        let sides = vec![[Side::Rigid; 2]; shape.len()];
        let model = Model::new(Grid::new(shape, 1.0)?, medium, &sides, order)?;
        let clock = Clock::new(0.5 * model.largest_stable_dt(), steps(shape))?;
        let mut start = Fields::at_rest(&model);
        let mut random = Random::new(1);
        let margin = 3 * usize::try_from(steps(shape))?;
        for (cell, value) in start.pressure.indexed_iter_mut() {
            let inside = |axis: usize| (margin..shape[axis] - margin).contains(&cell[axis]);
            if (0..shape.len()).all(inside) {
                *value = random.unit() - 0.5;
            }
        }
        Ok(Self { model, clock, start })
    }

    fn run(&self) -> Result<Simulation<f64>, WaveError> {
        let mut run = Simulation::new(&self.model, &self.clock)?;
        run.start_from(&self.start, Start::Exact)?;
        Ok(run)
    }

    /// Largest difference to the plain loops after some steps, over the largest pressure.
    fn error(&self) -> Result<f64, Box<dyn Error>> {
        let mut direct = DirectSimulation::<f64>::new(&self.model, &self.clock)?;
        direct.start_from(&self.start, Start::Exact)?;
        direct.advance(CHECKED_STEPS);
        let wanted = values(&direct.pressure()?);
        let mut run = self.run()?;
        run.advance(CHECKED_STEPS)?;
        let largest = wanted.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        Ok(max_difference(&values(&run.pressure()?), &wanted) / largest)
    }

    /// Cells times the steps of a call.
    fn items(&self) -> Result<usize, Box<dyn Error>> {
        Ok(self.start.pressure.len() * usize::try_from(self.clock.steps())?)
    }

    /// Writes the pressure to start from, and that after a call, for a peer.
    fn share(&self, name: &str) -> Result<[String; 2], Box<dyn Error>> {
        let mut run = self.run()?;
        run.advance(self.clock.steps())?;
        let shape = self.model.grid().cells();
        Ok([
            share(&format!("{name}_start"), shape, &values(&self.start.pressure))?,
            share(&format!("{name}_expected"), shape, &values(&run.pressure()?))?,
        ])
    }
}

fn values(field: &ArrayD<f64>) -> Vec<f64> {
    field.iter().copied().collect()
}

/// Beside the question's step.
fn slices_row(cells: usize, steps: u64, goal: f64) -> Result<Row, Box<dyn Error>> {
    let problem = Problem::ring(cells, steps)?;
    let name = format!("leapfrog_{cells}");
    let [input, expected] = problem.share(&name)?;
    let y = share(&format!("{name}_velocity"), &[cells], &values(&problem.start.velocity[0]))?;
    let call = json!({
        "call": "leapfrog", "input": input, "y": y, "expected": expected, "courant": COURANT, "steps": steps,
    });
    let mut run = problem.run()?;
    Ok(Row {
        items: problem.items()?,
        ours: work(move || run.advance(steps)),
        other: Other::Peer(Environment::Common, "NumPy slices", call),
        target: Target::TimesFaster(goal),
        error: problem.error()?,
        flops: Some(flops(1, Order::Two)),
    })
}

/// A plain loop reads and writes both fields in every step.
fn memory_row() -> Result<Row, Box<dyn Error>> {
    let problem = Problem::ring(10_000_000, 64)?;
    let items = problem.items()?;
    let mut run = problem.run()?;
    Ok(Row {
        items,
        ours: work(move || run.advance(64)),
        other: Other::Memory(32.0 * items as f64),
        target: Target::TimesFaster(2.5),
        error: problem.error()?,
        flops: Some(flops(1, Order::Two)),
    })
}

fn devito_row(shape: &[usize], order: Order, per_cell: bool, goal: f64) -> Result<Row, Box<dyn Error>> {
    let (medium, files) = if per_cell { uneven(shape)? } else { (Medium::default(), Vec::new()) };
    let problem = Problem::walls(shape, order, medium)?;
    let medium = if per_cell { "uneven" } else { "even" };
    let [input, expected] =
        problem.share(&format!("leapfrog_{}_{}_{medium}", shape.len(), order.number()))?;
    let (dt, steps) = (problem.clock.dt(), problem.clock.steps());
    let call = json!({
        "call": "leapfrog", "input": input, "expected": expected, "order": order.number(), "steps": steps,
        "dt": dt, "medium": files,
    });
    let mut run = problem.run()?;
    Ok(Row {
        items: problem.items()?,
        ours: work(move || run.advance(steps)),
        other: Other::Peer(Environment::Devito, "the C of Devito", call),
        target: Target::TimesFaster(goal),
        error: problem.error()?,
        flops: Some(flops(shape.len(), order)),
    })
}

/// Another speed and density in each cell, for us and, as numbers of cells and faces, for Devito.
fn uneven(shape: &[usize]) -> Result<(Medium, Vec<String>), Box<dyn Error>> {
    let len = shape.iter().product();
    let noise = |seed| ArrayD::from_shape_vec(shape.to_vec(), Random::new(seed).vector(len, 1.0, 1.2));
    let (speed, density) = (noise(3)?, noise(4)?);
    let modulus: Vec<f64> = speed.iter().zip(&density).map(|(c, rho)| rho * c * c).collect();
    let mut files = vec![share("leapfrog_modulus", shape, &modulus)?];
    for axis in 0..shape.len() {
        let lightness = ArrayD::from_shape_fn(shape.to_vec(), |cell| {
            let mut next = cell.clone();
            next[axis] = (cell[axis] + 1).min(shape[axis] - 1);
            2.0 / (density[cell] + density[next])
        });
        files.push(share(&format!("leapfrog_lightness_{axis}"), shape, &values(&lightness))?);
    }
    Ok((Medium::per_cell(speed.view(), density.view())?, files))
}

fn cores_row(shape: &[usize], order: Order) -> Result<Row, Box<dyn Error>> {
    let problem = Problem::walls(shape, order, Medium::default())?;
    let (mut run, mut alone, two) = (problem.run()?, problem.run()?, pool(2)?);
    let mut same = problem.run()?;
    alone.advance(steps(shape))?;
    two.install(|| same.advance(steps(shape)))?;
    let error = max_difference(&values(&same.pressure()?), &values(&alone.pressure()?));
    let steps = steps(shape);
    Ok(Row {
        items: problem.items()?,
        ours: work(move || two.install(|| run.advance(steps))),
        other: Other::Ours("one core", work(move || alone.advance(steps))),
        target: Target::OnTwoCores(1.8),
        error,
        flops: Some(flops(shape.len(), order)),
    })
}

/// With the question's start, whose order is 1.
/// The question's program is done after so much time of the clock, whatever the cores do.
fn study_row(threads: usize, target: Target) -> Result<Row, Box<dyn Error>> {
    let cells: Vec<usize> = (1..20).map(|k| 50 * k).collect();
    let options = StudyOptions::default()
        .with_cells(&cells)
        .with_courant(COURANT)
        .with_end_time(2.0)
        .with_start(Start::Naive);
    let ring = |cells: usize| {
        let sides = [[Side::Periodic; 2]];
        Model::new(Grid::new(&[cells], 1.0 / cells as f64)?, Medium::default(), &sides, Order::Two)
    };
    let waves = PlaneWaves::question(1);
    let error = (converge(&waves, ring, &options)?.observed_order_p - 1.0).abs();
    let items = cells.iter().map(|cells| cells * (2 * cells * 10).div_ceil(3)).sum();
    // The bench stands on one thread, whose time it takes.
    let pool = if threads > 1 { Some(pool(threads)?) } else { None };
    let study = move || converge(&waves, ring, &options).map(drop);
    Ok(Row {
        items,
        ours: match pool {
            Some(pool) => work(move || pool.install(&study)),
            None => work(study),
        },
        other: Other::Peer(
            Environment::Common,
            "the question's program",
            json!({ "call": "leapfrog_study" }),
        ),
        target,
        error,
        flops: None,
    })
}
