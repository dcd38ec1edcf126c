//! Options of the flow.

use clap::{Args, ValueEnum};
use mapeq_flow::{
    BipartiteFlow, Divergence, FlowModel, FlowOptions, MarkovTime, Regularization, Relaxation, TeleportationOptions,
    VariableMarkovTime,
};

use super::headings::FLOW;
use super::parse::{above_zero, at_least_zero, finite, probability};
use super::second_order::MemoryArgs;

/// How the flow is computed.
#[derive(Debug, Args)]
pub(crate) struct FlowArgs {
    /// Links have a direction (stronger than --flow-model)
    #[arg(short, long, help_heading = FLOW)]
    directed: bool,

    /// How a random walk uses the links
    #[arg(short, long, value_name = "MODEL", default_value = "undirected", help_heading = FLOW)]
    flow_model: Model,

    /// Probability of teleporting, for directed flow [default: 0.15]
    #[arg(short = 'p', long, allow_negative_numbers = true, value_name = "P", value_parser = probability,
          help_heading = FLOW)]
    teleportation_probability: Option<f64>,

    /// Code the steps that teleport, too (directed flow)
    #[arg(short = 'e', long, help_heading = FLOW)]
    recorded_teleportation: bool,

    /// Teleport by node weights, not to links (directed flow)
    #[arg(long, help_heading = FLOW)]
    to_nodes: bool,

    /// Visit nodes by their weights, whatever the links carry
    #[arg(long, help_heading = FLOW)]
    use_node_weights_as_flow: bool,

    /// Add a prior network that makes up for links not observed, walked by coded teleportation (directed and
    /// undirected flow)
    #[arg(long, help_heading = FLOW)]
    regularized: bool,

    /// Strength of the prior network [default: 1]
    #[arg(long, allow_negative_numbers = true, value_name = "STRENGTH", value_parser = above_zero, help_heading = FLOW)]
    regularization_strength: Option<f64>,

    /// Steps per codeword: more mean fewer modules
    #[arg(long, allow_negative_numbers = true, value_name = "TIME", default_value_t = 1.0, value_parser = finite,
          help_heading = FLOW)]
    markov_time: f64,

    /// Longer Markov times where nodes have few links
    #[arg(long, help_heading = FLOW)]
    variable_markov_time: bool,

    /// From 0, Markov times by the inverse of the degree, to 1, of its logarithm [default: 1]
    #[arg(long, allow_negative_numbers = true, value_name = "Q", value_parser = probability, help_heading = FLOW)]
    variable_markov_damping: Option<f64>,

    /// Lowest scale of a node for variable Markov time [default: 1]
    #[arg(long, allow_negative_numbers = true, value_name = "SCALE", value_parser = finite, help_heading = FLOW)]
    variable_markov_min_scale: Option<f64>,

    /// Visit the features of a bipartite network like other nodes
    #[arg(long, help_heading = FLOW)]
    skip_adjust_bipartite_flow: bool,

    /// Teleport only between steps through a feature of a bipartite network, to primary nodes (directed flow)
    #[arg(long, conflicts_with = "skip_adjust_bipartite_flow", help_heading = FLOW)]
    bipartite_teleportation: bool,

    /// Probability of a step by the links of a node in any layer, where layers have no links between them
    #[arg(long, allow_negative_numbers = true, value_name = "R", default_value_t = 0.15, value_parser = probability,
          help_heading = FLOW)]
    multilayer_relax_rate: f64,

    /// Such steps lead no farther than so many layers, by their ids
    #[arg(long, value_name = "N", help_heading = FLOW)]
    multilayer_relax_limit: Option<u32>,

    /// No farther than so many layers with larger ids
    #[arg(long, value_name = "N", help_heading = FLOW)]
    multilayer_relax_limit_up: Option<u32>,

    /// No farther than so many layers with smaller ids
    #[arg(long, value_name = "N", help_heading = FLOW)]
    multilayer_relax_limit_down: Option<u32>,

    /// Such steps prefer layers in which the links of the node are alike (Jensen–Shannon divergence)
    #[arg(long, help_heading = FLOW)]
    multilayer_relax_by_jsd: bool,

    /// The same by weights and not by shares of links, as Infomap 2.16 does: the unit of weights matters
    #[arg(long, requires = "multilayer_relax_by_jsd", help_heading = FLOW)]
    multilayer_jsd_by_weights: bool,

    /// Such steps change the layer as if they visited the node again: less memory, and longer codelengths where nodes are in
    /// other modules than their neighbours
    #[arg(long, conflicts_with = "multilayer_relax_by_jsd", help_heading = FLOW)]
    multilayer_relax_to_self: bool,

    /// Sweeps over the links at least; the error bound ends them, so that none are needed
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = FLOW)]
    min_flow_iterations: usize,

    /// Sweeps over the links at most; 0: at most 10 000
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = FLOW)]
    max_flow_iterations: usize,

    /// Error accepted in directed flow [default: 1e-12]
    #[arg(long, allow_negative_numbers = true, value_name = "ERROR",
          value_parser = at_least_zero, help_heading = FLOW)]
    flow_tolerance: Option<f64>,

    #[command(flatten)]
    pub(crate) memory: MemoryArgs,
}

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
    pub(crate) fn model(&self) -> FlowModel {
        match self.flow_model {
            _ if self.directed => FlowModel::Directed,
            Model::Undirected => FlowModel::Undirected,
            Model::Directed => FlowModel::Directed,
            Model::UndirDir => FlowModel::UndirDir,
            Model::OutDirDir => FlowModel::OutDirDir,
            Model::RawDir => FlowModel::RawDir,
            Model::Precomputed => FlowModel::Precomputed,
        }
    }

    /// Options of the flow of a network with or without self-links.
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

    /// Options that were given although the flow has no use for them, and why.
    pub(crate) fn without_effect(&self, bipartite: bool) -> Vec<String> {
        let model = self.model();
        let directed = model == FlowModel::Directed;
        let regularized = self.regularized && model.has_regularization();
        let undirected = || format!("on {model} flow (--directed for directed flow)");
        let prior = || "on regularised flow, where the prior network is what the walk teleports by".to_owned();
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
        let idle = given.into_iter().filter(|(given, _, idle, _)| *given && *idle);
        let idle = idle.map(|(_, option, _, why)| format!("{option} has no effect {}", why()));
        idle.chain(self.memory.without_effect()).collect()
    }
}
