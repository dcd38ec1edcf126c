use crate::error::FlowError;
use crate::iteration::Stop;
use crate::model::FlowModel;

/// Where a walk on directed links teleports to, how often, and whether these steps are coded.
///
/// Lambiotte & Rosvall, Physical Review E 2012, doi:10.1103/PhysRevE.85.056107.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TeleportationOptions {
    /// Probability of teleporting in a step from a node with out-links; 1 from every other node.
    pub probability: f64,
    /// Whether teleportation steps are coded. If not, they serve to find the visit rates only, and the flow is
    /// that of one step along the links.
    pub recorded: bool,
    /// Whether the walk lands on nodes in proportion to their weights. If not, it lands on the links: at their
    /// source if unrecorded, at their target if recorded, in proportion to the weights.
    pub to_nodes: bool,
}

impl Default for TeleportationOptions {
    fn default() -> Self {
        Self { probability: 0.15, recorded: false, to_nodes: false }
    }
}

/// A prior network beside the links that were observed, walked by teleportation which is coded.
///
/// Smiljanić, Edler & Rosvall, Physical Review E 2020, doi:10.1103/PhysRevE.102.012302.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regularization {
    /// Strength of the prior, greater than 0; 1 is that of the paper.
    pub strength: f64,
    /// Whether the prior has links from nodes to themselves, as it should where the network may have them.
    pub self_links: bool,
}

impl Default for Regularization {
    fn default() -> Self {
        Self { strength: 1.0, self_links: true }
    }
}

/// How a walk leaves the layer it is in, where no links between layers tell.
///
/// De Domenico, Lancichinetti, Arenas & Rosvall, Physical Review X 2015, doi:10.1103/PhysRevX.5.011027.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relaxation {
    /// Probability of a step that follows the links of the node in any layer in reach, whatever layer the walk is in.
    pub rate: f64,
    /// Layers with ids that differ by more are out of reach; `None` if none are.
    pub limit: Option<u32>,
    /// The same for layers with larger ids.
    pub limit_up: Option<u32>,
    /// The same for layers with smaller ids.
    pub limit_down: Option<u32>,
    /// Whether layers are preferred in which the links of the node are alike, and how.
    pub by_divergence: Option<Divergence>,
    /// Whether a walk changes the layer as if it visited the node again, and takes a step from there at once. Modules in which
    /// a node is with its neighbours in every layer have the same codelength, others a longer one, for less memory.
    pub to_self: bool,
}

/// How a walk relaxes to layers by the Jensen–Shannon divergence of the links of its node there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divergence {
    /// In each layer by the shares of its links; the weights of layers matter only to how alike they are.
    ByShares,
    /// In each layer by the weights of its links, so that their unit decides how often the walk relaxes: the numbers of Infomap 2.16.
    ByWeights,
}

impl Default for Relaxation {
    fn default() -> Self {
        Self { rate: 0.15, limit: None, limit_up: None, limit_down: None, by_divergence: None, to_self: false }
    }
}

impl Relaxation {
    /// Whether all layers are in reach of each other.
    pub(crate) fn is_unlimited(&self) -> bool {
        self.limit.is_none() && self.limit_up.is_none() && self.limit_down.is_none()
    }

    /// Whether a walk in the layer with the id `from` can relax to the layer with the id `to`.
    pub(crate) fn reaches(&self, from: u64, to: u64) -> bool {
        let one_sided = if to > from { self.limit_up } else { self.limit_down };
        let within = |limit: Option<u32>| limit.is_none_or(|limit| from.abs_diff(to) <= u64::from(limit));
        within(self.limit) && within(one_sided)
    }
}

/// How far the walk gets between two codewords: the flow of links is scaled, that of nodes and of teleportation is not.
///
/// Kheirkhahzadeh, Lancichinetti & Rosvall, Physical Review E 2016, doi:10.1103/PhysRevE.93.032309; variable: Edler,
/// Smiljanić, Holmgren, Antonelli & Rosvall, arXiv:2211.04287.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkovTime {
    /// Steps per codeword; more mean fewer modules.
    pub time: f64,
    /// Longer times where nodes have few links, if asked for.
    pub variable: Option<VariableMarkovTime>,
}

impl Default for MarkovTime {
    fn default() -> Self {
        Self { time: 1.0, variable: None }
    }
}

