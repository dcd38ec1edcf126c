//! Sums over the links of nodes.

use mapeq_core::{Couplings, Csr, Degrees, LinkValues, Network, Values, resolve_values};
use rayon::prelude::*;

use crate::error::FlowError;

/// Returns the sum of the weights in every row.
pub(crate) fn row_sums(links: &Csr) -> Vec<f64> {
    let rows = (0..links.rows()).into_par_iter();
    match links.values() {
        LinkValues::Same(weight) => rows.map(|row| weight * links.degree(row) as f64).collect(),
        _ => rows.map(|row| links.row(row).map(|(_, weight)| weight).sum()).collect(),
    }
}

/// Returns the sum of the couplings of every node.
pub(crate) fn coupling_sums(couplings: &Couplings) -> Vec<f64> {
    let mut sums = row_sums(couplings.listed());
    if let Some(factored) = couplings.factored() {
        let rows = sums.par_iter_mut().enumerate();
        rows.for_each(|(node, sum)| *sum += factored.row(node).map(|(_, coupling)| coupling).sum::<f64>());
    }
    sums
}

/// Divides `flow` by its sum, and returns the sum. If the sum is not normal, neither is the result.
pub(crate) fn normalize(flow: &mut [f64]) -> f64 {
    let total: f64 = flow.iter().sum();
    flow.iter_mut().for_each(|flow| *flow /= total);
    total
}

/// Returns `total` if it is a normal number, so that rates or weights can be divided by it.
pub(crate) fn nondegenerate(total: f64) -> Result<f64, FlowError> {
    if total.is_normal() { Ok(total) } else { Err(FlowError::Degenerate(total)) }
}

/// Returns the sums of degrees and of strengths over all nodes. O(links), or O(nodes · log degree)
/// if all weights are the same.
pub(crate) fn degrees(network: &Network) -> Degrees {
    let links = network.links();
    let loops = self_links(links).unwrap_or_default();
    let weight = 2.0 * row_sums(links).iter().sum::<f64>() - loops.iter().sum::<f64>();
    let nodes_with_loops = loops.iter().filter(|&&weight| weight > 0.0).count();
    Degrees { weight, links: (2 * links.links() - nodes_with_loops) as f64 }
}

/// Returns the weight of every node's self-link, or `None` if there is no self-link.
/// O(nodes · log degree).
pub(crate) fn self_links(links: &Csr) -> Option<Vec<f64>> {
    let mut weights = None;
    for node in 0..links.rows() {
        let range = links.range(node);
        let start = range.start;
        if let Ok(index) = links.targets()[range].binary_search(&(node as u32)) {
            weights.get_or_insert_with(|| vec![0.0; links.rows()])[node] = links.values().at(node, node, start + index);
        }
    }
    weights
}

/// Returns the flow into every node if a link of weight w from u carries `rate[u]` · w.
pub(crate) fn inflows(incoming: &Csr, rate: &[f64]) -> Vec<f64> {
    let nodes = 0..incoming.rows();
    resolve_values!(incoming.values(), weights => nodes.map(|node| inflow(incoming, weights, node, rate)).collect())
}

/// Returns the flow into one node. Four independent sums shorten the chain of additions.
#[inline(always)]
pub(crate) fn inflow(incoming: &Csr, weights: impl Values, node: usize, rate: &[f64]) -> f64 {
    let range = incoming.range(node);
    let mut link = range.start;
    let (fours, rest) = incoming.targets()[range].as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for lane in 0..4 {
            let source = four[lane] as usize;
            sums[lane] += weights.at(node, source, link + lane) * rate[source];
        }
        link += 4;
    }
    for (lane, &source) in rest.iter().enumerate() {
        let source = source as usize;
        sums[0] += weights.at(node, source, link + lane) * rate[source];
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}
