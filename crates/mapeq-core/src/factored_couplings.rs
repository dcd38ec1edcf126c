//! Couplings as the product of two sparse matrices, without a list of pairs.
//!
//! A *pool* is an inner index of the product: nodes pour flow into pools, and links lead from pools
//! to nodes.

use std::ops::Range;

use crate::csr::Csr;
use crate::link_values::LinkValues;

/// Couplings factored by pools.
///
/// Node u pours flow at its rate a_u into each pool in its reach. A link of weight w from such a
/// pool to node v couples u and v by a_u · w. The coupling of a pair is the sum over all such
/// paths.
///
/// In a multilayer network, the states of one physical node pour into the same pools. The links of
/// all these states drain the pools (De Domenico, Lancichinetti, Arenas & Rosvall, Physical Review
/// X 2015, doi:10.1103/PhysRevX.5.011027). If every node has L states, an explicit list needs L²
/// times the links between nodes. The factored form needs L times as many.
///
/// Each node has a *place*. The nodes that pour into one pool have consecutive places, and the
/// pools in reach of a node are consecutive too.
///
/// Memory: 32 bytes per node, 16 per pool; 8 per link, or 24 with weights.
#[derive(Clone, Debug, PartialEq)]
pub struct FactoredCouplings {
    /// Node at each place.
    node: Box<[u32]>,
    /// Place of each node.
    place: Box<[u32]>,
    /// Flow per step that the node at a place pours, per unit of link weight.
    rate: Box<[f64]>,
    /// Pools in reach of each place.
    reach: Box<[Span]>,
    /// Places that have each pool in their reach.
    reached: Box<[Span]>,
    /// Links from pools to nodes.
    out: Csr,
    /// Transpose of `out`: the pools with a link to each node.
    into: Csr,
    links: usize,
}

/// A range of consecutive places or pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first index.
    pub start: u32,
    /// One past the last index.
    pub end: u32,
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start as u32, end: range.end as u32 }
    }
}

impl Span {
    /// Returns the span as a range of indices.
    #[inline(always)]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl FactoredCouplings {
    /// Creates couplings from the node at each place, its rate and the pools in its reach.
    ///
    /// `out` has the links from each pool to nodes ([`Csr::rectangular`]). Couplings of a node to
    /// itself are left out of its row.
    ///
    /// # Complexity
    /// O(nodes + pools + links).
    ///
    /// # Panics
    /// - If some node has no place, or some place has no rate or reach.
    /// - If a span is not one of pools, or spans do not ascend with the places.
    /// - If a link does not lead to a node.
    /// - If the weights of links are [`LinkValues::ByEndpoint`].
    pub fn new(node: Box<[u32]>, rate: Box<[f64]>, reach: Box<[Span]>, out: Csr) -> Self {
        assert!(node.len() == rate.len() && node.len() == reach.len(), "a rate and a span for each place");
        assert!(reach.is_sorted_by(|a, b| a.start <= b.start && a.end <= b.end), "spans in the order of the places");
        assert!(reach.iter().all(|span| span.start <= span.end && span.end as usize <= out.rows()), "spans of pools");
        assert!(out.targets().iter().all(|&target| (target as usize) < node.len()), "links to nodes");
        assert!(!matches!(out.values(), LinkValues::ByEndpoint(_)), "a weight for each link, or one for all");
        let mut place = vec![u32::MAX; node.len()];
        for (own, &node) in node.iter().enumerate() {
            place[node as usize] = own as u32;
        }
        assert!(!place.contains(&u32::MAX), "a place for every node");
        // Starts and ends of spans ascend: earlier places end before the pool, later places start
        // behind it.
        let (mut first, mut behind) = (0, 0);
        let reached = (0..out.rows() as u32).map(|pool| {
            first += reach[first..].iter().take_while(|span| span.end <= pool).count();
            behind += reach[behind..].iter().take_while(|span| span.start <= pool).count();
            Span::from(first..behind.max(first))
        });
        let reached = reached.collect();
        let into = out.transposed_rectangular(node.len());
        let mut pools = Self { node, place: place.into(), rate, reach, reached, out, into, links: 0 };
        pools.links = (0..pools.nodes()).map(|node| pools.degree(node)).sum();
        pools
    }

