//! Laws of flow with options, on random networks with dangling nodes, self-links and isolated
//! nodes.

use std::cell::Cell;

use crate::common::*;
use crate::laws::{self, CLOSE, Case, law, same_up_to_order, set};
use mapeq_core::{Direction, FlowNetwork, Network};
use mapeq_flow::{BipartiteFlow, FlowModel, FlowOptions, MarkovTime, Regularization, VariableMarkovTime};

fn of_model(model: FlowModel) -> FlowOptions {
    FlowOptions { model, ..FlowOptions::default() }
}

fn sums(matrix: &[Vec<f64>]) -> (Vec<f64>, Vec<f64>) {
    let columns = (0..matrix.len()).map(|column| matrix.iter().map(|row| row[column]).sum()).collect();
    (matrix.iter().map(|row| row.iter().sum()).collect(), columns)
}

/// Returns the stationary visits of a walk with these weights. No row is empty.
fn stationary(weights: &[Vec<f64>]) -> Vec<f64> {
    let (out, _) = sums(weights);
    laws::stationary(weights.len(), |from, to| weights[from][to] / out[from])
}

/// Dense matrices of the observed links of a case and of its prior network.
struct WithPrior {
    observed: Vec<Vec<f64>>,
    prior: Vec<Vec<f64>>,
}

impl WithPrior {
    fn new(case: &Case, directed: bool, options: Regularization) -> Self {
        let nodes = case.nodes;
        let mut observed = vec![vec![0.0; nodes]; nodes];
        for &(source, target, weight) in &case.links {
            observed[source][target] += weight;
            if !directed && source != target {
                observed[target][source] += weight;
            }
        }
        let ones: Vec<Vec<f64>> =
            observed.iter().map(|row| row.iter().map(|&weight| f64::from(weight > 0.0)).collect()).collect();
        let ((out, into), (out_links, into_links)) = (sums(&observed), sums(&ones));
        let means = |weights: &[f64], links: &[f64]| -> Vec<f64> {
            let means: Vec<f64> = weights.iter().zip(links).map(|(weight, links)| weight / links).collect();
            let least = means.iter().copied().fold(f64::INFINITY, f64::min);
            means.into_iter().map(|mean| if mean.is_nan() { least } else { mean }).collect()
        };
        let (out, into, mean) = (
            means(&out, &out_links),
            means(&into, &into_links),
            out.iter().sum::<f64>() / out_links.iter().sum::<f64>(),
        );
        let others = if options.self_links { nodes } else { nodes - 1 };
        let strength = options.strength * (nodes as f64).ln() / others as f64;
        let prior = |from: usize, to: usize| {
            if from == to && !options.self_links { 0.0 } else { strength / mean * out[from] * into[to] }
        };
        let prior = (0..nodes).map(|from| (0..nodes).map(|to| prior(from, to)).collect()).collect();
        Self { observed, prior }
    }

    fn all(&self) -> Vec<Vec<f64>> {
        let rows = self.observed.iter().zip(&self.prior);
        rows.map(|(one, other)| one.iter().zip(other).map(|(one, other)| one + other).collect()).collect()
    }
}

#[test]
fn regularized_flow_is_a_walk_on_links_and_prior_links() {
    let loops = Cell::new(0);
    law(|case| {
        for (directed, strength, self_links) in
            [(true, 1.0, true), (true, 0.3, false), (false, 1.0, true), (false, 2.0, false)]
        {
            let mut case = case.clone();
            if !self_links {
                case.links.retain(|link| link.0 != link.1);
            }
            if case.links.is_empty() {
                continue;
            }
            loops.set(loops.get() + u32::from(case.links.iter().any(|link| link.0 == link.1)));
            let prior = Regularization { strength, self_links };
            let model = if directed { FlowModel::Directed } else { FlowModel::Undirected };
            let options = FlowOptions { regularization: Some(prior), ..of_model(model) };
            let flow = flow(&case.network(model.direction()), &options);
            assert!(flow.report.converged && flow.report.residual <= 1e-12, "{:?}", flow.report);
            let flow = flow.network;
            assert!(flow.nodes.enter.is_none(), "balanced");

            let dense = WithPrior::new(&case, directed, prior);
            let all = dense.all();
            let (visits, (out, _)) = (stationary(&all), sums(&all));
            assert_close(&flow.nodes.flow, &visits, CLOSE);
            let rate = |from: usize, to: usize| visits[from] * all[from][to] / out[from];
            for bits in [0b101, 0b1110, 0b1010101010101, 0b11001100110011] {
                let set = set(case.nodes, bits);
                let others: Vec<usize> = (0..case.nodes).filter(|node| !set.contains(node)).collect();
                let between = |from: &[usize], to: &[usize]| -> f64 {
                    from.iter().map(|&from| to.iter().map(|&to| rate(from, to)).sum::<f64>()).sum()
                };
                let (enter, exit) = enter_and_exit(&flow, &set);
                assert_close(&[enter, exit], &[between(&others, &set), between(&set, &others)], CLOSE);
            }
        }
    });
    assert!(loops.get() > 100, "some cases have self-links");
}

