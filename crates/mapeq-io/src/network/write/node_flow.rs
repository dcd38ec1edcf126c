//! Flow of nodes as comma-separated values.

use std::io::{self, Write};

use mapeq_core::{NodeFlows, NodeTable};

use crate::id_columns::{self, CsvIds};
use crate::number::Shortest;
use crate::quoting::InQuotes;

/// Writes rows `node_id,name,flow,enter_flow,exit_flow` below a header, by descending flow, ties by
/// index.
///
/// `flow` is the visit rate per step. Enter and exit flow are rates per codeword, which are equal
/// to rates per step at Markov time 1. All digits are written that are needed to read back the same
/// numbers. Rows of states begin with `state_id,node_id`, or `state_id,node_id,layer_id` in a
/// multilayer network.
///
/// # Complexity
/// O(n log n).
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If the lengths of `nodes` and `flow` differ.
pub fn write_node_flow(out: &mut impl Write, nodes: &NodeTable, flow: &NodeFlows) -> io::Result<()> {
    assert_eq!(nodes.len(), flow.flow.len(), "one rate per node");
    let mut order: Vec<u32> = (0..nodes.len() as u32).collect();
    order.sort_by(|&a, &b| flow.flow[b as usize].total_cmp(&flow.flow[a as usize]));
    writeln!(out, "{},name,flow,enter_flow,exit_flow", CsvIds(id_columns::headings(nodes)))?;
    for node in order {
        let node = node as usize;
        let (own, ids) = (flow.at(node), CsvIds(id_columns::ids(nodes, node)));
        let [flow, enter, exit] = [own.flow, own.enter, own.exit].map(|rate| Shortest(rate.max(0.0)));
        writeln!(out, "{ids},{},{flow},{enter},{exit}", InQuotes(&nodes.name(node)))?;
    }
    Ok(())
}
