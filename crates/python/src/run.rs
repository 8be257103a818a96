//! Calls into the crates: without the interpreter lock, on a pool of as many threads as were asked for.

use std::process;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::{PyErr, PyResult, Python, pyfunction};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Fewer elements than this are done before a pool has woken up.
const WORTH_THREADS: usize = 16_384;

/// The pool, and the process that it stands in: a fork has its memory but not its threads.
static POOL: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);

/// Threads that later calls use, if not one for each core.
static ASKED: Mutex<usize> = Mutex::new(0);

/// Runs `work` on `elements` elements while other Python threads go on; what it refuses is a `ValueError`.
pub(crate) fn detached<R: Send, E: std::error::Error + Send>(
    py: Python<'_>,
    elements: usize,
    work: impl FnOnce() -> Result<R, E> + Send,
) -> PyResult<R> {
    let done = if elements < WORTH_THREADS && !is_fork() {
        work()
    } else {
        let pool = pool()?;
        py.detach(|| pool.install(work))
    };
    done.map_err(refused)
}

/// As [`detached`] but on this thread, for work that a crate does not share out.
pub(crate) fn released<R: Send, E: std::error::Error + Send>(
    py: Python<'_>,
    elements: usize,
    work: impl FnOnce() -> Result<R, E> + Send,
) -> PyResult<R> {
    let done = if elements < WORTH_THREADS { work() } else { py.detach(work) };
    done.map_err(refused)
}

/// Whether this process is a fork of the first that called: what small work shares itself out to is not there.
fn is_fork() -> bool {
    static FIRST: OnceLock<u32> = OnceLock::new();
    *FIRST.get_or_init(process::id) != process::id()
}

/// Elements worked on between looks at whether Ctrl-C was pressed.
const STEP: usize = 1 << 20;

/// Runs `work` with a scratch on each of `count` signals of `len` elements, side by side. Ctrl-C ends it after a step.
pub(crate) fn each<S, R: Send, E: std::error::Error + Send>(
    py: Python<'_>,
    count: usize,
    len: usize,
    scratch: impl Fn() -> S + Sync + Send,
    work: impl Fn(&mut S, usize) -> Result<R, E> + Sync + Send,
) -> PyResult<Vec<R>> {
    let step = (STEP / len.max(1)).max(1);
    let mut done = Vec::with_capacity(count);
    for start in (0..count).step_by(step) {
        py.check_signals()?;
        let part = start..(start + step).min(count);
        let elements = part.len() * len;
        let found: Vec<Result<R, E>> = detached(py, elements, || -> Result<_, E> {
            if part.len() == 1 || elements < WORTH_THREADS {
                let mut scratch = scratch();
                return Ok(part.map(|index| work(&mut scratch, index)).collect());
            }
            Ok(part.into_par_iter().map_init(&scratch, &work).collect())
        })?;
        for one in found {
            done.push(one.map_err(refused)?);
        }
    }
    Ok(done)
}

/// The error of a crate as Python's.
pub(crate) fn refused(error: impl std::error::Error) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Lets later calls of this process use `count` threads, 0 for one on each core. Results are the same for any.
#[pyfunction]
pub(crate) fn set_threads(count: usize) {
    *lock(&ASKED) = count;
    *lock(&POOL) = None;
}

/// Threads that calls use.
#[pyfunction]
pub(crate) fn threads() -> PyResult<usize> {
    Ok(pool()?.current_num_threads())
}

/// The pool that calls share.
pub(crate) fn pool() -> PyResult<Arc<ThreadPool>> {
    let mut kept = lock(&POOL);
    if let Some((owner, pool)) = &*kept
        && *owner == process::id()
    {
        return Ok(Arc::clone(pool));
    }
    let built = ThreadPoolBuilder::new().num_threads(*lock(&ASKED)).build();
    let pool = Arc::new(built.map_err(|error| PyRuntimeError::new_err(error.to_string()))?);
    // Threads of another process cannot be joined.
    if let Some(stale) = kept.replace((process::id(), Arc::clone(&pool))) {
        std::mem::forget(stale);
    }
    Ok(pool)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
