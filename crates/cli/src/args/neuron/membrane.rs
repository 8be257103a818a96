//! Which membrane.

use clap::{Args, ValueEnum};
use hexad_neuro_hh::Model;

use crate::args::values::{finite, not_negative, positive};
use crate::error::{Failure, Outcome};

/// A parameter set, and what is changed in it.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Membrane")]
pub struct MembraneArgs {
    /// classic: the squid giant axon at 6.3 C with rest near -65 mV (Hodgkin and Huxley 1952); traub-miles:
    /// the hippocampal neuron of the COBA-HH benchmark (Brette et al. 2007)
    #[arg(long, value_enum, value_name = "MODEL", default_value_t = ModelKind::Classic)]
    pub model: ModelKind,
    /// Other values of C_m (uF/cm2), g_Na, g_K, g_L (mS/cm2), E_Na, E_K, E_L (mV): --set g_Na=60,E_L=-54.4
    #[arg(long, value_name = "NAME=VALUE[,...]", value_delimiter = ',', value_parser = change)]
    pub set: Vec<Change>,
    /// Temperature in C, -10 to 60: rates are 3^((C - 6.3) / 10) times as fast; --model classic only
    /// [default: 6.3]
    #[arg(long, value_name = "C", allow_hyphen_values = true, value_parser = celsius)]
    pub temperature: Option<f64>,
}

/// `--model`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ModelKind {
    Classic,
    TraubMiles,
}

/// Another value of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    parameter: Parameter,
    value: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Parameter {
    Capacitance,
    Sodium,
    Potassium,
    Leak,
    SodiumReversal,
    PotassiumReversal,
    LeakReversal,
}

impl MembraneArgs {
    /// The membrane asked for.
    pub fn membrane(&self) -> Outcome<Model> {
        let mut model = match self.model {
            ModelKind::Classic => Model::classic(),
            ModelKind::TraubMiles => Model::traub_miles(),
        };
        if let Some(celsius) = self.temperature {
            if self.model != ModelKind::Classic {
                return Err(Failure::usage(
                    "--temperature: only --model classic tells how its rates change with temperature; leave it out",
                ));
            }
            let warmed = model.at_temperature(celsius, 6.3, 3.0);
            model = warmed.map_err(|error| Failure::usage(format!("--temperature {celsius}: {error}")))?;
        }
        for change in &self.set {
            change.apply(&mut model);
        }
        Ok(model)
    }

    /// What it is, in a few words.
    pub fn words(&self) -> String {
        let name = match self.model {
            ModelKind::Classic => "Hodgkin-Huxley",
            ModelKind::TraubMiles => "Traub-Miles",
        };
        let changed = if self.set.is_empty() { "" } else { ", other values set" };
        match self.temperature {
            Some(celsius) => format!("{name} at {celsius} C{changed}"),
            None => format!("{name}{changed}"),
        }
    }
}

impl Change {
    fn apply(self, model: &mut Model) {
        let parameter = match self.parameter {
            Parameter::Capacitance => &mut model.capacitance_uf_cm2,
            Parameter::Sodium => &mut model.g_na_ms_cm2,
            Parameter::Potassium => &mut model.g_k_ms_cm2,
            Parameter::Leak => &mut model.g_l_ms_cm2,
            Parameter::SodiumReversal => &mut model.e_na_mv,
            Parameter::PotassiumReversal => &mut model.e_k_mv,
            Parameter::LeakReversal => &mut model.e_l_mv,
        };
        *parameter = self.value;
    }
}

fn change(text: &str) -> Result<Change, String> {
    let (name, value) = text.split_once('=').ok_or("use NAME=VALUE, as in g_Na=60")?;
    let (parameter, value) = match name {
        "C_m" => (Parameter::Capacitance, positive(value)?),
        "g_Na" => (Parameter::Sodium, not_negative(value)?),
        "g_K" => (Parameter::Potassium, not_negative(value)?),
        "g_L" => (Parameter::Leak, not_negative(value)?),
        "E_Na" => (Parameter::SodiumReversal, reversal(value)?),
        "E_K" => (Parameter::PotassiumReversal, reversal(value)?),
        "E_L" => (Parameter::LeakReversal, reversal(value)?),
        _ => return Err("the names are C_m, g_Na, g_K, g_L, E_Na, E_K and E_L".to_string()),
    };
    Ok(Change { parameter, value })
}

fn reversal(text: &str) -> Result<f64, String> {
    within(text, -200.0, 120.0)
}

fn celsius(text: &str) -> Result<f64, String> {
    within(text, -10.0, 60.0)
}

fn within(text: &str, low: f64, high: f64) -> Result<f64, String> {
    finite(text).and_then(|value| {
        if (low..=high).contains(&value) { Ok(value) } else { Err(format!("must be from {low} to {high}")) }
    })
}
