//! What the units of a level carry.

use mapeq_core::Partition;

/// An amount of one label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Portion {
    /// The label's number among those of the level.
    pub label: u32,
    /// Number of units that carry it.
    pub units: u32,
    /// How much of it.
    pub amount: f64,
}

/// Portions of labels for every unit of a level, by ascending label in each; labels are numbered without gaps.
#[derive(Clone, Debug)]
pub struct Carried {
    offsets: Box<[usize]>,
    portions: Box<[Portion]>,
    /// What all units carry together, by label.
    totals: Box<[f64]>,
}

impl Carried {
    /// Units that carry one portion each, of any labels. O(n log n).
    pub(crate) fn one_each(portions: Vec<Portion>) -> Self {
        Self::new((0..=portions.len()).collect(), portions)
    }

    fn new(offsets: Box<[usize]>, mut portions: Vec<Portion>) -> Self {
        let mut labels: Vec<u32> = portions.iter().map(|portion| portion.label).collect();
        labels.sort_unstable();
        labels.dedup();
        let mut totals = vec![0.0; labels.len()];
        for portion in &mut portions {
            let number = labels.binary_search(&portion.label).expect("one of the labels");
            portion.label = number as u32;
            totals[number] += portion.amount;
        }
        Self { offsets, portions: portions.into(), totals: totals.into() }
    }

    /// What one unit carries.
    #[inline(always)]
    pub(crate) fn by(&self, unit: usize) -> &[Portion] {
        &self.portions[self.offsets[unit]..self.offsets[unit + 1]]
    }

    /// What all units carry together, by label.
    pub(crate) fn totals(&self) -> &[f64] {
        &self.totals
    }

    /// Makes `load` what the given units carry together. O(n log n) in the number of their portions.
    pub(crate) fn together(&self, units: &[u32], load: &mut Vec<Portion>) {
        load.clear();
        units.iter().for_each(|&unit| load.extend_from_slice(self.by(unit as usize)));
        if units.len() > 1 {
            // Stable: amounts are added in the order of the units.
            load.sort_by_key(|portion| portion.label);
            load.dedup_by(|next, sum| {
                let same = next.label == sum.label;
                if same {
                    sum.units += next.units;
                    sum.amount += next.amount;
                }
                same
            });
        }
    }

    /// What the given units carry, in the given order.
    pub(crate) fn restrict(&self, units: &[u32]) -> Self {
        let mut portions = Vec::with_capacity(units.len());
        let mut offsets = Vec::with_capacity(units.len() + 1);
        offsets.push(0);
        for &unit in units {
            portions.extend_from_slice(self.by(unit as usize));
            offsets.push(portions.len());
        }
        Self::new(offsets.into(), portions)
    }

    /// What the modules of `partition` carry as units.
    pub(crate) fn consolidate(&self, partition: &Partition) -> Self {
        let (starts, units) = partition.members();
        let mut portions = Vec::with_capacity(self.portions.len());
        let mut offsets = Vec::with_capacity(starts.len());
        offsets.push(0);
        let mut load = Vec::new();
        for ends in starts.windows(2) {
            self.together(&units[ends[0]..ends[1]], &mut load);
            portions.extend(load.iter().map(|portion| Portion { units: 1, ..*portion }));
            offsets.push(portions.len());
        }
        Self { offsets: offsets.into(), portions: portions.into(), totals: self.totals.clone() }
    }
}
