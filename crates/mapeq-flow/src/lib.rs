//! From weighted links to the stationary flow of a random walk.
//!
//! The map equation describes a random walk, so a network enters it through the walk's flow: how often each
//! node is visited and how much flow each link carries per step. [`compute_flow`] turns the weights of a
//! [`Network`] into a [`FlowNetwork`](mapeq_core::FlowNetwork), by one of two models:
//!
//! - [`FlowModel::Undirected`]: a link is walked in both directions; the flow is proportional to the weights;
//! - [`FlowModel::Directed`]: links are walked from source to target, with teleportation (PageRank).
//!
//! ```
//! use mapeq_core::{Direction, LinkList, Network, NodeIds, NodeTable};
//! use mapeq_flow::{FlowModel, FlowOptions, compute_flow};
//!
//! let mut links = LinkList::default();
//! links.push(0, 1, 1.0);
//! let nodes = NodeTable::new(NodeIds::Consecutive { first: 1, len: 2 });
//! let network = Network::new(nodes, links, Direction::Directed);
//! let options = FlowOptions { model: FlowModel::Directed, ..FlowOptions::default() };
//!
//! let flow = compute_flow(&network, &options)?;
//! assert_eq!(*flow.network.nodes.flow, [0.0, 1.0]);
//! # Ok::<(), mapeq_flow::FlowError>(())
//! ```

mod couplings;
mod directed;
mod error;
mod iteration;
mod options;
mod pagerank;
mod report;
mod undirected;
mod weights;

use mapeq_core::Network;

pub use error::FlowError;
pub use options::{FlowModel, FlowOptions, TeleportationOptions};
pub use report::{Flow, FlowReport};

/// The stationary flow of a random walk on `network`.
///
/// All flow is in visits per step; the flow of the nodes sums to 1. A node without links has flow 0 (unless
/// recorded teleportation to nodes lands on it), and so have all nodes of a network without any link. The same bytes at
/// any number of threads.
///
/// O(nodes + links) for undirected flow and for each sweep of directed flow.
///
/// # Errors
/// If the options are out of range, the model does not fit the direction of the network's links, or the total
/// flow is zero or not finite although there are links.
pub fn compute_flow(network: &Network, options: &FlowOptions) -> Result<Flow, FlowError> {
    options.validate()?;
    if options.model.direction() != network.direction() {
        return Err(FlowError::Direction { model: options.model });
    }
    if network.links().links() == 0 {
        return Ok(Flow::still(network.nodes().len()));
    }
    match options.model {
        FlowModel::Undirected => undirected::flow(network),
        FlowModel::Directed => directed::flow(network, options),
    }
}
