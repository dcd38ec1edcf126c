//! Laws of lumping of the states of paths.

use crate::common::law_on;
use mapeq_core::{Direction, IdTable, Network, NodeIds, PathStates, Paths};
use mapeq_flow::{FlowModel, FlowOptions, Lumps, compute_flow, held_out_bits, lump_states, lumped_network};
use proptest::prelude::*;

/// Nodes of the random paths below.
const NODES: usize = 5;

fn no_paths(nodes: usize) -> Paths {
    Paths::new(IdTable::new(NodeIds::Consecutive { first: 0, len: nodes }))
}

fn network(paths: &Paths, states: &PathStates) -> Network {
    paths.network(states, Direction::Directed, true).unwrap()
}

/// Two distributions over next nodes for every node, and for every pair of nodes the distribution
/// of the paths and their number.
type Continuations = (Vec<[Vec<u8>; 2]>, Vec<Vec<(usize, u8)>>);

fn continuations() -> impl Strategy<Value = Continuations> {
    let way = prop::collection::vec(1..20u8, NODES);
    let ways = prop::collection::vec([way.clone(), way], NODES);
    (ways, prop::collection::vec(prop::collection::vec((0..2usize, 1..9u8), NODES), NODES))
}

/// Creates all paths of three nodes with these continuations.
fn paths_of((ways, taken): &Continuations) -> Paths {
    let mut paths = no_paths(NODES);
    for (first, taken) in taken.iter().enumerate() {
        for (second, &(way, times)) in taken.iter().enumerate() {
            for (third, &weight) in ways[second][way].iter().enumerate() {
                paths.push([first, second, third].map(|node| node as u32), f64::from(weight) * f64::from(times));
            }
        }
    }
    paths
}

/// Samples walks of a second-order Markov chain, with its own random generator.
fn sampled(walks: usize, seed: u64, next: impl Fn([u32; 2], u32) -> u32) -> Paths {
    let mut state = seed;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    };
    let mut paths = no_paths(6);
    for _ in 0..walks {
        let mut walk = vec![random() % 6, random() % 6];
        for _ in 0..6 {
            let last = [walk[walk.len() - 2], walk[walk.len() - 1]];
            walk.push(next(last, random()));
        }
        paths.push(walk, 1.0);
    }
    paths
}

/// States with equal continuations are lumped at no cost, and the walk on classes is the walk on
/// states.
#[test]
fn lumping_equal_states_changes_no_flow() {
    law_on(64, &continuations(), |continuations| {
        let paths = paths_of(&continuations);
        let states = paths.states(2);
        let lumping = lump_states(&paths, &states, Some(Lumps::UpTo(0.0)), 1);
        assert!(lumping.states <= 2 * NODES);
        let by_state = network(&paths, &states);
        let by_class = lumped_network(&by_state, &lumping.classes);
        let options = FlowOptions { model: FlowModel::Directed, tolerance: 1e-14, ..FlowOptions::default() };
        let [state_flow, class_flow] =
            [&by_state, &by_class].map(|network| compute_flow(network, &options).unwrap().network);
        let mut visits = vec![0.0; lumping.states];
        for (state, &class) in lumping.classes.iter().enumerate() {
            visits[class as usize] += state_flow.nodes.flow[state];
        }
        for (class, visits) in visits.iter().enumerate() {
            assert!((visits - class_flow.nodes.flow[class]).abs() < 1e-10, "{visits}");
        }
        let mut couplings = vec![0.0; lumping.states * lumping.states];
        for (from, to, flow) in state_flow.couplings.iter() {
            let [from, to] = [from, to].map(|state| lumping.classes[state] as usize);
            couplings[from * lumping.states + to] += flow;
        }
        for (from, to, flow) in class_flow.couplings.iter() {
            if from != to {
                assert!((couplings[from * lumping.states + to] - flow).abs() < 1e-10, "{flow}");
            }
        }
        lumping.states > NODES
    });
}

/// Paths without memory leave one state per node, at any threshold.
#[test]
fn paths_without_memory_leave_one_state_per_node() {
    law_on(64, &(continuations(), 0.0..10.0), |((ways, mut taken), bits)| {
        taken.iter_mut().flatten().for_each(|taken| taken.0 = 0);
        let paths = paths_of(&(ways, taken));
        let states = paths.states(2);
        for lumps in [Lumps::UpTo(0.0), Lumps::UpTo(bits), Lumps::All] {
            assert_eq!(lump_states(&paths, &states, Some(lumps), 1).states, NODES);
        }
        assert_eq!(lump_states(&paths, &states, Some(Lumps::None), 1).states, NODES * NODES);
        paths.len() > states.len()
    });
}

