//! The hexad program.

fn main() {}
