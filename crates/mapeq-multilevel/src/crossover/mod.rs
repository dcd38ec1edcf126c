//! Crossover: a tree assembled from the modules of two trees.
//!
//! The codelength of a tree is a sum over its modules. The term of a module depends on its nodes and
//! on its children, not on the rest of the tree. So the best division of every module is found
//! bottom-up, by dynamic programming over the modules of both trees. A module is divided into its
//! own children, into the largest modules of the other tree inside it, or into a mixture of both.

mod division;
mod parent;

use std::cmp::Reverse;

use mapeq_core::{NestedObjective, Tree};
use mapeq_search::{MIN_GAIN, Units};

use division::{Division, Divisions};
use parent::Parent;

/// Returns the shortest tree found whose modules are all modules of `first` or `second`, or `None`
/// if it is not shorter than `first`.
///
/// A preferred number of levels is not considered.
///
/// # Complexity
///
/// O((links + nodes · depth) · depth).
pub(crate) fn crossover<O: NestedObjective>(
    objective: &O,
    units: Units<'_, O>,
    first: &Tree,
    second: &Tree,
) -> Option<Tree> {
    let parents = [Parent::new(objective, units, first), Parent::new(objective, units, second)];
    let mut divisions = Divisions::new(objective, &parents);
    let modules = |tree: usize| (0..parents[tree].modules()).map(move |module| (tree, module));
    let mut order: Vec<(usize, usize)> = modules(0).chain(modules(1)).collect();
    // Parts before wholes: smaller modules first, and of equal ones the deeper first.
    order.sort_by_key(|&(tree, module)| (parents[tree].size(module), Reverse(parents[tree].depth(module))));
    for (tree, module) in order {
        divisions.divide(tree, module);
    }
    let is_shorter = divisions.value(0, 0) < parents[0].value(objective) - MIN_GAIN;
    is_shorter.then(|| assemble(&parents, &divisions))
}

/// Returns the tree of the best divisions, from the root down.
fn assemble<O: NestedObjective>(parents: &[Parent<'_, O>; 2], divisions: &Divisions<'_, O>) -> Tree {
    let mut parent_of = vec![0];
    let mut leaf_module = vec![0; parents[0].nodes_of(0).len()];
    let mut stack = vec![((0, 0), 0)];
    while let Some(((tree, module), number)) = stack.pop() {
        let Division { parts, .. } = divisions.of(tree, module);
        if parts.is_empty() {
            for &node in parents[tree].nodes_of(module) {
                leaf_module[node as usize] = number;
            }
        }
        for &(tree, part) in parts {
            stack.push(((tree, part as usize), parent_of.len() as u32));
            parent_of.push(number);
        }
    }
    Tree::new(&parent_of, &leaf_module)
}
