//! The grouping that a search starts from.

use mapeq_core::{Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::louvain::louvain_links;
use crate::monitor::Stage;
use crate::moving::local_moving::LocalMover;
use crate::moving::move_pass::MoveStats;
use crate::moving::regions::{COUPLINGS_FOR_REGIONS, REGION, move_in_regions};
use crate::one_module::one_module;
use crate::random::Random;
use crate::search::Search;

impl<O: Objective> Search<'_, O> {
    /// Runs the Louvain procedure from single units. Returns the result and the work done.
    pub fn initial_louvain(&self, units: Units<'_, O>, random: &mut Random) -> (Grouping, MoveStats) {
        let in_regions = units.couplings.links() >= COUPLINGS_FOR_REGIONS
            && units.couplings.factored().is_none()
            && units.constraints.is_none();
        let start =
            if in_regions { move_in_regions(*self, units, REGION, random) } else { Grouping::singletons(units.len()) };
        let mut mover = LocalMover::new(self.options.moves, random);
        let found = self.louvain(units, start, &mut mover, random);
        let value = || found.0.value(self.objective, units);
        self.monitor.stage_ended(Stage::new("louvain", found.0.modules(), &value));
        found
    }

    /// Returns the grouping that a search starts from, and the work it took.
    ///
    /// This is `given` if it has more than one module and is not longer than one module for all
    /// units, or if one module is not allowed. Otherwise, and if nothing is given, it is the result
    /// of [`Search::initial_louvain`].
    ///
    /// # Complexity
    ///
    /// O(units + links).
    pub fn initial_grouping(
        &self,
        units: Units<'_, O>,
        given: Option<Partition>,
        random: &mut Random,
    ) -> (Grouping, MoveStats) {
        let given = given.map(|given| Grouping::new(units, given));
        let value = |grouping: &Grouping| grouping.value(self.objective, units);
        let is_useful =
            |given: &Grouping| given.modules() > 1 && one_module(units).is_none_or(|one| value(given) <= value(&one));
        match given.filter(|given| !self.options.allow_one_module || is_useful(given)) {
            Some(given) => (given, MoveStats { links: louvain_links(units), ..MoveStats::default() }),
            None => self.initial_louvain(units, random),
        }
    }
}
