//! `.clu` files: a module per node.

use std::io::{self, Write};

use mapeq_core::{NodeTable, Tree};

use crate::header::Header;
use crate::id_columns::{self, StateIds};
use crate::number::format_g6;
use crate::result::level::ClusterLevel;
use crate::result::order::{OutputOrder, RowFilter};

/// Writes the modules at `level`, with `flow` a rate per node (per step of the walk), as rows `id module flow`.
///
/// RowFilter are in the order of [`write_tree`](crate::write_tree); modules are numbered from 1 in that order. `rows` leaves
/// out some of them.
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If `nodes`, `flow` and `tree` are not of the same nodes.
pub fn write_clu(
    out: &mut impl Write,
    header: &Header,
    nodes: &NodeTable,
    flow: &[f64],
    tree: &Tree,
    level: ClusterLevel,
    rows: RowFilter,
) -> io::Result<()> {
    let OutputOrder { tree, nodes: order } = OutputOrder::new(tree, flow);
    let (partition, level) = match level {
        ClusterLevel::Depth(depth) => (tree.partition_at(depth), depth.to_string()),
        ClusterLevel::Deepest => (tree.leaf_partition(), "-1".to_owned()),
    };
    header.write(out)?;
    writeln!(out, "# module level {level}")?;
    let (id, more_ids) = id_columns::heading_line(nodes);
    writeln!(out, "# {id} module flow{more_ids}")?;
    let mut number = vec![0u32; partition.modules()];
    let mut modules = 0;
    for &node in &order {
        let node = node as usize;
        let number = &mut number[partition.module(node)];
        if *number == 0 {
            modules += 1;
            *number = modules;
        }
        if rows.includes(nodes, node) {
            let (id, flow) = (nodes.ids.text(node), format_g6(flow[node]));
            writeln!(out, "{id} {number} {flow}{}", StateIds(nodes, node))?;
        }
    }
    Ok(())
}

/// Writes the modules at `level` as Pajek wants them: `*Vertices n` and one module per row, in the order of the nodes.
/// Modules have the numbers that [`write_clu`] gives them. O(n log n).
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If `flow` and `tree` are not of the same nodes.
pub fn write_pajek_clu(out: &mut impl Write, flow: &[f64], tree: &Tree, level: ClusterLevel) -> io::Result<()> {
    let OutputOrder { tree, nodes: order } = OutputOrder::new(tree, flow);
    let partition = level.partition(&tree);
    let mut number = vec![0u32; partition.modules()];
    let mut modules = 0;
    for &node in &order {
        let number = &mut number[partition.module(node as usize)];
        if *number == 0 {
            modules += 1;
            *number = modules;
        }
    }
    writeln!(out, "*Vertices {}", tree.nodes())?;
    (0..tree.nodes()).try_for_each(|node| writeln!(out, "{}", number[partition.module(node)]))
}
