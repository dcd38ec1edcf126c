//! Recursion: modules are grouped into super modules, then every top module is divided on its own,
//! and so on down.

use mapeq_core::{
    Additive, AdditiveObjective, HierarchicalObjective, LeafCost, NestedObjective, Objective, Partition, Tree,
    nested_value,
};
use mapeq_search::{
    Grouping, LocalMover, Monitor, OnlyStop, OwnedUnits, Random, Search, SearchOptions, Stage, Units,
    consolidate_couplings, enlarge_small_modules, fork,
};
use rayon::prelude::*;

use crate::tree_search::TreeSearch;
use crate::tree_state::{Aggregate, ROOT};

/// In a division of more couplings than this, groups above the lowest are kept as found.
///
/// In smaller ones, the parts are the top groups, and their inside is searched for anew level by
/// level. That costs a search of all units per level, which small networks can afford. Planted
/// hierarchies of 10⁴ nodes are then found exactly.
const COUPLINGS_TO_KEEP_GROUPS: usize = 1 << 18;

/// In a network of more couplings than this, the division of a part starts from the modules that
/// were grouped to it.
///
/// In smaller networks it starts from single nodes. On com-dblp and cnr-2000 a start from modules
/// takes a quarter of the recursion's time, for 0.005 bits.
const COUPLINGS_TO_START_ANEW: usize = 1 << 20;

/// Lower bound on the gain of a level, in bits.
const MIN_LEVEL_GAIN: f64 = 1e-10;

/// A tree under construction: the parent of every module, and the leaf module of every node.
pub(crate) struct TreeBuilder {
    pub parents: Vec<u32>,
    pub leaf_module: Vec<u32>,
}

/// A leaf module that may be worth dividing.
pub(crate) struct Task<O> {
    pub module: u32,
    /// Level of the nodes. 1 for nodes of the root.
    pub level: u32,
    pub nodes: Vec<u32>,
    /// Division of the nodes to start from.
    pub start: Option<Vec<u32>>,
    /// Objective of dividing the module.
    pub objective: O,
    pub random: Random,
}

/// A module divided into nested modules.
pub(crate) struct Division<O> {
    /// Modules that hold nodes.
    parts: Vec<Part<O>>,
    /// Groups of the parts, groups of the groups, and so on.
    groups: Vec<Partition>,
}

/// Levels to keep of those that grouping finds.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum KeptLevels {
    /// All levels. The parts of the division are the modules that were grouped.
    All,
    /// The groups. The lowest groups are the parts, and modules inside them are searched for anew.
    Groups,
    /// The top groups. They are the parts, and modules inside them are searched for anew.
    Top,
}

impl KeptLevels {
    /// Returns the levels to keep if the parts are divided in turn: see
    /// [`COUPLINGS_TO_KEEP_GROUPS`].
    ///
    /// Under constraints all levels are kept, as groups may not satisfy the constraints on leaf
    /// modules.
    pub fn for_division<O: NestedObjective>(units: Units<'_, O>) -> Self {
        if units.constraints().is_some() {
            return Self::All;
        }
        if units.couplings.links() > COUPLINGS_TO_KEEP_GROUPS { Self::Groups } else { Self::Top }
    }
}

struct Part<O> {
    nodes: Vec<u32>,
    /// Division of the nodes to start from.
    start: Option<Vec<u32>>,
    /// Objective of dividing the part.
    objective: O,
}

impl<O: NestedObjective> TreeSearch<'_, O> {
    /// Grows a tree from a flat partition, upwards and downwards, and tunes it. Returns the tree
    /// and its value, or [`None`] if it has no more than two levels.
    pub fn grow_tree(&self, grouping: &Grouping, random: &mut Random, tuning: &mut Random) -> Option<(Tree, f64)> {
        let Self { objective, units, options, monitor } = *self;
        if grouping.modules() <= 1 {
            return None;
        }
        // The many searches inside modules report no stages of their own.
        let inner = OnlyStop(monitor);
        let search = Search { objective, options: &options.inside, monitor: &inner };
        let mut builder = TreeBuilder { parents: vec![ROOT], leaf_module: vec![ROOT; units.len()] };
        let mut tasks = Vec::new();
        let kept = if options.divides() { KeptLevels::for_division(units) } else { KeptLevels::All };
        let division = group(search, units, grouping.partition.clone(), 2, kept, random);
        builder.add(ROOT, division, random, &mut tasks);
        if options.divides() {
            builder.divide(units, tasks, &options.inside, &inner);
        }
        let tree = Tree::new(&builder.parents, &builder.leaf_module);
        drop(builder);
        let value = || nested_value(objective, units.level, units.couplings, &tree);
        monitor.stage_ended(Stage::new("recursion", tree.modules().len() - 1, &value));
        // A tree of two levels has been tuned already.
        (tree.levels() > 2).then(|| self.tune(tree, options.rounds(), tuning))
    }
}

