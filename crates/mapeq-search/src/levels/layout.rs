//! The order of nodes in memory: what is visited together should lie together.

use mapeq_core::{Csr, FlowNetwork, Tree, Values, prefetch, resolve_values};
use rayon::prelude::*;

use crate::levels::reorder::reordered;

/// Networks of fewer nodes fit into the caches in any order.
const MIN_NODES: usize = 1 << 15;

/// Nodes whose numbers differ by no more than this lie close together: a few hundred bytes are held of each.
const NEAR: usize = 1 << 13;

/// Where a larger share of the couplings is between nodes close together, the order is good as it is.
const SHARE_NEAR: f64 = 0.5;

/// So many nodes take new labels at a time: few beside those that an order is worth while for.
const BATCH: usize = 1 << 12;

/// Rows are fetched so many nodes before their labels are counted.
const ROWS_AHEAD: usize = 2;

/// A network with its nodes in an order that suits the caches, and the way back.
///
/// Networks come in any order. If it tells nothing of who is coupled to whom, a search waits for memory most of its time: on
/// 10⁷ links it takes more than twice as long. So nodes are put in the order of labels that have been propagated once along
/// the couplings (Raghavan, Albert & Kumara, Phys. Rev. E 2007, doi:10.1103/PhysRevE.76.036106), unless they are in a good
/// order already. It depends on the network alone, so that all trials share it.
#[derive(Clone, Debug)]
pub struct Layout {
    network: FlowNetwork,
}

impl Layout {
    /// Lays out a network. O(nodes + links); the couplings are held twice for a while, one of their arrays at a time.
    pub fn new(network: FlowNetwork) -> Self {
        if network.len() < MIN_NODES || is_local(network.couplings.listed()) {
            return Self::as_it_is(network);
        }
        let order = by_label(&propagated_labels(network.couplings.listed()));
        Self { network: reordered(network, &order) }
    }

    /// The network with its nodes in the order they are in.
    pub fn as_it_is(network: FlowNetwork) -> Self {
        Self { network }
    }

    /// The network, its nodes in their places.
    pub fn network(&self) -> &FlowNetwork {
        &self.network
    }

    /// The network alone.
    pub fn into_network(self) -> FlowNetwork {
        self.network
    }

    /// The tree of the nodes that is `tree` of their places, and the number in it of every module.
    pub fn restore(&self, tree: &Tree) -> (Tree, Vec<u32>) {
        Tree::with_numbers(&tree.parents(), &self.by_node(tree.leaf_modules()))
    }

    /// The tree of the places that is `tree` of their nodes.
    pub fn lay_out(&self, tree: &Tree) -> Tree {
        tree.with_leaves(&self.by_place(tree.leaf_modules()))
    }

    /// What is known of every node, by place.
    pub fn by_place<T: Copy>(&self, by_node: &[T]) -> Box<[T]> {
        match &self.network.nodes.number {
            None => by_node.into(),
            Some(order) => order.iter().map(|&node| by_node[node as usize]).collect(),
        }
    }

    /// What is known of every place, by node.
    pub fn by_node<T: Copy + Default>(&self, by_place: &[T]) -> Box<[T]> {
        let Some(order) = &self.network.nodes.number else { return by_place.into() };
        let mut by_node = vec![T::default(); by_place.len()];
        for (&node, &value) in order.iter().zip(by_place) {
            by_node[node as usize] = value;
        }
        by_node.into()
    }
}

/// Whether most couplings are between nodes that lie close together.
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

/// Labels that have been propagated once: batch by batch, every node takes the label that its neighbours, as they were before
/// the batch, are coupled to it by most. At first every node has a label of its own.
fn propagated_labels(couplings: &Csr) -> Vec<u32> {
    resolve_values!(couplings.values(), values => propagated(couplings, values))
}

fn propagated<V: Values>(couplings: &Csr, values: V) -> Vec<u32> {
    let nodes = couplings.rows();
    let mut label: Vec<u32> = (0..nodes as u32).collect();
    let mut new = vec![0; BATCH.min(nodes)];
    let mut counts: Vec<Counts> = (0..rayon::current_num_threads()).map(|_| Counts::new(nodes)).collect();
    let share = BATCH.div_ceil(counts.len());
    for first in (0..nodes).step_by(BATCH) {
        let batch = &mut new[..BATCH.min(nodes - first)];
        let parts = batch.par_chunks_mut(share).zip(&mut counts).enumerate();
        parts.for_each(|(part, (new, counts))| {
            let first = first + part * share;
            for (place, new) in new.iter_mut().enumerate() {
                *new = counts.strongest(couplings, values, &label, first + place);
            }
        });
        label[first..first + batch.len()].copy_from_slice(batch);
    }
    label
}

/// What a node is coupled to each label by; 0 between questions.
struct Counts {
    weight: Vec<f32>,
    near: Vec<u32>,
}

impl Counts {
    fn new(nodes: usize) -> Self {
        Self { weight: vec![0.0; nodes], near: Vec::new() }
    }

    /// The label that `node` is coupled to by most; of equals, the first one to reach that.
    fn strongest<V: Values>(&mut self, couplings: &Csr, values: V, label: &[u32], node: usize) -> u32 {
        couplings.prefetch(|ahead| (node + ahead < label.len()).then_some((node + ahead) as u32));
        if node + ROWS_AHEAD < label.len() {
            for &other in &couplings.targets()[couplings.range(node + ROWS_AHEAD)] {
                prefetch(label, other as usize);
            }
        }
        let (mut best, mut most) = (label[node], 0.0);
        for link in couplings.range(node) {
            let other = couplings.targets()[link] as usize;
            let of_other = label[other];
            let sum = &mut self.weight[of_other as usize];
            if *sum == 0.0 {
                self.near.push(of_other);
            }
            // Too small for a f32 or not, a coupling counts.
            *sum += (values.at(node, other, link) as f32).max(f32::MIN_POSITIVE);
            if *sum > most {
                (best, most) = (of_other, *sum);
            }
        }
        self.near.drain(..).for_each(|label| self.weight[label as usize] = 0.0);
        best
    }
}

/// The nodes sorted by label.
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

    /// Pairs of nodes that are far from each other, more of them than fit into the caches.
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
