//! Whatever `hexad rebuild`, `spectrum` and `delay` are fed, they end with the right exit code, one line on standard
//! error and nothing on standard output.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::fs;

use common::{Place, Run, f64_bytes, npy, wav};

/// `hexad rebuild <name> <options>` on a file with this content must fail so.
#[track_caller]
fn refuse_rebuild(name: &str, content: impl AsRef<[u8]>, options: &str, code: i32, part: &str) {
    common::refuse("rebuild", name, content, options, code, part);
}

#[test]
fn signals_must_be_whole_and_even() {
    let (xy, y) = ("--x x --y y --keep 1 --out out.csv", "--y y --sample-rate 2 --keep 1 --plot out.png");
    refuse_rebuild("a.csv", "", y, 1, "a.csv: is empty");
    refuse_rebuild("a.csv", "x,y\n", y, 1, "no rows");
    refuse_rebuild("a.csv", "x,y\n1,2\n", y, 1, "a.csv: holds one row; a signal needs at least two");
    refuse_rebuild("a.csv", "x,y\n1,2\n", xy, 1, "holds one row");
    refuse_rebuild("a.csv", "y\n1\n\n\n\nNA\n", y, 1, "line 6, column \"y\": a missing value cannot be used");
    refuse_rebuild("a.csv", "y\n1\n-inf\n", y, 1, "line 3, column \"y\": -inf cannot be used");
    refuse_rebuild("a.csv", "y\n1\noops\n", y, 1, "line 3, column \"y\": \"oops\" is not a number");
    refuse_rebuild("a.csv", "y\n1\n2001-01-01\n", y, 1, "is not a number");
    refuse_rebuild("a.csv", "x,y\n1,2\n,3\n", xy, 1, "line 3, column \"x\": a missing value");
    refuse_rebuild("a.csv", "x,y\n1,2\n2001-01-01,3\n", xy, 1, "line 3, column \"x\"");
    refuse_rebuild(
        "a.csv",
        "x,y\n0,1\n1,2\n\n5,3\n6,3\n",
        xy,
        1,
        "line 5, column \"x\": uneven times: the step to this row is 4, 100 % longer than the mean of 2",
    );
    refuse_rebuild("a.csv", "x,y\n2,1\n1,2\n", xy, 1, "line 3, column \"x\": 1 does not come after 2");
    refuse_rebuild("a.csv", "x,y\n1,1\n1,2\n", xy, 1, "line 3, column \"x\": 1 does not come after 1");
    refuse_rebuild("a.csv", "x,y\n2024-01,1\n2024-02,2\n2024-03,3\n", xy, 1, "is 31, 3.333 % longer");
    refuse_rebuild("a.csv", "x,y\n-1.7e308,1\n0,2\n1.7e308,2\n", xy, 1, "uneven times");
    refuse_rebuild("a.csv", "x,y\n0,1\n5e-324,2\n", xy, 1, "beyond what numbers hold");
    refuse_rebuild("a.csv", "y\n1\n2\n", "--y 1 --sample-rate 1 --keep 1", 1, "there is no column 1");
    let nan = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", &f64_bytes(&[1.0, f64::NAN]));
    refuse_rebuild(
        "a.npy",
        nan,
        "--y 0 --sample-rate 1 --keep 1",
        1,
        "row 1 (counting from 0), column \"0\"",
    );
    refuse_rebuild("a.csv", [0u8; 4096], y, 1, "is not plain text");
    refuse_rebuild("a.wav", "RIFF", "--y 0 --keep 1", 1, "is damaged");
    refuse_rebuild("a.parquet", "PAR1", y, 1, "is damaged");
    refuse_rebuild("a.csv", "y\n1\n2\n3\n", "--y y --sample-rate 1 --keep 1 --lines fitted", 1, "at least 8");
    let noise: String = (0..40).map(|i| format!("{}\n", i * i * 31 % 101)).collect();
    let fitted = "--y 0 --sample-rate 1 --error 1e-9 --lines fitted";
    refuse_rebuild("a.csv", noise, fitted, 1, "give a larger --error, or --lines bins");
}