impl TreeBuilder {
    /// Divides the modules of `tasks`, the modules they are divided into, and so on while it pays.
    /// Level by level, not depth first, so that no part of the network is copied twice at a time.
    pub fn divide<O: NestedObjective>(
        &mut self,
        units: Units<'_, O>,
        mut tasks: Vec<Task<O>>,
        options: &SearchOptions,
        monitor: &dyn Monitor,
    ) {
        while !tasks.is_empty() {
            let divisions: Vec<Option<Division<O>>> = tasks
                .par_iter_mut()
                .map_init(
                    || (vec![u32::MAX; units.len()], LocalMover::default()),
                    |(position, mover), task| divide_task(units, task, position, mover, options, monitor),
                )
                .collect();
            let mut next = Vec::new();
            for (task, division) in tasks.iter_mut().zip(divisions) {
                if let Some(division) = division {
                    self.add(task.module, division, &mut task.random, &mut next);
                }
            }
            tasks = next;
        }
    }

    /// Returns the number of levels from the root down to `module`.
    fn depth(&self, module: u32) -> u32 {
        std::iter::successors(Some(module), |&own| (own != ROOT).then(|| self.parents[own as usize])).count() as u32 - 1
    }

    /// Adds the modules of a division below `module`, and tasks to divide those with more than two
    /// nodes.
    pub fn add<O>(&mut self, module: u32, division: Division<O>, random: &mut Random, tasks: &mut Vec<Task<O>>) {
        // From the top down: `above` are the modules that the groups of a level hang below.
        let level = self.depth(module) + division.groups.len() as u32 + 2;
        let mut above = vec![module];
        let mut of_group =
            Partition::one_module(division.groups.last().map_or(division.parts.len(), Partition::modules));
        for groups in division.groups.iter().rev() {
            let first = self.parents.len() as u32;
            self.parents.extend((0..groups.modules()).map(|group| above[of_group.module(group)]));
            above = (first..self.parents.len() as u32).collect();
            of_group = groups.clone();
        }
        for (part, Part { nodes, start, objective }) in division.parts.into_iter().enumerate() {
            let module = self.parents.len() as u32;
            self.parents.push(above[of_group.module(part)]);
            for &node in &nodes {
                self.leaf_module[node as usize] = module;
            }
            if nodes.len() > 2 {
                tasks.push(Task { module, level, nodes, start, objective, random: fork(random) });
            }
        }
    }
}

/// Divides the module of `task`. Returns [`None`] if no division pays.
fn divide_task<O: NestedObjective>(
    units: Units<'_, O>,
    task: &mut Task<O>,
    position: &mut [u32],
    mover: &mut LocalMover,
    options: &SearchOptions,
    monitor: &dyn Monitor,
) -> Option<Division<O>> {
    if monitor.stop_requested() {
        return None;
    }
    let Task { level, nodes, start, objective, random, .. } = task;
    let search = Search { objective: &*objective, options, monitor };
    mover.restart(options.moves, random);
    let inside = units.restrict_constrained(objective, nodes, position);
    let level_cost = cost_of_level(objective, inside.units(), *level);
    let grouping = match start.take() {
        Some(labels) if units.couplings.links() > COUPLINGS_TO_START_ANEW => {
            Grouping::new(inside.units(), Partition::from_labels(labels))
        }
        _ => {
            let singletons = Grouping::singletons(inside.units().len());
            let (found, _) = search.louvain(inside.units(), singletons, mover, random);
            // Most leaf modules stay undivided, so tuning is worth its time only if a first Louvain
            // run pays.
            if !pays(objective, inside.units(), &found.partition, level_cost) {
                return None;
            }
            found
        }
    };
    let (grouping, _) = search.tune(inside.units(), grouping, options.max_tuning_rounds, mover, random);
    let grouping = enlarge_small_modules(objective, inside.units(), grouping);
    let allowed = inside.units().constraints().is_none_or(|constraints| constraints.allow(&grouping.partition));
    if !allowed || !pays(objective, inside.units(), &grouping.partition, level_cost) {
        return None;
    }
    let kept = KeptLevels::for_division(inside.units());
    let mut division = group(search, inside.units(), grouping.partition, *level + 1, kept, random);
    for part in &mut division.parts {
        part.nodes.iter_mut().for_each(|unit| *unit = nodes[*unit as usize]);
    }
    Some(division)
}

