//! `.tree` files: a path through the modules for each node.

use std::io::{self, Write};
use std::ops::Range;

use mapeq_core::{NodeTable, Tree};
use rayon::prelude::*;

use crate::header::Header;
use crate::id_columns::{self, StateIds};
use crate::number::format_g6;
use crate::quoting::InQuotes;
use crate::result::order::{OutputOrder, RowFilter};

/// Rows that a thread formats at a time.
const ROWS_AT_ONCE: usize = 1 << 12;

/// Length of a typical row, to size buffers.
const BYTES_PER_ROW: usize = 48;

/// Writes a tree as rows `path flow "name" id`. `flow` is the visit rate of every node, per step.
/// Rows of states end with the ids of the physical node and of the layer.
///
/// Siblings, both modules and nodes, are in the order of descending flow, ties by smallest node. A
/// path lists the position among its siblings of every ancestor and of the node, from 1. `rows`
/// selects the nodes that have a row.
///
/// # Complexity
/// O(n log n).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the lengths of `nodes`, `flow` and `tree` differ.
pub fn write_tree(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    flow: &[f64],
    tree: &Tree,
    rows: RowFilter,
) -> io::Result<()> {
    let order = OutputOrder::new(tree, flow);
    header.write(out)?;
    let (id, more_ids) = id_columns::heading_line(nodes);
    writeln!(out, "# path flow name {id}{more_ids}")?;
    let leaf_modules = order.tree.leaf_modules();
    // The nodes of a module are consecutive.
    let first_of = |module: u32| order.nodes.partition_point(|&node| leaf_modules[node as usize] < module);
    let format_rows = |places: Range<usize>| -> io::Result<Vec<u8>> {
        let mut text = Vec::with_capacity(places.len() * BYTES_PER_ROW);
        let (mut prefix, mut current, mut position) = (String::new(), None, 0);
        for place in places {
            let node = order.nodes[place] as usize;
            let module = leaf_modules[node];
            if current != Some(module) {
                prefix = order.module_path(module as usize).iter().map(|position| format!("{position}:")).collect();
                // The first module may have begun in an earlier range.
                position = if current.is_none() { place - first_of(module) } else { 0 };
                current = Some(module);
            }
            position += 1;
            if rows.includes(nodes, node) {
                let (flow, name, id) = (format_g6(flow[node]), nodes.name(node), nodes.ids.text(node));
                let states = StateIds(nodes, node);
                writeln!(text, "{prefix}{position} {flow} {} {id}{states}", InQuotes(&name))?;
            }
        }
        Ok(text)
    };
    let starts: Vec<usize> = (0..order.nodes.len()).step_by(ROWS_AT_ONCE).collect();
    for starts in starts.chunks(rayon::current_num_threads()) {
        let end = |start: usize| order.nodes.len().min(start + ROWS_AT_ONCE);
        let texts: Vec<_> = starts.par_iter().map(|&start| format_rows(start..end(start))).collect();
        for text in texts {
            out.write_all(&text?)?;
        }
    }
    Ok(())
}
