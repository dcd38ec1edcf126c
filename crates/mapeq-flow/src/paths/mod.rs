//! Variable-order Markov chains of paths: states with similar continuations are lumped.
//!
//! The states of one node are merged, most similar first. Let classes a and b be left w_a and w_b
//! times, to nodes with distributions P_a and P_b. Merging them adds (w_a + w_b) · JSD(P_a, P_b)
//! bits to the description of these steps, with the Jensen–Shannon divergence weighted by w_a and
//! w_b (agglomerative information bottleneck: Slonim & Tishby, NIPS 1999). States from which no
//! path continues are equal.
//!
//! Held-out paths decide the cost up to which classes are merged: see [`held_out`]. After Persson,
//! Bohlin, Edler & Rosvall, *Maps of sparse Markov chains*, 2016, arXiv:1606.08328.

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

/// Maximum costs of mergers that are tried, in bits, besides no lumping and one state per node.
///
/// Classes with equal continuations differ by the noise of the counts, about half a bit for each
/// next node. So the grid ends at thousands of next nodes.
const THRESHOLDS: [f64; 8] = [0.0, 1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0];

/// The largest threshold.
const MAX_THRESHOLD: f64 = THRESHOLDS[THRESHOLDS.len() - 1];

/// Minimum difference in bits per step that justifies more states. Rounding errors stay below it.
const MIN_DIFFERENCE: f64 = 1e-9;

/// Extent to which the states of one node are lumped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lumps {
    /// No states are lumped.
    None,
    /// Merged while a merger costs at most this number of bits, summed over all steps of all paths.
    UpTo(f64),
    /// One state per node is left.
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

/// A partition of states into classes that are lumped.
#[derive(Clone, Debug, PartialEq)]
pub struct Lumping {
    /// Class of every state. Classes are numbered in the order of their first states.
    pub classes: Vec<u32>,
    /// Number of classes.
    pub states: usize,
    /// Extent of the lumping.
    pub lumps: Lumps,
    /// Extents that were compared on held-out paths; empty if the extent was given.
    pub candidates: Vec<LumpingCandidate>,
}

/// An extent of lumping, evaluated on held-out paths.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LumpingCandidate {
    /// Extent of the lumping.
    pub lumps: Lumps,
    /// Number of classes.
    pub states: usize,
    /// Description length of held-out paths, in bits per step; 0 if paths have no steps.
    pub bits_per_step: f64,
}

/// Lumps the states of each node to the extent `lumps`, or to the extent that minimizes the
/// description length of held-out paths. Of equally short descriptions, the one with the fewest
/// states is chosen.
///
/// `seed` selects the folds. The result is the same at any number of threads.
///
/// # Complexity
/// Typically O(steps · log steps + Σ s² · t) for nodes with s states that lead to t nodes.
///
/// ```
/// use mapeq_core::{NodeIds, IdTable, Paths};
/// use mapeq_flow::{Lumps, lump_states};
///
/// // Paths from 0 and 1 continue to 3, and paths from 2 to 4.
/// let mut paths = Paths::new(IdTable::new(NodeIds::Consecutive { first: 0, len: 6 }));
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

/// Returns the description length of held-out paths in bits per step, if states with the same label
/// in `contexts` are not distinguished; 0 if there are no steps. O(steps · log steps).
///
/// [`PathStates::forgetting`] returns the contexts of a lower order.
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
    let extents: Vec<Lumps> =
        [Lumps::None].into_iter().chain(THRESHOLDS.map(Lumps::UpTo)).chain([Lumps::All]).collect();
    let bits_of_fold = |fold: usize| -> Vec<f64> {
        let others = |weights: &[f64; FOLDS]| (0..FOLDS).filter(|&other| other != fold).map(|f| weights[f]).sum();
        let mergers = Mergers::of(steps, MAX_THRESHOLD, others);
        let held_out = HeldOut::new(steps, fold);
        extents.iter().map(|&lumps| held_out.bits(&mergers.classes(lumps).0, Added::PerState)).collect()
    };
    let folds: Vec<Vec<f64>> = (0..FOLDS).into_par_iter().map(bits_of_fold).collect();
    let candidates: Vec<LumpingCandidate> = extents
        .iter()
        .enumerate()
        .map(|(index, &lumps)| LumpingCandidate {
            lumps,
            states: mergers.classes(lumps).1,
            bits_per_step: per_step(folds.iter().map(|bits| bits[index]).sum(), steps),
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
