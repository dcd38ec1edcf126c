//! Classes of the states of a node, merged in the order of increasing cost.

use mapeq_core::plogp;
use rayon::prelude::*;

use super::Lumps;
use super::steps::{FOLDS, Steps};

/// Divergence in bits per step below which shares are equal, up to the rounding of logarithms.
const MAX_EQUAL_DIVERGENCE: f64 = 1e-12;

/// Mergers of classes at all nodes.
pub(super) struct Mergers {
    mergers: Vec<Merger>,
    physical: Vec<u32>,
    nodes: usize,
}

/// The class of the state `from` joins the class of the state `into`.
struct Merger {
    into: u32,
    from: u32,
    /// Largest cost of the mergers at this node up to this one, in bits.
    cost: f64,
}

/// States that are merged, and the continuations of their paths.
struct Class {
    /// State with the largest weight.
    state: u32,
    /// Next nodes, ascending, and weights.
    next: Vec<(u32, f64)>,
    weight: f64,
}

impl Mergers {
    /// Finds the mergers that cost at most `max_cost` bits. `weight` returns the weight of a step
    /// from its weights in the folds.
    pub(super) fn of(steps: &Steps, max_cost: f64, weight: impl Fn(&[f64; FOLDS]) -> f64 + Sync) -> Self {
        let mut states: Vec<u32> = (0..steps.states() as u32).collect();
        states.sort_by_key(|&state| steps.physical[state as usize]);
        let nodes: Vec<&[u32]> =
            states.chunk_by(|&a, &b| steps.physical[a as usize] == steps.physical[b as usize]).collect();
        let mergers = nodes.into_par_iter().map(|states| {
            let classes = states.iter().map(|&state| Class::of(state, steps, &weight)).collect();
            merge_classes(classes, max_cost)
        });
        let mergers = mergers.collect::<Vec<_>>().into_iter().flatten().collect();
        Self { mergers, physical: steps.physical.clone(), nodes: steps.nodes }
    }

    /// No mergers, for extents that do not depend on costs.
    pub(super) fn none(steps: &Steps) -> Self {
        Self { mergers: Vec::new(), physical: steps.physical.clone(), nodes: steps.nodes }
    }

    /// Returns the class of every state, numbered in the order of their first states, and the
    /// number of classes.
    pub(super) fn classes(&self, lumps: Lumps) -> (Vec<u32>, usize) {
        let labels: Vec<u32> = match lumps {
            Lumps::All => self.physical.clone(),
            Lumps::None => (0..self.physical.len() as u32).collect(),
            Lumps::UpTo(threshold) => {
                let mut labels: Vec<u32> = (0..self.physical.len() as u32).collect();
                // A class joins another one in its last merger. So in reverse order the final label
                // of `into` is known.
                for merger in self.mergers.iter().rev().filter(|merger| merger.cost <= threshold) {
                    labels[merger.from as usize] = labels[merger.into as usize];
                }
                labels
            }
        };
        let mut number = vec![u32::MAX; self.physical.len().max(self.nodes)];
        let mut classes = 0;
        let numbered = labels.into_iter().map(|label| {
            let number = &mut number[label as usize];
            if *number == u32::MAX {
                *number = classes;
                classes += 1;
            }
            *number
        });
        let numbered = numbered.collect();
        (numbered, classes as usize)
    }
}

impl Class {
    fn of(state: u32, steps: &Steps, weight: impl Fn(&[f64; FOLDS]) -> f64) -> Self {
        let next = steps.range(state as usize).map(|step| (steps.next[step], weight(&steps.weights[step])));
        let next: Vec<(u32, f64)> = next.filter(|&(_, weight)| weight > 0.0).collect();
        let weight = next.iter().map(|&(_, weight)| weight).sum();
        Self { state, next, weight }
    }

    /// Returns the cost of merging two classes, in bits: entropy of the mixture minus entropies of
    /// the parts.
    fn cost(&self, other: &Self) -> f64 {
        let more = |a: f64, b: f64| plogp(a + b) - plogp(a) - plogp(b);
        let (few, many) =
            if self.next.len() < other.next.len() { (&self.next, &other.next) } else { (&other.next, &self.next) };
        let mut cost = more(self.weight, other.weight);
        for &(node, weight) in few {
            if let Ok(index) = many.binary_search_by_key(&node, |next| next.0) {
                cost -= more(weight, many[index].1);
            }
        }
        if cost > MAX_EQUAL_DIVERGENCE * (self.weight + other.weight) { cost } else { 0.0 }
    }

    fn join(&mut self, other: &Self) {
        let mut next = Vec::with_capacity(self.next.len() + other.next.len());
        next.extend(self.next.iter().chain(&other.next).copied());
        next.sort_by_key(|&(node, _)| node);
        next.dedup_by(|later, first| {
            let same = later.0 == first.0;
            first.1 += if same { later.1 } else { 0.0 };
            same
        });
        self.next = next;
        self.weight += other.weight;
    }
}