#[test]
fn rebuilds_out_of_range_are_wrong_use() {
    for (options, part) in [
        ("--y y --sample-rate 1", "--error <E>|--keep <K>|--threshold <A>|--band <LO,HI>"),
        ("--sample-rate 1 --keep 1", "--y"),
        ("--y y --keep 1", "give --x COL (times) or --sample-rate HZ"),
        ("--y y --x x --sample-rate 1 --keep 1", "cannot be used with"),
        ("--y y --sample-rate 1 --keep 1 --error 0.1", "cannot be used with"),
        ("--y y --sample-rate 1 --threshold 1 --band 0,1", "cannot be used with"),
        ("--y y --sample-rate 0 --keep 1", "must be > 0"),
        ("--y y --sample-rate -8 --keep 1", "must be > 0"),
        ("--y y --sample-rate nan --keep 1", "must be finite"),
        ("--y y --sample-rate fast --keep 1", "is not a number"),
        ("--y y --sample-rate 1.7e308 --keep 1", "beyond what numbers hold"),
        ("--y y --sample-rate 1e-320 --keep 1", "beyond what numbers hold"),
        ("--y y --sample-rate 1 --keep 0", "from 1 up"),
        ("--y y --sample-rate 1 --keep -2", "from 1 up"),
        ("--y y --sample-rate 1 --keep 1.5", "from 1 up"),
        ("--y y --sample-rate 1 --keep 99999999999999999999", "from 1 up"),
        ("--y y --sample-rate 1 --keep 4", "4 samples have 3 lines; keep at most those"),
        ("--y y --sample-rate 1 --error 1", "must be >= 0 and < 1"),
        ("--y y --sample-rate 1 --error -0.1", "must be >= 0 and < 1"),
        ("--y y --sample-rate 1 --error 10%", "is not a number"),
        ("--y y --sample-rate 1 --threshold -1", "must be >= 0"),
        ("--y y --sample-rate 1 --band 0.1", "LO,HI"),
        ("--y y --sample-rate 1 --band 0.3,0.1", "LO must not be above HI"),
        ("--y y --sample-rate 1 --band -0.3,0.1", "must be >= 0"),
        ("--y y --sample-rate 1 --band 0,inf", "must be finite"),
        ("--y y --sample-rate 1 --band 0,0.6", "frequencies end at half the sample rate, 0.5 Hz"),
        ("--y y --sample-rate 1 --keep 1 --norm max", "--error"),
        ("--y y --sample-rate 1 --error 0.1 --norm l3", "possible values"),
        ("--y y --sample-rate 1 --keep 1 --lines all", "possible values"),
        ("--y y --sample-rate 1 --band 0,0.1 --lines fitted", "--lines fitted"),
        ("--y y --sample-rate 1 --threshold 1 --lines fitted", "--lines fitted"),
        ("--y y --sample-rate 1 --keep 1 --out a.json", "one of .csv .parquet .npy"),
        ("--y y --sample-rate 1 --keep 1 --plot a.gif", ".png or .svg"),
        ("--y y --sample-rate 1 --keep 1 --out - --json", "both want standard output"),
        ("--y y --sample-rate 1 --keep 1 --threads 0", "from 1 to 1024"),
    ] {
        refuse_rebuild("a.csv", "x,y\n1,2\n2,1\n3,5\n4,4\n", options, 2, part);
    }
    let twelve: String = (0..12).map(|i| format!("{}\n", i % 5)).collect();
    let fitted = "--y 0 --sample-rate 1 --keep 5 --lines fitted";
    refuse_rebuild("a.csv", twelve, fitted, 2, "--keep 5: 12 samples do not tell so many fitted lines apart");
    let place = Place::new();
    wav(&place.path("a.wav"), 100);
    let rebuild = |options: &str| place.hexad(&format!("rebuild a.wav --y 0 --keep 1 {options}"));
    rebuild("--sample-rate 44100").fails(2, "contradicts a.wav, which was sampled at 8000 Hz");
    rebuild("--x 1").fails(2, "a.wav tells its own sample rate; leave --x out");
    assert_eq!(place.files(), ["a.wav"]);
}

/// `hexad spectrum <name> <options>` on a file with this content must fail so.
#[track_caller]
fn refuse_spectrum(name: &str, content: impl AsRef<[u8]>, options: &str, code: i32, part: &str) {
    common::refuse("spectrum", name, content, options, code, part);
}

