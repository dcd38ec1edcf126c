//! A tree of modules that changes in place, with the aggregate, the term and the labels of every
//! module kept up to date.

use mapeq_core::{
    AdditiveObjective, HierarchicalObjective, LeafCost, NestedObjective, PreferredLevels, Tree, tree_aggregates,
};
use mapeq_search::Units;

/// The root's slot.
pub(crate) const ROOT: u32 = 0;

/// Aggregate of the flow of a module.
pub(crate) type Aggregate<O> = <<O as NestedObjective>::Flow as AdditiveObjective>::Module;

/// Labels of some nodes together.
pub(crate) type Bundle<O> = <<O as NestedObjective>::LeafCost as LeafCost>::Bundle;

/// A tree that changes in place. Modules live in slots. Free slots have no parent and no children.
pub(crate) struct TreeState<'a, O: NestedObjective> {
    pub objective: &'a O,
    /// Cost of the flow of modules.
    pub flow: &'a O::Flow,
    /// Cost of the labels of leaf modules.
    pub leaf_cost: &'a O::LeafCost,
    pub of_nodes: &'a <O::LeafCost as LeafCost>::Level,
    pub contents: <O::LeafCost as LeafCost>::State,
    levels: Option<PreferredLevels>,
    slots: Vec<Slot>,
    /// Parent of every module. Not in the slots, as every move walks up.
    parents: Vec<u32>,
    /// Aggregate and term of every module.
    measures: Vec<(Aggregate<O>, f64)>,
    module_of: Vec<u32>,
    free_slots: Vec<u32>,
}

struct Slot {
    /// Child modules. Empty if the module holds nodes.
    children: Vec<u32>,
    /// Number of child modules or of nodes.
    size: u32,
    holds_nodes: bool,
    /// Whether units have joined or left since the last search inside the module.
    dirty: bool,
}

impl<'a, O: NestedObjective> TreeState<'a, O> {
    /// Creates the state of `tree`, with aggregates and labels computed from scratch.
    pub fn new(objective: &'a O, units: Units<'a, O>, tree: &Tree) -> Self {
        let (flow, leaf_cost) = (objective.flow(), objective.leaf_cost());
        let (flow_of_nodes, of_nodes) = O::split(units.level);
        let aggregates = tree_aggregates(flow, flow_of_nodes, units.couplings, tree);
        let contents = leaf_cost.state(of_nodes, tree.leaf_modules());
        let mut slots: Vec<_> = tree
            .modules()
            .iter()
            .enumerate()
            .map(|(module, _)| Slot {
                children: tree.children(module).map(|child| child as u32).collect(),
                size: tree.children(module).count() as u32,
                holds_nodes: tree.is_leaf_module(module),
                dirty: false,
            })
            .collect();
        let term = |module: usize, aggregate: &Aggregate<O>| match module {
            0 => flow.undivided(aggregate),
            _ => flow.term(aggregate),
        };
        let measures = aggregates
            .into_iter()
            .enumerate()
            .map(|(module, aggregate)| (aggregate, term(module, &aggregate)))
            .collect();
        let parents = tree.parents();
        for &module in tree.leaf_modules() {
            slots[module as usize].size += 1;
        }
        let module_of = tree.leaf_modules().to_vec();
        let (levels, free_slots) = (flow.preferred_levels(), Vec::new());
        Self { objective, flow, leaf_cost, of_nodes, contents, levels, slots, parents, measures, module_of, free_slots }
    }

    /// Returns the current tree.
    pub fn to_tree(&self) -> Tree {
        let parents: Vec<u32> = (0..self.slots.len() as u32).map(|module| self.parent(module)).collect();
        Tree::new(&parents, &self.module_of)
    }

    /// Returns the objective of the current tree.
    pub fn value(&self) -> f64 {
        let flow: f64 = self.measures.iter().map(|(_, term)| term).sum();
        flow + self.leaf_cost.value(&self.contents) + self.value_of_levels()
    }

    fn value_of_levels(&self) -> f64 {
        let Some(preferred) = self.levels else { return 0.0 };
        let leaves = (0..self.slots.len() as u32).filter(|&module| self.exists(module) && self.holds_nodes(module));
        leaves.map(|leaf| self.flow.use_rate(self.aggregate(leaf)) * preferred.penalty(self.depth(leaf) + 1)).sum()
    }

