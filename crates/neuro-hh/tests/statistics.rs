//! Input in distribution, and what spike trains tell.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "indices and counts")]

use hexad_neuro_hh::{
    Arrivals, Current, Drawing, Model, NeuroError, Neuron, NeuronOptions, PhasePlane, PoissonGroup,
    StreamKey, Waveform, fano_factor, fi_curve, instantaneous_threshold_mv, interval_histogram,
    interval_statistics, intervals_ms, rest_loses_stability, rheobase, spike_times_ms,
    spike_triggered_average,
};
use statrs::distribution::{ChiSquared, ContinuousCDF, Discrete, Poisson};

fn arrivals(groups: &[PoissonGroup], run: u64, until_ms: f64) -> Vec<f64> {
    let key = StreamKey { run, seed: 11, ..StreamKey::default() };
    let arrivals = Arrivals::new(groups, &key).unwrap();
    arrivals.map(|arrival| arrival.time_ms).take_while(|time_ms| *time_ms < until_ms).collect()
}

fn group(drawing: Drawing) -> Vec<PoissonGroup> {
    vec![PoissonGroup::new(100, 10.0, 1.0).with_release(0.5).with_drawing(drawing)]
}

/// Probability of a deviation at least this large if `counts` are Poisson with `mean`.
fn chi_squared(counts: &[usize], mean: f64) -> f64 {
    let poisson = Poisson::new(mean).unwrap();
    let bins = 30..=70;
    let mut observed = vec![0.0; 43];
    for count in counts {
        observed[count.clamp(&29, &71) - 29] += 1.0;
    }
    let inner: Vec<f64> = bins.map(|count| poisson.pmf(count)).collect();
    let low: f64 = (0..30).map(|count| poisson.pmf(count)).sum();
    let expected = [vec![low], inner.clone(), vec![1.0 - low - inner.iter().sum::<f64>()]].concat();
    let total = counts.len() as f64;
    let statistic: f64 =
        observed.iter().zip(&expected).map(|(o, e)| (o - e * total).powi(2) / (e * total)).sum();
    1.0 - ChiSquared::new(42.0).unwrap().cdf(statistic)
}

#[test]
fn superposed_and_per_source_trains_have_the_same_poisson_counts() {
    for drawing in [Drawing::Superposed, Drawing::PerSource] {
        let counts: Vec<usize> = (0..20_000).map(|run| arrivals(&group(drawing), run, 100.0).len()).collect();
        // 100 trains of 10 Hz at one half: 50 in 100 ms.
        let p = chi_squared(&counts, 50.0);
        assert!(p > 1e-3, "{drawing:?}: p = {p}");
    }
}

#[test]
fn superposed_and_per_source_intervals_have_the_same_exponential_distribution() {
    for drawing in [Drawing::Superposed, Drawing::PerSource] {
        let mut gaps = intervals_ms(&arrivals(&group(drawing), 0, 100_000.0));
        gaps.sort_by(f64::total_cmp);
        let count = gaps.len() as f64;
        let distance = gaps.iter().enumerate().map(|(rank, gap)| {
            let wanted = 1.0 - (-0.5 * gap).exp();
            (wanted - rank as f64 / count).abs().max((wanted - (rank as f64 + 1.0) / count).abs())
        });
        let distance = distance.fold(0.0, f64::max);
        // Kolmogorov: 1.95 / sqrt(n) is exceeded once in a thousand times.
        assert!(distance < 1.95 / count.sqrt(), "{drawing:?}: {distance} of {count}");
    }
}

#[test]
fn sources_are_known_where_asked_for_and_do_not_depend_on_each_other() {
    let of_source = |sources: usize, source: usize| -> Vec<f64> {
        let groups = [PoissonGroup::new(sources, 20.0, 1.0).with_drawing(Drawing::PerSource)];
        let all = Arrivals::new(&groups, &StreamKey::default()).unwrap().take_while(|a| a.time_ms < 1000.0);
        all.filter(|arrival| arrival.source == Some(source)).map(|arrival| arrival.time_ms).collect()
    };
    assert!(of_source(10, 3).len() > 5);
    assert_eq!(of_source(10, 3), of_source(50, 3));
}

