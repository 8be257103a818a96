//! The points of all files, in batches, as often as they are needed.

use hexad_density::Points;

use crate::args::density::points::{MissingPoints, PointArgs};
use crate::error::{Failure, Outcome, quoted};
use crate::memory;
use crate::progress::Progress;
use crate::table::{Chunks, Column, Gaps, Input, Request, Role};

/// Points of a batch: where batches end never depends on how files are divided.
const BATCH: usize = 1 << 18;
/// As many points are kept for a second pass.
const FEW: usize = 1 << 20;
/// Bytes per point of the work on points that are all held: copies, sorted ones, trees.
const WORK_BYTES: u64 = 96;

/// Which points are kept when they have been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// None: there is one pass.
    Nothing,
    /// All of a small file; a large one is read again.
    Few,
    /// All.
    Everything,
}

/// Where points come from.
pub struct Supply<'a> {
    args: &'a PointArgs,
    progress: &'a Progress,
    keep: Keep,
    kept: Option<Batch>,
    names: Vec<String>,
}

#[derive(Debug, Default)]
struct Batch {
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Option<Vec<f64>>,
}

impl<'a> Supply<'a> {
    /// Points that are read when they are asked for.
    pub fn new(args: &'a PointArgs, keep: Keep, progress: &'a Progress) -> Outcome<Self> {
        let streams = args.inputs.iter().filter(|input| **input == Input::Stdin).count();
        if streams > 1 {
            return Err(Failure::usage("standard input holds one table; give - once"));
        }
        // What has gone by cannot be read again.
        let keep = if streams == 1 && keep == Keep::Few { Keep::Everything } else { keep };
        Ok(Self { args, progress, keep, kept: None, names: Vec::new() })
    }

    /// The files, as messages name them.
    pub fn name(&self) -> String {
        match self.args.inputs.as_slice() {
            [one] => one.name(),
            [first, ..] => format!("{} and {} more", first.name(), self.args.inputs.len() - 1),
            [] => String::new(),
        }
    }

    /// What was asked for.
    pub fn args(&self) -> &'a PointArgs {
        self.args
    }

    /// The columns of x, y and weight in the first file, once it has been read.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Passes all points to `take`, in order.
    pub fn each(&mut self, mut take: impl FnMut(&Points<'_>) -> Outcome<()>) -> Outcome<()> {
        if let Some(kept) = &self.kept {
            return kept.parts().try_for_each(|part| take(&part));
        }
        let mut keeping = (self.keep != Keep::Nothing).then(Batch::default);
        let mut batch = Batch::default();
        for input in &self.args.inputs {
            let names = self.read(input, &mut batch, |full| {
                take(&full.points())?;
                self.keep_more(&mut keeping, full)
            })?;
            if self.names.is_empty() {
                self.names = names;
            }
        }
        if !batch.x.is_empty() {
            take(&batch.points())?;
        }
        match &mut keeping {
            Some(kept) if kept.x.is_empty() => *kept = batch,
            _ => self.keep_more(&mut keeping, &batch)?,
        }
        self.kept = keeping;
        Ok(())
    }

    /// All points at once.
    pub fn all(&mut self) -> Outcome<Points<'_>> {
        if self.kept.is_none() {
            self.keep = Keep::Everything;
            self.each(|_| Ok(()))?;
        }
        self.kept.as_ref().map(Batch::points).ok_or_else(|| Failure::work("the points are gone"))
    }

    fn keep_more(&self, keeping: &mut Option<Batch>, batch: &Batch) -> Outcome<()> {
        let Some(kept) = keeping else { return Ok(()) };
        let count = kept.x.len() + batch.x.len();
        if self.keep == Keep::Few && count > FEW {
            *keeping = None;
            return Ok(());
        }
        let bytes = count as u64 * (WORK_BYTES + if batch.weights.is_some() { 24 } else { 16 });
        memory::check(&self.name(), bytes)?;
        kept.append(batch);
        Ok(())
    }

    /// Adds the points of a file to `batch`, which `take` gets whenever it is full. Returns the columns' names.
    fn read(
        &self,
        input: &Input,
        batch: &mut Batch,
        mut take: impl FnMut(&Batch) -> Outcome<()>,
    ) -> Outcome<Vec<String>> {
        let mut chunks = Chunks::open(input, &self.requests(), false)?;
        self.progress.step("reading", chunks.expected_rows().unwrap_or(0));
        while chunks.read_more()? {
            self.check_weights(input, &chunks)?;
            batch.take_from(chunks.columns_mut());
            while batch.x.len() >= BATCH {
                let rest = batch.split_off(BATCH);
                take(batch)?;
                *batch = rest;
            }
            self.progress.at(chunks.rows() as u64);
        }
        Ok(chunks.columns().iter().map(|column| column.name.clone()).collect())
    }

    fn requests(&self) -> Vec<Request> {
        let gaps = match self.args.nan {
            None => Gaps::Marked,
            Some(MissingPoints::Skip) => Gaps::Anything,
            Some(MissingPoints::Error) => Gaps::Refused,
        };
        let request =
            |option, column: &String| Request { option, column: column.clone(), role: Role::Value(gaps) };
        let weight = self.args.weight.iter().map(|column| request("--weight", column));
        [request("--x", &self.args.x), request("--y", &self.args.y)].into_iter().chain(weight).collect()
    }

    /// Refuses negative weights: a density has none.
    fn check_weights(&self, input: &Input, chunks: &Chunks) -> Outcome<()> {
        let Some(column) = chunks.columns().get(2) else { return Ok(()) };
        let Some(row) = column.values.iter().position(|weight| *weight < 0.0) else { return Ok(()) };
        let place = chunks.places().of(chunks.rows() - column.values.len() + row);
        Err(Failure::work(format!(
            "{}: {place}, column {}: {} cannot be used (a weight must be >= 0)",
            input.name(),
            quoted(column.name.as_bytes()),
            column.values[row]
        )))
    }
}

