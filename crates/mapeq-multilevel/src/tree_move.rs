//! The change of the objective when a unit moves to another place in the tree.
//!
//! A unit is a node, a module with its subtree, or the content of a module. It leaves a module A
//! and joins a module B, and C is their lowest common ancestor. Below C, every ancestor of the unit
//! from A upwards loses the unit's flow, and every module from B upwards gains it. Each of them
//! passes the change of its own codeword to its parent. C keeps its boundary, and only the
//! codewords in its codebook change. The rest of the tree stays, so a move costs O(depth).

use mapeq_core::{AdditiveObjective, HierarchicalObjective, LeafCost, NestedObjective};

use crate::tree_state::{Aggregate, Bundle, ROOT, TreeState};

/// A unit that moves.
#[derive(Clone, Copy)]
pub(crate) struct Unit<M> {
    /// Share of the unit in the aggregate of the module that directly contains it.
    pub whole: M,
    /// Share of the unit in the aggregates of the modules above.
    pub boundary: M,
}

impl<M: Copy> Unit<M> {
    pub fn node<H: HierarchicalObjective<Module = M>>(objective: &H, aggregate: &M) -> Self {
        Self { whole: *aggregate, boundary: objective.boundary(aggregate) }
    }

    pub fn module<H: HierarchicalObjective<Module = M>>(objective: &H, aggregate: &M) -> Self {
        Self { whole: objective.as_unit(aggregate), boundary: objective.boundary(aggregate) }
    }

    pub fn content<H: HierarchicalObjective<Module = M>>(objective: &H, aggregate: &M) -> Self {
        Self::node(objective, aggregate)
    }
}

/// A unit about to move, its couplings to modules, and the modules that it leaves, without it.
pub(crate) struct TreeMove<O: NestedObjective> {
    /// Coupling of the unit to each module.
    coupling: Vec<f64>,
    /// Modules that the unit is coupled to.
    neighbours: Vec<u32>,
    /// Index of each module in `ancestors`.
    ancestor_index: Vec<u32>,
    /// Modules that the unit leaves, from the lowest to a child of the root.
    ancestors: Vec<ShrunkModule<Aggregate<O>>>,
    /// Number of modules at the beginning of `ancestors` that are left empty.
    emptied: usize,
    unit: Option<Unit<Aggregate<O>>>,
    /// Labels that move from A to B. Empty if the unit is a whole module.
    bundle: Bundle<O>,
    from: u32,
    /// Change of the cost of labels in A.
    removal_delta: f64,
    /// Lower bound of the change of the cost of labels in A and B.
    label_lower_bound: f64,
}

/// A module that the unit leaves.
struct ShrunkModule<M> {
    module: u32,
    rest: M,
    /// Change of the terms of this module and those before it.
    change: f64,
}

const NOT_AN_ANCESTOR: u32 = u32::MAX;

impl<O: NestedObjective> TreeMove<O> {
    pub fn new() -> Self {
        Self {
            coupling: Vec::new(),
            neighbours: Vec::new(),
            ancestor_index: Vec::new(),
            ancestors: Vec::new(),
            emptied: 0,
            unit: None,
            bundle: Bundle::<O>::default(),
            from: ROOT,
            removal_delta: 0.0,
            label_lower_bound: 0.0,
        }
    }

    /// Forgets the last unit, and makes room for `slots` modules.
    pub fn begin(&mut self, slots: usize) {
        for module in self.neighbours.drain(..) {
            self.coupling[module as usize] = 0.0;
        }
        self.clear_ancestors();
        self.extend(slots);
    }

    /// Makes room for new modules.
    pub fn extend(&mut self, slots: usize) {
        self.coupling.resize(slots.max(self.coupling.len()), 0.0);
        self.ancestor_index.resize(slots.max(self.ancestor_index.len()), NOT_AN_ANCESTOR);
    }

    fn clear_ancestors(&mut self) {
        for left in self.ancestors.drain(..) {
            self.ancestor_index[left.module as usize] = NOT_AN_ANCESTOR;
        }
    }

