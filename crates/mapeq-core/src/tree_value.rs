//! Aggregates and values of trees, computed from scratch.

use crate::couplings::Couplings;
use crate::objective::HierarchicalObjective;
use crate::tree::Tree;

/// Returns the aggregate of every module of `tree`, in the order of [`Tree::modules`].
///
/// An aggregate is the boundary of the module and the use rates of its children's codewords. The
/// leaves of the tree are units with aggregates `units` and symmetric `couplings`.
///
/// # Complexity
/// O(units + links · depth).
///
/// # Panics
/// If there is not one row of couplings, one aggregate and one leaf per unit.
pub fn tree_aggregates<H: HierarchicalObjective>(
    objective: &H,
    units: &[H::Module],
    couplings: &Couplings,
    tree: &Tree,
) -> Vec<H::Module> {
    assert!(units.len() == couplings.rows() && units.len() == tree.nodes(), "one leaf per unit");
    let modules = tree.modules();
    let between = couplings_by_common_module(couplings, tree);
    let mut aggregates = vec![H::Module::default(); modules.len()];
    for (unit, aggregate) in units.iter().enumerate() {
        let module = &mut aggregates[tree.leaf_modules()[unit] as usize];
        *module = objective.insert(module, aggregate, 0.0);
    }
    for module in (0..modules.len()).rev() {
        aggregates[module] = objective.insert(&aggregates[module], &H::Module::default(), between[module]);
        if module > 0 {
            let unit = objective.as_unit(&aggregates[module]);
            let parent = &mut aggregates[modules[module].parent as usize];
            *parent = objective.insert(parent, &unit, 0.0);
        }
    }
    aggregates
}

/// Returns the objective of a tree, up to the same constant as for flat partitions.
///
/// # Complexity
/// O(units + links · depth).
///
/// # Panics
/// As [`tree_aggregates`].
pub fn tree_value<H: HierarchicalObjective>(
    objective: &H,
    units: &[H::Module],
    couplings: &Couplings,
    tree: &Tree,
) -> f64 {
    let aggregates = tree_aggregates(objective, units, couplings, tree);
    let below: f64 = aggregates[1..].iter().map(|module| objective.term(module)).sum();
    objective.undivided(&aggregates[0]) + below + levels_value(objective, units, tree)
}

/// Returns the cost of the levels of a tree, 0 without a preferred number of levels.
fn levels_value<H: HierarchicalObjective>(objective: &H, units: &[H::Module], tree: &Tree) -> f64 {
    objective
        .preferred_levels()
        .map_or(0.0, |preferred| preferred.of_tree(tree, |unit| objective.use_rate(&units[unit])))
}

/// Returns for every module the sum of the couplings between units whose lowest common module it
/// is.
fn couplings_by_common_module(couplings: &Couplings, tree: &Tree) -> Vec<f64> {
    let mut joined = vec![0.0; tree.modules().len()];
    for unit in 0..couplings.rows() {
        couplings.row(unit).for_each(|(other, coupling)| {
            if other <= unit {
                return;
            }
            let module = tree.lowest_common_module(tree.leaf_modules()[unit], tree.leaf_modules()[other]);
            joined[module as usize] += coupling;
        });
    }
    joined
}
