//! `hexad wave run`.

use crate::args::wave::run::RunArgs;
use crate::error::Outcome;
use crate::keys::Source;

/// Reads the model.
pub fn run(args: &RunArgs) -> Outcome<()> {
    let source = Source::read(&args.config)?;
    source.parse().map(|_| ())
}
