//! GEXF documents, as Gephi writes them.
//!
//! ```xml
//! <gexf version="1.3"><graph defaultedgetype="undirected">
//! <nodes><node id="0" label="alice"/><node id="1" label="bob"/></nodes>
//! <edges><edge source="0" target="1" weight="2.5"/></edges></graph></gexf>
//! ```
//!
//! The GEXF Working Group, <https://gexf.net>, version 1.3.

use roxmltree::Node;

use crate::error::Fault;
use crate::network_file::{NetworkFile, ReadOptions};

use super::document::Located;
use super::graph::Graph;
use super::{link_weight, xml};

pub(crate) fn parse(bytes: &[u8], options: &ReadOptions) -> Result<NetworkFile, Located> {
    let document = xml::parse(bytes)?;
    let root = xml::root(&document, "gexf")?;
    let element = xml::children(root, "graph").next();
    let element = element.ok_or_else(|| Fault::new("there is no \"graph\": expected one in \"gexf\""))?;
    let default = directed(element, "defaultedgetype", false)?;
    let mut graph = Graph::new(options);
    for element in element.descendants().filter(Node::is_element) {
        match element.tag_name().name() {
            "node" => {
                let label = element.attribute("label").unwrap_or_default();
                graph.node(xml::attribute(element, "id")?, label).map_err(|fault| xml::at(element, fault))?;
            }
            "edge" => {
                let (source, target) = (xml::attribute(element, "source")?, xml::attribute(element, "target")?);
                let weight =
                    element.attribute("weight").map_or(Ok(1.0), |weight| link_weight(weight.trim().as_bytes()));
                let directed = directed(element, "type", default)?;
                let link = weight.and_then(|weight| graph.link(source, target, weight, directed));
                link.map_err(|fault| xml::at(element, fault))?;
            }
            _ => {}
        }
    }
    Ok(graph.finish()?)
}

/// Whether links have a direction; mutual ones are walked both ways, and so have none.
fn directed(element: Node<'_, '_>, attribute: &str, default: bool) -> Result<bool, Located> {
    match element.attribute(attribute) {
        None => Ok(default),
        Some("directed") => Ok(true),
        Some("undirected" | "mutual") => Ok(false),
        Some(other) => {
            let fault = Fault::token(other.as_bytes(), "is no type of links", "directed, undirected or mutual");
            Err(xml::at(element, fault))
        }
    }
}
