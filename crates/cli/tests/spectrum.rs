//! `hexad spectrum` keeps its contract.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::f64::consts::{PI, SQRT_2, TAU};

use common::{Place, Run, data, f64_bytes, npy, wav};
use serde_json::Value;

fn sunspots(options: &str) -> String {
    format!("spectrum {} --x year --y sunspots {options}", data("sunspots_yearly.csv").display())
}

fn json(text: &str) -> Value {
    assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
    serde_json::from_str(text).unwrap()
}

/// A column of CSV text.
fn column(csv: &str, index: usize) -> Vec<f64> {
    csv.lines().skip(1).map(|line| line.split(',').nth(index).unwrap().parse().unwrap()).collect()
}

#[track_caller]
fn assert_near(got: f64, expected: f64, relative: f64) {
    assert!((got - expected).abs() <= relative * expected.abs(), "{got} is not {expected}");
}

/// Samples that look like noise: uniform on -0.5..0.5, variance 1/12.
fn noise(len: usize) -> Vec<f64> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    (0..len).map(|_| next()).collect()
}

fn csv(values: &[f64]) -> String {
    values.iter().fold("y_v\n".to_string(), |text, value| text + &format!("{value}\n"))
}

/// 2 + 3 cos(2 pi 50 t + 0.5) in 1000 samples of 1 s.
fn tone() -> String {
    let values: Vec<f64> = (0..1000).map(|n| 2.0 + 3.0 * (TAU * 0.05 * f64::from(n) + 0.5).cos()).collect();
    csv(&values)
}

#[test]
fn json_has_every_promised_key() {
    let place = Place::new();
    let report = json(&place.hexad(&sunspots("--window hann --json --out out.csv")).ok());
    let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"command effective_segments elapsed_s enbw_hz frequency_unit n outputs parseval_residual peak_frequency peak_value resolution_hz sample_rate scaling segments unit unit_note window");
    assert_eq!((&report["command"], &report["n"]), (&"spectrum".into(), &309.into()));
    assert_eq!((&report["window"], &report["scaling"]), (&"hann".into(), &"amplitude".into()));
    assert_eq!((report["sample_rate"].as_f64(), &report["frequency_unit"]), (Some(1.0), &"1/year".into()));
    assert_near(report["resolution_hz"].as_f64().unwrap(), 1.0 / 309.0, 1e-15);
    assert_near(report["enbw_hz"].as_f64().unwrap(), 1.5 / 309.0, 1e-12);
    assert!(report["parseval_residual"].as_f64().unwrap() < 1e-14);
    // Not the constant, which the window spreads over the first bin: the cycle of 11 years.
    assert_near(report["peak_frequency"].as_f64().unwrap(), 28.0 / 309.0, 1e-15);
    let out = place.read("out.csv");
    assert_eq!(out.lines().next(), Some("frequency,value,phase"));
    assert_eq!(out.lines().count(), 156);
    assert!(column(&out, 1).contains(&report["peak_value"].as_f64().unwrap()));
}

#[test]
fn a_tone_reads_right_in_every_scaling() {
    let place = Place::new();
    place.write("a.csv", tone());
    for (scaling, window, line, constant) in [
        ("amplitude", "boxcar", 3.0, 2.0),
        ("amplitude", "hann", 3.0, 2.0),
        ("amplitude", "kaiser=14", 3.0, 2.0),
        ("rms", "hann", 3.0 / SQRT_2, 2.0),
        ("power", "hann", 4.5, 4.0),
        // The tone's mean square over the noise bandwidth: 1 Hz, Hann's 1.5 Hz.
        ("density", "boxcar", 4.5, 4.0),
        ("density", "hann", 3.0, 4.0 / 1.5),
        ("energy", "boxcar", 4.5, 4.0),
        ("transform", "boxcar", 1.5, 2.0),
    ] {
        let options = format!("--y y_v --sample-rate 1000 --scaling {scaling} --window {window}");
        let report = json(&place.hexad(&format!("spectrum a.csv {options} --json --out b.csv")).ok());
        assert_eq!(report["peak_frequency"].as_f64(), Some(50.0), "{scaling} {window}");
        // Kaiser's side lobes let a ten-millionth of the one into the other.
        let tolerance = if window == "kaiser=14" { 1e-6 } else { 1e-12 };
        assert_near(report["peak_value"].as_f64().unwrap(), line, tolerance);
        let out = place.read("b.csv");
        assert_near(column(&out, 1)[0], constant, tolerance);
        assert_near(column(&out, 2)[50], 0.5, tolerance);
    }
}

