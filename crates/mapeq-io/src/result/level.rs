//! Which modules of a tree a flat file shows.

use mapeq_core::{Partition, Tree};

/// Which modules of a tree a flat file shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClusterLevel {
    /// Modules at this depth, 1 being the top; branches that end earlier count with their deepest module.
    Depth(usize),
    /// The modules that directly contain nodes.
    Deepest,
}

impl ClusterLevel {
    /// The modules of `tree` that are shown.
    pub(crate) fn partition(self, tree: &Tree) -> Partition {
        match self {
            Self::Depth(depth) => tree.partition_at(depth),
            Self::Deepest => tree.leaf_partition(),
        }
    }
}
