//! Recombination: what two partitions agree on moves as one.

use mapeq_core::{Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::louvain::louvain;
use crate::monitor::Monitor;
use crate::moving::local_moving::LocalMover;
use crate::moving::move_pass::MoveStats;
use crate::random::Random;

/// Improves `partition` by moving pieces of its modules: the intersections with the modules of `other`.
///
/// Where the two agree nothing is cut, so the pieces are few and the search on them is cheap; where they disagree, the
/// pieces are moves that no single unit can make. Never increases the objective. O(units + links), mostly for building
/// the pieces.
pub fn recombine<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    partition: &Partition,
    other: &Partition,
    mover: &mut LocalMover,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> (Grouping, MoveStats) {
    move_pieces(objective, units, partition, partition.intersection(other), mover, random, monitor)
}

/// The same with the pieces: parts of modules of `partition`.
pub fn move_pieces<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    partition: &Partition,
    pieces: Partition,
    mover: &mut LocalMover,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> (Grouping, MoveStats) {
    if pieces.modules() == partition.modules() {
        return (Grouping::new(units, partition.clone()), MoveStats::default());
    }
    let (coarse, internal) = units.consolidate(objective, &pieces);
    let mut module = vec![0u32; pieces.modules()];
    for (unit, &label) in partition.labels().iter().enumerate() {
        module[pieces.module(unit)] = label;
    }
    let start = Grouping::new(coarse.units(), Partition::from_labels(module));
    let (moved_pieces, moved) = louvain(objective, coarse.units(), start, mover, random, monitor);
    (Grouping { partition: pieces, internal }.then(&moved_pieces), moved)
}
