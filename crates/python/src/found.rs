//! What calls found, as Python's results take it.

/// A dict of named values, whose names are made once for all calls.
macro_rules! found {
    ($py:expr, { $($name:ident: $value:expr),* $(,)? }) => {{
        let fields = pyo3::types::PyDict::new($py);
        $(pyo3::types::PyDictMethods::set_item(&fields, pyo3::intern!($py, stringify!($name)), $value)?;)*
        fields
    }};
}

pub(crate) use found;
