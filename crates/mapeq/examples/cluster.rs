//! Finds the modules of a network that is given as a list of links.

use mapeq::{ClusterOptions, Direction, Network, cluster};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Two triangles and a link between them.
    let links = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)];
    let links = links.map(|(source, target)| (source, target, 1.0));
    let network = Network::from_links(Direction::Undirected, 6, links)?;

    let found = cluster(&network, &ClusterOptions { trials: 10, ..ClusterOptions::default() })?;

    let saved = 100.0 * found.score.relative_savings();
    println!("{:.4} bits per step, {saved:.1} % less than one module", found.score.codelength.total());
    let modules = found.tree.leaf_partition();
    for (node, module) in modules.labels().iter().enumerate() {
        println!("node {node}: module {module}, {:.1} % of the visits", 100.0 * found.flow[node]);
    }
    Ok(())
}
