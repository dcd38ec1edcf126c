//! The nouns of the map equation framework, and the traits an objective implements.
//!
//! Everything else in mapeq depends on this crate, and this crate depends on nothing:
//!
//! - [`Network`]: nodes with external ids and names, weighted links ([`Csr`]);
//! - [`Paths`]: walks as they were seen, and the networks of states that remember where these come from;
//! - [`FlowNetwork`]: what a random walk on a network does, per node and per pair of nodes;
//! - [`Partition`] (flat) and [`Tree`] (nested): assignments of nodes to modules;
//! - [`Exchange`]: the flow between nodes and modules, soft membership of hard modules;
//! - [`Codelength`]: bits per step of the walk;
//! - [`AdditiveObjective`], [`Objective`], [`HierarchicalObjective`], [`NestedObjective`]: what a search minimises;
//! - [`testing`]: the laws that every objective has to obey, for anyone's objective.

mod codelength;
mod couplings;
mod csr;
mod exchange;
mod factored_couplings;
mod flow_network;
mod ids;
mod levels;
mod link_values;
mod nested_objective;
mod network;
mod node_table;
mod numerics;
mod objective;
mod partition;
mod paths;
mod prefetch;
mod states;
pub mod testing;
mod tree;
mod tree_value;

pub use codelength::Codelength;
pub use couplings::Couplings;
pub use csr::{Csr, InvalidLinks};
pub use exchange::{Exchange, ModuleShare};
pub use factored_couplings::{FactoredCouplings, Span};
pub use flow_network::{Degrees, FlowNetwork, NodeFlow, NodeFlows, Teleportation, internal_couplings};
pub use ids::{IdTable, NodeIds, StringTable};
pub use levels::PreferredLevels;
pub use link_values::{EndpointRates, LinkDirections, LinkValues, PerLink, Uniform, Values};
pub use nested_objective::{FlowLevel, LeafCost, NestedObjective, nested_value};
pub use network::{Direction, LinkList, Network};
pub use node_table::NodeTable;
pub use numerics::{exp2_minus_one, log2, plogp, plogp_change_by_tangent, plogp_change_lower_bound, plogp_slope};
pub use objective::{
    Additive, AdditiveLeave, AdditiveObjective, AdditiveState, HierarchicalObjective, Objective, Target,
};
pub use partition::Partition;
pub use paths::{PathStates, PathStep, Paths};
pub use prefetch::prefetch;
pub use states::{InterLink, Layers, States};
pub use tree::{Tree, TreeModule};
pub use tree_value::{tree_aggregates, tree_value};
