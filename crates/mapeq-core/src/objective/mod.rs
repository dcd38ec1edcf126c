//! Objective functions, in two tiers of traits.
//!
//! Tier 1 is [`AdditiveObjective`], which most objectives implement. A small aggregate describes
//! each module. The objective is a sum of one term per module and one term of a shared total. The
//! change of the objective under a move, the bookkeeping and the consolidation follow from a few
//! functions.
//!
//! Tier 2 is [`Objective`]: the search is generic over it. [`Additive`] lifts tier 1 to tier 2.
//! Implement tier 2 directly only if modules need more than an aggregate of fixed size, for example
//! an index from physical nodes to modules.
//!
//! [`HierarchicalObjective`] extends tier 1 to nested modules, which are themselves units of a
//! module. The search for trees is generic over [`NestedObjective`](crate::NestedObjective).

mod additive;
mod hierarchical;
mod unlinked;

pub use additive::{Additive, AdditiveLeave, AdditiveObjective, AdditiveState};
pub use hierarchical::HierarchicalObjective;
pub use unlinked::UNLINKED_CLASSES;

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

/// An objective with its own bookkeeping. The search minimises it.
///
/// - A *unit* moves as a whole: a node, or a module of a finer partition.
/// - A *level* is the immutable data of all units of one granularity.
/// - A *state* is the mutable data of the modules that contain the units of a level.
pub trait Objective: Sync {
    /// Data of the units of one level.
    type Level: Send + Sync;
    /// Data of the modules of a partition of these units.
    type State: Send + Sync;
    /// Terms of leaving the current module, computed once per unit and shared by all candidate
    /// modules.
    type Leave;

    /// Returns the finest level: the units are the nodes of the network.
    fn level(&self, network: &FlowNetwork) -> Self::Level;

    /// Returns the level that holds only the given units of `level`, in the given order.
    fn restrict(&self, level: &Self::Level, units: &[u32]) -> Self::Level;

    /// Returns the level whose units are the modules of `partition`.
    ///
    /// `internal[m]` is the sum of the couplings of all pairs of units inside module `m`.
    fn consolidate(&self, level: &Self::Level, partition: &Partition, internal: &[f64]) -> Self::Level;

    /// Computes the state of `partition` from scratch, followed by `spare` empty modules.
    fn state(&self, level: &Self::Level, partition: &Partition, internal: &[f64], spare: usize) -> Self::State;

    /// Adds all modules of `whole` except the modules `own` to the totals of `state`.
    ///
    /// `state` covers a subset of the units, and `own` lists the modules of `whole` that contain
    /// them. The added modules are fixed. Without this call, the totals cover that subset alone.
    fn include_rest(&self, state: &mut Self::State, whole: &Self::State, own: &[u32]) {
        let _ = (state, whole, own);
    }

    /// Returns the objective of a state, without [`constant`](Self::constant).
    fn value(&self, state: &Self::State) -> f64;

    /// Returns the constant that the objective omits, in the same unit: the codelength of a
    /// partition of `network` is its value plus this. O(nodes).
    fn constant(&self, network: &FlowNetwork) -> f64 {
        let _ = network;
        0.0
    }

    /// Prepares to move the unit of `target` out of the module of `target`.
    ///
    /// `alone` is set if the unit is the module's only member.
    fn leave(&self, level: &Self::Level, state: &Self::State, target: Target, alone: bool) -> Self::Leave;

    /// Returns the change of the objective if the unit of `target` joins the module of `target`.
    ///
    /// The unit must not be in that module.
    fn delta(&self, level: &Self::Level, state: &Self::State, leave: &Self::Leave, target: Target) -> f64;

    /// Whether units can have affinities to modules in addition to links, such as common labels.
    ///
    /// If not, [`affinities`](Self::affinities) is never called, and the search is compiled without
    /// the call.
    const HAS_AFFINITIES: bool = false;

    /// Calls `found` for each affinity of `unit` to a module, such as a common label.
    ///
    /// The arguments are the module and the change of the objective due to this affinity if the
    /// unit joins the module. Modules may occur several times, and the unit's own module may be
    /// among them. One pass over the labels of the unit is cheaper than a look-up in every
    /// candidate module.
    fn affinities(&self, level: &Self::Level, state: &Self::State, unit: usize, found: impl FnMut(usize, f64)) {
        let _ = (level, state, unit, found);
    }

    /// Returns [`delta`](Self::delta) without the part that [`affinities`](Self::affinities)
    /// reports.
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

    /// Returns a lower bound of [`delta_without_affinity`](Self::delta_without_affinity).
    ///
    /// If the bound is not below the change by the best move found, the search does not compute the
    /// exact change.
    #[inline(always)]
    fn delta_lower_bound(&self, level: &Self::Level, state: &Self::State, leave: &Self::Leave, target: Target) -> f64 {
        let _ = (level, state, leave, target);
        f64::NEG_INFINITY
    }

    /// Moves the unit of `target` out of the module that `leave` was prepared for, into the module
    /// of `target`.
    fn commit(&self, level: &Self::Level, state: &mut Self::State, leave: &Self::Leave, target: Target);

    /// Prefetches the data of `module` into the caches, because the search is likely to need it
    /// soon.
    #[inline(always)]
    fn prefetch(&self, state: &Self::State, module: usize) {
        let _ = (state, module);
    }

    /// Calls `found` with modules that are worth trying even if the unit has no link to them.
    fn candidates(&self, level: &Self::Level, state: &Self::State, unit: usize, found: impl FnMut(usize)) {
        let _ = (level, state, unit, found);
    }
}
