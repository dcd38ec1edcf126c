//! Modules move to other parents, with all that is below them, or merge into other modules.

use std::collections::VecDeque;

use mapeq_core::NestedObjective;
use mapeq_search::{MIN_GAIN, Monitor, MoveStats, Random, shuffle};

use crate::leaf_modules::LeafModules;
use crate::tree_move::{TreeMove, Unit};
use crate::tree_state::{ROOT, TreeState};

/// When a module has moved, another one is asked again if at least this part of what it is coupled to has moved. Large modules
/// take long to ask: without it, most of the time would go to those at the top, to which no single move matters.
const CONCERNED: f64 = 0.05;

/// Moves modules until none of those in question wants to move: at first `waiting`, in random order, then also those that
/// a move concerns.
pub(crate) fn move_modules<O: NestedObjective>(
    state: &mut TreeState<'_, O>,
    leaves: &mut LeafModules,
    waiting: Vec<u32>,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> MoveStats {
    let mut tree_move = TreeMove::<O>::new();
    let mut moved = MoveStats::default();
    let mut queued = vec![false; state.slots()];
    let mut queue = VecDeque::new();
    for module in waiting {
        if !std::mem::replace(&mut queued[module as usize], true) {
            queue.push_back(module);
        }
    }
    shuffle(queue.make_contiguous(), random);
    while let Some(module) = queue.pop_front() {
        queued[module as usize] = false;
        if !state.exists(module) || monitor.stop_requested() {
            continue;
        }
        let own = move_module(state, leaves, &mut tree_move, module);
        if own.moves > 0 {
            let is_concerned = |&&near: &&u32| {
                near == module || tree_move.coupling_to(near) >= CONCERNED * leaves.outside[near as usize]
            };
            for &near in tree_move.near().iter().chain(&[module]).filter(is_concerned) {
                if state.exists(near) && !std::mem::replace(&mut queued[near as usize], true) {
                    queue.push_back(near);
                }
            }
        }
        moved += own;
    }
    moved
}

fn move_module<O: NestedObjective>(
    state: &mut TreeState<'_, O>,
    leaves: &mut LeafModules,
    tree_move: &mut TreeMove<O>,
    module: u32,
) -> MoveStats {
    let mut moved = MoveStats::default();
    if state.would_leave_only_child(module) {
        return moved;
    }
    let links = leaves.surroundings(state, module);
    moved.links += links;
    if leaves.near.is_empty() {
        return moved;
    }
    tree_move.begin(state.slots());
    for near in leaves.near.drain(..) {
        tree_move.couple(state, near, std::mem::take(&mut leaves.coupling[near as usize]));
    }
    let mut best_delta = -MIN_GAIN;
    let mut best = None;

    // The whole module, below another parent: one that it is coupled to, or the root.
    let parent = state.parent(module);
    let unit = Unit::module(state.flow, state.aggregate(module));
    tree_move.leave(state, unit, &[], parent, parent != ROOT && state.size(parent) == 1);
    for &target in tree_move.near().iter().chain(&[ROOT]) {
        if target != parent && !state.holds_nodes(target) {
            let level_delta = state.level_delta_of_move(module, target, 1);
            let delta = tree_move.delta_below(state, target, best_delta - level_delta) + level_delta;
            if delta < best_delta {
                best_delta = delta;
                best = Some(target);
            }
        }
    }
    if let Some(target) = best {
        tree_move.commit(state, target);
        state.place_module(module, target);
        return MoveStats { moves: 1, gain: -best_delta, ..moved };
    }

    if leaves.stay && state.holds_nodes(module) {
        return moved;
    }
    // Its content, into another module of the same kind.
    let unit = Unit::content(state.flow, state.aggregate(module));
    tree_move.leave(state, unit, &leaves.nodes[module as usize], module, true);
    for &target in tree_move.near() {
        if state.holds_nodes(target) == state.holds_nodes(module) && !tree_move.leaves(target) {
            let level_delta = state.level_delta_of_move(module, target, 0);
            let delta = tree_move.delta_below(state, target, best_delta - level_delta) + level_delta;
            if delta < best_delta {
                best_delta = delta;
                best = Some(target);
            }
        }
    }
    if let Some(target) = best {
        tree_move.commit(state, target);
        state.merge_into(module, target, &leaves.nodes[module as usize]);
        leaves.merge(module, target);
        return MoveStats { moves: 1, gain: -best_delta, ..moved };
    }
    moved
}
