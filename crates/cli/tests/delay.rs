//! `hexad delay` keeps its contract.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use common::{Place, data, f64_bytes, npy};
use serde_json::Value;

/// Two pulses heard `late` seconds later by b, 500 samples a second for two seconds.
fn pulses(late: f64) -> String {
    let pulse =
        |t: f64| (-0.5 * ((t - 0.7) / 0.01).powi(2)).exp() - 0.6 * (-0.5 * ((t - 1.1) / 0.02).powi(2)).exp();
    let row = |n: i32| {
        let t = f64::from(n) * 0.002;
        format!("{t},{:e},{:e}\n", pulse(t), 2.0 + 3.0 * pulse(t - late))
    };
    format!("t_s,a,b\n{}", (0..1000).map(row).collect::<String>())
}

/// Noise of two columns that have nothing in common.
fn noise(rows: usize) -> String {
    let mut state = 1_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64 - 0.5
    };
    let rows: String = (0..rows).map(|_| format!("{},{}\n", draw(), draw())).collect();
    format!("a,b\n{rows}")
}

fn microphones(options: &str) -> String {
    format!("delay {} --x time_s {options}", data("microphones.csv").display())
}

fn json(text: &str) -> Value {
    assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
    serde_json::from_str(text).unwrap()
}

#[track_caller]
fn number(report: &Value, key: &str) -> f64 {
    report[key].as_f64().unwrap()
}

/// A column of CSV text.
fn column(csv: &str, index: usize) -> Vec<f64> {
    csv.lines().skip(1).map(|line| line.split(',').nth(index).unwrap().parse().unwrap()).collect()
}

#[test]
fn json_has_every_promised_key() {
    let place = Place::new();
    let report = json(&place.hexad(&microphones("--columns left,right --json --out out.csv")).ok());
    let keys: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"a alias_period_s b chance coefficient command delay_s delay_samples elapsed_s lag_max_s lag_min_s lag_samples leading n_a n_b outputs phase_deg polarity sample_rate second_peak_ratio time_unit uncertainty_is_lower_bound uncertainty_s verdict");
    assert_eq!((&report["command"], &report["verdict"]), (&"delay".into(), &"clear".into()));
    assert_eq!((&report["leading"], &report["polarity"]), (&"a".into(), &1.into()));
    assert_eq!(
        (&report["a"], &report["b"], &report["time_unit"]),
        (&"left".into(), &"right".into(), &"s".into())
    );
    // Made with 2.35 ms; three standard deviations and the rounding to four digits.
    let (delay, uncertainty) = (number(&report, "delay_s"), number(&report, "uncertainty_s"));
    assert!((delay - 2.35e-3).abs() < 3.0 * uncertainty && uncertainty < 1e-5, "{delay} {uncertainty}");
    assert!((number(&report, "delay_samples") - 1e4 * delay).abs() < 1e-9);
    assert!((report["lag_samples"].as_i64().unwrap() as f64 - 1e4 * delay).abs() <= 1.0);
}

#[test]
fn a_late_b_has_a_positive_delay() {
    let place = Place::new();
    place.write("late.csv", pulses(0.123_4));
    let of = |columns: &str| {
        json(&place.hexad(&format!("delay late.csv --x t_s --columns {columns} --json")).ok())
    };
    let (forth, back) = (of("a,b"), of("b,a"));
    // Written with all digits; the pulses are band-limited.
    assert!((number(&forth, "delay_s") - 0.123_4).abs() < 1e-9, "{forth}");
    assert_eq!((&forth["leading"], &back["leading"]), (&"a".into(), &"b".into()));
    assert_eq!(number(&forth, "delay_s"), -number(&back, "delay_s"));
    assert_eq!(forth["lag_samples"].as_i64(), back["lag_samples"].as_i64().map(|lag| -lag));
}

#[test]
fn the_correlation_written_has_its_peak_at_the_delay() {
    let place = Place::new();
    place.write("late.csv", pulses(0.1));
    let line = "delay late.csv --x t_s --max-lag 0.3 --out";
    let out = place.hexad(&format!("{line} -")).ok();
    assert_eq!(out.lines().next(), Some("lag_s,coefficient"));
    let (lag, coefficient) = (column(&out, 0), column(&out, 1));
    assert_eq!((lag.len(), lag[0], lag[300]), (301, -0.3, 0.3));
    let best = (0..lag.len()).max_by(|&i, &j| coefficient[i].total_cmp(&coefficient[j])).unwrap();
    assert_eq!(lag[best], 0.1);
    // Formed by transforms of a thousand samples.
    assert!((coefficient[best] - 1.0).abs() < 1e-12);
    // Both are filtered alike: the peak stays.
    let out = place.hexad(&format!("{line} - --band 2,30 --window hann")).ok();
    let coefficient = column(&out, 1);
    let best = (0..lag.len()).max_by(|&i, &j| coefficient[i].total_cmp(&coefficient[j])).unwrap();
    assert_eq!(lag[best], 0.1);
}

