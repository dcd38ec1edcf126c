//! The modules of units while the units move.

use mapeq_core::{Objective, Partition, Target};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;

/// Number of spare modules, besides one for each module.
const SPARE: usize = 1 << 10;

/// An assignment of units to modules that changes in place.
///
/// It has slots for spare modules that units can found: one for each module, and 1024 more.
pub struct Assignment<O: Objective> {
    module: Vec<u32>,
    size: Vec<u32>,
    empty: Vec<u32>,
    /// Number of nodes in each module. Empty without constraints.
    nodes: Vec<u32>,
    state: O::State,
}

impl<O: Objective> Assignment<O> {
    /// Assigns units to the modules of `grouping`. O(units).
    pub fn new(objective: &O, units: Units<'_, O>, grouping: &Grouping) -> Self {
        let Grouping { partition, internal } = grouping;
        let slots = units.len().min(2 * partition.modules() + SPARE);
        let spare = slots - partition.modules();
        let state = objective.state(units.level, partition, internal, spare);
        let mut size = vec![0u32; slots];
        for &module in partition.labels() {
            size[module as usize] += 1;
        }
        let mut nodes = units.constraints.map_or(Vec::new(), |constraints| constraints.nodes_in(partition));
        if units.constraints.is_some() {
            nodes.resize(slots, 0);
        }
        let empty = (partition.modules() as u32..slots as u32).rev().collect();
        Self { module: partition.labels().to_vec(), size, empty, nodes, state }
    }

    /// Returns the module of `unit`.
    #[inline(always)]
    pub fn module(&self, unit: usize) -> usize {
        self.module[unit] as usize
    }

    /// Returns the module of every unit.
    #[inline(always)]
    pub fn modules(&self) -> &[u32] {
        &self.module
    }

    /// Number of slots for modules, which never changes.
    #[inline(always)]
    pub fn slots(&self) -> usize {
        self.size.len()
    }

    /// Number of units in `module`.
    #[inline(always)]
    pub fn size(&self, module: usize) -> u32 {
        self.size[module]
    }

    /// Number of nodes in `module`. Known only under constraints.
    #[inline(always)]
    pub(crate) fn nodes(&self, module: usize) -> u32 {
        self.nodes[module]
    }

    /// Returns a module without units.
    #[inline(always)]
    pub fn empty_module(&self) -> Option<usize> {
        self.empty.last().map(|&module| module as usize)
    }

    /// Returns the objective's data of the modules.
    #[inline(always)]
    pub fn state(&self) -> &O::State {
        &self.state
    }

    /// Returns the objective's data of the modules for changes of its totals.
    pub(crate) fn state_mut(&mut self) -> &mut O::State {
        &mut self.state
    }

    /// Moves the unit of `target` to the module of `target`, as [`Objective::commit`].
    pub fn relocate(&mut self, objective: &O, units: Units<'_, O>, leave: &O::Leave, target: Target) {
        objective.commit(units.level, &mut self.state, leave, target);
        let Target { unit, module, .. } = target;
        let old = self.module(unit);
        if let Some(constraints) = units.constraints {
            self.nodes[old] -= constraints.nodes(unit);
            self.nodes[module] += constraints.nodes(unit);
        }
        self.module[unit] = module as u32;
        if self.size[module] == 0 {
            let taken = self.empty.pop();
            debug_assert_eq!(taken, Some(module as u32), "only the last empty module is on offer");
        }
        self.size[module] += 1;
        self.size[old] -= 1;
        if self.size[old] == 0 {
            self.empty.push(old as u32);
        }
    }

    /// Returns the current partition.
    pub fn partition(&self) -> Partition {
        Partition::from_labels(self.module.clone())
    }

    /// Returns the final partition.
    pub fn into_partition(self) -> Partition {
        Partition::from_labels(self.module)
    }
}