#[test]
fn the_residual_bounds_the_error_of_regularized_flow() {
    let worst = Cell::new(0.0);
    law(|case| {
        for self_links in [true, false] {
            let mut case = case.clone();
            case.links.retain(|link| self_links || link.0 != link.1);
            if case.links.is_empty() {
                continue;
            }
            let prior = Regularization { strength: 0.1, self_links };
            let visits = stationary(&WithPrior::new(&case, true, prior).all());
            for sweeps in [1, 3, 9, 20] {
                let options = FlowOptions {
                    regularization: Some(prior),
                    max_iterations: Some(sweeps),
                    ..of_model(FlowModel::Directed)
                };
                let found = flow(&case.network(Direction::Directed), &options);
                let error: f64 =
                    found.network.nodes.flow.iter().zip(&visits).map(|(got, visits)| (got - visits).abs()).sum();
                assert!(error <= found.report.residual + 1e-12, "error {error:e}, bound {:e}", found.report.residual);
                worst.set(f64::max(worst.get(), error));
            }
        }
    });
    assert!(worst.get() > 1e-3, "some flow was far from converged");
}

#[test]
fn undirected_flow_is_one_step_along_links_of_both_directions() {
    law(|case| {
        let mut both = case.clone();
        both.links.extend(case.links.iter().filter(|link| link.0 != link.1).map(|&(a, b, weight)| (b, a, weight)));
        let undirected = flow(&case.network(Direction::Undirected), &FlowOptions::default()).network;
        for model in [FlowModel::UndirDir, FlowModel::OutDirDir, FlowModel::RawDir] {
            let mut raw = flow(&both.network(Direction::Directed), &of_model(model)).network;
            assert_close(raw.nodes.enter.as_deref().expect("two numbers"), &raw.nodes.exit, 1e-14);
            raw.nodes.enter = None;
            same_up_to_order(&undirected, &raw, |node| node);
        }
    });
}

/// Lists options for every model and every option that applies to all models.
fn kinds(case: &Case) -> Vec<FlowOptions> {
    let prior = Some(Regularization { strength: 0.7, self_links: true });
    let variable = Some(VariableMarkovTime { damping: 0.6, min_scale: 0.8 });
    let mut kinds = Vec::new();
    for model in FlowModel::ALL {
        for regularization in [None, prior] {
            if regularization.is_some() && !model.has_regularization() {
                continue;
            }
            for (node_weights_as_flow, variable) in [(false, None), (true, None), (false, variable)] {
                let markov_time = MarkovTime { time: if node_weights_as_flow { 1.0 } else { 1.7 }, variable };
                let (teleportation, walk) = (case.teleportation, of_model(model));
                kinds.push(FlowOptions { regularization, node_weights_as_flow, markov_time, teleportation, ..walk });
            }
        }
    }
    kinds
}

#[test]
fn options_do_not_depend_on_the_order_of_the_nodes() {
    law(|case| {
        let reversed = |node: usize| case.nodes - 1 - node;
        let turned = case.reversed();
        for options in kinds(case) {
            let found = |case: &Case| flow(&case.network(options.model.direction()), &options).network;
            let one = found(case);
            assert_close(&[one.nodes.flow.iter().sum()], &[1.0], 1e-12);
            // Precomputed flow and variable Markov time are not normalized, so the comparison is
            // relative.
            let largest = one.couplings.iter().map(|(_, _, value)| value).fold(1.0, f64::max);
            let scaled = |flow: FlowNetwork| scaled(flow, 1.0 / largest);
            same_up_to_order(&scaled(one), &scaled(found(&turned)), reversed);
        }
    });
}

