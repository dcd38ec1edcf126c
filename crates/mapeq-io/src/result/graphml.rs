//! Results as GraphML: the network with modules and flow of its nodes.

use std::io::{self, Write};

use mapeq_core::{Csr, Direction, LinkValues};

use crate::number::Shortest;
use crate::result::ordered::{ModulePaths, ResultTree};
use crate::result::xml_text::XmlText;

/// Writes a network as GraphML.
///
/// Every node has a `label` (its name), its `flow` (visit rate per step, in all digits), its
/// `module` (the number of the top module) and its `path` (as in a `.tree` file). Every link has
/// its `weight`, unless all weights are 1.
///
/// # Complexity
/// O(n log n + links).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the parts of the result and the links differ in nodes.
pub fn write_graphml(
    out: &mut impl Write,
    result: ResultTree<'_>,
    links: &Csr,
    direction: Direction,
) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<graphml xmlns="http://graphml.graphdrawing.org/xmlns">"#)?;
    for (name, kind) in [("label", "string"), ("flow", "double"), ("module", "int"), ("path", "string")] {
        writeln!(out, r#"  <key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>"#)?;
    }
    let weighted = !matches!(links.values(), LinkValues::Same(1.0));
    if weighted {
        writeln!(out, r#"  <key id="weight" for="edge" attr.name="weight" attr.type="double"/>"#)?;
    }
    let default = if direction == Direction::Directed { "directed" } else { "undirected" };
    writeln!(out, r#"  <graph edgedefault="{default}">"#)?;
    let (nodes, paths) = (result.nodes, ModulePaths::new(result));
    for node in 0..nodes.len() {
        let (id, name) = (nodes.ids.text(node), nodes.name(node));
        let (id, name, flow) = (XmlText(&id), XmlText(&name), Shortest(result.flow[node]));
        let (module, path) = (paths.top(node), paths.path(node));
        write!(out, r#"    <node id="{id}"><data key="label">{name}</data><data key="flow">{flow}</data>"#)?;
        writeln!(out, r#"<data key="module">{module}</data><data key="path">{path}</data></node>"#)?;
    }
    for (source, target, weight) in links.iter() {
        let (source, target) = (nodes.ids.text(source), nodes.ids.text(target));
        write!(out, r#"    <edge source="{}" target="{}""#, XmlText(&source), XmlText(&target))?;
        if weighted {
            writeln!(out, r#"><data key="weight">{}</data></edge>"#, Shortest(weight))?;
        } else {
            writeln!(out, "/>")?;
        }
    }
    writeln!(out, "  </graph>\n</graphml>")
}
