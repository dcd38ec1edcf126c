//! Partitions as JSON: an object with `nodes`, each with its `path` and `id`, as results are written.

use mapeq_core::NodeTable;
use serde::Deserialize;

use crate::error::{Fault, ReadError};
use crate::formats::{Id, Located, from_text, text};
use crate::partition_file::{Assignment, PartitionFile};
use crate::source::Source;
use crate::tree_file::{self, Modules, place_row};

#[derive(Deserialize)]
struct Document {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    path: Vec<u64>,
    id: Id,
    #[serde(rename = "stateId")]
    state: Option<Id>,
    #[serde(rename = "layerId")]
    layer: Option<Id>,
}

pub(crate) fn read(mut source: Source<'_>, nodes: &NodeTable) -> Result<PartitionFile, ReadError> {
    let bytes = source.all()?;
    parse(&bytes, nodes).map_err(|located| located.of(&mut source))
}

fn parse(bytes: &[u8], nodes: &NodeTable) -> Result<PartitionFile, Located> {
    let document: Document = from_text(text(bytes)?)?;
    let (mut assignment, mut modules) = (Assignment::new(nodes).counted_by("node"), Modules::new().counted_by("node"));
    for (number, node) in (1..).zip(&document.nodes) {
        let path = node.path.iter().map(u64::to_string).collect::<Vec<_>>().join(":");
        let [id, layer] = [Some(&node.id), node.layer.as_ref()].map(|id| id.map(|id| id.0.as_bytes()));
        let state = node.state.as_ref().map(|id| id.0.as_bytes());
        let ids = if state.is_some() { [state, id, layer] } else { [id, None, None] };
        let physical = state.is_none() && assignment.is_of_states();
        let placed = place_row(&mut assignment, &mut modules, ids, physical, path.as_bytes(), number);
        placed.map_err(|fault: Fault| fault.within(&format!("nodes[{}]", number - 1)))?;
    }
    Ok(tree_file::finish(assignment, modules)?)
}