/// Merges the classes of a node, cheapest merger first, and returns the mergers. Of equal costs,
/// the heaviest class merges first.
///
/// The cheapest merger of every class is stored, and computed again when one of its two classes has
/// merged. For s classes s² costs are computed first, and typically about as many later (generic
/// algorithm of Müllner, 2011, arXiv:1109.2378).
fn merge_classes(mut classes: Vec<Class>, max_cost: f64) -> Vec<Merger> {
    let mut mergers = Vec::new();
    // States without steps are equal.
    let without_steps: Vec<u32> = classes.iter().filter(|class| class.next.is_empty()).map(|c| c.state).collect();
    if let Some((&into, others)) = without_steps.split_first() {
        mergers.extend(others.iter().map(|&from| Merger { into, from, cost: 0.0 }));
    }
    classes.retain(|class| !class.next.is_empty());
    classes.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.state.cmp(&b.state)));

    // Cost and position of the cheapest lighter class for every class. A merged class keeps the
    // position of the heavier one.
    let mut classes: Vec<Option<Class>> = classes.into_iter().map(Some).collect();
    let cheapest = |classes: &[Option<Class>], position: usize| -> Option<(f64, usize)> {
        let own = classes[position].as_ref()?;
        let lighter = classes.iter().enumerate().skip(position + 1);
        let costs = lighter.filter_map(|(other, class)| Some((own.cost(class.as_ref()?), other)));
        costs.min_by(|a, b| a.0.total_cmp(&b.0))
    };
    let mut nearest: Vec<Option<(f64, usize)>> =
        (0..classes.len()).map(|position| cheapest(&classes, position)).collect();
    let mut highest = 0.0f64;
    loop {
        let pairs =
            nearest.iter().enumerate().filter_map(|(position, near)| near.map(|(cost, other)| (cost, position, other)));
        let Some((cost, position, other)) = pairs.min_by(|a, b| a.0.total_cmp(&b.0)) else { break };
        highest = highest.max(cost);
        if highest > max_cost {
            break;
        }
        let merged = classes[other].take().expect("a class that has not merged");
        let heavier = classes[position].as_mut().expect("a class that has not merged");
        mergers.push(Merger { into: heavier.state, from: merged.state, cost: highest });
        heavier.join(&merged);
        nearest[other] = None;
        for before in 0..other {
            match nearest[before] {
                _ if before == position => nearest[before] = cheapest(&classes, before),
                Some((_, near)) if near == position || near == other => nearest[before] = cheapest(&classes, before),
                Some((lowest, near)) if before < position => {
                    let [Some(own), Some(heavier)] = [&classes[before], &classes[position]] else { continue };
                    let cost = own.cost(heavier);
                    if (cost, position) < (lowest, near) {
                        nearest[before] = Some((cost, position));
                    }
                }
                _ => {}
            }
        }
    }
    mergers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(state: u32, next: &[(u32, f64)]) -> Class {
        Class { state, next: next.to_vec(), weight: next.iter().map(|next| next.1).sum() }
    }

    #[test]
    fn a_merger_costs_its_divergence() {
        let (a, b) = (class(0, &[(1, 3.0), (2, 1.0)]), class(1, &[(2, 2.0), (5, 2.0)]));
        let entropy = |p: &[f64]| -p.iter().map(|&p| plogp(p)).sum::<f64>();
        let (mixed, own) = (entropy(&[0.375, 0.375, 0.25]), entropy(&[0.75, 0.25]) / 2.0 + entropy(&[0.5, 0.5]) / 2.0);
        assert!((a.cost(&b) - 8.0 * (mixed - own)).abs() < 1e-12);
        assert_eq!(a.cost(&class(2, &[(1, 0.3), (2, 0.1)])), 0.0);
    }

    /// The mergers are those of an exhaustive search over all pairs in every step.
    #[test]
    fn the_cheapest_merger_is_next() {
        let mut seed = 1u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 40) as f64 / (1u64 << 24) as f64
        };
        for states in [1, 2, 5, 12, 30] {
            let rows: Vec<Vec<(u32, f64)>> =
                (0..states).map(|_| (0..4).map(|node| (node, 0.1 + random())).collect()).collect();
            let make = || rows.iter().enumerate().map(|(s, next)| class(s as u32, next)).collect::<Vec<_>>();
            let found = merge_classes(make(), f64::INFINITY);
            let mut classes = make();
            classes.sort_by(|a, b| b.weight.total_cmp(&a.weight));
            for merger in &found {
                let pairs = (0..classes.len()).flat_map(|a| (a + 1..classes.len()).map(move |b| (a, b)));
                let costs = pairs.map(|(a, b)| (classes[a].cost(&classes[b]), a, b));
                let (_, a, b) = costs.min_by(|x, y| x.0.total_cmp(&y.0)).unwrap();
                assert_eq!((merger.into, merger.from), (classes[a].state, classes[b].state));
                let merged = classes.remove(b);
                classes[a].join(&merged);
            }
            assert_eq!(classes.len(), 1);
        }
    }
}
