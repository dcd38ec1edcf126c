//! Conversion of graphs of petgraph to networks, and of partitions to modules of their nodes.
//!
//! ```
//! use mapeq_core::Partition;
//! use mapeq_io::petgraph::{modules_by_node_index, network_from_petgraph};
//! use petgraph::graph::UnGraph;
//!
//! let graph = UnGraph::<(), f64>::from_edges([(0, 1, 2.0), (1, 2, 0.5)]);
//! let network = network_from_petgraph(&graph, |&weight| weight)?;
//! assert_eq!(network.links().iter().collect::<Vec<_>>(), [(0, 1, 2.0), (1, 2, 0.5)]);
//!
//! let partition = Partition::from_labels(vec![0, 0, 1]);
//! for (node, module) in modules_by_node_index(&graph, &partition) {
//!     assert_eq!(module, partition.module(node.index()));
//! }
//! # Ok::<(), mapeq_io::petgraph::WeightError>(())
//! ```

use ::petgraph::visit::{EdgeRef, GraphProp, IntoEdgeReferences, IntoNodeIdentifiers, NodeIndexable};
use mapeq_core::{Direction, LinkList, Network, NodeIds, NodeTable, Partition};

/// An edge has a negative or non-finite weight.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the edge from node {source_index} to node {target_index} has weight {weight}: expected a finite number >= 0")]
pub struct WeightError {
    /// Index of the source node.
    pub source_index: usize,
    /// Index of the target node.
    pub target_index: usize,
    /// The weight.
    pub weight: f64,
}

/// Converts a graph to a network, which is directed if the graph is.
///
/// Nodes are in the order of their indices and have the ids 0, 1, …, even if removed nodes left
/// gaps among the indices. Edges of weight 0 are ignored, and the weights of parallel edges are
/// summed.
///
/// # Complexity
/// O(nodes + edges · log degree).
///
/// # Errors
/// If a weight is negative, infinite or NaN.
///
/// # Panics
/// If the graph has 2³² nodes or more.
pub fn network_from_petgraph<G>(graph: G, weight: impl Fn(&G::EdgeWeight) -> f64) -> Result<Network, WeightError>
where
    G: IntoEdgeReferences + IntoNodeIdentifiers + NodeIndexable + GraphProp,
{
    let nodes = nodes_in_order(graph);
    let mut position = vec![0u32; graph.node_bound()];
    for (place, &node) in nodes.iter().enumerate() {
        position[graph.to_index(node)] = u32::try_from(place).expect("fewer than 2^32 nodes");
    }
    let mut links = LinkList::default();
    for edge in graph.edge_references() {
        let (source_index, target_index) = (graph.to_index(edge.source()), graph.to_index(edge.target()));
        let weight = weight(edge.weight());
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(WeightError { source_index, target_index, weight });
        }
        if weight > 0.0 {
            links.push(position[source_index], position[target_index], weight);
        }
    }
    let direction = if graph.is_directed() { Direction::Directed } else { Direction::Undirected };
    let nodes = NodeTable::new(NodeIds::Consecutive { first: 0, len: nodes.len() });
    Ok(Network::new(nodes, links, direction))
}

/// Returns every node of a graph with its module. `partition` is one of the network that
/// [`network_from_petgraph`] made of the graph.
///
/// # Panics
/// If the partition has fewer nodes than the graph.
pub fn modules_by_node_index<G>(graph: G, partition: &Partition) -> Vec<(G::NodeId, usize)>
where
    G: IntoNodeIdentifiers + NodeIndexable,
{
    nodes_in_order(graph).into_iter().enumerate().map(|(place, node)| (node, partition.module(place))).collect()
}

fn nodes_in_order<G>(graph: G) -> Vec<G::NodeId>
where
    G: IntoNodeIdentifiers + NodeIndexable,
{
    let mut nodes: Vec<G::NodeId> = graph.node_identifiers().collect();
    nodes.sort_by_key(|&node| graph.to_index(node));
    nodes
}
