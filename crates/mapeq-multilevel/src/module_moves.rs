//! Moves of modules: to another parent with their subtree, or into another module by merging.

use std::collections::VecDeque;

use mapeq_core::NestedObjective;
use mapeq_search::{MIN_GAIN, Monitor, MoveStats, Random, shuffle};

use crate::leaf_modules::LeafModules;
use crate::tree_move::{TreeMove, Unit};
use crate::tree_state::{ROOT, TreeState};

/// After a move, a neighbour is visited again if at least this share of its coupling to the outside
/// has moved.
///
/// Visits of large modules take long. Without this threshold, most of the time goes to modules at
/// the top, to which no single move matters.
const MIN_MOVED_SHARE: f64 = 0.05;

/// Moves modules until no queued module gains by a move.
///
/// The queue holds the modules of `pending` first, in random order. A move adds the module and
/// those around it.
pub(crate) fn move_modules<O: NestedObjective>(
    state: &mut TreeState<'_, O>,
    leaves: &mut LeafModules,
    pending: Vec<u32>,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> MoveStats {
    let mut tree_move = TreeMove::<O>::new();
    let mut moved = MoveStats::default();
    let mut queued = vec![false; state.slots()];
    let mut queue = VecDeque::new();
    for module in pending {
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
            let is_affected = |&&other: &&u32| {
                other == module || tree_move.coupling_to(other) >= MIN_MOVED_SHARE * leaves.outside[other as usize]
            };
            for &neighbour in tree_move.neighbours().iter().chain(&[module]).filter(is_affected) {
                if state.exists(neighbour) && !std::mem::replace(&mut queued[neighbour as usize], true) {
                    queue.push_back(neighbour);
                }
            }
        }
        moved += own;
    }
    moved
}

/// Makes the best move of `module`, if one lowers the objective.
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
    if leaves.neighbours.is_empty() {
        return moved;
    }
    tree_move.begin(state.slots());
    for neighbour in leaves.neighbours.drain(..) {
        tree_move.couple(state, neighbour, std::mem::take(&mut leaves.coupling[neighbour as usize]));
    }
    let mut best_delta = -MIN_GAIN;
    let mut best = None;

    // Move the whole module below another parent: one that it is coupled to, or the root.
    let parent = state.parent(module);
    let unit = Unit::module(state.flow, state.aggregate(module));
    tree_move.leave(state, unit, &[], parent, parent != ROOT && state.size(parent) == 1);
    for &target in tree_move.neighbours().iter().chain(&[ROOT]) {
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

    if leaves.keep_nodes && state.holds_nodes(module) {
        return moved;
    }
    // Merge it into another module of its kind.
    let unit = Unit::content(state.flow, state.aggregate(module));
    tree_move.leave(state, unit, &leaves.nodes[module as usize], module, true);
    for &target in tree_move.neighbours() {
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
