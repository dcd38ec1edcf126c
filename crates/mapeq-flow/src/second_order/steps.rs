//! Steps of a second-order walk, enumerated node by node.

use mapeq_core::{Csr, LinkValues};

use super::WalkBias;
use crate::error::FlowError;
use crate::weights;

/// Above this ratio of lengths, common elements of two rows are found by binary search in the
/// longer one.
const BINARY_SEARCH_RATIO: usize = 16;

/// Links, which are the states, and the steps between them.
pub(super) struct Steps<'a> {
    /// Row u: links from u. A state (u → v) has the number of its link.
    pub links: &'a Csr,
    /// Row v: nodes with a link to v.
    pub sources: Csr,
    /// Number of each of these links.
    pub numbers: Box<[u32]>,
    /// Row u: nodes with a link to or from u; `None` if all links have an opposite.
    neighbours: Option<Csr>,
    /// Out-strength of each node.
    pub strength: Vec<f64>,
    /// 1/p.
    inverse_p: f64,
    /// 1/q.
    inverse_q: f64,
    /// For each state, whether all of its steps have corrections.
    all_corrected: Vec<bool>,
    /// Corrections of all nodes; `None` if there are too many to store.
    stored: Option<StoredCorrections>,
}

/// Corrections by node. Each node's corrections start at its offset.
#[derive(Default)]
struct StoredCorrections {
    offsets: Vec<usize>,
    corrections: Vec<Correction>,
}

/// Maximum number of corrections per state that are stored, in 8 bytes each. If there are more,
/// they are computed again for every sweep.
const MAX_STORED_PER_STATE: usize = 16;

/// Flag of corrections of steps back. The others are of steps to common neighbours.
const BACK: u32 = 1 << 31;

/// A step whose factor α is not 1/q.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Correction {
    /// Number of its state among those of the node.
    pub from: u32,
    /// Number of its link among those from the node, with the flag `BACK` if it leads back.
    along: u32,
}

impl Correction {
    /// Number of its link among those from the node.
    pub fn along(self) -> u32 {
        self.along & !BACK
    }
}

/// Buffers for the enumeration at one node.
pub(super) struct Scratch {
    /// By node: its number among the targets of the present node plus one, or 0.
    target_number: Vec<u32>,
    corrections: Vec<Correction>,
}

impl<'a> Steps<'a> {
    pub fn new(links: &'a Csr, bias: &WalkBias) -> Result<Self, FlowError> {
        if links.links() >= BACK as usize {
            return Err(FlowError::TooManyLinks);
        }
        let strength = weights::row_sums(links);
        weights::nondegenerate(strength.iter().sum())?;
        let (sources, numbers) = transposed_with_numbers(links);
        let symmetric = sources.offsets() == links.offsets() && sources.targets() == links.targets();
        let neighbours = (!symmetric).then(|| undirected_neighbours(links, &sources));
        let (inverse_p, inverse_q) = (bias.return_parameter.recip(), bias.in_out_parameter.recip());
        let all_corrected = vec![false; links.links()];
        let mut steps =
            Self { links, sources, numbers, neighbours, strength, inverse_p, inverse_q, all_corrected, stored: None };
        (steps.all_corrected, steps.stored) = steps.collect_corrections();
        Ok(steps)
    }

    pub fn nodes(&self) -> usize {
        self.links.rows()
    }

    pub fn scratch(&self) -> Scratch {
        Scratch { target_number: vec![0; self.nodes()], corrections: Vec::new() }
    }

    /// Numbers of the states of `node`, in the order of their sources.
    pub fn states(&self, node: usize) -> &[u32] {
        &self.numbers[self.sources.range(node)]
    }

    /// Returns for each state whether all of its steps have corrections, and the corrections of all
    /// nodes if there are few.
    fn collect_corrections(&self) -> (Vec<bool>, Option<StoredCorrections>) {
        let max_stored = MAX_STORED_PER_STATE * self.links.links();
        let mut all_corrected = vec![false; self.links.links()];
        let mut stored = Some(StoredCorrections { offsets: vec![0], corrections: Vec::new() });
        let mut scratch = self.scratch();
        for node in 0..self.nodes() {
            self.find_corrections(node, &mut scratch);
            let found = &scratch.corrections;
            for of_state in found.chunk_by(|a, b| a.from == b.from) {
                let state = self.states(node)[of_state[0].from as usize];
                all_corrected[state as usize] = of_state.len() == self.links.degree(node);
            }
            stored = stored.filter(|stored| stored.corrections.len() + found.len() <= max_stored);
            if let Some(stored) = &mut stored {
                stored.corrections.extend_from_slice(found);
                stored.offsets.push(stored.corrections.len());
            }
        }
        (all_corrected, stored)
    }

