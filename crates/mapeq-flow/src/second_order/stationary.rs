//! How often a walk that remembers one node goes along each link.
//!
//! With T the probabilities of the next link, s the shares of the links that teleportation leads to, and β = 1 − τ that of not
//! teleporting, a walk that forgets where it came from when it teleports goes along links at rates in proportion to
//!
//! > y = s + β Tᵀ y,
//!
//! as in `pagerank.rs`, links in place of nodes: links to nodes without out-links lead nowhere. With Y = Σ y, the step that is
//! coded carries f = y / Y, of which s / Y comes by the step after a teleportation. The bound of the error is the same, too.
//!
//! Without teleportation (undirected walks, or τ = 0), f = Tᵀ f + d s with d the flow of links to nodes without out-links. We
//! start from the weights of the links, by which every component has its share, approach a fixed point as `krylov.rs` does, and
//! then follow the lazy walk f ← (f + Tᵀ f + d s) / 2, which converges whatever has been reached.

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

/// Sweeps at most before the lazy walk, if there is no other limit.
const MAX_APPLICATIONS: usize = 2000;

/// Gradients begin anew so many times at most: what they have kept of the residual drifts away from it.
const MAX_RESTARTS: usize = 8;

/// Sweeps of the lazy walk at most, if there is no other limit: the gradients have left it little to do, or it is slow.
const MAX_LAZY_SWEEPS: usize = 1000;

/// Without teleportation a change by a sweep, summed over the links, of so many times the tolerance is as good as none: it is no
/// bound of an error.
const SLACK: f64 = 1e4;

/// The flow of links, each of which is a state.
pub(super) struct StateFlow {
    /// Of every link, per step; sums to 1.
    pub flow: Vec<f64>,
    /// The part of a state's flow that leads on by what is remembered, per state 1/Σ w α.
    pub per_total: Vec<f64>,
    /// The probability of going on by what is remembered.
    pub follow: f64,
    /// What goes along the links from each node by steps that remember nothing, per unit of weight.
    pub forgetful: Vec<f64>,
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
    weights::positive(weights::normalize(&mut flow))?;
    let (scratch, rate, next) = (steps.scratch(), Vec::new(), Vec::new());
    let sweeper = Sweeper { steps, per_total: &per_total, start: &start, scratch, rate, next };
    let outcome = if teleportation > 0.0 {
        teleporting(sweeper, &mut flow, teleportation, options.stop())
    } else {
        remaining(sweeper, &mut flow, options.stop())
    };
    // Means of iterates may be below 0 by rounding.
    flow.iter_mut().for_each(|flow| *flow = flow.max(0.0));
    let all = weights::normalize(&mut flow);
    let anew = if teleportation > 0.0 { all.recip() } else { lost(steps, &flow) };
    let forgetful = start.iter().map(|start| anew * start).collect();
    let mut report = FlowReport::iterated(outcome, options.tolerance)?;
    if directed {
        report.note_dangling(&steps.strength);
    }
    Ok(StateFlow { flow, per_total, follow: 1.0 - teleportation, forgetful, report })
}

/// The share of steps that begin anew along the links from each node, per unit of the weight of these; 0 where there are none.
fn start(steps: &Steps<'_>, network: &Network, to_nodes: bool) -> Result<Vec<f64>, FlowError> {
    if !to_nodes {
        return Ok(vec![weights::positive(steps.strength.iter().sum())?.recip(); steps.nodes()]);
    }
    let shares = node_weights::shares(network)?.0.into_iter().zip(&steps.strength);
    let live = |(share, &strength): (f64, &f64)| if strength > 0.0 { (share, share / strength) } else { (0.0, 0.0) };
    let (shares, per_weight): (Vec<f64>, Vec<f64>) = shares.map(live).unzip();
    let all = weights::positive(shares.iter().sum())?;
    Ok(per_weight.into_iter().map(|start| start / all).collect())
}

/// Flow in proportion to y = s + β Tᵀ y, in place.
fn teleporting(mut sweeper: Sweeper<'_>, flow: &mut [f64], teleportation: f64, stop: Stop) -> Outcome {
    let (links, follow) = (sweeper.steps.links, 1.0 - teleportation);
    let unit = vec![1.0; flow.len()];
    iterate(flow, &unit, stop, |flow| {
        let (mut change, mut sum) = (0.0, 0.0);
        for (node, &start) in sweeper.start.iter().enumerate() {
            sweeper.onward(node, flow);
            for (link, onward) in links.range(node).zip(&sweeper.next) {
                let new = links.value(node, link) * (start + follow * onward);
                change += (new - flow[link]).abs();
                sum += new;
                flow[link] = new;
            }
        }
        // The solution is nowhere smaller than s, whose sum is 1.
        Sweep::bounded(change, f64::max(sum, 1.0), teleportation)
    })
}

/// Flow f = Tᵀ f + d s.
fn remaining(mut sweeper: Sweeper<'_>, flow: &mut [f64], stop: Stop) -> Outcome {
    let links = sweeper.steps.links;
    let mut apply = |flow: &[f64], after: &mut [f64]| {
        let lost = lost(sweeper.steps, flow);
        for (node, &start) in sweeper.start.iter().enumerate() {
            sweeper.onward(node, flow);
            for (link, onward) in links.range(node).zip(&sweeper.next) {
                after[link] = links.value(node, link) * (lost * start + onward);
            }
        }
    };
    let tolerance = SLACK * stop.tolerance;
    let most = stop.max_iterations.unwrap_or(MAX_APPLICATIONS);
    let scale = flow.to_vec();
    let mut applications = 0;
    for _ in 0..MAX_RESTARTS {
        let more = approach(flow, &scale, tolerance, most.saturating_sub(applications), &mut apply);
        applications += more;
        // It has arrived, or has to stop.
        if more <= 1 || applications >= most {
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

/// The flow of links to nodes without out-links.
fn lost(steps: &Steps<'_>, flow: &[f64]) -> f64 {
    let dangling = (0..steps.nodes()).filter(|&node| steps.strength[node] == 0.0);
    dangling.flat_map(|node| steps.states(node)).map(|&state| flow[state as usize]).sum()
}

/// Steps from the links into a node to those out of it.
struct Sweeper<'a> {
    steps: &'a Steps<'a>,
    per_total: &'a [f64],
    start: &'a [f64],
    scratch: Scratch,
    /// Flow of each state per its total.
    rate: Vec<f64>,
    /// What goes on along each link, per unit of its weight.
    next: Vec<f64>,
}

impl Sweeper<'_> {
    fn onward(&mut self, node: usize, flow: &[f64]) {
        let Self { steps, per_total, scratch, rate, next, .. } = self;
        rate.clear();
        rate.extend(steps.states(node).iter().map(|&state| flow[state as usize] * per_total[state as usize]));
        let alike = rate.iter().zip(steps.states(node)).map(|(rate, &state)| rate * steps.base_alpha(state)).sum();
        next.clear();
        next.resize(steps.links.degree(node), alike);
        for &correction in steps.corrections_at(node, scratch) {
            let (along, from) = (correction.along() as usize, correction.from as usize);
            next[along] += steps.alpha_correction(steps.states(node)[from], correction) * rate[from];
        }
    }
}
