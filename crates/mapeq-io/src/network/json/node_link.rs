//! Node-link JSON, as written by `networkx.node_link_data` and read by D3.
//!
//! ```json
//! {"directed": false, "nodes": [{"id": "a"}, {"id": "b"}], "links": [{"source": "a", "target": "b", "weight": 2.5}]}
//! ```
//!
//! The list of links may also be called `edges`. Nodes have an optional `label` or `name`, and
//! links an optional `weight` or `value`.

use serde::Deserialize;

use crate::network::file::NetworkFile;
use crate::network::graph::Graph;
use crate::network::options::ReadOptions;
use crate::network::weight::checked_weight;
use crate::scan::document::LocatedFault;
use crate::scan::json::{JsonId, for_each, from_text};

#[derive(Deserialize)]
struct Document {
    directed: Option<bool>,
}

#[derive(Deserialize)]
struct Node {
    id: JsonId,
    label: Option<serde_json::Value>,
    name: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Link {
    source: JsonId,
    target: JsonId,
    weight: Option<f64>,
    value: Option<serde_json::Value>,
}

/// Parses a document whose list of links has the key `links`.
pub(crate) fn parse(text: &str, links: &str, options: &ReadOptions) -> Result<NetworkFile, LocatedFault> {
    let Document { directed } = from_text(text)?;
    let mut graph = Graph::new(options);
    for_each(text, "nodes", |node: Node| {
        let text =
            |value: &Option<serde_json::Value>| value.as_ref().and_then(|value| Some(value.as_str()?.to_owned()));
        let label = text(&node.label).or_else(|| text(&node.name));
        graph.node(&node.id.0, &label.unwrap_or_default())
    })?;
    for_each(text, links, |link: Link| {
        let value = || link.value.as_ref().and_then(serde_json::Value::as_f64);
        let weight = link.weight.or_else(value).unwrap_or(1.0);
        let weight = checked_weight(weight)?;
        graph.link(&link.source.0, &link.target.0, weight, directed.unwrap_or(false))
    })?;
    let mut file = graph.finish()?;
    if directed.is_none() {
        file.directed_hint = None;
    }
    Ok(file)
}
