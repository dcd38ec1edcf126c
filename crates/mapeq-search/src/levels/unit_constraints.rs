//! Constraints on moves: frozen units, and sizes of modules.

use mapeq_core::Partition;

/// Bounds on the size of modules, in nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeBounds {
    /// Lower bound. Modules may stay smaller only if there is no module that they can join.
    pub min: u32,
    /// Upper bound.
    pub max: u32,
}

impl Default for SizeBounds {
    fn default() -> Self {
        Self { min: 1, max: u32::MAX }
    }
}

/// Constraints on the moves of the units of one level.
///
/// A frozen unit never moves, but others may join and leave its module. So frozen units that begin
/// in different modules never share one. Modules do not grow beyond the largest size, nor shrink
/// below the smallest one.
#[derive(Clone, Debug)]
pub struct UnitConstraints {
    /// Whether each unit is frozen. Empty if none is.
    frozen: Box<[bool]>,
    /// Number of nodes in each unit. Empty if each unit is a node.
    nodes: Box<[u32]>,
    sizes: SizeBounds,
}

impl UnitConstraints {
    /// Creates constraints on nodes, none of which is frozen.
    pub fn new(sizes: SizeBounds) -> Self {
        Self { frozen: Box::default(), nodes: Box::default(), sizes }
    }

    /// Freezes the marked units, and no others.
    pub fn with_frozen(self, frozen: Box<[bool]>) -> Self {
        Self { frozen, ..self }
    }

    /// Returns the bounds on the size of modules.
    pub fn sizes(&self) -> SizeBounds {
        self.sizes
    }

    /// Returns whether `unit` must stay in its module.
    pub fn is_frozen(&self, unit: usize) -> bool {
        self.frozen.get(unit).copied().unwrap_or(false)
    }

    /// Returns whether each unit is frozen. Empty if none is.
    pub(crate) fn frozen(&self) -> &[bool] {
        &self.frozen
    }

    /// Returns the number of nodes in `unit`.
    pub fn nodes(&self, unit: usize) -> u32 {
        self.nodes.get(unit).copied().unwrap_or(1)
    }

    /// Returns the number of nodes in every module of `partition`.
    pub fn nodes_in(&self, partition: &Partition) -> Vec<u32> {
        let mut nodes = vec![0; partition.modules()];
        for unit in 0..partition.len() {
            nodes[partition.module(unit)] += self.nodes(unit);
        }
        nodes
    }

    /// Returns the constraints on the modules of `partition` as units. A module is frozen if one of
    /// its units is.
    pub fn consolidate(&self, partition: &Partition) -> Self {
        let mut frozen = vec![false; if self.frozen.is_empty() { 0 } else { partition.modules() }];
        for (unit, _) in self.frozen.iter().enumerate().filter(|(_, frozen)| **frozen) {
            frozen[partition.module(unit)] = true;
        }
        Self { frozen: frozen.into(), nodes: self.nodes_in(partition).into(), sizes: self.sizes }
    }

    /// Returns the constraints on the given units.
    pub fn restrict(&self, units: &[u32]) -> Self {
        let index = |unit: &u32| *unit as usize;
        let frozen = if self.frozen.is_empty() {
            Box::default()
        } else {
            units.iter().map(|unit| self.is_frozen(index(unit))).collect()
        };
        Self { frozen, nodes: units.iter().map(|unit| self.nodes(index(unit))).collect(), sizes: self.sizes }
    }

    /// Returns whether `partition` satisfies the constraints: the size of every module is within
    /// the bounds, and no module has two frozen units.
    pub fn allow(&self, partition: &Partition) -> bool {
        let sizes = self.sizes.min..=self.sizes.max;
        let mut frozen_in = vec![0u32; partition.modules()];
        (0..partition.len())
            .filter(|&unit| self.is_frozen(unit))
            .for_each(|unit| frozen_in[partition.module(unit)] += 1);
        self.nodes_in(partition).iter().all(|nodes| sizes.contains(nodes))
            && frozen_in.iter().all(|&frozen| frozen <= 1)
    }

    /// Returns whether a unit of `own` nodes may leave a module of `module` nodes.
    ///
    /// A module that is too small already may shrink further.
    #[inline(always)]
    pub(crate) fn may_leave(&self, own: u32, module: u32) -> bool {
        own == module || module < self.sizes.min || module - own >= self.sizes.min
    }

    /// Returns whether a unit of `own` nodes may join a module of `module` nodes.
    #[inline(always)]
    pub(crate) fn may_join(&self, own: u32, module: u32) -> bool {
        let together = own + module;
        together <= self.sizes.max && (module > 0 || together >= self.sizes.min)
    }

    /// Returns whether all units may be in one module.
    pub(crate) fn allow_one_module(&self, units: usize) -> bool {
        let nodes: u64 = (0..units).map(|unit| u64::from(self.nodes(unit))).sum();
        nodes <= u64::from(self.sizes.max) && self.frozen.iter().filter(|&&frozen| frozen).count() <= 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_inherit_the_rules_of_their_units() {
        let constraints =
            UnitConstraints::new(SizeBounds { min: 2, max: 3 }).with_frozen([false, true, false, false].into());
        let coarse = constraints.consolidate(&Partition::from_labels(vec![0, 0, 1, 2]));
        assert_eq!([0, 1, 2].map(|unit| coarse.is_frozen(unit)), [true, false, false]);
        assert_eq!([0, 1, 2].map(|unit| coarse.nodes(unit)), [2, 1, 1]);
        assert!(coarse.may_join(1, 2) && !coarse.may_join(2, 2) && !coarse.may_join(1, 0));
        assert!(coarse.may_leave(1, 1) && coarse.may_leave(1, 3) && !coarse.may_leave(1, 2));
        assert!(!coarse.allow_one_module(3));
        let allowed = |labels: &[u32]| constraints.allow(&Partition::from_labels(labels.to_vec()));
        assert!(allowed(&[0, 0, 1, 1]) && !allowed(&[0, 0, 0, 1]) && !allowed(&[0, 0, 0, 0]));
        let inside = constraints.restrict(&[3, 1]);
        assert!(!inside.is_frozen(0) && inside.is_frozen(1) && inside.sizes() == constraints.sizes());
        assert!(!coarse.with_frozen([true, true, false].into()).allow(&Partition::from_labels(vec![0, 0, 1])));
    }
}
