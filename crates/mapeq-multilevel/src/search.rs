//! One trial of the multilevel search.

use mapeq_core::{Additive, FlowNetwork, HierarchicalObjective, Objective, Tree};
use mapeq_search::{Monitor, OnlyStop, SearchOptions, Units, first_climb, improve, or_one_module, random};

use crate::recursion::{Draft, group};
use crate::tuning::tune;

/// How thoroughly to search for a tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultilevelOptions {
    /// The search for the two-level partition that the tree starts from.
    pub two_level: SearchOptions,
    /// The searches for super modules and inside modules.
    pub inside: SearchOptions,
    /// Tuning across levels ends when a round gains less than this many bits,
    pub least_gain: f64,
    /// … or after so many rounds.
    pub most_tuning_rounds: usize,
}

impl Default for MultilevelOptions {
    fn default() -> Self {
        Self {
            two_level: SearchOptions::default(),
            inside: SearchOptions { most_tuning_rounds: 1, most_recombinations: 0, ..SearchOptions::default() },
            least_gain: 1e-4,
            most_tuning_rounds: 10,
        }
    }
}

/// The best tree of modules that one trial finds. Never longer than [`mapeq_search::two_level`] with the same options and
/// seed, nor than one module.
///
/// The result depends on the network, the objective, the options and the seed alone. Near-linear in the number of links.
pub fn multilevel<H: HierarchicalObjective>(
    network: &FlowNetwork,
    objective: &H,
    options: &MultilevelOptions,
    seed: u64,
    monitor: &dyn Monitor,
) -> Tree {
    let additive = Additive(objective.clone());
    let level = additive.level(network);
    let units = Units { couplings: &network.couplings, level: &level };
    let mut random_numbers = random(seed, &[]);
    let (first, effort) = first_climb(&additive, units, &mut random_numbers, monitor);
    let grouping = improve(&additive, units, first, effort, &options.two_level, &mut random_numbers, monitor);
    // The two-level search would go on from here.
    let mut after_division = random_numbers.clone();
    let flat_value = grouping.value(&additive, units);
    let flat = Tree::from_partition(&grouping.partition);
    let mut found = Vec::new();
    if grouping.modules() > 1 && grouping.modules() < units.len() {
        // The many searches inside modules report no stages of their own.
        let inner = OnlyStop(monitor);
        let mut random = random(seed, &[1]);
        let mut draft = Draft { parents: vec![0], leaf_module: vec![0; units.len()] };
        let mut tasks = Vec::new();
        let division = group(objective, units, grouping.partition.clone(), &options.inside, &mut random, &inner);
        draft.add(0, division, &mut random, &mut tasks);
        draft.divide(units, tasks, &options.inside, &inner);
        let tree = Tree::new(&draft.parents, &draft.leaf_module);
        drop(draft);
        monitor.stage_ended("recursion", tree.modules().len() - 1);
        // Two levels and no more are tuned already.
        if tree != flat {
            let rounds = options.most_tuning_rounds;
            found.push(tune(
                objective,
                units,
                tree,
                &options.inside,
                options.least_gain,
                rounds,
                &mut random_numbers,
                monitor,
            ));
        }
    }
    found.push((flat, flat_value));
    let fallback = or_one_module(&additive, units, grouping, &options.two_level, &mut after_division, monitor);
    found.push((Tree::from_partition(&fallback.partition), fallback.value(&additive, units)));
    found.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).expect("at least one tree").0
}
