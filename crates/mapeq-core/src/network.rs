//! Networks: nodes and weighted links, duplicates summed.

use crate::csr::{Csr, InvalidLinks, accumulate, check};
use crate::ids::NodeIds;
use crate::link_values::LinkValues;
use crate::node_table::NodeTable;
use crate::states::States;

/// Whether a link and its opposite are the same link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `a b` and `b a` are one link; their weights add up.
    Undirected,
    /// `a b` and `b a` are two links.
    Directed,
}

/// Links in the order of the input, before duplicates are summed.
///
/// Weights take memory only from the first one that differs from 1. mapeq-io has a parallel
/// counterpart for reading files, because this crate does not depend on rayon.
#[derive(Clone, Debug, Default)]
pub struct LinkList {
    ends: Vec<(u32, u32)>,
    weights: Vec<f64>,
}

impl LinkList {
    /// Appends a link from node `source` to node `target`; `weight` must be finite and positive.
    pub fn push(&mut self, source: u32, target: u32, weight: f64) {
        debug_assert!(weight.is_finite() && weight > 0.0);
        if weight != 1.0 || !self.weights.is_empty() {
            self.weights.resize(self.ends.len(), 1.0);
            self.weights.push(weight);
        }
        self.ends.push((source, target));
    }

    /// Returns the number of links.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there is no link.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn weight(&self, link: usize) -> f64 {
        self.weights.get(link).copied().unwrap_or(1.0)
    }
}

impl Extend<(u32, u32, f64)> for LinkList {
    fn extend<I: IntoIterator<Item = (u32, u32, f64)>>(&mut self, links: I) {
        links.into_iter().for_each(|(source, target, weight)| self.push(source, target, weight));
    }
}

impl FromIterator<(u32, u32, f64)> for LinkList {
    fn from_iter<I: IntoIterator<Item = (u32, u32, f64)>>(links: I) -> Self {
        let mut list = Self::default();
        list.extend(links);
        list
    }
}

/// A network: nodes and weighted links, each link stored once.
///
/// Links are sorted by source, then by target, and duplicates are summed. An undirected network
/// stores every link in the row of its smaller end.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    nodes: NodeTable,
    links: Csr,
    direction: Direction,
}

impl Network {
    /// Creates a network of the nodes 0, 1, …, `nodes` − 1 from links (source, target, weight).
    ///
    /// The ids of the nodes are these numbers. Links of weight 0 are left out, and the weights of
    /// equal links are summed.
    pub fn from_links(
        direction: Direction,
        nodes: usize,
        links: impl IntoIterator<Item = (u32, u32, f64)>,
    ) -> Result<Self, InvalidLinks> {
        let mut list = LinkList::default();
        for (source, target, weight) in links {
            check((source.max(target) as usize) < nodes, "ends of links are nodes")?;
            check(weight >= 0.0 && weight.is_finite(), "weights are finite and not negative")?;
            if weight > 0.0 {
                list.push(source, target, weight);
            }
        }
        let nodes = NodeTable::new(NodeIds::Consecutive { first: 0, len: nodes });
        Self::new(nodes, list, direction).with_finite_weights()
    }

    /// Returns the network if all sums of weights are finite.
    pub(crate) fn with_finite_weights(self) -> Result<Self, InvalidLinks> {
        let are_finite = self.links.iter().all(|(_, _, weight)| weight.is_finite());
        check(are_finite, "the weights of equal links have a finite sum")?;
        Ok(self)
    }

    /// Creates a network from its nodes and a list of links between them.
    ///
    /// # Complexity
    /// O(nodes + links · log degree).
    ///
    /// # Panics
    /// If an end of a link is not a node. Also if a link joins nodes of the same kind in a
    /// bipartite network ([`NodeTable::first_feature`]).
    pub fn new(nodes: NodeTable, mut links: LinkList, direction: Direction) -> Self {
        if direction == Direction::Undirected {
            for (source, target) in &mut links.ends {
                if *source > *target {
                    std::mem::swap(source, target);
                }
            }
        }
        let links = sum_duplicates(nodes.len(), &links);
        assert!(joins_kinds(&nodes, &links), "links join nodes of different kinds");
        Self { nodes, links, direction }
    }

