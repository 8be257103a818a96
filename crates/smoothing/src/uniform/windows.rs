//! Windows of the decimating engine; made by `tables/decimation_windows.py`.

/// A Kaiser-Bessel window `I0(beta sqrt(1 - (2 t / width)^2)) / I0(beta)`, `t` and `width` in cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Window {
    /// Cells that a sample reaches.
    pub width: usize,
    /// Smallest sigma, in cells.
    pub q: f64,
    /// Shape.
    pub beta: f64,
    /// Largest `sum_j |applied - Gaussian| / sum_j Gaussian` over the places of a cell.
    pub error: f64,
}

/// By rising width, then rising q; past 5e-15 only rounding is left.
#[rustfmt::skip]
pub(crate) const WINDOWS: [Window; 53] = [
    Window { width: 4, q: 2.5, beta: 10.742, error: 1.9e-04 },
    Window { width: 4, q: 3.0, beta: 11.046, error: 1.7e-04 },
    Window { width: 4, q: 6.0, beta: 11.046, error: 1.4e-04 },
    Window { width: 5, q: 2.5, beta: 13.174, error: 2.2e-05 },
    Window { width: 5, q: 3.0, beta: 13.554, error: 1.7e-05 },
    Window { width: 5, q: 3.333, beta: 13.934, error: 1.1e-05 },
    Window { width: 5, q: 4.0, beta: 14.188, error: 6.9e-06 },
    Window { width: 5, q: 6.0, beta: 14.314, error: 4.7e-06 },
    Window { width: 6, q: 2.5, beta: 15.353, error: 2.4e-06 },
    Window { width: 6, q: 3.0, beta: 16.417, error: 8.9e-07 },
    Window { width: 6, q: 3.333, beta: 16.569, error: 6.8e-07 },
    Window { width: 6, q: 4.0, beta: 17.025, error: 5.2e-07 },
    Window { width: 6, q: 6.0, beta: 17.633, error: 2.7e-07 },
    Window { width: 7, q: 2.5, beta: 17.912, error: 1.8e-07 },
    Window { width: 7, q: 3.0, beta: 18.798, error: 8.5e-08 },
    Window { width: 7, q: 3.333, beta: 19.153, error: 5.9e-08 },
    Window { width: 7, q: 4.0, beta: 19.685, error: 3.4e-08 },
    Window { width: 7, q: 6.0, beta: 20.395, error: 2.0e-08 },
    Window { width: 8, q: 2.5, beta: 20.065, error: 2.2e-08 },
    Window { width: 8, q: 3.0, beta: 21.079, error: 7.9e-09 },
    Window { width: 8, q: 3.333, beta: 21.484, error: 4.8e-09 },
    Window { width: 8, q: 4.0, beta: 22.092, error: 2.6e-09 },
    Window { width: 8, q: 6.0, beta: 23.308, error: 9.3e-10 },
    Window { width: 9, q: 2.5, beta: 22.117, error: 3.1e-09 },
    Window { width: 9, q: 3.0, beta: 23.029, error: 8.4e-10 },
    Window { width: 9, q: 3.333, beta: 23.713, error: 5.0e-10 },
    Window { width: 9, q: 4.0, beta: 24.854, error: 1.8e-10 },
    Window { width: 9, q: 6.0, beta: 25.994, error: 7.0e-11 },
    Window { width: 10, q: 2.5, beta: 23.814, error: 4.9e-10 },
    Window { width: 10, q: 3.0, beta: 25.335, error: 9.7e-11 },
    Window { width: 10, q: 3.333, beta: 26.095, error: 4.6e-11 },
    Window { width: 10, q: 4.0, beta: 27.362, error: 1.5e-11 },
    Window { width: 10, q: 6.0, beta: 28.882, error: 3.6e-12 },
    Window { width: 11, q: 2.5, beta: 25.917, error: 1.1e-10 },
    Window { width: 11, q: 3.0, beta: 27.589, error: 1.1e-11 },
    Window { width: 11, q: 3.333, beta: 28.704, error: 4.3e-12 },
    Window { width: 11, q: 4.0, beta: 29.819, error: 1.3e-12 },
    Window { width: 11, q: 6.0, beta: 31.770, error: 2.3e-13 },
    Window { width: 12, q: 3.0, beta: 29.793, error: 1.3e-12 },
    Window { width: 12, q: 3.333, beta: 30.706, error: 4.8e-13 },
    Window { width: 12, q: 4.0, beta: 32.226, error: 1.2e-13 },
    Window { width: 12, q: 6.0, beta: 34.354, error: 1.9e-14 },
    Window { width: 13, q: 3.0, beta: 31.617, error: 1.9e-13 },
    Window { width: 13, q: 3.333, beta: 32.935, error: 5.7e-14 },
    Window { width: 13, q: 4.0, beta: 34.582, error: 1.3e-14 },
    Window { width: 13, q: 6.0, beta: 37.217, error: 5.9e-15 },
    Window { width: 14, q: 3.0, beta: 33.695, error: 3.1e-14 },
    Window { width: 14, q: 3.333, beta: 34.759, error: 1.1e-14 },
    Window { width: 14, q: 4.0, beta: 36.533, error: 6.5e-15 },
    Window { width: 14, q: 6.0, beta: 39.016, error: 5.3e-15 },
    Window { width: 15, q: 3.0, beta: 36.102, error: 1.1e-14 },
    Window { width: 15, q: 3.333, beta: 37.242, error: 6.0e-15 },
    Window { width: 15, q: 4.0, beta: 38.762, error: 4.9e-15 },
];
