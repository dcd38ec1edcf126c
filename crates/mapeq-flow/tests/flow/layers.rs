//! Multilayer walks: with pools and on the expanded network, and relaxation to self.

use crate::common::*;
use mapeq_core::{Direction, FlowNetwork, IdTable, Layers, Network, NodeIds, NodeTable, States};
use mapeq_flow::{
    Flow, FlowError, FlowModel, FlowOptions, MarkovTime, Relaxation, compute_flow, count_expanded_links, expand_layers,
};
use mapeq_flow::{Regularization, TeleportationOptions};
use proptest::prelude::*;

/// Layer, node, node, weight.
type Rows = Vec<(u32, u32, u32, f64)>;

/// Creates a multilayer network. Layers have the ids 1, 2, 4, 8, ….
fn layered(rows: &Rows, direction: Direction) -> Network {
    let mut states: Vec<(u32, u32)> = rows.iter().flat_map(|&(layer, a, b, _)| [(a, layer), (b, layer)]).collect();
    states.sort_unstable();
    states.dedup();
    let number = |layer: u32, node: u32| states.binary_search(&(node, layer)).unwrap() as u32;
    let list = rows.iter().map(|&(layer, a, b, weight)| (number(layer, a), number(layer, b), weight)).collect();
    let weights = states.iter().map(|&(node, layer)| f64::from(1 + (3 * node + layer) % 4)).collect();
    let nodes =
        NodeTable { weights: Some(weights), ..NodeTable::new(NodeIds::Consecutive { first: 0, len: states.len() }) };
    let all = |of: fn(&(u32, u32)) -> u32| 1 + states.iter().map(of).max().unwrap() as usize;
    let layers = Layers {
        table: IdTable::new(NodeIds::ascending((0..all(|state| state.1)).map(|layer| 1 << layer).collect())),
        of_state: states.iter().map(|state| state.1).collect(),
        inter: Some([].into()),
    };
    let physical_nodes = IdTable::new(NodeIds::Consecutive { first: 1, len: all(|state| state.0) });
    let physical = states.iter().map(|state| state.0).collect();
    Network::new(nodes, list, direction).with_states(States {
        physical_nodes,
        physical,
        layers: Some(layers),
        names: None,
    })
}

/// Computes the flow on the expanded network.
fn on_expanded_network(network: &Network, options: &FlowOptions) -> Result<Flow, FlowError> {
    let expanded = expand_layers(network, options).expect("links stay in layers");
    compute_flow(&expanded, &FlowOptions { model: options.model.between_layers(), ..*options })
}

fn rows() -> impl Strategy<Value = Rows> {
    let weight = (1..20u32).prop_map(|weight| f64::from(weight) / 4.0);
    prop::collection::vec((0..4u32, 0..6u32, 0..6u32, weight), 1..40)
}

fn options() -> impl Strategy<Value = FlowOptions> {
    let limit = || prop::option::of(0..5u32);
    let relaxation = (prop_oneof![Just(0.0), Just(0.15), Just(0.6), Just(1.0)], limit(), limit(), limit());
    let relaxation = relaxation.prop_map(|(rate, limit, limit_up, limit_down)| Relaxation {
        rate,
        limit,
        limit_up,
        limit_down,
        ..Relaxation::default()
    });
    let relaxation = prop_oneof![relaxation, Just(Relaxation::default())];
    let teleportation = (any::<bool>(), any::<bool>(), prop_oneof![Just(0.15), Just(0.5)]);
    let time = prop_oneof![Just(1.0), Just(1.7)];
    (relaxation, teleportation, any::<bool>(), time).prop_map(
        |(relaxation, (recorded, to_nodes, probability), directed, time)| FlowOptions {
            model: if directed { FlowModel::Directed } else { FlowModel::Undirected },
            teleportation: TeleportationOptions { probability, recorded, to_nodes },
            markov_time: MarkovTime { time, variable: None },
            relaxation,
            tolerance: 1e-14,
            ..FlowOptions::default()
        },
    )
}

