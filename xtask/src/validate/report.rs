//! The findings as one page and as JSON.

use serde_json::{Value, json};

use super::chart::escape;
use super::claim::{Bound, Claim, Findings, Measured, Number};
use super::picture::Picture;

/// One page, readable offline: table first, then each claim in words with its figures.
pub(crate) fn page(systems: &[Findings]) -> String {
    let claims = || systems.iter().flat_map(|system| &system.claims);
    let (count, kept) = (claims().count(), claims().filter(|measured| measured.holds()).count());
    let rows: String = systems.iter().map(rows).collect();
    let sections: String = systems.iter().map(section).collect();
    let (class, summary) = if kept == count {
        ("holds", format!("All {count} claims hold on this machine."))
    } else {
        ("fails", format!("{} of {count} claims fail on this machine.", count - kept))
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>hexad: what it claims, measured</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>hexad: what it claims, measured</h1>\n<p class=\"lead {class}\">{summary}</p>\n\
         <p>Each claim has a definition, a number measured by <code>cargo xtask validate</code>, and a bound \
         that the number must keep. Times are information and decide nothing.</p>\n\
         <div class=\"wide\"><table>\n<thead><tr><th>claim<th class=\"number\">measured<th>bound<th>verdict</tr></thead>\n\
         <tbody>\n{rows}</tbody></table></div>\n{sections}</body>\n</html>\n"
    )
}

fn rows(findings: &Findings) -> String {
    let title = escape(findings.system.title);
    let heading = format!("<tr class=\"system\"><th colspan=\"4\">{title}</tr>\n");
    let row = |measured: &Measured| {
        let (value, bound) = match &measured.outcome {
            Ok(claim) => (Number(claim.measured).to_string(), claim.bound.to_string()),
            Err(error) => (String::new(), error.to_string()),
        };
        format!(
            "<tr><td><a href=\"#{}\">{}</a><td class=\"number\">{}<td>{}<td class=\"{}\">{}</tr>\n",
            anchor(measured.name),
            escape(measured.name),
            escape(&value),
            escape(&bound),
            measured.verdict().to_lowercase(),
            measured.verdict()
        )
    };
    findings.claims.iter().map(row).fold(heading, |text, row| text + &row)
}

fn section(findings: &Findings) -> String {
    let claims: String = findings.claims.iter().map(article).collect();
    let (title, about) = (escape(findings.system.title), escape(findings.system.about));
    format!("<h2>{title}</h2>\n<p>{about}</p>\n{claims}")
}

fn article(measured: &Measured) -> String {
    let body = match &measured.outcome {
        Ok(claim) => details(claim),
        Err(error) => format!("<p>Could not be measured: {}</p>\n", escape(&error.to_string())),
    };
    format!(
        "<article id=\"{}\">\n<h3>{} <span class=\"{}\">{}</span></h3>\n{body}</article>\n",
        anchor(measured.name),
        escape(measured.name),
        measured.verdict().to_lowercase(),
        measured.verdict()
    )
}

fn details(claim: &Claim) -> String {
    let paragraph = |class: &str, text: &str| match text {
        "" => String::new(),
        _ => format!("<p class=\"{class}\">{}</p>\n", escape(text)),
    };
    let notes: String = claim.notes.iter().map(|note| format!("<li>{}</li>\n", escape(note))).collect();
    let notes = if notes.is_empty() { notes } else { format!("<ul>\n{notes}</ul>\n") };
    let charts: String =
        claim.charts.iter().map(|chart| format!("<figure>{}</figure>\n", chart.to_svg())).collect();
    let pictures: String = claim.pictures.iter().map(Picture::to_html).collect();
    let pictures =
        if pictures.is_empty() { pictures } else { format!("<div class=\"maps\">\n{pictures}</div>\n") };
    let result = format!("Measured {}; bound {}.", Number(claim.measured), claim.bound);
    [
        paragraph("says", claim.says),
        paragraph("formula", claim.formula),
        paragraph("result", &result),
        notes,
        charts,
        pictures,
        paragraph("source", claim.source),
    ]
    .concat()
}

