//! The multilevel map equation (Rosvall & Bergstrom, PLoS ONE 2011, doi:10.1371/journal.pone.0018209): a tree of modules
//! whose codebooks describe a random walk best.
//!
//! Works for any [`NestedObjective`](mapeq_core::NestedObjective): a hierarchical objective lifted by
//! [`Additive`](mapeq_core::Additive), or one whose modules pay for what they contain, too. [`multilevel`] is one trial of the
//! search:
//!
//! 1. a two-level partition, its modules grouped into super modules again and again,
//! 2. every top module divided on its own, and so on down to modules that no division shortens,
//! 3. tuning across the levels of the tree: nodes move between leaf modules anywhere in the tree, whole subtrees move to
//!    other parents, modules merge, levels that do not pay are pruned and levels that pay are inserted.
//!
//! The third step is what Infomap does not have: once a module is cut off there, nothing moves across its border again.

mod constrained;
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
