//! Directed flow on a bipartite network that teleports only between steps through a feature.
//!
//! A step of the walk goes from a primary node i to a feature j and on to a primary node k. With
//! transition probabilities t, teleportation probability τ, β = 1 − τ, targets v among the primary
//! nodes, and d the visits to primary nodes without out-links,
//!
//! > π_k = (τ + β d) v_k + Σ_j t_jk g_j,  g_j = β Σ_i t_ij π_i.
//!
//! At a feature without out-links the walk teleports, too. Unrecorded, the flow is that of one more
//! step along links only; recorded, that of all steps. A link carries twice its flow, because a
//! codeword describes two links.
//!
//! # The walk on single links
//! The system is that of [`Walk`] on all nodes, with `strength` β s_j instead of the out-strength
//! s_j of a feature j, so that a link from a feature is always followed. This walk leaves the links
//! with probability τ in every second step, which makes at most 2/τ steps. So the error in the
//! visits of all nodes is at most 2/τ times the change of a sweep. Relative to the visits of
//! primary nodes, which are at least half of all, it is twice as large, and normalization doubles
//! it again. With `escape` = τ/5 the bound is 10/τ − 2 times the change, which is no less than
//! these 8/τ.

use mapeq_core::{Network, NodeFlows, Teleportation};

use crate::error::FlowError;
use crate::link_flow::LinkRate;
use crate::model_flow::{DirectedSums, ModelFlow};
use crate::options::{FlowOptions, TeleportationOptions};
use crate::pagerank::Walk;
use crate::report::FlowReport;
use crate::teleportation;
use crate::weights;

pub(crate) fn flow(network: &Network, first_feature: usize, options: &FlowOptions) -> Result<ModelFlow, FlowError> {
    let links = network.links();
    let incoming = links.transposed();
    let out = weights::row_sums(links);
    if out[first_feature..].iter().all(|&out| out == 0.0) {
        return Err(FlowError::NoWayBack);
    }
    let into = || weights::row_sums(&incoming);
    let target = teleportation::targets(network, first_feature, options.teleportation, into, || out.clone())?;
    let TeleportationOptions { probability, recorded, .. } = options.teleportation;
    let follow = 1.0 - probability;
    let mut strength = out.clone();
    strength[first_feature..].iter_mut().for_each(|strength| *strength *= follow);
    let walk = Walk {
        incoming: &incoming,
        strength: &strength,
        loops: None,
        target: &target,
        teleportation: probability,
        escape: probability / 5.0,
    };
    let (mut visits, outcome) = walk.visits(options.stop());
    let mut report = FlowReport::iterated(outcome, options.tolerance)?;
    report.note_dangling(&out);
    visits[first_feature..].fill(0.0);
    weights::nondegenerate(weights::normalize(&mut visits))?;

    let live: f64 = visits.iter().zip(&out).filter(|(_, out)| **out > 0.0).map(|(visits, _)| visits).sum();
    let followed = if recorded { follow } else { weights::nondegenerate(live)?.recip() };
    // Flow per unit of weight out of primary nodes, then out of features, which pass on their
    // inflow.
    let per_weight = |flow: f64, node: usize| if out[node] == 0.0 { 0.0 } else { flow / out[node] };
    let mut rate: Vec<f64> = (0..out.len()).map(|node| per_weight(followed * visits[node], node)).collect();
    let through = weights::inflows(&incoming, &rate);
    (first_feature..rate.len()).for_each(|feature| rate[feature] = per_weight(through[feature], feature));

    let teleportation = recorded
        .then(|| Teleportation { source: teleportation::sources(&visits, &out, probability), target: target.into() });
    if !recorded {
        visits = weights::inflows(&incoming, &rate);
        visits[first_feature..].fill(0.0);
        weights::nondegenerate(weights::normalize(&mut visits))?;
    }
    rate.iter_mut().for_each(|rate| *rate *= 2.0);
    let DirectedSums { couplings, exit, enter, .. } = DirectedSums::new(links, &incoming, &rate);
    let nodes = NodeFlows { flow: visits.into(), exit, enter: Some(enter), teleportation, ..NodeFlows::default() };
    Ok(ModelFlow { couplings, nodes, rate: LinkRate::FromSource(rate), report })
}
