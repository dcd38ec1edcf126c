//! What a search minimises: two tiers of traits.
//!
//! Tier 1, [`AdditiveObjective`], is what most objectives implement: modules are described by a small
//! aggregate that grows and shrinks as nodes come and go, and the objective is a sum of one term per module
//! and one term of a shared total. Change of the objective under a move, bookkeeping and consolidation follow
//! from these few functions.
//!
//! Tier 2, [`Objective`], is what the search is generic over. [`Additive`] lifts tier 1 to it. Implement tier 2
//! directly only if modules need more than a fixed-size aggregate (an index from physical nodes to modules,
//! say).
//!
//! [`HierarchicalObjective`] adds what nesting needs: modules that are themselves units of a module. A
//! [`NestedObjective`](crate::NestedObjective) is what the search for trees is generic over.

use std::ops::{Add, Sub};

use crate::flow_network::{FlowNetwork, NodeFlow};
use crate::levels::PreferredLevels;
use crate::partition::Partition;
use crate::prefetch::prefetch;

/// An objective whose modules are described by an additive aggregate; it is minimised.
///
/// ```text
/// value = Σ_modules term(module) + shared_term(Σ_modules shared(module))
/// ```
///
/// The empty module is `Module::default()`: its `term` must be 0 and its `shared` the zero of `Shared`.
pub trait AdditiveObjective: Sync {
    /// Aggregate of a set of nodes; of a single node on the finest level.
    type Module: Copy + Default + Send + Sync;
    /// A total over all modules that the objective depends on; `f64` in most cases.
    type Shared: Copy + Default + Send + Sync + Add<Output = Self::Shared> + Sub<Output = Self::Shared>;

    /// The aggregate of a single node.
    fn node(&self, node: &NodeFlow) -> Self::Module;

    /// `module` joined by `unit`, which is not in it; `coupling` is the flow between the two, both directions
    /// added.
    fn insert(&self, module: &Self::Module, unit: &Self::Module, coupling: f64) -> Self::Module;

    /// `module` left by `unit`, which is in it; `coupling` is the flow between `unit` and the rest of the module.
    fn remove(&self, module: &Self::Module, unit: &Self::Module, coupling: f64) -> Self::Module;

    /// What the module adds to the objective by itself.
    fn term(&self, module: &Self::Module) -> f64;

    /// What the module adds to the shared total.
    fn shared(&self, module: &Self::Module) -> Self::Shared;

    /// What the shared total adds to the objective.
    fn shared_term(&self, total: Self::Shared) -> f64;

    /// A lower bound of `term(after) − term(before)`. Where it is much cheaper than the terms, the search saves most of its
    /// time; without a bound it computes every difference.
    #[inline(always)]
    fn term_change_lower_bound(&self, before: &Self::Module, after: &Self::Module) -> f64 {
        let _ = (before, after);
        f64::NEG_INFINITY
    }

    /// A number that [`shared_change_lower_bound`](Self::shared_change_lower_bound) needs of `before`, mostly the slope of
    /// `shared_term` there (of a convex one, the tangent is a lower bound): computed once for all modules that a unit may join.
    #[inline(always)]
    fn shared_slope(&self, before: Self::Shared) -> f64 {
        let _ = before;
        0.0
    }

    /// A lower bound of `shared_term(after) − shared_term(before)`, with the [`shared_slope`](Self::shared_slope) of `before`.
    #[inline(always)]
    fn shared_change_lower_bound(&self, before: Self::Shared, slope: f64, after: Self::Shared) -> f64 {
        let _ = (before, slope, after);
        f64::NEG_INFINITY
    }
}

/// What the search is generic over: an objective with any bookkeeping; it is minimised.
///
/// A *level* is the immutable data of the units that move (nodes, or modules of a finer partition), a *state* the
/// mutable data of the modules they are in.
pub trait Objective: Sync {
    /// Data of the units of one level.
    type Level: Send + Sync;
    /// Data of the modules of a partition of these units.
    type State: Send + Sync;
    /// What is worth computing once for a unit that may leave its module, for all modules it may join.
    type Leave;

    /// The units of the finest level: the nodes of the network.
    fn level(&self, network: &FlowNetwork) -> Self::Level;

    /// The level that holds only the given units of `level`, in the given order.
    fn restrict(&self, level: &Self::Level, units: &[u32]) -> Self::Level;

    /// The level whose units are the modules of `partition`; `internal[m]` is the sum of the couplings of
    /// all pairs inside module `m`.
    fn consolidate(&self, level: &Self::Level, partition: &Partition, internal: &[f64]) -> Self::Level;

    /// The state of `partition`, computed from scratch, with `spare` empty modules behind its own.
    fn state(&self, level: &Self::Level, partition: &Partition, internal: &[f64], spare: usize) -> Self::State;

