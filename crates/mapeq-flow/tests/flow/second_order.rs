//! Laws of second-order walks.

use std::cell::Cell;
use std::collections::BTreeMap;

use mapeq_core::{Direction, Network};
use mapeq_flow::{
    FlowError, FlowModel, FlowOptions, SecondOrderWalk, TeleportationOptions, WalkBias, second_order_walk,
};

use crate::common::*;
use crate::laws::{CLOSE, Case, law};

/// Tolerance of the equations for flow whose residual is within its tolerance.
const SOLVED: f64 = 1e-9;

fn options(case: &Case, direction: Direction) -> FlowOptions {
    match direction {
        // Undirected walks end at a change that is a multiple of the tolerance.
        Direction::Undirected => FlowOptions { tolerance: 1e-14, ..FlowOptions::default() },
        Direction::Directed => directed(TeleportationOptions { recorded: false, ..case.teleportation }),
    }
}

fn walk(network: &Network, p: f64, q: f64, min_information: f64, options: &FlowOptions) -> SecondOrderWalk {
    second_order_walk(network, &WalkBias { return_parameter: p, in_out_parameter: q, min_information }, options)
        .expect("the network has flow")
}

/// All states and steps of a walk, by definition.
struct Dense {
    /// Source, target and weight of the links.
    links: Vec<(usize, usize, f64)>,
    /// Probability of every step, by state.
    steps: Vec<Vec<f64>>,
}

impl Dense {
    fn new(network: &Network, p: f64, q: f64) -> Self {
        let mut weights = BTreeMap::new();
        for (source, target, weight) in network.links().iter() {
            *weights.entry((source, target)).or_insert(0.0) = weight;
            if network.direction() == Direction::Undirected {
                *weights.entry((target, source)).or_insert(0.0) = weight;
            }
        }
        let alpha = |from: usize, to: usize| match () {
            () if to == from => 1.0 / p,
            () if weights.contains_key(&(from, to)) || weights.contains_key(&(to, from)) => 1.0,
            () => 1.0 / q,
        };
        let links: Vec<_> = weights.iter().map(|(&(source, target), &weight)| (source, target, weight)).collect();
        let steps = links.iter().map(|&(from, at, _)| {
            let step = |&(source, target, weight): &(usize, usize, f64)| {
                if source == at { weight * alpha(from, target) } else { 0.0 }
            };
            let row: Vec<f64> = links.iter().map(step).collect();
            let all: f64 = row.iter().sum();
            row.into_iter().map(|step| if all > 0.0 { step / all } else { 0.0 }).collect()
        });
        let steps = steps.collect();
        Self { links, steps }
    }

    fn out_of(&self, node: usize) -> f64 {
        self.links.iter().filter(|link| link.0 == node).map(|link| link.2).sum()
    }
}

/// Returns the flow of the links of the network, summed over the states of their ends.
fn carried(walk: &SecondOrderWalk) -> BTreeMap<(usize, usize), f64> {
    let states = walk.network.nodes().states.as_ref().expect("states");
    let node = |state: usize| states.physical[state] as usize;
    let mut carried = BTreeMap::new();
    for (source, target, flow) in walk.network.links().iter() {
        *carried.entry((node(source), node(target))).or_insert(0.0) += flow;
    }
    carried
}

/// Returns the entropy of the next state given the present one, in bits.
fn entropy_rate(walk: &SecondOrderWalk) -> f64 {
    let links = walk.network.links();
    let of_state = |state: usize| -> f64 {
        let all: f64 = links.row(state).map(|(_, flow)| flow).sum();
        links.row(state).map(|(_, flow)| flow * (all / flow).log2()).sum()
    };
    (0..links.rows()).map(of_state).sum()
}

#[test]
fn a_walk_without_bias_is_an_ordinary_walk() {
    law(|case| {
        for direction in [Direction::Undirected, Direction::Directed] {
            let (network, options) = (case.network(direction), options(case, direction));
            let walk = walk(&network, 1.0, 1.0, 0.0, &options);
            let states = walk.network.nodes().states.as_ref().expect("states");
            assert_eq!(*states.physical, *(0..case.nodes as u32).collect::<Vec<_>>(), "one state for each node");
            let precomputed = FlowOptions { model: FlowModel::Precomputed, ..FlowOptions::default() };
            let (of_states, plain) = (flow(&walk.network, &precomputed).network, flow(&network, &options).network);
            assert!(of_states.physical.is_none());
            assert_close(&of_states.nodes.flow, &plain.nodes.flow, SOLVED);
            for node in 0..case.nodes {
                let (of_state, of_node) = (of_states.nodes.at(node), plain.nodes.at(node));
                assert_close(&[of_state.enter, of_state.exit], &[of_node.enter, of_node.exit], SOLVED);
                for other in 0..case.nodes {
                    let couplings = [&of_states, &plain].map(|flow| coupling(flow, node, other));
                    assert_close(&couplings[..1], &couplings[1..], SOLVED);
                }
            }
        }
    });
}

