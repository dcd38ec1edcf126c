//! The laws of objectives, the value by definition, and the known optimum of the karate club.

use std::path::Path;

use mapeq::flow::{FlowModel, FlowOptions, compute_flow};
use mapeq::io::{ReadOptions, read_network, read_network_from};
use mapeq::search::{SearchOptions, Silent, two_level};
use mapeq::{ClusterOptions, FlowNetwork, Network, Partition, Tree, cluster_flow};
use mapeq_core::{Additive, Direction, Objective, internal_couplings, testing::check_objective};
use third_party_objective::{DirectedModularity, registry};

/// Source, target and weight of links between nodes 0 to 6, with self-links, repeated and opposite
/// links, and a dangling node.
const LINKS: [(usize, usize, f64); 13] = [
    (0, 1, 2.0),
    (1, 0, 1.0),
    (1, 2, 0.5),
    (2, 0, 1.0),
    (2, 2, 3.0),
    (2, 3, 0.25),
    (3, 4, 1.0),
    (4, 5, 2.0),
    (5, 3, 1.5),
    (3, 5, 1.0),
    (3, 5, 1.0),
    (5, 6, 0.5),
    (4, 4, 1.0),
];
const NODES: usize = 7;

fn network(direction: Direction) -> Network {
    let text: String = LINKS.iter().map(|(source, target, weight)| format!("{source} {target} {weight}\n")).collect();
    let options = ReadOptions { direction, ..ReadOptions::default() };
    read_network_from(text.as_bytes(), "links", &options).expect("a network").network
}

fn flow(network: &Network, model: FlowModel) -> FlowNetwork {
    compute_flow(network, &FlowOptions { model, ..FlowOptions::default() }).expect("flow").network
}

fn karate() -> FlowNetwork {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/karate.txt");
    let file = read_network(&path, &ReadOptions::default()).expect("the karate club");
    flow(&file.network, FlowModel::Undirected)
}

fn modularity(flow: &FlowNetwork, resolution: f64, partition: &Partition) -> f64 {
    let objective = Additive(DirectedModularity { resolution });
    let level = objective.level(flow);
    -objective.value(&objective.state(&level, partition, &internal_couplings(flow, partition), 0))
}

/// Computes Q from a matrix of flows between nodes, by its definition.
fn by_definition(flows: &[[f64; NODES]; NODES], resolution: f64, partition: &Partition) -> f64 {
    let out = |node: usize| flows[node].iter().sum::<f64>();
    let into = |node: usize| flows.iter().map(|row| row[node]).sum::<f64>();
    let pairs = (0..NODES).flat_map(|u| (0..NODES).map(move |v| (u, v)));
    let together = pairs.filter(|&(u, v)| partition.module(u) == partition.module(v));
    together.map(|(u, v)| flows[u][v] - resolution * out(u) * into(v)).sum()
}

fn partitions() -> [Partition; 4] {
    [
        Partition::from_labels(vec![0, 0, 0, 1, 1, 1, 1]),
        Partition::from_labels(vec![0, 1, 0, 2, 2, 1, 0]),
        Partition::one_module(NODES),
        Partition::singletons(NODES),
    ]
}

#[test]
fn the_laws_of_objectives_hold() {
    for resolution in [0.5, 1.0, 2.0] {
        let objective = Additive(DirectedModularity { resolution });
        for seed in 0..20 {
            check_objective(&objective, &karate(), seed);
            check_objective(&objective, &flow(&network(Direction::Directed), FlowModel::Directed), seed);
            check_objective(&objective, &flow(&network(Direction::Undirected), FlowModel::Undirected), seed);
        }
    }
}

#[test]
fn undirected_modularity_is_as_defined() {
    // A link is a step in each direction, a self-link is one step.
    let mut flows = [[0.0; NODES]; NODES];
    for &(u, v, weight) in &LINKS {
        flows[u][v] += weight;
        if u != v {
            flows[v][u] += weight;
        }
    }
    let total: f64 = flows.iter().flatten().sum();
    flows.iter_mut().flatten().for_each(|flow| *flow /= total);
    check_definition(&flow(&network(Direction::Undirected), FlowModel::Undirected), &flows);
}