    /// Creates a network from rows in the form of [`links`](Self::links), such as those of another
    /// network.
    ///
    /// # Complexity
    /// O(nodes + links), without sorting.
    ///
    /// # Errors
    /// - If there is not one row per node.
    /// - If a row is not sorted, or has a target twice.
    /// - If a weight is not finite and positive.
    /// - If an undirected network stores a link at its larger end.
    /// - If a link joins nodes of the same kind in a bipartite network
    ///   ([`NodeTable::first_feature`]).
    ///
    /// ```
    /// use mapeq_core::{Csr, Direction, LinkValues, Network, NodeIds, NodeTable};
    ///
    /// let nodes = NodeTable::new(NodeIds::Consecutive { first: 1, len: 2 });
    /// let links = Csr::new([0, 1, 1].into(), [1].into(), LinkValues::Same(2.5));
    /// let network = Network::from_rows(nodes, links, Direction::Undirected)?;
    /// assert_eq!(network.links().iter().collect::<Vec<_>>(), [(0, 1, 2.5)]);
    /// # Ok::<(), mapeq_core::InvalidLinks>(())
    /// ```
    pub fn from_rows(nodes: NodeTable, mut links: Csr, direction: Direction) -> Result<Self, InvalidLinks> {
        if let LinkValues::ByEndpoint(_) = links.values() {
            let weights = links.iter().map(|(_, _, weight)| weight).collect();
            links = links.with_values(LinkValues::Each(weights));
        }
        check(links.rows() == nodes.len(), "there is one row per node")?;
        check(rows_ascend(&links), "rows are sorted by target and name no target twice")?;
        let valid = |weight: f64| weight > 0.0 && weight < f64::INFINITY;
        let weights_are_valid = match links.values() {
            LinkValues::Same(weight) => valid(*weight),
            LinkValues::Each(weights) => weights.iter().fold(true, |all, &weight| all & valid(weight)),
            LinkValues::ByEndpoint(_) => unreachable!("there is one weight per link now"),
        };
        check(weights_are_valid, "weights are finite and positive")?;
        if direction == Direction::Undirected {
            let targets = links.targets();
            let at_smaller_end = |row: usize| targets[links.range(row)].first().is_none_or(|&t| t as usize >= row);
            check((0..links.rows()).all(at_smaller_end), "undirected links are stored at their smaller end")?;
        }
        check(joins_kinds(&nodes, &links), "links of a bipartite network join nodes of different kinds")?;
        Ok(Self { nodes, links, direction })
    }

    /// Makes the nodes states of physical nodes.
    ///
    /// # Panics
    /// If some node has no physical node. Also if there are layers or names, and some node has
    /// none.
    pub fn with_states(mut self, states: States) -> Self {
        assert!(states.are_complete(self.nodes.len()), "every node is a state");
        self.nodes.names = None;
        self.nodes.states = Some(Box::new(states));
        self
    }

    /// Returns the nodes: ids, names, weights.
    pub fn nodes(&self) -> &NodeTable {
        &self.nodes
    }

    /// Returns the nodes and drops the links, which are rarely needed after the flow has been
    /// computed.
    pub fn into_nodes(self) -> NodeTable {
        self.nodes
    }

    /// Returns the stored links: row `u` holds the links from `u`, sorted by target.
    pub fn links(&self) -> &Csr {
        &self.links
    }

    /// Returns whether opposite links are the same link.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// Returns the nodes, the links and their direction, the arguments of
    /// [`from_rows`](Self::from_rows).
    pub fn into_parts(self) -> (NodeTable, Csr, Direction) {
        (self.nodes, self.links, self.direction)
    }

    /// Returns the number of self-links.
    pub fn self_links(&self) -> usize {
        (0..self.links.rows())
            .filter(|&row| self.links.targets()[self.links.range(row)].binary_search(&(row as u32)).is_ok())
            .count()
    }
}

/// Returns whether every link of a bipartite network joins a primary node and a feature.
fn joins_kinds(nodes: &NodeTable, links: &Csr) -> bool {
    let crosses = |(source, target, _)| nodes.is_feature(source) != nodes.is_feature(target);
    nodes.first_feature.is_none_or(|first| first as usize <= nodes.len() && links.iter().all(crosses))
}