/// How much the Markov time depends on the degree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VariableMarkovTime {
    /// From 0, in inverse proportion to the effective degree, to 1, to its logarithm.
    pub damping: f64,
    /// Lowest scale of a node: below it the time is the same for all.
    pub min_scale: f64,
}

impl Default for VariableMarkovTime {
    fn default() -> Self {
        Self { damping: 1.0, min_scale: 1.0 }
    }
}

/// What becomes of the features of a bipartite network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BipartiteFlow {
    /// A step of the walk leads through a feature to a primary node; features are not visited.
    #[default]
    Projected,
    /// Features are nodes like any other.
    Unipartite,
    /// As projected, and directed walks teleport only between steps, to primary nodes. Other models: as projected.
    TwoStep,
}

/// How to compute the flow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowOptions {
    /// How the walk uses the links.
    pub model: FlowModel,
    /// Teleportation; matters only to directed flow.
    pub teleportation: TeleportationOptions,
    /// A prior network in place of teleportation, for directed and undirected flow; other models and
    /// [`BipartiteFlow::TwoStep`] do without, and a note says so.
    pub regularization: Option<Regularization>,
    /// Whether nodes are in the end visited in proportion to their weights, whatever the flow of the links.
    pub node_weights_as_flow: bool,
    /// Scale of the flow of links.
    pub markov_time: MarkovTime,
    /// What becomes of features, where there are any.
    pub bipartite: BipartiteFlow,
    /// How layers are left that nothing else leads from one to another, where there are any.
    pub relaxation: Relaxation,
    /// Largest acceptable error of directed flow, summed over the nodes, in visits per step. The iteration stops
    /// below it, or where rounding allows no further progress.
    pub tolerance: f64,
    /// Number of sweeps over the links before the iteration may stop. It stops at a bound of the error, not at a small
    /// change, so 0 is as good as any other number.
    pub min_iterations: usize,
    /// Largest number of sweeps over the links, at least one; `None` for the built-in cap of 10 000.
    pub max_iterations: Option<usize>,
}

impl Default for FlowOptions {
    fn default() -> Self {
        Self {
            model: FlowModel::default(),
            teleportation: TeleportationOptions::default(),
            regularization: None,
            node_weights_as_flow: false,
            markov_time: MarkovTime::default(),
            bipartite: BipartiteFlow::default(),
            relaxation: Relaxation::default(),
            tolerance: 1e-12,
            min_iterations: 0,
            max_iterations: None,
        }
    }
}

impl FlowOptions {
    pub(crate) fn stop(&self) -> Stop {
        Stop { tolerance: self.tolerance, min_iterations: self.min_iterations, max_iterations: self.max_iterations }
    }

    /// Whether features, if there are any, are walked through in two steps.
    pub(crate) fn walks_in_two_steps(&self) -> bool {
        self.model == FlowModel::Directed && self.bipartite == BipartiteFlow::TwoStep
    }

    /// Checks that every number is in its range.
    ///
    /// # Errors
    /// If the teleportation probability, the damping or the relax rate is outside of [0, 1], the strength of the prior is not positive, or
    /// another number is negative, infinite or not a number; the tolerance may be infinite.
    pub fn validate(&self) -> Result<(), FlowError> {
        let probability = self.teleportation.probability;
        if !(0.0..=1.0).contains(&probability) {
            return Err(FlowError::Probability(probability));
        }
        if !(0.0..=1.0).contains(&self.relaxation.rate) {
            return Err(FlowError::RelaxRate(self.relaxation.rate));
        }
        if self.relaxation.by_divergence.is_some() && self.relaxation.rate == 1.0 {
            return Err(FlowError::RelaxRateByDivergence);
        }
        if self.tolerance.is_nan() || self.tolerance < 0.0 {
            return Err(FlowError::Tolerance(self.tolerance));
        }
        let MarkovTime { time, variable } = self.markov_time;
        let VariableMarkovTime { damping, min_scale } = variable.unwrap_or_default();
        if !(0.0..=1.0).contains(&damping) {
            return Err(FlowError::Damping(damping));
        }
        let strength = self.regularization.unwrap_or_default().strength;
        if !(strength > 0.0 && strength < f64::INFINITY) {
            return Err(FlowError::Strength(strength));
        }
        let mut numbers = [("Markov time", time), ("least scale of the Markov time", min_scale)].into_iter();
        match numbers.find(|(_, number)| !(0.0..f64::INFINITY).contains(number)) {
            Some((name, number)) => Err(FlowError::Number { name, number }),
            None => Ok(()),
        }
    }
}
