//! Flow on the observed links and on a prior network.
//!
//! The prior has a link of weight (λ / ū) o_i n_j from every node i to every node j. Here o_i and
//! n_i are the mean weights of the observed links out of and into i (at i, for undirected flow), ū
//! is the mean weight of all observed links, and λ = γ ln N / N for N nodes and the strength γ. For
//! states of N physical nodes λ = γ ln N / N³. Without self-links, N − 1 replaces N in the
//! denominator. A node without links is assigned the smallest mean of all nodes.
//!
//! With U = Σ n, node i has prior links of total weight r_i = (λ / ū) o_i U, which lead to j with
//! probability v_j = n_j / U. So the walk on both kinds of links teleports from i with probability
//! r_i / (s_i + r_i), where s_i is the weight of the observed links.
//!
//! # Undirected
//! Rates are proportional to weights: with D = Σ (s + r), visits are (s_i + r_i) / D, teleportation
//! is r_i / D, and a link of weight w carries 2w / D.
//!
//! # Directed
//! An observed link is followed with probability w / (s_i + r_i). The visits are those of [`Walk`]
//! with the prior links counted in `strength`, and without other teleportation. A step leaves the
//! observed links with probability at least min r / (s + r), which bounds the error.
//!
//! # Without self-links
//! The prior has no link from i to itself, so r_i (1 − v_i) takes the place of r_i in the sum of
//! weights. The walk with these self-links differs only in steps that stay. Leaving them out
//! multiplies the visits of i by the probability of not staying, and all rates by one factor.
//! Teleportation at the rate r_i with i among its targets is the same flow between nodes.
//!
//! Smiljanić, Edler & Rosvall, Physical Review E 2020, doi:10.1103/PhysRevE.102.012302.

use mapeq_core::{Csr, Network, NodeFlows, NodeTable, Teleportation, log2};

use crate::couplings;
use crate::error::FlowError;
use crate::iteration::Stop;
use crate::link_flow::LinkRate;
use crate::model_flow::{DirectedSums, ModelFlow};
use crate::options::Regularization;
use crate::pagerank::Walk;
use crate::report::FlowReport;
use crate::weights;

/// Prior links of each node, in factored form.
struct Prior {
    /// Weight of the links from each node, including those to itself.
    strength: Vec<f64>,
    /// Probability that they lead to each node.
    target: Vec<f64>,
    self_links: bool,
}

impl Prior {
    fn new(network: &Network, out: &[f64], into: &[f64], mean: f64, options: Regularization) -> Self {
        let (logarithm, others) = logarithm_and_others(network.nodes(), options.self_links);
        let connectivity = options.strength * logarithm / others;
        let total: f64 = into.iter().sum();
        let strength = out.iter().map(|out| connectivity / mean * out * total).collect();
        let target = into.iter().map(|into| into / total).collect();
        Self { strength, target, self_links: options.self_links }
    }

    /// Returns the weight of the links from `node` that count as steps.
    fn steps(&self, node: usize) -> f64 {
        self.strength[node] * if self.self_links { 1.0 } else { 1.0 - self.target[node] }
    }
}

/// Returns numerator and denominator of λ at strength 1. A link between states stands for three
/// nodes: source, present and next. So N physical nodes have N³ such links.
fn logarithm_and_others(nodes: &NodeTable, self_links: bool) -> (f64, f64) {
    let logarithm = |nodes: usize| std::f64::consts::LN_2 * log2(nodes as f64);
    match nodes.states.as_ref().map(|states| states.physical_nodes.len()).filter(|&physical| physical < nodes.len()) {
        Some(physical) => (logarithm(physical), physical as f64 * physical as f64 * physical as f64),
        None => {
            let others = if self_links { nodes.len() } else { nodes.len() - 1 };
            // A single node has no other node to link to, and the logarithm is 0.
            (logarithm(nodes.len()), f64::max(others as f64, 1.0))
        }
    }
}

/// Returns the mean weight of the links of each node. Nodes without links are assigned the smallest
/// of these means.
fn means(weight: &[f64], links: &[u32]) -> Vec<f64> {
    let pairs = || weight.iter().zip(links);
    let min_mean = pairs().filter(|(_, links)| **links > 0).map(|(weight, &links)| weight / f64::from(links));
    let min_mean = min_mean.fold(f64::INFINITY, f64::min);
    pairs().map(|(weight, &links)| if links == 0 { min_mean } else { weight / f64::from(links) }).collect()
}

fn out_degrees(links: &Csr) -> Vec<u32> {
    (0..links.rows()).map(|row| links.degree(row) as u32).collect()
}

