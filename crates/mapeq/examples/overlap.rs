//! Finds overlapping modules: a node can belong to more than one.

use mapeq::overlap::{OverlapOptions, Walk, overlapping};
use mapeq::{
    ClusterOptions, Direction, FlowOptions, Network, RegisteredMapEquation, Silent, cluster_flow, compute_flow,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Two groups of four that share node 3.
    let groups = [[0, 1, 2, 3], [3, 4, 5, 6]];
    let pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
    let links = groups.iter().flat_map(|group| pairs.map(|(a, b)| (group[a], group[b], 1.0)));
    let network = Network::from_links(Direction::Undirected, 7, links)?;
    let flow = compute_flow(&network, &FlowOptions::default())?.network;

    // The search starts from modules without overlap.
    let clustering = ClusterOptions { two_level: true, ..ClusterOptions::default() };
    let hard = cluster_flow(&flow, &RegisteredMapEquation::default(), &clustering, &Silent);
    let walk = Walk::new(&network, &flow)?;
    let soft = overlapping(&walk, &flow, &hard.tree.leaf_partition(), &OverlapOptions::default(), 123, &Silent);

    println!("{:.4} bits per step without overlap", hard.score.codelength.total());
    println!("{:.4} bits per step with overlap", soft.flat_codelength().total());
    for (node, modules) in soft.cover().iter().enumerate() {
        println!("node {node}: modules {modules:?}");
    }
    Ok(())
}
