//! Local moving: units join the neighbouring module that lowers the objective most, until none wants to move.
//!
//! A work queue instead of sweeps (Traag, Waltman & van Eck, Sci. Rep. 2019, doi:10.1038/s41598-019-41695-z): only
//! units whose neighbourhood changed are visited again.

use rand::Rng;

use mapeq_core::{Objective, Values, resolve_values};

use crate::levels::units::Units;
use crate::monitor::Monitor;
use crate::moving::assignment::Assignment;
use crate::moving::batches::{COUPLINGS_FOR_BATCHES, drain_in_batches};
use crate::moving::move_pass::{Moved, Scene};
use crate::moving::queue::Queue;
use crate::moving::revisits::Revisits;
use crate::moving::visit::Visitor;
use crate::options::MoveOptions;
use crate::random::Random;

/// Local moving ends after so many visits per unit, whatever happens: units may go to and fro for ever where an objective's values are
/// so large that their rounding errors exceed [`MIN_GAIN`]. Else it takes ten.
const MAX_VISITS_PER_UNIT: u64 = 1000;

/// A stop request is looked for once in so many visits.
const VISITS_BETWEEN_CHECKS: u32 = 1 << 14;

/// The buffers of local moving, kept from one call to the next.
#[derive(Debug, Default)]
pub struct Mover {
    visitor: Visitor,
    queue: Queue,
    options: MoveOptions,
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
            self.visitor.draw(options.random_candidates, options.max_degree_for_random, seed);
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
        let max_degree = (0..units.len()).map(|unit| listed.degree(unit)).max().unwrap_or(0);
        self.visitor.fit(assignment.slots(), max_degree);
        let frozen = units.rules.map_or(&[][..], |rules| rules.frozen());
        self.queue.fill(units.len(), frozen, waiting);
        let moved = Moved::default();
        let max_visits = self.options.max_visits.map_or(u64::MAX, |most| u64::from(most) * self.queue.len() as u64);
        let visits_left = max_visits.min(MAX_VISITS_PER_UNIT * units.len() as u64);
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
