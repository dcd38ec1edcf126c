//! Parts of a level divided on their own, in parallel, while everything around them stays as it is.

use mapeq_core::{Objective, Partition};
use rayon::prelude::*;

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::monitor::Monitor;
use crate::moving::assignment::Assignment;
use crate::moving::local_moving::LocalMover;
use crate::options::{MoveOptions, Thoroughness};
use crate::random::{Random, fork, random_order};

/// Parts are divided in parallel in portions of at least so many units.
const UNITS_PER_TASK: usize = 1 << 8;

/// Divides every part, from single units and by local moving inside the part. A part is a set of units that makes up whole
/// modules of `assignment`; parts have no units in common. The partitions in the order of the parts, of the units in their order.
pub(crate) fn divide_parts<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    assignment: &Assignment<O>,
    parts: &[&[u32]],
    options: MoveOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Vec<Partition> {
    let tasks: Vec<(&[u32], Random)> = parts.iter().map(|&part| (part, fork(random))).collect();
    let parts_per_task = 1 + UNITS_PER_TASK * parts.len() / units.len().max(1);
    tasks
        .into_par_iter()
        .with_min_len(parts_per_task)
        .map_init(
            || (vec![u32::MAX; units.len()], LocalMover::default(), Vec::new()),
            |(position, mover, modules), (part, mut random)| {
                mover.restart(options, &mut random);
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
