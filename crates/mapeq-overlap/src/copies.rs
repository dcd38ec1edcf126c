//! The walk on copies of nodes: one copy per membership.

use mapeq_content::Labels;
use mapeq_core::{Codelength, Csr, FlowNetwork, LinkValues, NodeFlows, Partition, Tree, plogp};
use mapeq_twolevel::{TreeCodelength, codelength};

use crate::cover::Cover;
use crate::members::place_of;
use crate::rule::Entry;
use crate::state::{Following, State};
use crate::walk::Walk;

/// The walk on copies, in the order of nodes and in each of modules; copies that the walk never enters are left out.
///
/// Copies are the states of a state network: their chain has the walk as its projection on nodes.
#[derive(Clone, Debug)]
pub struct Copies {
    /// The node of every copy.
    pub node: Box<[u32]>,
    /// The module of every copy, in the numbers of [`cover`](Self::cover).
    pub module: Partition,
    /// The same in the numbers of the cover that the copies were made of.
    given: Box<[u32]>,
    /// The share of its node's visits.
    pub share: Box<[f64]>,
    /// Visits, couplings, enter and exit flow of the copies.
    pub flow: FlowNetwork,
    /// Steps from copy to copy, per step of the walk, each row sorted; without self-links.
    pub steps: Csr,
    undirected: bool,
}

impl Copies {
    /// The copies of the nodes in `cover`, with their splits solved. O(links · memberships).
    ///
    /// # Panics
    /// If the cover is not of the nodes of the walk.
    pub fn new(walk: &Walk, cover: &Cover, rule: Entry) -> Self {
        assert_eq!(walk.len(), cover.nodes(), "a cover of these nodes");
        Self::of(&State::new(walk, rule, Following::EXACT, cover))
    }

    pub(crate) fn of(state: &State<'_>) -> Self {
        let walk = state.walk;
        let mut first = vec![0u32];
        let (mut node_of, mut module, mut share) = (Vec::new(), Vec::new(), Vec::new());
        for (node, copies) in state.members.iter().enumerate() {
            for copy in copies {
                node_of.push(node as u32);
                module.push(copy.module);
                share.push(copy.share);
            }
            first.push(node_of.len() as u32);
        }
        let mut offsets = Vec::with_capacity(node_of.len() + 1);
        offsets.push(0);
        // Most links join nodes with one module each.
        let (mut targets, mut values): (Vec<u32>, Vec<f64>) =
            (Vec::with_capacity(walk.outgoing().links()), Vec::with_capacity(walk.outgoing().links()));
        for node in 0..walk.len() {
            for copy in state.members.of(node) {
                for (target, flow) in walk.outgoing().row(node) {
                    let others = state.members.of(target);
                    let mut step = |place: usize, probability: f64| {
                        if copy.share * probability > 0.0 {
                            targets.push(first[target] + place as u32);
                            values.push(copy.share * flow * probability);
                        }
                    };
                    match place_of(others, copy.module) {
                        Some(place) => step(place, 1.0),
                        None => others.iter().enumerate().for_each(|(place, other)| {
                            step(place, state.rule.entry(other.share, others.len()));
                        }),
                    }
                }
                offsets.push(targets.len());
            }
        }
        let steps = Csr::new(offsets.into(), targets.into(), LinkValues::Each(values.into()));
        let flow = flow_of(walk, &node_of, &share, &steps);
        Self {
            node: node_of.into(),
            given: module.clone().into(),
            module: Partition::from_labels(module),
            share: share.into(),
            flow,
            steps,
            undirected: walk.is_undirected(),
        }
    }

    /// Number of copies.
    pub fn len(&self) -> usize {
        self.node.len()
    }

    /// Whether there is no copy.
    pub fn is_empty(&self) -> bool {
        self.node.is_empty()
    }

    /// The modules of the nodes, in the numbers of [`module`](Self::module).
    pub fn cover(&self) -> Cover {
        cover_of(&self.node, &self.module)
    }

