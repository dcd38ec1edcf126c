//! Constraints on partitions of nodes: fixed nodes, and sizes of modules.

use mapeq_core::Partition;

use crate::levels::unit_constraints::{SizeBounds, UnitConstraints};

/// Constraints that a partition of nodes must satisfy.
#[derive(Clone, Copy, Debug, Default)]
pub struct Constraints<'a> {
    /// A label for every fixed node, [`None`] for the others.
    ///
    /// Nodes of one label end in the same module, nodes of different labels in different modules.
    /// Other nodes may join them.
    pub fixed: Option<&'a [Option<u32>]>,
    /// Bounds on the size of modules.
    pub sizes: SizeBounds,
}

impl Constraints<'_> {
    /// Returns whether nothing is constrained.
    pub fn is_empty(&self) -> bool {
        self.fixed.is_none() && self.sizes == SizeBounds::default()
    }

    /// Returns the constraints on nodes as units, or [`None`] if nothing is constrained. Fixed
    /// nodes are frozen.
    pub fn for_nodes(&self) -> Option<UnitConstraints> {
        let frozen = || self.fixed.map_or(Box::default(), |fixed| fixed.iter().map(Option::is_some).collect());
        (!self.is_empty()).then(|| UnitConstraints::new(self.sizes).with_frozen(frozen()))
    }

    /// Contracts the fixed nodes of each label to one frozen unit. Every other of the `nodes` nodes
    /// is a unit.
    ///
    /// Frozen units do not move, so nodes of one label stay together, and apart from those of other
    /// labels. Returns the unit of every node, and the constraints on units.
    pub fn contract(&self, nodes: usize) -> (Partition, UnitConstraints) {
        let constraints = UnitConstraints::new(self.sizes);
        match self.fixed {
            None => (Partition::singletons(nodes), constraints),
            Some(fixed) => {
                let (contracted, frozen) = contract(fixed);
                let constraints = constraints.consolidate(&contracted).with_frozen(frozen);
                (contracted, constraints)
            }
        }
    }
}

/// Contracts the nodes of each label to one unit. Returns the unit of every node, and whether each
/// unit is a label.
fn contract(fixed: &[Option<u32>]) -> (Partition, Box<[bool]>) {
    let labels = fixed.iter().flatten().max().map_or(0, |&max| max as usize + 1);
    let mut next = labels as u32;
    let contracted = fixed.iter().map(|label| {
        label.unwrap_or_else(|| {
            next += 1;
            next - 1
        })
    });
    let contracted = Partition::from_labels(contracted.collect());
    let mut frozen = vec![false; contracted.modules()];
    for (node, _) in fixed.iter().enumerate().filter(|(_, label)| label.is_some()) {
        frozen[contracted.module(node)] = true;
    }
    (contracted, frozen.into())
}

/// Returns the partition of units that corresponds to a partition of nodes.
///
/// Each unit goes where its first node is. Of the frozen units in a module only the first one stays
/// there, and the others get modules of their own.
pub(crate) fn coarsened(partition: &Partition, contracted: &Partition, constraints: &UnitConstraints) -> Partition {
    const NONE: u32 = u32::MAX;
    let mut labels = vec![NONE; contracted.modules()];
    let mut holder = vec![NONE; partition.modules()];
    let mut next = partition.modules() as u32;
    for node in 0..partition.len() {
        let (unit, module) = (contracted.module(node), partition.module(node));
        if labels[unit] != NONE {
            continue;
        }
        labels[unit] = module as u32;
        if constraints.is_frozen(unit) {
            if holder[module] == NONE {
                holder[module] = unit as u32;
            } else {
                labels[unit] = next;
                next += 1;
            }
        }
    }
    Partition::from_labels(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_become_units_that_keep_apart() {
        let (contracted, frozen) = contract(&[None, Some(1), Some(0), Some(1), None]);
        assert_eq!(contracted.labels(), [0, 1, 2, 1, 3]);
        assert_eq!(*frozen, [false, true, true, false]);
        let constraints = UnitConstraints::new(SizeBounds::default()).with_frozen(frozen);
        let all = coarsened(&Partition::one_module(5), &contracted, &constraints);
        assert_eq!(all.labels(), [0, 0, 1, 0]);
    }
}
