//! The spikes of a picture: all, or those of every 2nd, 4th, ... neuron where there are too many to see.

/// Most dots that are told apart.
const MOST: usize = 16_000;

/// Neurons and times of the spikes that are drawn.
pub struct Raster {
    /// Neurons that are multiples of this are drawn.
    pub stride: usize,
    /// In order of time.
    pub spikes: Vec<(usize, f64)>,
    neurons: usize,
    most: usize,
}

impl Raster {
    /// Of a population of `neurons`.
    pub fn new(neurons: usize) -> Self {
        Self { stride: 1, spikes: Vec::new(), neurons, most: MOST }
    }

    /// A spike.
    pub fn add(&mut self, neuron: usize, time_ms: f64) {
        if !neuron.is_multiple_of(self.stride) {
            return;
        }
        self.spikes.push((neuron, time_ms));
        // One neuron may have more than that: it is drawn all the same.
        while self.spikes.len() > self.most && self.stride < self.neurons {
            self.stride *= 2;
            self.spikes.retain(|(neuron, _)| neuron.is_multiple_of(self.stride));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_does_not_depend_on_the_order_of_thinning() {
        let drawn = |most: usize| {
            let mut raster = Raster { most, ..Raster::new(64) };
            (0..1000).for_each(|n| raster.add(n * 7 % 64, n as f64));
            raster
        };
        let raster = drawn(300);
        assert_eq!(raster.stride, 4);
        let all = drawn(1000).spikes.into_iter().filter(|(neuron, _)| neuron.is_multiple_of(4));
        assert_eq!(raster.spikes, all.collect::<Vec<_>>());
        let mut alone = Raster { most: 3, ..Raster::new(1) };
        (0..10).for_each(|n| alone.add(0, f64::from(n)));
        assert_eq!(alone.spikes.len(), 10);
    }
}
