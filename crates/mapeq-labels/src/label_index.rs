//! Index from labels that are codewords to the modules that contain them, with amounts.
//!
//! Most labels are in few modules. The codewords that a unit shares with modules are found in one
//! pass over the consecutive entries of each label, without lookups.

use std::sync::Arc;

use mapeq_core::plogp;

use crate::unit_labels::LabelAmount;

/// Modules that contain each label, at most as many as units carry it.
#[derive(Clone, Debug, Default)]
pub(crate) struct LabelIndex {
    /// Start of the places of each label.
    starts: Arc<[u32]>,
    /// Number of places in use, by label.
    taken: Vec<u32>,
    places: Vec<Posting>,
}

/// Amount of a label in one module. It counts as empty if no unit carries the label, despite
/// rounding errors in the sum.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Posting {
    pub module: u32,
    units: u32,
    sum: f64,
    /// Term h(Y) of the amount Y.
    term: f64,
}

impl Posting {
    /// Returns h(Y) + h(p) − h(Y + p) for the amount p and the amount Y in this module, which
    /// excludes p; not positive.
    #[inline(always)]
    pub fn saving(&self, amount: &LabelAmount) -> f64 {
        self.term + amount.term - plogp(self.sum + amount.sum)
    }

    /// Returns the change of h(Y) if the amount joins.
    #[inline(always)]
    fn insertion(&self, amount: &LabelAmount) -> f64 {
        plogp(self.sum + amount.sum) - self.term
    }

    /// Returns the change of h(Y) if the amount, which is part of it, leaves.
    #[inline(always)]
    fn removal(&self, amount: &LabelAmount) -> f64 {
        if self.units == amount.units { -self.term } else { plogp(self.sum - amount.sum) - self.term }
    }
}

impl LabelIndex {
    /// Creates an index of empty modules.
    pub fn empty(starts: &Arc<[u32]>) -> Self {
        let places = starts.last().map_or(0, |&end| end as usize);
        let labels = starts.len().saturating_sub(1);
        Self { starts: starts.clone(), taken: vec![0; labels], places: vec![Posting::default(); places] }
    }

    /// Returns the modules that contain `label`, in no particular order.
    #[inline(always)]
    pub fn of(&self, label: u32) -> &[Posting] {
        let start = self.starts[label as usize] as usize;
        &self.places[start..start + self.taken[label as usize] as usize]
    }

    #[inline(always)]
    fn place(&self, label: u32, module: usize) -> Option<usize> {
        self.of(label).iter().position(|posting| posting.module as usize == module)
    }

    /// Returns the change of h(Y) if `amount` leaves `module`.
    #[inline(always)]
    pub fn removal(&self, amount: &LabelAmount, module: usize) -> f64 {
        let place = self.place(amount.label, module).expect("what leaves a module is in it");
        self.of(amount.label)[place].removal(amount)
    }

    /// Returns the change of h(Y) if `amount` joins `module`.
    #[inline(always)]
    pub fn insertion(&self, amount: &LabelAmount, module: usize) -> f64 {
        let place = self.place(amount.label, module);
        place.map_or(amount.term, |place| self.of(amount.label)[place].insertion(amount))
    }

    /// Adds `amount` to `module` and returns the change of h(Y).
    pub fn put(&mut self, amount: &LabelAmount, module: usize) -> f64 {
        let start = self.starts[amount.label as usize] as usize;
        let place = self.place(amount.label, module).unwrap_or_else(|| {
            let taken = &mut self.taken[amount.label as usize];
            *taken += 1;
            let place = *taken as usize - 1;
            self.places[start + place] = Posting { module: module as u32, ..Posting::default() };
            place
        });
        let posting = &mut self.places[start + place];
        let change = if posting.units == 0 { amount.term } else { posting.insertion(amount) };
        posting.units += amount.units;
        posting.sum += amount.sum;
        posting.term += change;
        change
    }

    /// Removes `amount` from `module` and returns the change of h(Y).
    pub fn take(&mut self, amount: &LabelAmount, module: usize) -> f64 {
        let start = self.starts[amount.label as usize] as usize;
        let place = self.place(amount.label, module).expect("what leaves a module is in it");
        let posting = &mut self.places[start + place];
        let change = posting.removal(amount);
        posting.units -= amount.units;
        posting.sum -= amount.sum;
        posting.term = plogp(posting.sum);
        if posting.units == 0 {
            let taken = &mut self.taken[amount.label as usize];
            *taken -= 1;
            let last = start + *taken as usize;
            self.places[start + place] = self.places[last];
        }
        change
    }

    /// Returns Σ h(Y) over all labels and modules. O(places).
    pub fn sum(&self) -> f64 {
        (0..self.taken.len() as u32).flat_map(|label| self.of(label)).map(|posting| posting.term).sum()
    }
}
