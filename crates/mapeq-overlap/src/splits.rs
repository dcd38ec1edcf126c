//! Solves the splits of all overlapping nodes together.
//!
//! The split of a node follows from the flow that reaches each of its copies without a change of
//! module. The part from nodes with one module is constant. The rest is a sum over copies of
//! overlapping nodes, times the flow of links: these rows are stored once and read in every sweep.

use std::collections::VecDeque;

use crate::memberships::{Memberships, position_of};
use crate::rule::Entry;
use crate::walk::Walk;

/// Upper bound on the mean number of times that an overlapping node is split. Ten times yield about
/// ten digits.
const MAX_SWEEPS: usize = 2000;

/// Flow between copies of two overlapping nodes in the same module.
struct StayingFlow {
    /// Number of the copy among those of its node.
    own: u32,
    /// Number of the source copy among all copies.
    source: u32,
    flow: f64,
}

/// The equations for the shares of all overlapping nodes.
#[derive(Default)]
struct Splits {
    nodes: Vec<u32>,
    /// Number of the first copy of each of these nodes.
    first: Vec<usize>,
    shares: Vec<f64>,
    /// Flow to each copy from nodes with its module alone.
    constant: Vec<f64>,
    /// Flow to each node.
    inflow: Vec<f64>,
    /// Start of each node's rows in `staying`.
    rows: Vec<usize>,
    staying: Vec<StayingFlow>,
    /// (node, node that depends on it, flow), as indices into `nodes`.
    dependencies: Vec<(u32, u32, f64)>,
    /// Start of each node's rows in `dependencies`.
    dependents: Vec<usize>,
}

/// Solves the splits by Gauss–Seidel iteration, until no copy's flow changes by more than
/// `tolerance`. After the first sweep, only nodes next to changed nodes are split again.
///
/// O(links of overlapping nodes · memberships), and less for each sweep.
pub(crate) fn solve(walk: &Walk, rule: Entry, memberships: &mut Memberships, tolerance: f64) {
    let mut splits = Splits::new(walk, memberships);
    splits.solve(walk.visits(), rule, tolerance);
    for (index, &node) in splits.nodes.iter().enumerate() {
        memberships.set_shares(node as usize, &splits.shares[splits.first[index]..splits.first[index + 1]]);
    }
}

impl Splits {
    fn new(walk: &Walk, memberships: &Memberships) -> Self {
        let mut splits = Self { first: vec![0], rows: vec![0], ..Self::default() };
        splits.nodes.extend((0..memberships.len()).filter(|&node| memberships.overlaps(node)).map(|node| node as u32));
        let mut number = vec![0u32; memberships.len()];
        for (index, &node) in splits.nodes.iter().enumerate() {
            number[node as usize] = index as u32;
            splits.shares.extend(memberships.of(node as usize).iter().map(|copy| copy.share));
            splits.first.push(splits.shares.len());
        }
        splits.constant.resize(splits.shares.len(), 0.0);
        let max_rows = splits.nodes.iter().map(|&node| walk.incoming().degree(node as usize)).sum();
        splits.staying.reserve(max_rows);
        splits.dependencies.reserve(max_rows);
        (0..splits.nodes.len()).for_each(|index| splits.add(walk, memberships, &number, index));
        // A stable sort by counting: dependents in the order of nodes.
        let mut dependents = vec![0usize; splits.nodes.len() + 2];
        splits.dependencies.iter().for_each(|&(node, ..)| dependents[node as usize + 2] += 1);
        (2..dependents.len()).for_each(|index| dependents[index] += dependents[index - 1]);
        let mut sorted = vec![(0, 0, 0.0); splits.dependencies.len()];
        for &row in &splits.dependencies {
            let next = &mut dependents[row.0 as usize + 1];
            sorted[*next] = row;
            *next += 1;
        }
        (splits.dependencies, splits.dependents) = (sorted, dependents);
        splits
    }

    /// Appends the rows of the node with index `index`.
    fn add(&mut self, walk: &Walk, memberships: &Memberships, number: &[u32], index: usize) {
        let node = self.nodes[index] as usize;
        let (own, first) = (memberships.of(node), self.first[index]);
        let mut inflow = 0.0;
        for (source, flow) in walk.incoming().row(node) {
            inflow += flow;
            let copies = memberships.of(source);
            if let [copy] = copies {
                if let Some(own) = position_of(own, copy.module) {
                    self.constant[first + own] += flow;
                }
                continue;
            }
            let (from, before) = (number[source], self.staying.len());
            let first = self.first[from as usize] as u32;
            for (copy, source) in copies.iter().zip(first..) {
                if let Some(own) = position_of(own, copy.module) {
                    self.staying.push(StayingFlow { own: own as u32, source, flow });
                }
            }
            if self.staying.len() > before {
                self.dependencies.push((from, index as u32, flow));
            }
        }
        self.inflow.push(inflow);
        self.rows.push(self.staying.len());
    }

    fn solve(&mut self, visits: &[f64], rule: Entry, tolerance: f64) {
        let mut queue: VecDeque<u32> = (0..self.nodes.len() as u32).collect();
        let mut waiting = vec![true; self.nodes.len()];
        let mut left = MAX_SWEEPS * queue.len();
        let mut staying = Vec::new();
        while let Some(index) = queue.pop_front() {
            let index = index as usize;
            waiting[index] = false;
            left = left.saturating_sub(1);
            let change = self.split(index, rule, &mut staying);
            if change * visits[self.nodes[index] as usize] <= tolerance || left == 0 {
                continue;
            }
            for &(_, other, flow) in &self.dependencies[self.dependents[index]..self.dependents[index + 1]] {
                if change * flow > tolerance && !std::mem::replace(&mut waiting[other as usize], true) {
                    queue.push_back(other);
                }
            }
        }
    }

    /// Splits a node by the shares of its neighbours. Returns the largest change of a share.
    fn split(&mut self, index: usize, rule: Entry, staying: &mut Vec<f64>) -> f64 {
        let own = self.first[index]..self.first[index + 1];
        staying.clear();
        staying.extend_from_slice(&self.constant[own.clone()]);
        for row in &self.staying[self.rows[index]..self.rows[index + 1]] {
            staying[row.own as usize] += self.shares[row.source as usize] * row.flow;
        }
        let all_staying = staying.iter().sum();
        let mut change: f64 = 0.0;
        for (share, &flow) in self.shares[own.clone()].iter_mut().zip(&*staying) {
            let new = rule.share(flow, all_staying, self.inflow[index], own.len());
            change = change.max((new - *share).abs());
            *share = new;
        }
        change
    }
}
