//! One trial of the multilevel search.

use mapeq_core::{FlowNetwork, HierarchicalObjective, NestedObjective, Partition, Tree, nested_value};
use mapeq_search::{
    Grouping, IteratedSearch, Monitor, MoveStats, OnlyStop, Random, SearchOptions, Units, fall_back_to_one_module,
    fork, improve, initial_grouping, initial_louvain, random,
};

use crate::recursion::{KeptLevels, TreeBuilder, consolidated, group};
use crate::tuning::tune;

/// Rounds of tuning with the cells of two trees as nodes.
const CELL_ROUNDS: usize = 2;

/// After so many recombinations of the flat partition the search looks what levels gain,
const FIRST_RECOMBINATIONS: usize = 4;

/// … and if that is more than so many bits, it goes on with levels: then the rest of the effort for the flat partition would bring
/// little. On eight networks with deep trees that takes half of the time, for trees as short.
const DEEP: f64 = 0.05;

/// Every second attempt keeps the leaf modules of a tree of so many levels and more: such trees differ in what groups these.
const LEVELS_TO_REGROW: usize = 4;

/// How thoroughly to search for a tree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultilevelOptions {
    /// The search for the two-level partition that the tree starts from.
    pub two_level: SearchOptions,
    /// The searches for super modules and inside modules, where one module for all is no alternative, and those of further attempts,
    /// where it is if `two_level` says so.
    pub inside: SearchOptions,
    /// Tuning across levels ends when a round gains less than this many bits,
    pub min_gain: f64,
    /// … or after so many rounds.
    pub max_tuning_rounds: usize,
    /// Networks of few couplings are searched several times: until all attempts together have had so many couplings,
    pub attempt_couplings: usize,
    /// … or for so many attempts,
    pub max_attempts: usize,
    /// … or when so many in a row have gained less than `min_gain`.
    pub patience: usize,
    /// What is left out for the sake of time: 0 for nothing; from 1 on, further attempts and all but one round of tuning
    /// across levels; from 2 on, that round, too, and dividing modules: then the tree is a flat partition, its modules
    /// grouped, the groups grouped, and so on.
    pub fast: u8,
}

impl Default for MultilevelOptions {
    fn default() -> Self {
        Self {
            two_level: SearchOptions::default(),
            inside: SearchOptions {
                max_tuning_rounds: 1,
                max_recombinations: 0,
                allow_one_module: false,
                ..SearchOptions::default()
            },
            min_gain: 1e-4,
            max_tuning_rounds: 10,
            attempt_couplings: 1_200_000,
            max_attempts: 16,
            patience: 4,
            fast: 0,
        }
    }
}

impl MultilevelOptions {
    /// Most rounds of tuning across levels, when there is as much time as there may be.
    fn rounds(&self) -> usize {
        match self.fast {
            0 => self.max_tuning_rounds,
            1 => self.max_tuning_rounds.min(1),
            _ => 0,
        }
    }

    /// Whether modules are divided.
    fn divides(&self) -> bool {
        self.fast < 2
    }
}

/// The best tree of modules that one trial finds. Never longer than one module, nor, where levels gain little, than
/// [`mapeq_search::two_level`] with the same options and seed.
///
/// In small networks further attempts follow, and what they do differently improves the best tree. The result depends on the
/// network, the objective, the options and the seed alone. Near-linear in the number of links.
pub fn multilevel<O: NestedObjective>(
    network: &FlowNetwork,
    objective: &O,
    options: &MultilevelOptions,
    seed: u64,
    monitor: &dyn Monitor,
) -> Tree {
    let level = objective.level(network);
    let units = Units::new(&network.couplings, &level);
    let search = Search { objective, units, options, monitor };
    let first = search.first_attempt(seed);
    search.explore(first, seed).0
}

/// Like [`multilevel`], from the tree `start`, which is never made longer.
pub fn multilevel_from<O: NestedObjective>(
    network: &FlowNetwork,
    objective: &O,
    options: &MultilevelOptions,
    start: &Tree,
    seed: u64,
    monitor: &dyn Monitor,
) -> Tree {
    let level = objective.level(network);
    let units = Units::new(&network.couplings, &level);
    let search = Search { objective, units, options, monitor };
    let first = search.attempt_from(start, seed);
    search.explore(first, seed).0
}

/// The better of two results of [`multilevel`], improved by what the other does differently (what their leaf modules agree on
/// moves as one, anywhere in the tree) and, in small networks, by further attempts as in any other trial.
///
/// Never longer than `better`. Near-linear in the number of links.
pub fn combine<O: NestedObjective>(
    network: &FlowNetwork,
    objective: &O,
    options: &MultilevelOptions,
    (better, other): (&Tree, &Tree),
    seed: u64,
    monitor: &dyn Monitor,
) -> Tree {
    let level = objective.level(network);
    let units = Units::new(&network.couplings, &level);
    let search = Search { objective, units, options, monitor };
    let combined = search.combine(better, other, &mut random(seed, &[]));
    search.explore(combined, seed).0
}

