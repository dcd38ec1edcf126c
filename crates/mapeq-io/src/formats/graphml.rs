//! GraphML documents.
//!
//! ```xml
//! <graphml><key id="w" for="edge" attr.name="weight" attr.type="double"/>
//! <graph edgedefault="undirected"><node id="a"/><node id="b"/>
//! <edge source="a" target="b"><data key="w">2.5</data></edge></graph></graphml>
//! ```
//!
//! Of the data, `label` or `name` of nodes and `weight` of edges are used. Edges inside of nested graphs are links like others.
//!
//! U. Brandes, M. Eiglsperger, I. Herman, M. Himsolt & M. S. Marshall, GraphML progress report, Graph Drawing 2001,
//! doi:10.1007/3-540-45848-4_59.

use roxmltree::Node;

use crate::error::{Fault, count};
use crate::network_file::{NetworkFile, ReadOptions};

use super::document::Located;
use super::graph::Graph;
use super::{link_weight, xml};

pub(crate) fn parse(bytes: &[u8], options: &ReadOptions) -> Result<NetworkFile, Located> {
    let document = xml::parse(bytes)?;
    let root = xml::root(&document, "graphml")?;
    let (labels, weights) = (Keys::of(root, "node", &["label", "name"]), Keys::of(root, "edge", &["weight", "value"]));
    let mut graphs = xml::children(root, "graph");
    let first = graphs.next().ok_or_else(|| Fault::new("there is no \"graph\": expected one in \"graphml\""))?;
    let mut graph = Graph::new(options);
    for element in first.descendants().filter(Node::is_element) {
        match element.tag_name().name() {
            "node" => {
                let label = labels.find(element).unwrap_or_default();
                graph.node(xml::attribute(element, "id")?, label).map_err(|fault| xml::at(element, fault))?;
            }
            "edge" => {
                let (source, target) = (xml::attribute(element, "source")?, xml::attribute(element, "target")?);
                let weight = weights.find(element).map_or(Ok(1.0), |weight| link_weight(weight.as_bytes()));
                let directed = directed(element)?;
                let link = weight.and_then(|weight| graph.link(source, target, weight, directed));
                link.map_err(|fault| xml::at(element, fault))?;
            }
            "hyperedge" => {
                let fault = Fault::new("a \"hyperedge\" joins any number of nodes: expected \"edge\" alone");
                return Err(xml::at(element, fault.hint("a bipartite network has a node for each of them")));
            }
            _ => {}
        }
    }
    let more = graphs.count();
    if more > 0 {
        graph.note(format!("only the first graph is read, not the {} behind it", count(more as u64, "graph")));
    }
    Ok(graph.finish()?)
}

/// Whether an edge has a direction, by itself or by the graph that it is in.
fn directed(edge: Node<'_, '_>) -> Result<bool, Located> {
    match edge.attribute("directed") {
        Some("true" | "1") => return Ok(true),
        Some("false" | "0") => return Ok(false),
        Some(other) => {
            let fault =
                Fault::token(other.as_bytes(), "does not say whether the edge has a direction", "true or false");
            return Err(xml::at(edge, fault));
        }
        None => {}
    }
    let graph = edge.parent().filter(|element| element.tag_name().name() == "graph");
    match graph.map(|graph| (graph, graph.attribute("edgedefault"))) {
        Some((_, Some("directed"))) => Ok(true),
        None | Some((_, Some("undirected") | None)) => Ok(false),
        Some((graph, Some(other))) => {
            let fault = Fault::token(other.as_bytes(), "is no \"edgedefault\"", "directed or undirected");
            Err(xml::at(graph, fault))
        }
    }
}

/// The keys of an attribute of nodes or edges, the best one first.
struct Keys<'d>(Vec<(&'d str, Option<&'d str>)>);

impl<'d> Keys<'d> {
    fn of(root: Node<'d, 'd>, of: &str, names: &[&str]) -> Self {
        let mut keys = Vec::new();
        for name in names {
            for key in xml::children(root, "key") {
                let is_for = key.attribute("for").is_none_or(|what| what == of || what == "all");
                let own = key.attribute("attr.name").or(key.attribute("id")).unwrap_or_default();
                if let (true, true, Some(id)) = (is_for, own.eq_ignore_ascii_case(name), key.attribute("id")) {
                    let default = xml::children(key, "default").next().and_then(|default| default.text());
                    keys.push((id, default.map(str::trim)));
                }
            }
        }
        Self(keys)
    }

    /// What an element says, or else the default.
    fn find(&self, element: Node<'d, 'd>) -> Option<&'d str> {
        let own = |key: &str| xml::children(element, "data").find(|data| data.attribute("key") == Some(key));
        let told = self.0.iter().find_map(|(key, _)| own(key)).map(|data| data.text().unwrap_or_default().trim());
        told.or_else(|| self.0.iter().find_map(|(_, default)| *default))
    }
}
