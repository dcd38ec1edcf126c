//! The data types of the map equation framework and the traits of objectives.
//!
//! All other crates of mapeq depend on this one. It has no dependencies:
//!
//! - [`Network`]: nodes with external ids and names, and weighted links ([`Csr`]);
//! - [`Paths`]: observed walks, and the higher-order state networks made from them;
//! - [`FlowNetwork`]: the stationary random walk on a network, per node and per pair of nodes;
//! - [`Partition`] (flat) and [`Tree`] (nested): assignments of nodes to modules;
//! - [`Exchange`]: flow between nodes and modules, the soft membership of a hard partition;
//! - [`Codelength`]: bits per step of the walk;
//! - [`AdditiveObjective`], [`Objective`], [`HierarchicalObjective`], [`NestedObjective`]:
//!   functions that a search minimises;
//! - [`testing`]: checks of the laws that every objective must obey.

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
    UNLINKED_CLASSES,
};
pub use partition::Partition;
pub use paths::{PathStates, PathStep, Paths};
pub use prefetch::prefetch;
pub use states::{InterLink, Layers, States};
pub use tree::{Tree, TreeModule};
pub use tree_value::{tree_aggregates, tree_value};
