//! The leaf modules of a state while whole ones merge, move and come apart.

use mapeq_core::{Additive, Couplings, HierarchicalObjective, NestedObjective, Partition};
use mapeq_search::{OwnedUnits, Units, consolidate_couplings, restrict_couplings};

use crate::tree_state::{ROOT, TreeState};

/// What the leaf modules of a state hold, and the couplings between them, which stay useful while whole leaf modules merge.
pub(crate) struct LeafModules {
    /// Those between the leaf modules that there were at first, the rows.
    couplings: Couplings,
    /// The leaf module that each row is part of now.
    module_of_row: Vec<u32>,
    /// The rows and the nodes of each leaf module, by slot.
    rows: Vec<Vec<u32>>,
    pub nodes: Vec<Vec<u32>>,
    /// Leaf modules around the module asked for last, and its coupling to each; 0 for all others.
    pub near: Vec<u32>,
    pub coupling: Vec<f64>,
    /// For every leaf module, the number of the last question about a module that contained it.
    inside: Vec<u32>,
    questions: u32,
    below: Vec<u32>,
    /// What every module was coupled to outside of itself when it was asked about last, all together.
    pub outside: Vec<f64>,
    /// Whether they keep their nodes: under constraints.
    pub stay: bool,
}

impl LeafModules {
    /// Those of `state` as it is now. O(nodes + links).
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
        let (near, below) = (Vec::new(), Vec::new());
        let (coupling, outside, inside) = (vec![0.0; state.slots()], vec![0.0; state.slots()], vec![0; state.slots()]);
        let stay = units.constraints().is_some();
        Self { couplings, module_of_row, rows, nodes, near, coupling, inside, questions: 0, below, outside, stay }
    }

    /// Finds the leaf modules outside of `module` that it is coupled to; returns the number of links looked at.
    pub fn surroundings<O: NestedObjective>(&mut self, state: &TreeState<'_, O>, module: u32) -> u64 {
        self.questions += 1;
        self.below.clear();
        leaves_below(state, module, |leaf| self.below.push(leaf));
        for &leaf in &self.below {
            self.inside[leaf as usize] = self.questions;
        }
        let mut links = 0;
        let mut outside = 0.0;
        for row in self.below.iter().flat_map(|&leaf| &self.rows[leaf as usize]) {
            links += self.couplings.degree(*row as usize) as u64;
            for (other, coupling) in self.couplings.row(*row as usize) {
                let other = self.module_of_row[other] as usize;
                if self.inside[other] != self.questions {
                    if self.coupling[other] == 0.0 {
                        self.near.push(other as u32);
                    }
                    self.coupling[other] += coupling;
                    outside += coupling;
                }
            }
        }
        self.outside[module as usize] = outside;
        links
    }

    /// What `module` held, `target` holds: one has been poured into the other.
    pub fn merge(&mut self, module: u32, target: u32) {
        let rows = std::mem::take(&mut self.rows[module as usize]);
        for &row in &rows {
            self.module_of_row[row as usize] = target;
        }
        self.rows[target as usize].extend(rows);
        let nodes = std::mem::take(&mut self.nodes[module as usize]);
        self.nodes[target as usize].extend(nodes);
    }

    /// Sibling modules as units, with the couplings between them. `position` is [`u32::MAX`] for every row, and is left like that.
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

    /// Number of rows: the leaf modules that there were at first.
    pub fn rows(&self) -> usize {
        self.couplings.rows()
    }
}

/// Calls `found` with the leaf modules below `module`, or with itself.
fn leaves_below<O: NestedObjective>(state: &TreeState<'_, O>, module: u32, mut found: impl FnMut(u32)) {
    let mut waiting = vec![module];
    while let Some(module) = waiting.pop() {
        if state.holds_nodes(module) {
            found(module);
        } else {
            waiting.extend(state.children(module));
        }
    }
}
