//! Tuning: single units and pieces of modules move between the modules of a grouping.

use mapeq_core::{Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::moving::assignment::Assignment;
use crate::moving::local_moving::LocalMover;
use crate::moving::move_pass::MoveStats;
use crate::moving::parts::divide_parts;
use crate::options::Thoroughness;
use crate::random::{Random, shuffle};
use crate::search::Search;

/// Smaller modules are not divided into pieces: moves of single units cover all that their pieces
/// could do.
const MIN_UNITS_TO_DIVIDE: usize = 3;

/// Share of a module that may join or leave before its other units are visited again.
///
/// On networks of 10⁶ links that saves 3 to 8 % of the time of a two-level search, for codelengths
/// longer by 10⁻⁶ to 8·10⁻⁵ of themselves. On eleven smaller networks codelengths are as short.
const SETTLED_SHARE: f64 = 1.0 / 32.0;

impl<O: Objective> Search<'_, O> {
    /// Alternates fine tuning (units move) and coarse tuning (every module is divided on its own,
    /// and the pieces move).
    ///
    /// Tuning ends after `max_rounds` rounds, or when a round of both gains less than
    /// [`min_gain`](crate::SearchOptions::min_gain). After the first round, only modules that
    /// changed by more than a thirty-second are tuned. Never increases the objective.
    pub fn tune(
        &self,
        units: Units<'_, O>,
        mut grouping: Grouping,
        max_rounds: usize,
        mover: &mut LocalMover,
        random: &mut Random,
    ) -> (Grouping, MoveStats) {
        let Self { objective, options, monitor } = *self;
        let mut total = MoveStats::default();
        let mut changed_for_units = vec![true; grouping.modules()];
        let mut changed_for_pieces = changed_for_units.clone();
        for _ in 0..max_rounds {
            let before = &grouping.partition;
            let waiting = members_of(before, &changed_for_units, random);
            let mut assignment = Assignment::new(objective, units, &grouping);
            let fine = mover.run(objective, units, &mut assignment, waiting, Thoroughness::Full, monitor);
            total += fine;
            if fine.moves == 0 && !changed_for_pieces.contains(&true) {
                break;
            }
            let tuned = assignment.partition();
            changed_for_pieces = changed_modules(before, &tuned, &changed_for_pieces);
            changed_for_units = changed_modules(before, &tuned, &[]);

            let pieces = self.pieces_of(units, &assignment, &tuned, &changed_for_pieces, random);
            // Arrays of the size of the network are freed as soon as they are not needed.
            drop((assignment, grouping));
            let coarse;
            (grouping, coarse) = self.move_pieces(units, &tuned, pieces, mover, random);
            changed_for_units = changed_modules(&tuned, &grouping.partition, &changed_for_units);
            changed_for_pieces = changed_modules(&tuned, &grouping.partition, &[]);

            total += coarse;
            if fine.gain + coarse.gain < options.min_gain || monitor.stop_requested() {
                break;
            }
        }
        (grouping, total)
    }

    /// Divides every changed module of `partition` on its own, from single units and with all other
    /// modules fixed.
    ///
    /// Returns a refinement of `partition`, in which the other modules are whole. `assignment` has
    /// the modules of `partition`.
    fn pieces_of(
        &self,
        units: Units<'_, O>,
        assignment: &Assignment<O>,
        partition: &Partition,
        changed: &[bool],
        random: &mut Random,
    ) -> Partition {
        let (offsets, members) = partition.members();
        let members_of = |module: usize| &members[offsets[module]..offsets[module + 1]];
        let is_divided = |module: usize| changed[module] && members_of(module).len() >= MIN_UNITS_TO_DIVIDE;
        let parts: Vec<&[u32]> =
            (0..partition.modules()).filter(|&module| is_divided(module)).map(members_of).collect();
        let mut divided = divide_parts(*self, units, assignment, &parts, random).into_iter();
        let mut labels = vec![0u32; units.len()];
        let mut pieces = 0u32;
        for module in 0..partition.modules() {
            let members = members_of(module);
            if is_divided(module) {
                let own = divided.next().expect("one division for each part");
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
}

/// Returns the members of the wanted modules, module by module.
///
/// The modules are in random order, and the members of each are in random order. Units that are
/// visited one after the other are then close together in memory.
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

/// Returns, for every module of `after`, whether it changed.
///
/// A module changed if it differs by more than [`SETTLED_SHARE`] from the module of `before` that
/// its first unit was in, or if `changed_before` marks that module.
fn changed_modules(before: &Partition, after: &Partition, changed_before: &[bool]) -> Vec<bool> {
    const NONE: u32 = u32::MAX;
    let mut origin = vec![NONE; after.modules()];
    let mut stayed = vec![0; after.modules()];
    for unit in 0..after.len() {
        let (old, new) = (before.module(unit) as u32, after.module(unit));
        if origin[new] == NONE {
            origin[new] = old;
        }
        stayed[new] += usize::from(origin[new] == old);
    }
    let (before_sizes, after_sizes) = (before.sizes(), after.sizes());
    let is_changed = |module: usize| {
        let old = origin[module] as usize;
        let moved = (before_sizes[old] - stayed[module]) + (after_sizes[module] - stayed[module]);
        moved as f64 > SETTLED_SHARE * after_sizes[module] as f64 || changed_before.get(old).copied().unwrap_or(false)
    };
    (0..after.modules()).map(is_changed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_that_changed_are_unsettled() {
        let before = Partition::from_labels(vec![0, 0, 1, 1, 2, 2]);
        let after = Partition::from_labels(vec![0, 0, 1, 2, 2, 2]);
        assert_eq!(changed_modules(&before, &after, &[]), [false, true, true]);
        assert_eq!(changed_modules(&before, &after, &[true, false, false]), [true, true, true]);
        assert_eq!(changed_modules(&before, &before, &[]), [false, false, false]);
    }

    #[test]
    fn modules_that_hardly_changed_are_settled() {
        let first_of = |size: usize| Partition::from_labels((0..128).map(|unit| u32::from(unit >= size)).collect());
        // Of 64 units, two may come or go.
        assert_eq!(changed_modules(&first_of(64), &first_of(66), &[]), [false, true]);
        assert_eq!(changed_modules(&first_of(64), &first_of(67), &[]), [true, true]);
        // Its first unit comes from elsewhere.
        assert_eq!(changed_modules(&first_of(64), &first_of(63), &[]), [false, true]);
        assert_eq!(changed_modules(&first_of(64), &first_of(65), &[]), [false, false]);
        assert_eq!(changed_modules(&first_of(64), &first_of(65), &[false, true]), [false, true]);
    }
}
