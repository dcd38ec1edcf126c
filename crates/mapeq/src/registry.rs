//! Objectives by name, so that a program can offer more than it was compiled to know.

use mapeq_core::{
    Additive, AdditiveObjective, Codelength, FlowNetwork, HierarchicalObjective, Objective, Partition, Tree,
    internal_couplings, tree_aggregates,
};
use mapeq_multilevel::{MultilevelOptions, multilevel};
use mapeq_search::{Monitor, two_level};
use mapeq_twolevel::{
    BalancedFlow, Codebook, DirectedFlow, MapEquation, RecordedFlow, UnbalancedFlow, codelength, one_level_codelength,
};

/// One trial of a search.
#[derive(Clone, Copy, Debug)]
pub struct TrialRequest {
    /// Whether the tree must be a flat partition. Always set if the objective is not hierarchical.
    pub two_level: bool,
    /// How thoroughly to search.
    pub options: MultilevelOptions,
    /// Seed of the trial.
    pub seed: u64,
}

/// The value of a tree and what it consists of.
#[derive(Clone, Debug)]
pub struct Score {
    /// The value: what modules share (for the map equation, the index codebook), and the terms of the modules.
    pub codelength: Codelength,
    /// The value if all nodes were in one module.
    pub one_level: f64,
    /// Flow and term of every module, in the order of [`Tree::modules`]; the root first.
    pub modules: Vec<Codebook>,
}

impl Score {
    /// Follows the modules to their numbers in a tree that is the same but for their order.
    pub(crate) fn renumber(&mut self, number: &[u32]) {
        let mut modules = vec![Codebook::default(); self.modules.len()];
        for (own, &number) in self.modules.iter().zip(number) {
            modules[number as usize] = *own;
        }
        self.modules = modules;
    }

    /// What is saved relative to one module, as a fraction: see [`relative_savings`].
    pub fn relative_savings(&self) -> f64 {
        relative_savings(self.codelength.total(), self.one_level)
    }
}

/// What is saved relative to the value of one module, as a fraction; 0 where there is nothing to save but rounding errors.
pub fn relative_savings(value: f64, one_level: f64) -> f64 {
    const ROUNDING: f64 = 1e-12;
    let saved = one_level - value;
    let nothing = saved.abs() <= ROUNDING * one_level.abs() || one_level.abs() <= ROUNDING * value.abs().max(1e-4);
    if nothing { 0.0 } else { saved / one_level }
}

/// An objective that a program offers under a name.
///
/// Dispatched once per trial; inside, the search is compiled for the objective. [`TwoLevel`] and [`Multilevel`] make one
/// from an [`AdditiveObjective`] or a [`HierarchicalObjective`]; an [`Objective`] with bookkeeping of its own implements
/// this trait with [`two_level`].
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

    /// One trial of the search.
    fn trial(&self, network: &FlowNetwork, request: &TrialRequest, monitor: &dyn Monitor) -> Tree;

    /// The better of the trees of two trials, improved by what the other does differently; `None` if the objective knows no
    /// way to combine them, and then trials do not learn from each other.
    fn combination(
        &self,
        network: &FlowNetwork,
        request: &TrialRequest,
        trees: (&Tree, &Tree),
        monitor: &dyn Monitor,
    ) -> Option<Tree> {
        let _ = (network, request, trees, monitor);
        None
    }

    /// The value of a tree, from scratch. The tree has two levels if the objective is not hierarchical.
    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score;
}

/// The objectives of a program. The first one is the default.
pub struct Registry {
    objectives: Vec<Box<dyn RegisteredObjective>>,
}

impl Registry {
    /// The objectives of this workspace: the map equation.
    pub fn standard() -> Self {
        Self { objectives: vec![Box::new(StandardMapEquation)] }
    }

    /// Adds an objective.
    ///
    /// # Panics
    /// If there is one of the same name.
    pub fn add(&mut self, objective: impl RegisteredObjective + 'static) {
        let name = objective.name();
        assert!(self.find(name).is_none(), "an objective named {name:?} is registered already");
        self.objectives.push(Box::new(objective));
    }

    /// The objective named `name`.
    pub fn find(&self, name: &str) -> Option<&dyn RegisteredObjective> {
        self.iter().find(|objective| objective.name() == name)
    }

    /// All objectives, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &dyn RegisteredObjective> {
        self.objectives.iter().map(|objective| &**objective)
    }
}

impl Default for Registry {
    fn default() -> Self {
        Self::standard()
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(RegisteredObjective::name)).finish()
    }
}

/// The map equation, two-level (Rosvall & Bergstrom, PNAS 2008, doi:10.1073/pnas.0706851105) and multilevel (PLoS ONE
/// 2011, doi:10.1371/journal.pone.0018209), for whatever kind of flow the network has.
pub(crate) struct StandardMapEquation;

impl RegisteredObjective for StandardMapEquation {
    fn name(&self) -> &str {
        "map-equation"
    }

