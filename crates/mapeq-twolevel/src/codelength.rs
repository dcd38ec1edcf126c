//! The map equation of a partition or a tree, from scratch.

use mapeq_core::{Additive, Objective};
use mapeq_core::{Codelength, FlowNetwork, HierarchicalObjective, Tree, plogp, tree_aggregates};

use crate::map_equation::MapEquation;
use crate::module_flow::{BalancedFlow, DirectedFlow, ModuleFlow, RecordedFlow, UnbalancedFlow};

/// The codelength of a tree of modules, and the contribution of each codebook.
#[derive(Clone, Debug)]
pub struct TreeCodelength {
    /// Bits per step: the root's codebook, and the codebooks of all modules below it.
    pub codelength: Codelength,
    /// One per module, in the order of [`Tree::modules`]; the root first.
    pub codebooks: Vec<Codebook>,
}

/// The codebook of one module.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Codebook {
    /// Sum of the visit rates of the nodes below the module, per step.
    pub flow: f64,
    /// Rate of entering the module, per step.
    pub enter: f64,
    /// Rate of leaving the module, per step.
    pub exit: f64,
    /// Bits per step spent on the codebook: use rate times entropy of its codewords.
    pub codelength: f64,
}

/// Returns the codelength of a single codebook for all nodes: h(Σp) − Σ h(p_u), the entropy of the
/// visits. Bits per step.
pub fn one_level_codelength(flow: &FlowNetwork) -> f64 {
    plogp(flow.nodes.flow.iter().sum()) - flow.nodes.flow.iter().map(|&p| plogp(p)).sum::<f64>()
}

/// Computes the codelength of a tree from scratch: the two-level map equation for two levels, else
/// the multilevel one (Rosvall & Bergstrom, PLoS ONE 2011, doi:10.1371/journal.pone.0018209). Bits
/// per step; O(nodes + links · depth).
///
/// # Panics
/// If the tree does not have this network's nodes as leaves.
pub fn codelength(flow: &FlowNetwork, tree: &Tree) -> TreeCodelength {
    match (&flow.nodes.teleportation, &flow.nodes.enter) {
        (Some(_), Some(_)) => of_tree::<UnbalancedFlow>(flow, tree),
        (Some(_), None) => of_tree::<RecordedFlow>(flow, tree),
        (None, Some(_)) => of_tree::<DirectedFlow>(flow, tree),
        (None, None) => of_tree::<BalancedFlow>(flow, tree),
    }
}

fn of_tree<F: ModuleFlow>(flow: &FlowNetwork, tree: &Tree) -> TreeCodelength {
    let equation = MapEquation::<F>::new();
    let nodes = Additive(equation).level(flow);
    let modules = tree_aggregates(&equation, &nodes, &flow.couplings, tree);
    let flows = tree.sum_over_subtrees(&flow.nodes.flow);
    // −Σ h over the codewords that a codebook names: visits of nodes, entries of modules.
    let mut codewords = tree.sum_over_leaf_modules(|node| plogp(flow.nodes.flow[node]));
    for (module, aggregate) in modules.iter().enumerate().skip(1) {
        codewords[tree.modules()[module].parent as usize] += plogp(aggregate.enter());
    }
    let codebooks: Vec<Codebook> = modules
        .iter()
        .enumerate()
        .map(|(module, own)| {
            let inside = if module == 0 { equation } else { equation.inside(own) };
            let (enter, exit) = if module == 0 { (0.0, 0.0) } else { (own.enter(), own.exit()) };
            Codebook { flow: flows[module], enter, exit, codelength: inside.undivided(own) - codewords[module] }
        })
        .collect();
    let below = codebooks[1..].iter().map(|codebook| codebook.codelength).sum();
    TreeCodelength { codelength: Codelength { index: codebooks[0].codelength, module: below }, codebooks }
}
