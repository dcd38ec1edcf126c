//! Teleportation: the rate at which nodes teleport, and the nodes on which the walk lands.

use mapeq_core::Network;

use crate::error::FlowError;
use crate::options::TeleportationOptions;
use crate::weights;

/// Returns the probability of landing on each node. Features, the nodes from number `primary` on,
/// are never landed on.
///
/// `into` and `out` return the weights of the links into and out of each node.
pub(crate) fn targets(
    network: &Network,
    primary: usize,
    options: TeleportationOptions,
    into: impl FnOnce() -> Vec<f64>,
    out: impl FnOnce() -> Vec<f64>,
) -> Result<Vec<f64>, FlowError> {
    let nodes = network.nodes();
    let mut targets = match options {
        TeleportationOptions { to_nodes: true, .. } => (0..nodes.len()).map(|node| nodes.weight(node)).collect(),
        TeleportationOptions { recorded: true, .. } => into(),
        _ => out(),
    };
    targets[primary..].fill(0.0);
    let total = weights::normalize(&mut targets);
    match weights::nondegenerate(total) {
        Err(_) if options.to_nodes => Err(FlowError::NodeWeights(total)),
        checked => checked.map(|_| targets),
    }
}

/// Returns the rate of teleporting from each node: `probability` times its visits, or all visits if
/// its links have no weight.
pub(crate) fn sources(visits: &[f64], strength: &[f64], probability: f64) -> Box<[f64]> {
    let pairs = visits.iter().zip(strength);
    pairs.map(|(visits, &strength)| if strength == 0.0 { *visits } else { probability * visits }).collect()
}
