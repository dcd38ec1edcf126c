//! What moves: the units of one level and the couplings between them.

use mapeq_core::{Csr, LinkValues, Objective, Partition, PerLink, SameForAll, Values};

/// The units of one level: their data and the couplings between them.
#[derive(Debug)]
pub struct Units<'a, O: Objective> {
    /// Symmetric couplings between units, without self-couplings: flow per step, both directions added.
    pub couplings: &'a Csr,
    /// The objective's data of the units.
    pub level: &'a O::Level,
}

/// [`Units`] that own their data: modules of a finer partition, or a part of the units of a level.
#[derive(Debug)]
pub struct OwnedUnits<O: Objective> {
    /// Symmetric couplings between units.
    pub couplings: Csr,
    /// The objective's data of the units.
    pub level: O::Level,
}

impl<O: Objective> OwnedUnits<O> {
    /// The units, borrowed.
    pub fn units(&self) -> Units<'_, O> {
        Units { couplings: &self.couplings, level: &self.level }
    }
}

impl<O: Objective> Clone for Units<'_, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O: Objective> Copy for Units<'_, O> {}

impl<O: Objective> Units<'_, O> {
    /// Number of units.
    pub fn len(&self) -> usize {
        self.couplings.rows()
    }

    /// Whether there is no unit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sum of the couplings of all pairs inside each module. O(units + links).
    pub fn internal_couplings(&self, partition: &Partition) -> Vec<f64> {
        let mut internal = vec![0.0; partition.modules()];
        if partition.modules() == self.len() {
            return internal;
        }
        for unit in 0..self.len() {
            let module = partition.module(unit);
            for (other, coupling) in self.couplings.row(unit) {
                if other > unit && partition.module(other) == module {
                    internal[module] += coupling;
                }
            }
        }
        internal
    }

    /// The objective's value of a partition, computed from scratch. O(units + links).
    pub fn value(&self, objective: &O, partition: &Partition) -> f64 {
        objective.value(&objective.state(self.level, partition, &self.internal_couplings(partition), 0))
    }

    /// The modules of `partition` as units of the next coarser level, and the sum of the couplings of all pairs inside each.
    /// O(units + links).
    pub fn consolidate(&self, objective: &O, partition: &Partition) -> (OwnedUnits<O>, Vec<f64>) {
        let (couplings, internal) = consolidate_couplings(self.couplings, partition);
        (OwnedUnits { couplings, level: objective.consolidate(self.level, partition, &internal) }, internal)
    }

    /// The given units and the couplings among them. `position` has one entry per unit of `self`, all `u32::MAX`,
    /// and is left like that. O(units given and their links).
    pub fn restrict(&self, objective: &O, units: &[u32], position: &mut [u32]) -> OwnedUnits<O> {
        let couplings = restrict_couplings(self.couplings, units, position);
        OwnedUnits { couplings, level: objective.restrict(self.level, units) }
    }
}

/// The couplings between the modules of `partition`, and the sum of the couplings of all pairs inside each module.
/// O(units + links).
pub fn consolidate_couplings(couplings: &Csr, partition: &Partition) -> (Csr, Vec<f64>) {
    match couplings.values() {
        LinkValues::Same(value) => consolidate_values(couplings, SameForAll(*value), partition),
        LinkValues::Each(values) => consolidate_values(couplings, PerLink(values), partition),
    }
}

fn consolidate_values<V: Values>(couplings: &Csr, link_values: V, partition: &Partition) -> (Csr, Vec<f64>) {
    let (offsets, members) = partition.members();
    let labels = partition.labels();
    let modules = partition.modules();
    let mut internal = vec![0.0; modules];
    let mut sum = vec![0.0; modules];
    let mut met: Vec<u32> = vec![0; modules + 1];
    let mut row_ends = Vec::with_capacity(modules + 1);
    row_ends.push(0);
    let mut targets: Vec<u32> = Vec::new();
    let mut values: Vec<f64> = Vec::new();
    for module in 0..modules {
        let mut count = 0;
        for place in offsets[module]..offsets[module + 1] {
            couplings.prefetch(|ahead| members.get(place + ahead).copied());
            for link in couplings.range(members[place] as usize) {
                let target = labels[couplings.targets()[link] as usize];
                let value = link_values.at(link);
                let sum = &mut sum[target as usize];
                met[count] = target;
                // A link may carry no flow at all; it couples nothing.
                count += usize::from(*sum == 0.0 && value > 0.0);
                *sum += value;
            }
        }
        for &target in &met[..count] {
            let value = std::mem::take(&mut sum[target as usize]);
            if target as usize == module {
                // Every pair inside has been met from both ends.
                internal[module] = value / 2.0;
            } else {
                targets.push(target);
                values.push(value);
            }
        }
        row_ends.push(targets.len());
    }
    targets.shrink_to_fit();
    values.shrink_to_fit();
    (Csr::new(row_ends.into(), targets.into(), LinkValues::Each(values.into())), internal)
}

/// The couplings among the given units, which are renumbered in the given order. `position` as in [`Units::restrict`].
pub fn restrict_couplings(couplings: &Csr, units: &[u32], position: &mut [u32]) -> Csr {
    for (new, &unit) in units.iter().enumerate() {
        position[unit as usize] = new as u32;
    }
    let mut offsets = Vec::with_capacity(units.len() + 1);
    offsets.push(0);
    let mut targets = Vec::new();
    let mut values = Vec::new();
    for (place, &unit) in units.iter().enumerate() {
        couplings.prefetch(|ahead| units.get(place + ahead).copied());
        for link in couplings.range(unit as usize) {
            let target = position[couplings.targets()[link] as usize];
            if target != u32::MAX {
                targets.push(target);
                if let LinkValues::Each(own) = couplings.values() {
                    values.push(own[link]);
                }
            }
        }
        offsets.push(targets.len());
    }
    for &unit in units {
        position[unit as usize] = u32::MAX;
    }
    let values = match couplings.values() {
        LinkValues::Same(value) => LinkValues::Same(*value),
        LinkValues::Each(_) => LinkValues::Each(values.into()),
    };
    Csr::new(offsets.into(), targets.into(), values)
}
