//! Links and pictures of the documentation: what they name is there.

use std::error::Error;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::step::all_well;
use crate::workspace::root;

/// Checks every link of every Markdown file that leads into the workspace.
pub(crate) fn check() -> Outcome {
    let mut complaints = Vec::new();
    for page in pages(root())? {
        let text = std::fs::read_to_string(&page)?;
        let name = page.strip_prefix(root()).unwrap_or(&page).display().to_string();
        let broken = links(&text).filter(|link| !leads_somewhere(&page, link));
        complaints.extend(broken.map(|link| format!("{name}: {link} is not there")));
    }
    all_well(&complaints)
}

/// The Markdown files of a folder and of those in it; not of what is made or hidden.
fn pages(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(pages(&path)?);
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What stands in `[text](here)`, outside code.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let outside = text.split("```").step_by(2);
    let ends = outside.flat_map(|text| text.split("](").skip(1));
    ends.filter_map(|rest| rest.split(')').next()).filter(|link| !link.contains("://"))
}

/// Whether a file is there, and the heading in it.
fn leads_somewhere(page: &Path, link: &str) -> bool {
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let file = if file.is_empty() { page.to_owned() } else { page.parent().unwrap_or(page).join(file) };
    if heading.is_empty() {
        return file.exists();
    }
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().filter(|line| line.starts_with('#')).any(|line| anchor(line) == heading)
}

/// The name by which a heading is linked.
fn anchor(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_those_outside_code_that_stay_here() {
        let text = "[a](b.md) ![c](d.svg)\n```rust\n[e](f)\n```\n[g](https://h) [i](#j)";
        assert_eq!(links(text).collect::<Vec<_>>(), ["b.md", "d.svg", "#j"]);
    }

    #[test]
    fn headings_are_linked_in_small_letters_and_dashes() {
        assert_eq!(anchor("## How to add a system"), "how-to-add-a-system");
        assert_eq!(anchor("# hexad-core, 0.1"), "hexad-core-01");
    }
}
