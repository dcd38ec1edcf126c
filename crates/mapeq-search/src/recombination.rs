//! Recombination: units that are together in two partitions move as one.

use mapeq_core::{Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::moving::local_moving::LocalMover;
use crate::moving::move_pass::MoveStats;
use crate::random::Random;
use crate::search::Search;

impl<O: Objective> Search<'_, O> {
    /// Improves `partition` by moving pieces of its modules: the intersections with the modules of
    /// `other`.
    ///
    /// Where the two agree nothing is cut, so the pieces are few and the search on them is cheap.
    /// Where they disagree, the pieces are moves that no single unit can make. Never increases the
    /// objective.
    ///
    /// # Complexity
    ///
    /// O(units + links), mostly for building the pieces.
    pub fn recombine(
        &self,
        units: Units<'_, O>,
        partition: &Partition,
        other: &Partition,
        mover: &mut LocalMover,
        random: &mut Random,
    ) -> (Grouping, MoveStats) {
        self.move_pieces(units, partition, partition.intersection(other), mover, random)
    }

    /// Improves `partition` by moving `pieces`, each of which is a part of one of its modules.
    pub fn move_pieces(
        &self,
        units: Units<'_, O>,
        partition: &Partition,
        pieces: Partition,
        mover: &mut LocalMover,
        random: &mut Random,
    ) -> (Grouping, MoveStats) {
        if pieces.modules() == partition.modules() {
            return (Grouping::new(units, partition.clone()), MoveStats::default());
        }
        let (coarse, internal) = units.consolidate(self.objective, &pieces);
        let mut module = vec![0u32; pieces.modules()];
        for (unit, &label) in partition.labels().iter().enumerate() {
            module[pieces.module(unit)] = label;
        }
        let start = Grouping::new(coarse.units(), Partition::from_labels(module));
        let (moved_pieces, stats) = self.louvain(coarse.units(), start, mover, random);
        (Grouping { partition: pieces, internal }.then(&moved_pieces), stats)
    }
}
