//! Networks as JSON: the node-link form of NetworkX and others, and Infomap's network documents.

mod infomap;
mod node_link;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::error::Fault;
use crate::network::file::NetworkFile;
use crate::network::options::ReadOptions;
use crate::scan::document::{self, LocatedFault};
use crate::scan::json::from_text;

/// Keys that distinguish the kinds of documents.
#[derive(Deserialize)]
struct Kind {
    format: Option<String>,
    nodes: Option<IgnoredAny>,
    links: Option<IgnoredAny>,
    edges: Option<IgnoredAny>,
}

pub(crate) fn parse(bytes: &[u8], options: &ReadOptions) -> Result<NetworkFile, LocatedFault> {
    let text = document::text(bytes)?;
    let kind: Kind = from_text(text)?;
    match kind.format {
        Some(format) if format == "infomap-network" => infomap::parse(text, options),
        _ if kind.links.is_some() => node_link::parse(text, "links", options),
        _ if kind.edges.is_some() => node_link::parse(text, "edges", options),
        _ if kind.nodes.is_some() => {
            Err(Fault::new("an object with nodes and no links: expected \"links\" or \"edges\"").into())
        }
        Some(format) => {
            Err(Fault::token(format.as_bytes(), "is not a known network format", "\"infomap-network\"").into())
        }
        None => Err(Fault::new("not a network: expected an object with \"nodes\" and \"links\" (or \"edges\")").into()),
    }
}