#[test]
fn spectra_need_whole_and_even_samples() {
    for more in ["", "--segment 2", "--segment 2 --average median", "--segment 1000000000000000"] {
        let xy = format!("--x x --y y --out out.csv {more}");
        let y = format!("--y y --sample-rate 2 --plot out.png {more}");
        refuse_spectrum("a.csv", "", &y, 1, "a.csv: is empty");
        refuse_spectrum("a.csv", "x,y\n", &y, 1, "no rows");
        refuse_spectrum("a.csv", "x,y\n1,2\n", &xy, 1, "a.csv: holds one row; a signal needs at least two");
        refuse_spectrum(
            "a.csv",
            "y\n1\n\n\n\nNA\n",
            &y,
            1,
            "line 6, column \"y\": a missing value cannot be used",
        );
        refuse_spectrum("a.csv", "y\n1\n-inf\n", &y, 1, "line 3, column \"y\": -inf cannot be used");
        refuse_spectrum("a.csv", "y\n1\noops\n", &y, 1, "line 3, column \"y\": \"oops\" is not a number");
        refuse_spectrum("a.csv", "x,y\n1,2\n,3\n", &xy, 1, "line 3, column \"x\": a missing value");
        let uneven =
            "line 5, column \"x\": uneven times: the step to this row is 4, 100 % longer than the mean of 2";
        refuse_spectrum("a.csv", "x,y\n0,1\n1,2\n\n5,3\n6,3\n", &xy, 1, uneven);
        refuse_spectrum("a.csv", "x,y\n2,1\n1,2\n", &xy, 1, "line 3, column \"x\": 1 does not come after 2");
        refuse_spectrum("a.csv", "x,y\n-1.7e308,1\n0,2\n1.7e308,2\n", &xy, 1, "uneven times");
        refuse_spectrum("a.csv", "x,y\n0,1\n5e-324,2\n", &xy, 1, "beyond what numbers hold");
        refuse_spectrum("a.csv", [0u8; 4096], &y, 1, "is not plain text");
        refuse_spectrum("a.wav", "RIFF", &format!("--y 0 {more}"), 1, "is damaged");
        refuse_spectrum("a.parquet", "PAR1", &y, 1, "is damaged");
    }
    // In the third piece of a long file the line is still right.
    let mut rows: String = (0..200_000).map(|n| format!("{n},1\n")).collect();
    refuse_spectrum(
        "a.csv",
        rows.clone() + "200000,\n",
        "--x 0 --y 1 --segment 64",
        1,
        "a.csv: line 200001, column \"1\"",
    );
    rows.push_str("200000.5,1\n200001,1\n");
    let uneven = "line 200001, column \"0\": uneven times: the step to this row is 1.5";
    refuse_spectrum("a.csv", rows, "--x 0 --y 1 --segment 64", 1, uneven);
}

