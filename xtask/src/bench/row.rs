//! One line of the bench: our work, what it is compared with, and what the comparison must reach.

use std::error::Error;

use serde_json::Value;

use super::clock::{Spread, Time, free_cores, time};
use super::peers::{Environment, Peer, Peers, Told};
use super::traffic::Traffic;

/// Rounds of a row, in each of which every side runs once; slow rows stop at `FEWEST`.
const MOST: usize = 15;
const FEWEST: usize = 3;
const ENOUGH_S: f64 = 6.0;
/// In a round each side repeats its call for so long, and the median counts: the clock of the processor, caches
/// and pages settle within the first few milliseconds, which a long call hardly notices and a short one does.
const SETTLED_S: f64 = 0.1;
/// Numbers of a copy at most, far more than a cache holds; more would go as fast.
const MOST_COPIED: usize = 10_000_000;

/// A call to be timed: plans and buffers are its own.
pub(crate) type Work = Box<dyn FnMut() -> Result<(), Box<dyn Error>> + Send>;

/// A call of any crate as [`Work`].
pub(crate) fn work<E: Into<Box<dyn Error>>>(
    mut call: impl FnMut() -> Result<(), E> + Send + 'static,
) -> Work {
    Box::new(move || call().map_err(Into::into))
}

/// A pool of its own: the bench runs on one thread.
pub(crate) fn pool(threads: usize) -> Result<rayon::ThreadPool, Box<dyn Error>> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(threads).build()?)
}

