//! A first Louvain run in large networks: region by region, each of which fits into the caches.

use mapeq_core::{Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::monitor::Monitor;
use crate::moving::assignment::Assignment;
use crate::moving::parts::divide_parts;
use crate::options::MoveOptions;
use crate::random::Random;

/// Units with fewer couplings than this are in no need of regions.
pub(crate) const COUPLINGS_FOR_REGIONS: usize = 1 << 23;

/// Number of units in a region. What is known of them takes a few megabytes.
pub(crate) const REGION: usize = 1 << 15;

/// Local moving inside each region of so many consecutive units, from single units, in parallel. Units that are coupled should lie close
/// together: see [`Layout`](crate::Layout). A Louvain run that starts from the result joins what the borders of regions have cut.
pub(crate) fn move_in_regions<O: Objective>(
    objective: &O,
    units: Units<'_, O>,
    region: usize,
    options: MoveOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Grouping {
    let all: Vec<u32> = (0..units.len() as u32).collect();
    let regions: Vec<&[u32]> = all.chunks(region).collect();
    let singletons = Assignment::new(objective, units, &Grouping::singletons(units.len()));
    let divided = divide_parts(objective, units, &singletons, &regions, options, random, monitor);
    let mut labels = Vec::with_capacity(units.len());
    let mut modules = 0;
    for own in divided {
        labels.extend(own.labels().iter().map(|&module| modules + module));
        modules += own.modules() as u32;
    }
    Grouping::new(units, Partition::from_labels(labels))
}
