//! Reads weighted, directed links between named nodes and prints the modules of their walk.

use mapeq::io::{ReadOptions, read_network_from};
use mapeq::{ClusterOptions, Direction, FlowModel, FlowOptions, cluster};

/// Citations among journals: source, target, number.
const CITATIONS: &str = "\
ecology evolution 30
evolution ecology 25
evolution genetics 12
genetics evolution 18
genetics ecology 4
optics photonics 40
photonics optics 35
photonics lasers 20
lasers optics 28
optics genetics 1
";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let read = ReadOptions { direction: Direction::Directed, ..ReadOptions::default() };
    let network = read_network_from(CITATIONS.as_bytes(), "citations", &read)?.network;

    let flow = FlowOptions { model: FlowModel::Directed, ..FlowOptions::default() };
    let found = cluster(&network, &ClusterOptions { flow, trials: 10, ..ClusterOptions::default() })?;

    println!("{:.4} bits per step", found.score.codelength.total());
    for (node, module) in found.tree.leaf_partition().labels().iter().enumerate() {
        println!("{:<10} module {module}, {:.1} % of the visits", network.nodes().name(node), 100.0 * found.flow[node]);
    }
    Ok(())
}
