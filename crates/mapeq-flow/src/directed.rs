//! Directed flow: PageRank, then what each link carries.
//!
//! With visit rates π, weights s of the links out of each node, transition probabilities t_uv = w_uv / s_u and d the
//! visits to dangling nodes (those without out-links),
//!
//! - unrecorded teleportation: a link carries f_uv = t_uv π_u / (1 − d), the flow of one more step along the
//!   links alone, and a node is visited as often as this step enters it, p_v = Σ_u f_uv;
//! - recorded teleportation: f_uv = (1 − τ) t_uv π_u and p = π; a step from u teleports with probability τ (1 if u
//!   is dangling), so at the rate T_u = τ π_u (or π_u), and lands on v with probability v_v.

use mapeq_core::{Csr, FlowNetwork, LinkValues, Network, NodeFlows, PerLink, SameForAll, Teleportation};

use crate::couplings;
use crate::error::FlowError;
use crate::iteration::{Outcome, Stop};
use crate::options::{FlowOptions, TeleportationOptions};
use crate::pagerank::{Walk, inflow};
use crate::report::{Flow, FlowReport};
use crate::weights;

pub(crate) fn flow(network: &Network, options: &FlowOptions) -> Result<Flow, FlowError> {
    let links = network.links();
    let incoming = links.transposed();
    let strength = weights::row_sums(links);
    let loops = weights::self_links(links);
    let target = targets(network, &incoming, &strength, options.teleportation)?;
    let probability = options.teleportation.probability;
    let walk = Walk {
        incoming: &incoming,
        strength: &strength,
        loops: loops.as_deref(),
        target: &target,
        teleportation: probability,
    };
    let (mut visits, outcome) =
        walk.visits(Stop { tolerance: options.tolerance, max_iterations: options.max_iterations });
    let dangling = |node: usize| strength[node] == 0.0;
    let live: f64 = (0..visits.len()).filter(|&node| !dangling(node)).map(|node| visits[node]).sum();

    // Flow per step that follows the links out of a node, per visit: everything, or all but teleportation.
    let follow = if options.teleportation.recorded { 1.0 - probability } else { 1.0 / live };
    let mut rate = walk.per_weight(&visits);
    rate.iter_mut().for_each(|rate| *rate *= follow);
    let total: f64 = if options.teleportation.recorded { visits.iter().sum() } else { live };
    if !total.is_normal() {
        return Err(FlowError::Degenerate(total));
    }

    let stay: Option<Box<[f64]>> =
        loops.as_deref().map(|loops| loops.iter().zip(&rate).map(|(own, rate)| own * rate).collect());
    let mut exit: Box<[f64]> = strength.iter().zip(&rate).map(|(strength, rate)| strength * rate).collect();
    if let Some(loops) = &loops {
        for (node, exit) in exit.iter_mut().enumerate().filter(|(node, _)| loops[*node] > 0.0) {
            *exit = away(links, node) * rate[node];
        }
    }
    let mut nodes = NodeFlows { stay, ..NodeFlows::default() };
    if options.teleportation.recorded {
        let source: Box<[f64]> =
            (0..visits.len()).map(|node| visits[node] * if dangling(node) { 1.0 } else { probability }).collect();
        for (node, exit) in exit.iter_mut().enumerate() {
            *exit += source[node] * (1.0 - target[node]);
        }
        nodes.teleportation = Some(Teleportation { source, target: target.into() });
    } else {
        for (node, visits) in visits.iter_mut().enumerate() {
            *visits = match incoming.values() {
                LinkValues::Same(weight) => inflow(&incoming, SameForAll(*weight), node, &rate),
                LinkValues::Each(weights) => inflow(&incoming, PerLink(weights), node, &rate),
            };
        }
        nodes.enter = Some(match &nodes.stay {
            None => visits.as_slice().into(),
            Some(stay) => visits.iter().zip(stay).map(|(visits, stay)| (visits - stay).max(0.0)).collect(),
        });
    }
    nodes.flow = visits.into();
    nodes.exit = exit;
    let couplings = couplings::merged(links, &incoming, &rate);
    Ok(Flow {
        network: FlowNetwork { couplings, nodes },
        report: report(outcome, strength.iter().filter(|&&s| s == 0.0).count()),
    })
}

fn away(links: &Csr, node: usize) -> f64 {
    links.row(node).filter(|&(target, _)| target != node).map(|(_, weight)| weight).sum()
}

fn report(outcome: Outcome, dangling: usize) -> FlowReport {
    let Outcome { iterations, residual, converged } = outcome;
    let mut notes = Vec::new();
    if dangling > 0 {
        notes.push(format!("{dangling} dangling"));
    }
    FlowReport { iterations, residual, converged, notes }
}

/// Where teleportation lands, as a probability for each node.
fn targets(
    network: &Network,
    incoming: &Csr,
    strength: &[f64],
    teleportation: TeleportationOptions,
) -> Result<Vec<f64>, FlowError> {
    let mut targets = match teleportation {
        TeleportationOptions { to_nodes: true, .. } => {
            (0..incoming.rows()).map(|node| network.nodes().weight(node)).collect()
        }
        TeleportationOptions { recorded: true, .. } => weights::row_sums(incoming),
        TeleportationOptions { recorded: false, .. } => strength.to_vec(),
    };
    let total: f64 = targets.iter().sum();
    if !total.is_normal() {
        let error = if teleportation.to_nodes { FlowError::NodeWeights(total) } else { FlowError::Degenerate(total) };
        return Err(error);
    }
    targets.iter_mut().for_each(|target| *target /= total);
    Ok(targets)
}
