//! Local moving: units join the neighbouring module that lowers the objective most, until none wants to move.
//!
//! A work queue instead of sweeps (Traag, Waltman & van Eck, Sci. Rep. 2019, doi:10.1038/s41598-019-41695-z): only
//! units whose neighbourhood changed are visited again.

use mapeq_core::{LinkValues, Objective, PerLink, SameForAll, Values};

use crate::assignment::Assignment;
use crate::batches::{COUPLINGS_FOR_BATCHES, drain_in_batches};
use crate::monitor::Monitor;
use crate::queue::Queue;
use crate::units::Units;
use crate::visit::{Visitor, Wish};

/// The smallest decrease of the objective that a move is made for, in bits. A thousand times the rounding error
/// of a change (about 10⁻¹⁵), so that no two states can follow each other for ever.
pub const MIN_GAIN: f64 = 1e-12;

/// A stop request is looked for once in so many visits.
const VISITS_BETWEEN_CHECKS: u32 = 1 << 14;

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
    visitor: Visitor,
    queue: Queue,
}

/// What moves and where to, as it is passed around.
pub(crate) struct Scene<'a, O: Objective, V> {
    pub objective: &'a O,
    pub units: Units<'a, O>,
    pub assignment: &'a mut Assignment<O>,
    pub values: V,
    pub moved: Moved,
}

impl Mover {
    /// Moves units until none of those in question wants to move: at first `waiting`, in the given order, then also
    /// those that a move concerns.
    ///
    /// In large networks units are asked in batches, in parallel, what they want, and get it in order.
    pub fn run<O: Objective>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        assignment: &mut Assignment<O>,
        waiting: impl IntoIterator<Item = u32>,
        monitor: &dyn Monitor,
    ) -> Moved {
        let most_neighbours = (0..units.len()).map(|unit| units.couplings.degree(unit)).max().unwrap_or(0);
        self.visitor.fit(units.len(), most_neighbours);
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
        let mut scene = Scene { objective, units, assignment, values, moved: Moved::default() };
        if units.couplings.links() >= COUPLINGS_FOR_BATCHES {
            drain_in_batches(&mut scene, &mut self.queue, &mut self.visitor, monitor);
        }
        let mut visits = 0u32;
        while let Some(unit) = self.queue.pop() {
            visits = visits.wrapping_add(1);
            if visits.is_multiple_of(VISITS_BETWEEN_CHECKS) && monitor.stop_requested() {
                self.queue.clear();
                break;
            }
            scene.visit(unit, &mut self.queue, &mut self.visitor);
        }
        scene.moved
    }
}

impl<O: Objective, V: Values> Scene<'_, O, V> {
    /// Lets `unit` move if it wants to, and its neighbours wait for a visit if it does.
    #[inline(always)]
    pub fn visit(&mut self, unit: usize, queue: &mut Queue, visitor: &mut Visitor) {
        self.moved.links += self.units.couplings.degree(unit) as u64;
        let (objective, units, values) = (self.objective, self.units, self.values);
        let ahead = |visits| queue.peek(visits);
        if let Some(wish) = visitor.wish(objective, units, self.assignment, values, unit, ahead) {
            self.fulfil(unit, &wish, queue);
        }
    }

    /// Makes the move of `unit` that `wish` tells.
    #[inline(always)]
    pub fn fulfil(&mut self, unit: usize, wish: &Wish<O>, queue: &mut Queue) {
        self.assignment.relocate(self.objective, self.units.level, unit, &wish.leave, wish.module, wish.coupling);
        self.moved.moves += 1;
        self.moved.gain -= wish.delta;
        for &other in &self.units.couplings.targets()[self.units.couplings.range(unit)] {
            queue.push_if(other, self.assignment.module(other as usize) != wish.module);
        }
    }
}
