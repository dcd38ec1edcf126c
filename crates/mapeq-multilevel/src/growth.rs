//! Growth: changed leaf modules are divided again, and levels are inserted above children that form
//! groups.

use mapeq_core::{Additive, NestedObjective, Tree};
use mapeq_search::{Monitor, Random, Search, SearchOptions, Units, fork};

use crate::leaf_modules::LeafModules;
use crate::recursion::{Task, TreeBuilder, pays};
use crate::tree_state::{ROOT, TreeState};

/// A grown tree, and the nodes and modules whose surroundings changed.
pub(crate) struct GrowthResult {
    pub tree: Tree,
    pub pending: Pending,
}

/// Nodes and modules to visit, as they may gain by a move.
pub(crate) struct Pending {
    pub nodes: Vec<u32>,
    pub modules: Vec<u32>,
}

/// Searches inside every dirty module of the tree, and keeps the modules that pay.
///
/// Leaf modules are divided recursively. The children of other modules are grouped by one more
/// level. `leaves` are the leaf modules of `state`.
pub(crate) fn grow<O: NestedObjective>(
    state: &mut TreeState<'_, O>,
    leaves: LeafModules,
    units: Units<'_, O>,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> GrowthResult {
    let dirty = state.take_dirty();
    let state = &*state;
    let mut is_dirty = vec![false; state.slots()];
    for &module in &dirty {
        is_dirty[module as usize] = true;
    }
    let parents = (0..state.slots() as u32).map(|module| state.parent(module)).collect();
    let mut builder = TreeBuilder { parents, leaf_module: state.leaf_modules().to_vec() };
    let pending_nodes: Vec<u32> =
        (0..units.len() as u32).filter(|&node| is_dirty[state.module_of(node as usize) as usize]).collect();
    let mut position = vec![u32::MAX; leaves.rows()];
    let mut tasks = Vec::new();
    for &module in &dirty {
        if monitor.stop_requested() {
            break;
        }
        let objective = match module {
            ROOT => state.objective.clone(),
            _ => state.objective.inside(state.aggregate(module)),
        };
        let mut random = fork(random);
        if state.size(module) <= 2 {
            continue;
        }
        if state.holds_nodes(module) {
            let (nodes, level) = (leaves.nodes[module as usize].clone(), state.depth(module) + 1);
            tasks.push(Task { module, level, nodes, start: None, objective, random });
            continue;
        }
        let children = state.children(module);
        let inside = leaves.child_units(state, children, &mut position);
        // Modules of modules pay for their flow alone, whatever the labels of the nodes below.
        let flow = Additive(objective.flow().clone());
        let search = Search { objective: &flow, options, monitor };
        let groups = search.divide(inside.units(), &mut random).partition;
        if pays(&flow, inside.units(), &groups, state.level_delta_of_shift(module, 1)) {
            let first = builder.parents.len() as u32;
            builder.parents.extend(std::iter::repeat_n(module, groups.modules()));
            for (place, &child) in children.iter().enumerate() {
                builder.parents[child as usize] = first + groups.module(place) as u32;
            }
        }
    }
    drop(leaves);
    builder.divide(units, tasks, options, monitor);
    let (tree, number) = Tree::with_numbers(&builder.parents, &builder.leaf_module);
    let new = state.slots() as u32..builder.parents.len() as u32;
    let modules = dirty.into_iter().chain(new).map(|module| number[module as usize]);
    let pending = Pending { nodes: pending_nodes, modules: modules.filter(|&module| module != ROOT).collect() };
    GrowthResult { tree, pending }
}
