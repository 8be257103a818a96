//! `hexad wave converge` keeps its contract.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::f64::consts::SQRT_2;

use common::{Place, run_examples};
use serde_json::Value;

fn study(options: &str) -> Value {
    let text = Place::new().hexad(&format!("wave converge {options} --json")).ok();
    assert_eq!(text.matches('\n').count(), 1, "one line: {text}");
    serde_json::from_str(&text).unwrap()
}

fn rows(study: &Value, key: &str) -> Vec<f64> {
    study["rows"].as_array().unwrap().iter().map(|row| row[key].as_f64().unwrap()).collect()
}

#[track_caller]
fn assert_order(study: &Value, order: f64, within: f64) {
    for key in ["observed_order_p", "observed_order_u"] {
        let observed = study[key].as_f64().unwrap();
        assert!((observed - order).abs() < within, "{key} {observed} of {study}");
    }
}

#[test]
fn json_has_every_promised_key() {
    let study = study("");
    let keys: Vec<_> = study.as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"at cfl command dims elapsed_s end_time error_by expected_order norm note observed_order_p observed_order_u order outputs problem rows start step_rule time_over_space verdict");
    let keys: Vec<_> = study["rows"][0].as_object().unwrap().keys().map(String::as_str).collect();
    insta::assert_snapshot!(keys.join(" "), @"cells dt dx error_p error_u order_p order_u steps");
    assert_eq!(study["command"], "wave converge");
    assert_eq!(rows(&study, "cells"), [50.0, 100.0, 200.0, 400.0]);
    assert_eq!((&study["verdict"], &study["start"]), (&"confirmed".into(), &"exact".into()));
    assert_order(&study, 2.0, 0.01);
}

#[test]
fn errors_are_those_of_the_definition() {
    // L2 norm of p, the largest over time, CFL 0.3, until 2: from the definition of the system.
    for (start, wanted) in
        [("exact", [5.322e-3, 1.330e-3, 3.326e-4]), ("naive", [6.237e-2, 3.004e-2, 1.473e-2])]
    {
        let study = study(&format!("--start {start} --cells 50,100,200 --cfl 0.3 --end-time 2"));
        for (got, wanted) in rows(&study, "error_p").iter().zip(wanted) {
            // The digits given.
            assert!((got / wanted - 1.0).abs() < 4e-4, "{start}: {got} {wanted}");
        }
        for ((cells, dx), (dt, steps)) in rows(&study, "cells")
            .iter()
            .zip(rows(&study, "dx"))
            .zip(rows(&study, "dt").iter().zip(rows(&study, "steps")))
        {
            assert_eq!(dx, 1.0 / cells);
            assert!(*dt <= 0.3 * dx && (dt * steps - 2.0).abs() < 1e-12, "{cells}: {steps} steps of {dt}");
        }
    }
}

#[test]
fn the_naive_start_is_of_order_one_and_the_study_says_so() {
    let naive = study("--start naive");
    assert_order(&naive, 1.0, 0.06);
    assert_eq!(naive["verdict"], "lower");
    assert!(naive["note"].as_str().unwrap().contains("--start exact, taylor1 or taylor2"));
    for start in ["exact", "taylor1", "taylor2"] {
        let right = study(&format!("--start {start}"));
        assert_order(&right, 2.0, 0.01);
        assert_eq!(right["verdict"], "confirmed");
    }
}

#[test]
fn at_the_end_of_whole_periods_only_the_velocity_shows_a_naive_start() {
    let hidden = study("--start naive --at end");
    let observed = ["observed_order_p", "observed_order_u"].map(|key| hidden[key].as_f64().unwrap());
    assert!(observed[0] > 1.9 && observed[1] < 1.1, "{hidden}");
    assert_eq!((&hidden["verdict"], &hidden["at"]), (&"lower".into(), &"end".into()));
    assert!(hidden["note"].as_str().unwrap().contains("hides"));
    // A little earlier the pressure shows it too.
    let earlier = study("--start naive --at end --end-time 1.9");
    assert!(earlier["observed_order_p"].as_f64().unwrap() < 1.3, "{earlier}");
    assert!(!earlier["note"].as_str().unwrap().contains("hides"));
}

#[test]
fn the_magic_step_and_round_off_prove_nothing() {
    let magic = study("--cfl 1");
    assert_eq!(magic["verdict"], "magic-step");
    assert!(magic["note"].as_str().unwrap().contains("proves nothing"));
    assert!(rows(&magic, "error_p").iter().all(|error| *error < 1e-12));
    let rounding = study("--order 8 --cells 200,300 --cfl 1e-4 --end-time 0.0001");
    assert_eq!(rounding["verdict"], "rounding", "{rounding}");
}

