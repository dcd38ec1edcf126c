//! The flow of single links, which is wanted in files: the search needs couplings alone.

use mapeq_core::Csr;

/// What every stored link of a network carries, from the rates of their sources: 8 bytes per node, nothing per link.
#[derive(Clone, Debug)]
pub struct LinkFlow {
    pub(crate) rate: LinkRate,
    pub(crate) time: f64,
    pub(crate) longer: Option<VariableTime>,
}

impl LinkFlow {
    /// No flow.
    pub(crate) fn none() -> Self {
        Self { rate: LinkRate::BothWays(0.0), time: 1.0, longer: None }
    }

    /// Flow per step along each of `links`, the stored links of the network that the flow was computed from; for
    /// undirected flow that of both directions together, self-links once. O(links).
    pub fn per_step(&self, links: &Csr) -> Csr {
        links.map_values(|source, target, weight| match &self.rate {
            LinkRate::BothWays(rate) if source == target => 0.5 * rate * weight,
            LinkRate::BothWays(rate) => rate * weight,
            LinkRate::FromSource(rate) => rate[source] * weight,
        })
    }

    /// The same per codeword, which is what the codelength is of: scaled by the Markov time. O(links).
    pub fn per_codeword(&self, links: &Csr) -> Csr {
        let longer = |source, target| self.longer.as_ref().map_or(1.0, |longer| longer.along(source, target));
        self.per_step(links).map_values(|source, target, flow| self.time * longer(source, target) * flow)
    }
}

/// What the flow of a stored link is, per unit of weight.
#[derive(Clone, Debug)]
pub(crate) enum LinkRate {
    /// The same for all links, half of it in each direction.
    BothWays(f64),
    /// By its source.
    FromSource(Vec<f64>),
}

/// How much longer than a step the variable Markov time of each link is.
#[derive(Clone, Debug)]
pub(crate) struct VariableTime {
    pub(crate) scales: Vec<f64>,
    pub(crate) largest: f64,
    pub(crate) least: f64,
    pub(crate) both_ends: bool,
}

impl VariableTime {
    /// σ of the formula above.
    pub(crate) fn along(&self, source: usize, target: usize) -> f64 {
        let scale = self.scales[source];
        let scale = if self.both_ends { f64::max(scale, self.scales[target]) } else { scale };
        self.largest / f64::max(self.least, scale)
    }
}
