use crate::error::FlowError;
use crate::iteration::Stop;
use crate::model::FlowModel;

/// Teleportation of a walk on directed links: its probability, its targets, and whether it is
/// encoded.
///
/// Lambiotte & Rosvall, Physical Review E 2012, doi:10.1103/PhysRevE.85.056107.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TeleportationOptions {
    /// Probability that a step from a node with out-links teleports. Steps from other nodes always
    /// teleport.
    pub probability: f64,
    /// Whether teleportation steps are encoded. If not, they only determine the visit rates, and
    /// the flow is that of one step along the links.
    pub recorded: bool,
    /// Whether teleportation selects nodes in proportion to their weights. If not, it selects links
    /// in proportion to theirs, and lands on the target if recorded, on the source otherwise.
    pub to_nodes: bool,
}

impl Default for TeleportationOptions {
    fn default() -> Self {
        Self { probability: 0.15, recorded: false, to_nodes: false }
    }
}

/// A prior network in addition to the observed links. Steps along prior links are modelled as
/// recorded teleportation.
///
/// Smiljanić, Edler & Rosvall, Physical Review E 2020, doi:10.1103/PhysRevE.102.012302.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regularization {
    /// Strength of the prior, greater than 0. The paper uses 1.
    pub strength: f64,
    /// Whether the prior has self-links, as it should if the network may have self-links.
    pub self_links: bool,
}

impl Default for Regularization {
    fn default() -> Self {
        Self { strength: 1.0, self_links: true }
    }
}

/// Relaxation of the walk to other layers, for networks without links between layers.
///
/// De Domenico, Lancichinetti, Arenas & Rosvall, Physical Review X 2015,
/// doi:10.1103/PhysRevX.5.011027.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relaxation {
    /// Probability that a step follows the node's links in any layer in reach, instead of those in
    /// the present layer.
    pub rate: f64,
    /// Maximum difference between the ids of the present layer and of a layer in reach; `None` for
    /// no limit.
    pub limit: Option<u32>,
    /// Additional limit for layers with larger ids.
    pub limit_up: Option<u32>,
    /// Additional limit for layers with smaller ids.
    pub limit_down: Option<u32>,
    /// Preference for layers in which the node has similar links; `None` for no preference.
    pub by_divergence: Option<Divergence>,
    /// Whether a relaxed step is modelled as two links: one to the state of the same node in
    /// another layer, and one from there to a neighbour. The state in between is not visited.
    ///
    /// This needs less memory. Visit rates do not change. The codelength does not change if every
    /// state is in one module with its neighbours in its layer, and is longer otherwise.
    pub to_self: bool,
}

/// Measure of link weights for relaxation by the Jensen–Shannon divergence between a node's links
/// in two layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divergence {
    /// Shares of the links in each layer. Weights of layers affect only the divergence.
    ByShares,
    /// Weights of the links in each layer, as in Infomap 2.16. The unit of the weights then affects
    /// how often the walk relaxes.
    ByWeights,
}

impl Default for Relaxation {
    fn default() -> Self {
        Self { rate: 0.15, limit: None, limit_up: None, limit_down: None, by_divergence: None, to_self: false }
    }
}

impl Relaxation {
    /// Returns whether all layers are in reach of each other.
    pub(crate) fn is_unlimited(&self) -> bool {
        self.limit.is_none() && self.limit_up.is_none() && self.limit_down.is_none()
    }

    /// Returns whether a walk in the layer with the id `from` can relax to the layer with the id
    /// `to`.
    pub(crate) fn reaches(&self, from: u64, to: u64) -> bool {
        let one_sided = if to > from { self.limit_up } else { self.limit_down };
        let within = |limit: Option<u32>| limit.is_none_or(|limit| from.abs_diff(to) <= u64::from(limit));
        within(self.limit) && within(one_sided)
    }
}

/// Number of steps per codeword. It scales the flow of links, but neither visit rates nor
/// teleportation.
///
/// Kheirkhahzadeh, Lancichinetti & Rosvall, Physical Review E 2016, doi:10.1103/PhysRevE.93.032309.
/// Variable Markov time: Edler, Smiljanić, Holmgren, Antonelli & Rosvall, arXiv:2211.04287.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkovTime {
    /// Steps per codeword. Longer times give fewer modules.
    pub time: f64,
    /// Longer times for links between nodes of low degree; `None` for the same time everywhere.
    pub variable: Option<VariableMarkovTime>,
}

impl Default for MarkovTime {
    fn default() -> Self {
        Self { time: 1.0, variable: None }
    }
}

/// Dependence of the Markov time on the degree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VariableMarkovTime {
    /// At 0 the time is in inverse proportion to the effective degree, at 1 to its logarithm.
    pub damping: f64,
    /// Minimum scale of a node. Below it, all nodes have the same time.
    pub min_scale: f64,
}

impl Default for VariableMarkovTime {
    fn default() -> Self {
        Self { damping: 1.0, min_scale: 1.0 }
    }
}

/// Treatment of the features of a bipartite network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BipartiteFlow {
    /// A step of the walk leads through a feature to a primary node. Features are not visited.
    #[default]
    Projected,
    /// Features are nodes like any other.
    Unipartite,
    /// As [`Projected`](Self::Projected), and directed walks teleport only between steps, to
    /// primary nodes. Models other than directed flow are projected.
    TwoStep,
}

/// Options of the flow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowOptions {
    /// How the walk uses the links.
    pub model: FlowModel,
    /// Teleportation of directed flow.
    pub teleportation: TeleportationOptions,
    /// A prior network instead of teleportation, for directed and undirected flow. Other models and
    /// [`BipartiteFlow::TwoStep`] ignore it, with a note in the report.
    pub regularization: Option<Regularization>,
    /// Whether visit rates are replaced by node weights. The flow of links does not change.
    pub node_weights_as_flow: bool,
    /// Markov time, which scales the flow of links.
    pub markov_time: MarkovTime,
    /// Treatment of the features of a bipartite network.
    pub bipartite: BipartiteFlow,
    /// Relaxation to other layers, if the network has no links between layers.
    pub relaxation: Relaxation,
    /// Largest acceptable error of directed flow, summed over the nodes, in visits per step. The
    /// iteration stops below it, or when rounding allows no further progress.
    pub tolerance: f64,
    /// Minimum number of sweeps over the links. The iteration stops at an error bound, not at a
    /// small change, so the default of 0 is safe.
    pub min_iterations: usize,
    /// Maximum number of sweeps over the links, at least one; `None` for the built-in limit
    /// of 10 000.
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

    /// Returns whether the walk passes through features in two steps.
    pub(crate) fn walks_in_two_steps(&self) -> bool {
        self.model == FlowModel::Directed && self.bipartite == BipartiteFlow::TwoStep
    }

    /// Checks that every number is in its range.
    ///
    /// # Errors
    /// If the teleportation probability, the damping or the relax rate is outside of [0, 1], if the
    /// strength of the prior is not positive, or if another number is negative, infinite or not a
    /// number. The tolerance may be infinite.
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
        let mut numbers = [("Markov time", time), ("minimum scale of the Markov time", min_scale)].into_iter();
        match numbers.find(|(_, number)| !(0.0..f64::INFINITY).contains(number)) {
            Some((name, number)) => Err(FlowError::Number { name, number }),
            None => Ok(()),
        }
    }
}
