//! The leaf modules of a tree while they merge, move and are divided.

use mapeq_core::{Additive, Couplings, HierarchicalObjective, NestedObjective, Partition};
use mapeq_search::{OwnedUnits, Units, consolidate_couplings, restrict_couplings};

use crate::tree_state::{ROOT, TreeState};

/// The nodes of the leaf modules, and the couplings between leaf modules. Both stay valid while
/// leaf modules merge.
pub(crate) struct LeafModules {
    /// Couplings between the initial leaf modules, which are the rows.
    couplings: Couplings,
    /// Current leaf module of each row.
    module_of_row: Vec<u32>,
    /// Rows of each leaf module, by slot.
    rows: Vec<Vec<u32>>,
    /// Nodes of each leaf module, by slot.
    pub nodes: Vec<Vec<u32>>,
    /// Leaf modules around the module of the last call of [`surroundings`](Self::surroundings).
    pub neighbours: Vec<u32>,
    /// Coupling of that module to each leaf module. Zero for all others.
    pub coupling: Vec<f64>,
    /// For every leaf module, the last call whose module contained it.
    last_inside: Vec<u32>,
    calls: u32,
    /// Buffer for the leaf modules below a module.
    below: Vec<u32>,
    /// Total coupling of every module to the outside, at its last call of
    /// [`surroundings`](Self::surroundings).
    pub outside: Vec<f64>,
    /// Whether leaf modules keep their nodes, as they do under constraints.
    pub keep_nodes: bool,
}

impl LeafModules {
    /// Collects the leaf modules of `state`. O(nodes + links).
    pub fn new<O: NestedObjective>(state: &TreeState<'_, O>, units: Units<'_, O>) -> Self {
        let partition = Partition::from_labels(state.leaf_modules().to_vec());
        let mut module_of_row = vec![ROOT; partition.modules()];
        let mut nodes = vec![Vec::new(); state.slots()];
        for (node, &module) in state.leaf_modules().iter().enumerate() {
            module_of_row[partition.module(node)] = module;
            nodes[module as usize].push(node as u32);
        }
        let mut rows = vec![Vec::new(); state.slots()];
        for (row, &module) in module_of_row.iter().enumerate() {
            rows[module as usize].push(row as u32);
        }
        let couplings = consolidate_couplings(units.couplings, &partition).0.into();
        let (neighbours, below) = (Vec::new(), Vec::new());
        let (coupling, outside, last_inside) =
            (vec![0.0; state.slots()], vec![0.0; state.slots()], vec![0; state.slots()]);
        let keep_nodes = units.constraints().is_some();
        Self {
            couplings,
            module_of_row,
            rows,
            nodes,
            neighbours,
            coupling,
            last_inside,
            calls: 0,
            below,
            outside,
            keep_nodes,
        }
    }

    /// Finds the leaf modules outside of `module` that it is coupled to. Returns the number of
    /// links visited.
    pub fn surroundings<O: NestedObjective>(&mut self, state: &TreeState<'_, O>, module: u32) -> u64 {
        self.calls += 1;
        self.below.clear();
        leaves_below(state, module, |leaf| self.below.push(leaf));
        for &leaf in &self.below {
            self.last_inside[leaf as usize] = self.calls;
        }
        let mut links = 0;
        let mut outside = 0.0;
        for row in self.below.iter().flat_map(|&leaf| &self.rows[leaf as usize]) {
            links += self.couplings.degree(*row as usize) as u64;
            for (other, coupling) in self.couplings.row(*row as usize) {
                let other = self.module_of_row[other] as usize;
                if self.last_inside[other] != self.calls {
                    if self.coupling[other] == 0.0 {
                        self.neighbours.push(other as u32);
                    }
                    self.coupling[other] += coupling;
                    outside += coupling;
                }
            }
        }
        self.outside[module as usize] = outside;
        links
    }

    /// Merges the leaf module `module` into `target`.
    pub fn merge(&mut self, module: u32, target: u32) {
        let rows = std::mem::take(&mut self.rows[module as usize]);
        for &row in &rows {
            self.module_of_row[row as usize] = target;
        }
        self.rows[target as usize].extend(rows);
        let nodes = std::mem::take(&mut self.nodes[module as usize]);
        self.nodes[target as usize].extend(nodes);
    }

    /// Returns sibling modules as units, with the couplings between them.
    ///
    /// `position` is a buffer of one entry per row, all of them [`u32::MAX`] before and after the
    /// call.
    pub fn child_units<O: NestedObjective>(
        &self,
        state: &TreeState<'_, O>,
        children: &[u32],
        position: &mut [u32],
    ) -> OwnedUnits<Additive<O::Flow>> {
        let mut rows = Vec::new();
        let mut child_of_row = Vec::new();
        for (place, &child) in children.iter().enumerate() {
            leaves_below(state, child, |leaf| {
                rows.extend_from_slice(&self.rows[leaf as usize]);
                child_of_row.resize(rows.len(), place as u32);
            });
        }
        let inside = restrict_couplings(&self.couplings, &rows, position);
        let (couplings, _) = consolidate_couplings(&inside, &Partition::from_labels(child_of_row));
        let level = children.iter().map(|&child| state.flow.as_unit(state.aggregate(child))).collect();
        OwnedUnits::new(couplings, level)
    }

    /// Number of rows, which are the initial leaf modules.
    pub fn rows(&self) -> usize {
        self.couplings.rows()
    }
}

/// Calls `found` with the leaf modules below `module`, or with `module` if it is one.
fn leaves_below<O: NestedObjective>(state: &TreeState<'_, O>, module: u32, mut found: impl FnMut(u32)) {
    let mut stack = vec![module];
    while let Some(module) = stack.pop() {
        if state.holds_nodes(module) {
            found(module);
        } else {
            stack.extend(state.children(module));
        }
    }
}
