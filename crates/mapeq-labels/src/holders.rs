//! Which modules contain a label, and how much of it: for labels that are codewords.
//!
//! Most labels are in few modules. What a unit has in common with any of them is found in one pass over these, module by module in
//! a row, without looking anything up.

use std::sync::Arc;

use mapeq_core::plogp;

use crate::carried::Portion;

/// By label, the modules that contain it: never more than there are units that carry it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holders {
    /// Where the places of each label begin.
    starts: Arc<[u32]>,
    /// How many of them are taken.
    taken: Vec<u32>,
    places: Vec<Holding>,
}

/// How much of a label one module contains: none if no unit carries it, whatever rounding leaves behind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Holding {
    pub module: u32,
    units: u32,
    amount: f64,
    /// h of that amount.
    term: f64,
}

impl Holding {
    /// How much less Σ h(Y) is with the portion apart from this module than with it inside; not positive.
    #[inline(always)]
    pub fn saving(&self, portion: &Portion) -> f64 {
        self.term + portion.term - plogp(self.amount + portion.amount)
    }

    /// Change of h(Y) if the portion joins.
    #[inline(always)]
    fn joined(&self, portion: &Portion) -> f64 {
        plogp(self.amount + portion.amount) - self.term
    }

    /// Change of h(Y) if the portion leaves, which is part of it.
    #[inline(always)]
    fn left(&self, portion: &Portion) -> f64 {
        if self.units == portion.units { -self.term } else { plogp(self.amount - portion.amount) - self.term }
    }
}

impl Holders {
    /// No module contains anything yet.
    pub fn none(starts: &Arc<[u32]>) -> Self {
        let places = starts.last().map_or(0, |&end| end as usize);
        let labels = starts.len().saturating_sub(1);
        Self { starts: starts.clone(), taken: vec![0; labels], places: vec![Holding::default(); places] }
    }

    /// The modules that contain `label`, in no particular order.
    #[inline(always)]
    pub fn of(&self, label: u32) -> &[Holding] {
        let start = self.starts[label as usize] as usize;
        &self.places[start..start + self.taken[label as usize] as usize]
    }

    #[inline(always)]
    fn place(&self, label: u32, module: usize) -> Option<usize> {
        self.of(label).iter().position(|holding| holding.module as usize == module)
    }

    /// Change of h(Y) if `portion` leaves `module`.
    #[inline(always)]
    pub fn departure(&self, portion: &Portion, module: usize) -> f64 {
        let place = self.place(portion.label, module).expect("what leaves a module is in it");
        self.of(portion.label)[place].left(portion)
    }

    /// Change of h(Y) if `portion` joins `module`.
    #[inline(always)]
    pub fn arrival(&self, portion: &Portion, module: usize) -> f64 {
        let place = self.place(portion.label, module);
        place.map_or(portion.term, |place| self.of(portion.label)[place].joined(portion))
    }

    /// Puts `portion` into `module`; returns the change of h(Y).
    pub fn put(&mut self, portion: &Portion, module: usize) -> f64 {
        let start = self.starts[portion.label as usize] as usize;
        let place = self.place(portion.label, module).unwrap_or_else(|| {
            let taken = &mut self.taken[portion.label as usize];
            *taken += 1;
            let place = *taken as usize - 1;
            self.places[start + place] = Holding { module: module as u32, ..Holding::default() };
            place
        });
        let holding = &mut self.places[start + place];
        let change = if holding.units == 0 { portion.term } else { holding.joined(portion) };
        holding.units += portion.units;
        holding.amount += portion.amount;
        holding.term += change;
        change
    }

    /// Takes `portion` out of `module`; returns the change of h(Y).
    pub fn take(&mut self, portion: &Portion, module: usize) -> f64 {
        let start = self.starts[portion.label as usize] as usize;
        let place = self.place(portion.label, module).expect("what leaves a module is in it");
        let holding = &mut self.places[start + place];
        let change = holding.left(portion);
        holding.units -= portion.units;
        holding.amount -= portion.amount;
        holding.term = plogp(holding.amount);
        if holding.units == 0 {
            let taken = &mut self.taken[portion.label as usize];
            *taken -= 1;
            let last = start + *taken as usize;
            self.places[start + place] = self.places[last];
        }
        change
    }

    /// Σ h(Y) over all labels and modules. O(places).
    pub fn sum(&self) -> f64 {
        (0..self.taken.len() as u32).flat_map(|label| self.of(label)).map(|holding| holding.term).sum()
    }
}
