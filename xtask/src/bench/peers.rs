//! What people use today: Python processes with pinned packages, installed under `target`.

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use npyz::WriterBuilder;
use serde_json::{Value, json};

use super::clock::Time;
use crate::python;
use crate::workspace::{root, target};

/// Libraries that would otherwise start threads of their own.
pub(crate) const ONE_THREAD: [(&str, &str); 3] =
    [("OPENBLAS_NUM_THREADS", "1"), ("OMP_NUM_THREADS", "1"), ("MKL_NUM_THREADS", "1")];

/// Packages that are installed together, each such set in a Python of its own under `target`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Environment {
    Common,
    Devito,
    Brian,
    /// NEURON and Arbor.
    Cables,
}

impl Environment {
    /// Its folder under `target`.
    fn folder(self) -> &'static str {
        match self {
            Self::Common => "peers",
            Self::Devito => "peers-devito",
            Self::Brian => "peers-brian",
            Self::Cables => "peers-cables",
        }
    }

    /// Its program and its requirements in `tests/peers`.
    fn files(self) -> [&'static str; 2] {
        match self {
            Self::Common => ["peer.py", "requirements.txt"],
            Self::Devito => ["peer_devito.py", "requirements-devito.txt"],
            Self::Brian => ["peer_brian.py", "requirements-brian.txt"],
            Self::Cables => ["peer_cables.py", "requirements-cables.txt"],
        }
    }

    /// The compiler that it needs as it runs.
    fn compiler(self) -> Option<&'static str> {
        match self {
            Self::Common | Self::Cables => None,
            Self::Devito => Some("gcc"),
            Self::Brian => Some("g++"),
        }
    }
}

/// The peers of a run; each is installed and started when it is first asked for.
pub(crate) struct Peers {
    folder: PathBuf,
    running: Vec<(Environment, Option<Peer>)>,
}

impl Peers {
    /// None yet; their arrays are in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), running: Vec::new() }
    }

    /// Names and versions of those that were asked for.
    pub fn versions(&self) -> Vec<String> {
        self.running.iter().filter_map(|(_, peer)| Some(peer.as_ref()?.versions.clone())).collect()
    }

    /// The peer of `environment`; none, said once, where there is no compiler that it needs.
    pub fn of(&mut self, environment: Environment) -> Result<Option<&mut Peer>, Box<dyn Error>> {
        if let Some(index) = self.running.iter().position(|(of, _)| *of == environment) {
            return Ok(self.running[index].1.as_mut());
        }
        let missing = environment.compiler().filter(|compiler| !is_there(compiler));
        let peer = if let Some(compiler) = missing {
            println!("{}: skipped, for it needs the compiler {compiler}", environment.folder());
            None
        } else {
            Some(Peer::start(environment, &self.folder)?)
        };
        self.running.push((environment, peer));
        Ok(self.running.last_mut().and_then(|(_, peer)| peer.as_mut()))
    }
}

/// A running peer: one JSON request a line, one JSON answer a line.
pub(crate) struct Peer {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Names and versions of what it runs.
    versions: String,
}

/// What a timed call tells.
pub(crate) struct Answer {
    pub time: Time,
    pub told: Told,
}

/// What a peer tells of its result.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Told {
    /// Largest difference to the result of ours that it was given, over the largest value.
    pub difference: Option<f64>,
    /// Its error as ours is counted.
    pub error: Option<f64>,
}

impl Peer {
    /// Installs the pinned packages if they are not there, and starts the process in `folder`, where the
    /// arrays are.
    pub fn start(environment: Environment, folder: &Path) -> Result<Self, Box<dyn Error>> {
        let python = install(environment)?;
        let [program, _] = environment.files();
        let mut process = Command::new(python)
            .arg(root().join("tests/peers").join(program))
            .current_dir(folder)
            .envs(ONE_THREAD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let requests = process.stdin.take().ok_or("the peer has no input")?;
        let answers = BufReader::new(process.stdout.take().ok_or("the peer has no output")?);
        let mut peer = Self { process, requests, answers, versions: String::new() };
        peer.versions =
            peer.ask(&json!({ "call": "versions" }))?["versions"].as_str().unwrap_or("").to_owned();
        println!("peers: {}", peer.versions);
        Ok(peer)
    }

    /// Times one call.
    pub fn time(&mut self, call: &Value) -> Result<Answer, Box<dyn Error>> {
        let answer = self.ask(call)?;
        let seconds = |key: &str| answer[key].as_f64().ok_or_else(|| format!("the peer says {answer}"));
        let time = Time { wall_s: seconds("wall_s")?, cpu_s: seconds("cpu_s")? };
        let told = Told { difference: answer["difference"].as_f64(), error: answer["error"].as_f64() };
        Ok(Answer { time, told })
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

/// The Python of `environment`, made and filled where needed.
pub(crate) fn install(environment: Environment) -> Result<PathBuf, Box<dyn Error>> {
    let [_, requirements] = environment.files();
    python::environment(&target().join(environment.folder()), &root().join("tests/peers").join(requirements))
}

fn is_there(program: &str) -> bool {
    let version = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
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
