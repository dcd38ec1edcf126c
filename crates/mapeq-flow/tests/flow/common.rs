//! Helpers of the tests: small networks, and the flow of sets of nodes.

use mapeq_core::{Direction, FlowNetwork, Network, NodeIds, NodeTable};
use mapeq_flow::{Flow, FlowModel, FlowOptions, TeleportationOptions, compute_flow};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Checks a law on `cases` random cases, always the same ones. `check` returns whether the case
/// could have violated the law, which must hold for a quarter of the cases.
pub fn law_on<S: Strategy>(cases: u32, strategy: &S, check: impl Fn(S::Value) -> bool) {
    let relevant = std::cell::Cell::new(0);
    on_each(cases, strategy, |case| relevant.set(relevant.get() + u32::from(check(case))));
    assert!(relevant.get() >= cases / 4, "only {} of {cases} cases are relevant", relevant.get());
}

/// Runs a check on `cases` random cases, always the same ones.
pub fn on_each<S: Strategy>(cases: u32, strategy: &S, check: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let result = TestRunner::new_with_rng(config, random).run(strategy, |case| {
        check(case);
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

pub fn network(nodes: usize, links: &[(usize, usize, f64)], direction: Direction) -> Network {
    with_node_weights(nodes, links, direction, None)
}

pub fn with_node_weights(
    nodes: usize,
    links: &[(usize, usize, f64)],
    direction: Direction,
    weights: Option<&[f64]>,
) -> Network {
    let list = links.iter().map(|&(source, target, weight)| (source as u32, target as u32, weight)).collect();
    let ids = NodeIds::Consecutive { first: 1, len: nodes };
    Network::new(NodeTable { weights: weights.map(Into::into), ..NodeTable::new(ids) }, list, direction)
}

/// Creates a network in which the nodes from `first` on are features.
pub fn with_features(nodes: usize, links: &[(usize, usize, f64)], direction: Direction, first: u32) -> Network {
    let (table, links, direction) = network(nodes, links, direction).into_parts();
    let table = NodeTable { first_feature: Some(first), ..table };
    Network::from_rows(table, links, direction).expect("links join the kinds")
}

pub fn directed(teleportation: TeleportationOptions) -> FlowOptions {
    FlowOptions { model: FlowModel::Directed, teleportation, ..FlowOptions::default() }
}

pub fn teleporting(recorded: bool, to_nodes: bool) -> TeleportationOptions {
    TeleportationOptions { recorded, to_nodes, ..TeleportationOptions::default() }
}

pub fn flow(network: &Network, options: &FlowOptions) -> Flow {
    compute_flow(network, options).expect("the network has flow")
}

/// Returns the coupling of two nodes, or 0.
pub fn coupling(flow: &FlowNetwork, a: usize, b: usize) -> f64 {
    flow.couplings.row(a).find(|(node, _)| *node == b).map_or(0.0, |(_, value)| value)
}

/// Returns enter and exit flow of a set of nodes, from couplings and the enter and exit flow of its
/// nodes.
pub fn enter_and_exit(flow: &FlowNetwork, set: &[usize]) -> (f64, f64) {
    let sum = |of: fn(&mapeq_core::NodeFlow) -> f64| set.iter().map(|&node| of(&flow.nodes.at(node))).sum::<f64>();
    let mut inside = 0.0;
    for (place, &a) in set.iter().enumerate() {
        for &b in &set[place + 1..] {
            let (one, other) = (flow.nodes.at(a), flow.nodes.at(b));
            inside += coupling(flow, a, b)
                + one.teleport_source * other.teleport_target
                + other.teleport_source * one.teleport_target;
        }
    }
    (sum(|node| node.enter) - inside, sum(|node| node.exit) - inside)
}

/// Returns the codelength of modules by the definition of the two-level map equation, in bits per
/// step.
pub fn codelength(flow: &FlowNetwork, modules: &[&[usize]]) -> f64 {
    let h = |rate: f64| if rate > 0.0 { rate * rate.log2() } else { 0.0 };
    let boundaries: Vec<(f64, f64)> = modules.iter().map(|module| enter_and_exit(flow, module)).collect();
    let index =
        h(boundaries.iter().map(|(enter, _)| enter).sum()) - boundaries.iter().map(|(enter, _)| h(*enter)).sum::<f64>();
    let module = modules.iter().zip(boundaries).map(|(module, (_, exit))| {
        let visits = module.iter().map(|&node| flow.nodes.flow[node]);
        h(exit + visits.clone().sum::<f64>()) - h(exit) - visits.map(h).sum::<f64>()
    });
    index + module.sum::<f64>()
}

#[track_caller]
pub fn assert_close(got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    for (place, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!((got - expected).abs() <= tolerance, "number {place} is {got}, expected {expected}");
    }
}
