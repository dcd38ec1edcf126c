//! Link lists and Pajek files.

use std::io::{self, Write};

use mapeq_core::{Direction, LinkValues, Network, NodeIds};

use crate::error::{cannot_write, count};
use crate::id_columns::first_feature_id;
use crate::network::write::states;
use crate::number::Shortest;
use crate::scan::token::{is_blank, is_digits, looks_like_number, looks_separated};

/// Writes a network as a link list: rows `source target weight`, or `source target` if all weights
/// are 1. Weights read back bit by bit.
///
/// A link list cannot represent names, node weights, features, nodes without links, and the
/// direction. [`left_out_of_link_list`] counts these losses.
///
/// # Complexity
/// O(nodes + links).
///
/// # Errors
/// Those of `out`, and if a text id cannot be read back: with blanks, or with `#`, `%`, `*` or `{`
/// at the start.
pub fn write_link_list(out: &mut impl Write, network: &Network) -> io::Result<()> {
    check_ids(network)?;
    write_links(out, network)
}

/// Writes a network as a Pajek file, from which nodes, links, names and weights read back in the
/// same order.
///
/// The file has `*Vertices` with names and weights, then `*Edges` or `*Arcs`. A bipartite network
/// has `*Bipartite` and the first feature instead, without a direction. A node without a name is
/// named by its id. State networks have the section `*States` or those of multilayer networks.
///
/// # Complexity
/// O(nodes + links).
///
/// # Errors
/// As for [`write_link_list`], if a name contains a line feed, and if a bipartite network has text
/// ids.
pub fn write_pajek(out: &mut impl Write, network: &Network) -> io::Result<()> {
    check_ids(network)?;
    let nodes = network.nodes();
    if let Some(states) = &nodes.states {
        return states::write(out, network, states);
    }
    writeln!(out, "*Vertices {}", nodes.len())?;
    for node in 0..nodes.len() {
        let name = nodes.name(node);
        if name.contains('\n') {
            return Err(cannot_write("name", &name, "a name on one line"));
        }
        write!(out, "{} \"{name}\"", nodes.ids.text(node))?;
        if nodes.weights.is_some() {
            write!(out, " {}", Shortest(nodes.weight(node)))?;
        }
        writeln!(out)?;
    }
    match (nodes.first_feature, network.direction()) {
        (Some(first), _) => writeln!(out, "*Bipartite {}", first_feature_id(&nodes.ids, first as usize)?)?,
        (None, Direction::Directed) => writeln!(out, "*Arcs {}", network.links().links())?,
        (None, Direction::Undirected) => writeln!(out, "*Edges {}", network.links().links())?,
    }
    write_links(out, network)
}

/// Lists the parts of a network that [`write_link_list`] cannot write, or returns `None` if there
/// are none.
///
/// # Complexity
/// O(nodes + links).
pub fn left_out_of_link_list(network: &Network) -> Option<String> {
    let nodes = network.nodes();
    let mut has_link = vec![false; nodes.len()];
    for (source, target, _) in network.links().iter() {
        (has_link[source], has_link[target]) = (true, true);
    }
    let named = |&node: &usize| nodes.states.is_none() && nodes.name(node) != nodes.ids.text(node);
    let names = (0..nodes.len()).filter(named).count();
    let weights = (0..nodes.len()).filter(|&node| nodes.weight(node) != 1.0).count();
    let unlinked = has_link.iter().filter(|linked| !**linked).count();
    let features = (0..nodes.len()).filter(|&node| nodes.is_feature(node)).count();
    let parts = [
        (unlinked, "node", " without links"),
        (names, "name", ""),
        (weights, "node weight", ""),
        (features, "feature", " as such"),
        (if nodes.states.is_some() { nodes.len() } else { 0 }, "state", " as such"),
    ];
    let parts = parts.into_iter().filter(|part| part.0 > 0);
    let parts: Vec<String> = parts.map(|(number, thing, more)| count(number as u64, thing) + more).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Returns whether any text id looks like a number or like several fields. Such ids read back only
/// with [`string_ids`](crate::ReadOptions::string_ids).
///
/// # Complexity
/// O(ids).
pub fn has_ambiguous_ids(network: &Network) -> bool {
    let unusual = |id: &[u8]| is_digits(id) || looks_like_number(id) || looks_separated(id);
    matches!(&network.nodes().ids, NodeIds::Strings(ids) if ids.iter().any(|id| unusual(id.as_bytes())))
}

fn write_links(out: &mut impl Write, network: &Network) -> io::Result<()> {
    let (ids, links) = (&network.nodes().ids, network.links());
    for source in 0..links.rows() {
        let source_id = ids.text(source);
        for (target, weight) in links.row(source) {
            write!(out, "{source_id} {}", ids.text(target))?;
            match links.values() {
                LinkValues::Same(1.0) => writeln!(out)?,
                _ => writeln!(out, " {}", Shortest(weight))?,
            }
        }
    }
    Ok(())
}

fn check_ids(network: &Network) -> io::Result<()> {
    let NodeIds::Strings(ids) = &network.nodes().ids else { return Ok(()) };
    let written = |id: &&str| {
        let special = matches!(id.as_bytes().first(), None | Some(b'#' | b'%' | b'*' | b'{'));
        !special && !id.bytes().any(|byte| is_blank(byte) || byte == b'\n')
    };
    match ids.iter().find(|id| !written(id)) {
        Some(id) => Err(cannot_write("id", id, "ids without blanks that do not begin with #, %, * or {")),
        None => Ok(()),
    }
}