    /// Couples the unit to the leaf module `module`, and so to every module above it except the
    /// root.
    pub fn couple(&mut self, state: &TreeState<'_, O>, mut module: u32, coupling: f64) {
        while module != ROOT {
            let sum = &mut self.coupling[module as usize];
            if *sum == 0.0 {
                self.neighbours.push(module);
            }
            *sum += coupling;
            module = state.parent(module);
        }
    }

    /// Returns the modules that the unit is coupled to, without the root.
    pub fn neighbours(&self) -> &[u32] {
        &self.neighbours
    }

    /// Returns the coupling of the unit to `module`.
    pub fn coupling_to(&self, module: u32) -> f64 {
        self.coupling[module as usize]
    }

    /// Returns whether the unit leaves `module`.
    pub fn leaves(&self, module: u32) -> bool {
        self.ancestor_index[module as usize] != NOT_AN_ANCESTOR
    }

    /// Prepares the unit to leave the module `from`. `last` is set if nothing else is in that
    /// module.
    ///
    /// `nodes` are the nodes that the unit takes out of a module that holds them. Empty if the unit
    /// is a whole module.
    pub fn leave(&mut self, state: &TreeState<'_, O>, unit: Unit<Aggregate<O>>, nodes: &[u32], from: u32, last: bool) {
        self.clear_ancestors();
        self.unit = Some(unit);
        self.emptied = 0;
        self.from = from;
        state.leaf_cost.bundle(state.of_nodes, nodes, &mut self.bundle);
        self.removal_delta = state.leaf_cost.removal_delta(&state.contents, &self.bundle, from as usize);
        self.label_lower_bound =
            self.removal_delta + state.leaf_cost.insertion_lower_bound(state.of_nodes, &self.bundle);
        let objective = state.flow;
        let mut module = from;
        let mut change = 0.0;
        while module != ROOT {
            let old = state.aggregate(module);
            let coupling = self.coupling[module as usize];
            let (empty, rest) = if let Some(child) = self.ancestors.last() {
                let emptied_child = self.emptied == self.ancestors.len();
                let without = objective.remove(old, &unit.boundary, coupling);
                let rest = replace_codeword(
                    objective,
                    &without,
                    Some(state.aggregate(child.module)),
                    (!emptied_child).then_some(&child.rest),
                );
                (emptied_child && state.size(module) == 1, rest)
            } else {
                (last, objective.remove(old, &unit.whole, coupling))
            };
            let rest = if empty { Aggregate::<O>::default() } else { rest };
            self.emptied += usize::from(empty);
            change += objective.term(&rest) - state.term(module);
            self.ancestor_index[module as usize] = self.ancestors.len() as u32;
            self.ancestors.push(ShrunkModule { module, rest, change });
            module = state.parent(module);
        }
    }

    /// Returns the change of the objective if the unit joins `target`, which does not contain it
    /// directly.
    ///
    /// Returns infinity if a lower bound of the change is not below `limit`. O(depth).
    #[inline]
    pub fn delta_below(&self, state: &TreeState<'_, O>, target: u32, limit: f64) -> f64 {
        if self.insertion_delta::<true>(state, target, None, |_, _| {}) + self.label_lower_bound < limit {
            let content =
                self.removal_delta + state.leaf_cost.insertion_delta(&state.contents, &self.bundle, target as usize);
            self.insertion_delta::<false>(state, target, None, |_, _| {}) + content
        } else {
            f64::INFINITY
        }
    }

    /// Returns the change of the objective if the unit joins a new module below `parent`.
    #[inline]
    pub fn delta_alone(&self, state: &TreeState<'_, O>, parent: u32) -> f64 {
        let alone = self.alone(state);
        let content = self.removal_delta + state.leaf_cost.cost_alone(&self.bundle);
        let child = (Aggregate::<O>::default(), alone);
        state.flow.term(&alone) + self.insertion_delta::<false>(state, parent, Some(child), |_, _| {}) + content
    }