fn all_couplings(flow: &FlowNetwork) -> Vec<f64> {
    let nodes = 0..flow.nodes.flow.len();
    nodes.clone().flat_map(|a| nodes.clone().map(move |b| coupling(flow, a, b))).collect()
}

#[test]
fn pools_give_the_flow_of_the_expanded_network() {
    law_on(512, &(rows(), options()), |(rows, options)| {
        let network = layered(&rows, options.model.direction());
        let (pools, links) = match (compute_flow(&network, &options), on_expanded_network(&network, &options)) {
            (Ok(pools), Ok(links)) => (pools, links),
            (pools, links) => {
                assert!(pools.is_err() && links.is_err());
                return false;
            }
        };
        const SAME: f64 = 1e-12;
        let pairs = [
            (&pools.network.nodes.flow, &links.network.nodes.flow),
            (&pools.network.nodes.exit, &links.network.nodes.exit),
        ];
        for (by_pools, by_links) in pairs {
            assert_close(by_pools, by_links, SAME);
        }
        assert_eq!(pools.network.nodes.enter.is_some(), links.network.nodes.enter.is_some());
        if let (Some(by_pools), Some(by_links)) = (&pools.network.nodes.enter, &links.network.nodes.enter) {
            assert_close(by_pools, by_links, SAME);
        }
        if let (Some(by_pools), Some(by_links)) = (&pools.network.nodes.stay, &links.network.nodes.stay) {
            assert_close(by_pools, by_links, SAME);
        }
        assert_close(&all_couplings(&pools.network), &all_couplings(&links.network), SAME);
        let (by_pools, by_links) = (pools.network.degrees, links.network.degrees);
        assert_close(&[by_pools.links, by_pools.weight], &[by_links.links, by_links.weight], 1e-9);
        // The flow of single links refers to the expanded network in both cases.
        let expanded = expand_layers(&network, &options).unwrap();
        // Links of probability 0 are left out.
        let expected = expanded.links().links();
        let counted = count_expanded_links(&network, &options);
        assert!(counted == expected || options.relaxation.rate == 0.0 && counted > expected);
        let carried = |flow: &Flow| carried(flow, &expanded).into_iter().map(|link| link.2).collect::<Vec<f64>>();
        assert_close(&carried(&pools), &carried(&links), SAME);
        expected > intra_layer_links(&network, options.model)
    });
}

/// If very many states are in reach of each other, couplings are in factored form, and equal.
#[test]
fn factored_couplings_equal_those_of_the_expanded_network() {
    let rows = (0..30u32).flat_map(|layer| {
        (0..30u32).flat_map(move |node| {
            let of_node = (1..=8u32).map(move |far| (layer, node, (node + far * (1 + layer % 3)) % 30, 1.0));
            of_node.filter(move |_| node % 7 != layer % 7)
        })
    });
    let unweighted: Rows = rows.collect();
    let weighted: Rows =
        unweighted.iter().map(|&(layer, a, b, _)| (layer, a, b, f64::from(1 + (a + b + layer) % 5))).collect();
    let near = Relaxation { limit: Some(1 << 27), ..Relaxation::default() };
    let cases = [
        (&unweighted, FlowModel::Undirected, Relaxation::default(), 1.0, false),
        (&unweighted, FlowModel::Directed, Relaxation::default(), 1.7, true),
        (&weighted, FlowModel::Undirected, near, 1.0, false),
        (&weighted, FlowModel::Directed, Relaxation { rate: 0.6, ..Relaxation::default() }, 1.0, false),
    ];
    for (rows, model, relaxation, time, recorded) in cases {
        let options = FlowOptions {
            model,
            relaxation,
            markov_time: MarkovTime { time, variable: None },
            teleportation: TeleportationOptions { recorded, ..TeleportationOptions::default() },
            ..FlowOptions::default()
        };
        let network = layered(rows, model.direction());
        let (pools, links) =
            (compute_flow(&network, &options).unwrap(), on_expanded_network(&network, &options).unwrap());
        assert!(pools.network.couplings.factored().is_some() && links.network.couplings.factored().is_none());
        assert_eq!(
            count_expanded_links(&network, &options),
            expand_layers(&network, &options).unwrap().links().links()
        );
        let nodes = network.nodes().len();
        let matrix = |flow: &Flow| {
            let mut matrix = vec![0.0; nodes * nodes];
            flow.network.couplings.iter().for_each(|(a, b, coupling)| matrix[a * nodes + b] += coupling);
            matrix
        };
        assert_close(&matrix(&pools), &matrix(&links), 1e-13);
        assert_close(&pools.network.nodes.exit, &links.network.nodes.exit, 1e-12);
    }
}

