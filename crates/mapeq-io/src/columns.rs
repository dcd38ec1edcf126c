//! The ids that a row of a result file has: that of the node, or those of a state, its node and its layer.

use std::fmt::{self, Display, Formatter};

use mapeq_core::NodeTable;

/// What tells the columns of ids: the first one, and those that states have behind it, with a blank before each.
pub(crate) fn names(nodes: &NodeTable) -> (&'static str, &'static str) {
    match &nodes.states {
        None => ("node_id", ""),
        Some(states) if states.layers.is_none() => ("state_id", " node_id"),
        Some(_) => ("state_id", " node_id layer_id"),
    }
}

/// The ids of the physical node and the layer of a state, with a blank before each; nothing for an ordinary node.
pub(crate) struct StateIds<'a>(pub(crate) &'a NodeTable, pub(crate) usize);

impl Display for StateIds<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(nodes, state) = *self;
        let Some(states) = &nodes.states else { return Ok(()) };
        write!(f, " {}", states.physical_nodes.ids.text(states.physical[state] as usize))?;
        match &states.layers {
            Some(layers) => write!(f, " {}", layers.table.ids.text(layers.of_state[state] as usize)),
            None => Ok(()),
        }
    }
}
