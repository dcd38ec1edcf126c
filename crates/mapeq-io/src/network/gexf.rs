//! GEXF documents, as written by Gephi.
//!
//! ```xml
//! <gexf version="1.3"><graph defaultedgetype="undirected">
//! <nodes><node id="0" label="alice"/><node id="1" label="bob"/></nodes>
//! <edges><edge source="0" target="1" weight="2.5"/></edges></graph></gexf>
//! ```
//!
//! The GEXF Working Group, <https://gexf.net>, version 1.3.

use crate::error::{Fault, ReadError};
use crate::network::file::NetworkFile;
use crate::network::graph::Graph;
use crate::network::options::ReadOptions;
use crate::network::weight::link_weight;
use crate::network::xml::{self, Element, Event, Problem, Xml};
use crate::scan::source::Source;

pub(crate) fn read(source: Source<'_>, options: &ReadOptions) -> Result<NetworkFile, ReadError> {
    xml::read(source, |document| parse(document, options))
}

fn parse(document: &mut Xml<'_>, options: &ReadOptions) -> Result<NetworkFile, Problem> {
    let mut graph = Graph::new(options);
    // Whether links are directed by default, known once the first graph has begun. Only that one is
    // read.
    let mut default = None;
    let (mut depth, mut inside) = (0, false);
    loop {
        match document.next()? {
            Event::Start(element) => {
                match (depth, element.name()) {
                    (0, _) => element.expect_name("gexf")?,
                    (1, "graph") if default.is_none() => {
                        let [kind] = element.attributes(["defaultedgetype"])?;
                        default = Some(directed(&element, kind.as_deref(), false)?);
                        inside = true;
                    }
                    (_, "node") if inside => node(&mut graph, &element)?,
                    (_, "edge") if inside => edge(&mut graph, &element, default.unwrap_or(false))?,
                    _ => {}
                }
                depth += 1;
            }
            Event::End => {
                depth -= 1;
                inside &= depth > 1;
            }
            Event::Text(_) => {}
            Event::Eof if default.is_none() => {
                return Err(Fault::new("there is no \"graph\": expected one in \"gexf\"").into());
            }
            Event::Eof => return Ok(graph.finish()?),
        }
    }
}

fn node(graph: &mut Graph<'_>, element: &Element) -> Result<(), Problem> {
    let [id, label] = element.attributes(["id", "label"])?;
    let id = element.required("id", &id)?;
    Ok(graph.node(id, label.as_deref().unwrap_or_default()).map_err(|fault| element.at(fault))?)
}

fn edge(graph: &mut Graph<'_>, element: &Element, default: bool) -> Result<(), Problem> {
    let [source, target, weight, kind] = element.attributes(["source", "target", "weight", "type"])?;
    let (source, target) = (element.required("source", &source)?, element.required("target", &target)?);
    let weight = weight.as_deref().map_or(Ok(1.0), |weight| link_weight(weight.trim().as_bytes()));
    let directed = directed(element, kind.as_deref(), default)?;
    let link = weight.and_then(|weight| graph.link(source, target, weight, directed));
    Ok(link.map_err(|fault| element.at(fault))?)
}

/// Returns whether links are directed. Mutual links count as undirected.
fn directed(element: &Element, kind: Option<&str>, default: bool) -> Result<bool, Problem> {
    match kind {
        None => Ok(default),
        Some("directed") => Ok(true),
        Some("undirected" | "mutual") => Ok(false),
        Some(other) => {
            let fault = Fault::token(other.as_bytes(), "is not a link type", "directed, undirected or mutual");
            Err(element.at(fault).into())
        }
    }
}