#[test]
fn one_slow_cycle_is_not_taken_for_the_constant() {
    let place = Place::new();
    let values: Vec<f64> = (0..500).map(|n| (TAU * f64::from(n) / 500.0 + 0.3).cos()).collect();
    place.write("a.csv", csv(&values));
    // Wide lobes need the constant taken off to tell.
    for window in ["boxcar", "hann", "blackmanharris --detrend constant"] {
        let line = format!("spectrum a.csv --y 0 --sample-rate 500 --window {window} --json");
        let report = json(&place.hexad(&line).ok());
        assert_eq!(report["peak_frequency"].as_f64(), Some(1.0), "{window}");
    }
}

#[test]
fn scalings_follow_the_sample_rate_as_their_units_say() {
    let place = Place::new();
    place.write("a.csv", tone());
    let peak = |scaling: &str, rate: f64| {
        let line = format!("spectrum a.csv --y 0 --sample-rate {rate} --scaling {scaling} --json");
        json(&place.hexad(&line).ok())["peak_value"].as_f64().unwrap()
    };
    for (scaling, power) in [("amplitude", 0), ("power", 0), ("density", 1), ("energy", 2), ("transform", 1)]
    {
        assert_near(peak(scaling, 250.0), peak(scaling, 1000.0) * 4_f64.powi(power), 1e-12);
    }
}

#[test]
fn a_pulse_has_its_fourier_transform() {
    let place = Place::new();
    // A Gaussian of sigma 1 about time 5, from time 2 on: its transform counts time from 0.
    let rows: String = (0..1000)
        .map(|n| 2.0 + 0.01 * f64::from(n))
        .map(|t| format!("{t},{:e}\n", (-0.5 * (t - 7.0).powi(2)).exp() / TAU.sqrt()))
        .collect();
    place.write("a.csv", format!("t_s,p\n{rows}"));
    let out = place.hexad("spectrum a.csv --x t_s --y p --scaling transform --out -").ok();
    let [frequency, value, phase] = [0, 1, 2].map(|index| column(&out, index));
    for bin in 0..8 {
        // The pulse is cut where it has fallen to 6e-7.
        assert!((value[bin] - (-2.0 * (PI * frequency[bin]).powi(2)).exp()).abs() < 1e-6);
        let turns = (phase[bin] / TAU + 7.0 * frequency[bin]).rem_euclid(1.0);
        assert!(turns.min(1.0 - turns) < 1e-4, "{bin}: {turns}");
    }
}

#[test]
fn the_density_of_white_noise_is_its_variance_over_half_the_rate() {
    let place = Place::new();
    place.write(
        "a.npy",
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (200000,)}", &f64_bytes(&noise(200_000))),
    );
    for average in ["mean", "median"] {
        let line = format!(
            "spectrum a.npy --y 0 --sample-rate 50 --scaling density --window hann --segment 500 --average {average} --confidence 0.9 --json --out b.csv"
        );
        let report = json(&place.hexad(&line).ok());
        assert_eq!(report["segments"], 799);
        let out = place.read("b.csv");
        assert_eq!(out.lines().next(), Some("frequency,value,lower,upper"));
        let [value, lower, upper] = [1, 2, 3].map(|index| column(&out, index));
        let truth = 2.0 / 12.0 / 50.0;
        let mean = value[2..249].iter().sum::<f64>() / 247.0;
        // The mean of 247 bins of 700 segments spreads by 0.3 %.
        assert_near(mean, truth, 0.012);
        let covered = (2..249).filter(|&bin| lower[bin] < truth && truth < upper[bin]).count();
        assert!((205..=240).contains(&covered), "{average}: {covered} of 247");
        let effective = report["effective_segments"].as_f64().unwrap();
        assert!(if average == "mean" { effective > 700.0 } else { effective < 600.0 }, "{effective}");
    }
}

