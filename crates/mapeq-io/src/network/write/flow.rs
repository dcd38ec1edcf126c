//! `.net` files like those of Infomap, with weights or flow in six digits.

use std::io::{self, Write};

use mapeq_core::{Csr, Direction, NodeIds, NodeTable, StringTable};

use crate::header::Header;
use crate::id_columns::first_feature_id;
use crate::number::format_g6;
use crate::quoting::on_one_line;

/// Writes the flow of nodes and links, per step. Flow along an undirected link is that of both
/// directions together. States are written as nodes, named by their ids.
///
/// # Complexity
/// O(nodes + links).
///
/// # Errors
/// Those of `out`.
pub fn write_flow(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    flow: &[f64],
    links: &Csr,
    direction: Direction,
) -> io::Result<()> {
    write(out, header, nodes, "flow", |node| flow[node], links, heading(direction))
}

/// Writes a network like [`write_pajek`](crate::write_pajek), with weights in six digits and
/// comments on the run. Bipartite networks have the heading `*Bipartite`.
///
/// # Complexity
/// O(nodes + links).
///
/// # Errors
/// Those of `out`.
pub fn write_weights(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    links: &Csr,
    direction: Direction,
) -> io::Result<()> {
    let heading = match nodes.first_feature {
        Some(first) => format!("*Bipartite {}", first_feature_id(&nodes.ids, first as usize)?),
        None => heading(direction).to_owned(),
    };
    write(out, header, nodes, "weight", |node| nodes.weight(node), links, &heading)
}

/// Writes a network as a state network: names of physical nodes if there are any, states, and links
/// with weights in six digits. Comments describe the run.
///
/// An ordinary node is its own single state. State ids must be numbers: nodes with text ids are
/// numbered from 1 and named by their ids. Layers are not written.
///
/// # Complexity
/// O(nodes + links).
///
/// # Errors
/// Those of `out`.
pub fn write_states(out: &mut impl Write, header: &Header, nodes: &NodeTable, links: &Csr) -> io::Result<()> {
    if let (NodeIds::Strings(_), None) = (&nodes.ids, &nodes.states) {
        return write_states(out, header, &numbered(nodes), links);
    }
    let states = nodes.states.as_deref();
    let (ids, names) = match states {
        Some(states) => (&states.physical_nodes.ids, &states.physical_nodes.names),
        None => (&nodes.ids, &nodes.names),
    };
    writeln!(out, "# v{}\n# {}", header.version, header.command)?;
    if names.is_some() {
        writeln!(out, "*Vertices")?;
        for node in 0..ids.len() {
            let name = states.map_or_else(|| nodes.name(node), |states| states.physical_nodes.name(node));
            writeln!(out, "{} \"{}\"", ids.text(node), on_one_line(&name))?;
        }
    }
    writeln!(out, "*States\n# stateId physicalId")?;
    for state in 0..nodes.len() {
        let node = states.map_or(state, |states| states.physical[state] as usize);
        write!(out, "{} {}", nodes.ids.text(state), ids.text(node))?;
        match states.and_then(|states| states.names.as_ref()).map(|names| names.at(state)) {
            None | Some("") => writeln!(out)?,
            Some(name) => writeln!(out, " \"{}\"", on_one_line(name))?,
        }
    }
    writeln!(out, "*Links")?;
    write_links(out, nodes, links)
}

/// Returns the nodes with ids from 1, named as before.
fn numbered(nodes: &NodeTable) -> NodeTable {
    let ids = NodeIds::Consecutive { first: 1, len: nodes.len() };
    let mut names = StringTable::default();
    for node in 0..nodes.len() {
        names.push(&nodes.name(node));
    }
    NodeTable { names: Some(names), ..NodeTable::new(ids) }
}

fn write_links(out: &mut impl Write, nodes: &NodeTable, links: &Csr) -> io::Result<()> {
    for source in 0..links.rows() {
        let id = nodes.ids.text(source);
        for (target, value) in links.row(source) {
            writeln!(out, "{id} {} {}", nodes.ids.text(target), format_g6(value))?;
        }
    }
    Ok(())
}

fn heading(direction: Direction) -> &'static str {
    if direction == Direction::Directed { "*Arcs" } else { "*Edges" }
}

fn write(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    quantity: &str,
    of_node: impl Fn(usize) -> f64,
    links: &Csr,
    heading: &str,
) -> io::Result<()> {
    writeln!(out, "# v{}", header.version)?;
    writeln!(out, "# {}", header.command)?;
    if nodes.states.is_some() {
        writeln!(out, "# State network as physical network")?;
    }
    writeln!(out, "*Vertices")?;
    writeln!(out, "#id name {quantity}")?;
    for node in 0..nodes.len() {
        let id = nodes.ids.text(node);
        let name = if nodes.states.is_some() { id.clone() } else { nodes.name(node) };
        writeln!(out, "{id} \"{}\" {}", on_one_line(&name), format_g6(of_node(node)))?;
    }
    writeln!(out, "{heading}")?;
    writeln!(out, "#source target {quantity}")?;
    write_links(out, nodes, links)
}
