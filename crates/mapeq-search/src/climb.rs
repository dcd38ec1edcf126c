//! Climbing: local moving, then the modules become units and move, until no level moves any more.

use mapeq_core::{Objective, Partition};

use crate::assignment::Assignment;
use crate::local_moving::{Anywhere, Moved, Mover};
use crate::monitor::Monitor;
use crate::random::{Random, random_order};
use crate::units::Units;

/// Moves units from the partition `start`, then modules as units of coarser and coarser levels, until no level moves (Blondel et al., J. Stat. Mech. 2008, doi:10.1088/1742-5468/2008/10/P10008; with the map
/// equation: Rosvall, Axelsson & Bergstrom, Eur. Phys. J. Spec. Top. 2009, doi:10.1140/epjst/e2010-01179-1).
///
/// Never increases the objective. Each level costs O(links it looks at).
pub fn climb<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    start: &Partition,
    mover: &mut Mover,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> (Partition, Moved) {
    let mut assignment = Assignment::new(objective, units, start);
    let mut moved = mover.run(objective, units, &mut assignment, random_order(units.len(), random), &Anywhere, monitor);
    let mut partition = assignment.into_partition();
    while partition.modules() > 1 && partition.modules() < units.len() && !monitor.stop_requested() {
        let coarse = units.consolidate(objective, &partition);
        let units = coarse.units();
        let mut assignment = Assignment::new(objective, units, &Partition::singletons(units.len()));
        let order = random_order(units.len(), random);
        let merged = mover.run(objective, units, &mut assignment, order, &Anywhere, monitor);
        moved += merged;
        if merged.moves == 0 {
            break;
        }
        partition = partition.then(&assignment.into_partition());
    }
    (partition, moved)
}
