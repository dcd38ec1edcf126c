//! Laws of soft membership.

use std::collections::BTreeMap;

use mapeq::Partition;
use mapeq::core::Exchange;
use mapeq::search::below;
use proptest::prelude::*;

use super::cases::{TOLERANCE, cases, config, is_close};

/// Returns the shares of a node by module.
fn shares(exchange: &Exchange, node: usize) -> BTreeMap<u32, f64> {
    exchange.of(node).iter().map(|with| (with.module, with.share)).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn shares_are_as_defined_and_add_up(case in cases()) {
        let partition = case.random_partition(&mut case.random());
        let (exchange, walk) = (Exchange::new(&case.flow(), &partition), case.by_definition());
        prop_assert_eq!(exchange.len(), case.nodes);
        for node in 0..case.nodes {
            let found = shares(&exchange, node);
            prop_assert!(is_close(found.values().sum(), 1.0), "{found:?}");
            let exchanged = walk.exchanged(node, partition.labels());
            let all: f64 = exchanged.iter().sum();
            let alone = |module: usize| f64::from(u8::from(module == partition.module(node)));
            let mut participation = 1.0;
            for (module, exchanged) in exchanged.into_iter().enumerate() {
                let share = if all > 0.0 { exchanged / all } else { alone(module) };
                let found = found.get(&(module as u32)).copied().unwrap_or(0.0);
                prop_assert!(is_close(found, share), "node {node}, module {module}: {found} is not {share}");
                participation -= share * share;
            }
            prop_assert!(is_close(exchange.participation(node), participation));
            for with in exchange.of(node) {
                prop_assert_eq!(with.member, with.module as usize == partition.module(node));
            }
        }
    }

    /// The walk never leaves a connected component.
    #[test]
    fn nodes_of_connected_components_have_one_share(case in cases()) {
        let mut label: Vec<u32> = (0..case.nodes as u32).collect();
        for _ in 0..case.nodes {
            for &(a, b, _) in &case.links {
                let min = label[a].min(label[b]);
                (label[a], label[b]) = (min, min);
            }
        }
        let partition = Partition::from_labels(label);
        let exchange = Exchange::new(&case.flow(), &partition);
        for node in 0..case.nodes {
            prop_assert_eq!(shares(&exchange, node), BTreeMap::from([(partition.module(node) as u32, 1.0)]));
            prop_assert_eq!(exchange.participation(node), 0.0);
        }
    }

    #[test]
    fn relabelling_nodes_and_modules_changes_nothing(case in cases()) {
        let mut random = case.random();
        let partition = case.random_partition(&mut random);
        let (relabelled, number) = case.relabelled(&mut random);
        let mut labels = vec![0; case.nodes];
        number.iter().enumerate().for_each(|(node, &number)| labels[number] = partition.labels()[node]);
        let other = Partition::from_labels(labels);
        let (before, after) = (Exchange::new(&case.flow(), &partition), Exchange::new(&relabelled.flow(), &other));
        // The other partition numbers its modules on its own.
        let module = |node: usize| other.module(number[node]) as u32;
        let renumbered: BTreeMap<u32, u32> =
            (0..case.nodes).map(|node| (partition.module(node) as u32, module(node))).collect();
        for (node, &number) in number.iter().enumerate() {
            let (before, after) = (shares(&before, node), shares(&after, number));
            prop_assert_eq!(before.len(), after.len());
            for (module, share) in before {
                prop_assert!((after[&renumbered[&module]] - share).abs() < TOLERANCE);
            }
        }
    }

    /// The flow of a node is the sum over its states, of any size.
    #[test]
    fn physical_nodes_exchange_the_flow_of_their_states(case in cases()) {
        let mut random = case.random();
        let partition = case.random_partition(&mut random);
        let nodes = 1 + below(&mut random, case.nodes);
        let physical: Vec<u32> = (0..case.nodes).map(|_| below(&mut random, nodes) as u32).collect();
        let exchange = Exchange::of_physical_nodes(&case.flow(), &partition, &physical, nodes);
        let walk = case.by_definition();
        for node in 0..nodes {
            let states = || (0..case.nodes).filter(|&state| physical[state] as usize == node);
            let mut exchanged = vec![0.0; partition.modules()];
            for state in states() {
                let of_state = walk.exchanged(state, partition.labels());
                exchanged.iter_mut().zip(of_state).for_each(|(sum, exchanged)| *sum += exchanged);
            }
            let all: f64 = exchanged.iter().sum();
            if all > 0.0 {
                for with in exchange.of(node) {
                    prop_assert!(is_close(with.share, exchanged[with.module as usize] / all));
                    let member = states().any(|state| partition.module(state) as u32 == with.module);
                    prop_assert_eq!(with.member, member);
                }
            }
            let sum: f64 = exchange.of(node).iter().map(|with| with.share).sum();
            let expected = if states().count() > 0 { 1.0 } else { 0.0 };
            prop_assert!(is_close(sum, expected));
        }
    }
}
