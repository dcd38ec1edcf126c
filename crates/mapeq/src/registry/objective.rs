//! The interface between a program and its objectives.

use mapeq_core::{FlowNetwork, Tree};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::{Monitor, Sizes};

use super::options::{ObjectiveOption, ObjectiveOptions};
use super::score::Score;

/// One trial of a search.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TrialRequest<'a> {
    /// Whether the tree must be a flat partition. Always set if the objective is not hierarchical.
    pub two_level: bool,
    /// How thoroughly to search.
    pub options: MultilevelOptions,
    /// The way to search for flat modules.
    pub method: SearchMethod,
    /// The tree to start from, which is not to be made longer; `None`: from single nodes.
    pub start: Option<&'a Tree>,
    /// For every node of the network as it is, a label if it is fixed in a flat partition: see [`mapeq_search::Demands`].
    pub fixed: Option<&'a [Option<u32>]>,
    /// How small and how large flat modules may be.
    pub sizes: Sizes,
    /// Seed of the trial.
    pub seed: u64,
    /// Two trees to combine, the better one first: the result is the better one, improved by the
    /// differences between the two. `None`: the trial is independent of others.
    pub parents: Option<(&'a Tree, &'a Tree)>,
}

/// A way to search for flat modules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchMethod {
    /// Local moving, level by level, with tuning and recombination.
    #[default]
    Louvain,
    /// Greedy merging and simulated annealing: see [`mapeq_search::annealing`].
    Annealing,
}

/// An objective that a program offers under a name.
///
/// Dispatched once per trial; inside, the search is compiled for the objective. [`TwoLevel`] and [`Multilevel`] make one
/// from an [`AdditiveObjective`](mapeq_core::AdditiveObjective) or a
/// [`HierarchicalObjective`](mapeq_core::HierarchicalObjective); an [`Objective`](mapeq_core::Objective) with bookkeeping of
/// its own implements this trait with [`two_level`](mapeq_search::two_level).
pub trait RegisteredObjective: Send + Sync {
    /// The name users type.
    fn name(&self) -> &str;

    /// One sentence on what is minimised.
    fn summary(&self) -> &str;

    /// What values are measured in; empty if they have no unit.
    fn unit(&self) -> &str {
        ""
    }

    /// Whether modules can be nested.
    fn is_hierarchical(&self) -> bool;

    /// The options that it takes.
    fn options(&self) -> &[ObjectiveOption] {
        &[]
    }

    /// The same objective with these options, of which only those that it takes have a value; `None` if it takes none.
    fn with_options(&self, options: &ObjectiveOptions) -> Option<Box<dyn RegisteredObjective>> {
        let _ = options;
        None
    }

    /// Whether it is about a walk that visits the features of a bipartite network like other nodes, in place of one that passes
    /// through them.
    fn needs_unipartite_flow(&self) -> bool {
        false
    }

    /// Whether the objective makes sense for this walk.
    ///
    /// # Errors
    /// Why it does not, and what would.
    fn check(&self, network: &FlowNetwork) -> Result<(), String> {
        let _ = network;
        Ok(())
    }

    /// Returns whether [`search`](Self::search) can combine trees, as [`TrialRequest::parents`]
    /// requests. If not, all trials are independent.
    fn can_combine(&self) -> bool {
        true
    }

    /// Runs one trial of the search.
    fn search(&self, network: &FlowNetwork, request: &TrialRequest<'_>, monitor: &dyn Monitor) -> Tree;

    /// The value of a tree, from scratch. The tree has two levels if the objective is not hierarchical.
    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score;

    /// What is added to the score of a tree where trees are compared, and is no part of what is told of them.
    fn selection_penalty(&self, network: &FlowNetwork, tree: &Tree) -> f64 {
        let _ = (network, tree);
        0.0
    }
}
