//! The steps of a walk that remembers one node, met node by node.

use mapeq_core::{Csr, LinkValues};

use super::MemoryBias;
use crate::error::FlowError;
use crate::weights;

/// Rows so many times longer than another are not gone through to find what the two have in common.
const MUCH_LONGER: usize = 16;

/// Links, each of which is a state, and what leads on from them.
pub(super) struct Steps<'a> {
    /// Row u: the links from u. A state (u → v) has the number of its link.
    pub links: &'a Csr,
    /// Row v: the nodes with a link to v.
    pub sources: Csr,
    /// The number of each of these links.
    pub numbers: Box<[u32]>,
    /// Row u: the nodes with a link to or from u.
    neighbours: Option<Csr>,
    /// Weight of the links from each node.
    pub strength: Vec<f64>,
    /// 1/p.
    back: f64,
    /// 1/q.
    pub away: f64,
}

/// A step that is not by the common factor 1/q.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Correction {
    /// Number of the state that it leads from, among those of the node.
    pub from: u32,
    /// Number of the link that it leads along, among those from the node.
    pub along: u32,
    /// What α differs from 1/q by.
    pub extra: f64,
}

/// Room for the work on one node.
pub(super) struct Scratch {
    /// The place of every node among the targets of the one at work, from 1.
    place: Vec<u32>,
    pub corrections: Vec<Correction>,
}

impl<'a> Steps<'a> {
    pub fn new(links: &'a Csr, bias: &MemoryBias) -> Result<Self, FlowError> {
        if u32::try_from(links.links()).is_err() {
            return Err(FlowError::TooManyLinks);
        }
        let strength = weights::row_sums(links);
        weights::positive(strength.iter().sum())?;
        let numbered = LinkValues::Each((0..links.links()).map(|link| link as f64).collect());
        let (offsets, targets, _) = links.clone().into_parts();
        let (offsets, sources, numbers) = Csr::new(offsets, targets, numbered).transposed().into_parts();
        let LinkValues::Each(numbers) = numbers else { unreachable!("one number per link") };
        let numbers = numbers.iter().map(|&number| number as u32).collect();
        let sources = Csr::new(offsets, sources, LinkValues::Same(1.0));
        let symmetric = sources.offsets() == links.offsets() && sources.targets() == links.targets();
        let neighbours = (!symmetric).then(|| either_way(links, &sources));
        let (back, away) = (bias.back.recip(), bias.away.recip());
        Ok(Self { links, sources, numbers, neighbours, strength, back, away })
    }

    pub fn nodes(&self) -> usize {
        self.links.rows()
    }

    pub fn scratch(&self) -> Scratch {
        Scratch { place: vec![0; self.nodes()], corrections: Vec::new() }
    }

    /// The numbers of the states of `node`, in the order of where they come from.
    pub fn states(&self, node: usize) -> &[u32] {
        &self.numbers[self.sources.range(node)]
    }

    /// Finds the corrections of the steps through `node`, by state and then by link. O(degrees of the neighbours).
    pub fn meet(&self, node: usize, scratch: &mut Scratch) {
        let Scratch { place, corrections } = scratch;
        corrections.clear();
        let targets = &self.links.targets()[self.links.range(node)];
        if targets.is_empty() {
            return;
        }
        targets.iter().enumerate().for_each(|(along, &target)| place[target as usize] = along as u32 + 1);
        let neighbours = self.neighbours.as_ref().unwrap_or(self.links);
        let (back, near) = (self.back - self.away, 1.0 - self.away);
        for (from, &source) in self.sources.targets()[self.sources.range(node)].iter().enumerate() {
            let (from, first) = (from as u32, corrections.len());
            if near != 0.0 {
                let around = &neighbours.targets()[neighbours.range(source as usize)];
                let mut common = |other: u32, along: u32| {
                    if other != source {
                        corrections.push(Correction { from, along, extra: near });
                    }
                };
                if around.len() > MUCH_LONGER * targets.len() {
                    let found = targets.iter().enumerate().filter(|(_, target)| around.binary_search(target).is_ok());
                    found.for_each(|(along, &target)| common(target, along as u32));
                } else {
                    for &other in around {
                        if let Some(along) = place[other as usize].checked_sub(1) {
                            common(other, along);
                        }
                    }
                }
            }
            if let Some(along) = place[source as usize].checked_sub(1)
                && back != 0.0
            {
                let behind = corrections[first..].partition_point(|correction| correction.along < along);
                corrections.insert(first + behind, Correction { from, along, extra: back });
            }
        }
        targets.iter().for_each(|&target| place[target as usize] = 0);
    }

    /// What w · α of every step adds up to, by the state of the walk before it.
    pub fn totals(&self) -> Vec<f64> {
        let mut totals = vec![0.0; self.links.links()];
        let mut scratch = self.scratch();
        for node in 0..self.nodes() {
            self.meet(node, &mut scratch);
            let states = self.states(node);
            for &state in states {
                totals[state as usize] = self.away * self.strength[node];
            }
            let first = self.links.range(node).start;
            for &Correction { from, along, extra } in &scratch.corrections {
                let weight = self.links.values().at(first + along as usize);
                totals[states[from as usize] as usize] += extra * weight;
            }
        }
        totals
    }
}

/// The links of a network and their opposites, without weights.
fn either_way(links: &Csr, sources: &Csr) -> Csr {
    let mut offsets = Vec::with_capacity(links.rows() + 1);
    let mut targets = Vec::with_capacity(2 * links.links());
    offsets.push(0);
    for row in 0..links.rows() {
        let first = targets.len();
        targets.extend_from_slice(&links.targets()[links.range(row)]);
        targets.extend_from_slice(&sources.targets()[sources.range(row)]);
        targets[first..].sort_unstable();
        let mut kept = first;
        for place in first..targets.len() {
            if kept == first || targets[kept - 1] != targets[place] {
                targets[kept] = targets[place];
                kept += 1;
            }
        }
        targets.truncate(kept);
        offsets.push(kept);
    }
    Csr::new(offsets.into(), targets.into(), LinkValues::Same(1.0))
}
