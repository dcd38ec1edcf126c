//! The map equation with node types under a name.

use mapeq_core::{Additive, FlowNetwork, Partition, Tree};
use mapeq_search::Monitor;
use mapeq_twolevel::BipartiteMapEquation;

use super::objective::{RegisteredObjective, TrialRequest};
use super::options::{ObjectiveOption, ObjectiveOptions};
use super::score::Score;
use super::trial::Trial;

/// The map equation of bipartite networks with types of nodes: see [`BipartiteMapEquation`]. It is about undirected flow that
/// visits features like other nodes ([`BipartiteFlow::Unipartite`](mapeq_flow::BipartiteFlow)).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RegisteredBipartite {
    /// How often types are taken for each other, from 0 (full memory) to 0.5 (none: the plain map equation).
    pub flipping_rate: f64,
}

/// With more memory than this rate leaves, hardly any pair of nodes wants to be together: to leave a single node costs nothing,
/// since its codebook for the other type has the exit alone, and only groups are worth it. What is found at this rate has the
/// groups. (The best modules of the southern women with full memory take 3.23 bits, single nodes 3.71.)
const MIN_SEARCHED_FLIPPING_RATE: f64 = 0.1;

impl RegisteredBipartite {
    /// The equation of a network that was checked.
    fn equation(&self, network: &FlowNetwork, flipping_rate: f64) -> BipartiteMapEquation {
        BipartiteMapEquation::new(network.first_feature.expect("a bipartite network"), flipping_rate)
    }
}

impl RegisteredObjective for RegisteredBipartite {
    fn name(&self) -> &str {
        "bipartite-map-equation"
    }

    fn summary(&self) -> &str {
        "The map equation of a bipartite network with codebooks that know the type of the next node"
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
            let why = "is about bipartite networks, whose file tells the first feature under *Bipartite";
            return Err(format!("{} {why}", self.name()));
        };
        if nodes.enter.is_some() || nodes.teleportation.is_some() {
            let why = "is about undirected flow along the links: without other options of the flow, please";
            return Err(format!("{} {why}", self.name()));
        }
        let is_feature = |node: usize| nodes.at(node).number >= first_feature;
        if network.couplings.iter().any(|(node, other, _)| is_feature(node) == is_feature(other))
            || nodes.stay.is_some()
        {
            return Err(format!(
                "{} is about bipartite networks: there is a link between nodes of a type",
                self.name()
            ));
        }
        if (0..network.len()).any(|node| nodes.exit[node] > 0.0 && nodes.flow[node] <= 0.0) {
            return Err(format!("{} is about flow that visits features, too", self.name()));
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
        let length = |tree: &Tree| equation.codelength(network, tree);
        let one_module = Tree::from_partition(&Partition::one_module(network.len()));
        let of_tree = length(tree);
        let one_level = length(&one_module).codelength.total();
        Score { codelength: of_tree.codelength, one_level, modules: of_tree.codebooks }
    }
}
