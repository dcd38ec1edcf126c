//! Flow of small networks with other models and options: golden values, and laws of the options.

use crate::common::*;
use mapeq_core::{Direction, FlowNetwork, LinkValues, Network};
use mapeq_flow::{
    BipartiteFlow, FlowError, FlowModel, FlowOptions, MarkovTime, Regularization, VariableMarkovTime, compute_flow,
};

use crate::golden::{DANGLING, DIGITS, TRIANGLES};

/// Two modules, whose enter and exit flow is compared.
const HALVES: [[usize; 3]; 2] = [[0, 1, 2], [3, 4, 5]];

fn triangles(options: &FlowOptions) -> FlowNetwork {
    flow(&network(6, &TRIANGLES, options.model.direction()), options).network
}

fn dangling(options: &FlowOptions) -> FlowNetwork {
    flow(&network(6, &DANGLING, options.model.direction()), options).network
}

fn of_model(model: FlowModel) -> FlowOptions {
    FlowOptions { model, ..FlowOptions::default() }
}

fn regularized(model: FlowModel, strength: f64, self_links: bool) -> FlowOptions {
    FlowOptions { regularization: Some(Regularization { strength, self_links }), ..of_model(model) }
}

#[track_caller]
fn assert_teleportation(flow: &FlowNetwork, source: &[f64], target: &[f64]) {
    let teleportation = flow.nodes.teleportation.as_ref().expect("coded teleportation");
    assert_close(&teleportation.source, source, DIGITS);
    assert_close(&teleportation.target, target, DIGITS);
}

#[track_caller]
fn assert_boundaries(flow: &FlowNetwork, enter: [f64; 2], exit: [f64; 2]) {
    for (half, (enter, exit)) in HALVES.iter().zip(enter.into_iter().zip(exit)) {
        let found = enter_and_exit(flow, half);
        assert_close(&[found.0, found.1], &[enter, exit], DIGITS);
    }
}

#[test]
fn one_step_models_follow_links_once() {
    for model in [FlowModel::UndirDir, FlowModel::OutDirDir, FlowModel::RawDir] {
        let flow = dangling(&of_model(model));
        let expected = [0.0909090909, 0.2272727273, 0.1818181818, 0.3181818182, 0.0909090909, 0.0909090909];
        assert_close(&flow.nodes.flow, &expected, DIGITS);
        assert_boundaries(&flow, [0.0, 0.0454545455], [0.0454545455, 0.0]);
        assert_close(&[coupling(&flow, 3, 4), flow.nodes.at(1).stay], &[4.0 / 11.0, 0.5 / 11.0], 1e-15);
    }
}

#[test]
fn precomputed_flow_equals_the_weights() {
    let weights = [0.5, 0.25, 0.25];
    let links = [(0, 1, 0.2), (1, 2, 0.5), (2, 1, 0.125), (0, 0, 0.1)];
    let given = |weights: Option<&[f64]>| with_node_weights(3, &links, Direction::Directed, weights);
    let options = of_model(FlowModel::Precomputed);
    let found = flow(&given(Some(&weights)), &options);
    assert_eq!(*found.network.nodes.flow, weights);
    assert!(found.report.notes.is_empty());
    assert_eq!(coupling(&found.network, 1, 2), 0.625);
    assert_close(&found.network.nodes.exit, &[0.2, 0.5, 0.125], 1e-15);
    assert_close(found.network.nodes.enter.as_deref().expect("unbalanced"), &[0.0, 0.325, 0.5], 1e-15);
    assert_eq!(found.network.nodes.at(0).stay, 0.1);

    let found = flow(&given(Some(&[2.0, 1.0, 1.0])), &options);
    assert_eq!(*found.network.nodes.flow, weights);
    assert_eq!(found.report.notes, ["the node weights sum to 4: the flow of nodes is each one's share"]);

    let fails = |weights| compute_flow(&given(weights), &options).expect_err("no flow");
    assert_eq!(fails(None), FlowError::NoNodeWeights);
    assert_eq!(fails(Some(&[0.0; 3])), FlowError::NodeWeights(0.0));
}

