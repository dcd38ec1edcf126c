//! Levels above overlapping modules.

use mapeq_core::{FlowNetwork, NodeFlows, Tree};
use mapeq_multilevel::{MultilevelOptions, multilevel};
use mapeq_search::{Monitor, consolidate_couplings};

use crate::copies::Copies;
use crate::memberships::LEAST_GAIN;
use crate::search::{balanced, directed};

/// The best tree of `copies` that a search for modules of their modules finds: never longer than their modules alone.
///
/// To the codebooks above it, a module is a node that is visited whenever the walk enters it. So modules are grouped as any nodes
/// are, by the multilevel map equation, and stay as they are. The same result at any number of threads.
///
/// M. Rosvall & C. T. Bergstrom, PLoS ONE 2011, doi:10.1371/journal.pone.0018209.
pub fn nested(copies: &Copies, options: &MultilevelOptions, seed: u64, monitor: &dyn Monitor) -> Tree {
    let flat = copies.flat_tree();
    let modules = modules_as_nodes(copies, &flat);
    let above = match modules.nodes.enter {
        None => multilevel(&modules, &balanced(), options, seed, monitor),
        Some(_) => multilevel(&modules, &directed(), options, seed, monitor),
    };
    let tree = below(&above, copies);
    let total = |tree: &Tree| copies.codelength(tree).codelength.total();
    if total(&tree) < total(&flat) - LEAST_GAIN { tree } else { flat }
}

/// A walk on the modules, whose visits are those steps that enter them.
fn modules_as_nodes(copies: &Copies, flat: &Tree) -> FlowNetwork {
    let (couplings, _) = consolidate_couplings(&copies.flow.couplings, &copies.module);
    // Modules of the tree have the order of those of the partition, below the root.
    let codebooks = copies.codelength(flat).codebooks;
    let enter: Box<[f64]> = codebooks[1..].iter().map(|codebook| codebook.enter.max(0.0)).collect();
    let exit: Box<[f64]> = codebooks[1..].iter().map(|codebook| codebook.exit.max(0.0)).collect();
    let nodes = NodeFlows {
        flow: enter.clone(),
        exit,
        enter: copies.flow.nodes.enter.is_some().then_some(enter),
        ..NodeFlows::default()
    };
    FlowNetwork::new(couplings, nodes)
}

/// The tree whose modules are those of `above`, and in them, as the leaves of that, the modules of the copies.
fn below(above: &Tree, copies: &Copies) -> Tree {
    above.with_modules_as_leaves(&copies.module)
}
