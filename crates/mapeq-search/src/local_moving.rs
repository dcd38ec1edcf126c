//! Local moving: units join the neighbouring module that lowers the objective most, until none wants to move.
//!
//! A work queue instead of sweeps (Traag, Waltman & van Eck, Sci. Rep. 2019, doi:10.1038/s41598-019-41695-z): only
//! units whose neighbourhood changed are visited again.

use mapeq_core::{LinkValues, Objective, PerLink, SameForAll, Values, prefetch};

use crate::assignment::Assignment;
use crate::monitor::Monitor;
use crate::queue::Queue;
use crate::units::Units;

/// The smallest decrease of the objective that a move is made for, in bits. A thousand times the rounding error
/// of a change (about 10⁻¹⁵), so that no two states can follow each other for ever.
pub const MIN_GAIN: f64 = 1e-12;

/// A stop request is looked for once in so many visits.
const VISITS_BETWEEN_CHECKS: u32 = 1 << 14;

/// Of more units than this the modules are not in the caches when a visit looks them up, unless they are asked for before.
const UNITS_IN_CACHE: usize = 1 << 17;

/// The modules of neighbours are fetched so many visits before they are needed.
const MODULES_AHEAD: usize = 2;

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
    /// For each of these, at least how much the objective would change.
    bounds: Vec<f64>,
    /// Modules that the objective proposes besides.
    proposed: Vec<u32>,
    queue: Queue,
}

impl Mover {
    /// Moves units until none of those in question wants to move: at first `waiting`, in the given order, then also
    /// those that a move concerns.
    pub fn run<O: Objective>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        assignment: &mut Assignment<O>,
        waiting: impl IntoIterator<Item = u32>,
        monitor: &dyn Monitor,
    ) -> Moved {
        self.coupling.resize(units.len().max(self.coupling.len()), 0.0);
        let most_neighbours = (0..units.len()).map(|unit| units.couplings.degree(unit)).max().unwrap_or(0);
        self.near.resize(self.near.len().max(most_neighbours + 1), 0);
        self.bounds.resize(self.near.len(), 0.0);
        self.queue.fill(units.len(), waiting);
        // Which kind of values the links have is decided here, outside the loop.
        match units.couplings.values() {
            LinkValues::Same(value) => self.drain(objective, units, assignment, SameForAll(*value), monitor),
            LinkValues::Each(values) => self.drain(objective, units, assignment, PerLink(values), monitor),
        }
    }

    fn drain<O: Objective, V: Values>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        assignment: &mut Assignment<O>,
        values: V,
        monitor: &dyn Monitor,
    ) -> Moved {
        let far = units.len() > UNITS_IN_CACHE;
        let targets = units.couplings.targets();
        let coupling = &mut self.coupling[..];
        let near = &mut self.near[..];
        let bounds = &mut self.bounds[..];
        let mut moved = Moved::default();
        let mut visits = 0u32;
        while let Some(unit) = self.queue.pop() {
            visits = visits.wrapping_add(1);
            if visits.is_multiple_of(VISITS_BETWEEN_CHECKS) && monitor.stop_requested() {
                self.queue.clear();
                break;
            }
            units.couplings.prefetch(|ahead| self.queue.peek(ahead));
            if far {
                fetch_ahead(objective, units, assignment, &self.queue, coupling);
            }
            let links = units.couplings.range(unit);
            moved.links += links.len() as u64;
            let row = (links.start, &targets[links.clone()]);
            let met = meet(row, values, assignment.modules(), coupling, near);
            let near = &near[..met];

            let old = assignment.module(unit);
            let alone = assignment.size(old) == 1;
            let state = assignment.state();
            let leave = objective.leave(units.level, state, unit, old, coupling[old], alone);
            let mut best = old;
            let mut best_delta = -MIN_GAIN;
            let mut consider = |module: usize, coupling: f64, at_least: f64| {
                if at_least < best_delta {
                    let delta = objective.delta(units.level, state, unit, &leave, module, coupling);
                    if delta < best_delta {
                        best_delta = delta;
                        best = module;
                    }
                }
            };
            // The most promising module first: mostly it is the best, and by its bound no other can be better.
            let at_least =
                |module, coupling| objective.delta_at_least(units.level, state, unit, &leave, module, coupling);
            let (mut first, mut least) = (0, f64::INFINITY);
            for (place, (&module, bound)) in near.iter().zip(&mut *bounds).enumerate() {
                let module = module as usize;
                *bound = if module == old { f64::INFINITY } else { at_least(module, coupling[module]) };
                (first, least) = if *bound < least { (place, *bound) } else { (first, least) };
            }
            if least < -MIN_GAIN {
                let module = near[first] as usize;
                consider(module, coupling[module], least);
                bounds[first] = f64::INFINITY;
                for (&module, &bound) in near.iter().zip(&*bounds) {
                    consider(module as usize, coupling[module as usize], bound);
                }
            }
            objective.candidates(units.level, state, unit, |module| self.proposed.push(module as u32));
            for module in self.proposed.drain(..) {
                let (module, coupling) = (module as usize, coupling[module as usize]);
                if module != old {
                    consider(module, coupling, at_least(module, coupling));
                }
            }
            if !alone && let Some(empty) = assignment.empty_module() {
                consider(empty, 0.0, at_least(empty, 0.0));
            }
            if best != old {
                assignment.relocate(objective, units.level, unit, &leave, best, coupling[best]);
                moved.moves += 1;
                moved.gain -= best_delta;
                for &other in row.1 {
                    self.queue.push_if(other, assignment.module(other as usize) != best);
                }
            }
            for &module in near {
                coupling[module as usize] = 0.0;
            }
        }
        moved
    }
}

/// Asks for what the visits after the next ones will look up: the modules of the neighbours, then what is known of these.
#[inline(always)]
fn fetch_ahead<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    assignment: &Assignment<O>,
    queue: &Queue,
    coupling: &[f64],
) {
    let neighbours = |row: u32| &units.couplings.targets()[units.couplings.range(row as usize)];
    if let Some(row) = queue.peek(MODULES_AHEAD) {
        for &other in neighbours(row) {
            prefetch(assignment.modules(), other as usize);
        }
    }
    if let Some(row) = queue.peek(0) {
        for &other in neighbours(row) {
            let module = assignment.module(other as usize);
            prefetch(coupling, module);
            objective.prefetch(assignment.state(), module);
        }
    }
}

/// Adds up the couplings of a unit to the modules of its neighbours; returns how many modules it met, and puts them at the
/// beginning of `near`. Without branches on whether a module has been met: they would be mispredicted half of the time.
///
/// Not inlined: among the variables of the caller's loop its own would not stay in registers.
#[inline(never)]
fn meet<V: Values>(
    (first, targets): (usize, &[u32]),
    values: V,
    modules: &[u32],
    coupling: &mut [f64],
    near: &mut [u32],
) -> usize {
    let mut met = 0;
    for (place, &other) in targets.iter().enumerate() {
        let module = modules[other as usize];
        let sum = &mut coupling[module as usize];
        near[met] = module;
        met += usize::from(sum.to_bits() == 0);
        *sum += values.at(first + place);
    }
    met
}
