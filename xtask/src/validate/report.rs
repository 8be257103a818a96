//! The findings as one page and as JSON.

use serde_json::{Value, json};

use super::chart::{Chart, escape};
use super::claim::{Bound, Claim, Effort, Findings, Measured, Number, Part, Verdict};
use super::picture::Picture;
use super::style::STYLE;

/// One page, readable offline: table first, then each claim in words with its figures. What differs from run to run is
/// in elements of the class `time`.
pub(crate) fn page(findings: &Findings) -> String {
    let rows: String = findings.systems.iter().map(rows).collect();
    let sections: String = findings.systems.iter().map(section).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>hexad: what it claims, measured</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>hexad: what it claims, measured</h1>\n{}\
         <p>Each claim has a definition, a number measured by <code>cargo xtask validate</code>, and a bound \
         that the number must keep. Times are information and decide nothing.</p>\n\
         <table class=\"claims\">\n<thead><tr><th>claim<th>definition<th class=\"number\">measured<th>bound<th>verdict\
         <th class=\"number\">time</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n{sections}</body>\n</html>\n",
        lead(findings)
    )
}

/// How it stands, and what was not measured.
fn lead(findings: &Findings) -> String {
    let (failed, idle) = (findings.count(Verdict::Fails), findings.count(Verdict::NotRun));
    let run = findings.claims().count() - idle;
    let (class, summary) = if failed == 0 {
        ("holds", format!("All {run} claims measured hold on this machine."))
    } else {
        ("fails", format!("{failed} of {run} claims fail on this machine."))
    };
    let mut text = format!("<p class=\"lead {class}\">{summary}</p>\n");
    if findings.effort == Effort::Quick {
        let less = findings.claims().filter(|measured| measured.less.is_some()).count();
        text += &format!(
            "<p>A quick run: {less} claims were measured on less than they say, as noted there, and {idle} not at all.</p>\n"
        );
    }
    if !findings.left_out.is_empty() {
        text += &format!("<p>Not asked for: {}.</p>\n", findings.left_out.join(", "));
    }
    text
}

fn rows(part: &Part) -> String {
    let time: f64 = part.claims.iter().map(|measured| measured.elapsed_s).sum();
    let heading = format!(
        "<tr class=\"system\"><th colspan=\"5\"><a href=\"#{}\">{}</a><td class=\"time number\">{time:.2} s</tr>\n",
        part.system.name,
        escape(part.system.title)
    );
    part.claims.iter().map(|measured| row(part.system.name, measured)).fold(heading, |text, row| text + &row)
}

fn row(system: &str, measured: &Measured) -> String {
    let [value, bound] = measured.shown();
    let (verdict, name) = (measured.verdict(), escape(measured.name));
    let definition =
        measured.outcome.as_ref().and_then(|outcome| outcome.as_ref().ok()).map_or("", Claim::definition);
    let name = match verdict {
        Verdict::NotRun => name,
        _ => format!("<a href=\"#{}\">{name}</a>", anchor(system, measured)),
    };
    format!(
        "<tr><td class=\"name\">{name}<td class=\"definition\">{}{}<td class=\"number measured\">{}<td class=\"bound\">{}\
         <td class=\"{}\">{}<td class=\"time number\">{}</tr>\n",
        escape(definition),
        less(measured),
        escape(&value),
        escape(&bound),
        verdict.class(),
        verdict.name(),
        if verdict == Verdict::NotRun { String::new() } else { format!("{:.2} s", measured.elapsed_s) }
    )
}

fn less(measured: &Measured) -> String {
    measured.less.map(|less| format!(" <em>Here: {}.</em>", escape(less))).unwrap_or_default()
}

