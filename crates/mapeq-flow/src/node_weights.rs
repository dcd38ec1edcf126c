//! Weights of nodes as their visit rates.

use mapeq_core::Network;

use crate::error::FlowError;
use crate::model_flow::ModelFlow;
use crate::weights;

/// The share of each node in the weights of all, and the sum.
pub(crate) fn shares(network: &Network) -> Result<(Vec<f64>, f64), FlowError> {
    let nodes = network.nodes();
    let mut shares: Vec<f64> = (0..nodes.len()).map(|node| nodes.weight(node)).collect();
    let total = weights::normalize(&mut shares);
    if total.is_normal() { Ok((shares, total)) } else { Err(FlowError::NodeWeights(total)) }
}

/// Replaces the visit rates. Links carry what they carried, and recorded teleportation of probability `teleportation`
/// follows the visits.
pub(crate) fn replace_visits(
    found: &mut ModelFlow,
    network: &Network,
    teleportation: Option<f64>,
) -> Result<(), FlowError> {
    found.nodes.flow = shares(network)?.0.into();
    if let Some(probability) = teleportation {
        found.teleport_from_visits(network, probability);
    }
    Ok(())
}
