//! What modules contain.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::carried::Portion;

/// Amounts of labels in modules. Looked up, never walked through: the order of a hash map decides nothing.
#[derive(Clone, Debug)]
pub struct Held {
    /// By module and label.
    amounts: FxHashMap<u64, Holding>,
    /// All labels together, by module; modules behind the last one are empty.
    wholes: Vec<Amount>,
    /// By label, the modules that contain it, if that is of interest.
    holders: Option<Vec<Vec<u32>>>,
    /// What all modules pay for what they contain.
    pub(crate) value: f64,
}

/// An amount, and how many units carry it: none if and only if there is nothing, whatever rounding leaves behind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Amount {
    pub sum: f64,
    units: u32,
}

/// An amount of one label in one module, and the place of the module among those that contain the label.
#[derive(Clone, Copy, Debug)]
struct Holding {
    amount: Amount,
    place: u32,
}

impl Amount {
    #[inline(always)]
    pub fn joined_by(self, portion: &Portion) -> Self {
        Self { sum: self.sum + portion.amount, units: self.units + portion.units }
    }

    #[inline(always)]
    pub fn left_by(self, portion: &Portion) -> Self {
        let units = self.units - portion.units;
        if units == 0 { Self::default() } else { Self { sum: self.sum - portion.amount, units } }
    }
}

#[inline(always)]
fn key(module: u32, label: u32) -> u64 {
    u64::from(module) << 32 | u64::from(label)
}

impl Held {
    /// Nothing in any module. `kinds` is the number of labels; with `know_holders` modules can be found by what they contain.
    pub fn nothing(kinds: usize, know_holders: bool) -> Self {
        let holders = know_holders.then(|| vec![Vec::new(); kinds]);
        Self { amounts: FxHashMap::default(), wholes: Vec::new(), holders, value: 0.0 }
    }

    /// How much of `label` is in `module`.
    #[inline(always)]
    pub(crate) fn amount(&self, module: usize, label: u32) -> Amount {
        self.amounts.get(&key(module as u32, label)).map_or(Amount::default(), |held| held.amount)
    }

    /// How much of all labels together is in `module`.
    #[inline(always)]
    pub(crate) fn whole(&self, module: usize) -> Amount {
        self.wholes.get(module).copied().unwrap_or_default()
    }

    /// The modules that contain `label`, if they are known.
    pub(crate) fn holders(&self, label: u32) -> &[u32] {
        self.holders.as_ref().map_or(&[], |holders| &holders[label as usize])
    }

    pub(crate) fn put(&mut self, module: usize, load: &[Portion]) {
        if self.wholes.len() <= module {
            self.wholes.resize(module + 1, Amount::default());
        }
        for portion in load {
            let label = portion.label as usize;
            let whole = &mut self.wholes[module];
            *whole = whole.joined_by(portion);
            match self.amounts.entry(key(module as u32, portion.label)) {
                Entry::Occupied(mut held) => held.get_mut().amount = held.get().amount.joined_by(portion),
                Entry::Vacant(vacant) => {
                    let holders = self.holders.as_mut().map(|holders| &mut holders[label]);
                    let place = holders.as_ref().map_or(0, |holders| holders.len() as u32);
                    if let Some(holders) = holders {
                        holders.push(module as u32);
                    }
                    vacant.insert(Holding { amount: Amount::default().joined_by(portion), place });
                }
            }
        }
    }

    pub(crate) fn take(&mut self, module: usize, load: &[Portion]) {
        for portion in load {
            let whole = &mut self.wholes[module];
            *whole = whole.left_by(portion);
            let Entry::Occupied(mut held) = self.amounts.entry(key(module as u32, portion.label)) else {
                unreachable!("what leaves a module is in it");
            };
            let rest = held.get().amount.left_by(portion);
            if rest.units > 0 {
                held.get_mut().amount = rest;
                continue;
            }
            let place = held.remove().place as usize;
            if let Some(holders) = &mut self.holders {
                let holders = &mut holders[portion.label as usize];
                holders.swap_remove(place);
                if let Some(&moved) = holders.get(place) {
                    let moved = self.amounts.get_mut(&key(moved, portion.label)).expect("holders contain the label");
                    moved.place = place as u32;
                }
            }
        }
    }
}
