//! Pruning: a module is dissolved, its content lifted into its parent, where that shortens the code.

use mapeq_core::{AdditiveObjective, HierarchicalObjective, NestedObjective};
use mapeq_search::{MIN_GAIN, MoveStats};

use crate::leaf_modules::LeafModules;
use crate::nest::{Nest, ROOT};
use crate::relocation::replace_codeword;

/// Dissolves modules until no dissolution pays. Nodes are lifted from only children alone, because a module holds
/// either nodes or modules; what they contain costs the parent what it cost the child.
pub(crate) fn prune<O: NestedObjective>(nest: &mut Nest<'_, O>, leaves: &mut LeafModules) -> MoveStats {
    let mut moved = MoveStats::default();
    loop {
        let before = moved.moves;
        for module in 1..nest.slots() as u32 {
            if !nest.exists(module) {
                continue;
            }
            let parent = nest.parent(module);
            if nest.holds_nodes(module) && (parent == ROOT || nest.size(parent) > 1) {
                continue;
            }
            let flow = nest.flow;
            let aggregate = nest.aggregate(module);
            let own_use = flow.remove(aggregate, &flow.boundary(aggregate), 0.0);
            let without = replace_codeword(flow, nest.aggregate(parent), Some(aggregate), None);
            let lifted = flow.insert(&without, &own_use, 0.0);
            let of_flow = nest.term_of(parent, &lifted) - nest.term(parent) - nest.term(module);
            let delta = of_flow + nest.deeper(module, -1);
            // An only child says nothing: it goes even where it costs nothing, and makes no level that anyone prefers.
            let goes = if nest.size(parent) == 1 { of_flow < MIN_GAIN } else { delta < -MIN_GAIN };
            if goes {
                nest.put_aggregate(parent, lifted);
                nest.dissolve(module, &leaves.nodes[module as usize]);
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
