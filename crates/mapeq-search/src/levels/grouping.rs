//! Partitions with the couplings inside their modules.

use mapeq_core::{Objective, Partition};

use crate::levels::units::Units;

/// A partition of units, and the sum of the couplings of all pairs inside each module.
///
/// An objective's state needs both. Consolidation of a partition computes the sums on the way.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The partition.
    pub partition: Partition,
    /// For each module, the sum of the couplings of all pairs inside it.
    pub internal: Vec<f64>,
}

impl Grouping {
    /// Creates the grouping of a partition. O(units + links).
    pub fn new<O: Objective>(units: Units<'_, O>, partition: Partition) -> Self {
        let internal = units.internal_couplings(&partition);
        Self { partition, internal }
    }

    /// Puts every unit in a module of its own.
    pub fn singletons(units: usize) -> Self {
        Self { partition: Partition::singletons(units), internal: vec![0.0; units] }
    }

    /// Number of modules.
    pub fn modules(&self) -> usize {
        self.partition.modules()
    }

    /// Returns the grouping of the units if the modules of `self` are the units of `coarser`.
    pub(crate) fn then(&self, coarser: &Self) -> Self {
        let mut internal = coarser.internal.clone();
        for (module, coupling) in self.internal.iter().enumerate() {
            internal[coarser.partition.module(module)] += coupling;
        }
        Self { partition: self.partition.then(&coarser.partition), internal }
    }

    /// Returns the objective's value. O(units).
    pub fn value<O: Objective>(&self, objective: &O, units: Units<'_, O>) -> f64 {
        objective.value(&objective.state(units.level, &self.partition, &self.internal, 0))
    }
}
