//! Local moving: units join the neighbouring module that lowers the objective most, until none wants to move.
//!
//! A work queue instead of sweeps (Traag, Waltman & van Eck, Sci. Rep. 2019, doi:10.1038/s41598-019-41695-z): only
//! units whose neighbourhood changed are visited again.

use std::collections::VecDeque;

use mapeq_core::{LinkValues, Objective, PerLink, SameForAll, Values};

use crate::assignment::Assignment;
use crate::monitor::Monitor;
use crate::units::Units;

/// The smallest decrease of the objective that a move is made for, in bits. A thousand times the rounding error
/// of a change (about 10⁻¹⁵), so that no two states can follow each other for ever.
pub const MIN_GAIN: f64 = 1e-12;

/// A stop request is looked for once in so many visits.
const VISITS_BETWEEN_CHECKS: u32 = 1 << 14;

/// Which units may be in a module together.
pub trait Reach: Sync {
    /// Whether a unit may found a module of its own again.
    const MAY_LEAVE: bool;
    /// Whether two coupled units may be in the same module.
    fn together(&self, unit: usize, other: usize) -> bool;
}

/// Every unit may join every module.
#[derive(Clone, Copy, Debug)]
pub struct Anywhere;

impl Reach for Anywhere {
    const MAY_LEAVE: bool = true;

    #[inline(always)]
    fn together(&self, _unit: usize, _other: usize) -> bool {
        true
    }
}

/// Only units with the same label may be together: every labelled group is divided on its own.
#[derive(Clone, Copy, Debug)]
pub struct Within<'a>(pub &'a [u32]);

impl Reach for Within<'_> {
    const MAY_LEAVE: bool = false;

    #[inline(always)]
    fn together(&self, unit: usize, other: usize) -> bool {
        self.0[unit] == self.0[other]
    }
}

/// What local moving did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moved {
    /// Number of moves.
    pub moves: usize,
    /// Decrease of the objective, in bits; not negative.
    pub gain: f64,
    /// Number of links looked at: the work done, independent of the machine.
    pub links: u64,
}

impl std::ops::AddAssign for Moved {
    fn add_assign(&mut self, other: Self) {
        self.moves += other.moves;
        self.gain += other.gain;
        self.links += other.links;
    }
}

/// The buffers of local moving, kept from one call to the next.
#[derive(Debug, Default)]
pub struct Mover {
    /// Coupling of the visited unit to each module; 0 between visits.
    coupling: Vec<f64>,
    /// Modules that the visited unit is coupled to, then one place that is always free.
    near: Vec<u32>,
    /// Modules that the objective proposes besides.
    proposed: Vec<u32>,
    queue: VecDeque<u32>,
    queued: Vec<bool>,
}

impl Mover {
    /// Moves units until none of those in question wants to move: at first `waiting`, in the given order, then also
    /// those that a move concerns.
    pub fn run<O: Objective, R: Reach>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        assignment: &mut Assignment<O>,
        waiting: impl IntoIterator<Item = u32>,
        reach: &R,
        monitor: &dyn Monitor,
    ) -> Moved {
        self.coupling.resize(units.len().max(self.coupling.len()), 0.0);
        self.queued.resize(units.len().max(self.queued.len()), false);
        let most_neighbours = (0..units.len()).map(|unit| units.couplings.degree(unit)).max().unwrap_or(0);
        self.near.resize(self.near.len().max(most_neighbours + 1), 0);
        self.queue.clear();
        self.queue.extend(waiting);
        for &unit in &self.queue {
            self.queued[unit as usize] = true;
        }
        // Which kind of values the links have is decided here, outside the loop.
        match units.couplings.values() {
            LinkValues::Same(value) => self.drain(objective, units, assignment, reach, SameForAll(*value), monitor),
            LinkValues::Each(values) => self.drain(objective, units, assignment, reach, PerLink(values), monitor),
        }
    }

    fn drain<O: Objective, R: Reach, V: Values>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        assignment: &mut Assignment<O>,
        reach: &R,
        values: V,
        monitor: &dyn Monitor,
    ) -> Moved {
        let targets = units.couplings.targets();
        let coupling = &mut self.coupling[..];
        let near = &mut self.near[..];
        let mut moved = Moved::default();
        let mut visits = 0u32;
        while let Some(unit) = self.queue.pop_front() {
            let unit = unit as usize;
            self.queued[unit] = false;
            visits = visits.wrapping_add(1);
            if visits.is_multiple_of(VISITS_BETWEEN_CHECKS) && monitor.stop_requested() {
                for unit in self.queue.drain(..) {
                    self.queued[unit as usize] = false;
                }
                break;
            }
            units.couplings.prefetch(|ahead| self.queue.get(ahead).copied());
            let links = units.couplings.range(unit);
            moved.links += links.len() as u64;
            let met = meet(links.clone(), targets, values, assignment.modules(), unit, reach, coupling, near);

            let old = assignment.module(unit);
            let alone = assignment.size(old) == 1;
            let leave = objective.leave(units.level, assignment.state(), unit, old, coupling[old], alone);
            let mut best = old;
            let mut best_delta = -MIN_GAIN;
            let mut consider = |module: usize, coupling: f64| {
                let delta = objective.delta(units.level, assignment.state(), unit, &leave, module, coupling);
                if delta < best_delta {
                    best_delta = delta;
                    best = module;
                }
            };
            for &module in &near[..met] {
                if module as usize != old {
                    consider(module as usize, coupling[module as usize]);
                }
            }
            objective.candidates(units.level, assignment.state(), unit, |module| self.proposed.push(module as u32));
            for module in self.proposed.drain(..) {
                if module as usize != old {
                    consider(module as usize, coupling[module as usize]);
                }
            }
            if R::MAY_LEAVE
                && !alone
                && let Some(empty) = assignment.empty_module()
            {
                consider(empty, 0.0);
            }
            if best != old {
                assignment.relocate(objective, units.level, unit, &leave, best, coupling[best]);
                moved.moves += 1;
                moved.gain -= best_delta;
                for link in links {
                    let other = targets[link] as usize;
                    if assignment.module(other) != best && !self.queued[other] && reach.together(unit, other) {
                        self.queued[other] = true;
                        self.queue.push_back(other as u32);
                    }
                }
            }
            for &module in &near[..met] {
                coupling[module as usize] = 0.0;
            }
        }
        moved
    }
}

/// Adds up the couplings of `unit` to the modules of its neighbours; returns how many modules it met, and puts them at the
/// beginning of `near`. Without branches on whether a module has been met: they would be mispredicted half of the time.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn meet<R: Reach, V: Values>(
    links: std::ops::Range<usize>,
    targets: &[u32],
    values: V,
    modules: &[u32],
    unit: usize,
    reach: &R,
    coupling: &mut [f64],
    near: &mut [u32],
) -> usize {
    let mut met = 0;
    for link in links {
        let other = targets[link] as usize;
        if !reach.together(unit, other) {
            continue;
        }
        let module = modules[other];
        let sum = &mut coupling[module as usize];
        near[met] = module;
        met += usize::from(*sum == 0.0);
        *sum += values.at(link);
    }
    met
}
