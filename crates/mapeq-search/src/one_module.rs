//! One module for all units, as a fallback and as a start.

use mapeq_core::{Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::moving::assignment::Assignment;
use crate::moving::local_moving::LocalMover;
use crate::options::Thoroughness;
use crate::random::{Random, random_order};
use crate::search::Search;

/// If the values of the one-module grouping and of another one differ by less than this, in bits,
/// both are worth improving.
const MAX_EXCESS: f64 = 0.1;

impl<O: Objective> Search<'_, O> {
    /// Returns `grouping`, unless one module is allowed and shorter. Then returns one module, from
    /// which units have split off that are better alone.
    ///
    /// # Complexity
    ///
    /// O(units + links).
    pub fn fall_back_to_one_module(&self, units: Units<'_, O>, grouping: Grouping, random: &mut Random) -> Grouping {
        if !self.options.allow_one_module || grouping.modules() <= 1 {
            return grouping;
        }
        match one_module(units) {
            Some(one) if one.value(self.objective, units) < grouping.value(self.objective, units) => {
                let mut mover = LocalMover::new(self.options.moves, random);
                self.release_units(units, one, &mut mover, random)
            }
            _ => grouping,
        }
    }

    /// Starts from the one-module partition, lets the modules of `grouping` split off if that pays,
    /// and returns the result if it beats `grouping`.
    ///
    /// Returns `None` if one module is not allowed, or is longer than `grouping` by [`MAX_EXCESS`]
    /// or more. Also returns `None` if no module splits off and one module is shorter than
    /// `grouping` by less than [`MAX_EXCESS`]: then `grouping` is worth improving instead.
    ///
    /// If modules are weak (regularized flow, many layers), the best partition has one large module
    /// that some units have left. A Louvain run from single units then makes many small modules, of
    /// which hardly any two gain by merging.
    ///
    /// # Complexity
    ///
    /// O(units + links).
    pub(crate) fn restart_from_one_module(
        &self,
        units: Units<'_, O>,
        grouping: &Grouping,
        random: &mut Random,
    ) -> Option<Grouping> {
        let value = grouping.value(self.objective, units);
        let one = one_module(units).filter(|one| one.value(self.objective, units) < value + MAX_EXCESS)?;
        let mut mover = LocalMover::new(self.options.moves, random);
        let (split, _) = self.recombine(units, &one.partition, &grouping.partition, &mut mover, random);
        let min_gain = if split.modules() > 1 { 0.0 } else { MAX_EXCESS };
        (split.value(self.objective, units) < value - min_gain).then_some(split)
    }

    /// Lets single units leave the one-module grouping `one`. Never increases the objective.
    /// O(units + links).
    fn release_units(
        &self,
        units: Units<'_, O>,
        one: Grouping,
        mover: &mut LocalMover,
        random: &mut Random,
    ) -> Grouping {
        let mut assignment = Assignment::new(self.objective, units, &one);
        let order = random_order(units.len(), random);
        let stats = mover.run(self.objective, units, &mut assignment, order, Thoroughness::Full, self.monitor);
        if stats.moves > 0 { Grouping::new(units, assignment.into_partition()) } else { one }
    }
}

/// Returns the one-module grouping, if the constraints of the units allow it. O(links).
pub(crate) fn one_module<O: Objective>(units: Units<'_, O>) -> Option<Grouping> {
    let allowed = units.constraints.is_none_or(|constraints| constraints.allow_one_module(units.len()));
    allowed.then(|| Grouping::new(units, Partition::one_module(units.len())))
}

#[cfg(test)]
mod tests {
    use mapeq_core::{Additive, AdditiveObjective, FlowNetwork, NodeFlow};

    use super::*;
    use crate::constrained::two_level_constrained;
    use crate::constraints::Constraints;
    use crate::monitor::Silent;
    use crate::options::SearchOptions;
    use crate::random::random;
    use crate::tests::fixtures::network;
    use crate::two_level::two_level;

    const NODES: usize = 2000;
    const GROUPS: usize = NODES / 20;

    /// Number of groups outside of the crowd.
    const APART: usize = 3;

    /// Flow repels, but a crowd attracts once it is large. Hardly any two groups gain by merging,
    /// but all together do.
    struct Crowd {
        repulsion: f64,
        attraction: f64,
    }

    #[derive(Clone, Copy, Default)]
    struct Gathering {
        flow: f64,
        crowd: f64,
        coupling: f64,
    }

    impl AdditiveObjective for Crowd {
        type Module = Gathering;
        type Shared = f64;

        fn node(&self, node: &NodeFlow) -> Gathering {
            Gathering { flow: node.flow, crowd: node.exit, coupling: 0.0 }
        }

        fn insert(&self, module: &Gathering, unit: &Gathering, coupling: f64) -> Gathering {
            Gathering {
                flow: module.flow + unit.flow,
                crowd: module.crowd + unit.crowd,
                coupling: module.coupling + unit.coupling + coupling,
            }
        }

        fn remove(&self, module: &Gathering, unit: &Gathering, coupling: f64) -> Gathering {
            Gathering {
                flow: module.flow - unit.flow,
                crowd: module.crowd - unit.crowd,
                coupling: module.coupling - unit.coupling - coupling,
            }
        }

        fn term(&self, module: &Gathering) -> f64 {
            self.repulsion * module.flow.powi(2) - self.attraction * module.crowd.powi(3) - module.coupling
        }