#[test]
fn spectra_out_of_range_are_wrong_use() {
    let y = "--y y --sample-rate 1";
    for (options, part) in [
        ("--sample-rate 1", "--y"),
        ("--y y", "give --x COL (times) or --sample-rate HZ"),
        ("--y y --segment 2", "give --x COL (times) or --sample-rate HZ"),
        ("--y y --lombscargle", "give --x COL (times) or --sample-rate HZ"),
        ("--y y --x x --sample-rate 1", "cannot be used with"),
        ("--y y --sample-rate 0", "must be > 0"),
        ("--y y --sample-rate 1.7e308 --segment 2", "beyond what numbers hold"),
        ("--y y --sample-rate 1e-320 --lombscargle", "beyond what numbers hold"),
        ("Y --segment 5", "--segment 5: a.csv holds 4 samples; give at most those"),
        ("Y --segment 5 --average median", "--segment 5: a.csv holds 4 samples; give at most those"),
        ("Y --segment 1000000000000000000", "holds 4 samples"),
        ("Y --segment 1", "from 2 up"),
        ("Y --segment -4", "from 2 up"),
        ("Y --segment 2.5", "from 2 up"),
        ("Y --segment 2 --overlap 1", "must be >= 0 and < 1"),
        ("Y --segment 2 --overlap -0.1", "must be >= 0 and < 1"),
        ("Y --segment 2 --overlap nan", "must be finite"),
        ("Y --overlap 0.5", "--overlap is about averages of segments; give --segment N"),
        ("Y --average median", "--average is about averages of segments; give --segment N"),
        ("Y --confidence 0", "between 0 and 1"),
        ("Y --confidence 1", "between 0 and 1"),
        ("Y --confidence 95", "between 0 and 1"),
        ("Y --window hanning", "boxcar, hann, hamming"),
        ("Y --window kaiser", "kaiser=BETA"),
        ("Y --window kaiser=-1", "from 0 to 700"),
        ("Y --window tukey=2", "from 0 to 1"),
        ("Y --window dpss=4", "at most half the samples"),
        ("Y --window gaussian=1e-9 --segment 3", "wide enough for one sample"),
        ("Y --scaling volts", "possible values"),
        ("Y --detrend mean", "possible values"),
        ("Y --average best --segment 2", "possible values"),
        ("Y --nan skip", "--nan works with --lombscargle only"),
        ("Y --lombscargle --window hann", "--window is about transforms and --lombscargle fits tones"),
        ("Y --lombscargle --segment 2", "--segment is about"),
        ("Y --lombscargle --overlap 0", "--overlap is about"),
        ("Y --lombscargle --average mean", "--average is about"),
        ("Y --lombscargle --confidence 0.5", "--confidence is about"),
        ("Y --lombscargle --scaling density", "--scaling density: --lombscargle gives amplitude"),
        ("Y --lombscargle --nan propagate", "possible values"),
        ("Y --out a.json", "one of .csv .parquet .npy"),
        ("Y --plot a.gif", ".png or .svg"),
        ("Y --out - --json", "both want standard output"),
        ("Y --threads 0", "from 1 to 1024"),
    ] {
        refuse_spectrum("a.csv", "x,y\n1,2\n2,1\n3,5\n4,4\n", &options.replace('Y', y), 2, part);
    }
    let place = Place::new();
    wav(&place.path("a.wav"), 100);
    for more in ["", "--segment 10", "--lombscargle"] {
        let spectrum = |options: &str| place.hexad(&format!("spectrum a.wav --y 0 {more} {options}"));
        spectrum("--sample-rate 44100").fails(2, "contradicts a.wav, which was sampled at 8000 Hz");
        spectrum("--x 1").fails(2, "a.wav tells its own sample rate; leave --x out");
    }
}

#[test]
fn samples_that_no_tone_can_be_fitted_to_are_refused() {
    let xy = "--x x --y y --lombscargle";
    refuse_spectrum("a.csv", "x,y\n1,2\n2,NA\n3,1\n", xy, 1, "line 3, column \"y\": a missing value");
    refuse_spectrum("a.csv", "x,y\n1,2\n2,oops\n3,1\n", xy, 1, "(--nan skip leaves such rows out)");
    refuse_spectrum("a.csv", "x,y\n1,2\nNA,1\n3,1\n", &format!("{xy} --nan skip"), 1, "line 3, column \"x\"");
    refuse_spectrum(
        "a.csv",
        "x,y\n1,2\n2,oops\n3,1\n",
        &format!("{xy} --nan skip"),
        1,
        "a.csv: holds 2 samples that are not missing; a tone and a constant need at least 3",
    );
    refuse_spectrum("a.csv", "x,y\n1,2\n1,3\n1,1\n", xy, 1, "a.csv: all samples are of one time");
    refuse_spectrum("a.csv", "x,y\n-1.7e308,2\n0,3\n1.7e308,1\n", xy, 1, "a.csv: ");
}

/// `hexad delay <name> <options>` on a file with this content must fail so.
#[track_caller]
fn refuse_delay(name: &str, content: impl AsRef<[u8]>, options: &str, code: i32, part: &str) {
    common::refuse("delay", name, content, options, code, part);
}

