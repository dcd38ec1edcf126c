//! Tuning: single units and pieces of modules move between the modules of a finished Louvain run.

use mapeq_core::{Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::monitor::Monitor;
use crate::moving::assignment::Assignment;
use crate::moving::local_moving::LocalMover;
use crate::moving::move_pass::MoveStats;
use crate::moving::parts::divide_parts;
use crate::options::{MoveOptions, Thoroughness};
use crate::random::{Random, shuffle};
use crate::recombination::move_pieces;

/// A module of fewer units is not divided into pieces: all that they could do is what single units do.
const MIN_UNITS_TO_DIVIDE: usize = 3;

/// The share of a module that may come or go before its other units are asked again. On networks of 10⁶ links that saves 3 to 8 % of
/// the time of a two-level search, for codelengths longer by 10⁻⁶ to 8·10⁻⁵ of themselves; on eleven smaller ones they are as short.
const SETTLED: f64 = 1.0 / 32.0;

/// Alternates fine tuning (units move again) with coarse tuning (every module is divided on its own, and the pieces
/// move) until a round of both gains less than `min_gain` bits, or for `max_rounds` rounds.
///
/// After the first round only modules that changed by more than a thirty-second are looked at again. Never increases the objective.
#[allow(clippy::too_many_arguments)]
pub fn tune<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    mut grouping: Grouping,
    min_gain: f64,
    max_rounds: usize,
    mover: &mut LocalMover,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> (Grouping, MoveStats) {
    let mut moved = MoveStats::default();
    let mut unsettled_for_units = vec![true; grouping.modules()];
    let mut unsettled_for_pieces = unsettled_for_units.clone();
    for _ in 0..max_rounds {
        let before = &grouping.partition;
        let waiting = members_of(before, &unsettled_for_units, random);
        let mut assignment = Assignment::new(objective, units, &grouping);
        let fine = mover.run(objective, units, &mut assignment, waiting, Thoroughness::Full, monitor);
        moved += fine;
        if fine.moves == 0 && !unsettled_for_pieces.contains(&true) {
            break;
        }
        let tuned = assignment.partition();
        unsettled_for_pieces = carry_over(before, &tuned, &unsettled_for_pieces);
        unsettled_for_units = carry_over(before, &tuned, &[]);

        let pieces =
            pieces_of(objective, units, &assignment, &tuned, &unsettled_for_pieces, mover.options(), random, monitor);
        // Nothing of the size of the network is held for longer than it is needed.
        drop((assignment, grouping));
        let coarse;
        (grouping, coarse) = move_pieces(objective, units, &tuned, pieces, mover, random, monitor);
        unsettled_for_units = carry_over(&tuned, &grouping.partition, &unsettled_for_units);
        unsettled_for_pieces = carry_over(&tuned, &grouping.partition, &[]);

        moved += coarse;
        if fine.gain + coarse.gain < min_gain || monitor.stop_requested() {
            break;
        }
    }
    (grouping, moved)
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

/// Every unsettled module of `partition` divided on its own, from single units and with all other modules as they are; the
/// settled ones whole: a partition finer than `partition`. `assignment` has the same modules.
#[allow(clippy::too_many_arguments)]
fn pieces_of<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    assignment: &Assignment<O>,
    partition: &Partition,
    unsettled: &[bool],
    options: MoveOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Partition {
    let (offsets, members) = partition.members();
    let members_of = |module: usize| &members[offsets[module]..offsets[module + 1]];
    let in_question = (0..partition.modules()).filter(|&module| unsettled[module]);
    let parts: Vec<&[u32]> =
        in_question.map(members_of).filter(|members| members.len() >= MIN_UNITS_TO_DIVIDE).collect();
    let divided = divide_parts(objective, units, assignment, &parts, options, random, monitor);
    let mut labels = vec![0u32; units.len()];
    let mut pieces = 0u32;
    let mut divided = divided.into_iter();
    for (module, &unsettled) in unsettled.iter().enumerate() {
        let members = members_of(module);
        if unsettled && members.len() >= MIN_UNITS_TO_DIVIDE {
            let own = divided.next().expect("one division for each task");
            for (&unit, &piece) in members.iter().zip(own.labels()) {
                labels[unit as usize] = pieces + piece;
            }
            pieces += own.modules() as u32;
        } else {
            members.iter().for_each(|&unit| labels[unit as usize] = pieces);
            pieces += 1;
        }
    }
    Partition::from_labels(labels)
}

/// For every module of `after`: whether it differs from the module of `before` that its first unit was in by more than [`SETTLED`],
/// or that one is marked by `unsettled`.
fn carry_over(before: &Partition, after: &Partition, unsettled: &[bool]) -> Vec<bool> {
    const NOT_MET: u32 = u32::MAX;
    let mut origin = vec![NOT_MET; after.modules()];
    let mut stayed = vec![0; after.modules()];
    for unit in 0..after.len() {
        let (old, new) = (before.module(unit) as u32, after.module(unit));
        if origin[new] == NOT_MET {
            origin[new] = old;
        }
        stayed[new] += usize::from(origin[new] == old);
    }
    let (before_sizes, after_sizes) = (before.sizes(), after.sizes());
    let differs = |module: usize| {
        let old = origin[module] as usize;
        let moved = (before_sizes[old] - stayed[module]) + (after_sizes[module] - stayed[module]);
        moved as f64 > SETTLED * after_sizes[module] as f64 || unsettled.get(old).copied().unwrap_or(false)
    };
    (0..after.modules()).map(differs).collect()
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

    #[test]
    fn modules_that_hardly_changed_are_settled() {
        let first_of = |size: usize| Partition::from_labels((0..128).map(|unit| u32::from(unit >= size)).collect());
        // Of 64 units, two may come or go.
        assert_eq!(carry_over(&first_of(64), &first_of(66), &[]), [false, true]);
        assert_eq!(carry_over(&first_of(64), &first_of(67), &[]), [true, true]);
        // Its first unit comes from elsewhere.
        assert_eq!(carry_over(&first_of(64), &first_of(63), &[]), [false, true]);
        assert_eq!(carry_over(&first_of(64), &first_of(65), &[]), [false, false]);
        assert_eq!(carry_over(&first_of(64), &first_of(65), &[false, true]), [false, true]);
    }
}
