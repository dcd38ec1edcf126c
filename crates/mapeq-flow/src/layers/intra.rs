//! The links in layers, in the directions in which they are walked, and the layers in reach of each other.

use std::ops::Range;

use mapeq_core::{Csr, Network};

use crate::couplings::with_reversed;
use crate::model::FlowModel;

/// Whether links in layers are walked in both directions.
pub(super) fn goes_both_ways(model: FlowModel) -> bool {
    matches!(model, FlowModel::Undirected | FlowModel::UndirDir)
}

/// The links in layers in the directions in which they are walked: where that is both, every link and its opposite, self-links once.
pub(super) fn intra_layer_links(network: &Network, model: FlowModel) -> Csr {
    if goes_both_ways(model) { with_reversed(network) } else { network.links().clone() }
}

/// The number of links out of each state, in the directions in which they are walked.
pub(super) fn intra_layer_degrees(links: &Csr, model: FlowModel) -> Vec<usize> {
    let mut degree: Vec<usize> = (0..links.rows()).map(|state| links.degree(state)).collect();
    if goes_both_ways(model) {
        links.iter().filter(|(source, target, _)| source != target).for_each(|(_, target, _)| degree[target] += 1);
    }
    degree
}

/// Which of the states of one node, by layer, are in reach of the one at `place`, or it of them: it is, and the farther away the
/// layer, the less are others. O(log states).
pub(super) fn layers_in_reach(states: &[u32], place: usize, in_reach: impl Fn(u32) -> bool) -> Range<usize> {
    let first = states[..place].partition_point(|&other| !in_reach(other));
    first..place + states[place..].partition_point(|&other| in_reach(other))
}