#[test]
fn node_weights_replace_visit_rates() {
    let weights = [3.0, 1.0, 1.0, 2.0, 1.0, 2.0];
    let given = with_node_weights(6, &DANGLING, Direction::Directed, Some(&weights));
    let options = directed(teleporting(true, true));
    let walked = flow(&given, &options).network;
    let flow = flow(&given, &FlowOptions { node_weights_as_flow: true, ..options }).network;
    let share = [0.3, 0.1, 0.1, 0.2, 0.1, 0.2];
    assert_close(&flow.nodes.flow, &share, 1e-15);
    assert_teleportation(&flow, &[0.045, 0.015, 0.015, 0.03, 0.015, 0.2], &share);
    assert_boundaries(&flow, [0.1225, 0.0891702652], [0.0891702652, 0.1225]);
    // The flow of links is that of the walk.
    assert_eq!(flow.couplings, walked.couplings);
}

#[test]
fn regularized_undirected_flow_has_golden_values() {
    let flow = triangles(&regularized(FlowModel::Undirected, 1.0, true));
    let expected = [0.1531989562, 0.1531989562, 0.1936020876, 0.1936020876, 0.1531989562, 0.1531989562];
    assert_close(&flow.nodes.flow, &expected, DIGITS);
    assert_teleportation(&flow, &[0.0723926933; 6], &[1.0 / 6.0; 6]);
    let &LinkValues::Same(of_each_link) = flow.couplings.listed().values() else { panic!("all links carry the same") };
    assert_close(&[of_each_link], &[0.0808062629], DIGITS);
    assert_boundaries(&flow, [0.1489921714; 2], [0.1489921714; 2]);

    let flow = triangles(&regularized(FlowModel::Undirected, 0.5, false));
    let expected = [0.1494626128, 0.1494626128, 0.2010747744, 0.2010747744, 0.1494626128, 0.1494626128];
    assert_close(&flow.nodes.flow, &expected, DIGITS);
    assert_teleportation(&flow, &[0.0554859476; 6], &[1.0 / 6.0; 6]);
    assert_close(&[coupling(&flow, 0, 1)], &[0.1032243232], DIGITS);
    assert_boundaries(&flow, [0.1348410829; 2], [0.1348410829; 2]);
}

#[test]
fn regularized_directed_flow_has_golden_values() {
    let flow = dangling(&regularized(FlowModel::Directed, 1.0, true));
    let expected = [0.1417150581, 0.1840400010, 0.1716358470, 0.2225654168, 0.1400218386, 0.1400218386];
    assert_close(&flow.nodes.flow, &expected, DIGITS);
    let source = [0.0653253039, 0.0848355084, 0.0791176606, 0.1025942740, 0.0883592849, 0.1400218386];
    let target = [0.1428571429, 0.1785714286, 0.1428571429, 0.25, 0.1428571429, 0.1428571429];
    assert_teleportation(&flow, &source, &target);
    assert_boundaries(&flow, [0.1536671488; 2], [0.1536671488; 2]);
}

#[test]
fn prior_network_without_links_gives_uniform_flow() {
    for model in [FlowModel::Undirected, FlowModel::Directed] {
        let flow = flow(&network(4, &[], model.direction()), &regularized(model, 1.0, true)).network;
        assert_eq!(*flow.nodes.flow, [0.25; 4]);
        assert_eq!(*flow.nodes.exit, [0.1875; 4]);
    }
    let options = regularized(FlowModel::RawDir, 1.0, true);
    let found = flow(&network(6, &DANGLING, Direction::Directed), &options);
    assert!(found.network.nodes.teleportation.is_none());
    assert!(found.report.notes[0].contains("the prior network has no effect"), "{:?}", found.report.notes);
}

