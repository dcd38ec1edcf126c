//! Lookup of the states that a row describes.

use mapeq_core::States;
use rustc_hash::FxHashMap;

use crate::error::{Fault, Quoted};
use crate::scan::token::whole;

/// The nodes that a row describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowTarget {
    /// One node.
    Node(usize),
    /// All states of a physical node.
    StatesOf(u32),
}

/// States by physical node and layer.
pub(crate) struct StateLookup<'a> {
    states: &'a States,
    /// States sorted by physical node, and the start of each physical node.
    sorted: Vec<u32>,
    starts: Vec<u32>,
    in_layer: FxHashMap<(u32, u32), u32>,
}

impl<'a> StateLookup<'a> {
    pub(crate) fn new(states: &'a States) -> Self {
        let mut starts = vec![0u32; states.physical_nodes.len() + 1];
        states.physical.iter().for_each(|&physical| starts[physical as usize + 1] += 1);
        for node in 1..starts.len() {
            starts[node] += starts[node - 1];
        }
        let mut sorted: Vec<u32> = (0..states.physical.len() as u32).collect();
        sorted.sort_by_key(|&state| states.physical[state as usize]);
        let layers = states.layers.iter().flat_map(|layers| layers.of_state.iter().enumerate());
        let in_layer = layers.map(|(state, &layer)| ((states.physical[state], layer), state as u32)).collect();
        Self { states, sorted, starts, in_layer }
    }

    pub(crate) fn has_layers(&self) -> bool {
        self.states.layers.is_some()
    }

    /// Returns all states of the physical node with this id.
    pub(crate) fn find_physical(&self, token: &[u8]) -> Result<Option<RowTarget>, Fault> {
        let node = self.states.physical_nodes.ids.find_number(number(token)?);
        Ok(node.map(|node| RowTarget::StatesOf(node as u32)))
    }

    /// Returns the state of a node in a layer, by both ids.
    pub(crate) fn find_in_layer(&self, node: &[u8], layer: &[u8]) -> Result<Option<RowTarget>, Fault> {
        let layers = self.states.layers.as_ref();
        let layer = number(layer).map(|layer| layers.and_then(|layers| layers.table.ids.find_number(layer)))?;
        let node = self.states.physical_nodes.ids.find_number(number(node)?);
        let state = node.zip(layer).and_then(|(node, layer)| self.in_layer.get(&(node as u32, layer as u32)));
        Ok(state.map(|&state| RowTarget::Node(state as usize)))
    }

    pub(crate) fn states_of(&self, physical: u32) -> Vec<u32> {
        let physical = physical as usize;
        self.sorted[self.starts[physical] as usize..self.starts[physical + 1] as usize].to_vec()
    }
}

fn number(token: &[u8]) -> Result<u64, Fault> {
    whole(token).ok_or_else(|| Fault::token(token, "is not an id", "a whole number, like the ids of the network"))
}

/// The fault of a physical node in several modules.
pub(crate) fn repeated_physical_node(id: &[u8]) -> Fault {
    let fault = Fault::new(format!("the node {} has an earlier row: expected one for all its states", Quoted(id)));
    fault.hint("the files of states (_states.tree, _states.clu) hold the module of each state")
}
