//! What many neurons do, as it goes into files and statistics.

pub mod checkpoint;
mod journal;
mod raster;
mod rates;
mod statistics;

use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};

use hexad_neuro_hh::{Population, Precision, Record, Recorder, Spike};

use super::envelope::{Curve, Envelope};
use crate::args::neuron::recording::{CheckpointArgs, RecordingArgs};
use crate::error::{Failure, Outcome};
use crate::output::{self, Pending};
use crate::progress::Progress;
use crate::report::Written;
use crate::table::{Format, Stream};
use checkpoint::{Checkpoint, spikes_path, traces_path};
use journal::{Journal, replay};

pub use raster::Raster;
pub use rates::{Rates, bins, fitting_bin_ms};
pub use statistics::{Firing, Statistics, WINDOW_MS};

/// Columns of a table of spikes.
const SPIKE_NAMES: [&str; 2] = ["neuron", "t_ms"];

/// Most neurons whose potentials are drawn.
const DRAWN: usize = 3;

/// Neurons that have a name together.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The name; empty where there is but one group.
    pub name: String,
    /// The neurons.
    pub neurons: Range<usize>,
}

/// What is simulated and kept.
pub struct Setting<'a> {
    /// All neurons, in order.
    pub groups: Vec<Group>,
    /// Steps of the whole run.
    pub steps: u64,
    /// Their length, in ms.
    pub dt_ms: f64,
    /// Whose potentials are recorded.
    pub record: Option<Record>,
    /// Files asked for.
    pub files: &'a RecordingArgs,
    /// Checkpoints asked for.
    pub checkpoints: &'a CheckpointArgs,
}

impl Setting<'_> {
    /// Number of neurons.
    pub fn neurons(&self) -> usize {
        self.groups.last().map_or(0, |group| group.neurons.end)
    }

    /// The neurons' time, in ms.
    pub fn duration_ms(&self) -> f64 {
        self.steps as f64 * self.dt_ms
    }

    /// Bins of the rate, in ms.
    pub fn bin_ms(&self) -> f64 {
        self.files.bin.unwrap_or_else(|| fitting_bin_ms(self.duration_ms()))
    }

    /// Files of rows and rates that will have been written.
    pub fn written(&self) -> Vec<Written> {
        let RecordingArgs { spikes, rates, traces, .. } = self.files;
        let written = |path: &PathBuf| {
            let format = Format::of_option("", path).ok()?.name();
            Some(Written { path: path.display().to_string(), format })
        };
        [spikes, rates, traces].into_iter().flatten().filter_map(written).collect()
    }

    /// Index of the group that a neuron is in.
    pub fn group_of(&self, neuron: usize) -> usize {
        self.groups.partition_point(|group| group.neurons.end <= neuron)
    }

    /// What a picture shows of the recorded potentials.
    fn envelopes(&self) -> Vec<(usize, Envelope<1>)> {
        let Some(record) = &self.record else { return Vec::new() };
        let samples = self.steps.div_ceil(record.every);
        record.neurons.iter().take(DRAWN).map(|neuron| (*neuron, Envelope::new(samples))).collect()
    }

    fn trace_names(&self) -> Vec<String> {
        let neurons = self.record.iter().flat_map(|record| &record.neurons);
        std::iter::once("t_ms".to_string()).chain(neurons.map(|neuron| format!("V_{neuron}"))).collect()
    }
}

/// Takes what a population does.
pub struct Recording<'a> {
    setting: &'a Setting<'a>,
    progress: &'a Progress,
    pub statistics: Statistics,
    pub rates: Rates,
    /// For the picture.
    pub raster: Option<Raster>,
    /// Neurons and their potentials, for the picture, at the end.
    pub curves: Vec<(usize, Curve)>,
    envelopes: Vec<(usize, Envelope<1>)>,
    spikes: Option<Stream>,
    traces: Option<Stream>,
    journals: Option<Journals>,
    row: Vec<f64>,
    /// What ended the run.
    failure: Option<Failure>,
}

struct Journals {
    spikes: Journal,
    traces: Option<Journal>,
}

impl<'a> Recording<'a> {
    /// Of a run from its beginning on.
    pub fn new(setting: &'a Setting<'a>, progress: &'a Progress) -> Outcome<Self> {
        let files = setting.files;
        let spikes = files.spikes.as_deref();
        let spikes =
            spikes.map(|path| Stream::to_file(path, Format::of_option("--spikes", path)?, &SPIKE_NAMES));
        let traces = files.traces.as_deref();
        let names = setting.trace_names();
        let traces =
            traces.map(|path| Stream::to_file(path, Format::of_option("--traces", path)?, &borrowed(&names)));
        Ok(Self {
            setting,
            progress,
            statistics: Statistics::new(setting.neurons(), setting.duration_ms()),
            rates: Rates::new(&setting.groups, setting.duration_ms(), setting.bin_ms()),
            envelopes: if files.plot.is_some() { setting.envelopes() } else { Vec::new() },
            curves: Vec::new(),
            raster: files.plot.is_some().then(|| Raster::new(setting.neurons())),
            spikes: spikes.transpose()?,
            traces: traces.transpose()?,
            journals: None,
            row: Vec::new(),
            failure: None,
        })
    }

    /// Opens new journals beside `checkpoint`.
    pub fn keep_journals(&mut self, checkpoint: &Path) -> Outcome<()> {
        let spikes = Journal::create(&spikes_path(checkpoint), &SPIKE_NAMES)?;
        let names = self.setting.trace_names();
        let traces = self.setting.record.as_ref();
        let traces =
            traces.map(|_| Journal::create(&traces_path(checkpoint), &borrowed(&names))).transpose()?;
        self.journals = Some(Journals { spikes, traces });
        Ok(())
    }