    /// Returns the number of nodes.
    pub fn nodes(&self) -> usize {
        self.node.len()
    }

    /// Returns the links out of the pools that the node at `place` pours into.
    #[inline(always)]
    fn links_in_reach(&self, place: usize) -> Range<usize> {
        let pools = self.reach[place].range();
        self.out.offsets()[pools.start]..self.out.offsets()[pools.end]
    }

    /// Returns an upper bound on the length of the row of `node`: its entries, and those of
    /// self-couplings.
    ///
    /// # Complexity
    /// O(links into the node).
    pub fn degree(&self, node: usize) -> usize {
        let pools = &self.into.targets()[self.into.range(node)];
        let receives: usize = pools.iter().map(|&pool| self.reached[pool as usize].range().len()).sum();
        self.links_in_reach(self.place[node] as usize).len() + receives
    }

    /// Returns the sum of [`degree`](Self::degree) over all nodes.
    pub fn links(&self) -> usize {
        self.links
    }

    /// Iterates over the other nodes that `node` is coupled to, with the couplings.
    ///
    /// A node may come several times; its coupling is the sum. `for_each` is faster than a loop.
    #[inline]
    pub fn row(&self, node: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let place = self.place[node] as usize;
        let rate = self.rate[place];
        let pours = self.links_in_reach(place).map(move |link| {
            let other = self.out.targets()[link] as usize;
            (other, rate * self.out.values().at(0, other, link))
        });
        let receives = self.into.row(node).flat_map(move |(pool, weight)| {
            let places = self.reached[pool].range();
            self.node[places.clone()]
                .iter()
                .zip(&self.rate[places])
                .map(move |(&other, rate)| (other as usize, rate * weight))
        });
        pours.chain(receives).filter(move |&(other, _)| other != node)
    }

    /// Returns the couplings among the given nodes, renumbered in the given order.
    ///
    /// `position` is the new number of each given node, and [`u32::MAX`] for all others.
    ///
    /// # Complexity
    /// O(nodes · log nodes + links out of the pools in their reach).
    ///
    /// # Panics
    /// If the positions are not those of the given nodes.
    pub fn restrict(&self, nodes: &[u32], position: &[u32]) -> Self {
        let mut places: Vec<u32> = nodes.iter().map(|&node| self.place[node as usize]).collect();
        places.sort_unstable();
        let weighted = matches!(self.out.values(), LinkValues::Each(_));
        let (mut offsets, mut targets, mut weights) = (vec![0], Vec::new(), Vec::new());
        // New pools so far, and the end of their old numbers. The last new pools are consecutive
        // old ones.
        let (mut pools, mut old_end) = (0, 0);
        let mut reach = Vec::with_capacity(places.len());
        for &place in &places {
            let Span { start, end } = self.reach[place as usize];
            for pool in start.max(old_end)..end {
                for link in self.out.range(pool as usize) {
                    let target = self.out.targets()[link] as usize;
                    if position[target] != u32::MAX {
                        targets.push(position[target]);
                        if weighted {
                            weights.push(self.out.values().at(pool as usize, target, link));
                        }
                    }
                }
                offsets.push(targets.len());
                pools += 1;
            }
            old_end = old_end.max(end);
            let own_end = pools - (old_end - end);
            reach.push(Span { start: own_end - (end - start), end: own_end });
        }
        let values = match self.out.values() {
            LinkValues::Same(weight) => LinkValues::Same(*weight),
            _ => LinkValues::Each(weights.into()),
        };
        let node = places.iter().map(|&place| position[self.node[place as usize] as usize]).collect();
        let rate = places.iter().map(|&place| self.rate[place as usize]).collect();
        let out = Csr::rectangular(offsets.into(), targets.into(), nodes.len(), values);
        Self::new(node, rate, reach.into(), out)
    }

