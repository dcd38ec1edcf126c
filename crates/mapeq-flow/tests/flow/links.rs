//! The flow of single links, which sums to couplings.

use mapeq_core::Direction;
use mapeq_flow::{BipartiteFlow, FlowModel, FlowOptions, MarkovTime, Regularization, VariableMarkovTime};

use crate::common::*;

const LINKS: [(usize, usize, f64); 9] = [
    (0, 1, 1.0),
    (1, 2, 2.0),
    (2, 0, 1.0),
    (2, 3, 0.5),
    (3, 2, 1.0),
    (3, 4, 1.0),
    (4, 5, 1.0),
    (5, 3, 2.0),
    (5, 5, 0.5),
];

#[test]
fn links_sum_to_couplings_under_every_option() {
    use FlowModel::*;
    let times = [MarkovTime::default(), MarkovTime { time: 1.7, variable: None }];
    let variable = MarkovTime { time: 0.6, variable: Some(VariableMarkovTime { damping: 0.4, min_scale: 1.0 }) };
    let mut nonzero = 0;
    for model in [Undirected, Directed, UndirDir, OutDirDir, RawDir, Precomputed] {
        let weights = [0.1, 0.2, 0.3, 0.2, 0.1, 0.1];
        let network = with_node_weights(6, &LINKS, model.direction(), Some(&weights));
        for markov_time in times.into_iter().chain([variable]) {
            for (recorded, regularized) in [(false, false), (true, false), (false, true)] {
                let regularization = (regularized && model.has_regularization()).then(Regularization::default);
                let teleportation = teleporting(recorded, false);
                let options =
                    FlowOptions { model, markov_time, regularization, teleportation, ..FlowOptions::default() };
                let flow = flow(&network, &options);
                let links = flow.links.per_codeword(network.links());
                for a in 0..6 {
                    for b in (0..6).filter(|&b| b != a) {
                        let along = |from: usize, to: usize| {
                            links.row(from).find(|link| link.0 == to).map_or(0.0, |link| link.1)
                        };
                        let (sum, coupling) = (along(a, b) + along(b, a), coupling(&flow.network, a, b));
                        assert!((sum - coupling).abs() < 1e-14, "{options:?} {a} {b}: {sum} is not {coupling}");
                        nonzero += usize::from(sum > 0.0);
                    }
                }
            }
        }
    }
    assert!(nonzero > 500);
}

#[test]
fn links_of_features_sum_to_couplings() {
    let links = [(0, 3, 1.0), (1, 3, 1.0), (2, 4, 1.0), (1, 4, 1.0), (2, 5, 2.0)];
    for bipartite in [BipartiteFlow::Projected, BipartiteFlow::Unipartite] {
        let network = with_features(6, &links, Direction::Undirected, 3);
        let flow = flow(&network, &FlowOptions { bipartite, ..FlowOptions::default() });
        for (source, target, carried) in flow.links.per_codeword(network.links()).iter() {
            assert!((carried - coupling(&flow.network, source, target)).abs() < 1e-15);
        }
    }
}

/// The flow that Infomap 2.16.0 writes into `_flow.net` and `.ftree` for these links with `-d`, and
/// for a network with self-links and a Markov time of 2.
#[test]
fn flow_of_links_equals_that_of_infomap() {
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 6e-7, "{found} is not {expected}");
    let network = network(6, &LINKS, Direction::Directed);
    let flow_of = flow(&network, &directed(teleporting(false, false)));
    let links: Vec<f64> = flow_of.links.per_step(network.links()).iter().map(|link| link.2).collect();
    let expected = [0.152497, 0.159622, 0.161761, 0.0808806, 0.0993679, 0.0993679, 0.0994627, 0.117632, 0.029408];
    links.iter().zip(expected).for_each(|(&found, expected)| near(found, expected));

    let loops = [(0, 0, 2.0), (0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (2, 3, 2.0), (2, 4, 1.0), (3, 4, 1.0)];
    let network = crate::common::network(5, &loops, Direction::Undirected);
    let options = FlowOptions { markov_time: MarkovTime { time: 2.0, variable: None }, ..FlowOptions::default() };
    let flow = flow(&network, &options);
    let expected = [0.125, 0.25, 0.125, 0.25, 0.125, 0.125];
    for ((_, _, found), expected) in flow.links.per_step(network.links()).iter().zip(expected) {
        assert!((found - expected).abs() < 1e-15);
    }
    for ((_, _, found), expected) in flow.links.per_codeword(network.links()).iter().zip(expected) {
        assert!((found - 2.0 * expected).abs() < 1e-15);
    }
}