    fn summary(&self) -> &str {
        "Bits per step that describe a random walk with a codebook per module"
    }

    fn unit(&self) -> &str {
        "bits"
    }

    fn is_hierarchical(&self) -> bool {
        true
    }

    fn trial(&self, network: &FlowNetwork, request: &TrialRequest, monitor: &dyn Monitor) -> Tree {
        match (&network.nodes.teleportation, &network.nodes.enter) {
            (Some(_), Some(_)) => nested_trial(&MapEquation::<UnbalancedFlow>::new(), network, request, monitor),
            (Some(_), None) => nested_trial(&MapEquation::<RecordedFlow>::new(), network, request, monitor),
            (None, Some(_)) => nested_trial(&MapEquation::<DirectedFlow>::new(), network, request, monitor),
            (None, None) => nested_trial(&MapEquation::<BalancedFlow>::new(), network, request, monitor),
        }
    }

    fn combination(
        &self,
        network: &FlowNetwork,
        request: &TrialRequest,
        trees: (&Tree, &Tree),
        monitor: &dyn Monitor,
    ) -> Option<Tree> {
        Some(match (&network.nodes.teleportation, &network.nodes.enter) {
            (Some(_), Some(_)) => combined(&MapEquation::<UnbalancedFlow>::new(), network, request, trees, monitor),
            (Some(_), None) => combined(&MapEquation::<RecordedFlow>::new(), network, request, trees, monitor),
            (None, Some(_)) => combined(&MapEquation::<DirectedFlow>::new(), network, request, trees, monitor),
            (None, None) => combined(&MapEquation::<BalancedFlow>::new(), network, request, trees, monitor),
        })
    }

    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score {
        let of_tree = codelength(network, tree);
        Score { codelength: of_tree.codelength, one_level: one_level_codelength(network), modules: of_tree.codebooks }
    }
}

/// An [`AdditiveObjective`] under a name. `build` makes the objective for a network.
///
/// ```
/// # use mapeq::core::{AdditiveObjective, FlowNetwork, NodeFlow};
/// # #[derive(Clone, Copy)] struct Modularity;
/// # impl Modularity { fn new(_: &FlowNetwork) -> Self { Self } }
/// # impl AdditiveObjective for Modularity {
/// #     type Module = (f64, f64);
/// #     type Shared = f64;
/// #     fn node(&self, node: &NodeFlow) -> (f64, f64) { (node.flow, node.exit) }
/// #     fn insert(&self, a: &(f64, f64), b: &(f64, f64), w: f64) -> (f64, f64) { (a.0 + b.0, a.1 + b.1 - w) }
/// #     fn remove(&self, a: &(f64, f64), b: &(f64, f64), w: f64) -> (f64, f64) { (a.0 - b.0, a.1 - b.1 + w) }
/// #     fn term(&self, a: &(f64, f64)) -> f64 { a.1 - a.0 + a.0 * a.0 }
/// #     fn shared(&self, _: &(f64, f64)) -> f64 { 0.0 }
/// #     fn shared_term(&self, _: f64) -> f64 { 0.0 }
/// # }
/// let mut registry = mapeq::Registry::standard();
/// registry.add(mapeq::TwoLevel::new("modularity", "Links inside modules beyond chance", |network| Modularity::new(network)));
/// // mapeq::cli::main(registry) is the `mapeq` program with `--objective modularity`.
/// ```
#[derive(Clone, Debug)]
pub struct TwoLevel<F> {
    description: Description,
    build: F,
}

/// A [`HierarchicalObjective`] under a name. `build` makes the objective for a network.
#[derive(Clone, Debug)]
pub struct Multilevel<F> {
    description: Description,
    build: F,
}

#[derive(Clone, Debug)]
struct Description {
    name: String,
    summary: String,
}

impl<F, A> TwoLevel<F>
where
    F: Fn(&FlowNetwork) -> A + Send + Sync,
    A: AdditiveObjective,
{
    /// The objective that `build` makes, under the name `name`; `summary` is one sentence on what is minimised.
    pub fn new(name: &str, summary: &str, build: F) -> Self {
        Self { description: Description { name: name.to_owned(), summary: summary.to_owned() }, build }
    }
}

impl<F, H> Multilevel<F>
where
    F: Fn(&FlowNetwork) -> H + Send + Sync,
    H: HierarchicalObjective,
{
    /// The objective that `build` makes, under the name `name`; `summary` is one sentence on what is minimised.
    pub fn new(name: &str, summary: &str, build: F) -> Self {
        Self { description: Description { name: name.to_owned(), summary: summary.to_owned() }, build }
    }
}

