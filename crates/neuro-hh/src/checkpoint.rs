//! A population as bytes, to go on later as if it had never stopped.

use std::fmt::Write;

use hexad_core::checksum;

use crate::error::NeuroError;
use crate::input::Train;
use crate::population::block::{Block, WINDOW, index32};
use crate::population::jumps::Jump;
use crate::population::kernel::LANES;
use crate::population::synapses::{Arrival, Response};
use crate::population::{Population, Precision};

const MAGIC: &[u8; 8] = b"hexadHH3";
/// No run comes this far.
const MOST_STEPS: u64 = 1 << 53;

impl<T: Precision> Population<T> {
    /// The population as bytes, between two calls of [`Population::run`].
    #[must_use]
    pub fn checkpoint(&self) -> Vec<u8> {
        let mut out = Writer(MAGIC.to_vec());
        out.u64(self.neurons as u64);
        out.u64(self.fingerprint());
        out.u64(self.step);
        for block in &self.blocks {
            (0..block.count).for_each(|lane| write_neuron(&mut out, block, lane));
        }
        // By neuron, and for each neuron in the order in which they act: no trace of the blocks.
        write_events(&mut out, self.blocks.iter().flat_map(passed_of), write_jump);
        let jumps = self.blocks.iter().flat_map(|block| jumps_of(block, self.step));
        write_events(&mut out, jumps, write_jump);
        let arrivals = self.blocks.iter().flat_map(|block| arrivals_of(block, self.step));
        write_events(&mut out, arrivals, write_arrival);
        out.u64(checksum(&out.0));
        out.0
    }

    /// Goes back to where [`Population::checkpoint`] was taken, in a population built alike; only
    /// [`crate::PopulationOptions::block`] and what is recorded may differ. On an error nothing has changed.
    ///
    /// # Errors
    ///
    /// [`NeuroError::NotACheckpoint`] for other bytes, or some that were damaged in a way that shows;
    /// [`NeuroError::CheckpointMismatch`] for those of another population.
    pub fn resume(&mut self, bytes: &[u8]) -> Result<(), NeuroError> {
        let mut resumed = self.clone();
        resumed.read(&mut Reader(undamaged(bytes)?))?;
        *self = resumed;
        Ok(())
    }

    fn read(&mut self, input: &mut Reader<'_>) -> Result<(), NeuroError> {
        if input.u64()? != self.neurons as u64 {
            return Err(NeuroError::CheckpointMismatch { what: "the number of neurons" });
        }
        if input.u64()? != self.fingerprint() {
            let what = "the model, its input, its wiring, the step or the precision";
            return Err(NeuroError::CheckpointMismatch { what });
        }
        self.step = input.u64()?;
        if self.step > MOST_STEPS {
            return Err(NeuroError::NotACheckpoint);
        }
        self.failure = None;
        for neuron in 0..self.neurons {
            self.read_neuron(input, neuron)?;
        }
        for block in &mut self.blocks {
            block.jumps.clear();
            block.arrivals.clear();
        }
        for _ in 0..input.u64()? {
            let (block, _, jump) = self.read_jump(input)?;
            self.blocks[block].jumps.passed.push(jump);
        }
        for _ in 0..input.u64()? {
            let (block, ahead, jump) = self.read_jump(input)?;
            let half = 2 * (self.step + ahead) + u64::from(jump.offset >= 0.5);
            self.blocks[block].jumps.enter(half, jump);
        }
        for _ in 0..input.u64()? {
            self.read_arrival(input)?;
        }
        if input.0.is_empty() { Ok(()) } else { Err(NeuroError::NotACheckpoint) }
    }

    fn read_neuron(&mut self, input: &mut Reader<'_>, neuron: usize) -> Result<(), NeuroError> {
        let key = self.stream_key(neuron);
        let (steps_per_ms, step) = (self.plan.steps_per_ms, self.step as f64);
        let block = &mut self.blocks[neuron / self.options.block];
        let lane = neuron - block.first;
        let (group, within) = (&mut block.groups[lane / LANES], lane % LANES);
        for field in [&mut group.v, &mut group.m, &mut group.h, &mut group.n, &mut group.side] {
            field[within] = T::of(input.f64()?);
        }
        for channel in &mut block.channels {
            let own = &mut channel.groups[lane / LANES];
            own.value[within] = T::of(input.f64()?);
            own.feed[within] = T::of(input.f64()?);
        }
        if let Some(train) = block.trains.get_mut(lane) {
            let next_ms = [input.f64()?, input.f64()?];
            // Whatever comes before the step was taken already: a train from long ago would have to be drawn up to it.
            if !(next_ms[0] * steps_per_ms >= step && next_ms[1] >= next_ms[0]) {
                return Err(NeuroError::NotACheckpoint);
            }
            *train = Train::at(&key, (next_ms, u128::from_le_bytes(input.take()?)));
        }
        Ok(())
    }

    /// Its block, in how many steps, and the jump.
    fn read_jump(&self, input: &mut Reader<'_>) -> Result<(usize, u64, Jump), NeuroError> {
        let (block, lane) = self.place(input.u64()?)?;
        let ahead = input.u64()?;
        let [offset, weight_mv] = [input.f64()?, input.f64()?];
        if ahead >= self.blocks[block].jumps.steps() {
            return Err(NeuroError::NotACheckpoint);
        }
        Ok((block, ahead, Jump { lane, offset, weight_mv }))
    }

