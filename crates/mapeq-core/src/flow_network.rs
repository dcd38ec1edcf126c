//! The stationary random walk on a network: visit rates of nodes and flow between them.

use std::sync::Arc;

use crate::couplings::Couplings;
use crate::partition::Partition;

/// The stationary random walk on a network, input of all objectives and searches.
///
/// The *coupling* of two nodes is the flow per step between them, both directions added (not the
/// inter-layer coupling of multilayer networks). If a node joins a module, the enter flow and the
/// exit flow of the module both shrink by their coupling. Hence couplings and the flow of single
/// nodes determine the enter and exit flow of every set S of nodes, for directed and undirected
/// walks alike:
///
/// `enter(S) = Σ_{u∈S} enter(u) − Σ_{pairs in S} coupling`, and likewise for exit.
///
/// For undirected flow, the enter flow and the exit flow of a node are each half of the flow on its
/// links. The coupling of a link is its whole flow, and the identity holds again.
#[derive(Clone, Debug)]
pub struct FlowNetwork {
    /// Symmetric couplings of nodes, without self-couplings.
    ///
    /// A node may come several times in a row, and couplings may be 0.
    pub couplings: Couplings,
    /// Flow of the nodes.
    pub nodes: NodeFlows,
    /// Degree sums of the network, a measure of how much was observed.
    pub degrees: Degrees,
    /// First feature node of a bipartite network; primary nodes precede it, and features follow.
    ///
    /// The number is that of the input network ([`NodeFlow::number`]). `None` if all nodes are of
    /// one kind.
    pub first_feature: Option<u32>,
    /// Physical node of each node, by [`NodeFlow::number`]. `None` if no two nodes are states of
    /// one physical node.
    pub physical: Option<Arc<[u32]>>,
}

/// Degree sums over all nodes, 0 if unknown. A self-link counts once.
///
/// Corrections for small samples need them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Degrees {
    /// Sum over all nodes of the weights of their links.
    pub weight: f64,
    /// Sum over all nodes of their numbers of links.
    pub links: f64,
}

/// Flow of all nodes, one array per quantity. All rates are per step of the walk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeFlows {
    /// Visit rate of each node.
    pub flow: Box<[f64]>,
    /// Rate of leaving each node for another one.
    pub exit: Box<[f64]>,
    /// Rate of entering each node from another one; `None` if it equals `exit` for every set of
    /// nodes.
    ///
    /// They are equal for undirected flow, and whenever all steps of the walk are encoded.
    pub enter: Option<Box<[f64]>>,
    /// Rate of staying at each node along a self-link; `None` if there are no self-links.
    pub stay: Option<Box<[f64]>>,
    /// Recorded teleportation, whose steps are encoded. It is included in `enter` and `exit`, not
    /// in the couplings.
    pub teleportation: Option<Teleportation>,
    /// Number of each node in the input network; `None` if the nodes are in the order of the input.
    pub number: Option<Box<[u32]>>,
}

/// Recorded teleportation: the flow from u to v is `source[u] · target[v]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Teleportation {
    /// Rate of leaving each node by teleportation.
    pub source: Box<[f64]>,
    /// Probability of landing on each node. The sum is 1.
    pub target: Box<[f64]>,
}

/// Flow of one node.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NodeFlow {
    /// Number of the node in the input network, an index into other data such as categories and
    /// types.
    pub number: u32,
    /// Visit rate.
    pub flow: f64,
    /// Rate of entering the node from another one.
    pub enter: f64,
    /// Rate of leaving the node for another one.
    pub exit: f64,
    /// Rate of staying along a self-link.
    pub stay: f64,
    /// Rate of leaving by recorded teleportation.
    pub teleport_source: f64,
    /// Probability that a teleportation lands here.
    pub teleport_target: f64,
}

impl FlowNetwork {
    /// Creates a walk from couplings and node flows, without degrees, features and physical nodes.
    pub fn new(couplings: impl Into<Couplings>, nodes: NodeFlows) -> Self {
        Self { couplings: couplings.into(), nodes, degrees: Degrees::default(), first_feature: None, physical: None }
    }

    /// Returns the number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.flow.len()
    }

    /// Returns whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.flow.is_empty()
    }
}

impl NodeFlows {
    /// Returns the flow of one node.
    pub fn at(&self, node: usize) -> NodeFlow {
        let exit = self.exit[node];
        let teleportation = self.teleportation.as_ref();
        NodeFlow {
            number: self.number.as_ref().map_or(node as u32, |number| number[node]),
            flow: self.flow[node],
            enter: self.enter.as_ref().map_or(exit, |enter| enter[node]),
            exit,
            stay: self.stay.as_ref().map_or(0.0, |stay| stay[node]),
            teleport_source: teleportation.map_or(0.0, |teleport| teleport.source[node]),
            teleport_target: teleportation.map_or(0.0, |teleport| teleport.target[node]),
        }
    }
}

/// Returns for each module the sum of the couplings of all pairs inside it.
///
/// # Complexity
/// O(nodes + links).
pub fn internal_couplings(network: &FlowNetwork, partition: &Partition) -> Vec<f64> {
    let mut internal = vec![0.0; partition.modules()];
    for u in 0..network.len() {
        let module = partition.module(u);
        network.couplings.row(u).for_each(|(v, coupling)| {
            if u < v && partition.module(v) == module {
                internal[module] += coupling;
            }
        });
    }
    internal
}
