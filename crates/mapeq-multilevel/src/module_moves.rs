//! Modules move to other parents, with all that is below them, or pour their content into other modules.

use std::collections::VecDeque;

use mapeq_core::NestedObjective;
use mapeq_search::{MIN_GAIN, Monitor, MoveStats, Random, shuffle};

use crate::leaf_modules::LeafModules;
use crate::nest::{Nest, ROOT};
use crate::relocation::{Relocation, Unit};

/// When a module has moved, another one is asked again if at least this part of what it is coupled to has moved. Large modules
/// take long to ask: without it, most of the time would go to those at the top, to which no single move matters.
const CONCERNED: f64 = 0.05;

/// Moves modules until none of those in question wants to move: at first `waiting`, in random order, then also those that
/// a move concerns.
pub(crate) fn move_modules<O: NestedObjective>(
    nest: &mut Nest<'_, O>,
    leaves: &mut LeafModules,
    waiting: Vec<u32>,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> MoveStats {
    let mut relocation = Relocation::<O>::new();
    let mut moved = MoveStats::default();
    let mut queued = vec![false; nest.slots()];
    let mut queue = VecDeque::new();
    for module in waiting {
        if !std::mem::replace(&mut queued[module as usize], true) {
            queue.push_back(module);
        }
    }
    shuffle(queue.make_contiguous(), random);
    while let Some(module) = queue.pop_front() {
        queued[module as usize] = false;
        if !nest.exists(module) || monitor.stop_requested() {
            continue;
        }
        let own = move_module(nest, leaves, &mut relocation, module);
        if own.moves > 0 {
            let is_concerned = |&&near: &&u32| {
                near == module || relocation.coupling_to(near) >= CONCERNED * leaves.outside[near as usize]
            };
            for &near in relocation.near().iter().chain(&[module]).filter(is_concerned) {
                if nest.exists(near) && !std::mem::replace(&mut queued[near as usize], true) {
                    queue.push_back(near);
                }
            }
        }
        moved += own;
    }
    moved
}

fn move_module<O: NestedObjective>(
    nest: &mut Nest<'_, O>,
    leaves: &mut LeafModules,
    relocation: &mut Relocation<O>,
    module: u32,
) -> MoveStats {
    let mut moved = MoveStats::default();
    if nest.would_leave_only_child(module) {
        return moved;
    }
    let links = leaves.surroundings(nest, module);
    moved.links += links;
    if leaves.near.is_empty() {
        return moved;
    }
    relocation.begin(nest.slots());
    for near in leaves.near.drain(..) {
        relocation.couple(nest, near, std::mem::take(&mut leaves.coupling[near as usize]));
    }
    let mut best_delta = -MIN_GAIN;
    let mut best = None;

    // The whole module, below another parent: one that it is coupled to, or the root.
    let parent = nest.parent(module);
    let unit = Unit::module(nest.flow, nest.aggregate(module));
    relocation.leave(nest, unit, &[], parent, parent != ROOT && nest.size(parent) == 1);
    for &target in relocation.near().iter().chain(&[ROOT]) {
        if target != parent && !nest.holds_nodes(target) {
            let deeper = nest.to_depth(module, target, 1);
            let delta = relocation.delta_below(nest, target, best_delta - deeper) + deeper;
            if delta < best_delta {
                best_delta = delta;
                best = Some(target);
            }
        }
    }
    if let Some(target) = best {
        relocation.commit(nest, target);
        nest.place_module(module, target);
        return MoveStats { moves: 1, gain: -best_delta, ..moved };
    }

    if leaves.stay && nest.holds_nodes(module) {
        return moved;
    }
    // Its content, into another module of the same kind.
    let unit = Unit::content(nest.flow, nest.aggregate(module));
    relocation.leave(nest, unit, &leaves.nodes[module as usize], module, true);
    for &target in relocation.near() {
        if nest.holds_nodes(target) == nest.holds_nodes(module) && !relocation.leaves(target) {
            let deeper = nest.to_depth(module, target, 0);
            let delta = relocation.delta_below(nest, target, best_delta - deeper) + deeper;
            if delta < best_delta {
                best_delta = delta;
                best = Some(target);
            }
        }
    }
    if let Some(target) = best {
        relocation.commit(nest, target);
        nest.pour(module, target, &leaves.nodes[module as usize]);
        leaves.merge(module, target);
        return MoveStats { moves: 1, gain: -best_delta, ..moved };
    }
    moved
}
