//! Conversion of graphs of petgraph.

use ::petgraph::graph::{DiGraph, UnGraph};
use ::petgraph::stable_graph::StableUnGraph;
use mapeq_core::{Direction, Partition};
use mapeq_io::petgraph::{WeightError, modules_by_node_index, network_from_petgraph};

#[test]
fn conversion_keeps_direction_and_merges_parallel_edges() {
    let edges = [(1, 0, 2.0), (0, 1, 3.0), (0, 1, 0.5), (1, 2, 0.0)];
    let undirected = network_from_petgraph(&UnGraph::<(), f64>::from_edges(edges), |&weight| weight).unwrap();
    assert_eq!(undirected.direction(), Direction::Undirected);
    assert_eq!(undirected.links().iter().collect::<Vec<_>>(), [(0, 1, 5.5)]);
    assert_eq!(undirected.nodes().len(), 3);
    let directed = network_from_petgraph(&DiGraph::<(), f64>::from_edges(edges), |&weight| weight).unwrap();
    assert_eq!(directed.direction(), Direction::Directed);
    assert_eq!(directed.links().iter().collect::<Vec<_>>(), [(0, 1, 3.5), (1, 0, 2.0)]);
}

#[test]
fn gaps_among_the_indices_are_closed() {
    let mut graph = StableUnGraph::<(), ()>::default();
    let nodes: Vec<_> = (0..4).map(|_| graph.add_node(())).collect();
    graph.add_edge(nodes[0], nodes[3], ());
    graph.add_edge(nodes[3], nodes[2], ());
    graph.remove_node(nodes[1]);
    let network = network_from_petgraph(&graph, |()| 1.0).unwrap();
    assert_eq!(network.links().iter().collect::<Vec<_>>(), [(0, 2, 1.0), (1, 2, 1.0)]);
    let modules = modules_by_node_index(&graph, &Partition::from_labels(vec![0, 1, 0]));
    assert_eq!(modules, [(nodes[0], 0), (nodes[2], 1), (nodes[3], 0)]);
}

#[test]
fn invalid_weights_are_rejected() {
    let graph = UnGraph::<(), f64>::from_edges([(0, 1, 1.0), (1, 2, -0.5)]);
    let error = network_from_petgraph(&graph, |&weight| weight).unwrap_err();
    assert_eq!(error, WeightError { source_index: 1, target_index: 2, weight: -0.5 });
    for weight in [f64::NAN, f64::INFINITY] {
        assert!(network_from_petgraph(&graph, |_| weight).is_err());
    }
}
