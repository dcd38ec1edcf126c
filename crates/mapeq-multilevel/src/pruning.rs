//! Pruning: a module is dissolved, its content lifted into its parent, where that shortens the code.

use mapeq_core::{AdditiveObjective, HierarchicalObjective, NestedObjective};
use mapeq_search::{MIN_GAIN, MoveStats};

use crate::leaf_modules::LeafModules;
use crate::tree_move::replace_codeword;
use crate::tree_state::{ROOT, TreeState};

/// Dissolves modules until no dissolution pays. Nodes are lifted from only children alone, because a module holds
/// either nodes or modules; what they contain costs the parent what it cost the child.
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
            // An only child says nothing: it goes even where it costs nothing, and makes no level that anyone prefers.
            let goes = if state.size(parent) == 1 { of_flow < MIN_GAIN } else { delta < -MIN_GAIN };
            if goes {
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