#[test]
fn one_segment_has_a_wide_interval() {
    let place = Place::new();
    place.write("a.csv", csv(&noise(100)));
    let out =
        place.hexad("spectrum a.csv --y 0 --sample-rate 1 --scaling power --confidence 0.95 --out -").ok();
    assert_eq!(out.lines().next(), Some("frequency,value,phase,lower,upper"));
    let [value, lower, upper] = [1, 3, 4].map(|index| column(&out, index));
    // Chi-squared of two degrees of freedom: -2 ln(tail).
    assert_near(lower[7] / value[7], 1.0 / -0.025_f64.ln(), 1e-9);
    assert_near(upper[7] / value[7], 1.0 / -0.975_f64.ln(), 1e-9);
}

#[test]
fn a_trend_is_taken_off() {
    let place = Place::new();
    let values: Vec<f64> = (0..400).map(|n| 7.0 + 0.1 * f64::from(n)).collect();
    place.write("a.csv", csv(&values));
    let largest = |detrend: &str| {
        let out = place.hexad(&format!("spectrum a.csv --y 0 --sample-rate 1 --out - {detrend}")).ok();
        column(&out, 1).into_iter().fold(0.0, f64::max)
    };
    assert_near(largest(""), 7.0 + 0.1 * 199.5, 1e-12);
    assert!(largest("--detrend constant") > 1.0 && largest("--detrend constant") < 20.0);
    assert!(largest("--detrend linear") < 1e-12);
}

/// Every format, stdin and any number of threads give the same bytes, in as many pieces as they come.
#[test]
fn pieces_give_the_bits_of_the_whole() {
    let place = Place::new();
    let values = noise(150_000);
    let rows = |start: f64| -> String {
        values.iter().enumerate().map(|(n, y)| format!("{},{y}\n", start + 0.25 * n as f64)).collect()
    };
    place.write("a.csv", format!("t_s,y\n{}", rows(10.0)));
    place.write(
        "a.npy",
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (150000,)}", &f64_bytes(&values)),
    );
    place.hexad("smooth a.csv --y y --sigma 1e-9 --out a.parquet --quiet").ok();
    for options in [
        "--segment 1000",
        "--segment 70001 --scaling density --detrend linear",
        "--segment 149999 --overlap 0",
    ] {
        let options = format!("{options} --window hann --confidence 0.9 --out -");
        let from_csv = place.hexad(&format!("spectrum a.csv --x t_s --y y {options}")).ok();
        let same = |run: Run| assert!(run.ok() == from_csv, "{options}");
        for threads in [1, 2] {
            same(place.hexad(&format!("spectrum a.csv --x t_s --y y --threads {threads} {options}")));
        }
        same(place.hexad(&format!("spectrum a.csv --y y --sample-rate 4 {options}")));
        same(place.hexad(&format!("spectrum a.npy --y 0 --sample-rate 4 {options}")));
        same(place.hexad(&format!("spectrum a.parquet --y y_smooth --sample-rate 4 {options}")));
        let input = place.read("a.csv").into_bytes();
        same(place.hexad_with_input(&format!("spectrum - --x t_s --y y {options}"), &input));
    }
}

/// The mean over one segment is the spectrum of the whole.
#[test]
fn a_single_segment_is_the_record() {
    let place = Place::new();
    let values = |options: &str| {
        let out = place.hexad(&sunspots(&format!("{options} --window hann --scaling energy --out -"))).ok();
        [column(&out, 0), column(&out, 1)]
    };
    let ([f, whole], [g, mean], [_, median]) =
        (values(""), values("--segment 309"), values("--segment 309 --average median"));
    assert_eq!(f, g);
    // A mean goes through the transform of a pair of segments: rounding of the largest bin.
    let tolerance = 1e-14 * whole[0];
    for (whole, (mean, median)) in whole.iter().zip(mean.iter().zip(&median)) {
        assert!((whole - mean).abs() < tolerance && (whole - median).abs() < tolerance);
    }
}

