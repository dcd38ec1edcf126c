//! The modules of physical nodes, which are those of their states.

use mapeq_core::{NodeIds, NodeTable, StringTable, Tree};

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
        for (place, &(module, node, state)) in order.iter().enumerate() {
            if place == 0 || (order[place - 1].0, order[place - 1].1) != (module, node) {
                leaf_module.push(module);
                physical.push(node);
                sums.push(0.0);
            }
            *sums.last_mut().expect("a node for the state") += flow[state as usize];
        }
        let parents: Vec<u32> = tree.modules().iter().map(|module| module.parent).collect();
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
        })
    }
}
