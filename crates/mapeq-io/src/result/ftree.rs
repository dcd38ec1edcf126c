//! `.ftree` files: a tree with the flow between the children of every module.

use std::io::{self, Write};

use mapeq_core::{Csr, Direction};

use crate::header::Header;
use crate::id_columns::{self, StateIds};
use crate::number::format_g6;
use crate::quoting::InQuotes;
use crate::result::module_links::{links_per_module, module_links};
use crate::result::order::Path;
use crate::result::ordered::ResultTree;

/// Writes the rows of [`write_tree`](crate::write_tree), including features, and a section of links
/// for the root and for every module, depth first:
///
/// ```text
/// *Links undirected
/// #*Links path enterFlow exitFlow numEdges numChildren
/// *Links 1:2 0.0714286 0.0714286 3 3
/// 1 2 0.142857                           positions of two children, flow between them
/// ```
///
/// `flow` is the flow per codeword along the links of the network. For undirected links, it is that
/// of both directions together. Self-links and teleportation are not listed, although enter and
/// exit flow include teleportation.
///
/// # Complexity
/// O(n log n + links · (depth + log links)).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the parts of the result differ in nodes or modules.
pub fn write_ftree(
    out: &mut impl Write,
    header: &Header,
    result: ResultTree<'_>,
    flow: &Csr,
    direction: Direction,
) -> io::Result<()> {
    let ordered = result.ordered();
    header.write(out)?;
    let (id, more_ids) = id_columns::heading_line(result.nodes);
    writeln!(out, "# path flow name {id}{more_ids}")?;
    ordered.for_each_leaf(|leaf| {
        let (flow, name) = (format_g6(result.flow[leaf.node]), result.nodes.name(leaf.node));
        let id = result.nodes.ids.text(leaf.node);
        let states = StateIds(result.nodes, leaf.node);
        writeln!(out, "{} {flow} {} {id}{states}", Path(leaf.path), InQuotes(&name))
    })?;
    match direction {
        Direction::Undirected => {
            writeln!(out, "*Links undirected")?;
            writeln!(out, "# link flow is both directions combined, one row per module pair")?;
        }
        Direction::Directed => writeln!(out, "*Links directed")?,
    }
    writeln!(out, "#*Links path enterFlow exitFlow numEdges numChildren")?;
    let links = module_links(&ordered, flow, direction);
    let (numbers, children) = (links_per_module(&links, ordered.modules.len()), ordered.children());
    let mut links = links.into_iter();
    for (module, own) in ordered.modules.iter().enumerate() {
        let path = if module == 0 { "root".to_owned() } else { Path(&ordered.order.module_path(module)).to_string() };
        let (enter, exit) = (format_g6(own.enter), format_g6(own.exit));
        writeln!(out, "*Links {path} {enter} {exit} {} {}", numbers[module], children[module])?;
        for link in links.by_ref().take(numbers[module] as usize) {
            writeln!(out, "{} {} {}", link.source, link.target, format_g6(link.flow))?;
        }
    }
    Ok(())
}
