//! Some neurons that are stepped together, and what happens to them in between.

use crate::input::{Mixture, Train};
use crate::integrators::{LARGE_JUMP_MV, crank_nicolson_gates_among};
use crate::population::calendar::Calendar;
use crate::population::jumps::{Jump, Jumps, StepJumps, half_of};
use crate::population::kernel::{GateStep, Group, Hit, LANES, REFERENCE_MV, VoltageStep};
use crate::population::plan::Plan;
use crate::population::precision::Precision;
use crate::population::synapses::{Arrival, Channel, SynapseStep};
use crate::spikes::{CrossedStep, Spike};
use crate::state::State;

/// Input is drawn for this many steps at once, from multiples of it on.
pub(crate) const WINDOW: u64 = SLOTS as u64;
/// Steps that the calendars of uncoupled neurons have.
pub(crate) const SLOTS: usize = 256;

/// Why and when a block stopped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Failure {
    pub step: u64,
    pub neuron: usize,
    pub v_mv: f64,
}

/// Neurons `first..first + count` and everything that is theirs.
#[derive(Debug, Clone)]
pub(crate) struct Block<T> {
    pub first: usize,
    pub count: usize,
    pub groups: Vec<Group<T>>,
    pub channels: Vec<Channel<T>>,
    /// One per neuron, or none at all.
    pub trains: Vec<Train>,
    pub jumps: Jumps,
    /// What arrives at the channels, by steps.
    pub arrivals: Calendar<Arrival>,
    arrived: Vec<Arrival>,
    pub failure: Option<Failure>,
    /// What the last chunk brought.
    pub spikes: Vec<Spike>,
    pub samples: Vec<f64>,
    /// Lanes that are sampled.
    pub sampled: Vec<u32>,
    hits: Vec<Hit<T>>,
    /// Where V was before each jump of the step: those of [`StepJumps::shown`], then the late ones.
    before: Vec<T>,
    /// Lanes that a jump may have made spike.
    restless: Vec<u32>,
    /// Lanes with a large jump, and their gates.
    leapers: Vec<(u32, [T; 3])>,
}

impl<T: Precision> Block<T> {
    pub fn new(first: usize, count: usize, groups: Vec<Group<T>>, steps: usize) -> Self {
        Self {
            first,
            count,
            groups,
            channels: Vec::new(),
            trains: Vec::new(),
            jumps: Jumps::new(steps),
            arrivals: Calendar::new(steps),
            arrived: Vec::new(),
            failure: None,
            spikes: Vec::new(),
            samples: Vec::new(),
            sampled: Vec::new(),
            hits: Vec::new(),
            before: Vec::new(),
            restless: Vec::new(),
            leapers: Vec::new(),
        }
    }

    /// Steps `from..until`.
    pub fn advance(&mut self, plan: &Plan<T>, from: u64, until: u64) {
        for step in from..until {
            if step.is_multiple_of(WINDOW) {
                self.draw_input(plan, step + WINDOW);
            }
            self.step(plan, step);
            if self.failure.is_some() {
                return;
            }
        }
    }

    /// Enters the arrivals before step `until`.
    fn draw_input(&mut self, plan: &Plan<T>, until: u64) {
        for (lane, train) in self.trains.iter_mut().enumerate() {
            let mixture: &Mixture = plan.mixture(self.first + lane);
            while train.next_ms() * plan.steps_per_ms < until as f64 {
                let (time_ms, chosen) = train.take(mixture);
                if let Some((_, weight_mv)) = chosen {
                    let (half, offset) = half_of(time_ms * plan.steps_per_ms);
                    self.jumps.enter(half, Jump { lane: index32(lane), offset, weight_mv });
                }
            }
        }
    }

    fn step(&mut self, plan: &Plan<T>, step: u64) {
        if plan.is_sampled(step) {
            for &lane in &self.sampled {
                self.samples.push(self.v_mv(lane));
            }
        }
        let jumps = self.jumps.take(step);
        self.step_gates(plan, step, &jumps);
        if !self.channels.is_empty() {
            self.step_synapses(step);
        }
        self.step_voltages(plan, step, &jumps);
        self.jumps.pass(jumps);
    }

