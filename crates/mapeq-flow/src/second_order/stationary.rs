//! Stationary flow of a second-order walk along each link.
//!
//! Let T be the probabilities of the next link, s the shares of the links at which teleportation
//! starts, and β = 1 − τ. A walk that loses its memory when it teleports follows links at rates
//! proportional to
//!
//! > y = s + β Tᵀ y,
//!
//! as in `pagerank.rs` with links in place of nodes. Links to nodes without out-links have no next
//! link. With Y = Σ y, the encoded step carries f = y / Y, of which s / Y is the first step after
//! teleportation. The error bound is the same, too.
//!
//! Without teleportation (undirected walks, or τ = 0), f = Tᵀ f + d s, with the flow d of links to
//! nodes without out-links. The iteration starts from the weights of the links, which gives every
//! component its share, and approaches a fixed point as `krylov.rs` does. Then it follows the lazy
//! walk f ← (f + Tᵀ f + d s) / 2, which converges from any start.

use mapeq_core::Network;

use super::krylov::approach;
use super::steps::{Scratch, Steps};
use crate::error::FlowError;
use crate::iteration::{Outcome, Stop, Sweep, iterate};
use crate::model::FlowModel;
use crate::node_weights;
use crate::options::FlowOptions;
use crate::report::FlowReport;
use crate::weights;

/// Default upper bound on the sweeps before the lazy walk.
const MAX_APPLICATIONS: usize = 2000;

/// Upper bound on restarts of the gradients, whose stored residual drifts from the true one.
const MAX_RESTARTS: usize = 8;

/// Default upper bound on sweeps of the lazy walk. After the gradients it has little to do, or it
/// is slow.
const MAX_LAZY_SWEEPS: usize = 1000;

/// Without teleportation, a sweep's change, summed over the links, is compared with this multiple
/// of the tolerance. The change does not bound the error.
const SLACK: f64 = 1e4;

/// Flow of all states, which are links.
pub(super) struct StateFlow {
    /// Flow of every link, per step. It sums to 1.
    pub flow: Vec<f64>,
    /// 1 / Σ w α for every state, or 0 for states without next links.
    pub per_total: Vec<f64>,
    /// Probability of a step that uses memory.
    pub follow: f64,
    /// Flow of memoryless steps along the links from each node, per unit of weight.
    pub memoryless: Vec<f64>,
    pub report: FlowReport,
}

pub(super) fn flow(steps: &Steps<'_>, network: &Network, options: &FlowOptions) -> Result<StateFlow, FlowError> {
    let directed = options.model == FlowModel::Directed;
    let start = start(steps, network, directed && options.teleportation.to_nodes)?;
    let per_total: Vec<f64> =
        steps.totals().into_iter().map(|total| if total > 0.0 { total.recip() } else { 0.0 }).collect();
    let teleportation = if directed { options.teleportation.probability } else { 0.0 };
    let along =
        |(source, _, weight): (usize, usize, f64)| if teleportation > 0.0 { start[source] * weight } else { weight };
    let mut flow: Vec<f64> = steps.links.iter().map(along).collect();
    weights::nondegenerate(weights::normalize(&mut flow))?;
    let (scratch, rate, next) = (steps.scratch(), Vec::new(), Vec::new());
    let sweeper = Sweeper { steps, per_total: &per_total, start: &start, scratch, rate, next };
    let outcome = if teleportation > 0.0 {
        teleporting(sweeper, &mut flow, teleportation, options.stop())
    } else {
        non_teleporting(sweeper, &mut flow, options.stop())
    };
    // Extrapolated values may be negative by rounding.
    flow.iter_mut().for_each(|flow| *flow = flow.max(0.0));
    let all = weights::normalize(&mut flow);
    let memoryless_rate = if teleportation > 0.0 { all.recip() } else { dangling_flow(steps, &flow) };
    let memoryless = start.iter().map(|start| memoryless_rate * start).collect();
    let mut report = FlowReport::iterated(outcome, options.tolerance)?;
    if directed {
        report.note_dangling(&steps.strength);
    }
    Ok(StateFlow { flow, per_total, follow: 1.0 - teleportation, memoryless, report })
}

/// Returns the share of memoryless steps along the links from each node, per unit of weight; 0 for
/// nodes without out-links.
fn start(steps: &Steps<'_>, network: &Network, to_nodes: bool) -> Result<Vec<f64>, FlowError> {
    if !to_nodes {
        return Ok(vec![weights::nondegenerate(steps.strength.iter().sum())?.recip(); steps.nodes()]);
    }
    let shares = node_weights::shares(network)?.0.into_iter().zip(&steps.strength);
    let live = |(share, &strength): (f64, &f64)| if strength > 0.0 { (share, share / strength) } else { (0.0, 0.0) };
    let (shares, per_weight): (Vec<f64>, Vec<f64>) = shares.map(live).unzip();
    let all = weights::nondegenerate(shares.iter().sum())?;
    Ok(per_weight.into_iter().map(|start| start / all).collect())
}

