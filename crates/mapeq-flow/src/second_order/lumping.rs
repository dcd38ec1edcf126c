//! Lumping of states of a node that have similar continuations.
//!
//! A set of states of a node has a flow F and a mean distribution P over the links from the node.
//! Splitting it into A and B adds
//!
//! > [F H(P) − F_A H(P_A) − F_B H(P_B)] / F_node
//!
//! bits of information on the next link per visit of the node: F / F_node times the Jensen–Shannon
//! divergence of the two parts. Starting from all states of a node, sets are split as long as this
//! gain exceeds the minimum information. The states of a node hold less information than the
//! entropy of its links, so a node has at most one plus that entropy over the minimum information
//! of states.
//!
//! A set is split around two states: the one that differs most from the mean, and the one that
//! differs most from that state. Then each state moves to the mean that encodes it in fewer bits,
//! until nothing changes (Dhillon, Mallela & Kumar, JMLR 2003: divisive information-theoretic
//! clustering).
//!
//! With P(x) = w_x (b + c_x), where c_x is 0 except for the corrections of the walk, sums over all
//! links are those of w and w log w with a few terms replaced. So a round takes O(corrections)
//! instead of O(states · links).

use std::ops::Range;

use mapeq_core::{log2, plogp};
use rayon::prelude::*;

use super::steps::{Correction, Steps};

/// Upper bound on the rounds in which states move to the nearer of two means.
const MAX_ROUNDS: usize = 20;

/// Information that rounding errors may simulate, in bits per visit: some hundred units in the last
/// place of an entropy.
const ROUNDING: f64 = 1e-12;

/// Number of parallel tasks per thread. Each task has an array over all nodes.
const TASKS_PER_THREAD: usize = 8;

/// A partition of the states into lumps.
pub(super) struct LumpedStates {
    /// Lump of every state. States are links.
    pub of_state: Vec<u32>,
    /// Node of every lump, ascending.
    pub physical: Vec<u32>,
    /// First lump of each node; the last element is the number of lumps.
    starts: Vec<u32>,
}

impl LumpedStates {
    /// Range of the lumps of a node. There is at least one.
    pub fn of_node(&self, node: usize) -> Range<usize> {
        self.starts[node] as usize..self.starts[node + 1] as usize
    }
}

/// Lumps the states of every node. `flow` holds their visit rates, and `min_information` is in bits
/// per visit of the node.
///
/// A node without in-links has one lump, for walks that start there. Lumps of a node are in the
/// order of their first states.
pub(super) fn lumps(steps: &Steps<'_>, flow: &[f64], min_information: f64) -> LumpedStates {
    let mut lumps = LumpedStates { of_state: vec![0; flow.len()], physical: Vec::new(), starts: vec![0] };
    let nodes_per_task = steps.nodes().div_ceil(TASKS_PER_THREAD * rayon::current_num_threads()).max(1);
    let by_node: Vec<Vec<u32>> = (0..steps.nodes())
        .into_par_iter()
        .with_min_len(nodes_per_task)
        .map_init(
            || steps.scratch(),
            |scratch, node| {
                let states = steps.states(node).len();
                if states > 1 && steps.links.degree(node) > 1 {
                    split_states(&Node::new(steps, node, flow, steps.corrections_at(node, scratch)), min_information)
                } else {
                    vec![0; states]
                }
            },
        )
        .collect();
    for (node, own) in by_node.into_iter().enumerate() {
        let states = steps.states(node);
        let first = lumps.physical.len() as u32;
        states.iter().zip(&own).for_each(|(&state, lump)| lumps.of_state[state as usize] = first + lump);
        let number = own.iter().max().map_or(1, |last| last + 1);
        lumps.physical.extend((0..number).map(|_| node as u32));
        lumps.starts.push(first + number);
    }
    lumps
}

/// Returns the lump of every state of a node, numbered from 0.
fn split_states(node: &Node, min_information: f64) -> Vec<u32> {
    let (mut open, mut lumps) = (vec![(0..node.states.len() as u32).collect::<Vec<u32>>()], Vec::new());
    while let Some(set) = open.pop() {
        match node.split(&set, min_information.max(ROUNDING)) {
            Some(parts) => open.extend(parts),
            None => lumps.push(set),
        }
    }
    lumps.sort_unstable();
    let mut lump_of = vec![0; node.states.len()];
    for (lump, set) in lumps.iter().enumerate() {
        set.iter().for_each(|&state| lump_of[state as usize] = lump as u32);
    }
    lump_of
}

/// States of a node, and their distributions over its links.
struct Node {
    /// Weights of the links from the node.
    weights: Vec<f64>,
    /// Σ w and Σ w log w.
    sums: (f64, f64),
    states: Vec<State>,
    /// Link and c of every correction, by state.
    corrections: Vec<(u32, f64)>,
    flow: f64,
}

struct State {
    flow: f64,
    b: f64,
    corrections: Range<usize>,
    /// H(P).
    entropy: f64,
}

