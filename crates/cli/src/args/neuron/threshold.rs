//! What counts as a spike.

use clap::Args;
use hexad_neuro_hh::Threshold;

use crate::args::values;
use crate::error::{Failure, Outcome};

/// Crossings that count.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Spikes")]
pub struct ThresholdArgs {
    /// A spike is an upward crossing of this V, in mV
    #[arg(long, value_name = "MV", default_value_t = 0.0, allow_hyphen_values = true, value_parser = values::finite)]
    pub threshold: f64,
    /// After a spike V must have been below this, in mV, before another counts [default: -30, or the
    /// threshold if that is lower]
    #[arg(long, value_name = "MV", allow_hyphen_values = true, value_parser = values::finite)]
    pub rearm: Option<f64>,
}

impl ThresholdArgs {
    /// As the library takes it.
    pub fn threshold(&self) -> Outcome<Threshold> {
        let level_mv = self.threshold;
        let rearm_mv = self.rearm.unwrap_or(level_mv.min(-30.0));
        if rearm_mv > level_mv {
            return Err(Failure::usage(format!(
                "--rearm {rearm_mv}: is above the threshold, {level_mv} mV; give a lower one"
            )));
        }
        Ok(Threshold { level_mv, rearm_mv })
    }
}
