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
    type Content: Content;

    /// What modules pay for their flow.
    fn flow(&self) -> &Self::Flow;

    /// What modules that hold nodes pay besides.
    fn content(&self) -> &Self::Content;

    /// The objective of dividing the inside of a module with this flow.
    fn inside(&self, module: &<Self::Flow as AdditiveObjective>::Module) -> Self;

    /// The flow and the content of the units of a level.
    fn split(level: &Self::Level) -> (&FlowLevel<Self::Flow>, &<Self::Content as Content>::Level);
}

/// The flow of the units of a level.
pub type FlowLevel<H> = <Additive<H> as Objective>::Level;

/// What modules that hold nodes pay for what they contain.
///
/// A *load* is what some units contain together, a *state* what modules contain; of the empty module it need not know.
pub trait Content: Send + Sync {
    /// Whether modules pay anything at all: known when a search is compiled.
    const PRESENT: bool = true;

    /// What each unit of a level contains.
    type Level: Send + Sync;
    /// What modules contain.
    type State: Send + Sync;
    /// What some units of a level contain together; nothing by default.
    type Load: Default;

    /// The state of the modules that the units of `level` are in, `modules[unit]`, from scratch.
    fn state(&self, level: &Self::Level, modules: &[u32]) -> Self::State;

    /// What all modules of a state pay.
    fn value(&self, state: &Self::State) -> f64;

    /// What one module would pay that contains all units of `level`.
    fn whole(&self, level: &Self::Level) -> f64;

    /// Makes `load` what the given units contain together.
    fn load(&self, level: &Self::Level, units: &[u32], load: &mut Self::Load);

    /// What a module pays that contains `load` alone.
    fn alone(&self, load: &Self::Load) -> f64;

    /// Change of what `module` pays if `load`, which it contains, leaves it.
    fn departure(&self, state: &Self::State, load: &Self::Load, module: usize) -> f64;

    /// Change of what `module` pays if `load`, which it does not contain, joins it.
    fn arrival(&self, state: &Self::State, load: &Self::Load, module: usize) -> f64;

    /// A lower bound of [`arrival`](Self::arrival) for all modules of units of `level`.
    fn arrival_at_least(&self, level: &Self::Level, load: &Self::Load) -> f64;

    /// Moves `load` from one module to another one.
    fn relocate(&self, state: &mut Self::State, load: &Self::Load, from: usize, to: usize);

    /// Calls `found` with modules that are worth trying because of what they have in common with `load`.
    fn akin(&self, state: &Self::State, load: &Self::Load, found: impl FnMut(usize)) {
        let _ = (state, load, found);
    }
}

/// Nothing to pay for.
impl Content for () {
    const PRESENT: bool = false;

    type Level = ();
    type State = ();
    type Load = ();

    fn state(&self, _level: &(), _modules: &[u32]) {}

    fn value(&self, _state: &()) -> f64 {
        0.0
    }

    fn whole(&self, _level: &()) -> f64 {
        0.0
    }

    fn load(&self, _level: &(), _units: &[u32], _load: &mut ()) {}

    #[inline(always)]
    fn alone(&self, _load: &()) -> f64 {
        0.0
    }

    #[inline(always)]
    fn departure(&self, _state: &(), _load: &(), _module: usize) -> f64 {
        0.0
    }

    #[inline(always)]
    fn arrival(&self, _state: &(), _load: &(), _module: usize) -> f64 {
        0.0
    }

    #[inline(always)]
    fn arrival_at_least(&self, _level: &(), _load: &()) -> f64 {
        0.0
    }

    #[inline(always)]
    fn relocate(&self, _state: &mut (), _load: &(), _from: usize, _to: usize) {}
}

impl<H: HierarchicalObjective> NestedObjective for Additive<H> {
    type Flow = H;
    type Content = ();

    #[inline(always)]
    fn flow(&self) -> &H {
        &self.0
    }

    #[inline(always)]
    fn content(&self) -> &() {
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
    let contents = objective.content().state(content, tree.leaf_modules());
    tree_value(objective.flow(), flow, couplings, tree) + objective.content().value(&contents)
}
