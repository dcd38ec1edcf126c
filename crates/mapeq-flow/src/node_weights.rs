//! Node weights as visit rates.

use mapeq_core::Network;

use crate::error::FlowError;
use crate::model_flow::ModelFlow;
use crate::weights;

/// Returns each node's share of all node weights, and the sum of the weights.
pub(crate) fn shares(network: &Network) -> Result<(Vec<f64>, f64), FlowError> {
    let nodes = network.nodes();
    let mut shares: Vec<f64> = (0..nodes.len()).map(|node| nodes.weight(node)).collect();
    let total = weights::normalize(&mut shares);
    if total.is_normal() { Ok((shares, total)) } else { Err(FlowError::NodeWeights(total)) }
}

/// Replaces the visit rates by node weights. The flow of links does not change. With a probability
/// `teleportation`, recorded teleportation leaves each node in proportion to the new visits.
pub(crate) fn replace_visits(
    flow: &mut ModelFlow,
    network: &Network,
    teleportation: Option<f64>,
) -> Result<(), FlowError> {
    flow.nodes.flow = shares(network)?.0.into();
    if let Some(probability) = teleportation {
        flow.teleport_from_visits(network, probability);
    }
    Ok(())
}
