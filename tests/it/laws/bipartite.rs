//! Laws of the map equation with node types.

use mapeq::core::{Additive, FlowNetwork, Network, Objective, Tree, tree_value};
use mapeq::flow::{FlowOptions, compute_flow};
use mapeq::search::random;
use mapeq::twolevel::{BipartiteMapEquation, codelength, one_level_codelength};
use mapeq::{Direction, MultilevelOptions, Silent, multilevel::multilevel};
use proptest::prelude::*;

use super::cases::{Case, Walk, check_everywhere, config, is_close};

/// A network whose links join its first nodes with the others, the features.
#[derive(Clone, Debug)]
struct Bipartite {
    first_feature: usize,
    nodes: usize,
    links: Vec<(usize, usize, f64)>,
    seed: u64,
}

fn networks() -> impl Strategy<Value = Bipartite> {
    (3usize..7, 3usize..7, any::<u64>()).prop_flat_map(|(nodes, features, seed)| {
        let link = (0..nodes, nodes..nodes + features, (1u32..12).prop_map(|quarters| f64::from(quarters) / 4.0));
        prop::collection::vec(link, 0..20).prop_map(move |more| {
            let mut links: Vec<_> = (0..nodes.max(features)).map(|i| (i % nodes, nodes + i % features, 1.0)).collect();
            links.extend(more);
            Bipartite { first_feature: nodes, nodes: nodes + features, links, seed }
        })
    })
}

impl Bipartite {
    fn flow(&self) -> FlowNetwork {
        let links = self.links.iter().map(|&(node, feature, weight)| (node as u32, feature as u32, weight));
        let network = Network::from_links(Direction::Undirected, self.nodes, links).expect("links");
        compute_flow(&network, &FlowOptions::default()).expect("a network with links").network
    }

    fn equation(&self, flipping_rate: f64) -> BipartiteMapEquation {
        BipartiteMapEquation::new(self.first_feature as u32, flipping_rate)
    }

    fn random_tree(&self) -> Tree {
        let case = Case { walk: Walk::Undirected, nodes: self.nodes, links: Vec::new(), seed: self.seed };
        case.random_tree(&mut random(self.seed, &[]))
    }

    /// Returns the codelength of a tree by definition.
    ///
    /// Every module has a codebook for each type of the next node, with codewords for the exit, the
    /// submodules and the nodes. Steps use the codebook of the wrong type at the flipping rate.
    fn by_definition(&self, tree: &Tree, flipping_rate: f64) -> f64 {
        let total: f64 = self.links.iter().map(|link| 2.0 * link.2).sum();
        let steps: Vec<(usize, usize, f64)> = self
            .links
            .iter()
            .flat_map(|&(node, feature, weight)| [(node, feature, weight / total), (feature, node, weight / total)])
            .collect();
        let is_below = |module: usize, node: usize| {
            let leaf = tree.leaf_modules()[node] as usize;
            let mut above =
                std::iter::successors(Some(leaf), |&own| (own != 0).then(|| tree.modules()[own].parent as usize));
            above.any(|own| own == module)
        };
        let mut bits = 0.0;
        for module in 0..tree.modules().len() {
            for features in [false, true] {
                let rate_of = |&(_, target, flow): &(usize, usize, f64)| {
                    let is_type = (target >= self.first_feature) == features;
                    flow * if is_type { 1.0 - flipping_rate } else { flipping_rate }
                };
                let sum = |chosen: &dyn Fn(usize, usize) -> bool| -> f64 {
                    steps.iter().filter(|step| chosen(step.0, step.1)).map(rate_of).sum()
                };
                let mut rates = vec![sum(&|from, to| is_below(module, from) && !is_below(module, to))];
                rates.extend(
                    tree.children(module).map(|child| sum(&|from, to| !is_below(child, from) && is_below(child, to))),
                );
                let own = (0..self.nodes).filter(|&node| tree.leaf_modules()[node] as usize == module);
                rates.extend(own.map(|node| sum(&|_, to| to == node)));
                let used: f64 = rates.iter().sum();
                bits -= rates.iter().filter(|&&rate| rate > 0.0).map(|rate| rate * (rate / used).log2()).sum::<f64>();
            }
        }
        bits
    }
}

