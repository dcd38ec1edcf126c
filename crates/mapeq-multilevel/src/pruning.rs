//! Pruning: a module is dissolved into its parent if that shortens the code.

use mapeq_core::{AdditiveObjective, HierarchicalObjective, NestedObjective, Tree};
use mapeq_search::{MIN_GAIN, MoveStats, Units};

use crate::leaf_modules::LeafModules;
use crate::tree_move::replace_codeword;
use crate::tree_state::{ROOT, TreeState};

/// Dissolves modules into their parents until each one left shortens the code.
///
/// A module holds either nodes or modules, so nodes are lifted into a parent only from its only
/// child. Their labels then cost the parent what they cost the child.
pub(crate) fn prune<O: NestedObjective>(state: &mut TreeState<'_, O>, leaves: &mut LeafModules) -> MoveStats {
    let mut moved = MoveStats::default();
    loop {
        let before = moved.moves;
        for module in 1..state.slots() as u32 {
            if !state.exists(module) {
                continue;
            }
            let parent = state.parent(module);
            if state.holds_nodes(module) && (parent == ROOT || state.size(parent) > 1) {
                continue;
            }
            let flow = state.flow;
            let aggregate = state.aggregate(module);
            let own_use = flow.remove(aggregate, &flow.boundary(aggregate), 0.0);
            let without = replace_codeword(flow, state.aggregate(parent), Some(aggregate), None);
            let lifted = flow.insert(&without, &own_use, 0.0);
            let of_flow = state.term_of(parent, &lifted) - state.term(parent) - state.term(module);
            let delta = of_flow + state.level_delta_of_shift(module, -1);
            // Modules that gain nothing but rounding errors are pruned, too. An only child carries
            // no information, and adds no level that the objective prefers.
            let is_pruned = if state.size(parent) == 1 { of_flow < MIN_GAIN } else { delta < MIN_GAIN };
            if is_pruned {
                state.put_aggregate(parent, lifted);
                state.dissolve(module, &leaves.nodes[module as usize]);
                leaves.merge(module, parent);
                moved.moves += 1;
                moved.gain -= delta;
            }
        }
        if moved.moves == before {
            return moved;
        }
    }
}

/// Returns `tree` without modules that do not shorten the code. O(links · depth).
pub(crate) fn pruned<O: NestedObjective>(objective: &O, units: Units<'_, O>, tree: &Tree) -> Tree {
    let mut state = TreeState::new(objective, units, tree);
    let mut leaves = LeafModules::new(&state, units);
    prune(&mut state, &mut leaves);
    state.to_tree()
}
