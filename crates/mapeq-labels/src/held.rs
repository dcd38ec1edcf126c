//! What modules contain.

use rustc_hash::FxHashMap;

use crate::carried::Portion;
use crate::holders::Holders;

/// What modules contain, as far as they pay for it.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Of labels that are codewords.
    pub(crate) holders: Holders,
    /// Of labels that are categories.
    pub(crate) mixtures: Mixtures,
    /// What all modules pay for what they contain.
    pub(crate) value: f64,
}

/// Amounts of categories in modules. Looked up, never walked through: the order of a hash map decides nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mixtures {
    /// By module and label.
    amounts: FxHashMap<u64, Amount>,
    /// All labels together, by module; modules behind the last one are empty.
    wholes: Vec<Amount>,
}

/// An amount, and how many units carry it: none if and only if there is nothing, whatever rounding leaves behind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Amount {
    pub sum: f64,
    units: u32,
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
fn key(module: usize, label: u32) -> u64 {
    (module as u64) << 32 | u64::from(label)
}

impl Mixtures {
    /// How much of `label` is in `module`.
    #[inline(always)]
    pub fn amount(&self, module: usize, label: u32) -> Amount {
        self.amounts.get(&key(module, label)).copied().unwrap_or_default()
    }

    /// How much of all labels together is in `module`.
    #[inline(always)]
    pub fn whole(&self, module: usize) -> Amount {
        self.wholes.get(module).copied().unwrap_or_default()
    }

    pub fn put(&mut self, module: usize, bundle: &[Portion]) {
        if self.wholes.len() <= module {
            self.wholes.resize(module + 1, Amount::default());
        }
        for portion in bundle {
            self.wholes[module] = self.wholes[module].joined_by(portion);
            let amount = self.amounts.entry(key(module, portion.label)).or_default();
            *amount = amount.joined_by(portion);
        }
    }

    pub fn take(&mut self, module: usize, bundle: &[Portion]) {
        for portion in bundle {
            self.wholes[module] = self.wholes[module].left_by(portion);
            let rest = self.amount(module, portion.label).left_by(portion);
            if rest.units > 0 {
                self.amounts.insert(key(module, portion.label), rest);
            } else {
                self.amounts.remove(&key(module, portion.label));
            }
        }
    }
}