#[test]
fn both_problems_show_their_order_in_every_dimension() {
    for problem in ["question", "two-waves"] {
        for (dims, cells, end) in [(1, "60,120", 0.5), (2, "48,96", 0.3), (3, "32,48", 0.3)] {
            let study = study(&format!("--problem {problem} --dims {dims} --cells {cells} --end-time {end}"));
            assert_order(&study, 2.0, 0.1);
            assert_eq!((&study["verdict"], &study["dims"]), (&"confirmed".into(), &dims.into()), "{study}");
        }
    }
}

#[test]
fn every_order_of_differences_shows_where_steps_are_fine_enough() {
    for (order, cells) in [(4, "24,32,48"), (6, "12,16,20,24"), (8, "10,12,16")] {
        let study = study(&format!("--order {order} --cells {cells} --end-time 1"));
        assert_order(&study, f64::from(order), 0.25);
        assert_eq!(
            (&study["verdict"], &study["step_rule"]),
            (&"confirmed".into(), &"matched".into()),
            "{study}"
        );
        assert!(study["time_over_space"].as_f64().unwrap() < 0.1001);
        assert!(study["cfl"].as_f64().unwrap() < 0.3);
    }
}

#[test]
fn steps_that_hide_the_differences_are_told() {
    let coarse = study("--order 6 --cells 12,16,24 --cfl 0.3 --end-time 0.5");
    assert_eq!(coarse["verdict"], "time-only", "{coarse}");
    assert!(coarse["time_over_space"].as_f64().unwrap() > 10.0);
    // With one Courant number the order is that of the steps.
    let courant = study("--order 6 --step-rule courant --cells 12,24,48 --end-time 0.5");
    assert_order(&courant, 2.0, 0.1);
    assert_eq!((&courant["expected_order"], &courant["cfl"]), (&2.0.into(), &0.3.into()));
}

#[test]
fn norms_differ_and_their_orders_do_not() {
    let [l1, l2, max] = ["l1", "l2", "max"].map(|norm| study(&format!("--norm {norm} --cells 50,100")));
    for study in [&l1, &l2, &max] {
        assert_order(study, 2.0, 0.02);
    }
    let first = |study: &Value| rows(study, "error_p")[0];
    assert!(first(&l1) < first(&l2) && first(&l2) < first(&max));
    // Of a sine: 2 / pi and 1 / sqrt 2 of the largest.
    assert!((first(&l2) / first(&max) * SQRT_2 - 1.0).abs() < 0.01);
}

#[test]
fn richardson_needs_no_solution() {
    let study = study("--error-by richardson --start taylor2 --end-time 0.7 --cells 30,90,270");
    assert_eq!(rows(&study, "cells"), [30.0, 90.0]);
    assert_order(&study, 2.0, 0.05);
    assert_eq!((&study["error_by"], &study["at"]), (&"richardson".into(), &"end".into()));
}

#[test]
fn grids_too_coarse_for_their_waves_are_told() {
    let coarse = study("--problem two-waves --cells 10,16");
    assert_ne!(coarse["verdict"], "confirmed", "{coarse}");
    assert!(coarse["note"].as_str().unwrap().contains("too few cells"), "{coarse}");
}

#[test]
fn the_table_is_written_in_every_format_and_the_plot_is_a_picture() {
    let place = Place::new();
    place.hexad("wave converge --cells 20,40 --out out.csv --plot plot.png --quiet").ok();
    let out = place.read("out.csv");
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines[0], "cells,dx,dt,steps,error_p,error_u,order_p,order_u");
    assert!(lines.len() == 3 && lines[1].starts_with("20,0.05,") && lines[1].ends_with(",NaN,NaN"));
    let study = study("--cells 20,40");
    let cell = |index: usize| lines[2].split(',').nth(index).unwrap().parse::<f64>().unwrap();
    assert_eq!(cell(4), study["rows"][1]["error_p"].as_f64().unwrap());
    assert_eq!(cell(7), study["rows"][1]["order_u"].as_f64().unwrap());
    assert_eq!(place.hexad("wave converge --cells 20,40 --out -").ok(), out);
    let png = std::fs::read(place.path("plot.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG") && png.ends_with(b"IEND\xae\x42\x60\x82") && png.len() > 10_000);
    let said = place.hexad("wave converge --cells 20,40 --out out.npy --plot plot.svg").ok();
    assert!(said.contains("wrote    out.npy\nwrote    plot.svg\n"), "{said}");
    place.hexad("wave converge --cells 20,40 --out out.parquet").ok();
    let svg = place.read("plot.svg");
    for text in ["slope 2", "pressure", "velocity", "dx", "time", "L2 error"] {
        assert!(svg.contains(text), "{text}");
    }
    assert_eq!(place.files(), ["out.csv", "out.npy", "out.parquet", "plot.png", "plot.svg"]);
}

