//! Golden values of the flow of small networks.

use crate::common::*;
use mapeq_core::{Direction, LinkValues};
use mapeq_flow::{
    BipartiteFlow, FlowError, FlowModel, FlowOptions, MarkovTime, Relaxation, TeleportationOptions, compute_flow,
};

/// Half a unit of the tenth decimal, plus rounding.
pub const DIGITS: f64 = 5.1e-11;

const UNDIRECTED: FlowOptions = FlowOptions {
    model: FlowModel::Undirected,
    teleportation: TeleportationOptions { probability: 0.15, recorded: false, to_nodes: false },
    regularization: None,
    node_weights_as_flow: false,
    markov_time: MarkovTime { time: 1.0, variable: None },
    bipartite: BipartiteFlow::Projected,
    relaxation: Relaxation {
        rate: 0.15,
        limit: None,
        limit_up: None,
        limit_down: None,
        by_divergence: None,
        to_self: false,
    },
    tolerance: 1e-12,
    min_iterations: 0,
    max_iterations: None,
};

/// Two triangles joined by a link.
pub const TRIANGLES: [(usize, usize, f64); 7] =
    [(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (2, 3, 1.0), (3, 4, 1.0), (4, 5, 1.0), (5, 3, 1.0)];

/// A network with a self-link, and a last node without out-links.
pub const DANGLING: [(usize, usize, f64); 9] = [
    (0, 1, 2.0),
    (0, 2, 1.0),
    (1, 1, 0.5),
    (1, 2, 1.0),
    (2, 0, 1.0),
    (2, 3, 0.5),
    (3, 4, 1.0),
    (3, 5, 1.0),
    (4, 3, 3.0),
];

#[test]
fn two_triangles_have_golden_flow() {
    let flow = flow(&network(6, &TRIANGLES, Direction::Undirected), &UNDIRECTED).network;
    let expected = [0.1428571429, 0.1428571429, 0.2142857143, 0.2142857143, 0.1428571429, 0.1428571429];
    assert_close(&flow.nodes.flow, &expected, DIGITS);
    assert_eq!(flow.couplings.listed().values(), &LinkValues::Same(2.0 / 14.0));
    assert_eq!(flow.couplings.links(), 14);
    assert!(flow.nodes.enter.is_none() && flow.nodes.stay.is_none() && flow.nodes.teleportation.is_none());
    for module in [[0, 1, 2], [3, 4, 5]] {
        let (enter, exit) = enter_and_exit(&flow, &module);
        assert_close(&[enter, exit], &[0.0714285714; 2], DIGITS);
    }
}

#[test]
fn undirected_flow_counts_self_links_and_opposite_links() {
    let flow = flow(&network(6, &DANGLING, Direction::Undirected), &UNDIRECTED).network;
    let expected = [0.1860465116, 0.1627906977, 0.1627906977, 0.2558139535, 0.1860465116, 0.0465116279];
    assert_close(&flow.nodes.flow, &expected, DIGITS);
    let total = 21.5;
    assert_close(&[coupling(&flow, 0, 2), coupling(&flow, 3, 4)], &[4.0 / total, 8.0 / total], 1e-15);
    assert_close(flow.nodes.stay.as_deref().expect("a self-link"), &[0.0, 0.5 / total, 0.0, 0.0, 0.0, 0.0], 1e-15);
}

#[test]
fn unrecorded_teleportation_to_links_has_golden_flow() {
    let flow = flow(&network(6, &DANGLING, Direction::Directed), &directed(teleporting(false, false))).network;
    let expected = [0.1301992157, 0.1846893092, 0.1884119458, 0.2431538576, 0.1267728359, 0.1267728359];
    assert_close(&flow.nodes.flow, &expected, DIGITS);
    let couplings = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5)].map(|(a, b)| coupling(&flow, a, b));
    let expected = [
        0.1206444484,
        0.0603222242 + 0.1301992157,
        0.1280897216,
        0.0650996078,
        0.1267728359 + 0.1780542497,
        0.1267728359,
    ];
    assert_close(&couplings, &expected, 2.0 * DIGITS);
    assert_close(&[flow.nodes.at(1).stay], &[0.0640448608], DIGITS);
    let (enter, exit) = enter_and_exit(&flow, &[0, 1, 2]);
    assert_close(&[enter, exit], &[0.0, 0.0650996078], DIGITS);
    let (enter, exit) = enter_and_exit(&flow, &[3, 4, 5]);
    assert_close(&[enter, exit], &[0.0650996078, 0.0], DIGITS);
}

