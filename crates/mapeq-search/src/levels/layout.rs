//! The order of nodes in memory: nodes that are visited together should be close together.

use mapeq_core::{Csr, FlowNetwork, Tree, Values, prefetch, resolve_values};
use rayon::prelude::*;

use crate::levels::reorder::reordered;

/// Lower bound on the nodes of a network that is reordered. Smaller networks fit into the caches in
/// any order.
const MIN_NODES: usize = 1 << 15;

/// Nodes whose numbers differ by at most this are close together. The data of a node are a few
/// hundred bytes.
const NEAR: usize = 1 << 13;

/// If a larger share of the couplings is between nodes that are close together, the order stays.
const SHARE_NEAR: f64 = 0.5;

/// Number of nodes that take new labels at a time: few, relative to the smallest network that is
/// reordered.
const BATCH: usize = 1 << 12;

/// Number of nodes by which the labels of neighbours are prefetched.
const ROWS_AHEAD: usize = 2;

/// A network with its nodes in an order that suits the caches, and the way back.
///
/// If the order of nodes is unrelated to the couplings, a search waits for memory most of its time.
/// On 10⁷ links it takes more than twice as long. So nodes are sorted by labels that have been
/// propagated once along the couplings (Raghavan, Albert & Kumara, Phys. Rev. E 2007,
/// doi:10.1103/PhysRevE.76.036106), unless their order is good already. The order depends on the
/// network alone, so all trials share it.
#[derive(Clone, Debug)]
pub struct Layout {
    network: FlowNetwork,
}

impl Layout {
    /// Lays out a network. Copies one array of the couplings at a time. O(nodes + links).
    pub fn new(network: FlowNetwork) -> Self {
        if network.len() < MIN_NODES || is_local(network.couplings.listed()) {
            return Self::as_it_is(network);
        }
        let order = by_label(&propagated_labels(network.couplings.listed()));
        Self { network: reordered(network, &order) }
    }

    /// Keeps the order of the nodes.
    pub fn as_it_is(network: FlowNetwork) -> Self {
        Self { network }
    }

    /// Returns the network, with its nodes sorted by place.
    pub fn network(&self) -> &FlowNetwork {
        &self.network
    }

    /// Returns the network.
    pub fn into_network(self) -> FlowNetwork {
        self.network
    }

    /// Converts a tree of places to a tree of nodes. Returns that tree, and the number in it of
    /// every module.
    pub fn restore(&self, tree: &Tree) -> (Tree, Vec<u32>) {
        Tree::with_numbers(&tree.parents(), &self.by_node(tree.leaf_modules()))
    }

    /// Converts a tree of nodes to a tree of places.
    pub fn lay_out(&self, tree: &Tree) -> Tree {
        tree.with_leaves(&self.by_place(tree.leaf_modules()))
    }

    /// Sorts data of nodes by place.
    pub fn by_place<T: Copy>(&self, by_node: &[T]) -> Box<[T]> {
        match &self.network.nodes.number {
            None => by_node.into(),
            Some(order) => order.iter().map(|&node| by_node[node as usize]).collect(),
        }
    }

    /// Sorts data of places by node.
    pub fn by_node<T: Copy + Default>(&self, by_place: &[T]) -> Box<[T]> {
        let Some(order) = &self.network.nodes.number else { return by_place.into() };
        let mut by_node = vec![T::default(); by_place.len()];
        for (&node, &value) in order.iter().zip(by_place) {
            by_node[node as usize] = value;
        }
        by_node.into()
    }
}

/// Returns whether most couplings are between nodes that are close together.
fn is_local(couplings: &Csr) -> bool {
    let near: usize = (0..couplings.rows())
        .map(|node| {
            couplings.targets()[couplings.range(node)]
                .iter()
                .filter(|&&other| node.abs_diff(other as usize) <= NEAR)
                .count()
        })
        .sum();
    near as f64 > SHARE_NEAR * couplings.links() as f64
}

/// Propagates labels once. At first every node has a label of its own.
///
/// Batch by batch, every node takes the label that it is most strongly coupled to, by the labels
/// before the batch.
fn propagated_labels(couplings: &Csr) -> Vec<u32> {
    resolve_values!(couplings.values(), values => propagated(couplings, values))
}

