//! The map equation with node types under a name.

use mapeq_core::{Additive, FlowNetwork, Partition, Tree};
use mapeq_search::Monitor;
use mapeq_twolevel::BipartiteMapEquation;

use super::work::Work;
use super::{RegisteredObjective, Score, TrialRequest};

/// The map equation of bipartite networks with types of nodes: see [`BipartiteMapEquation`]. Nodes numbered `first_feature` and
/// higher are of the second type; types are taken for each other at `flipping_rate`, from 0 to 0.5.
///
/// # Panics
/// If the rate is not between 0 and 0.5.
pub fn bipartite(first_feature: u32, flipping_rate: f64) -> impl RegisteredObjective + 'static {
    RegisteredBipartite {
        first_feature,
        flipping_rate,
        equation: BipartiteMapEquation::new(first_feature, flipping_rate),
    }
}

/// With more memory than this rate leaves, hardly any pair of nodes wants to be together: to leave a single node costs nothing,
/// since its codebook for the other type has the exit alone, and only groups are worth it. What is found at this rate has the
/// groups. (The best modules of the southern women with full memory take 3.23 bits, single nodes 3.71.)
const EASY: f64 = 0.1;

struct RegisteredBipartite {
    first_feature: u32,
    flipping_rate: f64,
    equation: BipartiteMapEquation,
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

    fn check(&self, network: &FlowNetwork) -> Result<(), String> {
        let nodes = &network.nodes;
        if nodes.enter.is_some() || nodes.teleportation.is_some() {
            return Err(format!("{} is about undirected flow: without --directed, please", self.name()));
        }
        let is_feature = |node: usize| nodes.at(node).number >= self.first_feature;
        if network.couplings.iter().any(|(node, other, _)| is_feature(node) == is_feature(other))
            || nodes.stay.is_some()
        {
            return Err(format!(
                "{} is about bipartite networks: there is a link between nodes of a type",
                self.name()
            ));
        }
        Ok(())
    }

    fn trial(&self, network: &FlowNetwork, request: &TrialRequest<'_>, monitor: &dyn Monitor) -> Tree {
        let work = Work { network, request, parents: None, monitor };
        if self.flipping_rate >= EASY {
            return work.nested(&Additive(self.equation));
        }
        let eased = || vec![work.nested(&Additive(BipartiteMapEquation::new(self.first_feature, EASY)))];
        work.nested_beside(&Additive(self.equation), eased, |tree| {
            self.equation.codelength(network, tree).codelength.total()
        })
    }

    fn combination(
        &self,
        network: &FlowNetwork,
        request: &TrialRequest<'_>,
        trees: (&Tree, &Tree),
        monitor: &dyn Monitor,
    ) -> Option<Tree> {
        Some(Work { network, request, parents: Some(trees), monitor }.nested(&Additive(self.equation)))
    }

    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score {
        let length = |tree: &Tree| self.equation.codelength(network, tree);
        let one_module = Tree::from_partition(&Partition::one_module(network.len()));
        let of_tree = length(tree);
        let one_level = length(&one_module).codelength.total();
        Score { codelength: of_tree.codelength, one_level, modules: of_tree.codebooks }
    }
}
