//! Random test cases, and their codelengths by the definitions.

use std::collections::BTreeMap;

use mapeq_core::{FlowNetwork, Network, Tree};
use mapeq_flow::{FlowModel, FlowOptions, TeleportationOptions, compute_flow};
use mapeq_search::{Random, below};
use mapeq_twolevel::{MapEquation, ModuleFlow, codelength};

use crate::labels::{Labels, Weight};
use crate::objective::WithLabels;

/// Returns the flow along links (source, target, weight) between nodes numbered from 0.
pub(crate) fn flow(nodes: usize, links: &[(u32, u32, f64)], model: FlowModel, recorded: bool) -> FlowNetwork {
    let network = Network::from_links(model.direction(), nodes, links.iter().copied()).expect("links");
    let teleportation = TeleportationOptions { recorded, ..TeleportationOptions::default() };
    let options = FlowOptions { model, teleportation, ..FlowOptions::default() };
    compute_flow(&network, &options).expect("a network with flow").network
}

/// Returns links that are mostly short, so that there are modules.
pub(crate) fn random_network(nodes: usize, random: &mut Random, model: FlowModel, recorded: bool) -> FlowNetwork {
    let links: Vec<(u32, u32, f64)> = (0..nodes * 3)
        .map(|_| {
            let source = below(random, nodes);
            let near = (source + 1 + below(random, 3)) % nodes;
            let target = if below(random, 4) == 0 { below(random, nodes) } else { near };
            (source as u32, target as u32, (1 + below(random, 3)) as f64)
        })
        .collect();
    flow(nodes, &links, model, recorded)
}

pub(crate) fn random_labels(nodes: usize, kinds: usize, random: &mut Random) -> Vec<u32> {
    (0..nodes).map(|_| 10 * below(random, kinds) as u32).collect()
}

/// Returns random categories; every fourth label is unknown.
pub(crate) fn some(labels: &[u32]) -> Vec<Option<u32>> {
    labels.iter().map(|&label| Some(label).filter(|label| label / 10 % 4 != 3)).collect()
}

pub(crate) fn with_labels<F: ModuleFlow>(labels: &Labels) -> WithLabels<MapEquation<F>> {
    WithLabels::new(MapEquation::new(), labels.clone())
}

pub(crate) fn h(x: f64) -> f64 {
    if x > 0.0 { x * x.log2() } else { 0.0 }
}

/// Returns the amounts by module and label.
pub(crate) fn amounts<L: Ord + Copy>(
    modules: &[u32],
    labels: &[L],
    amount: impl Fn(usize) -> f64,
) -> BTreeMap<(u32, L), f64> {
    let mut sums = BTreeMap::new();
    for (node, (&module, &label)) in modules.iter().zip(labels).enumerate() {
        *sums.entry((module, label)).or_insert(0.0) += amount(node);
    }
    sums
}

/// Returns the codelength of a tree whose leaf modules name physical nodes, by the definition.
pub(crate) fn of_states(network: &FlowNetwork, physical: &[u32], tree: &Tree) -> f64 {
    let flow = &network.nodes.flow;
    let shared: f64 = amounts(tree.leaf_modules(), physical, |node| flow[node]).values().map(|&sum| h(sum)).sum();
    codelength(network, tree).codelength.total() + flow.iter().map(|&p| h(p)).sum::<f64>() - shared
}

/// Returns the codelength of a tree plus `rate` times the entropy of categories in its leaf
/// modules, by the definition.
pub(crate) fn of_categories(
    network: &FlowNetwork,
    categories: &[Option<u32>],
    weight: Weight,
    rate: f64,
    tree: &Tree,
) -> f64 {
    let amount = |node: usize| match weight {
        Weight::Flow => network.nodes.flow[node],
        Weight::Uniform => 1.0 / network.len() as f64,
    };
    let sums = amounts(tree.leaf_modules(), categories, amount);
    let whole = amounts(tree.leaf_modules(), &vec![0u32; categories.len()], amount);
    let entropy_of = |(&(module, _), &sum): (&(u32, Option<u32>), &f64)| {
        let share = sum / whole[&(module, 0)];
        if sum > 0.0 { whole[&(module, 0)] * -h(share) } else { 0.0 }
    };
    codelength(network, tree).codelength.total() + rate * sums.iter().map(entropy_of).sum::<f64>()
}

/// Returns the term that does not depend on the tree. The search leaves out −Σ h(p_u) where nodes
/// have codewords.
pub(crate) fn constant(network: &FlowNetwork) -> f64 {
    network.nodes.flow.iter().map(|&p| h(p)).sum()
}
