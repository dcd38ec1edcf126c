//! The units of one level and the couplings between them.

use mapeq_core::{Couplings, Csr, LinkValues, Objective, Partition, Values, resolve_values};

use crate::levels::consolidation::{consolidate_couplings, internal_couplings};
use crate::levels::unit_constraints::UnitConstraints;

/// The units of one level, borrowed: their data, their couplings and the constraints on their
/// moves.
#[derive(Debug)]
pub struct Units<'a, O: Objective> {
    /// Symmetric couplings between units, without self-couplings: flow per step, both directions
    /// added.
    pub couplings: &'a Couplings,
    /// The objective's data of the units.
    pub level: &'a O::Level,
    /// Constraints on moves.
    pub(crate) constraints: Option<&'a UnitConstraints>,
}

/// [`Units`] with owned data: modules of a finer partition, or a part of the units of a level.
#[derive(Debug)]
pub struct OwnedUnits<O: Objective> {
    /// Symmetric couplings between units.
    pub couplings: Couplings,
    /// The objective's data of the units.
    pub level: O::Level,
    constraints: Option<UnitConstraints>,
}

impl<O: Objective> OwnedUnits<O> {
    /// Creates units without constraints.
    pub fn new(couplings: impl Into<Couplings>, level: O::Level) -> Self {
        Self { couplings: couplings.into(), level, constraints: None }
    }

    /// Borrows the units.
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
    /// Creates units without constraints.
    pub fn new(couplings: &'a Couplings, level: &'a O::Level) -> Self {
        Self { couplings, level, constraints: None }
    }

    /// Restricts the moves of the units by `constraints`.
    pub fn constrained(self, constraints: &'a UnitConstraints) -> Self {
        Self { constraints: Some(constraints), ..self }
    }

    /// Returns the constraints on moves.
    pub fn constraints(&self) -> Option<&'a UnitConstraints> {
        self.constraints
    }

    /// Number of units.
    pub fn len(&self) -> usize {
        self.couplings.rows()
    }

    /// Returns whether there is no unit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the sum of the couplings of all pairs inside each module. O(units + links).
    pub fn internal_couplings(&self, partition: &Partition) -> Vec<f64> {
        internal_couplings(self.couplings, partition)
    }

    /// Computes the objective's value of a partition from scratch. O(units + links).
    pub fn value(&self, objective: &O, partition: &Partition) -> f64 {
        objective.value(&objective.state(self.level, partition, &self.internal_couplings(partition), 0))
    }

    /// Returns the modules of `partition` as units of the next coarser level, and the sum of the
    /// couplings of all pairs inside each module. O(units + links).
    pub fn consolidate(&self, objective: &O, partition: &Partition) -> (OwnedUnits<O>, Vec<f64>) {
        let (couplings, internal) = consolidate_couplings(self.couplings, partition);
        let level = objective.consolidate(self.level, partition, &internal);
        let constraints = self.constraints.map(|constraints| constraints.consolidate(partition));
        (OwnedUnits { couplings: couplings.into(), level, constraints }, internal)
    }

    /// Returns the given units and the couplings among them, without constraints.
    ///
    /// `position` is a buffer with one entry per unit of `self`, all of them `u32::MAX` before and
    /// after the call. O(given units and their links).
    pub fn restrict(&self, objective: &O, units: &[u32], position: &mut [u32]) -> OwnedUnits<O> {
        let couplings = restrict_couplings(self.couplings, units, position);
        OwnedUnits::new(couplings, objective.restrict(self.level, units))
    }

    /// Returns the given units as [`restrict`](Self::restrict) does, under the constraints of
    /// `self`.
    pub fn restrict_constrained(&self, objective: &O, units: &[u32], position: &mut [u32]) -> OwnedUnits<O> {
        OwnedUnits {
            constraints: self.constraints.map(|constraints| constraints.restrict(units)),
            ..self.restrict(objective, units, position)
        }
    }
}

/// Returns the couplings among the given units, renumbered in the given order. `position` is a
/// buffer as in [`Units::restrict`].
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

/// Returns the listed couplings among the given units, which have the given positions.
fn restrict_listed(couplings: &Csr, units: &[u32], position: &[u32]) -> Csr {
    // Room for all links of the units. Untouched pages take no memory, and growing would take twice
    // as much.
    let max = units.iter().map(|&unit| couplings.degree(unit as usize)).sum();
    let mut rows = Rows { offsets: Vec::with_capacity(units.len() + 1), targets: vec![0; max] };
    let values = match couplings.values() {
        LinkValues::Same(value) => {
            rows.collect(couplings, units, position, |_, _, _, _| {});
            LinkValues::Same(*value)
        }
        own => resolve_values!(own, own => {
            let mut values = vec![0.0; max];
            rows.collect(couplings, units, position, |place, unit, other, link| values[place] = own.at(unit, other, link));
            values.truncate(rows.targets.len());
            LinkValues::Each(values.into())
        }),
    };
    Csr::new(rows.offsets.into(), rows.targets.into(), values)
}

/// Rows of renumbered units.
struct Rows {
    offsets: Vec<usize>,
    targets: Vec<u32>,
}

impl Rows {
    /// Fills the rows with the links among `units`.
    ///
    /// Calls `put` with the place of each link, its ends and its number. Whether a link stays
    /// inside is not a branch, which would be mispredicted: a link that leads elsewhere is
    /// overwritten by the next one.
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
