//! Assignments of nodes to modules that may overlap.

use mapeq_core::Partition;

/// A cover: one or more modules for every node. Modules are numbered `0..modules` without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    offsets: Box<[usize]>,
    modules_of_nodes: Box<[u32]>,
    modules: usize,
}

impl Cover {
    /// Creates a cover from the module labels of every node, renumbered in order of first
    /// appearance. Repeated labels of a node count once. O(memberships + largest label).
    ///
    /// # Panics
    /// If a node has no module.
    pub fn from_labels<L: AsRef<[u32]>>(nodes: impl IntoIterator<Item = L>) -> Self {
        Self::with_labels(nodes).0
    }

    /// Creates a cover as [`from_labels`](Self::from_labels) does, and returns the label of every
    /// module, too.
    ///
    /// # Panics
    /// If a node has no module.
    pub fn with_labels<L: AsRef<[u32]>>(nodes: impl IntoIterator<Item = L>) -> (Self, Vec<u32>) {
        let mut label_of = Vec::new();
        let (mut offsets, mut modules_of_nodes) = (vec![0], Vec::new());
        let mut number: Vec<u32> = Vec::new();
        let mut modules = 0;
        for labels in nodes {
            let first = modules_of_nodes.len();
            for &label in labels.as_ref() {
                if number.len() <= label as usize {
                    number.resize(label as usize + 1, u32::MAX);
                }
                let number = &mut number[label as usize];
                if *number == u32::MAX {
                    *number = modules;
                    modules += 1;
                    label_of.push(label);
                }
                modules_of_nodes.push(*number);
            }
            modules_of_nodes[first..].sort_unstable();
            let mut kept = first;
            for next in first..modules_of_nodes.len() {
                if kept == first || modules_of_nodes[kept - 1] != modules_of_nodes[next] {
                    modules_of_nodes[kept] = modules_of_nodes[next];
                    kept += 1;
                }
            }
            modules_of_nodes.truncate(kept);
            assert!(kept > first, "every node has a module");
            offsets.push(kept);
        }
        (
            Self { offsets: offsets.into(), modules_of_nodes: modules_of_nodes.into(), modules: modules as usize },
            label_of,
        )
    }

    /// Creates the cover in which every node has its module of `partition` alone.
    pub fn from_partition(partition: &Partition) -> Self {
        Self {
            offsets: (0..=partition.len()).collect(),
            modules_of_nodes: partition.labels().into(),
            modules: partition.modules(),
        }
    }

    /// Returns the number of nodes.
    pub fn nodes(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Returns the number of modules.
    pub fn modules(&self) -> usize {
        self.modules
    }

    /// Returns the number of memberships: pairs of a node and one of its modules.
    pub fn memberships(&self) -> usize {
        self.modules_of_nodes.len()
    }

    /// Returns the modules of `node` in ascending order.
    pub fn of(&self, node: usize) -> &[u32] {
        &self.modules_of_nodes[self.offsets[node]..self.offsets[node + 1]]
    }

    /// Iterates over the modules of every node.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.nodes()).map(|node| self.of(node))
    }

    /// Returns the number of nodes with more than one module.
    pub fn overlapping_nodes(&self) -> usize {
        self.iter().filter(|modules| modules.len() > 1).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_renumbered_and_count_once() {
        let cover = Cover::from_labels([vec![7, 3, 7], vec![3], vec![9, 7]]);
        assert_eq!(cover.iter().collect::<Vec<_>>(), [&[0, 1][..], &[1], &[0, 2]]);
        assert_eq!((cover.modules(), cover.memberships(), cover.overlapping_nodes()), (3, 5, 2));
    }

    #[test]
    fn a_partition_is_a_cover() {
        let partition = Partition::from_labels(vec![4, 4, 2]);
        assert_eq!(Cover::from_partition(&partition), Cover::from_labels([[4], [4], [2]]));
    }
}
