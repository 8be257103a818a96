//! What layers absorb, and what interfaces reflect.

use std::error::Error;

use hexad_core::ndarray::{ArrayD, IxDyn};
use hexad_pde_leapfrog::{
    Absorbing, Dispersion, Grid, Medium, Model, Order, Side, Simulation, Source, WaveError, Wavelet,
};

use super::largest;
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

fn decibel(ratio: f64) -> f64 {
    20.0 * ratio.log10()
}

/// A source, a receiver, and the cells between the layers; the corner of the first cell is at 0.
struct Scene {
    name: &'static str,
    inside: &'static [usize],
    source: &'static [f64],
    receiver: &'static [f64],
    end: f64,
    order: Order,
    /// Peak frequency of the source.
    frequency: f64,
}

/// Edge of a cell.
const SPACING: f64 = 0.01;
/// Courant number.
const COURANT: f64 = 0.4;

impl Scene {
    /// What the receiver hears with so many cells more on every side.
    fn heard(&self, margin: usize, side: Side) -> Result<Vec<f64>, WaveError> {
        let dims = self.inside.len();
        let cells: Vec<usize> = self.inside.iter().map(|inside| inside + 2 * margin).collect();
        let first = (0.5 - margin as f64) * SPACING;
        let grid = Grid::new(&cells, SPACING)?.with_origin(&vec![first; dims])?;
        let source = Source::point(self.source, Wavelet::ricker(1.0, self.frequency))?;
        let model = Model::new(grid, Medium::default(), &vec![[side; 2]; dims], self.order)?;
        let model = model.with_source(source)?.with_receiver(self.receiver)?;
        let clock = model.clock(self.end, COURANT)?;
        let mut run = Simulation::<f64>::new(&model, &clock)?;
        run.advance(clock.steps())?;
        Ok(run.traces()[0].clone())
    }

    /// What it hears where nothing comes back in time.
    fn unbounded(&self) -> Result<Vec<f64>, WaveError> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundreds")]
        let margin = (0.5 * self.end / SPACING).ceil() as usize;
        self.heard(margin, Side::Rigid)
    }

    /// The largest that comes back from layers, over the largest of the wave without them.
    fn reflection(&self, without: &[f64], layer: Absorbing) -> Result<f64, WaveError> {
        let with = self.heard(layer.cells, Side::Absorbing(layer))?;
        let back: Vec<f64> = with.iter().zip(without).map(|(with, without)| with - without).collect();
        Ok(largest(&back) / largest(without))
    }
}

const ONE: Scene = Scene {
    name: "1-D",
    inside: &[80],
    source: &[0.4],
    receiver: &[0.7],
    end: 1.8,
    order: Order::Two,
    frequency: 8.0,
};

/// In two dimensions waves meet the layers at up to 45 degrees and go into corners; in the last at 80.
const SCENES: [(Scene, &[f64]); 4] = {
    let square = Scene { inside: &[80, 80], source: &[0.4, 0.4], receiver: &[0.4, 0.7], ..ONE };
    let slab = Scene { inside: &[40, 200], source: &[0.2, 0.2], receiver: &[0.3, 1.9], end: 2.4, ..ONE };
    [
        (ONE, &[1.0]),
        (Scene { name: "2-D", ..square }, &[1.0]),
        (Scene { name: "2-D, order 8", order: Order::Eight, ..square }, &[1.0]),
        (Scene { name: "80 degrees", ..slab }, &[1.0, STRETCH]),
    ]
};
/// What layers need that waves graze.
const STRETCH: f64 = 5.0;