fn at_time(time: f64, variable: Option<VariableMarkovTime>, model: FlowModel) -> FlowOptions {
    FlowOptions { markov_time: MarkovTime { time, variable }, ..of_model(model) }
}

#[test]
fn markov_time_scales_the_flow_of_links() {
    let (one, two) = (triangles(&FlowOptions::default()), triangles(&at_time(2.0, None, FlowModel::Undirected)));
    assert_eq!(one.nodes.flow, two.nodes.flow);
    assert_boundaries(&two, [0.1428571429; 2], [0.1428571429; 2]);
    let directed = dangling(&at_time(2.0, None, FlowModel::Directed));
    assert_boundaries(&directed, [0.0, 0.1301992157], [0.1301992157, 0.0]);
    let at_rest = triangles(&at_time(0.0, None, FlowModel::Undirected));
    assert_boundaries(&at_rest, [0.0; 2], [0.0; 2]);
}

#[test]
fn variable_markov_time_is_longer_for_links_of_low_degree() {
    for (damping, exit) in [(1.0, 0.0793635903), (0.0, 0.0840138915), (0.5, 0.0830361551)] {
        let variable = VariableMarkovTime { damping, ..VariableMarkovTime::default() };
        let flow = dangling(&at_time(1.0, Some(variable), FlowModel::Directed));
        assert_boundaries(&flow, [0.0, exit], [exit, 0.0]);
    }
    // The link between the two nodes of the largest degree, 3, has the largest scale and time 1.
    let variable = Some(VariableMarkovTime::default());
    let (plain, variable) =
        (triangles(&FlowOptions::default()), triangles(&at_time(1.0, variable, FlowModel::Undirected)));
    assert_close(&[coupling(&variable, 2, 3)], &[coupling(&plain, 2, 3)], 1e-15);
    let longer = 3f64.log2();
    assert_close(&[coupling(&variable, 0, 1)], &[longer * coupling(&plain, 0, 1)], 1e-15);
    assert_close(&[variable.nodes.exit[0]], &[(longer + 1.0) / 14.0], 1e-15);
}

/// The Markov time of a link follows from the larger scale of its two ends or, in another model,
/// from the scale of its source.
#[test]
fn variable_markov_time_depends_on_the_model() {
    let variable = Some(VariableMarkovTime { damping: 0.0, min_scale: 0.1 });
    let one_way =
        |model| flow(&network(3, &[(0, 1, 1.0), (0, 2, 1.0)], Direction::Directed), &at_time(1.0, variable, model));
    let of_both = one_way(FlowModel::UndirDir).network;
    let of_source = one_way(FlowModel::RawDir).network;
    // Visits 0, 1/2, 1/2: degrees 0 (raised to 0.1), 2, 2.
    assert_close(&[coupling(&of_both, 0, 1)], &[0.5], 1e-15);
    assert_close(&[coupling(&of_source, 0, 1)], &[0.5 * 2.0 / 0.1], 1e-13);
}

/// Links between primary nodes 1 to 3 and features 4 and 5.
const TIES: [(usize, usize, f64); 4] = [(0, 3, 1.0), (1, 3, 1.0), (1, 4, 0.25), (2, 4, 1.0)];

fn bipartite(links: &[(usize, usize, f64)], direction: Direction) -> Network {
    with_features(5, links, direction, 3)
}

#[test]
fn bipartite_flow_is_projected() {
    let ties = bipartite(&TIES, Direction::Undirected);
    let found = flow(&ties, &FlowOptions::default()).network;
    let expected = [0.307692307692, 0.384615384615, 0.307692307692, 0.0, 0.0];
    assert_close(&found.nodes.flow, &expected, 5.1e-13);
    let (enter, exit) = enter_and_exit(&found, &[0, 1, 3]);
    assert_close(&[enter, exit], &[0.0769230769; 2], DIGITS);
    assert_eq!(found.first_feature, Some(3));

    let unipartite = FlowOptions { bipartite: BipartiteFlow::Unipartite, ..FlowOptions::default() };
    let found = flow(&ties, &unipartite).network;
    let expected = [0.153846153846, 0.192307692308, 0.153846153846, 0.307692307692, 0.192307692308];
    assert_close(&found.nodes.flow, &expected, 5.1e-13);
    let (enter, exit) = enter_and_exit(&found, &[0, 1, 3]);
    assert_close(&[enter, exit], &[0.0769230769 / 2.0; 2], DIGITS);
}

