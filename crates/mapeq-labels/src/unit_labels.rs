//! What the units of a level carry.

use std::sync::Arc;

use mapeq_core::{Partition, plogp};

/// An amount of one label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelAmount {
    /// The label's number among those of the level.
    pub label: u32,
    /// Number of units that carry it.
    pub units: u32,
    /// How much of it.
    pub sum: f64,
    /// h of that amount.
    pub term: f64,
}

impl LabelAmount {
    /// Carried by one unit.
    pub(crate) fn single(label: u32, sum: f64) -> Self {
        Self { label, units: 1, sum, term: plogp(sum) }
    }
}

/// Portions of labels for every unit of a level, by ascending label in each; labels are numbered without gaps.
#[derive(Clone, Debug)]
pub struct UnitLabels {
    offsets: Box<[u32]>,
    amounts: Box<[LabelAmount]>,
    /// What all units carry together, by label.
    totals: Box<[f64]>,
    /// Where as many places begin for each label as units carry it, and behind the last one their number.
    starts: Arc<[u32]>,
    /// What the codewords of labels cost that are left out, by unit; nothing where all labels are kept.
    unshared_terms: Option<Box<[f64]>>,
}

impl UnitLabels {
    /// Units that carry one amount each, of any labels. O(n log n).
    pub(crate) fn one_each(amounts: Vec<LabelAmount>) -> Self {
        Self::new((0..=amounts.len() as u32).collect(), amounts, None)
    }

    /// The same units without the labels that only one of them carries, here and where they are consolidated or restricted. Whichever
    /// module such a unit is in, the codeword of the label is used as often.
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

    /// What one unit carries.
    #[inline(always)]
    pub(crate) fn by(&self, unit: usize) -> &[LabelAmount] {
        &self.amounts[self.offsets[unit] as usize..self.offsets[unit + 1] as usize]
    }

    /// What all units carry together, by label.
    pub(crate) fn totals(&self) -> &[f64] {
        &self.totals
    }

    /// Places for the modules that contain each label.
    pub(crate) fn starts(&self) -> &Arc<[u32]> {
        &self.starts
    }

    /// What the codewords of labels cost that are left out. O(units).
    pub(crate) fn unshared_term(&self) -> f64 {
        self.unshared_terms.iter().flatten().sum()
    }

    /// Makes `bundle` what the given units carry together. O(n log n) in the number of their amounts.
    pub(crate) fn together(&self, units: &[u32], bundle: &mut Vec<LabelAmount>) {
        bundle.clear();
        units.iter().for_each(|&unit| bundle.extend_from_slice(self.by(unit as usize)));
        if units.len() > 1 {
            // Stable: amounts are added in the order of the units.
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

    /// What the given units carry, in the given order.
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

    /// What the modules of `partition` carry as units.
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