/// Returns the objective of grouping the modules of a partition of `units`, and the modules as
/// units.
///
/// Modules of modules pay for their flow alone, whatever the labels of the nodes below. O(units +
/// links).
pub(crate) fn consolidated<O: NestedObjective>(
    objective: &O,
    units: Units<'_, O>,
    partition: &Partition,
) -> (Additive<O::Flow>, OwnedUnits<Additive<O::Flow>>) {
    let flow = Additive(objective.flow().clone());
    let (couplings, internal) = consolidate_couplings(units.couplings, partition);
    let aggregates = flow.consolidate(O::split(units.level).0, partition, &internal);
    (flow, OwnedUnits::new(couplings, aggregates))
}

/// Groups the modules of a partition of `units`, groups the groups, and so on while it pays.
/// `level` is the level of the units.
///
/// If the modules are grouped at all, the parts of the division are groups, not the modules, unless
/// all levels are kept. Inside a group other modules are best than in the whole network, mostly
/// smaller ones, so they are searched for anew.
pub(crate) fn group<O: NestedObjective>(
    search: Search<'_, O>,
    units: Units<'_, O>,
    partition: Partition,
    level: u32,
    kept: KeptLevels,
    random: &mut Random,
) -> Division<O> {
    let Search { objective, options, monitor } = search;
    let (flow, mut modules) = consolidated(objective, units, &partition);
    let flow_search = Search { objective: &flow, options, monitor };
    let mut parts = to_parts(objective, &partition, None, &modules.level);
    let mut groups = Vec::new();
    let mut grouped = partition.clone();
    for grouping in 0.. {
        modules.level = modules.level.iter().map(|module| flow.0.as_unit(module)).collect();
        let own = flow_search.divide(modules.units(), random).partition;
        if !pays(&flow, modules.units(), &own, cost_of_level(objective, units, level + grouping)) {
            break;
        }
        modules = modules.units().consolidate(&flow, &own).0;
        if kept == KeptLevels::Top || (kept == KeptLevels::Groups && grouping == 0) {
            grouped = grouped.then(&own);
            parts = to_parts(objective, &grouped, Some(&partition), &modules.level);
        } else {
            groups.push(own);
        }
    }
    Division { parts, groups }
}

/// Returns the modules of `partition` as parts. Their divisions start from the partition `finer`.
fn to_parts<O: NestedObjective>(
    objective: &O,
    partition: &Partition,
    finer: Option<&Partition>,
    modules: &[Aggregate<O>],
) -> Vec<Part<O>> {
    let (offsets, members) = partition.members();
    let parts = modules.iter().zip(offsets.windows(2));
    parts
        .map(|(module, ends)| {
            let nodes = members[ends[0]..ends[1]].to_vec();
            let start = finer.map(|finer| nodes.iter().map(|&unit| finer.module(unit as usize) as u32).collect());
            Part { nodes, start, objective: objective.inside(module) }
        })
        .collect()
}

/// Returns the cost of one more level around `units`, which are at `level`, if the objective
/// prefers a number of levels.
fn cost_of_level<O: NestedObjective>(objective: &O, units: Units<'_, O>, level: u32) -> f64 {
    let flow = objective.flow();
    let Some(preferred) = flow.preferred_levels() else { return 0.0 };
    let visits: f64 = O::split(units.level).0.iter().map(|unit| flow.use_rate(unit)).sum();
    visits * preferred.change(level, level + 1)
}

/// Returns whether a partition has more than one module and is shorter than one codebook for all
/// units.
///
/// The cost of one more level is added to the partition.
pub(crate) fn pays<O: NestedObjective>(
    objective: &O,
    units: Units<'_, O>,
    partition: &Partition,
    cost_of_level: f64,
) -> bool {
    if partition.modules() <= 1 {
        return false;
    }
    // A single unit may be worth a codebook if the walk often stays in it, but never for the sake
    // of a level.
    let cost_of_level = if partition.modules() == units.len() { cost_of_level.max(0.0) } else { cost_of_level };
    let flow = objective.flow();
    let (flows, contents) = O::split(units.level);
    let whole = flows.iter().fold(Aggregate::<O>::default(), |sum, unit| flow.insert(&sum, unit, 0.0));
    let undivided = flow.undivided(&whole) + objective.leaf_cost().cost_of_one_module(contents);
    units.value(objective, partition) + cost_of_level < undivided - MIN_LEVEL_GAIN
}
