//! Finds the modules of a petgraph graph and looks up the module of every node.

use mapeq::io::petgraph::{modules_by_node_index, network_from_petgraph};
use mapeq::{ClusterOptions, cluster};
use petgraph::graph::UnGraph;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut graph = UnGraph::<&str, f64>::new_undirected();
    let [ann, bob, cid, dan, eve, fay] = ["Ann", "Bob", "Cid", "Dan", "Eve", "Fay"].map(|name| graph.add_node(name));
    graph.extend_with_edges([
        (ann, bob, 3.0),
        (ann, cid, 2.0),
        (bob, cid, 4.0),
        (cid, dan, 0.5),
        (dan, eve, 3.0),
        (dan, fay, 1.0),
        (eve, fay, 2.0),
    ]);

    let network = network_from_petgraph(&graph, |&weight| weight)?;
    let found = cluster(&network, &ClusterOptions::default())?;

    for (node, module) in modules_by_node_index(&graph, &found.tree.leaf_partition()) {
        println!("{} is in module {module}", graph[node]);
    }
    Ok(())
}