#[test]
fn delays_need_whole_and_even_signals() {
    let (xy, y) = ("--x x --columns a,b --out out.csv", "--columns a,b --sample-rate 2 --plot out.png");
    refuse_delay("a.csv", "", y, 1, "a.csv: is empty");
    refuse_delay("a.csv", "a,b\n", y, 1, "no rows");
    refuse_delay("a.csv", "a,b\n1,2\n", y, 1, "holds one row");
    refuse_delay("a.csv", "a,b\n1,2\n3,1\n", y, 1, "at least 8");
    refuse_delay("a.csv", "a,b\n1,2\n3,\n", y, 1, "line 3, column \"b\": a missing value cannot be used");
    refuse_delay("a.csv", "a,b\n1,2\n3,x\n", y, 1, "\"x\" is not a number");
    refuse_delay("a.csv", "a,c\n1,2\n3,4\n", y, 1, "--columns: no column is named \"b\"");
    refuse_delay("a.csv", "x,a,b\n0,1,2\n1,3,4\n5,1,1\n", xy, 1, "uneven times");
    refuse_delay("a.csv", "x,a,b\n0,1,2\n0,3,4\n", xy, 1, "line 3, column \"x\": 0 does not come after 0");
    refuse_delay("a.wav", "RIFF", "", 1, "is damaged");
    refuse_delay("a.csv", "a,b\n1,2\n", "none.csv --columns a,b --sample-rate 1", 1, "holds one row");
}

#[test]
fn delays_out_of_range_are_wrong_use() {
    let rows: String = (0..40).map(|i| format!("{i},{},{}\n", i * i % 17, i * 5 % 11)).collect();
    let table = format!("x,a,b\n{rows}");
    for (options, part) in [
        ("--columns a,b", "give --x COL (times) or --sample-rate HZ"),
        ("--columns a,b --x x --sample-rate 1", "cannot be used with"),
        ("--sample-rate 1", "which columns? it has 3 where 2 would leave no choice"),
        ("--columns a --sample-rate 1", "--columns a: names 1; give two, or --all-pairs"),
        ("--columns a,b,x --sample-rate 1", "names 3; give two, or --all-pairs"),
        ("--columns a --all-pairs --sample-rate 1", "give two or more"),
        ("a.csv --columns a,b --all-pairs --sample-rate 1", "cannot be used with"),
        ("--columns a,b --all-pairs --sample-rate 1 --plot a.png", "cannot be used with"),
        ("--columns a,b --all-pairs --sample-rate 1 --drift 9", "cannot be used with"),
        ("--columns a,b --sample-rate 0", "must be > 0"),
        ("--columns a,b --sample-rate 1e-320", "beyond what numbers hold"),
        ("--columns a,b --sample-rate 10 --max-lag 0.05", "must be at least one sample, 0.1 s"),
        ("--columns a,b --sample-rate 10 --max-lag 4", "less than the longer signal lasts, 4 s"),
        ("--columns a,b --sample-rate 10 --max-lag -1", "must be > 0"),
        ("--columns a,b --x x --max-lag 50 --drift 8", "less than the longer signal lasts, 40 x"),
        ("--columns a,b --sample-rate 10 --band 1,6", "frequencies end at half the sample rate, 5 Hz"),
        ("--columns a,b --sample-rate 10 --band 1,1", "one frequency does not tell a delay"),
        ("--columns a,b --sample-rate 10 --band 1", "LO,HI"),
        ("--columns a,b --sample-rate 10 --min-overlap 0", "must be > 0"),
        ("--columns a,b --sample-rate 10 --min-overlap 1.1", "must be <= 1"),
        ("--columns a,b --sample-rate 10 --weighting loud", "possible values"),
        ("--columns a,b --sample-rate 10 --subsample sinc", "possible values"),
        ("--columns a,b --sample-rate 10 --window hamming", "possible values"),
        ("--columns a,b --sample-rate 10 --drift 0.5", "windows must hold at least 8 samples"),
        ("--columns a,b --sample-rate 10 --drift 2", "from 0.8 to 0.8 s"),
        ("--columns a,b --sample-rate 10 --drift nan", "must be finite"),
        ("--columns a,b --sample-rate 10 --out a.json", "one of .csv .parquet .npy"),
        ("--columns a,b --sample-rate 10 --out - --json", "both want standard output"),
        ("--columns a,b --sample-rate 10 --threads 0", "from 1 to 1024"),
    ] {
        refuse_delay("a.csv", &table, options, 2, part);
    }
    let place = Place::new();
    place.hexad("delay - --sample-rate 1").fails(2, "standard input: give --columns A,B");
    place.hexad("delay - - --columns 0,0 --sample-rate 1").fails(2, "standard input holds one table");
}

