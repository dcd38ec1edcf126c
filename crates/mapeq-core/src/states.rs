//! Where nodes are states: what they are states of.

use std::sync::Arc;

use crate::ids::{IdTable, StringTable};

/// What the nodes of a state network are states of, in node order.
///
/// A walk remembers where it came from, or in which layer it is, by the state it visits; what it visits is the physical node
/// of that state.
#[derive(Clone, Debug, PartialEq)]
pub struct States {
    /// The physical nodes: those that have states, and those that were declared without one.
    pub physical_nodes: IdTable,
    /// Number of the physical node of every state.
    pub physical: Arc<[u32]>,
    /// The layers, where states are nodes in layers.
    pub layers: Option<Layers>,
    /// Names of the states themselves, where the input gave any; a state without one has the empty string here.
    pub names: Option<StringTable>,
}

/// Layers of a network whose states are nodes in layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Layers {
    /// The layers: ids and names.
    pub table: IdTable,
    /// Number of the layer of every state.
    pub of_state: Box<[u32]>,
    /// Where the links of the network stay in their layers: what leads from one layer to another. The links that the walk
    /// takes there follow from these, or from a rate of relaxing if there are none. `None` where the links of the network
    /// themselves lead from layer to layer.
    pub inter: Option<Box<[InterLink]>>,
}

/// A link from a physical node in one layer to the same node in another layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InterLink {
    /// The state of the node in the first layer.
    pub source: u32,
    /// The state of the node in the second layer.
    pub target: u32,
    /// Finite and positive, in the units of the links inside of layers.
    pub weight: f64,
}

impl Layers {
    /// The id of the layer of `state`; 0 if it is no number.
    pub fn id_of(&self, state: u32) -> u64 {
        self.table.ids.number(self.of_state[state as usize] as usize).unwrap_or(0)
    }
}

impl States {
    /// Whether some physical node has several states; otherwise states are ordinary nodes. O(states).
    pub fn are_shared(&self) -> bool {
        let mut seen = vec![false; self.physical_nodes.len()];
        self.physical.iter().any(|&physical| std::mem::replace(&mut seen[physical as usize], true))
    }

    /// Number of layers; 0 where there are none.
    pub fn layers(&self) -> usize {
        self.layers.as_ref().map_or(0, |layers| layers.table.len())
    }

    /// States by physical node, those of a node by layer, or as they are where there are no layers. O(states log states).
    pub fn by_node_and_layer(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.physical.len() as u32).collect();
        let layer = |state: usize| self.layers.as_ref().map_or(0, |layers| layers.of_state[state]);
        order.sort_by_key(|&state| (self.physical[state as usize], layer(state as usize)));
        order
    }

    /// The id of the layer of `state`; `None` where there are no layers.
    pub fn layer_id(&self, state: usize) -> Option<u64> {
        self.layers.as_ref().map(|layers| layers.id_of(state as u32))
    }

    /// Whether there is one physical node and one layer, if any, for each of so many states.
    pub(crate) fn describe(&self, states: usize) -> bool {
        let known = |numbers: &[u32], of: usize| {
            numbers.len() == states && numbers.iter().all(|&number| (number as usize) < of)
        };
        known(&self.physical, self.physical_nodes.len())
            && self.layers.as_ref().is_none_or(|layers| known(&layers.of_state, layers.table.len()))
            && self.names.as_ref().is_none_or(|names| names.len() == states)
    }
}
