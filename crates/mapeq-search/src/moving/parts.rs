//! Parts of a level are divided in parallel, each on its own with everything around it fixed.

use mapeq_core::{Objective, Partition};
use rayon::prelude::*;

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::moving::assignment::Assignment;
use crate::moving::local_moving::LocalMover;
use crate::options::Thoroughness;
use crate::random::{Random, fork, random_order};
use crate::search::Search;

/// Lower bound on the units of a parallel task. Smaller parts share a task.
const UNITS_PER_TASK: usize = 1 << 8;

/// Divides every part from single units, by local moving inside the part.
///
/// A part is a set of units that makes up whole modules of `assignment`, and no unit is in two
/// parts. Returns the partitions in the order of `parts`, each with its units in their order.
pub(crate) fn divide_parts<O: Objective>(
    search: Search<'_, O>,
    units: Units<'_, O>,
    assignment: &Assignment<O>,
    parts: &[&[u32]],
    random: &mut Random,
) -> Vec<Partition> {
    let Search { objective, options, monitor } = search;
    let tasks: Vec<(&[u32], Random)> = parts.iter().map(|&part| (part, fork(random))).collect();
    let parts_per_task = 1 + UNITS_PER_TASK * parts.len() / units.len().max(1);
    tasks
        .into_par_iter()
        .with_min_len(parts_per_task)
        .map_init(
            || (vec![u32::MAX; units.len()], LocalMover::default(), Vec::new()),
            |(position, mover, modules), (part, mut random)| {
                mover.restart(options.moves, &mut random);
                let inside = units.restrict(objective, part, position);
                let inside = inside.units();
                let mut pieces = Assignment::new(objective, inside, &Grouping::singletons(part.len()));
                modules.clear();
                modules.extend(part.iter().map(|&unit| assignment.module(unit as usize) as u32));
                modules.sort_unstable();
                modules.dedup();
                objective.include_rest(pieces.state_mut(), assignment.state(), modules);
                let order = random_order(part.len(), &mut random);
                mover.run(objective, inside, &mut pieces, order, Thoroughness::Draft, monitor);
                pieces.into_partition()
            },
        )
        .collect()
}