fn scaled(flow: FlowNetwork, factor: f64) -> FlowNetwork {
    let values = flow.couplings.iter().map(|(_, _, value)| factor * value).collect();
    let couplings = flow.couplings.into_parts().0.with_values(mapeq_core::LinkValues::Each(values)).into();
    let rates = |rates: &[f64]| rates.iter().map(|rate| factor * rate).collect::<Box<[f64]>>();
    let nodes = mapeq_core::NodeFlows {
        exit: rates(&flow.nodes.exit),
        enter: flow.nodes.enter.as_deref().map(rates),
        stay: flow.nodes.stay.as_deref().map(rates),
        ..flow.nodes
    };
    FlowNetwork { couplings, nodes, ..flow }
}

/// Enter and exit flow have equal sums over all nodes, with any options.
#[test]
fn enter_and_exit_flow_have_equal_sums() {
    law(|case| {
        for options in kinds(case) {
            let nodes = flow(&case.network(options.model.direction()), &options).network.nodes;
            let (enter, exit): (f64, f64) = (0..case.nodes)
                .map(|node| nodes.at(node))
                .fold((0.0, 0.0), |sums, node| (sums.0 + node.enter, sums.1 + node.exit));
            assert_close(&[enter / exit.max(1.0)], &[exit / exit.max(1.0)], 1e-12);
        }
    });
}

#[test]
fn a_markov_time_of_one_changes_nothing() {
    law(|case| {
        for model in [FlowModel::Undirected, FlowModel::Directed] {
            let plain = FlowOptions { teleportation: case.teleportation, ..of_model(model) };
            // No node has a scale above this minimum.
            let variable = Some(VariableMarkovTime { damping: 0.5, min_scale: 1e9 });
            let timed = FlowOptions { markov_time: MarkovTime { time: 1.0, variable }, ..plain };
            let found = |options| flow(&case.network(model.direction()), options).network;
            let (plain, mut timed) = (found(&plain), found(&timed));
            if plain.nodes.enter.is_none() && timed.nodes.enter.is_some() {
                let enter = timed.nodes.enter.take().expect("just seen");
                assert_close(&enter, &plain.nodes.exit, CLOSE);
            }
            same_up_to_order(&plain, &timed, |node| node);
        }
    });
}

/// Makes a case bipartite: redirects links between nodes of one kind to the other kind.
fn bipartite(case: &Case, direction: Direction) -> (Network, usize) {
    let first = case.nodes.div_ceil(2);
    let links: Vec<_> = case
        .links
        .iter()
        .map(|&(a, b, weight)| match (a < first, b < first) {
            (true, true) => (a, first + b.min(case.nodes - first - 1), weight),
            (false, false) => (a, b - first, weight),
            _ => (a, b, weight),
        })
        .chain([(first, 0, 1.0)])
        .collect();
    (with_features(case.nodes, &links, direction, first as u32), first)
}

#[test]
fn projected_flow_is_on_primary_nodes_and_passes_through_features() {
    law(|case| {
        let prior = Some(Regularization::default());
        for (model, regularization) in
            FlowModel::ALL[..5].iter().map(|&model| (model, None)).chain([(FlowModel::Undirected, prior)])
        {
            let (network, first) = bipartite(case, model.direction());
            let unipartite = FlowOptions { bipartite: BipartiteFlow::Unipartite, regularization, ..of_model(model) };
            let projected = FlowOptions { bipartite: BipartiteFlow::Projected, ..unipartite };
            let (before, after) = (flow(&network, &unipartite).network, flow(&network, &projected).network);
            assert_close(&[after.nodes.flow[..first].iter().sum()], &[1.0], 1e-13);
            assert!(after.nodes.flow[first..].iter().all(|&visits| visits == 0.0));
            if model == FlowModel::Undirected && regularization.is_none() {
                let doubled: Vec<f64> = before.nodes.flow[..first].iter().map(|visits| 2.0 * visits).collect();
                assert_close(&after.nodes.flow[..first], &doubled, 1e-13);
            }
            for (a, b, value) in before.couplings.iter() {
                assert_close(&[coupling(&after, a, b)], &[2.0 * value], 1e-14);
            }
            if let Some(teleportation) = &after.nodes.teleportation {
                assert_close(&[teleportation.target[..first].iter().sum()], &[1.0], 1e-13);
                let of_features = teleportation.target[first..].iter().chain(&teleportation.source[first..]);
                assert!(of_features.copied().all(|rate| rate == 0.0));
            }
        }
    });
}

