//! Variable order: states of paths that remember only what matters.
//!
//! Of the states of one node, those whose paths go on alike are lumped, the most alike first: merging the classes a and b, left
//! w_a and w_b times for the nodes P_a and P_b, costs (w_a + w_b) · JSD(P_a, P_b) bits more to describe these steps, with the
//! Jensen–Shannon divergence weighted by w_a and w_b (agglomerative information bottleneck: Slonim & Tishby, NIPS 1999). States
//! from which no path goes on are alike.
//!
//! How much a merger may cost is decided by paths held out: see [`held_out`]. After Persson, Bohlin, Edler & Rosvall, *Maps of
//! sparse Markov chains*, 2016, arXiv:1606.08328.

mod held_out;
mod lumped;
mod merging;
mod steps;

use mapeq_core::{PathStates, Paths};
use rayon::prelude::*;

use held_out::{Added, HeldOut};
use merging::Mergers;
use steps::{FOLDS, Steps};

pub use lumped::lumped_network;

/// Costs of mergers in bits that are tried, besides no lumping and one state per node. What is alike differs by the noise of
/// the counts, which is about half a bit for each node that paths may go on to; the grid ends where this is thousands of nodes.
const THRESHOLDS: [f64; 8] = [0.0, 1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0];

/// The largest of them.
const MAX_THRESHOLD: f64 = THRESHOLDS[THRESHOLDS.len() - 1];

/// Bits per step that are no reason to keep more states: rounding of sums.
const MIN_DIFFERENCE: f64 = 1e-9;

/// How far states of one node are lumped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lumps {
    /// Every state by itself.
    None,
    /// While a merger costs no more than so many bits, in all steps of all paths.
    UpTo(f64),
    /// One state per node.
    All,
}

impl std::fmt::Display for Lumps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::UpTo(bits) => write!(f, "{bits}"),
            Self::All => f.write_str("all"),
        }
    }
}

/// The classes of states.
#[derive(Clone, Debug, PartialEq)]
pub struct Lumping {
    /// The class of every state, numbered in order of the first state of each.
    pub classes: Vec<u32>,
    /// Number of classes.
    pub states: usize,
    /// How far they are lumped.
    pub lumps: Lumps,
    /// What was tried to find that out; empty if it was known.
    pub candidates: Vec<LumpingCandidate>,
}

/// A way to lump states, judged by paths held out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LumpingCandidate {
    /// How far states are lumped.
    pub lumps: Lumps,
    /// Number of classes of all paths.
    pub states: usize,
    /// Bits that describe a step of the paths held out; 0 if paths have no steps.
    pub bits_per_step: f64,
}

/// Lumps the states of each node: as far as `lumps` says, or else as far as it shortens the description of paths held out, which
/// `seed` deals. Of ways that are equally short, the one with the fewest states.
///
/// O(steps · log steps + Σ s² · t) for s states of a node that lead to t nodes, as a rule; the same at any number of threads.
///
/// ```
/// use mapeq_core::{NodeIds, NodeTable, Paths};
/// use mapeq_flow::{Lumps, lump_states};
///
/// // Whoever comes from 0 or 1 goes on to 3, who comes from 2 to 4.
/// let mut paths = Paths::new(NodeTable::new(NodeIds::Consecutive { first: 0, len: 6 }));
/// for path in [[0, 5, 3], [1, 5, 3], [2, 5, 4]] {
///     paths.push(path, 10.0);
/// }
/// let lumping = lump_states(&paths, &paths.states(2), Some(Lumps::UpTo(0.0)), 123);
/// assert_eq!(lumping.classes, [0, 0, 1, 2, 3]);
/// ```
pub fn lump_states(paths: &Paths, states: &PathStates, lumps: Option<Lumps>, seed: u64) -> Lumping {
    let steps = Steps::of(paths, states, seed);
    let costing = |max_cost| Mergers::of(&steps, max_cost, |weights| weights.iter().sum());
    let Some(lumps) = lumps else { return chosen_by_held_out(&steps, &costing(MAX_THRESHOLD)) };
    let mergers = match lumps {
        Lumps::UpTo(bits) => costing(bits),
        Lumps::None | Lumps::All => Mergers::none(&steps),
    };
    let (classes, states) = mergers.classes(lumps);
    Lumping { classes, states, lumps, candidates: Vec::new() }
}

/// Bits that describe a step of paths held out where `contexts` tells what of a state is remembered, a label per state; 0 if there
/// are no steps. Such as what a shorter memory knows ([`PathStates::forgetting`]); O(steps · log steps).
pub fn held_out_bits(paths: &Paths, states: &PathStates, contexts: &[u32], seed: u64) -> f64 {
    let steps = Steps::of(paths, states, seed);
    let bits: f64 = (0..FOLDS).map(|fold| HeldOut::new(&steps, fold).bits(contexts, Added::PerContext)).sum();
    per_step(bits, &steps)
}

fn per_step(bits: f64, steps: &Steps) -> f64 {
    let all = steps.total();
    if all > 0.0 { bits / all } else { 0.0 }
}

fn chosen_by_held_out(steps: &Steps, mergers: &Mergers) -> Lumping {
    let tried: Vec<Lumps> = [Lumps::None].into_iter().chain(THRESHOLDS.map(Lumps::UpTo)).chain([Lumps::All]).collect();
    let of_fold = |fold: usize| -> Vec<f64> {
        let others = |weights: &[f64; FOLDS]| (0..FOLDS).filter(|&other| other != fold).map(|f| weights[f]).sum();
        let mergers = Mergers::of(steps, MAX_THRESHOLD, others);
        let held_out = HeldOut::new(steps, fold);
        tried.iter().map(|&lumps| held_out.bits(&mergers.classes(lumps).0, Added::PerState)).collect()
    };
    let folds: Vec<Vec<f64>> = (0..FOLDS).into_par_iter().map(of_fold).collect();
    let candidates: Vec<LumpingCandidate> = tried
        .iter()
        .enumerate()
        .map(|(place, &lumps)| LumpingCandidate {
            lumps,
            states: mergers.classes(lumps).1,
            bits_per_step: per_step(folds.iter().map(|bits| bits[place]).sum(), steps),
        })
        .collect();
    let best = candidates
        .iter()
        .rev()
        .copied()
        .reduce(|best, other| if other.bits_per_step < best.bits_per_step - MIN_DIFFERENCE { other } else { best });
    let lumps = best.map_or(Lumps::None, |best| best.lumps);
    let (classes, states) = mergers.classes(lumps);
    Lumping { classes, states, lumps, candidates }
}
