//! Units laid out by module: what is visited together lies together in memory.

use mapeq_core::{Objective, Partition};

use crate::grouping::Grouping;
use crate::units::{OwnedUnits, Units};

/// The units of a level in another order: module by module of some partition.
///
/// The members of a module are each other's neighbours for the most part, so that all that comes after works on memory that
/// is in the caches. On 10⁷ links this makes tuning about three times faster.
pub struct Arrangement<O: Objective> {
    /// For every place, the unit that is there.
    order: Vec<u32>,
    units: OwnedUnits<O>,
}

impl<O: Objective> Arrangement<O> {
    /// The units ordered by their module; modules, and units in each, keep their order. O(units + links).
    pub fn new(objective: &O, units: Units<'_, O>, partition: &Partition) -> Self {
        let (_, order) = partition.members();
        let units = units.restrict(objective, &order, &mut vec![u32::MAX; units.len()]);
        Self { order, units }
    }

    /// The units in their new places.
    pub fn units(&self) -> Units<'_, O> {
        self.units.units()
    }

    /// A grouping of the units as one of their places.
    pub fn arranged(&self, grouping: &Grouping) -> Grouping {
        let labels = self.order.iter().map(|&unit| grouping.partition.labels()[unit as usize]).collect();
        let partition = Partition::from_labels(labels);
        let mut internal = vec![0.0; grouping.modules()];
        for (place, &unit) in self.order.iter().enumerate() {
            internal[partition.module(place)] = grouping.internal[grouping.partition.module(unit as usize)];
        }
        Grouping { partition, internal }
    }

    /// Something known of every place, such as a label, by unit.
    pub fn by_unit<T: Copy + Default>(&self, by_place: &[T]) -> Vec<T> {
        let mut by_unit = vec![T::default(); by_place.len()];
        for (&unit, &value) in self.order.iter().zip(by_place) {
            by_unit[unit as usize] = value;
        }
        by_unit
    }
}
