//! Observed orders of convergence.

use hexad_pde_leapfrog::{PlaneWaves, Start, StepRule, Study, StudyOptions, WaveError, converge};

use super::{ORDERS, periodic, slopes, unit_cell};
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

/// An order is whole, and even for central differences: within a quarter it is told from all others.
const QUARTER: Bound = Bound::AtMost(0.25);

/// How far the order of either field is from the one it should be.
fn off(study: &Study) -> f64 {
    let away = |order: f64| (order - study.expected_order).abs();
    away(study.observed_order_p).max(away(study.observed_order_u))
}

/// Observed orders in words.
fn words(study: &Study) -> String {
    format!("p {:.3}, u {:.3}", study.observed_order_p, study.observed_order_u)
}

fn question(cells: &[usize], start: Start) -> Result<Study, WaveError> {
    let options = StudyOptions::default().with_cells(cells).with_start(start);
    converge(&PlaneWaves::question(1), unit_cell, &options)
}

pub(super) fn printed() -> Outcome {
    let known = [
        (Start::Exact, [(5.322e-3, 1e-6), (1.330e-3, 1e-6), (3.326e-4, 1e-7)]),
        (Start::Naive, [(6.237e-2, 1e-5), (3.004e-2, 1e-5), (1.473e-2, 1e-5)]),
    ];
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    for (start, digits) in known {
        let study = question(&[50, 100, 200], start)?;
        for (row, (known, last)) in study.rows.iter().zip(digits) {
            worst = worst.max((row.error_p.l2 - known).abs() / last);
        }
        let errors: Vec<String> = study.rows.iter().map(|row| format!("{:.6e}", row.error_p.l2)).collect();
        notes.push(format!("{start:?}: {}", errors.join(", ")));
    }
    let claim = Claim::new(
        "p = cos 2 pi (x + t), u = -p on 50, 100 and 200 cells, dt = 0.3 dx, until T = 2: the largest L2 error of p \
         is 5.322e-3, 1.330e-3, 3.326e-4 with the velocity given at dt / 2, and 6.237e-2, 3.004e-2, 1.473e-2 with the \
         question's start, as array programs written apart from this one gave it. Measured: the largest difference in \
         units of the last digit, of which a half is rounding.",
        worst,
        Bound::AtMost(0.5),
    );
    Ok(notes.into_iter().fold(claim, Claim::note))
}

pub(super) fn starts() -> Outcome {
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    for start in [Start::Exact, Start::Taylor1, Start::Taylor2] {
        let study = question(&[50, 100, 200, 400], start)?;
        worst = worst.max(off(&study));
        let errors: Vec<String> = study.rows.iter().map(|row| format!("{:.3e}", row.error_p.l2)).collect();
        notes.push(format!("{start:?}: {}; errors of p {}", words(&study), errors.join(", ")));
    }
    let claim = Claim::new(
        "Whether the velocity is given at dt / 2 or carried there by one or two terms of a Taylor expansion, both \
         fields are of order 2, each compared at its own place and time. Measured: how far the order of the largest \
         error over time is from 2; an order is whole, and a quarter tells it from the next.",
        worst,
        QUARTER,
    )
    .formula("u(dt/2) = u - (dt/2) p_x / rho + (dt^2/8) (K u_x)_x / rho + O(dt^3)");
    Ok(notes.into_iter().fold(claim, Claim::note))
}

pub(super) fn problems() -> Outcome {
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    let grids: [(usize, &[usize], f64); 3] =
        [(1, &[100, 200, 400], 2.0), (2, &[40, 80, 160], 0.5), (3, &[24, 36, 48], 0.25)];
    for (dims, cells, end) in grids {
        let cell =
            |cells: usize| periodic(&vec![cells; dims], 1.0 / cells as f64, hexad_pde_leapfrog::Order::Two);
        let options = StudyOptions::default().with_cells(cells).with_end_time(end);
        for (name, waves) in
            [("one wave", PlaneWaves::question(dims)), ("two waves", PlaneWaves::two_waves(dims))]
        {
            let study = converge(&waves, cell, &options)?;
            worst = worst.max(off(&study));
            notes.push(format!("{dims}-D, {name}: {}", words(&study)));
        }
    }
    let claim = Claim::new(
        "The question's wave, and two waves that meet as its answer proposes, u = f(x + t) + g(x - t), p = -f(x + t) + \
         g(x - t) with f = cos 2 pi x and g = 2 sin 6 pi x; in two and three dimensions along the diagonal. Measured: how \
         far the order of the largest error of p or u over time is from 2; a quarter tells it from the next.",
        worst,
        QUARTER,
    );
    Ok(notes.into_iter().fold(claim, Claim::note))
}

pub(super) fn of_space() -> Outcome {
    let grids: [&[usize]; 4] = [&[20, 40, 80, 160], &[16, 32, 64, 128], &[12, 18, 27, 40], &[10, 14, 20, 28]];
    let (mut worst, mut notes, mut curves) = (0.0_f64, Vec::new(), Vec::new());
    for (order, cells) in ORDERS.into_iter().zip(grids) {
        let cell = |cells: usize| periodic(&[cells], 1.0 / cells as f64, order);
        let options = StudyOptions::default().with_cells(cells).with_step_rule(StepRule::Matched);
        let options = options.with_end_time(0.3).with_courant(0.2).with_start(Start::Exact);
        let study = converge(&PlaneWaves::question(1), cell, &options)?;
        worst = worst.max(off(&study));
        notes.push(format!("order {}: {}", order.number(), words(&study)));
        curves.push(study.rows.iter().map(|row| (row.dx, row.error_p.l2)).collect::<Vec<_>>());
    }
    let lines = slopes(curves.iter().zip([2.0, 4.0, 6.0, 8.0]));
    let chart = Chart::new("Error against spacing", "dx", "L2 error of p, largest over time")
        .log_x()
        .log_y()
        .line("slopes 2, 4, 6, 8", lines);
    let names = ["order 2", "order 4", "order 6", "order 8"];
    let chart = names.iter().zip(curves).fold(chart, |chart, (name, curve)| chart.dots(name, curve));
    let claim = Claim::new(
        "Differences of order 2, 4, 6 and 8 show their orders when dt goes with dx^(order / 2), so that the error in \
         time falls as that in space. Measured: how far the order of p or u is from its own; a quarter tells it from \
         the next.",
        worst,
        QUARTER,
    )
    .source("weights: B. Fornberg 1988, doi:10.1090/S0025-5718-1988-0935077-0");
    Ok(notes.into_iter().fold(claim, Claim::note).chart(chart))
}