#[test]
fn a_modulated_rate_is_followed() {
    let modulation = Waveform::Sine { amplitude: 0.8, frequency_hz: 10.0, phase_turns: 0.0 };
    let groups = [PoissonGroup::new(100, 10.0, 1.0).with_modulation(modulation)];
    let times = arrivals(&groups, 0, 100_000.0);
    let (mut sine, mut cosine) = (0.0, 0.0);
    for time_ms in &times {
        let phase = std::f64::consts::TAU * time_ms / 100.0;
        sine += phase.sin();
        cosine += phase.cos();
    }
    let count = times.len() as f64;
    // 1e5 arrivals: five standard errors are 1.6 % of the count and 0.011 of the components.
    assert!((count / 1e5 - 1.0).abs() < 0.016, "{count}");
    assert!((2.0 * sine / count - 0.8).abs() < 0.022 && (cosine / count).abs() < 0.011);
    let silent = [PoissonGroup::new(10, 0.0, 1.0), PoissonGroup::new(0, 5.0, 1.0)];
    assert_eq!(Arrivals::new(&silent, &StreamKey::default()).unwrap().next(), None);
}

#[test]
fn rheobase_and_instantaneous_threshold_are_the_known_ones() {
    let model = Model::classic();
    let current = rheobase(&model, 10.0).unwrap();
    assert!((current - 2.240_33).abs() < 1e-5, "{current}");
    let jump_mv = instantaneous_threshold_mv(&model, 20.0).unwrap();
    assert!((jump_mv - 6.505).abs() < 1e-3, "{jump_mv}");
    assert!(matches!(rheobase(&model, 1.0), Err(NeuroError::Input(_))));
}

#[test]
fn the_fi_curve_starts_at_once_with_a_high_rate() {
    let currents: Vec<f64> = (0..=50).map(f64::from).collect();
    let curve = fi_curve(&Model::classic(), &currents, 1000.0, 0.025).unwrap();
    for point in &curve {
        if point.current < 6.0 {
            assert_eq!(point.rate_hz, 0.0, "{point:?}");
        } else if point.current >= 7.0 {
            assert!(point.rate_hz > 50.0, "{point:?}");
        }
    }
    assert_eq!((curve[0].spikes, curve[2].spikes, curve[3].spikes), (0, 0, 1));
    assert!((curve[10].rate_hz - 1000.0 / 14.636_21).abs() < 0.01, "{:?}", curve[10]);
    assert!(curve.windows(2).skip(7).all(|pair| pair[1].rate_hz > pair[0].rate_hz));
}

#[test]
fn interval_statistics_of_a_poisson_train() {
    let times = arrivals(&[PoissonGroup::new(1, 20.0, 1.0)], 3, 1e6);
    let statistics = interval_statistics(&times);
    // 20,000 intervals: five standard errors are 3.5 %.
    assert!((statistics.mean_ms / 50.0 - 1.0).abs() < 0.035 && (statistics.cv - 1.0).abs() < 0.035);
    // 1,000 windows: five standard errors of the variance are 22 %.
    assert!((fano_factor(&times, 1000.0, 1e6).unwrap() - 1.0).abs() < 0.22);
    let histogram = interval_histogram(&times, 10.0, 100).unwrap();
    assert!(histogram.iter().sum::<u64>() as usize >= times.len() - 10);
    assert!(histogram[0] > histogram[20]);
    assert!(interval_statistics(&[1.0]).mean_ms.is_nan());
    assert!(interval_statistics(&[1.0, 2.0]).sd_ms.is_nan());
    assert!(fano_factor(&times, 0.0, 1.0).is_err() && interval_histogram(&times, f64::NAN, 3).is_err());
}

