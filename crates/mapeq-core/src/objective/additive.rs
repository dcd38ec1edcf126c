//! Objectives whose modules are described by an additive aggregate.

use std::ops::{Add, Sub};

use super::unlinked::UnlinkedModules;
use super::{Objective, Target};
use crate::flow_network::{FlowNetwork, NodeFlow};
use crate::partition::Partition;
use crate::prefetch::prefetch;

/// An objective whose modules are described by an additive aggregate. The search minimises it.
///
/// ```text
/// value = Σ_modules term(module) + shared_term(Σ_modules shared(module))
/// ```
///
/// The empty module is `Module::default()`. Its `term` must be 0, and its `shared` must be the zero
/// of `Shared`.
pub trait AdditiveObjective: Sync {
    /// Aggregate of a set of nodes.
    type Module: Copy + Default + Send + Sync;
    /// Type of the total over all modules, usually `f64`.
    type Shared: Copy + Default + Send + Sync + Add<Output = Self::Shared> + Sub<Output = Self::Shared>;

    /// Returns the aggregate of a single node.
    fn node(&self, node: &NodeFlow) -> Self::Module;

    /// Returns the aggregate of `module` with `unit` added. The unit must not be in the module.
    ///
    /// `coupling` is the flow between the two, both directions added.
    fn insert(&self, module: &Self::Module, unit: &Self::Module, coupling: f64) -> Self::Module;

    /// Returns the aggregate of `module` with `unit` removed. The unit must be in the module.
    ///
    /// `coupling` is the flow between `unit` and the rest of the module, both directions added.
    fn remove(&self, module: &Self::Module, unit: &Self::Module, coupling: f64) -> Self::Module;

    /// Returns the module's own term of the objective.
    fn term(&self, module: &Self::Module) -> f64;

    /// Returns the module's contribution to the shared total.
    fn shared(&self, module: &Self::Module) -> Self::Shared;

    /// Returns the term of the shared total.
    fn shared_term(&self, total: Self::Shared) -> f64;

    /// Returns the constant that the objective omits, in the same unit: the codelength of a
    /// partition of `network` is its value plus this. O(nodes).
    fn constant(&self, network: &FlowNetwork) -> f64 {
        let _ = network;
        0.0
    }

    /// Returns whether `unit` may gain by joining a module that it has no link to.
    ///
    /// If any unit of a level does, the search proposes such modules to all units: see
    /// [`unlinked_class`](Self::unlinked_class).
    #[inline(always)]
    fn gains_without_link(&self, unit: &Self::Module) -> bool {
        let _ = unit;
        false
    }

    /// Returns the class of `module`, below [`UNLINKED_CLASSES`](crate::UNLINKED_CLASSES), and its
    /// rank there. Units without a link to the module of the highest rank in a class try it, too.
    #[inline(always)]
    fn unlinked_class(&self, module: &Self::Module) -> (usize, f64) {
        let _ = module;
        (0, 0.0)
    }

    /// Returns a lower bound of `term(after) − term(before)`.
    ///
    /// A bound that is much cheaper than the terms saves most of the time of a search. By default
    /// there is no bound (−∞), and the search computes every change exactly.
    #[inline(always)]
    fn term_change_lower_bound(&self, before: &Self::Module, after: &Self::Module) -> f64 {
        let _ = (before, after);
        f64::NEG_INFINITY
    }

    /// Returns the slope of `shared_term` at `before`, for
    /// [`shared_change_lower_bound`](Self::shared_change_lower_bound).
    ///
    /// The slope is computed once per unit for all candidate modules: the tangent of a convex
    /// function is a lower bound. If that method does not use the slope, return any number.
    #[inline(always)]
    fn shared_slope(&self, before: Self::Shared) -> f64 {
        let _ = before;
        0.0
    }

