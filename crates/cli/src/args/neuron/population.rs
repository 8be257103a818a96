//! Options of `hexad neuron population`.

use clap::{Args, ValueEnum};
use hexad_neuro_hh::{Model, PoissonGroup, PopulationOptions, Record, State, Waveform};

use super::bombardment::SourceArgs;
use super::current::{self, Term};
use super::membrane::MembraneArgs;
use super::recording::{CheckpointArgs, Neurons, RecordingArgs, neurons};
use super::threshold::ThresholdArgs;
use crate::args::{Running, values};
use crate::error::{Failure, Outcome};

const EXAMPLES: &str = "\
Neurons are alike but for their spike trains and --sweep, and start at rest. Units: ms, mV,
uA/cm2, Hz. --out has the columns neuron, current (what is constant of it), spikes, rate_hz,
isi_cv. The integrator is staggered, of order 2. A V outside -200 to 120 mV ends the run with
exit code 1; files then hold what came before.

Examples:
  hexad neuron population --neurons 1024 --duration 300 --spikes spikes.csv --plot population.png
  hexad neuron population --neurons 500 --inputs 0 --current 0 --sweep 0..50 --out rates.csv --json";

/// Many neurons.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PopulationArgs {
    /// Neurons
    #[arg(long, help_heading = "Size", value_name = "N", default_value_t = 4096, allow_hyphen_values = true, value_parser = values::count)]
    pub neurons: usize,
    /// How long, in ms, to the nearest step
    #[arg(long, help_heading = "Size", value_name = "MS", default_value_t = 1000.0, allow_hyphen_values = true, value_parser = values::positive)]
    pub duration: f64,
    /// Step, in ms; one that is too long is refused
    #[arg(long, help_heading = "Size", value_name = "MS", default_value_t = 0.025, allow_hyphen_values = true, value_parser = values::positive)]
    pub dt: f64,
    /// Numbers of 64 or 32 bits: the latter are about twice as fast, and move spikes by less than the step does
    #[arg(long, help_heading = "Size", value_enum, value_name = "BITS", default_value_t = PrecisionKind::F64)]
    pub precision: PrecisionKind,

    #[command(flatten)]
    pub membrane: MembraneArgs,

    /// Sources of each neuron, each a Poisson train: four fifths excite, as in the question
    #[arg(long, help_heading = "Input", value_name = "N", default_value_t = 128, allow_hyphen_values = true, value_parser = values::sources)]
    pub inputs: usize,
    /// Excitatory sources of each neuron, instead of --inputs [default: 0 with --inhibitory]
    #[arg(long, help_heading = "Input", value_name = "N", conflicts_with = "inputs", allow_hyphen_values = true, value_parser = values::sources)]
    pub excitatory: Option<usize>,
    /// Inhibitory sources of each neuron, instead of --inputs [default: 0 with --excitatory]
    #[arg(long, help_heading = "Input", value_name = "N", conflicts_with = "inputs", allow_hyphen_values = true, value_parser = values::sources)]
    pub inhibitory: Option<usize>,
    #[command(flatten)]
    pub sources: SourceArgs,
    #[allow(rustdoc::broken_intra_doc_links, reason = "the brackets are of the help")]
    /// Current into every neuron, in uA/cm2: I, step=I,FROM[,UNTIL], ramp=I,FROM,UNTIL (ms) or sine=I,HZ;
    /// given several times, their sum
    #[arg(long, help_heading = "Input", value_name = "I", default_value = "3", allow_hyphen_values = true, value_parser = current::term)]
    pub current: Vec<Term>,
    /// A constant current in addition, in uA/cm2: FROM into the first neuron, TO into the last, even steps
    /// between
    #[arg(long, help_heading = "Input", value_name = "FROM..TO", allow_hyphen_values = true, value_parser = sweep)]
    pub sweep: Option<(f64, f64)>,
    /// Seed of the spike trains
    #[arg(long, help_heading = "Input", value_name = "N", default_value_t = 0)]
    pub seed: u64,

    #[command(flatten)]
    pub threshold: ThresholdArgs,

    #[command(flatten)]
    pub files: RecordingArgs,
    /// Neurons whose V goes to --traces and, of the first three, to --plot, as in 0,5,10..20; the first is 0
    #[arg(long, help_heading = "Output", value_name = "LIST", value_parser = neurons)]
    pub record: Option<Neurons>,
    /// Every how many steps V is recorded [default: 1]
    #[arg(long, help_heading = "Output", value_name = "K", requires = "record", allow_hyphen_values = true, value_parser = values::every)]
    pub record_every: Option<u64>,

    #[command(flatten)]
    pub checkpoints: CheckpointArgs,
    #[command(flatten)]
    pub running: Running,
}

/// `--precision`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PrecisionKind {
    F64,
    F32,
}

impl PrecisionKind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
        }
    }
}

impl PopulationArgs {
    /// Excitatory and inhibitory sources of each neuron.
    pub fn source_counts(&self) -> (usize, usize) {
        match (self.excitatory, self.inhibitory) {
            (None, None) => {
                let inhibitory = (self.inputs + 2) / 5;
                (self.inputs - inhibitory, inhibitory)
            }
            (excitatory, inhibitory) => (excitatory.unwrap_or(0), inhibitory.unwrap_or(0)),
        }
    }

    /// The trains that arrive at each neuron.
    pub fn groups(&self) -> Vec<PoissonGroup> {
        let (excitatory, inhibitory) = self.source_counts();
        self.sources.groups(excitatory, inhibitory)
    }

    /// Whose potentials are recorded.
    pub fn record(&self) -> Outcome<Option<Record>> {
        let Some(Neurons(neurons)) = &self.record else {
            return match &self.files.traces {
                None => Ok(None),
                Some(path) => Err(Failure::usage(format!(
                    "--traces {}: whose? add --record, as in --record 0,5,10..20",
                    path.display()
                ))),
            };
        };
        if let Some(neuron) = neurons.iter().find(|neuron| **neuron >= self.neurons) {
            return Err(Failure::usage(format!(
                "--record {neuron}: there are {} neurons, the first is 0; choose among them",
                self.neurons
            )));
        }
        Ok(Some(Record { neurons: neurons.clone(), every: self.record_every.unwrap_or(1) }))
    }

    /// The current of each neuron's own, in uA/cm2; empty if all have the same.
    pub fn own_currents(&self) -> Vec<f64> {
        let Some((from, to)) = self.sweep else { return Vec::new() };
        let last = (self.neurons - 1).max(1) as f64;
        (0..self.neurons).map(|neuron| from + (to - from) * (neuron as f64 / last)).collect()
    }

    /// What flows into every neuron all the time, in uA/cm2.
    pub fn constant_current(&self) -> f64 {
        let constant = |term: &Term| match term.waveform {
            Waveform::Constant(current) => current,
            _ => 0.0,
        };
        self.current.iter().map(constant).sum()
    }

    /// What the library is asked for.
    pub fn options(&self, model: &Model) -> Outcome<PopulationOptions> {
        let start: State = model.resting_state();
        let mut options = PopulationOptions::default()
            .with_start(start)
            .with_current(current::total(&self.current))
            .with_currents(self.own_currents())
            .with_poisson(self.groups())
            .with_threshold(self.threshold.threshold()?)
            .with_seed(self.seed);
        options.record = self.record()?;
        Ok(options)
    }
}

/// `FROM..TO`.
fn sweep(text: &str) -> Result<(f64, f64), String> {
    let (from, to) = text.split_once("..").ok_or("use FROM..TO, as in 0..50")?;
    Ok((values::finite(from)?, values::finite(to)?))
}
