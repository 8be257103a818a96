//! The extension module `hexad._hexad`: each function checks, converts, releases the interpreter lock and calls a
//! crate. What people call stands in `python/hexad`.

mod arrays;
mod named;
mod run;
mod smoothing;

use pyo3::pymodule;

/// The compiled half of hexad.
#[pymodule]
mod _hexad {
    #[pymodule_export]
    use crate::run::{set_threads, threads};
    #[pymodule_export]
    use crate::smoothing::{gaussian_filter, smooth};
}
