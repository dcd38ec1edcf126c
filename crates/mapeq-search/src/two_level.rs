//! Entry points of the search for a flat partition.

use mapeq_core::{FlowNetwork, Objective, Partition};

use crate::iterated_search::IteratedSearch;
use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::monitor::Monitor;
use crate::options::SearchOptions;
use crate::random::{Random, random};
use crate::search::Search;

/// Runs one trial and returns the best partition of `network` that it finds.
///
/// If [`SearchOptions::allow_one_module`] is set, the result is never worse than one module for all
/// nodes. The result depends on the network, the objective, the options and the seed alone.
///
/// # Complexity
///
/// Near-linear in the number of links.
pub fn two_level<O: Objective>(
    network: &FlowNetwork,
    objective: &O,
    options: &SearchOptions,
    seed: u64,
    monitor: &dyn Monitor,
) -> Partition {
    let level = objective.level(network);
    let units = Units::new(&network.couplings, &level);
    let search = Search { objective, options, monitor };
    let mut random = random(seed, &[]);
    let grouping = search.divide(units, &mut random);
    search.fall_back_to_one_module(units, grouping, &mut random).partition
}

/// Recombines two results of [`two_level`], of which the better one comes first.
///
/// Units that are together in both results move as one. In small networks, the result is then
/// recombined with fresh Louvain runs, as in any other trial. It is never worse than the first of
/// `parents`.
///
/// # Complexity
///
/// O(nodes + links).
pub fn combine<O: Objective>(
    network: &FlowNetwork,
    objective: &O,
    options: &SearchOptions,
    parents: (&Partition, &Partition),
    seed: u64,
    monitor: &dyn Monitor,
) -> Partition {
    let level = objective.level(network);
    let units = Units::new(&network.couplings, &level);
    let search = Search { objective, options, monitor };
    search.combine_units(units, parents, &mut random(seed, &[])).partition
}

impl<O: Objective> Search<'_, O> {
    /// Returns the best grouping of `units` that one trial finds, without a change of their order.
    ///
    /// Does not fall back to one module for all units: see [`Search::fall_back_to_one_module`].
    pub fn divide(&self, units: Units<'_, O>, random: &mut Random) -> Grouping {
        let (first, effort) = self.initial_louvain(units, random);
        let mut search = IteratedSearch::new(*self, units, first, effort, random);
        search.run(usize::MAX, random);
        search.best
    }
}
