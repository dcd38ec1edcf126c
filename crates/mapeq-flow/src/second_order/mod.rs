//! Second-order random walks (node2vec), lumped into compact state networks.
//!
//! A walk that came from u to v continues to x with probability proportional to w_vx · α(u, x). α
//! is 1/p if x = u, 1 if x and u are neighbours (in either direction), and 1/q otherwise. So larger
//! p makes steps back less likely, and larger q keeps the walk local. p = q = 1 is the ordinary
//! walk. (Grover & Leskovec, KDD 2016, doi:10.1145/2939672.2939754.)
//!
//! Such a walk remembers its last link: every link (u → v) is a state of node v. States of a node
//! with similar continuations are lumped, as long as little of their information on the next node
//! is lost. The result is a network with far fewer states. Each of its states and links has exactly
//! the flow that the walk on all states has there. (Lindström, Sahasrabuddhe, Holmgren, Blöcker,
//! Edler & Rosvall, arXiv:2304.05775.)
//!
//! Steps (u → v → x) are enumerated node by node and never stored. Steps whose factor is not 1/q
//! are as many as corners of triangles, and not as pairs of links. Only these are stored, without
//! weights, if there are few.

mod compact;
mod krylov;
mod lumping;
mod stationary;
mod steps;

use std::borrow::Cow;

use mapeq_core::{Degrees, Direction, Network};

use crate::couplings::with_reversed;
use crate::error::FlowError;
use crate::model::FlowModel;
use crate::options::FlowOptions;
use crate::report::FlowReport;
use crate::weights;
use steps::Steps;

/// Bias of a second-order walk, and the extent to which its states are lumped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkBias {
    /// p: a step back is p times less likely than one to a common neighbour. Greater than 0.
    pub return_parameter: f64,
    /// q: a step to a node that is not linked with the previous node is q times less likely than
    /// one to a common neighbour. Greater than 0.
    pub in_out_parameter: f64,
    /// Information on the next node, in bits per visit of the node, above which states of a node
    /// stay separate.
    pub min_information: f64,
}

impl Default for WalkBias {
    fn default() -> Self {
        Self { return_parameter: 1.0, in_out_parameter: 1.0, min_information: 0.02 }
    }
}

/// A second-order walk, as a first-order walk on states.
#[derive(Clone, Debug)]
pub struct SecondOrderWalk {
    /// State network for [`FlowModel::Precomputed`]: node weights are visit rates, and link weights
    /// are flow.
    pub network: Network,
    /// Number of states before lumping: links, with both directions of undirected links.
    pub states: usize,
    /// Degrees of the input network, which was observed.
    pub degrees: Degrees,
    /// Report of the computation of the flow.
    pub report: FlowReport,
}

/// Computes the second-order walk on `network` with the model, the teleportation and the tolerance
/// of `options`. The walk is undirected, or directed with unrecorded teleportation, after which it
/// has no memory.
///
/// Every node has at least one state. The result has one link for each state and each link out of
/// its node.
///
/// # Complexity
/// The walk takes O(Σ degree²) time at most and O(links) memory. A sweep takes O(links + triangles)
/// time if there are few triangles.
///
/// # Errors
/// If a bias is not greater than 0, if the options do not apply to second-order walks, if nodes are
/// states or features, if the direction of the links does not fit the model, or if there is no
/// flow.
pub fn second_order_walk(
    network: &Network,
    bias: &WalkBias,
    options: &FlowOptions,
) -> Result<SecondOrderWalk, FlowError> {
    options.validate()?;
    bias.validate()?;
    check(network, options)?;
    let links = match network.direction() {
        Direction::Directed => Cow::Borrowed(network.links()),
        Direction::Undirected => Cow::Owned(with_reversed(network)),
    };
    let steps = Steps::new(&links, bias)?;
    let state_flow = stationary::flow(&steps, network, options)?;
    let lumps = lumping::lumps(&steps, &state_flow.flow, bias.min_information);
    let states = links.links();
    let lumped = compact::network(&steps, &state_flow, &lumps, network.nodes());
    let degrees = weights::degrees(network);
    Ok(SecondOrderWalk { network: lumped, states, degrees, report: state_flow.report })
}

impl WalkBias {
    /// Checks that every number is in its range.
    ///
    /// # Errors
    /// If a number is out of its range.
    pub fn validate(&self) -> Result<(), FlowError> {
        let biases = [("return parameter", self.return_parameter), ("in-out parameter", self.in_out_parameter)];
        for (name, number) in biases {
            // The walk uses inverses, and differences of inverses.
            if !(number.is_normal() && number > 0.0 && number.recip().is_normal()) {
                return Err(FlowError::WalkBias { name, number });
            }
        }
        match self.min_information {
            gain if (0.0..f64::INFINITY).contains(&gain) => Ok(()),
            number => Err(FlowError::Number { name: "minimum information", number }),
        }
    }
}

fn check(network: &Network, options: &FlowOptions) -> Result<(), FlowError> {
    let FlowOptions { model, teleportation, tolerance, min_iterations, max_iterations, markov_time, .. } = *options;
    let supported =
        FlowOptions { model, teleportation, tolerance, min_iterations, max_iterations, ..FlowOptions::default() };
    // The Markov time is applied to the flow of the result, not here.
    let requested = FlowOptions { markov_time: Default::default(), ..*options };
    let supported_model = matches!(model, FlowModel::Undirected | FlowModel::Directed);
    if requested != supported || !supported_model || teleportation.recorded || markov_time.variable.is_some() {
        return Err(FlowError::SecondOrderOptions);
    }
    if network.nodes().states.is_some() || network.nodes().first_feature.is_some() {
        return Err(FlowError::SecondOrderNetwork);
    }
    if model.direction() != network.direction() {
        return Err(FlowError::Direction { model });
    }
    Ok(())
}
