//! Options of `hexad neuron run`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hexad_neuro_hh::{Current, Integrator, NeuronOptions, PoissonGroup, State, Synapse};

use super::bombardment::SourceArgs;
use super::current::{self, Term};
use super::integrator::IntegratorKind;
use super::membrane::MembraneArgs;
use super::threshold::ThresholdArgs;
use crate::args::{Running, values};
use crate::error::{Failure, Outcome};

const EXAMPLES: &str = "\
Units: ms, mV, uA/cm2, mS/cm2, uF/cm2, Hz; outward currents are positive. The trace holds
t, V, m, h, n, I_Na, I_K, I_L. Orders of the integrators: euler 1 (the question's), exponential 1,
strang 2, staggered 2, rk4 4, auto 4 (rk4, halved until spike times stand still). A V outside -200
to 120 mV ends the run with exit code 1; files then hold what came before.

Examples:
  hexad neuron run --out trace.csv --spikes spikes.csv --plot neuron.png
  hexad neuron run --current 10 --excitatory 0 --inhibitory 0 --integrator rk4 --json";

/// One neuron.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    /// How long, in ms, to the nearest step
    #[arg(long, help_heading = "Time", value_name = "MS", default_value_t = 300.0, allow_hyphen_values = true, value_parser = values::positive)]
    pub duration: f64,
    /// Step, in ms; one that is too long for the integrator is refused
    #[arg(long, help_heading = "Time", value_name = "MS", default_value_t = 0.01, allow_hyphen_values = true, value_parser = values::positive)]
    pub dt: f64,
    /// How V and the gates are stepped; orders below
    #[arg(long, help_heading = "Time", value_enum, value_name = "SCHEME", default_value_t = IntegratorKind::Staggered)]
    pub integrator: IntegratorKind,
    /// Largest error of a spike time, in ms, of --integrator auto [default: 1e-6]
    #[arg(long, help_heading = "Time", value_name = "MS", allow_hyphen_values = true, value_parser = values::positive)]
    pub tolerance: Option<f64>,
    /// Start at rest, and not in the question's state: V -65, m 0.05, h 0.6, n 0.32
    #[arg(long, help_heading = "Time")]
    pub rest: bool,

    #[command(flatten)]
    pub membrane: MembraneArgs,

    #[allow(rustdoc::broken_intra_doc_links, reason = "the brackets are of the help")]
    /// Injected current, in uA/cm2: I, step=I,FROM[,UNTIL], ramp=I,FROM,UNTIL (ms) or sine=I,HZ; given
    /// several times, their sum
    #[arg(long, help_heading = "Input", value_name = "I", default_value = "3", allow_hyphen_values = true, value_parser = current::term)]
    pub current: Vec<Term>,
    /// Excitatory sources, each a Poisson train
    #[arg(long, help_heading = "Input", value_name = "N", default_value_t = 80, allow_hyphen_values = true, value_parser = values::sources)]
    pub excitatory: usize,
    /// Inhibitory sources, each a Poisson train
    #[arg(long, help_heading = "Input", value_name = "N", default_value_t = 20, allow_hyphen_values = true, value_parser = values::sources)]
    pub inhibitory: usize,
    #[command(flatten)]
    pub sources: SourceArgs,
    /// delta: a spike moves V by its weight; seed: the question's program, in which the weight is a current
    /// for one step, so that V moves by weight * dt only
    #[arg(long, help_heading = "Input", value_enum, value_name = "KIND", default_value_t = SynapseKind::Delta)]
    pub synapse: SynapseKind,
    /// Seed of the spike trains
    #[arg(long, help_heading = "Input", value_name = "N", default_value_t = 0, allow_hyphen_values = true, value_parser = values::seed)]
    pub seed: u64,

    #[command(flatten)]
    pub threshold: ThresholdArgs,

    /// Write the trace: .csv, .parquet or .npy, or - for CSV on standard output
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Write every K-th step of the trace
    #[arg(long, help_heading = "Output", value_name = "K", default_value_t = 1, allow_hyphen_values = true, value_parser = values::every)]
    pub every: u64,
    /// Write the times of the spikes: .csv, .parquet or .npy
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub spikes: Option<PathBuf>,
    /// Draw voltage, currents, gates and arrivals: .png or .svg
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub plot: Option<PathBuf>,

    #[command(flatten)]
    pub running: Running,
}

/// `--synapse`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SynapseKind {
    Delta,
    Seed,
}

impl RunArgs {
    /// What the library is asked for.
    pub fn options(&self) -> Outcome<NeuronOptions> {
        let synapse = match self.synapse {
            SynapseKind::Delta => Synapse::Delta,
            SynapseKind::Seed => Synapse::Seed,
        };
        let mut options = NeuronOptions::default()
            .with_integrator(self.scheme()?)
            .with_current(self.injected())
            .with_poisson(self.groups())
            .with_synapse(synapse)
            .with_threshold(self.threshold.threshold()?)
            .with_seed(self.seed);
        if !self.rest {
            options = options.with_start(State::QUESTION);
        }
        Ok(options)
    }

    /// The injected current.
    pub fn injected(&self) -> Current {
        current::total(&self.current)
    }

    /// The trains that arrive: excitatory, inhibitory.
    pub fn groups(&self) -> Vec<PoissonGroup> {
        self.sources.groups(self.excitatory, self.inhibitory)
    }

    /// How far an excitatory and an inhibitory spike move V, in mV.
    pub fn jumps_mv(&self) -> [f64; 2] {
        let SourceArgs { weight, inhibitory_scale, .. } = self.sources;
        let share = match self.synapse {
            SynapseKind::Delta => 1.0,
            SynapseKind::Seed => self.dt,
        };
        [share * weight, -share * inhibitory_scale * weight]
    }

    fn scheme(&self) -> Outcome<Integrator> {
        if self.tolerance.is_some() && self.integrator != IntegratorKind::Auto {
            return Err(Failure::usage(
                "--tolerance is about --integrator auto; choose that, or leave the tolerance out",
            ));
        }
        Ok(self.integrator.integrator(self.tolerance.unwrap_or(1e-6)))
    }
}