#[test]
fn walks_in_two_steps_are_walks_between_primary_nodes() {
    let (dangling, worst) = (Cell::new(0), Cell::new(0.0));
    law(|case| {
        let (network, first) = bipartite(case, Direction::Directed);
        let teleportation = case.teleportation;
        if teleportation.probability == 1.0 && !teleportation.to_nodes {
            return;
        }
        let mut weights = vec![vec![0.0; case.nodes]; case.nodes];
        network.links().iter().for_each(|(source, target, weight)| weights[source][target] = weight);
        let (out, into) = sums(&weights);
        let mut target = match (teleportation.to_nodes, teleportation.recorded) {
            (true, _) => vec![1.0; first],
            (false, true) => into[..first].to_vec(),
            (false, false) => out[..first].to_vec(),
        };
        let total: f64 = target.iter().sum();
        target.iter_mut().for_each(|target| *target /= total);
        let step = |from: usize, to: usize| if out[from] == 0.0 { 0.0 } else { weights[from][to] / out[from] };
        // Probability of a step through a feature to a primary node. Other steps teleport.
        let through = |from: usize, to: usize| (first..case.nodes).map(|by| step(from, by) * step(by, to)).sum::<f64>();
        let rows: Vec<Vec<f64>> = (0..first)
            .map(|from| {
                let linked: Vec<f64> =
                    (0..first).map(|to| (1.0 - teleportation.probability) * through(from, to)).collect();
                let rest = 1.0 - linked.iter().sum::<f64>();
                linked.iter().zip(&target).map(|(linked, target)| linked + rest * target).collect()
            })
            .collect();
        let visits = stationary(&rows);
        let options = FlowOptions { bipartite: BipartiteFlow::TwoStep, ..directed(teleportation) };
        let Ok(found) = mapeq_flow::compute_flow(&network, &options) else {
            // No visited node has a way out.
            assert!((0..first).all(|node| visits[node] < 1e-12 || (0..first).all(|to| through(node, to) == 0.0)));
            return;
        };
        assert!(found.report.converged, "{:?}", found.report);
        let flow = found.network;
        dangling.set(dangling.get() + u32::from(out.contains(&0.0)));
        let expected = if teleportation.recorded {
            visits
        } else {
            let next = |to: usize| (0..first).map(|from| visits[from] * through(from, to)).sum::<f64>();
            let next: Vec<f64> = (0..first).map(next).collect();
            let total: f64 = next.iter().sum();
            next.iter().map(|visits| visits / total).collect()
        };
        assert_close(&flow.nodes.flow[..first], &expected, CLOSE);
        for sweeps in [1, 2, 3, 9] {
            let early = FlowOptions { max_iterations: Some(sweeps), ..options };
            let Ok(found) = mapeq_flow::compute_flow(&network, &early) else { continue };
            let pairs = found.network.nodes.flow.iter().zip(&expected);
            let error: f64 = pairs.map(|(got, expected)| (got - expected).abs()).sum();
            assert!(error <= found.report.residual + 1e-12, "error {error:e}, bound {:e}", found.report.residual);
            worst.set(f64::max(worst.get(), error));
        }
        assert!(flow.nodes.flow[first..].iter().all(|&visits| visits == 0.0));
        // Enter and exit flow of a feature with out-links are equal.
        for feature in (first..case.nodes).filter(|&feature| out[feature] > 0.0) {
            assert_close(&[flow.nodes.at(feature).enter], &[flow.nodes.at(feature).exit], CLOSE);
        }
    });
    assert!(dangling.get() > 100, "some walks have dead ends");
    assert!(worst.get() > 1e-3, "some flow was far from converged");
}