    fn read_arrival(&mut self, input: &mut Reader<'_>) -> Result<(), NeuroError> {
        let (block, lane) = self.place(input.u64()?)?;
        let ahead = input.u64()?;
        let channel = u32::try_from(input.u64()?).map_err(|_| NeuroError::NotACheckpoint)?;
        let response = Response { mean: input.f64()?, value: input.f64()?, feed: input.f64()? };
        let block = &mut self.blocks[block];
        if ahead >= block.arrivals.moments() || channel as usize >= block.channels.len() {
            return Err(NeuroError::NotACheckpoint);
        }
        block.arrivals.enter(self.step + ahead, Arrival { lane, channel, response });
        Ok(())
    }

    /// Block and lane of a neuron.
    fn place(&self, neuron: u64) -> Result<(usize, u32), NeuroError> {
        let neuron = usize::try_from(neuron).map_err(|_| NeuroError::NotACheckpoint)?;
        if neuron >= self.neurons {
            return Err(NeuroError::NotACheckpoint);
        }
        Ok((neuron / self.options.block, index32(neuron % self.options.block)))
    }

    /// A hash of everything that must be the same for a checkpoint to go on alike.
    fn fingerprint(&self) -> u64 {
        let options = &self.options;
        let model = &self.plan.membrane.model;
        let drive = (&options.current, &options.currents, &options.inputs, &options.input_of);
        let chance = (options.seed, options.run, options.first, WINDOW);
        let mut hash = Hash(0xcbf2_9ce4_8422_2325);
        let written = write!(hash, "{model:?} {} {} {drive:?} {chance:?}", self.plan.dt_ms, T::NAME)
            .and_then(|()| write!(hash, " {:?} {:?}", options.threshold, self.wiring));
        debug_assert!(written.is_ok(), "hashing takes everything");
        hash.0
    }
}

/// What stands between the magic number and the checksum.
fn undamaged(bytes: &[u8]) -> Result<&[u8], NeuroError> {
    let (content, check) = bytes.split_last_chunk().ok_or(NeuroError::NotACheckpoint)?;
    let inner = content.strip_prefix(MAGIC).ok_or(NeuroError::NotACheckpoint)?;
    if checksum(content) == u64::from_le_bytes(*check) { Ok(inner) } else { Err(NeuroError::NotACheckpoint) }
}

fn write_neuron<T: Precision>(out: &mut Writer, block: &Block<T>, lane: usize) {
    let (group, within) = (&block.groups[lane / LANES], lane % LANES);
    for field in [&group.v, &group.m, &group.h, &group.n, &group.side] {
        out.f64(field[within].wide());
    }
    for channel in &block.channels {
        let own = &channel.groups[lane / LANES];
        out.f64(own.value[within].wide());
        out.f64(own.feed[within].wide());
    }
    if let Some(train) = block.trains.get(lane) {
        let (next_ms, position) = train.position();
        next_ms.into_iter().for_each(|time_ms| out.f64(time_ms));
        out.0.extend(position.to_le_bytes());
    }
}

/// What is to come: neuron, steps ahead and the event itself.
type Ahead<E> = (u64, u64, E);

fn passed_of<T>(block: &Block<T>) -> impl Iterator<Item = Ahead<Jump>> {
    block.jumps.passed.iter().map(|jump| (neuron_of(block, jump.lane), 0, *jump))
}

fn jumps_of<T>(block: &Block<T>, step: u64) -> impl Iterator<Item = Ahead<Jump>> {
    let at = move |ahead| {
        block.jumps.at(step + ahead).map(move |jump| (neuron_of(block, jump.lane), ahead, *jump))
    };
    (0..block.jumps.steps()).flat_map(at)
}

fn arrivals_of<T>(block: &Block<T>, step: u64) -> impl Iterator<Item = Ahead<Arrival>> {
    let at = move |ahead| {
        let arrivals = block.arrivals.at(step + ahead).iter();
        arrivals.map(move |arrival| (neuron_of(block, arrival.lane), ahead, *arrival))
    };
    (0..block.arrivals.moments()).flat_map(at)
}

fn neuron_of<T>(block: &Block<T>, lane: u32) -> u64 {
    (block.first + lane as usize) as u64
}

fn write_events<E>(
    out: &mut Writer,
    events: impl Iterator<Item = Ahead<E>>,
    write: impl Fn(&mut Writer, &E),
) {
    let mut events: Vec<_> = events.collect();
    events.sort_by_key(|(neuron, ahead, _)| (*neuron, *ahead));
    out.u64(events.len() as u64);
    for (neuron, ahead, event) in &events {
        out.u64(*neuron);
        out.u64(*ahead);
        write(out, event);
    }
}

fn write_jump(out: &mut Writer, jump: &Jump) {
    out.f64(jump.offset);
    out.f64(jump.weight_mv);
}

fn write_arrival(out: &mut Writer, arrival: &Arrival) {
    out.u64(u64::from(arrival.channel));
    let Response { mean, value, feed } = arrival.response;
    [mean, value, feed].into_iter().for_each(|value| out.f64(value));
}

/// FNV-1a of a text as it is written: that of a large wiring is never held.
struct Hash(u64);

impl Write for Hash {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        self.0 = text.bytes().fold(self.0, step);
        Ok(())
    }
}

struct Writer(Vec<u8>);

impl Writer {
    fn u64(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    fn f64(&mut self, value: f64) {
        self.u64(value.to_bits());
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], NeuroError> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or(NeuroError::NotACheckpoint)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u64(&mut self) -> Result<u64, NeuroError> {
        self.take().map(u64::from_le_bytes)
    }

    fn f64(&mut self) -> Result<f64, NeuroError> {
        self.u64().map(f64::from_bits)
    }
}
