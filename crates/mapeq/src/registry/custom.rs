//! Objectives of other crates as entries of a registry.

use mapeq_core::{Additive, AdditiveObjective, FlowNetwork, HierarchicalObjective, Tree};
use mapeq_search::Monitor;

use super::objective::{RegisteredObjective, TrialRequest};
use super::score::{self, Score};
use super::trial::Trial;

/// An entry for an [`AdditiveObjective`], searched for two-level partitions.
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
/// registry.add(mapeq::TwoLevel::new("my-modularity", "Negative modularity", |network| Modularity::new(network)));
/// // `mapeq::cli::main(registry)` is the `mapeq` program with `--objective my-modularity`.
/// ```
#[derive(Clone, Debug)]
pub struct TwoLevel<F> {
    description: Description,
    build: F,
}

/// An entry for a [`HierarchicalObjective`], searched for trees of any depth.
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
    /// Creates an entry named `name`. `summary` is one sentence on the quantity that is minimised,
    /// and `build` returns the objective for a network.
    pub fn new(name: &str, summary: &str, build: F) -> Self {
        Self { description: Description { name: name.to_owned(), summary: summary.to_owned() }, build }
    }
}

impl<F, H> Multilevel<F>
where
    F: Fn(&FlowNetwork) -> H + Send + Sync,
    H: HierarchicalObjective,
{
    /// Creates an entry named `name`. `summary` is one sentence on the quantity that is minimised,
    /// and `build` returns the objective for a network.
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

    fn search(&self, network: &FlowNetwork, request: &TrialRequest<'_>, monitor: &dyn Monitor) -> Tree {
        Trial { network, request, monitor }.flat(&Additive((self.build)(network)))
    }

    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score {
        score::of_flat((self.build)(network), network, tree)
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

    fn search(&self, network: &FlowNetwork, request: &TrialRequest<'_>, monitor: &dyn Monitor) -> Tree {
        Trial { network, request, monitor }.nested(&Additive((self.build)(network)))
    }

    fn score(&self, network: &FlowNetwork, tree: &Tree) -> Score {
        score::of_nested(&(self.build)(network), network, tree)
    }
}
