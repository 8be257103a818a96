//! What fields are made of, as bytes of a file.

use hexad_pde_leapfrog::Real;

/// `f32` or `f64`.
pub trait Number: Real {
    /// Bytes of each.
    const BYTES: usize;
    /// As a double.
    fn double(self) -> f64;
    /// Appends the bytes, the lowest first.
    fn push(self, bytes: &mut Vec<u8>);
}

impl Number for f32 {
    const BYTES: usize = 4;

    fn double(self) -> f64 {
        f64::from(self)
    }

    fn push(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }
}

impl Number for f64 {
    const BYTES: usize = 8;

    fn double(self) -> f64 {
        self
    }

    fn push(self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.to_le_bytes());
    }
}

/// The numbers that bytes are.
pub fn numbers(bytes: &[u8], size: usize) -> Vec<f64> {
    if size == f32::BYTES {
        bytes.as_chunks().0.iter().map(|chunk| f64::from(f32::from_le_bytes(*chunk))).collect()
    } else {
        bytes.as_chunks().0.iter().map(|chunk| f64::from_le_bytes(*chunk)).collect()
    }
}
