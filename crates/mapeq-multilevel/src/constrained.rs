//! Trees under constraints: fixed nodes, and sizes of leaf modules.
//!
//! The search starts from flat modules that satisfy the constraints. They are grouped, and divided
//! by searches under the same constraints. After that, subtrees move and levels come and go, but
//! nodes do not move across leaf modules. So moves across levels need no constraints.

use mapeq_core::{FlowNetwork, NestedObjective, Partition, Tree, nested_value};
use mapeq_search::{Constraints, Grouping, Monitor, Units, random};

use crate::options::MultilevelOptions;
use crate::tree_search::TreeSearch;

/// Runs one trial and returns the best tree that grows from `flat` modules, which satisfy
/// `constraints`.
///
/// The leaf modules of the tree satisfy the constraints. The tree is never longer than the flat
/// modules, nor than `start` if that satisfies the constraints. It depends on the arguments alone.
///
/// # Complexity
///
/// Near-linear in the number of links.
pub fn multilevel_constrained<O: NestedObjective>(
    network: &FlowNetwork,
    objective: &O,
    options: &MultilevelOptions,
    constraints: &Constraints<'_>,
    (flat, start): (&Partition, Option<&Tree>),
    seed: u64,
    monitor: &dyn Monitor,
) -> Tree {
    let level = objective.level(network);
    let nodes = Units::new(&network.couplings, &level);
    let (contracted, constraints) = constraints.contract(nodes.len());
    let (coarse, _) = nodes.consolidate(objective, &contracted);
    let units = Units::new(&coarse.couplings, &coarse.level).constrained(&constraints);
    let search = TreeSearch { objective, units, options, monitor };
    let grouping = Grouping::new(units, Partition::from_labels(of_units(flat.labels(), &contracted)));
    let (mut recursion, mut tuning) = (random(seed, &[1]), random(seed, &[2]));
    let mut found = vec![(Tree::from_partition(&grouping.partition), grouping.value(objective, units))];
    found.extend(search.grow_tree(&grouping, &mut recursion, &mut tuning));
    let satisfies = |tree: &Tree| {
        let keeps_together = contracted.intersection(&tree.leaf_partition()).modules() == contracted.modules();
        keeps_together && constraints.allow(&Partition::from_labels(of_units(tree.leaf_modules(), &contracted)))
    };
    if let Some(start) = start.filter(|start| satisfies(start)) {
        let start = start.with_leaves(&of_units(start.leaf_modules(), &contracted));
        let value = nested_value(objective, units.level, units.couplings, &start);
        found.push(search.tune(start.clone(), options.max_tuning_rounds, &mut tuning));
        found.push((start, value));
    }
    let (best, _) = found.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).expect("at least the flat modules");
    let leaf_module: Vec<u32> = contracted.labels().iter().map(|&unit| best.leaf_modules()[unit as usize]).collect();
    best.with_leaves(&leaf_module)
}

/// Returns the module of every unit, which is that of any of its nodes.
fn of_units(modules: &[u32], contracted: &Partition) -> Vec<u32> {
    let mut of_units = vec![0; contracted.modules()];
    for (node, &module) in modules.iter().enumerate() {
        of_units[contracted.module(node)] = module;
    }
    of_units
}