#[test]
fn recorded_teleportation_to_links_has_golden_flow() {
    let flow = flow(&network(6, &DANGLING, Direction::Directed), &directed(teleporting(true, false))).network;
    let expected = [0.1301992157, 0.1846893092, 0.1884119458, 0.2431538576, 0.1267728359, 0.1267728359];
    assert_close(&flow.nodes.flow, &expected, DIGITS);
    let teleportation = flow.nodes.teleportation.as_ref().expect("recorded");
    let target = [0.0909090909, 0.2272727273, 0.1818181818, 0.3181818182, 0.0909090909, 0.0909090909];
    assert_close(&teleportation.target, &target, DIGITS);
    let source = [0.0195298824, 0.0277033964, 0.0282617919, 0.0364730786, 0.0190159254, 0.1267728359];
    assert_close(&teleportation.source, &source, DIGITS);
    let couplings = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5)].map(|(a, b)| coupling(&flow, a, b));
    let expected = [
        0.0737795556,
        0.0368897778 + 0.1067667693,
        0.1046572752,
        0.0533833846,
        0.1033403895 + 0.1077569105,
        0.1033403895,
    ];
    assert_close(&couplings, &expected, 2.0 * DIGITS);
    assert_close(&[flow.nodes.at(1).stay], &[0.0523286376], DIGITS);
    for module in [[0, 1, 2], [3, 4, 5]] {
        let (enter, exit) = enter_and_exit(&flow, &module);
        assert_close(&[enter, exit], &[0.0911309199; 2], DIGITS);
    }
}

#[test]
fn unrecorded_teleportation_to_nodes_has_golden_flow() {
    let flow = flow(&network(6, &DANGLING, Direction::Directed), &directed(teleporting(false, true))).network;
    let expected = [0.1456599254, 0.1859531274, 0.1973695347, 0.2271846643, 0.1219163741, 0.1219163741];
    assert_close(&flow.nodes.flow, &expected, DIGITS);
}

#[test]
fn recorded_teleportation_to_nodes_has_golden_flow() {
    let flow = flow(&network(6, &DANGLING, Direction::Directed), &directed(teleporting(true, true))).network;
    let expected = [0.1511985180, 0.1808681003, 0.1892744819, 0.2112286180, 0.1337151409, 0.1337151409];
    assert_close(&flow.nodes.flow, &expected, DIGITS);
    let source = [0.0226797777, 0.0271302150, 0.0283911723, 0.0316842927, 0.0200572711, 0.1337151409];
    assert_close(&flow.nodes.teleportation.as_ref().expect("recorded").source, &source, DIGITS);
    for module in [[0, 1, 2], [3, 4, 5]] {
        let (enter, exit) = enter_and_exit(&flow, &module);
        assert_close(&[enter, exit], &[0.0927283524; 2], DIGITS);
    }
}

#[test]
fn flow_without_self_links_has_golden_values() {
    let links: Vec<_> = DANGLING.into_iter().filter(|(source, target, _)| source != target).collect();
    let flow = flow(&network(6, &links, Direction::Directed), &directed(teleporting(false, false))).network;
    let expected = [0.1383446123, 0.1290124318, 0.1994753587, 0.2608380787, 0.1361647592, 0.1361647592];
    assert_close(&flow.nodes.flow, &expected, DIGITS);
    assert!(flow.nodes.stay.is_none());
}

#[test]
fn single_link_carries_all_flow() {
    let network = network(2, &[(0, 1, 3.0)], Direction::Directed);
    let flow = flow(&network, &directed(teleporting(false, false)));
    assert_eq!(*flow.network.nodes.flow, [0.0, 1.0]);
    assert_eq!(flow.network.nodes.enter.as_deref(), Some(&[0.0, 1.0][..]));
    assert_eq!(*flow.network.nodes.exit, [1.0, 0.0]);
    assert_eq!(flow.report.notes.len(), 1, "a note on the dangling node");
}

#[test]
fn networks_without_links_have_no_flow() {
    for options in [UNDIRECTED, directed(teleporting(false, true)), directed(teleporting(true, true))] {
        for nodes in [0, 3] {
            let flow = flow(&network(nodes, &[], options.model.direction()), &options);
            assert_eq!(*flow.network.nodes.flow, vec![0.0; nodes]);
            assert_eq!(flow.network.couplings.rows(), nodes);
            assert!(flow.report.converged);
        }
    }
}