    /// Returns the number of levels from the root down to `module`.
    pub fn depth(&self, module: u32) -> u32 {
        let mut above = module;
        let mut depth = 0;
        while above != ROOT {
            above = self.parent(above);
            depth += 1;
        }
        depth
    }

    /// Returns the change of the cost of levels if a node moves from one leaf module to another.
    #[inline(always)]
    pub fn level_delta_of_node(&self, unit: &Aggregate<O>, from: u32, to: u32) -> f64 {
        let Some(preferred) = self.levels else { return 0.0 };
        self.flow.use_rate(unit) * preferred.change(self.depth(from) + 1, self.depth(to) + 1)
    }

    /// Returns whether `module` has a single sibling, if the objective prefers a number of levels.
    ///
    /// Without `module`, that sibling would be an only child. It would be the cheapest way to a
    /// level, but carry no information.
    #[inline(always)]
    pub fn would_leave_only_child(&self, module: u32) -> bool {
        self.levels.is_some() && self.size(self.parent(module)) == 2
    }

    /// Returns the change of the cost of levels if `module` moves to a place that is `below` levels
    /// below `target`.
    #[inline(always)]
    pub fn level_delta_of_move(&self, module: u32, target: u32, below: i32) -> f64 {
        match self.levels {
            None => 0.0,
            Some(_) => self.level_delta_of_shift(module, self.depth(target) as i32 - self.depth(module) as i32 + below),
        }
    }

    /// Returns the change of the cost of levels if the nodes below `module` come deeper by
    /// `levels`.
    pub fn level_delta_of_shift(&self, module: u32, levels: i32) -> f64 {
        let Some(preferred) = self.levels else { return 0.0 };
        let mut change = 0.0;
        let mut stack = vec![(module, self.depth(module) + 1)];
        while let Some((module, level)) = stack.pop() {
            if self.holds_nodes(module) {
                let other = level.checked_add_signed(levels).expect("nodes stay below the root");
                change += self.flow.use_rate(self.aggregate(module)) * preferred.change(level, other);
            } else {
                stack.extend(self.children(module).iter().map(|&child| (child, level + 1)));
            }
        }
        change
    }

