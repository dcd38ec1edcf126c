//! Directed flow: visit rates by PageRank, then the flow of each link.
//!
//! With visit rates π, out-strengths s, transition probabilities t_uv = w_uv / s_u, teleportation
//! probability τ, and d the visits to dangling nodes (those without out-links),
//!
//! - unrecorded teleportation: a link carries f_uv = t_uv π_u / (1 − d), the flow of one more step
//!   along links only. A node is visited as often as this step enters it, p_v = Σ_u f_uv;
//! - recorded teleportation: f_uv = (1 − τ) t_uv π_u and p = π. A step from u teleports with
//!   probability τ, or 1 if u is dangling, and lands on v with probability v_v. So the rate of
//!   teleporting is T_u = τ π_u, or π_u.
//!
//! Lambiotte & Rosvall, Physical Review E 2012, doi:10.1103/PhysRevE.85.056107.

use mapeq_core::{Network, NodeFlows, Teleportation};

use crate::couplings;
use crate::error::FlowError;
use crate::link_flow::LinkRate;
use crate::model_flow::ModelFlow;
use crate::options::FlowOptions;
use crate::pagerank::Walk;
use crate::report::FlowReport;
use crate::teleportation;
use crate::weights;

pub(crate) fn flow(network: &Network, options: &FlowOptions) -> Result<ModelFlow, FlowError> {
    let links = network.links();
    let incoming = links.transposed();
    let strength = weights::row_sums(links);
    weights::nondegenerate(strength.iter().sum())?;
    let loops = weights::self_links(links);
    let into = || weights::row_sums(&incoming);
    let target = teleportation::targets(network, links.rows(), options.teleportation, into, || strength.clone())?;
    let walk = Walk {
        incoming: &incoming,
        strength: &strength,
        loops: loops.as_deref(),
        target: &target,
        teleportation: options.teleportation.probability,
        escape: options.teleportation.probability,
    };
    let (visits, outcome) = walk.visits(options.stop());
    let mut report = FlowReport::iterated(outcome, options.tolerance)?;
    report.note_dangling(&strength);

    let (rate, nodes) = if options.teleportation.recorded { recorded(walk, visits) } else { unrecorded(walk, visits)? };
    let couplings = couplings::from_directed(links, &incoming, &rate).into();
    Ok(ModelFlow { couplings, nodes, rate: LinkRate::FromSource(rate), report })
}

/// Returns the flow per unit of weight out of each node and the flow of the nodes, if teleportation
/// is unrecorded.
fn unrecorded(walk: Walk, visits: Vec<f64>) -> Result<(Vec<f64>, NodeFlows), FlowError> {
    let live: f64 =
        visits.iter().zip(walk.strength).filter(|(_, strength)| **strength > 0.0).map(|(visit, _)| visit).sum();
    let rate = walk.per_weight(&visits, weights::nondegenerate(live)?.recip());
    let flow = weights::inflows(walk.incoming, &rate).into_boxed_slice();
    let stay = staying(walk, &rate);
    // The flow that stays is one of the terms of the inflow, so the difference is not negative.
    let enter = match &stay {
        None => flow.clone(),
        Some(stay) => flow.iter().zip(stay).map(|(flow, stay)| flow - stay).collect(),
    };
    let exit = leaving(walk, &rate).collect();
    let nodes = NodeFlows { flow, exit, enter: Some(enter), stay, ..NodeFlows::default() };
    Ok((rate, nodes))
}

/// Returns the flow per unit of weight out of each node and the flow of the nodes, if teleportation
/// is recorded.
fn recorded(walk: Walk, visits: Vec<f64>) -> (Vec<f64>, NodeFlows) {
    let rate = walk.per_weight(&visits, 1.0 - walk.teleportation);
    let source = teleportation::sources(&visits, walk.strength, walk.teleportation);
    let exit = leaving(walk, &rate).collect();
    let teleportation = Some(Teleportation { source, target: walk.target.into() });
    let stay = staying(walk, &rate);
    let nodes = NodeFlows { flow: visits.into(), exit, stay, teleportation, ..NodeFlows::default() };
    (rate, nodes)
}

/// Returns the flow along links from each node to other nodes.
fn leaving(walk: Walk, rate: &[f64]) -> impl Iterator<Item = f64> {
    (0..rate.len()).map(move |node| {
        let own = walk.loops.map_or(0.0, |loops| loops[node]);
        rate[node] * (walk.strength[node] - own)
    })
}

/// Returns the flow along each node's self-link.
fn staying(walk: Walk, rate: &[f64]) -> Option<Box<[f64]>> {
    walk.loops.map(|loops| loops.iter().zip(rate).map(|(own, rate)| own * rate).collect())
}
