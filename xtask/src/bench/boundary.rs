//! What the crates take for 100 elements: what the package takes beyond that is its boundary. Plans that the package keeps
//! from call to call are kept here too.

use std::error::Error;

use hexad_correlate::{CorrelateOptions, DelayOptions, DelayPlan, Lags};
use hexad_density::{GaussianOptions, GaussianPlan, Normalization, Points, View};
use hexad_neuro_hh::{Neuron, NeuronOptions};
use hexad_pde_leapfrog::{Clock, Grid, Medium, Model, Order, Side, Simulation};
use hexad_smoothing::{SmoothOptions, Smoother, scipy};
use hexad_spectral::{
    CrossPlan, Detrend, Scaling, SpectrumOptions, SpectrumPlan, StftOptions, StftPlan, WelchOptions,
    WelchPlan, Window,
};

use super::row::{Work, work};

/// Elements of a call.
const LEN: usize = 100;

/// What a row of `SMALL` in `tests/peers/in_process.py` does, without Python.
pub(crate) fn works() -> Result<Vec<(&'static str, Work)>, Box<dyn Error>> {
    Ok(vec![
        ("smooth", smooth()),
        ("gaussian_filter1d", filter()?),
        ("rfft", rfft()),
        ("periodogram", periodogram()?),
        ("welch", welch()?),
        ("csd", csd()?),
        ("stft", stft()?),
        ("correlate", correlate()),
        ("delay", delay()?),
        ("density_map", density_map()?),
        ("neurons.run", neuron()),
        ("waves.advance", wave()?),
    ])
}

fn signals() -> [Vec<f64>; 2] {
    let of = |signal: fn(f64) -> f64| (0..LEN).map(|index| signal(index as f64)).collect();
    [of(f64::sin), of(|index| (2.0 * index).cos())]
}

fn smooth() -> Work {
    let [y, _] = signals();
    let options = SmoothOptions::default();
    work(move || Smoother::uniform(LEN, 1.0, 5.0, &options)?.apply(&y).map(drop))
}

fn filter() -> Result<Work, Box<dyn Error>> {
    let [y, _] = signals();
    let array = hexad_core::ndarray::Array1::from(y).into_dyn();
    let options = scipy::FilterOptions::default();
    Ok(work(move || scipy::gaussian_filter(&array.view(), &[5.0], &[0], &options).map(drop)))
}

fn rfft() -> Work {
    let [x, _] = signals();
    work(move || hexad_spectral::rfft(&x).map(drop))
}

fn periodogram() -> Result<Work, Box<dyn Error>> {
    let [x, _] = signals();
    let options = SpectrumOptions::default().with_window(Window::Boxcar).with_detrend(Detrend::Constant);
    let plan = SpectrumPlan::new(LEN, 1.0, &options)?;
    Ok(work(move || {
        let spectrum = plan.apply(&x)?;
        drop((spectrum.frequencies_hz(), spectrum.values(Scaling::Density), spectrum.peak(Scaling::Density)));
        Ok::<_, hexad_spectral::SpectralError>(())
    }))
}

fn averaged() -> WelchOptions {
    WelchOptions::default().with_window(Window::Hann).with_detrend(Detrend::Constant)
}

fn welch() -> Result<Work, Box<dyn Error>> {
    let [x, _] = signals();
    let plan = WelchPlan::new(LEN / 2, 1.0, &averaged())?;
    Ok(work(move || {
        let spectrum = plan.apply(&x)?;
        drop((spectrum.frequencies_hz(), spectrum.values(Scaling::Density), spectrum.peak(Scaling::Density)));
        Ok::<_, hexad_spectral::SpectralError>(())
    }))
}

fn csd() -> Result<Work, Box<dyn Error>> {
    let [a, b] = signals();
    let plan = CrossPlan::new(LEN / 2, 1.0, &averaged())?;
    Ok(work(move || {
        let cross = plan.apply(&a, &b)?;
        drop((cross.frequencies_hz(), cross.densities(), cross.transfer()));
        Ok::<_, hexad_spectral::SpectralError>(())
    }))
}

fn stft() -> Result<Work, Box<dyn Error>> {
    let [x, _] = signals();
    let plan = StftPlan::new(LEN / 2, LEN / 4, 1.0, &StftOptions::default().with_window(Window::Hann))?;
    Ok(work(move || {
        let stft = plan.forward(&x)?;
        drop((stft.frequencies_hz(), stft.times_s()));
        Ok::<_, hexad_spectral::SpectralError>(())
    }))
}

fn correlate() -> Work {
    let [a, b] = signals();
    let options = CorrelateOptions::default();
    work(move || hexad_correlate::correlate(&a, &b, Lags::Full, &options).map(drop))
}

fn delay() -> Result<Work, Box<dyn Error>> {
    let [a, b] = signals();
    let plan = DelayPlan::new(LEN, LEN, 1.0, &DelayOptions::default().with_taper(1.0))?;
    Ok(work(move || plan.apply(&a, &b).map(drop)))
}

fn density_map() -> Result<Work, Box<dyn Error>> {
    let [x, y] = signals();
    let options = GaussianOptions::default().with_normalization(Normalization::Density);
    let view = View::new([-1.0, -1.0, 1.0, 1.0], [16, 16])?;
    let sigma = [10.0 * view.pixel_size()[0], 10.0 * view.pixel_size()[1]];
    let plan = GaussianPlan::new(view, sigma, &options)?;
    Ok(work(move || {
        drop(plan.apply(&Points::new(&x, &y)?));
        Ok::<_, hexad_density::DensityError>(())
    }))
}

/// As many steps as elements elsewhere.
fn neuron() -> Work {
    let model = hexad_neuro_hh::Model::classic();
    let options = NeuronOptions::default().with_start(model.resting_state());
    work(move || Neuron::new(&model, 0.01, &options)?.run(1e-2 * LEN as f64).map(drop))
}

fn wave() -> Result<Work, Box<dyn Error>> {
    let sides = [[Side::Periodic; 2]];
    let model = Model::new(Grid::new(&[LEN], 1.0)?, Medium::constant(1.0, 1.0)?, &sides, Order::Two)?;
    let mut simulation = Simulation::<f64>::new(&model, &Clock::new(0.5, 0)?)?;
    Ok(work(move || simulation.advance(1)))
}
