//! Walks that remember where they come from, as compact networks of states.
//!
//! A walk that came from u to v goes on to x with a probability in proportion to w_vx · α(u, x): α is 1/p if x = u, 1 if x and u
//! are neighbours (whatever the direction of their links), and 1/q otherwise. So p makes it return less, and q stay near; p = q =
//! 1 is the ordinary walk. (Grover & Leskovec, KDD 2016, doi:10.1145/2939672.2939754.)
//!
//! What such a walk remembers is the link it came by: a state (u → v) of the node v for every link. States of a node that lead on
//! alike are put together, as long as little is lost of what they know of the next node. What is left is a network of far fewer
//! states, in which each state and link carries exactly what the walk on all states carries through it.
//! (Lindström, Sahasrabuddhe, Holmgren, Blöcker, Edler & Rosvall, arXiv:2304.05775.)
//!
//! Steps (u → v → x) are met node by node and never held. Those that are not by the common factor 1/q are as many as there are
//! corners of triangles, and not pairs of links; these alone are kept, without weights, where there are few.

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

/// How a walk uses what it remembers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalkBias {
    /// p: how much less likely a step back is than one to a common neighbour; greater than 0.
    pub return_parameter: f64,
    /// q: how much less likely a step is to where the last node has no link; greater than 0.
    pub in_out_parameter: f64,
    /// States of a node are kept apart where that tells more of the next node than this, in bits per visit of the node.
    pub min_information: f64,
}

impl Default for WalkBias {
    fn default() -> Self {
        Self { return_parameter: 1.0, in_out_parameter: 1.0, min_information: 0.02 }
    }
}

/// A walk with a memory, as a walk without one on states.
#[derive(Clone, Debug)]
pub struct SecondOrderWalk {
    /// The states, with their visit rates as weights, and the flow of the links between them: for
    /// [`FlowModel::Precomputed`].
    pub network: Network,
    /// Number of states before they were put together: links, both directions of those without one.
    pub states: usize,
    /// How much was observed: that of the network without memory.
    pub degrees: Degrees,
    /// How the flow was found.
    pub report: FlowReport,
}

/// The walk on `network` that remembers one node, by the model, the teleportation and the tolerance of `options`: undirected, or
/// directed with teleportation that is not coded and not remembered.
///
/// Every node has a state at least. O(Σ degree²) time at most and O(links) memory for the walk, O(links + triangles) time for a
/// sweep where triangles are few; the result has as many links as states have out-links.
///
/// # Errors
/// If a bias is not greater than 0, the options ask for another walk, nodes are states or features, the direction of the links
/// does not fit, or there is no flow.
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
    let found = stationary::flow(&steps, network, options)?;
    let lumps = lumping::lumps(&steps, &found.flow, bias.min_information);
    let states = links.links();
    let of_lumps = compact::network(&steps, &found, &lumps, network.nodes());
    let degrees = weights::degrees(network);
    Ok(SecondOrderWalk { network: of_lumps, states, degrees, report: found.report })
}

impl WalkBias {
    /// Checks that every number is in its range.
    ///
    /// # Errors
    /// If one is not.
    pub fn validate(&self) -> Result<(), FlowError> {
        let biases = [("return parameter", self.return_parameter), ("in-out parameter", self.in_out_parameter)];
        for (name, number) in biases {
            // Their inverses are used, and differences of these.
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
    let known =
        FlowOptions { model, teleportation, tolerance, min_iterations, max_iterations, ..FlowOptions::default() };
    // The time between codewords is a matter of those who use the flow.
    let asked = FlowOptions { markov_time: Default::default(), ..*options };
    let known_model = matches!(model, FlowModel::Undirected | FlowModel::Directed);
    if asked != known || !known_model || teleportation.recorded || markov_time.variable.is_some() {
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
