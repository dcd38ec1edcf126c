//! Modules that gain by joining without a link between them.
//!
//! That is possible if modules are entered more often than their codebooks are used: features of
//! directed bipartite networks have no visits.

use mapeq::flow::{FlowModel, FlowOptions};
use mapeq::io::ReadOptions;
use mapeq::search::{below, random};
use mapeq::{ClusterOptions, Direction, FlowNetwork, Partition, RegisteredMapEquation, Silent, Tree, cluster_flow};
use mapeq_tests::set_partitions;

use crate::small_networks;

const GRAPHS: u64 = 100;
const NODES: usize = 8;
/// Number of nodes that are no features.
const PRIMARY: usize = 3;

/// Returns the flow of random directed links between three nodes and five features.
fn bipartite_flow(seed: u64) -> FlowNetwork {
    let random = &mut random(seed, &[]);
    let mut text = format!("*Bipartite {}", PRIMARY + 1);
    for _ in 0..7 {
        let (node, feature) = (1 + below(random, PRIMARY), PRIMARY + 1 + below(random, NODES - PRIMARY));
        let (source, target) = if below(random, 6) == 0 { (feature, node) } else { (node, feature) };
        text += &format!("; {source} {target} {}", 1 + below(random, 4));
    }
    directed_flow(&text)
}

fn codelength(flow: &FlowNetwork, tree: &Tree) -> f64 {
    mapeq::twolevel::codelength(flow, tree).codelength.total()
}

#[test]
fn optima_with_unlinked_modules_are_found() {
    let options = ClusterOptions { two_level: true, ..ClusterOptions::default() };
    let (mut optimal, mut unlinked) = (0, 0);
    for seed in 0..GRAPHS {
        let flow = bipartite_flow(seed);
        let mut optimum = (f64::INFINITY, Vec::new());
        set_partitions(flow.len(), |labels| {
            let value = codelength(&flow, &Tree::from_partition(&Partition::from_labels(labels.to_vec())));
            if value < optimum.0 {
                optimum = (value, labels.to_vec());
            }
        });
        let found = cluster_flow(&flow, &RegisteredMapEquation::default(), &options, &Silent);
        let excess = found.score.codelength.total() - optimum.0;
        assert!(excess > -1e-9, "the enumeration is complete");
        optimal += u64::from(excess < 1e-9);
        unlinked += u64::from(has_unlinked_module(&flow, &optimum.1));
    }
    assert!(unlinked > 0, "some optima have a module that is not connected");
    assert!(optimal >= GRAPHS - 1, "{optimal} of {GRAPHS} optima were found");
}

/// Modules of features that no link connects shorten the code of larger networks.
#[test]
fn unlinked_modules_are_joined() {
    let random = &mut random(1, &[]);
    let mut text = "*Bipartite 201".to_owned();
    for feature in 201..=500 {
        for _ in 0..2 {
            text += &format!("; {} {feature}", 1 + below(random, 200));
        }
    }
    let flow = directed_flow(&text);
    for two_level in [true, false] {
        let options = ClusterOptions { two_level, ..ClusterOptions::default() };
        let found = cluster_flow(&flow, &RegisteredMapEquation::default(), &options, &Silent);
        let leaves = found.tree.leaf_partition();
        let parts = connected_parts(&flow, leaves.labels());
        let parts = Partition::from_labels(parts.into_iter().map(|part| part as u32).collect());
        assert!(parts.modules() > leaves.modules(), "some module is not connected");
        let separate = codelength(&flow, &Tree::from_partition(&parts));
        let together = codelength(&flow, &Tree::from_partition(&leaves));
        assert!(together < separate - 0.1, "{together} is not well below {separate}");
    }
}

fn directed_flow(text: &str) -> FlowNetwork {
    let read = ReadOptions { direction: Direction::Directed, ..ReadOptions::default() };
    small_networks::flow(text, &read, &FlowOptions { model: FlowModel::Directed, ..FlowOptions::default() })
}

/// Returns whether some module is not connected.
fn has_unlinked_module(flow: &FlowNetwork, labels: &[u32]) -> bool {
    let part = connected_parts(flow, labels);
    (0..flow.len()).any(|a| (0..a).any(|b| labels[a] == labels[b] && part[a] != part[b]))
}

/// Returns for every node the smallest node of its module that links inside the module lead to.
fn connected_parts(flow: &FlowNetwork, labels: &[u32]) -> Vec<usize> {
    let mut part: Vec<usize> = (0..flow.len()).collect();
    loop {
        let before = part.clone();
        for (a, b, _) in flow.couplings.iter().filter(|&(a, b, _)| labels[a] == labels[b]) {
            let smallest = part[a].min(part[b]);
            (part[a], part[b]) = (smallest, smallest);
        }
        if part == before {
            return part;
        }
    }
}
