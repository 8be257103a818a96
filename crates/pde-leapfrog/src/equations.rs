//! The numbers in the discrete equations, from which the fast and the direct steppers are both made.
//!
//! One step, over all cells and then over all moving faces (Yee 1966; Virieux 1986):
//!
//! - `p += dt s`
//! - in absorbing layers, for each axis: `psi = b psi + a d`, `p -= (K dt / dx) ((1 / kappa - 1) d + psi)`, d being
//!   the difference of the velocity along the axis
//! - `p -= (K dt / dx) sum_k c_k sum_axes (u_(+k) - u_(-k))`
//! - `u -= (dt / (rho dx)) sum_k c_k (p_(+k) - p_(-k))`, then its absorbing terms as for p

use std::f64::consts::PI;

use crate::ends::Ends;
use crate::model::Model;
use crate::{Absorbing, Side};

/// A model with its time step. Cells and faces are by their indices on the three axes of the layout.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Equations<'a> {
    pub model: &'a Model,
    pub dt: f64,
}

/// How a place of an absorbing layer damps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Damping {
    /// b.
    pub decay: f64,
    /// a.
    pub gain: f64,
    /// `1 / kappa - 1`.
    pub stretch: f64,
}

impl Equations<'_> {
    /// `K dt / dx`.
    pub fn pressure_rate(&self, cell: [isize; 3]) -> f64 {
        self.model.medium().bulk_modulus(self.model.number(cell)) * self.dt / self.model.grid().spacing()
    }

    /// `dt / (rho dx)` on the face between `cell` and the next along `axis`.
    pub fn velocity_rate(&self, axis: usize, cell: [isize; 3]) -> f64 {
        self.dt / (self.model.face_density(axis, cell) * self.model.grid().spacing())
    }

    /// What source number `source` adds to the pressure during step number `step`, for a weight of 1.
    pub fn source(&self, source: usize, step: u64) -> f64 {
        let source = &self.model.sources()[source];
        let fixed = source.position.iter().flatten().count();
        let volume: f64 = (0..fixed).map(|_| self.model.grid().spacing()).product();
        self.dt * source.wavelet.at((step as f64 + 0.5) * self.dt) / volume
    }

    /// How the layers of `axis` damp at `place` cells from the low wall: `j + 1/2` at a centre, `j + 1` on a face.
    /// `None` outside them.
    pub fn damping(&self, axis: usize, place: f64) -> Option<Damping> {
        let absent = 3 - self.model.grid().dims();
        let cells = self.model.layout_ends()[axis].cells as f64;
        let [low, high] = self.model.sides()[axis - absent];
        let from_wall = |side, distance: f64| match side {
            Side::Absorbing(layer) if distance < layer.cells as f64 => Some(self.in_layer(layer, distance)),
            _ => None,
        };
        from_wall(low, place).or_else(|| from_wall(high, cells - place))
    }

    fn in_layer(&self, layer: Absorbing, from_wall: f64) -> Damping {
        let depth = 1.0 - from_wall / layer.cells as f64;
        let thickness = layer.cells as f64 * self.model.grid().spacing();
        let speed = self.model.medium().largest_speed();
        let largest = (layer.power + 1.0) * speed * (1.0 / layer.reflection).ln() / (2.0 * thickness);
        let sigma = largest * depth.powf(layer.power);
        let alpha = PI * layer.shift_frequency * (1.0 - depth);
        let kappa = 1.0 + (layer.stretch - 1.0) * depth.powf(layer.power);
        let decay = (-(sigma / kappa + alpha) * self.dt).exp();
        let gain = if sigma > 0.0 { sigma * (decay - 1.0) / (kappa * (sigma + kappa * alpha)) } else { 0.0 };
        Damping { decay, gain, stretch: 1.0 / kappa - 1.0 }
    }

    /// How the three axes of the layout end.
    pub fn ends(&self) -> [Ends; 3] {
        self.model.layout_ends()
    }
}
