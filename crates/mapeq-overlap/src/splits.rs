//! The splits of all overlapping nodes, solved together.
//!
//! Of the flow that reaches a copy of an overlapping node without changing module, what comes from nodes with one module is known.
//! The rest is a sum over copies of overlapping nodes, times the flow of links: rows that are gone through again and again.

use std::collections::VecDeque;

use crate::members::{Members, place_of};
use crate::rule::Entry;
use crate::walk::Walk;

/// Every overlapping node is split so many times at most, on average. Ten times gain about ten digits.
const MOST_SWEEPS: usize = 2000;

/// Flow between two overlapping nodes that share a module: from the copy numbered `source` to the copy numbered `own` of its node.
struct Staying {
    own: u32,
    source: u32,
    flow: f64,
}

/// What the splits of overlapping nodes depend on.
#[derive(Default)]
struct Splits {
    nodes: Vec<u32>,
    /// Where the copies of each of these nodes begin in what follows.
    first: Vec<usize>,
    shares: Vec<f64>,
    /// What comes to each copy from nodes with its module alone.
    known: Vec<f64>,
    /// What comes to each node, from wherever.
    inflow: Vec<f64>,
    /// Where the rows of each node begin in `staying`.
    rows: Vec<usize>,
    staying: Vec<Staying>,
    /// (node, node that depends on it, flow), by their places in `nodes`.
    depending: Vec<(u32, u32, f64)>,
    /// Where the rows of each node begin in `depending`.
    dependents: Vec<usize>,
}

/// Gauss–Seidel over the overlapping nodes, and again over those beside nodes whose shares have changed, until no copy's flow changes
/// by more than `exact` any more. O(links of overlapping nodes · memberships), and less for each sweep.
pub(crate) fn solve(walk: &Walk, rule: Entry, members: &mut Members, exact: f64) {
    let mut splits = Splits::new(walk, members);
    splits.solve(walk.visits(), rule, exact);
    for (place, &node) in splits.nodes.iter().enumerate() {
        members.set_shares(node as usize, &splits.shares[splits.first[place]..splits.first[place + 1]]);
    }
}

impl Splits {
    fn new(walk: &Walk, members: &Members) -> Self {
        let mut splits = Self { first: vec![0], rows: vec![0], ..Self::default() };
        splits.nodes.extend((0..members.len()).filter(|&node| members.overlaps(node)).map(|node| node as u32));
        let mut number = vec![0u32; members.len()];
        for (place, &node) in splits.nodes.iter().enumerate() {
            number[node as usize] = place as u32;
            splits.shares.extend(members.of(node as usize).iter().map(|copy| copy.share));
            splits.first.push(splits.shares.len());
        }
        splits.known.resize(splits.shares.len(), 0.0);
        let most = splits.nodes.iter().map(|&node| walk.incoming().degree(node as usize)).sum();
        splits.staying.reserve(most);
        splits.depending.reserve(most);
        (0..splits.nodes.len()).for_each(|place| splits.add(walk, members, &number, place));
        // A stable sort by counting: dependents in the order of nodes.
        let mut dependents = vec![0usize; splits.nodes.len() + 2];
        splits.depending.iter().for_each(|&(node, ..)| dependents[node as usize + 2] += 1);
        (2..dependents.len()).for_each(|place| dependents[place] += dependents[place - 1]);
        let mut sorted = vec![(0, 0, 0.0); splits.depending.len()];
        for &row in &splits.depending {
            let next = &mut dependents[row.0 as usize + 1];
            sorted[*next] = row;
            *next += 1;
        }
        (splits.depending, splits.dependents) = (sorted, dependents);
        splits
    }

    /// The rows of the next node.
    fn add(&mut self, walk: &Walk, members: &Members, number: &[u32], place: usize) {
        let node = self.nodes[place] as usize;
        let (own, first) = (members.of(node), self.first[place]);
        let mut inflow = 0.0;
        for (source, flow) in walk.incoming().row(node) {
            inflow += flow;
            let copies = members.of(source);
            if let [copy] = copies {
                if let Some(place) = place_of(own, copy.module) {
                    self.known[first + place] += flow;
                }
                continue;
            }
            let (from, before) = (number[source], self.staying.len());
            let first = self.first[from as usize] as u32;
            for (copy, source) in copies.iter().zip(first..) {
                if let Some(own) = place_of(own, copy.module) {
                    self.staying.push(Staying { own: own as u32, source, flow });
                }
            }
            if self.staying.len() > before {
                self.depending.push((from, place as u32, flow));
            }
        }
        self.inflow.push(inflow);
        self.rows.push(self.staying.len());
    }

    fn solve(&mut self, visits: &[f64], rule: Entry, exact: f64) {
        let mut queue: VecDeque<u32> = (0..self.nodes.len() as u32).collect();
        let mut waiting = vec![true; self.nodes.len()];
        let mut left = MOST_SWEEPS * queue.len();
        let mut staying = Vec::new();
        while let Some(place) = queue.pop_front() {
            let place = place as usize;
            waiting[place] = false;
            left = left.saturating_sub(1);
            let change = self.split(place, rule, &mut staying);
            if change * visits[self.nodes[place] as usize] <= exact || left == 0 {
                continue;
            }
            for &(_, other, flow) in &self.depending[self.dependents[place]..self.dependents[place + 1]] {
                if change * flow > exact && !std::mem::replace(&mut waiting[other as usize], true) {
                    queue.push_back(other);
                }
            }
        }
    }

    /// Splits a node as its neighbours are; tells how much the share that differs most differs from what it was.
    fn split(&mut self, place: usize, rule: Entry, staying: &mut Vec<f64>) -> f64 {
        let own = self.first[place]..self.first[place + 1];
        staying.clear();
        staying.extend_from_slice(&self.known[own.clone()]);
        for row in &self.staying[self.rows[place]..self.rows[place + 1]] {
            staying[row.own as usize] += self.shares[row.source as usize] * row.flow;
        }
        let all_staying = staying.iter().sum();
        let mut change: f64 = 0.0;
        for (share, &flow) in self.shares[own.clone()].iter_mut().zip(&*staying) {
            let new = rule.share(flow, all_staying, self.inflow[place], own.len());
            change = change.max((new - *share).abs());
            *share = new;
        }
        change
    }
}
