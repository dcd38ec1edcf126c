//! What moves and where to, and how one move is made.

use mapeq_core::{Objective, Values};

use crate::levels::units::Units;
use crate::moving::assignment::Assignment;
use crate::moving::queue::Queue;
use crate::moving::revisits::Revisits;
use crate::moving::visit::{Visitor, Wish};

/// What local moving did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moved {
    /// Number of moves.
    pub moves: usize,
    /// Decrease of the objective, in bits; not negative.
    pub gain: f64,
    /// Number of links looked at: the work done, independent of the machine.
    pub links: u64,
}

impl std::ops::AddAssign for Moved {
    fn add_assign(&mut self, other: Self) {
        self.moves += other.moves;
        self.gain += other.gain;
        self.links += other.links;
    }
}

/// What moves and where to, as it is passed around.
pub(crate) struct Scene<'a, O: Objective, V> {
    pub objective: &'a O,
    pub units: Units<'a, O>,
    pub assignment: &'a mut Assignment<O>,
    pub values: V,
    pub moved: Moved,
    /// Visits until local moving ends.
    pub visits_left: u64,
    /// What has moved around units, where not every move is worth a visit.
    pub revisits: Option<Revisits>,
}

impl<O: Objective, V: Values> Scene<'_, O, V> {
    /// Lets `unit` move if it wants to, and its neighbours wait for a visit if it does.
    #[inline(always)]
    pub fn visit(&mut self, unit: usize, queue: &mut Queue, visitor: &mut Visitor) {
        self.moved.links += self.units.couplings.degree(unit) as u64;
        self.forget_moves_around(unit);
        let (objective, units, values) = (self.objective, self.units, self.values);
        let ahead = |visits| queue.peek(visits);
        if let Some(wish) = visitor.wish(objective, units, self.assignment, values, unit, ahead) {
            self.fulfil(unit, &wish, queue);
        }
    }

    /// What has moved around `unit` until now has no effect any more: it is asked.
    #[inline(always)]
    pub fn forget_moves_around(&mut self, unit: usize) {
        if let Some(revisits) = &mut self.revisits {
            revisits.visited(unit);
        }
    }

    /// Makes the move of `unit` that `wish` tells.
    #[inline(always)]
    pub fn fulfil(&mut self, unit: usize, wish: &Wish<O>, queue: &mut Queue) {
        self.assignment.relocate(self.objective, self.units, unit, &wish.leave, wish.module, wish.coupling);
        self.moved.moves += 1;
        self.moved.gain -= wish.delta;
        let (couplings, assignment) = (self.units.couplings, &*self.assignment);
        let elsewhere = |other: usize| assignment.module(other) != wish.module;
        if let Some(revisits) = &mut self.revisits {
            couplings.row(unit).for_each(|(other, coupling)| {
                queue.push_if(other as u32, elsewhere(other) && revisits.is_worth(other, coupling));
            });
            return;
        }
        let listed = couplings.listed();
        for &other in &listed.targets()[listed.range(unit)] {
            queue.push_if(other, elsewhere(other as usize));
        }
        if let Some(factored) = couplings.factored() {
            factored.row(unit).for_each(|(other, _)| queue.push_if(other as u32, elsewhere(other)));
        }
    }
}
