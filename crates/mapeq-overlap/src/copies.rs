//! The walk on copies of nodes: one copy per membership.

use mapeq_core::{Codelength, Csr, FlowNetwork, LinkValues, NodeFlows, Partition, Tree, plogp};
use mapeq_labels::Labels;
use mapeq_twolevel::{TreeCodelength, codelength};

use crate::cover::Cover;
use crate::members::has;
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
        // Most links join nodes with one module each.
        let links = walk.outgoing().links();
        let (mut steps, mut couplings) =
            (Rows::with_capacity(node_of.len(), links), Rows::with_capacity(node_of.len(), links));
        let (mut exit, mut enter) = (Vec::with_capacity(node_of.len()), Vec::with_capacity(node_of.len()));
        for node in 0..walk.len() {
            let own = state.members.of(node);
            for copy in own {
                let (mut exits, mut enters) = (0.0, 0.0);
                let entry = state.rule.entry(copy.share, own.len());
                walk.both_directions(node, |target, there, back| {
                    let others = state.members.of(target);
                    let mut join = |place: u32, there: f64, back: f64| {
                        exits += there;
                        enters += back;
                        if there > 0.0 {
                            steps.push(place, there);
                        }
                        if there + back > 0.0 {
                            couplings.push(place, there + back);
                        }
                    };
                    if own.len() == 1 && others.len() == 1 {
                        return join(first[target], there, back);
                    }
                    let stays = has(others, copy.module);
                    for (other, place) in others.iter().zip(first[target]..) {
                        let same = other.module == copy.module;
                        let probability = |stays: bool, entry: f64| match (stays, same) {
                            (true, same) => f64::from(u8::from(same)),
                            (false, _) => entry,
                        };
                        let there =
                            copy.share * there * probability(stays, state.rule.entry(other.share, others.len()));
                        let back = other.share * back * probability(same || has(own, other.module), entry);
                        join(place, there, back);
                    }
                });
                steps.end_row();
                couplings.end_row();
                exit.push(exits);
                enter.push(enters);
            }
        }
        let visits = node_of.iter().zip(&share).map(|(&node, share)| share * walk.visits()[node as usize]);
        let nodes = NodeFlows {
            flow: visits.collect(),
            exit: exit.into(),
            enter: (!walk.is_undirected()).then(|| enter.into()),
            ..NodeFlows::default()
        };
        let flow = FlowNetwork::new(couplings.into_csr(), nodes);
        Self {
            node: node_of.into(),
            given: module.clone().into(),
            module: Partition::from_labels(module),
            share: share.into(),
            flow,
            steps: steps.into_csr(),
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

/// Rows that grow.
struct Rows {
    offsets: Vec<usize>,
    targets: Vec<u32>,
    values: Vec<f64>,
}

impl Rows {
    fn with_capacity(rows: usize, links: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { offsets, targets: Vec::with_capacity(links), values: Vec::with_capacity(links) }
    }

    fn push(&mut self, target: u32, value: f64) {
        self.targets.push(target);
        self.values.push(value);
    }

    fn end_row(&mut self) {
        self.offsets.push(self.targets.len());
    }

    fn into_csr(self) -> Csr {
        Csr::new(self.offsets.into(), self.targets.into(), LinkValues::Each(self.values.into()))
    }
}

/// Bits per step with one codebook for all nodes.
pub fn one_level_codelength(walk: &Walk) -> f64 {
    plogp(walk.visits().iter().sum()) - walk.visits().iter().map(|&visits| plogp(visits)).sum::<f64>()
}