/// Returns the entropy of the type of the next node if it is wrong at this rate, in bits.
fn type_entropy(flipping_rate: f64) -> f64 {
    [flipping_rate, 1.0 - flipping_rate].iter().filter(|&&rate| rate > 0.0).map(|rate| -rate * rate.log2()).sum()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn it_obeys_the_laws_of_objectives(network in networks(), flipping_rate in 0.0..=0.5) {
        check_everywhere(&network.equation(flipping_rate), &network.flow(), network.seed);
    }

    #[test]
    fn the_codelength_of_a_tree_is_as_defined(network in networks(), flipping_rate in prop_oneof![Just(0.0), 0.0..=0.5]) {
        let (flow, tree, equation) = (network.flow(), network.random_tree(), network.equation(flipping_rate));
        let ours = equation.codelength(&flow, &tree);
        let defined = network.by_definition(&tree, flipping_rate);
        prop_assert!(is_close(ours.codelength.total(), defined), "{ours:?} is not {defined}");
        let of_codebooks: f64 = ours.codebooks.iter().map(|codebook| codebook.codelength).sum();
        prop_assert!(is_close(of_codebooks, defined));
        let plain = codelength(&flow, &tree);
        for (with, without) in ours.codebooks.iter().zip(&plain.codebooks) {
            prop_assert!(is_close(with.flow, without.flow) && is_close(with.exit, without.exit));
        }
        let nodes: f64 = (0..flow.len()).map(|node| equation.node_terms(&flow.nodes.at(node))).sum();
        let value = tree_value(&equation, &Additive(equation).level(&flow), &flow.couplings, &tree);
        prop_assert!(is_close(value + nodes, defined), "{value} + {nodes} is not {defined}");
    }

    #[test]
    fn with_random_types_it_is_the_map_equation(network in networks()) {
        let (flow, tree) = (network.flow(), network.random_tree());
        let (ours, plain) = (network.equation(0.5).codelength(&flow, &tree), codelength(&flow, &tree));
        prop_assert!(is_close(ours.codelength.index, plain.codelength.index));
        prop_assert!(is_close(ours.codelength.module, plain.codelength.module));
    }

    #[test]
    fn types_save_one_bit_less_their_entropy(network in networks(), rates in [0.0..=0.5, 0.0..=0.5]) {
        let flow = network.flow();
        let one = Tree::from_partition(&mapeq::Partition::one_module(network.nodes));
        let length = |rate| network.equation(rate).codelength(&flow, &one).codelength.total();
        prop_assert!(is_close(length(0.0), one_level_codelength(&flow) - 1.0));
        for rate in rates {
            prop_assert!(is_close(length(rate), length(0.0) + type_entropy(rate)));
        }
        let [low, high] = if rates[0] < rates[1] { rates } else { [rates[1], rates[0]] };
        prop_assert!(length(low) <= length(high) + 1e-12, "the codelength grows with the flipping rate");
    }

    #[test]
    fn searches_are_never_worse_than_one_module(network in networks(), flipping_rate in 0.0..=0.5) {
        let (flow, equation) = (network.flow(), network.equation(flipping_rate));
        let found = multilevel(&flow, &Additive(equation), &MultilevelOptions::default(), network.seed, &Silent);
        let one = Tree::from_partition(&mapeq::Partition::one_module(network.nodes));
        let length = |tree: &Tree| equation.codelength(&flow, tree).codelength.total();
        prop_assert!(length(&found) <= length(&one) + 1e-10);
    }
}

/// The type of a node belongs to its number, not to its position.
#[test]
fn the_order_of_the_nodes_changes_nothing() {
    let links = vec![(0, 3, 1.0), (0, 4, 2.0), (1, 3, 1.0), (1, 4, 1.0), (2, 5, 3.0), (1, 5, 0.5)];
    let network = Bipartite { first_feature: 3, nodes: 6, links, seed: 1 };
    let (flow, tree) = (network.flow(), Tree::new(&[0, 0, 0], &[1, 1, 2, 1, 1, 2]));
    let mut order: Vec<u32> = (0..6).collect();
    mapeq::search::shuffle(&mut order, &mut random(3, &[]));
    assert_ne!(order, [0, 1, 2, 3, 4, 5]);
    let moved: Vec<u32> = order.iter().map(|&node| tree.leaf_modules()[node as usize]).collect();
    let equation = network.equation(0.1);
    let before = equation.codelength(&flow, &tree).codelength.total();
    let after =
        equation.codelength(&mapeq::search::reordered(flow, &order), &Tree::new(&[0, 0, 0], &moved)).codelength.total();
    assert!(is_close(before, after), "{before} is not {after}");
}
