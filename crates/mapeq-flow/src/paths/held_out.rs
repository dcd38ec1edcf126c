//! Description length of paths that were not used for the estimate.
//!
//! Each walk is in one of four folds. The steps of a fold are described by an estimate from the
//! other folds. With the number c(x, n) of steps from x to the node n, the probability of the node
//! n after a state of class C at the node a is
//!
//! ```text
//! P(n | C) = (c(C, n) + k P(n | a)) / (c(C) + k)      P(n | a) = (c(a, n) + P(n)) / (c(a) + 1)
//! P(n)     = (c(n) + 1) / (c + N)
//! ```
//!
//! So k steps that are expected without memory are added to the counts (MacKay & Peto, Natural
//! Language Engineering 1995, doi:10.1017/S1351324900000218). With few counts this is no worse than
//! no memory, and no step is impossible. For lumped states, k is the number of states in C that
//! were observed: lumping many states that were observed once does not make the estimate certain.
//! For the contexts of a lower order, k is 1.

use mapeq_core::log2;

use super::steps::{FOLDS, Steps};

/// Counts of steps by context, which is the part of a state that is remembered.
struct Counts {
    /// Context, next node and weight, ascending.
    steps: Vec<(u32, u32, f64)>,
    /// Start of each context in `steps`.
    offsets: Vec<usize>,
    totals: Vec<f64>,
    /// Number of added steps per context, k.
    added: Vec<f64>,
}

/// Number of steps that are added to the counts, k.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Added {
    /// One per context.
    PerContext,
    /// One per state with steps.
    PerState,
}

/// The steps of one fold, with their probabilities without memory, estimated from the other folds.
pub(super) struct HeldOut<'a> {
    steps: &'a Steps,
    fold: usize,
    /// P(n | a) of every step; 0 for steps that are not in this fold.
    without_memory: Vec<f64>,
}

impl<'a> HeldOut<'a> {
    /// Holds out the steps in fold `fold`. O(steps · log steps).
    pub(super) fn new(steps: &'a Steps, fold: usize) -> Self {
        let node_counts = Counts::outside(steps, &steps.physical, Added::PerContext, fold);
        let mut next_counts = vec![1.0; steps.nodes];
        node_counts.steps.iter().for_each(|&(_, next, weight)| next_counts[next as usize] += weight);
        let all: f64 = next_counts.iter().sum();
        let mut without_memory = vec![0.0; steps.next.len()];
        for (state, &node) in steps.physical.iter().enumerate() {
            for step in steps.range(state).filter(|&step| steps.weights[step][fold] > 0.0) {
                let next = steps.next[step];
                without_memory[step] = node_counts.probability(node, next, next_counts[next as usize] / all);
            }
        }
        Self { steps, fold, without_memory }
    }

    /// Returns the description length of the held-out steps in bits, given the context of each
    /// state. O(steps · log steps).
    pub(super) fn bits(&self, contexts: &[u32], added: Added) -> f64 {
        let Self { steps, fold, without_memory } = self;
        let context_counts = Counts::outside(steps, contexts, added, *fold);
        let mut bits = 0.0;
        for (state, &context) in contexts.iter().enumerate() {
            for step in steps.range(state) {
                let weight = steps.weights[step][*fold];
                if weight > 0.0 {
                    bits -= weight * log2(context_counts.probability(context, steps.next[step], without_memory[step]));
                }
            }
        }
        bits
    }
}

impl Counts {
    /// Counts the steps of the folds other than `fold`.
    fn outside(steps: &Steps, contexts: &[u32], added: Added, fold: usize) -> Self {
        let number = contexts.iter().max().map_or(0, |&last| last as usize + 1);
        let mut counted: Vec<(u32, u32, f64)> = Vec::with_capacity(steps.next.len());
        let mut seen = vec![0.0; number];
        for (state, &context) in contexts.iter().enumerate() {
            let before = counted.len();
            for step in steps.range(state) {
                let others = (0..FOLDS).filter(|&other| other != fold).map(|other| steps.weights[step][other]);
                let weight: f64 = others.sum();
                if weight > 0.0 {
                    counted.push((context, steps.next[step], weight));
                }
            }
            seen[context as usize] += if counted.len() > before { 1.0 } else { 0.0 };
        }
        let added = match added {
            Added::PerContext => vec![1.0; number],
            Added::PerState => seen.into_iter().map(|seen| f64::max(seen, 1.0)).collect(),
        };
        counted.sort_by_key(|&(context, next, _)| (context, next));
        counted.dedup_by(|later, first| {
            let same = (later.0, later.1) == (first.0, first.1);
            first.2 += if same { later.2 } else { 0.0 };
            same
        });
        let (mut offsets, mut totals) = (vec![0; number + 1], vec![0.0; number]);
        for &(context, _, weight) in &counted {
            offsets[context as usize + 1] += 1;
            totals[context as usize] += weight;
        }
        for context in 0..number {
            offsets[context + 1] += offsets[context];
        }
        Self { steps: counted, offsets, totals, added }
    }

    /// Returns the share of `next` among counted and added steps. `without` is its share of the
    /// added steps.
    fn probability(&self, context: u32, next: u32, without: f64) -> f64 {
        let context = context as usize;
        let own = &self.steps[self.offsets[context]..self.offsets[context + 1]];
        let counted = own.binary_search_by_key(&next, |step| step.1).map_or(0.0, |index| own[index].2);
        let added = self.added[context];
        (counted + added * without) / (self.totals[context] + added)
    }
}

#[cfg(test)]
mod tests {
    use mapeq_core::{IdTable, NodeIds, Paths};

    use super::*;

    /// Node 2 has two states, from 0 and from 1. Fold 0 holds one and two of their steps.
    #[test]
    fn steps_are_described_by_the_other_folds() {
        let mut paths = Paths::new(IdTable::new(NodeIds::Consecutive { first: 0, len: 4 }));
        paths.push([0, 2, 3], 1.0);
        paths.push([1, 2, 0], 1.0);
        paths.push([1, 2, 3], 1.0);
        let states = paths.states(2);
        let mut steps = Steps::of(&paths, &states, 1);
        // Steps from (0, 2) to 3, from (1, 2) to 0 and to 3: in fold 0, and in all other folds.
        let counts = [(1.0, 4.0), (2.0, 3.0), (0.0, 1.0)];
        steps.weights = counts.map(|(own, others)| [own, others, 0.0, 0.0]).to_vec();
        // After any node 3 of 8 steps lead to 0 and 5 to 3; one step to each of the four nodes is
        // added.
        let [zero, three] = [(3.0 + 4.0 / 12.0) / 9.0, (5.0 + 6.0 / 12.0) / 9.0];
        let bits = |p_three: f64, p_zero: f64| -log2(p_three) - 2.0 * log2(p_zero);
        for (contexts, added, expected) in [
            ([0, 0, 1, 2], Added::PerContext, bits((5.0 + three) / 9.0, (3.0 + zero) / 9.0)),
            ([0, 0, 1, 2], Added::PerState, bits((5.0 + 2.0 * three) / 10.0, (3.0 + 2.0 * zero) / 10.0)),
            ([0, 1, 2, 3], Added::PerState, bits((4.0 + three) / 5.0, (3.0 + zero) / 5.0)),
        ] {
            assert!((HeldOut::new(&steps, 0).bits(&contexts, added) - expected).abs() < 1e-12);
        }
    }
}
