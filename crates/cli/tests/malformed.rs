//! Whatever it is fed, and whatever happens to it, the program ends with the right exit code, one line on standard error and nothing on
//! standard output.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::fs;
use std::process::Stdio;

use common::{HEXAD, Place, Run, f64_bytes, npy, wav};

/// `hexad smooth <name> <options>` on a file with this content must fail so.
#[track_caller]
fn refuse(name: &str, content: impl AsRef<[u8]>, options: &str, code: i32, part: &str) {
    common::refuse("smooth", name, content, options, code, part);
}

const Y: &str = "--y y --sigma 1 --out out.csv";
const XY: &str = "--x x --y y --sigma 1 --out out.csv";

#[test]
fn text_without_data_is_refused() {
    refuse("a.csv", "", Y, 1, "a.csv: is empty");
    refuse("a.csv", "\n\n# only a comment\n\r\n", Y, 1, "is empty");
    refuse("a.csv", "\u{feff}", Y, 1, "is empty");
    refuse("a.csv", "x,y\n", Y, 1, "no rows");
    refuse("a.txt", "   \n\t\n", Y, 1, "is empty");
}

#[test]
fn ragged_rows_name_line_and_column() {
    refuse("a.csv", "x,y\n1,2\n3\n", XY, 1, "a.csv: line 3, column 2: 1 field where line 1 has 2");
    refuse("a.csv", "x,y\n1,2\n3,4,5\n", XY, 1, "line 3, column 3: 3 fields where line 1 has 2");
    refuse(
        "a.csv",
        "# c\n\nx,y\r\n1,2\r\n\r\n\r\n3\r\n",
        XY,
        1,
        "line 7, column 2: 1 field where line 3 has 2",
    );
    refuse("a.csv", "x,y\n1,2,\n", XY, 1, "line 2, column 3");
    refuse("a.txt", "x y\n1 2\n3 4 5\n", XY, 1, "line 3, column 3");
    refuse("a.tsv", "x\ty\n1\t2\n3 4\n", XY, 1, "line 3, column 2");
}

