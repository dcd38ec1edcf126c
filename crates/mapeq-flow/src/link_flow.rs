//! The flow of single links, for output files. The search needs couplings only.

use mapeq_core::Csr;

/// Flow of the stored links of a network, computed from rates of their sources. Takes 8 bytes per
/// node and none per link.
#[derive(Clone, Debug)]
pub struct LinkFlow {
    pub(crate) rate: LinkRate,
    pub(crate) time: f64,
    pub(crate) variable: Option<VariableTime>,
}

impl LinkFlow {
    /// No flow.
    pub(crate) fn none() -> Self {
        Self { rate: LinkRate::BothWays(0.0), time: 1.0, variable: None }
    }

    /// Returns the flow per step along each of `links`, the stored links of the network that the
    /// flow was computed from. O(links).
    ///
    /// For undirected flow, this is the flow in both directions together. Self-links count once.
    pub fn per_step(&self, links: &Csr) -> Csr {
        links.map_values(|source, target, weight| match &self.rate {
            LinkRate::BothWays(rate) if source == target => 0.5 * rate * weight,
            LinkRate::BothWays(rate) => rate * weight,
            LinkRate::FromSource(rate) => rate[source] * weight,
        })
    }

    /// Returns the flow per codeword along each of `links`: the flow per step times the Markov
    /// time. The codelength describes this flow. O(links).
    pub fn per_codeword(&self, links: &Csr) -> Csr {
        let factor = |source, target| self.variable.as_ref().map_or(1.0, |variable| variable.along(source, target));
        self.per_step(links).map_values(|source, target, flow| self.time * factor(source, target) * flow)
    }
}

/// Flow of a stored link per unit of weight.
#[derive(Clone, Debug)]
pub(crate) enum LinkRate {
    /// Same rate for all links, half of it in each direction.
    BothWays(f64),
    /// Rates by source.
    FromSource(Vec<f64>),
}

/// Variable Markov time of the links, relative to one step: σ in `markov_time.rs`.
#[derive(Clone, Debug)]
pub(crate) struct VariableTime {
    pub(crate) scales: Vec<f64>,
    pub(crate) largest: f64,
    pub(crate) min_scale: f64,
    pub(crate) both_ends: bool,
}

impl VariableTime {
    /// Returns σ of a link.
    pub(crate) fn along(&self, source: usize, target: usize) -> f64 {
        let scale = self.scales[source];
        let scale = if self.both_ends { f64::max(scale, self.scales[target]) } else { scale };
        self.largest / f64::max(self.min_scale, scale)
    }
}