/// Solves y = s + β Tᵀ y in place.
fn teleporting(mut sweeper: Sweeper<'_>, flow: &mut [f64], teleportation: f64, stop: Stop) -> Outcome {
    let (links, follow) = (sweeper.steps.links, 1.0 - teleportation);
    let unit = vec![1.0; flow.len()];
    iterate(flow, &unit, stop, |flow| {
        let (mut change, mut sum) = (0.0, 0.0);
        for (node, &start) in sweeper.start.iter().enumerate() {
            sweeper.propagate(node, flow);
            for (link, onward) in links.range(node).zip(&sweeper.next) {
                let new = links.value(node, link) * (start + follow * onward);
                change += (new - flow[link]).abs();
                sum += new;
                flow[link] = new;
            }
        }
        // No element of the solution is smaller than that of s, whose sum is 1.
        Sweep::bounded(change, f64::max(sum, 1.0), teleportation)
    })
}

/// Solves f = Tᵀ f + d s.
fn non_teleporting(mut sweeper: Sweeper<'_>, flow: &mut [f64], stop: Stop) -> Outcome {
    let links = sweeper.steps.links;
    let mut apply = |flow: &[f64], after: &mut [f64]| {
        let dangling_flow = dangling_flow(sweeper.steps, flow);
        for (node, &start) in sweeper.start.iter().enumerate() {
            sweeper.propagate(node, flow);
            for (link, onward) in links.range(node).zip(&sweeper.next) {
                after[link] = links.value(node, link) * (dangling_flow * start + onward);
            }
        }
    };
    let tolerance = SLACK * stop.tolerance;
    let most = stop.max_iterations.unwrap_or(MAX_APPLICATIONS);
    let scale = flow.to_vec();
    let mut applications = 0;
    for _ in 0..MAX_RESTARTS {
        let performed = approach(flow, &scale, tolerance, most.saturating_sub(applications), &mut apply);
        applications += performed;
        // Converged, or at the limit.
        if performed <= 1 || applications >= most {
            break;
        }
    }
    drop(scale);
    flow.iter_mut().for_each(|flow| *flow = flow.max(0.0));
    let (unit, mut after) = (vec![1.0; flow.len()], vec![0.0; flow.len()]);
    let lazy = Stop { tolerance, max_iterations: Some(stop.max_iterations.unwrap_or(MAX_LAZY_SWEEPS)), ..stop };
    let outcome = iterate(flow, &unit, lazy, |flow| {
        apply(flow, &mut after);
        let mut change = 0.0;
        for (flow, after) in flow.iter_mut().zip(&after) {
            let step = 0.5 * (after - *flow);
            change += step.abs();
            *flow += step;
        }
        weights::normalize(flow);
        Sweep { change, total: 1.0, bound: change }
    });
    Outcome { iterations: outcome.iterations + applications, ..outcome }
}

/// Returns the flow of links to nodes without out-links.
fn dangling_flow(steps: &Steps<'_>, flow: &[f64]) -> f64 {
    let dangling = (0..steps.nodes()).filter(|&node| steps.strength[node] == 0.0);
    dangling.flat_map(|node| steps.states(node)).map(|&state| flow[state as usize]).sum()
}

/// Propagates flow from the links into a node to the links out of it.
struct Sweeper<'a> {
    steps: &'a Steps<'a>,
    per_total: &'a [f64],
    start: &'a [f64],
    scratch: Scratch,
    /// Flow of each state at the node over its total Σ w α.
    rate: Vec<f64>,
    /// Flow along each link out of the node, per unit of weight.
    next: Vec<f64>,
}

impl Sweeper<'_> {
    /// Computes `next` for `node`.
    fn propagate(&mut self, node: usize, flow: &[f64]) {
        let Self { steps, per_total, scratch, rate, next, .. } = self;
        rate.clear();
        rate.extend(steps.states(node).iter().map(|&state| flow[state as usize] * per_total[state as usize]));
        let base = rate.iter().zip(steps.states(node)).map(|(rate, &state)| rate * steps.base_alpha(state)).sum();
        next.clear();
        next.resize(steps.links.degree(node), base);
        for &correction in steps.corrections_at(node, scratch) {
            let (along, from) = (correction.along() as usize, correction.from as usize);
            next[along] += steps.alpha_correction(steps.states(node)[from], correction) * rate[from];
        }
    }
}
