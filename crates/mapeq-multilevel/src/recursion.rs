//! Recursion: modules are grouped into super modules, and every top module is divided on its own, and so on down.

use mapeq_core::{Additive, HierarchicalObjective, Partition};
use mapeq_search::{Monitor, Random, SearchOptions, Units, divide, fork};
use rayon::prelude::*;

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

/// Part of a divided module: its nodes, and the objective of dividing it in turn.
type Part<H> = (Vec<u32>, H);

impl Draft {
    /// Divides the modules of `tasks`, the modules they are divided into, and so on while it pays. Returns how many of
    /// `tasks` were divided.
    ///
    /// Level by level, not depth first: then no part of the network is copied more than once at a time.
    pub fn divide<H: HierarchicalObjective>(
        &mut self,
        units: Units<'_, Additive<H>>,
        mut tasks: Vec<Task<H>>,
        options: &SearchOptions,
        monitor: &dyn Monitor,
    ) -> usize {
        let mut divided_at_first = None;
        while !tasks.is_empty() {
            let parts: Vec<Vec<Part<H>>> = tasks
                .par_iter_mut()
                .map_init(
                    || vec![u32::MAX; units.len()],
                    |position, task| parts_of(units, task, position, options, monitor),
                )
                .collect();
            divided_at_first.get_or_insert(parts.iter().filter(|parts| !parts.is_empty()).count());
            let mut next = Vec::new();
            for (task, parts) in tasks.iter_mut().zip(parts) {
                for (nodes, objective) in parts {
                    self.add_part(task.module, nodes, objective, &mut task.random, &mut next);
                }
            }
            tasks = next;
        }
        divided_at_first.unwrap_or(0)
    }

    /// Adds a module with the given nodes below `parent`, and the task of dividing it if it has more than two.
    pub fn add_part<H>(
        &mut self,
        parent: u32,
        nodes: Vec<u32>,
        objective: H,
        random: &mut Random,
        tasks: &mut Vec<Task<H>>,
    ) {
        let module = self.parents.len() as u32;
        self.parents.push(parent);
        for &node in &nodes {
            self.leaf_module[node as usize] = module;
        }
        if nodes.len() > 2 {
            tasks.push(Task { module, nodes, objective, random: fork(random) });
        }
    }
}

/// The modules that the module of `task` is best divided into; none if that does not pay.
fn parts_of<H: HierarchicalObjective>(
    units: Units<'_, Additive<H>>,
    task: &mut Task<H>,
    position: &mut [u32],
    options: &SearchOptions,
    monitor: &dyn Monitor,
) -> Vec<Part<H>> {
    if monitor.stop_requested() {
        return Vec::new();
    }
    let additive = Additive(task.objective.clone());
    let inside = units.restrict(&additive, &task.nodes, position);
    let partition = divide(&additive, inside.units(), options, &mut task.random, monitor);
    if !pays(&task.objective, inside.units(), &partition) {
        return Vec::new();
    }
    let parts = top_parts(&task.objective, inside.units(), partition, options, &mut task.random, monitor);
    let to_nodes = |part: Vec<u32>| part.into_iter().map(|unit| task.nodes[unit as usize]).collect();
    parts.into_iter().map(|(part, objective)| (to_nodes(part), objective)).collect()
}

/// The top modules above a partition of `units`: its modules are grouped, the groups grouped, and so on while it pays.
pub(crate) fn top_parts<H: HierarchicalObjective>(
    objective: &H,
    units: Units<'_, Additive<H>>,
    mut partition: Partition,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Vec<Part<H>> {
    let additive = Additive(objective.clone());
    let mut modules = units.consolidate(&additive, &partition);
    loop {
        modules.level = modules.level.iter().map(|module| objective.as_unit(module)).collect();
        let groups = divide(&additive, modules.units(), options, random, monitor);
        if !pays(objective, modules.units(), &groups) {
            break;
        }
        partition = partition.then(&groups);
        modules = modules.units().consolidate(&additive, &groups);
    }
    let (offsets, members) = partition.members();
    let parts = modules.level.iter().zip(offsets.windows(2));
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