impl<F, A> RegisteredObjective for TwoLevel<F>
where
    F: Fn(&FlowNetwork) -> A + Send + Sync,
    A: AdditiveObjective,
{
    fn name(&self) -> &str {
        &self.description.name
    }

    fn summary(&self) -> &str {
        &self.description.summary
    }

    fn is_hierarchical(&self) -> bool {
        false
    }

    fn trial(&self, network: &FlowNetwork, request: &TrialRequest, monitor: &dyn Monitor) -> Tree {
        flat_trial((self.build)(network), network, request, monitor)
    }

    fn combination(
        &self,
        network: &FlowNetwork,
        request: &TrialRequest,
        trees: (&Tree, &Tree),
        monitor: &dyn Monitor,
    ) -> Option<Tree> {
        Some(flat_combination((self.build)(network), network, request, trees, monitor))
    }

    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score {
        let objective = Additive((self.build)(network));
        let partition = tree.partition_at(1);
        let level = objective.level(network);
        let state = objective.state(&level, &partition, &internal_couplings(network, &partition), 0);
        let mut terms = vec![0.0; tree.modules().len()];
        for (node, &label) in partition.labels().iter().enumerate() {
            terms[tree.leaf_modules()[node] as usize] = objective.0.term(state.module(label as usize));
        }
        let module = terms.iter().sum();
        let one_module = Partition::one_module(network.len());
        let internal = internal_couplings(network, &one_module);
        Score {
            codelength: Codelength { index: objective.value(&state) - module, module },
            one_level: objective.value(&objective.state(&level, &one_module, &internal, 0)),
            modules: with_terms(network, tree, &terms),
        }
    }
}

impl<F, H> RegisteredObjective for Multilevel<F>
where
    F: Fn(&FlowNetwork) -> H + Send + Sync,
    H: HierarchicalObjective,
{
    fn name(&self) -> &str {
        &self.description.name
    }

    fn summary(&self) -> &str {
        &self.description.summary
    }

    fn is_hierarchical(&self) -> bool {
        true
    }

    fn trial(&self, network: &FlowNetwork, request: &TrialRequest, monitor: &dyn Monitor) -> Tree {
        nested_trial(&(self.build)(network), network, request, monitor)
    }

    fn combination(
        &self,
        network: &FlowNetwork,
        request: &TrialRequest,
        trees: (&Tree, &Tree),
        monitor: &dyn Monitor,
    ) -> Option<Tree> {
        Some(combined(&(self.build)(network), network, request, trees, monitor))
    }

    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score {
        let objective = (self.build)(network);
        let units = Additive(objective.clone()).level(network);
        let terms_of = |tree: &Tree| -> Vec<f64> {
            let modules = tree_aggregates(&objective, &units, &network.couplings, tree);
            let below = modules[1..].iter().map(|module| objective.term(module));
            std::iter::once(objective.undivided(&modules[0])).chain(below).collect()
        };
        let terms = terms_of(tree);
        let one_module = Tree::from_partition(&Partition::one_module(network.len()));
        Score {
            codelength: Codelength { index: terms[0], module: terms[1..].iter().sum() },
            one_level: terms_of(&one_module).iter().sum(),
            modules: with_terms(network, tree, &terms),
        }
    }
}

fn flat_trial<A: AdditiveObjective>(
    objective: A,
    network: &FlowNetwork,
    request: &TrialRequest,
    monitor: &dyn Monitor,
) -> Tree {
    let options = &request.options.two_level;
    Tree::from_partition(&two_level(network, &Additive(objective), options, request.seed, monitor))
}

fn nested_trial<H: HierarchicalObjective>(
    objective: &H,
    network: &FlowNetwork,
    request: &TrialRequest,
    monitor: &dyn Monitor,
) -> Tree {
    if request.two_level {
        flat_trial(objective.clone(), network, request, monitor)
    } else {
        multilevel(network, objective, &request.options, request.seed, monitor)
    }
}

fn flat_combination<A: AdditiveObjective>(
    objective: A,
    network: &FlowNetwork,
    request: &TrialRequest,
    (better, other): (&Tree, &Tree),
    monitor: &dyn Monitor,
) -> Tree {
    let options = &request.options.two_level;
    let partitions = (&better.leaf_partition(), &other.leaf_partition());
    let combined = mapeq_search::combine(network, &Additive(objective), options, partitions, request.seed, monitor);
    Tree::from_partition(&combined)
}

fn combined<H: HierarchicalObjective>(
    objective: &H,
    network: &FlowNetwork,
    request: &TrialRequest,
    trees: (&Tree, &Tree),
    monitor: &dyn Monitor,
) -> Tree {
    if request.two_level {
        flat_combination(objective.clone(), network, request, trees, monitor)
    } else {
        mapeq_multilevel::combine(network, objective, &request.options, trees, request.seed, monitor)
    }
}

/// The flow of every module, with the terms of another objective than the map equation.
fn with_terms(network: &FlowNetwork, tree: &Tree, terms: &[f64]) -> Vec<Codebook> {
    let codebooks = codelength(network, tree).codebooks;
    codebooks.into_iter().zip(terms).map(|(codebook, &term)| Codebook { codelength: term, ..codebook }).collect()
}