    /// Returns α of the steps of a state without corrections. It is 0 if all steps have
    /// corrections: differences from a large 1/q would lose all digits of a small α.
    pub fn base_alpha(&self, state: u32) -> f64 {
        if self.all_corrected[state as usize] { 0.0 } else { self.inverse_q }
    }

    /// Returns the difference of α of a corrected step from [`base_alpha`](Self::base_alpha).
    pub fn alpha_correction(&self, state: u32, correction: Correction) -> f64 {
        let alpha = if correction.along & BACK > 0 { self.inverse_p } else { 1.0 };
        alpha - self.base_alpha(state)
    }

    /// Returns the corrections of the steps through `node`, by state. O(1) if they are stored, else
    /// O(degrees of the neighbours).
    pub fn corrections_at<'s>(&'s self, node: usize, scratch: &'s mut Scratch) -> &'s [Correction] {
        match &self.stored {
            Some(stored) => &stored.corrections[stored.offsets[node]..stored.offsets[node + 1]],
            None => {
                self.find_corrections(node, scratch);
                &scratch.corrections
            }
        }
    }

    fn find_corrections(&self, node: usize, scratch: &mut Scratch) {
        let Scratch { target_number, corrections } = scratch;
        corrections.clear();
        let targets = &self.links.targets()[self.links.range(node)];
        if targets.is_empty() {
            return;
        }
        targets.iter().enumerate().for_each(|(along, &target)| target_number[target as usize] = along as u32 + 1);
        let neighbours = self.neighbours.as_ref().unwrap_or(self.links);
        let (back, near) = (self.inverse_p - self.inverse_q, 1.0 - self.inverse_q);
        for (from, &source) in self.sources.targets()[self.sources.range(node)].iter().enumerate() {
            let from = from as u32;
            if near != 0.0 {
                let around = &neighbours.targets()[neighbours.range(source as usize)];
                let mut common = |other: u32, along: u32| {
                    if other != source {
                        corrections.push(Correction { from, along });
                    }
                };
                if around.len() > BINARY_SEARCH_RATIO * targets.len() {
                    let found = targets.iter().enumerate().filter(|(_, target)| around.binary_search(target).is_ok());
                    found.for_each(|(along, &target)| common(target, along as u32));
                } else {
                    for &other in around {
                        if let Some(along) = target_number[other as usize].checked_sub(1) {
                            common(other, along);
                        }
                    }
                }
            }
            if let Some(along) = target_number[source as usize].checked_sub(1)
                && back != 0.0
            {
                corrections.push(Correction { from, along: along | BACK });
            }
        }
        targets.iter().for_each(|&target| target_number[target as usize] = 0);
    }

    /// Returns Σ w α over the steps of every state.
    pub fn totals(&self) -> Vec<f64> {
        let mut totals = vec![0.0; self.links.links()];
        let mut scratch = self.scratch();
        for node in 0..self.nodes() {
            let states = self.states(node);
            for &state in states {
                totals[state as usize] = self.base_alpha(state) * self.strength[node];
            }
            let first = self.links.range(node).start;
            for &correction in self.corrections_at(node, &mut scratch) {
                let weight = self.links.value(node, first + correction.along() as usize);
                let state = states[correction.from as usize];
                totals[state as usize] += self.alpha_correction(state, correction) * weight;
            }
        }
        totals
    }
}

/// Returns the links of a network and their opposites, without weights.
fn undirected_neighbours(links: &Csr, sources: &Csr) -> Csr {
    let mut offsets = Vec::with_capacity(links.rows() + 1);
    let mut targets = Vec::with_capacity(2 * links.links());
    offsets.push(0);
    for row in 0..links.rows() {
        let first = targets.len();
        targets.extend_from_slice(&links.targets()[links.range(row)]);
        targets.extend_from_slice(&sources.targets()[sources.range(row)]);
        targets[first..].sort_unstable();
        let mut end = first;
        for next in first..targets.len() {
            if end == first || targets[end - 1] != targets[next] {
                targets[end] = targets[next];
                end += 1;
            }
        }
        targets.truncate(end);
        offsets.push(end);
    }
    Csr::new(offsets.into(), targets.into(), LinkValues::Same(1.0))
}