#[test]
fn help_shows_every_option_and_its_examples_work_as_typed() {
    let help = Place::new().hexad("wave converge --help").ok();
    insta::assert_snapshot!(help);
    run_examples(&help);
}

#[test]
fn people_read_a_table_and_a_verdict() {
    let said = Place::new().hexad("wave converge --start naive --cells 50,100,200").ok();
    insta::assert_snapshot!(said, @r"
    problem  question in 1-D, order 2, naive start, until 2
    steps    dt / dx at most 0.3
    errors   L2 norm, the largest over time
      cells     dx        dt  steps   error p  order   error u  order
         50   0.02  0.005988    334  6.237e-2      -  6.304e-2      -
        100   0.01  0.002999    667  3.004e-2  1.054  3.020e-2  1.062
        200  0.005  0.001499   1334  1.473e-2  1.028  1.477e-2  1.032
    order    1.041 of p, 1.047 of u; 2 expected
    verdict  lower: the naive start has the velocity half a step late and half a cell off; use --start exact, taylor1 or taylor2
    ");
}

#[test]
fn threads_do_not_change_a_bit() {
    let place = Place::new();
    let table = |threads: usize| {
        let line =
            format!("wave converge --dims 2 --cells 20,30,40 --end-time 0.5 --out - --threads {threads}");
        place.hexad(&line).ok()
    };
    assert_eq!(table(1), table(3));
}

#[test]
fn a_step_past_the_limit_names_the_largest_that_is_stable() {
    let place = Place::new();
    let refuse = |options: &str, part: &str| place.hexad(&format!("wave converge {options}")).fails(2, part);
    let line = refuse("--cfl 1.2", "largest stable one is 0.02, --cfl 1");
    assert!(line.contains("a time step of 0.024"), "{line}");
    refuse("--cfl 0.8 --dims 2", "--cfl 0.707106781186547");
    refuse("--cfl 0.6 --dims 3", "--cfl 0.577350269189625");
    refuse("--cfl 0.9 --order 4", "--cfl 0.857142857142857");
    place.hexad("wave converge --cfl 0.7 --dims 2 --cells 10,20 --end-time 0.1").ok();
}

#[test]
fn wrong_use_is_refused() {
    let place = Place::new();
    let refuse = |options: &str, part: &str| {
        place.hexad(&format!("wave converge {options}")).fails(2, part);
    };
    refuse("--cells 50", "at least 2 grids");
    refuse("--cells 100,50", "cells[1]");
    refuse("--cells 50,50", "cells[1]");
    refuse("--cells 0,50", "whole number from 1 up");
    refuse("--cells 50,1e2", "whole number from 1 up");
    refuse("--cells 50,,100", "whole number");
    refuse("--cells -5,10", "whole number");
    refuse("--cells 99999999999999999999,2", "whole number");
    refuse("--order 8 --cells 2,4", "at least");
    refuse("--order 3", "possible values: 2, 4, 6, 8");
    refuse("--dims 4", "possible values: 1, 2, 3");
    refuse("--start Naive", "naive");
    refuse("--problem question1", "two-waves");
    for cfl in ["0", "-0.3", "nan", "inf", "x"] {
        refuse(&format!("--cfl {cfl}"), "--cfl");
    }
    for end in ["0", "-2", "nan", "inf"] {
        refuse(&format!("--end-time {end}"), "--end-time");
    }
    refuse("--cfl 1e-300", "2^53");
    refuse("--end-time 1e300", "2^53");
    refuse("--error-by richardson --cells 50,100,200", "three times");
    refuse("--error-by richardson --cells 50,150", "at least 3 grids");
    refuse("--error-by richardson --at largest", "--at largest");
    refuse("--error-by richardson --step-rule matched", "--step-rule matched");
    refuse("--out map.xlsx", ".csv .parquet .npy");
    refuse("--plot map.gif", ".png or .svg");
    refuse("--out - --json", "standard output");
    refuse("--threads 0", "1 to 1024");
    refuse("points.csv", "unexpected argument");
    place.hexad("wave").fails(2, "");
    place.hexad("wave diverge").fails(2, "converge");
    assert!(place.files().is_empty());
}

#[test]
fn what_does_not_fit_is_refused_with_its_bytes() {
    let place = Place::new();
    for cells in ["50,1000000000000", "50,18446744073709551615"] {
        let line =
            place.hexad(&format!("wave converge --cells {cells} --out out.csv")).fails(1, "bytes of memory");
        assert!(line.split(' ').any(|word| word.parse::<u64>().is_ok_and(|bytes| bytes > 1 << 40)), "{line}");
    }
    place.hexad("wave converge --dims 3 --cells 50,20000").fails(1, "bytes of memory");
    assert!(place.files().is_empty());
}