#[test]
fn a_sound_tells_its_own_rate() {
    let place = Place::new();
    wav(&place.path("a.wav"), 100);
    for options in ["", "--segment 50"] {
        let report = json(&place.hexad(&format!("spectrum a.wav --y 1 --json {options}")).ok());
        assert_eq!((report["sample_rate"].as_f64(), &report["frequency_unit"]), (Some(8000.0), &"Hz".into()));
    }
}

#[test]
fn units_are_named_where_they_are_known() {
    let place = Place::new();
    let nino = format!("spectrum {} --x year --y sst_celsius --json", data("nino3_sst.csv").display());
    for (scaling, unit) in [
        ("amplitude", "\u{b0}C"),
        ("rms", "\u{b0}C rms"),
        ("power", "\u{b0}C\u{b2}"),
        ("density", "\u{b0}C\u{b2} year"),
        ("energy", "\u{b0}C\u{b2} year\u{b2}"),
        ("transform", "\u{b0}C year"),
    ] {
        let report = json(&place.hexad(&format!("{nino} --scaling {scaling}")).ok());
        assert_eq!(report["unit"], unit);
        let note = report["unit_note"].as_str().unwrap();
        assert!(note.starts_with(&format!("{unit}: ")) && note.contains(';'), "{note}");
    }
    place.write("a.csv", tone());
    let report = json(&place.hexad("spectrum a.csv --y 0 --sample-rate 1 --scaling density --json").ok());
    assert_eq!(report["unit"], "V\u{b2}/Hz");
}

/// A tone of period 7 with noise, at times in no order, one of them twice.
fn uneven() -> String {
    let noise = noise(600);
    let time = |n: usize| 100.0 * (0.618_033_988_75 * n as f64).fract() + 1000.0;
    let value = |n: usize| 5.0 + 2.0 * (TAU * time(n) / 7.0).sin() + noise[n];
    let rows: String = (0..300).map(|n| format!("{},{}\n", time(n), value(n))).collect();
    format!("t_h,y_v\n{rows}{},{}\n", time(0), value(0))
}

#[test]
fn uneven_times_have_a_spectrum_too() {
    let place = Place::new();
    place.write("a.csv", uneven());
    let report = json(&place.hexad("spectrum a.csv --x t_h --y y_v --lombscargle --json --out b.csv").ok());
    let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"command effective_segments elapsed_s enbw_hz false_alarm_probability frequency_unit missing n outputs parseval_residual peak_frequency peak_value resolution_hz sample_rate scaling segments span unit unit_note window");
    assert_eq!((&report["frequency_unit"], &report["n"]), (&"1/h".into(), &301.into()));
    // A fifth of a resolution is the grid; noise of 0.29 on 300 samples leaves 0.024 of the amplitude open.
    assert!((report["peak_frequency"].as_f64().unwrap() - 1.0 / 7.0).abs() < 0.002);
    assert!((report["peak_value"].as_f64().unwrap() - 2.0).abs() < 0.1);
    assert!(report["false_alarm_probability"].as_f64().unwrap() < 1e-50);
    assert_eq!(place.read("b.csv").lines().next(), Some("frequency,value"));
    let power =
        json(&place.hexad("spectrum a.csv --x t_h --y y_v --lombscargle --scaling power --json").ok());
    // The tone's share of the variance: 2 of 2 + 1/12.
    assert!((power["peak_value"].as_f64().unwrap() - 0.96).abs() < 0.02);
    assert_eq!(power["false_alarm_probability"], report["false_alarm_probability"]);
}