    /// Lets the state of some of the units know of all the others: the modules of `whole` except `own`, which are to stay
    /// as they are. A state that is not told looks at its own units alone.
    fn include_rest(&self, state: &mut Self::State, whole: &Self::State, own: &[u32]) {
        let _ = (state, whole, own);
    }

    /// The objective of a state, up to a constant of the network.
    fn value(&self, state: &Self::State) -> f64;

    /// Prepares to move `unit` out of `module`. `coupling` is the flow between the unit and the rest of the
    /// module; `alone` tells that the unit is the module's only member.
    fn leave(
        &self,
        level: &Self::Level,
        state: &Self::State,
        unit: usize,
        module: usize,
        coupling: f64,
        alone: bool,
    ) -> Self::Leave;

    /// Change of the objective if `unit` joins `module`, which it is not in. `coupling` is the flow
    /// between the unit and the module.
    fn delta(
        &self,
        level: &Self::Level,
        state: &Self::State,
        unit: usize,
        leave: &Self::Leave,
        module: usize,
        coupling: f64,
    ) -> f64;

    /// Whether units can have more in common with modules than links: if not, [`affinities`](Self::affinities) is never asked. It is
    /// known when a search is compiled.
    const HAS_AFFINITIES: bool = false;

    /// Calls `found` with modules that `unit` has something in common with besides links, and with how much that changes the
    /// objective if it joins them: once for everything that they have in common. Its own module may be among them.
    ///
    /// One pass over what a unit has tells more than looking at every module it may join.
    fn affinities(&self, level: &Self::Level, state: &Self::State, unit: usize, found: impl FnMut(usize, f64)) {
        let _ = (level, state, unit, found);
    }

    /// Change of the objective if `unit` joins `module`, but for what [`affinities`](Self::affinities) tells: both together are
    /// [`delta`](Self::delta).
    #[inline(always)]
    fn delta_without_affinity(
        &self,
        level: &Self::Level,
        state: &Self::State,
        unit: usize,
        leave: &Self::Leave,
        module: usize,
        coupling: f64,
    ) -> f64 {
        self.delta(level, state, unit, leave, module, coupling)
    }

    /// A lower bound of [`delta_without_affinity`](Self::delta_without_affinity): where it is no improvement, the change itself is not computed.
    #[inline(always)]
    fn delta_lower_bound(
        &self,
        level: &Self::Level,
        state: &Self::State,
        unit: usize,
        leave: &Self::Leave,
        module: usize,
        coupling: f64,
    ) -> f64 {
        let _ = (level, state, unit, leave, module, coupling);
        f64::NEG_INFINITY
    }

    /// Moves `unit` out of the module that `leave` was prepared for, into `module`, which it is coupled to by
    /// `coupling`.
    fn commit(
        &self,
        level: &Self::Level,
        state: &mut Self::State,
        unit: usize,
        leave: &Self::Leave,
        module: usize,
        coupling: f64,
    );

    /// Told of a module that is likely to be asked about soon, so that its data can be fetched into the caches.
    #[inline(always)]
    fn prefetch(&self, state: &Self::State, module: usize) {
        let _ = (state, module);
    }

    /// Calls `found` with modules that are worth trying although the unit has no link to them.
    fn candidates(&self, level: &Self::Level, state: &Self::State, unit: usize, found: impl FnMut(usize)) {
        let _ = (level, state, unit, found);
    }
}

/// An additive objective whose modules can be nested.
///
/// A module is named in its parent's codebook like a node, by a *codeword* that is used at the rate at which the
/// module is entered, and it has a *boundary*: what of its aggregate concerns the flow across its border. The
/// aggregate of a module that contains modules is the sum of its children's codewords and boundaries (with
/// [`AdditiveObjective::insert`], so that couplings between children leave the boundary).
///
/// ```text
/// value of a tree = Σ_modules term(module) + shared_term(Σ_top modules shared(module))
/// ```
///
/// and a module left undivided, with its units named directly by one codebook, adds the
/// [`undivided`](Self::undivided) cost of that codebook instead.
pub trait HierarchicalObjective: AdditiveObjective + Clone + Send {
    /// The aggregate that adds the module's codeword to its parent: its use, no boundary.
    fn codeword(&self, module: &Self::Module) -> Self::Module;

    /// The aggregate's boundary alone, with no use.
    fn boundary(&self, module: &Self::Module) -> Self::Module;

    /// The objective of dividing the inside of `module` into modules.
    fn inside(&self, module: &Self::Module) -> Self;

    /// Cost of one codebook that names all units directly, `whole` being the sum of the units.
    fn undivided(&self, whole: &Self::Module) -> f64;

