//! State nodes: their physical nodes and layers.

use std::sync::Arc;

use crate::ids::{IdTable, StringTable};

/// Physical nodes and layers of the nodes of a state network, in node order.
///
/// A state node is a physical node with a context: the nodes visited before, or a layer. A walk
/// moves between state nodes, and visits their physical nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct States {
    /// Physical nodes, also those that the input declares without a state.
    pub physical_nodes: IdTable,
    /// Physical node of every state.
    pub physical: Arc<[u32]>,
    /// Layers, if states are nodes in layers.
    pub layers: Option<Layers>,
    /// Names of the states themselves, if the input gave any. A state without a name has the empty
    /// string here.
    pub names: Option<StringTable>,
}

/// Layers of a multilayer network, whose states are nodes in layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Layers {
    /// Ids and names of the layers.
    pub table: IdTable,
    /// Layer of every state.
    pub of_state: Box<[u32]>,
    /// Inter-layer links, if the links of the network are intra-layer links only.
    ///
    /// The walk between layers follows from these links or, if the list is empty, from a relax
    /// rate. `None` if the links of the network themselves join layers.
    pub inter: Option<Box<[InterLink]>>,
}

/// A link from a physical node in one layer to the same node in another layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InterLink {
    /// State of the node in the first layer.
    pub source: u32,
    /// State of the node in the second layer.
    pub target: u32,
    /// Weight: finite and positive, in the units of intra-layer links.
    pub weight: f64,
}

impl Layers {
    /// Returns the id of the layer of `state`, or 0 if it is not a number.
    pub fn id_of(&self, state: u32) -> u64 {
        self.table.ids.number(self.of_state[state as usize] as usize).unwrap_or(0)
    }
}

impl States {
    /// Returns whether some physical node has several states. Otherwise states are ordinary nodes.
    ///
    /// # Complexity
    /// O(states).
    pub fn are_shared(&self) -> bool {
        let mut seen = vec![false; self.physical_nodes.len()];
        self.physical.iter().any(|&physical| std::mem::replace(&mut seen[physical as usize], true))
    }

    /// Returns the number of layers.
    pub fn layers(&self) -> usize {
        self.layers.as_ref().map_or(0, |layers| layers.table.len())
    }

    /// Returns the states sorted by physical node, then by layer.
    ///
    /// # Complexity
    /// O(states log states).
    pub fn by_node_and_layer(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.physical.len() as u32).collect();
        let layer = |state: usize| self.layers.as_ref().map_or(0, |layers| layers.of_state[state]);
        order.sort_by_key(|&state| (self.physical[state as usize], layer(state as usize)));
        order
    }

    /// Returns the id of the layer of `state`, or `None` without layers.
    pub fn layer_id(&self, state: usize) -> Option<u64> {
        self.layers.as_ref().map(|layers| layers.id_of(state as u32))
    }

    /// Returns whether each of `states` states has a physical node, and a layer and a name if there
    /// are any.
    pub(crate) fn are_complete(&self, states: usize) -> bool {
        let valid = |numbers: &[u32], len: usize| {
            numbers.len() == states && numbers.iter().all(|&number| (number as usize) < len)
        };
        valid(&self.physical, self.physical_nodes.len())
            && self.layers.as_ref().is_none_or(|layers| valid(&layers.of_state, layers.table.len()))
            && self.names.as_ref().is_none_or(|names| names.len() == states)
    }
}
