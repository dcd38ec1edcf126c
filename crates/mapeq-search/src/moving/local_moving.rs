//! Local moving: units join the module that lowers the objective most, until no move of a unit
//! lowers it.
//!
//! Units wait in a queue, and only units whose neighbourhood changed are visited again (Traag,
//! Waltman & van Eck, Sci. Rep. 2019, doi:10.1038/s41598-019-41695-z).

use rand::Rng;

use mapeq_core::{Objective, Values, resolve_values};

use crate::levels::units::Units;
use crate::monitor::Monitor;
use crate::moving::assignment::Assignment;
use crate::moving::batches::{COUPLINGS_FOR_BATCHES, drain_in_batches};
use crate::moving::best_move::MoveFinder;
use crate::moving::move_pass::{MovePass, MoveStats};
use crate::moving::queue::Queue;
use crate::moving::revisit_filter::RevisitFilter;
use crate::options::{MoveOptions, Thoroughness};
use crate::random::Random;

/// Hard limit on visits per unit.
///
/// Guards against endless back-and-forth moves when rounding errors exceed
/// [`MIN_GAIN`](crate::MIN_GAIN). Ten visits are typical.
const MAX_VISITS_PER_UNIT: u64 = 1000;

/// Number of visits between two checks for a stop request.
const VISITS_BETWEEN_CHECKS: u32 = 1 << 14;

/// Options and buffers of local moving. The buffers are reused from one call to the next.
#[derive(Debug, Default)]
pub struct LocalMover {
    finder: MoveFinder,
    queue: Queue,
    options: MoveOptions,
}

impl LocalMover {
    /// Creates a mover. Takes a number from `random` only if units try random candidates.
    pub fn new(options: MoveOptions, random: &mut Random) -> Self {
        let mut mover = Self::default();
        mover.restart(options, random);
        mover
    }

    /// Changes the options, as [`new`](Self::new) does, and keeps the buffers.
    pub fn restart(&mut self, options: MoveOptions, random: &mut Random) {
        self.options = options;
        if options.random_candidates > 0 {
            let seed = random.next_u64();
            self.finder.draw(options.random_candidates, options.max_degree_for_random, seed);
        }
    }

    /// Returns the options.
    pub fn options(&self) -> MoveOptions {
        self.options
    }

    /// Moves units until no queued unit gains by a move. Returns the work done and the gain.
    ///
    /// Initially, the queue holds the units of `waiting` in their order. A move adds the neighbours
    /// of the unit. If there are many couplings, a neighbour is added only after a minimum share of
    /// its coupling has moved: see [`Thoroughness`].
    ///
    /// In large networks, batches of units are evaluated in parallel, and their moves are applied
    /// in order.
    pub fn run<O: Objective>(
        &mut self,
        objective: &O,
        units: Units<'_, O>,
        assignment: &mut Assignment<O>,
        waiting: impl IntoIterator<Item = u32>,
        thoroughness: Thoroughness,
        monitor: &dyn Monitor,
    ) -> MoveStats {
        let listed = units.couplings.listed();
        let max_degree = (0..units.len()).map(|unit| listed.degree(unit)).max().unwrap_or(0);
        self.finder.fit(assignment.slots(), max_degree);
        let frozen = units.constraints.map_or(&[][..], |constraints| constraints.frozen());
        self.queue.fill(units.len(), frozen, waiting);
        let stats = MoveStats::default();
        let max_visits = self.options.max_visits.map_or(u64::MAX, |most| u64::from(most) * self.queue.len() as u64);
        let visits_left = max_visits.min(MAX_VISITS_PER_UNIT * units.len() as u64);
        let revisit_filter = RevisitFilter::new(units.couplings, self.queue.len(), thoroughness);
        // The kind of link values is resolved here, outside the loop.
        resolve_values!(units.couplings.listed().values(), values => {
            let pass = MovePass { objective, units, assignment, values, stats, visits_left, revisit_filter };
            self.drain(pass, monitor)
        })
    }

    fn drain<O: Objective, V: Values>(&mut self, mut pass: MovePass<'_, O, V>, monitor: &dyn Monitor) -> MoveStats {
        if pass.units.couplings.links() >= COUPLINGS_FOR_BATCHES {
            drain_in_batches(&mut pass, &mut self.queue, &mut self.finder, monitor);
        }
        let mut visits = 0u32;
        while let Some(unit) = self.queue.pop() {
            visits = visits.wrapping_add(1);
            let stop = visits.is_multiple_of(VISITS_BETWEEN_CHECKS) && monitor.stop_requested();
            if stop || pass.visits_left == 0 {
                self.queue.clear();
                break;
            }
            pass.visits_left -= 1;
            pass.visit(unit, &mut self.queue, &mut self.finder);
        }
        pass.stats
    }
}