#[test]
fn a_triggered_average_finds_what_comes_with_spikes() {
    let signal: Vec<f64> = (0..1000).map(|i| f64::from(i % 100)).collect();
    let spikes = [150.0, 250.0, 350.0, 450.25].map(|place| place * 0.1);
    let average = spike_triggered_average(&signal, 0.1, &spikes[..3], 2.0, 1.0).unwrap();
    assert_eq!((average.spikes, average.lag_ms.len()), (3, 31));
    for (lag, mean) in average.lag_ms.iter().zip(&average.mean) {
        assert!((mean - (50.0 + 10.0 * lag)).abs() < 1e-9);
    }
    let between = spike_triggered_average(&signal, 0.1, &spikes[3..], 0.0, 0.0).unwrap();
    assert!((between.mean[0] - 50.25).abs() < 1e-9);
    assert_eq!(spike_triggered_average(&signal, 0.1, &[0.0, 99.99], 2.0, 1.0).unwrap().spikes, 0);
    assert!(spike_triggered_average(&signal, 0.0, &spikes, 1.0, 1.0).is_err());
}

#[test]
fn the_phase_plane_is_crossed_at_rest() {
    let plane = PhasePlane::new(&Model::classic(), 0.0);
    let rest = Model::classic().resting_state();
    assert!((plane.n_nullcline(rest.v_mv) - rest.n).abs() < 1e-12);
    assert!((plane.v_nullcline(rest.v_mv).unwrap() - rest.n).abs() < 1e-9);
    let (dv, dn) = plane.flow(rest.v_mv, rest.n);
    assert!(dv.abs() < 1e-9 && dn.abs() < 1e-12);
    assert!(plane.flow(rest.v_mv, 0.9).0 < 0.0);
}

#[test]
fn a_run_repeats_and_another_seed_does_not() {
    let run = |seed, run| {
        let options = NeuronOptions::default()
            .with_current(Current::constant(5.0))
            .with_poisson(hexad_neuro_hh::bombardment(80, 20, 10.0, 0.5, 1.0, 4.0))
            .with_seed(seed)
            .with_run(run);
        let recording = Neuron::new(&Model::classic(), 0.025, &options).unwrap().run(500.0).unwrap();
        (spike_times_ms(&recording.firing.spikes), recording.firing.arrivals)
    };
    assert_eq!(run(1, 0), run(1, 0));
    assert_ne!(run(1, 0), run(2, 0));
    assert_ne!(run(1, 0), run(1, 1));
    let (_, counts) = run(1, 0);
    // 80 and 20 trains of 10 Hz at one half for 500 ms: 200 and 50.
    assert!(counts[0].abs_diff(200) < 70 && counts[1].abs_diff(50) < 35, "{counts:?}");
}

/// Deviation from rest of a neuron that was moved by a hundredth of a mV, 100 ms and 400 ms later.
fn deviations_mv(current: f64) -> [f64; 2] {
    let model = Model::classic();
    let rest = model.resting_state_at(current);
    let options =
        NeuronOptions::default().with_start(rest.jumped(0.01)).with_current(Current::constant(current));
    let run = Neuron::new(&model, 0.025, &options).unwrap().run(420.0).unwrap();
    // The largest over more than a period of 12 ms.
    let largest = |from: usize| {
        run.samples.v_mv[from..from + 800].iter().map(|v| (v - rest.v_mv).abs()).fold(0.0, f64::max)
    };
    [largest(4_000), largest(16_000)]
}

#[test]
fn rest_loses_its_stability_where_small_deviations_begin_to_grow() {
    let current = rest_loses_stability(&Model::classic(), 50.0).unwrap().unwrap();
    assert!((current - 9.78).abs() < 0.01, "{current}");
    let ([early, late], [early_above, late_above]) =
        (deviations_mv(current - 0.3), deviations_mv(current + 0.3));
    assert!(late < early && late_above > early_above, "{early} {late} {early_above} {late_above}");
    assert_eq!(rest_loses_stability(&Model::classic(), 9.0).unwrap(), None);
    assert!(rest_loses_stability(&Model::classic(), -1.0).is_err());
    for current in [-20.0, 0.0, 5.0, 50.0] {
        let rest = Model::classic().resting_state_at(current);
        assert!((Model::classic().steady_current(rest.v_mv) - current).abs() < 1e-9);
    }
}
