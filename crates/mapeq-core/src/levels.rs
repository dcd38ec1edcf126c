//! A preferred number of levels of a tree, as a term of the objective.

use std::f64::consts::LN_2;

use crate::tree::Tree;

/// A penalty for nodes at other than the preferred number of levels.
///
/// The levels of a node include its own: there are 2 in a flat partition. Each visit of a node pays
///
/// ```text
/// strength · (levels − preferred)² / (2 ln 2)   bits
/// ```
///
/// This is the code length under a normal distribution of the levels with variance 1 / strength. A
/// new level around some nodes lowers the objective if it costs less than the following per visit
/// of these nodes, with `levels` after the change:
///
/// ```text
/// strength · (preferred − levels + ½) / ln 2   bits
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PreferredLevels {
    /// Number of levels without a penalty.
    pub levels: u32,
    /// Factor of the penalty.
    pub strength: f64,
}

impl PreferredLevels {
    /// Returns the penalty per visit of a node at `levels` levels, minus that in a flat partition,
    /// in bits.
    #[inline]
    pub fn penalty(&self, levels: u32) -> f64 {
        let distance = |levels: u32| (f64::from(levels) - f64::from(self.levels)).powi(2);
        self.strength * (distance(levels) - distance(FLAT)) / (2.0 * LN_2)
    }

    /// Returns the change of the penalty per visit of a node that moves between numbers of levels,
    /// in bits.
    #[inline]
    pub fn change(&self, from: u32, to: u32) -> f64 {
        self.penalty(to) - self.penalty(from)
    }

    /// Returns the penalty of a tree in bits per step, with `visits` the visit rate of each unit.
    ///
    /// # Complexity
    /// O(units).
    pub fn of_tree(&self, tree: &Tree, visits: impl Fn(usize) -> f64) -> f64 {
        let level = |unit: usize| tree.modules()[tree.leaf_modules()[unit] as usize].depth + 1;
        (0..tree.nodes()).map(|unit| visits(unit) * self.penalty(level(unit))).sum()
    }
}

/// Number of levels of a flat partition.
const FLAT: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_may_cost_as_much_as_the_preference_saves() {
        let preferred = PreferredLevels { levels: 4, strength: 0.5 };
        assert_eq!(preferred.penalty(2), 0.0);
        for levels in 2..8 {
            let slack = 0.5 * (4.0 - f64::from(levels) + 0.5) / LN_2;
            assert!((preferred.change(levels - 1, levels) + slack).abs() < 1e-15);
        }
    }
}
