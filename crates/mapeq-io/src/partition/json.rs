//! Partitions as JSON: an object with `nodes`, each with its `path` and `id`, as in result files.

use mapeq_core::NodeTable;
use serde::Deserialize;

use crate::error::Fault;
use crate::partition::builder::{PartitionBuilder, PartitionFile};
use crate::partition::paths::{PathTree, assign_row, build_partition};
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
        (PartitionBuilder::new(nodes).with_unit("node"), PathTree::new().with_unit("node"));
    let mut number = 0;
    let found = for_each(text(bytes)?, "nodes", |node: Node| {
        number += 1;
        let [id, layer] = [Some(&node.id), node.layer.as_ref()].map(|id| id.map(|id| id.0.as_bytes()));
        let state = node.state.as_ref().map(|id| id.0.as_bytes());
        let ids = if state.is_some() { [state, id, layer] } else { [id, None, None] };
        let physical = state.is_none() && builder.has_states();
        assign_row(&mut builder, ids, physical, number, || modules.insert(&node.path, number))
    })?;
    if !found {
        return Err(Fault::new("there is no \"nodes\": expected a list of nodes with \"path\" and \"id\"").into());
    }
    Ok(build_partition(builder, modules)?)
}
