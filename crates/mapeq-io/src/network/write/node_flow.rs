//! The flow of nodes as comma-separated values.

use std::io::{self, Write};

use mapeq_core::{NodeFlows, NodeTable};

use crate::id_columns::{self, CsvIds};
use crate::number::Shortest;
use crate::quoting::InQuotes;

/// Writes a row `node_id,name,flow,enter_flow,exit_flow` per node, below a row with these words: `flow` is the rate of visits per
/// step of the walk, the rates of entering and leaving are per codeword, which at Markov time 1 is the same. There are as many
/// digits as bring the numbers back; rows by descending flow, ties by number. The rows of states have `state_id,node_id` in place of
/// `node_id`, and in layers `state_id,node_id,layer_id`. O(n log n).
///
/// # Errors
/// If `out` fails.
///
/// # Panics
/// If `nodes` and `flow` are not of the same nodes.
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