    /// The gates. Their step reaches from the middle of the last step of V to the middle of this one; they see the mean
    /// V of theirs, or where a jump is large the mean of the rates.
    fn step_gates(&mut self, plan: &Plan<T>, step: u64, jumps: &StepJumps) {
        for shown in [&jumps.passed, &jumps.early] {
            for jump in shown {
                let (group, within) = place(&mut self.groups, jump.lane);
                let v = group.v[within];
                self.before.push(v);
                group.v[within] = T::of(v.wide() - jump.weight_mv * (jump.offset - 0.5));
                if jump.weight_mv.abs() >= LARGE_JUMP_MV {
                    self.leapers.push((jump.lane, [group.m[within], group.h[within], group.n[within]]));
                }
            }
        }
        T::gates(GateStep { gates: plan.gates(step), groups: &mut self.groups });
        for (jump, v) in jumps.shown().rev().zip(self.before.iter().rev()) {
            let (group, within) = place(&mut self.groups, jump.lane);
            group.v[within] = *v;
        }
        if !self.leapers.is_empty() {
            self.step_leapers(plan, step, jumps);
        }
    }

    /// The gates of neurons with large jumps again, among these.
    fn step_leapers(&mut self, plan: &Plan<T>, step: u64, jumps: &StepJumps) {
        let passed = jumps.passed.iter().map(|jump| (jump.lane, jump.offset - 0.5, jump.weight_mv));
        let early = jumps.early.iter().map(|jump| (jump.lane, jump.offset + 0.5, jump.weight_mv));
        let mut all: Vec<_> = passed.chain(early).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let gates_ms = if step == 0 { 0.5 * plan.dt_ms } else { plan.dt_ms };
        while let Some((lane, gates)) = self.leapers.pop() {
            let first = all.partition_point(|jump| jump.0 < lane);
            let own = all[first..].iter().take_while(|jump| jump.0 == lane).map(|jump| (jump.1, jump.2));
            let [m, h, n] = gates.map(|gate| gate.wide());
            let state = State { v_mv: self.v_mv(lane), m, h, n };
            let after = crank_nicolson_gates_among(&plan.membrane, &state, state.v_mv, gates_ms, own);
            let (group, within) = place(&mut self.groups, lane);
            (group.m[within], group.h[within], group.n[within]) =
                (T::of(after.m), T::of(after.h), T::of(after.n));
        }
    }

    fn step_synapses(&mut self, step: u64) {
        let arrivals = self.arrivals.take(step, std::mem::take(&mut self.arrived));
        for arrival in &arrivals {
            let (group, within) = place(&mut self.channels[arrival.channel as usize].groups, arrival.lane);
            group.fresh[within] = T::of(group.fresh[within].wide() + arrival.response.mean);
        }
        T::synapses(SynapseStep { channels: &mut self.channels, groups: &mut self.groups });
        for arrival in &arrivals {
            let (group, within) = place(&mut self.channels[arrival.channel as usize].groups, arrival.lane);
            group.value[within] = T::of(group.value[within].wide() + arrival.response.value);
            group.feed[within] = T::of(group.feed[within].wide() + arrival.response.feed);
        }
        self.arrived = arrivals;
    }

    fn step_voltages(&mut self, plan: &Plan<T>, step: u64, jumps: &StepJumps) {
        for jump in &jumps.late {
            let (group, within) = place(&mut self.groups, jump.lane);
            self.before.push(group.v[within]);
        }
        let shared = plan.shared_mv(step);
        let (membranes, has_synapses) = (&plan.membranes, !self.channels.is_empty());
        let (groups, hits) = (&mut self.groups[..], &mut self.hits);
        T::voltage(VoltageStep { membranes, shared: T::of(shared), has_synapses, groups, hits });
        for acting in [&jumps.early, &jumps.late] {
            for jump in acting {
                let (group, within) = place(&mut self.groups, jump.lane);
                let half = plan.half_conductance(group, within, has_synapses);
                let v = T::of(group.v[within].wide() + jump.weight_mv * decayed(half, jump.offset));
                group.v[within] = v;
                if !plan.is_quiet(v.wide() + REFERENCE_MV, group.side[within].wide() > 0.0) {
                    self.restless.push(jump.lane);
                }
            }
        }
        if !self.hits.is_empty() || !self.restless.is_empty() {
            self.settle(plan, step, shared, jumps);
        }
        self.before.clear();
    }

