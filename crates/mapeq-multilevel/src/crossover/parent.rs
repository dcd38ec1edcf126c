//! One of the two trees of a crossover, and how its modules lie in those of the other tree.

use mapeq_core::{AdditiveObjective, HierarchicalObjective, LeafCost, NestedObjective, Tree, tree_aggregates};
use mapeq_search::Units;

use crate::tree_state::Aggregate;

/// Marks a module for which no container has been found.
const NONE: u32 = u32::MAX;

/// A tree with the aggregates and the nodes of its modules.
pub(super) struct Parent<'a, O: NestedObjective> {
    tree: &'a Tree,
    aggregates: Vec<Aggregate<O>>,
    /// Nodes in the order of their leaf modules, so that the nodes of each module are one range.
    nodes: Vec<u32>,
    /// Range of each module in `nodes`.
    ranges: Vec<(u32, u32)>,
    /// Cost of the labels of each leaf module; 0 for other modules.
    leaf_costs: Vec<f64>,
}

impl<'a, O: NestedObjective> Parent<'a, O> {
    pub fn new(objective: &O, units: Units<'_, O>, tree: &'a Tree) -> Self {
        let (flow, labels) = O::split(units.level);
        let aggregates = tree_aggregates(objective.flow(), flow, units.couplings, tree);
        let mut nodes: Vec<u32> = (0..tree.nodes() as u32).collect();
        // Modules are in preorder, so the leaf modules of a subtree have consecutive numbers.
        nodes.sort_by_key(|&node| tree.leaf_modules()[node as usize]);
        let mut ranges = vec![(u32::MAX, 0); tree.modules().len()];
        for (place, &node) in nodes.iter().enumerate() {
            let range = &mut ranges[tree.leaf_modules()[node as usize] as usize];
            *range = (range.0.min(place as u32), place as u32 + 1);
        }
        for module in (1..ranges.len()).rev() {
            let own = ranges[module];
            let parent = &mut ranges[tree.modules()[module].parent as usize];
            *parent = (parent.0.min(own.0), parent.1.max(own.1));
        }
        let mut bundle = <O::LeafCost as LeafCost>::Bundle::default();
        let leaf_cost = |module: usize| {
            if !O::LeafCost::PRESENT || !tree.is_leaf_module(module) {
                return 0.0;
            }
            let (start, end) = ranges[module];
            objective.leaf_cost().bundle(labels, &nodes[start as usize..end as usize], &mut bundle);
            objective.leaf_cost().cost_alone(&bundle)
        };
        let leaf_costs = (0..ranges.len()).map(leaf_cost).collect();
        Self { tree, aggregates, nodes, ranges, leaf_costs }
    }

    /// Returns the number of modules, the root included.
    pub fn modules(&self) -> usize {
        self.ranges.len()
    }

    pub fn depth(&self, module: usize) -> u32 {
        self.tree.modules()[module].depth
    }

    pub fn parent(&self, module: usize) -> usize {
        self.tree.modules()[module].parent as usize
    }

    pub fn children(&self, module: usize) -> Vec<u32> {
        self.tree.children(module).map(|child| child as u32).collect()
    }

    pub fn is_leaf_module(&self, module: usize) -> bool {
        self.tree.is_leaf_module(module)
    }

    pub fn leaf_module_of(&self, node: u32) -> u32 {
        self.tree.leaf_modules()[node as usize]
    }

    pub fn aggregate(&self, module: usize) -> &Aggregate<O> {
        &self.aggregates[module]
    }

    /// Returns the number of nodes in `module`.
    pub fn size(&self, module: usize) -> usize {
        self.nodes_of(module).len()
    }

    /// Returns the number of nodes in `modules`, which are disjoint.
    pub fn size_of_all(&self, modules: &[u32]) -> usize {
        modules.iter().map(|&module| self.size(module as usize)).sum()
    }

    pub fn nodes_of(&self, module: usize) -> &[u32] {
        let (start, end) = self.ranges[module];
        &self.nodes[start as usize..end as usize]
    }

    /// Returns the value of `module` with its present codebook, without that of its children.
    pub fn term(&self, objective: &O, module: usize) -> f64 {
        term(objective, module, &self.aggregates[module]) + self.leaf_costs[module]
    }

    /// Returns the value of the tree.
    pub fn value(&self, objective: &O) -> f64 {
        (0..self.modules()).map(|module| self.term(objective, module)).sum()
    }

    /// Returns for every module the lowest module of `other` that contains all its nodes.
    /// O(nodes · depth).
    pub fn containers_in(&self, other: &Self) -> Vec<u32> {
        let join = |a: u32, b: u32| if a == NONE { b } else { other.tree.lowest_common_module(a, b) };
        let mut containers = vec![NONE; self.modules()];
        for (node, &module) in self.tree.leaf_modules().iter().enumerate() {
            let container = &mut containers[module as usize];
            *container = join(*container, other.tree.leaf_modules()[node]);
        }
        for module in (1..self.modules()).rev() {
            let parent = self.parent(module);
            containers[parent] = join(containers[parent], containers[module]);
        }
        containers
    }

    /// Returns for every module the largest modules of `other` that are proper subsets of it.
    ///
    /// `containers` are those of the modules of `other` in this tree. If both trees have a module,
    /// its list is empty: the children of its twin take the place of the list.
    pub fn largest_inside(&self, other: &Self, containers: &[u32]) -> Vec<Vec<u32>> {
        let mut largest = vec![Vec::new(); self.modules()];
        for module in 1..other.modules() {
            let end = containers[other.parent(module)];
            let mut container = containers[module];
            while container != end {
                if self.size(container as usize) > other.size(module) {
                    largest[container as usize].push(module as u32);
                }
                container = self.parent(container as usize) as u32;
            }
        }
        largest
    }
}

/// Returns the term of `module` with the codebook `aggregate`.
pub(super) fn term<O: NestedObjective>(objective: &O, module: usize, aggregate: &Aggregate<O>) -> f64 {
    if module == 0 { objective.flow().undivided(aggregate) } else { objective.flow().term(aggregate) }
}
