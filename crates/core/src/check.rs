//! Checks made once at the door, with the argument, the index and the value in the error.

/// Why an input was refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// An element is NaN or infinite.
    #[error("{argument}[{index}] must be finite, got {value}")]
    NotFinite {
        /// Name of the argument.
        argument: &'static str,
        /// Index of the first such element.
        index: usize,
        /// The element.
        value: f64,
    },
    /// An element of an array is outside its range.
    #[error("{argument}[{index}] must be {allowed}, got {value}")]
    ElementOutOfRange {
        /// Name of the argument.
        argument: &'static str,
        /// Index of the first such element.
        index: usize,
        /// The element.
        value: f64,
        /// The range in words.
        allowed: &'static str,
    },
    /// A number is outside its range.
    #[error("{argument} must be {allowed}, got {value}")]
    OutOfRange {
        /// Name of the argument.
        argument: &'static str,
        /// The number.
        value: f64,
        /// The range in words.
        allowed: &'static str,
    },
    /// An array does not have the length that another argument or the plan fixes.
    #[error("{argument} must have {expected} elements, got {got}")]
    LengthMismatch {
        /// Name of the argument.
        argument: &'static str,
        /// Length asked for.
        expected: usize,
        /// Length given.
        got: usize,
    },
    /// An array has too few elements.
    #[error("{argument} needs at least {needed} elements, got {got}")]
    TooFew {
        /// Name of the argument.
        argument: &'static str,
        /// Smallest length allowed.
        needed: usize,
        /// Length given.
        got: usize,
    },
}

impl InputError {
    /// Whether an array was refused, not a parameter.
    #[must_use]
    pub fn is_about_data(&self) -> bool {
        !matches!(self, Self::OutOfRange { .. })
    }
}

/// Refuses the first NaN or infinity in `values`.
///
/// # Errors
///
/// [`InputError::NotFinite`] with its index.
pub fn check_finite(argument: &'static str, values: &[f64]) -> Result<(), InputError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(InputError::NotFinite { argument, index, value: values[index] }),
        None => Ok(()),
    }
}

/// Refuses an array of another length than `expected`.
///
/// # Errors
///
/// [`InputError::LengthMismatch`].
pub fn check_length(argument: &'static str, got: usize, expected: usize) -> Result<(), InputError> {
    if got == expected { Ok(()) } else { Err(InputError::LengthMismatch { argument, expected, got }) }
}

/// Refuses a number that is not finite and positive; returns it otherwise.
///
/// # Errors
///
/// [`InputError::OutOfRange`].
pub fn check_positive(argument: &'static str, value: f64) -> Result<f64, InputError> {
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(InputError::OutOfRange { argument, value, allowed: "finite and > 0" })
}

/// Refuses a step that is not finite or 0; returns it otherwise.
///
/// # Errors
///
/// [`InputError::OutOfRange`].
pub fn check_step(argument: &'static str, value: f64) -> Result<f64, InputError> {
    if value.is_finite() && value != 0.0 {
        return Ok(value);
    }
    Err(InputError::OutOfRange { argument, value, allowed: "finite and not 0" })
}

/// Refuses a number that is not strictly between 0 and 1; returns it otherwise.
///
/// # Errors
///
/// [`InputError::OutOfRange`].
pub fn check_fraction(argument: &'static str, value: f64) -> Result<f64, InputError> {
    if value > 0.0 && value < 1.0 {
        return Ok(value);
    }
    Err(InputError::OutOfRange { argument, value, allowed: "between 0 and 1, both excluded" })
}

/// Refuses the first element that is negative, NaN or infinite.
///
/// # Errors
///
/// [`InputError::ElementOutOfRange`] with its index.
pub fn check_not_negative(argument: &'static str, values: &[f64]) -> Result<(), InputError> {
    match values.iter().position(|value| !(value.is_finite() && *value >= 0.0)) {
        Some(index) => Err(InputError::ElementOutOfRange {
            argument,
            index,
            value: values[index],
            allowed: "finite and >= 0",
        }),
        None => Ok(()),
    }
}