    /// Returns a lower bound of `shared_term(after) − shared_term(before)`.
    ///
    /// `slope` is the [`shared_slope`](Self::shared_slope) of `before`.
    #[inline(always)]
    fn shared_change_lower_bound(&self, before: Self::Shared, slope: f64, after: Self::Shared) -> f64 {
        let _ = (before, slope, after);
        f64::NEG_INFINITY
    }
}

/// Lifts an [`AdditiveObjective`] to an [`Objective`].
#[derive(Clone, Copy, Debug)]
pub struct Additive<A>(pub A);

/// State of [`Additive`]: the modules with their terms, and the totals.
#[derive(Clone, Debug)]
pub struct AdditiveState<A: AdditiveObjective> {
    modules: Vec<(A::Module, f64)>,
    shared: A::Shared,
    /// Term of `shared`, stored because every visit needs it and few visits change it.
    shared_term: f64,
    terms: f64,
    /// Modules to propose to units without a link to them, if units may gain by that.
    unlinked: Option<Box<UnlinkedModules>>,
}

impl<A: AdditiveObjective> AdditiveState<A> {
    /// Returns the aggregate of `module`.
    pub fn module(&self, module: usize) -> &A::Module {
        &self.modules[module].0
    }
}

/// Terms of [`Additive`] for a unit that may leave its module.
#[derive(Clone, Copy, Debug)]
pub struct AdditiveLeave<A: AdditiveObjective> {
    from: usize,
    /// Whether the unit is the only member of its module.
    alone: bool,
    rest: A::Module,
    rest_term: f64,
    shared: A::Shared,
    /// Term of `shared`.
    shared_term: f64,
    /// Slope of the shared term at `shared`.
    slope: f64,
    /// Change of the term of the module `from`, minus the shared term of the state.
    change: f64,
}

impl<A: AdditiveObjective> Additive<A> {
    fn aggregates(&self, level: &[A::Module], partition: &Partition, internal: &[f64]) -> Vec<A::Module> {
        let mut modules = vec![A::Module::default(); partition.modules()];
        for (unit, aggregate) in level.iter().enumerate() {
            let module = &mut modules[partition.module(unit)];
            *module = self.0.insert(module, aggregate, 0.0);
        }
        for (module, &coupling) in modules.iter_mut().zip(internal) {
            *module = self.0.insert(module, &A::Module::default(), coupling);
        }
        modules
    }

    /// Returns the module `old` joined by the unit of `target`, and the resulting shared total.
    #[inline(always)]
    fn joined(
        &self,
        level: &[A::Module],
        old: &A::Module,
        leave: &AdditiveLeave<A>,
        target: Target,
    ) -> (A::Module, A::Shared) {
        let new = self.0.insert(old, &level[target.unit], target.coupling);
        (new, leave.shared - self.0.shared(old) + self.0.shared(&new))
    }
}

impl<A: AdditiveObjective> Objective for Additive<A> {
    type Level = Box<[A::Module]>;
    type State = AdditiveState<A>;
    type Leave = AdditiveLeave<A>;

    fn constant(&self, network: &FlowNetwork) -> f64 {
        self.0.constant(network)
    }

    fn level(&self, network: &FlowNetwork) -> Self::Level {
        (0..network.len()).map(|node| self.0.node(&network.nodes.at(node))).collect()
    }

    fn restrict(&self, level: &Self::Level, units: &[u32]) -> Self::Level {
        units.iter().map(|&unit| level[unit as usize]).collect()
    }

    fn consolidate(&self, level: &Self::Level, partition: &Partition, internal: &[f64]) -> Self::Level {
        self.aggregates(level, partition, internal).into()
    }

