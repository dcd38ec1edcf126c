//! The Louvain procedure: local moving, then modules move as units of the next level, until no
//! level moves.

use mapeq_core::{Couplings, Objective};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::moving::assignment::Assignment;
use crate::moving::local_moving::LocalMover;
use crate::moving::move_pass::MoveStats;
use crate::options::Thoroughness;
use crate::random::{Random, random_order};
use crate::search::Search;

/// Levels with at most this number of couplings are never skipped: visiting them takes hardly any
/// time.
pub(crate) const COUPLINGS_TO_END_EARLY: usize = 1 << 17;

/// On levels with more couplings, stop when fewer than one unit in `FEW_MOVES` moved: the others
/// have just declined to merge.
///
/// Of a two-level search of 10⁶ to 10⁷ links that saves 1 to 5 % of the time.
pub(crate) const FEW_MOVES: usize = 128;

/// Visits of each coupling by a Louvain run, about.
const LINK_VISITS_PER_LOUVAIN: u64 = 4;

/// Returns the number of links that a Louvain run on `units` is expected to visit.
pub(crate) fn louvain_links<O: Objective>(units: Units<'_, O>) -> u64 {
    LINK_VISITS_PER_LOUVAIN * units.couplings.links() as u64
}

impl<O: Objective> Search<'_, O> {
    /// Moves units from the grouping `start`, then modules as units of coarser and coarser levels,
    /// until no level moves (Blondel et al., J. Stat. Mech. 2008,
    /// doi:10.1088/1742-5468/2008/10/P10008; with the map equation: Rosvall, Axelsson & Bergstrom,
    /// Eur. Phys. J. Spec. Top. 2009, doi:10.1140/epjst/e2010-01179-1).
    ///
    /// Never increases the objective.
    ///
    /// # Complexity
    ///
    /// O(links visited) per level.
    pub fn louvain(
        &self,
        units: Units<'_, O>,
        start: Grouping,
        mover: &mut LocalMover,
        random: &mut Random,
    ) -> (Grouping, MoveStats) {
        let Self { objective, monitor, .. } = *self;
        let max_levels = mover.options().max_levels;
        let from_singletons = start.modules() == units.len();
        let thoroughness = if from_singletons { Thoroughness::Draft } else { Thoroughness::Full };
        let mut local_moving = |units: Units<'_, O>, start: Grouping| {
            let mut assignment = Assignment::new(objective, units, &start);
            drop(start);
            let order = random_order(units.len(), random);
            let stats = mover.run(objective, units, &mut assignment, order, thoroughness, monitor);
            (assignment.into_partition(), stats)
        };
        let value = |grouping: &Grouping| grouping.value(objective, units);
        let mut total = MoveStats::default();
        // Listed couplings are few and the strongest, so they find a good start.
        let along_listed = units.couplings.factored().filter(|_| from_singletons).map(|_| {
            let listed = Couplings::from(units.couplings.listed().clone());
            let (partition, stats) = local_moving(Units { couplings: &listed, ..units }, start.clone());
            let found = Grouping::new(units, partition);
            // The gain along listed couplings is not the gain along all.
            total += MoveStats { gain: value(&start) - value(&found), ..stats };
            found
        });
        let along_listed = along_listed.filter(|_| total.gain > 0.0);
        total.gain = total.gain.max(0.0);
        let (partition, stats) = local_moving(units, along_listed.unwrap_or(start));
        total += stats;
        if partition.modules() == units.len() {
            return (Grouping::singletons(units.len()), total);
        }
        let (mut coarse, internal) = units.consolidate(objective, &partition);
        let mut grouping = Grouping { partition, internal };
        let mut levels = 1;
        while grouping.modules() > 1 && max_levels.is_none_or(|max| levels < max) && !monitor.stop_requested() {
            let (merged, stats) = local_moving(coarse.units(), Grouping::singletons(grouping.modules()));
            total += stats;
            if stats.moves == 0 {
                break;
            }
            if has_few_moves(coarse.units(), stats) {
                grouping = grouping.then(&Grouping::new(coarse.units(), merged));
                break;
            }
            let (coarser, internal) = coarse.units().consolidate(objective, &merged);
            grouping = grouping.then(&Grouping { partition: merged, internal });
            coarse = coarser;
            levels += 1;
        }
        (grouping, total)
    }
}

/// Returns whether so few of `units`, singletons at first, moved that another level would gain
/// little.
fn has_few_moves<O: Objective>(units: Units<'_, O>, stats: MoveStats) -> bool {
    units.couplings.links() > COUPLINGS_TO_END_EARLY && stats.moves <= units.len() / FEW_MOVES
}
