//! The walk on copies of nodes, one per membership.

use mapeq_core::{Codelength, Csr, FlowNetwork, LinkValues, NodeFlows, Partition, Tree, plogp};
use mapeq_labels::Labels;
use mapeq_twolevel::{TreeCodelength, codelength};

use crate::cover::Cover;
use crate::cover_state::{CoverState, Propagation};
use crate::memberships::has;
use crate::rule::Entry;
use crate::walk::Walk;

/// The walk on copies of nodes, in the order of nodes and then of modules.
///
/// Copies are the states of a state network, whose projection on nodes is the walk. Copies that the
/// walk never enters are left out.
#[derive(Clone, Debug)]
pub struct Copies {
    /// Node of every copy.
    pub node: Box<[u32]>,
    /// Module of every copy, in the numbers of [`cover`](Self::cover).
    pub module: Partition,
    /// Module of every copy, in the numbers of the cover that the copies were made of.
    cover_module: Box<[u32]>,
    /// Share of the node's visits of every copy.
    pub share: Box<[f64]>,
    /// Visits, couplings, enter and exit flow of the copies.
    pub flow: FlowNetwork,
    /// Flow from copy to copy, per step of the walk. Rows are sorted, without self-links.
    pub steps: Csr,
    undirected: bool,
}

impl Copies {
    /// Creates the copies of the nodes in `cover` and solves their splits. O(links · memberships).
    ///
    /// # Panics
    /// If the walk and the cover differ in the number of nodes.
    pub fn new(walk: &Walk, cover: &Cover, rule: Entry) -> Self {
        assert_eq!(walk.len(), cover.nodes(), "a cover of these nodes");
        Self::of(&CoverState::new(walk, rule, Propagation::EXACT, cover))
    }

    pub(crate) fn of(state: &CoverState<'_>) -> Self {
        let walk = state.walk;
        let mut first = vec![0u32];
        let (mut node_of, mut module, mut share) = (Vec::new(), Vec::new(), Vec::new());
        for (node, copies) in state.memberships.iter().enumerate() {
            for copy in copies {
                node_of.push(node as u32);
                module.push(copy.module);
                share.push(copy.share);
            }
            first.push(node_of.len() as u32);
        }
        // Capacity for one step per link: most links join nodes with one module each.
        let links = walk.outgoing().links();
        let (mut steps, mut couplings) =
            (CopyRows::with_capacity(node_of.len(), links), CopyRows::with_capacity(node_of.len(), links));
        let (mut exit, mut enter) = (Vec::with_capacity(node_of.len()), Vec::with_capacity(node_of.len()));
        for node in 0..walk.len() {
            let own = state.memberships.of(node);
            for copy in own {
                let (mut exits, mut enters) = (0.0, 0.0);
                let entry = state.rule.entry(copy.share, own.len());
                walk.both_directions(node, |target, there, back| {
                    let others = state.memberships.of(target);
                    let mut join = |copy: u32, there: f64, back: f64| {
                        exits += there;
                        enters += back;
                        if there > 0.0 {
                            steps.push(copy, there);
                        }
                        if there + back > 0.0 {
                            couplings.push(copy, there + back);
                        }
                    };
                    if own.len() == 1 && others.len() == 1 {
                        return join(first[target], there, back);
                    }
                    let stays = has(others, copy.module);
                    for (other, number) in others.iter().zip(first[target]..) {
                        let same = other.module == copy.module;
                        let probability = |stays: bool, entry: f64| match (stays, same) {
                            (true, same) => f64::from(u8::from(same)),
                            (false, _) => entry,
                        };
                        let there =
                            copy.share * there * probability(stays, state.rule.entry(other.share, others.len()));
                        let back = other.share * back * probability(same || has(own, other.module), entry);
                        join(number, there, back);
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
            cover_module: module.clone().into(),
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

    /// Returns whether there is no copy.
    pub fn is_empty(&self) -> bool {
        self.node.is_empty()
    }

    /// Returns the modules of the nodes, in the numbers of [`module`](Self::module).
    pub fn cover(&self) -> Cover {
        cover_of(&self.node, &self.module)
    }

    /// Returns the tree of the copies with their modules as its only level.
    pub fn flat_tree(&self) -> Tree {
        Tree::from_partition(&self.module)
    }

    /// Returns the tree of the copies whose modules have the given parents. `labels` maps modules
    /// of the cover that the copies were made of to modules of the tree. O(n log n).
    ///
    /// # Panics
    /// As [`Tree::new`].
    pub fn tree(&self, parents: &[u32], labels: &[u32]) -> Tree {
        let leaf_module: Vec<u32> = self.cover_module.iter().map(|&module| labels[module as usize]).collect();
        Tree::new(parents, &leaf_module)
    }

    /// Returns the codelength of a tree of the copies, in bits per step.
    ///
    /// Each leaf module of the tree must lie in one module of the copies. Then no two copies of a
    /// node share a codebook, and the map equation of ordinary networks applies.
    pub fn codelength(&self, tree: &Tree) -> TreeCodelength {
        codelength(&self.flow, tree)
    }

    /// Returns the codelength of [`flat_tree`](Self::flat_tree), in bits per step.
    pub fn flat_codelength(&self) -> Codelength {
        self.codelength(&self.flat_tree()).codelength
    }

    /// Returns labels for modules that may hold several copies of a node: these share a codeword.
    pub fn labels(&self) -> Labels {
        Labels::physical_nodes(&self.node)
    }

    /// Returns whether the walk enters every set of copies as often as it leaves it.
    pub(crate) fn is_balanced(&self) -> bool {
        self.undirected
    }
}

/// Returns the modules of the nodes whose copies are in `modules`.
pub(crate) fn cover_of(node: &[u32], modules: &Partition) -> Cover {
    Cover::from_labels(node.chunk_by(|a, b| a == b).scan(0, |first, copies| {
        let own = *first..*first + copies.len();
        *first = own.end;
        Some(&modules.labels()[own])
    }))
}

/// Compressed sparse rows under construction.
struct CopyRows {
    offsets: Vec<usize>,
    targets: Vec<u32>,
    values: Vec<f64>,
}

impl CopyRows {
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

/// Codelength with one codebook for all nodes, in bits per step.
pub fn one_level_codelength(walk: &Walk) -> f64 {
    plogp(walk.visits().iter().sum()) - walk.visits().iter().map(|&visits| plogp(visits)).sum::<f64>()
}