fn section(part: &Part) -> String {
    let system = &part.system;
    let run = part.claims.iter().filter(|measured| measured.verdict() != Verdict::NotRun);
    let claims: String = run.map(|measured| article(system.name, measured)).collect();
    format!(
        "<section>\n<h2 id=\"{}\">{}</h2>\n<p class=\"question\">{}</p>\n<p><b>What the usual answer gets wrong.</b> {}</p>\n\
         <p><b>What hexad does.</b> {}</p>\n{claims}</section>\n",
        system.name,
        escape(system.title),
        escape(system.question),
        escape(system.usual),
        escape(system.about)
    )
}

/// One claim in words with its figures.
pub(crate) fn article(system: &str, measured: &Measured) -> String {
    let body = match &measured.outcome {
        Some(Ok(claim)) => details(claim, &less(measured)),
        Some(Err(error)) => format!("<p>Could not be measured: {}</p>\n", escape(&error.to_string())),
        None => String::new(),
    };
    format!(
        "<article id=\"{}\">\n<h3>{} <span class=\"{}\">{}</span></h3>\n{body}</article>\n",
        anchor(system, measured),
        escape(measured.name),
        measured.verdict().class(),
        measured.verdict().name()
    )
}

fn details(claim: &Claim, less: &str) -> String {
    let paragraph = |class: &str, text: &str| match text {
        "" => String::new(),
        _ => format!("<p class=\"{class}\">{}</p>\n", escape(text)),
    };
    let pictures: String = claim.pictures.iter().map(Picture::to_html).collect();
    [
        paragraph("says", claim.says),
        paragraph("formula", claim.formula),
        format!(
            "<p class=\"result\">Measured {}; bound {}.{less}</p>\n",
            Number(claim.measured),
            escape(&claim.bound.to_string())
        ),
        list(&claim.notes),
        figures(&claim.charts),
        within("maps", &pictures),
        within("time", &(list(&claim.times) + &figures(&claim.time_charts))),
        paragraph("source", claim.source),
    ]
    .concat()
}

fn list(notes: &[String]) -> String {
    let items: String = notes.iter().map(|note| format!("<li>{}</li>\n", escape(note))).collect();
    if items.is_empty() { items } else { format!("<ul>\n{items}</ul>\n") }
}

fn figures(charts: &[Chart]) -> String {
    within("charts", &charts.iter().map(Chart::to_html).collect::<String>())
}

fn within(class: &str, html: &str) -> String {
    if html.is_empty() { String::new() } else { format!("<div class=\"{class}\">\n{html}</div>\n") }
}

/// Two systems may have claims of one name.
fn anchor(system: &str, measured: &Measured) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    format!("{system}-{}", measured.name.chars().map(letter).collect::<String>())
}

/// The same, for programs.
pub(crate) fn json(findings: &Findings) -> Value {
    let claims = findings
        .systems
        .iter()
        .flat_map(|part| part.claims.iter().map(|measured| json_of(part.system.name, measured)));
    json!({
        "holds": findings.count(Verdict::Fails) == 0,
        "quick": findings.effort == Effort::Quick,
        "left_out": findings.left_out,
        "claims": claims.collect::<Vec<Value>>(),
    })
}

/// The same of one claim.
pub(crate) fn json_of(system: &str, measured: &Measured) -> Value {
    let mut value = json!({
        "system": system,
        "name": measured.name,
        "verdict": measured.verdict().name().to_lowercase(),
    });
    if let Some(less) = measured.less {
        value["measured_on"] = json!(less);
    }
    match &measured.outcome {
        Some(Ok(claim)) => {
            value["claim"] = json!(claim.says);
            value["definition"] = json!(claim.definition());
            value["formula"] = json!(claim.formula);
            value["source"] = json!(claim.source);
            value["measured"] = json!(claim.measured);
            value["bound"] = match claim.bound {
                Bound::AtMost(most) => json!({ "at_most": most }),
                Bound::Between(low, high) => json!({ "from": low, "to": high }),
            };
            value["notes"] = json!(claim.notes);
            value["times"] = json!(claim.times);
        }
        Some(Err(error)) => value["error"] = json!(error.to_string()),
        None => return value,
    }
    value["elapsed_s"] = json!(measured.elapsed_s);
    value
}
