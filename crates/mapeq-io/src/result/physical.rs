//! The modules of physical nodes, which are those of their states.

use mapeq_core::{Csr, Direction, LinkList, Network, NodeIds, NodeTable, StringTable, Tree};

/// A node per physical node and module that contains states of it, in place of the states: what result files show at the
/// physical level, where a node has a row in every module that it is in.
#[derive(Clone, Debug)]
pub struct PhysicalLevel {
    /// Ids and names of the physical nodes, by module and then by physical node.
    pub nodes: NodeTable,
    /// Visit rate of the states of each in its module, per step.
    pub flow: Box<[f64]>,
    /// The modules of the states, in the same order.
    pub tree: Tree,
    /// Number of the physical node of each.
    pub physical: Box<[u32]>,
    /// Which of these nodes every state belongs to.
    of_state: Box<[u32]>,
}

impl PhysicalLevel {
    /// The modules of `tree`, whose nodes are states with visit rates `flow`; siblings as they are in the tree. O(n log n).
    /// `None` if nodes are no states.
    ///
    /// # Panics
    /// If `nodes`, `tree` and `flow` are not of the same nodes.
    pub fn new(nodes: &NodeTable, tree: &Tree, flow: &[f64]) -> Option<Self> {
        let states = nodes.states.as_ref()?;
        assert!(tree.nodes() == nodes.len() && flow.len() == nodes.len(), "one leaf and one rate per state");
        let mut order: Vec<(u32, u32, u32)> =
            (0..nodes.len()).map(|state| (tree.leaf_modules()[state], states.physical[state], state as u32)).collect();
        order.sort_unstable();
        let (mut leaf_module, mut physical, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        let mut of_state = vec![0; nodes.len()];
        for (place, &(module, node, state)) in order.iter().enumerate() {
            if place == 0 || (order[place - 1].0, order[place - 1].1) != (module, node) {
                leaf_module.push(module);
                physical.push(node);
                sums.push(0.0);
            }
            *sums.last_mut().expect("a node for the state") += flow[state as usize];
            of_state[state as usize] = sums.len() as u32 - 1;
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
            // Nodes are in the order of their modules, and so remain modules in theirs.
            tree: Tree::new(&parents, &leaf_module),
            physical: physical.into(),
            of_state: of_state.into(),
        })
    }

    /// What `links` of the states carry between the nodes, each direction on its own. O(links log links).
    ///
    /// # Panics
    /// If the links are not those of the states.
    pub fn links(&self, links: &Csr) -> Csr {
        let node = |state: usize| self.of_state[state];
        let mut list = LinkList::default();
        links.iter().filter(|link| link.2 > 0.0).for_each(|(a, b, flow)| list.push(node(a), node(b), flow));
        let nodes = NodeTable::new(NodeIds::Consecutive { first: 0, len: self.nodes.len() });
        Network::new(nodes, list, Direction::Directed).into_parts().1
    }

    /// The share of its physical node's visits that each has. A node that is never visited is in all of its modules alike.
    pub fn shares(&self) -> Vec<f64> {
        let mut visits = vec![0.0; self.physical.iter().map(|&node| node as usize + 1).max().unwrap_or(0)];
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

    /// The participation of every physical node, by its number: 1 − Σ share², the probability that two visits of the node are in
    /// different modules. 0 for a node in one module, at most 1 − 1/k for one in k.
    ///
    /// Guimerà & Amaral, Nature 2005, doi:10.1038/nature03288.
    pub fn participation(&self) -> Vec<f64> {
        let mut together = vec![0.0; self.physical.iter().map(|&node| node as usize + 1).max().unwrap_or(0)];
        for (&node, share) in self.physical.iter().zip(self.shares()) {
            together[node as usize] += share * share;
        }
        // Of shares whose sum is 1 by rounding alone.
        together.iter().map(|together| f64::max(1.0 - together, 0.0)).collect()
    }
}
