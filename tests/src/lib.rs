//! Reference data of the cross-crate tests, for them and for `cargo xtask validate`.

pub mod gaussian;
pub mod question;
