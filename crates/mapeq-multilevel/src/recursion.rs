//! Recursion: modules are grouped into super modules, and every top module is divided on its own, and so on down.

use mapeq_core::{Additive, HierarchicalObjective, Partition};
use mapeq_search::{Monitor, Mover, Random, SearchOptions, Units, climb, divide, fork, tune};
use rayon::prelude::*;

/// In a division of more couplings than this, groups above the lowest are kept as they are found; below, the parts are the
/// top groups, and what is inside them is searched for anew level by level. That costs a search of all units per level,
/// which small networks can afford: planted hierarchies of 10⁴ nodes are then found exactly.
const COUPLINGS_TO_KEEP_GROUPS: usize = 1 << 18;

/// The least gain that a level must bring, in bits.
const LEAST_LEVEL_GAIN: f64 = 1e-10;

/// A tree in the making: the parent of every module, and the leaf module of every node.
pub(crate) struct Draft {
    pub parents: Vec<u32>,
    pub leaf_module: Vec<u32>,
}

/// A leaf module of a draft that may be worth dividing.
pub(crate) struct Task<H> {
    pub module: u32,
    pub nodes: Vec<u32>,
    /// The objective of dividing it.
    pub objective: H,
    pub random: Random,
}

/// A module divided into nested modules.
pub(crate) struct Division<H> {
    /// The modules that hold nodes: their nodes, and the objective of dividing them in turn.
    parts: Vec<(Vec<u32>, H)>,
    /// The parts grouped, the groups grouped, and so on.
    groups: Vec<Partition>,
}

impl Draft {
    /// Divides the modules of `tasks`, the modules they are divided into, and so on while it pays.
    ///
    /// Level by level, not depth first: then no part of the network is copied more than once at a time.
    pub fn divide<H: HierarchicalObjective>(
        &mut self,
        units: Units<'_, Additive<H>>,
        mut tasks: Vec<Task<H>>,
        options: &SearchOptions,
        monitor: &dyn Monitor,
    ) {
        while !tasks.is_empty() {
            let divisions: Vec<Option<Division<H>>> = tasks
                .par_iter_mut()
                .map_init(
                    || (vec![u32::MAX; units.len()], Mover::default()),
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

    /// Adds the modules of a division below `module`, and the tasks of dividing those with more than two nodes.
    pub fn add<H>(&mut self, module: u32, division: Division<H>, random: &mut Random, tasks: &mut Vec<Task<H>>) {
        // From the top down: the modules that the groups of each level hang below.
        let mut above = vec![module];
        let mut of_group =
            Partition::one_module(division.groups.last().map_or(division.parts.len(), Partition::modules));
        for groups in division.groups.iter().rev() {
            let first = self.parents.len() as u32;
            self.parents.extend((0..groups.modules()).map(|group| above[of_group.module(group)]));
            above = (first..self.parents.len() as u32).collect();
            of_group = groups.clone();
        }
        for (part, (nodes, objective)) in division.parts.into_iter().enumerate() {
            let module = self.parents.len() as u32;
            self.parents.push(above[of_group.module(part)]);
            for &node in &nodes {
                self.leaf_module[node as usize] = module;
            }
            if nodes.len() > 2 {
                tasks.push(Task { module, nodes, objective, random: fork(random) });
            }
        }
    }
}

/// The modules that the module of `task` is best divided into; none if that does not pay.
fn divide_task<H: HierarchicalObjective>(
    units: Units<'_, Additive<H>>,
    task: &mut Task<H>,
    position: &mut [u32],
    mover: &mut Mover,
    options: &SearchOptions,
    monitor: &dyn Monitor,
) -> Option<Division<H>> {
    if monitor.stop_requested() {
        return None;
    }
    let additive = Additive(task.objective.clone());
    let inside = units.restrict(&additive, &task.nodes, position);
    let singletons = Partition::singletons(inside.units().len());
    let (partition, _) = climb(&additive, inside.units(), &singletons, mover, &mut task.random, monitor);
    // Most leaf modules are left undivided: only where a first climb pays is it worth tuning.
    if !pays(&task.objective, inside.units(), &partition) {
        return None;
    }
    let (partition, _) = tune(
        &additive,
        inside.units(),
        partition,
        options.least_gain,
        options.most_tuning_rounds,
        mover,
        &mut task.random,
        monitor,
    );
    let mut division = group(&task.objective, inside.units(), partition, options, &mut task.random, monitor);
    for (nodes, _) in &mut division.parts {
        nodes.iter_mut().for_each(|unit| *unit = task.nodes[*unit as usize]);
    }
    Some(division)
}

/// Groups the modules of a partition of `units`, groups the groups, and so on while it pays.
///
/// If they are grouped at all, the parts of the division are groups (see [`COUPLINGS_TO_KEEP_GROUPS`]), not the modules
/// themselves: inside a group other modules are best than in the whole, mostly smaller ones, so they have to be searched for
/// anew.
pub(crate) fn group<H: HierarchicalObjective>(
    objective: &H,
    units: Units<'_, Additive<H>>,
    partition: Partition,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Division<H> {
    let additive = Additive(objective.clone());
    let mut modules = units.consolidate(&additive, &partition);
    let mut parts = to_parts(objective, &partition, &modules.level);
    let mut groups = Vec::new();
    let keep_groups = units.couplings.links() > COUPLINGS_TO_KEEP_GROUPS;
    let mut grouped = partition;
    for level in 0.. {
        modules.level = modules.level.iter().map(|module| objective.as_unit(module)).collect();
        let own = divide(&additive, modules.units(), options, random, monitor);
        if !pays(objective, modules.units(), &own) {
            break;
        }
        modules = modules.units().consolidate(&additive, &own);
        if level == 0 || !keep_groups {
            grouped = grouped.then(&own);
            parts = to_parts(objective, &grouped, &modules.level);
        } else {
            groups.push(own);
        }
    }
    Division { parts, groups }
}

/// The units of every module, and the objective of dividing it.
fn to_parts<H: HierarchicalObjective>(
    objective: &H,
    partition: &Partition,
    modules: &[H::Module],
) -> Vec<(Vec<u32>, H)> {
    let (offsets, members) = partition.members();
    let parts = modules.iter().zip(offsets.windows(2));
    parts.map(|(module, ends)| (members[ends[0]..ends[1]].to_vec(), objective.inside(module))).collect()
}

/// Whether a partition is neither trivial nor longer than one codebook for all units.
pub(crate) fn pays<H: HierarchicalObjective>(
    objective: &H,
    units: Units<'_, Additive<H>>,
    partition: &Partition,
) -> bool {
    if partition.modules() <= 1 || partition.modules() == units.len() {
        return false;
    }
    let none = H::Module::default();
    let whole = units.level.iter().fold(none, |sum, unit| objective.insert(&sum, unit, 0.0));
    units.value(&Additive(objective.clone()), partition) < objective.undivided(&whole) - LEAST_LEVEL_GAIN
}
