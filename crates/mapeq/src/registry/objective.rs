//! The interface between a program and its objectives.

use mapeq_core::{FlowNetwork, Tree};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::{Monitor, SizeBounds};

use super::options::{ObjectiveOption, ObjectiveOptions};
use super::score::Score;

/// Parameters of one trial of a search.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct TrialRequest<'a> {
    /// Whether the result must be a two-level tree. Always set if the objective is not
    /// hierarchical.
    pub two_level: bool,
    /// Thoroughness of the search.
    pub options: MultilevelOptions,
    /// Method of the two-level search.
    pub method: SearchMethod,
    /// Tree to start from; `None` to start from single nodes. The result is never worse than the
    /// tree.
    pub start: Option<&'a Tree>,
    /// Label of every fixed node, by node of the network: see [`mapeq_search::Constraints::fixed`].
    pub fixed: Option<&'a [Option<u32>]>,
    /// Bounds on the number of nodes in a leaf module.
    pub sizes: SizeBounds,
    /// Seed of the trial.
    pub seed: u64,
    /// Trees to combine, the better one first; `None` for an independent trial. The result is never
    /// worse than the better tree.
    pub parents: Option<(&'a Tree, &'a Tree)>,
}

/// Method of the two-level search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchMethod {
    /// Louvain procedure with tuning and recombination: see [`mapeq_search::two_level`].
    #[default]
    Louvain,
    /// Greedy merging, then simulated annealing: see [`mapeq_search::annealing`].
    Annealing,
}

/// An objective that a program offers by name.
///
/// [`TwoLevel`](crate::TwoLevel) implements this trait for any
/// [`AdditiveObjective`](mapeq_core::AdditiveObjective), and [`Multilevel`](crate::Multilevel) for
/// any [`HierarchicalObjective`](mapeq_core::HierarchicalObjective). For any other
/// [`Objective`](mapeq_core::Objective), implement `search` with
/// [`two_level`](mapeq_search::two_level) and [`combine`](mapeq_search::combine). Calls are
/// dispatched once per trial; the search itself is compiled for the objective.
pub trait RegisteredObjective: Send + Sync {
    /// Returns the name that users type.
    fn name(&self) -> &str;

    /// Returns one sentence on the quantity that is minimised.
    fn summary(&self) -> &str;

    /// Returns the unit of the values, or an empty string if they have none.
    fn unit(&self) -> &str {
        ""
    }

    /// Returns whether modules can be nested.
    fn is_hierarchical(&self) -> bool;

    /// Returns the options that the objective takes.
    fn options(&self) -> &[ObjectiveOption] {
        &[]
    }

    /// Returns the objective with `options`, or `None` if it takes no options. Only options that it
    /// takes have a value.
    fn with_options(&self, options: &ObjectiveOptions) -> Option<Box<dyn RegisteredObjective>> {
        let _ = options;
        None
    }

    /// Returns whether the objective needs a walk that visits the features of a bipartite network
    /// like ordinary nodes. By default, the walk passes through features without a visit.
    fn needs_unipartite_flow(&self) -> bool {
        false
    }

    /// Checks that the objective is defined for the flow of `network`.
    ///
    /// # Errors
    /// If it is not: the reason, and what to change.
    fn check(&self, network: &FlowNetwork) -> Result<(), String> {
        let _ = network;
        Ok(())
    }

    /// Returns whether [`search`](Self::search) combines the trees in [`TrialRequest::parents`]. If
    /// not, all trials are independent.
    fn can_combine(&self) -> bool {
        true
    }

    /// Runs one trial of the search and returns the tree it found.
    fn search(&self, network: &FlowNetwork, request: &TrialRequest<'_>, monitor: &dyn Monitor) -> Tree;

    /// Computes the value of a tree from scratch. The tree has two levels if the objective is not
    /// hierarchical.
    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score;

    /// Returns a penalty that is added to the score when trees are compared. It is not part of the
    /// reported score.
    fn selection_penalty(&self, network: &FlowNetwork, tree: &Tree) -> f64 {
        let _ = (network, tree);
        0.0
    }
}
