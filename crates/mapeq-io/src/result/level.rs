//! The modules of a tree that a flat file shows.

use std::fmt;

use mapeq_core::{Partition, Tree};

/// Selects the modules of a tree that a flat file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClusterLevel {
    /// Modules at this depth, 1 being the top. Branches that end earlier count with their deepest
    /// module.
    Depth(usize),
    /// Modules that directly contain nodes.
    Deepest,
}

impl ClusterLevel {
    /// Returns the partition of `tree` at this level.
    pub(crate) fn partition(self, tree: &Tree) -> Partition {
        match self {
            Self::Depth(depth) => tree.partition_at(depth),
            Self::Deepest => tree.leaf_partition(),
        }
    }
}

/// Displays the number of the level in `.clu` files.
impl fmt::Display for ClusterLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Depth(depth) => write!(f, "{depth}"),
            Self::Deepest => f.write_str("-1"),
        }
    }
}
