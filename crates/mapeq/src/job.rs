//! The whole job without files: network → flow → trials → best tree.

use std::time::{Duration, Instant};

use mapeq_core::{FlowNetwork, Network, Tree};
use mapeq_flow::{FlowError, FlowOptions, compute_flow};
use mapeq_multilevel::MultilevelOptions;
use mapeq_search::{Convergence, Layout, Monitor, Parents, Silent, SizeBounds, best_of_trials, evolve_trials};

use crate::registry::{
    RegisteredMapEquation, RegisteredObjective, Score, SearchMethod, TrialRequest, with_random_candidates,
};

/// Options of a search for modules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusterOptions {
    /// Flow model and its options.
    pub flow: FlowOptions,
    /// Whether to search for a two-level partition, without nested modules.
    pub two_level: bool,
    /// Number of trials. The best one is kept. 0 runs one trial.
    pub trials: usize,
    /// Whether all trials are independent. Otherwise later trials combine results of earlier ones,
    /// which gives shorter codelengths in less time, but hides how much independent trials differ.
    pub independent_trials: bool,
    /// Criterion by which trials end early. `None`: run all trials.
    pub convergence: Option<Convergence>,
    /// Seed of the first trial. Trial `i` has the seed `seed + i`.
    pub seed: u64,
    /// Thoroughness of each trial.
    pub search: MultilevelOptions,
    /// Method of the two-level search.
    pub method: SearchMethod,
    /// Bounds on the number of nodes in a leaf module.
    pub sizes: SizeBounds,
}

/// With recorded teleportation, nodes of at most this degree draw random candidate modules.
const MAX_DEGREE_FOR_RANDOM: u32 = 20;

impl ClusterOptions {
    /// Returns the options for a walk. With recorded teleportation, modules can gain by merging
    /// without a link between them, so the search draws random candidates. On regularised cnr-2000
    /// that saves 0.7 %.
    fn for_walk(&self, flow: &FlowNetwork) -> Self {
        match flow.nodes.teleportation {
            None => *self,
            Some(_) => Self { search: with_random_candidates(self.search, MAX_DEGREE_FOR_RANDOM), ..*self },
        }
    }
}

/// Start and constraints of a search, by node.
#[derive(Clone, Copy, Debug, Default)]
pub struct SearchInput<'a> {
    /// Tree to start from. The result never has a larger value.
    pub start: Option<&'a Tree>,
    /// Label of every fixed node, `None` for other nodes. Nodes of the same label end in the same
    /// leaf module, nodes of different labels in different ones.
    pub fixed: Option<&'a [Option<u32>]>,
}

impl Default for ClusterOptions {
    fn default() -> Self {
        Self {
            flow: FlowOptions::default(),
            two_level: false,
            trials: 1,
            independent_trials: false,
            convergence: None,
            seed: 123,
            search: MultilevelOptions::default(),
            method: SearchMethod::default(),
            sizes: SizeBounds::default(),
        }
    }
}

/// The modules of a network.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Clustering {
    /// Best tree. Siblings are sorted by descending flow, ties by smallest node.
    pub tree: Tree,
    /// Value of the tree. For the map equation, its codelength in bits per step.
    pub score: Score,
    /// Visit rate of every node, per step.
    pub flow: Box<[f64]>,
    /// All trials that ran, in order.
    pub trials: Vec<TrialSummary>,
    /// Index of the best trial in `trials`.
    pub best_trial: usize,
    /// Remarks for the user.
    pub notes: Vec<String>,
}

impl Clustering {
    /// Sorts siblings in the order of output.
    fn sort(&mut self) {
        let (tree, number) = self.tree.sorted_with_numbers(&self.flow);
        self.tree = tree;
        self.score.renumber(&number);
    }
}

/// Result of one trial.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TrialSummary {
    /// Number of the trial, from 0.
    pub number: usize,
    /// Seed of the trial.
    pub seed: u64,
    /// Value of the tree that the trial found. For the map equation, bits per step.
    pub codelength: f64,
    /// Quantity by which trials are compared: the codelength, plus the selection penalty of the
    /// objective.
    pub value: f64,
    /// Number of levels, including the nodes.
    pub levels: usize,
    /// Number of modules at each level, top first.
    pub modules_per_level: Vec<usize>,
    /// Elapsed time.
    pub time: Duration,
}

/// Error of [`cluster`].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The flow cannot be computed.
    #[error(transparent)]
    Flow(#[from] FlowError),
}

/// The caller's view of running trials. Functions are called from any thread.
pub trait Progress: Monitor {
    /// Called when a trial has ended.
    fn trial_ended(&self, trial: &TrialSummary) {
        let _ = trial;
    }
}

impl Progress for Silent {}

/// Finds the modules of `network` that minimise the map equation.
///
/// Trials run in parallel in the current rayon pool. The result does not depend on the number of
/// threads.
///
/// # Errors
/// If the flow cannot be computed: see [`compute_flow`].
///
/// ```
/// use mapeq::{ClusterOptions, Direction, Network};
///
/// // Two triangles and a link between them.
/// let links = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)];
/// let links = links.map(|(source, target)| (source, target, 1.0));
/// let network = Network::from_links(Direction::Undirected, 6, links)?;
///
/// let clustering = mapeq::cluster(&network, &ClusterOptions::default())?;
/// assert_eq!(clustering.tree.leaf_partition().labels(), [0, 0, 0, 1, 1, 1]);
/// assert!((clustering.score.codelength.total() - 2.320730356834).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cluster(network: &Network, options: &ClusterOptions) -> Result<Clustering, Error> {
    let flow = compute_flow(network, &options.flow)?;
    let (layout, objective) = (Layout::new(flow.network), RegisteredMapEquation::default());
    let mut clustering = cluster_with(&layout, &objective, options, SearchInput::default(), &Silent);
    clustering.notes.extend(flow.report.notes);
    Ok(clustering)
}

