//! Objectives of trees: a cost of the flow, and a cost of the nodes in leaf modules.
//!
//! A *leaf module* contains nodes, wherever in the tree it is. Its cost may depend on which nodes
//! it contains and not only on their flow. For example, each visit also encodes a category, or all
//! states of a physical node share one codeword.

use crate::couplings::Couplings;
use crate::objective::{Additive, AdditiveObjective, HierarchicalObjective, Objective};
use crate::tree::Tree;
use crate::tree_value::tree_value;

/// An objective of trees: additive in the flow of every module, plus a cost of every leaf module.
///
/// As an [`Objective`] it is the value of a flat partition, whose modules are all leaf modules.
///
/// The value of the flow is that of [`HierarchicalObjective`].
///
/// ```text
/// value of a tree = value of its flow + Σ_leaf modules leaf cost(module)
/// ```
pub trait NestedObjective: Objective + Clone + Send {
    /// Objective of the flow.
    type Flow: HierarchicalObjective;
    /// Cost of leaf modules, `()` for none.
    type LeafCost: LeafCost;

    /// Returns the objective of the flow.
    fn flow(&self) -> &Self::Flow;

    /// Returns the cost of leaf modules.
    fn leaf_cost(&self) -> &Self::LeafCost;

    /// Returns the objective of dividing the inside of a module with aggregate `module`.
    fn inside(&self, module: &<Self::Flow as AdditiveObjective>::Module) -> Self;

    /// Returns the two parts of a level: the flow of the units, and their data for the leaf cost.
    fn split(level: &Self::Level) -> (&FlowLevel<Self::Flow>, &<Self::LeafCost as LeafCost>::Level);
}

/// Flow of the units of a level.
pub type FlowLevel<H> = <Additive<H> as Objective>::Level;

/// A cost that leaf modules pay for the nodes they contain.
///
/// A *bundle* is the contents of some units together. A *state* is the contents of all modules
/// except empty ones.
pub trait LeafCost: Send + Sync {
    /// Whether there is any cost. A constant, so that the search compiles without it.
    const PRESENT: bool = true;

    /// Contents of each unit of a level.
    type Level: Send + Sync;
    /// Contents of modules.
    type State: Send + Sync;
    /// Contents of some units of a level together. The default is empty.
    type Bundle: Default;

    /// Computes the state of the modules from scratch, if unit `u` of `level` is in module
    /// `modules[u]`.
    fn state(&self, level: &Self::Level, modules: &[u32]) -> Self::State;

    /// Returns the cost of all modules of a state.
    fn value(&self, state: &Self::State) -> f64;

    /// Returns the cost of a single module with all units of `level`.
    fn cost_of_one_module(&self, level: &Self::Level) -> f64;

    /// Sets `bundle` to the contents of the given units.
    fn bundle(&self, level: &Self::Level, units: &[u32], bundle: &mut Self::Bundle);

    /// Returns the cost of a module that contains `bundle` alone.
    fn cost_alone(&self, bundle: &Self::Bundle) -> f64;

    /// Returns the change of the cost of `module` if `bundle`, which it contains, leaves it.
    fn removal_delta(&self, state: &Self::State, bundle: &Self::Bundle, module: usize) -> f64;

    /// Returns the change of the cost of `module` if `bundle`, which it does not contain, joins it.
    fn insertion_delta(&self, state: &Self::State, bundle: &Self::Bundle, module: usize) -> f64;

    /// Returns a lower bound of [`insertion_delta`](Self::insertion_delta) over all modules of
    /// units of `level`.
    fn insertion_lower_bound(&self, level: &Self::Level, bundle: &Self::Bundle) -> f64;

    /// Moves `bundle` from one module to another one.
    fn relocate(&self, state: &mut Self::State, bundle: &Self::Bundle, from: usize, to: usize);

    /// Calls `found` with modules that are worth trying because they share contents with `bundle`.
    fn candidates(&self, state: &Self::State, bundle: &Self::Bundle, found: impl FnMut(usize)) {
        let _ = (state, bundle, found);
    }
}

/// No cost.
impl LeafCost for () {
    const PRESENT: bool = false;

    type Level = ();
    type State = ();
    type Bundle = ();

    fn state(&self, _level: &(), _modules: &[u32]) {}

    fn value(&self, _state: &()) -> f64 {
        0.0
    }

    fn cost_of_one_module(&self, _level: &()) -> f64 {
        0.0
    }

    fn bundle(&self, _level: &(), _units: &[u32], _bundle: &mut ()) {}

    #[inline(always)]
    fn cost_alone(&self, _bundle: &()) -> f64 {
        0.0
    }

    #[inline(always)]
    fn removal_delta(&self, _state: &(), _bundle: &(), _module: usize) -> f64 {
        0.0
    }

    #[inline(always)]
    fn insertion_delta(&self, _state: &(), _bundle: &(), _module: usize) -> f64 {
        0.0
    }

    #[inline(always)]
    fn insertion_lower_bound(&self, _level: &(), _bundle: &()) -> f64 {
        0.0
    }

    #[inline(always)]
    fn relocate(&self, _state: &mut (), _bundle: &(), _from: usize, _to: usize) {}
}

impl<H: HierarchicalObjective> NestedObjective for Additive<H> {
    type Flow = H;
    type LeafCost = ();

    #[inline(always)]
    fn flow(&self) -> &H {
        &self.0
    }

    #[inline(always)]
    fn leaf_cost(&self) -> &() {
        &()
    }

    fn inside(&self, module: &H::Module) -> Self {
        Self(self.0.inside(module))
    }

    fn split(level: &Self::Level) -> (&FlowLevel<H>, &()) {
        (level, &())
    }
}

/// Returns the objective of a tree, up to the same constant as for flat partitions.
///
/// The leaves of the tree are the units of `level`, with symmetric `couplings`.
///
/// # Complexity
/// O(units + links · depth), and that of the leaf cost.
///
/// # Panics
/// If there is not one row of couplings and one leaf per unit.
pub fn nested_value<O: NestedObjective>(objective: &O, level: &O::Level, couplings: &Couplings, tree: &Tree) -> f64 {
    let (flow, contents) = O::split(level);
    let state = objective.leaf_cost().state(contents, tree.leaf_modules());
    tree_value(objective.flow(), flow, couplings, tree) + objective.leaf_cost().value(&state)
}