#[test]
fn bipartite_flow_without_a_way_back_is_rejected() {
    let one_way = bipartite(&TIES, Direction::Directed);
    let fails = |options: &FlowOptions| compute_flow(&one_way, options).expect_err("no flow");
    assert_eq!(fails(&directed(teleporting(true, false))), FlowError::Degenerate(0.0));
    let two_step = FlowOptions { bipartite: BipartiteFlow::TwoStep, ..directed(teleporting(false, false)) };
    assert_eq!(fails(&two_step), FlowError::NoWayBack);
    flow(&one_way, &directed(teleporting(false, false)));
}

#[test]
fn rejects_options_out_of_range() {
    let fails = |options: FlowOptions| options.validate().expect_err("out of range");
    let time = |time| FlowOptions { markov_time: MarkovTime { time, variable: None }, ..FlowOptions::default() };
    assert_eq!(fails(time(-1.0)), FlowError::Number { name: "Markov time", number: -1.0 });
    assert!(matches!(fails(time(f64::INFINITY)), FlowError::Number { .. }));
    assert!(matches!(fails(time(f64::NAN)), FlowError::Number { .. }));
    let damped = |damping| at_time(1.0, Some(VariableMarkovTime { damping, min_scale: 1.0 }), FlowModel::Directed);
    assert_eq!(fails(damped(1.5)), FlowError::Damping(1.5));
    for strength in [0.0, -1.0, f64::INFINITY] {
        assert_eq!(fails(regularized(FlowModel::Directed, strength, true)), FlowError::Strength(strength));
    }
    // With a minimum scale of 0, a node without visits has infinite Markov time.
    let boundless = at_time(1.0, Some(VariableMarkovTime { damping: 1.0, min_scale: 0.0 }), FlowModel::RawDir);
    let degenerate = compute_flow(&network(2, &[(0, 1, 1.0)], Direction::Directed), &boundless);
    assert!(matches!(degenerate, Err(FlowError::Degenerate(_))), "{degenerate:?}");
}

/// With recorded teleportation and unbalanced flow, enter and exit flow differ.
#[test]
fn unbalanced_flow_has_golden_codelengths() {
    let weights = [3.0, 1.0, 1.0, 2.0, 1.0, 2.0];
    let given = with_node_weights(6, &DANGLING, Direction::Directed, Some(&weights));
    let (halves, thirds): ([&[usize]; 2], [&[usize]; 3]) = ([&[0, 1, 2], &[3, 4, 5]], [&[0, 1], &[2, 3], &[4, 5]]);
    let by_weight = FlowOptions { node_weights_as_flow: true, ..directed(teleporting(true, true)) };
    let longer = MarkovTime { time: 2.0, variable: None };
    let varying = MarkovTime { time: 1.0, variable: Some(VariableMarkovTime::default()) };
    let timed = FlowOptions { markov_time: longer, ..directed(teleporting(true, false)) };
    let with_prior = FlowOptions { markov_time: varying, ..regularized(FlowModel::Directed, 1.0, true) };
    for (options, of_halves, of_thirds) in [
        (by_weight, 2.460961766242, 3.705961383846),
        (timed, 2.626975028999, 5.246716953769),
        (with_prior, 2.920694919066, 3.916884724365),
    ] {
        let flow = flow(&given, &options).network;
        assert!(flow.nodes.enter.is_some() && flow.nodes.teleportation.is_some());
        let found = [codelength(&flow, &halves), codelength(&flow, &thirds)];
        assert_close(&found, &[of_halves, of_thirds], 1e-11);
    }
}
