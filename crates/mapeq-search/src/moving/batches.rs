//! Local moving in batches: units are evaluated in parallel, and their moves are made in order.
//!
//! A batch of units is taken from the queue, and all of them are evaluated on the same state. Then,
//! in order, each makes its move if the move still lowers the objective after the earlier ones. A
//! unit whose neighbour has moved is evaluated again. The parallel part changes nothing, and the
//! part with changes runs in order. So the result does not depend on the number of threads.
//!
//! If neighbours are close together in the queue, most units of a batch are evaluated twice. So
//! batches shrink while many are. If that does not help, the remaining units are visited one by
//! one.

use std::sync::{Mutex, PoisonError};

use mapeq_core::{Objective, Target, Values};
use rayon::prelude::*;

use crate::monitor::Monitor;
use crate::moving::best_move::{BestMove, MoveFinder};
use crate::moving::move_pass::MovePass;
use crate::moving::queue::Queue;
use crate::options::MIN_GAIN;

/// Lower bound on the couplings of units that are visited in batches. Below, second evaluations
/// cost what two threads save.
pub(crate) const COUPLINGS_FOR_BATCHES: usize = 1 << 21;

/// Lower bound on the units in a batch.
const MIN_BATCH: usize = 1 << 8;

/// Number of units in the first batch.
const FIRST_BATCH: usize = 1 << 12;

/// Upper bound on the units in a batch.
const MAX_BATCH: usize = 1 << 14;

/// Number of units that a thread evaluates at a time.
const PORTION: usize = 64;

/// Batches shrink if a larger share of their units is evaluated twice.
const STALE_TO_SHRINK: f64 = 0.15;

/// Batches grow if a smaller share of their units is evaluated twice.
const STALE_TO_GROW: f64 = 0.05;

/// Stands for any module without units.
const NEW_MODULE: u32 = u32::MAX;

/// The best move of a unit, to be made later.
#[derive(Clone, Copy, Default)]
struct PendingMove {
    /// Whether the unit has a move that lowers the objective.
    exists: bool,
    module: u32,
    coupling: f64,
    own_coupling: f64,
}

/// Visits the queued units in batches until the queue is empty or batches do not pay.
pub(crate) fn drain_in_batches<O: Objective, V: Values>(
    pass: &mut MovePass<'_, O, V>,
    queue: &mut Queue,
    finder: &mut MoveFinder,
    monitor: &dyn Monitor,
) {
    let units = pass.units;
    let listed = units.couplings.listed();
    let max_degree = (0..units.len()).map(|unit| listed.degree(unit)).max().unwrap_or(0);
    let finders: Vec<Mutex<MoveFinder>> =
        (0..rayon::current_num_threads()).map(|_| Mutex::new(finder.another())).collect();
    let mut batch: Vec<u32> = Vec::new();
    let mut pending: Vec<PendingMove> = Vec::new();
    let mut size = FIRST_BATCH;
    while size >= MIN_BATCH {
        if monitor.stop_requested() {
            queue.clear();
        }
        batch.clear();
        while batch.len() < size.min(units.len() / 4)
            && let Some(unit) = queue.pop()
        {
            pass.reset_revisit(unit);
            batch.push(unit as u32);
        }
        if batch.is_empty() {
            return;
        }
        if (batch.len() as u64) > pass.visits_left {
            queue.clear();
            return;
        }
        pass.visits_left -= batch.len() as u64;
        pending.clear();
        pending.resize(batch.len(), PendingMove::default());
        let shared = &*pass;
        batch.par_chunks(PORTION).zip(pending.par_chunks_mut(PORTION)).for_each(|(portion, pending)| {
            let thread = rayon::current_thread_index().unwrap_or(0);
            let mut finder = finders[thread].lock().unwrap_or_else(PoisonError::into_inner);
            finder.fit(shared.assignment.slots(), max_degree);
            for (place, (&unit, pending)) in portion.iter().zip(pending).enumerate() {
                let ahead = |visits: usize| portion.get(place + 1 + visits).copied();
                let (objective, assignment, values) = (shared.objective, &*shared.assignment, shared.values);
                if let Some(best_move) = finder.best_move(objective, units, assignment, values, unit as usize, ahead) {
                    let BestMove { target: Target { module, coupling, .. }, own_coupling, .. } = best_move;
                    let module = if assignment.size(module) == 0 { NEW_MODULE } else { module as u32 };
                    *pending = PendingMove { exists: true, module, coupling, own_coupling };
                }
            }
        });
        let mut stale = 0;
        for (&unit, pending) in batch.iter().zip(&pending) {
            let unit = unit as usize;
            pass.stats.links += units.couplings.degree(unit) as u64;
            if !pending.exists {
                continue;
            }
            if queue.is_stale(unit) {
                stale += 1;
                pass.visit(unit, queue, finder);
            } else {
                pass.reconsider(unit, pending, queue);
            }
        }
        if stale as f64 > STALE_TO_SHRINK * batch.len() as f64 {
            size /= 2;
        } else if (stale as f64) < STALE_TO_GROW * batch.len() as f64 {
            size = (2 * size).min(MAX_BATCH);
        }
    }
}

impl<O: Objective, V: Values> MovePass<'_, O, V> {
    /// Makes a pending move if it still lowers the objective. Otherwise queues `unit` again.
    ///
    /// The neighbours of `unit` have not moved, so its couplings are unchanged.
    fn reconsider(&mut self, unit: usize, pending: &PendingMove, queue: &mut Queue) {
        let old = self.assignment.module(unit);
        let PendingMove { module, coupling, own_coupling, .. } = *pending;
        // A module that is empty by now is no better than any other empty one.
        let module = match module {
            NEW_MODULE => None,
            module => Some(module as usize).filter(|&module| self.assignment.size(module) > 0),
        };
        let Some(module) = module.or(self.assignment.empty_module()) else { return };
        if let Some(constraints) = self.units.constraints {
            let (own, nodes) = (constraints.nodes(unit), |module| self.assignment.nodes(module));
            if !constraints.may_leave(own, nodes(old)) || !constraints.may_join(own, nodes(module)) {
                return queue.push_if(unit as u32, true);
            }
        }
        let (level, state) = (self.units.level, self.assignment.state());
        let alone = self.assignment.size(old) == 1;
        let leave = self.objective.leave(level, state, Target { unit, module: old, coupling: own_coupling }, alone);
        let target = Target { unit, module, coupling };
        let delta = self.objective.delta(level, state, &leave, target);
        if delta < -MIN_GAIN {
            self.apply(&BestMove { target, own_coupling, leave, delta }, queue);
        } else {
            queue.push_if(unit as u32, true);
        }
    }
}
