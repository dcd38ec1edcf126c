//! Results as GEXF for Gephi: the network with modules and flow of its nodes.

use std::io::{self, Write};

use mapeq_core::{Csr, Direction, LinkValues};

use crate::number::Shortest;
use crate::result::ordered::{ModulePaths, ResultTree};
use crate::result::xml_text::XmlText;

/// Writes a network as GEXF 1.3, with the attributes of [`write_graphml`](crate::write_graphml).
///
/// # Complexity
/// O(n log n + links).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the parts of the result and the links differ in nodes.
pub fn write_gexf(out: &mut impl Write, result: ResultTree<'_>, links: &Csr, direction: Direction) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<gexf xmlns="http://gexf.net/1.3" version="1.3">"#)?;
    let default = if direction == Direction::Directed { "directed" } else { "undirected" };
    writeln!(out, r#"  <graph mode="static" defaultedgetype="{default}">"#)?;
    writeln!(out, r#"    <attributes class="node" mode="static">"#)?;
    for (id, (name, kind)) in [("flow", "double"), ("module", "integer"), ("path", "string")].into_iter().enumerate() {
        writeln!(out, r#"      <attribute id="{id}" title="{name}" type="{kind}"/>"#)?;
    }
    writeln!(out, "    </attributes>\n    <nodes>")?;
    let (nodes, paths) = (result.nodes, ModulePaths::new(result));
    for node in 0..nodes.len() {
        let (id, name) = (nodes.ids.text(node), nodes.name(node));
        let values =
            [Shortest(result.flow[node]).to_string(), paths.top(node).to_string(), paths.path(node).to_owned()];
        write!(out, r#"      <node id="{}" label="{}"><attvalues>"#, XmlText(&id), XmlText(&name))?;
        for (id, value) in values.iter().enumerate() {
            write!(out, r#"<attvalue for="{id}" value="{value}"/>"#)?;
        }
        writeln!(out, "</attvalues></node>")?;
    }
    writeln!(out, "    </nodes>\n    <edges>")?;
    let weighted = !matches!(links.values(), LinkValues::Same(1.0));
    for (number, (source, target, weight)) in links.iter().enumerate() {
        let (source, target) = (nodes.ids.text(source), nodes.ids.text(target));
        write!(out, r#"      <edge id="{number}" source="{}" target="{}""#, XmlText(&source), XmlText(&target))?;
        if weighted {
            write!(out, r#" weight="{}""#, Shortest(weight))?;
        }
        writeln!(out, "/>")?;
    }
    writeln!(out, "    </edges>\n  </graph>\n</gexf>")
}
