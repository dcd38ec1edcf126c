//! One trial or one combination, compiled for an objective.

use mapeq_core::{FlowNetwork, NestedObjective, Objective, Tree};
use mapeq_multilevel::{multilevel, multilevel_from};
use mapeq_search::{AnnealingOptions, Demands, Monitor, annealing, combine_under, two_level_under};

use super::{Method, TrialRequest};

/// What there is to do with an objective.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub network: &'a FlowNetwork,
    pub request: &'a TrialRequest<'a>,
    /// The trees to combine, the better one first; none for a trial that begins on its own.
    pub parents: Option<(&'a Tree, &'a Tree)>,
    pub monitor: &'a dyn Monitor,
}

impl Work<'_> {
    /// Flat modules.
    pub fn flat<O: Objective>(&self, objective: &O) -> Tree {
        let Self { network, request, parents, monitor } = *self;
        let (options, seed) = (&request.options.two_level, request.seed);
        let start = request.start.map(|tree| tree.partition_at(1));
        let demands = Demands { start: start.as_ref(), fixed: request.fixed, sizes: request.sizes };
        Tree::from_partition(&match (parents, request.method) {
            (None, Method::Climb) => two_level_under(network, objective, options, &demands, seed, monitor),
            (None, Method::Annealing) => {
                let options = AnnealingOptions::default();
                annealing(network, objective, &options, start.as_ref(), seed, monitor)
            }
            (Some((better, other)), _) => {
                let partitions = (&better.leaf_partition(), &other.leaf_partition());
                combine_under(network, objective, options, &demands, partitions, seed, monitor)
            }
        })
    }

    /// Nested modules, or flat ones where that is requested.
    pub fn nested<O: NestedObjective>(&self, objective: &O) -> Tree {
        let Self { network, request, parents, monitor } = *self;
        if request.two_level {
            return self.flat(objective);
        }
        let (options, seed) = (&request.options, request.seed);
        match parents {
            None => match request.start {
                None => multilevel(network, objective, options, seed, monitor),
                Some(start) => multilevel_from(network, objective, options, start, seed, monitor),
            },
            Some(trees) => mapeq_multilevel::combine(network, objective, options, trees, seed, monitor),
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
