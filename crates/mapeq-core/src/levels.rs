//! A preference for trees of so many levels, as a part of what a search minimises.

use std::f64::consts::LN_2;

use crate::tree::Tree;

/// Nodes are preferred at a number of levels, their own counted: 2 in a flat partition. Each step of the walk pays for how far
/// the node it visits is from there,
///
/// ```text
/// strength · (levels − preferred)² / (2 ln 2)   bits
/// ```
///
/// which is what a normal distribution of the levels says, of variance 1 / strength. A new level around some nodes may therefore
/// cost strength · (preferred − levels + ½) / ln 2 bits for each visit of theirs, `levels` being what they come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PreferredLevels {
    /// The number of levels that costs nothing.
    pub levels: u32,
    /// How much a level more or less counts.
    pub strength: f64,
}

impl PreferredLevels {
    /// What a visit of a node at so many levels pays, in bits, more than in a flat partition.
    #[inline]
    pub fn penalty(&self, levels: u32) -> f64 {
        let distance = |levels: u32| (f64::from(levels) - f64::from(self.levels)).powi(2);
        self.strength * (distance(levels) - distance(FLAT)) / (2.0 * LN_2)
    }

    /// What a visit of a node pays more where it comes from so many levels to others.
    #[inline]
    pub fn change(&self, from: u32, to: u32) -> f64 {
        self.penalty(to) - self.penalty(from)
    }

    /// What a tree pays, in bits per step, where `visits` tells how often each unit is visited per step. O(units).
    pub fn of_tree(&self, tree: &Tree, visits: impl Fn(usize) -> f64) -> f64 {
        let level = |unit: usize| tree.modules()[tree.leaf_modules()[unit] as usize].depth + 1;
        (0..tree.nodes()).map(|unit| visits(unit) * self.penalty(level(unit))).sum()
    }
}

/// Levels of a flat partition.
const FLAT: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_may_cost_what_the_preference_says() {
        let preferred = PreferredLevels { levels: 4, strength: 0.5 };
        assert_eq!(preferred.penalty(2), 0.0);
        for levels in 2..8 {
            let slack = 0.5 * (4.0 - f64::from(levels) + 0.5) / LN_2;
            assert!((preferred.change(levels - 1, levels) + slack).abs() < 1e-15);
        }
    }
}