#[test]
fn nothing_in_common_is_a_verdict_and_no_error() {
    let place = Place::new();
    place.write("noise.csv", noise(2000));
    let report = json(&place.hexad("delay noise.csv --sample-rate 100 --json --plot a.svg").ok());
    assert_eq!((&report["verdict"], &report["leading"]), (&"none".into(), &"none".into()));
    assert!(number(&report, "chance") > 0.004);
    assert!(place.read("a.svg").contains("a and b: no more in common than by chance"));
    let rows: String = (0..50).map(|n| format!("3,{}\n", n * n % 17)).collect();
    place.write("dead.csv", format!("a,b\n{rows}"));
    let report = json(&place.hexad("delay dead.csv --sample-rate 1 --json --out c.csv --plot c.png").ok());
    assert_eq!((&report["verdict"], &report["note"]), (&"none".into(), &"a is constant".into()));
    assert_eq!((&report["uncertainty_s"], &report["coefficient"]), (&Value::Null, &0.0.into()));
}

#[test]
fn a_turned_over_signal_has_negative_polarity() {
    let place = Place::new();
    let report = json(&place.hexad(&microphones("--columns left,rear --json --plot a.svg")).ok());
    assert_eq!((&report["leading"], &report["polarity"]), (&"b".into(), &(-1).into()));
    assert!(number(&report, "coefficient") < -0.8);
    assert!((number(&report, "delay_s") + 1.75e-3).abs() < 1e-5);
    assert!(place.read("a.svg").contains("rear, moved, upside down"));
}

#[test]
fn signals_may_be_in_two_files_of_unequal_lengths() {
    let place = Place::new();
    let both = pulses(0.1);
    let part = |index: usize, rows: usize, name: &str| {
        let cell = |line: &str| line.split(',').nth(index).unwrap().to_string();
        let rows: String = both.lines().skip(1).take(rows).map(|line| cell(line) + "\n").collect();
        format!("{name}\n{rows}")
    };
    place.write("a.csv", part(1, 1000, "volts"));
    place.write("b.csv", part(2, 800, "volts"));
    let line = "delay a.csv b.csv --sample-rate 500";
    let report = json(&place.hexad(&format!("{line} --json --plot a.svg")).ok());
    assert_eq!((&report["n_a"], &report["n_b"]), (&1000.into(), &800.into()));
    assert!((number(&report, "delay_s") - 0.1).abs() < 1e-9, "{report}");
    assert!(place.read("a.svg").contains("b is 0.1"));
    let named = json(&place.hexad(&format!("{line} --columns volts,0 --json")).ok());
    assert_eq!(named["delay_s"], report["delay_s"]);
    let piped = place.hexad_with_input(
        &line.replace("a.csv", "-").replace("b.csv", "b.csv --columns 0,0 --json"),
        part(1, 1000, "volts").as_bytes(),
    );
    assert_eq!(json(&piped.ok())["delay_s"], report["delay_s"]);
}

#[test]
fn a_sound_tells_its_own_rate() {
    let place = Place::new();
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(place.path("a.wav"), spec).unwrap();
    let heard = |n: i64| i16::try_from(n * n * 7919 % 10_007 - 5000).unwrap();
    for n in 0..2000 {
        writer.write_sample(heard(n + 12)).unwrap();
        writer.write_sample(heard(n)).unwrap();
    }
    writer.finalize().unwrap();
    let report = json(&place.hexad("delay a.wav --json").ok());
    assert_eq!(number(&report, "sample_rate"), 8000.0);
    // A whole lag, but for the rounding of transforms.
    assert!((number(&report, "delay_s") - 12.0 / 8000.0).abs() < 1e-13);
    place.write("b.csv", "y\n1\n2\n1\n2\n1\n2\n1\n2\n3\n");
    place.hexad("delay a.wav b.csv --columns 0,y --sample-rate 100").fails(2, "contradicts a.wav");
}