        fn shared(&self, _module: &Gathering) -> f64 {
            0.0
        }

        fn shared_term(&self, _total: f64) -> f64 {
            0.0
        }
    }

    /// Returns groups of twenty nodes. All but the first `apart` groups belong to the crowd.
    fn crowd(seed: u64, apart: usize) -> FlowNetwork {
        let mut network = network(NODES, &mut random(seed, &[]));
        network.nodes.exit =
            (0..NODES).map(|node| if node % GROUPS < apart { 0.0 } else { 1.0 / NODES as f64 }).collect();
        network
    }

    /// Restarts from one module with the groups. Returns the result, and the values of the groups,
    /// the result and one module.
    fn restarted(objective: Crowd, network: &FlowNetwork) -> (Partition, [f64; 3]) {
        let objective = Additive(objective);
        let level = objective.level(network);
        let units = Units::new(&network.couplings, &level);
        let groups = Partition::from_labels((0..NODES).map(|node| (node % GROUPS) as u32).collect());
        let groups = Grouping::new(units, groups);
        let search = Search { objective: &objective, options: &SearchOptions::default(), monitor: &Silent };
        let found = search.restart_from_one_module(units, &groups, &mut random(0, &[]));
        let found = found.unwrap_or_else(|| groups.clone());
        let one = one_module(units).expect("no constraints");
        let recomputed = Grouping::new(units, found.partition.clone()).value(&objective, units);
        let values = [&groups, &found, &one].map(|grouping| grouping.value(&objective, units));
        assert!((values[1] - recomputed).abs() < 1e-10, "couplings inside modules");
        (found.partition, values)
    }

    /// Returns whether one module holds the whole crowd and nothing else.
    fn separates_crowd(partition: &Partition) -> bool {
        let crowd = partition.module(APART);
        (0..NODES).all(|node| (partition.module(node) == crowd) == (node % GROUPS >= APART))
    }

    #[test]
    fn modules_split_off_from_one_module() {
        for seed in 0..4 {
            let objective = Crowd { repulsion: 0.95, attraction: 0.95 };
            let (found, [groups, without, one]) = restarted(objective, &crowd(seed, APART));
            assert!(without < one && one < groups, "seed {seed}: {without}, {one}, {groups}");
            assert!(separates_crowd(&found), "seed {seed}");
        }
    }

    #[test]
    fn modules_slightly_longer_than_one_module_are_kept() {
        for (attraction, is_close) in [(0.38, true), (0.6, false)] {
            let (found, [groups, _, one]) = restarted(Crowd { repulsion: 0.7, attraction }, &crowd(0, 0));
            assert!(one < groups && (groups < one + MAX_EXCESS) == is_close, "{one}, {groups}");
            assert_eq!(found.modules(), if is_close { GROUPS } else { 1 });
        }
    }

    #[test]
    fn modules_much_shorter_than_one_module_are_kept() {
        let (found, [groups, _, one]) = restarted(Crowd { repulsion: 0.7, attraction: 0.1 }, &crowd(0, APART));
        assert!(groups + MAX_EXCESS < one);
        assert_eq!(found.modules(), GROUPS);
    }

    #[test]
    fn a_search_restarts_from_one_module_if_that_is_allowed() {
        let objective = Additive(Crowd { repulsion: 0.7, attraction: 0.6 });
        let network = crowd(0, APART);
        let modules = |allow_one_module: bool| {
            let options = SearchOptions { allow_one_module, ..SearchOptions::default() };
            two_level(&network, &objective, &options, 0, &Silent)
        };
        assert!(separates_crowd(&modules(true)));
        assert!(!separates_crowd(&modules(false)));
    }

    #[test]
    fn units_that_do_better_alone_leave_one_module() {
        let objective = Additive(Crowd { repulsion: 1.2, attraction: 1.0 });
        let network = crowd(0, APART);
        let level = objective.level(&network);
        let units = Units::new(&network.couplings, &level);
        let one = one_module(units).expect("no constraints");
        let before = one.value(&objective, units);
        let (mut mover, mut random) = (LocalMover::default(), random(0, &[]));
        let search = Search { objective: &objective, options: &SearchOptions::default(), monitor: &Silent };
        let found = search.release_units(units, one, &mut mover, &mut random);
        assert!(separates_crowd(&found.partition));
        assert!(found.value(&objective, units) < before);
    }

    /// A start that cuts all groups is longer than one module, and none of its modules splits off.
    #[test]
    fn a_poor_start_is_no_trap() {
        let objective = Additive(Crowd { repulsion: 0.7, attraction: 0.1 });
        let nodes = 8 * NODES;
        let network = network(nodes, &mut random(0, &[]));
        assert!(network.couplings.links() > 1 << 17, "too large for further Louvain runs");
        let start = Partition::from_labels((0..nodes).map(|node| (node / NODES) as u32).collect());
        let level = objective.level(&network);
        let units = Units::new(&network.couplings, &level);
        let value = |partition: &Partition| Grouping::new(units, partition.clone()).value(&objective, units);
        assert!(value(&start) > value(&Partition::one_module(nodes)) + MAX_EXCESS);
        let found = two_level_constrained(
            &network,
            &objective,
            &SearchOptions::default(),
            &Constraints::default(),
            Some(&start),
            0,
            &Silent,
        );
        assert!(found.modules() > start.modules() && value(&found) < value(&Partition::one_module(nodes)) - MAX_EXCESS);
    }
}
