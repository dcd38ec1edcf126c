//! Options of the flow.

use clap::{Args, ValueEnum};
use mapeq_core::Direction;
use mapeq_flow::{
    BipartiteFlow, Divergence, FlowModel, FlowOptions, MarkovTime, Regularization, Relaxation, TeleportationOptions,
    VariableMarkovTime,
};

use super::headings::FLOW;
use super::parse::{above_zero, at_least_zero, finite, probability};
use super::second_order::SecondOrderArgs;

/// Direction of the links.
#[derive(Debug, Args)]
#[command(next_help_heading = FLOW)]
pub(crate) struct DirectionArgs {
    /// Links are directed (overrides --flow-model)
    #[arg(short, long)]
    directed: bool,
}

/// How the flow is computed.
#[derive(Debug, Args)]
#[command(next_help_heading = FLOW)]
pub(crate) struct FlowArgs {
    #[command(flatten)]
    direction: DirectionArgs,

    /// Model of the random walk
    #[arg(short, long, value_name = "MODEL", default_value = "undirected")]
    flow_model: Model,

    /// Teleportation probability (directed flow) [default: 0.15]
    #[arg(short = 'p', long, allow_negative_numbers = true, value_name = "P", value_parser = probability)]
    teleportation_probability: Option<f64>,

    /// Encode teleportation steps (directed flow)
    #[arg(short = 'e', long)]
    recorded_teleportation: bool,

    /// Teleport to nodes by node weight instead of link weight (directed flow)
    #[arg(long)]
    to_nodes: bool,

    /// Use node weights as visit rates
    #[arg(long)]
    use_node_weights_as_flow: bool,

    /// Add a prior network that compensates for unobserved links; its links are followed by encoded
    /// teleportation (directed and undirected flow)
    #[arg(long)]
    regularized: bool,

    /// Strength of the prior network [default: 1]
    #[arg(long, allow_negative_numbers = true, value_name = "STRENGTH", value_parser = above_zero)]
    regularization_strength: Option<f64>,

    /// Steps per codeword; larger values give fewer modules
    #[arg(long, allow_negative_numbers = true, value_name = "TIME", default_value_t = 1.0, value_parser = finite)]
    markov_time: f64,

    /// Use longer Markov times at nodes of low degree
    #[arg(long)]
    variable_markov_time: bool,

    /// Damping of variable Markov times, from 0 (inverse to the degree) to 1 (inverse to its
    /// logarithm) [default: 1]
    #[arg(long, allow_negative_numbers = true, value_name = "Q", value_parser = probability)]
    variable_markov_damping: Option<f64>,

    /// Lower bound on the scale of a node for variable Markov times [default: 1]
    #[arg(long, allow_negative_numbers = true, value_name = "SCALE", value_parser = finite)]
    variable_markov_min_scale: Option<f64>,

    /// Visit the features of a bipartite network like ordinary nodes
    #[arg(long)]
    skip_adjust_bipartite_flow: bool,

    /// Teleport only between two-step moves through features, and only to primary nodes (directed
    /// flow on bipartite networks)
    #[arg(long, conflicts_with = "skip_adjust_bipartite_flow")]
    bipartite_teleportation: bool,

    /// Probability of a step along the links of the node in any layer, for multilayer networks
    /// without inter-layer links
    #[arg(long, allow_negative_numbers = true, value_name = "R", default_value_t = 0.15, value_parser = probability)]
    multilayer_relax_rate: f64,

    /// Relax only to layers whose id differs by at most N
    #[arg(long, value_name = "N")]
    multilayer_relax_limit: Option<u32>,

    /// Relax only to layers whose id is larger by at most N
    #[arg(long, value_name = "N")]
    multilayer_relax_limit_up: Option<u32>,

    /// Relax only to layers whose id is smaller by at most N
    #[arg(long, value_name = "N")]
    multilayer_relax_limit_down: Option<u32>,

    /// Prefer layers in which the node has similar links (Jensen–Shannon divergence)
    #[arg(long)]
    multilayer_relax_by_jsd: bool,

    /// Compute the divergence from link weights instead of shares, as Infomap 2.16 does; the result
    /// depends on the unit of the weights
    #[arg(long, requires = "multilayer_relax_by_jsd")]
    multilayer_jsd_by_weights: bool,

    /// Relax by a move to the same node in another layer. Needs less memory; codelengths grow if a
    /// node and its neighbours are in different modules
    #[arg(long, conflicts_with = "multilayer_relax_by_jsd")]
    multilayer_relax_to_self: bool,

    /// Minimum number of sweeps over the links; iteration ends by its error bound
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_flow_iterations: usize,

    /// Maximum number of sweeps over the links (0: 10 000)
    #[arg(long, value_name = "N", default_value_t = 0)]
    max_flow_iterations: usize,

    /// Maximum error of directed flow [default: 1e-12]
    #[arg(long, allow_negative_numbers = true, value_name = "ERROR", value_parser = at_least_zero)]
    flow_tolerance: Option<f64>,

    #[command(flatten)]
    pub(crate) second_order: SecondOrderArgs,
}

