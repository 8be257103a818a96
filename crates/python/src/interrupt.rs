//! Long calls that Ctrl-C ends.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::types::{PyAny, PyAnyMethods};
use pyo3::{Bound, PyResult, Python};

use crate::run::{detached, refused};

/// How long Ctrl-C may go unnoticed.
const LOOK: Duration = Duration::from_millis(50);
/// Elements worked on between two looks at it.
const PORTION: u64 = 1 << 25;

/// Runs `work` on a thread of its own while this one listens for Ctrl-C, upon which `stop` is called and must end it.
pub(crate) fn stoppable<R: Send, E: std::error::Error + Send>(
    py: Python<'_>,
    stop: impl Fn() + Sync,
    work: impl FnOnce() -> Result<R, E> + Send,
) -> PyResult<R> {
    let (sender, mut receiver) = channel();
    thread::scope(|scope| {
        scope.spawn(move || sender.send(work()));
        loop {
            // A receiver cannot be shared, only lent.
            let lent = &mut receiver;
            match py.detach(move || lent.recv_timeout(LOOK)) {
                Ok(done) => return done.map_err(refused),
                Err(RecvTimeoutError::Disconnected) => return Err(PyRuntimeError::new_err("a thread died")),
                Err(RecvTimeoutError::Timeout) => {
                    if let Err(interrupt) = py.check_signals() {
                        stop();
                        // Until it has ended.
                        let lent = &mut receiver;
                        let _ = py.detach(move || lent.recv());
                        return Err(interrupt);
                    }
                }
            }
        }
    })
}

/// Does `steps` steps on `elements` elements in portions; between them Ctrl-C is heard and `progress` is told how many
/// were done.
pub(crate) fn in_portions<E: std::error::Error + Send>(
    py: Python<'_>,
    steps: u64,
    elements: usize,
    progress: Option<&Bound<'_, PyAny>>,
    mut work: impl FnMut(u64) -> Result<(), E> + Send,
) -> PyResult<()> {
    // A multiple of the steps that crates make at once.
    let portion = (PORTION / (elements as u64).max(1)).clamp(1, 1 << 14) * 64;
    let mut left = steps;
    while left > 0 {
        py.check_signals()?;
        let now = left.min(portion);
        let size = elements.saturating_mul(usize::try_from(now).unwrap_or(usize::MAX));
        detached(py, size, || work(now))?;
        if let Some(progress) = progress {
            progress.call1((now,))?;
        }
        left -= now;
    }
    Ok(())
}
