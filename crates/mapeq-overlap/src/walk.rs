//! The walk that modules describe: the flow of every link in each direction.

use mapeq_core::{Csr, Direction, FlowNetwork, LinkValues, Network, NodeFlows};
use mapeq_search::reordered;

/// A random walk on a network, with the flow of every link in each direction.
///
/// The map equation of hard modules needs only the total flow between two nodes. If a node has
/// several modules, it matters from which one the walk comes, so the directions are kept.
#[derive(Clone, Debug)]
pub struct Walk {
    visits: Box<[f64]>,
    incoming: Csr,
    /// `None` if every link carries the same flow in both directions.
    outgoing: Option<Csr>,
}

/// The error for walks with encoded teleportation, which has steps that follow no link.
///
/// The module in which such a step ends would depend on all nodes at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodedTeleportation;

impl std::fmt::Display for CodedTeleportation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("overlapping modules are not defined for encoded teleportation")
    }
}

impl std::error::Error for CodedTeleportation {}

impl Walk {
    /// Creates the walk on `network` with the flow `flow`, whose nodes are in the same order.
    /// O(nodes + links).
    ///
    /// The flow out of a node is divided among its links in proportion to their weights.
    ///
    /// # Errors
    /// If teleportation is encoded.
    ///
    /// # Panics
    /// If network and flow differ in the number of nodes, or if the nodes are states.
    pub fn new(network: &Network, flow: &FlowNetwork) -> Result<Self, CodedTeleportation> {
        assert_eq!(network.nodes().len(), flow.len(), "the flow of these nodes");
        assert!(network.nodes().states.is_none(), "states are in modules of their own already");
        if flow.nodes.teleportation.is_some() {
            return Err(CodedTeleportation);
        }
        let visits = flow.nodes.flow.clone();
        if network.direction() == Direction::Undirected {
            return Ok(Self { visits, incoming: flow.couplings.listed().clone().scaled(0.5), outgoing: None });
        }
        let links = network.links();
        let (mut offsets, mut targets, mut values) = (vec![0], Vec::new(), Vec::new());
        for source in 0..links.rows() {
            let strength: f64 = links.row(source).map(|(_, weight)| weight).sum();
            let node = flow.nodes.at(source);
            let rate = if strength > 0.0 { (node.exit + node.stay) / strength } else { 0.0 };
            for (target, weight) in links.row(source).filter(|&(target, _)| target != source) {
                targets.push(target as u32);
                values.push(rate * weight);
            }
            offsets.push(targets.len());
        }
        let outgoing = Csr::new(offsets.into(), targets.into(), LinkValues::Each(values.into()));
        Ok(Self { visits, incoming: outgoing.transposed(), outgoing: Some(outgoing) })
    }

    /// Returns the walk with the nodes in another order: node `order[i]` becomes node `i`.
    /// O(nodes + links).
    pub(crate) fn reordered(&self, order: &[u32]) -> Self {
        let rows = |rows: &Csr| {
            let nodes = NodeFlows { flow: self.visits.clone(), exit: self.visits.clone(), ..NodeFlows::default() };
            reordered(FlowNetwork::new(rows.clone(), nodes), order).couplings.into_parts().0
        };
        Self {
            visits: order.iter().map(|&node| self.visits[node as usize]).collect(),
            incoming: rows(&self.incoming),
            outgoing: self.outgoing.as_ref().map(rows),
        }
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.visits.len()
    }

    /// Returns whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.visits.is_empty()
    }

    /// Visit rate of every node, per step.
    pub fn visits(&self) -> &[f64] {
        &self.visits
    }

    /// Links into each node: row `v` holds the sources of links to `v` and their flow per step.
    ///
    /// Self-links are left out: a step along one never changes the module.
    pub fn incoming(&self) -> &Csr {
        &self.incoming
    }

    /// Links out of each node: row `u` holds the targets of links from `u` and their flow per step.
    /// Self-links are left out.
    pub fn outgoing(&self) -> &Csr {
        self.outgoing.as_ref().unwrap_or(&self.incoming)
    }

    /// Calls `each` with every neighbour of `node`, in the order of nodes, and the flow to it and
    /// from it per step.
    #[inline(always)]
    pub(crate) fn both_directions(&self, node: usize, mut each: impl FnMut(usize, f64, f64)) {
        let Some(outgoing) = &self.outgoing else {
            return self.incoming.row(node).for_each(|(other, flow)| each(other, flow, flow));
        };
        let (mut there, mut back) = (outgoing.row(node).peekable(), self.incoming.row(node).peekable());
        while let Some(&(other, _)) = [there.peek(), back.peek()].into_iter().flatten().min_by_key(|link| link.0) {
            let to = there.next_if(|link| link.0 == other).map_or(0.0, |link| link.1);
            let from = back.next_if(|link| link.0 == other).map_or(0.0, |link| link.1);
            each(other, to, from);
        }
    }

    /// Returns whether every link carries the same flow in both directions.
    pub fn is_undirected(&self) -> bool {
        self.outgoing.is_none()
    }
}
