//! The first local moving in large networks: region by region, each of which fits into the caches.

use mapeq_core::{Objective, Partition};

use crate::levels::grouping::Grouping;
use crate::levels::units::Units;
use crate::moving::assignment::Assignment;
use crate::moving::parts::divide_parts;
use crate::random::Random;
use crate::search::Search;

/// Units with fewer couplings are not divided into regions: their data fit into the caches.
pub(crate) const COUPLINGS_FOR_REGIONS: usize = 1 << 23;

/// Number of units in a region. Their data take a few megabytes.
pub(crate) const REGION: usize = 1 << 15;

/// Moves units inside each region of `region` consecutive units, from single units, in parallel.
///
/// Coupled units should be close together: see [`Layout`](crate::Layout). A Louvain run that starts
/// from the result merges modules that the borders of regions have cut.
pub(crate) fn move_in_regions<O: Objective>(
    search: Search<'_, O>,
    units: Units<'_, O>,
    region: usize,
    random: &mut Random,
) -> Grouping {
    let all: Vec<u32> = (0..units.len() as u32).collect();
    let regions: Vec<&[u32]> = all.chunks(region).collect();
    let singletons = Assignment::new(search.objective, units, &Grouping::singletons(units.len()));
    let divided = divide_parts(search, units, &singletons, &regions, random);
    let mut labels = Vec::with_capacity(units.len());
    let mut modules = 0;
    for own in divided {
        labels.extend(own.labels().iter().map(|&module| modules + module));
        modules += own.modules() as u32;
    }
    Grouping::new(units, Partition::from_labels(labels))
}
