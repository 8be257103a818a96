//! What the manifests promise: the oldest Rust that works, the files that each crate ships, licences that go together,
//! that all comes from crates.io, and that no library brings what the program alone needs.

use crate::Outcome;
use crate::step::all_well;
use crate::workspace::{Package, Packages};

/// Files that stand in the folder of every published crate.
const SHIPPED: [&str; 4] = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// Holds the licences of others that may be built upon, each in quotes on its own line.
const ALLOWED: &str = include_str!("../../deny.toml");

/// As cargo names crates.io.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The package with the program: file formats, pictures, arguments.
const PROGRAM: &str = "hexad";
/// What the program needs as the libraries do: `rustix` where they are asked for large pages.
const SHARED: [&str; 2] = ["rayon", "rustix"];

/// Checks the `rust-version` of the members against every dependency's, the files that each published crate ships, and
/// what it builds upon.
pub(crate) fn check() -> Outcome {
    let packages = Packages::read()?;
    let mut complaints = Vec::new();
    for member in packages.members() {
        let below = packages.below(member);
        complaints.extend(too_old(member, &below));
        if member.is_published {
            complaints.extend(below.iter().filter(|package| !is_free(&package.license)).map(|package| {
                format!(
                    "{} builds upon {}, whose licence is {:?}",
                    member.name, package.name, package.license
                )
            }));
            let lacking = SHIPPED.iter().filter(|file| !member.folder.join(file).is_file());
            complaints.extend(lacking.map(|file| format!("{} has no {file}", member.name)));
        }
    }
    complaints.extend(strangers(&packages));
    complaints.extend(from_elsewhere(&packages));
    all_well(&complaints)
}

/// What the program asks for, and a library builds upon.
fn strangers(packages: &Packages) -> Vec<String> {
    let (program, libraries): (Vec<&Package>, Vec<&Package>) =
        packages.published().into_iter().partition(|package| package.name == PROGRAM);
    let mut foreign = program.iter().flat_map(|program| packages.directly_below(program)).collect::<Vec<_>>();
    foreign.retain(|package| !package.is_member && !SHARED.contains(&package.name.as_str()));
    let brings = |library: &&Package| -> Vec<String> {
        let below = packages.below(library).into_iter();
        let brought = below.filter(|package| foreign.iter().any(|foreign| foreign.name == package.name));
        brought
            .map(|package| format!("{} brings {}, which is the program's", library.name, package.name))
            .collect()
    };
    libraries.iter().flat_map(brings).collect()
}

/// What is neither of this workspace nor of crates.io, where nothing that was published changes.
fn from_elsewhere(packages: &Packages) -> impl Iterator<Item = String> {
    let strange =
        packages.all().filter(|package| !package.is_member && package.source.as_deref() != Some(REGISTRY));
    strange.map(|package| format!("{} comes from {:?} and not from crates.io", package.name, package.source))
}

/// Whether one of the licences to choose from is made of listed ones alone; in brackets there is no choice.
fn is_free(license: &str) -> bool {
    let is_listed = |name: &str| licenses().any(|license| license == name.trim());
    let all_listed = |choice: &str| choice.split(" AND ").all(is_listed);
    if license.contains('(') {
        license.replace(['(', ')'], "").split(" OR ").all(all_listed)
    } else {
        license.replace('/', " OR ").split(" OR ").any(all_listed)
    }
}

/// Those that `cargo deny` allows as well.
fn licenses() -> impl Iterator<Item = &'static str> {
    let (_, list) = ALLOWED.split_once("\nallow = [").unwrap_or_default();
    let (list, _) = list.split_once(']').unwrap_or_default();
    list.split('"').skip(1).step_by(2)
}

/// What `member` builds upon and its `rust-version` is too old for.
fn too_old(member: &Package, below: &[&Package]) -> Vec<String> {
    let Some(stated) = member.rust_version.as_deref() else {
        return vec![format!("{} states no rust-version", member.name)];
    };
    let complain = |package: &&Package| {
        let needed = package.rust_version.as_deref().filter(|needed| version(needed) > version(stated))?;
        let Package { name, version, .. } = package;
        Some(format!("{} states rust-version {stated}, but {name} {version} needs {needed}", member.name))
    };
    below.iter().filter_map(complain).collect()
}

/// `1.89` and `1.89.0` as numbers.
fn version(text: &str) -> [u32; 3] {
    let mut numbers = text.split('.').map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{is_free, version};

    #[test]
    fn one_free_licence_to_choose_is_enough() {
        assert!(is_free("MIT OR Apache-2.0 OR LGPL-2.1-or-later"));
        assert!(is_free("Unlicense/MIT"));
        assert!(is_free("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!is_free("GPL-3.0-only"));
        assert!(!is_free("(MIT OR Apache-2.0) AND GPL-3.0-only"));
        assert!(!is_free("MIT AND GPL-3.0-only"));
        assert!(!is_free(""));
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(version("1.100") > version("1.89.1"));
        assert_eq!(version("1.89"), version("1.89.0"));
    }
}