/// Returns whether every row ascends strictly.
///
/// A row must start wherever the target array does not ascend, so two counts must be equal. The
/// long one is vectorized.
fn rows_ascend(links: &Csr) -> bool {
    let (targets, offsets) = (links.targets(), links.offsets());
    let breaks = |pair: &[u32]| pair[0] >= pair[1];
    // In blocks whose counts fit into the width of a target, so that vectors are as long as
    // possible.
    let all: usize = (0..targets.len().saturating_sub(1))
        .step_by(BLOCK)
        .map(|start| {
            let block = &targets[start..targets.len().min(start + BLOCK + 1)];
            block.windows(2).map(|pair| u32::from(breaks(pair))).sum::<u32>() as usize
        })
        .sum();
    let Some(last) = targets.len().checked_sub(1).filter(|&last| last > 0) else { return true };
    // An empty row starts where another one does. No branch depends on the links.
    let between_rows: usize = offsets
        .windows(2)
        .map(|pair| {
            let (start, place) = (pair[0], pair[0].clamp(1, last));
            let begins = (start == place) & (start < pair[1]);
            usize::from(begins & breaks(&targets[place - 1..=place]))
        })
        .sum();
    all == between_rows
}

/// Number of links in a block of [`rows_ascend`].
const BLOCK: usize = 1 << 12;

/// Returns rows sorted by target, with the weights of equal links summed in the order of the input.
fn sum_duplicates(nodes: usize, list: &LinkList) -> Csr {
    let mut offsets = vec![0usize; nodes + 1];
    for &(source, target) in &list.ends {
        assert!((target as usize) < nodes, "ends of links are nodes");
        offsets[source as usize + 1] += 1;
    }
    accumulate(&mut offsets);
    if list.weights.is_empty() { unweighted(offsets, list) } else { weighted(offsets, list) }
}

fn unweighted(mut offsets: Vec<usize>, list: &LinkList) -> Csr {
    let mut cursor = offsets.clone();
    let mut targets = vec![0u32; list.len()];
    for &(source, target) in &list.ends {
        let place = &mut cursor[source as usize];
        targets[*place] = target;
        *place += 1;
    }
    let rows = offsets.len() - 1;
    let mut repeated = false;
    for row in 0..rows {
        let row = &mut targets[offsets[row]..offsets[row + 1]];
        row.sort_unstable();
        repeated |= row.windows(2).any(|pair| pair[0] == pair[1]);
    }
    if !repeated {
        return Csr::new(offsets.into(), targets.into(), LinkValues::Same(1.0));
    }
    let mut weights = Vec::with_capacity(targets.len());
    let mut kept = 0;
    let mut start = 0;
    for row in 0..rows {
        let end = offsets[row + 1];
        let first = kept;
        for link in start..end {
            if kept > first && targets[kept - 1] == targets[link] {
                weights[kept - 1] += 1.0;
            } else {
                targets[kept] = targets[link];
                weights.push(1.0);
                kept += 1;
            }
        }
        start = end;
        offsets[row + 1] = kept;
    }
    targets.truncate(kept);
    Csr::new(offsets.into(), targets.into(), same_or_each(weights))
}

fn weighted(mut offsets: Vec<usize>, list: &LinkList) -> Csr {
    let mut cursor = offsets.clone();
    let mut links = vec![(0u32, 0.0f64); list.len()];
    for (link, &(source, target)) in list.ends.iter().enumerate() {
        let place = &mut cursor[source as usize];
        links[*place] = (target, list.weight(link));
        *place += 1;
    }
    let mut targets: Vec<u32> = Vec::with_capacity(links.len());
    let mut weights: Vec<f64> = Vec::with_capacity(links.len());
    let mut start = 0;
    for row in 0..offsets.len() - 1 {
        let end = offsets[row + 1];
        links[start..end].sort_by_key(|link| link.0);
        let first = targets.len();
        for &(target, weight) in &links[start..end] {
            if targets.len() > first && targets.last() == Some(&target) {
                *weights.last_mut().expect("as many weights as targets") += weight;
            } else {
                targets.push(target);
                weights.push(weight);
            }
        }
        start = end;
        offsets[row + 1] = targets.len();
    }
    Csr::new(offsets.into(), targets.into(), same_or_each(weights))
}

