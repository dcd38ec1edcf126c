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
use crate::moving::best_move::MoveFinder;
use crate::moving::move_pass::{MovePass, MoveStats};
use crate::moving::queue::Queue;
use crate::moving::revisit_filter::RevisitFilter;
use crate::options::{MoveOptions, Thoroughness};
use crate::random::Random;

/// Local moving ends after so many visits per unit, whatever happens: units may go to and fro for ever where an objective's values are
/// so large that their rounding errors exceed [`MIN_GAIN`]. Else it takes ten.
const MAX_VISITS_PER_UNIT: u64 = 1000;

/// A stop request is looked for once in so many visits.
const VISITS_BETWEEN_CHECKS: u32 = 1 << 14;

/// The buffers of local moving, kept from one call to the next.
#[derive(Debug, Default)]
pub struct LocalMover {
    finder: MoveFinder,
    queue: Queue,
    options: MoveOptions,
}

impl LocalMover {
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
            self.finder.draw(options.random_candidates, options.max_degree_for_random, seed);
        }
    }

    /// How far it goes.
    pub fn options(&self) -> MoveOptions {
        self.options
    }

    /// Moves units until none of those in question wants to move: at first `waiting`, in the given order, then also those
    /// that a move concerns. If couplings are many, units that a move hardly concerns wait for more of that, or for another
    /// call: see [`Thoroughness`].
    ///
    /// In large networks units are asked in batches, in parallel, what they want, and get it in order.
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
        // Which kind of values the links have is decided here, outside the loop.
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