pub(super) fn absorbing() -> Outcome {
    let usual = Absorbing::default();
    let (mut worst, mut notes) = (f64::NEG_INFINITY, Vec::new());
    let mut chart = Chart::new("What layers give back", "cells of the layer", "dB");
    for (scene, stretches) in &SCENES {
        let without = scene.unbounded()?;
        for stretch in *stretches {
            let layer = usual.with_stretch(*stretch);
            let mut curve = Vec::new();
            for cells in [5, 7, 10, 14, usual.cells, 30] {
                curve.push((cells as f64, decibel(scene.reflection(&without, layer.with_cells(cells))?)));
            }
            let name = match *stretch {
                1.0 => scene.name.to_owned(),
                stretch => format!("{}, stretch {stretch}", scene.name),
            };
            let db = curve[4].1;
            notes.push(format!("{name}: {db:.1} dB"));
            // The claim is about the layer that suits the waves.
            if stretches.last() == Some(stretch) {
                worst = worst.max(db);
            }
            chart = chart.line(&name, curve);
        }
    }
    let claim = Claim::new(
        "An absorbing layer of the usual 20 cells gives back less than a thousandth of a wave, -60 dB, from all around; of \
         waves that graze it, 80 degrees off its normal, where it stretches them by 5, which the usual layer does not. \
         Measured: the largest difference to a domain too large to give anything back in time, over the largest pressure, \
         in dB, for a Ricker pulse of 12.5 cells at its peak frequency, heard 10 cells before the layer.",
        worst,
        Bound::AtMost(-60.0),
    )
    .source("J. A. Roden and S. D. Gedney 2000; D. Komatitsch and R. Martin 2007, doi:10.1190/1.2757586");
    Ok(notes.into_iter().fold(claim, Claim::note).chart(chart))
}

pub(super) fn designed() -> Outcome {
    let scene = Scene { frequency: 4.0, end: 2.0, ..ONE };
    let without = scene.unbounded()?;
    let designs: Vec<f64> = (1..=10).map(|step| 10.0_f64.powf(-0.5 * f64::from(step))).collect();
    let asked = || designs.iter().map(|design| decibel(*design));
    let mut chart = Chart::new("Layers by what they were made for", "dB asked for", "dB found")
        .line("asked for", asked().zip(asked()));
    let mut worst = 0.0_f64;
    for cells in [5, 10, 20, 40] {
        let mut curve = Vec::new();
        for design in &designs {
            let layer = Absorbing::default().with_cells(cells).with_reflection(*design);
            let (asked, found) = (decibel(*design), decibel(scene.reflection(&without, layer)?));
            if cells == 40 && asked > -41.0 {
                worst = worst.max((found / asked - 1.0).abs());
            }
            curve.push((asked, found));
        }
        chart = chart.dots(&format!("{cells} cells"), curve);
    }
    // Of the layer made for -40 dB.
    let steepest = 4.0 * 100.0_f64.ln() / (2.0 * 40.0 * SPACING);
    let slower =
        Dispersion::new(1, scene.order, COURANT)?.advice(1.0 / (scene.frequency * SPACING))?.velocity_error;
    Ok(Claim::new(
        "A layer of 40 cells damps as much as it was asked to, down to -40 dB. Measured: the largest relative difference \
         of dB. Two terms bound it: the memory of a layer counts at the end of a step, which adds up to \
         sigma dt / 2, and groups of waves are slower on the grid by three times the error of the phase velocity.",
        worst,
        Bound::AtMost(0.5 * steepest * COURANT * SPACING + 3.0 * slower.abs()),
    )
    .formula("sigma = (m + 1) c ln(1 / R) d^m / (2 L)")
    .chart(chart))
}