    /// How often the codebook of `module` names something, per step: for nodes and modules that hold nodes, their visits.
    /// Needed for a preference of levels alone.
    fn use_rate(&self, module: &Self::Module) -> f64;

    /// The number of levels that is preferred, if one is: then trees pay for theirs, too. A flat partition pays nothing for it.
    #[inline(always)]
    fn preferred_levels(&self) -> Option<PreferredLevels> {
        None
    }

    /// A module as a unit one level up: its boundary and its codeword.
    fn as_unit(&self, module: &Self::Module) -> Self::Module {
        self.insert(&self.boundary(module), &self.codeword(module), 0.0)
    }
}

/// Lifts an [`AdditiveObjective`] to an [`Objective`].
#[derive(Clone, Copy, Debug)]
pub struct Additive<A>(pub A);

/// State of [`Additive`]: every module with its term, and the totals.
#[derive(Clone, Debug)]
pub struct AdditiveState<A: AdditiveObjective> {
    modules: Vec<(A::Module, f64)>,
    shared: A::Shared,
    /// The term of `shared`, kept because every visit needs it and few change it.
    shared_term: f64,
    terms: f64,
}

impl<A: AdditiveObjective> AdditiveState<A> {
    /// The aggregate of module `module`.
    pub fn module(&self, module: usize) -> &A::Module {
        &self.modules[module].0
    }
}

/// What [`Additive`] computes once for a unit that may leave its module.
#[derive(Clone, Copy, Debug)]
pub struct AdditiveLeave<A: AdditiveObjective> {
    from: usize,
    rest: A::Module,
    rest_term: f64,
    shared: A::Shared,
    /// The term of `shared`, and its slope.
    shared_term: f64,
    slope: f64,
    /// Change of the terms of modules, less the shared term before.
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
}

impl<A: AdditiveObjective> Objective for Additive<A> {
    type Level = Box<[A::Module]>;
    type State = AdditiveState<A>;
    type Leave = AdditiveLeave<A>;

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
        modules.resize(modules.len() + spare, Default::default());
        AdditiveState { modules, shared, shared_term: self.0.shared_term(shared), terms }
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
    fn leave(
        &self,
        level: &Self::Level,
        state: &Self::State,
        unit: usize,
        module: usize,
        coupling: f64,
        alone: bool,
    ) -> Self::Leave {
        let (old, old_term) = &state.modules[module];
        // An emptied module is exactly empty: no rounding is left behind.
        let (rest, rest_term) = if alone {
            (A::Module::default(), 0.0)
        } else {
            let rest = self.0.remove(old, &level[unit], coupling);
            (rest, self.0.term(&rest))
        };
        let shared = state.shared - self.0.shared(old) + self.0.shared(&rest);
        AdditiveLeave {
            from: module,
            rest,
            rest_term,
            shared,
            shared_term: self.0.shared_term(shared),
            slope: self.0.shared_slope(shared),
            change: rest_term - old_term - state.shared_term,
        }
    }

    #[inline(always)]
    fn delta(
        &self,
        level: &Self::Level,
        state: &Self::State,
        unit: usize,
        leave: &Self::Leave,
        module: usize,
        coupling: f64,
    ) -> f64 {
        let (old, old_term) = &state.modules[module];
        let new = self.0.insert(old, &level[unit], coupling);
        let shared = leave.shared - self.0.shared(old) + self.0.shared(&new);
        leave.change + (self.0.term(&new) - old_term) + self.0.shared_term(shared)
    }

    #[inline(always)]
    fn delta_lower_bound(
        &self,
        level: &Self::Level,
        state: &Self::State,
        unit: usize,
        leave: &Self::Leave,
        module: usize,
        coupling: f64,
    ) -> f64 {
        let (old, _) = &state.modules[module];
        let new = self.0.insert(old, &level[unit], coupling);
        let shared = leave.shared - self.0.shared(old) + self.0.shared(&new);
        leave.change
            + leave.shared_term
            + self.0.term_change_lower_bound(old, &new)
            + self.0.shared_change_lower_bound(leave.shared, leave.slope, shared)
    }

    fn commit(
        &self,
        level: &Self::Level,
        state: &mut Self::State,
        unit: usize,
        leave: &Self::Leave,
        module: usize,
        coupling: f64,
    ) {
        let (old, old_term) = state.modules[module];
        let new = self.0.insert(&old, &level[unit], coupling);
        let new_term = self.0.term(&new);
        state.shared = leave.shared - self.0.shared(&old) + self.0.shared(&new);
        state.shared_term = self.0.shared_term(state.shared);
        state.terms += (leave.rest_term - state.modules[leave.from].1) + (new_term - old_term);
        state.modules[leave.from] = (leave.rest, leave.rest_term);
        state.modules[module] = (new, new_term);
    }
}