/// Returns the transposed links, and the number of each link: row v holds the nodes with a link to
/// v, ascending. O(nodes + links).
fn transposed_with_numbers(links: &Csr) -> (Csr, Box<[u32]>) {
    let mut offsets = vec![0; links.rows() + 1];
    links.targets().iter().for_each(|&target| offsets[target as usize + 1] += 1);
    for node in 0..links.rows() {
        offsets[node + 1] += offsets[node];
    }
    let mut next = offsets.clone();
    let (mut sources, mut numbers) = (vec![0; links.links()], vec![0; links.links()]);
    for source in 0..links.rows() {
        for link in links.range(source) {
            let cursor = &mut next[links.targets()[link] as usize];
            (sources[*cursor], numbers[*cursor]) = (source as u32, link as u32);
            *cursor += 1;
        }
    }
    (Csr::new(offsets.into(), sources.into(), LinkValues::Same(1.0)), numbers.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring in which every node links to the nodes less than `reach` steps away.
    fn ring(nodes: usize, reach: usize) -> Csr {
        let (mut offsets, mut targets) = (vec![0], Vec::new());
        for node in 0..nodes {
            let near = |&other: &usize| {
                let ahead = (other + nodes - node) % nodes;
                ahead > 0 && ahead.min(nodes - ahead) < reach
            };
            targets.extend((0..nodes).filter(near).map(|other| other as u32));
            offsets.push(targets.len());
        }
        Csr::new(offsets.into(), targets.into(), LinkValues::Same(1.0))
    }

    /// Stored and recomputed corrections are equal. There is one per common neighbour and step
    /// back.
    #[test]
    fn few_corrections_are_stored_and_many_are_not() {
        let bias = WalkBias { return_parameter: 4.0, in_out_parameter: 2.0, ..WalkBias::default() };
        for (reach, stored) in [(4, true), (20, false)] {
            let links = ring(60, reach);
            let mut steps = Steps::new(&links, &bias).unwrap();
            assert_eq!(steps.stored.is_some(), stored);
            let (mut scratch, mut other) = (steps.scratch(), steps.scratch());
            let found: Vec<Vec<Correction>> =
                (0..60).map(|node| steps.corrections_at(node, &mut scratch).to_vec()).collect();
            steps.stored = None;
            for (node, found) in found.iter().enumerate() {
                assert_eq!(steps.corrections_at(node, &mut other), found);
                let linked = |a: u32, b: u32| links.targets()[links.range(a as usize)].contains(&b);
                let around = &links.targets()[links.range(node)];
                let expected: usize = around
                    .iter()
                    .map(|&from| around.iter().filter(|&&to| to == from || linked(from, to)).count())
                    .sum();
                assert_eq!(found.len(), expected);
                let back = found.iter().filter(|correction| correction.along & BACK > 0).count();
                assert_eq!(back, around.len());
            }
        }
    }

    #[test]
    fn long_rows_are_searched() {
        // Node 0 is linked to all nodes, and nodes 1 and 2 to each other.
        let mut offsets = vec![0, 99, 101, 103];
        offsets.extend((3..100).map(|node| node + 101));
        let mut targets: Vec<u32> = (1..100).collect();
        targets.extend([0, 2, 0, 1]);
        targets.extend([0; 97]);
        let links = Csr::new(offsets.into(), targets.into(), LinkValues::Same(1.0));
        let steps =
            Steps::new(&links, &WalkBias { return_parameter: 1.0, in_out_parameter: 2.0, ..WalkBias::default() })
                .unwrap();
        let mut scratch = steps.scratch();
        // From 0 to 1: back to 0, or to 2, a neighbour of both. From 2 to 1: back, or to 0.
        assert_eq!(steps.corrections_at(1, &mut scratch).len(), 4);
        assert_eq!(steps.corrections_at(3, &mut scratch).len(), 1);
    }
}