    /// Goes on with the journals beside `path`, which hold what `checkpoint` counted.
    pub fn continue_journals(&mut self, path: &Path, checkpoint: &Checkpoint) -> Outcome<()> {
        let spikes = Journal::go_on(&spikes_path(path), checkpoint.spikes_bytes, &SPIKE_NAMES)?;
        let names = self.setting.trace_names();
        let go_on =
            |_: &Record| Journal::go_on(&traces_path(path), checkpoint.traces_bytes, &borrowed(&names));
        let traces = self.setting.record.as_ref().map(go_on);
        self.journals = Some(Journals { spikes, traces: traces.transpose()? });
        Ok(())
    }

    /// Takes what was recorded before the checkpoint at `path`.
    pub fn replay(&mut self, path: &Path, checkpoint: &Checkpoint) -> Outcome<()> {
        let neurons = self.setting.neurons();
        let spikes = spikes_path(path);
        replay(&spikes, checkpoint.spikes_bytes, 2, |row| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index, checked")]
            let neuron = row[0] as usize;
            if neuron >= neurons || neuron as f64 != row[0] || row[1].is_nan() || row[1] < 0.0 {
                let path = spikes.display();
                return Err(Failure::work(format!("{path}: is damaged: no spike is {row:?}; start over")));
            }
            self.take_spike(neuron, row[1])
        })?;
        let columns = self.setting.trace_names().len();
        if self.setting.record.is_some() {
            replay(&traces_path(path), checkpoint.traces_bytes, columns, |row| self.take_potentials(row))?;
        }
        Ok(())
    }

    /// Writes a checkpoint; everything recorded is on the disk before it.
    pub fn save<T: Precision>(&mut self, path: &Path, population: &Population<T>) -> Outcome<()> {
        let Some(journals) = &mut self.journals else { return Ok(()) };
        let spikes_bytes = journals.spikes.save()?;
        let traces_bytes = journals.traces.as_mut().map_or(Ok(0), Journal::save)?;
        let (record, population) = (self.setting.record.clone(), population.checkpoint());
        Checkpoint { spikes_bytes, traces_bytes, record, population }.write(path)
    }

    /// What went wrong while the population ran.
    pub fn failed(&mut self) -> Outcome<()> {
        self.failure.take().map_or(Ok(()), Err)
    }

    /// Closes what was recorded; the files wait to take their places.
    pub fn finish(&mut self) -> Outcome<Vec<Pending>> {
        let curve = |(neuron, envelope): (usize, Envelope<1>)| {
            let [curve] = envelope.finish();
            (neuron, curve)
        };
        self.curves = std::mem::take(&mut self.envelopes).into_iter().map(curve).collect();
        let streams = self.spikes.take().into_iter().chain(self.traces.take());
        streams.filter_map(|stream| stream.finish().transpose()).collect()
    }

    fn take_spike(&mut self, neuron: usize, time_ms: f64) -> Outcome<()> {
        let group = self.setting.group_of(neuron);
        self.statistics.add(neuron, time_ms);
        self.rates.add(group, time_ms);
        if let Some(raster) = &mut self.raster {
            raster.add(neuron, time_ms);
        }
        let row = [neuron as f64, time_ms];
        if let Some(spikes) = &mut self.spikes {
            spikes.push(&row)?;
        }
        self.journals.as_mut().map_or(Ok(()), |journals| journals.spikes.push(&row))
    }

    fn take_potentials(&mut self, row: &[f64]) -> Outcome<()> {
        for ((_, envelope), v_mv) in self.envelopes.iter_mut().zip(&row[1..]) {
            envelope.see(row[0], [*v_mv]);
        }
        if let Some(traces) = &mut self.traces {
            traces.push(row)?;
        }
        let journal = self.journals.as_mut().and_then(|journals| journals.traces.as_mut());
        journal.map_or(Ok(()), |journal| journal.push(row))
    }

    fn going_on(&mut self, outcome: Outcome<()>) -> ControlFlow<()> {
        match outcome {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                self.failure = Some(failure);
                ControlFlow::Break(())
            }
        }
    }
}

impl Recorder for Recording<'_> {
    fn spikes(&mut self, spikes: &[Spike]) -> ControlFlow<()> {
        if let Some(last) = spikes.last() {
            self.progress.at(last.step);
        }
        let outcome = spikes.iter().try_for_each(|spike| self.take_spike(spike.neuron, spike.time_ms));
        self.going_on(outcome)
    }

    fn potentials(&mut self, time_ms: f64, v_mv: &[f64]) -> ControlFlow<()> {
        let mut row = std::mem::take(&mut self.row);
        row.clear();
        row.push(time_ms);
        row.extend(v_mv);
        let outcome = self.take_potentials(&row);
        self.row = row;
        self.going_on(outcome)
    }
}

fn borrowed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// Refuses paths that can never be written, before any work.
pub fn check_files(files: &RecordingArgs) -> Outcome<()> {
    let RecordingArgs { spikes, rates, traces, .. } = files;
    for (option, path) in [("--spikes", spikes), ("--rates", rates), ("--traces", traces)] {
        if let Some(path) = path {
            Format::of_option(option, path)?;
            output::check_target(option, path)?;
        }
    }
    Ok(())
}
