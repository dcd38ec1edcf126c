//! `.clu` files: one module per node.

use std::io::{self, Write};

use mapeq_core::{NodeTable, Tree};

use crate::header::Header;
use crate::id_columns::{self, StateIds};
use crate::number::format_g6;
use crate::result::level::ClusterLevel;
use crate::result::order::{OutputOrder, RowFilter};

/// Writes the modules at `level` as rows `id module flow`. `flow` is the visit rate of every node,
/// per step.
///
/// Rows are in the order of [`write_tree`](crate::write_tree), and modules are numbered from 1 in
/// that order. `rows` selects the nodes that have one.
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the lengths of `nodes`, `flow` and `tree` differ.
pub fn write_clu(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    flow: &[f64],
    tree: &Tree,
    level: ClusterLevel,
    rows: RowFilter,
) -> io::Result<()> {
    let order = OutputOrder::new(tree, flow);
    let partition = level.partition(&order.tree);
    let numbers = order.module_numbers(&partition);
    header.write(out)?;
    writeln!(out, "# module level {level}")?;
    let (id, more_ids) = id_columns::heading_line(nodes);
    writeln!(out, "# {id} module flow{more_ids}")?;
    for node in order.nodes.iter().map(|&node| node as usize).filter(|&node| rows.includes(nodes, node)) {
        let (id, flow, number) = (nodes.ids.text(node), format_g6(flow[node]), numbers[partition.module(node)]);
        writeln!(out, "{id} {number} {flow}{}", StateIds(nodes, node))?;
    }
    Ok(())
}

/// Writes the modules at `level` in Pajek's format: `*Vertices n`, then one module per row in node
/// order. Modules have the numbers that [`write_clu`] gives them.
///
/// # Complexity
/// O(n log n).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the lengths of `flow` and `tree` differ.
pub fn write_pajek_clu(out: &mut impl Write, flow: &[f64], tree: &Tree, level: ClusterLevel) -> io::Result<()> {
    let order = OutputOrder::new(tree, flow);
    let partition = level.partition(&order.tree);
    let numbers = order.module_numbers(&partition);
    writeln!(out, "*Vertices {}", tree.nodes())?;
    (0..tree.nodes()).try_for_each(|node| writeln!(out, "{}", numbers[partition.module(node)]))
}
