//! Laws of flow, on random networks with dangling nodes, self-links and isolated nodes.

use std::cell::Cell;

use crate::common::*;
use mapeq_core::{Csr, Direction, FlowNetwork, Network};
use mapeq_flow::{FlowOptions, TeleportationOptions};
use proptest::collection::vec;
use proptest::prelude::*;

/// Tolerance for rounding errors and the default flow tolerance.
pub const CLOSE: f64 = 1e-11;

/// A random network and options of a walk on it.
#[derive(Clone, Debug)]
pub struct Case {
    pub nodes: usize,
    pub links: Vec<(usize, usize, f64)>,
    pub node_weights: Vec<f64>,
    pub teleportation: TeleportationOptions,
}

impl Case {
    pub fn network(&self, direction: Direction) -> Network {
        with_node_weights(self.nodes, &self.links, direction, Some(&self.node_weights))
    }

    /// The case with the nodes in reverse order.
    pub fn reversed(&self) -> Self {
        let node = |node: usize| self.nodes - 1 - node;
        let links = self.links.iter().rev().map(|&(source, target, weight)| (node(source), node(target), weight));
        let node_weights = self.node_weights.iter().rev().copied().collect();
        Self { links: links.collect(), node_weights, ..*self }
    }

    fn options(&self) -> FlowOptions {
        directed(self.teleportation)
    }

    fn flow(&self) -> FlowNetwork {
        flow(&self.network(Direction::Directed), &self.options()).network
    }

    fn undirected_flow(&self) -> FlowNetwork {
        flow(&self.network(Direction::Undirected), &FlowOptions::default()).network
    }
}

fn cases() -> impl Strategy<Value = Case> {
    let weight = prop_oneof![Just(1.0), Just(0.5), 0.01..100.0];
    (2usize..14, any::<bool>())
        .prop_flat_map(move |(nodes, weighted)| {
            let weight = if weighted { weight.clone().boxed() } else { Just(1.0).boxed() };
            let links = vec((0..nodes, 0..nodes, weight), 1..3 * nodes);
            let probability = prop_oneof![Just(0.15), Just(0.01), Just(0.5), Just(1.0)];
            let teleportation = (probability, any::<bool>(), any::<bool>())
                .prop_map(|(probability, recorded, to_nodes)| TeleportationOptions { probability, recorded, to_nodes });
            (Just(nodes), links, vec(0.1..10.0, nodes), teleportation)
        })
        .prop_map(|(nodes, links, node_weights, teleportation)| Case { nodes, links, node_weights, teleportation })
}

/// Checks a law on random cases, and asserts that enough of them have each special feature.
pub fn law(check: impl Fn(&Case)) {
    let (dangling, loops, isolates, opposite) = (Cell::new(0), Cell::new(0), Cell::new(0), Cell::new(0));
    let seen = |counter: &Cell<usize>, found: bool| counter.set(counter.get() + usize::from(found));
    on_each(2000, &cases(), |case| {
        let has = |from: Option<usize>, to: Option<usize>| {
            case.links.iter().any(|link| from.is_none_or(|node| node == link.0) && to.is_none_or(|node| node == link.1))
        };
        let nodes = 0..case.nodes;
        seen(&dangling, nodes.clone().any(|node| has(None, Some(node)) && !has(Some(node), None)));
        seen(&isolates, nodes.clone().any(|node| !has(None, Some(node)) && !has(Some(node), None)));
        seen(&loops, case.links.iter().any(|link| link.0 == link.1));
        seen(&opposite, case.links.iter().any(|link| link.0 != link.1 && has(Some(link.1), Some(link.0))));
        check(&case);
    });
    for counter in [dangling, loops, isolates, opposite] {
        assert!(counter.get() >= 200, "too few cases with a special feature");
    }
}

/// Dense matrices of all rates of a walk.
struct Dense {
    flow: Vec<f64>,
    /// Flow from row to column along links.
    links: Vec<Vec<f64>>,
    /// Rate of teleporting from each node, and probability of landing on it.
    source: Vec<f64>,
    target: Vec<f64>,
}

