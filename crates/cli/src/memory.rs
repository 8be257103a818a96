//! What does not fit in memory is refused before it is begun.

use crate::error::{Failure, Outcome};

/// Refuses work that needs more memory than the system has left. Where the system does not say how much
/// that is, everything passes.
pub fn check(what: &str, bytes: u64) -> Outcome<()> {
    check_for(what, bytes, "use fewer columns or rows, or a larger machine")
}

/// As [`check`], with advice on what to do.
pub fn check_for(what: &str, bytes: u64, advice: &str) -> Outcome<()> {
    match available() {
        Some(free) if bytes > free => {
            let refused = format!("{what} needs {bytes} bytes of memory, but {free} are free; {advice}");
            Err(Failure::work(refused))
        }
        _ => Ok(()),
    }
}

/// Bytes that can be had without swapping, as Linux counts them.
fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_fit_is_refused_with_its_size() {
        check("a small table", 1000).unwrap();
        if available().is_some() {
            let refused = check("a huge table", u64::MAX).unwrap_err().to_string();
            assert!(refused.contains("18446744073709551615 bytes"), "{refused}");
        }
    }
}