/// Counts the links within layers, undirected ones in both directions.
fn intra_layer_links(network: &Network, model: FlowModel) -> usize {
    let links = network.links();
    let ways = |(source, target, _): (usize, usize, f64)| {
        if model == FlowModel::Undirected && source != target { 2 } else { 1 }
    };
    links.iter().map(ways).sum()
}

/// Returns source, target and flow of every link of the expanded network.
fn carried(flow: &Flow, expanded: &Network) -> Vec<(usize, usize, f64)> {
    flow.links.per_codeword(expanded.links()).iter().collect()
}

/// A step to another layer first changes the layer at its node, and then follows a link there.
/// Enter and exit flow of any set of states count both halves, and visits are unchanged.
#[test]
fn relaxing_to_self_counts_both_halves_of_a_step() {
    law_on(512, &(rows(), options(), any::<u32>()), |(rows, options, members)| {
        let network = layered(&rows, options.model.direction());
        let relaxation = Relaxation { to_self: true, ..options.relaxation };
        let (Ok(at_once), Ok(to_self)) =
            (compute_flow(&network, &options), compute_flow(&network, &FlowOptions { relaxation, ..options }))
        else {
            return false;
        };
        assert_close(&to_self.network.nodes.flow, &at_once.network.nodes.flow, 1e-12);
        let states = network.nodes().states.as_ref().unwrap();
        let layer = &states.layers.as_ref().unwrap().of_state;
        let len = network.nodes().len();
        let is_member = |state: usize| members >> (state % 32) & 1 == 1;
        let (mut entering, mut leaving) = (0.0, 0.0);
        for (source, target, flow) in carried(&at_once, &expand_layers(&network, &options).unwrap()) {
            let between = (0..len)
                .find(|&state| states.physical[state] == states.physical[source] && layer[state] == layer[target])
                .expect("the node has a state in the layer of the target");
            let [from, half_way, to] = [source, between, target].map(|state| usize::from(is_member(state)));
            let crossed = |a: usize, b: usize| f64::from(u8::from(a < b));
            entering += flow * (crossed(from, half_way) + crossed(half_way, to) - crossed(from, to));
            leaving += flow * (crossed(half_way, from) + crossed(to, half_way) - crossed(to, from));
        }
        let set: Vec<usize> = (0..len).filter(|&state| is_member(state)).collect();
        let (once, own) = (enter_and_exit(&at_once.network, &set), enter_and_exit(&to_self.network, &set));
        assert_close(&[own.0, own.1], &[once.0 + entering, once.1 + leaving], 1e-12);
        let all: Vec<usize> = (0..len).collect();
        let (enter, exit) = enter_and_exit(&to_self.network, &all);
        assert_close(&[enter, exit], &[0.0, 0.0], 1e-12);
        entering > 1e-3
    });
}

#[test]
fn relaxing_to_self_is_rejected_if_options_exclude_it() {
    let network = layered(&vec![(0, 0, 1, 1.0), (1, 0, 2, 1.0)], Direction::Undirected);
    let relaxation = Relaxation { to_self: true, ..Relaxation::default() };
    let supported = FlowOptions { relaxation, ..FlowOptions::default() };
    assert!(compute_flow(&network, &supported).is_ok());
    for options in [
        FlowOptions { regularization: Some(Regularization::default()), ..supported },
        FlowOptions { node_weights_as_flow: true, ..supported },
        FlowOptions {
            teleportation: TeleportationOptions { probability: 0.0, ..supported.teleportation },
            ..supported
        },
    ] {
        assert_eq!(compute_flow(&network, &options).unwrap_err(), FlowError::RelaxToSelf);
    }
}
