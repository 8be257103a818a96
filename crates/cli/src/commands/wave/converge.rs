//! `hexad wave converge`.

mod balance;
mod figure;
mod history;
mod judged;
mod setting;
mod summary;

use std::time::Instant;

use hexad_pde_leapfrog::{Study, converge_by_richardson_watched, converge_watched};

use crate::args::wave::converge::{ConvergeArgs, ErrorKind};
use crate::error::Outcome;
use crate::output::Pending;
use crate::progress::Progress;
use crate::table::{Column, Table};
use crate::targets::Targets;
use crate::threads;
use figure::figure;
use history::History;
use judged::Judgement;
use setting::Setting;
use summary::Summary;

/// Steps of the progress bar.
const SHARES: u64 = 1000;

/// Runs the grids, compares, writes, reports.
pub fn run(args: &ConvergeArgs) -> Outcome<()> {
    let started = Instant::now();
    let targets = Targets::check(args.out.as_deref(), args.plot.as_deref(), &args.running)?;
    let setting = Setting::new(args)?;
    setting.check_memory()?;
    threads::set(args.running.threads)?;
    let progress = Progress::new(args.running.quiet);
    let study = study(&setting, &progress)?;

    progress.step("writing", 0);
    let judgement = Judgement::new(&setting, &study);
    let plot = targets.draw(|| {
        let history = match setting.error_by {
            ErrorKind::Exact => Some(History::new(&setting, &study)?),
            ErrorKind::Richardson => None,
        };
        Ok(figure(&setting, &study, &judgement, history))
    })?;
    let table = targets.write(|| result_table(&study))?;
    plot.into_iter().chain(table).try_for_each(Pending::commit)?;
    drop(progress);
    let summary = Summary::new(&setting, &study, judgement, targets.written());
    targets.report("wave converge", started, &args.running, &summary)
}

fn study(setting: &Setting, progress: &Progress) -> Outcome<Study> {
    let model = |cells| setting.model(cells);
    let (solution, options) = (&setting.solution, &setting.options);
    progress.step("stepping", SHARES);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of them")]
    let watch = |share: f64| progress.at((SHARES as f64 * share) as u64);
    let study = match setting.error_by {
        ErrorKind::Exact => converge_watched(solution, model, options, &watch),
        ErrorKind::Richardson => converge_by_richardson_watched(solution, model, options, &watch),
    };
    study.map_err(|error| setting.refused(&error))
}

fn result_table(study: &Study) -> Table {
    let rows = || study.rows.iter();
    let column =
        |name: &str, values: Vec<f64>| Column { name: name.to_string(), values, ..Column::default() };
    Table::from(vec![
        column("cells", rows().map(|row| row.cells as f64).collect()),
        column("dx", rows().map(|row| row.dx).collect()),
        column("dt", rows().map(|row| row.dt).collect()),
        column("steps", rows().map(|row| row.steps as f64).collect()),
        column("error_p", rows().map(|row| row.error_p.get(study.norm)).collect()),
        column("error_u", rows().map(|row| row.error_u.get(study.norm)).collect()),
        column("order_p", rows().map(|row| row.order_p.unwrap_or(f64::NAN)).collect()),
        column("order_u", rows().map(|row| row.order_u.unwrap_or(f64::NAN)).collect()),
    ])
}