    /// The copies as leaves of a tree whose modules are theirs.
    pub fn flat_tree(&self) -> Tree {
        Tree::from_partition(&self.module)
    }

    /// The copies as leaves of the tree whose modules have these parents, of which the cover that the copies were made of has the
    /// modules `labels`, by its numbers. O(n log n).
    ///
    /// # Panics
    /// As [`Tree::new`].
    pub fn tree(&self, parents: &[u32], labels: &[u32]) -> Tree {
        let leaf_module: Vec<u32> = self.given.iter().map(|&module| labels[module as usize]).collect();
        Tree::new(parents, &leaf_module)
    }

    /// The codelength of a tree of the copies whose modules that hold copies are theirs, or parts of theirs: no two copies of
    /// one node share a codebook, so that it is the map equation of any network. Bits per step.
    pub fn codelength(&self, tree: &Tree) -> TreeCodelength {
        codelength(&self.flow, tree)
    }

    /// The same of their own modules alone. Bits per step.
    pub fn flat_codelength(&self) -> Codelength {
        self.codelength(&self.flat_tree()).codelength
    }

    /// For modules that may hold several copies of a node: there they share a codeword.
    pub fn labels(&self) -> Labels {
        Labels::physical_nodes(&self.node)
    }

    /// Whether the walk enters every set of copies as often as it leaves it.
    pub(crate) fn is_balanced(&self) -> bool {
        self.undirected
    }
}

/// The modules of nodes whose copies are in `modules`.
pub(crate) fn cover_of(node: &[u32], modules: &Partition) -> Cover {
    Cover::from_labels(node.chunk_by(|a, b| a == b).scan(0, |first, copies| {
        let own = *first..*first + copies.len();
        *first = own.end;
        Some(&modules.labels()[own])
    }))
}

fn flow_of(walk: &Walk, node: &[u32], share: &[f64], steps: &Csr) -> FlowNetwork {
    let back = steps.transposed();
    let sums =
        |rows: &Csr| (0..node.len()).map(|copy| rows.row(copy).map(|(_, flow)| flow).sum()).collect::<Box<[f64]>>();
    let nodes = NodeFlows {
        flow: node.iter().zip(share).map(|(&node, share)| share * walk.visits()[node as usize]).collect(),
        exit: sums(steps),
        enter: (!walk.is_undirected()).then(|| sums(&back)),
        ..NodeFlows::default()
    };
    FlowNetwork::new(both_directions(steps, &back), nodes)
}

/// The sums of two rows each, both of which are sorted.
fn both_directions(steps: &Csr, back: &Csr) -> Csr {
    let most = 2 * steps.links();
    let (mut targets, mut values) = (Vec::with_capacity(most), Vec::with_capacity(most));
    let mut offsets = Vec::with_capacity(steps.rows() + 1);
    offsets.push(0);
    for row in 0..steps.rows() {
        let (mut there, mut back) = (steps.row(row), back.row(row));
        let (mut to, mut from) = (there.next(), back.next());
        loop {
            let (target, flow) = match (to, from) {
                (Some(a), Some(b)) if a.0 == b.0 => {
                    (to, from) = (there.next(), back.next());
                    (a.0, a.1 + b.1)
                }
                (Some(a), b) if b.is_none_or(|b| a.0 < b.0) => {
                    to = there.next();
                    a
                }
                (_, Some(b)) => {
                    from = back.next();
                    b
                }
                (_, None) => break,
            };
            targets.push(target as u32);
            values.push(flow);
        }
        offsets.push(targets.len());
    }
    Csr::new(offsets.into(), targets.into(), LinkValues::Each(values.into()))
}

/// Bits per step with one codebook for all nodes.
pub fn one_level_codelength(walk: &Walk) -> f64 {
    plogp(walk.visits().iter().sum()) - walk.visits().iter().map(|&visits| plogp(visits)).sum::<f64>()
}
