//! Searches for modules by an objective that mapeq does not include.

use mapeq::core::{AdditiveObjective, NodeFlow};
use mapeq::{ClusterOptions, Direction, FlowOptions, Network, Silent, TwoLevel, cluster_flow, compute_flow};

/// Negative modularity of undirected flow: the sum of (flow² − flow inside) over all modules.
#[derive(Clone, Copy)]
struct Modularity;

impl AdditiveObjective for Modularity {
    /// Flow of a module, and flow out of it.
    type Module = (f64, f64);
    type Shared = f64;

    fn node(&self, node: &NodeFlow) -> (f64, f64) {
        (node.flow, node.exit)
    }

    fn insert(&self, module: &(f64, f64), unit: &(f64, f64), coupling: f64) -> (f64, f64) {
        (module.0 + unit.0, module.1 + unit.1 - coupling)
    }

    fn remove(&self, module: &(f64, f64), unit: &(f64, f64), coupling: f64) -> (f64, f64) {
        (module.0 - unit.0, module.1 - unit.1 + coupling)
    }

    fn term(&self, &(flow, exit): &(f64, f64)) -> f64 {
        flow * flow - (flow - exit)
    }

    fn shared(&self, _: &(f64, f64)) -> f64 {
        0.0
    }

    fn shared_term(&self, _: f64) -> f64 {
        0.0
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let links = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)];
    let links = links.map(|(source, target)| (source, target, 1.0));
    let network = Network::from_links(Direction::Undirected, 6, links)?;
    let flow = compute_flow(&network, &FlowOptions::default())?.network;

    let objective = TwoLevel::new("my-modularity", "Negative modularity", |_| Modularity);
    let found = cluster_flow(&flow, &objective, &ClusterOptions::default(), &Silent);

    println!("modularity {:.4}", -found.score.codelength.total());
    println!("modules {:?}", found.tree.leaf_partition().labels());
    Ok(())
}
