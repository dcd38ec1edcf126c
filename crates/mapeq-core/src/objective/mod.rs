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

mod additive;
mod hierarchical;

pub use additive::{Additive, AdditiveLeave, AdditiveObjective, AdditiveState};
pub use hierarchical::HierarchicalObjective;

use crate::flow_network::FlowNetwork;
use crate::partition::Partition;

/// A unit and a module that it may leave or join.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The unit.
    pub unit: usize,
    /// The module.
    pub module: usize,
    /// Coupling of the unit to the module; to the rest of the module if it contains the unit.
    pub coupling: f64,
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

    /// Prepares to move the unit of `target` out of the module of `target`. If `alone`, the unit is the module's only
    /// member.
    fn leave(&self, level: &Self::Level, state: &Self::State, target: Target, alone: bool) -> Self::Leave;

    /// Change of the objective if the unit of `target` joins the module of `target`, which it is not in.
    fn delta(&self, level: &Self::Level, state: &Self::State, leave: &Self::Leave, target: Target) -> f64;

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

    /// Change of the objective if a unit joins a module, but for what [`affinities`](Self::affinities) tells: both together are
    /// [`delta`](Self::delta).
    #[inline(always)]
    fn delta_without_affinity(
        &self,
        level: &Self::Level,
        state: &Self::State,
        leave: &Self::Leave,
        target: Target,
    ) -> f64 {
        self.delta(level, state, leave, target)
    }

    /// A lower bound of [`delta_without_affinity`](Self::delta_without_affinity): where it is no improvement, the change itself is not computed.
    #[inline(always)]
    fn delta_lower_bound(&self, level: &Self::Level, state: &Self::State, leave: &Self::Leave, target: Target) -> f64 {
        let _ = (level, state, leave, target);
        f64::NEG_INFINITY
    }

    /// Moves the unit of `target` out of the module that `leave` was prepared for, into the module of `target`.
    fn commit(&self, level: &Self::Level, state: &mut Self::State, leave: &Self::Leave, target: Target);

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
