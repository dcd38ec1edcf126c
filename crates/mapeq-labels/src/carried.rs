//! What the units of a level carry.

use std::sync::Arc;

use mapeq_core::{Partition, plogp};

/// An amount of one label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Portion {
    /// The label's number among those of the level.
    pub label: u32,
    /// Number of units that carry it.
    pub units: u32,
    /// How much of it.
    pub amount: f64,
    /// h of that amount.
    pub term: f64,
}

impl Portion {
    /// Carried by one unit.
    pub(crate) fn of_one(label: u32, amount: f64) -> Self {
        Self { label, units: 1, amount, term: plogp(amount) }
    }
}

/// Portions of labels for every unit of a level, by ascending label in each; labels are numbered without gaps.
#[derive(Clone, Debug)]
pub struct Carried {
    offsets: Box<[u32]>,
    portions: Box<[Portion]>,
    /// What all units carry together, by label.
    totals: Box<[f64]>,
    /// Where as many places begin for each label as units carry it, and behind the last one their number.
    starts: Arc<[u32]>,
    /// What the codewords of labels cost that are left out, by unit; nothing where all labels are kept.
    settled: Option<Box<[f64]>>,
}

impl Carried {
    /// Units that carry one portion each, of any labels. O(n log n).
    pub(crate) fn one_each(portions: Vec<Portion>) -> Self {
        Self::new((0..=portions.len() as u32).collect(), portions, None)
    }

    /// The same units without the labels that only one of them carries, here and where they are consolidated or restricted. Whichever
    /// module such a unit is in, the codeword of the label is used as often.
    pub(crate) fn shared(self) -> Self {
        let settled = vec![0.0; self.offsets.len() - 1].into();
        Self::new(self.offsets.into(), self.portions.into(), Some(settled))
    }

    fn new(mut offsets: Vec<u32>, mut portions: Vec<Portion>, mut settled: Option<Box<[f64]>>) -> Self {
        const LEFT_OUT: u32 = u32::MAX;
        let mut order: Vec<u64> = (0..).zip(&portions).map(|(place, own)| u64::from(own.label) << 32 | place).collect();
        order.sort_unstable();
        let (mut totals, mut starts) = (Vec::new(), vec![0]);
        let mut kept = 0;
        for carriers in order.chunk_by(|a, b| a >> 32 == b >> 32) {
            let places = carriers.iter().map(|&carrier| carrier as u32 as usize);
            let label = if settled.is_some() && carriers.len() == 1 {
                LEFT_OUT
            } else {
                totals.push(places.clone().map(|place| portions[place].amount).sum());
                kept += carriers.len() as u32;
                starts.push(kept);
                totals.len() as u32 - 1
            };
            places.for_each(|place| portions[place].label = label);
        }
        if let Some(settled) = settled.as_mut().filter(|_| (kept as usize) < portions.len()) {
            let (mut start, mut behind) = (0, 0);
            for (end, settled) in offsets[1..].iter_mut().zip(settled) {
                for portion in &portions[start..*end as usize] {
                    match portion.label {
                        LEFT_OUT => *settled -= portion.term,
                        _ => behind += 1,
                    }
                }
                start = std::mem::replace(end, behind) as usize;
            }
            portions.retain(|portion| portion.label != LEFT_OUT);
        }
        let (offsets, portions) = (offsets.into(), portions.into());
        Self { offsets, portions, totals: totals.into(), starts: starts.into(), settled }
    }

    /// What one unit carries.
    #[inline(always)]
    pub(crate) fn by(&self, unit: usize) -> &[Portion] {
        &self.portions[self.offsets[unit] as usize..self.offsets[unit + 1] as usize]
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
    pub(crate) fn settled(&self) -> f64 {
        self.settled.iter().flatten().sum()
    }

    /// Makes `bundle` what the given units carry together. O(n log n) in the number of their portions.
    pub(crate) fn together(&self, units: &[u32], bundle: &mut Vec<Portion>) {
        bundle.clear();
        units.iter().for_each(|&unit| bundle.extend_from_slice(self.by(unit as usize)));
        if units.len() > 1 {
            // Stable: amounts are added in the order of the units.
            bundle.sort_by_key(|portion| portion.label);
            bundle.dedup_by(|next, sum| {
                let same = next.label == sum.label;
                if same {
                    sum.units += next.units;
                    sum.amount += next.amount;
                }
                same
            });
            for portion in bundle.iter_mut().filter(|portion| portion.units > 1) {
                portion.term = plogp(portion.amount);
            }
        }
    }

    /// What the given units carry, in the given order.
    pub(crate) fn restrict(&self, units: &[u32]) -> Self {
        let mut portions = Vec::with_capacity(units.len());
        let mut offsets = Vec::with_capacity(units.len() + 1);
        offsets.push(0);
        for &unit in units {
            portions.extend_from_slice(self.by(unit as usize));
            offsets.push(portions.len() as u32);
        }
        let settled = self.settled.as_ref().map(|settled| units.iter().map(|&unit| settled[unit as usize]).collect());
        Self::new(offsets, portions, settled)
    }

    /// What the modules of `partition` carry as units.
    pub(crate) fn consolidate(&self, partition: &Partition) -> Self {
        let (starts, units) = partition.members();
        let mut portions = Vec::with_capacity(self.portions.len());
        let mut offsets = Vec::with_capacity(starts.len());
        offsets.push(0);
        let mut bundle = Vec::new();
        for ends in starts.windows(2) {
            self.together(&units[ends[0]..ends[1]], &mut bundle);
            portions.extend(bundle.iter().map(|portion| Portion { units: 1, ..*portion }));
            offsets.push(portions.len() as u32);
        }
        let of_module = |ends: &[usize], settled: &[f64]| -> f64 {
            units[ends[0]..ends[1]].iter().map(|&unit| settled[unit as usize]).sum()
        };
        let settled = self.settled.as_ref().map(|own| starts.windows(2).map(|ends| of_module(ends, own)).collect());
        Self::new(offsets, portions, settled)
    }
}
