//! Node-link JSON, as `networkx.node_link_data` writes it and D3 reads it.
//!
//! ```json
//! {"directed": false, "nodes": [{"id": "a"}, {"id": "b"}], "links": [{"source": "a", "target": "b", "weight": 2.5}]}
//! ```
//!
//! Links may be called `edges`, too; of nodes, `label` or `name` is used, and of links `weight` or `value`.

use serde::Deserialize;

use crate::error::Fault;
use crate::network_file::{NetworkFile, ReadOptions};

use super::document::Located;
use super::graph::Graph;
use super::json::{Id, from_text};

#[derive(Deserialize)]
struct Document {
    directed: Option<bool>,
    #[serde(default)]
    nodes: Vec<Node>,
    links: Option<Vec<Link>>,
    edges: Option<Vec<Link>>,
}

#[derive(Deserialize)]
struct Node {
    id: Id,
    label: Option<serde_json::Value>,
    name: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Link {
    source: Id,
    target: Id,
    weight: Option<f64>,
    value: Option<serde_json::Value>,
}

pub(crate) fn parse(text: &str, options: &ReadOptions) -> Result<NetworkFile, Located> {
    let document: Document = from_text(text)?;
    let mut graph = Graph::new(options);
    for node in &document.nodes {
        let label = node.label.as_ref().or(node.name.as_ref()).and_then(serde_json::Value::as_str);
        graph.node(&node.id.0, label.unwrap_or_default())?;
    }
    let directed = document.directed.unwrap_or(false);
    let links = document.links.or(document.edges).unwrap_or_default();
    for (place, link) in links.iter().enumerate() {
        let value = || link.value.as_ref().and_then(serde_json::Value::as_f64).filter(|value| *value >= 0.0);
        let weight = link.weight.or_else(value).unwrap_or(1.0);
        if weight < 0.0 {
            let problem = format!("is a negative link weight, in link {}", place + 1);
            return Err(Fault::token(weight.to_string().as_bytes(), &problem, "a number >= 0").into());
        }
        graph.link(&link.source.0, &link.target.0, weight, directed)?;
    }
    let unsaid = document.directed.is_none();
    let mut file = graph.finish()?;
    if unsaid {
        file.directed_hint = None;
    }
    Ok(file)
}
