//! Objectives of trees, some of which depend on *what* a module contains and not only on its flow.
//!
//! Modules of modules name their children by codewords whose use is a matter of flow. A module that holds nodes may have to
//! say more: a category with every visit, or less: one codeword for all states of a physical node. That is its *content*, and
//! only modules that hold nodes pay for it, wherever in the tree they are.

use crate::couplings::Couplings;
use crate::objective::{Additive, AdditiveObjective, HierarchicalObjective, Objective};
use crate::tree::Tree;
use crate::tree_value::tree_value;

/// An objective of trees: additive in the flow of every module, plus what modules that hold nodes pay for their content.
///
/// As an [`Objective`] it is the same of a flat partition, whose modules all hold nodes.
///
/// ```text
/// value of a tree = value of its flow (see HierarchicalObjective) + Σ_modules that hold nodes content(module)
/// ```
pub trait NestedObjective: Objective + Clone + Send {
    /// What modules pay for their flow.
    type Flow: HierarchicalObjective;
    /// What modules that hold nodes pay besides; `()` for nothing.
    type LeafCost: LeafCost;

    /// What modules pay for their flow.
    fn flow(&self) -> &Self::Flow;

    /// What modules that hold nodes pay besides.
    fn leaf_cost(&self) -> &Self::LeafCost;

    /// The objective of dividing the inside of a module with this flow.
    fn inside(&self, module: &<Self::Flow as AdditiveObjective>::Module) -> Self;

    /// The flow and the content of the units of a level.
    fn split(level: &Self::Level) -> (&FlowLevel<Self::Flow>, &<Self::LeafCost as LeafCost>::Level);
}

/// The flow of the units of a level.
pub type FlowLevel<H> = <Additive<H> as Objective>::Level;

/// What modules that hold nodes pay for what they contain.
///
/// A *bundle* is what some units contain together, a *state* what modules contain; of the empty module it need not know.
pub trait LeafCost: Send + Sync {
    /// Whether modules pay anything at all: known when a search is compiled.
    const PRESENT: bool = true;

    /// What each unit of a level contains.
    type Level: Send + Sync;
    /// What modules contain.
    type State: Send + Sync;
    /// What some units of a level contain together; nothing by default.
    type Bundle: Default;

    /// The state of the modules that the units of `level` are in, `modules[unit]`, from scratch.
    fn state(&self, level: &Self::Level, modules: &[u32]) -> Self::State;

    /// What all modules of a state pay.
    fn value(&self, state: &Self::State) -> f64;

    /// What one module would pay that contains all units of `level`.
    fn cost_of_one_module(&self, level: &Self::Level) -> f64;

    /// Makes `bundle` what the given units contain together.
    fn bundle(&self, level: &Self::Level, units: &[u32], bundle: &mut Self::Bundle);

    /// What a module pays that contains `bundle` alone.
    fn cost_alone(&self, bundle: &Self::Bundle) -> f64;

    /// Change of what `module` pays if `bundle`, which it contains, leaves it.
    fn removal_delta(&self, state: &Self::State, bundle: &Self::Bundle, module: usize) -> f64;

    /// Change of what `module` pays if `bundle`, which it does not contain, joins it.
    fn insertion_delta(&self, state: &Self::State, bundle: &Self::Bundle, module: usize) -> f64;

    /// A lower bound of [`insertion_delta`](Self::insertion_delta) for all modules of units of `level`.
    fn insertion_lower_bound(&self, level: &Self::Level, bundle: &Self::Bundle) -> f64;

    /// Moves `bundle` from one module to another one.
    fn relocate(&self, state: &mut Self::State, bundle: &Self::Bundle, from: usize, to: usize);

    /// Calls `found` with modules that are worth trying because of what they have in common with `bundle`.
    fn candidates(&self, state: &Self::State, bundle: &Self::Bundle, found: impl FnMut(usize)) {
        let _ = (state, bundle, found);
    }
}

/// Nothing to pay for.
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

/// The objective of a tree, from scratch, up to the same constant as that of flat partitions. The leaves of the tree are the
/// units of `level`, with symmetric `couplings`. O(units + links · depth).
///
/// # Panics
/// If there is not one row of couplings and one leaf per unit.
pub fn nested_value<O: NestedObjective>(objective: &O, level: &O::Level, couplings: &Couplings, tree: &Tree) -> f64 {
    let (flow, content) = O::split(level);
    let contents = objective.leaf_cost().state(content, tree.leaf_modules());
    tree_value(objective.flow(), flow, couplings, tree) + objective.leaf_cost().value(&contents)
}
