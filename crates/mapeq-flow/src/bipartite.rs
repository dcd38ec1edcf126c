//! Bipartite flow projected onto the primary nodes.
//!
//! A step of the projected walk leads from a primary node through a feature to a primary node.
//! Features are not visited. A primary node is visited in proportion to its visits by the walk on
//! single links plus that walk's flow along its links. A codeword describes two links, so links
//! carry twice their flow. Teleportation neither leaves from features nor lands there.
//!
//! For undirected flow this doubles the visits of primary nodes: those of features are half of all.
//!
//! Kheirkhahzadeh, Lancichinetti & Rosvall, Physical Review E 2016, doi:10.1103/PhysRevE.93.032309.

use mapeq_core::Network;

use crate::error::FlowError;
use crate::model_flow::ModelFlow;
use crate::weights;

/// Projects the flow. With a probability `teleportation`, recorded teleportation then leaves each
/// node in proportion to the new visits. Without it, teleportation does not change.
pub(crate) fn project(
    flow: &mut ModelFlow,
    first_feature: usize,
    network: &Network,
    teleportation: Option<f64>,
) -> Result<(), FlowError> {
    let visits = &mut flow.nodes.flow;
    visits
        .iter_mut()
        .zip(weights::coupling_sums(&flow.couplings))
        .for_each(|(visits, along_links)| *visits += along_links);
    visits[first_feature..].fill(0.0);
    weights::nondegenerate(weights::normalize(visits))?;
    flow.scale(2.0);
    if let Some(teleports) = &mut flow.nodes.teleportation {
        teleports.source[first_feature..].fill(0.0);
        teleports.target[first_feature..].fill(0.0);
        weights::nondegenerate(weights::normalize(&mut teleports.target))?;
    }
    if let Some(probability) = teleportation {
        flow.teleport_from_visits(network, probability);
    }
    Ok(())
}
