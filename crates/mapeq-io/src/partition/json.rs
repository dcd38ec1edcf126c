//! Partitions as JSON: an object with `nodes`, for_each with its `path` and `id`, as results are written.

use mapeq_core::NodeTable;
use serde::Deserialize;

use crate::error::Fault;
use crate::partition::builder::{PartitionBuilder, PartitionFile};
use crate::partition::paths::{PathTree, finish, place_row};
use crate::scan::document::{LocatedFault, text};
use crate::scan::json::{JsonId, for_each};

#[derive(Deserialize)]
struct Node {
    path: Vec<u64>,
    id: JsonId,
    #[serde(rename = "stateId")]
    state: Option<JsonId>,
    #[serde(rename = "layerId")]
    layer: Option<JsonId>,
}

pub(crate) fn parse(bytes: &[u8], nodes: &NodeTable) -> Result<PartitionFile, LocatedFault> {
    let (mut builder, mut modules) =
        (PartitionBuilder::new(nodes).counted_by("node"), PathTree::new().counted_by("node"));
    let mut number = 0;
    let found = for_each(text(bytes)?, "nodes", |node: Node| {
        number += 1;
        let [id, layer] = [Some(&node.id), node.layer.as_ref()].map(|id| id.map(|id| id.0.as_bytes()));
        let state = node.state.as_ref().map(|id| id.0.as_bytes());
        let ids = if state.is_some() { [state, id, layer] } else { [id, None, None] };
        let physical = state.is_none() && builder.is_of_states();
        place_row(&mut builder, ids, physical, number, || modules.place(&node.path, number))
    })?;
    if !found {
        return Err(Fault::new("there is no \"nodes\": expected a list of nodes with \"path\" and \"id\"").into());
    }
    Ok(finish(builder, modules)?)
}
