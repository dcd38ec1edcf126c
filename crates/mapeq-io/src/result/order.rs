//! The order of nodes and modules in result files: equal results give equal files.

use std::fmt;

use mapeq_core::{NodeTable, Partition, Tree};

/// Selects the nodes that have a row in a result file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowFilter {
    /// All nodes.
    #[default]
    All,
    /// All nodes except the features of a bipartite network. Paths and modules keep their numbers.
    WithoutFeatures,
}

impl RowFilter {
    pub(crate) fn includes(self, nodes: &NodeTable, node: usize) -> bool {
        self == Self::All || !nodes.is_feature(node)
    }
}

/// A tree with siblings by descending flow, and its nodes in that order.
///
/// Equal siblings keep their order. The modules of states therefore have the same order in the
/// files of states and of physical nodes.
pub(crate) struct OutputOrder {
    pub(crate) tree: Tree,
    /// Nodes by leaf module, then by descending flow, then by index.
    pub(crate) nodes: Vec<u32>,
    /// Position of each module among its siblings, from 1; 0 for the root.
    pub(crate) positions: Vec<u32>,
}

impl OutputOrder {
    pub(crate) fn new(tree: &Tree, flow: &[f64]) -> Self {
        Self::with_numbers(tree, flow).0
    }

    /// Returns the order, and the index in the sorted tree of every module of `tree`.
    pub(crate) fn with_numbers(tree: &Tree, flow: &[f64]) -> (Self, Vec<u32>) {
        let (tree, numbers) = tree.sorted_with_numbers(flow);
        let leaf_modules = tree.leaf_modules();
        let mut nodes: Vec<u32> = (0..tree.nodes() as u32).collect();
        nodes.sort_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            leaf_modules[a].cmp(&leaf_modules[b]).then(flow[b].total_cmp(&flow[a]))
        });
        let mut children = vec![0u32; tree.modules().len()];
        let mut positions = vec![0; tree.modules().len()];
        for (module, own) in tree.modules().iter().enumerate().skip(1) {
            children[own.parent as usize] += 1;
            positions[module] = children[own.parent as usize];
        }
        (Self { tree, nodes, positions }, numbers)
    }

    /// Returns the positions of a module and its ancestors, from the top; empty for the root.
    pub(crate) fn module_path(&self, mut module: usize) -> Vec<u32> {
        let mut path = Vec::new();
        while module != 0 {
            path.push(self.positions[module]);
            module = self.tree.modules()[module].parent as usize;
        }
        path.reverse();
        path
    }

    /// Numbers the modules of `partition`, from 1 in the order of output. Its nodes are those of
    /// the tree.
    pub(crate) fn module_numbers(&self, partition: &Partition) -> Vec<u32> {
        let mut numbers = vec![0; partition.modules()];
        let mut modules = 0;
        for &node in &self.nodes {
            let number = &mut numbers[partition.module(node as usize)];
            if *number == 0 {
                modules += 1;
                *number = modules;
            }
        }
        numbers
    }
}

/// Displays positions as a path: `1:3:2`.
pub(crate) struct Path<'a>(pub(crate) &'a [u32]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, position) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(":")?;
            }
            write!(f, "{position}")?;
        }
        Ok(())
    }
}
