//! How fast a Hodgkin-Huxley neuron fires at a constant current: all currents at once, as one population.

use hexad_neuro_hh::{Model, NeuroError, fi_curve, rest_loses_stability, rheobase};

fn main() -> Result<(), NeuroError> {
    let model = Model::classic();
    let currents: Vec<f64> = (0..=20).map(f64::from).collect();
    println!("current (uA/cm2)    rate (Hz)");
    for point in fi_curve(&model, &currents, 1000.0, 0.025)? {
        println!("{:16.1} {:12.2}", point.current, point.rate_hz);
    }
    println!("\none spike from {:.5} uA/cm2 on", rheobase(&model, 20.0)?);
    if let Some(current) = rest_loses_stability(&model, 20.0)? {
        println!("no rest from {current:.4} uA/cm2 on");
    }
    Ok(())
}