impl DirectionArgs {
    /// Returns the direction of the links.
    pub(crate) fn direction(&self) -> Direction {
        if self.directed { Direction::Directed } else { Direction::Undirected }
    }
}

/// Value of `--flow-model`.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Model {
    Undirected,
    Directed,
    #[value(name = "undirdir")]
    UndirDir,
    #[value(name = "outdirdir")]
    OutDirDir,
    #[value(name = "rawdir")]
    RawDir,
    Precomputed,
}

impl FlowArgs {
    /// Returns the model of the walk.
    pub(crate) fn model(&self) -> FlowModel {
        match self.flow_model {
            _ if self.direction.directed => FlowModel::Directed,
            Model::Undirected => FlowModel::Undirected,
            Model::Directed => FlowModel::Directed,
            Model::UndirDir => FlowModel::UndirDir,
            Model::OutDirDir => FlowModel::OutDirDir,
            Model::RawDir => FlowModel::RawDir,
            Model::Precomputed => FlowModel::Precomputed,
        }
    }

    /// Returns the options for computing the flow. `self_links` applies to the prior network.
    pub(crate) fn options(&self, self_links: bool) -> FlowOptions {
        let default = FlowOptions::default();
        let prior = Regularization { strength: self.regularization_strength.unwrap_or(1.0), self_links };
        let variable = VariableMarkovTime::default();
        let variable = VariableMarkovTime {
            damping: self.variable_markov_damping.unwrap_or(variable.damping),
            min_scale: self.variable_markov_min_scale.unwrap_or(variable.min_scale),
        };
        FlowOptions {
            model: self.model(),
            teleportation: TeleportationOptions {
                probability: self.teleportation_probability.unwrap_or(default.teleportation.probability),
                recorded: self.recorded_teleportation,
                to_nodes: self.to_nodes,
            },
            regularization: (self.regularized && self.model().has_regularization()).then_some(prior),
            node_weights_as_flow: self.use_node_weights_as_flow,
            markov_time: MarkovTime { time: self.markov_time, variable: self.variable_markov_time.then_some(variable) },
            bipartite: match (self.skip_adjust_bipartite_flow, self.bipartite_teleportation) {
                (true, _) => BipartiteFlow::Unipartite,
                (false, true) => BipartiteFlow::TwoStep,
                (false, false) => BipartiteFlow::Projected,
            },
            relaxation: Relaxation {
                rate: self.multilayer_relax_rate,
                limit: self.multilayer_relax_limit,
                limit_up: self.multilayer_relax_limit_up,
                limit_down: self.multilayer_relax_limit_down,
                by_divergence: match (self.multilayer_relax_by_jsd, self.multilayer_jsd_by_weights) {
                    (false, _) => None,
                    (true, false) => Some(Divergence::ByShares),
                    (true, true) => Some(Divergence::ByWeights),
                },
                to_self: self.multilayer_relax_to_self,
            },
            tolerance: self.flow_tolerance.unwrap_or(default.tolerance),
            min_iterations: self.min_flow_iterations,
            max_iterations: (self.max_flow_iterations > 0).then_some(self.max_flow_iterations),
        }
    }

    /// Returns a note on each option that has no effect on the flow.
    pub(crate) fn without_effect(&self, bipartite: bool) -> Vec<String> {
        let model = self.model();
        let directed = model == FlowModel::Directed;
        let regularized = self.regularized && model.has_regularization();
        let undirected = || format!("on {model} flow (--directed for directed flow)");
        let prior = || "on regularised flow, which teleports by the prior network".to_owned();
        let no_features = || "on a network that is not bipartite".to_owned();
        let given: [(bool, &str, bool, &dyn Fn() -> String); 12] = [
            (self.teleportation_probability.is_some(), "--teleportation-probability", !directed, &undirected),
            (self.teleportation_probability.is_some(), "--teleportation-probability", directed && regularized, &prior),
            (self.recorded_teleportation, "--recorded-teleportation", !directed && !regularized, &undirected),
            (self.to_nodes, "--to-nodes", !directed, &undirected),
            (self.to_nodes, "--to-nodes", directed && regularized, &prior),
            (self.regularized, "--regularized", !regularized, &undirected),
            (self.regularization_strength.is_some(), "--regularization-strength", !self.regularized, &|| {
                "without --regularized".to_owned()
            }),
            (self.variable_markov_damping.is_some(), "--variable-markov-damping", !self.variable_markov_time, &|| {
                "without --variable-markov-time".to_owned()
            }),
            (
                self.variable_markov_min_scale.is_some(),
                "--variable-markov-min-scale",
                !self.variable_markov_time,
                &|| "without --variable-markov-time".to_owned(),
            ),
            (self.skip_adjust_bipartite_flow, "--skip-adjust-bipartite-flow", !bipartite, &no_features),
            (self.bipartite_teleportation, "--bipartite-teleportation", !bipartite, &no_features),
            (self.bipartite_teleportation, "--bipartite-teleportation", bipartite && !directed, &undirected),
        ];
        let unused = given.into_iter().filter(|(given, _, unused, _)| *given && *unused);
        let unused = unused.map(|(_, option, _, why)| format!("{option} has no effect {}", why()));
        unused.chain(self.second_order.without_effect()).collect()
    }
}
