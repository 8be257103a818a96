//! The tables in `docs/benchmarks.md`: each between two marks, with what people wrote about it around them.

use std::path::Path;

use crate::Outcome;

/// Replaces what is between the marks of `name`.
pub(crate) fn put(document: &Path, name: &str, table: &str) -> Outcome {
    let text = std::fs::read_to_string(document)?;
    let replaced = replace(&text, name, table)
        .ok_or_else(|| format!("{}: there are no marks {:?}", document.display(), marks(name)))?;
    std::fs::write(document, replaced)?;
    Ok(())
}

fn marks(name: &str) -> [String; 2] {
    [format!("<!-- measured: {name} -->"), format!("<!-- end: {name} -->")]
}

fn replace(text: &str, name: &str, table: &str) -> Option<String> {
    let [first, last] = marks(name);
    let (before, rest) = text.split_once(&first)?;
    let (_, after) = rest.split_once(&last)?;
    Some(format!("{before}{first}\n{}\n{last}{after}", table.trim()))
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn a_table_takes_the_place_of_the_one_before_and_leaves_the_words_around_it() {
        let text = "words\n<!-- measured: a -->\nold\n<!-- end: a -->\nmore\n";
        let wanted = "words\n<!-- measured: a -->\nnew\n<!-- end: a -->\nmore\n";
        assert_eq!(replace(text, "a", "new\n").as_deref(), Some(wanted));
        assert_eq!(replace(wanted, "a", "new").as_deref(), Some(wanted));
        assert_eq!(replace(text, "b", "new"), None);
    }
}