impl Dense {
    /// Solves the equations of the walk by Gaussian elimination.
    fn new(case: &Case) -> Self {
        let nodes = case.nodes;
        let TeleportationOptions { probability, recorded, to_nodes } = case.teleportation;
        let mut weights = vec![vec![0.0; nodes]; nodes];
        for &(source, target, weight) in &case.links {
            weights[source][target] += weight;
        }
        let out: Vec<f64> = weights.iter().map(|row| row.iter().sum()).collect();
        let into: Vec<f64> = (0..nodes).map(|node| weights.iter().map(|row| row[node]).sum()).collect();
        let mut target =
            if to_nodes { case.node_weights.clone() } else { [out.clone(), into][usize::from(recorded)].clone() };
        let total: f64 = target.iter().sum();
        target.iter_mut().for_each(|target| *target /= total);

        let teleport = |node: usize| if out[node] == 0.0 { 1.0 } else { probability };
        let step = |from: usize, to: usize| if out[from] == 0.0 { 0.0 } else { weights[from][to] / out[from] };
        let visits =
            stationary(nodes, |from, to| teleport(from) * target[to] + (1.0 - teleport(from)) * step(from, to));

        let live: f64 = (0..nodes).filter(|&node| out[node] > 0.0).map(|node| visits[node]).sum();
        let rate = |from: usize, to: usize| {
            let factor = if recorded { 1.0 - probability } else { 1.0 / live };
            factor * visits[from] * step(from, to)
        };
        let links: Vec<Vec<f64>> = (0..nodes).map(|from| (0..nodes).map(|to| rate(from, to)).collect()).collect();
        let flow = if recorded {
            visits.clone()
        } else {
            (0..nodes).map(|node| links.iter().map(|row| row[node]).sum()).collect()
        };
        let source = (0..nodes).map(|node| if recorded { teleport(node) * visits[node] } else { 0.0 }).collect();
        Self { flow, links, source, target }
    }

    fn between(&self, from: usize, to: usize) -> f64 {
        self.links[from][to] + self.source[from] * self.target[to]
    }

    fn enter_and_exit(&self, set: &[usize]) -> (f64, f64) {
        let (mut enter, mut exit) = (0.0, 0.0);
        for &inside in set {
            for outside in (0..self.flow.len()).filter(|node| !set.contains(node)) {
                enter += self.between(outside, inside);
                exit += self.between(inside, outside);
            }
        }
        (enter, exit)
    }
}

/// Returns the visit rates π of a walk on `nodes` nodes with these transition probabilities.
pub fn stationary(nodes: usize, probability: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    // π = Pᵀ π with the last equation replaced by Σ π = 1; the last column is the right-hand side.
    let mut equations = vec![vec![0.0; nodes + 1]; nodes];
    for (to, equation) in equations.iter_mut().enumerate() {
        for (from, coefficient) in equation[..nodes].iter_mut().enumerate() {
            *coefficient = probability(from, to);
        }
        equation[to] -= 1.0;
    }
    equations[nodes - 1] = vec![1.0; nodes + 1];
    solve(equations)
}

fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let count = rows.len();
    for pivot in 0..count {
        let largest = (pivot..count).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs()));
        rows.swap(pivot, largest.expect("a row"));
        let above = rows[pivot].clone();
        for (number, row) in rows.iter_mut().enumerate().filter(|(number, _)| *number != pivot) {
            assert!(above[pivot] != 0.0, "row {number}: the equations have one solution");
            let factor = row[pivot] / above[pivot];
            row.iter_mut().zip(&above).for_each(|(element, above)| *element -= factor * above);
        }
    }
    (0..count).map(|row| rows[row][count] / rows[row][row]).collect()
}

/// Returns the nodes whose bit is set.
pub fn set(nodes: usize, bits: u32) -> Vec<usize> {
    (0..nodes).filter(|node| bits >> node & 1 == 1).collect()
}

#[test]
fn directed_flow_solves_its_equations() {
    law(|case| {
        let (flow, dense) = (case.flow(), Dense::new(case));
        assert_close(&flow.nodes.flow, &dense.flow, CLOSE);
        for a in 0..case.nodes {
            let node = flow.nodes.at(a);
            let (enter, exit) = dense.enter_and_exit(&[a]);
            assert_close(&[node.enter, node.exit, node.stay], &[enter, exit, dense.links[a][a]], CLOSE);
            assert_close(&[node.teleport_source], &[dense.source[a]], CLOSE);
            let target = if case.teleportation.recorded { dense.target[a] } else { 0.0 };
            assert_close(&[node.teleport_target], &[target], CLOSE);
            for b in (0..case.nodes).filter(|b| *b != a) {
                assert_close(&[coupling(&flow, a, b)], &[dense.links[a][b] + dense.links[b][a]], CLOSE);
            }
        }
    });
}

