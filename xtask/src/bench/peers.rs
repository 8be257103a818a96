//! What people use today: a Python process with pinned packages, installed under `target/peers`.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use npyz::WriterBuilder;
use serde_json::{Value, json};

use super::clock::Time;
use crate::step;
use crate::workspace::{root, target};

/// Libraries that would otherwise start threads of their own.
const ONE_THREAD: [(&str, &str); 3] =
    [("OPENBLAS_NUM_THREADS", "1"), ("OMP_NUM_THREADS", "1"), ("MKL_NUM_THREADS", "1")];

/// The running peer: one JSON request a line, one JSON answer a line.
pub(crate) struct Peer {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Installs the pinned packages if they are not there, and starts the process in `folder`, where the
    /// arrays are.
    pub fn start(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let python = install()?;
        let mut process = Command::new(python)
            .arg(root().join("tests/peers/peer.py"))
            .current_dir(folder)
            .envs(ONE_THREAD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let requests = process.stdin.take().ok_or("the peer has no input")?;
        let answers = BufReader::new(process.stdout.take().ok_or("the peer has no output")?);
        let mut peer = Self { process, requests, answers };
        println!("peers: {}", peer.ask(&json!({ "call": "versions" }))?["versions"].as_str().unwrap_or(""));
        Ok(peer)
    }

    /// Times one call.
    pub fn time(&mut self, call: &Value) -> Result<Time, Box<dyn Error>> {
        let answer = self.ask(call)?;
        let seconds = |key: &str| answer[key].as_f64().ok_or_else(|| format!("the peer says {answer}"));
        Ok(Time { wall_s: seconds("wall_s")?, cpu_s: seconds("cpu_s")? })
    }

    /// Largest memory during one call beyond what there was before it, in bytes; none where the system does not tell.
    /// Only the first large call of a process shows.
    pub fn memory(&mut self, call: &Value) -> Result<Option<f64>, Box<dyn Error>> {
        Ok(self.ask(call)?["peak_bytes"].as_f64())
    }

    fn ask(&mut self, request: &Value) -> Result<Value, Box<dyn Error>> {
        writeln!(self.requests, "{request}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        Ok(serde_json::from_str(&answer).map_err(|_| format!("the peer failed on {request}"))?)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends by itself when its input does; a failed one is gone already.
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// The Python of `target/peers`, made and filled where needed.
fn install() -> Result<PathBuf, Box<dyn Error>> {
    let folder = target().join("peers");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.is_file() {
        step::run("make target/peers", Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    let requirements = root().join("tests/peers/requirements.txt");
    step::run("install peers", Command::new(&python).args(pip).arg(requirements))?;
    Ok(python)
}

/// Writes an array for the peer into `target/bench`, by rows; returns the name to ask for it.
pub(crate) fn share(name: &str, shape: &[usize], values: &[f64]) -> Result<String, Box<dyn Error>> {
    let name = format!("{name}.npy");
    let shape: Vec<u64> = shape.iter().map(|&len| len as u64).collect();
    let file = std::io::BufWriter::new(File::create(target().join("bench").join(&name))?);
    let mut writer = npyz::WriteOptions::new().default_dtype().shape(&shape).writer(file).begin_nd()?;
    writer.extend(values)?;
    writer.finish()?;
    Ok(name)
}