    fn state(&self, level: &Self::Level, partition: &Partition, internal: &[f64], spare: usize) -> Self::State {
        let aggregates = self.aggregates(level, partition, internal);
        let mut modules = Vec::with_capacity(aggregates.len() + spare);
        let mut shared = A::Shared::default();
        let mut terms = 0.0;
        for module in aggregates {
            let term = self.0.term(&module);
            shared = shared + self.0.shared(&module);
            terms += term;
            modules.push((module, term));
        }
        let unlinked = level.iter().any(|unit| self.0.gains_without_link(unit)).then(|| {
            let mut unlinked = UnlinkedModules::new();
            for (module, (aggregate, _)) in modules.iter().enumerate() {
                unlinked.update(module, Some(self.0.unlinked_class(aggregate)));
            }
            Box::new(unlinked)
        });
        modules.resize(modules.len() + spare, Default::default());
        AdditiveState { modules, shared, shared_term: self.0.shared_term(shared), terms, unlinked }
    }

    fn include_rest(&self, state: &mut Self::State, whole: &Self::State, own: &[u32]) {
        let others =
            own.iter().fold(whole.shared, |rest, &module| rest - self.0.shared(&whole.modules[module as usize].0));
        state.shared = state.shared + others;
        state.shared_term = self.0.shared_term(state.shared);
    }

    fn value(&self, state: &Self::State) -> f64 {
        state.terms + state.shared_term
    }

    #[inline(always)]
    fn prefetch(&self, state: &Self::State, module: usize) {
        prefetch(&state.modules, module);
    }

    #[inline(always)]
    fn leave(&self, level: &Self::Level, state: &Self::State, target: Target, alone: bool) -> Self::Leave {
        let Target { unit, module, coupling } = target;
        let (old, old_term) = &state.modules[module];
        // An emptied module is exactly empty, without rounding errors.
        let (rest, rest_term) = if alone {
            (A::Module::default(), 0.0)
        } else {
            let rest = self.0.remove(old, &level[unit], coupling);
            (rest, self.0.term(&rest))
        };
        let shared = state.shared - self.0.shared(old) + self.0.shared(&rest);
        AdditiveLeave {
            from: module,
            alone,
            rest,
            rest_term,
            shared,
            shared_term: self.0.shared_term(shared),
            slope: self.0.shared_slope(shared),
            change: rest_term - old_term - state.shared_term,
        }
    }

    #[inline(always)]
    fn delta(&self, level: &Self::Level, state: &Self::State, leave: &Self::Leave, target: Target) -> f64 {
        let (old, old_term) = &state.modules[target.module];
        let (new, shared) = self.joined(level, old, leave, target);
        leave.change + (self.0.term(&new) - old_term) + self.0.shared_term(shared)
    }

    #[inline(always)]
    fn delta_lower_bound(&self, level: &Self::Level, state: &Self::State, leave: &Self::Leave, target: Target) -> f64 {
        let (old, _) = &state.modules[target.module];
        let (new, shared) = self.joined(level, old, leave, target);
        leave.change
            + leave.shared_term
            + self.0.term_change_lower_bound(old, &new)
            + self.0.shared_change_lower_bound(leave.shared, leave.slope, shared)
    }

    fn commit(&self, level: &Self::Level, state: &mut Self::State, leave: &Self::Leave, target: Target) {
        let (old, old_term) = state.modules[target.module];
        let (new, shared) = self.joined(level, &old, leave, target);
        let new_term = self.0.term(&new);
        state.shared = shared;
        state.shared_term = self.0.shared_term(state.shared);
        state.terms += (leave.rest_term - state.modules[leave.from].1) + (new_term - old_term);
        state.modules[leave.from] = (leave.rest, leave.rest_term);
        state.modules[target.module] = (new, new_term);
        if let Some(unlinked) = &mut state.unlinked {
            unlinked.update(leave.from, (!leave.alone).then(|| self.0.unlinked_class(&leave.rest)));
            unlinked.update(target.module, Some(self.0.unlinked_class(&new)));
        }
    }

    fn candidates(&self, _: &Self::Level, state: &Self::State, _: usize, found: impl FnMut(usize)) {
        if let Some(unlinked) = &state.unlinked {
            unlinked.iter().for_each(found);
        }
    }
}
