//! Other crates on the spikes of this one.

use std::error::Error;

use hexad_neuro_hh::{
    Current, Model, Neuron, NeuronOptions, PoissonGroup, Population, PopulationOptions, Spike, State,
    Waveform, fi_curve, spike_times_ms,
};
use hexad_smoothing::{Boundary, SmoothOptions, smooth};
use hexad_spectral::{Detrend, Scaling, Spectrum, SpectrumOptions, SpectrumPlan, Window};
use hexad_testkit::{Random, counts_per_ms};

use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

pub(super) fn smoothed() -> Outcome {
    let neurons = 512;
    let modulation = Waveform::Sine { amplitude: 0.9, frequency_hz: 5.0, phase_turns: 0.0 };
    let group =
        |sources, weight_mv| PoissonGroup::new(sources, 5.0, weight_mv).with_modulation(modulation.clone());
    let options =
        PopulationOptions::default().with_poisson(vec![group(102, 2.5), group(26, -2.5)]).with_seed(11);
    let mut spikes: Vec<Spike> = Vec::new();
    Population::<f32>::new(&Model::classic(), neurons, 0.025, &options)?.run(1000.0, &mut spikes)?;
    let counted = counts_per_ms(spike_times_ms(&spikes), 0.0, 1000);
    let total = spikes.len() as f64;
    let middles: Vec<f64> = (0..1000).map(|bin| f64::from(bin) + 0.5).collect();
    let tolerance = 1e-12;
    let options = SmoothOptions::default().with_boundary(Boundary::Reflect).with_tolerance(tolerance);
    let (mut worst, mut shown) = (0.0_f64, Vec::new());
    for sigma_ms in [2.0, 10.0, 50.0] {
        let smooth = smooth(&middles, &counted, sigma_ms, &options)?;
        worst = worst.max((smooth.iter().sum::<f64>() / total - 1.0).abs());
        shown.push(smooth);
    }
    let largest = counted.iter().copied().fold(0.0, f64::max);
    // From spikes in a bin of 1 ms to Hz for each neuron.
    let rate = |values: &[f64]| -> Vec<(f64, f64)> {
        middles.iter().zip(values).map(|(at, count)| (*at, 1e3 * count / neurons as f64)).collect()
    };
    let chart =
        Chart::new("512 neurons whose input rises and falls five times a second", "ms", "Hz per neuron")
            .line("counts in 1 ms", rate(&counted))
            .line("smoothed, sigma 10 ms", rate(&shown[1]));
    Ok(Claim::new(
        "Spikes in bins of 1 ms, smoothed by hexad-smoothing, are a rate that integrates to the number of spikes. \
         Measured: the largest difference over that number, for sigmas of 2, 10 and 50 ms; the bound is the tolerance \
         of the smoothing at each of 1,000 bins, in units of the largest count.",
        worst,
        Bound::AtMost(tolerance * largest * 1000.0 / total),
    )
    .formula("integral of r(t) dt = n")
    .note(format!("{total} spikes of {neurons} neurons in a second"))
    .chart(chart))
}

fn spectrum_of(current: f64) -> Result<(Spectrum, f64), Box<dyn Error>> {
    let (model, neurons, dt_ms) = (Model::classic(), 512, 0.025);
    let alone = NeuronOptions::default().with_current(Current::constant(current));
    let cycle = Neuron::new(&model, dt_ms, &alone)?.run(200.0)?.samples;
    let mut random = Random::new(12);
    // Somewhere in the 6 ms before the 200th: of one cycle, but not of one mind.
    let start = |_| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        let at = cycle.v_mv.len() - 1 - random.uniform(0.0, 6.0 / dt_ms) as usize;
        State { v_mv: cycle.v_mv[at], m: cycle.m[at], h: cycle.h[at], n: cycle.n[at] }
    };
    let options = PopulationOptions::default()
        .with_starts((0..neurons).map(start).collect())
        .with_currents(vec![current; neurons]);
    let mut spikes: Vec<Spike> = Vec::new();
    Population::<f32>::new(&model, neurons, dt_ms, &options)?.run(2148.0, &mut spikes)?;
    let rates = counts_per_ms(spike_times_ms(&spikes), 100.0, 2048)
        .iter()
        .map(|count| 1e3 * count / neurons as f64)
        .collect::<Vec<_>>();
    let options = SpectrumOptions::default().with_window(Window::Hann).with_detrend(Detrend::Constant);
    let steady = fi_curve(&model, &[current], 2000.0, dt_ms)?;
    Ok((SpectrumPlan::new(rates.len(), 1000.0, &options)?.apply(&rates)?, steady[0].rate_hz))
}

pub(super) fn spectrum() -> Outcome {
    let (mut worst, mut half_bin, mut notes) = (0.0_f64, 0.0, Vec::new());
    let mut chart = Chart::new("Spectrum of the rate of 512 neurons", "Hz", "amplitude in Hz per neuron");
    for current in [7.0, 10.0, 20.0, 40.0] {
        let (spectrum, rate_hz) = spectrum_of(current)?;
        let (peak_hz, _) = spectrum.peak(Scaling::Amplitude).ok_or("no peak")?;
        worst = worst.max((peak_hz - rate_hz).abs());
        half_bin = 0.5 * spectrum.resolution_hz();
        notes.push(format!("{current} uA/cm2: peak at {peak_hz:.2} Hz, f-I rate {rate_hz:.2} Hz"));
        let amplitudes = spectrum.values(Scaling::Amplitude);
        chart = chart.line(
            &format!("{current} uA/cm2"),
            spectrum.frequencies_hz().into_iter().zip(amplitudes).filter(|(at, _)| *at < 250.0),
        );
    }
    let claim = Claim::new(
        "Neurons that fire regularly, each a little before or after the others, have a population rate whose spectrum, by \
         hexad-spectral, peaks at the rate of the f-I curve. Measured: the largest difference in Hz at four currents; the \
         bound is half a bin of 2.048 s.",
        worst,
        Bound::AtMost(half_bin),
    );
    Ok(notes.into_iter().fold(claim, Claim::note).chart(chart))
}
