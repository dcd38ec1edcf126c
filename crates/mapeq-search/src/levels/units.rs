//! What moves: the units of one level and the couplings between them.

use mapeq_core::{Couplings, Csr, LinkValues, Objective, Partition, Values, resolve_values};

use crate::levels::consolidation::{consolidate_couplings, internal_couplings};
use crate::levels::unit_constraints::UnitConstraints;

/// The units of one level: their data and the couplings between them.
#[derive(Debug)]
pub struct Units<'a, O: Objective> {
    /// Symmetric couplings between units, without self-couplings: flow per step, both directions added.
    pub couplings: &'a Couplings,
    /// The objective's data of the units.
    pub level: &'a O::Level,
    /// What moves must respect, if anything.
    pub(crate) constraints: Option<&'a UnitConstraints>,
}

/// [`Units`] that own their data: modules of a finer partition, or a part of the units of a level.
#[derive(Debug)]
pub struct OwnedUnits<O: Objective> {
    /// Symmetric couplings between units.
    pub couplings: Couplings,
    /// The objective's data of the units.
    pub level: O::Level,
    constraints: Option<UnitConstraints>,
}

impl<O: Objective> OwnedUnits<O> {
    /// Units that may move as they like.
    pub fn new(couplings: impl Into<Couplings>, level: O::Level) -> Self {
        Self { couplings: couplings.into(), level, constraints: None }
    }

    /// The units, borrowed.
    pub fn units(&self) -> Units<'_, O> {
        Units { couplings: &self.couplings, level: &self.level, constraints: self.constraints.as_ref() }
    }
}

impl<O: Objective> Clone for Units<'_, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O: Objective> Copy for Units<'_, O> {}

impl<'a, O: Objective> Units<'a, O> {
    /// Units that may move as they like.
    pub fn new(couplings: &'a Couplings, level: &'a O::Level) -> Self {
        Self { couplings, level, constraints: None }
    }

    /// The same units, their moves restricted by `constraints`.
    pub fn constrained(self, constraints: &'a UnitConstraints) -> Self {
        Self { constraints: Some(constraints), ..self }
    }

    /// What moves must respect, if anything.
    pub fn constraints(&self) -> Option<&'a UnitConstraints> {
        self.constraints
    }

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
        internal_couplings(self.couplings, partition)
    }

    /// The objective's value of a partition, computed from scratch. O(units + links).
    pub fn value(&self, objective: &O, partition: &Partition) -> f64 {
        objective.value(&objective.state(self.level, partition, &self.internal_couplings(partition), 0))
    }

    /// The modules of `partition` as units of the next coarser level, and the sum of the couplings of all pairs inside each.
    /// O(units + links).
    pub fn consolidate(&self, objective: &O, partition: &Partition) -> (OwnedUnits<O>, Vec<f64>) {
        let (couplings, internal) = consolidate_couplings(self.couplings, partition);
        let level = objective.consolidate(self.level, partition, &internal);
        let constraints = self.constraints.map(|constraints| constraints.consolidate(partition));
        (OwnedUnits { couplings: couplings.into(), level, constraints }, internal)
    }

    /// The given units and the couplings among them, free to move. `position` has one entry per unit of `self`, all `u32::MAX`,
    /// and is left like that. O(units given and their links).
    pub fn restrict(&self, objective: &O, units: &[u32], position: &mut [u32]) -> OwnedUnits<O> {
        let couplings = restrict_couplings(self.couplings, units, position);
        OwnedUnits::new(couplings, objective.restrict(self.level, units))
    }

    /// The same, under the constraints that `self` is under.
    pub fn restrict_constrained(&self, objective: &O, units: &[u32], position: &mut [u32]) -> OwnedUnits<O> {
        OwnedUnits {
            constraints: self.constraints.map(|constraints| constraints.restrict(units)),
            ..self.restrict(objective, units, position)
        }
    }
}

/// The couplings among the given units, which are renumbered in the given order. `position` as in [`Units::restrict`].
pub fn restrict_couplings(couplings: &Couplings, units: &[u32], position: &mut [u32]) -> Couplings {
    for (new, &unit) in units.iter().enumerate() {
        position[unit as usize] = new as u32;
    }
    let listed = restrict_listed(couplings.listed(), units, position);
    let factored = couplings.factored().map(|factored| factored.restrict(units, position));
    for &unit in units {
        position[unit as usize] = u32::MAX;
    }
    Couplings::new(listed, factored)
}

/// The same of those that are listed, for units in the given positions.
fn restrict_listed(couplings: &Csr, units: &[u32], position: &[u32]) -> Csr {
    // Room for all links of the units: what is not written takes no memory, and growing would take twice as much.
    let most = units.iter().map(|&unit| couplings.degree(unit as usize)).sum();
    let mut rows = Rows { offsets: Vec::with_capacity(units.len() + 1), targets: vec![0; most] };
    let values = match couplings.values() {
        LinkValues::Same(value) => {
            rows.collect(couplings, units, position, |_, _, _, _| {});
            LinkValues::Same(*value)
        }
        own => resolve_values!(own, own => {
            let mut values = vec![0.0; most];
            rows.collect(couplings, units, position, |place, unit, other, link| values[place] = own.at(unit, other, link));
            values.truncate(rows.targets.len());
            LinkValues::Each(values.into())
        }),
    };
    Csr::new(rows.offsets.into(), rows.targets.into(), values)
}

/// Rows of some of the units, which are renumbered.
struct Rows {
    offsets: Vec<usize>,
    targets: Vec<u32>,
}

impl Rows {
    /// Fills the rows with the links among `units`; `put` is told the place of each, its ends and its number. Without branches on which
    /// links these are, which would be mispredicted: what is put in the place of a link that leads elsewhere is overwritten.
    fn collect(
        &mut self,
        couplings: &Csr,
        units: &[u32],
        position: &[u32],
        mut put: impl FnMut(usize, usize, usize, usize),
    ) {
        let mut end = 0;
        self.offsets.push(end);
        for (place, &unit) in units.iter().enumerate() {
            couplings.prefetch(|ahead| units.get(place + ahead).copied());
            let unit = unit as usize;
            for link in couplings.range(unit) {
                let other = couplings.targets()[link] as usize;
                self.targets[end] = position[other];
                put(end, unit, other, link);
                end += usize::from(position[other] != u32::MAX);
            }
            self.offsets.push(end);
        }
        self.targets.truncate(end);
    }
}