    /// Calls `found` with modules that share labels with the unit.
    pub fn candidates(&self, state: &TreeState<'_, O>, mut found: impl FnMut(u32)) {
        state.leaf_cost.candidates(&state.contents, &self.bundle, |module| found(module as u32));
    }

    fn alone(&self, state: &TreeState<'_, O>) -> Aggregate<O> {
        let unit = self.unit.as_ref().expect("a unit is about to move");
        state.flow.insert(&Aggregate::<O>::default(), &unit.whole, 0.0)
    }

    /// Updates the aggregates and labels of all modules that the move to `target` changes.
    pub fn commit(&self, state: &mut TreeState<'_, O>, target: u32) {
        let mut changed = Vec::new();
        self.insertion_delta::<false>(state, target, None, |module, aggregate| changed.push((module, aggregate)));
        for (module, aggregate) in changed {
            state.put_aggregate(module, aggregate);
        }
        state.move_content(&self.bundle, self.from, target);
    }

    /// Returns the change of the cost of flow if the unit joins `target`. Calls `changed` with
    /// modules and their new aggregates.
    ///
    /// Walks from `target` up to the lowest common ancestor. If the unit joins a child of `target`,
    /// `child` is that child before and after. With `LOWER_BOUND`, returns a lower bound of the
    /// change, which is faster.
    #[inline(always)]
    fn insertion_delta<const LOWER_BOUND: bool>(
        &self,
        state: &TreeState<'_, O>,
        target: u32,
        mut child: Option<(Aggregate<O>, Aggregate<O>)>,
        mut changed: impl FnMut(u32, Aggregate<O>),
    ) -> f64 {
        let unit = self.unit.as_ref().expect("a unit is about to move");
        let objective = state.flow;
        let mut module = target;
        let mut delta = 0.0;
        while module != ROOT && !self.leaves(module) {
            let old = state.aggregate(module);
            let coupling = self.coupling[module as usize];
            let new = match &child {
                None => objective.insert(old, &unit.whole, coupling),
                Some((before, after)) => {
                    let with = objective.insert(old, &unit.boundary, coupling);
                    replace_codeword(objective, &with, Some(before), Some(after))
                }
            };
            delta += if LOWER_BOUND {
                objective.term_change_lower_bound(old, &new)
            } else {
                objective.term(&new) - state.term(module)
            };
            changed(module, new);
            child = Some((*old, new));
            module = state.parent(module);
        }
        // The lowest common ancestor.
        let place = if module == ROOT { self.ancestors.len() } else { self.ancestor_index[module as usize] as usize };
        let mut common = *state.aggregate(module);
        let own_use = objective.remove(&unit.whole, &unit.boundary, 0.0);
        if place == 0 {
            common = objective.remove(&common, &own_use, 0.0);
        } else {
            let last = &self.ancestors[place - 1];
            delta += last.change;
            let rest = (place > self.emptied).then_some(&last.rest);
            common = replace_codeword(objective, &common, Some(state.aggregate(last.module)), rest);
            for left in &self.ancestors[..place] {
                changed(left.module, left.rest);
            }
        }
        common = match &child {
            None => objective.insert(&common, &own_use, 0.0),
            Some((before, after)) => replace_codeword(objective, &common, Some(before), Some(after)),
        };
        changed(module, common);
        if LOWER_BOUND && module != ROOT {
            delta + objective.term_change_lower_bound(state.aggregate(module), &common)
        } else {
            delta + state.term_of(module, &common) - state.term(module)
        }
    }
}

/// Returns the aggregate `module` with the codeword of one child replaced.
#[inline(always)]
pub(crate) fn replace_codeword<H: HierarchicalObjective>(
    objective: &H,
    module: &H::Module,
    before: Option<&H::Module>,
    after: Option<&H::Module>,
) -> H::Module {
    let mut module = *module;
    if let Some(before) = before {
        module = objective.remove(&module, &objective.codeword(before), 0.0);
    }
    if let Some(after) = after {
        module = objective.insert(&module, &objective.codeword(after), 0.0);
    }
    module
}