    /// Looks at the neurons that may have crossed.
    fn settle(&mut self, plan: &Plan<T>, step: u64, shared: f64, jumps: &StepJumps) {
        while let Some(hit) = self.hits.pop() {
            let mut mask = hit.mask;
            while mask != 0 {
                let within = mask.trailing_zeros() as usize;
                mask &= mask - 1;
                let lane = index32(hit.group * LANES + within);
                if jumps.acting().all(|jump| jump.lane != lane) {
                    self.examine(plan, step, shared, (lane, hit.before[within]), &[]);
                }
            }
        }
        while let Some(lane) = self.restless.pop() {
            // The first entry of a neuron is from before it was shown anything else.
            let mut all = jumps.shown().chain(&jumps.late).zip(&self.before);
            let first = all.find(|(jump, _)| jump.lane == lane).map(|(_, before)| *before);
            if let Some(before) = first {
                self.examine(plan, step, shared, (lane, before), &jumps.of(lane));
            }
        }
    }

    fn examine(
        &mut self,
        plan: &Plan<T>,
        step: u64,
        shared: f64,
        (lane, before): (u32, T),
        jumps: &[(f64, f64)],
    ) {
        if lane as usize >= self.count {
            return;
        }
        let (end_mv, armed) = (self.v_mv(lane), self.is_armed(lane));
        let (group, within) = (&mut self.groups[lane as usize / LANES], lane as usize % LANES);
        let neuron = self.first + lane as usize;
        let range = crate::state::PHYSICAL_RANGE_MV;
        if !(end_mv >= range.0 && end_mv <= range.1) {
            // The first of a step, whatever the order in which they are looked at.
            let failure = Failure { step, neuron, v_mv: end_mv };
            self.failure = Some(
                self.failure.map_or(failure, |other| if other.neuron < neuron { other } else { failure }),
            );
        } else if armed && end_mv >= plan.threshold.level_mv {
            group.side[within] = T::of(-1.0);
            let (m, h, n) = (group.m[within].wide(), group.h[within].wide(), group.n[within].wide());
            let middle = State { v_mv: before.wide() + REFERENCE_MV, m, h, n };
            let mut change = group.current[within].wide() + shared - plan.leak_mv;
            if !self.channels.is_empty() {
                let above = plan.threshold.level_mv - REFERENCE_MV;
                change += group.drive[within].wide() - group.conductance[within].wide() * above;
            }
            let current = change * plan.membrane.model.capacitance_uf_cm2 / plan.dt_ms;
            let crossed = CrossedStep { middle, end_mv, current, dt_ms: plan.dt_ms };
            let offset = crossed.offset(&plan.membrane, plan.threshold.level_mv, jumps);
            self.spikes.push(Spike::new(neuron, step, offset, plan.dt_ms));
        } else if !armed && end_mv < plan.threshold.rearm_mv {
            group.side[within] = T::of(1.0);
        }
    }

    pub fn v_mv(&self, lane: u32) -> f64 {
        self.groups[lane as usize / LANES].v[lane as usize % LANES].wide() + REFERENCE_MV
    }

    fn is_armed(&self, lane: u32) -> bool {
        self.groups[lane as usize / LANES].side[lane as usize % LANES].wide() > 0.0
    }
}

/// What is left at the end of a step of a jump at the fraction `offset`, z / 2 being `half`: the step of Crank and
/// Nicolson, `(1 + z (offset - 1/2)) / (1 + z / 2)`.
#[inline]
fn decayed(half: f64, offset: f64) -> f64 {
    (1.0 + half * (2.0 * offset - 1.0)) / (1.0 + half)
}

/// The group that a lane is in, and where.
#[inline]
fn place<G>(groups: &mut [G], lane: u32) -> (&mut G, usize) {
    (&mut groups[lane as usize / LANES], lane as usize % LANES)
}

#[expect(clippy::cast_possible_truncation, reason = "lanes of a block are few")]
pub(crate) fn index32(lane: usize) -> u32 {
    lane as u32
}
