//! What goes wrong, as one line for people and an exit code for scripts.

use std::fmt;
use std::io;
use std::path::Path;

/// Why the program stops before its work is done.
#[derive(Debug)]
pub enum Failure {
    /// The command line asks for something that does not exist or cannot be: exit code 2.
    Usage(String),
    /// Everything else: exit code 1.
    Work(String),
    /// Whoever read standard output has left; there is nobody to tell.
    ClosedPipe,
}

/// What every step of the program returns.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// Wrong use: what, where, and what to do.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// Any other failure: what, where, and what to do.
    pub fn work(message: impl Into<String>) -> Self {
        Self::Work(message.into())
    }

    /// A failed read or write of `path`.
    pub fn io(path: &Path, doing: &str, error: &io::Error) -> Self {
        Self::Work(format!("{}: cannot {doing}: {}", path.display(), reason(error)))
    }

    /// A failed write to standard output.
    pub fn stdout(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::Work(format!("standard output: cannot write: {}", reason(error))),
        }
    }

    /// The exit code of the program.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Work(_) => 1,
            Self::ClosedPipe => 0,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Work(message) => f.write_str(&one_line(message)),
            Self::ClosedPipe => f.write_str("standard output was closed"),
        }
    }
}

/// The system's words without Rust's "(os error 2)", and with advice where there is some.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text).to_lowercase();
    match error.kind() {
        io::ErrorKind::NotFound => format!("{text}; check the path"),
        io::ErrorKind::PermissionDenied => format!("{text}; check the permissions"),
        io::ErrorKind::StorageFull => format!("{text}; free some space or write elsewhere"),
        _ => text,
    }
}

/// `text` from a file as it may stand in a message: quoted, cut to a readable length, control characters
/// escaped.
pub fn quoted(text: &[u8]) -> String {
    const LONGEST: usize = 40;
    let text = String::from_utf8_lossy(text);
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    format!("\"{}\"", shown.escape_debug().to_string().replace("\\'", "'"))
}

/// Folds line breaks and escapes other control characters, which names of files and columns may hold.
fn one_line(message: &str) -> String {
    message
        .chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_whatever_it_quotes() {
        let failure = Failure::work("a\nb\r\u{1b}[31m".to_string());
        assert_eq!(failure.to_string(), "a\\nb\\r\\u{1b}[31m");
        assert_eq!(quoted(b"n/a"), "\"n/a\"");
        assert_eq!(quoted(&[b'x'; 100]), format!("\"{}...\"", "x".repeat(40)));
        assert!(quoted(&[0xff, 0x00]).contains("\\0"));
    }
}
