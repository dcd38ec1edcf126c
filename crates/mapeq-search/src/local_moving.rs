//! Local moving: units join the neighbouring module that lowers the objective most, until none wants to move.
//!
//! A work queue instead of sweeps (Traag, Waltman & van Eck, Sci. Rep. 2019, doi:10.1038/s41598-019-41695-z): only
//! units whose neighbourhood changed are visited again.

use rand::Rng;

use mapeq_core::{Objective, Values, resolve_values};

use crate::assignment::Assignment;
use crate::batches::{COUPLINGS_FOR_BATCHES, drain_in_batches};
use crate::monitor::Monitor;
use crate::queue::Queue;
use crate::random::Random;
use crate::revisits::Revisits;
use crate::units::Units;
use crate::visit::{Visitor, Wish};

/// The smallest decrease of the objective that a move is made for, in bits. A thousand times the rounding error
/// of a change (about 10⁻¹⁵), so that no two states can follow each other for ever.
pub const MIN_GAIN: f64 = 1e-12;

/// Local moving ends after so many visits per unit, whatever happens: units may go to and fro for ever where an objective's values are
/// so large that their rounding errors exceed [`MIN_GAIN`]. Else it takes ten.
const VISITS_AT_MOST: u64 = 1000;

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

/// How far local moving goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MoveOptions {
    /// Local moving ends after so many visits per unit that waits at first; `None`: when no unit wants to move.
    pub most_visits: Option<u32>,
    /// A climb ends after so many levels; `None`: when no level moves.
    pub most_levels: Option<u32>,
    /// A unit also tries the modules of so many units drawn at random,
    pub random_candidates: u32,
    /// … if it has no more neighbours than this.
    pub most_neighbours_for_random: u32,
}

/// The buffers of local moving, kept from one call to the next.
#[derive(Debug, Default)]
pub struct Mover {
    visitor: Visitor,
    queue: Queue,
    options: MoveOptions,
}

/// What moves and where to, as it is passed around.
pub(crate) struct Scene<'a, O: Objective, V> {
    pub objective: &'a O,
    pub units: Units<'a, O>,
    pub assignment: &'a mut Assignment<O>,
    pub values: V,
    pub moved: Moved,
    /// Visits until local moving ends.
    pub visits_left: u64,
    /// What has moved around units, where not every move is worth a visit.
    pub revisits: Option<Revisits>,
}

impl Mover {
    /// A mover with these options. Only where units are drawn at random it needs random numbers.
    pub fn new(options: MoveOptions, random: &mut Random) -> Self {
        let mut mover = Self::default();
        mover.restart(options, random);
        mover
    }

    /// The same buffers for a mover with these options.
    pub fn restart(&mut self, options: MoveOptions, random: &mut Random) {
        self.options = options;
        if options.random_candidates > 0 {
            let seed = random.next_u64();
            self.visitor.draw(options.random_candidates, options.most_neighbours_for_random, seed);
        }
    }

    /// How far it goes.
    pub fn options(&self) -> MoveOptions {
        self.options
    }

    /// Moves units until none of those in question wants to move: at first `waiting`, in the given order, then also
    /// those that a move concerns. Of more than 8·10⁶ couplings, 256 or more per unit, those that it hardly concerns wait for more of
    /// that, or for another call.
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
        self.run_or_draft(objective, units, assignment, waiting, false, monitor)
    }

    /// The same, or, if it is a `draft` from single units that others go on with, less thorough: those that a move hardly concerns
    /// wait for more where couplings are not quite so many.
    pub(crate) fn run_or_draft<O: Objective>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        assignment: &mut Assignment<O>,
        waiting: impl IntoIterator<Item = u32>,
        draft: bool,
        monitor: &dyn Monitor,
    ) -> Moved {
        let listed = units.couplings.listed();
        let most_neighbours = (0..units.len()).map(|unit| listed.degree(unit)).max().unwrap_or(0);
        self.visitor.fit(assignment.slots(), most_neighbours);
        let frozen = units.rules.map_or(&[][..], |rules| rules.frozen());
        self.queue.fill(units.len(), frozen, waiting);
        let moved = Moved::default();
        let most_visits = self.options.most_visits.map_or(u64::MAX, |most| u64::from(most) * self.queue.len() as u64);
        let visits_left = most_visits.min(VISITS_AT_MOST * units.len() as u64);
        let revisits = Revisits::new(units.couplings, self.queue.len(), draft);
        // Which kind of values the links have is decided here, outside the loop.
        resolve_values!(units.couplings.listed().values(), values => {
            let scene = Scene { objective, units, assignment, values, moved, visits_left, revisits };
            self.drain(scene, monitor)
        })
    }

    fn drain<O: Objective, V: Values>(&mut self, mut scene: Scene<'_, O, V>, monitor: &dyn Monitor) -> Moved {
        if scene.units.couplings.links() >= COUPLINGS_FOR_BATCHES {
            drain_in_batches(&mut scene, &mut self.queue, &mut self.visitor, monitor);
        }
        let mut visits = 0u32;
        while let Some(unit) = self.queue.pop() {
            visits = visits.wrapping_add(1);
            let stop = visits.is_multiple_of(VISITS_BETWEEN_CHECKS) && monitor.stop_requested();
            if stop || scene.visits_left == 0 {
                self.queue.clear();
                break;
            }
            scene.visits_left -= 1;
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
        self.forget_moves_around(unit);
        let (objective, units, values) = (self.objective, self.units, self.values);
        let ahead = |visits| queue.peek(visits);
        if let Some(wish) = visitor.wish(objective, units, self.assignment, values, unit, ahead) {
            self.fulfil(unit, &wish, queue);
        }
    }

    /// What has moved around `unit` until now has no effect any more: it is asked.
    #[inline(always)]
    pub fn forget_moves_around(&mut self, unit: usize) {
        if let Some(revisits) = &mut self.revisits {
            revisits.visited(unit);
        }
    }

    /// Makes the move of `unit` that `wish` tells.
    #[inline(always)]
    pub fn fulfil(&mut self, unit: usize, wish: &Wish<O>, queue: &mut Queue) {
        self.assignment.relocate(self.objective, self.units, unit, &wish.leave, wish.module, wish.coupling);
        self.moved.moves += 1;
        self.moved.gain -= wish.delta;
        let (couplings, assignment) = (self.units.couplings, &*self.assignment);
        let elsewhere = |other: usize| assignment.module(other) != wish.module;
        if let Some(revisits) = &mut self.revisits {
            couplings.row(unit).for_each(|(other, coupling)| {
                queue.push_if(other as u32, elsewhere(other) && revisits.is_worth(other, coupling));
            });
            return;
        }
        let listed = couplings.listed();
        for &other in &listed.targets()[listed.range(unit)] {
            queue.push_if(other, elsewhere(other as usize));
        }
        if let Some(factored) = couplings.factored() {
            factored.row(unit).for_each(|(other, _)| queue.push_if(other as u32, elsewhere(other)));
        }
    }
}