#[test]
fn flow_solves_its_equations_for_any_number_of_lumps() {
    let (fewer, open) = (Cell::new(0), Cell::new(0));
    law(|case| {
        for (direction, p, q) in [
            (Direction::Undirected, 4.0, 0.5),
            (Direction::Undirected, 0.25, 3.0),
            (Direction::Directed, 0.5, 4.0),
            (Direction::Directed, 1.0, 0.2),
            // If all steps lead to neighbours, a large 1/q has no effect.
            (Direction::Directed, 1.0, 1e-12),
        ] {
            let (network, options) = (case.network(direction), options(case, direction));
            let dense = Dense::new(&network, p, q);
            let all = walk(&network, p, q, 0.0, &options);
            let lumped = walk(&network, p, q, 0.05, &options);
            assert_eq!((all.states, lumped.states), (dense.links.len(), dense.links.len()));
            assert!(lumped.network.nodes().len() <= all.network.nodes().len());
            fewer.set(fewer.get() + usize::from(lumped.network.nodes().len() < all.network.nodes().len()));
            assert!(entropy_rate(&lumped) >= entropy_rate(&all) - CLOSE);
            // If the walk rarely leaves a heavy link, ten thousand sweeps may not be enough.
            if !lumped.report.converged {
                open.set(open.get() + 1);
                continue;
            }
            let flow_of = carried(&lumped);
            for (link, flow) in carried(&all) {
                assert_close(&[flow], &[flow_of[&link]], CLOSE);
            }

            // Shares of the links at which teleportation starts.
            let (teleports, start): (f64, Vec<f64>) = match direction {
                Direction::Undirected => (0.0, vec![0.0; dense.links.len()]),
                Direction::Directed => {
                    let node_weights: f64 = case.node_weights.iter().sum();
                    let out: f64 = (0..case.nodes).map(|node| dense.out_of(node)).sum();
                    let start = |&(source, _, weight): &(usize, usize, f64)| match case.teleportation.to_nodes {
                        true => case.node_weights[source] / node_weights * weight / dense.out_of(source),
                        false => weight / out,
                    };
                    (case.teleportation.probability, dense.links.iter().map(start).collect())
                }
            };
            let flow: Vec<f64> =
                dense.links.iter().map(|link| flow_of.get(&(link.0, link.1)).copied().unwrap_or(0.0)).collect();
            assert_close(&[flow.iter().sum()], &[1.0], CLOSE);
            let onward = |to: usize| -> f64 { flow.iter().zip(&dense.steps).map(|(flow, row)| flow * row[to]).sum() };
            let onward: Vec<f64> = (0..flow.len()).map(|to| (1.0 - teleports) * onward(to)).collect();
            let memoryless = 1.0 - onward.iter().sum::<f64>();
            let starts: f64 = start.iter().sum();
            for ((flow, onward), start) in flow.iter().zip(onward).zip(start) {
                let expected = onward + if starts > 0.0 { memoryless * start / starts } else { 0.0 };
                assert_close(&[*flow], &[expected], SOLVED);
            }

            // The flow of a state is its inflow.
            let mut into = vec![0.0; lumped.network.nodes().len()];
            lumped.network.links().iter().for_each(|(_, target, flow)| into[target] += flow);
            assert_close(&into, lumped.network.nodes().weights.as_ref().expect("flow"), SOLVED);
        }
    });
    assert!(open.get() < 80, "{} walks of 10000 have not converged", open.get());
    assert!(fewer.get() > 200, "states are lumped in {} cases", fewer.get());
}

/// With a minimum information of 0, only states with equal continuations are lumped.
#[test]
fn lumping_equal_states_loses_no_information() {
    law(|case| {
        let network = case.network(Direction::Undirected);
        let (p, q) = (3.0, 0.4);
        let dense = Dense::new(&network, p, q);
        let all = walk(&network, p, q, 0.0, &options(case, Direction::Undirected));
        let flow = carried(&all);
        let bits = |row: &Vec<f64>| -> f64 { row.iter().filter(|&&p| p > 0.0).map(|p| -p * p.log2()).sum() };
        let expected: f64 = dense
            .links
            .iter()
            .zip(&dense.steps)
            .map(|(link, row)| flow.get(&(link.0, link.1)).copied().unwrap_or(0.0) * bits(row))
            .sum();
        assert_close(&[entropy_rate(&all)], &[expected], 1e-9);
    });
}

#[test]
fn second_order_walks_reject_unsupported_options() {
    let links = [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0)];
    let undirected = network(3, &links, Direction::Undirected);
    let try_with = |network: &Network, bias: WalkBias, options: FlowOptions| {
        second_order_walk(network, &bias, &options).expect_err("not possible")
    };
    let plain = FlowOptions::default();
    for (bias, name) in [
        (WalkBias { return_parameter: 0.0, ..WalkBias::default() }, "return parameter"),
        (WalkBias { in_out_parameter: f64::NAN, ..WalkBias::default() }, "in-out parameter"),
        (WalkBias { return_parameter: f64::INFINITY, ..WalkBias::default() }, "return parameter"),
        (WalkBias { min_information: -1.0, ..WalkBias::default() }, "minimum information"),
    ] {
        let error = try_with(&undirected, bias, plain).to_string();
        assert!(error.contains(name) && error.contains("expected a number"), "{error}");
    }
    let bias = WalkBias::default();
    for options in [
        FlowOptions { node_weights_as_flow: true, ..plain },
        FlowOptions { regularization: Some(Default::default()), ..plain },
        FlowOptions { model: FlowModel::RawDir, ..plain },
        directed(teleporting(true, false)),
    ] {
        assert_eq!(try_with(&undirected, bias, options), FlowError::SecondOrderOptions);
    }
    let featured = with_features(3, &[(0, 2, 1.0), (1, 2, 1.0)], Direction::Undirected, 2);
    assert_eq!(try_with(&featured, bias, plain), FlowError::SecondOrderNetwork);
    let empty = network(2, &[], Direction::Undirected);
    assert!(matches!(try_with(&empty, bias, plain), FlowError::Degenerate(_)));
}
