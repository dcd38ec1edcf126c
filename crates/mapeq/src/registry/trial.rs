//! One trial of a search, generic over the objective.

use std::sync::OnceLock;

use mapeq_core::{FlowNetwork, NestedObjective, Objective, Tree, nested_value};
use mapeq_multilevel::{multilevel, multilevel_constrained, multilevel_from};
use mapeq_search::{
    AnnealingOptions, Constraints, Monitor, Stage, annealing, combine_constrained, two_level_constrained,
};

use super::objective::{SearchMethod, TrialRequest};

/// A trial to run: the network, the request and the monitor.
#[derive(Clone, Copy)]
pub(super) struct Trial<'a> {
    pub network: &'a FlowNetwork,
    pub request: &'a TrialRequest<'a>,
    pub monitor: &'a dyn Monitor,
}

impl Trial<'_> {
    /// Finds a two-level tree.
    pub fn flat<O: Objective>(&self, objective: &O) -> Tree {
        let monitor = &WithConstant::new(self.monitor, objective, self.network);
        Trial { monitor, ..*self }.search_flat(objective)
    }

    fn search_flat<O: Objective>(&self, objective: &O) -> Tree {
        let Self { network, request, monitor } = *self;
        let (options, seed) = (&request.options.two_level, request.seed);
        let start = request.start.map(|tree| tree.partition_at(1));
        let constraints = Constraints { fixed: request.fixed, sizes: request.sizes };
        Tree::from_partition(&match (request.parents, request.method) {
            (None, SearchMethod::Louvain) => {
                two_level_constrained(network, objective, options, &constraints, start.as_ref(), seed, monitor)
            }
            (None, SearchMethod::Annealing) => {
                let options = AnnealingOptions::default();
                annealing(network, objective, &options, start.as_ref(), seed, monitor)
            }
            (Some((better, other)), _) => {
                let partitions = (&better.leaf_partition(), &other.leaf_partition());
                combine_constrained(network, objective, options, &constraints, partitions, seed, monitor)
            }
        })
    }

    /// Finds a tree of any depth, or a two-level tree if [`TrialRequest::two_level`] is set.
    pub fn nested<O: NestedObjective>(&self, objective: &O) -> Tree {
        let monitor = &WithConstant::new(self.monitor, objective, self.network);
        Trial { monitor, ..*self }.search_nested(objective)
    }

    fn search_nested<O: NestedObjective>(&self, objective: &O) -> Tree {
        let Self { network, request, monitor } = *self;
        if request.two_level {
            return self.search_flat(objective);
        }
        let (options, seed) = (&request.options, request.seed);
        let constraints = Constraints { fixed: request.fixed, sizes: request.sizes };
        if !constraints.is_empty() {
            return self.nested_constrained(objective, &constraints);
        }
        if request.parents.is_none() && request.method == SearchMethod::Annealing {
            let flat = self.search_flat(objective);
            let grown = multilevel_from(network, objective, options, &flat, seed, monitor);
            let Some(start) = request.start.filter(|start| start.levels() > 2) else { return grown };
            let tuned = multilevel_from(network, objective, options, start, seed, monitor);
            let level = objective.level(network);
            let value = |tree: &Tree| nested_value(objective, &level, &network.couplings, tree);
            return if value(&tuned) < value(&grown) { tuned } else { grown };
        }
        match request.parents {
            None => match request.start {
                None => multilevel(network, objective, options, seed, monitor),
                Some(start) => multilevel_from(network, objective, options, start, seed, monitor),
            },
            Some(trees) => mapeq_multilevel::combine(network, objective, options, trees, seed, monitor),
        }
    }

    /// Finds a tree that satisfies `constraints`. It grows from a two-level tree that satisfies
    /// them.
    fn nested_constrained<O: NestedObjective>(&self, objective: &O, constraints: &Constraints<'_>) -> Tree {
        let Self { network, request, monitor } = *self;
        let (options, seed) = (&request.options, request.seed);
        let leaves = request.start.map(Tree::leaf_partition);
        let flat = match request.parents {
            None => {
                let start = leaves.as_ref();
                two_level_constrained(network, objective, &options.two_level, constraints, start, seed, monitor)
            }
            Some((better, other)) => {
                let partitions = (&better.leaf_partition(), &other.leaf_partition());
                combine_constrained(network, objective, &options.two_level, constraints, partitions, seed, monitor)
            }
        };
        let start = request.parents.map(|(better, _)| better).or(request.start);
        multilevel_constrained(network, objective, options, constraints, (&flat, start), seed, monitor)
    }

    /// Runs a trial on `objective`, then combines its tree with the trees of `smoothed`, which were
    /// found under smoother objectives.
    ///
    /// This helps if moves of single units end in poor local minima of `objective`. `value` is the
    /// quantity that the trial minimises.
    pub fn nested_with_smoothing<O: NestedObjective>(
        &self,
        objective: &O,
        smoothed: impl FnOnce() -> Vec<Tree>,
        value: impl Fn(&Tree) -> f64,
    ) -> Tree {
        let combine = |better: &Tree, other: &Tree| {
            let request = TrialRequest { parents: Some((better, other)), ..*self.request };
            Trial { request: &request, ..*self }.nested(objective)
        };
        let mut best = self.nested(objective);
        if self.monitor.stop_requested() {
            return best;
        }
        for smoothed in smoothed() {
            let adapted = combine(&smoothed, &best);
            best = if value(&adapted) < value(&best) { combine(&adapted, &best) } else { combine(&best, &adapted) };
        }
        best
    }

    /// Runs a trial from the best of `trees` and the requested start. `value` is the quantity that
    /// the trial minimises.
    pub fn nested_from_best<O: NestedObjective>(
        &self,
        objective: &O,
        trees: &[Tree],
        value: impl Fn(&Tree) -> f64,
    ) -> Tree {
        let best = trees.iter().chain(self.request.start).min_by(|a, b| value(a).total_cmp(&value(b)));
        Trial { request: &TrialRequest { start: best, ..*self.request }, ..*self }.nested(objective)
    }
}

/// Adds the constant of the objective to the values that a search reports.
struct WithConstant<'a, O> {
    monitor: &'a dyn Monitor,
    objective: &'a O,
    network: &'a FlowNetwork,
    constant: OnceLock<f64>,
}

impl<'a, O: Objective> WithConstant<'a, O> {
    fn new(monitor: &'a dyn Monitor, objective: &'a O, network: &'a FlowNetwork) -> Self {
        Self { monitor, objective, network, constant: OnceLock::new() }
    }
}

impl<O: Objective> Monitor for WithConstant<'_, O> {
    fn stop_requested(&self) -> bool {
        self.monitor.stop_requested()
    }

    fn stage_ended(&self, stage: Stage<'_>) {
        let constant = || self.constant.get_or_init(|| self.objective.constant(self.network));
        self.monitor.stage_ended(Stage::new(stage.name, stage.modules, &|| stage.value() + constant()));
    }
}
