//! `.tree` files: a path through the modules per node.

use std::io::{self, Write};
use std::ops::Range;

use mapeq_core::{NodeTable, Tree};
use rayon::prelude::*;

use crate::header::Header;
use crate::id_columns::{self, StateIds};
use crate::number::format_g6;
use crate::quoting::InQuotes;
use crate::result::order::{OutputOrder, RowFilter};
use crate::result::paths::{path_prefix, positions};

/// So many rows of a thread wait to be written.
const ROWS_AT_ONCE: usize = 1 << 12;

/// Most rows are not longer.
const BYTES_PER_ROW: usize = 48;

/// Writes a tree, with `flow` a rate per node (per step of the walk), as rows `path flow "name" id`; states have
/// the ids of their physical nodes and layers behind their own.
///
/// Siblings, modules and nodes alike, are in the order of descending flow, ties by smallest node, and a path tells the
/// position of every ancestor and of the node itself among its siblings, from 1. `rows` leaves out some of them. O(n log n).
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If `nodes`, `flow` and `tree` are not of the same nodes.
pub fn write_tree(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    flow: &[f64],
    tree: &Tree,
    rows: RowFilter,
) -> io::Result<()> {
    let OutputOrder { tree, nodes: order } = OutputOrder::new(tree, flow);
    header.write(out)?;
    let (id, more_ids) = id_columns::heading_line(nodes);
    writeln!(out, "# path flow name {id}{more_ids}")?;
    let positions = positions(&tree);
    // Nodes are in the order of their modules.
    let begin = |module: u32| order.partition_point(|&node| tree.leaf_modules()[node as usize] < module);
    // The rows of some nodes in a row.
    let text = |places: Range<usize>| -> io::Result<Vec<u8>> {
        let mut text = Vec::with_capacity(places.len() * BYTES_PER_ROW);
        let mut prefix = String::new();
        let (mut current, mut position) = (None, 0);
        for place in places {
            let node = order[place] as usize;
            let module = tree.leaf_modules()[node];
            if current != Some(module) {
                prefix = path_prefix(&tree, &positions, module as usize);
                // The first module may have begun in other rows.
                position = if current.is_none() { place - begin(module) } else { 0 };
                current = Some(module);
            }
            position += 1;
            if !rows.includes(nodes, node) {
                continue;
            }
            let (flow, name, id) = (format_g6(flow[node]), nodes.name(node), nodes.ids.text(node));
            let states = StateIds(nodes, node);
            writeln!(text, "{prefix}{position} {flow} {} {id}{states}", InQuotes(&name))?;
        }
        Ok(text)
    };
    let starts: Vec<usize> = (0..order.len()).step_by(ROWS_AT_ONCE).collect();
    for starts in starts.chunks(rayon::current_num_threads()) {
        let end = |start: usize| order.len().min(start + ROWS_AT_ONCE);
        let texts: Vec<_> = starts.par_iter().map(|&start| text(start..end(start))).collect();
        for text in texts {
            out.write_all(&text?)?;
        }
    }
    Ok(())
}