#[test]
fn self_links_alone_carry_their_shares() {
    let links = [(0, 0, 1.0), (1, 1, 3.0)];
    for options in [UNDIRECTED, directed(teleporting(false, false)), directed(teleporting(true, false))] {
        let flow = flow(&network(2, &links, options.model.direction()), &options).network;
        assert_close(&flow.nodes.flow, &[0.25, 0.75], 1e-12);
        assert_eq!(flow.couplings.links(), 0);
    }
}

#[test]
fn without_teleportation_a_periodic_walk_is_averaged() {
    let links = [(2, 0, 1.0), (0, 1, 1.0), (1, 0, 1.0)];
    let options = directed(TeleportationOptions { probability: 0.0, ..TeleportationOptions::default() });
    let flow = flow(&network(3, &links, Direction::Directed), &options);
    assert_close(&flow.network.nodes.flow, &[0.5, 0.5, 0.0], 1e-11);
    assert!(flow.report.converged);
}

#[test]
fn teleportation_alone_visits_its_targets() {
    let mut teleportation = TeleportationOptions { probability: 1.0, ..teleporting(true, false) };
    let dangling = network(6, &DANGLING, Direction::Directed);
    let recorded = flow(&dangling, &directed(teleportation)).network.nodes;
    assert_close(&recorded.flow, &recorded.teleportation.as_ref().expect("recorded").target, 1e-12);
    teleportation.recorded = false;
    // A link of weight w carries its share of the total weight.
    let unrecorded = flow(&dangling, &directed(teleportation)).network.nodes;
    assert_close(&unrecorded.flow, &[1.0, 2.5, 2.0, 3.5, 1.0, 1.0].map(|weight| weight / 11.0), 1e-12);
}

#[test]
fn too_few_sweeps_are_reported() {
    let options = FlowOptions { max_iterations: Some(2), ..directed(teleporting(false, false)) };
    let report = flow(&network(6, &DANGLING, Direction::Directed), &options).report;
    assert_eq!((report.iterations, report.converged), (2, false));
    assert!(report.notes.iter().any(|note| note.contains("not converged")), "{:?}", report.notes);
}

#[test]
fn rejects_invalid_options_and_degenerate_flow() {
    let options = directed(teleporting(false, false));
    let fails = |network, options| compute_flow(&network, &options).expect_err("no flow");
    let two = |weight| network(2, &[(0, 1, weight), (1, 0, weight)], Direction::Directed);

    let mut wrong = options;
    wrong.teleportation.probability = 1.5;
    assert_eq!(fails(two(1.0), wrong), FlowError::Probability(1.5));
    wrong = FlowOptions { tolerance: -1.0, ..options };
    assert_eq!(fails(two(1.0), wrong), FlowError::Tolerance(-1.0));
    assert_eq!(fails(two(1.0), UNDIRECTED), FlowError::Direction { model: FlowModel::Undirected });

    assert_eq!(fails(two(1e308), options), FlowError::Degenerate(f64::INFINITY));
    let heavy = network(3, &[(0, 1, 1e308), (1, 2, 1e308)], Direction::Undirected);
    assert_eq!(fails(heavy, UNDIRECTED), FlowError::Degenerate(f64::INFINITY));

    let weighted = |weights: &[f64]| with_node_weights(2, &[(0, 1, 1.0)], Direction::Directed, Some(weights));
    let to_nodes = directed(teleporting(false, true));
    assert_eq!(fails(weighted(&[0.0, 0.0]), to_nodes), FlowError::NodeWeights(0.0));
    // The walk only lands on the node without out-links.
    assert_eq!(fails(weighted(&[0.0, 1.0]), to_nodes), FlowError::Degenerate(0.0));
    let recorded = flow(&weighted(&[0.0, 1.0]), &directed(teleporting(true, true)));
    assert_eq!(*recorded.network.nodes.flow, [0.0, 1.0]);
}

#[test]
fn models_are_named_as_on_the_command_line() {
    let names = ["undirected", "directed", "undirdir", "outdirdir", "rawdir", "precomputed"];
    assert_eq!(FlowModel::ALL.map(|model| model.to_string()), names);
}
