//! A run as bytes, and back.

use hexad_core::checksum;

use crate::medium::Kind;
use crate::real::Real;
use crate::{CheckpointProblem, Model, Side, Simulation, WaveError};

/// How a checkpoint begins, and its version: it changes with the layout of the fields.
const MAGIC: &[u8; 8] = b"hexadpde";
const VERSION: u32 = 1;

impl<T: Real> Simulation<T> {
    /// The run as bytes: fields, memory of the absorbing layers, what receivers heard, step. A run that
    /// [`Simulation::resume`]s from them goes on with the same bits.
    ///
    /// # Errors
    ///
    /// [`WaveError::BlownUp`] for fields that are not finite: there is nothing to go on from.
    pub fn checkpoint(&self) -> Result<Vec<u8>, WaveError> {
        self.check()?;
        let mut bytes = Vec::with_capacity(self.checkpoint_len(self.step));
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(fingerprint::<T>(&self.model, self.dt).to_le_bytes());
        bytes.extend(self.step.to_le_bytes());
        for field in self.state.fields() {
            field.iter().for_each(|value| value.write(&mut bytes));
        }
        for heard in self.traces.iter().flatten() {
            bytes.extend(heard.to_le_bytes());
        }
        bytes.extend(checksum(&bytes).to_le_bytes());
        Ok(bytes)
    }

    /// Goes to where [`Simulation::checkpoint`] was taken, by a run of the same model, time step and precision. On an
    /// error nothing has changed.
    ///
    /// # Errors
    ///
    /// [`WaveError::Checkpoint`] for bytes that are no checkpoint, of another version or model, cut short or damaged.
    pub fn resume(&mut self, bytes: &[u8]) -> Result<(), WaveError> {
        let mut reader = Reader { bytes };
        if reader.take(MAGIC.len())? != MAGIC {
            return refuse(CheckpointProblem::NotACheckpoint);
        }
        let got = u32::from_le_bytes(reader.array()?);
        if got != VERSION {
            return refuse(CheckpointProblem::Version { expected: VERSION, got });
        }
        if u64::from_le_bytes(reader.array()?) != fingerprint::<T>(&self.model, self.dt) {
            return refuse(CheckpointProblem::OtherModel);
        }
        let step = u64::from_le_bytes(reader.array()?);
        self.check_bytes(bytes, step)?;
        for value in self.state.fields_mut().flat_map(|field| field.iter_mut()) {
            *value = T::read(reader.take(T::BYTES)?);
        }
        for trace in &mut self.traces {
            trace.clear();
            for _ in 0..samples(step) {
                trace.push(f64::from_le_bytes(reader.array()?));
            }
        }
        (self.step, self.watched) = (step, step);
        self.keep_every(self.keep_every);
        Ok(())
    }

    /// Length and checksum.
    fn check_bytes(&self, bytes: &[u8], step: u64) -> Result<(), WaveError> {
        let expected = self.checkpoint_len(step);
        if bytes.len() != expected {
            let (expected, got) = (expected as u64, bytes.len() as u64);
            return refuse(CheckpointProblem::Length { expected, got });
        }
        let (content, check) = bytes.split_at(bytes.len() - 8);
        if checksum(content).to_le_bytes() != check {
            return refuse(CheckpointProblem::Damaged);
        }
        Ok(())
    }

    fn checkpoint_len(&self, step: u64) -> usize {
        let fields: usize = self.state.fields().map(|field| field.len()).sum();
        let heard = self.traces.len().saturating_mul(samples(step));
        let numbers = fields.saturating_mul(T::BYTES).saturating_add(heard.saturating_mul(8));
        numbers.saturating_add(MAGIC.len() + 4 + 3 * 8)
    }
}

/// Samples of a trace after so many steps.
fn samples(step: u64) -> usize {
    usize::try_from(step).unwrap_or(usize::MAX).saturating_add(1)
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], WaveError> {
        match self.bytes.split_at_checked(count) {
            Some((taken, rest)) => {
                self.bytes = rest;
                Ok(taken)
            }
            None => refuse(CheckpointProblem::NotACheckpoint),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], WaveError> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }
}

fn refuse<R>(reason: CheckpointProblem) -> Result<R, WaveError> {
    Err(WaveError::Checkpoint { reason })
}

/// Tells models, time steps and precisions apart.
fn fingerprint<T: Real>(model: &Model, dt: f64) -> u64 {
    let mut numbers: Vec<f64> = vec![T::BYTES as f64, dt, model.order().number() as f64];
    let grid = model.grid();
    numbers.push(grid.dims() as f64);
    numbers.extend(grid.cells().iter().map(|cells| *cells as f64));
    numbers.push(grid.spacing());
    numbers.extend(grid.origin());
    numbers.extend(model.sides().iter().flatten().flat_map(side_numbers));
    match &model.medium().0 {
        Kind::Constant { density, bulk_modulus } => numbers.extend([*density, *bulk_modulus]),
        Kind::PerCell { density, bulk_modulus, .. } => {
            numbers.extend(density.iter().chain(bulk_modulus.iter()))
        }
    }
    for source in model.sources() {
        numbers.extend(source.position.iter().map(|coordinate| coordinate.unwrap_or(f64::INFINITY)));
        let wavelet = source.wavelet.numbers();
        numbers.push(wavelet.len() as f64);
        numbers.extend(wavelet);
    }
    numbers.push(model.receivers().len() as f64);
    numbers.extend(model.receivers().iter().flatten());
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    checksum(&bytes)
}

fn side_numbers(side: &Side) -> [f64; 6] {
    match side {
        Side::Periodic => [0.0; 6],
        Side::Rigid => [1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        Side::PressureRelease => [2.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        Side::Absorbing(layer) => {
            [3.0, layer.cells as f64, layer.reflection, layer.power, layer.stretch, layer.shift_frequency]
        }
    }
}
