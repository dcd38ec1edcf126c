//! One trial or one combination, compiled for an objective.

use mapeq_core::{FlowNetwork, NestedObjective, Objective, Tree};
use mapeq_multilevel::multilevel;
use mapeq_search::{Monitor, two_level};

use super::TrialRequest;

/// What there is to do with an objective.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub network: &'a FlowNetwork,
    pub request: &'a TrialRequest,
    /// The trees to combine, the better one first; none for a trial that begins on its own.
    pub parents: Option<(&'a Tree, &'a Tree)>,
    pub monitor: &'a dyn Monitor,
}

impl Work<'_> {
    /// Flat modules.
    pub fn flat<O: Objective>(&self, objective: &O) -> Tree {
        let Self { network, request, parents, monitor } = *self;
        let options = &request.options.two_level;
        Tree::from_partition(&match parents {
            None => two_level(network, objective, options, request.seed, monitor),
            Some((better, other)) => {
                let partitions = (&better.leaf_partition(), &other.leaf_partition());
                mapeq_search::combine(network, objective, options, partitions, request.seed, monitor)
            }
        })
    }

    /// Nested modules, or flat ones where that is requested.
    pub fn nested<O: NestedObjective>(&self, objective: &O) -> Tree {
        let Self { network, request, parents, monitor } = *self;
        if request.two_level {
            return self.flat(objective);
        }
        match parents {
            None => multilevel(network, objective, &request.options, request.seed, monitor),
            Some(trees) => {
                mapeq_multilevel::combine(network, objective, &request.options, trees, request.seed, monitor)
            }
        }
    }

    /// A trial where moves one by one lead to a poor place: beside what they find, trees are adapted to the objective that are
    /// good for others with fewer such places, `eased`. `value` is what the trial minimises.
    pub fn nested_beside<O: NestedObjective>(
        &self,
        objective: &O,
        eased: impl FnOnce() -> Vec<Tree>,
        value: impl Fn(&Tree) -> f64,
    ) -> Tree {
        let combine = |better: &Tree, other: &Tree| Work { parents: Some((better, other)), ..*self }.nested(objective);
        let mut best = self.nested(objective);
        if self.monitor.stop_requested() {
            return best;
        }
        for eased in eased() {
            let adapted = combine(&eased, &best);
            best = if value(&adapted) < value(&best) { combine(&adapted, &best) } else { combine(&best, &adapted) };
        }
        best
    }
}
