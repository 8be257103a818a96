//! Some neurons that are stepped together, and what happens to them in between.

use crate::input::{Mixture, Train};
use crate::integrators::{LARGE_JUMP_MV, crank_nicolson_gates_among};
use crate::population::kernel::{GateStep, Group, Hit, LANES, REFERENCE_MV, VoltageStep};
use crate::population::plan::Plan;
use crate::population::precision::Precision;
use crate::population::synapses::{Channel, SynapseStep};
use crate::spikes::{CrossedStep, Spike};
use crate::state::State;
use crate::time::locate;

/// Input is drawn for this many steps at once, from multiples of it on.
pub(crate) const WINDOW: u64 = SLOTS as u64;
/// Steps that the calendar of uncoupled neurons has.
pub(crate) const SLOTS: usize = 64;

/// An arrival: at a delta synapse `kind` 0, else at channel `kind - 1`. See [`crate::population::synapses::Response`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Event {
    pub lane: u32,
    pub kind: u32,
    pub first: f64,
    pub second: f64,
    pub third: f64,
}

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
    /// Arrivals of the step with that number, modulo its length.
    pub calendar: Vec<Vec<Event>>,
    /// Jumps in the latter half of the step before, which the gates have yet to see.
    pub late: Vec<Event>,
    pub failure: Option<Failure>,
    /// What the last chunk brought.
    pub spikes: Vec<Spike>,
    pub samples: Vec<f64>,
    /// Lanes that are sampled.
    pub sampled: Vec<u32>,
    hits: Vec<Hit<T>>,
    /// Jumps that will be late in the next step.
    later: Vec<Event>,
    /// Where V was before each jump of the step.
    before: Vec<(u32, T)>,
    /// Lanes that a jump may have made spike.
    restless: Vec<u32>,
    /// Lanes with a large jump, and their gates.
    leapers: Vec<(u32, [T; 3])>,
}