    /// Number of slots, free ones included.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// Iterates over all modules except the root.
    pub fn modules(&self) -> impl Iterator<Item = u32> + '_ {
        (1..self.slots.len() as u32).filter(|&module| self.exists(module))
    }

    pub fn exists(&self, module: u32) -> bool {
        self.slots[module as usize].size > 0
    }

    #[inline(always)]
    pub fn parent(&self, module: u32) -> u32 {
        self.parents[module as usize]
    }

    pub fn children(&self, module: u32) -> &[u32] {
        &self.slots[module as usize].children
    }

    pub fn size(&self, module: u32) -> u32 {
        self.slots[module as usize].size
    }

    pub fn holds_nodes(&self, module: u32) -> bool {
        self.slots[module as usize].holds_nodes
    }

    pub fn aggregate(&self, module: u32) -> &Aggregate<O> {
        &self.measures[module as usize].0
    }

    /// Returns the cost of the flow of a module.
    pub fn term(&self, module: u32) -> f64 {
        self.measures[module as usize].1
    }

    /// Returns the cost of the flow of a module with the given aggregate.
    #[inline(always)]
    pub fn term_of(&self, module: u32, aggregate: &Aggregate<O>) -> f64 {
        if module == ROOT { self.flow.undivided(aggregate) } else { self.flow.term(aggregate) }
    }

    pub fn put_aggregate(&mut self, module: u32, aggregate: Aggregate<O>) {
        let term = self.term_of(module, &aggregate);
        self.measures[module as usize] = (aggregate, term);
    }

    /// Moves the labels of some nodes from one module to another.
    #[inline(always)]
    pub fn move_content(&mut self, bundle: &Bundle<O>, from: u32, to: u32) {
        self.leaf_cost.relocate(&mut self.contents, bundle, from as usize, to as usize);
    }

    /// Iterates over the modules that units have joined or left since the last search inside them.
    pub fn dirty(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.slots.len() as u32).filter(|&module| self.exists(module) && self.slots[module as usize].dirty)
    }

    /// Returns the dirty modules, and marks them as clean.
    pub fn take_dirty(&mut self) -> Vec<u32> {
        let all = 0..self.slots.len() as u32;
        all.filter(|&module| {
            let slot = &mut self.slots[module as usize];
            slot.size > 0 && std::mem::take(&mut slot.dirty)
        })
        .collect()
    }

    /// Marks every module as dirty.
    #[cfg(test)]
    pub fn mark_all_dirty(&mut self) {
        self.slots.iter_mut().for_each(|slot| slot.dirty = slot.size > 0);
    }

    /// Returns the leaf module of `node`.
    #[inline(always)]
    pub fn module_of(&self, node: usize) -> u32 {
        self.module_of[node]
    }

    /// Returns the leaf module of every node.
    pub fn leaf_modules(&self) -> &[u32] {
        &self.module_of
    }

    /// Moves `node` into the leaf module `module`, which may be empty.
    pub fn place_node(&mut self, node: usize, module: u32) {
        let old = self.module_of[node];
        self.module_of[node] = module;
        let new = &mut self.slots[module as usize];
        new.size += 1;
        new.dirty = true;
        let slot = &mut self.slots[old as usize];
        slot.size -= 1;
        slot.dirty = true;
        if slot.size == 0 {
            self.remove(old);
        }
    }

    /// Moves the module `module` below `parent`.
    pub fn place_module(&mut self, module: u32, parent: u32) {
        let old = std::mem::replace(&mut self.parents[module as usize], parent);
        let new = &mut self.slots[parent as usize];
        new.children.push(module);
        new.size += 1;
        new.dirty = true;
        self.detach_child(old, module);
    }

    /// Opens an empty module below `parent`. It exists once a unit is placed in it.
    pub fn open(&mut self, parent: u32, holds_nodes: bool) -> u32 {
        let module = self.free_slots.pop().unwrap_or_else(|| {
            self.slots.push(Slot { children: Vec::new(), size: 0, holds_nodes, dirty: false });
            self.parents.push(ROOT);
            self.measures.push((Aggregate::<O>::default(), 0.0));
            self.slots.len() as u32 - 1
        });
        let slot = &mut self.slots[module as usize];
        slot.holds_nodes = holds_nodes;
        slot.dirty = false;
        self.parents[module as usize] = parent;
        let parent = &mut self.slots[parent as usize];
        parent.children.push(module);
        parent.size += 1;
        parent.dirty = true;
        module
    }

    /// Merges `module` into `target` and removes `module`. `nodes` are its nodes, if it holds any.
    ///
    /// Does not change aggregates and labels.
    pub fn merge_into(&mut self, module: u32, target: u32, nodes: &[u32]) {
        for &node in nodes {
            self.module_of[node as usize] = target;
        }
        let slot = &mut self.slots[module as usize];
        let children = std::mem::take(&mut slot.children);
        let size = std::mem::take(&mut slot.size);
        for &child in &children {
            self.parents[child as usize] = target;
        }
        let slot = &mut self.slots[target as usize];
        slot.children.extend(children);
        slot.size += size;
        slot.dirty = true;
        self.remove(module);
    }

    /// Merges `module` into its parent. A module that holds nodes must be an only child.
    ///
    /// Does not change aggregates.
    pub fn dissolve(&mut self, module: u32, nodes: &[u32]) {
        let parent = self.parent(module);
        if self.slots[module as usize].holds_nodes {
            let mut bundle = Bundle::<O>::default();
            self.leaf_cost.bundle(self.of_nodes, nodes, &mut bundle);
            self.move_content(&bundle, module, parent);
            debug_assert_eq!(self.slots[parent as usize].size, 1, "nodes are lifted from an only child");
            self.slots[parent as usize].holds_nodes = true;
        }
        self.merge_into(module, parent, nodes);
    }

    /// Removes an empty module from the tree, and its parent if that is empty then.
    fn remove(&mut self, module: u32) {
        let slot = &mut self.slots[module as usize];
        slot.size = 0;
        slot.children.clear();
        slot.dirty = false;
        self.measures[module as usize] = (Aggregate::<O>::default(), 0.0);
        let parent = std::mem::replace(&mut self.parents[module as usize], ROOT);
        self.free_slots.push(module);
        self.detach_child(parent, module);
    }

    fn detach_child(&mut self, parent: u32, module: u32) {
        let slot = &mut self.slots[parent as usize];
        let position = slot.children.iter().position(|&child| child == module).expect("a child of its parent");
        slot.children.swap_remove(position);
        slot.size -= 1;
        slot.dirty = true;
        if slot.size == 0 && parent != ROOT {
            self.remove(parent);
        }
    }
}
