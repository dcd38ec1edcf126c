//! Modules of physical nodes, derived from those of their states.

use mapeq_core::{Csr, Direction, LinkList, Network, NodeIds, NodeTable, StringTable, Tree};

/// A node for every physical node and each module of its states. At the physical level, result
/// files show these nodes instead of states, so a physical node has a row in each of its modules.
#[derive(Clone, Debug)]
pub struct PhysicalLevel {
    /// Ids and names of the physical nodes, by module, then by physical node.
    pub nodes: NodeTable,
    /// Visit rate of each node: of the states of its physical node in its module, per step.
    pub flow: Box<[f64]>,
    /// The modules of the states, with these nodes as leaves.
    pub tree: Tree,
    /// Index of the physical node of each node.
    pub physical: Box<[u32]>,
    /// Index of the node that each state belongs to.
    node_of_state: Box<[u32]>,
}

impl PhysicalLevel {
    /// Groups the states in `tree`, with visit rates `flow`, by module and physical node. Siblings
    /// keep their order. Returns `None` if `nodes` are not states.
    ///
    /// # Complexity
    /// O(n log n).
    ///
    /// # Panics
    /// If the lengths of `nodes`, `tree` and `flow` differ.
    pub fn new(nodes: &NodeTable, tree: &Tree, flow: &[f64]) -> Option<Self> {
        let states = nodes.states.as_ref()?;
        assert!(tree.nodes() == nodes.len() && flow.len() == nodes.len(), "one leaf and one rate per state");
        let mut order: Vec<(u32, u32, u32)> =
            (0..nodes.len()).map(|state| (tree.leaf_modules()[state], states.physical[state], state as u32)).collect();
        order.sort_unstable();
        let (mut leaf_module, mut physical, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        let mut node_of_state = vec![0; nodes.len()];
        for (place, &(module, node, state)) in order.iter().enumerate() {
            if place == 0 || (order[place - 1].0, order[place - 1].1) != (module, node) {
                leaf_module.push(module);
                physical.push(node);
                sums.push(0.0);
            }
            *sums.last_mut().expect("a node for the state") += flow[state as usize];
            node_of_state[state as usize] = sums.len() as u32 - 1;
        }
        let parents = tree.parents();
        let ids: StringTable = {
            let mut ids = StringTable::default();
            physical.iter().for_each(|&node| _ = ids.push(&states.physical_nodes.ids.text(node as usize)));
            ids
        };
        let mut names = StringTable::default();
        physical.iter().for_each(|&node| _ = names.push(&states.physical_nodes.name(node as usize)));
        Some(Self {
            nodes: NodeTable { names: Some(names), ..NodeTable::new(NodeIds::Strings(ids)) },
            flow: sums.into(),
            // Nodes are sorted by module, so modules keep their order.
            tree: Tree::new(&parents, &leaf_module),
            physical: physical.into(),
            node_of_state: node_of_state.into(),
        })
    }

    /// Sums the flow along `links` of the states between the nodes, separately for each direction.
    ///
    /// # Complexity
    /// O(links log links).
    ///
    /// # Panics
    /// If the links are not those of the states.
    pub fn links(&self, links: &Csr) -> Csr {
        let node = |state: usize| self.node_of_state[state];
        let mut list = LinkList::default();
        links.iter().filter(|link| link.2 > 0.0).for_each(|(a, b, flow)| list.push(node(a), node(b), flow));
        let nodes = NodeTable::new(NodeIds::Consecutive { first: 0, len: self.nodes.len() });
        Network::new(nodes, list, Direction::Directed).into_parts().1
    }

    /// Returns the share of each node in the visits of its physical node. A physical node that is
    /// never visited is shared equally by its modules.
    pub fn shares(&self) -> Vec<f64> {
        let mut visits = vec![0.0; self.physical_nodes()];
        let mut modules = vec![0.0; visits.len()];
        for (&node, flow) in self.physical.iter().zip(&self.flow) {
            visits[node as usize] += flow;
            modules[node as usize] += 1.0;
        }
        let share = |(&node, flow): (&u32, &f64)| match visits[node as usize] {
            0.0 => 1.0 / modules[node as usize],
            visits => flow / visits,
        };
        self.physical.iter().zip(&self.flow).map(share).collect()
    }

    /// Returns the participation of every physical node: 1 − Σ share², the probability that two
    /// visits of the node are in different modules. It is 0 for a node in one module, and at most 1
    /// − 1/k for a node in k modules.
    ///
    /// Guimerà & Amaral, Nature 2005, doi:10.1038/nature03288.
    pub fn participation(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.physical_nodes()];
        for (&node, share) in self.physical.iter().zip(self.shares()) {
            sums[node as usize] += share * share;
        }
        // Rounding errors may make the sum of squares exceed 1.
        sums.iter().map(|sum| f64::max(1.0 - sum, 0.0)).collect()
    }

    /// Returns the number of physical nodes.
    fn physical_nodes(&self) -> usize {
        self.physical.iter().map(|&node| node as usize + 1).max().unwrap_or(0)
    }
}
