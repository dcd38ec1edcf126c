//! Amounts of labels that the units of a level carry.

use std::sync::Arc;

use mapeq_core::{Partition, plogp};

/// An amount of one label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelAmount {
    /// Number of the label among those of the level.
    pub label: u32,
    /// Number of units that carry it.
    pub units: u32,
    /// Amount of the label.
    pub sum: f64,
    /// Term h(p) of the amount p.
    pub term: f64,
}

impl LabelAmount {
    /// Creates an amount that one unit carries.
    pub(crate) fn single(label: u32, sum: f64) -> Self {
        Self { label, units: 1, sum, term: plogp(sum) }
    }
}

/// Amounts of labels for every unit of a level, in ascending order of the labels, which are
/// numbered without gaps.
#[derive(Clone, Debug)]
pub struct UnitLabels {
    offsets: Box<[u32]>,
    amounts: Box<[LabelAmount]>,
    /// Total amount that all units carry, by label.
    totals: Box<[f64]>,
    /// Start of each label's places, one for each unit that carries it. The last entry is the
    /// number of places.
    starts: Arc<[u32]>,
    /// Cost of the codewords that are left out, by unit. `None` if all labels are kept.
    unshared_terms: Option<Box<[f64]>>,
}

impl UnitLabels {
    /// Creates units that carry one amount each, of any labels. O(n log n).
    pub(crate) fn one_each(amounts: Vec<LabelAmount>) -> Self {
        Self::new((0..=amounts.len() as u32).collect(), amounts, None)
    }

    /// Returns the units without labels that only one unit carries. Consolidated and restricted
    /// units leave out such labels, too.
    ///
    /// The use rate of such a codeword does not depend on the module of the unit.
    pub(crate) fn shared(self) -> Self {
        let unshared_terms = vec![0.0; self.offsets.len() - 1].into();
        Self::new(self.offsets.into(), self.amounts.into(), Some(unshared_terms))
    }

    fn new(mut offsets: Vec<u32>, mut amounts: Vec<LabelAmount>, mut unshared_terms: Option<Box<[f64]>>) -> Self {
        const LEFT_OUT: u32 = u32::MAX;
        let mut order: Vec<u64> = (0..).zip(&amounts).map(|(place, own)| u64::from(own.label) << 32 | place).collect();
        order.sort_unstable();
        let (mut totals, mut starts) = (Vec::new(), vec![0]);
        let mut kept = 0;
        for carriers in order.chunk_by(|a, b| a >> 32 == b >> 32) {
            let places = carriers.iter().map(|&carrier| carrier as u32 as usize);
            let label = if unshared_terms.is_some() && carriers.len() == 1 {
                LEFT_OUT
            } else {
                totals.push(places.clone().map(|place| amounts[place].sum).sum());
                kept += carriers.len() as u32;
                starts.push(kept);
                totals.len() as u32 - 1
            };
            places.for_each(|place| amounts[place].label = label);
        }
        if let Some(unshared_terms) = unshared_terms.as_mut().filter(|_| (kept as usize) < amounts.len()) {
            let (mut start, mut behind) = (0, 0);
            for (end, term) in offsets[1..].iter_mut().zip(unshared_terms) {
                for amount in &amounts[start..*end as usize] {
                    match amount.label {
                        LEFT_OUT => *term -= amount.term,
                        _ => behind += 1,
                    }
                }
                start = std::mem::replace(end, behind) as usize;
            }
            amounts.retain(|amount| amount.label != LEFT_OUT);
        }
        let (offsets, amounts) = (offsets.into(), amounts.into());
        Self { offsets, amounts, totals: totals.into(), starts: starts.into(), unshared_terms }
    }

    /// Returns the amounts that one unit carries.
    #[inline(always)]
    pub(crate) fn by(&self, unit: usize) -> &[LabelAmount] {
        &self.amounts[self.offsets[unit] as usize..self.offsets[unit + 1] as usize]
    }

    /// Returns the total amount that all units carry, by label.
    pub(crate) fn totals(&self) -> &[f64] {
        &self.totals
    }

    /// Returns the start of each label's places for the modules that contain it.
    pub(crate) fn starts(&self) -> &Arc<[u32]> {
        &self.starts
    }

    /// Returns the cost of the codewords that are left out. O(units).
    pub(crate) fn unshared_term(&self) -> f64 {
        self.unshared_terms.iter().flatten().sum()
    }

    /// Stores in `bundle` the total amounts of the given units. O(n log n) in the number of their
    /// amounts.
    pub(crate) fn together(&self, units: &[u32], bundle: &mut Vec<LabelAmount>) {
        bundle.clear();
        units.iter().for_each(|&unit| bundle.extend_from_slice(self.by(unit as usize)));
        if units.len() > 1 {
            // The sort is stable, so that amounts are added in the order of the units.
            bundle.sort_by_key(|amount| amount.label);
            bundle.dedup_by(|next, amount| {
                let same = next.label == amount.label;
                if same {
                    amount.units += next.units;
                    amount.sum += next.sum;
                }
                same
            });
            for amount in bundle.iter_mut().filter(|amount| amount.units > 1) {
                amount.term = plogp(amount.sum);
            }
        }
    }

    /// Returns the amounts of the given units, in the given order.
    pub(crate) fn restrict(&self, units: &[u32]) -> Self {
        let mut amounts = Vec::with_capacity(units.len());
        let mut offsets = Vec::with_capacity(units.len() + 1);
        offsets.push(0);
        for &unit in units {
            amounts.extend_from_slice(self.by(unit as usize));
            offsets.push(amounts.len() as u32);
        }
        let unshared_terms =
            self.unshared_terms.as_ref().map(|terms| units.iter().map(|&unit| terms[unit as usize]).collect());
        Self::new(offsets, amounts, unshared_terms)
    }

    /// Returns the amounts of the modules of `partition` as units.
    pub(crate) fn consolidate(&self, partition: &Partition) -> Self {
        let (starts, units) = partition.members();
        let mut amounts = Vec::with_capacity(self.amounts.len());
        let mut offsets = Vec::with_capacity(starts.len());
        offsets.push(0);
        let mut bundle = Vec::new();
        for ends in starts.windows(2) {
            self.together(&units[ends[0]..ends[1]], &mut bundle);
            amounts.extend(bundle.iter().map(|amount| LabelAmount { units: 1, ..*amount }));
            offsets.push(amounts.len() as u32);
        }
        let of_module = |ends: &[usize], terms: &[f64]| -> f64 {
            units[ends[0]..ends[1]].iter().map(|&unit| terms[unit as usize]).sum()
        };
        let unshared_terms =
            self.unshared_terms.as_ref().map(|own| starts.windows(2).map(|ends| of_module(ends, own)).collect());
        Self::new(offsets, amounts, unshared_terms)
    }
}