#[test]
fn a_trend_hides_no_tone_at_uneven_times() {
    let place = Place::new();
    let text = uneven();
    let rising = |row: &str| {
        let (time, value) = row.split_once(',').unwrap();
        let (time, value): (f64, f64) = (time.parse().unwrap(), value.parse().unwrap());
        format!("{time},{}\n", value + 0.3 * time)
    };
    place.write("a.csv", format!("t_h,y_v\n{}", text.lines().skip(1).map(rising).collect::<String>()));
    let spectrum = "spectrum a.csv --x t_h --y y_v --lombscargle --json";
    let report = json(&place.hexad(spectrum).ok());
    assert!(report["peak_frequency"].as_f64().unwrap() < 0.01, "{report}");
    let report = json(&place.hexad(&format!("{spectrum} --detrend linear")).ok());
    assert!((report["peak_frequency"].as_f64().unwrap() - 1.0 / 7.0).abs() < 0.002, "{report}");
    assert!((report["peak_value"].as_f64().unwrap() - 2.0).abs() < 0.1, "{report}");
}

#[test]
fn times_on_a_grid_with_gaps_have_no_images() {
    let place = Place::new();
    let co2 = format!("spectrum {} --x date --y co2_ppm --lombscargle", data("co2_weekly.csv").display());
    place.hexad(&co2).fails(1, "line 8, column \"co2_ppm\": a missing value cannot be used (--nan skip");
    let report = json(&place.hexad(&format!("{co2} --nan skip --json --out b.csv")).ok());
    assert_eq!((&report["n"], &report["missing"]), (&2225.into(), &59.into()));
    assert_eq!(report["frequency_unit"], "1/day");
    let highest = *column(&place.read("b.csv"), 0).last().unwrap();
    assert!((highest - 1.0 / 14.0).abs() < 1e-4, "{highest}");
}

#[test]
fn summaries_are_short() {
    let place = Place::new();
    let nino = format!("spectrum {} --x year --y sst_celsius", data("nino3_sst.csv").display());
    let welch = "--scaling density --window hann --segment 64 --confidence 0.95 --out a.csv";
    let text = place.hexad(&format!("{nino} {welch}")).ok();
    // The residual is rounding.
    let text: Vec<_> = text.lines().filter(|line| !line.starts_with("parseval")).collect();
    insta::assert_snapshot!(text.join("\n"), @r"
    samples     264, 4 per year
    peak        1 1/year, period 1 year: density 5.367 °C² year
    resolution  0.0625 1/year
    window      hann, noise bandwidth 0.09375 1/year
    segments    7, worth 6.682 independent ones
    values      °C² year: mean square per frequency, of noise
    wrote       a.csv
    ");
    place.write("a.csv", "t_h,y\n0,1\n1,NA\n2.5,3\n3.1,1\n4,-1\n7,2\n");
    let text = place.hexad("spectrum a.csv --x t_h --y y --lombscargle --scaling power --nan skip").ok();
    insta::assert_snapshot!(text.lines().next().unwrap(), @"samples     5 over 7 h, 1 left out");
    assert!(text.contains("\nfalse alarm ") && text.contains("\nvalues      1: share of the variance"));
    assert_eq!(place.hexad(&format!("{nino} --quiet")).ok(), "");
}

#[test]
fn plots_name_peak_interval_and_units() {
    let place = Place::new();
    let nino = format!("spectrum {} --x year --y sst_celsius --quiet", data("nino3_sst.csv").display());
    place.hexad(&format!("{nino} --scaling density --segment 64 --confidence 0.95 --plot a.svg")).ok();
    place.write("a.csv", uneven());
    place.hexad("spectrum a.csv --x t_h --y y_v --lombscargle --scaling power --quiet --plot b.svg").ok();
    place.hexad(&sunspots("--quiet --plot c.png")).ok();
    assert_eq!(place.files(), ["a.csv", "a.svg", "b.svg", "c.png"]);
    for (name, parts) in [
        (
            "a.svg",
            [
                "density [\u{b0}C\u{b2} year]",
                "frequency [1/year]",
                "1 per year, period 1 year",
                "95 % confidence",
            ],
        ),
        (
            "b.svg",
            [
                "share of the variance",
                "frequency [1/h]",
                "false alarm 1 %, 0.1 %",
                "Lomb-Scargle spectrum of y_v",
            ],
        ),
    ] {
        let svg = place.read(name);
        for part in parts {
            assert!(svg.contains(part), "{part} in {name}");
        }
    }
}
