//! Observed paths, and the higher-order state networks made from them.
//!
//! At order k, a state is a sequence of k consecutive nodes of a path. It is a state of the last
//! node, and links to the state one step later on the path. At order 1, states are nodes.
//!
//! Rosvall, Esquivel, Lancichinetti, West & Lambiotte, Nature Communications 2014,
//! doi:10.1038/ncomms5630.

use std::ops::Range;

use crate::csr::InvalidLinks;
use crate::ids::{IdTable, NodeIds, StringTable};
use crate::network::{Direction, LinkList, Network};
use crate::node_table::NodeTable;
use crate::states::States;

/// Observed paths: the nodes that each visits, in order, and its weight.
///
/// Memory: 4 bytes per visit, 16 per path.
#[derive(Clone, Debug, PartialEq)]
pub struct Paths {
    nodes: IdTable,
    visits: Vec<u32>,
    ends: Vec<usize>,
    weights: Vec<f64>,
}

/// States that paths visit at some order, numbered in lexicographic order of their nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct PathStates {
    order: usize,
    /// State of each visit, or [`NONE`] if too few nodes precede it.
    of_visit: Vec<u32>,
    /// First visit of each state.
    visit: Vec<usize>,
}

/// No state: the path has not visited enough nodes.
const NONE: u32 = u32::MAX;

impl Paths {
    /// Creates an empty list of paths between these nodes.
    pub fn new(nodes: IdTable) -> Self {
        Self { nodes, visits: Vec::new(), ends: Vec::new(), weights: Vec::new() }
    }

    /// Appends a path; `weight` must be finite and positive.
    ///
    /// # Panics
    /// If the path visits a node that is not in the table.
    pub fn push(&mut self, visits: impl IntoIterator<Item = u32>, weight: f64) {
        debug_assert!(weight.is_finite() && weight > 0.0);
        let start = self.visits.len();
        self.visits.extend(visits);
        assert!(self.visits[start..].iter().all(|&node| (node as usize) < self.nodes.len()), "paths visit nodes");
        self.ends.push(self.visits.len());
        self.weights.push(weight);
    }

    /// Returns the nodes that paths may visit.
    pub fn nodes(&self) -> &IdTable {
        &self.nodes
    }

    /// Returns the number of paths.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there is no path.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns the nodes that a path visits.
    pub fn path(&self, path: usize) -> &[u32] {
        &self.visits[self.range(path)]
    }

    /// Returns the weight of a path.
    pub fn weight(&self, path: usize) -> f64 {
        self.weights[path]
    }

    fn range(&self, path: usize) -> Range<usize> {
        let start = if path == 0 { 0 } else { self.ends[path - 1] };
        start..self.ends[path]
    }

    /// Returns the states at `order`, which is at least 1.
    ///
    /// # Complexity
    /// O(order · visits · log states).
    pub fn states(&self, order: usize) -> PathStates {
        let mut of_visit = vec![NONE; self.visits.len()];
        let mut visit = Vec::new();
        for length in 1..=order.max(1) {
            // The state of the previous visit, extended by the node of this visit.
            let key = |at: usize, first: usize| match (length, at > first) {
                (1, _) => Some(u64::from(self.visits[at])),
                (_, true) if of_visit[at - 1] != NONE => {
                    Some(u64::from(of_visit[at - 1]) << 32 | u64::from(self.visits[at]))
                }
                _ => None,
            };
            let visits =
                || (0..self.len()).flat_map(|path| self.range(path).map(move |at| (at, self.range(path).start)));
            let mut known: Vec<u64> = visits().filter_map(|(at, first)| key(at, first)).collect();
            known.sort_unstable();
            known.dedup();
            visit = vec![usize::MAX; known.len()];
            let mut next = vec![NONE; self.visits.len()];
            for (at, first) in visits() {
                let Some(key) = key(at, first) else { continue };
                let state = known.binary_search(&key).expect("one of the keys");
                next[at] = state as u32;
                visit[state] = visit[state].min(at);
            }
            of_visit = next;
        }
        PathStates { order: order.max(1), of_visit, visit }
    }

    /// Iterates over the steps of all paths that leave a state of `states`.
    pub fn steps<'a>(&'a self, states: &'a PathStates) -> impl Iterator<Item = PathStep> + 'a {
        (0..self.len()).flat_map(move |path| {
            self.range(path).skip(1).filter(move |&at| states.of_visit[at - 1] != NONE).map(move |at| PathStep {
                path,
                state: states.of_visit[at - 1],
                next_node: self.visits[at],
                next_state: states.of_visit[at],
            })
        })
    }

    /// Returns the nodes of a state. Its physical node is the last one.
    pub fn nodes_of(&self, states: &PathStates, state: usize) -> &[u32] {
        let last = states.visit[state];
        &self.visits[last + 1 - states.order..=last]
    }