#[test]
fn couplings_give_enter_and_exit_flow_of_every_set() {
    law(|case| {
        let (flow, dense) = (case.flow(), Dense::new(case));
        for bits in [0b101, 0b1110, 0b1010101010101, 0b11001100110011, u32::MAX] {
            let set = set(case.nodes, bits);
            let ((enter, exit), expected) = (enter_and_exit(&flow, &set), dense.enter_and_exit(&set));
            assert_close(&[enter, exit], &[expected.0, expected.1], CLOSE);
        }
    });
}

#[test]
fn undirected_flow_is_in_proportion_to_the_weights() {
    law(|case| {
        let flow = case.undirected_flow();
        let mut weights = vec![vec![0.0; case.nodes]; case.nodes];
        for &(a, b, weight) in &case.links {
            weights[a][b] += weight;
            if a != b {
                weights[b][a] += weight;
            }
        }
        let strength: Vec<f64> = weights.iter().map(|row| row.iter().sum()).collect();
        let total: f64 = strength.iter().sum();
        for a in 0..case.nodes {
            let node = flow.nodes.at(a);
            let (stay, away) = (weights[a][a] / total, (strength[a] - weights[a][a]) / total);
            let rates = [node.flow, node.stay, node.exit, node.enter];
            assert_close(&rates, &[strength[a] / total, stay, away, away], 1e-14);
            for b in (0..case.nodes).filter(|b| *b != a) {
                assert_close(&[coupling(&flow, a, b)], &[2.0 * weights[a][b] / total], 1e-14);
            }
        }
        for bits in [0b101, 0b1110, u32::MAX] {
            let (enter, exit) = enter_and_exit(&flow, &set(case.nodes, bits));
            assert_close(&[enter], &[exit], 1e-14);
        }
    });
}

#[test]
fn flow_sums_to_one_and_only_isolated_nodes_may_have_none() {
    law(|case| {
        for flow in [case.flow(), case.undirected_flow()] {
            assert_close(&[flow.nodes.flow.iter().sum()], &[1.0], 1e-13);
            assert!(flow.nodes.flow.iter().all(|&flow| flow >= 0.0));
            let landing = case.teleportation.recorded && flow.nodes.teleportation.is_some();
            for node in 0..case.nodes {
                let entered = case.links.iter().any(|link| link.1 == node);
                let linked = entered || case.links.iter().any(|link| link.0 == node);
                if !landing && !linked {
                    assert_eq!(flow.nodes.flow[node], 0.0);
                }
                if entered {
                    assert!(flow.nodes.flow[node] > 0.0);
                }
            }
        }
    });
}

#[test]
fn couplings_are_symmetric_and_sorted_without_self_couplings() {
    law(|case| {
        for flow in [case.flow(), case.undirected_flow()] {
            let links = |rows: &Csr| rows.iter().collect::<Vec<_>>();
            assert_eq!(
                links(&flow.couplings.listed().transposed()),
                links(flow.couplings.listed()),
                "a transposed matrix is sorted"
            );
            assert!(flow.couplings.iter().all(|(a, b, _)| a != b));
            let pairs = |links: &[(usize, usize, f64)]| {
                let mut pairs: Vec<_> = links.iter().map(|link| (link.0.min(link.1), link.0.max(link.1))).collect();
                pairs.retain(|(a, b)| a != b);
                pairs.sort_unstable();
                pairs.dedup();
                pairs.len()
            };
            assert_eq!(flow.couplings.links(), 2 * pairs(&case.links));
        }
    });
}

