//! Steps of paths, counted by state and next node, in folds that can be held out.

use std::ops::Range;

use mapeq_core::{PathStates, Paths};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// Number of folds of equal expected weight. Two coin tosses select the fold of a walk.
pub(super) const FOLDS: usize = 4;

/// Largest number of walks of one path that are distributed by coin tosses, which takes a few
/// milliseconds. More walks are divided equally: tosses would differ from that by a part in 600.
const MAX_TOSSED: f64 = (1u64 << 20) as f64;

/// Steps from the states of paths.
pub(super) struct Steps {
    /// Number of nodes.
    pub(super) nodes: usize,
    /// Node of every state.
    pub(super) physical: Vec<u32>,
    /// Start of the steps from each state.
    offsets: Vec<usize>,
    /// Next node of every step, ascending for each state.
    pub(super) next: Vec<u32>,
    /// Weight of every step in each fold.
    pub(super) weights: Vec<[f64; FOLDS]>,
}

impl Steps {
    pub(super) fn of(paths: &Paths, states: &PathStates, seed: u64) -> Self {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let in_folds: Vec<[f64; FOLDS]> =
            (0..paths.len()).map(|path| split_into_folds(paths.weight(path), &mut random)).collect();
        let mut steps: Vec<(u32, u32, usize)> =
            paths.steps(states).map(|step| (step.state, step.next_node, step.path)).collect();
        steps.sort_unstable();
        let (mut offsets, mut next) = (vec![0; states.len() + 1], Vec::new());
        let mut weights: Vec<[f64; FOLDS]> = Vec::new();
        let mut last = None;
        for (state, node, path) in steps {
            if last != Some((state, node)) {
                last = Some((state, node));
                offsets[state as usize + 1] += 1;
                next.push(node);
                weights.push([0.0; FOLDS]);
            }
            let sum = weights.last_mut().expect("pushed above");
            sum.iter_mut().zip(in_folds[path]).for_each(|(sum, weight)| *sum += weight);
        }
        for state in 0..states.len() {
            offsets[state + 1] += offsets[state];
        }
        let node = |state| *paths.nodes_of(states, state).last().expect("a state has a node");
        let physical = (0..states.len()).map(node).collect();
        Self { nodes: paths.nodes().len(), physical, offsets, next, weights }
    }

    pub(super) fn states(&self) -> usize {
        self.physical.len()
    }

    /// Range of the steps from `state`.
    pub(super) fn range(&self, state: usize) -> Range<usize> {
        self.offsets[state]..self.offsets[state + 1]
    }

    /// Weight of all steps.
    pub(super) fn total(&self) -> f64 {
        self.weights.iter().flatten().sum()
    }
}

/// Distributes a path over the folds. A path of weight w counts as ⌊w⌋ walks of weight 1 and one
/// walk with the rest.
fn split_into_folds(weight: f64, random: &mut Xoshiro256PlusPlus) -> [f64; FOLDS] {
    if weight > MAX_TOSSED {
        return [weight / FOLDS as f64; FOLDS];
    }
    let walks = weight.floor();
    let first = heads(walks as u64, random);
    let second = walks as u64 - first;
    let (a, b) = (heads(first, random), heads(second, random));
    let mut parts = [a, first - a, b, second - b].map(|walks| walks as f64);
    parts[(random.next_u64() >> 62) as usize] += weight - walks;
    parts
}

/// Returns the number of heads in `tosses` tosses of a fair coin, 64 at a time.
fn heads(tosses: u64, random: &mut Xoshiro256PlusPlus) -> u64 {
    let whole: u64 = (0..tosses / 64).map(|_| u64::from(random.next_u64().count_ones())).sum();
    let rest = tosses % 64;
    whole + u64::from((random.next_u64() & ((1 << rest) - 1)).count_ones())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_are_split_whole_and_evenly() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
        for (weight, width) in [(1e6, 2000.0), (0.25, 1.0), (3.5, 4.0), (1e12, 1.0), (64.0, 40.0)] {
            let parts = split_into_folds(weight, &mut random);
            assert!((parts.iter().sum::<f64>() - weight).abs() < 1e-9 * weight, "{parts:?}");
            assert!(parts.iter().all(|part| (part - weight / 4.0).abs() < width), "{parts:?}");
        }
        // The variance of a part of n walks is 3 n / 16.
        let squares: f64 = (0..1000).map(|_| (split_into_folds(100.0, &mut random)[2] - 25.0).powi(2)).sum();
        assert!((15.0..23.0).contains(&(squares / 1000.0)), "{squares}");
    }
}