/// A distribution over the links from a node.
struct Mean {
    flow: f64,
    b: f64,
    /// c of every link.
    c: Vec<f64>,
    /// Σ w log P.
    mean_log: f64,
    /// H(P).
    entropy: f64,
}

impl Node {
    fn new(steps: &Steps<'_>, node: usize, flow: &[f64], corrections: &[Correction]) -> Self {
        let weights: Vec<f64> = steps.links.row(node).map(|(_, weight)| weight).collect();
        let weight_sum: f64 = weights.iter().sum();
        let sums = (weight_sum, weights.iter().map(|&weight| plogp(weight)).sum());
        let mut end = 0;
        let mut scaled = Vec::with_capacity(corrections.len());
        let state = |(from, &state): (usize, &u32)| {
            let start = end;
            while corrections.get(end).is_some_and(|correction| correction.from as usize == from) {
                end += 1;
            }
            let own = &corrections[start..end];
            let corrected: f64 =
                own.iter().map(|&own| steps.alpha_correction(state, own) * weights[own.along() as usize]).sum();
            let total = steps.base_alpha(state) * weight_sum + corrected;
            scaled.extend(own.iter().map(|&own| (own.along(), steps.alpha_correction(state, own) / total)));
            let b = steps.base_alpha(state) / total;
            let entropy = entropy(&weights, sums, b, &scaled[start..]);
            State { flow: flow[state as usize], b, corrections: start..end, entropy }
        };
        let states: Vec<State> = steps.states(node).iter().enumerate().map(state).collect();
        let flow = states.iter().map(|state| state.flow).sum();
        Self { weights, sums, states, corrections: scaled, flow }
    }

    fn corrections(&self, state: u32) -> &[(u32, f64)] {
        &self.corrections[self.states[state as usize].corrections.clone()]
    }

    /// Returns the mean of some states, weighted by flow.
    fn mean(&self, set: &[u32]) -> Mean {
        let flow: f64 = set.iter().map(|&state| self.states[state as usize].flow).sum();
        let share =
            |state: u32| if flow > 0.0 { self.states[state as usize].flow / flow } else { 1.0 / set.len() as f64 };
        let b: f64 = set.iter().map(|&state| share(state) * self.states[state as usize].b).sum();
        let mut c = vec![0.0; self.weights.len()];
        let mut touched: Vec<u32> = Vec::new();
        for &state in set {
            for &(along, own) in self.corrections(state) {
                c[along as usize] += share(state) * own;
                touched.push(along);
            }
        }
        touched.sort_unstable();
        touched.dedup();
        let (mut weight_sum, mut log_sum) = self.sums;
        let (mut mean_log, mut entropy) = (0.0, 0.0);
        for &along in &touched {
            let (weight, c) = (self.weights[along as usize], c[along as usize]);
            weight_sum -= weight;
            log_sum -= plogp(weight);
            mean_log += weight * safe_log2(weight * (b + c));
            entropy -= plogp(weight * (b + c));
        }
        mean_log += log_sum + safe_log2(b) * weight_sum;
        entropy -= b * log_sum + plogp(b) * weight_sum;
        Mean { flow, b, c, mean_log, entropy }
    }

    /// Returns the bits per step of a state if its steps are encoded for a mean.
    fn cross_entropy(&self, state: u32, mean: &Mean) -> f64 {
        let corrected = |&(along, c): &(u32, f64)| {
            let weight = self.weights[along as usize];
            weight * c * safe_log2(weight * (mean.b + mean.c[along as usize]))
        };
        -self.states[state as usize].b * mean.mean_log - self.corrections(state).iter().map(corrected).sum::<f64>()
    }

    /// Returns the state of a set that loses most if it is encoded for a mean.
    fn farthest(&self, set: &[u32], mean: &Mean) -> u32 {
        let mut farthest = (f64::NEG_INFINITY, set[0]);
        for &state in set {
            let State { flow, entropy, .. } = self.states[state as usize];
            let loss = flow * (self.cross_entropy(state, mean) - entropy);
            if loss > farthest.0 {
                farthest = (loss, state);
            }
        }
        farthest.1
    }

    /// Splits a set in two, if that gains more than `min_information` bits per visit of the node.
    fn split(&self, set: &[u32], min_information: f64) -> Option<[Vec<u32>; 2]> {
        let all = self.mean(set);
        // Upper bound on the gain: each state by itself.
        let known = |&state: &u32| self.states[state as usize].flow * self.states[state as usize].entropy;
        let max_gain = all.flow * all.entropy - set.iter().map(known).sum::<f64>();
        if set.len() < 2 || max_gain <= min_information * self.flow {
            return None;
        }
        let one = self.farthest(set, &all);
        let mut means = [self.mean(&[one]), all];
        let other = self.farthest(set, &means[0]);
        let all = std::mem::replace(&mut means[1], self.mean(&[other]));
        let mut parts = [Vec::new(), Vec::new()];
        for _ in 0..MAX_ROUNDS {
            let mut next = [Vec::new(), Vec::new()];
            for &state in set {
                let nearer = self.cross_entropy(state, &means[1]) < self.cross_entropy(state, &means[0]);
                next[usize::from(nearer)].push(state);
            }
            if next == parts || next.iter().any(Vec::is_empty) {
                break;
            }
            parts = next;
            means = [self.mean(&parts[0]), self.mean(&parts[1])];
        }
        let weighted_entropy = |mean: &Mean| mean.flow * mean.entropy;
        let gain = weighted_entropy(&all) - weighted_entropy(&means[0]) - weighted_entropy(&means[1]);
        (parts.iter().all(|part| !part.is_empty()) && gain > min_information * self.flow).then_some(parts)
    }
}

