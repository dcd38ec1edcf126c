//! What a random walk on a network does: visit rates of nodes, flow between them.

use std::sync::Arc;

use crate::couplings::Couplings;
use crate::partition::Partition;

/// The stationary random walk on a network, as the objectives and the search see it.
///
/// The central quantity is the *coupling* of two nodes: the flow per step from one to the other, both
/// directions added. When a node joins a module, the module's enter flow and its exit flow both shrink by the
/// coupling between them, so couplings and the enter and exit flow of single nodes determine enter and exit
/// flow of every set of nodes, for directed and undirected walks alike:
///
/// `enter(S) = Σ_{u∈S} enter(u) − Σ_{pairs in S} coupling`, and the same for exit.
///
/// For undirected flow a node's enter and exit flow are half of the flow on its links and a link's coupling is
/// its whole flow, which gives the same identity.
#[derive(Clone, Debug)]
pub struct FlowNetwork {
    /// Symmetric: row `u` holds the nodes that `u` is coupled to and the couplings (flow per step, both
    /// directions). No self-couplings; a node may come several times in a row, and couplings may be 0.
    pub couplings: Couplings,
    /// Flow of the nodes.
    pub nodes: NodeFlows,
    /// How much was observed: sums over the nodes of the network that the walk is on.
    pub degrees: Degrees,
    /// Number, in the network as it was given ([`NodeFlow::number`]), of the first feature node; the nodes from there on
    /// are features, those before are primary. `None` where all nodes are of one kind.
    pub first_feature: Option<u32>,
    /// The physical node of each node by its number in the network as it was given, where some nodes are states of the same
    /// physical node.
    pub physical: Option<Arc<[u32]>>,
}

/// Sums over all nodes, a self-link counted once. What corrects for small samples needs them; 0 where nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Degrees {
    /// Sum of the weights of the links at each node.
    pub weight: f64,
    /// Sum of the numbers of links at each node.
    pub links: f64,
}

/// Flow of all nodes, one array per quantity; rates per step of the walk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeFlows {
    /// Visit rate of each node.
    pub flow: Box<[f64]>,
    /// Rate at which the walk leaves each node for another one.
    pub exit: Box<[f64]>,
    /// Rate at which the walk enters each node from another one; `None` where it equals `exit` for every
    /// set of nodes, which holds for undirected flow and whenever all steps of the walk are coded.
    pub enter: Option<Box<[f64]>>,
    /// Rate at which the walk stays at each node along a self-link; `None` if there are no self-links.
    pub stay: Option<Box<[f64]>>,
    /// Teleportation, where its steps are coded (recorded). Included in `enter` and `exit`, not in the couplings.
    pub teleportation: Option<Teleportation>,
    /// The number of each node in the network as it was given; `None` where nodes are in that order.
    pub number: Option<Box<[u32]>>,
}

/// Recorded teleportation: from each source in proportion to each target.
#[derive(Clone, Debug, PartialEq)]
pub struct Teleportation {
    /// Rate at which the walk leaves each node by teleportation.
    pub source: Box<[f64]>,
    /// Probability of landing on each node; sums to 1.
    pub target: Box<[f64]>,
}

/// Flow of one node.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NodeFlow {
    /// Number of the node in the network as it was given, for what else is known of it: categories, types.
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
    /// A walk of which nothing else is known.
    pub fn new(couplings: impl Into<Couplings>, nodes: NodeFlows) -> Self {
        Self { couplings: couplings.into(), nodes, degrees: Degrees::default(), first_feature: None, physical: None }
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.flow.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.flow.is_empty()
    }
}

impl NodeFlows {
    /// Flow of one node.
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

/// The sum of the couplings of all pairs inside each module. O(nodes + links).
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