impl<T: Precision> Block<T> {
    pub fn new(first: usize, count: usize, groups: Vec<Group<T>>, slots: usize) -> Self {
        Self {
            first,
            count,
            groups,
            channels: Vec::new(),
            trains: Vec::new(),
            calendar: vec![Vec::new(); slots],
            late: Vec::new(),
            failure: None,
            spikes: Vec::new(),
            samples: Vec::new(),
            sampled: Vec::new(),
            hits: Vec::new(),
            later: Vec::new(),
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

    /// Puts the arrivals before step `until` into the calendar.
    fn draw_input(&mut self, plan: &Plan<T>, until: u64) {
        let slots = self.calendar.len() as u64;
        for (lane, train) in self.trains.iter_mut().enumerate() {
            let mixture: &Mixture = plan.mixture(self.first + lane);
            while train.next_ms() * plan.steps_per_ms < until as f64 {
                let (time_ms, chosen) = train.take(mixture);
                if let Some((_, weight)) = chosen {
                    let (step, offset) = locate(time_ms, plan.steps_per_ms);
                    let event =
                        Event { lane: index32(lane), kind: 0, first: offset, second: weight, third: 0.0 };
                    self.calendar[slot(step, slots)].push(event);
                }
            }
        }
    }

    fn step(&mut self, plan: &Plan<T>, step: u64) {
        let slot = slot(step, self.calendar.len() as u64);
        let mut events = std::mem::take(&mut self.calendar[slot]);
        if plan.is_sampled(step) {
            for &lane in &self.sampled {
                self.samples.push(self.v_mv(lane));
            }
        }
        self.step_gates(plan, step, &events);
        if !self.channels.is_empty() {
            self.step_synapses(&events);
        }
        self.step_voltages(plan, step, &events);
        events.clear();
        self.calendar[slot] = events;
    }

    /// The gates. Their step reaches from the middle of the last step of V to the middle of this one; they see the mean
    /// V of theirs, or where a jump is large the mean of the rates.
    fn step_gates(&mut self, plan: &Plan<T>, step: u64, events: &[Event]) {
        let mut later = std::mem::take(&mut self.later);
        for index in 0..self.late.len() {
            self.nudge(&self.late[index].clone());
        }
        for event in events.iter().filter(|event| event.kind == 0) {
            if event.first < 0.5 {
                self.nudge(event);
            } else {
                later.push(*event);
            }
        }
        T::gates(GateStep { gates: plan.gates(step), groups: &mut self.groups });
        for &(lane, v) in self.before.iter().rev() {
            self.groups[lane as usize / LANES].v[lane as usize % LANES] = v;
        }
        while let Some((lane, gates)) = self.leapers.pop() {
            self.step_leaper(plan, step, events, lane, gates);
        }
        std::mem::swap(&mut self.late, &mut later);
        later.clear();
        self.later = later;
    }

    /// Shows the gates the mean V of their step.
    #[inline]
    fn nudge(&mut self, event: &Event) {
        let (group, within) = (&mut self.groups[event.lane as usize / LANES], event.lane as usize % LANES);
        let v = group.v[within];
        self.before.push((event.lane, v));
        group.v[within] = T::of(v.wide() - event.second * (event.first - 0.5));
        if event.second.abs() >= LARGE_JUMP_MV {
            self.leapers.push((event.lane, [group.m[within], group.h[within], group.n[within]]));
        }
    }

    /// The gates of one neuron again, among its jumps.
    fn step_leaper(&mut self, plan: &Plan<T>, step: u64, events: &[Event], lane: u32, gates: [T; 3]) {
        let late = self.late.iter().map(|event| (event, -0.5));
        let early =
            events.iter().filter(|event| event.kind == 0 && event.first < 0.5).map(|event| (event, 0.5));
        let own = late.chain(early).filter(|(event, _)| event.lane == lane);
        let mut jumps: Vec<_> = own.map(|(event, shift)| (event.first + shift, event.second)).collect();
        jumps.sort_by(|a, b| a.0.total_cmp(&b.0));
        let [m, h, n] = gates.map(|gate| gate.wide());
        let state = State { v_mv: self.v_mv(lane), m, h, n };
        let gates_ms = if step == 0 { 0.5 * plan.dt_ms } else { plan.dt_ms };
        let jumps = jumps.iter().copied();
        let after = crank_nicolson_gates_among(&plan.membrane, &state, state.v_mv, gates_ms, jumps);
        let (group, within) = (&mut self.groups[lane as usize / LANES], lane as usize % LANES);
        (group.m[within], group.h[within], group.n[within]) =
            (T::of(after.m), T::of(after.h), T::of(after.n));
    }

    fn step_synapses(&mut self, events: &[Event]) {
        for event in events.iter().filter(|event| event.kind > 0) {
            let channel = &mut self.channels[event.kind as usize - 1];
            let fresh = &mut channel.groups[event.lane as usize / LANES].fresh[event.lane as usize % LANES];
            *fresh = T::of(fresh.wide() + event.first);
        }
        T::synapses(SynapseStep { channels: &mut self.channels, groups: &mut self.groups });
        for event in events.iter().filter(|event| event.kind > 0) {
            let channel = &mut self.channels[event.kind as usize - 1];
            let (group, lane) =
                (&mut channel.groups[event.lane as usize / LANES], event.lane as usize % LANES);
            group.value[lane] = T::of(group.value[lane].wide() + event.second);
            group.feed[lane] = T::of(group.feed[lane].wide() + event.third);
        }
    }

    fn step_voltages(&mut self, plan: &Plan<T>, step: u64, events: &[Event]) {
        // With those that the gates were shown, where V was before every jump.
        for event in events.iter().filter(|event| event.kind == 0 && event.first >= 0.5) {
            let v = self.groups[event.lane as usize / LANES].v[event.lane as usize % LANES];
            self.before.push((event.lane, v));
        }
        let shared = plan.shared_mv(step);
        let (membranes, has_synapses) = (&plan.membranes, !self.channels.is_empty());
        let (groups, hits) = (&mut self.groups[..], &mut self.hits);
        T::voltage(VoltageStep { membranes, shared: T::of(shared), has_synapses, groups, hits });
        for event in events.iter().filter(|event| event.kind == 0) {
            let (group, within) =
                (&mut self.groups[event.lane as usize / LANES], event.lane as usize % LANES);
            let jump =
                event.second * decayed(plan.half_conductance(group, within, has_synapses), event.first);
            let v = group.v[within].wide() + jump;
            group.v[within] = T::of(v);
            if !plan.is_quiet(group.v[within].wide() + REFERENCE_MV, group.side[within].wide() > 0.0) {
                self.restless.push(event.lane);
            }
        }
        if !self.hits.is_empty() || !self.restless.is_empty() {
            self.settle(plan, step, shared, events);
        }
        self.before.clear();
    }

    /// Looks at the neurons that may have crossed.
    fn settle(&mut self, plan: &Plan<T>, step: u64, shared: f64, events: &[Event]) {
        let jumped = |lane: u32| events.iter().any(|event| event.kind == 0 && event.lane == lane);
        while let Some(hit) = self.hits.pop() {
            let mut mask = hit.mask;
            while mask != 0 {
                let within = mask.trailing_zeros() as usize;
                mask &= mask - 1;
                let lane = index32(hit.group * LANES + within);
                if !jumped(lane) {
                    self.examine(plan, step, shared, (lane, hit.before[within]), &[]);
                }
            }
        }
        while let Some(lane) = self.restless.pop() {
            let own = events.iter().filter(|event| event.kind == 0 && event.lane == lane);
            let mut jumps: Vec<_> = own.map(|event| (event.first, event.second)).collect();
            jumps.sort_by(|a, b| a.0.total_cmp(&b.0));
            // The first entry of a neuron is from before it was shown anything else.
            if let Some((_, before)) = self.before.iter().copied().find(|(other, _)| *other == lane) {
                self.examine(plan, step, shared, (lane, before), &jumps);
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

#[expect(clippy::cast_possible_truncation, reason = "a remainder of a length")]
pub(crate) fn slot(step: u64, slots: u64) -> usize {
    (step % slots) as usize
}

#[expect(clippy::cast_possible_truncation, reason = "lanes of a block are few")]
pub(crate) fn index32(lane: usize) -> u32 {
    lane as u32
}