    /// Returns the state network, with a link for every step.
    ///
    /// The name of a state consists of the ids of its nodes. Physical nodes without states are left
    /// out. At order 1, it is an ordinary network of the nodes. `self_links` keeps steps from a
    /// state to itself.
    ///
    /// # Complexity
    /// O(visits + links · log degree).
    ///
    /// # Errors
    /// If the sum of the weights of a link is not finite.
    pub fn network(
        &self,
        states: &PathStates,
        direction: Direction,
        self_links: bool,
    ) -> Result<Network, InvalidLinks> {
        let mut links = LinkList::default();
        for step in self.steps(states).filter(|step| self_links || step.state != step.next_state) {
            links.push(step.state, step.next_state, self.weight(step.path));
        }
        let (physical_nodes, physical) = self.physical(states);
        if states.order == 1 {
            Network::new(physical_nodes.into(), links, direction)
        } else {
            let nodes = NodeTable::new(NodeIds::Consecutive { first: 0, len: states.len() });
            let mut names = StringTable::default();
            for state in 0..states.len() {
                let ids = self.nodes_of(states, state).iter().map(|&node| self.nodes.ids.text(node as usize));
                names.push(&ids.collect::<Vec<_>>().join(" "));
            }
            let states = States { physical_nodes, physical: physical.into(), layers: None, names: Some(names) };
            Network::new(nodes, links, direction).with_states(states)
        }
        .with_finite_weights()
    }

    /// Returns the nodes with states, and for each state the index of its node among them.
    fn physical(&self, states: &PathStates) -> (IdTable, Vec<u32>) {
        let last: Vec<u32> = states.visit.iter().map(|&visit| self.visits[visit]).collect();
        let mut nodes = last.clone();
        nodes.sort_unstable();
        nodes.dedup();
        let number = |node: &u32| nodes.binary_search(node).expect("one of the nodes") as u32;
        let physical = last.iter().map(number).collect();
        if nodes.len() == self.nodes.len() {
            return (self.nodes.clone(), physical);
        }
        let ids = match &self.nodes.ids {
            NodeIds::Strings(ids) => NodeIds::Strings(nodes.iter().map(|&node| ids.at(node as usize)).collect()),
            ids => NodeIds::ascending(nodes.iter().filter_map(|&node| ids.number(node as usize)).collect()),
        };
        let names = self.nodes.names.as_ref();
        let names = names.map(|names| nodes.iter().map(|&node| names.at(node as usize)).collect());
        (IdTable { ids, names }, physical)
    }
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// Index of the path.
    pub path: usize,
    /// State that the step leaves.
    pub state: u32,
    /// Node that the step leads to.
    pub next_node: u32,
    /// State that the step leads to.
    pub next_state: u32,
}

impl PathStates {
    /// Returns the number of nodes of a state, including its physical node.
    pub fn order(&self) -> usize {
        self.order
    }

    /// Returns the number of states.
    pub fn len(&self) -> usize {
        self.visit.len()
    }

    /// Returns whether no path is long enough for a state.
    pub fn is_empty(&self) -> bool {
        self.visit.is_empty()
    }

    /// Returns for each state its suffix in `shorter`, the states of these paths at a lower order.
    ///
    /// # Panics
    /// If `shorter` has a higher order, or states of other paths.
    pub fn forgetting(&self, shorter: &Self) -> Vec<u32> {
        assert!(shorter.order <= self.order, "only a shorter memory forgets");
        self.visit.iter().map(|&visit| shorter.of_visit[visit]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(rows: &[(&[u32], f64)]) -> Paths {
        let mut paths = Paths::new(IdTable::new(NodeIds::Consecutive { first: 10, len: 4 }));
        rows.iter().for_each(|(visits, weight)| paths.push(visits.iter().copied(), *weight));
        paths
    }

    #[test]
    fn states_are_the_last_nodes_of_a_walk() {
        let paths = paths(&[(&[0, 1, 2, 1, 2], 2.0), (&[3, 1, 2], 1.0), (&[3], 5.0)]);
        let states = paths.states(2);
        let nodes: Vec<&[u32]> = (0..states.len()).map(|state| paths.nodes_of(&states, state)).collect();
        assert_eq!(nodes, [[0, 1], [1, 2], [2, 1], [3, 1]]);
        let network = paths.network(&states, Direction::Directed, true).unwrap();
        assert_eq!(network.links().iter().collect::<Vec<_>>(), [(0, 1, 2.0), (1, 2, 2.0), (2, 1, 2.0), (3, 1, 1.0)]);
        let of = network.nodes().states.as_ref().unwrap();
        assert_eq!((of.names.as_ref().unwrap().at(3), &*of.physical), ("13 11", &[0, 1, 0, 0][..]));
        assert_eq!(of.physical_nodes.ids, NodeIds::Consecutive { first: 11, len: 2 });
        let third = paths.states(3);
        assert_eq!(third.forgetting(&states), [1, 2, 1, 1]);
        assert_eq!(third.forgetting(&third), [0, 1, 2, 3]);
        assert!(paths.states(6).is_empty());
    }

    #[test]
    fn at_order_one_states_are_nodes() {
        let paths = paths(&[(&[0, 0, 2], 2.0), (&[0, 2], 1.0), (&[1], 1.0), (&[3], 1.0)]);
        let states = paths.states(1);
        let network = paths.network(&states, Direction::Directed, true).unwrap();
        assert_eq!(network.links().iter().collect::<Vec<_>>(), [(0, 0, 2.0), (0, 2, 3.0)]);
        assert_eq!(network.nodes(), &NodeTable::from(paths.nodes().clone()));
        assert_eq!(paths.network(&states, Direction::Directed, false).unwrap().links().links(), 1);
    }

    #[test]
    fn infinite_sums_are_rejected() {
        let paths = paths(&[(&[0, 1], 1e308), (&[0, 1], 1e308)]);
        assert!(paths.network(&paths.states(1), Direction::Directed, true).is_err());
    }
}