/// Names the streams of random numbers of attempts after the first.
const ATTEMPTS: u64 = 2;

/// What all parts of a search have in common.
pub(crate) struct Search<'a, O: NestedObjective> {
    pub objective: &'a O,
    pub units: Units<'a, O>,
    pub options: &'a MultilevelOptions,
    pub monitor: &'a dyn Monitor,
}

impl<O: NestedObjective> Search<'_, O> {
    /// A tree and its value: a flat partition, or what grows from it.
    fn first_attempt(&self, seed: u64) -> (Tree, f64) {
        let Self { objective, units, options, monitor, .. } = *self;
        let mut random_numbers = random(seed, &[]);
        let (first, effort) = initial_louvain(objective, units, &options.two_level, &mut random_numbers, monitor);
        shortest(self.grow_from_flat(first, effort, seed, random_numbers))
    }

    /// A tree and its value: `start` tuned, or what grows from it if it is flat, or from a Louvain run if that is no better than one module.
    fn attempt_from(&self, start: &Tree, seed: u64) -> (Tree, f64) {
        let Self { objective, units, options, .. } = *self;
        let mut random_numbers = random(seed, &[]);
        let mut found = vec![self.tune(units, start.clone(), options.max_tuning_rounds, &mut random_numbers)];
        if start.levels() <= 2 {
            let (flat, given) = (&options.two_level, Some(start.leaf_partition()));
            let (first, effort) = initial_grouping(objective, units, given, flat, &mut random_numbers, self.monitor);
            found.extend(self.grow_from_flat(first, effort, seed, random_numbers));
        }
        let one = Tree::from_partition(&Partition::one_module(units.len()));
        let value = nested_value(objective, units.level, units.couplings, &one);
        if options.two_level.allow_one_module {
            found.push((one, value));
        }
        shortest(found)
    }

    /// Trees and their values: a flat partition that explores from `first`, and what grows from it.
    /// `effort` is what `first` took.
    fn grow_from_flat(
        &self,
        first: Grouping,
        effort: MoveStats,
        seed: u64,
        mut random_numbers: Random,
    ) -> Vec<(Tree, f64)> {
        let Self { objective, units, options, monitor, .. } = *self;
        // Levels that someone prefers may gain nothing but that, and one module has none.
        let prefers_levels = objective.flow().preferred_levels().is_some();
        let flat = &SearchOptions {
            allow_one_module: options.two_level.allow_one_module && !prefers_levels,
            ..options.two_level
        };
        let mut search = IteratedSearch::new(objective, units, first, effort, flat, &mut random_numbers, monitor);
        let most = if options.divides() { FIRST_RECOMBINATIONS } else { usize::MAX };
        search.run(objective, units, flat, most, &mut random_numbers, monitor);
        let grow = |grouping: &Grouping, random_numbers: &mut Random| {
            let value = grouping.value(objective, units);
            (self.grow_tree(grouping, &mut random(seed, &[1]), random_numbers), value)
        };
        let mut found = Vec::new();
        let (nested, value) = grow(&search.best, &mut random_numbers.clone());
        let deep = !prefers_levels && nested.as_ref().is_some_and(|nested| nested.1 < value - DEEP);
        found.extend(nested);
        if !deep && search.run(objective, units, flat, usize::MAX, &mut random_numbers, monitor) {
            found.extend(grow(&search.best, &mut random_numbers.clone()).0);
        }
        let two_level = &options.two_level;
        let grouping = fall_back_to_one_module(objective, units, search.best, two_level, &mut random_numbers, monitor);
        found.push((Tree::from_partition(&grouping.partition), grouping.value(objective, units)));
        found
    }

    /// Improves `best` by what further attempts do differently, where the network is small and has modules.
    fn explore(&self, mut best: (Tree, f64), seed: u64) -> (Tree, f64) {
        let Self { objective, units, options, monitor } = *self;
        let prefers_levels = objective.flow().preferred_levels().is_some();
        let has_modules = best.0.leaf_partition().modules() > 1;
        if options.fast > 0 || !(has_modules || prefers_levels) {
            return best;
        }
        let attempts = (options.attempt_couplings / units.couplings.links().max(1)).min(options.max_attempts);
        let allow_one_module = options.two_level.allow_one_module && !prefers_levels;
        let quick = SearchOptions { allow_one_module, ..options.inside };
        let mut rounds_without_gain = 0;
        for attempt in 1..attempts {
            let flat = best.0.levels() <= 2 && attempt > options.patience;
            if rounds_without_gain >= options.patience || flat || monitor.stop_requested() {
                break;
            }
            let mut random = random(seed, &[ATTEMPTS, attempt as u64]);
            let found = if best.0.levels() >= LEVELS_TO_REGROW && !prefers_levels && attempt % 2 == 1 {
                self.regrow(&best.0, &mut random)
            } else {
                self.quick_attempt(&quick, &mut random).map(|(other, _)| {
                    // After an attempt that pays, improve the best tree; else start from the other one.
                    let (start, pieces) = if rounds_without_gain == 0 { (&best.0, &other) } else { (&other, &best.0) };
                    self.combine(start, pieces, &mut random)
                })
            };
            let Some(found) = found else {
                rounds_without_gain += 1;
                continue;
            };
            let gain = best.1 - found.1;
            if gain > 0.0 {
                best = found;
            }
            rounds_without_gain = if gain < options.min_gain { rounds_without_gain + 1 } else { 0 };
        }
        best
    }

    /// Another tree; none where there is no tree to grow. `flat` is the effort for the flat partition that it grows from.
    fn quick_attempt(&self, flat: &SearchOptions, random: &mut Random) -> Option<(Tree, f64)> {
        let Self { objective, units, .. } = *self;
        let silent = OnlyStop(self.monitor);
        let (first, effort) = initial_louvain(objective, units, flat, random, &silent);
        let grouping = improve(objective, units, first, effort, flat, random, &silent);
        let mut of_recursion = fork(random);
        let as_tree = || (Tree::from_partition(&grouping.partition), grouping.value(objective, units));
        (grouping.modules() > 1).then(|| self.grow_tree(&grouping, &mut of_recursion, random).unwrap_or_else(as_tree))
    }

    /// Another tree that grows from the leaf modules of `tree`, tuned; none where there is no tree to grow. It costs little, as it is
    /// modules that are grouped.
    fn regrow(&self, tree: &Tree, random: &mut Random) -> Option<(Tree, f64)> {
        let Self { objective, units, options, monitor } = *self;
        let partition = tree.leaf_partition();
        let (flow, mut modules) = consolidated(objective, units, &partition);
        modules.level = modules.level.iter().map(|module| flow.0.as_unit(module)).collect();
        let of_modules = Search { objective: &flow, units: modules.units(), options, monitor: &OnlyStop(monitor) };
        let (tree, _) = of_modules.quick_attempt(&options.inside, random)?;
        Some(self.tune(units, tree.with_modules_as_leaves(&partition), options.rounds(), random))
    }

    /// A tree that grows from a flat partition upwards and downwards, tuned; none if it has no more than two levels.
    pub fn grow_tree(&self, grouping: &Grouping, random: &mut Random, tuning: &mut Random) -> Option<(Tree, f64)> {
        let Self { objective, units, options, monitor, .. } = *self;
        if grouping.modules() <= 1 {
            return None;
        }
        // The many searches inside modules report no stages of their own.
        let inner = OnlyStop(monitor);
        let mut builder = TreeBuilder { parents: vec![0], leaf_module: vec![0; units.len()] };
        let mut tasks = Vec::new();
        let kept = if options.divides() { KeptLevels::for_division(units) } else { KeptLevels::All };
        let division = group(objective, units, grouping.partition.clone(), 2, kept, &options.inside, random, &inner);
        builder.add(0, division, random, &mut tasks);
        if options.divides() {
            builder.divide(units, tasks, &options.inside, &inner);
        }
        let tree = Tree::new(&builder.parents, &builder.leaf_module);
        drop(builder);
        monitor.stage_ended("recursion", tree.modules().len() - 1);
        // Two levels and no more are tuned already.
        (tree.levels() > 2).then(|| self.tune(units, tree, options.rounds(), tuning))
    }

    /// Improves the tree `start` by moving the intersections of its leaf modules with those of `other`, then nodes.
    fn combine(&self, start: &Tree, other: &Tree, random: &mut Random) -> (Tree, f64) {
        let partition = start.leaf_partition();
        let cells = partition.intersection(&other.leaf_partition());
        let (coarse, _) = self.units.consolidate(self.objective, &cells);
        let mut leaf_module = vec![0; cells.modules()];
        for (node, &module) in start.leaf_modules().iter().enumerate() {
            leaf_module[cells.module(node)] = module;
        }
        let of_cells = start.with_leaves(&leaf_module);
        let (of_cells, _) = self.tune(coarse.units(), of_cells, CELL_ROUNDS.min(self.options.rounds()), random);
        drop(coarse);
        let leaf_module: Vec<u32> = cells.labels().iter().map(|&cell| of_cells.leaf_modules()[cell as usize]).collect();
        let tree = of_cells.with_leaves(&leaf_module);
        self.monitor.stage_ended("combination", tree.modules().len() - 1);
        self.tune(self.units, tree, self.options.rounds(), random)
    }

    pub fn tune(&self, units: Units<'_, O>, tree: Tree, rounds: usize, random: &mut Random) -> (Tree, f64) {
        let Self { objective, options, monitor, .. } = *self;
        tune(objective, units, tree, &options.inside, options.min_gain, rounds, random, monitor)
    }
}

/// The first of the trees with the least value.
fn shortest(found: Vec<(Tree, f64)>) -> (Tree, f64) {
    found.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).expect("at least one tree")
}
