//! A search for a flat partition from a given start, and under constraints.

use mapeq_core::{FlowNetwork, Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::unit_constraints::{SizeBounds, UnitConstraints};
use crate::levels::units::Units;
use crate::monitor::Monitor;
use crate::moving::local_moving::LocalMover;
use crate::one_module::fall_back_to_one_module;
use crate::options::SearchOptions;
use crate::random::random;
use crate::small_modules::join_small_modules;
use crate::tuning::tune;
use crate::two_level::{combine_units, improve, initial_grouping};

/// What a partition must keep to, and where the search for it starts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Constraints<'a> {
    /// For every node, a label if it is fixed: nodes of the same label end in the same module, nodes of different labels in
    /// different modules. Other nodes may join them.
    pub fixed: Option<&'a [Option<u32>]>,
    /// How small and how large modules may be.
    pub sizes: SizeBounds,
}

impl Constraints<'_> {
    /// Whether nothing is constrained.
    pub fn is_empty(&self) -> bool {
        self.fixed.is_none() && self.sizes == SizeBounds::default()
    }

    /// The constraints for nodes, if there are any: each fixed node is frozen.
    pub fn for_nodes(&self) -> Option<UnitConstraints> {
        let frozen = || self.fixed.map_or(Box::default(), |fixed| fixed.iter().map(Option::is_some).collect());
        (!self.is_empty()).then(|| UnitConstraints::new(self.sizes).with_frozen(frozen()))
    }

    /// What moves of `nodes` nodes: fixed nodes of the same label are one unit, which does not move (so they stay together, and
    /// apart from others), and all others are units of their own; and the constraints for these.
    pub fn contract(&self, nodes: usize) -> (Partition, UnitConstraints) {
        let constraints = UnitConstraints::new(self.sizes);
        match self.fixed {
            None => (Partition::singletons(nodes), constraints),
            Some(fixed) => {
                let (contracted, frozen) = contract(fixed);
                let constraints = constraints.consolidate(&contracted).with_frozen(frozen);
                (contracted, constraints)
            }
        }
    }
}

/// Lets modules that are smaller than the constraints demand join others, or take units from them, whatever that costs. Some may stay
/// too small: see [`UnitConstraints::allow`].
pub fn enlarge_small_modules<O: Objective>(objective: &O, units: Units<'_, O>, grouping: Grouping) -> Grouping {
    match units.constraints {
        Some(constraints) if constraints.sizes().min > 1 => join_small_modules(objective, units, grouping, constraints),
        _ => grouping,
    }
}

/// The best partition of a network that one trial finds under `constraints`: like [`two_level`](crate::two_level).
///
/// With a start that keeps to the constraints, never longer than that. Modules stay smaller than demanded only where there is none that
/// they can join.
pub fn two_level_constrained<O: Objective>(
    network: &FlowNetwork,
    objective: &O,
    options: &SearchOptions,
    constraints: &Constraints<'_>,
    start: Option<&Partition>,
    seed: u64,
    monitor: &dyn Monitor,
) -> Partition {
    let level = objective.level(network);
    let search = Under { objective, options, constraints, seed, monitor };
    search.run(Units::new(&network.couplings, &level), start, None)
}

/// The better of two results of [`two_level_constrained`], improved by what the other does differently, as
/// [`combine`](crate::combine) does it.
pub fn combine_constrained<O: Objective>(
    network: &FlowNetwork,
    objective: &O,
    options: &SearchOptions,
    constraints: &Constraints<'_>,
    (better, other): (&Partition, &Partition),
    seed: u64,
    monitor: &dyn Monitor,
) -> Partition {
    let level = objective.level(network);
    let search = Under { objective, options, constraints, seed, monitor };
    search.run(Units::new(&network.couplings, &level), Some(better), Some(other))
}

/// A search and what it has to keep to.
struct Under<'a, O> {
    objective: &'a O,
    options: &'a SearchOptions,
    constraints: &'a Constraints<'a>,
    seed: u64,
    monitor: &'a dyn Monitor,
}

