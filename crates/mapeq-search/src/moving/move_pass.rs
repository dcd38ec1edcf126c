//! The state of one pass of local moving, and a single move.

use mapeq_core::{Objective, Target, Values};

use crate::levels::units::Units;
use crate::moving::assignment::Assignment;
use crate::moving::best_move::{BestMove, MoveFinder};
use crate::moving::queue::Queue;
use crate::moving::revisit_filter::RevisitFilter;

/// Work and gain of local moving.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MoveStats {
    /// Number of moves.
    pub moves: usize,
    /// Decrease of the objective, in bits. Not negative.
    pub gain: f64,
    /// Number of links visited: a measure of work that does not depend on the machine.
    pub links: u64,
}

impl std::ops::AddAssign for MoveStats {
    fn add_assign(&mut self, other: Self) {
        self.moves += other.moves;
        self.gain += other.gain;
        self.links += other.links;
    }
}

/// Units and their assignment during a pass of local moving.
pub(crate) struct MovePass<'a, O: Objective, V> {
    pub objective: &'a O,
    pub units: Units<'a, O>,
    pub assignment: &'a mut Assignment<O>,
    pub values: V,
    pub stats: MoveStats,
    /// Number of visits until the pass ends.
    pub visits_left: u64,
    /// Decides which moves lead to another visit. [`None`] if every move does.
    pub revisit_filter: Option<RevisitFilter>,
}

impl<O: Objective, V: Values> MovePass<'_, O, V> {
    /// Makes the best move of `unit`, if one lowers the objective.
    #[inline(always)]
    pub fn visit(&mut self, unit: usize, queue: &mut Queue, finder: &mut MoveFinder) {
        self.stats.links += self.units.couplings.degree(unit) as u64;
        self.reset_revisit(unit);
        let (objective, units, values) = (self.objective, self.units, self.values);
        let ahead = |visits| queue.peek(visits);
        if let Some(best_move) = finder.best_move(objective, units, self.assignment, values, unit, ahead) {
            self.apply(&best_move, queue);
        }
    }

    /// Forgets the moves around `unit`, which is being visited.
    #[inline(always)]
    pub fn reset_revisit(&mut self, unit: usize) {
        if let Some(revisit_filter) = &mut self.revisit_filter {
            revisit_filter.visited(unit);
        }
    }

    /// Makes a move, and queues the neighbours that are not in the new module.
    #[inline(always)]
    pub fn apply(&mut self, best_move: &BestMove<O>, queue: &mut Queue) {
        let Target { unit, module, .. } = best_move.target;
        self.assignment.relocate(self.objective, self.units, &best_move.leave, best_move.target);
        self.stats.moves += 1;
        self.stats.gain -= best_move.delta;
        let (couplings, assignment) = (self.units.couplings, &*self.assignment);
        let elsewhere = |other: usize| assignment.module(other) != module;
        if let Some(revisit_filter) = &mut self.revisit_filter {
            couplings.row(unit).for_each(|(other, coupling)| {
                queue.push_if(other as u32, elsewhere(other) && revisit_filter.reaches_threshold(other, coupling));
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
