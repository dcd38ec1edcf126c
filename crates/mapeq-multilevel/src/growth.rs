//! Growth: modules that changed are divided again, and levels are inserted where the children of a module group.

use mapeq_core::{Additive, NestedObjective, Tree};
use mapeq_search::{Monitor, Random, SearchOptions, Units, divide, fork};

use crate::leaf_modules::LeafModules;
use crate::nest::{Nest, ROOT};
use crate::recursion::{Draft, Task, pays};

/// A tree that grew, and the nodes and modules whose surroundings changed since the last time.
pub(crate) struct Grown {
    pub tree: Tree,
    pub waiting: Waiting,
}

/// Nodes and modules that may want to move.
pub(crate) struct Waiting {
    pub nodes: Vec<u32>,
    pub modules: Vec<u32>,
}

/// Searches inside every unsettled module of the nest: leaf modules are divided recursively, the children of others
/// grouped by one more level, wherever that pays. `leaves` are the leaf modules of the nest.
pub(crate) fn grow<O: NestedObjective>(
    nest: &mut Nest<'_, O>,
    leaves: LeafModules,
    units: Units<'_, O>,
    options: &SearchOptions,
    random: &mut Random,
    monitor: &dyn Monitor,
) -> Grown {
    let unsettled = nest.take_unsettled();
    let nest = &*nest;
    let mut is_unsettled = vec![false; nest.slots()];
    for &module in &unsettled {
        is_unsettled[module as usize] = true;
    }
    let parents = (0..nest.slots() as u32).map(|module| nest.parent(module)).collect();
    let mut draft = Draft { parents, leaf_module: nest.leaf_modules().to_vec() };
    let waiting_nodes: Vec<u32> =
        (0..units.len() as u32).filter(|&node| is_unsettled[nest.module_of(node as usize) as usize]).collect();
    let mut position = vec![u32::MAX; leaves.rows()];
    let mut tasks = Vec::new();
    for &module in &unsettled {
        if monitor.stop_requested() {
            break;
        }
        let objective = match module {
            ROOT => nest.objective.clone(),
            _ => nest.objective.inside(nest.aggregate(module)),
        };
        let mut random = fork(random);
        if nest.size(module) <= 2 {
            continue;
        }
        if nest.holds_nodes(module) {
            let (nodes, level) = (leaves.nodes[module as usize].clone(), nest.depth(module) + 1);
            tasks.push(Task { module, level, nodes, start: None, objective, random });
            continue;
        }
        let children = nest.children(module);
        let inside = leaves.child_units(nest, children, &mut position);
        // What nodes below contain is all the same to modules of modules.
        let flow = Additive(objective.flow().clone());
        let groups = divide(&flow, inside.units(), options, &mut random, monitor);
        if pays(&flow, inside.units(), &groups, nest.deeper(module, 1)) {
            let first = draft.parents.len() as u32;
            draft.parents.extend(std::iter::repeat_n(module, groups.modules()));
            for (place, &child) in children.iter().enumerate() {
                draft.parents[child as usize] = first + groups.module(place) as u32;
            }
        }
    }
    drop(leaves);
    draft.divide(units, tasks, options, monitor);
    let (tree, number) = Tree::with_numbers(&draft.parents, &draft.leaf_module);
    let new = nest.slots() as u32..draft.parents.len() as u32;
    let modules = unsettled.into_iter().chain(new).map(|module| number[module as usize]);
    let waiting = Waiting { nodes: waiting_nodes, modules: modules.filter(|&module| module != ROOT).collect() };
    Grown { tree, waiting }
}