#[test]
fn bad_numbers_name_line_and_column() {
    let line = r#"a.csv: line 3, column "y": "n/a" is not a number (--nan skip leaves such rows out)"#;
    refuse("a.csv", "x,y\n1,2\n3,n/a\n", XY, 1, line);
    refuse("a.csv", "x,y\n1,\"a\nb\"\n", XY, 1, r#"line 2, column "y": "a\nb" is not a number"#);
    refuse("a.csv", "x,y\n\"1\n\",2\n3,oops\n", XY, 1, "line 4");
    refuse("a.csv", "x,y\n1,0x10\n", XY, 1, "is not a number");
    refuse("a.csv", "x,y\n1,1_000\n", XY, 1, "is not a number");
    refuse("a.csv", "x,y\n1,1e\n", XY, 1, "is not a number");
    refuse("a.csv", "x,y\n1,--5\n", XY, 1, "is not a number");
    refuse("a.csv", "x;y\n1,5;2,5\n", "--x x --y y --sigma 1", 1, "no column is named \"y\"");
    refuse("a.csv", "x,y\n1,1e999\n", XY, 1, "\"1e999\" is too large for a 64-bit number");
    refuse("a.csv", "x,y\n1,-1e999\n", XY, 1, "too large");
    refuse("a.csv", format!("x,y\n1,{}\n", "9".repeat(400)), XY, 1, "too large");
    refuse("a.csv", b"x,y\n1,\xff\xfe\n", XY, 1, "is not a number");
    refuse("a.csv", format!("x,y\n1,{}\n", "z".repeat(100_000)), XY, 1, "zzz...\" is not a number");
    refuse("a.csv", "x,y\n1,\u{1b}[31mred\n", XY, 1, "is not a number");
    refuse("a.txt", "x y\n1 two\n", XY, 1, "line 2, column \"y\": \"two\"");
}

#[test]
fn coordinates_must_be_there_and_of_one_kind() {
    refuse("a.csv", "x,y\n,2\n", XY, 1, "line 2, column \"x\": a missing value cannot be used");
    refuse("a.csv", "x,y\n1,2\nNaN,2\n", XY, 1, "line 3, column \"x\": a missing value");
    refuse("a.csv", "x,y\n1,2\ninf,2\n", XY, 1, "line 3, column \"x\": inf cannot be used");
    refuse(
        "a.csv",
        "x,y\n1,2\n2001-01-01,2\n",
        XY,
        1,
        "line 3, column \"x\": \"2001-01-01\" is not a number",
    );
    refuse("a.csv", "x,y\n2001-01-01,2\n5,2\n", XY, 1, "line 3, column \"x\": \"5\" is not a date");
    refuse("a.csv", "x,y\n2001-02-30,2\n", XY, 1, "is not a number or ISO date");
    refuse("a.csv", "x,y\n1,2001-01-01\n", XY, 1, "is not a number");
}

#[test]
fn columns_must_exist_and_be_unambiguous() {
    refuse(
        "a.csv",
        "x,y\n1,2\n",
        "--y z --sigma 1",
        1,
        "--y: no column is named \"z\"; there are \"x\", \"y\"",
    );
    refuse("a.csv", "x,y\n1,2\n", "--y 2 --sigma 1", 1, "there is no column 2; the 2 columns count from 0");
    refuse("a.csv", "x,y\n1,2\n", "--y -1 --sigma 1", 2, "");
    refuse("a.csv", "x,y\n1,2\n", "--y y --x z --sigma 1", 1, "--x: no column is named \"z\"");
    refuse("a.csv", "x,y\n1,2\n", "--y y --weights w --sigma 1", 1, "--weights: no column is named \"w\"");
    refuse("a.csv", "y,y\n1,2\n", Y, 1, "columns 0 and 1 are both named \"y\"; give the 0-based index");
    refuse("a.csv", "y\n1\n", "--y y,y --sigma 1", 2, "--y names y twice");
    refuse("a.csv", "y\n1\n", "--y 18446744073709551616 --sigma 1", 1, "no column is named");
    let wide = (0..1000).map(|i| format!("c{i}")).collect::<Vec<_>>().join(",");
    refuse("a.csv", wide + "\n", Y, 1, "and 992 more");
}

#[test]
fn weights_must_be_usable() {
    let options = "--y y --weights w --sigma 1";
    refuse("a.csv", "y,w\n1,1\n2,-1\n", options, 1, "line 3, column \"w\": -1 cannot be used");
    refuse("a.csv", "y,w\n1,1\n2,\n", options, 1, "line 3, column \"w\": a missing value");
    refuse("a.csv", "y,w\n1,1\n2,many\n", options, 1, "line 3, column \"w\": \"many\" is not a number");
}

#[test]
fn missing_values_are_refused_on_request() {
    refuse(
        "a.csv",
        "y\n1\nNA\n3\n",
        "--y y --sigma 1 --nan error",
        1,
        "line 3, column \"y\": a missing value",
    );
    let content =
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", &f64_bytes(&[1.0, f64::NAN]));
    refuse("a.npy", content, "--y 0 --sigma 1 --nan error", 1, "row 1 (counting from 0), column \"0\"");
}

#[test]
fn what_is_not_text_is_refused() {
    refuse("a.csv", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", Y, 1, "is not plain text");
    refuse("a.csv", b"\xff\xfex\x00,\x00y\x00\n\x00", Y, 1, "is not plain text");
    refuse("a.csv", b"PAR1\x00\x00\x00\x00", Y, 1, "is not plain text");
    refuse("a.csv", [0u8; 4096], Y, 1, "is not plain text");
    refuse("a.csv", [0xffu8; 4096], Y, 1, "no column is named");
    refuse("a.csv", "x,y\n1,\"2\n3,4\n", XY, 1, "line 2: a quoted field is never closed");
    // Over many lines: each is looked at once.
    let open = format!("x,y\n1,\"2\n{}", "\n".repeat(2_000_000));
    refuse("a.csv", open, XY, 1, "line 2: a quoted field is never closed");
    refuse("a.csv", vec![b'7'; 17 << 20], Y, 1, "line 1 is longer than");
}

#[test]
fn inputs_that_are_no_files_are_refused() {
    let place = Place::new();
    place.hexad("smooth none.csv --y y --sigma 1").fails(1, "none.csv: cannot open: no such file");
    place.hexad("smooth none.parquet --y y --sigma 1").fails(1, "cannot open");
    place.hexad("smooth none.npy --y y --sigma 1").fails(1, "cannot open");
    place.hexad("smooth none.wav --y y --sigma 1").fails(1, "cannot open");
    place.hexad("smooth . --y y --sigma 1").fails(1, ".: is a folder");
    place.hexad("smooth a.xlsx --y y --sigma 1").fails(2, "the format follows from the extension");
    place.hexad("smooth a --y y --sigma 1").fails(2, "the format follows from the extension");
    fs::create_dir(place.path("b.csv")).unwrap();
    place.hexad("smooth b.csv --y y --sigma 1").fails(1, "b.csv: is a folder");
    place.hexad("smooth - --y y --sigma 1").fails(1, "standard input: is empty");
    place.hexad_with_input("smooth - --y y --sigma 1", b"y\n1\nx\n").fails(1, "standard input: line 3");
}

#[test]
fn values_out_of_range_are_wrong_use() {
    for (options, part) in [
        ("--y y", "--sigma"),
        ("--sigma 1", "--y"),
        ("--y y --sigma 0", "must be > 0"),
        ("--y y --sigma -3", "must be > 0"),
        ("--y y --sigma nan", "must be finite"),
        ("--y y --sigma inf", "must be finite"),
        ("--y y --sigma 1e999", "must be finite"),
        ("--y y --sigma wide", "is not a number"),
        ("--y y --fwhm 0", "must be > 0"),
        ("--y y --cutoff -1", "must be > 0"),
        ("--y y --cutoff 1e-320", "no finite sigma"),
        ("--y y --sigma 1 --fwhm 2", "cannot be used with"),
        ("--y y --sigma 1 --reach 0", "between 0 and 1"),
        ("--y y --sigma 1 --reach 1", "between 0 and 1"),
        ("--y y --sigma 1 --truncate -1", "must be >= 0"),
        ("--y y --sigma 1 --truncate 3 --reach 0.1", "cannot be used with"),
        ("--y y --sigma 1 --exact-kernel --reach 0.1", "cannot be used with"),
        ("--y y --sigma 1 --tolerance 0", "between 0 and 1"),
        ("--y y --sigma 1 --derivative 4", "0..=3"),
        ("--y y --sigma 1 --derivative -1", ""),
        ("--y y --sigma 1 --boundary loop", "renormalize, reflect"),
        ("--y y --sigma 1 --boundary constant=", "is not a number"),
        ("--y y --sigma 1 --boundary constant=nan", "must be finite"),
        ("--y y --sigma 1 --method magic", "possible values"),
        ("--y y --sigma 1 --fit cubic", "possible values"),
        ("--y y --sigma 1 --nan maybe", "possible values"),
        ("--y y --sigma 1 --amplitude 0", "cos(phi) * amplitude must not be 0"),
        ("--y y --sigma 1 --phi 1.5707963267948966", "cos(phi) * amplitude must not be 0"),
        ("--y y --sigma 1 --phi nan", "must be finite"),
        ("--y y --sigma 1 --threads 0", "from 1 to 1024"),
        ("--y y --sigma 1 --threads many", "from 1 to 1024"),
        ("--y y --sigma 1 --stderr --derivative 1", "--stderr"),
        ("--y y --sigma 1 --effective-n --boundary wrap", "--boundary renormalize"),
        ("--y y --sigma 1 --method seed", "--method seed needs --reach"),
        ("--y y --sigma 1 --reach 0.1 --method seed --derivative 1", "--method seed"),
        ("--y y,x --sigma auto", "--sigma auto chooses for one --y column"),
        ("--y y --sigma 1 --out a.xlsx", "one of .csv .parquet .npy"),
        ("--y y --sigma 1 --out a", "one of .csv .parquet .npy"),
        ("--y y --sigma 1 --plot a.pdf", ".png or .svg"),
        ("--y y --sigma 1 --out - --json", "both want standard output"),
        ("--y y --sigma 1 --out a.csv --frobnicate", "unexpected argument"),
    ] {
        refuse("a.csv", "x,y\n1,2\n", options, 2, part);
    }
    let place = Place::new();
    place.hexad("").fails(2, "no command given");
    place.hexad("smoth a.csv").fails(2, "similar subcommand exists: 'smooth'");
    place.hexad("completions csh").fails(2, "possible values");
    place.hexad("--frobnicate").fails(2, "unexpected argument");
}

#[test]
fn boundaries_and_methods_for_even_x_refuse_uneven_x() {
    let content = "x,y\n0,1\n1,2\n5,3\n";
    refuse("a.csv", content, "--x x --y y --sigma 1 --boundary wrap", 1, "needs evenly spaced x");
    let run = Place::new();
    run.write("a.csv", content);
    let refused = run.hexad("smooth a.csv --x x --y y --sigma 1 --method fft");
    assert!(matches!(refused.code, Some(1 | 2)), "{}", refused.stderr);
}

#[test]
fn broken_npy_files_are_refused() {
    let header =
        |descr: &str, shape: &str| format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}");
    let whole = npy(&header("'<f8'", "(3,)"), &f64_bytes(&[1.0, 2.0, 3.0]));
    let y = "--y 0 --sigma 1";
    refuse("a.npy", "", y, 1, "is damaged");
    refuse("a.npy", "\u{93}NUMPY", y, 1, "is damaged");
    refuse("a.npy", "x,y\n1,2\n", y, 1, "is damaged");
    refuse("a.npy", &whole[..9], y, 1, "is damaged");
    refuse("a.npy", &whole[..60], y, 1, "is damaged");
    refuse("a.npy", &whole[..whole.len() - 1], y, 1, "need 24 bytes, but 23 follow");
    refuse("a.npy", npy("{'descr': '<f8'}", &[]), y, 1, "is damaged");
    refuse("a.npy", npy("not python (", &[]), y, 1, "is damaged");
    refuse("a.npy", npy(&header("'<f8'", "(-3,)"), &[]), y, 1, "a.npy");
    refuse("a.npy", npy(&header("'<f8'", "(99999999999999999999999,)"), &[]), y, 1, "is damaged");
    refuse("a.npy", npy(&header("'<f8'", "(4294967296, 4294967296)"), &[]), y, 1, "is damaged");
    refuse("a.npy", npy(&header("'<f8'", "(1000000000000,)"), &[0; 64]), y, 1, "is damaged");
    refuse("a.npy", npy(&header("'<f8'", "(0, 1000000000000)"), &[]), y, 1, "a.npy");
    refuse("a.npy", npy(&header("'<f8'", "(0,)"), &[]), y, 1, "a.npy");
    refuse("a.npy", npy(&header("'<f8'", "()"), &f64_bytes(&[1.0])), y, 1, "0 axes");
    refuse("a.npy", npy(&header("'<f8'", "(1, 1, 1)"), &f64_bytes(&[1.0])), y, 1, "3 axes");
    refuse("a.npy", npy(&header("'<c16'", "(1,)"), &[0; 16]), y, 1, "and not numbers");
    refuse("a.npy", npy(&header("'|O'", "(1,)"), &[0; 16]), y, 1, "a.npy");
    refuse("a.npy", npy(&header("'<U3'", "(1,)"), &[0; 16]), y, 1, "and not numbers");
    refuse("a.npy", npy(&header("[('a', '<f8'), ('b', '<i4')]", "(1,)"), &[0; 16]), y, 1, "and not numbers");
    refuse("a.npy", &whole, "--y 1 --sigma 1", 1, "there is no column 1; the 1 columns count from 0");
    refuse("a.npy", &whole, "--y y --sigma 1", 1, "no column is named \"y\"");
    // A header of 4 GiB that is not there.
    refuse("a.npy", b"\x93NUMPY\x02\x00\xff\xff\xff\xff{", y, 1, "is damaged");
}

#[test]
fn broken_wav_files_are_refused() {
    let place = Place::new();
    wav(&place.path("whole.wav"), 100);
    let whole = fs::read(place.path("whole.wav")).unwrap();
    let y = "--y 0 --sigma 1";
    refuse("a.wav", "", y, 1, "is damaged");
    refuse("a.wav", "RIFF", y, 1, "is damaged");
    refuse("a.wav", &whole[..30], y, 1, "is damaged");
    refuse("a.wav", &whole[..whole.len() - 10], y, 1, "is damaged");
    refuse("a.wav", &whole, "--y 2 --sigma 1", 1, "the 2 columns count from 0");
    refuse("a.wav", "x,y\n1,2\n", y, 1, "is damaged");
    let empty = Place::new();
    wav(&empty.path("a.wav"), 0);
    empty.hexad("smooth a.wav --y 0 --sigma 1").fails(1, "no rows");
}

#[test]
fn broken_parquet_files_are_refused() {
    let whole = parquet();
    refuse("a.parquet", "", Y, 1, "is damaged");
    refuse("a.parquet", "PAR1", Y, 1, "is damaged");
    refuse("a.parquet", "x,y\n1,2\n", Y, 1, "is damaged");
    refuse("a.parquet", &whole[..whole.len() / 2], Y, 1, "is damaged");
    refuse("a.parquet", &whole[1..], "--y y_smooth --sigma 1", 1, "is damaged");
    // A list of 2^31 items that the file ends before: each was sought on its own.
    let list = include_bytes!("damaged/list_past_the_end.parquet");
    refuse("a.parquet", list, "--x 0 --y 1 --sigma 2", 1, "is damaged");
    refuse(
        "a.parquet",
        &whole,
        "--y z --sigma 1",
        1,
        "no column is named \"z\"; there are \"x\", \"y_smooth\"",
    );
}

/// Any byte of a binary file may be wrong: the program may find the damage or not, but never crashes.
#[test]
fn flipped_bytes_never_crash() {
    let place = Place::new();
    wav(&place.path("whole.wav"), 40);
    let header = "{'descr': '<f8', 'fortran_order': True, 'shape': (20, 2)}";
    let files = [
        ("a.parquet", parquet(), "--y y_smooth"),
        ("a.wav", fs::read(place.path("whole.wav")).unwrap(), "--y 1"),
        ("a.npy", npy(header, &f64_bytes(&[1.5; 40])), "--y 1"),
    ];
    for (name, whole, y) in files {
        for i in (0..whole.len()).step_by(whole.len().div_ceil(150)) {
            let mut broken = whole.clone();
            broken[i] ^= 0xff;
            place.write(name, broken);
            let run = place.hexad(&format!("smooth {name} {y} --sigma 1 --threads 1"));
            if run.code != Some(0) {
                run.fails(1, name);
            }
        }
    }
}

fn parquet() -> Vec<u8> {
    let place = Place::new();
    let rows: String = (0..200).map(|i| format!("{i},{}\n", i * i % 17)).collect();
    place.write("a.csv", format!("x,y\n{rows}"));
    place.hexad("smooth a.csv --x x --y y --sigma 1 --out a.parquet").ok();
    fs::read(place.path("a.parquet")).unwrap()
}

#[test]
fn outputs_that_cannot_be_written_are_refused() {
    let place = Place::new();
    place.write("a.csv", "x,y\n1,2\n2,3\n");
    place.write("file", "");
    fs::create_dir(place.path("folder.csv")).unwrap();
    let smooth = |out: &str| place.hexad(&format!("smooth a.csv --y y --sigma 1 {out}"));
    smooth("--out file/out.csv").fails(1, "file is a file and not a folder");
    smooth("--out file/deep/out.csv").fails(1, "not a folder");
    smooth("--out folder.csv").fails(1, "--out folder.csv: is a folder");
    smooth("--plot file/out.png").fails(1, "not a folder");
    smooth("--out /proc/none/out.csv").fails(1, "cannot write");
    let long = format!("--out {}.csv", "n".repeat(300));
    smooth(&long).fails(1, "cannot write");
    assert_eq!(place.files(), ["a.csv", "file", "folder.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_nothing_behind() {
    let place = Place::new();
    let rows: String = (0..100_000).map(|i| format!("{i}\n")).collect();
    place.write("a.csv", format!("y\n{rows}"));
    std::os::unix::fs::symlink("/dev/full", place.path("full.csv")).unwrap();
    place
        .hexad("smooth a.csv --y y --sigma 1 --out full.csv")
        .fails(1, "no space left on device; free some space");

    // A limit on the size of files stands in for a small disk.
    place.write("out.csv", "old");
    for out in ["out.csv", "new.csv", "new.npy", "new.parquet"] {
        let limited = format!("ulimit -f 8; exec {HEXAD} smooth a.csv --y y --sigma 1 --out {out}");
        let mut command = std::process::Command::new("sh");
        let output = command.args(["-c", &limited]).current_dir(place.path("")).output().unwrap();
        Run::from(output).fails(1, out);
    }
    assert_eq!(place.files(), ["a.csv", "full.csv", "out.csv"]);
    assert_eq!(place.read("out.csv"), "old");
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_leaves_nothing_behind() {
    for signal in ["-KILL", "-INT", "-TERM"] {
        let place = Place::new();
        place.write("out.csv", "old");
        let mut command = place.command("smooth - --y y --sigma 1 --out out.csv --plot new.png".split(' '));
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Standard input stays open, so that the run cannot end by itself.
        let kill =
            std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(kill.success() && !child.wait().unwrap().success());
        assert_eq!(place.files(), ["out.csv"]);
        assert_eq!(place.read("out.csv"), "old");
    }
}

/// Whenever it is killed, before, while or after it writes.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_leaves_whole_files_only() {
    let place = Place::new();
    let rows: String = (0..200_000).map(|i| format!("{i}\n")).collect();
    place.write("a.csv", format!("y\n{rows}"));
    for milliseconds in (0..240).step_by(20) {
        place.write("out.csv", "old");
        let mut child =
            place.command("smooth a.csv --y y --sigma 1 --quiet --out out.csv".split(' ')).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = place.read("out.csv");
        assert!(found == "old" || found.lines().count() == 200_001, "{} bytes", found.len());
        assert_eq!(place.files(), ["a.csv", "out.csv"]);
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let place = Place::new();
    let rows: String = (0..100_000).map(|i| format!("{i}\n")).collect();
    place.write("a.csv", format!("y\n{rows}"));
    for line in ["smooth a.csv --y y --sigma 1 --out -", "completions bash"] {
        let mut command = place.command(line.split(' '));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_does_not_fit_in_memory_is_refused_first() {
    let place = Place::new();
    let shape = "{'descr': '<f8', 'fortran_order': False, 'shape': (500000000000,)}";
    place.write("a.npy", npy(shape, &[]));
    let file = fs::OpenOptions::new().append(true).open(place.path("a.npy")).unwrap();
    // A sparse file of 4 TB takes no space.
    file.set_len(4_000_000_000_128).unwrap();
    place.hexad("smooth a.npy --y 0 --sigma 1").fails(1, "bytes of memory");
}

#[cfg(target_os = "linux")]
#[test]
fn an_unreadable_name_is_still_one_line() {
    use std::os::unix::ffi::OsStrExt;
    let place = Place::new();
    let name = std::ffi::OsStr::from_bytes(b"a\n\xff.csv");
    fs::write(place.path("").join(name), "y\noops\n").unwrap();
    let args = ["smooth".as_ref(), name, "--y".as_ref(), "y".as_ref(), "--sigma".as_ref(), "1".as_ref()];
    Run::from(place.command(args).output().unwrap()).fails(1, "line 2");
}

#[test]
fn other_columns_may_hold_anything() {
    let place = Place::new();
    place.write("a.csv", "name,y,note\nA,1,\"a, b\"\nB,2,\"two\nlines\"\nC,3,1e999\n");
    let out = place.hexad("smooth a.csv --y y --sigma 1e-3 --out -").ok();
    assert_eq!(out, "index,y_smooth\n0,1\n1,2\n2,3\n");
}