/// Amplitudes of what an interface reflects and transmits, over that of what came.
fn coefficients(speed: f64, density: f64, spacing: f64, sigma: f64) -> Result<[f64; 2], Box<dyn Error>> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some thousands")]
    let half = (4.0 / spacing).round() as usize;
    let field =
        |behind: f64| ArrayD::from_shape_fn(IxDyn(&[2 * half]), |at| if at[0] < half { 1.0 } else { behind });
    let medium = Medium::per_cell(field(speed).view(), field(density).view())?;
    let grid = Grid::new(&[2 * half], spacing)?.with_walls_at_zero();
    let model = Model::new(grid, medium, &[[Side::Absorbing(Absorbing::default()); 2]], Order::Two)?;
    let wavelet = Wavelet::Gaussian { amplitude: 1.0, sigma, delay: 6.0 * sigma };
    // Heard halfway from the source at 2 to the interface at 4, and behind that.
    let model =
        model.with_source(Source::point(&[2.0], wavelet)?)?.with_receiver(&[3.0])?.with_receiver(&[4.5])?;
    let clock = model.clock(12.0 * sigma + 3.0 + 0.5 / speed, 0.8)?;
    let mut run = Simulation::<f64>::new(&model, &clock)?;
    run.advance(clock.steps())?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of samples")]
    let between = ((6.0 * sigma + 2.0) / run.dt()) as usize;
    let [before, behind] = [&run.traces()[0], &run.traces()[1]];
    let came = peak(&before[..between]);
    Ok([peak(&before[between..]) / came, peak(behind) / came])
}

/// The extreme of largest size, by a parabola through three samples.
fn peak(trace: &[f64]) -> f64 {
    let size = |index: &usize| trace[*index].abs();
    let top = (1..trace.len() - 1).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(1);
    let (before, at, after) = (trace[top - 1], trace[top], trace[top + 1]);
    let bend = before - 2.0 * at + after;
    if bend == 0.0 { at } else { at - (before - after).powi(2) / (8.0 * bend) }
}

pub(super) fn interface() -> Outcome {
    let (spacing, sigma) = (0.005, 0.08);
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    let (mut reflected, mut transmitted, mut impedances) = (Vec::new(), Vec::new(), Vec::new());
    for (speed, density) in [
        (1.0, 0.05),
        (1.5, 0.1),
        (2.0, 0.15),
        (0.8, 0.7),
        (1.0, 1.0),
        (1.3, 1.2),
        (2.0, 1.5),
        (2.0, 3.0),
        (1.5, 8.0),
        (1.0, 20.0),
    ] {
        let impedance = speed * density;
        let wanted = [(impedance - 1.0) / (impedance + 1.0), 2.0 * impedance / (impedance + 1.0)];
        let got = coefficients(speed, density, spacing, sigma)?;
        // The pulse is shortest where it is slowest.
        let term = (spacing / (sigma * speed.min(1.0))).powi(2);
        let error = (got[0] - wanted[0]).abs().max((got[1] - wanted[1]).abs());
        worst = worst.max(error / term);
        notes.push(format!(
            "Z2 / Z1 = {impedance:.2}: {:.5}, {:.5} for {:.5}, {:.5}",
            got[0], got[1], wanted[0], wanted[1]
        ));
        reflected.push((impedance, got[0]));
        transmitted.push((impedance, got[1]));
        impedances.push(impedance);
    }
    let fine: Vec<f64> = (0..=120).map(|step| 0.05 * 400.0_f64.powf(f64::from(step) / 120.0)).collect();
    let chart = Chart::new("An interface", "Z2 / Z1", "amplitude over that of what came")
        .log_x()
        .line("", fine.iter().map(|z| (*z, (z - 1.0) / (z + 1.0))))
        .dots("reflected", reflected)
        .line("", fine.iter().map(|z| (*z, 2.0 * z / (z + 1.0))))
        .dots("transmitted", transmitted);
    let claim = Claim::new(
        "A Gaussian pulse that meets another speed and density is reflected and transmitted as the impedances say. \
         Measured: the largest error of an amplitude over that of what came, in units of (dx / width)^2, the term of second \
         order that the scheme leaves, for contrasts of impedance from 1/20 to 20.",
        worst,
        Bound::AtMost(1.0),
    )
    .formula("R = (Z2 - Z1) / (Z2 + Z1), T = 2 Z2 / (Z2 + Z1), Z = rho c");
    Ok(notes.into_iter().fold(claim, Claim::note).chart(chart))
}
