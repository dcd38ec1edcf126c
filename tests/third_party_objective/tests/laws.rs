//! The laws of objectives and a first search.

use mapeq::search::{SearchOptions, Silent, two_level};
use mapeq::{Direction, FlowNetwork, FlowOptions, Network, compute_flow};
use mapeq_core::{Additive, testing::check_objective};
use third_party_objective::DirectedModularity;

fn two_triangles() -> FlowNetwork {
    let links = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)];
    let links = links.map(|(source, target)| (source, target, 1.0));
    let network = Network::from_links(Direction::Undirected, 6, links).expect("valid links");
    compute_flow(&network, &FlowOptions::default()).expect("an undirected network has a flow").network
}

#[test]
fn the_laws_of_objectives_hold() {
    let objective = Additive(DirectedModularity { resolution: 1.0 });
    for seed in 0..20 {
        check_objective(&objective, &two_triangles(), seed);
    }
}

#[test]
fn the_search_separates_the_triangles() {
    let objective = Additive(DirectedModularity { resolution: 1.0 });
    let partition = two_level(&two_triangles(), &objective, &SearchOptions::default(), 1, &Silent);
    assert_eq!(partition.labels(), [0, 0, 0, 1, 1, 1]);
}