/// Finds the modules that minimise `objective`, given the flow of a network.
/// [`ClusterOptions::flow`] has no effect.
///
/// When `progress` requests a stop, running trials end early and no further trial starts. The first
/// trial always runs.
pub fn cluster_flow(
    flow: &FlowNetwork,
    objective: &dyn RegisteredObjective,
    options: &ClusterOptions,
    progress: &dyn Progress,
) -> Clustering {
    run_trials(flow, objective, options, SearchInput::default(), progress)
}

/// Like [`cluster_flow`], with a start or fixed nodes, for a network whose nodes are in an order
/// that makes the search fast. Input and result are by node of the original network.
///
/// ```
/// use mapeq::{ClusterOptions, Layout, Partition, RegisteredMapEquation, SearchInput, Silent, Tree};
///
/// // Two triangles and a link between them.
/// let text = "1 2\n1 3\n2 3\n3 4\n4 5\n4 6\n5 6\n";
/// let file = mapeq::io::read_network_from(text.as_bytes(), "example", &Default::default())?;
/// let layout = Layout::new(mapeq::compute_flow(&file.network, &Default::default())?.network);
///
/// // Start from one module, and keep the second node and the last one in different modules.
/// let start = Tree::from_partition(&Partition::one_module(6));
/// let fixed = [None, Some(0), None, None, None, Some(1)];
/// let input = SearchInput { start: Some(&start), fixed: Some(&fixed) };
///
/// let objective = RegisteredMapEquation::default();
/// let options = ClusterOptions { two_level: true, ..Default::default() };
/// let found = mapeq::cluster_with(&layout, &objective, &options, input, &Silent);
/// assert_eq!(found.tree.leaf_partition().labels(), [0, 0, 0, 1, 1, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cluster_with(
    layout: &Layout,
    objective: &dyn RegisteredObjective,
    options: &ClusterOptions,
    input: SearchInput<'_>,
    progress: &dyn Progress,
) -> Clustering {
    let start = input.start.map(|tree| layout.lay_out(tree));
    let fixed = input.fixed.map(|labels| layout.by_place(labels));
    let input = SearchInput { start: start.as_ref(), fixed: fixed.as_deref() };
    let mut clustering = run_trials(layout.network(), objective, options, input, progress);
    let (tree, number) = layout.restore(&clustering.tree);
    clustering.tree = tree;
    clustering.score.renumber(&number);
    clustering.flow = layout.by_node(&clustering.flow);
    // Siblings of equal flow are ordered by place here, and must be ordered by node.
    clustering.sort();
    clustering
}

fn run_trials(
    flow: &FlowNetwork,
    objective: &dyn RegisteredObjective,
    options: &ClusterOptions,
    input: SearchInput<'_>,
    progress: &dyn Progress,
) -> Clustering {
    let options = &options.for_walk(flow);
    let mut notes = Vec::new();
    if !options.two_level && !objective.is_hierarchical() {
        notes.push(format!("the objective {} has no hierarchy: the search is two-level", objective.name()));
    }
    let two_level = options.two_level || !objective.is_hierarchical();
    let trial = |number: usize, seed: u64, search: &dyn Fn(&TrialRequest<'_>) -> Tree| {
        if number > 0 && progress.stop_requested() {
            return None;
        }
        let begun = Instant::now();
        let ClusterOptions { search: options, method, sizes, .. } = *options;
        let SearchInput { start, fixed } = input;
        let tree = search(&TrialRequest { two_level, options, method, start, fixed, sizes, seed, parents: None });
        let score = objective.score(flow, &tree);
        let codelength = score.codelength.total();
        let (levels, modules_per_level) = (tree.levels(), tree.modules_per_level());
        let value = codelength + objective.selection_penalty(flow, &tree);
        let time = begun.elapsed();
        let summary = TrialSummary { number, seed, codelength, value, levels, modules_per_level, time };
        progress.trial_ended(&summary);
        Some((value, (tree, score), summary))
    };
    let search = |request: &TrialRequest<'_>| objective.search(flow, request, progress);
    let run = |number: usize, seed: u64| trial(number, seed, &search);
    let combine = |number: usize, seed: u64, parents: Parents<'_, (Tree, Score)>| {
        trial(number, seed, &|request| match parents {
            Parents::Two((better, _), (other, _)) => {
                search(&TrialRequest { parents: Some((better, other)), ..*request })
            }
            Parents::BestAndNew((best, _)) => {
                let new = search(request);
                search(&TrialRequest { parents: Some((best, &new)), ..*request })
            }
        })
    };
    let (count, seed, convergence) = (options.trials.max(1), options.seed, options.convergence);
    // The fastest searches leave out the steps that improve a combination.
    let independent = options.independent_trials || options.search.fast > 1 || !objective.can_combine();
    let trials = match (independent, convergence) {
        (true, None) => best_of_trials(count, seed, run),
        (true, _) => evolve_trials(count, seed, convergence, run, |number, seed, _| run(number, seed)),
        (false, _) => evolve_trials(count, seed, convergence, run, combine),
    };
    let trials = trials.expect("the first trial always runs");
    let (tree, score) = trials.best.outcome;
    let best_trial = trials.all.partition_point(|trial| trial.number < trials.best.number);
    let summaries = trials.all.into_iter().map(|trial| trial.outcome).collect();
    let mut clustering =
        Clustering { tree, score, flow: flow.nodes.flow.clone(), trials: summaries, best_trial, notes };
    clustering.sort();
    clustering
}
