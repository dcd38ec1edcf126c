//! Bipartite flow projected onto the primary nodes.
//!
//! A step of the projected walk leads from a primary node through a feature to a primary node. So a primary node is visited
//! as often as the walk on single links is there or uses one of its links, relative to all, and a feature never: it is no
//! place. A codeword describes two links, so links carry twice their flow. Teleportation neither leaves from features nor
//! lands there.
//!
//! For undirected flow this doubles the visits of primary nodes: those of features are half of all.
//!
//! Kheirkhahzadeh, Lancichinetti & Rosvall, Physical Review E 2016, doi:10.1103/PhysRevE.93.032309.

use mapeq_core::Network;

use crate::error::FlowError;
use crate::model_flow::ModelFlow;
use crate::weights;

/// Projects the flow. Recorded teleportation of probability `teleportation` then follows the visits; without this number it
/// stays what it is.
pub(crate) fn project(
    found: &mut ModelFlow,
    first_feature: usize,
    network: &Network,
    teleportation: Option<f64>,
) -> Result<(), FlowError> {
    let visits = &mut found.nodes.flow;
    visits
        .iter_mut()
        .zip(weights::coupling_sums(&found.couplings))
        .for_each(|(visits, along_links)| *visits += along_links);
    visits[first_feature..].fill(0.0);
    weights::positive(weights::normalize(visits))?;
    found.scale(2.0);
    if let Some(teleports) = &mut found.nodes.teleportation {
        teleports.source[first_feature..].fill(0.0);
        teleports.target[first_feature..].fill(0.0);
        weights::positive(weights::normalize(&mut teleports.target))?;
    }
    if let Some(probability) = teleportation {
        found.teleport_from_visits(network, probability);
    }
    Ok(())
}
