//! Moves of nodes between leaf modules anywhere in the tree.

use std::collections::VecDeque;

use mapeq_core::{LeafCost, NestedObjective};
use mapeq_search::{MIN_GAIN, Monitor, MoveStats, Random, Units, in_random_order};

use crate::tree_move::{TreeMove, Unit};
use crate::tree_state::{ROOT, TreeState};

/// A node stays if its coupling to its own module is this multiple of its coupling to all others.
///
/// Only if modules pay for their flow alone. On com-dblp and cnr-2000 half of the queued nodes
/// stay, for 3·10⁻⁴ bits.
const ANCHORED_RATIO: f64 = 2.0;

/// Number of visits between two checks for a stop request.
const VISITS_BETWEEN_CHECKS: u32 = 1 << 12;

/// Moves nodes until no queued node gains by a move.
///
/// The queue holds the nodes of `pending` first, in random order. A move adds the neighbours of the
/// node.
pub(crate) fn move_nodes<O: NestedObjective>(
    state: &mut TreeState<'_, O>,
    units: Units<'_, O>,
    pending: &[u32],
    random: &mut Random,
    monitor: &dyn Monitor,
) -> MoveStats {
    let mut queue = VecDeque::from(in_random_order(pending, random));
    let mut queued = vec![false; units.len()];
    for &node in &queue {
        queued[node as usize] = true;
    }
    let flows = O::split(units.level).0;
    let mut tree_move = TreeMove::<O>::new();
    let mut candidates: Vec<u32> = Vec::new();
    let mut neighbours: Vec<(u32, f64)> = Vec::new();
    let mut coupling: Vec<f64> = Vec::new();
    let mut moved = MoveStats::default();
    let mut visits = 0u32;
    while let Some(node) = queue.pop_front() {
        let node = node as usize;
        queued[node] = false;
        visits = visits.wrapping_add(1);
        if visits.is_multiple_of(VISITS_BETWEEN_CHECKS) && monitor.stop_requested() {
            break;
        }
        moved.links += units.couplings.degree(node) as u64;
        units.couplings.prefetch(|ahead| queue.get(ahead).copied());
        let old = state.module_of(node);
        coupling.resize(state.slots().max(coupling.len()), 0.0);
        neighbours.clear();
        units.couplings.row(node).for_each(|(other, link)| {
            let module = state.module_of(other);
            if coupling[module as usize] == 0.0 {
                neighbours.push((module, 0.0));
            }
            coupling[module as usize] += link;
        });
        for (module, sum) in &mut neighbours {
            *sum = std::mem::take(&mut coupling[*module as usize]);
        }
        let coupled = |own: bool| {
            neighbours.iter().filter(|(module, _)| (*module == old) == own).map(|(_, sum)| sum).sum::<f64>()
        };
        if !O::LeafCost::PRESENT && coupled(true) >= ANCHORED_RATIO * coupled(false) {
            continue;
        }
        tree_move.begin(state.slots());
        for &(module, sum) in &neighbours {
            tree_move.couple(state, module, sum);
        }
        let last = state.size(old) == 1;
        if last && state.would_leave_only_child(old) {
            continue;
        }
        tree_move.leave(state, Unit::node(state.flow, &flows[node]), &[node as u32], old, last);
        let mut best = None;
        let mut best_delta = -MIN_GAIN;
        let linked = neighbours.iter().map(|&(module, _)| module);
        tree_move.candidates(state, |module| candidates.push(module));
        for module in linked.chain(candidates.drain(..)).filter(|&module| module != old) {
            let level_delta = state.level_delta_of_node(&flows[node], old, module);
            let delta = tree_move.delta_below(state, module, best_delta - level_delta) + level_delta;
            if delta < best_delta {
                best_delta = delta;
                best = Some(module);
            }
        }
        if !last && old != ROOT {
            let parent = state.parent(old);
            let delta = tree_move.delta_alone(state, parent);
            if delta < best_delta {
                best_delta = delta;
                best = Some(state.open(parent, true));
                tree_move.extend(state.slots());
            }
        }
        if let Some(new) = best {
            tree_move.commit(state, new);
            state.place_node(node, new);
            moved.moves += 1;
            moved.gain -= best_delta;
            units.couplings.row(node).for_each(|(other, _)| {
                if state.module_of(other) != new && !queued[other] {
                    queued[other] = true;
                    queue.push_back(other as u32);
                }
            });
        }
    }
    moved
}
