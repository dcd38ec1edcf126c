//! Links within layers, in the directions in which they are walked, and the layers in reach.

use std::ops::Range;

use mapeq_core::{Csr, Network};

use crate::couplings::with_reversed;
use crate::model::FlowModel;

/// Returns whether links within layers are walked in both directions.
pub(super) fn goes_both_ways(model: FlowModel) -> bool {
    matches!(model, FlowModel::Undirected | FlowModel::UndirDir)
}

/// Returns the links within layers in the directions in which they are walked. If these are both,
/// it includes every link and its opposite, and self-links once.
pub(super) fn intra_layer_links(network: &Network, model: FlowModel) -> Csr {
    if goes_both_ways(model) { with_reversed(network) } else { network.links().clone() }
}

/// Returns the number of links out of each state, in the directions in which they are walked.
pub(super) fn intra_layer_degrees(links: &Csr, model: FlowModel) -> Vec<usize> {
    let mut degree: Vec<usize> = (0..links.rows()).map(|state| links.degree(state)).collect();
    if goes_both_ways(model) {
        links.iter().filter(|(source, target, _)| source != target).for_each(|(_, target, _)| degree[target] += 1);
    }
    degree
}

/// Returns the range of `states`, the states of one node by layer, that `in_reach` holds for. It
/// holds for the state at `own`, and for a contiguous range around it. O(log states).
pub(super) fn layers_in_reach(states: &[u32], own: usize, in_reach: impl Fn(u32) -> bool) -> Range<usize> {
    let first = states[..own].partition_point(|&other| !in_reach(other));
    first..own + states[own..].partition_point(|&other| in_reach(other))
}
