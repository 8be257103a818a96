//! The times as lines, as JSON and as the tables of `docs/benchmarks.md`.

use serde_json::{Value, json};

use super::Table;
use super::clock::Spread;
use super::growth::{Growth, Size};
use super::machine::Machine;
use super::memory::{self, Memory};
use super::row::{Measured, Target};

const HEADING: &str = "\
| work | ours, ms | ns an item | other, ms | ratio | must reach | | error | of a copy's speed | of the arithmetic |
|---|---|---|---|---|---|---|---|---|---|
";

/// One row of the markdown table.
pub(crate) fn line(row: &Measured, machine: &Machine) -> String {
    let ms = |spread: Option<Spread>| {
        spread.map_or(String::new(), |s| format!("{} ({})", short(1e3 * s.median), short(1e3 * s.min)))
    };
    let per_item =
        row.ours_s().map_or(String::new(), |s| format!("{:.2}", 1e9 * s.median / row.items as f64));
    let verdict = row.is_met().map_or("", |met| if met { "met" } else { "MISSED" });
    format!(
        "| {} | {} | {per_item} | {} | {} | {} | {verdict} | {} | {} | {} |",
        row.name,
        ms(row.ours_s()),
        other(row, &ms(row.others_s())),
        ratio(row),
        target(row.target),
        if row.error.is_nan() { String::new() } else { format!("{:.0e}", row.error) },
        percent(row.copy_share()),
        percent(row.flops_per_s().map(|flops| flops / machine.flops_per_s)),
    )
}

fn percent(share: Option<f64>) -> String {
    share.map_or(String::new(), |share| format!("{:.0} %", 100.0 * share))
}

fn other(row: &Measured, times: &str) -> String {
    if times.is_empty() {
        return String::new();
    }
    let at = row.bandwidth().map_or(String::new(), |rate| format!(" at {} GB/s", short(1e-9 * rate)));
    let apart = row.told.difference.map_or(String::new(), |apart| format!(", {apart:.0e} from ours"));
    let error = row.told.error.map_or(String::new(), |error| format!(", error {error:.0e}"));
    format!("{times} {}{at}{apart}{error}", row.other)
}

/// The larger over the smaller, as the target counts it, with the range over the rounds.
fn ratio(row: &Measured) -> String {
    let Some(Spread { min, median, max }) = row.ratio() else { return String::new() };
    match row.target {
        Target::AtMostTimes(_) => format!("{:.2} ({:.2} to {:.2})", 1.0 / median, 1.0 / max, 1.0 / min),
        _ => format!("{}x ({} to {}){}", short(median), short(min), short(max), free_cores(row)),
    }
}

fn free_cores(row: &Measured) -> String {
    let free = Spread::of(row.free_cores.iter().copied());
    free.map_or(String::new(), |free| format!(", {:.2} cores free", free.median))
}

fn target(target: Target) -> String {
    match target {
        Target::TimesFaster(least) | Target::OnTwoCores(least) => format!("{least}x"),
        Target::AtMostTimes(most) => format!("<= {most}"),
        Target::NsPerItem(most) => format!("<= {most} ns"),
    }
}

/// Three digits.
pub(crate) fn short(number: f64) -> String {
    match number {
        n if n >= 100.0 => format!("{n:.0}"),
        n if n >= 10.0 => format!("{n:.1}"),
        n if n >= 0.1 => format!("{n:.2}"),
        n => format!("{n:.4}"),
    }
}

/// The tables of one crate.
pub(crate) fn section(table: &Table, machine: &Machine) -> String {
    let rows: String = table.rows.iter().map(|row| line(row, machine) + "\n").collect();
    format!(
        "{}{}\n\n{HEADING}{rows}{}{}",
        on(machine),
        table.peers.iter().map(|peer| format!(" Peers: {peer}.")).collect::<String>(),
        table.memory.map_or(String::new(), memory_line),
        table.growth.as_ref().map_or(String::new(), growth),
    )
}

pub(crate) fn on(machine: &Machine) -> String {
    format!(
        "{}, {}, {} cores; one core reads and writes {} GB/s and does {} Gflop/s in f64.",
        machine.date,
        machine.processor,
        machine.cores,
        short(1e-9 * machine.bytes_per_s),
        short(1e-9 * machine.flops_per_s)
    )
}

fn memory_line(Memory { ours, other }: Memory) -> String {
    let own = format!("\n{}: {} MB", memory::NAME, short(1e-6 * ours));
    let Some(other) = other else { return own + "\n" };
    let verdict = if ours <= memory::MOST * other { "met" } else { "MISSED" };
    let (share, most) = (short(100.0 * ours / other), 100.0 * memory::MOST);
    format!("{own}, {share} % of SciPy's {} MB; must be <= {most} %: {verdict}\n", short(1e-6 * other))
}

fn growth(growth: &Growth) -> String {
    let rows: String = growth.sizes.iter().map(|size| growth_line(*size) + "\n").collect();
    format!(
        "\n{}, plan included, each size in a fresh process; time grows as the number of {} to the power {:.2}:\n\n\
         | {} | ms | ns for one | peak memory, bytes for one |\n|---|---|---|---|\n{rows}",
        growth.what,
        growth.items,
        growth.exponent(),
        growth.items,
    )
}

fn growth_line(size: Size) -> String {
    let len = size.len as f64;
    let bytes = size.peak_bytes.map_or(String::new(), |bytes| format!("{:.1}", bytes / len));
    format!("| {} | {} | {:.2} | {bytes} |", size.len, short(1e3 * size.cpu_s), 1e9 * size.cpu_s / len)
}

/// The same for programs.
pub(crate) fn json(table: &Table) -> Value {
    let size = |size: &Size| json!({ "len": size.len, "cpu_s": size.cpu_s, "peak_bytes": size.peak_bytes });
    json!({
        "peers": table.peers,
        "rows": table.rows.iter().map(row_json).collect::<Vec<_>>(),
        "growth": table.growth.as_ref().map(|growth| json!({
            "what": growth.what, "items": growth.items, "exponent": growth.exponent(),
            "sizes": growth.sizes.iter().map(size).collect::<Vec<_>>(),
        })),
        "memory": table.memory.map(|found| json!({
            "name": memory::NAME, "ours_bytes": found.ours, "other_bytes": found.other, "most_share": memory::MOST,
        })),
    })
}

fn row_json(row: &Measured) -> Value {
    let wall = |times: &[super::clock::Time]| Spread::of(times.iter().map(|time| time.wall_s));
    json!({
        "name": row.name,
        "items": row.items,
        "error": row.error,
        "ours_cpu_s": row.ours_s().map(spread),
        "ours_wall_s": wall(&row.ours).map(spread),
        "other": row.other,
        "other_cpu_s": row.others_s().map(spread),
        "other_wall_s": wall(&row.others).map(spread),
        "ratio": row.ratio().map(spread),
        "must_reach": target(row.target),
        "met": row.is_met(),
        "copy_share": row.copy_share(),
        "flops_per_s": row.flops_per_s(),
        "difference": row.told.difference,
        "other_error": row.told.error,
        "other_bytes_per_s": row.bandwidth(),
        "free_cores": Spread::of(row.free_cores.iter().copied()).map(spread),
    })
}

pub(crate) fn spread(spread: Spread) -> Value {
    json!({ "min": spread.min, "median": spread.median, "max": spread.max })
}