fn same_or_each(values: Vec<f64>) -> LinkValues {
    match values.first() {
        Some(&first) if values.iter().all(|&value| value == first) => LinkValues::Same(first),
        None => LinkValues::Same(1.0),
        _ => LinkValues::Each(values.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(links: &[(u32, u32, f64)], direction: Direction) -> Network {
        Network::from_links(direction, 3, links.iter().copied()).unwrap()
    }

    #[test]
    fn links_are_checked() {
        assert_eq!(network(&[(2, 0, 0.0), (0, 1, 1.0)], Direction::Directed).links().links(), 1);
        assert_eq!(network(&[], Direction::Directed).links().rows(), 3);
        let wrong: [&[(u32, u32, f64)]; 6] = [
            &[(0, 3, 1.0)],
            &[(3, 0, 1.0)],
            &[(0, 1, -1.0)],
            &[(0, 1, f64::NAN)],
            &[(0, 1, f64::INFINITY)],
            &[(0, 1, 1e308), (1, 0, 1e308)],
        ];
        for links in wrong {
            Network::from_links(Direction::Undirected, 3, links.iter().copied()).expect_err(&format!("{links:?}"));
        }
    }

    #[test]
    fn opposite_links_merge_only_in_undirected_networks() {
        let links = [(1, 0, 3.0), (0, 1, 4.0), (2, 1, 1.0)];
        let undirected = network(&links, Direction::Undirected);
        assert_eq!(undirected.links().iter().collect::<Vec<_>>(), [(0, 1, 7.0), (1, 2, 1.0)]);
        let directed = network(&links, Direction::Directed);
        assert_eq!(directed.links().iter().collect::<Vec<_>>(), [(0, 1, 4.0), (1, 0, 3.0), (2, 1, 1.0)]);
    }

    #[test]
    fn repeated_unweighted_links_become_weights() {
        let network = network(&[(0, 2, 1.0), (0, 1, 1.0), (0, 2, 1.0)], Direction::Directed);
        assert_eq!(network.links().iter().collect::<Vec<_>>(), [(0, 1, 1.0), (0, 2, 2.0)]);
        assert!(matches!(network.links().values(), LinkValues::Each(_)));
    }

    #[test]
    fn rows_are_checked() {
        let nodes = || NodeTable::new(NodeIds::Consecutive { first: 0, len: 3 });
        let check = |offsets: [usize; 4], targets: &[u32], values: LinkValues, direction| {
            let links = Csr::try_new(offsets.into(), targets.into(), values)?;
            Network::from_rows(nodes(), links, direction).map(|network| network.links().links())
        };
        let (directed, undirected, same) = (Direction::Directed, Direction::Undirected, LinkValues::Same(1.0));
        assert_eq!(check([0, 2, 3, 5], &[1, 2, 0, 0, 1], same.clone(), directed), Ok(5));
        assert_eq!(check([0, 2, 2, 3], &[0, 2, 2], same.clone(), undirected), Ok(3));
        assert_eq!(check([0, 0, 0, 0], &[], same.clone(), undirected), Ok(0));
        let wrong: [([usize; 4], &[u32], LinkValues, Direction); 9] = [
            ([1, 1, 1, 1], &[0], same.clone(), directed),
            ([0, 1, 0, 1], &[0], same.clone(), directed),
            ([0, 0, 0, 2], &[0], same.clone(), directed),
            ([0, 0, 0, 1], &[3], same.clone(), directed),
            ([0, 0, 2, 2], &[2, 1], same.clone(), directed),
            ([0, 1, 3, 3], &[0, 1, 1], same.clone(), directed),
            ([0, 0, 0, 1], &[1], same, undirected),
            ([0, 1, 1, 1], &[1], LinkValues::Same(f64::NAN), directed),
            ([0, 2, 2, 2], &[0, 1], LinkValues::Each([1.0, 0.0].into()), directed),
        ];
        for (offsets, targets, values, direction) in wrong {
            check(offsets, targets, values, direction).expect_err(&format!("{offsets:?} {targets:?}"));
        }
    }

    #[test]
    fn links_of_bipartite_networks_join_the_kinds() {
        let nodes = |first_feature| NodeTable {
            first_feature: Some(first_feature),
            ..NodeTable::new(NodeIds::Consecutive { first: 0, len: 3 })
        };
        let rows = || Csr::new([0, 1, 2, 2].into(), [2, 2].into(), LinkValues::Same(1.0));
        for (first_feature, fits) in [(0, false), (1, false), (2, true), (3, false)] {
            let network = Network::from_rows(nodes(first_feature), rows(), Direction::Undirected);
            assert_eq!(network.is_ok(), fits, "features from {first_feature}");
        }
    }

    #[test]
    fn unweighted_links_need_no_values() {
        let network = network(&[(0, 2, 1.0), (0, 1, 1.0)], Direction::Directed);
        assert_eq!(network.links().values(), &LinkValues::Same(1.0));
    }
}
