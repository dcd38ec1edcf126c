//! Local moving of many units at a time: in parallel they say what they want, one after the other they get it.
//!
//! A batch of units is taken from the queue, and all of them are asked on the same state. Then, in order, each makes the move
//! it wants, if it still pays after the moves of those before it; a unit whose neighbour has moved meanwhile is asked again.
//! What is asked in parallel changes nothing, and what changes something is done in order, so the result does not depend on
//! the number of threads, nor on whether there is more than one.
//!
//! Where neighbours lie close together in the queue, most units of a batch would be asked again. So batches shrink while many
//! are, and if that does not help the rest is done one by one.

use std::sync::{Mutex, PoisonError};

use mapeq_core::{Objective, Target, Values};
use rayon::prelude::*;

use crate::monitor::Monitor;
use crate::moving::best_move::{BestMove, MoveFinder};
use crate::moving::move_pass::MovePass;
use crate::moving::queue::Queue;
use crate::options::MIN_GAIN;

/// Units with fewer couplings than this are visited one by one: what two threads save, the second asking costs.
pub(crate) const COUPLINGS_FOR_BATCHES: usize = 1 << 21;

/// Numbers of units in a batch.
const SMALLEST_BATCH: usize = 1 << 8;
const FIRST_BATCH: usize = 1 << 12;
const LARGEST_BATCH: usize = 1 << 14;

/// Units that a thread asks at a time.
const PORTION: usize = 64;

/// Batches shrink where a larger share of their units is asked again, and grow where a smaller share is.
const STALE_TO_SHRINK: f64 = 0.15;
const STALE_TO_GROW: f64 = 0.05;

/// Stands for a module without units, whichever is at hand.
const NEW_MODULE: u32 = u32::MAX;

/// A best_move until it is looked at again.
#[derive(Clone, Copy, Default)]
struct PendingMove {
    /// Whether the unit wants to move at all.
    wanted: bool,
    module: u32,
    coupling: f64,
    own_coupling: f64,
}

/// Empties the queue, or leaves the rest of it where batches do not pay.
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
    while size >= SMALLEST_BATCH {
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
                    *pending = PendingMove { wanted: true, module, coupling, own_coupling };
                }
            }
        });
        let mut stale = 0;
        for (&unit, pending) in batch.iter().zip(&pending) {
            let unit = unit as usize;
            pass.stats.links += units.couplings.degree(unit) as u64;
            if !pending.wanted {
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
            size = (2 * size).min(LARGEST_BATCH);
        }
    }
}

impl<O: Objective, V: Values> MovePass<'_, O, V> {
    /// Makes the move that was pending if it pays on the state as it is now; else `unit` waits for another visit. Its neighbours
    /// have not moved, so that its couplings are what they were.
    fn reconsider(&mut self, unit: usize, pending: &PendingMove, queue: &mut Queue) {
        let old = self.assignment.module(unit);
        let PendingMove { module, coupling, own_coupling, .. } = *pending;
        // A module that has been left empty meanwhile is no better than any empty one.
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
