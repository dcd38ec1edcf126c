//! From weighted links to the stationary flow of a random walk.
//!
//! The map equation is a function of the flow of a random walk: the visit rates of nodes, and the
//! flow along links per step. [`compute_flow`] turns the weights of a [`Network`] into a
//! [`FlowNetwork`](mapeq_core::FlowNetwork), by one of several models:
//!
//! - [`FlowModel::Undirected`]: the walk follows links in both directions, in proportion to their
//!   weights;
//! - [`FlowModel::Directed`]: the walk follows links from source to target, with teleportation
//!   (PageRank);
//! - [`FlowModel::UndirDir`], [`OutDirDir`](FlowModel::OutDirDir), [`RawDir`](FlowModel::RawDir):
//!   one step from source to target, along each link with a probability in proportion to its
//!   weight;
//! - [`FlowModel::Precomputed`]: the weights are the flow.
//!
//! [`FlowOptions`] adds a prior network ([`Regularization`]), the number of steps per codeword
//! ([`MarkovTime`]), the treatment of bipartite features ([`BipartiteFlow`]), node weights as visit
//! rates, and relaxation between layers ([`Relaxation`]).
//!
//! [`second_order_walk`] returns second-order walks (node2vec) as state networks. [`lump_states`]
//! lumps states of paths that have similar continuations.
//!
//! ```
//! use mapeq_core::{Direction, Network};
//! use mapeq_flow::{FlowModel, FlowOptions, compute_flow};
//!
//! let network = Network::from_links(Direction::Directed, 2, [(0, 1, 1.0)])?;
//! let options = FlowOptions { model: FlowModel::Directed, ..FlowOptions::default() };
//!
//! let flow = compute_flow(&network, &options)?;
//! assert_eq!(*flow.network.nodes.flow, [0.0, 1.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bipartite;
mod couplings;
mod directed;
mod error;
mod iteration;
mod layers;
mod link_flow;
mod markov_time;
mod model;
mod model_flow;
mod node_weights;
mod one_step;
mod options;
mod pagerank;
mod paths;
mod precomputed;
mod regularized;
mod report;
mod second_order;
mod teleportation;
mod two_step;
mod undirected;
mod weights;

use mapeq_core::Network;

use layers::relaxation;
use model_flow::ModelFlow;

pub use error::FlowError;
pub use layers::relaxation::count_factored_links;
pub use layers::{count_expanded_links, expand_layers};
pub use link_flow::LinkFlow;
pub use model::FlowModel;
pub use options::{
    BipartiteFlow, Divergence, FlowOptions, MarkovTime, Regularization, Relaxation, TeleportationOptions,
    VariableMarkovTime,
};
pub use paths::{Lumping, LumpingCandidate, Lumps, held_out_bits, lump_states, lumped_network};
pub use report::{Flow, FlowReport};
pub use second_order::{SecondOrderWalk, WalkBias, second_order_walk};

/// Computes the stationary flow of a random walk on `network`, in visits per step.
///
/// The flow of the nodes sums to 1. A node without links has flow 0, unless recorded teleportation
/// lands on it. In a network without links all nodes have flow 0, unless there is a prior network.
/// The result is identical at any number of threads.
///
/// # Complexity
/// O(nodes + links), per sweep for directed flow.
///
/// # Errors
/// - If an option is out of range, or if another option excludes it.
/// - If the model does not fit the direction of the links.
/// - If node weights are needed, but are missing or have no positive, finite sum.
/// - If there are links, but the total flow is zero or not finite.
pub fn compute_flow(network: &Network, options: &FlowOptions) -> Result<Flow, FlowError> {
    options.validate()?;
    if options.model.direction() != network.direction() {
        return Err(FlowError::Direction { model: options.model });
    }
    if relaxation::is_applicable(network, options) {
        let (mut found, degrees) = relaxation::flow(network, options)?;
        let links = markov_time::scale(&mut found, network, options)?;
        return Ok(found.finish(network.nodes(), degrees, links));
    }
    match expand_layers(network, options) {
        Some(_) if options.relaxation.to_self => Err(FlowError::RelaxToSelf),
        Some(joined) => flow_of(&joined, &FlowOptions { model: options.model.between_layers(), ..*options }),
        None => flow_of(network, options),
    }
}

/// Computes the flow of a network whose layers, if any, have been expanded.
fn flow_of(network: &Network, options: &FlowOptions) -> Result<Flow, FlowError> {
    let first_feature = network.nodes().first_feature.map(|first| first as usize);
    let two_step_from = first_feature.filter(|_| options.walks_in_two_steps());
    let prior = options.regularization.filter(|_| options.model.has_regularization() && two_step_from.is_none());
    if network.links().links() == 0 {
        let nodes = network.nodes().len();
        let found = if prior.is_some() { regularized::without_links(nodes) } else { ModelFlow::zero(nodes) };
        return Ok(found.finish(network.nodes(), weights::degrees(network), LinkFlow::none()));
    }
    let mut found = match (options.model, two_step_from, prior) {
        (_, Some(first_feature), _) => two_step::flow(network, first_feature, options),
        (FlowModel::Undirected, _, None) => undirected::flow(network),
        (FlowModel::Undirected, _, Some(prior)) => regularized::undirected(network, prior),
        (FlowModel::Directed, _, None) => directed::flow(network, options),
        (FlowModel::Directed, _, Some(prior)) => regularized::directed(network, prior, options.stop()),
        (FlowModel::UndirDir | FlowModel::OutDirDir | FlowModel::RawDir, ..) => one_step::flow(network),
        (FlowModel::Precomputed, ..) => precomputed::flow(network),
    }?;
    if options.regularization.is_some() && prior.is_none() {
        found.report.notes.push("the prior network has no effect here: the flow is not regularised".to_owned());
    }
    // If visit rates are replaced, teleportation is recomputed from them, unless it represents a
    // prior network.
    let teleportation = prior.is_none().then_some(options.teleportation.probability);
    if let (Some(first_feature), None) = (first_feature, two_step_from)
        && options.bipartite != BipartiteFlow::Unipartite
    {
        bipartite::project(&mut found, first_feature, network, teleportation)?;
    }
    if options.node_weights_as_flow {
        node_weights::replace_visits(&mut found, network, teleportation)?;
    }
    let links = markov_time::scale(&mut found, network, options)?;
    Ok(found.finish(network.nodes(), weights::degrees(network), links))
}
