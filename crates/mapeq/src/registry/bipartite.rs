//! The registry entry of the bipartite map equation.

use mapeq_core::{Additive, FlowNetwork, Partition, Tree};
use mapeq_search::Monitor;
use mapeq_twolevel::BipartiteMapEquation;

use super::objective::{RegisteredObjective, TrialRequest};
use super::options::{ObjectiveOption, ObjectiveOptions};
use super::score::Score;
use super::trial::Trial;

/// Entry for the map equation with node types: see [`BipartiteMapEquation`]. It needs undirected
/// flow that visits features like ordinary nodes
/// ([`BipartiteFlow::Unipartite`](mapeq_flow::BipartiteFlow)).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RegisteredBipartite {
    /// Rate at which node types are confused, from 0 (full memory of the type) to 0.5 (no memory:
    /// the ordinary map equation).
    pub flipping_rate: f64,
}

/// Below this flipping rate, the search combines its result with trees found at this rate.
///
/// At low rates hardly any move of a single node pays: leaving a singleton module is free, because
/// its codebook for the other type contains the exit alone, and only larger groups gain. Trees
/// found at this rate contain such groups. (Southern women at rate 0: 3.23 bits for the best
/// modules, 3.71 bits for single nodes.)
const MIN_SEARCHED_FLIPPING_RATE: f64 = 0.1;

impl RegisteredBipartite {
    /// Returns the equation for a network that [`check`](Self::check) accepts.
    fn equation(&self, network: &FlowNetwork, flipping_rate: f64) -> BipartiteMapEquation {
        BipartiteMapEquation::new(network.first_feature.expect("a bipartite network"), flipping_rate)
    }
}

impl RegisteredObjective for RegisteredBipartite {
    fn name(&self) -> &str {
        "bipartite-map-equation"
    }

    fn summary(&self) -> &str {
        "The map equation of a bipartite network with separate codebooks for the two types of nodes"
    }

    fn unit(&self) -> &str {
        "bits"
    }

    fn is_hierarchical(&self) -> bool {
        true
    }

    fn options(&self) -> &[ObjectiveOption] {
        &[ObjectiveOption::FlippingRate]
    }

    fn with_options(&self, options: &ObjectiveOptions) -> Option<Box<dyn RegisteredObjective>> {
        Some(Box::new(Self { flipping_rate: options.flipping_rate.unwrap_or(self.flipping_rate) }))
    }

    fn needs_unipartite_flow(&self) -> bool {
        true
    }

    fn check(&self, network: &FlowNetwork) -> Result<(), String> {
        let nodes = &network.nodes;
        let Some(first_feature) = network.first_feature else {
            let reason = "needs a bipartite network (hint: the heading *Bipartite gives the first feature)";
            return Err(format!("{} {reason}", self.name()));
        };
        if nodes.enter.is_some() || nodes.teleportation.is_some() {
            let reason = "needs undirected flow along links: remove the options that change the flow";
            return Err(format!("{} {reason}", self.name()));
        }
        let is_feature = |node: usize| nodes.at(node).number >= first_feature;
        if network.couplings.iter().any(|(node, other, _)| is_feature(node) == is_feature(other))
            || nodes.stay.is_some()
        {
            return Err(format!("{} needs a bipartite network: a link joins nodes of the same type", self.name()));
        }
        if (0..network.len()).any(|node| nodes.exit[node] > 0.0 && nodes.flow[node] <= 0.0) {
            return Err(format!("{} needs flow that visits features", self.name()));
        }
        Ok(())
    }

    fn search(&self, network: &FlowNetwork, request: &TrialRequest<'_>, monitor: &dyn Monitor) -> Tree {
        let trial = Trial { network, request, monitor };
        let equation = self.equation(network, self.flipping_rate);
        if self.flipping_rate >= MIN_SEARCHED_FLIPPING_RATE || request.parents.is_some() {
            return trial.nested(&Additive(equation));
        }
        let smoothed = || vec![trial.nested(&Additive(self.equation(network, MIN_SEARCHED_FLIPPING_RATE)))];
        let value = |tree: &Tree| equation.codelength(network, tree).codelength.total();
        trial.nested_with_smoothing(&Additive(equation), smoothed, value)
    }

    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score {
        let equation = self.equation(network, self.flipping_rate);
        let one_module = Tree::from_partition(&Partition::one_module(network.len()));
        let one_level = equation.codelength(network, &one_module).codelength.total();
        let of_tree = equation.codelength(network, tree);
        Score { codelength: of_tree.codelength, one_level, modules: of_tree.codebooks }
    }
}
