//! Whatever it is fed, the program ends with the right exit code, one line on standard error and nothing on
//! standard output.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::fs;
use std::process::Stdio;

use common::{HEXAD, Place, Run, f64_bytes, npy, wav};

/// `hexad smooth <name> <options>` on a file with this content must fail so.
#[track_caller]
fn refuse(name: &str, content: impl AsRef<[u8]>, options: &str, code: i32, part: &str) {
    let place = Place::new();
    place.write(name, content);
    place.hexad(&format!("smooth {name} {options}")).fails(code, part);
    assert_eq!(place.files(), [name]);
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
    refuse("a.csv", "x,y\n1,2\n3\n", XY, 1, "a.csv: line 3, column 2: 1 fields where line 1 has 2");
    refuse("a.csv", "x,y\n1,2\n3,4,5\n", XY, 1, "line 3, column 3: 3 fields where line 1 has 2");
    refuse(
        "a.csv",
        "# c\n\nx,y\r\n1,2\r\n\r\n\r\n3\r\n",
        XY,
        1,
        "line 7, column 2: 1 fields where line 3 has 2",
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

/// `hexad rebuild <name> <options>` on a file with this content must fail so.
#[track_caller]
fn refuse_rebuild(name: &str, content: impl AsRef<[u8]>, options: &str, code: i32, part: &str) {
    let place = Place::new();
    place.write(name, content);
    place.hexad(&format!("rebuild {name} {options}")).fails(code, part);
    assert_eq!(place.files(), [name]);
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

/// The largest and the smallest numbers come through every way of rebuilding and drawing.
#[test]
fn extreme_signals_never_crash() {
    for values in [[1.7e308, -1.7e308], [5e-324, 0.0], [0.0, 0.0], [-3.0, -3.0], [1e300, 1e-300]] {
        let place = Place::new();
        let rows: String = (0..24).map(|i| format!("{:e}\n", values[i % 2])).collect();
        place.write("a.csv", format!("y\n{rows}"));
        for lines in [
            "--keep 2",
            "--error 1e-12",
            "--threshold 1",
            "--keep 2 --lines fitted",
            "--error 0.5 --lines fitted",
        ] {
            let run = place.hexad(&format!(
                "rebuild a.csv --y y --sample-rate 1 {lines} --json --out b.csv --plot b.png"
            ));
            if run.code == Some(0) {
                run.ok();
            } else {
                run.fails(1, "a.csv");
            }
        }
    }
}

/// A file whose every byte may be wrong is refused or rebuilt, but never crashes the program.
#[test]
fn flipped_bytes_never_crash_a_rebuild() {
    let place = Place::new();
    wav(&place.path("whole.wav"), 40);
    let whole = fs::read(place.path("whole.wav")).unwrap();
    for i in (0..whole.len()).step_by(2) {
        let mut broken = whole.clone();
        broken[i] ^= 0xff;
        place.write("a.wav", broken);
        let run = place.hexad("rebuild a.wav --y 1 --keep 2 --quiet --plot a.svg");
        if run.code != Some(0) {
            run.fails(1, "a.wav");
        }
    }
}

/// `hexad spectrum <name> <options>` on a file with this content must fail so.
#[track_caller]
fn refuse_spectrum(name: &str, content: impl AsRef<[u8]>, options: &str, code: i32, part: &str) {
    let place = Place::new();
    place.write(name, content);
    place.hexad(&format!("spectrum {name} {options}")).fails(code, part);
    assert_eq!(place.files(), [name]);
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
        ("Y --lombscargle --detrend none", "--detrend is about"),
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

/// The largest and the smallest numbers come through every way of transforming and drawing.
#[test]
fn extreme_spectra_never_crash() {
    for values in [[1.7e308, -1.7e308], [5e-324, 0.0], [0.0, 0.0], [-3.0, -3.0], [1e300, 1e-300]] {
        let place = Place::new();
        let rows: String = (0..24).map(|i| format!("{:e}\n", values[i % 2])).collect();
        place.write("a.csv", format!("y\n{rows}"));
        for options in [
            "",
            "--scaling density --window hann --segment 8 --confidence 0.9",
            "--scaling transform",
            "--scaling energy --segment 8 --average median",
            "--lombscargle",
            "--lombscargle --scaling power",
        ] {
            let run = place.hexad(&format!(
                "spectrum a.csv --y y --sample-rate 1 {options} --json --out b.csv --plot b.png"
            ));
            if run.code == Some(0) {
                run.ok();
            } else {
                run.fails(1, "a.csv");
            }
        }
    }
}

/// A file whose every byte may be wrong is refused or transformed, but never crashes the program.
#[test]
fn flipped_bytes_never_crash_a_spectrum() {
    let place = Place::new();
    wav(&place.path("whole.wav"), 40);
    let whole = fs::read(place.path("whole.wav")).unwrap();
    for i in (0..whole.len()).step_by(2) {
        let mut broken = whole.clone();
        broken[i] ^= 0xff;
        place.write("a.wav", broken);
        let run = place.hexad("spectrum a.wav --y 1 --segment 4 --quiet --plot a.svg");
        if run.code != Some(0) {
            run.fails(1, "a.wav");
        }
    }
}

/// `hexad delay <name> <options>` on a file with this content must fail so.
#[track_caller]
fn refuse_delay(name: &str, content: impl AsRef<[u8]>, options: &str, code: i32, part: &str) {
    let place = Place::new();
    place.write(name, content);
    place.hexad(&format!("delay {name} {options}")).fails(code, part);
    assert_eq!(place.files(), [name]);
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

/// The largest and the smallest numbers come through every way of searching and drawing.
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

/// A file whose every byte may be wrong is refused or searched, but never crashes the program.
#[test]
fn flipped_bytes_never_crash_a_delay() {
    let place = Place::new();
    wav(&place.path("whole.wav"), 40);
    let whole = fs::read(place.path("whole.wav")).unwrap();
    for i in (0..whole.len()).step_by(2) {
        let mut broken = whole.clone();
        broken[i] ^= 0xff;
        place.write("a.wav", broken);
        let run = place.hexad("delay a.wav --columns 0,1 --quiet --plot a.svg");
        if run.code != Some(0) {
            run.fails(1, "a.wav");
        }
    }
}