/// Renumbering the nodes changes neither the number of states nor the description length.
#[test]
fn renumbering_the_nodes_changes_nothing() {
    law_on(64, &(continuations(), 1..NODES as u32), |(continuations, shift)| {
        let paths = paths_of(&continuations);
        let mut renamed = no_paths(NODES);
        for path in 0..paths.len() {
            renamed.push(paths.path(path).iter().map(|node| (node * 2 + shift) % NODES as u32), paths.weight(path));
        }
        let [one, other] = [&paths, &renamed].map(|paths| lump_states(paths, &paths.states(2), None, 7));
        assert_eq!(one.candidates.len(), other.candidates.len());
        for (one, other) in one.candidates.iter().zip(&other.candidates) {
            assert!((one.bits_per_step - other.bits_per_step).abs() < 1e-9);
        }
        assert_eq!((one.lumps, one.states), (other.lumps, other.states));
        one.states < NODES * NODES
    });
}

/// Higher thresholds merge at least the classes that lower ones merge.
#[test]
fn higher_thresholds_merge_classes_of_lower_ones() {
    law_on(64, &(continuations(), 0.0..50.0, 0.0..500.0), |(continuations, low, more)| {
        let paths = paths_of(&continuations);
        let states = paths.states(2);
        let [fine, coarse] = [low, low + more].map(|bits| lump_states(&paths, &states, Some(Lumps::UpTo(bits)), 1));
        let mut within = vec![None; fine.states];
        for (&fine, &coarse) in fine.classes.iter().zip(&coarse.classes) {
            assert_eq!(*within[fine as usize].get_or_insert(coarse), coarse);
        }
        coarse.states < fine.states
    });
}

/// From nodes 0 to 2, walks that were in 0 or 1 before continue to 3 or 4, and all others to 5.
#[test]
fn held_out_paths_detect_memory() {
    for seed in 1..=5 {
        let paths = sampled(400, seed, |[before, last], random| match (last, before) {
            (0..=2, 0..=1) => 3 + random % 2,
            (0..=2, _) => 5,
            _ => random % 6,
        });
        let states = paths.states(2);
        let lumping = lump_states(&paths, &states, None, 1);
        // Three nodes with two classes each, and three with one.
        assert_eq!(lumping.states, 9, "{:?}", lumping.candidates);
        for (state, &class) in lumping.classes.iter().enumerate() {
            let nodes = paths.nodes_of(&states, state);
            if nodes[1] <= 2 {
                let alike = (0..states.len()).filter(|&other| lumping.classes[other] == class);
                assert!(
                    alike
                        .map(|other| paths.nodes_of(&states, other))
                        .all(|n| n[1] == nodes[1] && (n[0] <= 1) == (nodes[0] <= 1))
                );
            }
        }
        let bits = |lumps| lumping.candidates.iter().find(|candidate| candidate.lumps == lumps).unwrap().bits_per_step;
        let best = bits(lumping.lumps);
        assert!(best < bits(Lumps::None) - 0.01 && best < bits(Lumps::All) - 0.1, "{:?}", lumping.candidates);
        let same = held_out_bits(&paths, &states, &states.forgetting(&states), 1);
        assert!((same - bits(Lumps::None)).abs() < 1e-12);
        let without = held_out_bits(&paths, &states, &states.forgetting(&paths.states(1)), 1);
        // States of a node add a few steps to the counts, with the same distribution.
        assert!((without - bits(Lumps::All)).abs() < 1e-3);
    }
}

#[test]
fn held_out_paths_detect_that_there_is_no_memory() {
    for seed in 1..=5 {
        let paths = sampled(400, seed, |[_, last], random| (last + 1 + random % 3) % 6);
        let lumping = lump_states(&paths, &paths.states(2), None, 1);
        assert_eq!((lumping.lumps, lumping.states), (Lumps::All, 6), "{:?}", lumping.candidates);
    }
}

#[test]
fn paths_without_steps_leave_one_state_per_node() {
    let mut paths = no_paths(3);
    paths.push([0, 2], 1.0);
    paths.push([1, 2], 4.0);
    let lumping = lump_states(&paths, &paths.states(2), None, 1);
    assert_eq!((lumping.classes, lumping.lumps), (vec![0, 0], Lumps::All));
    assert!(lumping.candidates.iter().all(|candidate| candidate.bits_per_step == 0.0));
}