impl Batch {
    fn points(&self) -> Points<'_> {
        part(&self.x, &self.y, self.weights.as_deref())
    }

    fn parts(&self) -> impl Iterator<Item = Points<'_>> {
        (0..self.x.len()).step_by(BATCH).map(|start| {
            let range = start..(start + BATCH).min(self.x.len());
            let weights = self.weights.as_ref().map(|all| &all[range.clone()]);
            part(&self.x[range.clone()], &self.y[range], weights)
        })
    }

    fn append(&mut self, other: &Self) {
        self.x.extend_from_slice(&other.x);
        self.y.extend_from_slice(&other.y);
        if let Some(more) = &other.weights {
            self.weights.get_or_insert_default().extend_from_slice(more);
        }
    }

    /// Moves the values of columns here.
    fn take_from(&mut self, columns: &mut [Column]) {
        let mut columns = columns.iter_mut().map(|column| &mut column.values);
        let mut take = |all: &mut Vec<f64>| {
            let Some(values) = columns.next() else { return };
            if all.is_empty() {
                std::mem::swap(all, values)
            } else {
                all.append(values)
            }
            values.clear();
        };
        take(&mut self.x);
        take(&mut self.y);
        let mut weights = self.weights.take().unwrap_or_default();
        take(&mut weights);
        self.weights = (weights.len() == self.x.len() && !weights.is_empty()).then_some(weights);
    }

    fn split_off(&mut self, at: usize) -> Self {
        Self {
            x: self.x.split_off(at),
            y: self.y.split_off(at),
            weights: self.weights.as_mut().map(|weights| weights.split_off(at)),
        }
    }
}

/// Columns of one length are points.
fn part<'a>(x: &'a [f64], y: &'a [f64], weights: Option<&'a [f64]>) -> Points<'a> {
    let points = Points::new(x, y).and_then(|points| match weights {
        Some(weights) => points.with_weights(weights),
        None => Ok(points),
    });
    points.unwrap_or_else(|_| unreachable!("columns of a table have one length"))
}