#[test]
fn directed_modularity_is_as_defined() {
    // Unrecorded teleportation: visit rates include teleportation to the sources of links, and are
    // followed by one step along links.
    let mut chances = [[0.0; NODES]; NODES];
    let mut landing = [0.0; NODES];
    let total: f64 = LINKS.iter().map(|link| link.2).sum();
    for &(u, v, weight) in &LINKS {
        let out: f64 = LINKS.iter().filter(|link| link.0 == u).map(|link| link.2).sum();
        chances[u][v] += weight / out;
        landing[u] += weight / total;
    }
    let dangling = |u: usize| chances[u].iter().all(|&chance| chance == 0.0);
    let mut visits = [1.0 / NODES as f64; NODES];
    for _ in 0..1000 {
        let jumping: f64 = (0..NODES).map(|u| if dangling(u) { visits[u] } else { 0.15 * visits[u] }).sum();
        let mut next = landing.map(|landing| jumping * landing);
        for u in 0..NODES {
            for v in 0..NODES {
                next[v] += 0.85 * chances[u][v] * visits[u];
            }
        }
        visits = next;
    }
    let along: f64 = (0..NODES).filter(|&u| !dangling(u)).map(|u| visits[u]).sum();
    let mut flows = chances;
    for (row, visits) in flows.iter_mut().zip(visits) {
        row.iter_mut().for_each(|flow| *flow *= visits / along);
    }
    check_definition(&flow(&network(Direction::Directed), FlowModel::Directed), &flows);
}

fn check_definition(flow: &FlowNetwork, flows: &[[f64; NODES]; NODES]) {
    let mut differences = 0;
    for resolution in [0.5, 1.0, 2.0] {
        for partition in partitions() {
            let (ours, defined) =
                (modularity(flow, resolution, &partition), by_definition(flows, resolution, &partition));
            assert!((ours - defined).abs() < 1e-10, "{partition:?} at {resolution}: {ours} is not {defined}");
            differences += usize::from(defined.abs() > 1e-3);
        }
    }
    assert!(differences >= 8, "too few values other than 0");
}

/// The maximum is 0.4197896 (Brandes et al., IEEE Transactions on Knowledge and Data Engineering
/// 2008).
#[test]
fn the_search_finds_the_maximum_of_the_karate_club() {
    let flow = karate();
    let objective = Additive(DirectedModularity { resolution: 1.0 });
    let found = (1..=5).map(|seed| {
        let partition = two_level(&flow, &objective, &SearchOptions::default(), seed, &Silent);
        modularity(&flow, 1.0, &partition)
    });
    let best = found.fold(f64::NEG_INFINITY, f64::max);
    assert!((best - 0.419_789_6).abs() < 1e-7, "{best}");
}

#[test]
fn more_resolution_gives_more_modules() {
    let flow = karate();
    let modules = [0.2, 1.0, 4.0].map(|resolution| {
        let objective = Additive(DirectedModularity { resolution });
        two_level(&flow, &objective, &SearchOptions::default(), 1, &Silent).modules()
    });
    assert!(modules[0] < modules[1] && modules[1] < modules[2], "{modules:?}");
}

#[test]
fn the_registry_offers_it() {
    let registry = registry();
    let objective = registry.find("directed-modularity").expect("registered");
    let options = ClusterOptions { trials: 5, ..ClusterOptions::default() };
    let found = cluster_flow(&karate(), objective, &options, &Silent);
    let total = found.score.codelength.total();
    assert!((total + 0.419_789_6).abs() < 1e-7, "{total}");
    assert_eq!(found.tree, Tree::from_partition(&found.tree.partition_at(1)).sorted_by_flow(&found.flow));
}
