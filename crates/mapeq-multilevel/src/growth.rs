//! Growth: modules that changed are divided again, and levels are inserted where the children of a module group.

use mapeq_core::{Additive, HierarchicalObjective, Partition, Tree};
use mapeq_search::{
    Monitor, OwnedUnits, Random, SearchOptions, Units, consolidate_couplings, divide, fork, restrict_couplings,
};

use crate::nest::{Nest, ROOT};
use crate::recursion::{Nested, divide_recursively, pays};

/// A tree that grew, and the nodes and modules whose surroundings changed since the last time.
pub(crate) struct Grown {
    pub tree: Tree,
    pub waiting: Waiting,
    pub levels_gained: usize,
}

/// Nodes and modules that may want to move.
pub(crate) struct Waiting {
    pub nodes: Vec<u32>,
    pub modules: Vec<u32>,
}

/// Searches inside every unsettled module of the nest: leaf modules are divided recursively, the children of others
/// grouped by one more level, wherever that pays.
pub(crate) fn grow<H: HierarchicalObjective>(
    nest: &mut Nest<'_, H>,
    units: Units<'_, Additive<H>>,
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
    let mut parents: Vec<u32> = (0..nest.slots() as u32).map(|module| nest.parent(module)).collect();
    let mut leaf_module = nest.leaf_modules().to_vec();
    let waiting_nodes: Vec<u32> =
        (0..units.len() as u32).filter(|&node| is_unsettled[leaf_module[node as usize] as usize]).collect();
    let leaves = Partition::from_labels(leaf_module.clone());
    let mut rows_of_module = vec![u32::MAX; nest.slots()];
    for (node, &module) in leaf_module.iter().enumerate() {
        rows_of_module[module as usize] = leaves.module(node) as u32;
    }
    let (offsets, nodes) = leaves.members();
    let (leaf_couplings, _) = consolidate_couplings(units.couplings, &leaves);
    let mut node_position = vec![u32::MAX; units.len()];
    let mut leaf_position = vec![u32::MAX; leaves.modules()];
    let mut levels_gained = 0;
    let mut waiting_modules = unsettled.clone();
    for module in unsettled {
        if monitor.stop_requested() {
            break;
        }
        let objective =
            if module == ROOT { nest.objective.clone() } else { nest.objective.inside(nest.aggregate(module)) };
        let additive = Additive(objective.clone());
        let mut random = fork(random);
        if nest.holds_nodes(module) {
            let row = rows_of_module[module as usize] as usize;
            let own = &nodes[offsets[row]..offsets[row + 1]];
            let inside = units.restrict(&additive, own, &mut node_position);
            let nested = divide_recursively(&objective, inside.units(), own, options, random, monitor);
            if let Nested::Modules(modules) = nested {
                levels_gained += 1;
                modules.iter().for_each(|nested| plant(nested, module, &mut parents, &mut leaf_module));
            }
        } else if nest.size(module) > 2 {
            let children = nest.children(module);
            let inside = child_units(nest, children, &leaf_couplings, &rows_of_module, &mut leaf_position);
            let groups = divide(&additive, inside.units(), options, &mut random, monitor);
            if pays(&objective, inside.units(), &groups) {
                levels_gained += 1;
                let first = parents.len() as u32;
                parents.extend(std::iter::repeat_n(module, groups.modules()));
                for (place, &child) in children.iter().enumerate() {
                    parents[child as usize] = first + groups.module(place) as u32;
                }
            }
        }
    }
    waiting_modules.extend(nest.slots() as u32..parents.len() as u32);
    let (tree, number) = Tree::with_numbers(&parents, &leaf_module);
    let modules = waiting_modules.iter().map(|&module| number[module as usize]).filter(|&module| module != ROOT);
    let waiting = Waiting { nodes: waiting_nodes, modules: modules.collect() };
    Grown { tree, waiting, levels_gained }
}

/// Adds a nested module to a tree in the making.
pub(crate) fn plant(nested: &Nested, parent: u32, parents: &mut Vec<u32>, leaf_module: &mut [u32]) {
    let module = parents.len() as u32;
    parents.push(parent);
    match nested {
        Nested::Units(units) => units.iter().for_each(|&unit| leaf_module[unit as usize] = module),
        Nested::Modules(modules) => modules.iter().for_each(|nested| plant(nested, module, parents, leaf_module)),
    }
}

/// Sibling modules as units, with the couplings between them.
fn child_units<H: HierarchicalObjective>(
    nest: &Nest<'_, H>,
    children: &[u32],
    leaf_couplings: &mapeq_core::Csr,
    rows_of_module: &[u32],
    leaf_position: &mut [u32],
) -> OwnedUnits<Additive<H>> {
    let mut rows = Vec::new();
    let mut child_of_row = Vec::new();
    for (place, &child) in children.iter().enumerate() {
        let mut below = vec![child];
        while let Some(module) = below.pop() {
            if nest.holds_nodes(module) {
                rows.push(rows_of_module[module as usize]);
                child_of_row.push(place as u32);
            } else {
                below.extend(nest.children(module));
            }
        }
    }
    let inside = restrict_couplings(leaf_couplings, &rows, leaf_position);
    let (couplings, _) = consolidate_couplings(&inside, &Partition::from_labels(child_of_row));
    let level = children.iter().map(|&child| nest.objective.as_unit(nest.aggregate(child))).collect();
    OwnedUnits { couplings, level }
}
