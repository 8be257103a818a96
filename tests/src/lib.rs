#![doc = include_str!("../../README.md")]
// The README above is here so that its example runs as a test.

pub mod gaussian;
pub mod question;