#[test]
fn all_pairs_are_those_of_single_runs() {
    let place = Place::new();
    let options = "--max-lag 0.01 --json";
    let all = json(&place.hexad(&microphones(&format!("--all-pairs {options} --out all.csv"))).ok());
    let pairs = all["pairs"].as_array().unwrap();
    assert_eq!(pairs.len(), 3);
    for pair in pairs {
        let columns = format!("{},{}", pair["a"].as_str().unwrap(), pair["b"].as_str().unwrap());
        let single = json(&place.hexad(&microphones(&format!("--columns {columns} {options}"))).ok());
        for (key, value) in pair.as_object().unwrap() {
            assert_eq!(&single[key], value, "{key}");
        }
    }
    assert_eq!(place.read("all.csv").lines().next(), Some("lag_s,left:right,left:rear,right:rear"));
    let summary = place.hexad(&microphones("--columns left,right,rear --all-pairs --max-lag 0.01")).ok();
    insta::assert_snapshot!(summary, @r"
    samples  1000, 10000 per s; delays from -0.01 to 0.01 s
          a      b               delay [s]  coefficient  verdict
       left  right   0.0023508 ± 0.0000024       0.8902    clear
       left   rear  -0.0017496 ± 0.0000021      -0.9062    clear
      right   rear  -0.0040990 ± 0.0000025      -0.8751    clear
    ");
}

#[test]
fn a_fast_clock_has_its_skew() {
    let place = Place::new();
    // Fifty tones; the clock of b is 200 ppm fast, so that it counts more time for the same events.
    let source =
        |t: f64| -> f64 { (1..50).map(|k| (f64::from(k * k) + 0.37 * t * f64::from(k) * 6.1).cos()).sum() };
    let rows: String = (0..10_000)
        .map(|n| f64::from(n) * 0.01)
        .map(|t| format!("{},{}\n", source(t), source(t / (1.0 + 200e-6) - 0.04)))
        .collect();
    place.write("a.csv", format!("a,b\n{rows}"));
    let line = "delay a.csv --sample-rate 100 --max-lag 1 --drift 5";
    let report = json(&place.hexad(&format!("{line} --json --plot a.svg")).ok());
    let drift = &report["drift"];
    let [skew, low, high] = ["skew_ppm", "skew_low_ppm", "skew_high_ppm"].map(|key| number(drift, key));
    assert!(low <= skew && skew <= high && (skew - 200.0).abs() < 10.0, "{low} {skew} {high}");
    // Of 100 s less the delay.
    assert_eq!(drift["windows"].as_array().unwrap().len(), 19);
    assert_eq!(drift["aligned_by_samples"], 5);
    assert!(place.read("a.svg").contains("time from the first sample [s]"));
    place.write("noise.csv", noise(2000));
    let report = json(&place.hexad("delay noise.csv --sample-rate 100 --drift 2 --json").ok());
    assert_eq!((&report["verdict"], report["drift"].get("skew_ppm")), (&"none".into(), None));
}

#[test]
fn windows_follow_a_delay_longer_than_they_are() {
    let place = Place::new();
    let source =
        |t: f64| -> f64 { (1..50).map(|k| (f64::from(k * k) + 2.257 * t * f64::from(k)).cos()).sum() };
    let part = |rows: i32, late: f64| -> String {
        let row = |n: i32| format!("{}\n", source((f64::from(n) * 0.01 - late) / (1.0 + 100e-6)));
        format!("y\n{}", (0..rows).map(row).collect::<String>())
    };
    place.write("a.csv", part(8000, 0.0));
    place.write("b.csv", part(9000, 7.0));
    let report = json(&place.hexad("delay a.csv b.csv --sample-rate 100 --drift 4 --json").ok());
    // Alike but for the delay: neither clock is fast.
    let drift = &report["drift"];
    assert_eq!(drift["aligned_by_samples"], 700);
    assert!(number(drift, "skew_ppm").abs() < 0.1 && (number(drift, "delay_at_start_s") - 7.0).abs() < 1e-5);
}

#[test]
fn a_window_makes_no_delay_of_noise() {
    let place = Place::new();
    place.write("noise.csv", noise(600));
    let report = json(&place.hexad("delay noise.csv --sample-rate 100 --window hann --json").ok());
    assert_eq!(report["verdict"], "none");
    let of = |window: &str| {
        json(&place.hexad(&microphones(&format!("--columns left,right --json --window {window}"))).ok())
    };
    let (plain, tapered) = (of("none"), of("hann"));
    assert!((number(&tapered, "delay_s") - 2.35e-3).abs() < 4.0 * number(&tapered, "uncertainty_s"));
    assert!(number(&tapered, "uncertainty_s") > 1.2 * number(&plain, "uncertainty_s"));
}

#[test]
fn a_single_tone_has_many_delays() {
    let place = Place::new();
    let tone = |t: f64| (t * std::f64::consts::TAU / 20.0).sin();
    let rows: String =
        (0..400).map(|n| format!("{},{}\n", tone(f64::from(n)), tone(f64::from(n) - 3.0))).collect();
    place.write("a.csv", format!("a,b\n{rows}"));
    let report = json(&place.hexad("delay a.csv --sample-rate 1 --json").ok());
    assert_eq!(report["verdict"], "ambiguous");
    assert!(
        (number(&report, "delay_s") - 3.0).abs() < 1e-6
            && (number(&report, "alias_period_s") - 20.0).abs() < 1e-6
    );
    assert!((number(&report, "phase_deg") - 54.0).abs() < 1e-5);
    let near = json(&place.hexad("delay a.csv --sample-rate 1 --max-lag 8 --json").ok());
    assert_eq!(near["verdict"], "clear");
}

#[test]
fn dates_count_in_days() {
    let place = Place::new();
    let row = |day: i32| {
        format!(
            "2024-{:02}-{:02},{},{}\n",
            1 + day / 28,
            1 + day % 28,
            day * day % 13,
            (day - 2) * (day - 2) % 13
        )
    };
    place.write("a.csv", format!("day,a,b\n{}", (0..28).map(row).collect::<String>()));
    let report = json(&place.hexad("delay a.csv --x day --max-lag 5 --json --plot a.svg").ok());
    assert_eq!((&report["time_unit"], number(&report, "delay_s").round()), (&"day".into(), 2.0));
    assert!(place.read("a.svg").contains("lag [day]"));
}

#[test]
fn threads_and_formats_do_not_change_a_bit() {
    let place = Place::new();
    let run = |n| {
        let options = format!("--columns left,right,rear --all-pairs --threads {n}");
        let mut report = json(&place.hexad(&microphones(&format!("{options} --json"))).ok());
        report["elapsed_s"].take();
        (report, place.hexad(&microphones(&format!("{options} --out -"))).ok())
    };
    assert_eq!(run(1), run(8));
    let text = std::fs::read_to_string(data("microphones.csv")).unwrap();
    for (name, index) in [("left.npy", 1), ("right.npy", 2)] {
        place.write(
            name,
            npy(
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1000,)}",
                &f64_bytes(&column(&text, index)),
            ),
        );
    }
    let from_npy = json(&place.hexad("delay left.npy right.npy --sample-rate 10000 --json").ok());
    let from_text = json(
        &place
            .hexad(&microphones("--columns left,right --json").replace("--x time_s", "--sample-rate 10000"))
            .ok(),
    );
    assert_eq!(from_npy["delay_s"], from_text["delay_s"]);
}

