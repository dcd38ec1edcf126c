//! The order of rows in output: the same result is always the same file.

use mapeq_core::{NodeTable, Tree};

/// Which nodes have a row in a result file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// All of them.
    #[default]
    All,
    /// Those that are no features of a bipartite network. Paths and modules keep their numbers.
    WithoutFeatures,
}

impl Rows {
    pub(crate) fn show(self, nodes: &NodeTable, node: usize) -> bool {
        self == Self::All || !nodes.is_feature(node)
    }
}

/// A tree with siblings by descending flow and ties by smallest node, and its nodes in that order.
pub(crate) struct Canonical {
    pub(crate) tree: Tree,
    /// Nodes by leaf module; in each by descending flow, ties by index.
    pub(crate) nodes: Vec<u32>,
}

impl Canonical {
    pub(crate) fn new(tree: &Tree, flow: &[f64]) -> Self {
        let tree = if in_order(tree, flow) { tree.clone() } else { tree.sorted_by_flow(flow) };
        let leaf_modules = tree.leaf_modules();
        let mut nodes: Vec<u32> = (0..tree.nodes() as u32).collect();
        nodes.sort_by(|&a, &b| {
            let (a, b) = (a as usize, b as usize);
            leaf_modules[a].cmp(&leaf_modules[b]).then(flow[b].total_cmp(&flow[a]))
        });
        Self { tree, nodes }
    }
}

/// Rates that differ by less, relative to them, may do so because the same terms were added in another order.
const ROUNDING: f64 = 1e-12;

/// Whether siblings are by descending flow but for rounding. They stay as they are then: modules of states have the same order
/// in the files of states and of physical nodes.
fn in_order(tree: &Tree, flow: &[f64]) -> bool {
    let sums = tree.sum_over_subtrees(flow);
    let next_sibling = |module: usize| {
        let own = tree.modules()[module];
        tree.modules().get(own.end as usize).filter(|next| next.parent == own.parent).map(|_| own.end as usize)
    };
    (1..sums.len()).all(|module| {
        next_sibling(module)
            .is_none_or(|next| sums[next] <= sums[module] || sums[next] <= sums[module] * (1.0 + ROUNDING))
    })
}