/// Returns the flow without observed links: nodes are equal, and every step teleports.
pub(crate) fn without_links(nodes: usize) -> ModelFlow {
    let share = vec![1.0 / nodes as f64; nodes];
    let teleportation = Teleportation { source: share.clone().into(), target: share.clone().into() };
    let exit = vec![0.0; nodes].into();
    let nodes_flow = NodeFlows { flow: share.into(), exit, teleportation: Some(teleportation), ..NodeFlows::default() };
    ModelFlow {
        couplings: Csr::empty(nodes).into(),
        nodes: nodes_flow,
        rate: LinkRate::BothWays(0.0),
        report: FlowReport::exact(),
    }
}

pub(crate) fn undirected(network: &Network, options: Regularization) -> Result<ModelFlow, FlowError> {
    let links = network.links();
    let (mut away, mut number) = (vec![0.0; links.rows()], vec![0u32; links.rows()]);
    for (source, target, weight) in links.iter() {
        number[source] += 1;
        if source != target {
            number[target] += 1;
            away[source] += weight;
            away[target] += weight;
        }
    }
    let loops = weights::self_links(links);
    let own = |node: usize| loops.as_ref().map_or(0.0, |loops| loops[node]);
    let strength: Vec<f64> = away.iter().enumerate().map(|(node, away)| away + own(node)).collect();
    let observed: f64 = strength.iter().sum();
    let mean = means(&strength, &number);
    let prior =
        Prior::new(network, &mean, &mean, observed / number.iter().map(|&k| f64::from(k)).sum::<f64>(), options);
    let visits: Vec<f64> = strength.iter().enumerate().map(|(node, strength)| strength + prior.steps(node)).collect();
    let total = weights::nondegenerate(visits.iter().sum())?;
    let per_total = |weights: &[f64]| weights.iter().map(|weight| weight / total).collect::<Box<[f64]>>();
    let nodes = NodeFlows {
        flow: per_total(&visits),
        exit: per_total(&away),
        stay: loops.as_deref().map(per_total),
        teleportation: Some(Teleportation { source: per_total(&prior.strength), target: prior.target.into() }),
        ..NodeFlows::default()
    };
    let couplings = couplings::from_undirected(links).scaled(2.0 / total).into();
    Ok(ModelFlow { couplings, nodes, rate: LinkRate::BothWays(2.0 / total), report: FlowReport::exact() })
}

pub(crate) fn directed(network: &Network, options: Regularization, stop: Stop) -> Result<ModelFlow, FlowError> {
    let links = network.links();
    let incoming = links.transposed();
    let (out, into) = (weights::row_sums(links), weights::row_sums(&incoming));
    let observed = weights::nondegenerate(out.iter().sum())?;
    let (mean_out, mean_into) = (means(&out, &out_degrees(links)), means(&into, &out_degrees(&incoming)));
    let prior = Prior::new(network, &mean_out, &mean_into, observed / links.links() as f64, options);
    let strength: Vec<f64> = out.iter().zip(&prior.strength).map(|(out, prior)| out + prior).collect();
    let escape = strength.iter().zip(&prior.strength).map(|(all, prior)| prior / all).fold(1.0, f64::min);
    let loops = weights::self_links(links);
    let walk = Walk {
        incoming: &incoming,
        strength: &strength,
        loops: loops.as_deref(),
        target: &prior.target,
        teleportation: 0.0,
        escape,
    };
    // Fraction of the steps from each node that remain if the prior has no self-links. Leaving out
    // the other steps multiplies all rates by one factor, and an error by at most twice the inverse
    // of the smallest fraction.
    let moving = |node: usize| (out[node] + prior.steps(node)) / strength[node];
    let min_moving = (0..links.rows()).map(moving).fold(1.0, f64::min);
    let growth = if prior.self_links { 1.0 } else { 2.0 / min_moving };
    let (mut visits, mut outcome) = walk.visits(Stop { tolerance: stop.tolerance / growth, ..stop });
    outcome.residual *= growth;
    let report = FlowReport::iterated(outcome, stop.tolerance)?;
    let mut rate = walk.per_weight(&visits, 1.0);
    let mut factor = 1.0;
    if !prior.self_links {
        factor = 1.0 / visits.iter().enumerate().map(|(node, visits)| visits * moving(node)).sum::<f64>();
        visits.iter_mut().enumerate().for_each(|(node, visits)| *visits *= factor * moving(node));
    }
    let source = rate.iter().zip(&prior.strength).map(|(rate, prior)| factor * rate * prior).collect();
    rate.iter_mut().for_each(|rate| *rate *= factor);
    let DirectedSums { couplings, exit, stay, .. } = DirectedSums::new(links, &incoming, &rate);
    let teleportation = Some(Teleportation { source, target: prior.target.into() });
    let nodes = NodeFlows { flow: visits.into(), exit, stay, teleportation, ..NodeFlows::default() };
    Ok(ModelFlow { couplings, nodes, rate: LinkRate::FromSource(rate), report })
}
