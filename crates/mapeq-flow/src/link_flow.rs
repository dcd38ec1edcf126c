//! The flow of single links, which is wanted in files: the search needs couplings alone.

use mapeq_core::Csr;

use crate::found::Rate;
use crate::markov_time::{Longer, valued};

/// What every stored link of a network carries, from the rates of their sources: 8 bytes per node, nothing per link.
#[derive(Clone, Debug)]
pub struct LinkFlow {
    pub(crate) rate: Rate,
    pub(crate) time: f64,
    pub(crate) longer: Option<Longer>,
}

impl LinkFlow {
    /// No flow.
    pub(crate) fn none() -> Self {
        Self { rate: Rate::BothWays(0.0), time: 1.0, longer: None }
    }

    /// Flow per step along each of `links`, the stored links of the network that the flow was computed from; for
    /// undirected flow that of both directions together, self-links once. O(links).
    pub fn per_step(&self, links: &Csr) -> Csr {
        valued(links, |source, target, weight| match &self.rate {
            Rate::BothWays(rate) if source == target => 0.5 * rate * weight,
            Rate::BothWays(rate) => rate * weight,
            Rate::FromSource(rate) => rate[source] * weight,
        })
    }

    /// The same per codeword, which is what the codelength is of: scaled by the Markov time. O(links).
    pub fn per_codeword(&self, links: &Csr) -> Csr {
        let longer = |source, target| self.longer.as_ref().map_or(1.0, |longer| longer.along(source, target));
        valued(&self.per_step(links), |source, target, flow| self.time * longer(source, target) * flow)
    }
}
