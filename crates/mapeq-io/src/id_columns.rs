//! Id columns of result files: of the node, or of the state, its physical node and its layer.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};
use std::io;

use mapeq_core::{NodeIds, NodeTable};

use crate::error::cannot_write;
use crate::quoting::CsvField;

/// Returns the heading of the first id column, and the further headings of states, each after a
/// blank.
pub(crate) fn heading_line(nodes: &NodeTable) -> (&'static str, &'static str) {
    match &nodes.states {
        None => ("node_id", ""),
        Some(states) if states.layers.is_none() => ("state_id", " node_id"),
        Some(_) => ("state_id", " node_id layer_id"),
    }
}

/// Returns the headings of the id columns: of the node, or of the state, its physical node and its
/// layer.
pub(crate) fn headings(nodes: &NodeTable) -> [Option<&'static str>; 3] {
    let (first, more) = heading_line(nodes);
    let mut more = more.split_ascii_whitespace();
    [Some(first), more.next(), more.next()]
}

/// Returns the ids of a node in the columns of [`headings`].
pub(crate) fn ids(nodes: &NodeTable, node: usize) -> [Option<Cow<'_, str>>; 3] {
    let physical = nodes.states.as_ref().map(|states| states.physical_nodes.ids.text(states.physical[node] as usize));
    let layers = nodes.states.as_ref().and_then(|states| states.layers.as_ref());
    let layer = layers.map(|layers| layers.table.ids.text(layers.of_state[node] as usize));
    [Some(nodes.ids.text(node)), physical, layer]
}

/// Displays the ids of the physical node and the layer of a state, each after a blank. Displays
/// nothing for an ordinary node.
pub(crate) struct StateIds<'a>(pub(crate) &'a NodeTable, pub(crate) usize);

impl Display for StateIds<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(nodes, state) = *self;
        if nodes.states.is_none() {
            return Ok(());
        }
        let [_, physical, layer] = ids(nodes, state);
        physical.into_iter().chain(layer).try_for_each(|id| write!(f, " {id}"))
    }
}

/// Displays the existing columns as comma-separated values.
pub(crate) struct CsvIds<T>(pub(crate) [Option<T>; 3]);

impl<T: AsRef<str>> Display for CsvIds<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let fields = self.0.iter().flatten().enumerate();
        fields
            .into_iter()
            .try_for_each(|(place, id)| write!(f, "{}{}", if place == 0 { "" } else { "," }, CsvField(id.as_ref())))
    }
}

/// Returns the smallest id of a feature, or an id above all others if the network has no features.
pub(crate) fn first_feature_id(ids: &NodeIds, first: usize) -> io::Result<u64> {
    match ids {
        NodeIds::Consecutive { first: id, .. } => Ok(id + first as u64),
        NodeIds::Numbers(ids) => {
            Ok(ids.get(first).copied().unwrap_or_else(|| ids.last().map_or(0, |last| last.saturating_add(1))))
        }
        NodeIds::Strings(ids) => {
            let id = if first < ids.len() { ids.at(first) } else { "" };
            Err(cannot_write("id", id, "numeric ids in a bipartite network"))
        }
    }
}