fn propagated<V: Values>(couplings: &Csr, values: V) -> Vec<u32> {
    let nodes = couplings.rows();
    let mut label: Vec<u32> = (0..nodes as u32).collect();
    let mut new = vec![0; BATCH.min(nodes)];
    let mut weights: Vec<LabelWeights> = (0..rayon::current_num_threads()).map(|_| LabelWeights::new(nodes)).collect();
    let share = BATCH.div_ceil(weights.len());
    for first in (0..nodes).step_by(BATCH) {
        let batch = &mut new[..BATCH.min(nodes - first)];
        let parts = batch.par_chunks_mut(share).zip(&mut weights).enumerate();
        parts.for_each(|(part, (new, weights))| {
            let first = first + part * share;
            for (place, new) in new.iter_mut().enumerate() {
                *new = weights.strongest(couplings, values, &label, first + place);
            }
        });
        label[first..first + batch.len()].copy_from_slice(batch);
    }
    label
}

/// Buffers for the strongest label around a node.
struct LabelWeights {
    /// Coupling of the node to each label. Zero between calls.
    weight: Vec<f32>,
    /// Labels around the node.
    labels: Vec<u32>,
}

impl LabelWeights {
    fn new(nodes: usize) -> Self {
        Self { weight: vec![0.0; nodes], labels: Vec::new() }
    }

    /// Returns the label that `node` is most strongly coupled to, and of equals the first one to
    /// reach the sum.
    fn strongest<V: Values>(&mut self, couplings: &Csr, values: V, label: &[u32], node: usize) -> u32 {
        couplings.prefetch(|ahead| (node + ahead < label.len()).then_some((node + ahead) as u32));
        if node + ROWS_AHEAD < label.len() {
            for &other in &couplings.targets()[couplings.range(node + ROWS_AHEAD)] {
                prefetch(label, other as usize);
            }
        }
        let (mut best, mut highest) = (label[node], 0.0);
        for link in couplings.range(node) {
            let other = couplings.targets()[link] as usize;
            let other_label = label[other];
            let sum = &mut self.weight[other_label as usize];
            if *sum == 0.0 {
                self.labels.push(other_label);
            }
            // A coupling counts even if it is too small for an `f32`.
            *sum += (values.at(node, other, link) as f32).max(f32::MIN_POSITIVE);
            if *sum > highest {
                (best, highest) = (other_label, *sum);
            }
        }
        self.labels.drain(..).for_each(|label| self.weight[label as usize] = 0.0);
        best
    }
}

/// Returns the nodes sorted by label.
fn by_label(labels: &[u32]) -> Box<[u32]> {
    let mut offsets = vec![0u32; labels.len() + 1];
    for &label in labels {
        offsets[label as usize + 1] += 1;
    }
    for label in 0..labels.len() {
        offsets[label + 1] += offsets[label];
    }
    let mut order = vec![0; labels.len()];
    for (node, &label) in labels.iter().enumerate() {
        let place = &mut offsets[label as usize];
        order[*place as usize] = node as u32;
        *place += 1;
    }
    order.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapeq_core::{LinkValues, NodeFlows, Partition};

    /// Pairs of nodes that are far apart, too many for the caches.
    fn pairs() -> FlowNetwork {
        let nodes = 2 * MIN_NODES;
        let other = |node: usize| (node + MIN_NODES) % nodes;
        let offsets = (0..=nodes).collect();
        let targets = (0..nodes).map(|node| other(node) as u32).collect();
        let flow: Box<[f64]> = (0..nodes).map(|node| node as f64).collect();
        let nodes = NodeFlows { exit: flow.clone(), flow, ..NodeFlows::default() };
        FlowNetwork::new(Csr::new(offsets, targets, LinkValues::Same(1.0)), nodes)
    }

    #[test]
    fn neighbours_are_put_together_and_found_again() {
        let network = pairs();
        let layout = Layout::new(network.clone());
        let laid_out = layout.network();
        assert!(is_local(laid_out.couplings.listed()) && !is_local(network.couplings.listed()));
        assert_eq!(layout.by_node(&laid_out.nodes.flow), network.nodes.flow);
        assert_eq!(layout.by_place(&network.nodes.flow), laid_out.nodes.flow);
        let pairs = |network: &FlowNetwork| {
            let lower = |node: usize| network.couplings.row(node).map(|(other, _)| other.min(node)).min();
            Partition::from_labels((0..network.len()).map(|node| lower(node).expect("a neighbour") as u32).collect())
        };
        let (restored, _) = layout.restore(&Tree::from_partition(&pairs(laid_out)));
        assert_eq!(restored, Tree::from_partition(&pairs(&network)));
        assert_eq!(layout.restore(&layout.lay_out(&restored)).0, restored);
    }

    #[test]
    fn good_orders_are_left_alone() {
        let laid_out = Layout::new(pairs()).into_network();
        let again = Layout::new(laid_out.clone());
        assert_eq!(again.network().nodes, laid_out.nodes);
    }
}
