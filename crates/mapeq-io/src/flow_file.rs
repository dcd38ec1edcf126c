//! `.net` files for people and for programs that know them from Infomap: weights and flow in six digits.

use std::io::{self, Write};

use mapeq_core::{Csr, Direction, NodeTable};

use crate::header::Header;
use crate::number::format_g6;

/// Writes the flow of nodes and links, per step: of undirected links that of both directions together. O(nodes + links).
///
/// # Errors
/// If `out` fails.
pub fn write_flow(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    flow: &[f64],
    links: &Csr,
    direction: Direction,
) -> io::Result<()> {
    write(out, header, nodes, "flow", |node| flow[node], links, direction)
}

/// Writes a network that was read: [`write_pajek`](crate::write_pajek) with weights in six digits, below comments that
/// tell where it comes from. O(nodes + links).
///
/// # Errors
/// If `out` fails.
pub fn write_weights(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    links: &Csr,
    direction: Direction,
) -> io::Result<()> {
    write(out, header, nodes, "weight", |node| nodes.weight(node), links, direction)
}

fn write(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    what: &str,
    of_node: impl Fn(usize) -> f64,
    links: &Csr,
    direction: Direction,
) -> io::Result<()> {
    writeln!(out, "# v{}", header.version)?;
    writeln!(out, "# {}", header.command)?;
    writeln!(out, "*Vertices")?;
    writeln!(out, "#id name {what}")?;
    for node in 0..nodes.len() {
        // The reader goes from the first quote to the last one.
        let name = nodes.name(node).replace(['\n', '\r'], " ");
        writeln!(out, "{} \"{name}\" {}", nodes.ids.text(node), format_g6(of_node(node)))?;
    }
    writeln!(out, "{}", if direction == Direction::Directed { "*Arcs" } else { "*Edges" })?;
    writeln!(out, "#source target {what}")?;
    for source in 0..links.rows() {
        let id = nodes.ids.text(source);
        for (target, value) in links.row(source) {
            writeln!(out, "{id} {} {}", nodes.ids.text(target), format_g6(value))?;
        }
    }
    Ok(())
}
