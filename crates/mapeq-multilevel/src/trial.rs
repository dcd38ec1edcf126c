//! One trial of the multilevel search.

use mapeq_core::{FlowNetwork, HierarchicalObjective, NestedObjective, Partition, Tree, nested_value};
use mapeq_search::{
    Grouping, IteratedSearch, Monitor, MoveStats, OnlyStop, Random, Search, SearchOptions, Stage, fork, random,
};

use crate::crossover::crossover;
use crate::options::MultilevelOptions;
use crate::pruning::pruned;
use crate::recursion::consolidated;
use crate::tree_search::TreeSearch;

/// Rounds of tuning with the cells of two trees as nodes.
const CELL_ROUNDS: usize = 2;

/// Number of recombinations of the flat partition before the search tests how much levels gain.
const FIRST_RECOMBINATIONS: usize = 4;

/// Gain by levels, in bits, above which the flat partition is recombined no further.
///
/// Further recombinations would gain little then. On eight networks with deep trees, leaving them
/// out halves the time, and codelengths do not increase.
const DEEP: f64 = 0.05;

/// Lower bound on the levels of a tree for which every second attempt keeps the leaf modules.
///
/// Such trees differ in how their leaf modules are grouped.
const LEVELS_TO_REGROW: usize = 4;

/// Rounds of tuning of a tree that is only to be combined with a better one.
const ATTEMPT_ROUNDS: usize = 1;

/// Identifier of the random streams of attempts after the first.
const ATTEMPTS: u64 = 2;

/// Runs one trial and returns the best tree of modules that it finds.
///
/// In small networks further attempts follow, and the best tree is recombined with their trees. The
/// result is never longer than one module. If levels gain little, it is not longer
/// than [`mapeq_search::two_level`] with the same options and seed. It depends on the network, the
/// objective, the options and the seed alone.
///
/// # Complexity
///
/// Near-linear in the number of links.
pub fn multilevel<O: NestedObjective>(
    network: &FlowNetwork,
    objective: &O,
    options: &MultilevelOptions,
    seed: u64,
    monitor: &dyn Monitor,
) -> Tree {
    let level = objective.level(network);
    let search = TreeSearch::new(network, &level, objective, options, monitor);
    search.explore(search.first_attempt(seed), seed).0
}

/// Runs one trial as [`multilevel`] does, from the tree `start`. The result is never longer than
/// `start`.
pub fn multilevel_from<O: NestedObjective>(
    network: &FlowNetwork,
    objective: &O,
    options: &MultilevelOptions,
    start: &Tree,
    seed: u64,
    monitor: &dyn Monitor,
) -> Tree {
    let level = objective.level(network);
    let search = TreeSearch::new(network, &level, objective, options, monitor);
    search.explore(search.attempt_from(start, seed), seed).0
}

/// Recombines two results of [`multilevel`], of which the better one comes first.
///
/// Nodes that share a leaf module in both trees move as one, anywhere in the tree. In small
/// networks further attempts follow, as in any other trial. The result is never longer than
/// `better`.
///
/// # Complexity
///
/// Near-linear in the number of links.
pub fn combine<O: NestedObjective>(
    network: &FlowNetwork,
    objective: &O,
    options: &MultilevelOptions,
    (better, other): (&Tree, &Tree),
    seed: u64,
    monitor: &dyn Monitor,
) -> Tree {
    let level = objective.level(network);
    let search = TreeSearch::new(network, &level, objective, options, monitor);
    let start = search.crossed(better, other).unwrap_or_else(|| better.clone());
    search.explore(search.combine(&start, other, &mut random(seed, &[])), seed).0
}

