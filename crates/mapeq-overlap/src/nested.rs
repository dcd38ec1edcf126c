//! Levels above overlapping modules.

use mapeq_core::{FlowNetwork, NodeFlows, Tree};
use mapeq_multilevel::{MultilevelOptions, multilevel};
use mapeq_search::{Monitor, consolidate_couplings};

use crate::copies::Copies;
use crate::moves::MIN_GAIN;
use crate::search::{balanced, directed};

/// Finds levels above the modules of `copies`, and returns the best tree. Its codelength is never
/// longer than that of the modules alone.
///
/// To the codebooks above it, a module is a node that is visited whenever the walk enters it. So
/// the multilevel map equation groups modules like nodes. The modules themselves do not change. The
/// result is the same at any number of threads.
///
/// M. Rosvall & C. T. Bergstrom, PLoS ONE 2011, doi:10.1371/journal.pone.0018209.
pub fn nested(copies: &Copies, options: &MultilevelOptions, seed: u64, monitor: &dyn Monitor) -> Tree {
    let flat = copies.flat_tree();
    let modules = modules_as_nodes(copies, &flat);
    let above = match modules.nodes.enter {
        None => multilevel(&modules, &balanced(), options, seed, monitor),
        Some(_) => multilevel(&modules, &directed(), options, seed, monitor),
    };
    let tree = above.with_modules_as_leaves(&copies.module);
    let total = |tree: &Tree| copies.codelength(tree).codelength.total();
    if total(&tree) < total(&flat) - MIN_GAIN { tree } else { flat }
}

/// Returns the flow network of the modules, which are visited by the steps that enter them.
fn modules_as_nodes(copies: &Copies, flat: &Tree) -> FlowNetwork {
    let (couplings, _) = consolidate_couplings(&copies.flow.couplings, &copies.module);
    // Codebook 0 is the root; the others are in the order of the modules of the partition.
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
