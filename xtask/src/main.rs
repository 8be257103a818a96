//! Automation: `cargo xtask test | validate | bench | package`.

fn main() {}