impl<O: Objective> Under<'_, O> {
    fn run(&self, nodes: Units<'_, O>, start: Option<&Partition>, other: Option<&Partition>) -> Partition {
        let (contracted, constraints) = self.constraints.contract(nodes.len());
        if self.constraints.fixed.is_none() {
            let units = if self.constraints.is_empty() { nodes } else { nodes.constrained(&constraints) };
            return self.search(units, start.cloned(), other.cloned());
        }
        let (coarse, _) = nodes.consolidate(self.objective, &contracted);
        let coarsened = |partition: &Partition| coarsened(partition, &contracted, &constraints);
        let units = Units::new(&coarse.couplings, &coarse.level).constrained(&constraints);
        let found = self.search(units, start.map(coarsened), other.map(coarsened));
        contracted.then(&found)
    }

    fn search(&self, units: Units<'_, O>, start: Option<Partition>, other: Option<Partition>) -> Partition {
        let Self { objective, options, seed, monitor, .. } = *self;
        let mut random = random(seed, &[]);
        let found = match (start, other) {
            (Some(better), Some(other)) => {
                combine_units(objective, units, options, (&better, &other), &mut random, monitor)
            }
            (start, _) => {
                let (first, effort) = initial_grouping(objective, units, start, options, &mut random, monitor);
                improve(objective, units, first, effort, options, &mut random, monitor)
            }
        };
        let found = match units.constraints {
            Some(constraints) if constraints.sizes().min > 1 => {
                let joined = enlarge_small_modules(objective, units, found);
                let mut mover = LocalMover::new(options.moves, &mut random);
                let rounds = options.max_tuning_rounds;
                tune(objective, units, joined, options.min_gain, rounds, &mut mover, &mut random, monitor).0
            }
            _ => found,
        };
        fall_back_to_one_module(objective, units, found, options, &mut random, monitor).partition
    }
}

/// Every label's nodes as one unit, all others as units of their own; and which units are labels.
fn contract(fixed: &[Option<u32>]) -> (Partition, Box<[bool]>) {
    let labels = fixed.iter().flatten().max().map_or(0, |&most| most as usize + 1);
    let mut next = labels as u32;
    let contracted = fixed.iter().map(|label| {
        label.unwrap_or_else(|| {
            next += 1;
            next - 1
        })
    });
    let contracted = Partition::from_labels(contracted.collect());
    let mut frozen = vec![false; contracted.modules()];
    for (node, _) in fixed.iter().enumerate().filter(|(_, label)| label.is_some()) {
        frozen[contracted.module(node)] = true;
    }
    (contracted, frozen.into())
}

/// A partition of nodes as one of units: each goes where its first node is, but of the frozen units in a module only the first one
/// stays, the others get modules of their own.
fn coarsened(partition: &Partition, contracted: &Partition, constraints: &UnitConstraints) -> Partition {
    const NONE: u32 = u32::MAX;
    let mut labels = vec![NONE; contracted.modules()];
    let mut holder = vec![NONE; partition.modules()];
    let mut next = partition.modules() as u32;
    for node in 0..partition.len() {
        let (unit, module) = (contracted.module(node), partition.module(node));
        if labels[unit] != NONE {
            continue;
        }
        labels[unit] = module as u32;
        if constraints.is_frozen(unit) {
            if holder[module] == NONE {
                holder[module] = unit as u32;
            } else {
                labels[unit] = next;
                next += 1;
            }
        }
    }
    Partition::from_labels(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_units_that_keep_apart() {
        let (contracted, frozen) = contract(&[None, Some(1), Some(0), Some(1), None]);
        assert_eq!(contracted.labels(), [0, 1, 2, 1, 3]);
        assert_eq!(*frozen, [false, true, true, false]);
        let constraints = UnitConstraints::new(SizeBounds::default()).with_frozen(frozen);
        let all = coarsened(&Partition::one_module(5), &contracted, &constraints);
        assert_eq!(all.labels(), [0, 0, 1, 0]);
    }
}
