//! Amounts of labels in modules.

use rustc_hash::FxHashMap;

use crate::label_index::LabelIndex;
use crate::unit_labels::LabelAmount;

/// Amounts of labels in modules that affect the cost.
#[derive(Clone, Debug, Default)]
pub struct ModuleLabels {
    /// Amounts of labels that are codewords.
    pub(crate) index: LabelIndex,
    /// Amounts of labels that are categories.
    pub(crate) totals: CategoryTotals,
    /// Cost of the labels in all modules.
    pub(crate) value: f64,
}

/// Amounts of categories in modules. The hash map is never iterated, so its order has no effect.
#[derive(Clone, Debug, Default)]
pub(crate) struct CategoryTotals {
    /// Amounts by module and label.
    amounts: FxHashMap<u64, Amount>,
    /// Amount of all labels together, by module. Modules behind the last one are empty.
    wholes: Vec<Amount>,
}

/// An amount, and the number of units that carry it. The number is 0 if and only if the amount is
/// empty, despite rounding errors.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Amount {
    pub sum: f64,
    units: u32,
}

impl Amount {
    #[inline(always)]
    pub fn joined_by(self, amount: &LabelAmount) -> Self {
        Self { sum: self.sum + amount.sum, units: self.units + amount.units }
    }

    #[inline(always)]
    pub fn left_by(self, amount: &LabelAmount) -> Self {
        let units = self.units - amount.units;
        if units == 0 { Self::default() } else { Self { sum: self.sum - amount.sum, units } }
    }
}

#[inline(always)]
fn key(module: usize, label: u32) -> u64 {
    (module as u64) << 32 | u64::from(label)
}

impl CategoryTotals {
    /// Returns the amount of `label` in `module`.
    #[inline(always)]
    pub fn amount(&self, module: usize, label: u32) -> Amount {
        self.amounts.get(&key(module, label)).copied().unwrap_or_default()
    }

    /// Returns the amount of all labels together in `module`.
    #[inline(always)]
    pub fn whole(&self, module: usize) -> Amount {
        self.wholes.get(module).copied().unwrap_or_default()
    }

    pub fn put(&mut self, module: usize, bundle: &[LabelAmount]) {
        if self.wholes.len() <= module {
            self.wholes.resize(module + 1, Amount::default());
        }
        for amount in bundle {
            self.wholes[module] = self.wholes[module].joined_by(amount);
            let total = self.amounts.entry(key(module, amount.label)).or_default();
            *total = total.joined_by(amount);
        }
    }

    pub fn take(&mut self, module: usize, bundle: &[LabelAmount]) {
        for amount in bundle {
            self.wholes[module] = self.wholes[module].left_by(amount);
            let rest = self.amount(module, amount.label).left_by(amount);
            if rest.units > 0 {
                self.amounts.insert(key(module, amount.label), rest);
            } else {
                self.amounts.remove(&key(module, amount.label));
            }
        }
    }
}