/// What our work is compared with.
pub(crate) enum Other {
    Nothing,
    /// Other work of ours.
    Ours(&'static str, Work),
    /// A call of a peer process, see `tests/peers`.
    Peer(Environment, &'static str, Value),
    /// Reading and writing so many bytes of memory.
    Memory(f64),
    /// So many seconds, whatever is done in them.
    Given(&'static str, f64),
}

/// What must be reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Target {
    /// The other's time over ours.
    TimesFaster(f64),
    /// The same by the wall clock, where ours runs on two cores.
    OnTwoCores(f64),
    /// Our time over the other's.
    AtMostTimes(f64),
    /// Our time per item, in ns.
    NsPerItem(f64),
}

/// Makes a row: arrays, plan and error.
pub(crate) type Make = Box<dyn Fn() -> Result<Row, Box<dyn Error>>>;

/// A row before it is measured.
pub(crate) struct Row {
    /// Samples, points or pixels of one call.
    pub items: usize,
    pub ours: Work,
    pub other: Other,
    pub target: Target,
    /// Error of our result, in units of the largest |y|.
    pub error: f64,
    /// Floating-point operations that the definition asks for an item; none where that depends on the data.
    pub flops: Option<f64>,
}

/// A row and its times.
pub(crate) struct Measured {
    pub name: String,
    pub items: usize,
    pub error: f64,
    pub flops: Option<f64>,
    pub target: Target,
    /// Name of what it was compared with.
    pub other: &'static str,
    pub ours: Vec<Time>,
    pub others: Vec<Time>,
    /// Copying as many f64, which no filter can beat.
    pub copies: Vec<Time>,
    /// What the peer told of its result.
    pub told: Told,
    /// Bytes of memory that the other reads and writes, if that is all it does.
    pub bytes: Option<f64>,
    /// Threads' worth of work that two threads did at a time, round by round, where ours runs on two cores.
    pub free_cores: Vec<f64>,
}

impl Target {
    /// The time that counts.
    fn seconds(self, time: &Time) -> f64 {
        if matches!(self, Self::OnTwoCores(_)) { time.wall_s } else { time.cpu_s }
    }
}

impl Row {
    /// Runs all sides in turns.
    pub fn measure(mut self, name: &str, peers: Option<&mut Peers>) -> Result<Measured, Box<dyn Error>> {
        let mut side = Side::new(&mut self.other, peers)?;
        let mut copy = Copying::new(self.items);
        let (mut ours, mut others, mut copies) = (Vec::new(), Vec::new(), Vec::new());
        let mut free = Vec::new();
        // The first call pays for fresh pages.
        (self.ours)()?;
        let mut spent = 0.0;
        while ours.len() < MOST && (ours.len() < FEWEST || spent < ENOUGH_S) {
            ours.push(settled(self.target, || time(&mut self.ours))?);
            if !side.is_absent() {
                others.push(settled(self.target, || side.time())?);
            }
            copies.push(settled(self.target, || copy.time())?);
            if matches!(self.target, Target::OnTwoCores(_)) {
                free.push(free_cores());
            }
            spent +=
                [&ours, &others].iter().filter_map(|times| times.last()).map(|time| time.wall_s).sum::<f64>();
        }
        let told = side.told();
        let (other, bytes) = match self.other {
            Other::Nothing => ("", None),
            Other::Ours(name, _) | Other::Peer(_, name, _) | Other::Given(name, _) => (name, None),
            Other::Memory(bytes) => ("memory", Some(bytes)),
        };
        let Row { items, error, flops, target, .. } = self;
        let name = name.to_owned();
        Ok(Measured {
            name,
            items,
            error,
            flops,
            target,
            other,
            ours,
            others,
            copies,
            told,
            bytes,
            free_cores: free,
        })
    }
}

/// The other side, ready to run.
enum Side<'a> {
    Absent,
    Ours(&'a mut Work),
    Peer { peer: &'a mut Peer, call: &'a Value, told: Told },
    Given(Time),
    Memory { traffic: Traffic, bytes: f64 },
}

impl<'a> Side<'a> {
    fn new(other: &'a mut Other, peers: Option<&'a mut Peers>) -> Result<Self, Box<dyn Error>> {
        Ok(match (other, peers) {
            (Other::Ours(_, work), _) => Self::Ours(work),
            (Other::Given(_, seconds), _) => Self::Given(Time { wall_s: *seconds, cpu_s: *seconds }),
            (Other::Memory(bytes), _) => Self::Memory { traffic: Traffic::new(), bytes: *bytes },
            (Other::Peer(environment, _, call), Some(peers)) => match peers.of(*environment)? {
                Some(peer) => Self::Peer { peer, call, told: Told::default() },
                None => Self::Absent,
            },
            (Other::Nothing | Other::Peer(..), _) => Self::Absent,
        })
    }

    fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    fn time(&mut self) -> Result<Time, Box<dyn Error>> {
        match self {
            Self::Absent => Err("there is nothing to time".into()),
            Self::Ours(work) => time(work),
            Self::Given(time) => Ok(*time),
            Self::Peer { peer, call, told } => {
                let answer = peer.time(call)?;
                *told = answer.told;
                Ok(answer.time)
            }
            Self::Memory { traffic, bytes } => {
                let pass = time(|| {
                    traffic.pass();
                    Ok::<(), Box<dyn Error>>(())
                })?;
                Ok(pass.times(*bytes / Traffic::BYTES))
            }
        }
    }

    fn told(&self) -> Told {
        if let Self::Peer { told, .. } = self { *told } else { Told::default() }
    }
}

/// A copy of as many f64 as there are items, or of a part of them.
struct Copying {
    source: Vec<f64>,
    target: Vec<f64>,
    parts: f64,
}

impl Copying {
    fn new(items: usize) -> Self {
        let len = items.clamp(1, MOST_COPIED);
        Self { source: vec![1.0; len], target: vec![0.0; len], parts: items as f64 / len as f64 }
    }

    fn time(&mut self) -> Result<Time, Box<dyn Error>> {
        let part = time(|| {
            self.target.copy_from_slice(std::hint::black_box(&self.source));
            std::hint::black_box(&mut self.target);
            Ok::<(), Box<dyn Error>>(())
        })?;
        Ok(part.times(self.parts))
    }
}

/// The median of calls that take [`SETTLED_S`] together.
fn settled(
    target: Target,
    mut call: impl FnMut() -> Result<Time, Box<dyn Error>>,
) -> Result<Time, Box<dyn Error>> {
    let mut times = Vec::new();
    let mut spent = 0.0;
    while spent < SETTLED_S {
        let time = call()?;
        spent += time.wall_s.max(1e-9);
        times.push(time);
    }
    times.sort_by(|a, b| target.seconds(a).total_cmp(&target.seconds(b)));
    Ok(times[times.len() / 2])
}

impl Measured {
    /// Time of our calls.
    pub fn ours_s(&self) -> Option<Spread> {
        Spread::of(self.ours.iter().map(|time| self.target.seconds(time)))
    }

    /// Time of the other's calls; none without `--peers`.
    pub fn others_s(&self) -> Option<Spread> {
        Spread::of(self.others.iter().map(|time| self.target.seconds(time)))
    }

    /// The other's time over ours, round by round.
    pub fn ratio(&self) -> Option<Spread> {
        let seconds = |time| self.target.seconds(time);
        Spread::of(self.others.iter().zip(&self.ours).map(|(other, ours)| seconds(other) / seconds(ours)))
    }

    /// Bytes a second of the other, if reading and writing memory is all it does.
    pub fn bandwidth(&self) -> Option<f64> {
        Some(self.bytes? / self.others_s()?.median)
    }

    /// Share of the speed of a plain copy.
    pub fn copy_share(&self) -> Option<f64> {
        let copies = Spread::of(self.copies.iter().map(|time| time.cpu_s))?;
        Some(copies.median / self.ours_s()?.median)
    }

    /// Floating-point operations a second.
    pub fn flops_per_s(&self) -> Option<f64> {
        Some(self.flops? * self.items as f64 / self.ours_s()?.median)
    }

    /// Whether the median reaches the target; none if there is no peer.
    pub fn is_met(&self) -> Option<bool> {
        match self.target {
            Target::TimesFaster(least) | Target::OnTwoCores(least) => Some(self.ratio()?.median >= least),
            Target::AtMostTimes(most) => Some(1.0 / self.ratio()?.median <= most),
            Target::NsPerItem(most) => Some(1e9 * self.ours_s()?.median / self.items as f64 <= most),
        }
    }
}
