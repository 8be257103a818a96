//! Unevenly spaced samples: a plan over the kernel sums.

use std::borrow::Cow;

use crate::SmoothError;
use crate::direct;
use crate::options::{Method, SmoothOptions};

#[derive(Debug, Clone)]
pub(crate) struct IrregularPlan<'a> {
    x: Cow<'a, [f64]>,
    targets: Option<Cow<'a, [f64]>>,
    sigma: f64,
    options: SmoothOptions,
}

impl<'a> IrregularPlan<'a> {
    pub fn new(
        x: Cow<'a, [f64]>,
        targets: Option<Cow<'a, [f64]>>,
        sigma: f64,
        options: &SmoothOptions,
    ) -> Result<Self, SmoothError> {
        Ok(Self { x, targets, sigma, options: *options })
    }
    pub fn len(&self) -> usize {
        self.x.len()
    }
    pub fn output_len(&self) -> usize {
        self.targets.as_ref().map_or(self.x.len(), |targets| targets.len())
    }
    pub fn method(&self) -> Method {
        Method::Direct
    }
    pub fn run(&self, y: &[f64], weights: Option<&[f64]>, out: &mut [f64]) -> Result<f64, SmoothError> {
        let targets = self.targets.as_ref().unwrap_or(&self.x);
        out.copy_from_slice(&direct::smooth(&self.x, y, weights, targets, self.sigma, &self.options)?);
        Ok(0.0)
    }
}