fn anchor(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// The same, for programs.
pub(crate) fn json(systems: &[Findings]) -> Value {
    let claims = systems
        .iter()
        .flat_map(|findings| findings.claims.iter().map(|measured| json_of(findings.system.title, measured)));
    json!({
        "holds": systems.iter().flat_map(|system| &system.claims).all(Measured::holds),
        "claims": claims.collect::<Vec<Value>>(),
    })
}

fn json_of(system: &str, measured: &Measured) -> Value {
    let mut value = json!({
        "system": system,
        "name": measured.name,
        "holds": measured.holds(),
        "elapsed_s": measured.elapsed_s,
    });
    match &measured.outcome {
        Ok(claim) => {
            value["definition"] = json!(claim.says);
            value["formula"] = json!(claim.formula);
            value["source"] = json!(claim.source);
            value["measured"] = json!(claim.measured);
            value["bound"] = match claim.bound {
                Bound::AtMost(most) => json!({ "at_most": most }),
                Bound::Between(low, high) => json!({ "from": low, "to": high }),
            };
            value["notes"] = json!(claim.notes);
        }
        Err(error) => value["error"] = json!(error.to_string()),
    }
    value
}

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1c2126; --soft: #5b6670; --paper: #fdfdfb; --rule: #dcdfe2;
  --good: #14713d; --bad: #b3261e; --c0: #8a97a3; --c1: #c2410c; --c2: #1d5fa8; --c3: #14713d; --c4: #7b3fa0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e6e8; --soft: #9aa5ae; --paper: #14181b; --rule: #2d353b;
  --good: #5ccb8b; --bad: #ff8a80; --c0: #77838d; --c1: #fb923c; --c2: #6cb1f5; --c3: #5ccb8b; --c4: #c792ea; } }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 52rem; margin: 2.5rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.7rem; } h2 { margin-top: 3rem; border-bottom: 1px solid var(--rule); padding-bottom: .3rem; }
h3 { margin: 2.4rem 0 .4rem; font-size: 1.08rem; }
.lead { font-size: 1.15rem; font-weight: 600; }
.holds { color: var(--good); } .fails { color: var(--bad); }
h3 span { font-size: .8rem; margin-left: .5rem; text-transform: uppercase; letter-spacing: .05em; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { text-align: left; padding: .32rem .6rem .32rem 0; border-bottom: 1px solid var(--rule); }
td.number, td:nth-child(3) { white-space: nowrap; } .number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 1.2rem; }
tr.system th { padding-top: 1.2rem; } a { color: inherit; text-decoration-color: var(--soft); }
.formula { font-family: ui-monospace, monospace; font-size: .92rem; margin-left: 1.2rem; }
.source, li { color: var(--soft); font-size: .88rem; } .says { margin: .2rem 0; }
.result { font-variant-numeric: tabular-nums; }
figure { margin: 1rem 0; overflow-x: auto; } svg { width: 100%; min-width: 32rem; height: auto; }
.maps { display: flex; flex-wrap: wrap; gap: 1rem; } .map { flex: 1 1 11rem; max-width: 18rem; margin: 0; }
.map img { width: 100%; aspect-ratio: 1; image-rendering: pixelated; } figcaption { color: var(--soft); font-size: .88rem; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .title { font-weight: 600; font-size: 13px; }
svg .tick { fill: var(--soft); font-size: 11px; } .middle { text-anchor: middle; } .end { text-anchor: end; }
.grid { stroke: var(--rule); stroke-width: 1; fill: none; }
.s0, .s1, .s2, .s3, .s4 { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
.s0 { stroke: var(--c0); } .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); } .s3 { stroke: var(--c3); } .s4 { stroke: var(--c4); }
.f0 { fill: var(--c0); } .f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c3); } .f4 { fill: var(--c4); }
";