#[test]
fn every_visit_ends_by_leaving_or_staying_when_all_steps_are_encoded() {
    law(|case| {
        let mut case = case.clone();
        case.teleportation.recorded = true;
        let flow = case.flow();
        assert!(flow.nodes.enter.is_none(), "balanced");
        for (node, visits) in (0..case.nodes).map(|node| (flow.nodes.at(node), flow.nodes.flow[node])) {
            let back = node.teleport_source * node.teleport_target;
            assert_close(&[node.exit + node.stay + back], &[visits], 1e-14);
        }
    });
}

#[test]
fn every_visit_begins_by_entering_or_staying_when_only_links_are_encoded() {
    law(|case| {
        let mut case = case.clone();
        case.teleportation.recorded = false;
        let flow = case.flow();
        let nodes = || (0..case.nodes).map(|node| flow.nodes.at(node));
        for node in nodes() {
            assert_close(&[node.enter + node.stay], &[node.flow], 1e-14);
        }
        assert_close(&[nodes().map(|node| node.exit + node.stay).sum()], &[1.0], 1e-13);
    });
}

#[test]
fn recording_teleportation_to_links_keeps_the_flow_of_the_nodes() {
    law(|case| {
        let mut case = case.clone();
        case.teleportation.to_nodes = false;
        case.teleportation.recorded = true;
        let recorded = case.flow();
        case.teleportation.recorded = false;
        assert_close(&case.flow().nodes.flow, &recorded.nodes.flow, CLOSE);
    });
}

#[test]
fn the_scale_of_the_weights_does_not_matter() {
    law(|case| {
        for factor in [1e-6, 3.0, 1e9] {
            let mut scaled = case.clone();
            scaled.links.iter_mut().for_each(|link| link.2 *= factor);
            same_up_to_order(&case.flow(), &scaled.flow(), |node| node);
            same_up_to_order(&case.undirected_flow(), &scaled.undirected_flow(), |node| node);
        }
    });
}

#[test]
fn relabelling_the_nodes_permutes_the_flow() {
    law(|case| {
        let reversed = |node: usize| case.nodes - 1 - node;
        let turned = case.reversed();
        same_up_to_order(&case.flow(), &turned.flow(), reversed);
        same_up_to_order(&case.undirected_flow(), &turned.undirected_flow(), reversed);
    });
}

pub fn same_up_to_order(one: &FlowNetwork, other: &FlowNetwork, order: impl Fn(usize) -> usize) {
    for node in 0..one.len() {
        let (a, b) = (one.nodes.at(node), other.nodes.at(order(node)));
        let rates = |node: mapeq_core::NodeFlow| {
            [node.flow, node.enter, node.exit, node.stay, node.teleport_source, node.teleport_target]
        };
        assert_close(&rates(a), &rates(b), CLOSE);
    }
    assert_eq!(one.couplings.links(), other.couplings.links());
    for (a, b, value) in one.couplings.iter() {
        assert_close(&[value], &[coupling(other, order(a), order(b))], CLOSE);
    }
}

#[test]
fn the_residual_bounds_the_error() {
    let worst = Cell::new(0.0);
    law(|case| {
        let dense = Dense::new(case);
        for sweeps in [1, 3, 9, 10, 20] {
            let options = FlowOptions { max_iterations: Some(sweeps), ..case.options() };
            let flow = flow(&case.network(Direction::Directed), &options);
            let error: f64 =
                flow.network.nodes.flow.iter().zip(&dense.flow).map(|(got, flow)| (got - flow).abs()).sum();
            assert!(error <= flow.report.residual + 1e-13, "error {error:e}, bound {:e}", flow.report.residual);
            worst.set(f64::max(worst.get(), error));
            if flow.report.converged {
                // At the limit of rounding the change is at most 1e-14.
                let rounding = 2e-14 / case.teleportation.probability;
                assert!(flow.report.residual <= f64::max(options.tolerance, rounding));
            }
        }
    });
    assert!(worst.get() > 1e-3, "some flow was far from converged");
}

#[test]
fn without_teleportation_an_irreducible_walk_is_stationary() {
    law(|case| {
        let mut case = case.clone();
        case.links.extend((0..case.nodes).map(|node| (node, (node + 1) % case.nodes, 1.0)));
        case.teleportation.probability = 0.0;
        let dense = Dense::new(&case);
        // The change of a sweep does not bound the error here, so the tolerance is larger.
        assert_close(&case.flow().nodes.flow, &dense.flow, 1e-8);
    });
}
