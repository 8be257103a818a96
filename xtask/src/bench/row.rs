//! One line of the bench: our work, what it is compared with, and what the comparison must reach.

use std::error::Error;

use serde_json::Value;

use super::clock::{Spread, Time, time};
use super::peers::{Environment, Peers};

/// Rounds of a row, in each of which every side runs once; slow rows stop at `FEWEST`.
const MOST: usize = 15;
const FEWEST: usize = 3;
const ENOUGH_S: f64 = 6.0;
/// In a round each side repeats its call for so long, and the median counts: the clock of the processor, caches
/// and pages settle within the first few milliseconds, which a long call hardly notices and a short one does.
const SETTLED_S: f64 = 0.1;

/// A call to be timed: plans and buffers are its own.
pub(crate) type Work = Box<dyn FnMut() -> Result<(), Box<dyn Error>> + Send>;

/// A call of any crate as [`Work`].
pub(crate) fn work<E: Into<Box<dyn Error>>>(
    mut call: impl FnMut() -> Result<(), E> + Send + 'static,
) -> Work {
    Box::new(move || call().map_err(Into::into))
}

/// What our work is compared with.
pub(crate) enum Other {
    Nothing,
    /// Other work of ours.
    Ours(&'static str, Work),
    /// A call of a peer process, see `tests/peers`.
    Peer(Environment, &'static str, Value),
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
}

/// A row and its times.
pub(crate) struct Measured {
    pub name: String,
    pub items: usize,
    pub error: f64,
    pub target: Target,
    /// Name of what it was compared with.
    pub other: &'static str,
    pub ours: Vec<Time>,
    pub others: Vec<Time>,
    /// Copying as many f64, which no filter can beat.
    pub copies: Vec<Time>,
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
        let mut peer = match (&self.other, peers) {
            (Other::Peer(environment, ..), Some(peers)) => peers.of(*environment)?,
            _ => None,
        };
        let (mut ours, mut others, mut copies) = (Vec::new(), Vec::new(), Vec::new());
        let (source, mut copy) = (vec![1.0_f64; self.items], vec![0.0_f64; self.items]);
        // The first call pays for fresh pages.
        (self.ours)()?;
        let mut spent = 0.0;
        while ours.len() < MOST && (ours.len() < FEWEST || spent < ENOUGH_S) {
            ours.push(settled(self.target, || time(&mut self.ours))?);
            match (&mut self.other, &mut peer) {
                (Other::Ours(_, work), _) => others.push(settled(self.target, || time(&mut *work))?),
                (Other::Peer(_, _, call), Some(peer)) => {
                    others.push(settled(self.target, || peer.time(call))?)
                }
                (Other::Nothing | Other::Peer(..), _) => {}
            }
            let mut copy_once = || {
                copy.copy_from_slice(std::hint::black_box(&source));
                std::hint::black_box(&mut copy);
                Ok::<(), Box<dyn Error>>(())
            };
            copies.push(settled(self.target, || time(&mut copy_once))?);
            spent +=
                [&ours, &others].iter().filter_map(|times| times.last()).map(|time| time.wall_s).sum::<f64>();
        }
        let other = match self.other {
            Other::Nothing => "",
            Other::Ours(name, _) | Other::Peer(_, name, _) => name,
        };
        let Row { items, error, target, .. } = self;
        Ok(Measured { name: name.to_owned(), items, error, target, other, ours, others, copies })
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

    /// Share of the speed of a plain copy.
    pub fn copy_share(&self) -> Option<f64> {
        let copies = Spread::of(self.copies.iter().map(|time| time.cpu_s))?;
        Some(copies.median / self.ours_s()?.median)
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