    /// Multiplies every coupling by `factor`.
    ///
    /// # Complexity
    /// O(nodes).
    pub fn scaled(mut self, factor: f64) -> Self {
        self.rate.iter_mut().for_each(|rate| *rate *= factor);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYERS: u32 = 3;
    const GROUPS: u32 = 4;

    /// Four groups of three places. Each place pours into the pools of its group at a distance of
    /// at most `far`.
    ///
    /// Node numbers are shuffled, and no link leaves the last pool.
    fn pools(far: u32, weighted: bool) -> FactoredCouplings {
        let nodes = LAYERS * GROUPS;
        let node: Box<[u32]> = (0..nodes).map(|place| place * 5 % nodes).collect();
        let rate = (0..nodes).map(|place| f64::from(1 + place * place % 7) / 8.0).collect();
        let reach = (0..nodes).map(|place| {
            let (group, layer) = (place / LAYERS * LAYERS, place % LAYERS);
            Span { start: group + layer.saturating_sub(far), end: group + LAYERS.min(layer + far + 1) }
        });
        let rows: Vec<Vec<u32>> = (0..nodes)
            .map(|pool| (0..nodes).filter(|other| (pool * 3 + other * other) % 4 == 0 && pool + 1 < nodes).collect())
            .collect();
        let mut offsets = vec![0];
        offsets.extend(rows.iter().scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        }));
        let targets: Box<[u32]> = rows.concat().into();
        let values = match weighted {
            true => LinkValues::Each((0..targets.len()).map(|link| (1 + link % 5) as f64).collect()),
            false => LinkValues::Same(2.0),
        };
        FactoredCouplings::new(node, rate, reach.collect(), Csr::new(offsets.into(), targets, values))
    }

    fn all() -> impl Iterator<Item = FactoredCouplings> {
        [(0, false), (1, true), (2, false), (2, true)].into_iter().map(|(far, weighted)| pools(far, weighted))
    }

    /// Returns the coupling of every pair of nodes.
    fn matrix(pools: &FactoredCouplings) -> Vec<Vec<f64>> {
        let nodes = pools.nodes();
        let mut matrix = vec![vec![0.0; nodes]; nodes];
        for (node, row) in matrix.iter_mut().enumerate() {
            assert!(pools.row(node).count() <= pools.degree(node));
            pools.row(node).for_each(|(other, coupling)| row[other] += coupling);
        }
        matrix
    }

    /// By definition, every node pours into every pool in its reach, and all links drain the pool.
    #[test]
    fn rows_are_paths_out_of_a_node_and_into_it() {
        for pools in all() {
            let nodes = pools.nodes();
            let mut expected = vec![vec![0.0; nodes]; nodes];
            for (place, span) in pools.reach.iter().enumerate() {
                let node = pools.node[place] as usize;
                for pool in span.range() {
                    for (other, weight) in pools.out.row(pool).filter(|&(other, _)| other != node) {
                        expected[node][other] += pools.rate[place] * weight;
                        expected[other][node] += pools.rate[place] * weight;
                    }
                }
            }
            let found = matrix(&pools);
            assert!(found.concat().iter().filter(|coupling| **coupling > 0.0).count() > 40);
            for (found, expected) in found.concat().iter().zip(expected.concat()) {
                assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
            }
            assert!(pools.links() >= found.concat().iter().filter(|coupling| **coupling > 0.0).count());
            let twice = matrix(&pools.scaled(2.0)).concat();
            assert!(twice.iter().zip(expected.concat()).all(|(twice, once)| (twice - 2.0 * once).abs() < 1e-12));
        }
    }

    /// Holds for any nodes in any order, and for a part of a part.
    #[test]
    fn parts_keep_their_couplings() {
        for pools in all() {
            let whole = matrix(&pools);
            for chosen in [&[7, 2, 3, 11, 0, 8][..], &[5], &[], &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]] {
                let position = |nodes: usize, chosen: &[u32]| {
                    let mut position = vec![u32::MAX; nodes];
                    chosen.iter().enumerate().for_each(|(new, &node)| position[node as usize] = new as u32);
                    position
                };
                let part = pools.restrict(chosen, &position(pools.nodes(), chosen));
                let again: Vec<u32> = (0..chosen.len() as u32).step_by(2).collect();
                let of_part = part.restrict(&again, &position(chosen.len(), &again));
                let check = |found: &FactoredCouplings, given: &[u32]| {
                    for (row, &a) in matrix(found).iter().zip(given) {
                        for (found, &b) in row.iter().zip(given) {
                            assert!((found - whole[a as usize][b as usize]).abs() < 1e-12);
                        }
                    }
                };
                check(&part, chosen);
                check(&of_part, &again.iter().map(|&place| chosen[place as usize]).collect::<Vec<_>>());
            }
        }
    }
}
