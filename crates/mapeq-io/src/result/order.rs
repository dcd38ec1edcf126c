//! The order of rows in output: the same result is always the same file.

use mapeq_core::{NodeTable, Tree};

/// Which nodes have a row in a result file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowFilter {
    /// All of them.
    #[default]
    All,
    /// Those that are no features of a bipartite network. Paths and modules keep their numbers.
    WithoutFeatures,
}

impl RowFilter {
    pub(crate) fn includes(self, nodes: &NodeTable, node: usize) -> bool {
        self == Self::All || !nodes.is_feature(node)
    }
}

/// A tree with siblings by descending flow, and its nodes in that order.
///
/// Equal siblings stay as they are, so that modules of states have the same order in the files of states and of physical
/// nodes.
pub(crate) struct OutputOrder {
    pub(crate) tree: Tree,
    /// Nodes by leaf module; in each by descending flow, ties by index.
    pub(crate) nodes: Vec<u32>,
}

impl OutputOrder {
    pub(crate) fn new(tree: &Tree, flow: &[f64]) -> Self {
        let tree = tree.sorted_by_flow(flow);
        let leaf_modules = tree.leaf_modules();
        let mut nodes: Vec<u32> = (0..tree.nodes() as u32).collect();
        nodes.sort_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            leaf_modules[a].cmp(&leaf_modules[b]).then(flow[b].total_cmp(&flow[a]))
        });
        Self { tree, nodes }
    }
}
