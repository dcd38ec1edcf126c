//! Flat assignments of nodes to modules.

use crate::csr::accumulate;

/// A partition: the module of every node. Modules are numbered `0..modules` without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    module: Box<[u32]>,
    modules: usize,
}

impl Partition {
    /// Creates a partition from any labels, renumbered in order of first appearance.
    ///
    /// # Complexity
    /// O(nodes + largest label).
    pub fn from_labels(mut labels: Vec<u32>) -> Self {
        let largest = labels.iter().max().map_or(0, |&label| label as usize + 1);
        let mut number = vec![u32::MAX; largest];
        let mut modules = 0u32;
        for label in &mut labels {
            let number = &mut number[*label as usize];
            if *number == u32::MAX {
                *number = modules;
                modules += 1;
            }
            *label = *number;
        }
        Self { module: labels.into(), modules: modules as usize }
    }

    /// Creates a partition with one module per node.
    pub fn singletons(nodes: usize) -> Self {
        Self { module: (0..nodes as u32).collect(), modules: nodes }
    }

    /// Creates a partition with all nodes in one module.
    pub fn one_module(nodes: usize) -> Self {
        Self { module: vec![0; nodes].into(), modules: nodes.min(1) }
    }

    /// Returns the number of nodes.
    pub fn len(&self) -> usize {
        self.module.len()
    }

    /// Returns whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.module.is_empty()
    }

    /// Returns the number of modules.
    pub fn modules(&self) -> usize {
        self.modules
    }

    /// Returns the module of `node`.
    #[inline(always)]
    pub fn module(&self, node: usize) -> usize {
        self.module[node] as usize
    }

    /// Returns the module of every node.
    pub fn labels(&self) -> &[u32] {
        &self.module
    }

    /// Returns the number of nodes in each module.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.modules];
        for &module in &self.module {
            sizes[module as usize] += 1;
        }
        sizes
    }

    /// Returns (offsets, nodes): module `m` contains `nodes[offsets[m]..offsets[m + 1]]`, in
    /// ascending order.
    ///
    /// # Complexity
    /// O(nodes + modules).
    pub fn members(&self) -> (Vec<usize>, Vec<u32>) {
        let mut offsets = vec![0usize; self.modules + 1];
        for &module in &self.module {
            offsets[module as usize + 1] += 1;
        }
        accumulate(&mut offsets);
        let mut cursor = offsets.clone();
        let mut nodes = vec![0u32; self.len()];
        for (node, &module) in self.module.iter().enumerate() {
            nodes[cursor[module as usize]] = node as u32;
            cursor[module as usize] += 1;
        }
        (offsets, nodes)
    }

    /// Returns the composition with `coarser`, a partition of the modules of `self`.
    ///
    /// # Panics
    /// If `coarser` does not have one node per module of `self`.
    pub fn then(&self, coarser: &Self) -> Self {
        assert_eq!(self.modules, coarser.len(), "the coarser partition groups these modules");
        Self::from_labels(self.module.iter().map(|&module| coarser.module[module as usize]).collect())
    }

    /// Returns the coarsest partition finer than both: nodes are together if they are together in
    /// both.
    ///
    /// # Panics
    /// If the partitions have different numbers of nodes.
    pub fn intersection(&self, other: &Self) -> Self {
        assert_eq!(self.len(), other.len(), "partitions of the same nodes");
        let (offsets, nodes) = self.members();
        let mut labels = vec![0u32; self.len()];
        let mut seen = vec![(u32::MAX, 0u32); other.modules];
        let mut cells = 0u32;
        for module in 0..self.modules {
            for &node in &nodes[offsets[module]..offsets[module + 1]] {
                let cell = &mut seen[other.module(node as usize)];
                if cell.0 != module as u32 {
                    *cell = (module as u32, cells);
                    cells += 1;
                }
                labels[node as usize] = cell.1;
            }
        }
        Self::from_labels(labels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_renumbered_in_order_of_appearance() {
        let partition = Partition::from_labels(vec![7, 3, 7, 0]);
        assert_eq!(partition.labels(), [0, 1, 0, 2]);
        assert_eq!(partition.modules(), 3);
        assert_eq!(partition.members(), (vec![0, 2, 3, 4], vec![0, 2, 1, 3]));
    }

    #[test]
    fn intersection_is_finer_than_both() {
        let a = Partition::from_labels(vec![0, 0, 0, 1, 1, 1]);
        let b = Partition::from_labels(vec![0, 0, 1, 1, 2, 2]);
        assert_eq!(a.intersection(&b).labels(), [0, 0, 1, 2, 3, 3]);
    }

    #[test]
    fn then_composes() {
        let fine = Partition::from_labels(vec![0, 1, 2, 1]);
        let coarse = Partition::from_labels(vec![0, 1, 0]);
        assert_eq!(fine.then(&coarse).labels(), [0, 1, 0, 1]);
    }
}