/// Returns H(P) of one state with the given corrections, at most one per link. `sums` are those of
/// all links. O(corrections).
fn entropy(weights: &[f64], sums: (f64, f64), b: f64, corrections: &[(u32, f64)]) -> f64 {
    let (mut weight_sum, mut log_sum) = sums;
    let mut entropy = 0.0;
    for &(along, c) in corrections {
        let weight = weights[along as usize];
        weight_sum -= weight;
        log_sum -= plogp(weight);
        entropy -= plogp(weight * (b + c));
    }
    entropy - b * log_sum - plogp(b) * weight_sum
}

/// Logarithm of a probability that may be 0 or negative by rounding.
fn safe_log2(probability: f64) -> f64 {
    log2(probability.max(f64::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use mapeq_core::{Csr, LinkValues};

    use super::super::WalkBias;
    use super::*;

    /// Two triangles that share node 0. The walk at node 0 mostly returns to the triangle it came
    /// from.
    fn two_triangles() -> Csr {
        let offsets = [0, 4, 6, 8, 10, 12].into();
        let targets = [1, 2, 3, 4, 0, 2, 0, 1, 0, 4, 0, 3].into();
        Csr::new(offsets, targets, LinkValues::Same(1.0))
    }

    #[test]
    fn sides_of_a_node_are_separate_states() {
        let links = two_triangles();
        let steps =
            Steps::new(&links, &WalkBias { return_parameter: 1.0, in_out_parameter: 9.0, ..WalkBias::default() })
                .unwrap();
        let flow = vec![1.0 / 12.0; 12];
        let lumps = lumps(&steps, &flow, 0.01);
        // Links into node 0 are the first of their rows. Those from nodes 1 and 2 are on one side.
        let into = [4, 6, 8, 10].map(|state| lumps.of_state[state]);
        assert_eq!(into, [0, 0, 1, 1]);
        assert_eq!(lumps.physical, [0, 0, 1, 2, 3, 4]);
        // One bit minus the conditional entropy: nine of ten steps stay on a side.
        let known = 1.0 + plogp(0.9) + plogp(0.1);
        for (min_information, number) in [(known - 1e-9, 2), (known + 1e-9, 1)] {
            assert_eq!(super::lumps(&steps, &flow, min_information).of_node(0).len(), number);
        }
    }

    #[test]
    fn means_equal_dense_means() {
        let links = two_triangles();
        let steps =
            Steps::new(&links, &WalkBias { return_parameter: 3.0, in_out_parameter: 0.5, ..WalkBias::default() })
                .unwrap();
        let mut scratch = steps.scratch();
        let flow: Vec<f64> = (1..=12).map(|link| f64::from(link) / 78.0).collect();
        let node = Node::new(&steps, 0, &flow, steps.corrections_at(0, &mut scratch));
        let (set, alpha) =
            ([0, 1, 3], [[1.0 / 3.0, 1.0, 2.0, 2.0], [1.0, 1.0 / 3.0, 2.0, 2.0], [2.0, 2.0, 1.0, 1.0 / 3.0]]);
        let of_set: Vec<f64> = [4, 6, 10].iter().map(|&link| flow[link]).collect();
        let all: f64 = of_set.iter().sum();
        let mut full = [0.0; 4];
        for (alpha, flow) in alpha.iter().zip(&of_set) {
            let total: f64 = alpha.iter().sum();
            full.iter_mut().zip(alpha).for_each(|(full, alpha)| *full += flow / all * alpha / total);
        }
        let mean = node.mean(&set);
        let entropy: f64 = full.iter().map(|&share| -plogp(share)).sum();
        assert!((mean.entropy - entropy).abs() < 1e-14 && (mean.flow - all).abs() < 1e-15);
        for (&state, alpha) in set.iter().zip(&alpha) {
            let own = node.states[state as usize].entropy;
            assert!((own - node.mean(&[state]).entropy).abs() < 1e-14 && own > 0.1, "state {state}: {own}");
            let total: f64 = alpha.iter().sum();
            let coded: f64 = alpha.iter().zip(full).map(|(alpha, full)| -alpha / total * log2(full)).sum();
            assert!((node.cross_entropy(state, &mean) - coded).abs() < 1e-14, "state {state}");
        }
    }
}
