//! State networks with lumped states.

use mapeq_core::{LinkList, Network, NodeIds, NodeTable, States, StringTable};

/// Returns the network whose states are the classes, numbered from 0. The weight of a link between
/// classes is the sum over the links between their states. Names of states are joined.
/// O(nodes + links · log degree).
///
/// If the states of a class have the same shares of links to classes, the walk on classes has the
/// flow of the walk on states (strong lumpability: Kemeny & Snell, *Finite Markov Chains*, 1960,
/// §6.3).
///
/// # Panics
/// If the nodes are not states, if there is not one class per state, if a class has no state, or if
/// a class has states of different nodes.
pub fn lumped_network(network: &Network, classes: &[u32]) -> Network {
    let states = network.nodes().states.as_ref().expect("classes of states");
    assert_eq!(classes.len(), network.nodes().len(), "every state is in a class");
    let number = classes.iter().max().map_or(0, |&last| last as usize + 1);
    let mut members = vec![Vec::new(); number];
    classes.iter().enumerate().for_each(|(state, &class)| members[class as usize].push(state));
    let physical = members.iter().map(|members| {
        let node = states.physical[*members.first().expect("a class has states")];
        assert!(members.iter().all(|&state| states.physical[state] == node), "a class is of one node");
        node
    });
    let physical = physical.collect();
    let names = states.names.as_ref().map(|names| {
        let mut joined = StringTable::default();
        members.iter().for_each(|members| {
            let own: Vec<&str> = members.iter().map(|&state| names.at(state)).collect();
            joined.push(&own.join(", "));
        });
        joined
    });
    let mut links = LinkList::default();
    for (source, target, weight) in network.links().iter() {
        links.push(classes[source], classes[target], weight);
    }
    let weights = network
        .nodes()
        .weights
        .as_ref()
        .map(|weights| members.iter().map(|members| members.iter().map(|&state| weights[state]).sum()).collect());
    let nodes = NodeTable { weights, ..NodeTable::new(NodeIds::Consecutive { first: 0, len: number }) };
    let states = States { physical_nodes: states.physical_nodes.clone(), physical, layers: None, names };
    Network::new(nodes, links, network.direction()).with_states(states)
}
