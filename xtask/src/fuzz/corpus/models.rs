//! Models of the documentation made small, and runs of them that stopped on the way.

use super::tables::array;
use super::{File, Made, Maker, documented};
use crate::fuzz::seal;

/// What the program writes when it stops, and how it goes on.
pub(super) const WAVES_GO_ON: &str = "wave run input.toml --resume run.ck --out all.npy";
pub(super) const NEURONS_GO_ON: &str = "neuron population --neurons 12 --weight 3 --duration 40 --record 3 --record-every 20 --resume run.ck --spikes spikes.csv --rates rates.csv --plot plot.svg";

/// A number for the whole grid, layers, and files with numbers of their own for each cell and moment.
pub(super) fn waves() -> Made<Vec<Vec<File>>> {
    let layers = [
        ("{ x = 320, z = 200 }", "{ x = 32, z = 20 }"),
        ("spacing_m = 5.0", "spacing_m = 50.0"),
        ("cells = 25", "cells = 4"),
    ];
    let files = [
        ("speed_m_s = 343.0", "speed_m_s = \"speed.npy\""),
        ("wavelet = \"ricker\"", "wavelet = \"table\"\nfile = \"wavelet.csv\"\nstep_s = 0.001"),
        ("peak_frequency_hz = 500.0", ""),
    ];
    let room = File::text("input.toml", room(0.024)?);
    let speed = array("speed.npy", &[CELLS[1], CELLS[0]], &[343.0; CELLS[0] * CELLS[1]]);
    let wavelet = File::text("wavelet.csv", "pulse\n0\n1\n-1\n0\n");
    let with_files = File::text("input.toml", replaced(String::from_utf8(room.bytes.clone())?, &files)?);
    let layers = File::text("input.toml", replaced(documented("models/layers.toml")?, &layers)?);
    Ok(vec![vec![room], vec![layers], vec![with_files, speed, wavelet]])
}

/// A few neurons of all kinds of connections, also from a table.
pub(super) fn networks() -> Made<Vec<Vec<File>>> {
    let coba = [("= 1000", "= 5"), ("= 3200", "= 32"), ("= 800", "= 8")];
    let coba = replaced(documented("models/coba_hh.toml")?, &coba)?;
    let ring = replaced(documented("models/ring_hh.toml")?, &[("duration_ms = 300", "duration_ms = 5")])?;
    let brake = documented("models/ring_hh_brake.csv")?;
    Ok(vec![
        vec![File::text("input.toml", ring), File::text("ring_hh_brake.csv", brake)],
        vec![File::text("input.toml", coba)],
    ])
}

pub(super) fn stopped_waves(maker: &Maker<'_>) -> Made<Vec<Vec<File>>> {
    let model = File::whole("input.toml", room(0.012)?);
    let made = maker.make(
        "wave run input.toml --checkpoint run.ck --every 5",
        &[&model],
        &["run.ck", "run.ck.frames"],
    )?;
    let longer = File::whole("input.toml", room(0.024)?);
    let [checkpoint, frames] = made.try_into().map_err(|_| "two files")?;
    let checkpoint = File::binary("run.ck", checkpoint);
    let sealed = checkpoint.clone().sealed(seal::waves);
    let frames = File::binary("run.ck.frames", frames);
    Ok(vec![vec![longer.clone(), checkpoint, frames.clone()], vec![longer, sealed, frames]])
}

pub(super) fn stopped_neurons(maker: &Maker<'_>) -> Made<Vec<Vec<File>>> {
    const NAMES: [&str; 3] = ["run.ck", "run.ck.spikes.csv", "run.ck.traces.csv"];
    let line = "neuron population --neurons 12 --weight 3 --duration 20 --record 3 --record-every 20 --checkpoint run.ck --every 20";
    let [checkpoint, spikes, traces] =
        maker.make(line, &[], &NAMES)?.try_into().map_err(|_| "three files")?;
    let checkpoint = File::binary(NAMES[0], checkpoint);
    let sealed = checkpoint.clone().sealed(seal::neurons);
    let journals = [File::text(NAMES[1], spikes), File::text(NAMES[2], traces)];
    Ok([checkpoint, sealed].map(|checkpoint| [&[checkpoint], journals.as_slice()].concat()).to_vec())
}

/// Cells along x and y.
const CELLS: [usize; 2] = [24, 16];

/// The room, in coarse cells.
fn room(duration_s: f64) -> Made<String> {
    let small = [
        ("{ x = 240, y = 160 }".to_owned(), format!("{{ x = {}, y = {} }}", CELLS[0], CELLS[1])),
        ("spacing_m = 0.025".to_owned(), "spacing_m = 0.25".to_owned()),
        ("cells = 20".to_owned(), "cells = 4".to_owned()),
        ("duration_s = 0.024".to_owned(), format!("duration_s = {duration_s}\ndt_s = 0.00015")),
        ("every_s = 0.0003".to_owned(), "every_steps = 5".to_owned()),
    ];
    replaced(documented("models/room.toml")?, &small)
}

/// Each must be there.
fn replaced<S: AsRef<str>>(text: String, changes: &[(S, S)]) -> Made<String> {
    changes.iter().try_fold(text, |text, (old, new)| {
        let (old, new) = (old.as_ref(), new.as_ref());
        if text.contains(old) {
            Ok(text.replacen(old, new, 1))
        } else {
            Err(format!("no {old:?} in a model").into())
        }
    })
}
