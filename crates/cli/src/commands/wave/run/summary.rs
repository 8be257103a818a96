//! What there is to say about a run.

use std::fmt;

use hexad_pde_leapfrog::Dispersion;
use serde::Serialize;

use super::outputs::Outputs;
use super::setup::Setup;
use super::stepping::Finished;
use crate::report::Written;
use crate::units::four_digits;

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary {
    title: String,
    /// Names of the axes in the order of the arrays, and cells along each.
    axes: Vec<&'static str>,
    cells: Vec<usize>,
    spacing_m: f64,
    order: usize,
    precision: &'static str,
    dt_s: f64,
    steps: u64,
    duration_s: f64,
    courant: f64,
    largest_stable_dt_s: f64,
    first_step: u64,
    energy_start: f64,
    energy_end: f64,
    /// Of the energy at the start; null where there was none, or sources added to it.
    energy_relative_change: Option<f64>,
    /// Of the shortest of the waves that sources and start mostly make; null where it is not known.
    wavelength_m: Option<f64>,
    points_per_wavelength: Option<f64>,
    velocity_error: Option<f64>,
    stepping_s: f64,
    cell_steps_per_s: Option<f64>,
    snapshots: Option<Shots>,
    receivers: Vec<Receiver>,
    outputs: Vec<Written>,
}

/// The snapshots.
#[derive(Debug, Serialize)]
struct Shots {
    count: u64,
    every_steps: u64,
    every_s: f64,
}

/// What a receiver heard.
#[derive(Debug, Serialize)]
struct Receiver {
    name: String,
    position_m: Vec<f64>,
    /// The pressure of the largest size, and when it was heard.
    peak_pa: f64,
    peak_s: f64,
}

impl Summary {
    /// Of a run that has ended.
    pub fn new(setup: &Setup<'_>, finished: &Finished, outputs: &Outputs) -> Self {
        let (grid, clock) = (setup.model.grid(), &setup.clock);
        let [start, end] = finished.energy;
        let is_alone = setup.model.sources().is_empty() && start > 0.0;
        let made = (clock.steps() - finished.first_step) as f64 * grid.total();
        let seconds = finished.stepping.as_secs_f64();
        let points = setup.wavelength.map(|wavelength| wavelength / grid.spacing());
        let local = setup.slowest * clock.dt() / grid.spacing();
        let dispersion = Dispersion::new(grid.dims(), setup.model.order(), local).ok();
        let advice = points.zip(dispersion).and_then(|(points, waves)| waves.advice(points).ok());
        Self {
            title: setup.title.clone(),
            axes: setup.axes.names().to_vec(),
            cells: grid.cells().to_vec(),
            spacing_m: grid.spacing(),
            order: setup.model.order().number(),
            precision: setup.precision.name(),
            dt_s: clock.dt(),
            steps: clock.steps(),
            duration_s: clock.end_time(),
            courant: setup.courant,
            largest_stable_dt_s: setup.model.largest_stable_dt(),
            first_step: finished.first_step,
            energy_start: start,
            energy_end: end,
            energy_relative_change: is_alone.then(|| (end - start) / start),
            wavelength_m: setup.wavelength,
            points_per_wavelength: points,
            velocity_error: advice.map(|advice| advice.velocity_error),
            stepping_s: seconds,
            cell_steps_per_s: (seconds > 0.0).then(|| made / seconds),
            snapshots: setup.snapshots.as_ref().map(|snapshots| Shots {
                count: snapshots.count(clock),
                every_steps: snapshots.every,
                every_s: snapshots.every as f64 * clock.dt(),
            }),
            receivers: receivers(setup, finished),
            outputs: outputs.written(),
        }
    }
}

fn receivers(setup: &Setup<'_>, finished: &Finished) -> Vec<Receiver> {
    let places = setup.model.receivers().iter().zip(&setup.receivers);
    let heard = |((position, name), trace): ((&Vec<f64>, &String), &Vec<f64>)| {
        // The first of the largest.
        let mut peak = (0, 0.0_f64);
        for (step, value) in trace.iter().enumerate() {
            if value.abs() > peak.1.abs() {
                peak = (step, *value);
            }
        }
        let peak_s = peak.0 as f64 * setup.clock.dt();
        Receiver { name: name.clone(), position_m: position.clone(), peak_pa: peak.1, peak_s }
    };
    places.zip(&finished.traces).map(heard).collect()
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells: Vec<_> =
            self.axes.iter().zip(&self.cells).rev().map(|(axis, n)| format!("{axis} {n}")).collect();
        writeln!(
            f,
            "cells      {}, {} m wide, order {}, {}",
            cells.join(", "),
            self.spacing_m,
            self.order,
            self.precision
        )?;
        writeln!(
            f,
            "steps      {} of {} s, Courant number {}",
            self.steps,
            four_digits(self.dt_s),
            four_digits(self.courant)
        )?;
        if self.first_step > 0 {
            writeln!(f, "resumed    at step {}", self.first_step)?;
        }
        if let Some(rate) = self.cell_steps_per_s {
            writeln!(f, "speed      {} million cell steps a second", four_digits(1e-6 * rate))?;
        }
        if let (Some(points), Some(wavelength)) = (self.points_per_wavelength, self.wavelength_m) {
            write!(f, "waves      {} m long, {} points each", four_digits(wavelength), four_digits(points))?;
            match self.velocity_error {
                Some(error) => writeln!(f, ": {} % velocity error", four_digits(100.0 * error.abs()))?,
                None => writeln!(f, ": too short for this grid, make its cells smaller")?,
            }
        }
        if let Some(change) = self.energy_relative_change {
            writeln!(
                f,
                "energy     {} at the start, changed by {}",
                four_digits(self.energy_start),
                four_digits(change)
            )?;
        }
        for receiver in &self.receivers {
            writeln!(
                f,
                "receiver   {}: peak {} Pa at {} s",
                receiver.name,
                four_digits(receiver.peak_pa),
                four_digits(receiver.peak_s)
            )?;
        }
        if let Some(shots) = &self.snapshots {
            writeln!(f, "snapshots  {}, one every {} s", shots.count, four_digits(shots.every_s))?;
        }
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote      {}", output.path))
    }
}