#[test]
fn the_summary_says_who_is_late() {
    let place = Place::new();
    let summary = place.hexad(&microphones("--columns left,right --out a.csv --plot a.svg")).ok();
    insta::assert_snapshot!(summary, @r"
    samples  1000, 10000 per s; delays from -0.05 to 0.05 s
    delay    0.0023508 ± 0.0000024 s (23.51 samples): right is late
    likeness 0.8902 correlation coefficient
    verdict  clear: the second highest peak is 0.3158 of the highest
    wrote    a.csv
    wrote    a.svg
    ");
    for text in ["right is 0.00235", "right, moved", "correlation coefficient", "95 % interval", "lag [s]"] {
        assert!(place.read("a.svg").contains(text), "{text}");
    }
    place.write("noise.csv", noise(500));
    let summary = place.hexad("delay noise.csv --sample-rate 100").ok();
    assert!(
        summary.contains("delay    none: unrelated signals have a peak as high with probability"),
        "{summary}"
    );
    assert_eq!(place.hexad("delay noise.csv --sample-rate 100 --quiet").ok(), "");
}

#[test]
fn options_of_the_search_reach_the_library() {
    let place = Place::new();
    for weighting in ["none", "phat", "scot", "roth", "ml"] {
        let line = format!("--columns left,right --band 200,2000 --weighting {weighting} --json");
        let report = json(&place.hexad(&microphones(&line)).ok());
        assert!((number(&report, "delay_s") - 2.35e-3).abs() < 1e-5, "{weighting}: {report}");
    }
    let whole = json(&place.hexad(&microphones("--columns left,right --subsample none --json")).ok());
    assert_eq!(number(&whole, "delay_samples"), whole["lag_samples"].as_i64().unwrap() as f64);
    let parabolic =
        json(&place.hexad(&microphones("--columns left,right --subsample parabolic --json")).ok());
    assert_ne!(parabolic["delay_s"], whole["delay_s"]);
    let narrow = json(&place.hexad(&microphones("--columns left,right --min-overlap 0.9 --json")).ok());
    assert_eq!((number(&narrow, "lag_min_s"), number(&narrow, "lag_max_s")), (-0.01, 0.01));
}
