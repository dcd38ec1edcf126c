//! Partitions as JSON: an object with `nodes`, each with its `path` and `id`, as results are written.

use mapeq_core::NodeTable;
use serde::Deserialize;

use crate::error::{Fault, ReadError};
use crate::partition::builder::{Assignment, PartitionFile};
use crate::partition::paths::{Modules, finish, place_row};
use crate::scan::document::{Located, text};
use crate::scan::json::{Id, each};
use crate::scan::source::Source;

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
    let (mut assignment, mut modules) = (Assignment::new(nodes).counted_by("node"), Modules::new().counted_by("node"));
    let mut number = 0;
    let found = each(text(bytes)?, "nodes", |node: Node| {
        number += 1;
        let [id, layer] = [Some(&node.id), node.layer.as_ref()].map(|id| id.map(|id| id.0.as_bytes()));
        let state = node.state.as_ref().map(|id| id.0.as_bytes());
        let ids = if state.is_some() { [state, id, layer] } else { [id, None, None] };
        let physical = state.is_none() && assignment.is_of_states();
        place_row(&mut assignment, ids, physical, number, || modules.place(&node.path, number))
    })?;
    if !found {
        return Err(Fault::new("there is no \"nodes\": expected a list of nodes with \"path\" and \"id\"").into());
    }
    Ok(finish(assignment, modules)?)
}
