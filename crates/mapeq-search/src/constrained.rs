//! The search for a flat partition that satisfies constraints.

use mapeq_core::{FlowNetwork, Objective, Partition};

use crate::constraints::{Constraints, coarsened};
use crate::iterated_search::IteratedSearch;
use crate::levels::units::Units;
use crate::monitor::Monitor;
use crate::moving::local_moving::LocalMover;
use crate::options::SearchOptions;
use crate::random::random;
use crate::search::Search;
use crate::small_modules::enlarge_small_modules;

/// Runs one trial as [`two_level`](crate::two_level) does, under `constraints` and from the
/// partition `start`.
///
/// Without a start, the search begins with single nodes. If `start` satisfies the constraints, the
/// result is never longer than `start`. Modules are smaller than the lower bound only if there is
/// no module that they can join.
pub fn two_level_constrained<O: Objective>(
    network: &FlowNetwork,
    objective: &O,
    options: &SearchOptions,
    constraints: &Constraints<'_>,
    start: Option<&Partition>,
    seed: u64,
    monitor: &dyn Monitor,
) -> Partition {
    let level = objective.level(network);
    let search = Search { objective, options, monitor };
    let units = Units::new(&network.couplings, &level);
    ConstrainedSearch { search, constraints, seed }.run(units, start, None)
}

/// Improves the better of two results of [`two_level_constrained`] by what the other does
/// differently, as [`combine`](crate::combine) does.
pub fn combine_constrained<O: Objective>(
    network: &FlowNetwork,
    objective: &O,
    options: &SearchOptions,
    constraints: &Constraints<'_>,
    (better, other): (&Partition, &Partition),
    seed: u64,
    monitor: &dyn Monitor,
) -> Partition {
    let level = objective.level(network);
    let search = Search { objective, options, monitor };
    let units = Units::new(&network.couplings, &level);
    ConstrainedSearch { search, constraints, seed }.run(units, Some(better), Some(other))
}

/// A search and the constraints on its result.
struct ConstrainedSearch<'a, O> {
    search: Search<'a, O>,
    constraints: &'a Constraints<'a>,
    seed: u64,
}

impl<O: Objective> ConstrainedSearch<'_, O> {
    fn run(&self, nodes: Units<'_, O>, start: Option<&Partition>, other: Option<&Partition>) -> Partition {
        let (contracted, constraints) = self.constraints.contract(nodes.len());
        if self.constraints.fixed.is_none() {
            let units = if self.constraints.is_empty() { nodes } else { nodes.constrained(&constraints) };
            return self.search_units(units, start.cloned(), other.cloned());
        }
        let (coarse, _) = nodes.consolidate(self.search.objective, &contracted);
        let coarsened = |partition: &Partition| coarsened(partition, &contracted, &constraints);
        let units = Units::new(&coarse.couplings, &coarse.level).constrained(&constraints);
        let found = self.search_units(units, start.map(coarsened), other.map(coarsened));
        contracted.then(&found)
    }

    fn search_units(&self, units: Units<'_, O>, start: Option<Partition>, other: Option<Partition>) -> Partition {
        let search = self.search;
        let mut random = random(self.seed, &[]);
        let found = match (start, other) {
            (Some(better), Some(other)) => search.combine_units(units, (&better, &other), &mut random),
            (start, _) => {
                let (first, effort) = search.initial_grouping(units, start, &mut random);
                let mut search = IteratedSearch::new(search, units, first, effort, &mut random);
                search.run(usize::MAX, &mut random);
                search.best
            }
        };
        let found = match units.constraints {
            Some(constraints) if constraints.sizes().min > 1 => {
                let enlarged = enlarge_small_modules(search.objective, units, found);
                let mut mover = LocalMover::new(search.options.moves, &mut random);
                search.tune(units, enlarged, search.options.max_tuning_rounds, &mut mover, &mut random).0
            }
            _ => found,
        };
        search.fall_back_to_one_module(units, found, &mut random).partition
    }
}
