//! The multilevel map equation (Rosvall & Bergstrom, PLoS ONE 2011,
//! doi:10.1371/journal.pone.0018209): the tree of modules whose codebooks give the shortest
//! description of a random walk.
//!
//! Works for any [`NestedObjective`](mapeq_core::NestedObjective): a hierarchical objective lifted
//! by [`Additive`](mapeq_core::Additive), or one whose leaf modules also pay for their labels.
//! [`multilevel`] is one trial of the search:
//!
//! 1. Find a two-level partition, and group its modules into super modules repeatedly.
//! 2. Divide every top module on its own, and so on down to modules that no division shortens.
//! 3. Tune across the levels of the tree: nodes move between leaf modules anywhere in the tree,
//!    subtrees move to other parents, modules merge, levels that do not pay are pruned, and levels
//!    that pay are inserted.
//!
//! Infomap has no third step: once it has cut off a module, nothing crosses the module's border.

mod constrained;
mod crossover;
mod growth;
mod leaf_modules;
mod module_moves;
mod node_moves;
mod options;
mod pruning;
mod recursion;
#[cfg(test)]
mod tests;
mod tree_move;
mod tree_search;
mod tree_state;
mod trial;
mod tuning;

pub use constrained::multilevel_constrained;
pub use options::MultilevelOptions;
pub use trial::{combine, multilevel, multilevel_from};