#[test]
fn delays_need_one_clock() {
    let table = |step: f64, start: f64| {
        let row = |i: i32| format!("{},{}\n", start + step * f64::from(i), i * i % 17);
        format!("t_s,y\n{}", (0..30).map(row).collect::<String>())
    };
    let place = Place::new();
    place.write("a.csv", table(0.5, 0.0));
    place.write("b.csv", table(0.25, 0.0));
    place.write("c.csv", table(0.5, 7.0));
    let line = |b: &str| format!("delay a.csv {b} --x t_s");
    let unequal = place.hexad(&line("b.csv")).fails(1, "b.csv: has 4 samples per s, but a.csv has 2 per s");
    assert!(unequal.contains("bring both to one rate"));
    place.hexad(&line("c.csv")).fails(1, "c.csv: column \"t_s\" begins at 7, but that of a.csv at 0");
    place.hexad("delay a.csv c.csv --columns y,y --sample-rate 2").ok();
    wav(&place.path("a.wav"), 100);
    place.hexad("delay a.wav a.csv --columns 0,y --sample-rate 2").fails(2, "contradicts a.wav");
    place.hexad("delay a.wav a.csv --columns 0,y --x t_s").fails(2, "a.wav tells its own sample rate");
}

/// The largest and the smallest numbers come through every way of computing and drawing.
#[test]
fn extreme_signals_never_crash() {
    let rebuilds = [
        "--keep 2",
        "--error 1e-12",
        "--threshold 1",
        "--keep 2 --lines fitted",
        "--error 0.5 --lines fitted",
    ];
    let spectra = [
        "",
        "--scaling density --window hann --segment 8 --confidence 0.9",
        "--scaling transform",
        "--scaling energy --segment 8 --average median",
        "--lombscargle",
        "--lombscargle --scaling power",
    ];
    for values in [[1.7e308, -1.7e308], [5e-324, 0.0], [0.0, 0.0], [-3.0, -3.0], [1e300, 1e-300]] {
        let place = Place::new();
        let rows: String = (0..24).map(|i| format!("{:e}\n", values[i % 2])).collect();
        place.write("a.csv", format!("y\n{rows}"));
        for (command, all_options) in [("rebuild", &rebuilds[..]), ("spectrum", &spectra)] {
            for options in all_options {
                let line = format!(
                    "{command} a.csv --y y --sample-rate 1 {options} --json --out b.csv --plot b.png"
                );
                survives(place.hexad(&line), "a.csv");
            }
        }
    }
}

#[test]
fn extreme_delays_never_crash() {
    for values in
        [[1.7e308, -1.7e308], [5e-324, 0.0], [0.0, 0.0], [-3.0, -3.0], [1e300, 1e-300], [1e308, 3e307]]
    {
        let place = Place::new();
        let rows: String =
            (0..64).map(|i| format!("{:e},{:e}\n", values[i * i % 7 % 2], values[i % 3 % 2])).collect();
        place.write("a.csv", format!("a,b\n{rows}"));
        for options in [
            "",
            "--band 0.1,0.3",
            "--window hann --weighting phat",
            "--drift 12",
            "--weighting ml",
            "--subsample none",
        ] {
            let line = format!("delay a.csv --sample-rate 1 {options} --json --out b.csv --plot b.png");
            place.hexad(&line).ok();
        }
    }
}

/// Any byte of a file may be wrong: it is refused or used, but never crashes the program.
#[test]
fn flipped_bytes_never_crash() {
    let place = Place::new();
    wav(&place.path("whole.wav"), 40);
    let whole = fs::read(place.path("whole.wav")).unwrap();
    for i in (0..whole.len()).step_by(2) {
        let mut broken = whole.clone();
        broken[i] ^= 0xff;
        place.write("a.wav", broken);
        for line in [
            "rebuild a.wav --y 1 --keep 2 --quiet --plot a.svg",
            "spectrum a.wav --y 1 --segment 4 --quiet --plot a.svg",
            "delay a.wav --columns 0,1 --quiet --plot a.svg",
        ] {
            survives(place.hexad(line), "a.wav");
        }
    }
}

/// A run that ends well, or refuses the file in a line.
#[track_caller]
fn survives(run: Run, file: &str) {
    match run.code {
        Some(0) => drop(run.ok()),
        _ => drop(run.fails(1, file)),
    }
}
