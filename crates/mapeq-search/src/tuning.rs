//! Tuning: single units and pieces of modules move between the modules of a finished climb.

use mapeq_core::{Objective, Partition};

use crate::assignment::Assignment;
use crate::local_moving::{Anywhere, Moved, Mover, Within};
use crate::monitor::Monitor;
use crate::random::{Random, shuffle};
use crate::recombination::recombine;
use crate::units::Units;

/// Alternates fine tuning (units move again) with coarse tuning (every module is divided on its own, and the pieces
/// move) until a round of both gains less than `least_gain` bits, or for `most_rounds` rounds.
///
/// After the first round only modules that changed are looked at again. Never increases the objective.
#[allow(clippy::too_many_arguments)]
pub fn tune<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    mut partition: Partition,
    least_gain: f64,
    most_rounds: usize,
    mover: &mut Mover,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> (Partition, Moved) {
    let mut moved = Moved::default();
    let mut unsettled_for_units = vec![true; partition.modules()];
    let mut unsettled_for_pieces = unsettled_for_units.clone();
    for _ in 0..most_rounds {
        let waiting = members_of(&partition, &unsettled_for_units, random);
        let mut assignment = Assignment::new(objective, units, &partition);
        let fine = mover.run(objective, units, &mut assignment, waiting, &Anywhere, monitor);
        let tuned = assignment.into_partition();
        unsettled_for_pieces = carry_over(&partition, &tuned, &unsettled_for_pieces);
        unsettled_for_units = carry_over(&partition, &tuned, &[]);
        partition = tuned;

        let pieces = pieces_of(objective, units, &partition, &unsettled_for_pieces, mover, random, monitor);
        let (tuned, coarse) = recombine(objective, units, &partition, &pieces, mover, random, monitor);
        unsettled_for_units = carry_over(&partition, &tuned, &unsettled_for_units);
        unsettled_for_pieces = carry_over(&partition, &tuned, &[]);
        partition = tuned;

        moved += fine;
        moved += coarse;
        if fine.gain + coarse.gain < least_gain || monitor.stop_requested() {
            break;
        }
    }
    (partition, moved)
}

/// The members of the wanted modules: module by module in random order, so that what is visited one after the other lies
/// close together in memory, and in random order in each.
fn members_of(partition: &Partition, wanted: &[bool], random: &mut Random) -> Vec<u32> {
    let (offsets, members) = partition.members();
    let mut modules: Vec<usize> = (0..partition.modules()).filter(|&module| wanted[module]).collect();
    shuffle(&mut modules, random);
    let mut units = Vec::with_capacity(modules.iter().map(|&module| offsets[module + 1] - offsets[module]).sum());
    for module in modules {
        let start = units.len();
        units.extend_from_slice(&members[offsets[module]..offsets[module + 1]]);
        shuffle(&mut units[start..], random);
    }
    units
}

/// Every unsettled module divided on its own, from single units; the others whole.
fn pieces_of<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    partition: &Partition,
    unsettled: &[bool],
    mover: &mut Mover,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Partition {
    let mut settled_piece = vec![u32::MAX; partition.modules()];
    let mut pieces = 0u32;
    let labels = (0..units.len()).map(|unit| {
        let module = partition.module(unit);
        if unsettled[module] || settled_piece[module] == u32::MAX {
            settled_piece[module] = pieces;
            pieces += 1;
        }
        settled_piece[module]
    });
    let start = Partition::from_labels(labels.collect());
    let mut assignment = Assignment::new(objective, units, &start);
    let waiting = members_of(partition, unsettled, random);
    mover.run(objective, units, &mut assignment, waiting, &Within(partition.labels()), monitor);
    assignment.into_partition()
}

/// For every module of `after`: whether it is not a module of `before`, or is one that `unsettled` marks.
fn carry_over(before: &Partition, after: &Partition, unsettled: &[bool]) -> Vec<bool> {
    const NOT_MET: u32 = u32::MAX;
    let mut origin = vec![NOT_MET; after.modules()];
    let mut changed = vec![false; after.modules()];
    let before_sizes = before.sizes();
    for unit in 0..after.len() {
        let (old, new) = (before.module(unit) as u32, after.module(unit));
        if origin[new] == NOT_MET {
            origin[new] = old;
        } else if origin[new] != old {
            changed[new] = true;
        }
    }
    let after_sizes = after.sizes();
    for module in 0..after.modules() {
        let old = origin[module] as usize;
        changed[module] |= after_sizes[module] != before_sizes[old] || unsettled.get(old).copied().unwrap_or(false);
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_that_changed_are_unsettled() {
        let before = Partition::from_labels(vec![0, 0, 1, 1, 2, 2]);
        let after = Partition::from_labels(vec![0, 0, 1, 2, 2, 2]);
        assert_eq!(carry_over(&before, &after, &[]), [false, true, true]);
        assert_eq!(carry_over(&before, &after, &[true, false, false]), [true, true, true]);
        assert_eq!(carry_over(&before, &before, &[]), [false, false, false]);
    }
}
