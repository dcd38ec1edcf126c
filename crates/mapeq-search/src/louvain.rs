//! Climbing: local moving, then the modules become units and move, until no level moves any more.

use mapeq_core::{Couplings, Objective};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::monitor::Monitor;
use crate::moving::assignment::Assignment;
use crate::moving::local_moving::LocalMover;
use crate::moving::move_pass::MoveStats;
use crate::options::Thoroughness;
use crate::random::{Random, random_order};

/// Fewer couplings than this are looked at in no time.
pub(crate) const COUPLINGS_TO_END_EARLY: usize = 1 << 17;

/// With more, a level of which no more than one unit in so many moved is the last one: all but these have just said that they do not
/// want to join. Of a two-level search of 10⁶ to 10⁷ links that saves 1 to 5 % of the time.
pub(crate) const FEW_MOVES: usize = 128;

/// Moves units from the partition `start`, then modules as units of coarser and coarser levels, until no level moves
/// (Blondel et al., J. Stat. Mech. 2008, doi:10.1088/1742-5468/2008/10/P10008; with the map equation: Rosvall, Axelsson &
/// Bergstrom, Eur. Phys. J. Spec. Top. 2009, doi:10.1140/epjst/e2010-01179-1).
///
/// Never increases the objective. Each level costs O(links it looks at).
pub fn louvain<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    start: Grouping,
    mover: &mut LocalMover,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> (Grouping, MoveStats) {
    let max_levels = mover.options().max_levels;
    let from_singles = start.modules() == units.len();
    let thoroughness = if from_singles { Thoroughness::Draft } else { Thoroughness::Full };
    let mut local_moving = |units: Units<'_, O>, start: Grouping| {
        let mut assignment = Assignment::new(objective, units, &start);
        drop(start);
        let order = random_order(units.len(), random);
        let moved = mover.run(objective, units, &mut assignment, order, thoroughness, monitor);
        (assignment.into_partition(), moved)
    };
    let value = |grouping: &Grouping| grouping.value(objective, units);
    let mut moved = MoveStats::default();
    // What is listed couples most, and is little: it tells where to start.
    let along_listed = units.couplings.factored().filter(|_| from_singles).map(|_| {
        let listed = Couplings::from(units.couplings.listed().clone());
        let (partition, own) = local_moving(Units { couplings: &listed, ..units }, start.clone());
        let found = Grouping::new(units, partition);
        // What it gained there is not what it gains here.
        moved += MoveStats { gain: value(&start) - value(&found), ..own };
        found
    });
    let along_listed = along_listed.filter(|_| moved.gain > 0.0);
    moved.gain = moved.gain.max(0.0);
    let (partition, own) = local_moving(units, along_listed.unwrap_or(start));
    moved += own;
    if partition.modules() == units.len() {
        return (Grouping::singletons(units.len()), moved);
    }
    let (mut coarse, internal) = units.consolidate(objective, &partition);
    let mut grouping = Grouping { partition, internal };
    let mut levels = 1;
    while grouping.modules() > 1 && max_levels.is_none_or(|most| levels < most) && !monitor.stop_requested() {
        let (merged, own) = local_moving(coarse.units(), Grouping::singletons(grouping.modules()));
        moved += own;
        if own.moves == 0 {
            break;
        }
        if is_settled(coarse.units(), own) {
            grouping = grouping.then(&Grouping::new(coarse.units(), merged));
            break;
        }
        let (coarser, internal) = coarse.units().consolidate(objective, &merged);
        grouping = grouping.then(&Grouping { partition: merged, internal });
        coarse = coarser;
        levels += 1;
    }
    (grouping, moved)
}

/// Whether of these units, each in a module of its own at first, too few moved to look at the modules of the result as units.
fn is_settled<O: Objective>(units: Units<'_, O>, moved: MoveStats) -> bool {
    units.couplings.links() > COUPLINGS_TO_END_EARLY && moved.moves <= units.len() / FEW_MOVES
}