impl<O: NestedObjective> TreeSearch<'_, O> {
    /// Returns a flat partition, or the tree that grows from it, and its value.
    fn first_attempt(&self, seed: u64) -> (Tree, f64) {
        let mut random_numbers = random(seed, &[]);
        let (first, effort) = self.flat(&self.options.two_level).initial_louvain(self.units, &mut random_numbers);
        shortest(self.grow_from_flat(first, effort, seed, random_numbers))
    }

    /// Returns the tuned `start`, or the tree that grows from it if it is flat, and its value.
    ///
    /// If `start` is flat and not better than one module, the tree grows from a Louvain run.
    fn attempt_from(&self, start: &Tree, seed: u64) -> (Tree, f64) {
        let Self { objective, units, options, .. } = *self;
        let mut random_numbers = random(seed, &[]);
        // A given tree may have levels that gain nothing.
        let start = &if start.levels() > 2 { pruned(objective, units, start) } else { start.clone() };
        let mut found = vec![self.tune(start.clone(), options.max_tuning_rounds, &mut random_numbers)];
        if start.levels() <= 2 {
            let given = Some(start.leaf_partition());
            let (first, effort) = self.flat(&options.two_level).initial_grouping(units, given, &mut random_numbers);
            found.extend(self.grow_from_flat(first, effort, seed, random_numbers));
        }
        let one = Tree::from_partition(&Partition::one_module(units.len()));
        let value = nested_value(objective, units.level, units.couplings, &one);
        if options.two_level.allow_one_module {
            found.push((one, value));
        }
        shortest(found)
    }

    /// Improves the grouping `first` by an iterated search, and grows trees from it. Returns the
    /// flat partition and the trees, with their values. `effort` is the work that `first` took.
    fn grow_from_flat(
        &self,
        first: Grouping,
        effort: MoveStats,
        seed: u64,
        mut random_numbers: Random,
    ) -> Vec<(Tree, f64)> {
        let Self { objective, units, options, .. } = *self;
        // If the objective prefers a number of levels, a tree can be best by its levels alone. One
        // module has no levels and could not become that tree.
        let prefers_levels = self.prefers_levels();
        let allow_one_module = options.two_level.allow_one_module && !prefers_levels;
        let flat = SearchOptions { allow_one_module, ..options.two_level };
        let mut search = IteratedSearch::new(self.flat(&flat), units, first, effort, &mut random_numbers);
        let max_recombinations = if options.divides() { FIRST_RECOMBINATIONS } else { usize::MAX };
        search.run(max_recombinations, &mut random_numbers);
        let grow = |grouping: &Grouping, random_numbers: &mut Random| {
            let value = grouping.value(objective, units);
            (self.grow_tree(grouping, &mut random(seed, &[1]), random_numbers), value)
        };
        let mut found = Vec::new();
        let (nested, value) = grow(&search.best, &mut random_numbers.clone());
        let deep = !prefers_levels && nested.as_ref().is_some_and(|nested| nested.1 < value - DEEP);
        found.extend(nested);
        if !deep && search.run(usize::MAX, &mut random_numbers) {
            found.extend(grow(&search.best, &mut random_numbers.clone()).0);
        }
        let flat = self.flat(&options.two_level);
        let grouping = flat.fall_back_to_one_module(units, search.best, &mut random_numbers);
        found.push((Tree::from_partition(&grouping.partition), grouping.value(objective, units)));
        found
    }

    /// Recombines `best` with the trees of further attempts, if the network is small and has
    /// modules.
    fn explore(&self, mut best: (Tree, f64), seed: u64) -> (Tree, f64) {
        let Self { units, options, monitor, .. } = *self;
        let prefers_levels = self.prefers_levels();
        let has_modules = best.0.leaf_partition().modules() > 1;
        if options.fast > 0 || !(has_modules || prefers_levels) {
            return best;
        }
        let attempts = (options.attempt_couplings / units.couplings.links().max(1)).min(options.max_attempts);
        let allow_one_module = options.two_level.allow_one_module && !prefers_levels;
        let quick = SearchOptions { allow_one_module, ..options.inside };
        let max_tuning_rounds = options.max_tuning_rounds.min(ATTEMPT_ROUNDS);
        let attempt_options = MultilevelOptions { max_tuning_rounds, ..*options };
        let attempt_search = TreeSearch { options: &attempt_options, ..*self };
        let mut attempts_without_gain = 0;
        for attempt in 1..attempts {
            let stays_flat = best.0.levels() <= 2 && attempt > options.patience;
            if attempts_without_gain >= options.patience || stays_flat || monitor.stop_requested() {
                break;
            }
            let mut random = random(seed, &[ATTEMPTS, attempt as u64]);
            let found = if best.0.levels() >= LEVELS_TO_REGROW && !prefers_levels && attempt % 2 == 1 {
                self.regrow(&best.0, &mut random).map(|found| self.cross_and_tune(&best, found, &mut random))
            } else {
                attempt_search.quick_attempt(&quick, &mut random).map(|(other, _)| {
                    // Without a crossover that is better, improve the best tree after an attempt with
                    // gain, and otherwise the other one.
                    let crossed = self.crossed(&best.0, &other);
                    let gains = attempts_without_gain == 0;
                    let (start, pieces) = match &crossed {
                        Some(crossed) => (crossed, &other),
                        None if gains => (&best.0, &other),
                        None => (&other, &best.0),
                    };
                    self.combine(start, pieces, &mut random)
                })
            };
            let Some(found) = found else {
                attempts_without_gain += 1;
                continue;
            };
            let gain = best.1 - found.1;
            if gain > 0.0 {
                best = found;
            }
            attempts_without_gain = if gain < options.min_gain { attempts_without_gain + 1 } else { 0 };
        }
        best
    }

    /// Returns the crossover of two trees if it is better than both.
    fn crossed(&self, better: &Tree, other: &Tree) -> Option<Tree> {
        // A preference for a number of levels is not a sum over modules.
        if self.prefers_levels() { None } else { crossover(self.objective, self.units, better, other) }
    }

    /// Returns the better one of `found` and the tuned crossover of `best` and `found`.
    fn cross_and_tune(&self, best: &(Tree, f64), found: (Tree, f64), random: &mut Random) -> (Tree, f64) {
        let (better, other) = if best.1 <= found.1 { (best, &found) } else { (&found, best) };
        match self.crossed(&better.0, &other.0) {
            Some(tree) => shortest(vec![self.tune(tree, self.options.rounds(), random), found]),
            None => found,
        }
    }

    /// Returns another tree and its value, or [`None`] if the flat partition has one module.
    /// `options` are those of the search for the flat partition.
    fn quick_attempt(&self, options: &SearchOptions, random: &mut Random) -> Option<(Tree, f64)> {
        let Self { objective, units, .. } = *self;
        let silent = OnlyStop(self.monitor);
        let grouping = Search { objective, options, monitor: &silent }.divide(units, random);
        let mut recursion = fork(random);
        let as_tree = || (Tree::from_partition(&grouping.partition), grouping.value(objective, units));
        (grouping.modules() > 1).then(|| self.grow_tree(&grouping, &mut recursion, random).unwrap_or_else(as_tree))
    }

    /// Grows another tree from the leaf modules of `tree`, and tunes it. Returns [`None`] if that
    /// has one module.
    ///
    /// This takes little time, as modules are grouped, not nodes.
    fn regrow(&self, tree: &Tree, random: &mut Random) -> Option<(Tree, f64)> {
        let Self { objective, units, options, monitor } = *self;
        let partition = tree.leaf_partition();
        let (flow, mut modules) = consolidated(objective, units, &partition);
        modules.level = modules.level.iter().map(|module| flow.0.as_unit(module)).collect();
        let of_modules = TreeSearch { objective: &flow, units: modules.units(), options, monitor: &OnlyStop(monitor) };
        let (tree, _) = of_modules.quick_attempt(&options.inside, random)?;
        Some(self.tune(tree.with_modules_as_leaves(&partition), options.rounds(), random))
    }

    /// Improves the tree `start` by moving the intersections of its leaf modules with those of
    /// `other`, then nodes.
    fn combine(&self, start: &Tree, other: &Tree, random: &mut Random) -> (Tree, f64) {
        let partition = start.leaf_partition();
        let cells = partition.intersection(&other.leaf_partition());
        let (coarse, _) = self.units.consolidate(self.objective, &cells);
        let mut leaf_module = vec![0; cells.modules()];
        for (node, &module) in start.leaf_modules().iter().enumerate() {
            leaf_module[cells.module(node)] = module;
        }
        let rounds = self.options.rounds();
        let of_cells = TreeSearch { units: coarse.units(), ..*self };
        let (cell_tree, _) = of_cells.tune(start.with_leaves(&leaf_module), CELL_ROUNDS.min(rounds), random);
        drop(coarse);
        let leaf_module: Vec<u32> =
            cells.labels().iter().map(|&cell| cell_tree.leaf_modules()[cell as usize]).collect();
        let tree = cell_tree.with_leaves(&leaf_module);
        let value = || nested_value(self.objective, self.units.level, self.units.couplings, &tree);
        self.monitor.stage_ended(Stage::new("combination", tree.modules().len() - 1, &value));
        self.tune(tree, rounds, random)
    }
}

/// Returns the tree with the lowest value, the first of equals.
fn shortest(found: Vec<(Tree, f64)>) -> (Tree, f64) {
    found.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).expect("at least one tree")
}
