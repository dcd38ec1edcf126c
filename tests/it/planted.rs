//! Searches find planted modules, and none in networks without modules.

use std::collections::BTreeMap;

use mapeq::flow::{FlowModel, FlowOptions, WalkBias, compute_flow, second_order_walk};
use mapeq::{ClusterOptions, Clustering, Direction, RegisteredMapEquation, Silent};
use mapeq_tests::{Planted, PowerLaw, normalized_mutual_information, omega_index, overlapping_power_law, planted};

fn find(planted: &Planted, model: FlowModel, two_level: bool) -> Clustering {
    let flow = FlowOptions { model, ..FlowOptions::default() };
    let options = ClusterOptions { flow, two_level, ..ClusterOptions::default() };
    mapeq::cluster(&planted.network(model.direction()), &options).expect("a network with flow")
}

#[test]
fn planted_modules_are_found() {
    for model in [FlowModel::Undirected, FlowModel::Directed] {
        for seed in 1..=3 {
            let planted = planted(&[30, 40], &[2, 8], seed);
            let found = find(&planted, model, true).tree.partition_at(1);
            let agreement = normalized_mutual_information(&found, &planted.levels[0]);
            assert!(agreement >= 0.99, "{model}, seed {seed}: {agreement}, {} modules", found.modules());
        }
    }
}

#[test]
fn planted_modules_inside_modules_are_found() {
    for model in [FlowModel::Undirected, FlowModel::Directed] {
        for seed in 1..=3 {
            let planted = planted(&[6, 8, 25], &[1, 2, 8], seed);
            let tree = find(&planted, model, false).tree;
            assert_eq!(tree.levels(), 3, "{model}, seed {seed}: {:?}", tree.modules_per_level());
            for (depth, level) in planted.levels.iter().enumerate() {
                let agreement = normalized_mutual_information(&tree.partition_at(depth + 1), level);
                assert!(agreement >= 0.99, "{model}, seed {seed}, level {}: {agreement}", depth + 1);
            }
        }
    }
}

#[test]
fn links_without_structure_give_one_module() {
    for model in [FlowModel::Undirected, FlowModel::Directed] {
        for seed in 1..=3 {
            let found = find(&planted(&[400], &[12], seed), model, false);
            assert_eq!(found.tree.top_modules(), 1, "{model}, seed {seed}");
            assert_eq!(found.score.relative_savings(), 0.0, "{model}, seed {seed}");
        }
    }
}

/// A second-order walk that rarely returns and stays near. States of a node can be in different
/// modules.
#[test]
fn planted_overlaps_are_found_by_a_second_order_walk() {
    let shape = PowerLaw { max_module_size: 100, ..PowerLaw::new(600, 16.0, 0.1) };
    for seed in 1..=2 {
        let truth = overlapping_power_law(&shape, 0.1, seed);
        let network = Planted { nodes: truth.nodes, links: truth.links.clone(), levels: Vec::new() };
        let network = network.network(Direction::Undirected);
        let options = ClusterOptions { two_level: true, ..ClusterOptions::default() };
        let hard = mapeq::cluster(&network, &options).expect("a network with flow").tree.partition_at(1);
        let (starts, nodes) = hard.members();
        let hard: Vec<Vec<u32>> = starts.windows(2).map(|ends| nodes[ends[0]..ends[1]].to_vec()).collect();

        let bias = WalkBias { return_parameter: 4.0, in_out_parameter: 4.0, ..WalkBias::default() };
        let walk = second_order_walk(&network, &bias, &FlowOptions::default()).expect("a network with flow");
        assert!(walk.network.nodes().len() < walk.states / 3, "{} states", walk.network.nodes().len());
        let precomputed = FlowOptions { model: FlowModel::Precomputed, ..FlowOptions::default() };
        let flow = compute_flow(&walk.network, &precomputed).expect("a walk with flow").network;
        let physical = flow.physical.clone().expect("several states of a node");
        let found =
            mapeq::cluster_flow(&flow, &RegisteredMapEquation::default(), &options, &Silent).tree.partition_at(1);
        let mut visits = vec![0.0; truth.nodes];
        let mut memberships: BTreeMap<(usize, u32), f64> = BTreeMap::new();
        for (state, &node) in physical.iter().enumerate() {
            visits[node as usize] += flow.nodes.flow[state];
            *memberships.entry((found.module(state), node)).or_default() += flow.nodes.flow[state];
        }
        let mut modules = vec![Vec::new(); found.modules()];
        for ((module, node), flow) in memberships {
            if flow >= 0.1 * visits[node as usize] {
                modules[module].push(node);
            }
        }
        let [hard, soft] = [hard, modules].map(|modules| omega_index(&modules, &truth.modules, truth.nodes));
        assert!(soft >= 0.9 && soft > hard + 0.03, "seed {seed}: {soft}, hard modules {hard}");
    }
}
