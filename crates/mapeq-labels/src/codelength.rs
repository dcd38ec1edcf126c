//! The codelength of a tree with labels, from scratch.

use mapeq_core::{Codelength, FlowNetwork, LeafCost, Tree, plogp};

use crate::labels::Labels;

impl Labels {
    /// Returns the change of each codebook's length due to labels, in bits per step and in the
    /// order of [`Tree::modules`].
    ///
    /// The change is relative to the map equation of the flow alone. It is 0 for modules of
    /// modules, and negative where states share codewords. O(nodes log nodes).
    ///
    /// # Panics
    /// If there is not one label, one node and one leaf for each other.
    pub fn codebook_changes(&self, network: &FlowNetwork, tree: &Tree) -> Vec<f64> {
        assert_eq!(network.len(), tree.nodes(), "one leaf per node");
        let carried = self.carried(network);
        let mut changes = match self.replace_nodes() {
            true => tree.sum_over_leaf_modules(|node| plogp(network.nodes.flow[node])),
            false => vec![0.0; tree.modules().len()],
        };
        let mut nodes_in = vec![Vec::new(); tree.modules().len()];
        for (node, &module) in tree.leaf_modules().iter().enumerate() {
            nodes_in[module as usize].push(node as u32);
        }
        let mut bundle = Vec::new();
        for (change, nodes) in changes.iter_mut().zip(&nodes_in) {
            if !nodes.is_empty() {
                self.bundle(&carried, nodes, &mut bundle);
                *change += self.cost_alone(&bundle);
            }
        }
        changes
    }

    /// Returns the codelength of `tree` with labels, if `plain` is the one without; bits per step.
    ///
    /// With physical nodes, the codebooks below the root name these instead of states. With
    /// categories, they also name the category of every visited node.
    ///
    /// # Panics
    /// As [`codebook_changes`](Self::codebook_changes).
    pub fn codelength(&self, network: &FlowNetwork, tree: &Tree, plain: Codelength) -> Codelength {
        let changes = self.codebook_changes(network, tree);
        Codelength { index: plain.index + changes[0], module: plain.module + changes[1..].iter().sum::<f64>() }
    }

    /// Returns the codelength of a single codebook for all nodes with labels, if `plain` is the one
    /// without; bits per step.
    ///
    /// # Panics
    /// If there is not one label per node.
    pub fn one_level_codelength(&self, network: &FlowNetwork, plain: f64) -> f64 {
        let root_alone = Tree::new(&[0], &vec![0; network.len()]);
        plain + self.codebook_changes(network, &root_alone)[0]
    }
}
